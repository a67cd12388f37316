"""What ``search --like`` names, as a document: a file, standard input, or something that the index holds."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING

from notes.errors import UsageError
from notes.markup.note_words import Part, part_of

if TYPE_CHECKING:
    import sqlite3

    from index.texts.documents import Document
    from notes.model import VaultNote
    from slipway.app import App

__all__ = ["document_like", "standard_input"]

_MOST = 16 * 1024 * 1024  # bytes, as much as is read of a file of the vault
_TELLING = 4000  # characters that tell a text's language
_TOLD = 200  # characters of a name, in a message
# What Slipway puts below a text: other notes' titles and addresses (slipway.stages.search_index).
_APPARATUS = frozenset({Part.RELATED, Part.SOURCES, Part.FIGURES, Part.VERSIONS})
_ROW = "SELECT id, kind, title, lang, path FROM documents WHERE id = ? OR (path = ? AND path <> '')"
_TEXTS = "SELECT heading, text FROM passages WHERE document_id = ? ORDER BY position"


def document_like(app: App, named: str, connection: sqlite3.Connection) -> Document:
    """The document to be like: of ``-`` (standard input), a file, or a note or item by id or name.

    A file of the vault bears its id in the index, so that it is not found itself; any other file an empty one. UsageError when
    there is nothing of the name, or no text in it.
    """
    if named == "-":
        document = _from_bytes(standard_input().read(_MOST + 1), "", "")
    elif (place := _file(named)) is not None:
        document = _from_bytes(_read(place), place.name, _id_of(app, place, connection))
    else:
        document = _indexed(named, connection) or _by_name(app, named, connection)
    if not document.text.strip() and not document.title:
        raise UsageError(f"--like {named[:_TOLD]}: there is no text in it", hint="give a text that says something")
    return document


def standard_input() -> IO[bytes]:
    """The bytes of standard input; UsageError when it was closed before the start."""
    # Python has no object for a descriptor that is closed, whatever its types say.
    stream: IO[str] | None = sys.stdin
    if stream is None:
        raise UsageError("standard input is closed", hint="give it with `<` or a pipe")
    return stream.buffer  # type: ignore[attr-defined, no-any-return]


def _file(named: str) -> Path | None:
    try:
        place = Path(named).expanduser()
        return place if place.exists() else None
    except (OSError, RuntimeError, ValueError):  # a name that cannot be
        return None


def _read(place: Path) -> bytes:
    try:
        with place.open("rb") as file:
            return file.read(_MOST + 1)
    except OSError as error:
        raise UsageError(
            f"--like {place}: {error.strerror}", hint="name a text file, or - for standard input"
        ) from None


def _from_bytes(raw: bytes, name: str, document_id: str) -> Document:
    from notes.markup.note_reader import read_note

    if len(raw) > _MOST:
        raise UsageError(f"--like {name or '-'}: longer than {_MOST:,} bytes", hint="give a part of it")
    note = read_note(name, raw, mtime_ns=0)
    # A file's name is no title: it says nothing of what the text is about.
    titled = bool(note.properties.get("title")) or any(section.level == 1 for section in note.sections)
    return _of_note(note, document_id, note.title if titled else "")


def _of_note(note: VaultNote, document_id: str, title: str) -> Document:
    from index.texts.documents import Document
    from notes.text.language import detect

    sections = tuple(
        (section.heading, section.text)
        for section in note.sections
        if not (note.source_type and part_of(section.heading) in _APPARATUS)
    )
    telling = "\n".join([title, *(text for _, text in sections)])[:_TELLING]
    return Document(id=document_id, kind="note", title=title, sections=sections, lang=detect(telling))


def _id_of(app: App, place: Path, connection: sqlite3.Connection) -> str:
    try:
        path = place.resolve().relative_to(app.config.vault.resolve()).as_posix()
    except (OSError, ValueError):  # it lies elsewhere
        return ""
    row = connection.execute("SELECT id FROM documents WHERE path = ?", (path,)).fetchone()
    return str(row[0]) if row else ""


def _indexed(name: str, connection: sqlite3.Connection) -> Document | None:
    from index.texts.documents import Document

    try:
        row = connection.execute(_ROW, (name, name)).fetchone()
    except UnicodeEncodeError:  # half a character
        return None
    if row is None:
        return None
    sections = tuple((heading, text) for heading, text in connection.execute(_TEXTS, (row[0],)))
    return Document(id=row[0], kind=row[1], title=row[2], sections=sections, lang=row[3], path=row[4])


def _by_name(app: App, named: str, connection: sqlite3.Connection) -> Document:
    """A note by what a person calls it."""
    from slipway.finding import find_note

    if "/" in named or named.endswith((".md", ".txt")):
        raise UsageError(
            f"--like {named[:_TOLD]}: no such file", hint="or give the id of a note, or - for standard input"
        )
    note = find_note(app, named)
    return _indexed(note.id, connection) or _of_note(note, note.id, note.title)
