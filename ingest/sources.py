"""What a source is, what is remembered of it, and what a fetch of it gives."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from notes.errors import SourceError
    from notes.model import Item

__all__ = ["ARXIV_API", "FetchState", "Fetched", "SourceKind", "SourceOutcome", "SourceSpec"]

SourceKind = Literal["rss", "arxiv", "file"]

ARXIV_API = "https://export.arxiv.org/api/query"


@dataclass(frozen=True, slots=True)
class SourceSpec:
    """One source as the user configured it.

    ``key`` is its name in the database. ``rss`` and ``arxiv`` need ``url`` (``arxiv`` falls back to the public
    API), ``file`` needs ``path``, ``arxiv`` needs ``query`` in the API's own syntax. ``tags`` are added to
    each item; ``lang`` is believed only where the text itself does not tell. ``weight`` belongs to the promotion.
    ``max_results`` and ``page_size`` count papers. ``allow`` names the private address ranges that this
    one source may reach (see :func:`ingest.guard.allowance`).
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


@dataclass(frozen=True, slots=True)
class FetchState:
    """What is remembered between two fetches; to be saved in one transaction with the items, never before them."""

    etag: str = ""
    last_modified: str = ""
    body_sha256: str = ""


@dataclass(frozen=True, slots=True)
class Fetched:
    """What one fetch gave.

    ``not_modified`` means that the document is the one of last time: ``items`` is then empty and says nothing
    about what the source holds. ``url`` is the address (or path) that answered, after redirects.
    """

    items: tuple[Item, ...]
    state: FetchState
    not_modified: bool
    warnings: tuple[str, ...]
    url: str


@dataclass(frozen=True, slots=True)
class SourceOutcome:
    """One source's night: either ``fetched`` or ``error`` is there, never both; ``seconds`` of wall clock."""

    spec: SourceSpec
    fetched: Fetched | None
    error: SourceError | None
    seconds: float
