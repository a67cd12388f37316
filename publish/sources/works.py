"""Which notes tell one work: over same-work links, over a paper that an article points to, over a name in common.

Two notes of two papers are never one work, whatever joins them; a note that points to one paper only tells no other.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import combinations

from notes.identity import arxiv_id
from notes.links.linking import names_in
from notes.model import Link, LinkKind, VaultNote
from notes.quantities.names import names_of_title
from notes.text.fold import fold
from publish.sources.addressed import is_title
from publish.sources.evidence import addresses, source_text
from publish.sources.readable import readable

__all__ = ["grouped", "head_of", "names_of", "short_name"]

_LONGEST_NAME = 36
_MOST_WORDS = 4
_MOST_HAN = 12
_LEAST_WORDS = 2  # of a name without a letter's mark ("Features as Rewards"), for it to tell a work
_HAN = re.compile(r"[\u3400-\u9fff]")
_COLONS = (": ", "：", " — ", "——", " – ")
# What speaks in a title is a headline, not a name.
_SPEAKS = re.compile(r"[,，、?？!！。]")
# A comparison tells neither of the works that it compares.
_COMPARES = re.compile(
    r"\b(?:vs\.?|versus)\s|(?:[与與和跟].{1,40}[的之]?(?:比较|比較|对比|對比))|(?:对比|對比)", re.IGNORECASE
)
# "Self-Reflective Generation" opens with an adjective, not with a system.
_PLAIN_COMPOUND = re.compile(r"[A-Z][a-z]+(?:-[A-Za-z][a-z]+)+")
_REPORT = re.compile(r"\s(?:technical|system) report$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://[^\s()<>\[\]，。；、）]+")


def short_name(title: str) -> str:
    """What a title calls its work: the words before the colon (or the whole title) when few, or the system that opens it."""
    if not is_title(title):
        return ""
    title = readable(title)
    head = _REPORT.sub("", head_of(title))
    if _is_name(head):
        return head
    names = names_in(title)
    opens = bool(names) and title.startswith(names[0]) and not _PLAIN_COMPOUND.fullmatch(names[0])
    return names[0] if opens else ""


def head_of(title: str) -> str:
    """The words of a title before its colon or dash."""
    for colon in _COLONS:
        if colon in title:
            return title.split(colon, 1)[0].strip()
    return title.strip()


def names_of(notes: Sequence[VaultNote]) -> frozenset[str]:
    """What the titles of its notes call a work, folded: their short names, and the systems in those."""
    called = [name for note in notes if (name := short_name(note.title))]
    return frozenset(fold(name) for title in called for name in (title, *names_in(title)))


def grouped(notes: Sequence[VaultNote], links: Sequence[Link]) -> list[list[VaultNote]]:
    """The notes by work, each group by id; order of input does not matter."""
    by_id = {note.id: note for note in sorted(notes, key=lambda note: note.id)}
    paper = {note_id: _paper(note) for note_id, note in by_id.items()}
    groups = {note_id: {note_id} for note_id in by_id}
    for one, other in _pairs(links, by_id, paper):
        joined = groups[one] | groups[other]
        if len({paper[note_id] for note_id in joined if paper[note_id]}) <= 1:
            for note_id in joined:
                groups[note_id] = joined
    unique = {min(group): group for group in groups.values()}
    return [[by_id[note_id] for note_id in sorted(group)] for _, group in sorted(unique.items())]


def _pairs(links: Sequence[Link], by_id: dict[str, VaultNote], paper: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Notes of one work; a comparison is none of the works in its title."""
    found = (*_linked(links, by_id), *_telling(by_id, paper), *_titled(by_id), *_namesakes(by_id))
    compares = {note_id: _COMPARES.search(note.title) is not None for note_id, note in by_id.items()}
    return ((one, other) for one, other in found if compares[one] == compares[other])


