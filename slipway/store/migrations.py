"""From the schema of an older Slipway to today's, within the transaction that the caller holds.

Killed anywhere, the database is what it was or what it is to be. Each step is written out and never touched again: it
must not follow the tables as they change.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

from sqlalchemy import Connection, bindparam, func, select, update

from notes.identity import item_key
from slipway.store.bulk import insert_tuples
from slipway.store.item_rows import index_text
from slipway.store.tables import SCHEMA_VERSION, Base, ItemRow, MetaRow, OtherKeyRow, SketchBandRow

__all__ = ["migrate"]

# A story comes again within days. Others wait for the migration: these take some seconds.
SKETCHED = 20_000
_ITEMS_AT_ONCE = 500


def migrate(connection: Connection, version: int) -> None:
    """Bring the tables of schema ``version`` to :data:`SCHEMA_VERSION`."""
    for step in range(version, SCHEMA_VERSION):
        _STEPS[step](connection)
    for table in Base.metadata.sorted_tables:
        # Early databases of schema 1 lack some.
        for index in sorted(table.indexes, key=lambda index: str(index.name)):
            index.create(connection, checkfirst=True)
    version_row = update(MetaRow).where(MetaRow.name == "schema_version")
    connection.execute(version_row.values(value=str(SCHEMA_VERSION)))


def _to_2(connection: Connection) -> None:
    """Schedules of sources, rules on sightings, full texts, version logs, sketches."""
    words = _SERVER if connection.dialect.name == "postgresql" else _SQLITE
    for statement in _TO_2:
        connection.exec_driver_sql(statement.format_map(words))
    _sketch_newest(connection)


_SQLITE = {"text": "TEXT", "real": "DOUBLE", "rowid": "WITHOUT ROWID"}
_SERVER = {"text": 'VARCHAR COLLATE "C"', "real": "DOUBLE PRECISION", "rowid": ""}
_TO_2 = (
    "ALTER TABLE sources ADD COLUMN next_due {text}",
    "ALTER TABLE sources ADD COLUMN due_reason {text} NOT NULL DEFAULT ''",
    "ALTER TABLE sources ADD COLUMN rhythm_s {real}",
    "ALTER TABLE sources ADD COLUMN hints {text} NOT NULL DEFAULT ''",
    "ALTER TABLE sources ADD COLUMN adopted {text} NOT NULL DEFAULT ''",
    "ALTER TABLE sources ADD COLUMN moved_to {text} NOT NULL DEFAULT ''",
    "ALTER TABLE sources ADD COLUMN moved_count INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sources ADD COLUMN gone_count INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sources ADD COLUMN disabled {text} NOT NULL DEFAULT ''",
    "ALTER TABLE items ADD COLUMN announced {text} NOT NULL DEFAULT ''",
    "ALTER TABLE items ADD COLUMN full_text {text} NOT NULL DEFAULT ''",
    "ALTER TABLE items ADD COLUMN full_text_tries INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE items ADD COLUMN sketch {text} NOT NULL DEFAULT ''",
    "ALTER TABLE items ADD COLUMN edits INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE sightings ADD COLUMN kept_out {text} NOT NULL DEFAULT ''",
    """CREATE TABLE versions (item_id INTEGER NOT NULL REFERENCES items (id), version INTEGER NOT NULL, date {text},
    comment {text} NOT NULL, seen {text} NOT NULL, PRIMARY KEY (item_id, version))""",
    "CREATE TABLE sketch_bands (band {text} NOT NULL, item_id INTEGER NOT NULL, PRIMARY KEY (band, item_id)) {rowid}",
    # Only arXiv's own record tells when a version came; a post about it tells that there is one.
    """INSERT INTO versions (item_id, version, date, comment, seen) SELECT id, arxiv_version,
    CASE WHEN source_type = 'arxiv' THEN coalesce(updated, published) END,
    CASE WHEN source_type = 'arxiv' THEN comment ELSE '' END, first_seen FROM items WHERE arxiv_version > 0""",
)


def _sketch_newest(connection: Connection) -> None:
    """Sketch the newest texts, so that what comes next is held against them too."""
    from notes.model import blocks_text
    from notes.text.likeness import bands, sketch

    last = connection.scalar(select(func.max(ItemRow.id))) or 0
    this = update(ItemRow).where(ItemRow.id == bindparam("its_id"))
    for start in range(max(0, last - SKETCHED), last, _ITEMS_AT_ONCE):
        some = ItemRow.id.between(start + 1, start + _ITEMS_AT_ONCE)
        rows = connection.execute(select(ItemRow.id, ItemRow.title, ItemRow.blocks).where(some).order_by(ItemRow.id))
        drawn = {row.id: sketch(row.title, blocks_text(row.blocks)) for row in rows}
        telling = [{"its_id": item_id, "sketch": drawing} for item_id, drawing in drawn.items() if drawing]
        if telling:
            connection.execute(this, telling)
        found = [(_band_as_text(band), row["its_id"]) for row in telling for band in bands(row["sketch"])]
        insert_tuples(connection, SketchBandRow, ("band", "item_id"), found)


def _band_as_text(band: int) -> str:
    """A band as schema 2 to 5 have it: a letter for its kind, and its hash in hex."""
    return f"{_BAND_KINDS[band >> 32]}{band & 0xFFFFFFFF:08x}"


def _to_3(connection: Connection) -> None:
    """The parts of a score, where the user's word came from and what was taken back, the word on what was offered."""
    words = _SERVER if connection.dialect.name == "postgresql" else _SQLITE
    for statement in _TO_3:
        # Not format_map: the default of ``parts`` is a pair of braces.
        connection.exec_driver_sql(statement.replace("{text}", words["text"]))


