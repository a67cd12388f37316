"""What the server answers: searches, texts and relatives as documents of JSON. It only reads."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from typing import TYPE_CHECKING, Any, Final, Literal

from notes.errors import SlipwayError, UsageError, VaultError
from notes.model import Link
from slipway.assistant.inert import clean, inert
from slipway.bystander import Bystander, Entry

if TYPE_CHECKING:
    from index.retrieval.search import Hit, Query, Reply
    from slipway.app import App
    from slipway.search.asking import Asking, Wish
    from slipway.search.searcher import Searcher

__all__ = ["PASSAGE", "Librarian"]

PASSAGE: Final = 2_000
"""Characters of a passage in a list of results; `read` gives the whole text."""

_NEAR = 3
_TITLE = 300
_SHARED = 6


class Librarian:
    """Answers over the index and the vault of ``app``, whose store, vault and caches it never opens.

    Belongs to one thread. Every answer is a document of JSON without control characters; UsageError and the other
    errors of Slipway tell what was wrong and the remedy.
    """

    def __init__(self, app: App) -> None:
        self._app = app
        self._bystander = Bystander(app.config)
        self._searcher: Searcher | None = None

    def close(self) -> None:
        """Release the index."""
        searcher, self._searcher = self._searcher, None
        if searcher is not None:
            searcher.close()
        self._bystander.close()

    def search(self, wish: Wish) -> dict[str, Any]:
        """``{query, mode, model, warnings, results}``, the results as ``slipway search --json`` has them, passages cut."""
        from slipway.search.replies import reply_document

        reply = self._asking()(wish)
        document = reply_document(reply)
        results = document["results"]
        assert isinstance(results, list)
        for result in results:
            result["passage"] = _cut(str(result["passage"]), PASSAGE)
            result["title"] = _cut(str(result["title"]), _TITLE)
        return _cleaned(document | {"warnings": list(reply.warnings)})

    def read(self, name: str, offset: int, limit: int) -> dict[str, Any]:
        """``{id, kind, title, …, text, offset, total, next_offset, warnings}``: a part of a text, in characters."""
        entry = self._entry(name)
        text, warnings = self._text(entry)
        if offset > len(text):
            raise UsageError(f"the text has {len(text)} characters, offset is {offset}", hint="begin at 0")
        end = min(len(text), offset + limit)
        return _cleaned(_entry_document(entry)) | {
            "text": text[offset:end],
            "offset": offset,
            "total": len(text),
            "next_offset": end if end < len(text) else None,
            "warnings": warnings,
        }

    def related(self, name: str, count: int) -> dict[str, Any]:
        """``{id, title, results, warnings}``: the links of a note both ways, closest first, then what is most like it."""
        entry = self._entry(name)
        warnings: list[str] = []
        found = self._linked(entry, warnings)
        found += [one for one in self._alike(entry, count + len(found) + 1, warnings) if one["id"] != entry.id]
        first: dict[str, dict[str, Any]] = {}
        for one in found:
            first.setdefault(one["id"], one)
        results = [{"rank": rank} | one for rank, one in enumerate(list(first.values())[:count], start=1)]
        return _cleaned({"id": entry.id, "title": entry.title, "results": results, "warnings": warnings})

    def recent(self, wish: Wish) -> dict[str, Any]:
        """``{results, warnings}``: the newest that pass the filters, newest first."""
        found = self._bystander.recent(self._asking().narrowed(wish))
        warnings = [] if found else ["nothing passes these filters"]
        return _cleaned({"results": [_entry_document(one) for one in found], "warnings": warnings})

    def _asking(self) -> Asking:
        """Filters as `slipway search` takes them; the names are those of the index as it stands now."""
        from slipway.search.asking import Asking
        from slipway.search.shelf_names import ShelfNames

        searcher = self._open()
        names = ShelfNames(lambda: searcher.index.connection, self._app.config)
        return Asking(searcher, names, self._app.clock.today(), written="{name}: {value}")

    def _answer(self, query: Query) -> Reply:
        return self._open()(query)

    def _open(self) -> Searcher:
        if self._searcher is None:
            from slipway.search.searcher import open_search

            self._searcher = open_search(self._app, mend=False)
        if self._searcher.renewed():  # names are looked up before the query opens what stands now
            self._searcher.close()
        return self._searcher

    def _entry(self, name: str) -> Entry:
        try:
            return self._bystander.find(name)
        except UsageError as error:
            near = [] if "could be" in error.message or "mean" in error.hint else self._near(name)
            if not near:
                raise
            meant = " or ".join(f"{hit.id!r} ({_cut(hit.title, 60)})" for hit in near)
            raise UsageError(error.message, hint=f"did you mean {meant}?") from None

    def _near(self, name: str) -> tuple[Hit, ...]:
        """What has the words of a name that nothing has."""
        words = " ".join(name.replace("/", " ").replace("-", " ").replace(".md", " ").split())
        with suppress(SlipwayError):
            from index.retrieval.query import Query

            return self._answer(Query(text=words[:200], mode="lexical", n=_NEAR)).results
        return ()

    def _text(self, entry: Entry) -> tuple[str, list[str]]:
        bystander = self._bystander
        try:
            return inert(bystander.markdown(entry)), []
        except VaultError as error:
            text = bystander.text(entry.id)
            if not text:
                raise
            return inert(text), [inert(f"{error.message}; this is the text as it was indexed (remedy: slipway index)")]

    def _linked(self, entry: Entry, warnings: list[str]) -> list[dict[str, Any]]:
        bystander = self._bystander
        try:
            out, back = bystander.links(entry.id), bystander.backlinks(entry.id)
        except SlipwayError as error:
            warnings.append(inert(f"the links cannot be read: {error.message}"))
            return []
        ends = bystander.entries([*(link.dst for link in out), *(link.src for link in back)])
        towards = [_link_document(link, ends[link.dst], "out") for link in out if link.dst in ends]
        return towards + [_link_document(link, ends[link.src], "in") for link in back if link.src in ends]

    def _alike(self, entry: Entry, count: int, warnings: list[str]) -> list[dict[str, Any]]:
        from index.retrieval.query import Query

        reply = self._answer(Query(like=self._bystander.document(entry), n=count))
        warnings.extend(reply.warnings)
        return [
            {
                "id": hit.id,
                "title": _cut(hit.title, _TITLE),
                "path": hit.path,
                "score": hit.score,
                "kind": "similar",
                "direction": "none",
                "why": f"alike: {', '.join(hit.terms[:_SHARED])}" if hit.terms else "alike in meaning",
            }
            for hit in reply.results
        ]


def _cleaned(document: dict[str, Any]) -> dict[str, Any]:
    cleaned = clean(document)
    assert isinstance(cleaned, dict)
    return cleaned


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else f"{text[: limit - 1].rstrip()}…"


def _entry_document(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "kind": entry.kind,
        "title": _cut(entry.title, _TITLE),
        "path": entry.path,
        "url": entry.url,
        "created": _day(entry.created),
        "source": entry.source,
        "tags": list(entry.tags[:50]),
        "lang": entry.lang,
    }


def _day(created: str) -> str | None:
    with suppress(ValueError):
        return date.fromisoformat(created).isoformat()
    return None


def _link_document(link: Link, other: Entry, direction: Literal["in", "out"]) -> dict[str, Any]:
    return {
        "id": other.id,
        "title": _cut(other.title, _TITLE),
        "path": other.path,
        "score": link.score,
        "kind": link.kind.value,
        "direction": direction,
        "why": _cut(link.why, 500),
    }
