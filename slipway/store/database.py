"""The connection to the database: opening, the schema, one transaction for each method, errors told in our words."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import islice
from pathlib import Path
from types import TracebackType
from typing import Any, Self, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, func, insert, inspect, select
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, IntegrityError, NoSuchModuleError, ProgrammingError
from sqlalchemy.pool import NullPool

from index.storage.sqlite_errors import message_of
from notes.errors import StoreError
from slipway.store.address import sqlite_path
from slipway.store.migrations import migrate
from slipway.store.tables import SCHEMA_VERSION, Base, MetaRow

__all__ = ["Database", "chunks"]

BUSY_MS = 30_000
CHUNK = 500  # parameters a statement; SQLite before 3.32 took 999
T = TypeVar("T")

_PRAGMAS = (
    # Of a new database, and before its log: a row with its text fills half a page of the usual size, and spills over.
    *(f"busy_timeout={BUSY_MS}", "page_size=8192", "journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"),
    # 64 MiB of pages, and 32 MiB in the log before they go home: else a night writes the same pages of the indexes
    # again and again.
    *("cache_size=-65536", "wal_autocheckpoint=4096"),
)
SCHEMA_LOCK = 5_019_722  # any number, as long as every Slipway takes the same

_HINTS = {
    "locked": "another program holds the database; try again when it is done",
    "full": "make room on the disk",
    "disk i/o": "see whether the disk is full, was taken out or fails, and have a backup at hand",
    "not a database": "the file is something else; move it away or name another in slipway.toml",
    "malformed": "restore the file from a backup, or move it away to start anew from the feeds and the vault",
    "readonly": "check who may write the file and its folder",
    "unable to open": "check that the folder exists and who may write it",
    "address": "sqlite:///path or postgresql://user@host/name",
    "connection": "is the database server up, is `database` in slipway.toml right?",
}


def chunks(values: Iterable[T]) -> Iterator[list[T]]:
    """The values in lists short enough for one statement's parameters."""
    rest = iter(values)
    while chunk := list(islice(rest, CHUNK)):
        yield chunk


class Database:
    """An open database. A context manager; every public method of its children is one transaction."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Open ``url`` (``sqlite:///path`` or ``postgresql://…``) and make its tables, or bring an older Slipway's up to date.

        Raises StoreError when it cannot be reached, holds something else, or was made by a newer Slipway.
        """
        database = cls(_engine(url))
        try:
            database._prepare()
        except BaseException:
            database.close()
            raise
        return database

    @classmethod
    def look(cls, url: str) -> Self:
        """Open ``url`` to read: nothing is made, brought up to date or written, not even a file beside the database.

        Raises StoreError when it cannot be reached, or is not of this Slipway's version.
        """
        path = sqlite_path(url)
        database = cls(_engine(url) if path is None else _looked_at(path))
        try:
            with database._reading() as connection:
                version = database._version(connection)
        except BaseException:
            database.close()
            raise
        if version != SCHEMA_VERSION:
            database.close()
            raise StoreError(
                f"{database.place}: of another version of Slipway", hint="`slipway index` brings it up to date"
            )
        return database

    def close(self) -> None:
        """Give all connections back."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    @property
    def place(self) -> str:
        """The file of the database, or the address of its server without the password."""
        url = self._engine.url
        return url.render_as_string(hide_password=True) if self._is_server else str(url.database)

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """A transaction that sees one state of the database throughout."""
        # SQLite always does; PostgreSQL by default looks anew with each statement.
        level = {"isolation_level": "REPEATABLE READ"} if self._is_server else {}
        with self._foreseen(), self._engine.connect() as connection, connection.execution_options(**level).begin():
            yield connection

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A transaction that holds the right to write from its first statement."""
        # The option travels with the connection, so that the "begin" event finds it.
        with self._foreseen(), self._engine.execution_options(slipway_writes=True).begin() as connection:
            yield connection

    @property
    def _is_server(self) -> bool:
        return self._engine.dialect.name == "postgresql"

    @contextmanager
    def _foreseen(self) -> Iterator[None]:
        """Tell a database's trouble as StoreError; a broken statement or constraint is a bug and stays what it is."""
        try:
            yield
        except (IntegrityError, ProgrammingError):
            raise
        except DBAPIError as error:
            raise self._trouble(str(error.orig)) from error
        except UnicodeDecodeError as error:
            raise self._trouble(message_of(error)) from error

    def _trouble(self, message: str) -> StoreError:
        told = " ".join(message.split())
        hint = next((hint for sign, hint in _HINTS.items() if sign in told.lower()), "")
        return StoreError(f"{self.place}: {told}", hint=hint)

    def _prepare(self) -> None:
        with self._reading() as connection:
            version = self._version(connection)
        if version is None or version < SCHEMA_VERSION:
            self._bring_up()
        elif version > SCHEMA_VERSION:
            raise StoreError(
                f"{self.place}: made by a newer Slipway (schema {version}, this one knows {SCHEMA_VERSION})",
                hint="install that version again, or name another database in slipway.toml",
            )

    def _version(self, connection: Connection) -> int | None:
        if not inspect(connection).has_table(MetaRow.__tablename__):
            return None
        found = connection.scalar(select(MetaRow.value).where(MetaRow.name == "schema_version"))
        if found is None or not found.isdecimal():
            raise StoreError(f"{self.place}: holds a table `meta` that is not Slipway's", hint=_HINTS["not a database"])
        return int(found)

    def _bring_up(self) -> None:
        """Make the tables, or bring those of an older Slipway up to date."""
        with self._writing() as connection:
            if self._is_server:
                connection.execute(select(func.pg_advisory_xact_lock(SCHEMA_LOCK)))
            # Several may have found the same database at once; the lock lets them in one by one.
            version = self._version(connection)
            try:
                if version is None:
                    Base.metadata.create_all(connection, checkfirst=False)
                    connection.execute(insert(MetaRow).values(name="schema_version", value=str(SCHEMA_VERSION)))
                elif version < SCHEMA_VERSION:
                    migrate(connection, version)
            except DBAPIError as error:
                raise self._trouble(str(error.orig)) from error


