r"""BibTeX libraries as values, read by bibtexparser; what TeX writes as commands becomes plain text.

bibtexparser 2 is a flat scanner: 50,000 nested braces or a cycle of ``@string`` cost it nothing. Its own decoder of LaTeX is
recursive and takes 5 ms an entry, so that the accents are resolved here.
"""

from __future__ import annotations

import logging
import re
import unicodedata
from typing import TYPE_CHECKING

from notes.citing.bibliography import Bibliography, Reference, reference
from notes.errors import ParseError

if TYPE_CHECKING:
    from bibtexparser.model import Block, Entry

__all__ = ["parse", "plain"]

_MARKS = {
    '"': "\u0308", "'": "\u0301", "`": "\u0300", "^": "\u0302", "~": "\u0303", "=": "\u0304", ".": "\u0307",
    "c": "\u0327", "v": "\u030c", "u": "\u0306", "H": "\u030b", "k": "\u0328", "r": "\u030a", "d": "\u0323", "b": "\u0331",
}  # fmt: skip
_LETTERS = {
    "ss": "ß", "o": "ø", "O": "Ø", "l": "ł", "L": "Ł", "ae": "æ", "AE": "Æ", "oe": "œ", "OE": "Œ", "aa": "å", "AA": "Å",
    "i": "i", "j": "j", "dh": "ð", "th": "þ", "textendash": "–", "textemdash": "—", "ldots": "…", "dots": "…",
}  # fmt: skip
_ACCENT = re.compile(
    r"\\(?:(?P<sign>[\"'`^~=.])\s*|(?P<name>[cvuHkrdb])(?:\s+|(?=\{)))\{?\s*\\?(?P<letter>[^\W\d_])\s*\}?"
)
_LETTER = re.compile(
    rf"\\(?P<name>{'|'.join(sorted(_LETTERS, key=lambda name: (-len(name), name)))})(?![A-Za-z])(?:\s*\{{\}}|\s+)?"
)
_ESCAPED = re.compile(r"\\([&%$#_{}])")
_DOLLAR = re.compile(r"(?<!\\)\$")
_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s*")
_AND = re.compile(r" and ", re.IGNORECASE)
_SEPARATOR = re.compile(r"[;,]")
_ADDED = ("timestamp", "date-added", "dateadded", "added")


def parse(text: str, name: str) -> Bibliography:
    """The works of a BibTeX file; ParseError when it holds no entry at all."""
    from bibtexparser.entrypoint import parse_string

    # It warns of each broken block on the root logger as well; here they become faults.
    logging.getLogger("bibtexparser").setLevel(logging.CRITICAL)
    library = parse_string(text)
    faults = [_fault(block, name) for block in library.failed_blocks]
    found: list[Reference] = []
    for entry in library.entries:
        try:
            found.append(_reference(entry))
        except (ValueError, TypeError) as error:
            faults.append(f"{name}:{(entry.start_line or 0) + 1}: {entry.key or 'entry'} {error}")
    if not found:
        raise ParseError(faults[0] if faults else f"{name}:1: holds no BibTeX entry", hint="export the library again")
    return Bibliography(tuple(found), tuple(faults))


def plain(tex: str) -> str:
    r"""Text without TeX: ``Schr{\"o}dinger`` is ``Schrödinger``; braces go, formulas between dollars stay as they are."""
    # One blank for many first: the patterns allow blanks in two places, and would try each way to share them out.
    parts = _DOLLAR.split(" ".join(tex.split()))
    if len(parts) % 2 == 0:
        return _without_commands(" ".join(tex.split()))
    return "$".join(part if at % 2 else _without_commands(part) for at, part in enumerate(parts))


def _without_commands(tex: str) -> str:
    text = _ACCENT.sub(_accented, tex)
    text = _LETTER.sub(lambda match: _LETTERS[match["name"]], text)
    text = _COMMAND.sub("", _ESCAPED.sub(r"\1", text))
    return text.replace("~", " ").replace("{", "").replace("}", "")


def _accented(match: re.Match[str]) -> str:
    mark = _MARKS[match["sign"] or match["name"]]
    return unicodedata.normalize("NFC", match["letter"] + mark)


def _reference(entry: Entry) -> Reference:
    fields = {field.key.lower(): str(field.value) for field in entry.fields}

    def told(*names: str) -> str:
        return next((plain(fields[one]) for one in names if fields.get(one)), "")

    # "archiveprefix = arXiv, eprint = 2310.06825": the number alone could be of any archive.
    archive = fields.get("archiveprefix") or fields.get("eprinttype") or "arxiv"
    eprint = f"arXiv:{fields['eprint']}" if fields.get("eprint") and archive.lower() == "arxiv" else ""
    return reference(
        key=entry.key,
        title=told("title"),
        abstract=told("abstract"),
        authors=_AND.split(told("author")),
        issued=told("date", "year"),
        added=told(*_ADDED),
        keywords=_SEPARATOR.split(told("keywords", "keyword")),
        places=(eprint, *(fields.get(one, "") for one in ("doi", "journal", "journaltitle", "note", "howpublished"))),
        url=fields.get("url", ""),
    )


def _fault(block: Block, name: str) -> str:
    why = " ".join(str(getattr(block, "error", "")).split()) or "cannot be read"
    return f"{name}:{(block.start_line or 0) + 1}: {why[:200]}"
