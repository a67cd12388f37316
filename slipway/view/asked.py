"""The line that is typed: words, and filters among them such as ``tag:agents kind:note since:2026-01 lang:zh``."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from index.retrieval.query import Mode, Query
from slipway.search.periods import first_day, last_day

__all__ = ["FILTERS", "Asked", "line_of", "understood"]

FILTERS: Final = ("tag", "kind", "source", "topic", "lang", "since", "until")
_KINDS: Final = ("note", "post", "item")
_TOKEN: Final = re.compile(r'(?P<name>[a-z]+):(?:"(?P<quoted>[^"]*)"?|(?P<bare>\S*))(?=\s|$)|\S+')


@dataclass(frozen=True, slots=True)
class Asked:
    """A line as it was understood: the query, and what could not be made out of the filters (they are left aside)."""

    query: Query
    faults: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether there are no words to look for; filters may stand there all the same."""
        return not self.query.text


def understood(line: str, mode: Mode, count: int, today: date) -> Asked:
    """What a line asks for. The last word may still be going on: its beginning is enough, until a blank ends it."""
    words: list[str] = []
    asked = Asked(Query(mode=mode, n=count))
    in_word = False
    for match in _TOKEN.finditer(line):
        in_word = match["name"] not in FILTERS
        if in_word:
            words.append(match[0])
        else:
            asked = _narrowed(asked, match["name"], match["quoted"] or match["bare"] or "", today)
    typing = in_word and not line[-1:].isspace()
    return replace(asked, query=replace(asked.query, text=" ".join(words), prefix=typing))


def line_of(query: Query) -> str:
    """The line that asks for ``query``: its words, then its filters."""
    return " ".join([*query.text.split(), *_tokens(query)])


def _tokens(query: Query) -> Iterator[str]:
    given: Mapping[str, tuple[str, ...]] = {
        "tag": (query.tag, *query.tags),
        "kind": query.kinds,
        "source": (query.source, *query.sources),
        "topic": (query.topic,),
        "lang": (query.lang, *query.langs),
        "since": (query.since.isoformat() if query.since else "",),
        "until": (query.until.isoformat() if query.until else "",),
    }
    for name in FILTERS:
        for value in filter(None, given[name]):
            yield f'{name}:"{value}"' if " " in value else f"{name}:{value}"


def _narrowed(asked: Asked, name: str, value: str, today: date) -> Asked:
    """The query with one more filter; one that is not finished yet says nothing."""
    query = asked.query
    if not value:
        return asked
    if name == "kind":
        if value not in _KINDS:
            return _fault(asked, f"kind:{value} is none of {', '.join(_KINDS)}")
        return replace(asked, query=replace(query, kinds=(*query.kinds, value)))
    if name in ("since", "until"):
        return _from_day(asked, name, value, today)
    narrow: Mapping[str, Callable[[], Query]] = {
        "tag": lambda: replace(query, tags=(*query.tags, value)),
        "source": lambda: replace(query, sources=(*query.sources, value)),
        "lang": lambda: replace(query, langs=(*query.langs, value)),
        "topic": lambda: replace(query, topic=value),
    }
    return replace(asked, query=narrow[name]())


def _from_day(asked: Asked, name: str, value: str, today: date) -> Asked:
    day = (first_day if name == "since" else last_day)(value, today)
    if day is None:
        return _fault(asked, f"{name}:{value} is no day yet (2026-02-20, 2026-02, 7d)")
    query = replace(asked.query, since=day) if name == "since" else replace(asked.query, until=day)
    return replace(asked, query=query)


def _fault(asked: Asked, fault: str) -> Asked:
    return replace(asked, faults=(*asked.faults, fault))
