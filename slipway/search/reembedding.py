"""The change of model: the new one's vectors are made over several nights, while the last complete one answers."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from index.storage.embedding import embed_passages, lacking
from index.storage.refresh import publish_vectors
from notes.errors import ModelError, SlipwayError
from slipway.search.answering_model import MODELS_FOLDER, known_models

if TYPE_CHECKING:
    from index.models.embedder import ModelSettings
    from slipway.app import App

__all__ = ["Reembedding"]


class Reembedding:
    """One refresh's share of the work.

    While another model is complete, the new one's vectors are made for ``[model] reembed_minutes`` a night, and the other
    one is given the night's new passages, so that it stays complete. Where there is no other one, all is done at once.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._minutes = app.config.model.reembed_minutes
        self._began: float | None = None

    def enough(self) -> bool:
        """Whether this night's time is over; asked between two portions, the first of which is always embedded."""
        if self._began is None:
            self._began = time.monotonic()
            return False
        if not self._minutes or self._standing is None:
            return False
        return time.monotonic() - self._began > 60 * self._minutes

    def finish(self) -> tuple[str, ...]:
        """Prepare the model for searching, and keep the model that still answers complete; what a user should know."""
        return (*self._prepare(), *self._keep_standing())

    @cached_property
    def _standing(self) -> tuple[str, ModelSettings] | None:
        """The other model that lacks the fewest passages, and fewer than the configured one."""
        cache, name = self._app.cache, self._app.embedder.name
        known = known_models(self._app.config.cache / MODELS_FOLDER)
        others = [(lacking(cache, model), model) for model in cache.models() if model != name and model in known]
        if not others or min(others)[0] >= lacking(cache, name):
            return None
        return min(others)[1], known[min(others)[1]]

    def _prepare(self) -> tuple[str, ...]:
        from index.models.preparing import prepare

        if self._app.embedder.name not in self._app.cache.models():
            return ()  # nothing to search for: the model need not even be loaded
        try:
            prepare(self._app.model_settings, self._app.config.cache / MODELS_FOLDER, self._app.embedder)
        except (SlipwayError, OSError) as error:  # a search falls back to the slow way, and says so
            return (f"the model cannot be prepared for fast searching: {error}",)
        return ()

    def _keep_standing(self) -> tuple[str, ...]:
        cache, name = self._app.cache, self._app.embedder.name
        missing = lacking(cache, name)
        if not missing or self._standing is None:
            return ()
        from index.models.embedder import open_embedder

        standing, settings = self._standing
        total = int(cache.connection.execute("SELECT count(*) FROM passages").fetchone()[0])
        told = (
            f"vectors of {name}: {total - missing:,} of {total:,} passages; until all are there {standing} answers",
        )
        try:
            if embed_passages(cache, open_embedder(settings)):
                publish_vectors(cache, [standing])
        except ModelError as error:
            return (*told, f"{standing} cannot read new texts any more: {error}")
        return told
