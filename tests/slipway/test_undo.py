"""Undo walks back through what the user answered, and takes no note away that is theirs."""

from __future__ import annotations

import pytest
from sqlalchemy import update

from notes.errors import UsageError, VaultError
from notes.files.vault import Vault
from notes.model import ItemStatus, Post, PostKind
from slipway.answering import dismiss_now, history, promote_now, undo
from slipway.desk import Desk
from slipway.stages.sync import sync
from slipway.store.note_files import NoteStore
from slipway.store.tables import ItemRow
from slipway.store.words import WITHDRAWN
from slipway.undoing import take_back
from tests.slipway.boxes import content
from tests.slipway.nights import Box

notes = Vault.notes
INBOX, PROMOTED, DISMISSED = ItemStatus.INBOX, ItemStatus.PROMOTED, ItemStatus.DISMISSED


@pytest.fixture
def box(tmp_path):
    """Four slips that wait, numbered from 1."""
    box = Box(tmp_path)
    box.arrive("other", 4)
    return box


@pytest.fixture
def app(box):
    with box.app() as app:
        yield app


def statuses(app):
    return [slip.status for slip in app.store.slips()]


def files(app):
    return {stat.path: app.vault.read(stat.path) for stat in app.vault.files()}


def test_walking_back(app):
    promote_now(app, [1])
    dismiss_now(app, [2, 3])
    promote_now(app, [3])
    assert statuses(app) == [PROMOTED, DISMISSED, PROMOTED, INBOX]
    told = undo(app)
    assert told[0].startswith("dismissed again: item 3, other")
    assert told[0].endswith("its note is taken away")
    assert [line.partition(",")[0] for line in undo(app, 2)] == [
        "back in the inbox: item 3",
        "back in the inbox: item 2",
    ]
    assert statuses(app) == [PROMOTED, INBOX, INBOX, INBOX]
    assert [line.partition(",")[0] for line in undo(app, 9)] == ["back in the inbox: item 1"]
    assert statuses(app) == [INBOX] * 4
    assert undo(app) == ()
    assert files(app) == {}


def test_the_history_tells_everything_newest_first(app):
    promote_now(app, [1])
    dismiss_now(app, [2])
    undo(app)
    latest, first = history(app)
    assert (latest["verdict"], latest["item"], latest["note_id"]) == ("dismiss", 2, "")
    assert latest["undone_at"] == app.clock.now().isoformat()
    assert (first["verdict"], first["origin"], first["undone_at"]) == ("promote", "inbox", None)
    assert first["title"].startswith("other ")
    assert history(app, 1) == [latest]


def test_an_untouched_note_goes_and_may_come_again(app):
    (path,) = promote_now(app, [1])
    undo(app)
    assert files(app) == {}
    assert sync(app).counts["deleted"] == 0, "nobody deleted it"
    assert app.store.feedback() == ()
    (again,) = promote_now(app, [1])
    assert again != path, "its number is not given twice"
    assert list(files(app)) == [again]


@pytest.mark.parametrize("how", ["edited", "moved", "deleted", "linked", "told of"])
def test_what_has_become_the_users_stays_and_only_the_answer_is_forgotten(app, how):
    (path,) = promote_now(app, [1])
    place = app.config.vault / path
    if how == "edited":
        place.write_bytes(place.read_bytes() + b"mine\n")
    elif how == "moved":
        place.rename(app.config.vault / "mine.md")
    elif how == "deleted":
        place.unlink()
    elif how == "linked":
        (app.config.vault / "mine.md").write_text(f"I build on [[{place.stem}]].\n")
    else:
        post = Post(
            id="p", kind=PostKind.DAILY, date=app.clock.today(), title="t", lang="en", path="posts/p.md", note_ids=(place.stem,), claims=(), text=""
        )  # fmt: skip
        app.store.record_post(post)
    before = files(app)
    (told,) = undo(app)
    assert told.startswith("forgotten: that you promoted other")
    assert {"deleted": "gone already", "told of": "posts/p.md rests on it", "linked": "mine.md links to it"}.get(
        how, how
    ) in told
    assert files(app) == before
    assert statuses(app)[0] is PROMOTED
    assert not [answer for answer in app.store.feedback() if answer.verdict == "promote"]


def test_a_deletion_in_the_vault_is_an_answer_that_can_be_forgotten(app):
    (path,) = promote_now(app, [1])
    (app.config.vault / path).unlink()
    sync(app)
    assert [answer.verdict for answer in app.store.feedback()] == ["promote", "delete"]
    (told,) = undo(app)
    assert told.startswith("forgotten: that you deleted other")
    assert [answer.verdict for answer in app.store.feedback()] == ["promote"]
    sync(app)
    assert files(app) == {}, "the note stays deleted"
    assert [answer.verdict for answer in app.store.feedback()] == ["promote"]


def test_an_edit_is_no_answer_that_was_asked_for_and_comes_last(app):
    (path,) = promote_now(app, [1])
    place = app.config.vault / path
    place.write_bytes(place.read_bytes() + b"mine\n")
    dismiss_now(app, [2])
    sync(app)
    assert [answer.verdict for answer in app.store.feedback()] == ["promote", "dismiss", "edit"]
    told = undo(app, 9)
    assert [line.partition(",")[0].partition(" other")[0] for line in told] == [
        "back in the inbox: item 2",
        "forgotten: that you promoted",
        "forgotten: that you edited",
    ]
    sync(app)
    assert app.store.feedback() == (), "and it is not found anew"


