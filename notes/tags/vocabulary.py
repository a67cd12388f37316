"""The vocabulary of tags: the user's own first, then what the user accepted; how a tag is given to a note.

A note gets a tag when its title holds the tag's name, or its text does often enough, or when the user's own notes that it is
linked to bear it. Whether a tag can be given so is learned from what the user's notes do with it: ``todo`` is no subject.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Self

from notes.markup.obsidian import is_tag
from notes.tags.tag_names import beginnings, key, name_of, named, occurrences
from notes.text.fold import fold
from notes.text.keyphrases import STOPWORDS

__all__ = ["MOST", "Tagged", "Vocabulary", "is_subject"]

MOST = 5
"""The most tags that the vocabulary gives to a note; what the source gives comes on top."""

_ASKED = 3  # of the user's notes that hold a name, from which their practice with it counts
_BORNE = 1 / 3  # of these, the share that must bear the tag
_COMMON = 1 / 3  # of the user's tagged notes: a tag that more of them bear is no verdict of neighbours
_MANY = 10
_NAMED = 0.2  # of a tag's bearers that must hold its name, if their word is to count for others
_VOTES = 2

# How a note is kept, not what it is about; and words that half of all papers say twice.
_KEEPING = frozenset(
    """
    todo idea ideas inbox draft drafts note notes moc index fleeting permanent evergreen seedling sapling daily weekly
    monthly journal diary book books paper papers article articles post posts blog blogs person people reference
    references literature reading read toread status type project projects area areas archive archived source sources
    resource resources meta misc stub template templates review reviewed important favorite favourite starred question
    questions quote quotes link links video videos podcast podcasts course talk talks meeting meetings work personal
    private public publish published wip done later clipping clippings import imported topic topics tag tags category
    analysis approach code data design evaluation framework generation information learning model models network
    networks problem research system systems task tasks test time training understanding user users language state
    待办 笔记 读书 日记 想法 草稿 灵感 论文 文章 收藏 索引 目录 模板 项目 归档 阅读 待读 书籍 人物 博客
    问题 模型 数据 方法 系统 研究 任务
    """.split()
)
_LEVELS_OF_KEEPING = frozenset({"status", "type", "project", "projects", "area", "source", "person", "people", "date"})


@dataclass(frozen=True, slots=True)
class Tagged:
    """A note that the user wrote or edited, with the tags that the user gave it."""

    title: str
    text: str
    tags: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """The tags that notes may be given.

    ``spellings`` has for each :func:`key` the user's spelling, ``told`` for each name the tag that it tells, ``voted`` the tags
    that neighbours can give. ``synonyms`` are those of the configuration, by key.
    """

    spellings: Mapping[str, str] = field(default_factory=dict)
    told: Mapping[str, str] = field(default_factory=dict)
    voted: frozenset[str] = frozenset()
    synonyms: Mapping[str, str] = field(default_factory=dict)
    begun: frozenset[str] = frozenset()

    @classmethod
    def learn(
        cls, own: Sequence[Tagged], *, accepted: Iterable[str] = (), synonyms: Mapping[str, str] | None = None
    ) -> Self:
        """The vocabulary of a user's ``own`` notes, and of the tags that the user ``accepted``."""
        merged = {key(name): tag for name, tag in sorted((synonyms or {}).items())}
        plain = cls(synonyms=merged)
        wanted = plain.merged(accepted)
        borne = [plain.merged(note.tags) for note in own]
        bearers = Counter(tag for tags in borne for tag in tags)
        spellings = _preferred({*bearers, *wanted}, bearers)
        borne = [frozenset(spellings[key(tag)] for tag in tags) for tags in borne]
        practice = _Practice.of(own, borne)
        chosen = {spellings[key(tag)] for tag in wanted}
        tags = sorted(set(spellings.values()))
        told = _by_name([tag for tag in tags if tag in chosen or practice.is_told(tag)], practice.bearers)
        voted = frozenset(tag for tag in tags if practice.is_verdict(tag))
        return cls(spellings, told, voted, merged, beginnings(told))

    @property
    def fingerprint(self) -> str:
        """Changes when the vocabulary might give other tags to a note that stands already."""
        parts = (sorted(self.spellings.items()), sorted(self.told.items()), sorted(self.synonyms.items()))
        return sha256(repr(parts).encode("utf-8", "surrogatepass")).hexdigest()[:16]

    def canonical(self, tag: str) -> str:
        """The tag in its place: the synonym's target, in the user's spelling."""
        seen: set[str] = set()
        while (name := key(tag)) in self.synonyms and name not in seen:
            seen.add(name)
            tag = self.synonyms[name]
        return self.spellings.get(key(tag), tag)

    def merged(self, tags: Iterable[str]) -> frozenset[str]:
        """The tags, each in its place; what is no tag to Obsidian is left out."""
        return frozenset(self.in_place(tags))

    def in_place(self, tags: Iterable[str]) -> tuple[str, ...]:
        """The same in their order, each once."""
        return tuple({key(tag): tag for tag in reversed(list(map(self.canonical, tags))) if is_tag(tag)}.values())[::-1]

    def tags(
        self,
        title: str,
        text: str,
        *,
        fixed: Iterable[str] = (),
        standing: Iterable[str] = (),
        near: Sequence[Collection[str]] = (),
    ) -> tuple[str, ...]:
        """All tags of a note: ``fixed`` ones that its source gives, then at most :data:`MOST` of the vocabulary, by name.

        ``standing`` are the tags that its file bears already: they stay as long as the vocabulary has them, so that a new note
        changes no old one's tags. ``near`` are the tags of the user's own notes that it is linked to.
        """
        given = self.in_place(fixed)
        have = {key(tag) for tag in given}
        kept = [tag for tag in self.in_place(standing) if key(tag) in self.spellings]
        spotted = [self.told[name] for name in named(title, text, self.told, self.begun)]
        chosen = [tag for tag in dict.fromkeys((*kept, *spotted, *self._verdict(near))) if key(tag) not in have]
        return (*given, *sorted(_deepest(chosen)[:MOST]))

    def _verdict(self, near: Sequence[Collection[str]]) -> list[str]:
        """What at least two, and at least half, of the tagged notes nearby bear."""
        tagged = [self.merged(tags) for tags in near if tags]
        votes = Counter(tag for tags in tagged for tag in tags if tag in self.voted)
        enough = max(_VOTES, len(tagged) / 2)
        return sorted((tag for tag in votes if votes[tag] >= enough), key=lambda tag: (-votes[tag], tag))


