"""``Inbox.md``: the review queue as one page of the vault, a line a slip, answered by ticking.

Each line ends with a block id (``^item-123``), which Obsidian hides when reading; by it an answer is known even when
the user has changed the rest of the line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from . import inert
from .model import Slip

__all__ = ["Answer", "Verdict", "answers", "is_ours", "render"]

_HEADER: Final = """\
# Inbox

As of {day}, {count}.
Tick `[x]` to make a note of an item, write `[-]` to dismiss it, leave `[ ]` to let it wait.
The next run reads the ticks, then writes the list anew; lines of your own stay below it.
"""
_OWN_HEADER: Final = re.compile(
    r"# Inbox|As of \d{4}-\d\d-\d\d, .*|Tick `\[x\]` to make a note .*|The next run reads the ticks, .*"
)
_ITEM: Final = re.compile(r".*(?<![\\\w])\^item-(?P<id>\d{1,18})\b(?P<behind>.*)")
_LINE: Final = re.compile(
    r"[ \t]*(?:>[ \t]*)*[-*+][ \t]+\[[ \t]*(?P<mark>[xX-])[ \t]*\] .*(?<![\\\w])\^item-(?P<id>\d{1,18})\b.*"
)


class Verdict(StrEnum):
    """What the user decided."""

    PROMOTE = "promote"
    DISMISS = "dismiss"


@dataclass(frozen=True, slots=True)
class Answer:
    """The user's verdict on one item; ``item_id`` is the slip's id."""

    item_id: int
    verdict: Verdict


def is_ours(page: str) -> bool:
    """Whether a page is the queue, however the user has edited it, and not a page of the same name of their own."""
    return any(line.startswith("Tick `[x]` to make a note") for line in page.splitlines())


def render(slips: Sequence[Slip], *, day: date, existing: str = "") -> str:
    """The page for the slips that wait, best score first, then by id. Ends with a line break.

    Of ``existing``, the page as it stands, every line that is not Slipway's is kept below the list, and so is what the user has
    written behind an item.
    """
    ordered = sorted(slips, key=lambda slip: (slip.score is None, -(slip.score or 0.0), slip.id))
    count = "nothing waits" if not ordered else "1 item waits" if len(ordered) == 1 else f"{len(ordered)} items wait"
    page = _HEADER.format(day=day.isoformat(), count=count)
    behind = _behind(existing)
    lines = [_line(slip) + behind.pop(slip.id, "") for slip in ordered]
    own = "\n".join(_own_lines(existing)).strip("\n")
    left = [text.strip() for text in behind.values()]
    blocks = ["\n".join(lines), "\n".join(filter(None, [own, *left]))]
    return page + "".join(f"\n{block}\n" for block in blocks if block)


def _own_lines(existing: str) -> Iterator[str]:
    """What the user has written on the page."""
    for line in existing.splitlines():
        if not _OWN_HEADER.fullmatch(line.rstrip()) and not _ITEM.fullmatch(line):
            yield line


def _behind(existing: str) -> dict[int, str]:
    """What the user has written behind an item's line, by item."""
    found = filter(None, map(_ITEM.fullmatch, existing.splitlines()))
    return {int(match["id"]): match["behind"].rstrip() for match in found if match["behind"].strip()}


def _line(slip: Slip) -> str:
    score = "–" if slip.score is None else f"{slip.score:.2f}"
    said = ", ".join(part for part in _said(slip) if part)
    return f"- [ ] **{score}** {_title(slip)}" + (f" — {said}" if said else "") + f" ^item-{slip.id}"


def _title(slip: Slip) -> str:
    title = inert.to_markdown(slip.item.title, links=False) or "Untitled"
    address = inert.url(slip.item.url)
    return f"[{title}](<{address}>)" if address else title


def _said(slip: Slip) -> Iterator[str]:
    yield inert.to_markdown(slip.item.source_title or slip.item.source, links=False)
    for reason in slip.reasons:
        yield inert.to_markdown(reason, links=False)


def answers(markdown: str) -> tuple[Answer, ...]:
    """The ticks of a page, in the order of the page; of two lines for one item the later holds."""
    found: dict[int, Verdict] = {}
    for match in filter(None, map(_LINE.fullmatch, markdown.splitlines())):
        found[int(match["id"])] = Verdict.DISMISS if match["mark"] == "-" else Verdict.PROMOTE
    return tuple(Answer(item_id, verdict) for item_id, verdict in found.items())
