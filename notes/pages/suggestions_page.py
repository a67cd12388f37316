"""``Suggestions.md``: what Slipway would write into notes that are the user's, taken or declined by ticking.

Links are grouped by note, tags stand with the notes that would share them. What stays on the page: :mod:`notes.pages.ticks`.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from notes.markup import inert
from notes.pages import reason_words
from notes.pages.laid import Laid
from notes.pages.page_forms import as_of, counted_heading, forms
from notes.pages.page_words import PageWords
from notes.pages.ticks import Block, TickedPage

__all__ = [
    "LinkOffer",
    "TagOffer",
    "answers",
    "counts",
    "is_ours",
    "record",
    "render",
    "short_id",
    "shown",
    "strange_marks",
    "tag_of",
]

_PAGE: Final = TickedPage(
    r"(?:link-[0-9a-f]{10}|tag-[a-z0-9]+(?:-[a-z0-9]+)*)",
    re.compile(r"(?:\[\[.+?\]\]|\[.+?\]\(<\S+>\)) → \[.+|\*\*.+?\*\*(?:: |：)\[.+"),
    as_of=as_of(["links", "tags"], "suggestions_count", "suggestions_nothing", "suggestions_best"),
    head=forms("suggestions_title", "suggestions_tick", "suggestions_then"),
    headings=counted_heading("links", "tags"),
)
_IS_OURS: Final = forms("suggestions_tick")
_PLAIN: Final = re.compile(r"(?!x-)[a-z0-9]+(?:-[a-z0-9]+)*")
_NAMED: Final = 3  # notes that a tag's line names


@dataclass(frozen=True, slots=True)
class LinkOffer:
    """A link that a note of the user's lacks.

    ``id`` is the offer's in the store (``link:<src>→<dst>``), ``note`` and ``other`` are link target and title of both ends,
    ``score`` the closeness in [0, 1], ``why`` plain text.
    """

    id: str
    note: tuple[str, str]
    other: tuple[str, str]
    why: str
    score: float = 0.0

    def line(self, words: PageWords) -> str:
        """The link as it stands in a note: Markdown on one line, without a bullet."""
        why = reason_words.told_of_link(self.why, words)
        return inert.wikilink(*self.other) + (f"{words.dash}{why}" if why else "")


@dataclass(frozen=True, slots=True)
class TagOffer:
    """A tag that several notes would share; ``notes`` are their link targets and titles, ``id`` is ``tag:<name>``."""

    id: str
    name: str
    notes: tuple[tuple[str, str], ...]
    why: str


def short_id(offer: str) -> str:
    """The block id of an offer, in letters that one may hold.

    ``link-`` with ten hexadecimal digits of a hash, ``tag-`` with the tag's name, or with its bytes where it holds others.
    """
    kind, _, name = offer.partition(":")
    if kind == "tag":
        return f"tag-{name}" if _PLAIN.fullmatch(name) else f"tag-x-{name.encode().hex()}"
    return f"{kind}-{hashlib.sha256(offer.encode()).hexdigest()[:10]}"


def tag_of(short: str) -> str:
    """The tag whose offer has this block id; empty when it is none."""
    name = short.removeprefix("tag-")
    if name == short or _PLAIN.fullmatch(name):
        return name if name != short else ""
    try:
        return bytes.fromhex(name.removeprefix("x-")).decode()
    except ValueError:
        return ""


def record(page: str) -> str:
    """What is remembered of a page that was laid, for :class:`notes.pages.laid.Laid`."""
    return _PAGE.record(page)


def is_ours(page: str) -> bool:
    """Whether a page is Slipway's, however the user has edited it, and not a page of the same name of their own."""
    return any(_IS_OURS.fullmatch(line.strip()) for line in page.splitlines())


def answers(page: str, laid: Laid | None = None) -> dict[str, bool]:
    """By short id whether the user takes the offer (``[x]``) or declines it (``[-]``); of two lines the later holds."""
    return {name: mark != "-" for name, mark in _PAGE.marks(page, laid).items()}


def strange_marks(page: str, laid: Laid | None = None) -> tuple[str, ...]:
    """The marks in boxes of offers that are neither empty nor an answer."""
    return _PAGE.strange(page, laid)


def shown(page: str) -> tuple[str, ...]:
    """The short ids of the offers on a page, in its order."""
    return _PAGE.names(page)


def counts(page: str) -> tuple[int, int]:
    """How many links and how many tags stand on a page."""
    names = shown(page)
    links = sum(name.startswith("link-") for name in names)
    return links, len(names) - links


def render(
    links: Sequence[LinkOffer],
    tags: Sequence[TagOffer],
    *,
    day: date,
    words: PageWords,
    total: int = 0,
    existing: str = "",
    laid: Laid | None = None,
) -> str:
    """The page: links by note in the order given, then tags. Ends with a line break.

    ``total`` is how many links there are, shown or not. An offer that is ticked on ``existing`` and still stands, since it
    could not be carried out, stays ticked. ``laid`` is what Slipway laid there before, where that is known.
    """
    ticked = {name for name, taken in answers(existing, laid).items() if taken}
    blocks = [_of_note(offers, words, ticked) for offers in _by_note(links).values()]
    if tags:
        lines = [_line(offer.id, _tag(offer, words), ticked) for offer in tags]
        heading = words.heading(words.suggestions_tags, words.count(words.tags, len(tags)))
        blocks.append(Block(lines, heading))
    return _PAGE.render(_head(len(links), len(tags), day, words, max(total, len(links))), blocks, existing, laid)


def _head(links: int, tags: int, day: date, words: PageWords, total: int) -> str:
    counts = [words.count(words.links, total)] if total else []
    counts += [words.count(words.tags, tags)] if tags else []
    form = words.suggestions_nothing if not counts else words.suggestions_count
    form = words.suggestions_best if total > links else form
    told = form.format(day=words.day(day), count=words.comma.join(counts), shown=links)
    return f"{words.suggestions_title}\n\n{told}\n{words.suggestions_tick}\n{words.suggestions_then}\n"


def _by_note(links: Iterable[LinkOffer]) -> Mapping[tuple[str, str], list[LinkOffer]]:
    found: dict[tuple[str, str], list[LinkOffer]] = {}
    for offer in links:
        found.setdefault(offer.note, []).append(offer)
    return found


def _of_note(offers: Sequence[LinkOffer], words: PageWords, ticked: set[str]) -> Block:
    title = inert.to_markdown(offers[0].note[1], links=False) or words.untitled
    lines = [_line(offer.id, f"{inert.wikilink(*offer.note)} → {offer.line(words)}", ticked) for offer in offers]
    return Block(lines, words.heading(title, words.count(words.links, len(offers))))


def _tag(offer: TagOffer, words: PageWords) -> str:
    named = words.comma.join(inert.wikilink(*note) for note in offer.notes[:_NAMED])
    why = reason_words.told(offer.why, words, {})
    return f"**{inert.to_markdown(offer.name, links=False)}**{words.colon}{named}" + (
        f"{words.dash}{why}" if why else ""
    )


def _line(offer: str, text: str, ticked: set[str]) -> tuple[str, str]:
    name = short_id(offer)
    return name, f"- [{'x' if name in ticked else ' '}] {text}"
