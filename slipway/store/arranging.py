"""The store's memory of what each note was when its links were last chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from sqlalchemy import Connection, bindparam, delete, insert, select, update

from notes.model import Link
from slipway.store.database import Database
from slipway.store.note_files import put_links
from slipway.store.tables import ArrangedRow

__all__ = ["ArrangedStore"]


class ArrangedStore(Database):
    """Evidence hashes of notes."""

    def arranged(self) -> dict[str, str]:
        """Note id → hash of what its links rested on."""
        with self._reading() as connection:
            rows = connection.execute(select(ArrangedRow).order_by(ArrangedRow.note_id))
            return {row.note_id: row.evidence for row in rows}

    def replace_arranged(self, evidence: Mapping[str, str]) -> int:
        """Make this what is remembered; writes only rows that differ and returns how many those were."""
        with self._writing() as connection:
            return _put_arranged(connection, evidence)

    def arrange(self, links: Iterable[Link], evidence: Mapping[str, str]) -> int:
        """Both at once, the links and what they were chosen from: neither is ever there without the other."""
        with self._writing() as connection:
            return put_links(connection, links) + _put_arranged(connection, evidence)


def _put_arranged(connection: Connection, evidence: Mapping[str, str]) -> int:
    its = ArrangedRow.note_id == bindparam("its_id")
    stored = {row.note_id: row.evidence for row in connection.execute(select(ArrangedRow))}
    gone = [{"its_id": name} for name in sorted(stored.keys() - evidence.keys())]
    come = [{"note_id": name, "evidence": evidence[name]} for name in sorted(evidence.keys() - stored.keys())]
    changed = [
        {"its_id": name, "evidence": evidence[name]}
        for name in sorted(evidence.keys() & stored.keys())
        if evidence[name] != stored[name]
    ]
    if gone:
        connection.execute(delete(ArrangedRow).where(its), gone)
    if come:
        connection.execute(insert(ArrangedRow), come)
    if changed:
        connection.execute(update(ArrangedRow).where(its), changed)
    return len(gone) + len(come) + len(changed)
