"""The store's notes: which Slipway made, what it wrote into their files, and how they are linked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, func, insert, select, update

from notes.model import Link, LinkKind
from slipway.store.database import Database, chunks
from slipway.store.feedback import note_word, take_back_deletions, tie_again
from slipway.store.records import FileRecord, NoteRecord
from slipway.store.tables import FileRow, LinkRow, NoteRow
from slipway.store.words import DELETE, RESTORE

__all__ = ["NoteStore", "put_links"]

_LinkKey = tuple[str, str, str]
# In the order of the records' fields: thousands of rows by name take a second of a night.
_NOTE = [getattr(NoteRow, one.name) for one in fields(NoteRecord)]
_FILE = [getattr(FileRow, one.name) for one in fields(FileRecord)]


class NoteStore(Database):
    """Notes, their files and their links."""

    def notes(self) -> dict[str, NoteRecord]:
        """Every note that Slipway made, by id, also those that the user has deleted."""
        with self._reading() as connection:
            rows = connection.execute(select(*_NOTE).order_by(NoteRow.id))
            return {row[0]: NoteRecord(*row) for row in rows}

    def next_number(self, day: date) -> int:
        """The next running number among the notes created on ``day``; a deleted note's number is not given again."""
        with self._reading() as connection:
            highest = connection.scalar(select(func.max(NoteRow.number)).where(NoteRow.created == day))
        return (highest or 0) + 1

    def add_synthesis_note(self, note_id: str, path: str, created: date, number: int) -> None:
        """Remember a synthesis among the notes, so that its number is taken; a second time changes nothing."""
        with self._writing() as connection:
            if connection.scalar(select(NoteRow.id).where(NoteRow.id == note_id)) is None:
                row = {"id": note_id, "path": path, "created": created, "number": number}
                connection.execute(insert(NoteRow).values(row))

    def mark_gone(self, ids: Iterable[str], now: datetime) -> None:
        """Remember that the user deleted these notes, which is a word on them."""
        with self._writing() as connection:
            for part in chunks(sorted(set(ids))):
                there = NoteRow.id.in_(part) & NoteRow.gone_at.is_(None)
                gone = list(connection.scalars(select(NoteRow.id).where(there).order_by(NoteRow.id)))
                _mark(connection, gone, {"gone_at": now})
                note_word(connection, gone, DELETE, now)

    def mark_back(self, ids: Iterable[str], now: datetime) -> None:
        """Remember that deleted notes are in the vault again: the word that was their deletion is taken back.

        A note whose promotion had been taken back becomes its slip's again, unless that has another note by now.
        """
        with self._writing() as connection:
            for part in chunks(sorted(set(ids))):
                away = NoteRow.id.in_(part) & NoteRow.gone_at.is_not(None)
                back = list(connection.scalars(select(NoteRow.id).where(away).order_by(NoteRow.id)))
                _mark(connection, back, {"gone_at": None})
                tie_again(connection, back)
                take_back_deletions(connection, back, now)
                note_word(connection, back, RESTORE, now)

    def mark_moved(self, note_id: str, path: str) -> None:
        """Remember where the user has put a note."""
        with self._writing() as connection:
            _mark(connection, [note_id], {"path": path})

    def file_records(self) -> dict[str, FileRecord]:
        """What Slipway wrote into the vault, by the id of the file."""
        with self._reading() as connection:
            rows = connection.execute(select(*_FILE).order_by(FileRow.id))
            return {row[0]: FileRecord(*row) for row in rows}

    def plan_files(self, planned: Mapping[str, tuple[str, str]]) -> None:
        """Remember, before writing, id → (path, SHA-256 of what is to be written); what was written stays known."""
        rows = {name: {"path": path, "planned_sha": sha} for name, (path, sha) in planned.items()}
        self._store_files(rows)

    def settle_files(self, written: Mapping[str, tuple[str, str]]) -> None:
        """Remember, after writing, id → (path, SHA-256 of what was written)."""
        rows = {name: {"path": path, "sha": sha, "planned_sha": ""} for name, (path, sha) in written.items()}
        self._store_files(rows)

    def remember_inputs(self, inputs: Mapping[str, str]) -> None:
        """Remember id → fingerprint of what the file that was written was made of; writes only what differs."""
        with self._writing() as connection:
            known = {row.id: row.inputs for row in connection.execute(select(FileRow.id, FileRow.inputs))}
            changed = [
                {"its_id": name, "inputs": told}
                for name, told in sorted(inputs.items())
                if known.get(name, told) != told
            ]
            if changed:
                connection.execute(update(FileRow).where(FileRow.id == bindparam("its_id")), changed)

    def links(self) -> tuple[Link, ...]:
        """All links, by source, destination and kind."""
        with self._reading() as connection:
            return tuple(_links(connection).values())

    def related(self, note_id: str) -> tuple[Link, ...]:
        """The links that go out from a note, closest first."""
        closest_first = (LinkRow.score.desc(), LinkRow.dst, LinkRow.kind)
        ordered = select(LinkRow).where(LinkRow.src == note_id).order_by(*closest_first)
        with self._reading() as connection:
            return tuple(_link(row) for row in connection.execute(ordered))

    def backlinks(self, note_id: str) -> tuple[Link, ...]:
        """The links that come in to a note, closest first."""
        closest_first = (LinkRow.score.desc(), LinkRow.src, LinkRow.kind)
        ordered = select(LinkRow).where(LinkRow.dst == note_id).order_by(*closest_first)
        with self._reading() as connection:
            return tuple(_link(row) for row in connection.execute(ordered))

    def replace_links(self, links: Iterable[Link]) -> int:
        """Make these the links; writes only what differs and returns how many rows that was."""
        with self._writing() as connection:
            return put_links(connection, links)

    def _store_files(self, rows: Mapping[str, dict[str, str]]) -> None:
        with self._writing() as connection:
            known = {
                name
                for part in chunks(rows)
                for name in connection.scalars(select(FileRow.id).where(FileRow.id.in_(part)))
            }
            new = [{"sha": "", "id": name, **row} for name, row in rows.items() if name not in known]
            old = [{"its_id": name, **row} for name, row in rows.items() if name in known]
            if new:
                connection.execute(insert(FileRow), new)
            if old:
                connection.execute(update(FileRow).where(FileRow.id == bindparam("its_id")), old)


