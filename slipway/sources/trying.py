"""A source asked once, with nothing stored: what would come in, what the rules keep out, and when it would be asked again."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any

from ingest.due import due_after_success, rhythm_of
from ingest.feeds.discovery import discover
from ingest.feeds.places import FoundFeed
from ingest.fetch import fetch_all
from ingest.web.client import HttpClient
from notes.errors import FetchError
from notes.rules import kept_out
from slipway.stages.fetch import limits_of, spec_of

if TYPE_CHECKING:
    from ingest.workers.parser import Parses
    from notes.errors import SourceError
    from notes.model import Item
    from slipway.app import App
    from slipway.settings.values import SourceConfig

__all__ = ["Entry", "Trial", "find_feeds", "try_source"]

_DISCOVERY_S = 30.0
# Remedies of a night, which tries again by itself; somebody who waits for the answer needs others.
_OF_A_NIGHT = {"it is tried again next time", "is the network up?"}
_NO_ANSWER = "check how the address is written, and whether the network is up"
_NO_TLS = "the server does not speak https there: write http:// before the address"


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry that would come in; ``kept_out`` is empty, or says which rule is against it."""

    title: str
    url: str
    published: datetime | None
    lang: str
    kept_out: str


@dataclass(frozen=True, slots=True)
class Trial:
    """What a source gave. ``url`` is the address that answered, ``moved_to`` where it has moved for good."""

    title: str
    url: str
    moved_to: str
    entries: tuple[Entry, ...]
    warnings: tuple[str, ...]
    next_due: datetime
    due_reason: str

    @property
    def dates(self) -> tuple[datetime, ...]:
        """The dates of the entries, oldest first."""
        return tuple(sorted(entry.published for entry in self.entries if entry.published))

    @property
    def langs(self) -> tuple[str, ...]:
        """The languages of the entries, the commonest first."""
        found = [entry.lang for entry in self.entries]
        return tuple(sorted(set(found), key=lambda lang: (-found.count(lang), lang)))

    @property
    def kept_out(self) -> int:
        """How many entries the rules are against."""
        return sum(bool(entry.kept_out) for entry in self.entries)

    def document(self) -> dict[str, Any]:
        """As ``source test --json`` gives it."""
        return {
            "title": self.title,
            "url": self.url,
            "moved_to": self.moved_to or None,
            "count": len(self.entries),
            "kept_out": self.kept_out,
            "languages": list(self.langs),
            "next_due": self.next_due.isoformat(),
            "due_reason": self.due_reason,
            "warnings": list(self.warnings),
            "entries": [_entry_document(entry) for entry in self.entries],
        }


def find_feeds(app: App, parser: Parses, url: str, allow: tuple[str, ...] = ()) -> tuple[FoundFeed, ...]:
    """The feeds behind an address, asked once each. Raises SourceError."""
    usual = limits_of(app.config.fetch)
    limits = replace(usual, retries=0, total_s=min(usual.total_s, _DISCOVERY_S))
    try:
        return discover(url, client=HttpClient(limits), parser=parser, allow=allow)
    except FetchError as error:
        raise _for_now(error) from error


def try_source(app: App, parser: Parses, source: SourceConfig) -> Trial:
    """Fetch the source as a first night would. Raises SourceError."""
    now = app.clock.now()
    spec = spec_of(source, app.config.fetch)
    (outcome,) = fetch_all([spec], {}, limits=limits_of(app.config.fetch), now=now, parser=parser)
    fetched = outcome.fetched
    if fetched is None:
        assert outcome.error is not None
        raise _for_now(outcome.error)
    rhythm_s = rhythm_of((item.published for item in fetched.items), now)
    due = due_after_success(spec, now=now, hints=fetched.hints, rhythm_s=rhythm_s)
    entries = tuple(_entry(item, source) for item in fetched.items)
    title = source.title or next((item.source_title for item in fetched.items), "")
    return Trial(title, fetched.url, fetched.moved_to, entries, fetched.warnings, due.at, due.reason)


def _for_now(error: SourceError) -> SourceError:
    """The same error with a remedy for now."""
    if error.hint not in _OF_A_NIGHT:
        return error
    return FetchError(error.message, hint=_NO_TLS if "WRONG_VERSION_NUMBER" in error.message else _NO_ANSWER)


def _entry(item: Item, source: SourceConfig) -> Entry:
    why = kept_out(item, source.include, source.exclude)
    return Entry(item.title, item.url, item.published, item.lang, why)


def _entry_document(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "url": entry.url,
        "published": entry.published.isoformat() if entry.published else None,
        "lang": entry.lang,
        "kept_out": entry.kept_out or None,
    }
