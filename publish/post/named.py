"""Which notes of the vault a work names in its own text, and how it stands to them by the sentence that does.

All titles of the vault are looked through, not only the notes that are linked: a note keeps few links, and what its text says
outright need not be among the closest. A name tells a note where the note brought it into the world, no other note of the vault
did so, and both speak of the same things: many works go by one name, and most of them are in no vault.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

from notes.links.linking import names_in
from notes.model import Relation, RelationKind, SourceType, VaultNote
from notes.quantities.names import KNOWN_NAME
from notes.text.fold import fold
from notes.text.keyphrases import STOPWORDS
from publish.sources.brief import Story
from publish.sources.evidence import source_text
from publish.sources.readable import readable
from publish.sources.relations import introduced_name, is_acronym, naming, relation
from publish.sources.works import head_of, short_name

__all__ = ["Titles", "related"]

_WRITTEN = frozenset({SourceType.POST.value, SourceType.SYNTHESIS.value})
_LONGEST_HEAD = 60  # characters before the colon, with what a reader does not see of them
_MARKED = re.compile(r"[A-Za-z]\w*[A-Z\d]|\w[-.]\w")  # what marks a name: a capital inside, a digit, a hyphen
_TOKEN = re.compile(r"[A-Za-z0-9]+")
_WORD = re.compile(r"[a-z][a-z0-9-]{3,}|[\u3400-\u9fff]{2}")
_LEAST_COMMON, _RARE, _LEAST_RARE = 3, 0.06, 2  # texts, share of the texts that may hold a word that tells, such words
_MOST_TEXTS = 600  # of the vault, evenly taken, in which words are counted
_VERSION = re.compile(r"\D{3,}\d|.*\d\.\d")  # InternVL3, GLM-4.5: nobody takes such a name twice


class Titles:
    """The notes of a vault by the first Latin word of their titles, and how common words are in their texts."""

    def __init__(self, notes: Mapping[str, VaultNote]) -> None:
        self._notes = notes
        self._names: dict[str, str] = {}

    @cached_property
    def _by_word(self) -> Mapping[str, list[str]]:
        found: defaultdict[str, list[str]] = defaultdict(list)
        for note_id, note in self._notes.items():
            head = head_of(note.title)
            if note.source_type in _WRITTEN or len(head) > _LONGEST_HEAD or not _MARKED.search(head):
                continue
            if first := _TOKEN.search(head):
                found[first[0]].append(note_id)
        return found

    @cached_property
    def _held(self) -> tuple[Counter[str], int]:
        ids = sorted(self._notes)
        chosen = ids[:: max(1, -(-len(ids) // _MOST_TEXTS))]
        return Counter(word for note_id in chosen for word in _words(self._notes[note_id])), len(chosen)

    def name_of(self, note: VaultNote) -> str:
        """The name that a note brought into the world."""
        if note.id not in self._names:
            self._names[note.id] = introduced_name(note)
        return self._names[note.id]

    def named_in(self, text: str) -> Iterator[VaultNote]:
        """Notes whose title begins with a word of the text and may be a name, by id."""
        words = set(_TOKEN.findall(text))
        ids = sorted(note_id for word in words & self._by_word.keys() for note_id in self._by_word[word])
        return (self._notes[note_id] for note_id in ids)

    def on_one_subject(self, one: VaultNote, other: VaultNote) -> bool:
        """Whether two notes share words that few notes hold."""
        held, texts = self._held
        most = max(_LEAST_COMMON, _RARE * texts)
        return sum(1 for word in _words(one) & _words(other) if held[word] <= most) >= _LEAST_RARE


def related(story: Story, known: Mapping[str, VaultNote], titles: Titles) -> tuple[Relation, ...]:
    """The works of the vault that a work names, each with the sentence that says most of how it stands to it."""
    found: defaultdict[str, list[Relation]] = defaultdict(list)
    for note in story.notes:
        for other in titles.named_in(source_text(note)):
            if other.id not in story.note_ids and (told := _told(note, other, story, titles)):
                found[told.name].append(told)
    own = {fold(name) for note in story.notes for name in (short_name(note.title), *names_in(note.title)) if name}
    alone = (_strongest(all_told) for name, all_told in found.items() if fold(name) not in own)
    return tuple(sorted((one for one in alone if one), key=lambda one: (list(RelationKind).index(one.kind), one.to)))


def _told(note: VaultNote, other: VaultNote, story: Story, titles: Titles) -> Relation | None:
    linked = any(tie.note_id == other.id for tie in story.ties)
    name = titles.name_of(other) or (_given_name(other) if linked else "")
    sentences = naming(note, name) if name else ()
    if not sentences or not (linked or _is_sure(name, note, other, titles)):
        return None
    kinds = [(relation(one, name, own=short_name(note.title), to=other), one) for one in sentences]
    kind, sentence = min(kinds, key=lambda one: list(RelationKind).index(one[0]))
    return Relation(kind, note.id, other.id, name, sentence)


def _given_name(note: VaultNote) -> str:
    """What a note that the user wrote is called: whoever writes a note on a thing means that thing."""
    name = "" if note.source_type else short_name(note.title)
    return name if names_in(name) and name == readable(note.title).strip() else ""


def _is_sure(name: str, note: VaultNote, other: VaultNote, titles: Titles) -> bool:
    """Whether a name means the work of that note, which nothing else ties to it."""
    if is_acronym(name):
        return False
    return bool(KNOWN_NAME.fullmatch(name) or _VERSION.match(name)) or titles.on_one_subject(note, other)


def _strongest(told: Sequence[Relation]) -> Relation | None:
    """What is told of the one note of a name; nothing where several notes brought it."""
    if len({one.to for one in told}) != 1:
        return None
    return min(told, key=lambda one: list(RelationKind).index(one.kind))


def _words(note: VaultNote) -> frozenset[str]:
    found = _WORD.findall(fold(f"{readable(note.title)}. {source_text(note)}"))
    return frozenset(word.rstrip("s") for word in found if word not in STOPWORDS)
