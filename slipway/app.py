"""The composition root: one place that opens what the stages and commands work with."""

from __future__ import annotations

import gc
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Protocol, Self

from notes.clock import Clock
from notes.errors import ConfigError, VaultError
from slipway.config import Config

if TYPE_CHECKING:
    from index.models.embedder import Embedder, ModelSettings
    from index.storage.cache import IndexCache
    from notes.files.vault import Vault
    from slipway.search.searcher import Searcher
    from slipway.store.store import Store

__all__ = ["App", "Progress", "Reporter", "StageResult"]

# A house of 5,000 notes is a million objects that live as long as the command. Python looks through all of them again for every
# 700 new ones, and so through a third of a night; hardly anything here holds itself in a circle.
_COLLECT = 50_000, 10, 5


@dataclass(frozen=True, slots=True)
class StageResult:
    """What a stage did: counts by name, and warnings that belong in the report."""

    counts: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    failed_sources: int = 0
    sources: int = 0


Progress = Callable[[int, int], None]


class Reporter(Protocol):
    """Where progress and warnings go; the terminal's is :class:`slipway.console.Console`."""

    def progress(self, label: str) -> Progress:
        """A callback that takes (done, total)."""

    def warn(self, message: str) -> None:
        """Say something the user should know."""


class App:
    """What a command needs, opened when first asked for and closed together.

    Use as a context manager. The store, the vault, the search cache and the embedder are opened lazily, so that a light
    command pays for what it uses.
    """

    def __init__(self, config: Config, clock: Clock, reporter: Reporter) -> None:
        self.config = config
        self.clock = clock
        self.reporter = reporter
        self._open = ExitStack()

    def __enter__(self) -> Self:
        self._open.callback(gc.set_threshold, *gc.get_threshold())
        gc.set_threshold(*_COLLECT)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._open.close()

    @cached_property
    def store(self) -> Store:
        """The database."""
        from slipway.store.store import Store

        _make_folder(self.config.state, "state", ConfigError)
        return self._open.enter_context(Store.open(self.config.database))

    @cached_property
    def vault(self) -> Vault:
        """The vault; its folder is made when missing. Raises VaultError when it cannot be."""
        from notes.files.vault import Vault
        from slipway.vault_cache import VaultCache

        _make_folder(self.config.vault, "vault", VaultError)
        cache = VaultCache(self.config.cache / "vault.db", self.config.vault)
        self._open.callback(cache.close)
        return Vault(self.config.vault, cache)

    @cached_property
    def cache(self) -> IndexCache:
        """The search cache."""
        from index.storage.cache import IndexCache

        _make_folder(self.config.cache, "state", ConfigError)
        cache = IndexCache(self.config.cache / "index.db")
        self._open.callback(cache.close)
        for warning in cache.warnings:
            self.reporter.warn(warning)
        return cache

    @cached_property
    def embedder(self) -> Embedder:
        """The embedding model; loading it is slow and happens at first use."""
        from index.models.embedder import open_embedder

        return open_embedder(self.model_settings)

    @property
    def model_settings(self) -> ModelSettings:
        """What the configuration says of the embedding model."""
        from index.models.embedder import ModelSettings

        choice = self.config.model
        return ModelSettings(
            name=choice.name,
            query_prefix=choice.query_prefix,
            passage_prefix=choice.passage_prefix,
            languages=choice.languages,
            precision=choice.precision,
        )

    @cached_property
    def searcher(self) -> Searcher:
        """Search over the index on disk; raises UsageError when there is none yet."""
        from slipway.search.searcher import open_search

        searcher = open_search(self)
        self._open.callback(searcher.close)
        return searcher

    def track(self, label: str, things: Sequence[object]) -> Iterator[object]:
        """Go through the things with a progress bar."""
        report = self.reporter.progress(label)
        for done, thing in enumerate(things, start=1):
            yield thing
            report(done, len(things))


def _make_folder(folder: Path, key: str, trouble: type[ConfigError | VaultError]) -> None:
    """Make the folder that ``key`` in slipway.toml names; raises ``trouble`` when it cannot be made."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        told = "is a file, not a folder" if folder.is_file() else f"cannot be made: {error.strerror}"
        raise trouble(
            f"{folder} {told}", hint=f"check who may write there, or let `{key}` in slipway.toml name another folder"
        ) from error
