"""The desk: the one rule by which a file of the vault is written."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notes.errors import VaultError
from notes.files.vault import Vault, sha256
from slipway.desk import Desk, Fate, Sheet, must_not_vanish, tally
from slipway.store.records import FileRecord


class Ledger:
    """A ledger in memory, with the interface of the store."""

    def __init__(self):
        self.rows: dict[str, FileRecord] = {}

    def file_records(self):
        return dict(self.rows)

    def plan_files(self, planned):
        for name, (path, sha) in planned.items():
            old = self.rows.get(name) or FileRecord(name, path, "", "")
            self.rows[name] = replace(old, path=path, planned_sha=sha)

    def settle_files(self, written):
        for name, (path, sha) in written.items():
            self.rows[name] = FileRecord(name, path, sha, sha)


def text(body):
    return f"---\nid: a\n---\n\n{body}\n"


@pytest.fixture
def vault(tmp_path):
    return Vault(tmp_path)


@pytest.fixture
def ledger():
    return Ledger()


def lay(vault, ledger, sheet):
    desk = Desk(vault, ledger, {note.id: note for note in vault.notes()})
    return desk.lay([sheet])[sheet.id]


SHEET = Sheet("a", "notes/a.md", text("one"))
NEWER = replace(SHEET, text=text("two"))


def test_created_then_unchanged_then_replaced(vault, ledger):
    assert lay(vault, ledger, SHEET) is Fate.CREATED
    assert lay(vault, ledger, SHEET) is Fate.UNCHANGED
    assert lay(vault, ledger, NEWER) is Fate.REPLACED
    assert vault.read("notes/a.md") == NEWER.text.encode()
    assert ledger.rows["a"].sha == sha256(NEWER.text)


def test_the_first_edit_makes_it_the_users(vault, ledger):
    lay(vault, ledger, SHEET)
    (vault.root / "notes/a.md").write_bytes(SHEET.text.encode() + b" ")
    assert lay(vault, ledger, NEWER) is Fate.KEPT
    assert vault.read("notes/a.md") == SHEET.text.encode() + b" "


def test_an_edit_taken_back_makes_it_ours_again(vault, ledger):
    lay(vault, ledger, SHEET)
    (vault.root / "notes/a.md").write_text(text("mine"))
    lay(vault, ledger, NEWER)
    (vault.root / "notes/a.md").write_text(SHEET.text)
    assert lay(vault, ledger, NEWER) is Fate.REPLACED


def test_a_deleted_file_stays_deleted_but_a_standing_page_comes_back(vault, ledger):
    lay(vault, ledger, SHEET)
    (vault.root / "notes/a.md").unlink()
    assert lay(vault, ledger, NEWER) is Fate.DELETED
    assert lay(vault, ledger, replace(NEWER, standing=True)) is Fate.CREATED


def test_a_moved_file_is_replaced_where_it_is(vault, ledger):
    lay(vault, ledger, SHEET)
    (vault.root / "notes/a.md").rename(vault.root / "b.md")
    assert lay(vault, ledger, NEWER) is Fate.REPLACED
    assert not (vault.root / "notes/a.md").exists()
    assert vault.read("b.md") == NEWER.text.encode()


def test_somebody_elses_file_at_the_place_is_kept(vault, ledger):
    (vault.root / "notes").mkdir()
    (vault.root / "notes/a.md").write_text("---\nid: other\n---\nmine\n")
    assert lay(vault, ledger, SHEET) is Fate.KEPT
    assert "mine" in (vault.root / "notes/a.md").read_text()


@pytest.mark.parametrize("written", [SHEET, NEWER], ids=["killed before the write", "killed after the write"])
def test_a_kill_between_plan_and_settle_leaves_no_doubt(vault, ledger, written):
    lay(vault, ledger, SHEET)
    ledger.plan_files({"a": ("notes/a.md", sha256(NEWER.text))})
    (vault.root / "notes/a.md").write_text(written.text)
    newest = replace(SHEET, text=text("three"))
    assert lay(vault, ledger, newest) is Fate.REPLACED


def test_a_kill_after_creating_is_settled_by_the_next_run(vault, ledger):
    ledger.plan_files({"a": ("notes/a.md", sha256(SHEET.text))})
    vault.create("notes/a.md", SHEET.text)
    assert lay(vault, ledger, SHEET) is Fate.UNCHANGED
    assert ledger.rows["a"].sha == sha256(SHEET.text)


def settled(vault, ledger):
    Desk(vault, ledger, {note.id: note for note in vault.notes()}).settle()
    return ledger.rows["a"].sha


@pytest.mark.parametrize("written", [SHEET, NEWER], ids=["as planned", "edited since"])
def test_a_file_that_was_made_and_never_recorded_stays_deleted_once_it_was_seen(vault, ledger, written):
    ledger.plan_files({"a": ("notes/a.md", sha256(SHEET.text))})
    vault.create("notes/a.md", written.text)
    assert settled(vault, ledger) == sha256(SHEET.text)
    assert lay(vault, ledger, replace(SHEET, text=text("three"))) is (Fate.REPLACED if written is SHEET else Fate.KEPT)
    (vault.root / "notes/a.md").unlink()
    assert lay(vault, ledger, SHEET) is Fate.DELETED


def test_one_that_cannot_be_read_was_made_too(vault, ledger):
    ledger.plan_files({"a": ("notes/a.md", sha256(SHEET.text))})
    vault.create("notes/a.md", SHEET.text)
    (note,) = vault.notes()
    Desk(vault, ledger, {"a": replace(note, sha256="")}).settle()
    (vault.root / "notes/a.md").unlink()
    assert lay(vault, ledger, SHEET) is Fate.DELETED


@pytest.mark.parametrize(
    ("planned", "known", "sha"),
    [(NEWER, NEWER, NEWER), (NEWER, SHEET, SHEET), (SHEET, NEWER, SHEET)],
    ids=["replaced", "not replaced", "edited after"],
)
def test_a_replacement_is_settled_by_the_bytes_that_stand_there(vault, ledger, planned, known, sha):
    lay(vault, ledger, SHEET)
    ledger.plan_files({"a": ("notes/a.md", sha256(planned.text))})
    (vault.root / "notes/a.md").write_text(known.text)
    assert settled(vault, ledger) == sha256(sha.text)


def test_what_found_its_place_taken_was_never_written_and_comes_when_it_is_free(vault, ledger):
    (vault.root / "notes").mkdir()
    place = vault.root / "notes/a.md"
    place.write_text("---\nid: other\n---\nmine\n")
    assert lay(vault, ledger, SHEET) is Fate.KEPT
    assert ledger.rows["a"] == FileRecord("a", "notes/a.md", "", "")
    place.unlink()
    assert lay(vault, ledger, SHEET) is Fate.CREATED


def test_a_withdrawal_takes_what_was_planned_and_remembers_nothing_of_what_it_cannot_read(vault, ledger):
    lay(vault, ledger, SHEET)
    ledger.plan_files({"a": ("notes/a.md", sha256(NEWER.text))})
    (vault.root / "notes/a.md").write_text(NEWER.text)
    (note,) = vault.notes()
    planned = dict(ledger.rows)
    assert Desk(vault, ledger, {"a": replace(note, sha256="")}).withdraw(["a"]) == {}
    assert ledger.rows == planned
    assert Desk(vault, ledger, {"a": note}).withdraw(["a"]) == {"a": Fate.DELETED}
    assert vault.notes() == ()
    assert ledger.rows["a"].planned_sha == ledger.rows["a"].sha


def test_a_file_that_vanishes_while_it_is_withdrawn_may_be_on_its_way_elsewhere(vault, ledger):
    lay(vault, ledger, SHEET)
    ledger.plan_files({"a": ("notes/a.md", "withdrawn")})
    desk, planned = Desk(vault, ledger, {note.id: note for note in vault.notes()}), dict(ledger.rows)
    (vault.root / "notes/a.md").rename(vault.root / "b.md")
    assert desk.withdraw(["a"]) == {}
    assert ledger.rows == planned


def test_pages_with_the_users_lines_are_replaced_only_from_the_bytes_they_were_made_from(vault, ledger):
    lay(vault, ledger, SHEET)
    edited = text("one, and mine")
    (vault.root / "notes/a.md").write_text(edited)
    merged = Sheet("a", "notes/a.md", text("one, mine, and new"), merged_from=sha256(edited))
    assert lay(vault, ledger, replace(merged, merged_from="something else")) is Fate.KEPT
    assert lay(vault, ledger, merged) is Fate.REPLACED


def test_an_edit_during_the_run_wins(vault, ledger):
    lay(vault, ledger, SHEET)
    desk = Desk(vault, ledger, {note.id: note for note in vault.notes()})
    (vault.root / "notes/a.md").write_text(text("typed this moment"))
    assert desk.lay([NEWER]) == {"a": Fate.KEPT}
    assert "typed this moment" in (vault.root / "notes/a.md").read_text()


def test_untouched(vault, ledger):
    lay(vault, ledger, SHEET)
    vault.create("b.md", "---\nid: b\n---\nhand-written\n")
    ledger.plan_files({"c": ("c.md", "x")})
    assert Desk(vault, ledger, {note.id: note for note in vault.notes()}).untouched() == {"a", "c"}


def test_a_new_file_is_settled_before_the_next_is_written(vault, ledger):
    """Killed in the middle of many, and the first deleted by its owner: it stays deleted."""
    settle = ledger.settle_files

    def killed_at_the_second(written):
        if ledger.rows.get("a") and ledger.rows["a"].sha:
            raise KeyboardInterrupt
        settle(written)

    ledger.settle_files = killed_at_the_second
    with pytest.raises(KeyboardInterrupt):
        Desk(vault, ledger, {}).lay([SHEET, replace(SHEET, id="b", path="b.md", text="---\nid: b\n---\n")])
    ledger.settle_files = settle
    (vault.root / "notes/a.md").unlink()
    assert lay(vault, ledger, SHEET) is Fate.DELETED


def test_tally():
    assert tally({"a": Fate.KEPT, "b": Fate.CREATED, "c": Fate.KEPT}) == {"created": 1, "kept": 2}


def test_everything_missing_at_once_is_an_unmounted_disk():
    must_not_vanish(2, 0, "/v")
    must_not_vanish(3, 1, "/v")
    with pytest.raises(VaultError, match="holds none of them"):
        must_not_vanish(3, 0, "/v")
