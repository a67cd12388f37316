"""A new source: whether it is known already, what it is called, and the table that stands for it in slipway.toml."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Container, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, TypeAlias
from urllib.parse import quote_plus, urlsplit

from ingest.feeds.opml import Outline
from ingest.feeds.places import FoundFeed, arxiv_feed
from ingest.reading.text import one_line
from ingest.web.guard import allowance, target_of
from notes.errors import RefusedError, UsageError
from notes.identity import canonical_url
from notes.text.slug import slugify
from slipway.settings.file import SourcesFile, Table, Value, editing
from slipway.settings.values import SourceConfig

if TYPE_CHECKING:
    from ingest.workers.parser import Parses
    from slipway.app import App
    from slipway.sources.trying import Trial

__all__ = [
    "Added",
    "add_source",
    "identity_of",
    "known_as",
    "left_behind",
    "local_feed",
    "local_place",
    "main_feeds",
    "merge",
    "outlines_of",
    "readable_key",
    "require_key",
    "sources_of",
    "table_for",
]

Wishes: TypeAlias = Mapping[str, Value | None]

_KEY_BYTES = 40
_KEY = re.compile(r"\w[\w.-]*")
_NOT_IN_OPML = ("weight", "full_text", "include", "exclude", "interval_hours", "allow")
# "DIYGod - 写代码是热爱" is known by what stands before the dash.
_SUBTITLE = re.compile(r"\s+[-–—|·•»:]\s+|\s*[｜｜：]\s*")  # noqa: RUF001, RUF100 - full width is meant
_FORMAT_WORDS = re.compile(r"\b(?:rss|atom|json|xml|feed|[012]\.[0-9])\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Added:
    """The source that was added, and what its first fetch gave."""

    key: str
    trial: Trial


def add_source(app: App, parser: Parses, found: FoundFeed, key: str, wishes: Wishes) -> Added:
    """Fetch the feed once and, when that goes well, write its table into slipway.toml.

    ``key`` may be empty; ``wishes`` are settings by their names in slipway.toml. Raises UsageError, ConfigError, and
    SourceError when the fetch fails.
    """
    from slipway.sources.trying import try_source

    require_key(key)
    taken = {source.key for source in app.config.sources}
    if key in taken:
        raise UsageError(f"{key!r} is the key of another source", hint="choose another with --key")
    before = SourcesFile.read(app.config.path)
    draft = key or readable_key(found.title, found.url, taken)
    # Settings that the configuration would not take are told before anybody is asked for anything.
    source = before.config(before.with_sources([table_for(found, draft, wishes)])).sources[-1]
    trial = try_source(app, parser, source)
    with editing(app.config.path, app.config.state) as file:
        now = file.config().sources
        if known := known_as(found, now):
            raise UsageError(f"{found.url} has become a source meanwhile: {known!r}")
        # A folder is not called as the first document in it is.
        called = found.title if found.kind == "file" and Path(found.url).is_dir() else trial.title or found.title
        final = key or readable_key(str(wishes.get("title") or called), found.url, {s.key for s in now})
        # What the feed calls itself stands in the file, as it does after an import; a folder's name says nothing new.
        own = "" if found.kind in ("arxiv", "file") else one_line(trial.title)
        title = {"title": wishes.get("title") or own}
        file.replace(file.with_sources([table_for(found, final, {**title, **wishes, **title})]))
    return Added(final, trial)


def main_feeds(feeds: Sequence[FoundFeed]) -> tuple[FoundFeed, ...]:
    """The feeds that a user has to choose from: no comments, and one of two that are the same as Atom and as RSS."""
    kinds: defaultdict[str, set[str]] = defaultdict(set)
    chosen: list[FoundFeed] = []
    for feed in [feed for feed in feeds if not feed.comments] or feeds:
        name = " ".join(re.findall(r"\w+", _FORMAT_WORDS.sub(" ", feed.title).lower()))
        if not kinds[name] or feed.kind in kinds[name]:
            chosen.append(feed)
        kinds[name].add(feed.kind)
    return tuple(chosen)


def identity_of(source: SourceConfig | FoundFeed) -> str:
    """What makes two sources one: the canonical address, or what is asked of arXiv."""
    source = arxiv_feed(source.url) or source
    if source.kind == "arxiv" and source.categories:
        return f"arxiv:{'+'.join(sorted(source.categories))}"
    if source.kind == "arxiv":
        return f"arxiv:{' '.join(source.query.split())}"
    if source.kind == "file":
        return f"file:{source.url if isinstance(source, FoundFeed) else source.path}"
    if source.kind == "websearch":
        return source.kind
    return canonical_url(source.url) or source.url


def known_as(found: FoundFeed, sources: Iterable[SourceConfig]) -> str:
    """The key of the source that is this feed, '' when there is none."""
    sought = identity_of(found)
    return next((source.key for source in sources if identity_of(source) == sought), "")


def readable_key(title: str, url: str, taken: Container[str]) -> str:
    """A key that says what it stands for: the title in ASCII, else the host; numbered when it is taken."""
    name = _FORMAT_WORDS.sub(" ", _SUBTITLE.split(title.strip(), maxsplit=1)[0])
    slug = slugify(name, _KEY_BYTES) if name.strip() else "note"
    if slug == "note":
        slug = slugify(_site(url), _KEY_BYTES)
    number, key = 1, slug
    while key in taken:
        number += 1
        key = f"{slug}-{number}"
    return key


def table_for(found: FoundFeed, key: str, wishes: Wishes) -> Table:
    """The table of slipway.toml."""
    table: dict[str, Value] = {"key": key}
    if found.kind == "arxiv":
        asked: Table = {"categories": found.categories} if found.categories else {"query": found.query}
        table |= {"kind": "arxiv", **asked}
    elif found.kind == "file":
        table |= {"kind": "file", "path": found.url}
    else:
        table["url"] = found.url
    # Not by truth: an interval of 0 and a weight of 0 say something.
    said = ((name, value) for name, value in wishes.items() if value is not None and value is not False)
    return table | {name: value for name, value in said if value not in ("", ())}


def merge(
    outlines: Sequence[Outline],
    sources: Sequence[SourceConfig],
    tags: tuple[str, ...],
    allow: tuple[str, ...] = (),
) -> tuple[list[Table], list[str]]:
    """The tables of the outlines that are new, and the names of those that were known or came twice.

    ``tags`` go to each; ``allow`` goes to those whose address is one of the user's own network.
    """
    known = {identity_of(source) for source in sources}
    taken = {source.key for source in sources}
    tables: list[Table] = []
    left: list[str] = []
    for outline in outlines:
        found = arxiv_feed(outline.url) or FoundFeed(outline.url, outline.title, "rss")
        if identity_of(found) in known:
            left.append(outline.title or outline.url)
            continue
        key = readable_key(outline.title, outline.url, taken)
        known.add(identity_of(found))
        taken.add(key)
        both = tuple(dict.fromkeys((*outline.tags, *tags)))
        wishes: dict[str, Value] = {"title": outline.title, "tags": both, "lang": outline.lang}
        wishes |= {"allow": allow if _needs(outline.url, allow) else ()}
        tables.append(table_for(found, key, wishes))
    return tables, left


def sources_of(tables: Iterable[Table]) -> tuple[SourceConfig, ...]:
    """The feeds among the tables, as far as it counts for whether they may be asked."""
    return tuple(
        SourceConfig(str(one["key"]), "rss", url=str(one["url"]), allow=_texts(one.get("allow")))
        for one in tables
        if "url" in one
    )


def outlines_of(sources: Iterable[SourceConfig], titles: Mapping[str, str]) -> tuple[Outline, ...]:
    """The sources that another reader can read: feeds, and arXiv by the address of its feed.

    ``titles`` holds, by key, what the feeds called themselves.
    """
    return tuple(
        Outline(address, source.title or titles.get(source.key) or source.key, source.tags, source.lang)
        for source in sources
        if (address := _feed_address(source))
    )


def left_behind(sources: Sequence[SourceConfig], carried: int) -> tuple[str, ...]:
    """What a list of ``carried`` feeds does not say of these sources, in words."""
    told = []
    if left := len(sources) - carried:
        told.append(f"{left} source{' is no feed and was' if left == 1 else 's are no feeds and were'} left out")
    plain = SourceConfig("", "rss")
    feeds = [source for source in sources if _feed_address(source)]
    lost = {name: sum(getattr(one, name) != getattr(plain, name) for one in feeds) for name in _NOT_IN_OPML}
    if any(lost.values()):
        counts = ", ".join(f"{name} of {number}" for name, number in lost.items() if number)
        told.append(f"OPML does not carry all settings: {counts}; keep slipway.toml too")
    return tuple(told)


def local_place(typed: str) -> Path | None:
    """The document or folder on this machine that the user means, absolute; None for an address of the web.

    Raises UsageError where there is nothing.
    """
    written = re.sub(r"^file:(?://(?:localhost)?(?=/))?", "", typed.strip(), flags=re.IGNORECASE)
    if written == typed.strip() and not re.match(r"\.{0,2}/(?!/)|~|\.{1,2}$", written):
        return None
    try:
        place = Path(written).expanduser().resolve()
    except (OSError, RuntimeError, ValueError) as error:
        raise UsageError(
            f"{typed!r} cannot be a path: {error}", hint="write an address of the web, or a path"
        ) from error
    if not place.exists():
        raise UsageError(
            f"{place} is not there", hint="write an address of the web, or a document or folder that is there"
        )
    return place


def local_feed(typed: str) -> FoundFeed | None:
    """The document or folder as a source; None for an address of the web. Raises UsageError."""
    place = local_place(typed)
    return FoundFeed(str(place), place.stem if place.is_file() else place.name, "file") if place else None


def require_key(key: str) -> None:
    """Raises UsageError, with the nearest that would do, for what cannot be a key; '' is none."""
    if key and not _KEY.fullmatch(key):
        near = re.sub(r"[^\w.-]+", "-", key).strip("-.")
        hint = "letters, digits, - _ and . make a key" + (f", such as {near!r}" if near else "")
        raise UsageError(f"{key!r} cannot be a key", hint=hint)


def _texts(value: Value | None) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else ()


def _needs(url: str, allow: tuple[str, ...]) -> bool:
    """Whether the address, as it is written, is refused without ``allow`` and not with it."""
    return not _passes(url, ()) and _passes(url, allow)


def _passes(url: str, allow: tuple[str, ...]) -> bool:
    try:
        target_of(url, allowance(allow))
    except RefusedError:
        return False
    return True


def _feed_address(source: SourceConfig) -> str:
    if source.kind == "rss":
        return source.url
    if source.kind != "arxiv":
        return ""
    if source.categories:
        return f"https://rss.arxiv.org/rss/{'+'.join(source.categories)}"
    return f"https://export.arxiv.org/api/query?search_query={quote_plus(source.query)}"


def _site(url: str) -> str:
    """The host without what all hosts have: ``blog.example.org`` gives ``blog example``."""
    labels = (urlsplit(url).hostname or "source").removeprefix("www.").split(".")
    return " ".join(labels[:-1] if len(labels) > 1 else labels)