def put_links(connection: Connection, links: Iterable[Link]) -> int:
    """Make these the links, within a transaction; how many rows differed."""
    wanted = {(link.src, link.dst, link.kind.value): link for link in links}
    stored = _links(connection)
    gone = [key for key, link in stored.items() if wanted.get(key) != link]
    come = [link for key, link in sorted(wanted.items()) if stored.get(key) != link]
    _delete_links(connection, gone)
    if come:
        connection.execute(insert(LinkRow), [_link_columns(link) for link in come])
    return len({*gone, *((link.src, link.dst, link.kind.value) for link in come)})


def _mark(connection: Connection, ids: Iterable[str], values: dict[str, Any]) -> None:
    changes = [{"its_id": note_id, **values} for note_id in ids]
    if changes:
        connection.execute(update(NoteRow).where(NoteRow.id == bindparam("its_id")), changes)


def _links(connection: Connection) -> dict[_LinkKey, Link]:
    ordered = select(LinkRow).order_by(LinkRow.src, LinkRow.dst, LinkRow.kind)
    return {(row.src, row.dst, row.kind): _link(row) for row in connection.execute(ordered)}


def _link(row: Any) -> Link:
    return Link(row.src, row.dst, LinkKind(row.kind), row.score, row.why)


def _link_columns(link: Link) -> dict[str, Any]:
    return {"src": link.src, "dst": link.dst, "kind": link.kind.value, "score": link.score, "why": link.why}


def _delete_links(connection: Connection, keys: list[_LinkKey]) -> None:
    if keys:
        ends = (LinkRow.src == bindparam("its_src")) & (LinkRow.dst == bindparam("its_dst"))
        this = delete(LinkRow).where(ends & (LinkRow.kind == bindparam("its_kind")))
        connection.execute(this, [{"its_src": src, "its_dst": dst, "its_kind": kind} for src, dst, kind in keys])
