"""The user's word: remembered once, taken back one by one, never deleted."""

from __future__ import annotations

import pytest

from notes.model import ItemStatus
from slipway.store.records import Decision
from slipway.store.words import WITHDRAWN
from tests.slipway.boxes import DAY, LATER, NEXT_DAY, NOW, content, item, record

INBOX, PROMOTED, DISMISSED, EXCLUDED = (
    ItemStatus.INBOX,
    ItemStatus.PROMOTED,
    ItemStatus.DISMISSED,
    ItemStatus.EXCLUDED,
)


def promotion(number):
    return Decision(number, PROMOTED, 0.9, ("close",), f"n-{number}", f"notes/n-{number}.md", number)


@pytest.fixture
def box(store):
    """A store with four slips, numbered from 1."""
    record(store, *(item(f"url:example.org/{n}", guid=str(n), title=f"Title {n}") for n in range(1, 5)))
    return store


def statuses(store):
    return {slip.id: slip.status for slip in store.slips()}


def told(store, **more):
    return [(one.item_id, one.note_id, one.verdict, one.origin, one.was) for one in store.feedback(**more)]


def undo_last(store, **more):
    return store.undo(store.feedback()[-1], NEXT_DAY, LATER, **more)


def test_where_a_word_came_from_and_what_was_before(box):
    box.set_status([1, 2], DISMISSED, DAY, verdict="dismiss", now=NOW)
    box.set_status([3], DISMISSED, DAY, verdict="dismiss", now=LATER, origin="page")
    box.decide([promotion(2), promotion(4)], DAY, verdict="promote", now=LATER)
    assert told(box) == [
        (1, "", "dismiss", "inbox", "inbox"),
        (2, "", "dismiss", "inbox", "inbox"),
        (3, "", "dismiss", "page", "inbox"),
        (2, "n-2", "promote", "inbox", "dismissed"),
        (4, "n-4", "promote", "inbox", "inbox"),
    ]


def test_undo_walks_back_to_where_everything_began(box):
    before = statuses(box)
    box.set_status([1, 2], DISMISSED, DAY, verdict="dismiss", now=NOW)
    box.decide([promotion(2), promotion(4)], DAY, verdict="promote", now=LATER)
    for expected in (
        {1: DISMISSED, 2: PROMOTED, 3: INBOX, 4: INBOX},
        {1: DISMISSED, 2: DISMISSED, 3: INBOX, 4: INBOX},
        {1: DISMISSED, 2: INBOX, 3: INBOX, 4: INBOX},
        before,
    ):
        assert undo_last(box, withdraw=True)
        assert statuses(box) == expected
    assert box.feedback() == ()
    assert [one.undone_at for one in box.feedback(undone=True)] == [LATER] * 4


def test_an_answer_is_taken_back_once(box):
    box.set_status([1], DISMISSED, DAY, verdict="dismiss", now=NOW)
    (answer,) = box.feedback()
    assert box.undo(answer, DAY, LATER)
    before = content(box)
    assert not box.undo(answer, DAY, LATER)
    assert content(box) == before


def test_an_undone_promotion_gives_its_slip_back_and_never_its_number(box):
    box.decide([promotion(4)], DAY, verdict="promote", now=NOW)
    box.settle_files({"n-4": ("notes/n-4.md", "ab")})
    undo_last(box, withdraw=True)
    slip, note = box.slip(4), box.notes()["n-4"]
    assert (slip.status, slip.note_id, slip.score) == (INBOX, "", 0.9)
    assert (note.item_id, note.gone_at, note.number) == (None, LATER, 4)
    assert box.file_records()["n-4"].planned_sha == WITHDRAWN
    assert box.next_number(DAY) == 5
    box.decide([Decision(4, PROMOTED, 0.9, (), "n-5", "notes/n-5.md", 5)], DAY)
    assert box.slip(4).note_id == "n-5"


def test_without_withdrawal_only_the_answer_is_forgotten(box):
    box.decide([promotion(4)], DAY, verdict="promote", now=NOW)
    box.settle_files({"n-4": ("notes/n-4.md", "ab")})
    undo_last(box)
    assert box.feedback() == ()
    assert (box.slip(4).status, box.notes()["n-4"].item_id) == (PROMOTED, 4)
    assert box.file_records()["n-4"].planned_sha == ""


def test_undoing_a_dismissal_that_no_longer_holds_changes_no_slip(box):
    box.set_status([2], DISMISSED, DAY, verdict="dismiss", now=NOW)
    box.decide([promotion(2)], DAY)
    undo_last(box)
    assert statuses(box)[2] is PROMOTED
    assert box.slip(2).note_id == "n-2"


def test_what_was_kept_out_is_kept_out_again(box):
    box.set_status([1], EXCLUDED, DAY)
    box.decide([promotion(1)], DAY, verdict="promote", now=NOW)
    undo_last(box, withdraw=True)
    assert statuses(box)[1] is EXCLUDED


def test_what_becomes_of_notes_is_a_word_on_them(box):
    box.decide([promotion(1), promotion(2)], DAY)
    box.add_synthesis_note("s-3", "trends/s.md", DAY, 3)
    box.mark_gone(["n-1", "s-3"], NOW)
    box.mark_gone(["n-1", "s-3"], LATER)
    assert box.mark_edited(["n-2", "s-3", "foreign"], NOW) == ("n-2",)
    assert box.mark_edited(["n-2"], LATER) == ()
    assert told(box) == [(1, "n-1", "delete", "vault", "promoted"), (2, "n-2", "edit", "vault", "promoted")]
    box.mark_back(["n-1"], LATER)
    box.mark_back(["n-1"], LATER)
    assert told(box) == [(2, "n-2", "edit", "vault", "promoted"), (1, "n-1", "restore", "vault", "promoted")]
    undo_last(box)
    assert told(box) == [(2, "n-2", "edit", "vault", "promoted")]
    undo_last(box)
    assert box.mark_edited(["n-2"], LATER) == (), "forgotten for good, not found anew each night"
    assert box.notes()["n-1"].gone_at is None


def test_a_forgotten_deletion_leaves_the_note_deleted(box):
    box.decide([promotion(1)], DAY)
    box.mark_gone(["n-1"], NOW)
    undo_last(box)
    box.mark_gone(["n-1"], LATER)
    assert box.feedback() == ()
    assert box.notes()["n-1"].gone_at == NOW


def test_offers_are_answered_once_until_the_answer_changes(store):
    assert store.offers() == {}
    answers = {"link:a→b": ("link", "declined"), "tag:rl": ("tag", "accepted")}
    assert store.answer_offers(answers, NOW) == 2
    before = content(store)
    assert store.answer_offers(answers, LATER) == 0
    assert content(store) == before
    assert store.answer_offers({"tag:rl": ("tag", "declined")}, LATER) == 1
    assert store.offers() == {"link:a→b": "declined", "tag:rl": "declined"}
