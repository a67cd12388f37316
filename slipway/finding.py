"""Finding a note by what a person would call it: id or the beginning of one, file name, path, title, alias or a part of these.

What is said exactly is never doubted: an id goes before a name, a whole name before a part. A name that nothing has is
answered with the nearest.
"""

from __future__ import annotations

import difflib
import os
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Protocol

from notes.errors import UsageError
from notes.markup.terminal import terminal
from notes.model import Slip, VaultNote
from notes.text.fold import fold
from slipway.app import App

__all__ = ["Titled", "by_alias", "by_id", "by_title", "find_note", "find_slip", "in_vault", "item_number", "nearest"]

_SHOWN = 5
_NEAR = 3
_CLOSE_ENOUGH = 0.72
_SHORT, _SHORT_CLOSE_ENOUGH = 8, 0.8
_LEAST_PART = 2  # characters; one says nothing
_LEAST_WORD = 4


class Titled(Protocol):
    """What has an id, a path and a title: a note of the vault or its card."""

    @property
    def id(self) -> str:
        """The id, its own in the vault."""

    @property
    def path(self) -> str:
        """The path in the vault."""

    @property
    def title(self) -> str:
        """The title."""


def find_note(app: App, name: str) -> VaultNote:
    """The one note, post or page that ``name`` means; UsageError names the several, or the nearest where there is none."""
    name = in_vault(name, app.config.vault)
    # Slipway's own pages are no notes of the catalogue, but who says "Inbox" means one.
    cards: list[Titled] = [*app.vault.catalogue(), *(_page(page) for page in app.vault.pages().values())]
    # Only a name that no id and no title answers is worth reading every note's aliases for.
    found = by_id(name, cards) or by_title(name, cards) or by_alias(name, app.vault.notes())
    if len(found) == 1:
        return replace(app.vault.note(found[0].path), id=found[0].id)
    if found:
        listed = "".join(f"\n  {terminal(one.id)} — {terminal(one.title)}" for one in found[:_SHOWN])
        more = f"\n  and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        # A day is the name of a daily post and, in many a vault, of a daily note: no longer id would tell them apart.
        paths = " or ".join(terminal(one.path) for one in found[:2])
        hint = "write more of the id or title" if len(found) > _SHOWN else f"give the path: {paths}"
        raise UsageError(f"{name!r} could be any of {len(found)}:{listed}{more}", hint=hint)
    near = nearest(name, cards)
    meant = f"did you mean {' or '.join(map(repr, near))}?" if near else "`slipway search` finds ids"
    raise UsageError(f"no note, post or page has the id or title {name!r}", hint=meant)


def _page(page: VaultNote) -> VaultNote:
    return replace(page, id=f"page:{page.path}", title=page.title or page.path.removesuffix(".md"))


def in_vault(name: str, vault: Path) -> str:
    """``name``, or the path within the vault where it is that of one of its files, from the working folder or from the root.

    So what ``slipway search --paths`` prints names a note as its id does.
    """
    if not name.endswith(".md"):
        return name
    path = os.path.abspath(name)  # noqa: PTH100 - a link is not followed: its target may lie elsewhere
    for root in (vault.absolute(), vault.resolve()):
        if path.startswith(f"{root}{os.sep}") and os.path.exists(path):  # noqa: PTH110
            return path.removeprefix(f"{root}{os.sep}").replace(os.sep, "/")
    return name


def find_slip(app: App, name: str) -> Slip | None:
    """The item of the box that ``name`` numbers (``12``, ``item-12``), if any; UsageError where ``item-`` names none."""
    number = item_number(name)
    slip = None if number is None else app.store.slip(number)
    if slip is None and number is not None and name.strip().startswith("item-"):
        raise UsageError(f"no item has the number {number}", hint="`slipway inbox list --all` shows the numbers")
    return slip


def item_number(name: str) -> int | None:
    """The number of an item: ``12`` or ``item-12``; None for another name."""
    match = re.fullmatch(r"(?:item-)?(\d{1,18})", name.strip())
    return int(match[1]) if match else None


def by_id(name: str, cards: Sequence[Titled]) -> list[Titled]:
    """Those whose id, path or file name is ``name``, else those whose id begins with it; by path."""
    wanted = _bare(name)
    exact = [one for one in cards if wanted in (one.id, one.path, one.path.removesuffix(".md"), _stem(one))]
    return exact or [one for one in cards if len(wanted) >= _LEAST_PART and one.id.startswith(wanted)]


def by_title(name: str, cards: Sequence[Titled]) -> list[Titled]:
    """Those whose title is ``name``, case and script of Chinese aside; by path."""
    wanted = fold(_bare(name))
    return [one for one in cards if fold(one.title) == wanted]


def by_alias(name: str, notes: Sequence[VaultNote]) -> list[VaultNote]:
    """Those with the alias ``name``, else those with it in their title, an alias or their path; by path."""
    wanted = fold(_bare(name))
    called = [note for note in notes if wanted in map(fold, note.aliases)]
    if called or len(wanted) < _LEAST_PART:
        return called
    return [note for note in notes if any(wanted in fold(one) for one in (note.title, *note.aliases, note.path))]


def _bare(name: str) -> str:
    """The name without the marks of a wikilink."""
    return name.strip().removeprefix("[[").removesuffix("]]").partition("|")[0]


def _stem(one: Titled) -> str:
    return one.path.rpartition("/")[2].removesuffix(".md")


def nearest(name: str, cards: Iterable[Titled]) -> list[str]:
    """The ids of the notes with a name or a word most like ``name``, nearest first; at most three."""
    owners: dict[str, str] = {}
    for one in cards:
        for spelling in _spellings(one):
            owners.setdefault(spelling, one.id)
    wanted = fold(name)
    # Of few letters one that differs makes another word: "nope" is no "note".
    cutoff = _SHORT_CLOSE_ENOUGH if len(wanted) < _SHORT else _CLOSE_ENOUGH
    close = difflib.get_close_matches(wanted, owners, n=2 * _NEAR, cutoff=cutoff)
    return [terminal(found) for found in dict.fromkeys(owners[one] for one in close)][:_NEAR]


def _spellings(one: Titled) -> Iterable[str]:
    """What a note may be called, mistyped: its id, title and short title, and the words of the title."""
    title = fold(one.title)
    yield from (one.id, re.sub(r"^\d{8}-\d{3,}-", "", one.id), title, re.split(r"[:：]", title)[0].strip())
    yield from (word for word in re.findall(r"[\w-]+", title) if len(word) >= _LEAST_WORD)
