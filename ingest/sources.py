"""What a source is, what is remembered of it, and what a fetch of it gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from notes.errors import SourceError
    from notes.model import Item

__all__ = [
    "ARXIV_API",
    "Day",
    "FetchState",
    "Fetched",
    "Hints",
    "Hour",
    "SearchApi",
    "SourceKind",
    "SourceOutcome",
    "SourceSpec",
]

SourceKind = Literal["rss", "arxiv", "file", "websearch"]
SearchApi = Literal["searxng", "openai"]
# Each by itself, and no whole number: a set of numbers that a parser gives may be of such as all share one hash.
Hour = Literal[0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23]
Day = Literal[0, 1, 2, 3, 4, 5, 6]

ARXIV_API = "https://export.arxiv.org/api/query"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One source as the user configured it.

    ``key`` is its name in the database. ``rss`` and ``websearch`` need ``url`` (``arxiv`` falls back to the public
    services), ``file`` needs ``path``. ``arxiv`` needs ``query`` in the API's own syntax, or ``categories``, which are read
    from arXiv's RSS and of which ``announce`` says which announcements bring new papers. ``websearch`` runs ``queries``
    through ``api``; ``model`` and ``api_key_env`` (an environment variable's name) belong to the chat kind.
    ``tags`` are added to each item; ``lang`` is believed only where the text itself does not tell. ``weight`` belongs to
    the promotion. ``max_results`` and ``page_size`` count papers. ``full_text`` asks for the linked article;
    ``include`` and ``exclude`` are rules on the entries (:mod:`notes.rules`). ``interval_s`` is the least time between two
    fetches, 0 asks at every run. ``allow`` names the private address ranges that this one source may reach (see
    :func:`ingest.web.guard.allowance`).
    """

    key: str
    kind: SourceKind
    url: str = ""
    path: Path | None = None
    query: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""
    weight: float = 1.0
    max_results: int = 200
    page_size: int = 100
    allow: tuple[str, ...] = ()
    categories: tuple[str, ...] = ()
    announce: tuple[str, ...] = ("new", "cross")
    full_text: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    api: SearchApi = "searxng"
    model: str = ""
    api_key_env: str = ""
    interval_s: float = 43_200.0


@dataclass(frozen=True, slots=True)
class FetchState:
    """What is remembered between two fetches; to be saved in one transaction with the items, never before them.

    ``last_ok`` is when the source last worked: what it announced since then may be missing. A source of arXiv keeps in
    ``etag`` up to when nothing is missing (ISO 8601), since a night may work and yet leave something out.
    """

    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""
    last_ok: datetime | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What a server and its document say about when to come again; times in seconds, hours in UTC, Monday is 0."""

    max_age_s: float | None = None
    expires: datetime | None = None
    ttl_s: float | None = None
    skip_hours: frozenset[Hour] = frozenset()
    skip_days: frozenset[Day] = frozenset()
    retry_after_s: float | None = None
    no_more: bool = False


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch gave.

    ``not_modified`` means that the document is the one of last time: ``items`` is then empty and says nothing
    about what the source holds. ``url`` is the address (or path) that answered, after redirects; ``moved_to`` is the
    same when every redirect on the way was permanent, else empty. ``sketches`` is empty, or holds that of each item.
    """

    items: tuple[Item, ...]
    state: FetchState
    not_modified: bool
    warnings: tuple[str, ...]
    url: str
    hints: Hints = Hints()
    moved_to: str = ""
    sketches: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """One source's night: either ``fetched`` or ``error`` is there, never both; ``seconds`` of wall clock."""

    spec: SourceSpec
    fetched: Fetched | None
    error: SourceError | None
    seconds: float
