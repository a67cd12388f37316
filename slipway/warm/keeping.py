"""What the server keeps open between requests: the configuration and the search, as long as they are those on disk."""

from __future__ import annotations

import os
import sys
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from slipway.app import App, Reporter
from slipway.config import Config, load_config
from slipway.warm.captured import GoCold

if TYPE_CHECKING:
    from notes.clock import Clock
    from slipway.search.searcher import Searcher

__all__ = ["Code", "Kept"]

_OURS = ("slipway", "index", "notes", "ingest", "publish")


class Kept:
    """The open search of one configuration; to be used and closed in one thread, that of its SQLite connection."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._config: tuple[tuple[int, ...], Config] | None = None
        self._searcher: tuple[Config, Searcher] | None = None

    def config(self, path: Path) -> Config:
        """The configuration, read anew when its file has changed; GoCold for another one than the server's."""
        if path != self.path:
            raise GoCold(f"{path} is not served here")
        state = _state(path)
        if self._config is None or self._config[0] != state:
            self._config = state, load_config(path)
        return self._config[1]

    def app(self, config: Config, clock: Clock, reporter: Reporter) -> App:
        """An application for one request, whose search is the kept one."""
        return _WarmApp(config, clock, reporter, self)

    def searcher(self, app: App) -> Searcher:
        """The search over the index as it stands now; raises what :func:`slipway.search.searcher.open_search` raises."""
        from slipway.search.searcher import open_search

        if self._searcher is not None and (self._searcher[0] is not app.config or self._searcher[1].renewed()):
            self.close()
        if self._searcher is None:
            self._searcher = app.config, open_search(app)
            self._searcher[1].lay_out()
        return self._searcher[1]

    def close(self) -> None:
        """Release the index; the next request opens it anew."""
        if self._searcher is not None:
            searcher, self._searcher = self._searcher[1], None
            searcher.close()


class _WarmApp(App):
    """An application that borrows its search."""

    def __init__(self, config: Config, clock: Clock, reporter: Reporter, kept: Kept) -> None:
        super().__init__(config, clock, reporter)
        self._kept = kept

    @cached_property
    def searcher(self) -> Searcher:
        """The kept search."""
        return self._kept.searcher(self)


class Code:
    """Slipway's own modules as they were when they were loaded: a server of yesterday's code must not answer today's client."""

    def __init__(self) -> None:
        self._seen: dict[str, tuple[int, ...]] = {}
        self._names: set[str] = set()

    def changed(self) -> bool:
        """Whether a file from which a module was loaded is another one by now; modules that are new are taken note of."""
        fresh = sys.modules.keys() - self._names
        for name in fresh:
            path = getattr(sys.modules[name], "__file__", None)
            if path and name.partition(".")[0] in _OURS:
                self._seen.setdefault(path, _state(path))
        self._names |= fresh
        return any(_state(path) != seen for path, seen in self._seen.items())


def _state(path: Path | str) -> tuple[int, ...]:
    """What changes with a file's content, whoever writes it; empty when it is not there."""
    try:
        status = os.stat(path)  # noqa: PTH116 - of every module at every request: a Path for each takes twice as long
    except OSError:
        return ()
    return status.st_mtime_ns, status.st_ctime_ns, status.st_size, status.st_ino
