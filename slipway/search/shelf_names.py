"""The names by which a search can be narrowed: tags, sources, topics and languages, as the search index has them.

Read with ``sqlite3`` from the index and the database, so that a search need not load SQLAlchemy. Compared as texts are
searched: without case, full width as half, traditional Chinese as simplified.
"""

from __future__ import annotations

import json
import sqlite3
from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from typing import TYPE_CHECKING

from notes.text.fold import fold

if TYPE_CHECKING:
    from slipway.config import Config

__all__ = ["ShelfNames", "folded_tag", "tag_levels"]


class ShelfNames:
    """The names in a search index; each kind is read once, when it is first asked for.

    ``connection`` gives the index as it stands: a search that stays open follows it as it is renewed.
    """

    def __init__(self, connection: Callable[[], sqlite3.Connection], config: Config) -> None:
        self._connection = connection
        self._config = config

    @cached_property
    def tags(self) -> Mapping[str, int]:
        """Every tag and the tags above it, with how often documents bear it or one below it."""
        rows = self._connection().execute("SELECT tags FROM documents WHERE tags <> '[]'")
        # One text for JSON's reader takes less than half as long as one for each document.
        borne = Counter(json.loads(f"[{','.join(tags[1:-1] for (tags,) in rows)}]"))
        found: Counter[str] = Counter()
        for tag, number in borne.items():
            for level in tag_levels(tag):
                found[level] += number
        return found

    @cached_property
    def sources(self) -> Mapping[str, int]:
        """The names of sources that documents bear, with their numbers."""
        return self._numbers("source")

    @cached_property
    def langs(self) -> Mapping[str, int]:
        """The languages of documents, with their numbers."""
        return self._numbers("lang")

    @cached_property
    def topics(self) -> Mapping[str, str]:
        """The topics by id, each with its name; one that only the index knows is called by its id."""
        from slipway.reading import topic_names

        return {name: name for name in self._numbers("topic")} | topic_names(self._config.database)

    @property
    def source_keys(self) -> tuple[str, ...]:
        """The keys of the sources in ``slipway.toml``."""
        return tuple(source.key for source in self._config.sources)

    def titles_of(self, key: str) -> tuple[str, ...]:
        """What the source with this key calls itself, or called itself once; what it is called in the configuration too."""
        from slipway.reading import source_titles

        given = (source.title for source in self._config.sources if source.key == key)
        return tuple(dict.fromkeys(filter(None, (*given, *source_titles(self._config.database, key)))))

    def _numbers(self, column: str) -> dict[str, int]:
        statement = f"SELECT {column}, count(*) FROM documents GROUP BY {column} ORDER BY {column}"  # noqa: S608 - our own names
        return {name: number for name, number in self._connection().execute(statement) if name}


def tag_levels(tag: str) -> Iterable[str]:
    """The tag and those above it: ``a/b/c``, ``a/b``, ``a``."""
    levels = tag.split("/")
    return ("/".join(levels[:depth]) for depth in range(len(levels), 0, -1))


def folded_tag(tag: str) -> str:
    """A tag as it is compared."""
    return fold(tag.strip().removeprefix("#").strip("/"))
