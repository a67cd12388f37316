"""What was read of the vault, kept between processes: ``.slipway/cache/vault.db``, one row for each file.

A cache and nothing else: when it is missing, locked, damaged, of another vault or of another version of the reader, the
vault is read as if it had never been. Each row carries a checksum over itself, since a file that was torn by a power cut
may well be a database still. Plain ``sqlite3``, so that ``slipway show`` need not load SQLAlchemy.
"""

from __future__ import annotations

import hashlib
import json
import sqlite3
import sys
import zlib
from collections.abc import Collection, Iterator, Sequence
from contextlib import suppress
from dataclasses import fields
from datetime import date, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any, Final

from index.storage.sqlite_errors import SQLITE_ERRORS, SqliteError
from notes.files.readings import FileStat, Reading
from notes.markup.note_reader import READER_MODULES
from notes.model import VaultNote, VaultSection

__all__ = ["VaultCache", "reader_version"]

_APPLICATION_ID: Final = 0x51AB0A8
_BUSY: Final = 2.0  # seconds: to read a vault anew is slower, but not by so much that it pays to wait longer
_AT_ONCE: Final = 500  # SQLite before 3.32 takes at most 999 parameters

_NOT_ITS_FAULT: Final = frozenset(
    (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_INTERRUPT,
    )
)

_SCHEMA: Final = """
CREATE TABLE about (version TEXT NOT NULL);
CREATE TABLE readings (
    path TEXT PRIMARY KEY, size INTEGER NOT NULL, mtime_ns INTEGER NOT NULL, ctime_ns INTEGER NOT NULL,
    inode TEXT NOT NULL, read_ns INTEGER NOT NULL, sha256 TEXT NOT NULL, id TEXT NOT NULL, is_given INTEGER NOT NULL,
    title TEXT NOT NULL, checksum INTEGER NOT NULL
) WITHOUT ROWID;
CREATE TABLE notes (path TEXT PRIMARY KEY, note BLOB NOT NULL, checksum INTEGER NOT NULL);
"""
_DAY: Final = "\0day"
_MOMENT: Final = "\0moment"
_MAP: Final = "\0map"


def reader_version(root: Path) -> str:
    """A name for how the files of ``root`` are read: it changes with the reader's code and what that code rests on."""
    import notes

    digest = hashlib.sha256(f"{root.resolve()}\0{sys.version}\0".encode("utf-8", "surrogateescape"))
    for package in ("markdown-it-py", "PyYAML"):
        with suppress(PackageNotFoundError):
            digest.update(f"{package} {version(package)}\0".encode())
    for folder in notes.__path__:
        for module in READER_MODULES:
            digest.update(Path(folder, f"{module}.py").read_bytes())
    digest.update(Path(__file__).read_bytes())
    return digest.hexdigest()


class VaultCache:
    """A :class:`notes.files.readings.Shelf` in a SQLite file. It never raises: what goes wrong makes it forget."""

    def __init__(self, path: Path, root: Path) -> None:
        self.path = path
        self._connection: sqlite3.Connection | None = None
        self._connection = self._open(root)

    def close(self) -> None:
        """Release the file."""
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def readings(self) -> dict[str, Reading]:
        """All readings that are as they were written, by path."""
        return dict(self._readings())

    def notes(self, paths: Collection[str]) -> dict[str, VaultNote]:
        """The notes of these paths that are as they were written."""
        return dict(self._notes(sorted(paths)))

    def keep(self, read: Sequence[tuple[Reading, VaultNote | None]], gone: Collection[str]) -> None:
        """Write down what is new and drop what is gone, all of it or nothing."""
        if self._connection is None or not (read or gone):
            return
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._write(self._connection, read, gone)
            self._connection.execute("COMMIT")
        except SQLITE_ERRORS as error:
            self._forget(error)

    def _write(
        self,
        connection: sqlite3.Connection,
        read: Sequence[tuple[Reading, VaultNote | None]],
        gone: Collection[str],
    ) -> None:
        for table in ("readings", "notes"):
            connection.executemany(f"DELETE FROM {table} WHERE path = ?", [(path,) for path in gone])  # noqa: S608 - our own names
        rows = (_row(reading) for reading, _ in read)
        connection.executemany("INSERT OR REPLACE INTO readings VALUES (?,?,?,?,?,?,?,?,?,?,?)", rows)
        texts = ((reading.stat.path, _packed(note)) for reading, note in read if note is not None)
        connection.executemany(
            "INSERT OR REPLACE INTO notes VALUES (?,?,?)", ((path, raw, zlib.crc32(raw)) for path, raw in texts)
        )

    def _readings(self) -> Iterator[tuple[str, Reading]]:
        for row in self._rows("SELECT * FROM readings", ()):
            reading = _reading(row)
            if reading is not None:
                yield reading.stat.path, reading

    def _notes(self, paths: Sequence[str]) -> Iterator[tuple[str, VaultNote]]:
        for start in range(0, len(paths), _AT_ONCE):
            some = paths[start : start + _AT_ONCE]
            marks = ",".join("?" * len(some))
            for path, raw, checksum in self._rows(f"SELECT * FROM notes WHERE path IN ({marks})", some):  # noqa: S608 - only marks
                note = _unpacked(raw) if isinstance(raw, bytes) and zlib.crc32(raw) == checksum else None
                if note is not None and note.path == path:
                    yield path, note

    def _rows(self, statement: str, parameters: Sequence[str]) -> Iterator[Any]:
        if self._connection is None:
            return
        try:
            yield from self._connection.execute(statement, parameters)
        except SQLITE_ERRORS as error:
            self._forget(error)

    # --- the file ---

    def _open(self, root: Path) -> sqlite3.Connection | None:
        try:
            wanted = reader_version(root)
            self.path.parent.mkdir(parents=True, exist_ok=True)
        except OSError:
            return None
        try:
            return self._usable(wanted)
        except SQLITE_ERRORS as error:
            self._forget(error)
        try:
            return self._usable(wanted)
        except SQLITE_ERRORS:
            return None

    def _usable(self, wanted: str) -> sqlite3.Connection:
        """The file, made or made anew where it is not of this version; raises one of SQLITE_ERRORS."""
        connection = sqlite3.connect(self.path, timeout=_BUSY, isolation_level=None)
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            # A cache may lose its last commits at a power cut.
            connection.execute("PRAGMA synchronous = NORMAL")
            if not _is_of(connection, wanted):
                _make(connection, wanted)
        except BaseException:
            connection.close()
            raise
        return connection

    def _forget(self, error: SqliteError) -> None:
        """Do without the cache; a file that is damaged or not ours goes, one that is only busy stays."""
        self.close()
        if (getattr(error, "sqlite_errorcode", None) or 0) & 0xFF not in _NOT_ITS_FAULT:
            with suppress(OSError):
                for suffix in ("", "-wal", "-shm", "-journal"):
                    self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)


