"""The store: the one door to the database.

::

    Store ── FetchStore     batches of items with their source's validators
          │    └─ SourceStore  what is remembered of sources, their schedules
          ├─ ItemStore      slips, decisions
          ├─ ArrivalStore   what came in, to be counted by day
          ├─ FeedbackStore  the user's word on slips, notes and offers
          ├─ RuleStore      what the sources' rules keep out
          ├─ ArticleStore   full texts
          ├─ NoteStore      notes, what was written into their files, links
          ├─ ArrangedStore  what links were last chosen from
          ├─ TopicStore     topics, their notes and items, their history
          ├─ PostStore      posts
          └─ RunStore       the ledger
               └─ Database    connection, schema, transactions

Every method is one transaction: killed anywhere, it has happened or it has not. Rows never leave; what comes
out are the values of :mod:`notes.model` and :mod:`slipway.store.records`.
"""

from __future__ import annotations

from sqlalchemy import func, select

from slipway.store.arranging import ArrangedStore
from slipway.store.arrivals import ArrivalStore
from slipway.store.articles import ArticleStore
from slipway.store.feedback import FeedbackStore
from slipway.store.fetches import FetchStore
from slipway.store.laid_pages import LaidStore
from slipway.store.note_files import NoteStore
from slipway.store.posts import PostStore
from slipway.store.rules import RuleStore
from slipway.store.runs import RunStore
from slipway.store.slips import ItemStore
from slipway.store.tables import ItemRow, NoteRow
from slipway.store.topics import TopicStore

__all__ = ["Store"]


class Store(
    FetchStore,
    ItemStore,
    ArrivalStore,
    FeedbackStore,
    RuleStore,
    ArticleStore,
    NoteStore,
    LaidStore,
    ArrangedStore,
    TopicStore,
    PostStore,
    RunStore,
):
    """An open database; make one with :meth:`Store.open`, close it or use it as a context manager.

    Raises StoreError when the database cannot be used.
    """

    def describe(self) -> str:
        """Where the database is and what it holds, in one line."""
        with self._reading() as connection:
            items = connection.scalar(select(func.count()).select_from(ItemRow))
            notes = connection.scalar(select(func.count()).select_from(NoteRow))
        return f"{self.place}: {items} items, {notes} notes"
