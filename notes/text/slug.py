"""Names that file systems, addresses and Obsidian all take: slugs, note ids and tags."""

from __future__ import annotations

import re
from datetime import date
from unicodedata import name as character_name
from unicodedata import normalize

from notes.identity import arxiv_category
from notes.text.fold import to_simplified

__all__ = ["MAX_ID_BYTES", "arxiv_tag", "is_note_id", "note_id", "slugify", "tag"]

MAX_ID_BYTES = 80
"""The longest note id, in bytes."""

_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_LATEX_COMMAND = re.compile(r"\\(?:text|math|operator)?(?:bf|it|rm|sf|tt|cal|bb|frak|name|up)?(?![a-z])|\\[,;:!]")
_SYMBOL_COMMAND = re.compile(r"\\(times|cdot|star|dagger|infty|to|rightarrow|sim|approx|leq|geq|ldots|dots|pm)\b")
_NOTE_ID = re.compile(r"(\d{4})(\d{2})(\d{2})-\d{3,}-[a-z0-9]+(?:-[a-z0-9]+)*")
# Windows will not open a file of these names, whatever its extension.
_RESERVED = frozenset({"con", "prn", "aux", "nul", *(f"{port}{n}" for port in ("com", "lpt") for n in range(1, 10))})
_FALLBACK = "note"
# No slug needs more of a title, and pinyin is slow.
_ENOUGH = 500


def slugify(title: str, max_bytes: int = MAX_ID_BYTES) -> str:
    """``title`` as lower-case ASCII words joined by hyphens, at most ``max_bytes`` (at least 4) and never empty.

    Chinese becomes pinyin, Greek letters their names; LaTeX commands, symbols and all else are dropped.
    """
    plain = _LATEX_COMMAND.sub("", _SYMBOL_COMMAND.sub(" ", title[:_ENOUGH]))
    words = re.sub(r"[^a-z0-9]+", "-", _ascii(plain).lower()).strip("-")
    slug = _cut(words, max_bytes) or _FALLBACK
    return _cut(f"{slug}-{_FALLBACK}", max_bytes) if slug in _RESERVED else slug


def _ascii(text: str) -> str:
    romanised = _HAN_RUN.sub(_pinyin, to_simplified(normalize("NFKC", text)))
    decomposed = normalize("NFKD", re.sub("['’ʼ]", "", romanised))
    return "".join(character if character.isascii() else _greek(character) for character in decomposed)


def _pinyin(run: re.Match[str]) -> str:
    # Imported late: its tables cost a tenth of a second that English titles need not pay.
    from pypinyin import lazy_pinyin

    return f" {' '.join(lazy_pinyin(run.group()))} "


def _greek(character: str) -> str:
    match = re.fullmatch(r"GREEK (?:SMALL|CAPITAL) LETTER (?:FINAL )?(\w+)", character_name(character, ""))
    if match:
        return f" {match.group(1)} "
    # Accents were split off their letters: they leave no gap in the word.
    return "" if "COMBINING" in character_name(character, "") else "-"


def _cut(slug: str, max_bytes: int) -> str:
    """``slug`` within ``max_bytes``, cut at a hyphen where there is one."""
    if len(slug) <= max_bytes:
        return slug
    head = slug[: max_bytes + 1]
    return (head.rpartition("-")[0] or slug[:max_bytes]).strip("-")


def note_id(day: date, number: int, title: str) -> str:
    """The id ``YYYYMMDD-NNN-slug`` of the note that is ``number`` (from 1) of ``day``; at most 80 bytes."""
    prefix = f"{day:%Y%m%d}-{number:03d}-"
    return prefix + slugify(title, MAX_ID_BYTES - len(prefix))


def is_note_id(text: str) -> bool:
    """Whether ``text`` has the form of a note id, with a day that the calendar knows."""
    match = _NOTE_ID.fullmatch(text)
    if match is None or len(text) > MAX_ID_BYTES:
        return False
    try:
        date(*map(int, match.groups()))
    except ValueError:
        return False
    return True


def tag(text: str) -> str:
    """``text`` as an Obsidian tag without its ``#``: letters of any script, digits, ``_``, ``-``, ``/`` between levels.

    Lower case, no dot, no space; a tag of digits only gets an ``n`` before it. Empty when nothing is left.
    """
    return _tag(normalize("NFKC", text).lower())


def _tag(text: str) -> str:
    levels = (re.sub(r"-{2,}", "-", re.sub(r"[^\w-]+", "-", level)).strip("-_") for level in text.split("/"))
    joined = "/".join(level for level in levels if level)
    return f"n{joined}" if joined and not re.search(r"[^\d/_-]", joined) else joined


def arxiv_tag(category: str) -> str:
    """The tag of an arXiv category: ``cs.LG`` gives ``arxiv/cs/LG``; of a category kept twice, always the same one.

    Empty when ``category`` is no such name.
    """
    canonical = arxiv_category(category)
    return f"arxiv/{canonical.replace('.', '/')}" if canonical else ""