def is_subject(tag: str) -> bool:
    """Whether the words of a tag can name what a note is about."""
    levels = fold(tag).split("/")
    last = levels[-1]
    if len(name_of(tag)) < 2 or name_of(tag).isdigit() or not _LEVELS_OF_KEEPING.isdisjoint(levels[:-1]):
        return False
    return last not in _KEEPING and last not in STOPWORDS


def _preferred(tags: Iterable[str], bearers: Mapping[str, int]) -> dict[str, str]:
    """For each key the spelling that most notes use; ties by the spelling itself."""
    found: defaultdict[str, set[str]] = defaultdict(set)
    for tag in tags:
        found[key(tag)].add(tag)
    return {name: min(spelled, key=lambda tag: (-bearers.get(tag, 0), tag)) for name, spelled in sorted(found.items())}


def _by_name(tags: Iterable[str], bearers: Mapping[str, int]) -> dict[str, str]:
    """For each name the tag that it tells: the one that most notes bear, then the deeper one."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for tag in tags:
        found[name_of(tag)].append(tag)
    first = {
        name: min(same, key=lambda tag: (-bearers.get(tag, 0), -tag.count("/"), tag)) for name, same in found.items()
    }
    return dict(sorted(first.items()))


def _deepest(tags: Sequence[str]) -> list[str]:
    """Without those that another one is below: ``ml/rl`` says ``ml`` too."""
    return [tag for tag in tags if not any(other.startswith(f"{tag}/") for other in tags)]


@dataclass(frozen=True, slots=True)
class _Practice:
    """What the user does with tags.

    How many notes bear a tag; of the tagged notes how many are named by a name, and how many of those bear such a tag; how many
    bearers so much as mention the name.
    """

    notes: int
    bearers: Counter[str]
    holders: Counter[str]
    both: Counter[str]
    mentioned: Counter[str]

    @classmethod
    def of(cls, own: Sequence[Tagged], borne: Sequence[frozenset[str]]) -> Self:
        practice = cls(sum(map(bool, borne)), Counter(), Counter(), Counter(), Counter())
        names = {name_of(tag) for tags in borne for tag in tags} - {""}
        begun = beginnings(names)
        for note, tags in zip(own, borne, strict=True):
            if tags:
                practice._see(note, tags, names, begun)
        return practice

    def _see(self, note: Tagged, tags: frozenset[str], names: Collection[str], begun: Collection[str]) -> None:
        levels = {name_of(level) for tag in tags for level in tag.split("/")}
        held = named(note.title, note.text, names, begun).keys()
        self.bearers.update(tags)
        self.holders.update(held)
        self.both.update(held & levels)
        self.mentioned.update(occurrences(f"{note.title}\n{note.text}", levels, begun).keys() & levels)

    def is_told(self, tag: str) -> bool:
        """Whether a note that a tag's name tells may bear the tag: as far as one sees, the user's own do."""
        name = name_of(tag)
        return is_subject(tag) and (self.holders[name] < _ASKED or self.both[name] >= _BORNE * self.holders[name])

    def is_verdict(self, tag: str) -> bool:
        """Whether neighbours can give the tag: it is a subject, and no mark that most notes bear."""
        common = self.notes >= _MANY and self.bearers[tag] > _COMMON * self.notes
        return is_subject(tag) and not common and self.mentioned[name_of(tag)] >= max(1, _NAMED * self.bearers[tag])
