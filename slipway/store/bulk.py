"""Many rows in one statement, handed to the driver as they are.

SQLAlchemy prepares the parameters of each row anew, which costs several times what the insertion does: a cold night
inserts some hundred thousand rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Dialect
from sqlalchemy.types import TypeEngine

from slipway.store.columns import Blocks, Counts, Moment, Plain, Texts, storable
from slipway.store.tables import Base

__all__ = ["insert_columns", "insert_rows", "insert_tuples", "update_rows"]

_Processor = Callable[[Any], Any]
_TEXTS_BOUND: _Processor = Texts().bound


def insert_rows(connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns."""
    if not rows:
        return
    insert_columns(connection, table, {name: [row[name] for row in rows] for name in rows[0]})


def insert_columns(connection: Connection, table: type[Base], columns: Mapping[str, Sequence[Any]]) -> None:
    """Insert rows of our values, given as the columns that they make; all are equally long."""
    names = tuple(columns)
    insert_tuples(connection, table, names, _bound(connection.dialect, table, names, tuple(columns.values())))


def update_rows(connection: Connection, table: type[Base], key: str, rows: Sequence[Mapping[str, Any]]) -> None:
    """Update the rows found by their column ``key``; all name the same columns, that one among them."""
    if not rows:
        return
    names = tuple(name for name in rows[0] if name != key)
    bound = (*names, key)
    found = _bound(connection.dialect, table, bound, [[row[name] for row in rows] for name in bound])
    connection.exec_driver_sql(_update(connection.dialect, table, names, key), found)


def insert_tuples(
    connection: Connection, table: type[Base], names: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    """Insert rows whose values the driver takes as they are."""
    if rows:
        connection.exec_driver_sql(_statement(connection.dialect, table, names), rows)


def _bound(
    dialect: Dialect, table: type[Base], names: tuple[str, ...], columns: Sequence[Sequence[Any]]
) -> list[tuple[Any, ...]]:
    """The rows that these columns make, as the driver takes them."""
    processors = _processors(dialect, table, names)
    return list(zip(*map(_processed, columns, processors), strict=True))


def _processed(column: Sequence[Any], process: _Processor | None) -> Sequence[Any]:
    """The values of one column as the driver takes them; of those that say all the same only one is made ready."""
    if process is None or not column:
        return column
    first = column[0]
    # Of values that differ the last does so, mostly.
    if column[-1] == first and column.count(first) == len(column):
        return [process(first)] * len(column)
    if process is storable:
        # Nearly all texts are as they should be: that can be seen of all at once.
        whole = "".join(column)
        return column if whole.isascii() and "\0" not in whole else [storable(text) for text in column]
    if process is _TEXTS_BOUND:
        # The authors, categories and tags of a feed's entries are the same again and again.
        made = {value: process(value) for value in set(column)}
        return [made[value] for value in column]
    return [process(value) for value in column]


def _mark(dialect: Dialect) -> str:
    return "?" if dialect.paramstyle == "qmark" else "%s"


@lru_cache(maxsize=32)
def _update(dialect: Dialect, table: type[Base], names: tuple[str, ...], key: str) -> str:
    quote, mark = dialect.identifier_preparer.quote, _mark(dialect)
    into = ", ".join(f"{quote(name)} = {mark}" for name in names)
    return f"UPDATE {quote(table.__tablename__)} SET {into} WHERE {quote(key)} = {mark}"  # noqa: S608 - our own names


@lru_cache(maxsize=32)
def _statement(dialect: Dialect, table: type[Base], names: tuple[str, ...]) -> str:
    quote = dialect.identifier_preparer.quote
    into, marks = ", ".join(map(quote, names)), ", ".join([_mark(dialect)] * len(names))
    return f"INSERT INTO {quote(table.__tablename__)} ({into}) VALUES ({marks})"  # noqa: S608 - our own names


@lru_cache(maxsize=32)
def _processors(dialect: Dialect, table: type[Base], names: tuple[str, ...]) -> tuple[_Processor | None, ...]:
    """For each column what makes the driver's value of ours."""
    columns = [table.__table__.columns[name] for name in names]
    return tuple(_processor(column.type, dialect, is_optional=bool(column.nullable)) for column in columns)


def _processor(kind: TypeEngine[Any], dialect: Dialect, *, is_optional: bool) -> _Processor | None:
    if isinstance(kind, Plain):
        return kind.bound if is_optional else storable
    if isinstance(kind, Texts):
        return _TEXTS_BOUND
    if isinstance(kind, Blocks | Counts | Moment):
        return kind.bound
    return kind.dialect_impl(dialect).bind_processor(dialect)
