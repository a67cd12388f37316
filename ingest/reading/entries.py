"""From what a document says of an entry to an :class:`~notes.model.Item`: one way for every format."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from ingest.reading import html
from ingest.reading.dates import is_plausible
from ingest.reading.links import absolute
from ingest.reading.text import clean, cut, one_line
from ingest.reading.withdrawal import is_withdrawn
from notes import identity
from notes.model import Block, BlockKind, Item, SourceType, blocks_text
from notes.text import language

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from ingest.sources import SourceSpec

__all__ = ["ARXIV_TITLE", "RawEntry", "build_items", "is_withdrawn"]

ARXIV_TITLE = "arXiv"
MAX_TITLE = 500
MAX_NAME = 200
MAX_AUTHORS = 1_000
MAX_CATEGORIES = 50
MAX_CATEGORY = 100
MAX_EXTERNAL_ID = 512

_REMEMBERED = 256
_SHORT = 500  # characters of all of an entry's authors, or categories, that are remembered together
_BAD_DATE, _SHARED_ID = "with a date that cannot be", "sharing their id with another"
# So much of a text tells its language.
_TELLING = 1_500
_ANNOUNCEMENT = re.compile(r"^arXiv:\S+(?:[ \t]+Announce Type:[ \t]*(?P<type>[\w-]+))?\s+Abstract:\s*", re.IGNORECASE)
_ANNOUNCED = frozenset({"new", "cross", "replace", "replace-cross"})
_ADDRESS = re.compile(r"\(?<?\b[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63})+\b>?\)?")
_BETWEEN_AUTHORS = re.compile(r",\s*(?:and\s+)?|\s+and\s+")
# What WordPress and its kin put below each excerpt.
_FOOTER = re.compile(
    r"The post .{1,300} (?:first )?appeared (?:first )?on .{1,200}"
    r"|(?:Continue reading|Read more|阅读全文|閱讀全文)\b.{0,200}",
    re.IGNORECASE,
)


class RawEntry(NamedTuple):
    """An entry as the document has it: ``title`` and ``body`` may be markup, ``link`` is not yet checked.

    ``plain`` says that title and body are text and no markup, ``is_record`` that arXiv itself says
    this of a paper, ``has_authors_apart`` that a single author is one, commas and all. ``base_url`` is what relative links
    in the body are seen from, ``announced`` what arXiv's element ``announce_type`` says.
    """

    external_id: str = ""
    link: str = ""
    title: str = ""
    body: str = ""
    plain: bool = False
    is_record: bool = False
    base_url: str = ""
    authors: tuple[str, ...] = ()
    has_authors_apart: bool = False
    categories: tuple[str, ...] = ()
    published: datetime | None = None
    updated: datetime | None = None
    doi: str = ""
    comment: str = ""
    announced: str = ""
    has_bad_date: bool = False


def build_items(
    entries: Sequence[RawEntry], spec: SourceSpec, *, feed_title: str, now: datetime
) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    """The items, in the document's order, and what was amiss with them.

    An entry with neither title nor text nor address is left out; a date that cannot be is dropped. Ids that several
    entries share are kept as ``external_id`` but name nobody: the key then comes from address or content.
    """
    shared = {guid for guid, count in Counter(entry.external_id for entry in entries).items() if count > 1}
    trouble: Counter[str] = Counter()
    items: list[Item] = []
    for entry in entries:
        is_shared = entry.external_id in shared
        item = _item(entry, spec, feed_title=feed_title, now=now, guid_is_shared=is_shared)
        if item is None:
            trouble["with neither title, text nor address"] += 1
            continue
        if not items:
            trouble.update(dict.fromkeys((_BAD_DATE, _SHARED_ID), 0))
        if entry.has_bad_date or not (_is_believed(entry.published, now) and _is_believed(entry.updated, now)):
            trouble[_BAD_DATE] += 1
        if is_shared and entry.external_id:
            trouble[_SHARED_ID] += 1
        items.append(item)
    return tuple(items), tuple(f"entries {what}: {count}" for what, count in trouble.items() if count)


def _item(entry: RawEntry, spec: SourceSpec, *, feed_title: str, now: datetime, guid_is_shared: bool) -> Item | None:
    is_record = entry.is_record and identity.arxiv_id(entry.external_id) is not None
    address = absolute(entry.link, entry.base_url)
    blocks, references = _body(entry, is_record=is_record)
    title = _title(entry, blocks, address)
    if not title:
        return None
    text = blocks_text(blocks)
    if text == title and entry.title.strip():
        blocks, text = (), ""
    external_id = _external_id(entry.external_id)
    key = identity.item_key(
        arxiv_id=entry.external_id if is_record else "",
        url=address,
        guid="" if guid_is_shared else external_id,
        source=spec.key,
        title=title,
        text=text,
    )
    arxiv_id, version = _paper(key, entry.external_id if is_record else address)
    published = entry.published if _is_believed(entry.published, now) else None
    updated = entry.updated if _is_believed(entry.updated, now) else None
    return Item(
        key=key,
        source=spec.key,
        source_title=ARXIV_TITLE if is_record else one_line(spec.title) or feed_title or spec.key,
        source_type=SourceType.ARXIV if is_record else SourceType.FILE if spec.kind == "file" else SourceType.RSS,
        external_id=external_id or address,
        url=f"https://arxiv.org/abs/{arxiv_id}" if is_record else address,
        title=title,
        authors=_authors(entry.authors, is_list=is_record and not entry.has_authors_apart),
        blocks=blocks,
        published=published or updated,
        updated=updated,
        lang=_language(title, text, spec),
        categories=_categories(entry.categories),
        tags=spec.tags,
        references=references,
        arxiv_id=arxiv_id,
        arxiv_version=version,
        doi=identity.doi(entry.doi),
        comment=one_line(entry.comment),
        announced=_announced(entry) if is_record else "",
        content_hash=identity.content_hash(title, text),
    )


def _paper(key: str, name: str) -> tuple[str, int]:
    """The arXiv id that the key rests on, and the version that the entry names; ('', 0) for what is no paper."""
    if not key.startswith("arxiv:"):
        return "", 0
    found = identity.arxiv_id(name)
    return key.removeprefix("arxiv:"), found[1] if found else 0


def _language(title: str, text: str, spec: SourceSpec) -> str:
    """The text's own language; the source's setting counts where the text does not tell."""
    found = language.detect(f"{title}\n{text}"[:_TELLING])
    return found if found != "und" else spec.lang or "und"


def _is_believed(moment: datetime | None, now: datetime) -> bool:
    return moment is None or is_plausible(moment, now)


def _body(entry: RawEntry, *, is_record: bool) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    # An abstract is text: `V<17.5` is no tag.
    if is_record:
        return html.plain_blocks(_ANNOUNCEMENT.sub("", clean(entry.body).strip())), ()
    if entry.plain:
        return html.plain_blocks(entry.body), ()
    blocks, references = html.blocks(entry.body, entry.base_url)
    return _without_footer(blocks), references


def _announced(entry: RawEntry) -> str:
    """What kind of announcement: the feed's own element, or else the line that precedes the abstract."""
    line = _ANNOUNCEMENT.match(clean(entry.body).strip())
    names = (entry.announced.strip().lower(), (line["type"] or "").lower() if line else "")
    return next((name for name in names if name in _ANNOUNCED), "")


