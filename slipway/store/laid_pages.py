"""The store's memory of the pages that hold the user's lines beside Slipway's: what was laid there in the last nights."""

from __future__ import annotations

from typing import Final

from sqlalchemy import delete, insert, select

from slipway.store.database import Database
from slipway.store.tables import MetaRow

__all__ = ["LaidStore"]

_LAID: Final = "laid:"
_REMEMBERED: Final = 14  # nights: a page may come back from another device or a backup as it was then


class LaidStore(Database):
    """Records of pages, as :class:`notes.pages.laid.Laid` reads them."""

    def laid_pages(self, page: str) -> tuple[str, ...]:
        """The records of a page, oldest first; empty when it is not known what was laid there."""
        with self._reading() as connection:
            found = connection.scalar(select(MetaRow.value).where(MetaRow.name == f"{_LAID}{page}"))
        return tuple(found.split("\n")) if found else ()

    def remember_laid(self, page: str, record: str) -> None:
        """Add a record to those of a page; the oldest are forgotten."""
        before = self.laid_pages(page)
        if record in before[-1:]:
            return
        value = "\n".join([*before, record][-_REMEMBERED:])
        with self._writing() as connection:
            connection.execute(delete(MetaRow).where(MetaRow.name == f"{_LAID}{page}"))
            connection.execute(insert(MetaRow).values(name=f"{_LAID}{page}", value=value))
