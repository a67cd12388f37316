"""What becomes of items that wait: when they are weighed again, what takes them at once, and when they expire."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta, tzinfo
from typing import Any

from slipway.console import counted

__all__ = ["outlook", "passed_over"]

_AGAIN = "weighed again when something new connects to it, or when your answers have changed"


def outlook(document: dict[str, Any], expire_days: int, zone: tzinfo) -> Iterator[str]:
    """Lines about an item that waits, for ``slipway explain``; none about any other."""
    if document["status"] != "inbox":
        return
    yield "the next night tries it once more" if document["score"] is None else _again(document["reasons"])
    last = datetime.fromisoformat(document["first_seen"]) + timedelta(days=expire_days)
    yield f"until {last.astimezone(zone):%Y-%m-%d}; `slipway inbox promote {document['item']}` makes a note of it now"


def passed_over(items: Sequence[dict[str, Any]]) -> str:
    """A word on those of the list that passed and found no place; empty where there are none."""
    from notes.judging.promotion import is_without_place

    number = sum(item["status"] == "inbox" and is_without_place(item["reasons"]) for item in items)
    if not number:
        return ""
    one = number == 1
    return (
        f"{counted(number, 'item')} passed and found no place that night; the next night's places go to what is new. "
        f"{'It is' if one else 'They are'} {_AGAIN if one else _AGAIN.replace('to it', 'to them')}; `slipway inbox promote ID` "
        f"makes {'a note of it' if one else 'notes of them'} now"
    )


def _again(reasons: Sequence[str]) -> str:
    from notes.judging.promotion import is_without_place

    passed = "it passed, and the next night's places go to what is new: " if is_without_place(reasons) else ""
    return passed + _AGAIN