def _without_footer(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    while blocks and blocks[-1].kind is BlockKind.PARAGRAPH and _FOOTER.fullmatch(blocks[-1].text):
        blocks = blocks[:-1]
    return blocks


def _title(entry: RawEntry, blocks: tuple[Block, ...], address: str) -> str:
    """The title; where there is none, the beginning of the text, or the address."""
    title = one_line(entry.title) if entry.plain else html.text(entry.title)
    return cut(title, MAX_TITLE) or cut(one_line(blocks_text(blocks)), 100) or address


def _external_id(raw: str) -> str:
    """The entry's own id, trimmed; one that is too long for an index keeps its beginning and gets its hash."""
    trimmed = clean(raw).strip()
    if len(trimmed) <= MAX_EXTERNAL_ID:
        return trimmed
    return f"{trimmed[: MAX_EXTERNAL_ID - 65]}#{hashlib.sha256(trimmed.encode()).hexdigest()}"


def _authors(names: tuple[str, ...], *, is_list: bool) -> tuple[str, ...]:
    if is_list and len(names) == 1:
        # arXiv's feed has all authors in one string.
        names = tuple(_BETWEEN_AUTHORS.split(names[0]))
    return _known_names(names) if len(names) < 5 and len("".join(names)) <= _SHORT else _names(names)


def _names(names: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = (_name(name[: 4 * MAX_NAME]) for name in names[:MAX_AUTHORS])
    return tuple(dict.fromkeys(cut(name, MAX_NAME) for name in cleaned if name))


def _categories(raw: tuple[str, ...]) -> tuple[str, ...]:
    return _known_terms(raw) if len(raw) < 5 and len("".join(raw)) <= _SHORT else _terms(raw)


def _terms(raw: tuple[str, ...]) -> tuple[str, ...]:
    cleaned = (_category(category[: 4 * MAX_CATEGORY]) for category in raw[: 4 * MAX_CATEGORIES])
    return tuple(dict.fromkeys(category for category in cleaned if category))[:MAX_CATEGORIES]


# The entries of a feed mostly have the same few authors and categories.
_known_names = lru_cache(maxsize=_REMEMBERED)(_names)
_known_terms = lru_cache(maxsize=_REMEMBERED)(_terms)


@lru_cache(maxsize=_REMEMBERED)
def _name(markup: str) -> str:
    return _ADDRESS.sub("", html.text(markup)).strip(" ,;()<>")


@lru_cache(maxsize=_REMEMBERED)
def _category(markup: str) -> str:
    return cut(html.text(markup), MAX_CATEGORY)
