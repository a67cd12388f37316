"""A note in a bibliography: what a bibliography says of it, and the key by which it is cited.

A key is ``author`` + ``year`` + ``word`` (``chen2026skillrl``) and comes from the note alone, so that it stays what it is while
other notes come and go. A paper, known by its arXiv id or DOI, needs no more. Posts come in series with the same opening
words, so the key of any other note ends with three characters drawn from the note's id. Should two papers still agree, the
note that was made first keeps the key, and the other takes such an ending too.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Final

from notes.citing.authors import Name, ascii_word, family_key, parse_names
from notes.identity import arxiv_category, arxiv_id, canonical_url, doi
from notes.markup.inert import url as safe_url
from notes.model import VaultNote
from notes.text.visible import one_line

__all__ = ["Citation", "citation", "citation_keys", "is_citable"]

_PINNED: Final = ("citekey", "citation_key", "citation-key")
_KEY: Final = re.compile(r"[A-Za-z0-9][A-Za-z0-9:._+/-]{0,99}")
_ENDING: Final = "bcdfghjkmnpqrstvwxz23456789"  # no vowels: an ending spells nothing
_ENDING_LENGTHS: Final = (3, 6, 12, 24)
_WORDS: Final = 3
_WORD_LENGTH: Final = 28
_HAN_AT_ONCE: Final = 4  # two Chinese words of two characters each
_SMALL: Final = frozenset(
    "a an the and or but nor for of on in to from by with without via at as is are was be do does can could should will how why"
    " what when where which who that this these those it its your our we i you not no than into over under about using use more"
    " most toward towards between beyond through de la le les der die das und el los".split()
)
_TOKEN: Final = re.compile(
    r"[\u3400-\u4dbf\u4e00-\u9fff]+|[^\s\u3400-\u4dbf\u4e00-\u9fff:：，。、；！？《》（）「」“”]+"
)
_COINED: Final = re.compile(r"[^\W\d_]*[a-z\d][\w-]*[A-Z]|[A-Za-z][\w-]*\d|[A-Z]{2,}[a-z]+[A-Z]")
_CATEGORY_TAG: Final = re.compile(r"arxiv/([A-Za-z-]+)(?:/([A-Za-z-]+))?")


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """What a bibliography says of a note. All texts are plain, on one line, without control characters.

    ``issued`` holds year, month and day as far as they are known. ``accessed`` is the day on which the note was made.
    ``container`` is the journal (``is_article``) or the source. ``others`` says that not all authors are named.
    """

    key: str
    note_id: str
    title: str
    names: tuple[Name, ...] = ()
    others: bool = False
    issued: tuple[int, ...] = ()
    accessed: date | None = None
    container: str = ""
    is_article: bool = False
    source_type: str = ""
    url: str = ""
    doi: str = ""
    arxiv_id: str = ""
    category: str = ""
    abstract: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""


def is_citable(note: VaultNote) -> bool:
    """Whether a note tells of a work: it names authors, a source, an address, an arXiv id or a DOI."""
    return bool(note.authors or note.source or safe_url(note.url) or _paper(note) or _doi(note))


def citation(note: VaultNote, key: str) -> Citation:
    """The note as a bibliography sees it, under ``key``."""
    names, others = parse_names(note.authors)
    journal, paper = _property(note, "journal", "container-title"), _paper(note)
    address = safe_url(note.url) or (f"https://arxiv.org/abs/{paper}" if paper else "")
    return Citation(
        key=key,
        note_id=note.id,
        title=one_line(note.title) or "Untitled",
        names=names,
        others=others,
        issued=_issued(note),
        accessed=note.created if address else None,
        container=journal or ("" if paper else one_line(note.source)),
        is_article=bool(journal),
        source_type=note.source_type,
        url=address,
        doi=_doi(note),
        arxiv_id=paper,
        category=_category(note) if paper else "",
        abstract=_abstract(note),
        tags=tuple(filter(None, map(one_line, note.tags))),
        lang="" if note.lang == "und" else one_line(note.lang),
    )


# --- keys ----------------------------------------------------------------------------------------------------------


def citation_keys(notes: Iterable[VaultNote]) -> dict[str, str]:
    """A key for each note, by id; no two are the same, capitals aside.

    A ``citekey`` (or ``citation_key``) in the frontmatter is taken as it stands. Wants all notes of the vault, also where few
    are to be cited: else a key could be given twice.
    """
    keys: dict[str, str] = {}
    taken: set[str] = set()
    for note in sorted(notes, key=lambda note: (not _pinned(note), note.created or date.max, note.id)):
        key = next(key for key in _candidates(note) if key.casefold() not in taken)
        taken.add(key.casefold())
        keys[note.id] = key
    return keys


def _candidates(note: VaultNote) -> Iterator[str]:
    """The keys of a note, the one that it would like first."""
    pinned = _pinned(note)
    plain = pinned or _author(note) + _year(note) + _word(note.title)
    if pinned or _paper(note) or _doi(note):
        yield plain
    digest = int.from_bytes(hashlib.sha256(note.id.encode("utf-8", "surrogatepass")).digest())
    signs = "".join(_ENDING[digest // len(_ENDING) ** place % len(_ENDING)] for place in range(_ENDING_LENGTHS[-1]))
    yield from (f"{plain}-{signs[:length]}" for length in _ENDING_LENGTHS)


def _pinned(note: VaultNote) -> str:
    given = _property(note, *_PINNED).removeprefix("@")
    return given if _KEY.fullmatch(given) else ""


def _author(note: VaultNote) -> str:
    names, _ = parse_names(note.authors)
    by_source = "".join(_words(note.source))[:16]
    return (family_key(names[0]) if names else "") or by_source or "anon"


def _year(note: VaultNote) -> str:
    issued = _issued(note)
    return str(issued[0] if issued else note.created.year if note.created else "nd")


def _word(title: str) -> str:
    """A work's own name, else the first words of its title that say something."""
    head, colon, _ = re.sub(r"[：—–]", ":", title).partition(":")
    tokens = _TOKEN.findall(head)
    if tokens and _COINED.match(tokens[0]):
        tokens = tokens[:1]
    named = "".join(_words(head if colon and len(tokens) <= _WORDS else title))
    return ("".join(_words(tokens[0])) if len(tokens) == 1 else named) or "note"


