"""Databases as older versions of Slipway left them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from slipway.store.database import Database, _engine

DATA = Path(__file__).resolve().parents[1] / "data"

_SQLITE = {"{id}": "INTEGER", "{text}": "TEXT", "{real}": "DOUBLE", "{rowid}": "WITHOUT ROWID"}
_SERVER = {"{id}": "SERIAL", "{text}": 'VARCHAR COLLATE "C"', "{real}": "DOUBLE PRECISION", "{rowid}": ""}
# Those of schema 1 that have numbers of their own are the same in schema 2.
_NUMBERED = ("items", "sightings", "runs", "feedback")


def make_old(url: str, schema: int) -> None:
    """Lay a database of an older schema with some rows at the address of an empty one."""
    database = Database(_engine(url))
    script = (DATA / f"schema{schema}.sql").read_text(encoding="utf-8")
    for word, meaning in (_SERVER if database._is_server else _SQLITE).items():
        script = script.replace(word, meaning)
    with database, database._writing() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        if database._is_server:
            # Rows that name their ids do not move the counter.
            for table in _NUMBERED:
                last = f"(SELECT coalesce(max(id), 1) FROM {table})"
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
