"""One source of a night: asked, and what it answered read."""

from __future__ import annotations

import hashlib
import re
from datetime import UTC
from typing import TYPE_CHECKING

from ingest.arxiv.night import fetch_arxiv
from ingest.feeds.hints import header_hints, joined
from ingest.sources import Fetched, FetchState, Hints, SourceSpec
from ingest.web.client import HttpClient, Response
from ingest.web.limiter import Turns
from ingest.workers.parser import Parses
from notes.errors import FetchError

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.feeds.document import ParsedFeed
    from ingest.web.opening import Begun, Opening

__all__ = ["fetch_one", "fetched_unchanged", "opening_of"]

_VALIDATOR = re.compile(r"[\x20-\x7e]{1,1024}")
_TAIL_BYTES, _USUAL_TAIL = 16_384, 64
_ROOT_END = re.compile(rb"</(?:[\w.-]{1,40}:)?(?:rss|feed|rdf)\b|(?:/|</channel\s*)>\Z", re.IGNORECASE)


def fetch_one(
    spec: SourceSpec,
    state: FetchState,
    *,
    client: HttpClient,
    pace: Turns,
    now: datetime,
    parser: Parses,
    begun: Begun | None = None,
) -> Fetched:
    """One source's documents, read; ``begun`` is what came of :func:`opening_of` it. Raises SourceError."""
    if spec.kind == "file":
        from ingest.files.folder import fetch_path

        return fetch_path(spec, state, now=now, max_bytes=client.limits.max_bytes, parser=parser)
    if spec.kind == "websearch":
        from ingest.search.websearch import fetch_websearch

        return fetch_websearch(spec, state, client=client, pace=pace, now=now)
    if spec.kind == "arxiv":
        return fetch_arxiv(spec, state, client=client, pace=pace, now=now)
    response = client.get(spec.url, headers=_conditions(state), allow=spec.allow, pace=pace, begun=begun).require_ok()
    return _read(response, spec, state, now=now, parser=parser)


def opening_of(spec: SourceSpec, state: FetchState, client: HttpClient) -> Opening | None:
    """The steps to the first bytes of a feed's answer; None for any other source. Raises SourceError."""
    if spec.kind != "rss":
        return None
    return client.opening(spec.url, headers=_conditions(state), allow=spec.allow)


def fetched_unchanged(begun: Begun, state: FetchState, *, now: datetime) -> Fetched | None:
    """What an exchange that began gave where all of it is a plain 304 that was asked for; else None."""
    response = begun.unchanged() if _is_held_against(state) else None
    return None if response is None else _unchanged(response, state, now)


def _unchanged(response: Response, state: FetchState, now: datetime) -> Fetched:
    hints = header_hints(response.headers, now=now)
    return Fetched((), _confirmed(response, state), True, (), response.url, hints, response.moved_permanently_to)


def _read(response: Response, spec: SourceSpec, state: FetchState, *, now: datetime, parser: Parses) -> Fetched:
    if response.status == 304:
        return _unchanged(response, state, now)
    hints, moved_to = header_hints(response.headers, now=now), response.moved_permanently_to
    digest = hashlib.sha256(response.body).hexdigest()
    # They belong to the address that was asked; behind a redirect they would be held against another document.
    remembered = FetchState(body_sha256=digest) if response.hops else _remembered(response, digest)
    if digest == state.body_sha256:
        return Fetched((), remembered, True, (), response.url, hints, moved_to)
    content_type = response.headers.get("content-type", "")
    # What a new source sends is new; of an old one it is an entry or two, and their sketches are drawn when they are stored.
    feed = parser.parse(
        response.body,
        spec=spec,
        base_url=response.url,
        content_type=content_type,
        now=now,
        sketches=state.last_ok is None,
    )
    hints = joined(hints, feed.hints)
    doubt = _doubt(response.body, feed, state, hints, now)
    # Validators stand for "this was read whole"; the old ones make the next night ask anew.
    kept = state if doubt else remembered
    return Fetched(feed.items, kept, False, feed.warnings + doubt, response.url, hints, moved_to, feed.sketches)


def _doubt(body: bytes, feed: ParsedFeed, state: FetchState, hints: Hints, now: datetime) -> tuple[str, ...]:
    """Why the document may not be all there was to read, as a warning; empty when it may be believed."""
    if not _is_whole(body):
        return ("the document breaks off before its end; it is asked for anew next time",)
    if not feed.items and state.body_sha256 and now.astimezone(UTC).weekday() not in hints.skip_days:
        return ("the feed holds no entries any more; what it held before is kept",)
    return ()


def _is_whole(body: bytes) -> bool:
    """Whether the document ends as it should: a connection closed early looks, without a length, like an end.

    What stands behind the root's end (a cache's comment, a script of the host) is let pass; ``CHANNEL`` is the root of
    CDF. The bytes of UTF-16 are read
    without their zeros.
    """
    tail = body[-_TAIL_BYTES:].replace(b"\0", b"").rstrip()
    return tail.endswith((b"}", b"]")) or bool(_ROOT_END.search(tail[-_USUAL_TAIL:]) or _ROOT_END.search(tail))


def _conditions(state: FetchState) -> dict[str, str]:
    """The headers of a conditional GET (RFC 9110 §13.1); servers let the ETag outrank the date."""
    pairs = (("if-none-match", state.etag), ("if-modified-since", state.last_modified))
    return {name: value for name, value in pairs if value}


def _is_held_against(state: FetchState) -> bool:
    """Whether what was read once, and what it was known by, can be confirmed."""
    return bool(state.body_sha256 and (state.etag or state.last_modified))


def _remembered(response: Response, digest: str) -> FetchState:
    """The validators of a document that was read."""
    return FetchState(
        etag=_validator(response, "etag"), last_modified=_validator(response, "last-modified"), body_sha256=digest
    )


def _confirmed(response: Response, asked: FetchState) -> FetchState:
    """What a 304 leaves: the validators that were sent, which alone stand for entries that were read.

    Below an ETag, which outranks it, the date may be a new one (RFC 9111 §4.3.4). Raises FetchError for a 304 that
    nobody asked for: there is nothing read that it could stand for.
    """
    if not _is_held_against(asked):
        raise FetchError(f"{response.url} answered 304 to a request without a condition", status=304)
    fresh = _validator(response, "last-modified") if asked.etag else ""
    return FetchState(etag=asked.etag, last_modified=fresh or asked.last_modified, body_sha256=asked.body_sha256)


def _validator(response: Response, name: str) -> str:
    value = response.headers.get(name, "")
    # It is sent back one day: nothing that breaks a header is kept.
    return value if _VALIDATOR.fullmatch(value) else ""