def _words(text: str) -> list[str]:
    """The first words of ``text`` that say something, as ASCII, no longer together than a key should be."""
    found: list[str] = []
    for token in _TOKEN.findall(text[:300]):
        word = ascii_word(token[:_HAN_AT_ONCE] if token[0] > "\u33ff" else token, _WORD_LENGTH)
        if not word or word in _SMALL:
            continue
        if len(found) == _WORDS or len("".join(found)) + len(word) > _WORD_LENGTH:
            break
        found.append(word)
    return found


# --- fields --------------------------------------------------------------------------------------------------------


def _property(note: VaultNote, *names: str) -> str:
    value = next((note.properties[name] for name in names if note.properties.get(name)), "")
    return one_line(str(value)) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""


def _paper(note: VaultNote) -> str:
    """The arXiv id, from its property or from the note's address."""
    address = canonical_url(note.url)
    named = note.arxiv_id or _property(note, "arxiv", "eprint")
    found = arxiv_id(named) or (arxiv_id(address) if address.startswith("https://arxiv.org/abs/") else None)
    return found[0] if found else ""


def _doi(note: VaultNote) -> str:
    """The DOI, from its property or from the note's address; arXiv's own DOIs say no more than the id."""
    address = canonical_url(note.url)
    found = doi(_property(note, "doi", "DOI")) or (doi(address) if address.startswith("https://doi.org/") else "")
    return "" if found.startswith("10.48550/arxiv.") else found


def _issued(note: VaultNote) -> tuple[int, ...]:
    numbered = re.match(r"(\d\d)(0[1-9]|1[0-2])\.", _paper(note))
    submitted = (2000 + int(numbered[1]), int(numbered[2])) if numbered else ()
    day = note.published or _day(note.properties.get("date"))
    # A post that tells of a paper may be years younger than the paper.
    if day and (not submitted or abs(12 * (day.year - submitted[0]) + day.month - submitted[1]) <= 1):
        return (day.year, day.month, day.day)
    year = re.match(r"(\d{4})(?:-(0[1-9]|1[0-2]))?(?!\d)", _property(note, "year", "published", "date"))
    return submitted or (tuple(int(part) for part in year.groups() if part) if year else ())


def _day(value: object) -> date | None:
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _category(note: VaultNote) -> str:
    found = next(filter(None, (_CATEGORY_TAG.fullmatch(tag) for tag in note.tags)), None)
    return arxiv_category(".".join(filter(None, found.groups()))) if found else ""


def _abstract(note: VaultNote) -> str:
    in_body = next((part.text for part in note.sections if part.heading.casefold() in ("abstract", "摘要")), "")
    return one_line(in_body) or _property(note, "abstract")
