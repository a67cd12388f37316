"""Behind the view: a thread that searches, one that loads the model, and one that reads for the preview."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from notes.errors import SlipwayError, UsageError
from slipway.bystander import Bystander
from slipway.search.asking import Asking, Wish
from slipway.search.shelf_names import ShelfNames
from slipway.view.asked import Asked
from slipway.view.latest import Latest
from slipway.view.rows import Row, row_of_entry, row_of_hit
from slipway.view.sheet import Sheet, links_of, sheet_of

if TYPE_CHECKING:
    from index.retrieval.query import Query
    from index.retrieval.search import Reply
    from slipway.app import App
    from slipway.search.searcher import Searcher

__all__ = ["Answer", "Backstage", "Failed"]

T = TypeVar("T")

_MADE_ANEW = "made anew"


@dataclass(frozen=True, slots=True)
class Answer:
    """What a line found; ``is_first`` when it was found by words alone and a better one follows, ``took_ms`` milliseconds.

    ``faults`` are words on the filters that nothing answers to; they were left aside.
    """

    asked: Asked
    rows: tuple[Row, ...]
    warnings: tuple[str, ...] = ()
    took_ms: float = 0.0
    is_first: bool = False
    faults: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """A line or a row that could not be answered: foreseen, or a bug."""

    error: Exception
    request: object = None


class Backstage:
    """Searches and reads for a view; ``deliver`` is called from its threads with an Answer, a Sheet or what Failed."""

    def __init__(self, app: App, deliver: Callable[[Answer | Sheet | Failed], None]) -> None:
        self._app = app
        self._deliver = deliver
        self._searcher: Searcher | None = None
        self._newest, self._texts = Bystander(app.config), Bystander(app.config)  # one for each thread
        self._is_loaded = False
        self._last: Asked | None = None
        self._mended: tuple[str, ...] = ()  # told once by the search, with an answer that another one follows
        self._searches = Latest("search", self._guarded(self._search), self._end)
        self._models = Latest("model", self._guarded(self._load), lambda: None)
        self._sheets = Latest("preview", self._guarded(self._read), self._texts.close)

    def start(self) -> None:
        """Begin; nothing is opened until something is asked."""
        self._searches.start()
        self._models.start()
        self._sheets.start()

    def search(self, asked: Asked) -> None:
        """Look for this, and forget what was asked before."""
        self._last = asked
        self._searches.ask(asked)

    def read(self, row: Row) -> None:
        """Read the text of this row, and forget the rows before."""
        self._sheets.ask(row)

    def close(self) -> None:
        """End the threads."""
        self._searches.close()
        self._models.close()
        self._sheets.close()

    def _search(self, asked: Asked) -> None:
        if asked.is_empty:
            self._deliver(self._newest_of(asked))
            self._models.ask(self._open())
        elif self._is_loaded or asked.query.mode == "lexical":
            self._deliver(self._found(asked))
        else:
            # A model may take seconds to load: what the words find is there at once, and the rest follows.
            self._models.ask(self._open())
            by_words = asked.query.mode == "hybrid"
            self._deliver(self._found(asked, lexical=True) if by_words else Answer(asked, (), is_first=True))

    def _load(self, searcher: Searcher) -> None:
        with suppress(SlipwayError):  # the search that follows tells it
            searcher.encoder.encode_query("warm")
        self._is_loaded = True
        if self._last is not None and not self._last.is_empty:
            self._searches.ask_after(self._last)

    def _found(self, asked: Asked, *, lexical: bool = False) -> Answer:
        wish = _wish(asked.query)
        reply, faults = self._answered(asked, replace(wish, mode="lexical") if lexical else wish)
        warnings = tuple(dict.fromkeys((*self._mended, *reply.warnings)))
        self._mended = tuple(one for one in warnings if lexical and _MADE_ANEW in one)
        rows = tuple(map(row_of_hit, reply.results))
        return Answer(asked, rows, warnings, reply.took_ms, is_first=lexical, faults=faults)

    def _answered(self, asked: Asked, wish: Wish) -> tuple[Reply, tuple[str, ...]]:
        """The reply, and a word on each filter that was left aside for it: it may still be being typed."""
        asking = self._asking(asked)
        try:
            return asking(wish), ()
        except UsageError:
            rest, faults = asking.without_unknown(wish)
            if not faults:
                raise
            return asking(rest), faults

    def _newest_of(self, asked: Asked) -> Answer:
        wish = _wish(asked.query)
        query = asked.query
        faults: tuple[str, ...] = ()
        if wish.tags or wish.sources or wish.langs or wish.topic:
            asking = self._asking(asked)
            wish, faults = asking.without_unknown(wish)
            query = asking.narrowed(wish)
        return Answer(asked, tuple(map(row_of_entry, self._newest.recent(query))), faults=faults)

    def _asking(self, asked: Asked) -> Asking:
        searcher = self._open()
        if searcher.renewed():  # names are looked up before the query opens what stands now
            searcher.close()
        return Asking(
            # The wish knows nothing of words that are still being typed.
            lambda query: searcher(replace(query, prefix=asked.query.prefix)),
            ShelfNames(lambda: searcher.index.connection, self._app.config),
            self._app.clock.today(),
            written="{name}:{value}",
        )

    def _open(self) -> Searcher:
        if self._searcher is None:
            from slipway.search.searcher import open_search

            self._searcher = open_search(self._app)
        return self._searcher

    def _end(self) -> None:
        searcher, self._searcher = self._searcher, None
        if searcher is not None:
            searcher.close()
        self._newest.close()

    def _read(self, row: Row) -> None:
        sheet = sheet_of(self._texts, row)
        self._deliver(sheet)
        self._deliver(links_of(self._texts, sheet))

    def _guarded(self, work: Callable[[T], None]) -> Callable[[T], None]:
        def guarded(request: T) -> None:
            try:
                work(request)
            except Exception as error:  # noqa: BLE001 - a thread has no caller: the view tells it, or raises it anew
                self._deliver(Failed(error, request))

        return guarded


def _wish(query: Query) -> Wish:
    """The query as something to be looked up: names of sources and tags may be written otherwise than the vault has them."""
    return Wish(
        text=query.text,
        mode=query.mode,
        limit=query.n,
        spelling=False,  # half a word is none yet
        kinds=query.kinds,
        tags=query.tags,
        sources=query.sources,
        langs=query.langs,
        topic=query.topic,
        since=query.since.isoformat() if query.since else "",
        until=query.until.isoformat() if query.until else "",
    )
