"""The bands by which items are found by likeness, as rows."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Connection

from notes.text.likeness import bands
from slipway.store.bulk import insert_tuples
from slipway.store.tables import SketchBandRow

__all__ = ["insert_bands"]

# SQLite reads all rows of a statement from one list, while the threads that fetch have Python to themselves: a band in each
# number's higher bits, in the lower ones how far the item is from the first. OR FAIL spares it a journal of each statement;
# should one fail, its rows go with the transaction.
_APART_BITS = 28
_MANY_BANDS = f"""INSERT OR FAIL INTO sketch_bands (band, item_id)
SELECT value >> {_APART_BITS}, (value & {(1 << _APART_BITS) - 1}) + ? FROM json_each(?)"""  # noqa: S608 - our own numbers


def insert_bands(connection: Connection, drawn: Sequence[tuple[int, str]]) -> None:
    """Let items, given with their sketches, be found by likeness."""
    ids = [item_id for item_id, _ in drawn]
    first, last = min(ids, default=0), max(ids, default=0)
    # In their order each page of the table is met once.
    if connection.dialect.name == "sqlite" and not (last - first) >> _APART_BITS:
        packed = sorted([band << _APART_BITS | item_id - first for item_id, sketch in drawn for band in bands(sketch)])
        connection.exec_driver_sql(_MANY_BANDS, (first, str(packed)))
    else:
        rows = sorted([(band, item_id) for item_id, sketch in drawn for band in bands(sketch)])
        insert_tuples(connection, SketchBandRow, ("band", "item_id"), rows)
