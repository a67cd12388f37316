"""arXiv's API (https://info.arxiv.org/help/api/user-manual.html): searches, page by page, and papers by their ids.

https://info.arxiv.org/help/api/tou.html: one connection, one request in three seconds. Pages in the middle of
a result are sometimes empty (lukasschwab/arxiv.py #129): asked again, then done without.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlencode, urlsplit

from ingest.arxiv.atom import ApiPage, parse_api
from ingest.sources import ARXIV_API
from ingest.web.limiter import is_arxiv
from notes.errors import FetchError, SourceError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from ingest.sources import SourceSpec
    from ingest.web.client import HttpClient
    from ingest.web.limiter import Turns
    from notes.model import Item

__all__ = ["WINDOW", "Addresses", "ArxivApi", "Found", "SortBy", "addresses"]

SortBy = Literal["submittedDate", "lastUpdatedDate"]

_EMPTY_PAGE_RETRIES = 2
# The API answers 500 beyond: https://groups.google.com/g/arxiv-api
WINDOW = 10_000
# A hundred ids tell nobody what went wrong.
_LISTED = re.compile(r"(?<=[?&]id_list=)[^&\s]+")
_SERVICE = re.compile(r"/(?:rss|atom|api|oai2?)(?:/[^?#]*)?$")


@dataclass(frozen=True, slots=True)
class Addresses:
    """Where the three services of arXiv are."""

    rss: str = "https://rss.arxiv.org/rss"
    api: str = ARXIV_API
    oai: str = "https://oaipmh.arxiv.org/oai"


def addresses(url: str) -> Addresses:
    """The services behind a source's ``url``: arXiv's own, or those of a mirror that serves ``/rss``, ``/api/query``, ``/oai``.

    ``url`` may be the mirror's root or one of the three addresses; of another form it is the API's alone.
    """
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    if not host or is_arxiv(host):
        return Addresses(api=url if "/api/" in url else ARXIV_API)
    base = _SERVICE.sub("", url.rstrip("/"))
    is_api = "?" in url or (base == url.rstrip("/") and urlsplit(url).path.strip("/") != "")
    return Addresses(f"{base}/rss", url if is_api or "/api/" in url else f"{base}/api/query", f"{base}/oai")


@dataclass(frozen=True, slots=True)
class Found:
    """Papers, each once, in the API's order; ``error`` is what ended the search before its time."""

    items: tuple[Item, ...]
    warnings: tuple[str, ...] = ()
    error: SourceError | None = None


@dataclass(frozen=True, slots=True)
class ArxivApi:
    """The API as one source asks it; ``now`` (aware) is what dates are held against."""

    spec: SourceSpec
    client: HttpClient
    pace: Turns
    now: datetime

    def search(
        self, query: str, *, by: SortBy, least: int = 0, since: datetime | None = None, most: int = WINDOW
    ) -> Found:
        """The latest papers of a search: ``least`` of them, and all that are later than ``since``, but at most ``most``.

        Never raises SourceError: what came before the trouble is kept, and told.
        """
        most = min(max(least, most), WINDOW)
        found: dict[str, Item] = {}
        warnings: list[str] = []
        start = 0
        error: SourceError | None = None
        while start < most:
            size = min(self.spec.page_size, least - start if start < least else most - start)
            try:
                page = self._page({"search_query": query, "start": start, "max_results": size, **_order(by)}, start)
            except SourceError as caught:
                error = caught
                warnings.append(f"papers from number {start + 1} on are missing: {caught.message}")
                break
            found.update((item.key, item) for item in page.items if item.key not in found)
            warnings.extend(page.warnings)
            start += len(page.items)
            if not page.items and start < page.total:
                error = FetchError(f"arXiv gave no papers from number {start + 1} on, of {page.total}")
                warnings.append(error.message)
            if not page.items or start >= page.total:
                break
            if start >= least and (since is None or _oldest(page, by, self.now) < since):
                break
        else:
            if since is not None:
                warnings.append(
                    f"more than {start} papers since {since:%Y-%m-%d}: the earlier ones were left out;"
                    f" `slipway backfill {self.spec.key} --since {since:%Y-%m-%d}` brings them"
                )
        return Found(tuple(found.values()), tuple(dict.fromkeys(warnings)), error)

    def papers(self, ids: Sequence[str]) -> Found:
        """The papers of these base ids in their latest versions, in no certain order. Never raises SourceError."""
        found: list[Item] = []
        warnings: list[str] = []
        for start in range(0, len(ids), self.spec.page_size):
            part = ids[start : start + self.spec.page_size]
            try:
                page = self._page({"id_list": ",".join(part), "start": 0, "max_results": len(part)}, 0)
            except SourceError as error:
                told = _LISTED.sub("…", error.message)
                warnings.append(f"details of {len(ids) - start} papers are missing: {told}")
                return Found(tuple(found), tuple(dict.fromkeys(warnings)), error)
            found.extend(page.items)
            warnings.extend(page.warnings)
        return Found(tuple(found), tuple(dict.fromkeys(warnings)))

    def _page(self, query: Mapping[str, str | int], start: int) -> ApiPage:
        base = addresses(self.spec.url).api
        url = f"{base}{'&' if '?' in base else '?'}{urlencode(query, safe=',')}"
        for _ in range(_EMPTY_PAGE_RETRIES):
            page = self._ask(url)
            if page.items or page.total <= start:
                return page
        return self._ask(url)

    def _ask(self, url: str) -> ApiPage:
        response = self.client.get(url, allow=self.spec.allow, pace=self.pace)
        if response.status == 400:
            # The reason stands in the body, as a paper called "Error".
            parse_api(response.body, spec=self.spec, now=self.now)
        return parse_api(response.require_ok().body, spec=self.spec, now=self.now)


def _order(by: SortBy) -> dict[str, str]:
    return {"sortBy": by, "sortOrder": "descending"}


def _oldest(page: ApiPage, by: SortBy, now: datetime) -> datetime:
    dates = (item.published if by == "submittedDate" else item.updated for item in page.items)
    return min((date for date in dates if date), default=now)