def _is_name(head: str) -> bool:
    if _SPEAKS.search(head) or len(_HAN.findall(head)) > _MOST_HAN:
        return False
    return len(head) <= _LONGEST_NAME and len(head.split()) <= _MOST_WORDS


def _paper(note: VaultNote) -> str:
    """The paper that a note tells: its own identifier, or the only one that it points to; empty when there is none."""
    if note.arxiv_id:
        return note.arxiv_id
    found = _cited(note)
    return found.pop() if len(found) == 1 else ""


def _cited(note: VaultNote) -> set[str]:
    named = (*addresses(note), *_ADDRESS.findall(source_text(note)))
    return {identifier[0] for address in named if (identifier := arxiv_id(address))}


def _linked(links: Sequence[Link], by_id: dict[str, VaultNote]) -> Iterator[tuple[str, str]]:
    """Ends of same-work links."""
    for link in sorted(links, key=lambda link: (link.src, link.dst)):
        if link.kind is not LinkKind.SAME_WORK or link.src not in by_id or link.dst not in by_id:
            continue
        if not _apart(by_id[link.src].title, by_id[link.dst].title):
            yield link.src, link.dst


def _apart(one: str, other: str) -> bool:
    """Whether two titles name two members of a family: "BitNet b1.58" and "BitNet Distillation"."""
    (first, *rest), (second, *others) = short_name(one).split() or [""], short_name(other).split() or [""]
    return first == second and bool(rest) and bool(others) and rest != others


def _telling(by_id: dict[str, VaultNote], paper: dict[str, str]) -> Iterator[tuple[str, str]]:
    """A note and the paper it points to, where the one's title names what the other's text tells of."""
    papers = {note.arxiv_id: note_id for note_id, note in by_id.items() if note.arxiv_id}
    for note_id, note in by_id.items():
        told = papers.get(paper[note_id], note_id)
        if told != note_id and (_speaks_of(note, by_id[told]) or _speaks_of(by_id[told], note)):
            yield told, note_id


def _titled(by_id: dict[str, VaultNote]) -> Iterator[tuple[str, str]]:
    """A note that points to several papers and the one of them whose name its title shares."""
    papers = {note.arxiv_id: note for note in by_id.values() if note.arxiv_id}
    for note_id, note in by_id.items():
        cited = sorted(_cited(note)) if not note.arxiv_id else []
        same = [papers[one] for one in cited if one in papers and _share_a_name(note.title, papers[one].title)]
        if len(cited) > 1 and len(same) == 1:
            yield same[0].id, note_id


def _share_a_name(one: str, other: str) -> bool:
    """Whether a name in either title stands in the other."""
    pairs = ((readable(one), readable(other)), (readable(other), readable(one)))
    return not _apart(one, other) and any(
        fold(name) in fold(title) for named, title in pairs for name in _telling_names(named)
    )


def _telling_names(title: str) -> list[str]:
    """The names in a title that can only be its work's: spelled like a system's, or of several words."""
    return [name for name in names_of_title(title) if names_in(name) or len(name.split()) >= _LEAST_WORDS]


def _speaks_of(note: VaultNote, work: VaultNote) -> bool:
    """Whether the text of a note holds the name in the title of a work."""
    names = names_of_title(readable(work.title))
    text = fold(f"{note.title}\n{source_text(note)}")
    return any(fold(name) in text for name in names)


def _namesakes(by_id: dict[str, VaultNote]) -> Iterator[tuple[str, str]]:
    """A paper and what has its name for a title elsewhere, where the name is a phrase or looks like that of a system.

    Two articles of one title are no work for that: columns come back every week under one.
    """
    called: defaultdict[str, list[str]] = defaultdict(list)
    for note_id, note in by_id.items():
        name = short_name(note.title)
        if names_in(name) or len(name.split()) >= _LEAST_WORDS:
            called[fold(name)].append(note_id)
    for held in called.values():
        yield from (pair for pair in combinations(held, 2) if any(by_id[note_id].arxiv_id for note_id in pair))
