"""Databases as older versions of Slipway left them."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import text

from slipway.store.database import Database, _engine

SCHEMA_1 = Path(__file__).resolve().parents[1] / "data" / "schema1.sql"

_SQLITE = {"{id}": "INTEGER", "{text}": "TEXT", "{real}": "DOUBLE"}
_SERVER = {"{id}": "SERIAL", "{text}": 'VARCHAR COLLATE "C"', "{real}": "DOUBLE PRECISION"}


def make_schema_1(url: str) -> None:
    """Lay a database of schema 1 with some rows at the address of an empty one."""
    database = Database(_engine(url))
    script = SCHEMA_1.read_text(encoding="utf-8")
    for word, meaning in (_SERVER if database._is_server else _SQLITE).items():
        script = script.replace(word, meaning)
    with database, database._writing() as connection:
        for statement in script.split(";\n"):
            if statement.strip():
                connection.exec_driver_sql(statement)
        if database._is_server:
            # Rows that name their ids do not move the counter.
            for table in ("items", "sightings", "runs"):
                last = f"(SELECT max(id) FROM {table})"
                connection.execute(text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), {last})"))
