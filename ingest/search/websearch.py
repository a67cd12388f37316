"""Web search as a source: saved queries, asked of a SearXNG instance or of a chat model that cites its sources.

Only pages become items, each under its own address with the title and snippet that the answer gives for it. An answer
that cites nothing is a warning and no item: a text without a source does not enter.
"""

from __future__ import annotations

import hashlib
import os
import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from ingest.reading import html
from ingest.reading.dates import read_moment
from ingest.reading.encoding import decode
from ingest.reading.entries import RawEntry, build_items
from ingest.reading.text import cut, one_line
from ingest.search.answers import Hit, chat_hits, distinct, searxng_hits
from ingest.sources import Fetched, FetchState, SourceSpec
from notes.errors import FetchError, RefusedError, SourceError, UnaskedError
from notes.model import SourceType

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.web.client import HttpClient, Response
    from ingest.web.limiter import Turns
    from notes.model import Item

__all__ = ["fetch_websearch"]

MAX_PAGES = 5
MAX_SNIPPET = 2_000
# A model that searches first takes its time.
ANSWER_S = 150.0
_ASKS_PATIENCE = {429, 503}
_HINTS = {
    401: "the endpoint does not take the key",
    403: "a SearXNG instance answers JSON only where `json` stands under search.formats in its settings",
    404: "the endpoint has another address",
    429: "the endpoint asks for fewer requests",
}
_SENDABLE = re.compile(r"[\x21-\x7e]{1,4096}")
_PROMPT = (
    "Search the web for recent pages on the topic below. Answer in a few sentences and cite every page that you rely on"
    " with its address.\n\nTopic: {query}"
)


def fetch_websearch(spec: SourceSpec, state: FetchState, *, client: HttpClient, pace: Turns, now: datetime) -> Fetched:
    """The pages found for the source's queries, each once, at most ``spec.max_results`` for each query.

    Not modified when the pages are those of last time. Trouble with one query is a warning while another works. Raises
    SourceError, in which the key never stands.
    """
    if not spec.queries:
        raise UnaskedError(f"source {spec.key} has no queries", hint="a websearch source needs queries")
    answers = _answers(_Errand(spec, client, pace, _key(spec)), spec.queries)
    troubles = [answer.error for answer in answers if answer.error]
    if len(troubles) == len(answers):
        raise troubles[0]
    items, faults = _items(distinct(hit for answer in answers for hit in answer.hits), spec, now)
    remembered = FetchState(body_sha256=_digest(items))
    is_same = remembered.body_sha256 == state.body_sha256
    warnings = (*(warning for answer in answers for warning in answer.told), *faults)
    return Fetched(() if is_same else items, remembered, is_same, warnings, spec.url)


@dataclass(frozen=True, slots=True)
class _Answer:
    """What one query gave."""

    query: str
    hits: tuple[Hit, ...] = ()
    warnings: tuple[str, ...] = ()
    error: SourceError | None = None

    @property
    def told(self) -> tuple[str, ...]:
        troubles = (self.error.message, *self.warnings) if self.error else self.warnings
        return tuple(f"query {cut(one_line(self.query), 60)}: {trouble}" for trouble in troubles)