def _engine(address: str) -> Engine:
    path = sqlite_path(address)
    if path is not None:
        return _sqlite(path)
    url = _server_url(address)
    try:
        # The night embeds for minutes between two statements: a connection may have died meanwhile.
        return create_engine(url, pool_pre_ping=True, connect_args={"connect_timeout": 10})
    except (ModuleNotFoundError, NoSuchModuleError) as error:
        raise StoreError(f"no driver for {url.drivername}", hint="pip install 'slipway[postgresql]'") from error


def _server_url(address: str) -> URL:
    try:
        url = make_url(address)
    except (ArgumentError, ValueError) as error:
        # The address may hold a password: it is not repeated.
        raise StoreError("`database` is not the address of one", hint=_HINTS["address"]) from error
    if url.drivername in {"postgres", "postgresql"}:
        return url.set(drivername="postgresql+psycopg")
    if url.get_backend_name() != "postgresql":
        raise StoreError(f"{url.drivername}: only SQLite files and PostgreSQL are known", hint=_HINTS["address"])
    return url


def _sqlite(path: Path) -> Engine:
    _make_folder(path.parent)
    engine = create_engine(URL.create("sqlite", database=str(path)))
    event.listen(engine, "connect", _on_connect)
    event.listen(engine, "begin", _on_begin)
    return engine


def _looked_at(path: Path) -> Engine:
    """An engine that only reads.

    Even a reader makes the files of a WAL when there are none (https://www.sqlite.org/wal.html#readonly). Without a log
    the file itself is the whole database, and may be read as what nobody writes.
    """

    def connect() -> sqlite3.Connection:
        alone = not path.with_name(f"{path.name}-wal").exists()
        address = f"{path.resolve().as_uri()}?mode=ro{'&immutable=1' if alone else ''}"
        return sqlite3.connect(address, uri=True, isolation_level=None, timeout=BUSY_MS / 1000)

    engine = create_engine(URL.create("sqlite", database=str(path)), creator=connect, poolclass=NullPool)
    event.listen(engine, "begin", _on_begin)
    return engine


def _make_folder(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise StoreError(f"{folder}: {error.strerror}", hint="name another place in slipway.toml") from error


def _on_connect(connection: Any, _record: object) -> None:
    # The driver's own transactions begin late and let DDL escape: we begin them ourselves.
    # https://docs.sqlalchemy.org/en/20/dialects/sqlite.html#pysqlite-serializable
    connection.isolation_level = None
    for pragma in _PRAGMAS:
        connection.execute(f"PRAGMA {pragma}").close()


def _on_begin(connection: Connection) -> None:
    # A reader that turns writer in mid-transaction fails at once instead of waiting: writers say so at the start.
    writes = connection.get_execution_options().get("slipway_writes")
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
