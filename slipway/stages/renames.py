"""Renames: the word on an offer is kept when a note that has no id of its own gets another name.

Such a note is known by its file's name, or by its path beside another of that name. The same bytes under another name are the
same note; the old word stays too, since a copy of a note is no other matter.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

from notes.model import VaultNote
from slipway.app import App

__all__ = ["carry_offers_over"]

_LINK, _TO = "link:", "→"


def carry_offers_over(app: App, files: Mapping[str, VaultNote]) -> int:
    """Give the new names of notes the answers that their old ones had; returns how many answers that was."""
    offers = {name: verdict for name, verdict in app.store.offers().items() if name.startswith(_LINK)}
    if not offers:
        return 0
    renamed = _renamed(app.store.offered_notes(), files)
    moved = {_under(name, renamed): verdict for name, verdict in offers.items()}
    new = {name: ("link", verdict) for name, verdict in moved.items() if name not in offers}
    app.store.answer_offers(new, app.clock.now())
    ends = {end for name in (*offers, *new) for end in _ends(name)}
    app.store.remember_offered_notes({end: files[end].sha256 for end in ends if end in files and files[end].sha256})
    return len(new)


def _renamed(known: Mapping[str, str], files: Mapping[str, VaultNote]) -> dict[str, str]:
    """Old name → new name of the notes whose bytes stand under one other name, and no longer under their own."""
    names: defaultdict[str, list[str]] = defaultdict(list)
    for name, file in files.items():
        names[file.sha256].append(name)
    return {old: names[sha][0] for old, sha in known.items() if len(names[sha]) == 1 and names[sha] != [old]}


def _ends(offer: str) -> tuple[str, str]:
    src, _, dst = offer.removeprefix(_LINK).partition(_TO)
    return src, dst


def _under(offer: str, renamed: Mapping[str, str]) -> str:
    src, dst = _ends(offer)
    return f"{_LINK}{renamed.get(src, src)}{_TO}{renamed.get(dst, dst)}"
