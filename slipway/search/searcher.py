"""Search over the cache."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from notes.errors import UsageError

if TYPE_CHECKING:
    from index.retrieval.search import Query, Reply
    from slipway.app import App

__all__ = ["open_search"]


def open_search(app: App) -> Callable[[Query], Reply]:
    """A function that answers queries over the cache; raises UsageError when there is no index yet.

    The model is loaded only for a query that needs it.
    """
    from index.retrieval.search import search

    if not (app.config.cache / "index.db").is_file():
        raise UsageError(
            "there is no search index yet", hint="`slipway index` reads the vault; `slipway run` does the night"
        )
    return lambda query: search(app.cache, query, None if query.mode == "lexical" else app.embedder)