def _is_of(connection: sqlite3.Connection, wanted: str) -> bool:
    if connection.execute("PRAGMA application_id").fetchone()[0] != _APPLICATION_ID:
        return False
    return bool(connection.execute("SELECT version FROM about").fetchall() == [(wanted,)])


def _make(connection: sqlite3.Connection, wanted: str) -> None:
    """Throw away whatever tables there are, in one transaction, and make ours."""
    connection.execute("BEGIN EXCLUSIVE")
    if _is_made_meanwhile(connection, wanted):
        connection.execute("COMMIT")
        return
    names = "SELECT type, name FROM sqlite_master WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'"
    for kind, name in connection.execute(names).fetchall():
        connection.execute(f'DROP {kind} "{name}"')
    for statement in filter(str.strip, _SCHEMA.split(";")):
        connection.execute(statement)
    connection.execute("INSERT INTO about VALUES (?)", (wanted,))
    connection.execute(f"PRAGMA application_id = {_APPLICATION_ID}")
    connection.execute("COMMIT")


def _is_made_meanwhile(connection: sqlite3.Connection, wanted: str) -> bool:
    """Whether another process made the tables between our look and our lock."""
    there = connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'about'").fetchone()[0]
    return bool(there) and _is_of(connection, wanted)


# --- rows ----------------------------------------------------------------------------------------------------------


def _row(reading: Reading) -> tuple[Any, ...]:
    stat = reading.stat
    # Inodes of ReFS and of some network shares are longer than SQLite's integers.
    file = (stat.path, stat.size, stat.mtime_ns, stat.ctime_ns, str(stat.inode), reading.read_ns)
    row = (*file, reading.sha256, reading.id, int(reading.is_given), reading.title)
    return (*row, _checksum(row))


def _reading(row: tuple[Any, ...]) -> Reading | None:
    *values, checksum = row
    if _checksum(tuple(values)) != checksum:
        return None
    path, size, mtime_ns, ctime_ns, inode, read_ns, sha, note_id, is_given, title = values
    stat = FileStat(path, size, mtime_ns, ctime_ns, int(inode))
    return Reading(stat, read_ns, sha, note_id, bool(is_given), title)


def _checksum(row: tuple[Any, ...]) -> int:
    return zlib.crc32(repr(row).encode("utf-8", "surrogatepass"))


_FIELDS: Final = tuple(field.name for field in fields(VaultNote))
_DAYS: Final = ("created", "published")
_TUPLES: Final = ("aliases", "tags", "authors", "related", "wikilinks", "references")


def _packed(note: VaultNote) -> bytes:
    values = {name: getattr(note, name) for name in _FIELDS}
    values |= {name: values[name] and values[name].isoformat() for name in _DAYS}
    values["sections"] = [[section.heading, section.level, section.text] for section in note.sections]
    values["properties"] = _told(note.properties)
    return json.dumps([values[name] for name in _FIELDS], ensure_ascii=False, separators=(",", ":")).encode(
        "utf-8", "surrogatepass"
    )


def _unpacked(raw: bytes) -> VaultNote | None:
    values = dict(zip(_FIELDS, json.loads(raw.decode("utf-8", "surrogatepass"), object_hook=_meant), strict=True))
    values |= {name: values[name] and date.fromisoformat(values[name]) for name in _DAYS}
    values |= {name: tuple(values[name]) for name in _TUPLES}
    values["sections"] = tuple(VaultSection(*section) for section in values["sections"])
    return VaultNote(**values)


def _told(value: object) -> object:
    """A property for JSON: what JSON does not know is a map with a key that no other map has."""
    if isinstance(value, datetime):
        return {_MOMENT: value.isoformat()}
    if isinstance(value, date):
        return {_DAY: value.isoformat()}
    if isinstance(value, list):
        return [_told(part) for part in value]
    if isinstance(value, dict):
        parts = {key: _told(part) for key, part in value.items()}
        return {_MAP: list(parts.items())} if any(key.startswith("\0") for key in parts) else parts
    return value


def _meant(found: dict[str, Any]) -> object:
    if len(found) == 1:
        ((key, value),) = found.items()
        if key == _MOMENT:
            return datetime.fromisoformat(value)
        if key == _DAY:
            return date.fromisoformat(value)
        if key == _MAP:
            return dict(value)
    return found
