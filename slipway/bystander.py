"""What a bystander sees: the texts of the index, the files of the vault and the links, looked at without writing a byte.

An :class:`~slipway.app.App` makes folders, caches and tables where it needs them. Who only looks on, beside a night that
may be running, must not.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from index.storage.reading import INDEX_NAME, SearchIndex
from index.storage.sqlite_errors import SQLITE_ERRORS, message_of
from notes.errors import IndexCacheError, StoreError, UsageError, VaultError
from notes.markup.terminal import terminal
from notes.model import Link
from slipway.config import Config
from slipway.finding import by_id, by_title, in_vault, nearest

if TYPE_CHECKING:
    from index.retrieval.query import Query
    from index.texts.documents import Document, Kind

__all__ = ["Bystander", "Entry", "Part"]

_COLUMNS: Final = "d.id, d.kind, d.title, d.path, d.url, d.created, d.source, d.tags, d.lang, d.topic"
_PAGE: Final = "page:"
_LISTED: Final = 5  # names in a message
_FEW: Final = 5_000
"""Up to this many names a mistyped one is held against each; that takes half a second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A note, post or item of the index, or a page of the vault, without its text; ``created`` is a day or empty."""

    id: str
    kind: str
    title: str
    path: str = ""
    url: str = ""
    created: str = ""
    source: str = ""
    tags: tuple[str, ...] = ()
    lang: str = "und"
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Part:
    """A passage of an indexed text: ``start`` and ``end`` are characters of the text."""

    heading: str
    start: int
    end: int
    text: str


class Bystander:
    """Looks at the index, the vault and the links of a configuration; for one thread. Follows the index as it is renewed.

    What needs the index raises UsageError when there is none, IndexCacheError when it cannot be trusted.
    """

    def __init__(self, config: Config) -> None:
        from notes.files.vault import Vault

        self.config = config
        self._vault = Vault(config.vault)
        self._index: SearchIndex | None = None

    def close(self) -> None:
        """Release the index; the next look opens it again."""
        index, self._index = self._index, None
        if index is not None:
            index.close()

    def find(self, name: str) -> Entry:
        """The one thing that ``name`` means: an id or its beginning, a path, a file name, or a title.

        UsageError names the several that it could be, or the nearest where there is none.
        """
        name = in_vault(name.strip().removeprefix(_PAGE), self.config.vault)
        known = self._entries(" WHERE d.id = ?1 OR (d.path <> '' AND d.path IN (?1, ?1 || '.md'))", (name,))
        if len(known) == 1:
            return known[0]
        exact = [one for one in known if one.id == name]
        cards = self._entries(" ORDER BY d.path, d.id")
        found: Sequence[Entry] = exact or self._named(name, [one for one in cards if one.path]) or self._page(name)
        if len(found) == 1:
            return found[0]
        raise _several(name, found) if found else self._unknown(name, cards)

    def entries(self, ids: Iterable[str]) -> dict[str, Entry]:
        """Those of the ids that the index knows."""
        found = (self._entries(" WHERE d.id = ?", (one,)) for one in dict.fromkeys(ids))
        return {entry.id: entry for some in found for entry in some}

    def recent(self, query: Query) -> tuple[Entry, ...]:
        """The newest ``query.n`` that pass the filters of ``query``, newest first, ties by id."""
        where, values = query.conditions()
        clause = f" WHERE d.created IS NOT NULL{where} ORDER BY d.created DESC, d.id LIMIT ?"
        return tuple(self._entries(clause, (*values, query.n)))

    def markdown(self, entry: Entry) -> str:
        """The Markdown of a file as it stands, or the indexed text of what has none. VaultError when the file cannot be read."""
        if entry.path:
            return self._vault.read(entry.path).decode("utf-8", errors="replace")
        return "\n\n".join(filter(None, (entry.title, self.text(entry.id))))

    def text(self, document: str) -> str:
        """The text of a document as the index holds it, without title and headings; offsets of hits count in it."""
        whole = ""
        for part in self.parts(document):
            # What stands between two passages is white space.
            whole += "\n" * (part.start - len(whole)) + part.text[max(0, len(whole) - part.start) :]
        return whole

    def document(self, entry: Entry) -> Document:
        """What the index holds of an entry, as a search for its like wants it."""
        from index.texts.documents import Document

        sections = tuple((part.heading, part.text) for part in self.parts(entry.id))
        # A page of Slipway's is in no index, and the kind of what is asked about filters nothing.
        kind: Kind = "post" if entry.kind == "post" else "item" if entry.kind == "item" else "note"
        return Document(id=entry.id, kind=kind, title=entry.title, sections=sections, lang=entry.lang, path=entry.path)

    def parts(self, document: str) -> tuple[Part, ...]:
        """The passages of a document in reading order."""
        statement = 'SELECT heading, start, "end", text FROM passages WHERE document_id = ? ORDER BY position'
        return tuple(Part(row[0], int(row[1]), int(row[2]), row[3]) for row in self._rows(statement, (document,)))

    def links(self, note: str) -> tuple[Link, ...]:
        """The links that go out from a note, closest first; StoreError when the database cannot be read."""
        return self._linked(note, incoming=False)

    def backlinks(self, note: str) -> tuple[Link, ...]:
        """The links that come in to a note, closest first; StoreError when the database cannot be read."""
        return self._linked(note, incoming=True)

    def _linked(self, note: str, *, incoming: bool) -> tuple[Link, ...]:
        from slipway.store.store import Store

        for attempt in (1, 2):
            try:
                with Store.look(self.config.database) as store:
                    return store.backlinks(note) if incoming else store.related(note)
            except StoreError:
                # A night may have begun to write between the look for its log and the reading.
                if attempt == 2:
                    raise
        raise AssertionError

    def _named(self, name: str, cards: Sequence[Entry]) -> list[Entry]:
        found = by_id(name, cards) or by_title(name, cards)
        return [one for one in found if isinstance(one, Entry)]

    def _page(self, name: str) -> list[Entry]:
        """A file of the vault that the index does not hold: a page of Slipway's, or a note written since."""
        path = name if name.endswith(".md") else f"{name}.md"
        try:
            self._vault.read(path)
        except (VaultError, ValueError):
            return []
        return [Entry(id=f"{_PAGE}{path}", kind="page", title=path.rpartition("/")[2].removesuffix(".md"), path=path)]

    def _unknown(self, name: str, cards: Sequence[Entry]) -> UsageError:
        near = nearest(name, cards) if len(cards) <= _FEW else []
        hint = f"did you mean {' or '.join(map(repr, near))}?" if near else "search for it: the results name ids"
        return UsageError(f"nothing has the id, path or title {terminal(name)[:80]!r}", hint=hint)

    def _entries(self, clause: str, values: tuple[object, ...] = ()) -> list[Entry]:
        statement = f"SELECT {_COLUMNS} FROM documents d{clause}"  # noqa: S608 - clauses of ours, values apart
        return [_entry(row) for row in self._rows(statement, values)]

    def _rows(self, statement: str, values: tuple[object, ...]) -> list[tuple[str, ...]]:
        index = self._open()
        try:
            return index.connection.execute(statement, values).fetchall()
        except SQLITE_ERRORS as error:
            raise IndexCacheError(
                f"the search index {index.path} cannot be read: {message_of(error)}", hint="slipway index"
            ) from error

    def _open(self) -> SearchIndex:
        if self._index is not None and self._index.renewed():
            self.close()
        if self._index is None:
            folder = self.config.cache
            if not (folder / INDEX_NAME).is_file():
                raise UsageError(
                    "there is no search index yet", hint="`slipway index` reads the vault; `slipway run` does the night"
                )
            self._index = SearchIndex.open(folder, renew_seal=False)
        return self._index


def _entry(row: tuple[str, ...]) -> Entry:
    bare = Entry(id=row[0], kind=row[1], title=row[2], path=row[3], url=row[4], created=row[5] or "", source=row[6])
    return replace(bare, tags=tuple(json.loads(row[7])), lang=row[8], topic=row[9])


def _several(name: str, found: Sequence[Entry]) -> UsageError:
    listed = "; ".join(f"{terminal(one.id)} ({terminal(one.title)[:60]})" for one in found[:_LISTED])
    more = f"; and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    return UsageError(f"{terminal(name)[:80]!r} could be any of {len(found)}: {listed}{more}", hint="give a whole id")
