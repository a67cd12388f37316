"""The pages that items link to, fetched one host at a time and read as articles.

::

    lanes = group(links by host)
    for each lane, in a pool of threads:
        for each link of it, while there is time:
            get, under the guard, with nothing allowed      # a feed's allowance is not its links'
            extract, in a worker that can be killed
            put outcome
        a host that asks for patience, or gives no answer twice, is left alone until the next night
        a host that the guard refuses is not asked, and is refused for all of its links at once
    yield outcomes as they come

This is what a reader does who clicks on an entry: each page once, no link on it followed, under an honest name.
robots.txt speaks to crawlers, which find their pages by themselves (RFC 9309 §1), and is not asked.
"""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from queue import SimpleQueue
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from ingest.articles.extraction import Article, extract
from ingest.web.client import HttpClient, Pace
from ingest.web.guard import allowance, target_of
from notes.errors import FetchError, RefusedError, SourceError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from ingest.workers.parser import Parses

__all__ = ["MAX_ARTICLE_BYTES", "Link", "LinkOutcome", "fetch_linked"]

MAX_ARTICLE_BYTES = 5_000_000
_PAGE_TYPES = {"text/html", "application/xhtml+xml"}
_ACCEPT = {"accept": "text/html, application/xhtml+xml;q=0.9"}
# What ends so is no page; to ask would be to load it.
_NO_PAGES = (
    *(
        ".pdf",
        ".zip",
        ".gz",
        ".tar",
        ".doc",
        ".docx",
        ".ppt",
        ".pptx",
        ".xls",
        ".xlsx",
        ".csv",
        ".epub",
        ".dmg",
        ".exe",
    ),
    *(
        ".mp3",
        ".m4a",
        ".ogg",
        ".wav",
        ".mp4",
        ".webm",
        ".mov",
        ".avi",
        ".jpg",
        ".jpeg",
        ".png",
        ".gif",
        ".webp",
        ".svg",
    ),
)
# The page will not be there tomorrow either.
_FOR_GOOD = {400, 401, 402, 404, 405, 406, 410, 414, 451}
_ASKS_PATIENCE = {429, 503}
_SILENCES = 2
_EVERYWHERE = ("0.0.0.0/0", "::/0")


@dataclass(frozen=True, slots=True)
class Link:
    """A page that is wanted; ``id`` is the caller's own name for it."""

    id: int
    url: str


@dataclass(frozen=True, slots=True)
class LinkOutcome:
    """What came of a link: an ``article``, or the ``trouble`` that says why there is none.

    ``is_final`` says that asking again would change nothing; ``is_failure`` that something went wrong, where else
    the address just holds no article. ``is_refusal`` is a failure without a request: the guard refuses an address that
    the user's settings may open.
    """

    link: Link
    article: Article | None = None
    trouble: str = ""
    is_final: bool = True
    is_failure: bool = False
    is_refusal: bool = False


def fetch_linked(
    links: Sequence[Link],
    *,
    client: HttpClient,
    parser: Parses,
    now: datetime,
    workers: int,
    budget_s: float = 900.0,
    pause_s: float,
) -> Iterator[LinkOutcome]:
    """The outcome of each link, as it is done, in no certain order; links that ``budget_s`` did not reach have none.

    ``pause_s`` lies between the starts of two requests to one host; both in seconds.
    An exception that is no SourceError is a bug and is raised here. Closing the iterator lets each lane finish the page
    it is at.
    """
    run = _Run(client, parser, now, pause_s, client.clock() + budget_s, SimpleQueue(), threading.Event())
    with ThreadPoolExecutor(max_workers=max(workers, 1), thread_name_prefix="article") as pool:
        futures = [pool.submit(run.lane, lane) for lane in _lanes(links)]
        try:
            for future in futures:
                future.add_done_callback(run.queue.put)
            yield from run.outcomes(len(futures))
        finally:
            run.stop.set()
            pool.shutdown(wait=True, cancel_futures=True)


def _lanes(links: Sequence[Link]) -> list[list[Link]]:
    lanes: dict[str, list[Link]] = {}
    for link in links:
        lanes.setdefault(_host(link.url), []).append(link)
    return sorted(lanes.values(), key=len, reverse=True)


def _host(url: str) -> str:
    try:
        return (urlsplit(url).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


@dataclass(frozen=True, slots=True)
class _Run:
    """What the lanes share."""

    client: HttpClient
    parser: Parses
    now: datetime
    pause_s: float
    deadline: float
    queue: SimpleQueue[LinkOutcome | Future[None]]
    stop: threading.Event

    def lane(self, links: list[Link]) -> None:
        """One host's pages, one after the other."""
        pace = Pace(self.pause_s, self.client.sleep, self.client.clock)
        silences = 0
        refused: dict[str, LinkOutcome] = {}
        for link in links:
            if self.stop.is_set() or self.client.clock() >= self.deadline:
                return
            if _place(link.url) in refused:
                self.queue.put(replace(refused[_place(link.url)], link=link))
                continue
            try:
                outcome = self._read(link, pace)
            except SourceError as error:
                outcome = _failure(link, error)
                if outcome.is_refusal:
                    refused[_place(link.url)] = outcome
                if isinstance(error, FetchError):
                    silences += error.status is None
                    if error.status in _ASKS_PATIENCE or silences == _SILENCES:
                        self.queue.put(outcome)
                        return
            self.queue.put(outcome)

    def outcomes(self, lanes: int) -> Iterator[LinkOutcome]:
        """What the lanes put, until all have ended."""
        while lanes:
            arrived = self.queue.get()
            if isinstance(arrived, Future):
                arrived.result()
                lanes -= 1
                continue
            yield arrived

    def _read(self, link: Link, pace: Pace) -> LinkOutcome:
        # Not urlsplit, which raises on hosts that the guard is about to refuse.
        if link.url.lower().partition("#")[0].partition("?")[0].endswith(_NO_PAGES):
            return LinkOutcome(link, trouble="the address is no web page")
        response = self.client.get(link.url, headers=_ACCEPT, pace=pace).require_ok()
        content_type = response.headers.get("content-type", "")
        if content_type and content_type.partition(";")[0].strip().lower() not in _PAGE_TYPES:
            return LinkOutcome(link, trouble="the address is no web page")
        article: Article | None = self.parser.call(
            extract, response.body, response.url, content_type, self.now, what=response.url
        )
        return LinkOutcome(link, article, "" if article else "the page holds no article")


def _failure(link: Link, error: SourceError) -> LinkOutcome:
    """A failure that may pass is tried again; a page that is gone and one that breaks the parser are not.

    Nor is a refusal, unless settings may open the address.
    """
    if isinstance(error, RefusedError) and _may_be_opened(link.url, error):
        return LinkOutcome(link, trouble=f"refused: {error.why}", is_final=False, is_failure=True, is_refusal=True)
    passes = isinstance(error, FetchError) and error.status not in _FOR_GOOD
    return LinkOutcome(link, trouble=error.message, is_final=not passes, is_failure=True)


def _may_be_opened(url: str, error: RefusedError) -> bool:
    """Whether it is the link itself that is refused, before any request, and for nothing but the range it is in."""
    try:
        host = target_of(url, allowance(_EVERYWHERE), local_names=False).host
    except RefusedError:
        return False
    # The guard names an address as it was written, or the host and where it leads.
    return error.place == url or error.place.startswith(f"{host} (")


def _place(url: str) -> str:
    return url.partition("://")[2].partition("/")[0]
