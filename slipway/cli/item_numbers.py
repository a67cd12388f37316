"""Items as they are named on the command line: ``12``, ``item-12``, ``12-20``."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from notes.errors import UsageError

if TYPE_CHECKING:
    from slipway.app import App

__all__ = ["chosen_items", "item_ranges"]

_FORM = re.compile(r"(?:item-)?(\d{1,18})(?:(?:-|\.\.)(?:item-)?(\d{1,18}))?")


def item_ranges(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[range, ...]:
    """Numbers and stretches of them as ranges: ``12`` and ``item-12`` are ranges of one, ``12-20`` holds both ends."""
    return tuple(map(_range, value))


def _range(text: str) -> range:
    match = _FORM.fullmatch(text.strip())
    if match is None:
        raise click.BadParameter(f"{text!r} is no item; write its number: 12, item-12 or 12-20")
    first = int(match[1])
    last = int(match[2] or first)
    if last < first:
        raise click.BadParameter(f"{text!r} ends before it begins; write {last}-{first}")
    return range(first, last + 1)


def chosen_items(app: App, ranges: Sequence[range]) -> tuple[int, ...]:
    """The numbers that are meant, each once, in the order given: of a stretch only the items that wait."""
    from slipway.reading import inbox_items

    waiting = {int(item["id"]) for item in inbox_items(app.config.database, all_statuses=False)}
    chosen: dict[int, None] = {}
    for numbers in ranges:
        found = numbers if len(numbers) == 1 else [number for number in sorted(waiting) if number in numbers]
        if not found:
            raise UsageError(
                f"none of the items {numbers[0]} to {numbers[-1]} waits", hint="`slipway inbox list` shows the numbers"
            )
        chosen |= dict.fromkeys(found)
    return tuple(chosen)
