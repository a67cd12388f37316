"""Which notes belong together, and why: pure functions over values.

An edge between two notes is undirected while it is chosen, so that links always go both ways, and is handed back as
two :class:`notes.model.Link`. Hard edges (the same work, a citation, a mention by name) come before nearness.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from notes.identity import arxiv_id, canonical_url
from notes.model import Link, LinkKind

__all__ = ["Edge", "Linkable", "choose_links", "hard_edges", "names_in"]

STRENGTH = {LinkKind.SAME_WORK: 0, LinkKind.CITES: 1, LinkKind.MENTIONS: 2, LinkKind.SIMILAR: 3}

# A proper name of a system, model or benchmark: Latin letters with an inner capital, a digit or a hyphen
# (SkillRL, STEP3-VL-10B, mHC).
_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*(?![A-Za-z0-9])")
# A name that more titles than these hold tells the field, not the work.
_COMMON_NAME = 4

# Spelled like names of systems, but they name fields, methods everybody uses, houses and places of publication.
_NO_WORK = frozenset(
    (
        "ai agi llm llms vlm vlms mllm mllms slm slms lrm lrms rl rlhf rlvr sft dpo ppo cot moe rag gui ocr kv gpu gpus cpu cpus "
        "tpu tpus api apis nlp asr tts vla vqa qa sota arxiv github gitlab youtube huggingface openai deepmind deepseek chatgpt "
        "iclr icml neurips acl emnlp cvpr aaai kdd stepfun xai nvidia ios macos javascript typescript pytorch"
    ).split()
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Linkable:
    """A note as far as linking looks at it.

    ``work`` is the arXiv base id or DOI (empty when unknown), ``addresses`` are its own URLs, ``references`` those that it
    points to.
    """

    id: str
    title: str
    text: str
    work: str = ""
    addresses: tuple[str, ...] = ()
    references: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Edge:
    """An undirected candidate, ``a < b``; ``score`` is a closeness in [0, 1]."""

    a: str
    b: str
    kind: LinkKind
    score: float
    why: str

    @classmethod
    def between(cls, one: str, other: str, kind: LinkKind, score: float, why: str) -> Edge:
        """The edge with its ends in order."""
        return cls(min(one, other), max(one, other), kind, score, why)


def names_in(text: str) -> tuple[str, ...]:
    """Names of systems, models and benchmarks in a text, each once, in order of appearance."""
    return tuple(dict.fromkeys(found for found in _NAME.findall(text) if _is_name(found)))


def hard_edges(notes: Sequence[Linkable]) -> tuple[Edge, ...]:
    """The same work told twice, citations and mentions by name, over all pairs that share something hard."""
    owners = _rare_names(notes)
    edges = [*_citations(notes), *_namesakes(notes, owners), *_mentions(notes, owners)]
    return tuple(_strongest(edges).values())


def choose_links(edges: Iterable[Edge], *, per_note: int) -> tuple[Link, ...]:
    """The links to keep, both directions, sorted by source: strongest first, at most ``per_note`` at each end.

    The cap holds for hard edges too, so that one stuffed item cannot link to all.
    """
    degree: Counter[str] = Counter()
    links: list[Link] = []
    for edge in _strongest(edges).values():
        if degree[edge.a] < per_note and degree[edge.b] < per_note:
            degree.update((edge.a, edge.b))
            links.append(Link(edge.a, edge.b, edge.kind, edge.score, edge.why))
            links.append(Link(edge.b, edge.a, edge.kind, edge.score, edge.why))
    return tuple(sorted(links, key=lambda link: (link.src, STRENGTH[link.kind], -link.score, link.dst)))


def _strongest(edges: Iterable[Edge]) -> dict[tuple[str, str], Edge]:
    """The best edge of each pair, strongest pairs first."""
    best: dict[tuple[str, str], Edge] = {}
    for edge in sorted(edges, key=_order):
        best.setdefault((edge.a, edge.b), edge)
    return best


def _order(edge: Edge) -> tuple[int, float, str, str, str]:
    return STRENGTH[edge.kind], -edge.score, edge.a, edge.b, edge.why


def _is_name(word: str) -> bool:
    inner_capital = any(letter.isupper() for letter in word[1:])
    return len(word) >= 3 and inner_capital and word.casefold() not in _NO_WORK


def _rare_names(notes: Sequence[Linkable]) -> dict[str, tuple[Linkable, ...]]:
    """Names in titles that few titles hold, with the notes whose titles hold them."""
    owners: defaultdict[str, list[Linkable]] = defaultdict(list)
    for note in sorted(notes, key=lambda one: one.id):
        for name in {name.casefold() for name in names_in(note.title)}:
            owners[name].append(note)
    return {name: tuple(held) for name, held in sorted(owners.items()) if len(held) <= _COMMON_NAME}


def _citations(notes: Sequence[Linkable]) -> Iterable[Edge]:
    owner: dict[str, str] = {}
    for note in sorted(notes, key=lambda one: one.id):
        for address in note.addresses:
            owner.setdefault(canonical_url(address), note.id)
    owner.pop("", None)
    for note in notes:
        for reference in note.references:
            cited = owner.get(canonical_url(reference))
            if cited is not None and cited != note.id:
                yield Edge.between(note.id, cited, LinkKind.CITES, 1.0, f"cites {_short(reference)}")


def _namesakes(notes: Sequence[Linkable], owners: Mapping[str, Sequence[Linkable]]) -> Iterable[Edge]:
    """Notes that share a rare name in their titles: one work told twice, or two works of which one speaks of the other."""
    spelling = {name.casefold(): name for note in notes for name in names_in(note.title)}
    for folded, held in owners.items():
        name = spelling[folded]
        for position, one in enumerate(held):
            for other in held[position + 1 :]:
                if _same_work(one, other, name):
                    yield Edge.between(one.id, other.id, LinkKind.SAME_WORK, 1.0, f"the same work: {name}")
                else:
                    yield Edge.between(one.id, other.id, LinkKind.MENTIONS, 0.95, f"both about {name}")


def _same_work(one: Linkable, other: Linkable, name: str) -> bool:
    """Whether one name stands for one work.

    Two papers with identifiers of their own are two works, whatever they are called; so are an article and a paper of the same
    name when the article points to other papers only.
    """
    ones, others = _papers(one), _papers(other)
    if ones and others and not ones & others:
        return False
    return _leads(one.title, name) or _leads(other.title, name)


def _papers(note: Linkable) -> set[str]:
    """The paper that a note is, else the papers that it points to."""
    if note.work:
        return {note.work}
    return {found[0] for reference in note.references if (found := arxiv_id(reference))}


def _leads(title: str, name: str) -> bool:
    """Whether the name stands where a title introduces its own system: before the colon, or among the first words."""
    head = re.split(r"[:：—–]", title, maxsplit=1)[0]
    return name.casefold() in head.casefold()


def _mentions(notes: Sequence[Linkable], owners: Mapping[str, Sequence[Linkable]]) -> Iterable[Edge]:
    for note in notes:
        for name in names_in(note.text):
            for owner in owners.get(name.casefold(), ()):
                if owner.id != note.id and _leads(owner.title, name):
                    yield Edge.between(note.id, owner.id, LinkKind.MENTIONS, 0.9, f"mentions {name}")


def _short(url: str) -> str:
    found = arxiv_id(url)
    return f"arXiv:{found[0]}" if found else url.removeprefix("https://").removeprefix("http://")
