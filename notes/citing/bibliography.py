"""The library that a user already has: BibTeX, CSL-JSON and Zotero's exports (CSV, RDF, Better BibTeX JSON) as values.

A file that is no library at all raises ParseError, which names the file and the line. An entry that cannot be read costs only
itself: it becomes one of ``faults``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from notes.errors import ParseError
from notes.identity import arxiv_id, doi
from notes.text.language import detect
from notes.text.visible import one_line

__all__ = ["MAX_BYTES", "Bibliography", "Reference", "parse_bibliography", "read_bibliography", "reference"]

MAX_BYTES = 64 * 1024 * 1024
"""A library of 30,000 entries with abstracts has about 60 MB."""

_DATE = re.compile(r"(?P<year>\d{4})(?:[-/](?P<month>\d{1,2})(?:[-/](?P<day>\d{1,2}))?)?")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_JATS = re.compile(r"</?(?:jats:)?[a-z]{1,12}(?:\s[^<>]{0,200})?/?>")
_KNOWN = "BibTeX (.bib), CSL-JSON or Better BibTeX JSON (.json), or Zotero's CSV (.csv) or RDF (.rdf)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """One work of a library; all texts are plain, on one line.

    ``key`` is the file's own name for it (citation key, Zotero's item key), ``added`` the day on which the user took it in, None
    when the file does not say. ``doi`` is lower case, ``arxiv_id`` without version, ``lang`` a BCP 47 tag or ``und``.
    """

    key: str
    title: str
    abstract: str = ""
    authors: tuple[str, ...] = ()
    year: int | None = None
    added: date | None = None
    keywords: tuple[str, ...] = ()
    doi: str = ""
    arxiv_id: str = ""
    url: str = ""
    lang: str = "und"


@dataclass(frozen=True, slots=True)
class Bibliography:
    """The works of a file in its order, and one line for each entry that could not be read (``papers.bib:12: …``)."""

    references: tuple[Reference, ...]
    faults: tuple[str, ...] = ()


def read_bibliography(path: Path) -> Bibliography:
    """The library in the file at ``path``; ParseError when it cannot be read, is too large, or is none."""
    try:
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        raise ParseError(
            f"{path}: cannot be read: {error.strerror or error}", hint="correct `library` under [promote]"
        ) from error
    return parse_bibliography(raw, path.name)


def parse_bibliography(raw: bytes, name: str) -> Bibliography:
    """The library in ``raw``, of a file called ``name``, whose ending tells the format.

    Raises ParseError ``name:line: …`` for what is too large, not UTF-8, of another format, or broken as a whole.
    """
    if len(raw) > MAX_BYTES:
        raise ParseError(f"{name}: larger than {MAX_BYTES // 2**20} MB", hint="export the library in parts")
    if b"\0" in raw:
        # Also what UTF-16 looks like, which spreadsheet programs write.
        raise ParseError(f"{name}:{_line(raw, raw.index(0))}: holds NUL bytes", hint="save the file as UTF-8")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise ParseError(f"{name}:{_line(raw, error.start)}: not UTF-8", hint="save the file as UTF-8") from error
    return _reader(name)(text, name)


def reference(  # noqa: PLR0913 - the texts of an entry, all by name
    *,
    key: str,
    title: str,
    abstract: str = "",
    authors: Iterable[str] = (),
    issued: str = "",
    added: str = "",
    keywords: Iterable[str] = (),
    places: Iterable[str] = (),
    url: str = "",
) -> Reference:
    """A work from the texts of an entry; ValueError when it has no title.

    ``places`` are the texts that may name its DOI or arXiv id: identifiers, addresses, notes.
    """
    # JSON can tell lone surrogates, which no file and no database takes: every text goes through one_line.
    named, places, url = one_line(title), tuple(map(one_line, places)), one_line(url)
    if not named:
        raise ValueError("has no title")
    known = (*places, url)
    told = one_line(_JATS.sub(" ", abstract))
    found = next((one[0] for place in known if (one := arxiv_id(place))), "")
    year = _YEAR.search(issued)
    return Reference(
        key=one_line(key),
        title=named,
        abstract=told,
        authors=tuple(filter(None, map(_given_first, authors))),
        year=int(year.group()) if year else None,
        added=_day(added),
        keywords=tuple(dict.fromkeys(filter(None, map(one_line, keywords)))),
        doi=next(filter(None, map(doi, known)), ""),
        arxiv_id=found,
        url=url,
        lang=detect(f"{named}\n{told}"),
    )


def _reader(name: str) -> Callable[[str, str], Bibliography]:
    from notes.citing import bibliography_json, bibtex, zotero

    readers = {
        ".bib": bibtex.parse,
        ".json": bibliography_json.parse,
        ".csv": zotero.parse_csv,
        ".rdf": zotero.parse_rdf,
    }
    found = readers.get(Path(name).suffix.lower())
    if found is None:
        raise ParseError(f"{name}: no known library format", hint=f"export it as {_KNOWN}")
    return found


def _day(text: str) -> date | None:
    match = _DATE.match(text.strip())
    if match is None:
        return None
    try:
        return date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1))
    except ValueError:
        return None


def _given_first(name: str) -> str:
    """``Vaswani, Ashish`` as ``Ashish Vaswani``; ``Smith, Jr., John`` keeps its suffix last."""
    family, *rest = (one_line(part) for part in name.split(","))
    return " ".join(filter(None, (*rest[-1:], family, *rest[:-1])))


def _line(raw: bytes, at: int) -> int:
    return raw.count(b"\n", 0, at) + 1
