"""Searches of arXiv, newest first, page by page, as its API asks to be used.

https://info.arxiv.org/help/api/tou.html: one connection, one request in three seconds. Pages in the middle of
a result are sometimes empty (lukasschwab/arxiv.py #129): asked again, then done without.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from ingest.arxiv_atom import ApiPage, parse_api
from ingest.sources import ARXIV_API, Fetched, FetchState, SourceSpec
from notes.errors import SourceError

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.client import HttpClient, Pace
    from notes.model import Item

__all__ = ["fetch_arxiv"]

_EMPTY_PAGE_RETRIES = 2


def fetch_arxiv(spec: SourceSpec, state: FetchState, *, client: HttpClient, pace: Pace, now: datetime) -> Fetched:
    """The newest ``spec.max_results`` papers of the search, each once.

    Not modified when the same papers in the same versions came last time. Raises SourceError where the first page
    fails; a later one that fails leaves what came before it, with a warning.
    """
    found: dict[str, Item] = {}
    warnings: list[str] = []
    start = 0
    while start < spec.max_results:
        try:
            page = _page(spec, start, client=client, pace=pace, now=now)
        except SourceError as error:
            if start == 0:
                raise
            warnings.append(f"papers from number {start + 1} on are missing: {error.message}")
            break
        found.update((item.key, item) for item in page.items if item.key not in found)
        warnings.extend(page.warnings)
        start += len(page.items)
        if not page.items and start < page.total:
            warnings.append(f"arXiv gave no papers from number {start + 1} on, of {page.total}")
        if not page.items or start >= page.total:
            break
    return _fetched(spec, state, list(found.values())[: spec.max_results], tuple(dict.fromkeys(warnings)))


def _page(spec: SourceSpec, start: int, *, client: HttpClient, pace: Pace, now: datetime) -> ApiPage:
    url = _address(spec, start)
    for _ in range(_EMPTY_PAGE_RETRIES):
        page = _ask(spec, url, client=client, pace=pace, now=now)
        if page.items or page.total <= start:
            return page
    return _ask(spec, url, client=client, pace=pace, now=now)


def _ask(spec: SourceSpec, url: str, *, client: HttpClient, pace: Pace, now: datetime) -> ApiPage:
    response = client.get(url, allow=spec.allow, pace=pace)
    if response.status == 400:
        # The reason stands in the body, as a paper called "Error".
        parse_api(response.body, spec=spec, now=now)
    return parse_api(response.require_ok().body, spec=spec, now=now)


def _address(spec: SourceSpec, start: int) -> str:
    query = {
        "search_query": spec.query,
        "start": start,
        "max_results": min(spec.page_size, spec.max_results - start),
        "sortBy": "submittedDate",
        "sortOrder": "descending",
    }
    base = spec.url or ARXIV_API
    return f"{base}{'&' if '?' in base else '?'}{urlencode(query)}"


def _fetched(spec: SourceSpec, state: FetchState, items: list[Item], warnings: tuple[str, ...]) -> Fetched:
    # The feed carries the time of the reply, so that its bytes always differ: the papers are what is compared.
    seen = "\n".join(f"{item.key}v{item.arxiv_version} {item.content_hash}" for item in items)
    digest = hashlib.sha256(seen.encode()).hexdigest()
    is_same = digest == state.body_sha256
    kept = () if is_same else tuple(items)
    return Fetched(kept, FetchState(body_sha256=digest), is_same, warnings, spec.url or ARXIV_API)
