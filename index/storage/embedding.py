"""What the cache lacks in vectors, made in portions that are kept at once: a killed run goes on where it stopped."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from index.storage.cache import IndexCache
from index.storage.rows import embedded_text
from notes.errors import ModelError

if TYPE_CHECKING:
    from index.models.embedder import Embedder, Vectors

__all__ = ["Progress", "embed_missing", "embed_passages", "lacking"]

Progress = Callable[[int, int], None]
"""Called with the number of texts done and their total."""

_PORTION = 512


def embed_missing(
    cache: IndexCache, embedder: Embedder, texts: Mapping[str, str], *, progress: Progress | None = None
) -> int:
    """Embed the texts (by hash) that the cache lacks, and keep each portion at once; how many were embedded.

    A text that the model cannot read is left out, and tried again the next time. ModelError when the model cannot be used at all.
    """
    kept = cache.vectors(embedder.name, texts)
    missing = [key for key in texts if key not in kept]
    portions = (
        {key: texts[key] for key in missing[start : start + _PORTION]} for start in range(0, len(missing), _PORTION)
    )
    return _embed(cache, embedder, portions, len(missing), progress)


def embed_passages(
    cache: IndexCache,
    embedder: Embedder,
    *,
    progress: Progress | None = None,
    enough: Callable[[], bool] = lambda: False,
) -> int:
    """Embed the passages of the index that lack a vector, those of the newest documents first; how many were embedded.

    The texts are read as they are needed. Between two portions ``enough`` may end the work. Otherwise as :func:`embed_missing`.
    """
    rows = cache.connection.execute(
        "SELECT p.id FROM passages p JOIN documents d ON d.id = p.document_id WHERE NOT EXISTS"
        " (SELECT 1 FROM vectors v WHERE v.model = ? AND v.text_hash = p.vector_hash)"
        " ORDER BY d.created DESC NULLS LAST, d.id, p.position",
        (embedder.name,),
    )
    missing = [row[0] for row in rows]
    return _embed(cache, embedder, _texts(cache, missing, enough), len(missing), progress)


def lacking(cache: IndexCache, model: str) -> int:
    """How many passages have no vector of ``model``."""
    found = cache.connection.execute(
        "SELECT count(*) FROM passages p WHERE NOT EXISTS"
        " (SELECT 1 FROM vectors v WHERE v.model = ? AND v.text_hash = p.vector_hash)",
        (model,),
    )
    return int(found.fetchone()[0])


def _texts(cache: IndexCache, passages: Sequence[int], enough: Callable[[], bool]) -> Iterator[dict[str, str]]:
    """The texts of these passages by hash, in portions; a text that stands twice comes once where the two are near."""
    for start in range(0, len(passages), _PORTION):
        if enough():
            return
        portion: dict[str, str] = {}
        for passage in passages[start : start + _PORTION]:
            row = cache.connection.execute(
                "SELECT d.title, p.heading, p.text, p.vector_hash FROM passages p"
                " JOIN documents d ON d.id = p.document_id WHERE p.id = ?",
                (passage,),
            ).fetchone()
            text = embedded_text(*row)
            if text is not None:
                portion[row[3]] = text
        yield portion


def _embed(
    cache: IndexCache,
    embedder: Embedder,
    portions: Iterator[dict[str, str]],
    total: int,
    progress: Progress | None,
) -> int:
    embedded = done = 0
    for portion in portions:
        keys, texts = list(portion), list(portion.values())
        read, vectors = _encoded(embedder, texts)
        cache.keep_vectors(embedder.name, [keys[place] for place in read], vectors)
        embedded += len(read)
        done += _PORTION
        if progress:
            progress(min(done, total), total)
    return embedded


def _encoded(embedder: Embedder, texts: Sequence[str]) -> tuple[list[int], Vectors]:
    """The places of the texts that the model can read, and their vectors; what is wrong is found by halving."""
    import numpy as np

    nothing = np.zeros((0, embedder.dim), dtype=np.float32)  # loads the model: not to be usable is no text's fault
    try:
        vectors = embedder.encode_passages(texts)
    except ModelError:
        vectors = np.full((len(texts), embedder.dim), np.nan, dtype=np.float32)
    if np.isfinite(vectors).all():
        return list(range(len(texts))), vectors
    if len(texts) == 1:
        return [], nothing
    half = len(texts) // 2
    (first, left), (second, right) = _encoded(embedder, texts[:half]), _encoded(embedder, texts[half:])
    return [*first, *(half + place for place in second)], np.concatenate([left, right])
