"""The only way in which Slipway writes a file of the vault.

A file is Slipway's while its bytes are those that Slipway last wrote; the first edit makes it the user's. So that a killed
run leaves no doubt, the hash of what is about to be written is committed first, then the file is written, then the hash is
settled: a file that bears either hash is Slipway's own.

What may happen to a sheet::

    no file, never written      → created
    no file, written before     → left away: the user deleted it (unless the sheet is a page that always stands)
    file bears a known hash     → replaced when the text differs
    file bears another hash     → the user's: kept as it is
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from notes.errors import VaultError
from notes.files.attributes import lock
from notes.files.vault import RemoveOutcome, ReplaceOutcome, Vault, VaultExistsError, VaultOutsideError, sha256
from notes.model import VaultNote
from slipway.store.records import FileRecord
from slipway.store.words import WITHDRAWN

__all__ = ["Desk", "Fate", "FileLedger", "Sheet"]


class Fate(StrEnum):
    """What became of a sheet."""

    CREATED = "created"
    REPLACED = "replaced"
    UNCHANGED = "unchanged"
    KEPT = "kept"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Sheet:
    """A file that should be in the vault: its id, where it goes if it is new, and its whole text.

    ``standing`` pages are made again when the user deletes them. ``merged_from`` is the hash of the bytes that the text
    was made from, for pages that hold the user's own lines: they may be replaced as long as they are still those bytes.
    """

    id: str
    path: str
    text: str
    standing: bool = False
    merged_from: str = ""


class FileLedger(Protocol):
    """The part of the store that remembers what was written."""

    def file_records(self) -> dict[str, FileRecord]:
        """The records by id."""

    def plan_files(self, planned: Mapping[str, tuple[str, str]]) -> None:
        """Remember, before writing, id → (path, hash)."""

    def settle_files(self, written: Mapping[str, tuple[str, str]]) -> None:
        """Remember, after writing, id → (path, hash)."""


class Desk:
    """Writes sheets into a vault under the rule above. ``files`` is what the vault held when this run read it, by id."""

    def __init__(self, vault: Vault, ledger: FileLedger, files: Mapping[str, VaultNote]) -> None:
        self._vault = vault
        self._ledger = ledger
        self._files = files
        self._records = ledger.file_records()

    def untouched(self) -> frozenset[str]:
        """The ids whose file bears a hash of ours, or was never written yet."""
        ours = {name for name, file in self._files.items() if self._is_ours(name, file.sha256)}
        unwritten = {name for name, record in self._records.items() if not record.sha and name not in self._files}
        return frozenset(ours | unwritten)

    def lay(self, sheets: Sequence[Sheet]) -> dict[str, Fate]:
        """Write the sheets; returns what became of each, by id."""
        fates = {sheet.id: self._judge(sheet) for sheet in sheets}
        due = [sheet for sheet in sheets if fates[sheet.id] in (Fate.CREATED, Fate.REPLACED)]
        planned = {sheet.id: (self._path(sheet), sha256(sheet.text)) for sheet in due}
        if planned:
            self._ledger.plan_files(planned)
        written: dict[str, tuple[str, str]] = {}
        for sheet in due:
            fates[sheet.id] = self._write(sheet, fates[sheet.id])
            if fates[sheet.id] is Fate.CREATED:
                # At once: a new file that its owner deletes before the night is over must stay deleted.
                self._ledger.settle_files({sheet.id: planned[sheet.id]})
            elif fates[sheet.id] is Fate.REPLACED:
                written[sheet.id] = planned[sheet.id]
            elif self._is_never_written(sheet):
                # Something of the user's stands in its place: a plan that is left would read as a file that was written.
                written[sheet.id] = (sheet.path, "")
        settled = {sheet.id: self._found(sheet) for sheet in sheets if self._is_unsettled(sheet, fates[sheet.id])}
        if written or settled:
            self._ledger.settle_files(written | settled)
        return fates

    def settle(self) -> None:
        """Record what a killed run wrote and did not record: by the files that stand there, before anything else is written.

        A file that bears the planned hash is what was written last. One that was never recorded and bears another has been
        edited since: it was written once and is the user's now, and when they delete it, it stays deleted.
        """
        found = {name: self._files[name] for name, record in self._records.items() if name in self._files}
        settled = {
            name: (file.path, self._records[name].planned_sha)
            for name, file in found.items()
            if _was_written(self._records[name], file.sha256)
        }
        if settled:
            self._ledger.settle_files(settled)
            self._records = self._ledger.file_records()

    def amend(self, path: str, text: str, *, expected_sha: str) -> ReplaceOutcome:
        """Put ``text`` into a file that is the user's, at their word. Nothing is remembered of it: the file stays theirs.

        Raises VaultError for one that is write-protected, or has other names that would part from it.
        """
        if why := lock((self._vault.root / path).resolve()):
            raise VaultError(f"{why}, so nothing was written; the offer stands")
        return self._vault.replace(path, text, expected_sha=expected_sha)

    def renew(self, path: str, text: str, shipped: bytes) -> Fate:
        """Put ``text`` in the place of a starter file while it holds the bytes that were shipped; nothing is remembered of it."""
        try:
            outcome = self._vault.replace(path, text, expected_sha=sha256(shipped))
        except VaultError:
            return Fate.KEPT  # what may not be written stays as it is, and is no harm in another language
        return Fate.REPLACED if outcome is ReplaceOutcome.REPLACED else Fate.KEPT

    def withdraw(self, ids: Sequence[str]) -> dict[str, Fate]:
        """Take the files of these ids away as far as they are still Slipway's own; what the user has edited is kept.

        An id without a file must be gone, not out of sight. What could not be decided is neither remembered nor returned: a file
        that cannot be read, and one that vanished this moment, perhaps on its way to another folder.
        """
        tried = {name: self._take_away(name) for name in ids if name in self._records}
        fates = {name: fate for name, fate in tried.items() if fate is not None}
        settled = {name: (self._records[name].path, self._records[name].sha) for name in fates}
        if settled:
            self._ledger.settle_files(settled)
        return fates

    def _take_away(self, name: str) -> Fate | None:
        file = self._files.get(name)
        if file is None:
            return Fate.DELETED
        if not file.sha256:
            return None
        if not self._is_ours(name, file.sha256):
            return Fate.KEPT
        fates = {RemoveOutcome.REMOVED: Fate.DELETED, RemoveOutcome.CHANGED_BY_USER: Fate.KEPT}
        return fates.get(self._vault.remove(file.path, expected_sha=file.sha256))

    def _judge(self, sheet: Sheet) -> Fate:
        file = self._files.get(sheet.id)
        if file is None:
            record = self._records.get(sheet.id)
            deleted = record is not None and bool(record.sha) and not sheet.standing
            return Fate.DELETED if deleted else Fate.CREATED
        if file.sha256 == sha256(sheet.text):
            return Fate.UNCHANGED
        ours = self._is_ours(sheet.id, file.sha256) or (bool(file.sha256) and file.sha256 == sheet.merged_from)
        return Fate.REPLACED if ours else Fate.KEPT

    def _write(self, sheet: Sheet, fate: Fate) -> Fate:
        if fate is Fate.CREATED:
            try:
                self._vault.create(sheet.path, sheet.text)
            except (VaultExistsError, VaultOutsideError):
                # Somebody else's file or link stands there, or the user made one this moment: it is theirs.
                return Fate.KEPT
            return Fate.CREATED
        file = self._files[sheet.id]
        outcome = self._vault.replace(file.path, sheet.text, expected_sha=file.sha256)
        return Fate.REPLACED if outcome is ReplaceOutcome.REPLACED else Fate.KEPT

    def _is_ours(self, name: str, sha: str) -> bool:
        record = self._records.get(name)
        # A file that cannot be read has no hash, a file that was never written neither.
        return record is not None and bool(sha) and sha in (record.sha, record.planned_sha)

    def _is_unsettled(self, sheet: Sheet, fate: Fate) -> bool:
        """A file that a killed run wrote but did not record."""
        if fate is not Fate.UNCHANGED or not self._is_ours(sheet.id, self._files[sheet.id].sha256):
            return False
        return self._records[sheet.id].sha != self._files[sheet.id].sha256

    def _is_never_written(self, sheet: Sheet) -> bool:
        record = self._records.get(sheet.id)
        return sheet.id not in self._files and (record is None or not record.sha)

    def _path(self, sheet: Sheet) -> str:
        file = self._files.get(sheet.id)
        return file.path if file is not None else sheet.path

    def _found(self, sheet: Sheet) -> tuple[str, str]:
        file = self._files[sheet.id]
        return file.path, file.sha256


def _was_written(record: FileRecord, sha: str) -> bool:
    """Whether what was planned has been written, as the file tells that stands there now."""
    if record.planned_sha in ("", WITHDRAWN):
        return False
    return not record.sha or sha == record.planned_sha


def tally(fates: Mapping[str, Fate]) -> dict[str, int]:
    """Counts by fate, for the ledger."""
    counted = Counter(fate.value for fate in fates.values())
    return {fate.value: counted[fate.value] for fate in Fate if counted[fate.value]}


def must_not_vanish(known: int, found: int, root: str) -> None:
    """Refuse to believe that a user deleted everything: an unmounted disk looks just like it.

    Raises VaultError.
    """
    if known >= 3 and found == 0:
        raise VaultError(
            f"{root}: {known} notes are known, but the vault holds none of them",
            hint="is the disk mounted, is `vault` in slipway.toml right? To start over, move .slipway away as well",
        )
