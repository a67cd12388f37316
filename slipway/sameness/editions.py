"""What a further sighting changes in a stored work: its text was edited, arXiv says more of it, its version log grows.

A source that edits an entry after publication is believed: the stored title and text give way to the entry while the slip
waits (in the inbox or kept out), when

* the entry is the same one: from the source whose text is stored, under the same id or address, and no arXiv record (a
  paper changes by its versions, see :func:`slipway.sameness.plan.plan`);
* its content hash differs from that of the text which the source gave last (never from an article fetched in its place);
* its ``updated`` date is later than the stored one, or one of the two is absent;
* that has happened fewer than :data:`MAX_EDITS` times: some feeds print the time of day into their text.

What has become a note changes so only when the entry has come whole: under the same title, of the same days, with a text
where there was none, or one that is longer by :data:`FULLER` and no other story. A page that is filled anew each week is
another one each time, and its note stays what it is. The desk sees to it that a note of the user's stays as it is.

Pure: the store gathers, asks here, and writes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, fields, replace
from datetime import datetime
from functools import reduce
from itertools import chain
from typing import Any, NamedTuple

from ingest.arxiv.announcing import leading
from notes.model import Item, ItemStatus, PaperVersion, SourceType
from slipway.sameness.candidates import folded
from slipway.sameness.kindred import SAME_DAYS, are_unlike

__all__ = [
    "FULLER",
    "MAX_EDITS",
    "STORED_FIELDS",
    "StoredText",
    "Told",
    "additions",
    "completes",
    "identified",
    "is_edit",
    "may_complete",
    "merged_log",
    "succeeding",
    "told_log",
]

MAX_EDITS = 24
FULLER = 80  # characters: less is a date or a corrected word, and for that no note is written anew
_PIECE, _PIECES = 20, 64  # characters, and how many pieces of so many are looked for
_WAITING = (ItemStatus.INBOX, ItemStatus.EXCLUDED)
_CROSS = frozenset({"cross", "replace-cross"})


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredText:
    """What the decisions here need of a stored item; ``edits`` counts how often its source has edited it."""

    source: str
    source_type: SourceType
    status: ItemStatus
    external_id: str
    url: str
    arxiv_id: str
    arxiv_version: int
    content_hash: str
    published: datetime | None
    updated: datetime | None
    categories: tuple[str, ...]
    doi: str
    comment: str
    announced: str
    edits: int


class Told(NamedTuple):
    """What a stored item tells, with the sketch of what its feed gave."""

    title: str
    text: str
    sketch: str


STORED_FIELDS = tuple(field.name for field in fields(StoredText))


def is_edit(entry: Item, stored: StoredText) -> bool:
    """Whether the entry is the stored one that waits, edited by its source."""
    return stored.status in _WAITING and _is_edited(entry, stored)


def may_complete(entry: Item, stored: StoredText) -> bool:
    """Whether the entry is the stored one that has become a note, edited: to be taken if it :func:`completes` that."""
    if stored.status is not ItemStatus.PROMOTED or not _is_edited(entry, stored):
        return False
    return not (entry.published and stored.published) or abs(entry.published - stored.published) <= SAME_DAYS


def completes(entry: Item, drawn: str, told: Told) -> bool:
    """Whether the entry, whose sketch is ``drawn``, says so much more than what is stored that its note is made of it anew."""
    if folded(told.title) not in ("", folded(entry.title)) or are_unlike(drawn, told.sketch):
        return False
    if len(entry.text) < len(told.text) + (FULLER if told.text else 1):
        return False
    return _holds(entry.text, told.text)


def _holds(whole: str, part: str) -> bool:
    """Whether most of a text stands in another one; so does one of a few words, which tells nothing.

    Briefings of two days may begin alike, by a greeting that is longer than what a sketch takes for the opening.
    """
    ours, theirs = folded(whole), folded(part)
    if len(theirs) < FULLER:
        return True
    starts = range(0, len(theirs) - _PIECE + 1, max(_PIECE, len(theirs) // _PIECES))
    return 2 * sum(theirs[start : start + _PIECE] in ours for start in starts) >= len(starts)


def _is_edited(entry: Item, stored: StoredText) -> bool:
    if stored.edits >= MAX_EDITS:
        return False
    if _is_record(stored) or _is_record(entry) or not _is_same_entry(entry, stored):
        return False
    return entry.content_hash not in ("", stored.content_hash) and _is_later(entry.updated, stored.updated)


def _is_record(text: Item | StoredText) -> bool:
    """Whether the text is arXiv's own."""
    return text.source_type is SourceType.ARXIV


