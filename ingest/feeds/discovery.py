"""From an address that a reader knows to the feeds behind it.

::

    a paper list of arXiv?               an arXiv source, without a request
    a place whose feed is known by rule? its feed is looked at first (GitHub, YouTube, Medium, Substack, Reddit, PyPI)
    the address                          is a feed: that is it
    a page: <link rel="alternate">       the page's own feeds first, comments last; believed, not fetched
            <a href> that look like it   looked at, up to the budget
            /feed, /rss.xml, …           looked at, up to the budget

Where no scheme was typed, http is tried when https gives no answer. Every request passes the guard. What the user
opened for the typed address is open for addresses on the same host and port, and closed for every other that the page
names.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final
from urllib.parse import urljoin, urlsplit

from ingest.feeds.discovered_page import PageLink, Sight, look_at
from ingest.feeds.places import FoundFeed, arxiv_feed, feed_by_rule, refuse_without_feed, typed_addresses
from ingest.web.client import Pace
from ingest.web.guard import allowance, target_of
from notes.errors import FetchError, ParseError, SourceError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from ingest.web.client import HttpClient
    from ingest.workers.parser import Parses

__all__ = ["MAX_REQUESTS", "FoundFeed", "discover", "open_at"]

MAX_REQUESTS: Final = 6
"""Requests after the typed address itself."""

# Only to compare two places: nothing is fetched by it.
_ANYWHERE: Final = allowance(("0.0.0.0/0", "::/0"))
_WELL_KNOWN = ("feed", "rss.xml", "atom.xml", "index.xml", "feed.xml", "feed.json")
_ONLY_FORMAT = re.compile(r"(?:rss|atom|json|feeds?|xml|subscribe|[订訂][阅閱]|[\s\d.:()-])*", re.IGNORECASE)


def discover(url: str, *, client: HttpClient, parser: Parses, allow: tuple[str, ...] = ()) -> tuple[FoundFeed, ...]:
    """The feeds behind an address, the likeliest first; at least one.

    ``client`` asks each address once where it has no retries. Raises SourceError: where the address does not answer,
    is refused by the guard, or leads to no feed.
    """
    address, *others = typed_addresses(url)
    if paper_list := arxiv_feed(address):
        return (paper_list,)
    refuse_without_feed(address)
    try:
        return _Search(client, parser, allow, address).feeds()
    except FetchError as error:
        if error.status is not None:
            raise
        return _in_the_clear(others, error, client, parser, allow)


def open_at(address: str, typed: str, allow: tuple[str, ...]) -> tuple[str, ...]:
    """What is open for ``address`` when the user opened ``allow`` for ``typed``: all of it there, nothing elsewhere."""
    try:
        there = target_of(address, _ANYWHERE)
        is_there = any(target_of(one, _ANYWHERE).is_same_place(there) for one in typed_addresses(typed))
    except (SourceError, UsageError):
        # No address that would be fetched at all.
        return ()
    return allow if is_there else ()


def _in_the_clear(
    addresses: Sequence[str], refusal: FetchError, client: HttpClient, parser: Parses, allow: tuple[str, ...]
) -> tuple[FoundFeed, ...]:
    """The feeds at the http address of what gave no answer over https; raises the first error when it has none."""
    for address in addresses:
        try:
            return _Search(client, parser, allow, address).feeds()
        except FetchError as error:
            if error.status is not None:
                raise
    raise refusal


@dataclass(frozen=True, slots=True)
class _Seen:
    """A document: the ``address`` to keep, which a passing redirect does not change, and the ``url`` that answered."""

    address: str
    url: str
    sight: Sight

    @property
    def feed(self) -> FoundFeed:
        return FoundFeed(self.address, self.sight.title, self.sight.kind)


class _Search:
    """One search: the requests that are left, and what they found."""

    def __init__(self, client: HttpClient, parser: Parses, allow: tuple[str, ...], address: str) -> None:
        self._client = client
        self._parser = parser
        self._allow = allow
        self._address = address
        self._left = MAX_REQUESTS
        self._asked: set[str] = set()
        self._pace = Pace(client.limits.pause_s, client.sleep, client.clock)

    def feeds(self) -> tuple[FoundFeed, ...]:
        ruled = feed_by_rule(self._address)
        if ruled and (found := self._try(ruled)):
            return (found,)
        seen = self._look(self._address)
        if seen.sight.kind:
            return (seen.feed,)
        feeds = _declared(seen.sight, seen.url) or self._linked(seen.sight) or self._well_known(seen.url)
        if not feeds:
            raise ParseError(
                f"{self._address}: no feed was found", hint="give the address of the feed itself, if there is one"
            )
        return feeds

    def _look(self, address: str) -> _Seen:
        """What is at an address. Raises SourceError."""
        # A typed address that is refused all the same is to be told why, not that nothing was opened for it.
        open_here = self._allow if address == self._address else open_at(address, self._address, self._allow)
        response = self._client.get(address, allow=open_here, pace=self._pace).require_ok()
        content_type = response.headers.get("content-type", "")
        sight = self._parser.call(look_at, response.body, response.url, content_type, what=address)
        return _Seen(response.moved_permanently_to or address, response.url, sight)

    def _try(self, address: str) -> FoundFeed | None:
        """The feed at a guessed address; None when there is none, or no request is left."""
        if self._left == 0 or address in self._asked:
            return None
        self._left -= 1
        self._asked.add(address)
        try:
            seen = self._look(address)
        except SourceError:
            return None
        return seen.feed if seen.sight.kind else None

    def _linked(self, sight: Sight) -> tuple[FoundFeed, ...]:
        half = MAX_REQUESTS // 2
        likely = sorted((link for link in sight.links if not link.declared), key=lambda link: link.comments)
        found = [replace(feed, comments=link.comments) for link in likely[:half] if (feed := self._try(link.url))]
        return tuple({feed.url: feed for feed in found}.values())

    def _well_known(self, page: str) -> tuple[FoundFeed, ...]:
        folder = page if page.endswith("/") else f"{page}/"
        near = [urljoin(folder, name) for name in _WELL_KNOWN[:3]] if urlsplit(page).path.strip("/") else []
        for address in [*near, *(urljoin(page, f"/{name}") for name in _WELL_KNOWN)]:
            if found := self._try(address):
                return (found,)
        return ()


def _declared(sight: Sight, page: str) -> tuple[FoundFeed, ...]:
    """The feeds that the page names as its own: those below its path first, then the site's, comments last."""
    path = urlsplit(page).path.rstrip("/")

    def rank(link: PageLink) -> tuple[bool, bool]:
        return link.comments, not (path and urlsplit(link.url).path.startswith(f"{path}/"))

    links = sorted((link for link in sight.links if link.declared), key=rank)
    return tuple(FoundFeed(link.url, _title(link, sight), link.kind, comments=link.comments) for link in links)


def _title(link: PageLink, sight: Sight) -> str:
    """The link's own title, unless it only names the format."""
    return sight.title if _ONLY_FORMAT.fullmatch(link.title) else link.title