def test_killed_between_the_database_and_the_file_the_next_run_takes_it_away(box, monkeypatch):
    with box.app() as app:
        promote_now(app, [1])
        with monkeypatch.context() as patch:
            patch.setattr(Desk, "withdraw", killed)
            with pytest.raises(VaultError, match="killed"):
                undo(app)
        assert list(files(app)), "the file is still there"
        assert any(record.planned_sha == WITHDRAWN for record in app.store.file_records().values())
    with box.app() as app:
        sync(app)
        assert files(app) == {}
        assert statuses(app) == [INBOX] * 4
        assert app.store.feedback() == ()
        before = content(app.store)
        sync(app)
        assert content(app.store) == before


def killed(self, ids):
    if not ids:
        return {}
    raise VaultError("killed")


def undone_but_there(app, monkeypatch):
    """A promotion taken back by a command that was killed before it had removed the file; returns its place."""
    (path,) = promote_now(app, [1])
    promote_now(app, [2])
    with monkeypatch.context() as patch:
        patch.setattr(Desk, "withdraw", killed)
        answer = next(answer for answer in app.store.feedback() if answer.item_id == 1)
        with pytest.raises(VaultError, match="killed"):
            take_back(app, answer)
    return app.config.vault / path


def unmounted(app, place):
    root = app.config.vault
    root.rename(root.with_name("away"))
    root.mkdir()
    yield
    root.rmdir()
    root.with_name("away").rename(root)


def unreadable(app, place):
    """Too large to be read."""
    raw = place.read_bytes()
    place.write_bytes(bytes(17 * 1024 * 1024))
    yield
    place.write_bytes(raw)


@pytest.mark.parametrize("how", [unmounted, unreadable])
def test_what_cannot_be_seen_is_taken_away_when_it_can(box, monkeypatch, how):
    with box.app() as app:
        place = undone_but_there(app, monkeypatch)
    hidden = how(app, place)
    next(hidden)
    with box.app() as app:
        sync(app)
    next(hidden, None)
    assert place.exists()
    with box.app() as app:
        sync(app)
        assert not place.exists()
        assert statuses(app) == [INBOX, PROMOTED, INBOX, INBOX]
        assert not [record for record in app.store.file_records().values() if record.planned_sha]


def test_a_folder_that_is_closed_hides_what_is_still_to_be_taken_away(box, monkeypatch):
    with box.app() as app:
        place = undone_but_there(app, monkeypatch)
        (app.config.vault / "mine.md").write_text("mine\n")
    with box.app() as app, monkeypatch.context() as patch:
        patch.setattr(Vault, "notes", lambda self: tuple(note for note in notes(self) if note.id != place.stem))
        patch.setattr(Vault, "unreadable", lambda self: ("notes/",))
        patch.setattr(Vault, "catalogue", lambda self: ())
        sync(app)
        assert app.store.file_records()[place.stem].planned_sha == WITHDRAWN
    with box.app() as app:
        sync(app)
        assert not place.exists()


def test_killed_before_the_file_was_recorded_the_promotion_is_taken_back_all_the_same(box, monkeypatch):
    with box.app() as app, monkeypatch.context() as patch:
        patch.setattr(Desk, "settle", lambda self: None)
        patch.setattr(NoteStore, "settle_files", cut)
        with pytest.raises(VaultError, match="cut"):
            promote_now(app, [1])
        assert len(files(app)) == 1
    with box.app() as app:
        (told,) = undo(app)
        assert told.endswith("its note is taken away")
        assert files(app) == {}
        (again,) = promote_now(app, [1])
        sync(app)
        assert list(files(app)) == [again]


def cut(self, written):
    raise VaultError("cut")


def test_restored_from_the_bin_the_note_is_its_slips_again(app):
    (path,) = promote_now(app, [1])
    place = app.config.vault / path
    raw = place.read_bytes()
    undo(app)
    place.write_bytes(raw)
    sync(app)
    slip = app.store.slip(1)
    assert (slip.status, slip.note_id) == (PROMOTED, place.stem)
    assert app.store.notes()[place.stem].item_id == 1
    assert [answer.verdict for answer in app.store.feedback()] == ["restore"]
    with pytest.raises(UsageError, match="promoted already"):
        promote_now(app, [1])
    before = content(app.store)
    sync(app)
    assert content(app.store) == before


def test_a_slip_that_has_another_note_by_then_keeps_it(app):
    (path,) = promote_now(app, [1])
    place = app.config.vault / path
    raw = place.read_bytes()
    undo(app)
    (again,) = promote_now(app, [1])
    place.write_bytes(raw)
    sync(app)
    assert app.store.slip(1).note_id == (app.config.vault / again).stem
    assert app.store.notes()[place.stem].item_id is None
    assert len(files(app)) == 2


def test_edited_in_the_moment_of_the_undo_it_stays(box, monkeypatch):
    with box.app() as app:
        (path,) = promote_now(app, [1])
        real = Desk.withdraw

        def late(self, ids):
            if ids:
                place = app.config.vault / path
                place.write_bytes(place.read_bytes() + b"mine\n")
            return real(self, ids)

        monkeypatch.setattr(Desk, "withdraw", late)
        (told,) = undo(app)
        assert told.endswith("its note stays, it has just changed")
        assert files(app)[path].endswith(b"mine\n")


def test_a_title_with_controls_is_told_without_them(app):
    with app.store._writing() as connection:
        connection.execute(update(ItemRow).where(ItemRow.id == 1).values(title="\x1b[31mred"))
    dismiss_now(app, [1])
    assert "\x1b" not in undo(app)[0]