@dataclass(frozen=True, slots=True)
class _Errand:
    """Where to ask, and as whom; ``key`` is '' or a secret."""

    spec: SourceSpec
    client: HttpClient
    pace: Turns
    key: str = field(repr=False)

    @property
    def headers(self) -> dict[str, str]:
        return {"accept": "application/json"} | ({"authorization": f"Bearer {self.key}"} if self.key else {})

    def ask(self, query: str) -> _Answer:
        """The pages for the query. Raises SourceError."""
        try:
            return self._chat(query) if self.spec.api == "openai" else self._search(query)
        except SourceError as error:
            raise self._without_key(error) from None

    def _without_key(self, error: SourceError) -> SourceError:
        """The error; what a server said may stand in it, and a redirect may repeat the key."""
        if self.key and self.key in error.message:
            error.message = error.message.replace(self.key, "…")
            error.args = (error.message,)
        return error

    def _search(self, query: str) -> _Answer:
        """Page after page of results, until there are enough, or one brings nothing new."""
        hits, warnings = self._page(query, 1)
        for number in range(2, MAX_PAGES + 1):
            if not hits or len(hits) >= self.spec.max_results:
                break
            try:
                more, _ = self._page(query, number)
            except SourceError as error:
                warnings = (*warnings, f"page {number}: {error.message}")
                break
            before, hits = hits, distinct((*hits, *more))
            if len(hits) == len(before):
                break
        return _Answer(query, hits[: self.spec.max_results], warnings)

    def _page(self, query: str, number: int) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
        address = _with_parameters(self.spec.url, {"q": query, "format": "json", "pageno": str(number)})
        response = self.client.get(address, headers=self.headers, allow=self.spec.allow, pace=self.pace)
        return searxng_hits(_body(response, self.spec.url))

    def _chat(self, query: str) -> _Answer:
        address = self.spec.url.rstrip("/").removesuffix("/chat/completions") + "/chat/completions"
        messages = [{"role": "user", "content": _PROMPT.format(query=query)}]
        response = self.client.post_json(
            address,
            {"model": self.spec.model, "messages": messages, "stream": False},
            headers=self.headers,
            allow=self.spec.allow,
            pace=self.pace,
            total_s=ANSWER_S,
        )
        hits = chat_hits(_body(response, address))
        warnings = () if hits else ("the answer cites no page; what the model wrote is not kept",)
        return _Answer(query, hits[: self.spec.max_results], warnings)


def _answers(errand: _Errand, queries: tuple[str, ...]) -> list[_Answer]:
    """An answer to each query; those after one that met with "too many requests" are not asked."""
    answers: list[_Answer] = []
    for query in queries:
        try:
            answers.append(errand.ask(query))
        except SourceError as error:
            answers.append(_Answer(query, error=error))
            if isinstance(error, FetchError) and error.status in _ASKS_PATIENCE:
                break
    return answers


def _key(spec: SourceSpec) -> str:
    """The key from the environment, '' where none is wanted. Raises SourceError without naming it."""
    if not spec.api_key_env:
        return ""
    key = os.environ.get(spec.api_key_env, "").strip()
    if not _SENDABLE.fullmatch(key):
        what = "holds what no key can" if key else "is not set"
        raise UnaskedError(
            f"the environment variable {spec.api_key_env} {what}", hint="set it for the nightly run, too"
        )
    if not spec.url.lower().startswith("https:") and not spec.allow:
        raise RefusedError(f"{spec.url} would carry the key in the clear", hint="use https, or allow your own network")
    return key


def _body(response: Response, address: str) -> str:
    """The text of a good answer. Raises FetchError with the address as configured."""
    if response.status != 200:
        hint = _HINTS.get(response.status, "look at the address and the key")
        raise FetchError(
            f"{address} answered {response.status}", hint=hint, status=response.status, retry_after=response.retry_after
        )
    return decode(response.body, response.headers.get("content-type", "")).text


def _with_parameters(url: str, more: dict[str, str]) -> str:
    """The address with its own parameters and these; a first page is not numbered. Raises RefusedError."""
    try:
        parts = urlsplit(url)
    except ValueError as error:
        raise RefusedError(f"{url} is no address: {error}", hint="check the source's url") from error
    wanted = {name: value for name, value in more.items() if (name, value) != ("pageno", "1")}
    own = [(name, value) for name, value in parse_qsl(parts.query, keep_blank_values=True) if name not in more]
    return urlunsplit(parts._replace(query=urlencode([*own, *wanted.items()])))


def _items(hits: tuple[Hit, ...], spec: SourceSpec, now: datetime) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    entries = [_entry(hit) for hit in hits]
    items, faults = build_items(entries, spec, feed_title="", now=now)
    return tuple(replace(item, source_type=SourceType.WEB) for item in items), faults


def _entry(hit: Hit) -> RawEntry:
    published = read_moment(hit.published) if hit.published else None
    return RawEntry(
        external_id=hit.url,
        link=hit.url,
        # Engines mark the words that were asked for.
        title=html.text(hit.title),
        body=html.text(hit.snippet[:MAX_SNIPPET]),
        plain=True,
        published=published,
        has_bad_date=bool(hit.published) and published is None,
    )


def _digest(items: tuple[Item, ...]) -> str:
    lines = sorted(f"{item.key} {item.content_hash}" for item in items)
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()
