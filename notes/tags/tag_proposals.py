"""Tags to propose: key phrases that several notes share and no tag says yet. None is used before the user's word."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import TypeAlias

from notes.markup.obsidian import is_tag
from notes.tags.tag_names import beginnings, key, name_of, named
from notes.tags.vocabulary import Vocabulary, is_subject
from notes.text import slug
from notes.text.keyphrases import phrases

__all__ = ["Proposal", "Subjects", "propose", "subjects"]

Subjects: TypeAlias = Mapping[str, tuple[str, bool]]
"""The phrases that tell what a note is about: by name, as the note spells it, and whether its title holds it."""

LEAST = 4
"""Notes that must share a phrase."""
_MOST = 5
_COMMON = 0.1  # of all notes: what more of them share parts nothing
_FEW = 40  # notes below which nothing is too common
_SAME = 0.6  # of a phrase's notes, from which a longer one that they hold too says it better
_TITLED = 2  # of its notes that must hold it in the title
_READ_AT_MOST = 6000
_LONGEST = 100  # characters of a phrase: one of thousands ("a.a.a") would be looked for at each place, by all that it begins with
# Two words or more, a name, three Chinese characters: single words (knowledge, prompt) are shared by notes of all fields.
_TELLING = re.compile(r".*[ -].*|.*[A-Z].*[A-Z].*|.*[A-Za-z]\d.*|[\u3400-\u9fff]{3,}")


@dataclass(frozen=True, slots=True)
class Proposal:
    """A tag that notes would get: its name as a tag, the notes by id, and how many say it in their title."""

    name: str
    note_ids: tuple[str, ...]
    titled: int


def subjects(title: str, text: str, lang: str) -> Subjects:
    """The phrases that would tell a note a tag of their name."""
    spelled: dict[str, str] = {}
    for phrase in phrases(f"{title}.\n\n{text[:_READ_AT_MOST]}", lang):
        if len(phrase) <= _LONGEST:
            spelled.setdefault(name_of(phrase), phrase)
    return {name: (spelled[name], titled) for name, titled in named(title, text, spelled, beginnings(spelled)).items()}


def propose(
    notes: Mapping[str, Subjects],
    vocabulary: Vocabulary,
    *,
    answered: Iterable[str] = (),
    tells: Callable[[str], bool] = bool,
) -> tuple[Proposal, ...]:
    """At most five tags that the notes' phrases suggest, best first, ties by name.

    ``answered`` are the tags on which the user has spoken, ``tells`` whether a phrase can name a thing.
    """
    sharing = _shared(notes)
    known = {name_of(tag) for tag in (*vocabulary.spellings.values(), *answered)} | {key(tag) for tag in answered}
    most = max(_COMMON * len(notes), LEAST) if len(notes) > _FEW else len(notes)
    able = {name: ids for name, ids in sharing.items() if len(ids) <= most and name and name not in known}
    found = [proposal for name, ids in able.items() if (proposal := _proposal(name, ids, notes, vocabulary, tells))]
    found.sort(key=lambda one: (-one.titled - len(one.note_ids) / 2, one.name))
    chosen: dict[str, Proposal] = {}
    for one in found:
        # Looked at last: it compares a phrase with all others.
        if key(one.name) not in chosen.keys() | known and not _is_part(name_of(one.name), one.note_ids, sharing):
            chosen[key(one.name)] = one
        if len(chosen) == _MOST:
            break
    return tuple(chosen.values())


def _shared(notes: Mapping[str, Subjects]) -> dict[str, frozenset[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for note_id, told in notes.items():
        for name in told:
            found[name].add(note_id)
    return {name: frozenset(found[name]) for name in sorted(name for name, ids in found.items() if len(ids) >= LEAST)}


def _proposal(
    name: str,
    ids: Collection[str],
    notes: Mapping[str, Subjects],
    vocabulary: Vocabulary,
    tells: Callable[[str], bool],
) -> Proposal | None:
    spelled = sorted(notes[note_id][name][0] for note_id in ids)
    phrase = max(sorted(set(spelled)), key=spelled.count)
    tag = vocabulary.canonical(slug.tag(phrase))
    titled = sum(notes[note_id][name][1] for note_id in ids)
    if (
        titled < _TITLED
        or not _TELLING.fullmatch(phrase)
        or not tells(phrase)
        or not is_tag(tag)
        or not is_subject(tag)
        or key(tag) in vocabulary.spellings
    ):
        return None
    return Proposal(tag, tuple(sorted(ids)), titled)


def _is_part(name: str, ids: Collection[str], others: Mapping[str, frozenset[str]]) -> bool:
    """Whether the notes that share a phrase mostly share a longer one that holds it: recursive language (models)."""
    held = frozenset(ids)
    return any(name != other and name in other and len(held & others[other]) >= _SAME * len(held) for other in others)
