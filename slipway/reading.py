"""The light way to read the database: what ``inbox list``, ``runs``, ``related`` and search filters need, in milliseconds.

SQLAlchemy takes a third of a second to import, so a SQLite file is read with the standard library, and by a connection
that cannot write. Any other database is read through the store. Both ways give the same documents.
"""

from __future__ import annotations

import json
import sqlite3
from collections import defaultdict
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from index.storage.sqlite_errors import SQLITE_ERRORS, message_of
from notes.errors import StoreError
from notes.model import ItemStatus, Link, LinkKind, Slip
from slipway.store.address import sqlite_path
from slipway.store.records import RunRecord

__all__ = [
    "inbox_items",
    "item_document",
    "links_from",
    "run_document",
    "runs",
    "source_titles",
    "titles_of_sources",
    "topic_names",
]

_ITEMS = """
SELECT id, key, external_id, source, title, url, authors, status, score, reasons, published, first_seen, note_id
FROM items WHERE status = ? OR ? ORDER BY id
"""
_SIGHTINGS = """
SELECT sightings.item_id, sightings.source, sightings.external_id, sightings.url, sightings.title
FROM sightings JOIN items ON items.id = sightings.item_id WHERE items.status = ? OR ? ORDER BY sightings.id
"""
_RUNS = """
SELECT id, date, started, finished, status, exit_code, warnings FROM runs ORDER BY id DESC LIMIT ?
"""
_STAGES = """
SELECT run_id, name, status, seconds, counts, error FROM run_stages
WHERE run_id IN (SELECT id FROM runs ORDER BY id DESC LIMIT ?) ORDER BY run_id, position
"""

_LINKS = "SELECT src, dst, kind, score, why FROM links WHERE src = ? ORDER BY score DESC, dst, kind"


def inbox_items(url: str, *, all_statuses: bool) -> list[dict[str, Any]]:
    """The items of ``inbox list --json``, best first and then by id: those that wait, or all.

    ``score`` and ``published`` may be None, ``note_id`` is empty until an item is promoted. An empty list when the
    SQLite file does not exist yet; raises StoreError when it cannot be read.
    """
    path = sqlite_path(url)
    items = _items_of_store(url, all_statuses=all_statuses) if path is None else _items_of_file(path, all_statuses)
    return sorted(items, key=lambda item: (-(item["score"] or 0.0), item["id"]))


def runs(url: str, limit: int) -> list[dict[str, Any]]:
    """The runs of ``runs --json``, newest first. Empty when there is no file yet; raises StoreError as above."""
    path = sqlite_path(url)
    if path is not None:
        return _runs_of_file(path, limit)
    from slipway.store.store import Store

    with Store.open(url) as store:
        return [run_document(record) for record in store.runs(limit)]


def topic_names(url: str) -> dict[str, str]:
    """The names of the topics by id. Empty when there is no file yet; raises StoreError as above."""
    path = sqlite_path(url)
    if path is not None:
        return dict(
            _pairs(path, "SELECT id, name FROM topics WHERE id IN (SELECT topic_id FROM topic_notes) ORDER BY id")
        )
    from slipway.store.store import Store

    with Store.open(url) as store:
        return {topic.id: topic.name for topic in store.topics()}


def source_titles(url: str, key: str) -> tuple[str, ...]:
    """What the items of a source call it, sorted. Empty when there is no file yet; raises StoreError as above."""
    path = sqlite_path(url)
    if path is not None:
        statement = "SELECT DISTINCT source_title, 0 FROM items WHERE source = ? ORDER BY source_title"
        return tuple(title for title, _ in _pairs(path, statement, key))
    from slipway.store.store import Store

    with Store.open(url) as store:
        return tuple(sorted({slip.item.source_title for slip in store.slips() if slip.item.source == key}))


def titles_of_sources(url: str) -> dict[str, tuple[str, ...]]:
    """What the items of each source call it, by its key, sorted. Empty when there is no file yet; raises StoreError as above."""
    path = sqlite_path(url)
    if path is not None:
        pairs = _pairs(path, "SELECT DISTINCT source, source_title FROM items WHERE source_title <> ''")
    else:
        from slipway.store.store import Store

        with Store.open(url) as store:
            pairs = [(slip.item.source, slip.item.source_title) for slip in store.slips() if slip.item.source_title]
    titles: defaultdict[str, set[str]] = defaultdict(set)
    for key, title in pairs:
        titles[key].add(title)
    return {key: tuple(sorted(found)) for key, found in sorted(titles.items())}


