"""The ``[[sources]]`` of ``slipway.toml``: each kind's own needs, checked before any night."""

from __future__ import annotations

import re
from typing import cast

from notes.errors import ConfigError
from slipway.settings.reader import Reader
from slipway.settings.values import SearchApi, SourceConfig, SourceKind

__all__ = ["ANNOUNCEMENTS", "MAX_INTERVAL_HOURS", "read_allow", "read_proxy", "read_sources"]

MAX_INTERVAL_HOURS = 24 * 31
ANNOUNCEMENTS = ("new", "cross", "replace", "replace-cross")

_KINDS = ("rss", "arxiv", "file", "websearch")
_APIS = ("searxng", "openai")
# The keys that only some kinds know; elsewhere they would do nothing, which the user should hear.
_OWN = {
    "path": {"file"},
    "query": {"arxiv"},
    "categories": {"arxiv"},
    "announce": {"arxiv"},
    "max_results": {"arxiv", "websearch"},
    "full_text": {"rss", "websearch"},
    "queries": {"websearch"},
    "api": {"websearch"},
    "model": {"websearch"},
    "api_key_env": {"websearch"},
}
_CATEGORY = re.compile(r"[a-z-]+(?:\.[A-Za-z-]+)?")
# As far as RFC 5646 is used of feeds: a language of ISO 639, and what makes it nearer.
_LANG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{1,8})*")
_VARIABLE = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")


def read_sources(top: Reader) -> tuple[SourceConfig, ...]:
    """The sources in the file's order; two with one key are a fault."""
    sources = tuple(_source(table) for table in top.tables("sources"))
    seen: set[str] = set()
    for source in sources:
        if source.key in seen:
            top.fault(f"sources: two sources have the key {source.key!r}")
        seen.add(source.key)
    return sources


def read_allow(table: Reader) -> tuple[str, ...]:
    """The address ranges, checked; the guard is imported only by those who open one."""
    given = table.texts("allow", ())
    if given:
        from ingest.web.guard import allowance

        try:
            allowance(given)
        except ConfigError as error:
            table.fault(f"{table.name}.{error.message}; {error.hint}")
    return given


def read_proxy(table: Reader) -> str:
    """Empty, ``environment``, or the proxy's address, which no fault shows: it may hold a password."""
    given = table.text("proxy", "")
    if given not in ("", "environment"):
        from ingest.web.proxy import proxies_of

        try:
            proxies_of(given)
        except ConfigError as error:
            table.fault(f"{table.name}.{error.message}; {error.hint}")
    return given


def _source(table: Reader) -> SourceConfig:
    kind = cast(SourceKind, table.choice("kind", "rss", _KINDS))
    _need(table, kind)
    return SourceConfig(
        key=table.required("key"),
        kind=kind,
        url=table.web_address("url", ""),
        path=table.path("path", "") if table.has("path") else None,
        query=table.text("query", ""),
        title=table.text("title", ""),
        tags=table.texts("tags", ()),
        lang=_lang(table),
        weight=table.number("weight", 1.0, low=0, high=10),
        max_results=table.whole("max_results", 200, low=1, high=30_000),
        allow=read_allow(table),
        categories=_named(table, "categories", _CATEGORY, "a category of arXiv, such as 'cs.CL'"),
        announce=_announce(table),
        full_text=table.flag("full_text", default=False),
        include=_rules(table, "include"),
        exclude=_rules(table, "exclude"),
        queries=table.texts("queries", ()),
        api=cast(SearchApi, table.choice("api", "searxng", _APIS)),
        model=table.text("model", ""),
        api_key_env=_variable(table),
        interval_hours=_interval(table),
    )


def _need(table: Reader, kind: SourceKind) -> None:
    if kind == "arxiv":
        if bool(table.text("query", "")) == bool(table.texts("categories", ())):
            table.fault(f"{table.name}: a source of kind 'arxiv' needs either query or categories")
    else:
        needed = {"rss": ("url",), "file": ("path",), "websearch": ("url", "queries")}[kind]
        for key in needed:
            table.require(key, because=f"a source of kind {kind!r} needs it")
    for key, kinds in _OWN.items():
        if table.has(key) and kind not in kinds:
            table.fault(f"{table.name}.{key}: belongs to sources of kind {' or '.join(sorted(kinds))}, not {kind}")


def _lang(table: Reader) -> str:
    given = table.text("lang", "")
    if given and not _LANG.fullmatch(given):
        table.fault(f"{table.name}.lang: {given!r} is no language's tag, such as 'en', 'zh-Hans' or 'pt-BR'")
    return given


def _interval(table: Reader) -> float | None:
    hours = table.number("interval_hours", 0, low=0, high=MAX_INTERVAL_HOURS)
    return hours if table.has("interval_hours") else None


def _announce(table: Reader) -> tuple[str, ...]:
    given = table.texts("announce", ("new", "cross"))
    for word in given:
        if word not in ANNOUNCEMENTS:
            table.fault(f"{table.name}.announce: {word!r} is none of {', '.join(ANNOUNCEMENTS)}")
    return given


def _named(table: Reader, key: str, form: re.Pattern[str], wanted: str) -> tuple[str, ...]:
    given = table.texts(key, ())
    for word in given:
        if not form.fullmatch(word):
            table.fault(f"{table.name}.{key}: {word!r} is not {wanted}")
    return given


def _rules(table: Reader, key: str) -> tuple[str, ...]:
    """The rules, each tried; what reads them is imported only by those who have any."""
    given = table.texts(key, ())
    if given:
        from notes.rules import rule_faults

        for fault in rule_faults(given):
            table.fault(f"{table.name}.{key}: {fault}")
    return given


def _variable(table: Reader) -> str:
    """The name of an environment variable; never the secret itself, which would lie in a file that is shared."""
    name = table.text("api_key_env", "")
    if name and not _VARIABLE.fullmatch(name):
        # It may be the key itself: it is not repeated.
        table.fault(f"{table.name}.api_key_env: must be the name of an environment variable, such as SEARCH_KEY")
    return name
