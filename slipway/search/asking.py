"""A search as a person asks it: filters by the names that the vault uses, and a word on why nothing was found.

A name is taken as it is typed first. Only when nothing comes back is it looked up: another spelling of it is used, the key of a
source stands for its title, and a name that nothing bears is answered with the nearest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import TYPE_CHECKING, Any, TypeAlias

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
_MOST_NAMES = 100  # of one filter; SQLite takes no condition of a thousand parts
_TOLD = 80  # characters of what was typed, in a message


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
    spelling: bool = True
    like: Document | None = None


class Asking:
    """Wishes answered over an open search; ``today`` is what ``7d`` is counted from.

    ``written`` is how a filter is written where the answer is read, with its ``{name}`` and its ``{value}``.
    """

    def __init__(self, search: Search, names: ShelfNames, today: date, written: str = "--{name} {value}") -> None:
        self._search = search
        self._names = names
        self._today = today
        self._written = written

    def query(self, wish: Wish) -> Query:
        """The query that is meant. UsageError for a day that is none, and for a topic that no document has."""
        from index.retrieval.query import Query

        # What most searches do without is imported when it is needed: the hand is at the keyboard.
        since, until = self._day("since", wish.since), self._day("until", wish.until)
        if since and until and since > until:
            hint = f"{self._option('since')} comes before {self._option('until')}"
            raise UsageError(f"no day lies from {since} to {until}", hint=hint)
        return self._each_known(
            Query(
                text=_mended(wish.text)[:_LONGEST],
                mode=wish.mode,
                n=wish.limit,
                kinds=tuple(dict.fromkeys(wish.kinds)),
                tags=_names(self._option("tag"), wish.tags),
                sources=_names(self._option("source"), wish.sources),
                langs=_names(self._option("lang"), wish.langs),
                topic=self._topic(_mended(wish.topic)),
                since=since,
                until=until,
                explain=wish.explain,
                spelling=wish.spelling,
                like=wish.like,
            )
        )

    def __call__(self, wish: Wish) -> Reply:
        """The reply; where it is empty, its warnings say why. UsageError for a name that nothing bears."""
        query = self.query(wish)
        reply = self._search(query)
        if not reply.results:
            reply = self._once_more(wish, query, reply)
        if len(wish.text) > _LONGEST:
            cut = f"the query was cut to its first {_LONGEST:,} characters; `--like -` asks about a whole text"
            reply = replace(reply, warnings=(*reply.warnings, cut))
        return reply

    def narrowed(self, wish: Wish) -> Query:
        """As :meth:`query`, its names as documents bear them: for a list that no words are looked for in."""
        return self._spelt(self.query(wish))

    def without_unknown(self, wish: Wish) -> tuple[Wish, tuple[str, ...]]:
        """The wish without the filters that nothing answers to, and a word on each: somebody may still be typing them."""
        kept, faults = wish, []
        for name in ("tags", "sources", "langs", "topic", "since", "until"):
            said: str | tuple[str, ...] = getattr(wish, name)
            for one in [said] if isinstance(said, str) else said:
                alone: Any = {name: one if isinstance(said, str) else (one,)}
                try:
                    self.narrowed(Wish(**alone))
                except UsageError as error:
                    others = tuple(other for other in getattr(kept, name) if other != one)
                    rest: Any = {name: "" if isinstance(said, str) else others}
                    kept = replace(kept, **rest)
                    told = self._written.format(name=name.removesuffix("s"), value=one[:_TOLD])
                    faults.append(f"{told} is left aside: {error.message}; {error.hint}")
        return kept, tuple(faults)

    def _option(self, name: str) -> str:
        """A filter without a value, as it is written."""
        return self._written.partition("{value}")[0].format(name=name).rstrip(" :")

    def _day(self, name: str, said: str) -> date | None:
        if not said:
            return None
        from slipway.search.periods import FORMS, first_day, last_day

        day = first_day(said, self._today) if name == "since" else last_day(said, self._today)
        if day is None:
            raise UsageError(f"{self._option(name)}: {said[:_TOLD]!r} is no day", hint=f"write {FORMS}")
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

    def _once_more(self, wish: Wish, query: Query, reply: Reply) -> Reply:
        spelt = self._spelt(query)
        if spelt != query:
            reply = self._search(spelt)
        if reply.results:
            return reply
        from index.retrieval.reply import A_GUESS

        # What is said of the order of hits says nothing where there are none.
        told = [warning for warning in reply.warnings if not warning.endswith(A_GUESS)]
        return replace(reply, warnings=(*told, *self._why_nothing(spelt, list(self._filters(wish, spelt)))))

    def _why_nothing(self, query: Query, filters: list[tuple[str, Query]]) -> Iterator[str]:
        from index.words.tokens import tokenise

        text = query.like.whole if query.like else query.text
        if not tokenise(text[:_LONGEST]):
            yield "there is nothing to look for: no letter, no digit"
            return
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
        yield f"without {every} {_counted(bare)}" if bare else f"nor is anything found by words without {every}"

    def _no_filter(self, query: Query) -> Iterator[str]:
        if not self._names.langs:
            yield "the search index is empty: `slipway index` reads the vault, `slipway run` does the night"
        elif query.mode == "lexical":
            yield "no text has any of these words; the mode `hybrid` looks by meaning as well"

    def _filters(self, wish: Wish, query: Query) -> Iterator[tuple[str, Query]]:
        """Each filter as it was typed, and the query without it."""
        if query.kinds:
            yield self._told("kind", query.kinds), replace(query, kinds=())
        for typed, tag in zip(_once(wish.tags), query.tags, strict=True):
            others = tuple(other for other in query.tags if other != tag)
            yield self._told("tag", (typed,)), replace(query, tags=others)
        if query.sources:
            yield self._told("source", wish.sources), replace(query, sources=())
        if query.langs:
            yield self._told("lang", wish.langs), replace(query, langs=())
        if query.topic:
            yield self._told("topic", (wish.topic,)), replace(query, topic="")
        if query.since:
            yield self._told("since", (wish.since,)), replace(query, since=None)
        if query.until:
            yield self._told("until", (wish.until,)), replace(query, until=None)

    def _told(self, name: str, values: Sequence[str]) -> str:
        quoted = (f"{value[:_TOLD]!r}" if " " in value else value[:_TOLD] for value in _once(values))
        return " ".join(self._written.format(name=name, value=value) for value in quoted)

    def _count(self, query: Query) -> int:
        """How many the words find: by meaning everything is near to something."""
        return len(self._search(replace(query, mode="lexical", n=_COUNTED, explain=False, spelling=False)).results)


def _once(said: Sequence[str]) -> tuple[str, ...]:
    """Each name once, as SQLite takes it."""
    return tuple(dict.fromkeys(map(_mended, said)))


def _names(option: str, said: Sequence[str]) -> tuple[str, ...]:
    """Each name once, as SQLite takes it; UsageError for more than a condition can hold."""
    names = _once(said)
    if len(names) > _MOST_NAMES:
        raise UsageError(f"{option}: {len(names):,} names", hint=f"give at most {_MOST_NAMES}")
    return names


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
