"""``Inbox.md``: the review queue as one page of the vault, a line a slip, answered by ticking (see :mod:`notes.pages.ticks`)."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, tzinfo
from enum import StrEnum
from typing import Final

from notes.markup import inert
from notes.model import Slip
from notes.pages import reason_words
from notes.pages.laid import Laid
from notes.pages.page_forms import as_of, counted_heading, forms
from notes.pages.page_words import ENGLISH, PageWords
from notes.pages.ticks import Block, TickedPage

__all__ = ["Answer", "Shown", "Verdict", "answers", "is_ours", "record", "render", "strange_marks"]

_PAGE: Final = TickedPage(
    r"item-\d{1,18}",
    re.compile(r"\*\*(?:–|-?\d+\.\d\d)\*\* .+ — .*"),
    as_of=as_of(["items"], "inbox_count", "inbox_nothing", "inbox_best"),
    head=forms("inbox_title", "inbox_tick", "inbox_then"),
    headings=counted_heading("items"),
)
_IS_OURS: Final = forms("inbox_tick")


class Verdict(StrEnum):
    """What the user decided."""

    PROMOTE = "promote"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True)
class Answer:
    """The user's verdict on one item; ``item_id`` is the slip's id."""

    item_id: int
    verdict: Verdict


@dataclass(frozen=True, slots=True)
class Shown:
    """What the page needs to know beside the slips.

    ``total`` is how many wait, shown or not. ``groups`` names for some slips the interest or topic they belong to, ``notes``
    gives link target and title of the notes that a reason may name. ``zone`` is the user's.
    """

    day: date
    zone: tzinfo
    total: int = 0
    groups: Mapping[int, str] | None = None
    notes: Mapping[str, tuple[str, str]] | None = None
    words: PageWords = ENGLISH


def record(page: str) -> str:
    """What is remembered of a page that was laid, for :class:`notes.pages.laid.Laid`."""
    return _PAGE.record(page)


def is_ours(page: str) -> bool:
    """Whether a page is the queue, however the user has edited it, and not a page of the same name of their own."""
    return any(_IS_OURS.fullmatch(line.strip()) for line in page.splitlines())


def render(slips: Sequence[Slip], shown: Shown, *, existing: str = "", laid: Laid | None = None) -> str:
    """The page for the slips that wait, best score first, then by id; by groups, that of the best slip first.

    Of ``existing``, the page as it stands, every line that is not Slipway's is kept below the list, and so is what the user has
    written behind an item; ``laid`` is what Slipway laid there before, where that is known. Ends with a line break.
    """
    ordered = sorted(slips, key=lambda slip: (slip.score is None, -(slip.score or 0.0), slip.id))
    return _PAGE.render(_head(len(slips), shown), list(_blocks(ordered, shown)), existing, laid)


def _head(count: int, shown: Shown) -> str:
    words, total = shown.words, max(shown.total, count)
    form = words.inbox_nothing if not total else words.inbox_count if total == count else words.inbox_best
    counted = form.format(day=words.day(shown.day), count=words.count(words.items, total), shown=count)
    return f"{words.inbox_title}\n\n{counted}\n{words.inbox_tick}\n{words.inbox_then}\n"


def _blocks(ordered: Sequence[Slip], shown: Shown) -> Iterator[Block]:
    groups, words = shown.groups or {}, shown.words
    members: dict[str, list[Slip]] = {}
    for slip in ordered:
        members.setdefault(inert.to_markdown(groups.get(slip.id, ""), links=False), []).append(slip)
    rest = members.pop("", [])
    for name, own in members.items():
        yield Block(_lines(own, shown), words.heading(name, words.count(words.items, len(own))))
    if rest:
        heading = words.heading(words.others, words.count(words.items, len(rest))) if members else ""
        yield Block(_lines(rest, shown), heading)


def _lines(slips: Sequence[Slip], shown: Shown) -> list[tuple[str, str]]:
    return [(f"item-{slip.id}", _line(slip, shown)) for slip in slips]


def _line(slip: Slip, shown: Shown) -> str:
    score = "–" if slip.score is None else f"{slip.score:.2f}"
    words = shown.words
    where = words.comma.join(filter(None, _where(slip, shown)))
    why = [reason_words.told(reason, words, shown.notes or {}) for reason in slip.reasons]
    return f"- [ ] **{score}** {_title(slip, words)}{words.dash}" + words.semicolon.join(filter(None, [where, *why]))


def _title(slip: Slip, words: PageWords) -> str:
    title = inert.to_markdown(slip.item.title, links=False) or words.untitled
    address = inert.url(slip.item.url)
    return f"[{title}](<{address}>)" if address else title


def _where(slip: Slip, shown: Shown) -> Iterator[str]:
    """The source, and how old the item is."""
    yield inert.to_markdown(slip.item.source_title or slip.item.source, links=False)
    day = (slip.item.published or slip.first_seen).astimezone(shown.zone).date()
    yield shown.words.since(day, shown.day)


def strange_marks(markdown: str, laid: Laid | None = None) -> tuple[str, ...]:
    """The marks of a page that are no answers, in its order: ``v``, ``maybe``."""
    return _PAGE.strange(markdown, laid)


def answers(markdown: str, laid: Laid | None = None) -> tuple[Answer, ...]:
    """The ticks of a page, in the order of the page; of two lines for one item the later holds."""
    return tuple(
        Answer(int(name.removeprefix("item-")), Verdict.DISMISS if mark == "-" else Verdict.PROMOTE)
        for name, mark in _PAGE.marks(markdown, laid).items()
    )
