"""What Slipway would have written into notes that are the user's: offered, never applied."""

from __future__ import annotations

from dataclasses import dataclass

from slipway.app import App
from slipway.library import is_note
from slipway.stages.sync import sync

__all__ = ["Suggestion", "suggestions"]


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A link that a note of the user's lacks: the wikilink as it would be written, and why."""

    note: str
    path: str
    link: str
    why: str


def suggestions(app: App) -> tuple[Suggestion, ...]:
    """The stored links of notes that Slipway may not write, less those that stand there already; by path."""
    from notes.inert import wikilink
    from notes.obsidian import LinkIndex, link_target

    reading = sync(app)
    ours = reading.desk.untouched()
    theirs = {name: file for name, file in reading.files.items() if is_note(file) and name not in ours}
    index = LinkIndex([stat.path for stat in app.vault.files()], list(reading.files.values()))
    found = []
    for link in app.store.links():
        file, other = theirs.get(link.src), reading.files.get(link.dst)
        if file is None or other is None:
            continue
        known = {index.resolve(target, file.path) for target in (*file.wikilinks, *file.related)}
        if other.path not in known:
            found.append(Suggestion(file.id, file.path, wikilink(link_target(other), other.title), link.why))
    return tuple(sorted(found, key=lambda one: (one.path, one.link)))
