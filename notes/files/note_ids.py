"""An id of its own for every note of a vault: the frontmatter's, else the file's stem, else its path."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

__all__ = ["Named", "own_ids"]


@dataclass(frozen=True, slots=True)
class Named:
    """A file as far as its name goes: ``is_given`` when the id is the frontmatter's, else it is the stem."""

    path: str
    id: str
    is_given: bool


def own_ids(found: Sequence[Named]) -> list[str]:
    """The ids, in the order of ``found``, no two alike: of two that claim one, the second is known by its path."""
    stems = Counter(note.id for note in found if not note.is_given)
    owners = _owners(found)
    taken = set(owners)
    ids: list[str] = []
    for note in found:
        is_alone = not note.is_given and stems[note.id] == 1 and note.id not in owners
        own = note.id if is_alone or owners.get(note.id) == note.path else _free(note.path, taken)
        taken.add(own)
        ids.append(own)
    return ids


def _free(name: str, taken: set[str]) -> str:
    while name in taken:
        name += "~"
    return name


def _owners(found: Sequence[Named]) -> dict[str, str]:
    """For each id that a frontmatter gives, the path that may keep it: that of the same name, else the first."""
    owners: dict[str, str] = {}
    for note in found:
        if note.is_given and (note.id not in owners or PurePosixPath(note.path).stem == note.id):
            owners[note.id] = note.path
    return owners