_TO_3 = (
    "ALTER TABLE items ADD COLUMN parts TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE items ADD COLUMN explored BOOLEAN NOT NULL DEFAULT FALSE",
    "ALTER TABLE files ADD COLUMN inputs {text} NOT NULL DEFAULT ''",
    "ALTER TABLE feedback ADD COLUMN origin {text} NOT NULL DEFAULT 'inbox'",
    "ALTER TABLE feedback ADD COLUMN undone_at {text}",
    "ALTER TABLE feedback ADD COLUMN was {text} NOT NULL DEFAULT ''",
    "CREATE TABLE arranged (note_id {text} NOT NULL PRIMARY KEY, evidence {text} NOT NULL)",
    "CREATE TABLE offers (id {text} NOT NULL PRIMARY KEY, kind {text} NOT NULL, verdict {text} NOT NULL, at {text} NOT NULL)",
)


def _to_4(connection: Connection) -> None:
    """Names, parents and states of topics, what items they hold, what became of them; the claims of posts."""
    words = _SERVER if connection.dialect.name == "postgresql" else _SQLITE
    for statement in _TO_4:
        connection.exec_driver_sql(statement.replace("{text}", words["text"]))


_TO_4 = (
    "ALTER TABLE topics ADD COLUMN names TEXT NOT NULL DEFAULT '{}'",
    "ALTER TABLE topics ADD COLUMN parent {text} NOT NULL DEFAULT ''",
    "ALTER TABLE topics ADD COLUMN state {text} NOT NULL DEFAULT ''",
    "ALTER TABLE topics ADD COLUMN level INTEGER NOT NULL DEFAULT 0",
    "ALTER TABLE posts ADD COLUMN lang {text} NOT NULL DEFAULT ''",
    "ALTER TABLE posts ADD COLUMN report TEXT NOT NULL DEFAULT '[]'",
    "CREATE TABLE topic_items (item_id INTEGER NOT NULL PRIMARY KEY, topic_id {text} NOT NULL)",
    """CREATE TABLE topic_events (day DATE NOT NULL, topic_id {text} NOT NULL, kind {text} NOT NULL, other {text} NOT NULL,
    PRIMARY KEY (day, topic_id, kind, other))""",
    """CREATE TABLE post_claims (post_id {text} NOT NULL REFERENCES posts (id), position INTEGER NOT NULL,
    text {text} NOT NULL, note_ids TEXT NOT NULL, quotes TEXT NOT NULL, writer {text} NOT NULL,
    PRIMARY KEY (post_id, position))""",
)