def links_from(url: str, note_id: str) -> tuple[Link, ...]:
    """The links that go out from a note, closest first. Empty when there is no file yet; raises StoreError as above."""
    path = sqlite_path(url)
    if path is None:
        from slipway.store.store import Store

        with Store.open(url) as store:
            return store.related(note_id)
    if not path.exists():
        return ()
    with _file(path) as connection:
        rows = [] if _is_unmade(connection) else connection.execute(_LINKS, (note_id,)).fetchall()
    return tuple(Link(row["src"], row["dst"], LinkKind(row["kind"]), row["score"], row["why"]) for row in rows)


def _pairs(path: Path, statement: str, *values: str) -> list[tuple[Any, Any]]:
    if not path.exists():
        return []
    if not Path(f"{path}-wal").exists():
        # No one writes: read as a file that does not change, SQLite makes no files of its own beside it.
        with suppress(StoreError):  # a night began to write meanwhile
            return _pairs_of(path, "mode=ro&immutable=1", statement, values)
    return _pairs_of(path, "mode=ro", statement, values)


def _pairs_of(path: Path, how: str, statement: str, values: tuple[str, ...]) -> list[tuple[Any, Any]]:
    with _file(path, how) as connection:
        return [] if _is_unmade(connection) else [(row[0], row[1]) for row in connection.execute(statement, values)]


def run_document(record: RunRecord) -> dict[str, Any]:
    """A run of the ledger as ``runs --json`` gives it."""
    return {
        "id": record.id,
        "date": record.date.isoformat(),
        "started": record.started.isoformat(),
        "finished": _iso(record.finished),
        "status": record.status,
        "exit_code": record.exit_code,
        "warnings": list(record.warnings),
        "stages": [
            {
                "name": stage.name,
                "status": stage.status,
                "seconds": stage.seconds,
                "counts": dict(stage.counts),
                "error": stage.error,
            }
            for stage in record.stages
        ],
    }


@contextmanager
def _file(path: Path, how: str = "mode=ro") -> Iterator[sqlite3.Connection]:
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{how}", uri=True, timeout=30)) as connection:
            connection.row_factory = sqlite3.Row
            # One state for all the statements that follow.
            connection.execute("BEGIN")
            yield connection
    except SQLITE_ERRORS as error:
        raise StoreError(f"{path}: {message_of(error)}", hint="`slipway doctor` looks at the database") from error


def _is_unmade(connection: sqlite3.Connection) -> bool:
    """Whether the file is there but its schema is still to come: the first run is opening it this moment."""
    return bool(connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0)


def _items_of_file(path: Path, all_statuses: bool) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    which = (ItemStatus.INBOX.value, all_statuses)
    with _file(path) as connection:
        if _is_unmade(connection):
            return []
        sightings: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in connection.execute(_SIGHTINGS, which):
            sighting = dict(row)
            sightings[sighting.pop("item_id")].append(sighting)
        return [
            dict(row)
            | {"authors": json.loads(row["authors"]), "reasons": json.loads(row["reasons"])}
            | {"sightings": sightings[row["id"]]}
            for row in connection.execute(_ITEMS, which)
        ]


def _items_of_store(url: str, *, all_statuses: bool) -> list[dict[str, Any]]:
    from slipway.store.store import Store

    with Store.open(url) as store:
        return [item_document(slip) for slip in store.slips(None if all_statuses else ItemStatus.INBOX)]


def item_document(slip: Slip) -> dict[str, Any]:
    """An item as ``inbox list --json`` gives it."""
    item = slip.item
    return {
        "id": slip.id,
        "key": item.key,
        "external_id": item.external_id,
        "source": item.source,
        "title": item.title,
        "url": item.url,
        "authors": list(item.authors),
        "status": slip.status.value,
        "score": slip.score,
        "reasons": list(slip.reasons),
        "published": _iso(item.published),
        "first_seen": slip.first_seen.isoformat(),
        "note_id": slip.note_id,
        "sightings": [
            {"source": seen.source, "external_id": seen.external_id, "url": seen.url, "title": seen.title}
            for seen in slip.sightings
        ],
    }


def _runs_of_file(path: Path, limit: int) -> list[dict[str, Any]]:
    if not path.exists():
        return []
    with _file(path) as connection:
        if _is_unmade(connection):
            return []
        stages: defaultdict[int, list[dict[str, Any]]] = defaultdict(list)
        for row in connection.execute(_STAGES, (limit,)):
            stage = dict(row) | {"counts": json.loads(row["counts"])}
            stages[stage.pop("run_id")].append(stage)
        return [
            dict(row) | {"warnings": json.loads(row["warnings"]), "stages": stages[row["id"]]}
            for row in connection.execute(_RUNS, (limit,))
        ]


def _iso(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()
