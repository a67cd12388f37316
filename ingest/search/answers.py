"""What a search endpoint answers, as hits: pages with an address of their own.

Two kinds are read. SearXNG's JSON (https://docs.searxng.org/dev/search_api.html), and chat completions of the OpenAI
form in which the pages that an answer rests on are named: OpenAI's and OpenRouter's ``annotations``, Perplexity's
``search_results`` and ``citations``, xAI's ``citations``, and what GLM, Qwen and Doubao call theirs. What the model wrote
is never read as text: only the addresses in it, and only where nothing else names any.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from ingest.reading.links import absolute
from notes.errors import ParseError
from notes.identity import canonical_url

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Hit", "chat_hits", "distinct", "searxng_hits"]

_URLS = ("url", "link", "uri")
_TITLES = ("title", "name")
_SNIPPETS = ("content", "snippet", "summary", "text", "description")
_DATES = ("publishedDate", "published_date", "date", "publish_date", "publish_time", "pubdate")
_INLINE = re.compile(
    r"\]\(<?(https?://[^\s<>()]{1,2000}(?:\([^\s<>()]{0,200}\)[^\s<>()]{0,500})?)>?(?:\s[^)\n]{0,300})?\)"
)
_REFERENCE = re.compile(r"^\s{0,3}\[[^\]\n]{1,100}\]:\s{0,10}<?(https?://[^\s<>]{1,2000})", re.MULTILINE)
_BARE = re.compile(r"https?://[^\s<>()\[\]{}\"'`|\\^，。；、）】」』]{4,2000}")


@dataclass(frozen=True, slots=True)
class Hit:
    """A page that was found; ``title``, ``snippet`` and ``published`` as the answer has them, or ''."""

    url: str
    title: str = ""
    snippet: str = ""
    published: str = ""


def searxng_hits(text: str) -> tuple[tuple[Hit, ...], tuple[str, ...]]:
    """The results in their order, and which engines gave none. Raises ParseError for what is no such answer."""
    document = _document(text)
    results = document.get("results")
    if not isinstance(results, list):
        raise ParseError(
            "the answer holds no results", hint="the address is to answer ?q=…&format=json as SearXNG does"
        )
    silent = document.get("unresponsive_engines")
    named = [_first_text(one) for one in silent] if isinstance(silent, list) else []
    warnings = (f"engines that gave no answer: {', '.join(sorted(filter(None, named)))[:300]}",) if any(named) else ()
    return distinct(_hits(results)), warnings


def chat_hits(text: str) -> tuple[Hit, ...]:
    """The pages that a chat answer cites, each once, with all that was said of it. Raises ParseError."""
    document = _document(text)
    if "choices" not in document:
        raise ParseError("the answer is no chat completion", hint="the address is to answer …/chat/completions")
    messages = [_mapping(_mapping(choice).get("message")) for choice in _list(document.get("choices"))]
    named = [*_named(document)]
    for message in messages:
        named.extend(_named(message))
        named.extend(_annotations(message))
    if not named:
        named = [Hit(address) for message in messages for address in _written(message)]
    return distinct(named)


def _document(text: str) -> dict[str, Any]:
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise ParseError(
            "the answer is no JSON", hint="SearXNG answers JSON only where its settings list it"
        ) from error
    if not isinstance(document, dict):
        raise ParseError("the answer is no JSON object")
    return document


def _named(holder: dict[str, Any]) -> Iterator[Hit]:
    """The pages in the lists by which the providers name them."""
    for name in ("search_results", "citations", "web_search", "references", "sources"):
        yield from _hits(_list(holder.get(name)))
    yield from _hits(_list(_mapping(holder.get("search_info")).get("search_results")))


def _annotations(message: dict[str, Any]) -> Iterator[Hit]:
    parts = [_mapping(part) for part in _list(message.get("content"))]
    for holder in (message, *parts, *(_mapping(part.get("text")) for part in parts)):
        marks = [_mapping(mark) for mark in _list(holder.get("annotations"))]
        # OpenAI nests what is cited; its Responses, and some gateways, do not.
        yield from _hits([mark.get("url_citation") or mark for mark in marks if "citation" in str(mark.get("type"))])


def _written(message: dict[str, Any]) -> Iterator[str]:
    """The addresses that stand in the text of the answer."""
    content = message.get("content")
    parts = [_mapping(part).get("text") for part in _list(content)]
    for text in [content, *parts]:
        if isinstance(text, str):
            linked = [*_INLINE.findall(text), *_REFERENCE.findall(text)]
            yield from linked or [address.rstrip(".,;:!?*_~") for address in _BARE.findall(text)]


def _hits(entries: Iterable[Any]) -> Iterator[Hit]:
    for entry in entries:
        if isinstance(entry, str):
            yield Hit(entry)
        elif isinstance(entry, dict):
            yield Hit(_text(entry, _URLS), _text(entry, _TITLES), _text(entry, _SNIPPETS), _text(entry, _DATES))


def distinct(hits: Iterable[Hit]) -> tuple[Hit, ...]:
    """The hits that have an address, each page once; what one leaves open another fills."""
    found: dict[str, Hit] = {}
    for hit in hits:
        url = absolute(hit.url)
        if name := canonical_url(url):
            known = found.setdefault(name, replace(hit, url=url))
            found[name] = Hit(
                known.url,
                known.title or hit.title,
                max(known.snippet, hit.snippet, key=len),
                known.published or hit.published,
            )
    return tuple(found.values())


def _text(entry: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((value for name in names if isinstance(value := entry.get(name), str) and value.strip()), "")


def _first_text(value: Any) -> str:
    first = value[0] if isinstance(value, list) and value else value
    return first if isinstance(first, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _mapping(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}
