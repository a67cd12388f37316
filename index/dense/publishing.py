"""Publishing: the files of one model made equal to what the search cache holds.

Nothing is changed in place. The order is: new files, each durable; then the header; then the files of older headers
go. So a run killed anywhere leaves the old state or the new one and perhaps files that nobody names, which the next
run removes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, fields, replace
from pathlib import Path

from index.dense.approximate import coding
from index.dense.files import remove_strays, write_header
from index.dense.header import FileRecord, Header, model_folder
from index.dense.layout import Layout, Standing, lay_out, standing
from index.dense.rows import Wanted, wanted_rows
from index.dense.segments import open_segments, write_dead
from notes.errors import IndexCacheError
from notes.files.remedies import remedy_of

__all__ = ["EXACT_UP_TO", "Published", "publish"]

EXACT_UP_TO = 120_000
"""Rows up to which search is exact; beyond, a faiss index chooses the candidates."""

_LOCK_WAIT = 600.0  # seconds
_LINEAGE = 32
"""The bits of a generation above these tell one search cache from another that took its place."""


@dataclass(frozen=True, slots=True)
class Published:
    """What stands after a publication.

    ``rewritten`` is True when all was made anew from the cache; ``repaired`` says what was wrong with what was there,
    empty when nothing was. ``written`` counts bytes, 0 when everything stood already.
    """

    count: int
    missing: int
    kind: str
    recall: float | None
    rewritten: bool
    repaired: str = ""
    written: int = 0


def publish(
    connection: sqlite3.Connection, model: str, folder: Path, generation: int, *, exact_up_to: int = EXACT_UP_TO
) -> Published:
    """Make the files of ``model`` below ``folder`` equal to passages ⋈ vectors, writing only what has changed.

    One publisher at a time, readers beside it. IndexCacheError when the folder cannot be written.
    """
    home = model_folder(folder, model)
    if not home.exists() and not _has_vectors(connection, model):
        passages = connection.execute("SELECT count(*) FROM passages").fetchone()[0]
        return Published(0, passages, "flat", None, rewritten=False)
    try:
        home.mkdir(parents=True, exist_ok=True)
        # The lock first: a state that was read while waiting for another publisher would be older than its own.
        with _alone(home), _snapshot(connection):
            return _published(connection, home, model, generation, exact_up_to)
    except OSError as error:
        told = f"the vector index {home} cannot be written: {error}"
        raise IndexCacheError(told, hint=remedy_of(error, home)) from error


def _has_vectors(connection: sqlite3.Connection, model: str) -> bool:
    found = connection.execute("SELECT EXISTS (SELECT 1 FROM vectors WHERE model = ?)", (model,))
    return bool(found.fetchone()[0])


def _published(connection: sqlite3.Connection, home: Path, model: str, generation: int, exact_up_to: int) -> Published:
    wanted = wanted_rows(connection, model)
    before, fault = standing(home, model)
    try:
        layout = None
        if before is not None and before.header.generation >> _LINEAGE == generation >> _LINEAGE:
            layout = lay_out(connection, home, model, wanted, before)
        if layout is None:
            if before is not None:
                before.close()
            before = None
            layout = lay_out(connection, home, model, wanted, None)
        assert layout is not None
        header = _header(home, model, wanted, generation, layout, before, exact_up_to)
        written = _stand(home, header, before)
        return Published(header.count, header.missing, header.kind, header.recall, before is None, fault, written)
    finally:
        if before is not None:
            before.close()


def _header(
    home: Path, model: str, wanted: Wanted, generation: int, layout: Layout, before: Standing | None, exact_up_to: int
) -> Header:
    count = int((~layout.dead).sum())
    header = Header(
        model=model,
        generation=generation,
        dim=wanted.dim,
        count=count,
        missing=wanted.passages - count,
        segments=layout.segments,
        dead=_dead(home, layout, before),
    )
    if count <= exact_up_to:
        return header
    segments = open_segments(home, header)
    try:
        made = coding(home, segments, layout.dead, before.header if before else None, layout.kept)
    finally:
        for segment in segments:
            segment.close()
    return replace(header, **{field.name: getattr(made, field.name) for field in fields(made)})


def _dead(home: Path, layout: Layout, before: Standing | None) -> FileRecord | None:
    import numpy as np

    if before is not None and np.array_equal(layout.dead, before.dead):
        return before.dead_file
    return write_dead(home, layout.dead)


def _stand(home: Path, header: Header, before: Standing | None) -> int:
    """Let ``header`` stand and remove what it does not name; the bytes written for it, 0 when it stood already."""
    raw = header.encoded()
    written = 0
    if before is None or raw != before.raw:
        write_header(home, raw, header.files)
        old = {one.name for one in before.header.files} if before else set()
        written = len(raw) + sum(one.size for one in header.files if one.name not in old)
    remove_strays(home, header.files)
    return written


@contextmanager
def _snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """All reads inside see one state of the cache."""
    if connection.in_transaction:
        yield
        return
    connection.execute("BEGIN")
    try:
        yield
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")


@contextmanager
def _alone(home: Path) -> Iterator[None]:
    from filelock import FileLock, Timeout

    try:
        with FileLock(home / ".lock", timeout=_LOCK_WAIT):
            yield
    except Timeout as error:
        raise IndexCacheError(f"another process has been writing {home} for too long", hint="try again") from error
