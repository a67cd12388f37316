"""Sync: what a killed run left, and what the user did since, is known before anything is written."""

from __future__ import annotations

import pytest

from notes.errors import VaultError
from slipway.answering import promote_now
from slipway.stages import renames
from slipway.stages.promote import promote
from slipway.stages.renames import carry_offers_over
from slipway.stages.sync import sync
from slipway.store.note_files import NoteStore
from tests.slipway.boxes import content
from tests.slipway.nights import Box


@pytest.fixture
def box(tmp_path):
    box = Box(tmp_path)
    box.arrive("other", 4)
    return box


def made_but_not_recorded(box, monkeypatch):
    """A note whose run was killed after the file had got its name; returns its place."""

    def cut(self, written):
        raise VaultError("cut")

    with box.app() as app, monkeypatch.context() as patch:
        patch.setattr(NoteStore, "settle_files", cut)
        with pytest.raises(VaultError, match="cut"):
            promote_now(app, [1])
    (place,) = (box.folder / "vault" / "notes").rglob("*.md")
    return place


def night(box):
    with box.app() as app:
        return promote(app)


@pytest.mark.parametrize("how", ["edited", "moved"])
def test_killed_before_it_was_recorded_then_the_users_then_deleted_it_stays_deleted(box, monkeypatch, how):
    place = made_but_not_recorded(box, monkeypatch)
    name = place.stem
    if how == "edited":
        place.write_text(place.read_text() + "\nmy words\n")
    else:
        place = place.rename(box.folder / "vault" / "mine.md")
    night(box)
    assert how == "moved" or place.read_text().endswith("\nmy words\n")
    place.unlink()
    box.tomorrow()
    night(box)
    with box.app() as app:
        assert name not in {note.id for note in app.vault.notes()}
        assert [answer.verdict for answer in app.store.feedback() if answer.note_id == name][-1] == "delete"


def test_a_folder_on_a_bench_is_named_and_stops_nothing(box):
    bench = f".slipway-work-{'a' * 32}.{'b' * 32}.00000001"
    (box.folder / "vault" / "notes" / bench / "sub").mkdir(parents=True)
    with box.app() as app:
        (warning,) = sync(app).warnings
        assert warning.startswith(f"notes/{bench}: a killed run left this folder")
    assert (box.folder / "vault" / "notes" / bench / "sub").is_dir()


DECLINED = "link:skills→20260220-001-other"


@pytest.fixture
def declined(box):
    """A note of the user's that is known by its name, and a link for it that they declined."""
    mine = box.folder / "vault" / "mine"
    mine.mkdir(parents=True)
    (mine / "skills.md").write_text("# Skills\n")
    with box.app() as app:
        app.store.answer_offers({DECLINED: ("link", "declined")}, app.clock.now())
        sync(app)
        before = content(app.store)
        sync(app)
        assert content(app.store) == before, "a quiet day writes nothing"
    return mine


def offers(box):
    with box.app() as app:
        sync(app)
        return app.store.offers()


def test_a_declined_link_stays_declined_when_its_note_is_renamed(box, declined):
    (declined / "skills.md").rename(declined / "skills of agents.md")
    assert offers(box) == {DECLINED: "declined", DECLINED.replace("skills", "skills of agents"): "declined"}
    (declined / "skills of agents.md").rename(declined / "技能.md")
    assert offers(box)[DECLINED.replace("skills", "技能")] == "declined"


def test_and_when_another_note_takes_its_name(box, declined):
    (declined.parent / "skills.md").write_text("# Bread\n")
    assert offers(box)[DECLINED.replace("skills", "mine/skills.md")] == "declined"


def test_two_copies_are_not_told_apart(box, declined):
    raw = (declined / "skills.md").read_bytes()
    (declined / "skills.md").unlink()
    for name in ("a.md", "b.md"):
        (declined / name).write_bytes(raw)
    assert offers(box) == {DECLINED: "declined"}


def test_both_ends_of_a_link_may_be_renamed(box, declined):
    with box.app() as app:
        (declined / "b.md").write_text("# B\n")
        app.store.answer_offers({"link:skills→b": ("link", "accepted"), "tag:x": ("tag", "declined")}, app.clock.now())
        sync(app)
        (declined / "b.md").rename(declined / "c.md")
        (declined / "skills.md").rename(declined / "d.md")
        files = {note.id: note for note in app.vault.notes()}
        assert carry_offers_over(app, files) == 2
        assert app.store.offers()["link:d→c"] == "accepted"
        assert carry_offers_over(app, files) == 0


def test_without_the_carrying_over_it_would_be_offered_again(box, declined, monkeypatch):
    monkeypatch.setattr(renames, "_renamed", lambda known, files: {})
    (declined / "skills.md").rename(declined / "skills of agents.md")
    assert offers(box) == {DECLINED: "declined"}


def test_what_icloud_took_away_is_neither_deleted_nor_made_again_and_comes_back(box):
    """A small file with a dot stands for it; a deletion would be for ever."""
    with box.app() as app:
        promote_now(app, [1, 2])
    night(box)
    places = sorted((box.folder / "vault" / "notes").rglob("*.md"))
    place, text = places[0], places[0].read_bytes()
    away = place.with_name(f".{place.name}.icloud")
    away.write_bytes(b"bplist00")
    place.unlink()
    box.tomorrow()
    warnings = night(box).warnings
    assert any("iCloud" in told for told in warnings)
    assert not place.exists()
    away.unlink()
    place.write_bytes(text)
    assert not any("iCloud" in told for told in night(box).warnings)
    with box.app() as app:
        assert [answer.verdict for answer in app.store.feedback()] == ["promote", "promote"]
        assert {note.id for note in app.vault.notes()} >= {path.stem for path in places}