def _to_5(_connection: Connection) -> None:
    """An index by which the articles that are due are found: :func:`migrate` makes what indexes are missing."""


def _to_6(connection: Connection) -> None:
    """Bands as numbers: what else stands in a column of texts was never looked for."""
    words = _SERVER if connection.dialect.name == "postgresql" else _SQLITE
    connection.exec_driver_sql("ALTER TABLE sketch_bands RENAME TO old_bands")
    if connection.dialect.name == "postgresql":
        # Names of constraints are those of the whole schema.
        connection.exec_driver_sql("ALTER INDEX sketch_bands_pkey RENAME TO old_bands_pkey")
    connection.exec_driver_sql(_TO_6.replace("{rowid}", words["rowid"]))
    old = connection.exec_driver_sql("SELECT band, item_id FROM old_bands")
    for part in old.partitions(_ROWS_AT_ONCE):
        found = [(number, item_id) for band, item_id in part if (number := _band_as_number(band)) is not None]
        insert_tuples(connection, SketchBandRow, ("band", "item_id"), found)
    connection.exec_driver_sql("DROP TABLE old_bands")


_TO_6 = """CREATE TABLE sketch_bands (band BIGINT NOT NULL, item_id INTEGER NOT NULL, PRIMARY KEY (band, item_id)) {rowid}"""
_BAND_KINDS = "tlb"
_BAND = re.compile(f"([{_BAND_KINDS}])([0-9a-f]{{8}})")
_ROWS_AT_ONCE = 10_000


def _band_as_number(band: str) -> int | None:
    """A band as schema 6 has it."""
    found = _BAND.fullmatch(band)
    return _BAND_KINDS.index(found[1]) << 32 | int(found[2], 16) if found else None


def _to_7(connection: Connection) -> None:
    """The other addresses of items: what sightings tell of them, but where several items were met at one."""
    words = _SERVER if connection.dialect.name == "postgresql" else _SQLITE
    connection.exec_driver_sql(_TO_7.format_map(words))
    rows = connection.exec_driver_sql(_ELSEWHERE).all()
    found = {(key, row.item_id) for row in rows if (key := _address_key(row.url))}
    times = Counter(key for key, _ in found)
    told = sorted((key, item_id) for key, item_id in found if times[key] == 1)
    insert_tuples(connection, OtherKeyRow, ("key", "item_id"), told)
    connection.exec_driver_sql("DELETE FROM other_keys WHERE key IN (SELECT key FROM items)")


def _address_key(url: str) -> str:
    """The key of an address as it is stored; empty for what names no page."""
    key = item_key(arxiv_id="", url=url, guid="", source="", title="", text="")
    return index_text(key) if key.startswith("url:") else ""


_TO_7 = """CREATE TABLE other_keys (key {text} NOT NULL, item_id INTEGER NOT NULL REFERENCES items (id),
PRIMARY KEY (key, item_id)) {rowid}"""
_ELSEWHERE = """SELECT DISTINCT sightings.item_id, sightings.url
FROM sightings JOIN items ON items.id = sightings.item_id WHERE sightings.url <> items.url AND sightings.url <> ''
AND sightings.url NOT IN (SELECT url FROM sightings GROUP BY url HAVING count(DISTINCT item_id) > 1)"""


_STEPS: dict[int, Callable[[Connection], None]] = {1: _to_2, 2: _to_3, 3: _to_4, 4: _to_5, 5: _to_6, 6: _to_7}
