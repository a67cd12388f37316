"""The search index in the doctor's eyes: every byte of it is looked at, which a search does not take the time for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.storage.embedding import lacking
from index.storage.reading import INDEX_NAME, SearchIndex
from index.storage.schema import counted
from index.storage.seal import read_seal, sha256_of
from notes.errors import IndexCacheError
from slipway.doctor import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slipway.app import App

__all__ = ["examine_index"]

_REMEDY = "`slipway index` makes it anew"
_MIB = 1 << 20


def examine_index(app: App) -> Iterator[Finding]:
    """Sealed or not, how large, and for each model how many vectors, of which kind, with what recall."""
    folder = app.config.cache
    if not (folder / INDEX_NAME).exists():
        yield Finding("index", ok=True, told="there is none yet: the first night makes it, or `slipway index`")
        return
    try:
        with SearchIndex.open(folder, renew_seal=False) as index:
            yield _sealed(index)
            yield from _models(app, index)
    except IndexCacheError as error:
        yield Finding("index", ok=False, told=error.message, remedy=_REMEDY, fatal=False)


def _sealed(index: SearchIndex) -> Finding:
    seal = read_seal(index.path)
    if seal is None or sha256_of(index.path) not in seal.hashes:
        told = f"{index.path} is not as it was written, though nothing has written to it: look at the disk"
        return Finding("index", ok=False, told=told, remedy=f"remove it; {_REMEDY}", fatal=False)
    count = "SELECT (SELECT count(*) FROM documents), (SELECT count(*) FROM passages)"
    told = "{:,} documents in {:,} passages".format(*index.connection.execute(count).fetchone())
    size = index.path.stat().st_size / _MIB
    return Finding("index", ok=True, told=f"{told}, {size:,.1f} MiB, sealed, state {counted(index.generation)}")


def _models(app: App, index: SearchIndex) -> Iterator[Finding]:
    models = app.cache.models()
    for warning in app.cache.warnings:
        yield Finding("index", ok=False, told=warning, remedy="`slipway index` makes good what is lost", fatal=False)
    if (
        app.embedder.name not in models
        and index.connection.execute("SELECT EXISTS (SELECT 1 FROM passages)").fetchone()[0]
    ):
        told = f"no vectors of the configured model {app.embedder.name}"
        yield Finding("vectors", ok=False, told=told, remedy="`slipway index` makes them", fatal=False)
    for model in models:
        yield _vectors(app, index, model)


def _vectors(app: App, index: SearchIndex, model: str) -> Finding:
    asked = model == app.embedder.name
    try:
        reader = index.dense(model)
        if reader is None:
            return Finding("vectors", ok=False, told=f"{model}: not published", remedy=_REMEDY, fatal=False)
        reader.verify()
    except IndexCacheError as error:
        return Finding("vectors", ok=False, told=f"{model}: {error.message}", remedy=_REMEDY, fatal=False)
    missing = lacking(app.cache, model)
    total = reader.count + reader.missing
    recall = "exact" if reader.recall is None else f"recall@10 {reader.recall:.3f}"
    told = f"{model}: {reader.count:,} of {total:,} passages, {reader.kind}, {recall}"
    if asked and missing:
        return Finding("vectors", ok=False, told=told, remedy="`slipway index` goes on", fatal=False)
    return Finding("vectors", ok=True, told=told if asked else f"{told}; not the configured model")
