"""The relatives of one note as a reader asks for them: its links first, then what ranks next."""

from __future__ import annotations

from collections.abc import Mapping

from notes.model import Link, LinkKind, VaultNote
from slipway.app import App
from slipway.library import Holding, Library

__all__ = ["kin"]


def kin(app: App, note_id: str, limit: int) -> tuple[Link, ...]:
    """At most ``limit`` relatives of a note with their reasons, its links first; only reads. Empty for an id that no note has."""
    linked = app.store.related(note_id)[:limit]
    if len(linked) >= limit:
        return linked
    notes = _notes(app)
    if note_id not in notes:
        return linked
    return (*linked, *_next(app, notes, note_id, frozenset(link.dst for link in linked), limit - len(linked)))


def _next(app: App, notes: Mapping[str, Holding], note_id: str, known: frozenset[str], count: int) -> tuple[Link, ...]:
    from slipway.stages.links import Kinship

    kinship = Kinship(app, tuple(notes.values()))
    relatives = kinship.relatives([note_id], k=count + len(known))[note_id]
    found = [one for one in relatives if one.id not in known][:count]
    kinds = {one.id: LinkKind.MENTIONS if one.mention else LinkKind.SIMILAR for one in found}
    return kinship.explained([Link(note_id, one.id, kinds[one.id], one.score, "") for one in found])


def _notes(app: App) -> Mapping[str, Holding]:
    files = {note.id: note for note in app.vault.notes()}
    slips = app.store.slips()
    return Library.gather(files.values(), slips, _untouched(app, files), app.config.zone).notes


def _untouched(app: App, files: Mapping[str, VaultNote]) -> frozenset[str]:
    """The notes whose file is as Slipway wrote it, so that their words are those that the links were chosen by."""
    written = app.store.file_records()
    return frozenset(name for name, file in files.items() if name in written and written[name].sha == file.sha256)