def _is_same_entry(entry: Item, stored: StoredText) -> bool:
    is_named = bool(entry.external_id) and entry.external_id == stored.external_id
    return entry.source == stored.source and (is_named or (bool(entry.url) and entry.url == stored.url))


def _is_later(one: datetime | None, other: datetime | None) -> bool:
    return one is None or other is None or one > other


def succeeding(entry: Item, stored: StoredText) -> Item:
    """The entry as it takes the place of the stored text, with what only the stored one knew.

    Of two texts of one kind the earlier date of publication holds: an edit or an announcement publishes nothing anew.
    """
    if _is_record(entry) != _is_record(stored):
        return replace(entry, announced=entry.announced or stored.announced)
    return replace(
        entry,
        published=_earlier(entry.published, stored.published),
        categories=_listed(stored, (entry,)) if _continues(entry, stored) else entry.categories,
        doi=entry.doi or stored.doi,
        arxiv_id=entry.arxiv_id or stored.arxiv_id,
        comment=entry.comment or _comment_kept(entry, stored),
        announced=leading(stored.announced, entry.announced),
    )


def _comment_kept(entry: Item, stored: StoredText) -> str:
    # arXiv's announcements tell no comments: their silence takes nothing back, but of the version that they announce.
    return stored.comment if entry.announced and entry.arxiv_version == stored.arxiv_version else ""


def _listed(known: Item | StoredText, entries: Iterable[Item]) -> tuple[str, ...]:
    """The categories of all, the primary first: what is known of a cross-list may begin with where it was listed."""
    if known.announced not in _CROSS:
        return _merged(known.categories, *(entry.categories for entry in entries))
    ours = sorted(entries, key=lambda entry: entry.announced in _CROSS or not entry.announced)
    own = [entry.categories for entry in ours if entry.announced and entry.announced not in _CROSS]
    return _merged(*own, known.categories, *(entry.categories for entry in ours))


def _continues(entry: Item, known: Item | StoredText) -> bool:
    """Whether both are arXiv's records of one paper."""
    return _is_record(entry) and _is_record(known) and entry.arxiv_id == known.arxiv_id


def additions(entries: Iterable[Item], known: Item | StoredText) -> dict[str, Any]:
    """What further records of a paper fill or lengthen in the known one, by field; empty where they say nothing new.

    Cross-lists add their categories behind the known ones, of which the first is the primary.
    """
    said = [entry for entry in entries if _continues(entry, known)]
    told = [entry.comment for entry in said if entry.arxiv_version == known.arxiv_version]
    wanted: dict[str, Any] = {
        "categories": _listed(known, said),
        "comment": reduce(_fuller, told, known.comment),
        "doi": next(filter(None, (known.doi, *(entry.doi for entry in said))), ""),
        "announced": leading(known.announced, *(entry.announced for entry in said)),
    }
    return {name: value for name, value in wanted.items() if value != getattr(known, name)}


def identified(entry: Item, known: StoredText) -> dict[str, str]:
    """The arXiv id, where an entry tells that a post is a paper: by it later versions find the post."""
    return {"arxiv_id": entry.arxiv_id} if entry.arxiv_id and not known.arxiv_id else {}


def _merged(*names: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(chain.from_iterable(names)))


def _fuller(one: str, other: str) -> str:
    return max(one, other, key=lambda text: (len(text), text))


def _earlier(one: datetime | None, other: datetime | None) -> datetime | None:
    return min((moment for moment in (one, other) if moment is not None), default=None)


def told_log(entries: Iterable[Item]) -> tuple[PaperVersion, ...]:
    """The versions that entries for one paper tell of, in a log or by naming one."""
    return merged_log(*(entry.versions for entry in entries), *(_own_version(entry) for entry in entries))


def _own_version(entry: Item) -> tuple[PaperVersion, ...]:
    if not entry.arxiv_version:
        return ()
    # A post that links to a version says nothing of when it came.
    is_told = _is_record(entry)
    date = (entry.updated or entry.published) if is_told else None
    return (PaperVersion(entry.arxiv_version, date, entry.comment if is_told else ""),)


def merged_log(*logs: Iterable[PaperVersion]) -> tuple[PaperVersion, ...]:
    """Several logs of one paper as one, by version.

    The earliest date of a version is nearest to its submission, for announcements come later; of its comments
    the longest says most. So the order in which sources are read does not matter.
    """
    found: dict[int, PaperVersion] = {}
    for one in (version for log in logs for version in log if version.version > 0):
        known = found.get(one.version, one)
        date, comment = _earlier(known.date, one.date), _fuller(known.comment, one.comment)
        found[one.version] = PaperVersion(one.version, date, comment)
    return tuple(found[number] for number in sorted(found))
