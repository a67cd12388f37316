"""What a search does about a damaged index: it makes it anew where that is quick, else it says what to do."""

from __future__ import annotations

import time
from contextlib import suppress
from typing import TYPE_CHECKING

from index.storage.reading import INDEX_NAME, SearchIndex
from index.storage.seal import read_seal
from notes.errors import IndexCacheError, LockedError

if TYPE_CHECKING:
    from pathlib import Path

    from slipway.app import App

__all__ = ["MOST_PASSAGES", "make_index_anew", "publish_anew"]

MOST_PASSAGES = 20_000
"""An index of more passages is not made anew by a search, which would take minutes: the user is told to do it."""

_PATIENCE, _LOOK = 20.0, 0.1  # seconds


def make_index_anew(app: App, why: str) -> None:
    """Read the vault and make the words anew, with the vectors that are kept; nothing is embedded.

    IndexCacheError when the index is too large for that, when another run is at work, or when nothing can be written.
    """
    from slipway.app import App as Opened
    from slipway.night import run_lock
    from slipway.stages.search_index import index

    seal = read_seal(app.config.cache / INDEX_NAME)
    if seal is not None and seal.passages > MOST_PASSAGES:
        raise IndexCacheError(
            f"the search index cannot be used: {why}; it held {seal.passages:,} passages, which take minutes to read again",
            hint="`slipway index` makes it anew",
        )
    try:
        with Opened(app.config, app.clock, app.reporter) as opened, run_lock(opened):
            index(opened, embed=False)
    except LockedError as error:
        if not _made_meanwhile(app.config.cache):
            raise IndexCacheError(
                f"the search index cannot be used: {why}; {error.message}, which may make it anew",
                hint="try again when that has ended, or `slipway index`",
            ) from error
    except OSError as error:
        raise IndexCacheError(
            f"the search index cannot be used: {why}; it cannot be made anew: {error}", hint="check who may write there"
        ) from error


def _made_meanwhile(folder: Path) -> bool:
    """Wait for whoever holds the lock, which may be another search that does the same; whether the index is sound then."""
    for _ in range(int(_PATIENCE / _LOOK)):
        time.sleep(_LOOK)
        with suppress(IndexCacheError), SearchIndex.open(folder, renew_seal=False):
            return True
    return False


def publish_anew(app: App, model: str) -> None:
    """Write the files of a model's vectors anew from the cache; IndexCacheError when that cannot be done."""
    from index.storage.cache import IndexCache
    from index.storage.refresh import publish_vectors

    with IndexCache(app.config.cache / INDEX_NAME) as cache:
        publish_vectors(cache, [model])
