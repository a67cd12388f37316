"""A search as a person asks it: filters by the names that the vault uses, and a word on why nothing was found.

A name is taken as it is typed first. Only when nothing comes back is it looked up: another spelling of it is used, the key of a
source stands for its title, and a name that nothing bears is answered with the nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, TypeAlias

from notes.errors import UsageError

if TYPE_CHECKING:
    from index.retrieval.query import Mode, Query
    from index.retrieval.search import Reply
    from index.texts.documents import Document
    from slipway.search.shelf_names import ShelfNames

__all__ = ["Asking", "Wish"]

Search: TypeAlias = "Callable[[Query], Reply]"

_LONGEST = 10_000
"""Characters of a query; a whole text is asked about by ``--like``."""

_COUNTED = 20  # hits that a search without a filter is counted up to


@dataclass(frozen=True, slots=True, kw_only=True)
class Wish:
    """What is looked for, as it was typed: names and days are not looked at yet."""

    text: str = ""
    mode: Mode = "hybrid"
    limit: int = 10
    kinds: tuple[str, ...] = ()
    tags: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    langs: tuple[str, ...] = ()
    topic: str = ""
    since: str = ""
    until: str = ""
    explain: bool = False
    like: Document | None = None


class Asking:
    """Wishes answered over an open search; ``today`` is what ``7d`` is counted from."""

    def __init__(self, search: Search, names: ShelfNames, today: date) -> None:
        self._search = search
        self._names = names
        self._today = today

    def query(self, wish: Wish) -> Query:
        """The query that is meant. UsageError for a day that is none, and for a topic that no document has."""
        from index.retrieval.query import Query

        # What most searches do without is imported when it is needed: the hand is at the keyboard.
        since, until = self._day("--since", wish.since), self._day("--until", wish.until)
        if since and until and since > until:
            raise UsageError(f"no day lies from {since} to {until}", hint="--since comes before --until")
        return self._each_known(
            Query(
                text=_mended(wish.text)[:_LONGEST],
                mode=wish.mode,
                n=wish.limit,
                kinds=wish.kinds,
                tags=wish.tags,
                sources=wish.sources,
                langs=wish.langs,
                topic=self._topic(wish.topic),
                since=since,
                until=until,
                explain=wish.explain,
                like=wish.like,
            )
        )

    def __call__(self, wish: Wish) -> Reply:
        """The reply; where it is empty, its warnings say why. UsageError for a name that nothing bears."""
        query = self.query(wish)
        reply = self._search(query)
        if not reply.results:
            reply = self._once_more(query, reply)
        if len(wish.text) > _LONGEST:
            cut = f"the query was cut to its first {_LONGEST:,} characters; `--like -` asks about a whole text"
            reply = replace(reply, warnings=(*reply.warnings, cut))
        return reply

    def _day(self, option: str, said: str) -> date | None:
        if not said:
            return None
        from slipway.search.periods import FORMS, first_day, last_day

        day = first_day(said, self._today) if option == "--since" else last_day(said, self._today)
        if day is None:
            raise UsageError(f"{option}: {said!r} is no day", hint=f"write {FORMS}")
        return day

    def _topic(self, said: str) -> str:
        if not said:
            return ""
        from slipway.search.spelling import topic_meant

        return topic_meant(self._names, said)

    def _each_known(self, query: Query) -> Query:
        """Of several sources or languages one may be misspelt while the others find something: all are looked up."""
        return self._spelt(query) if len(query.sources) > 1 or len(query.langs) > 1 else query

    def _spelt(self, query: Query) -> Query:
        """The query with its names as documents bear them; UsageError for one that none bears."""
        from slipway.search.spelling import lang_meant, source_meant, tag_meant

        sources = (title for name in query.sources for title in source_meant(self._names, name))
        langs = (lang for name in query.langs for lang in lang_meant(self._names, name))
        return replace(
            query,
            tags=tuple(tag_meant(self._names, tag) for tag in query.tags),
            sources=tuple(dict.fromkeys(sources)),
            langs=tuple(dict.fromkeys(langs)),
        )

    def _once_more(self, query: Query, reply: Reply) -> Reply:
        spelt = self._spelt(query)
        if spelt != query:
            reply = self._search(spelt)
        return reply if reply.results else replace(reply, warnings=(*reply.warnings, *self._why_nothing(spelt)))

    def _why_nothing(self, query: Query) -> Iterator[str]:
        from index.words.tokens import tokenise

        text = query.like.whole if query.like else query.text
        if not tokenise(text[:_LONGEST]):
            yield "there is nothing to look for: no letter, no digit"
            return
        filters = list(_filters(query))
        if not filters:
            yield from self._no_filter(query)
            return
        found = [(told, self._count(without)) for told, without in filters]
        helped = [f"without {told} {_counted(number)}" for told, number in found if number]
        if helped:
            yield f"nothing has all of it: {'; '.join(helped)}"
            return
        every = " and ".join(told for told, _ in filters)
        bare = self._count(_bare(query))
        yield f"without {every} {_counted(bare)}" if bare else f"nor is anything found without {every}"

    def _no_filter(self, query: Query) -> Iterator[str]:
        if not self._names.langs:
            yield "the search index is empty: `slipway index` reads the vault, `slipway run` does the night"
        elif query.mode == "lexical":
            yield "no text has any of these words; `--mode hybrid` looks by meaning as well"

    def _count(self, query: Query) -> int:
        return len(self._search(replace(query, n=_COUNTED, explain=False)).results)


def _filters(query: Query) -> Iterator[tuple[str, Query]]:
    """Each filter as it is written, and the query without it."""
    if query.kinds:
        yield _told("--kind", query.kinds), replace(query, kinds=())
    for tag in query.tags:
        yield f"--tag {tag}", replace(query, tags=tuple(other for other in query.tags if other != tag))
    if query.sources:
        yield _told("--source", query.sources), replace(query, sources=())
    if query.langs:
        yield _told("--lang", query.langs), replace(query, langs=())
    if query.topic:
        yield f"--topic {query.topic}", replace(query, topic="")
    if query.since:
        yield f"--since {query.since}", replace(query, since=None)
    if query.until:
        yield f"--until {query.until}", replace(query, until=None)


def _told(option: str, values: Sequence[str]) -> str:
    return " ".join(f"{option} {value!r}" if " " in value else f"{option} {value}" for value in values)


def _bare(query: Query) -> Query:
    return replace(query, kinds=(), tags=(), sources=(), langs=(), topic="", since=None, until=None)


def _counted(number: int) -> str:
    return (
        f"there are {number} or more" if number >= _COUNTED else "there is 1" if number == 1 else f"there are {number}"
    )


def _mended(text: str) -> str:
    """The text without lone surrogates, which neither SQLite nor a tokenizer takes; halves that belong together are joined."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text
