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

from slipway.columns import Blocks, Counts, Moment, Plain, Texts
from slipway.tables import Base

__all__ = ["insert_rows", "insert_tuples"]

_Processor = Callable[[Any], Any]


def insert_rows(connection: Connection, table: type[Base], rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows that name the same columns."""
    if not rows:
        return
    names = tuple(rows[0])
    values = ([row[name] for row in rows] for name in names)
    columns = [
        column if process is None else [process(value) for value in column]
        for column, process in zip(values, _processors(connection.dialect, table, names), strict=True)
    ]
    insert_tuples(connection, table, names, list(zip(*columns, strict=True)))


def insert_tuples(
    connection: Connection, table: type[Base], names: tuple[str, ...], rows: list[tuple[Any, ...]]
) -> None:
    """Insert rows whose values the driver takes as they are."""
    if rows:
        connection.exec_driver_sql(_statement(connection.dialect, table, names), rows)


@lru_cache(maxsize=32)
def _statement(dialect: Dialect, table: type[Base], names: tuple[str, ...]) -> str:
    quote = dialect.identifier_preparer.quote
    mark = "?" if dialect.paramstyle == "qmark" else "%s"
    into, marks = ", ".join(map(quote, names)), ", ".join([mark] * len(names))
    return f"INSERT INTO {quote(table.__tablename__)} ({into}) VALUES ({marks})"  # noqa: S608 - our own names


@lru_cache(maxsize=32)
def _processors(dialect: Dialect, table: type[Base], names: tuple[str, ...]) -> tuple[_Processor | None, ...]:
    """For each column what makes the driver's value of ours."""
    return tuple(_processor(table.__table__.columns[name].type, dialect) for name in names)


def _processor(kind: TypeEngine[Any], dialect: Dialect) -> _Processor | None:
    if isinstance(kind, Blocks | Counts | Moment | Plain | Texts):
        return kind.bound
    return kind.dialect_impl(dialect).bind_processor(dialect)
