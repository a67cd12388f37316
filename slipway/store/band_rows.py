"""The bands by which items are found by likeness, as rows."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain

from sqlalchemy import Connection

from notes.text.likeness import bands
from slipway.store.bulk import insert_tuples
from slipway.store.tables import SketchBandRow

__all__ = ["BANDS_AT_ONCE", "insert_bands"]

# At each row that it inserts the driver gives way to the threads that fetch: SQLite gets many at once. OR FAIL spares it a
# journal of each statement; should one fail, its rows go with the transaction.
BANDS_AT_ONCE = 480  # two parameters each; SQLite before 3.32 took 999
_PLACES = ", ".join(["(?, ?)"] * BANDS_AT_ONCE)
_MANY_BANDS = f"INSERT OR FAIL INTO sketch_bands (band, item_id) VALUES {_PLACES}"  # noqa: S608 - our own marks


def insert_bands(connection: Connection, drawn: Iterable[tuple[int, str]]) -> None:
    """Let items, given with their sketches, be found by likeness."""
    # In their order each page of the table is met once.
    rows = sorted([(band, item_id) for item_id, sketch in drawn for band in bands(sketch)])
    whole = len(rows) - len(rows) % BANDS_AT_ONCE if connection.dialect.name == "sqlite" else 0
    for start in range(0, whole, BANDS_AT_ONCE):
        some = tuple(chain.from_iterable(rows[start : start + BANDS_AT_ONCE]))
        connection.exec_driver_sql(_MANY_BANDS, some)
    insert_tuples(connection, SketchBandRow, ("band", "item_id"), rows[whole:])
