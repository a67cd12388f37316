"""The store: the one door to the database.

::

    Store ── FetchStore     batches of items with their source's validators
          │    └─ SourceStore  what is remembered of sources, their schedules
          ├─ ItemStore      slips, decisions, the user's word
          ├─ RuleStore      what the sources' rules keep out
          ├─ ArticleStore   full texts
          ├─ NoteStore      notes, what was written into their files, links
          ├─ PostStore      topics, posts
          └─ RunStore       the ledger
               └─ Database    connection, schema, transactions

Every method is one transaction: killed anywhere, it has happened or it has not. Rows never leave; what comes
out are the values of :mod:`notes.model` and :mod:`slipway.records`.
"""

from __future__ import annotations

from sqlalchemy import func, select

from slipway.store_articles import ArticleStore
from slipway.store_fetch import FetchStore
from slipway.store_items import ItemStore
from slipway.store_notes import NoteStore
from slipway.store_posts import PostStore
from slipway.store_rules import RuleStore
from slipway.store_runs import RunStore
from slipway.tables import ItemRow, NoteRow

__all__ = ["Store"]


class Store(FetchStore, ItemStore, RuleStore, ArticleStore, NoteStore, PostStore, RunStore):
    """An open database; make one with :meth:`Store.open`, close it or use it as a context manager.

    Raises StoreError when the database cannot be used.
    """

    def describe(self) -> str:
        """Where the database is and what it holds, in one line."""
        with self._reading() as connection:
            items = connection.scalar(select(func.count()).select_from(ItemRow))
            notes = connection.scalar(select(func.count()).select_from(NoteRow))
        return f"{self.place}: {items} items, {notes} notes"
