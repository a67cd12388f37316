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

    from slipway.app import App, Progress, Reporter

__all__ = ["MOST_PASSAGES", "make_index_anew", "publish_anew"]

MOST_PASSAGES = 20_000
"""An index of more passages is not made anew by a search, which would take minutes: the user is told to do it."""

_BYTES_EACH = 3_000  # of a passage with its words, about
_TRIES = 3
_PATIENCE, _LOOK = 20.0, 0.1  # seconds


def make_index_anew(app: App, why: str) -> tuple[str, ...]:
    """Read the vault and make the words anew, with the vectors that are kept; nothing is embedded. Returns what is to be told.

    IndexCacheError when the index is too large for that, when another run is at work, or when nothing can be written.
    """
    from slipway.app import App as Opened
    from slipway.night import run_lock
    from slipway.stages.search_index import index

    held = _held(app.config.cache / INDEX_NAME) or _notes(app)
    told = _Told(app.reporter)
    if held > MOST_PASSAGES:
        raise IndexCacheError(
            f"the search index cannot be used: {why}; it held some {held:,} passages, which take minutes to read again",
            hint="`slipway index` makes it anew",
        )
    try:
        with Opened(app.config, app.clock, told) as opened, run_lock(opened):
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
    return tuple(told.warnings)


class _Told:
    """Shows progress as the reporter does, and keeps the warnings: they are told with the answer, once."""

    def __init__(self, reporter: Reporter) -> None:
        self.warnings: list[str] = []
        self._reporter = reporter

    def progress(self, label: str) -> Progress:
        return self._reporter.progress(label)

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def _notes(app: App) -> int:
    """How many files there are to read where nothing tells of an index: each is a passage at least."""
    from slipway.app import App as Opened

    # This may be a thread of a view's, and what the app opens belongs to the thread that opened it.
    with Opened(app.config, app.clock, app.reporter) as opened:
        return len(opened.vault.files())


def _held(path: Path) -> int:
    """How many passages the index held, by its seal or by the size of the file."""
    seal = read_seal(path)
    if seal is not None:
        return seal.passages
    try:
        return path.stat().st_size // _BYTES_EACH
    except OSError:
        return 0


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
        for _ in range(_TRIES):
            publish_vectors(cache, [model])
            published = cache.generation
            cache.attach()
            if cache.generation == published:  # else a night has put another index in place in the meantime
                return
