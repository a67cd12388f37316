"""The store's side of a source's include and exclude rules: which slips they keep out of the inbox.

Each sighting remembers why its source's rules keep the item out. A slip is excluded while every sighting of it is: a
source that has no objection brings it to the inbox. What the user or the judge has decided on stays as it is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Connection, bindparam, delete, insert, select, update

from notes.model import Item, ItemStatus, Slip
from slipway.store.database import Database, chunks
from slipway.store.records import Reconsidered
from slipway.store.slips import slips_where
from slipway.store.tables import ItemRow, MetaRow, SightingRow

__all__ = ["RuleStore", "settle"]

_RULES = "rules:"
_INBOX, _EXCLUDED = ItemStatus.INBOX.value, ItemStatus.EXCLUDED.value


class RuleStore(Database):
    """What the rules of a source do to what is stored of it."""

    def slips_of_source(
        self, key: str, statuses: Collection[ItemStatus] = (ItemStatus.INBOX, ItemStatus.EXCLUDED)
    ) -> tuple[Slip, ...]:
        """The slips of these statuses that the source has shown, by id."""
        with self._reading() as connection:
            return tuple(slips_where(connection, _shown_by(key, statuses)))

    def carried_elsewhere(self, key: str, items: Iterable[int]) -> dict[int, tuple[str, ...]]:
        """The other sources that have shown an item without objection, by its id; without the items that have none."""
        found: defaultdict[int, dict[str, None]] = defaultdict(dict)
        theirs = (SightingRow.source != key) & (SightingRow.kept_out == "")
        with self._reading() as connection:
            for part in chunks(sorted(set(items))):
                which = select(SightingRow.item_id, SightingRow.source).where(theirs, SightingRow.item_id.in_(part))
                for row in connection.execute(which.order_by(SightingRow.id)):
                    found[row.item_id][row.source] = None
        return {item_id: tuple(sources) for item_id, sources in found.items()}

    def judged_by(self) -> dict[str, str]:
        """The rules, as :meth:`reconsider` was told them, by which each source's slips were last judged."""
        with self._reading() as connection:
            rows = connection.execute(select(MetaRow.name, MetaRow.value).where(MetaRow.name.startswith(_RULES)))
            return {row.name.removeprefix(_RULES): row.value for row in rows}

    def reconsider(self, key: str, decide: Callable[[Item], str], *, rules: str = "") -> Reconsidered:
        """Apply changed rules to the slips that the source has shown and that wait or are kept out.

        ``decide`` says why an item is kept out, or nothing. A slip that another source has shown without objection stays
        in the inbox. ``rules`` is remembered with the outcome, for :meth:`judged_by`.
        """
        with self._writing() as connection:
            connection.execute(delete(MetaRow).where(MetaRow.name == f"{_RULES}{key}"))
            connection.execute(insert(MetaRow).values(name=f"{_RULES}{key}", value=rules))
            slips = slips_where(connection, _shown_by(key, (ItemStatus.INBOX, ItemStatus.EXCLUDED)))
            reasons = {slip.id: decide(slip.item) for slip in slips}
            _turn(connection, key, reasons)
            return settle(connection, reasons)


def _shown_by(key: str, statuses: Collection[ItemStatus]) -> ColumnElement[bool]:
    shown = select(SightingRow.item_id).where(SightingRow.source == key)
    return ItemRow.status.in_([status.value for status in statuses]) & ItemRow.id.in_(shown)


def _turn(connection: Connection, key: str, reasons: Mapping[int, str]) -> None:
    """Note on the source's sightings of these items why they are kept out."""
    if not reasons:
        return
    its = (SightingRow.item_id == bindparam("its_item")) & (SightingRow.source == bindparam("its_source"))
    rows = [{"its_item": item_id, "its_source": key, "kept_out": why} for item_id, why in reasons.items()]
    connection.execute(update(SightingRow).where(its), rows)


def settle(connection: Connection, items: Iterable[int]) -> Reconsidered:
    """Put slips out of the inbox and back in as their sightings have it; returns those that changed sides."""
    excluded: list[int] = []
    lifted: list[int] = []
    for part in chunks(sorted(set(items))):
        objections = _objections(connection, part)
        rows = select(ItemRow.id, ItemRow.status, ItemRow.reasons).where(ItemRow.id.in_(part))
        for row in connection.execute(rows.where(ItemRow.status.in_([_INBOX, _EXCLUDED])).order_by(ItemRow.id)).all():
            reasons = objections[row.id]
            is_out = bool(reasons) and all(reasons)
            if is_out and (row.status, row.reasons) != (_EXCLUDED, _distinct(reasons)):
                _set(connection, row.id, _EXCLUDED, _distinct(reasons))
            if not is_out and row.status == _EXCLUDED:
                _set(connection, row.id, _INBOX, ())
            if is_out != (row.status == _EXCLUDED):
                (excluded if is_out else lifted).append(row.id)
    return Reconsidered(tuple(excluded), tuple(lifted))


def _objections(connection: Connection, items: Collection[int]) -> Mapping[int, list[str]]:
    """For each item, what each sighting's source has against it."""
    found: defaultdict[int, list[str]] = defaultdict(list)
    theirs = select(SightingRow.item_id, SightingRow.kept_out).where(SightingRow.item_id.in_(items))
    for row in connection.execute(theirs.order_by(SightingRow.id)):
        found[row.item_id].append(row.kept_out)
    return found


def _distinct(reasons: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(reasons))


def _set(connection: Connection, item_id: int, status: str, reasons: tuple[str, ...]) -> None:
    unjudged: dict[str, Any] = {"score": None, "scored_on": None, "decided_on": None}
    changes = unjudged | {"status": status, "reasons": reasons}
    connection.execute(update(ItemRow).where(ItemRow.id == item_id).values(changes))
