"""The box: slips, decisions and the user's word."""

from __future__ import annotations

from datetime import timedelta

import pytest

from notes.model import ItemStatus
from slipway.store.records import Decision, NoteRecord
from tests.slipway.boxes import DAY, LATER, NOW, content, item, record

INBOX, PROMOTED, DISMISSED, EXPIRED = (
    ItemStatus.INBOX,
    ItemStatus.PROMOTED,
    ItemStatus.DISMISSED,
    ItemStatus.EXPIRED,
)


def promotion(number, **more):
    given = {"score": 0.9, "reasons": ("close",), "note_id": f"n-{number}", "path": f"notes/n-{number}.md"}
    return Decision(number, PROMOTED, number=number, **(given | more))


@pytest.fixture
def box(store):
    """A store with four slips, numbered from 1."""
    record(store, *(item(f"url:example.org/{n}", guid=str(n), title=f"Title {n}") for n in range(1, 5)))
    return store


def statuses(store):
    return {slip.id: slip.status for slip in store.slips()}


def test_slips_by_status_and_by_id(box):
    box.set_status([2], DISMISSED, DAY)
    assert [slip.id for slip in box.slips()] == [1, 2, 3, 4]
    assert [slip.id for slip in box.slips(INBOX)] == [1, 3, 4]
    assert [slip.id for slip in box.slips(ids=(4, 2, 2, 99))] == [2, 4]
    assert [slip.id for slip in box.slips(INBOX, ids=(4, 2))] == [4]
    assert box.slips(ids=()) == ()
    assert box.slip(3) == box.slips()[2]
    assert box.slip(99) is None
    assert all(slip.sightings for slip in box.slips())


def test_slips_take_three_statements_however_many_they_are(box):
    from sqlalchemy import event

    statements = []
    event.listen(box._engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    box.slips()
    assert len([one for one in statements if one.startswith("SELECT")]) == 3


def test_the_parts_of_a_score_are_kept(box):
    box.decide([Decision(1, INBOX, 0.5, parts={"relevance": 0.25, "novelty": 1.0}), promotion(2, explored=True)], DAY)
    first, second, third, _ = box.slips()
    assert (first.parts, first.explored) == ({"relevance": 0.25, "novelty": 1.0}, False)
    assert (second.parts, second.explored) == ({}, True)
    assert (third.parts, third.explored) == ({}, False)


def test_a_decision_leaves_its_score_and_reasons(box):
    box.decide([Decision(n, INBOX, 0.25 * n, (f"reason {n}",)) for n in (1, 2, 3)], DAY)
    assert [(slip.score, slip.reasons) for slip in box.slips()][:2] == [(0.25, ("reason 1",)), (0.5, ("reason 2",))]


def test_a_promotion_makes_a_note(box):
    box.decide([promotion(2), Decision(1, ItemStatus.DUPLICATE)], DAY)
    assert box.notes() == {"n-2": NoteRecord("n-2", 2, "notes/n-2.md", DAY, 2)}
    slip = box.slip_of_note("n-2")
    assert slip is not None
    assert (slip.id, slip.status, slip.note_id, slip.score) == (2, PROMOTED, "n-2", 0.9)
    assert box.slip_of_note("") is None
    assert statuses(box) == {1: ItemStatus.DUPLICATE, 2: PROMOTED, 3: INBOX, 4: INBOX}


def test_deciding_again_changes_nothing(box):
    decisions = [promotion(2), Decision(1, DISMISSED), Decision(3, INBOX, 0.1)]
    box.decide(decisions, DAY)
    before = content(box)
    box.decide(decisions, DAY)
    assert content(box) == before


def test_only_a_promotion_reaches_beyond_the_inbox(box):
    box.set_status([1, 2], DISMISSED, DAY)
    box.decide([Decision(1, INBOX, 0.9), promotion(2), Decision(99, INBOX)], DAY)
    assert statuses(box) == {1: DISMISSED, 2: PROMOTED, 3: INBOX, 4: INBOX}
    box.decide([], DAY)


def test_set_status_tells_what_changed_and_leaves_notes_alone(box):
    box.decide([promotion(1)], DAY)
    assert box.set_status([1, 2, 3], DISMISSED, DAY) == (2, 3)
    assert box.set_status([1, 2, 3], DISMISSED, DAY) == ()
    assert box.set_status([2], INBOX, DAY) == (2,)
    assert statuses(box) == {1: PROMOTED, 2: INBOX, 3: DISMISSED, 4: INBOX}
    with pytest.raises(ValueError, match="decide"):
        box.set_status([2], PROMOTED, DAY)


def test_the_user_s_word_is_remembered_once(box):
    for _ in range(2):
        box.set_status([1], DISMISSED, DAY, verdict="dismiss", now=NOW)
        box.decide([promotion(2)], DAY, verdict="promote", now=NOW)
    assert len(content(box)["feedback"]) == 2


def test_expiry(store):
    for number, age in enumerate((30, 14, 1)):
        record(store, item(f"url:example.org/{number}", guid=str(number)), now=NOW - timedelta(days=age))
    assert store.expire(NOW - timedelta(days=14), DAY) == 1
    assert store.expire(NOW - timedelta(days=14), DAY) == 0
    assert statuses(store) == {1: EXPIRED, 2: INBOX, 3: INBOX}


def test_old_stories_are_known_by_their_words_alone(store):
    text = "We study agents that learn skills by reinforcement, and measure how far they come on eleven tasks. " * 2
    record(store, item(text=text))
    record(
        store, item("url:example.org/b", guid="b", title="Quite another story of robots", text=text[::-1]), now=LATER
    )
    store.expire(NOW + timedelta(days=60), DAY)
    assert {row[1] for row in content(store)["sketch_bands"]} == {1, 2}
    store.expire(NOW + timedelta(days=60, hours=1), DAY)
    assert {row[1] for row in content(store)["sketch_bands"]} == {2}
    assert record(store, item("url:mirror.org/a", source="mirror", text=text)).seen == 1


def test_a_moment_before_the_full_second_expires_first(store):
    record(store, item(), now=NOW + timedelta(microseconds=1))
    assert store.expire(NOW, DAY) == 0
    assert store.expire(NOW + timedelta(microseconds=2), DAY) == 1


def test_thousands_at_once(store):
    record(store, *(item(f"url:example.org/{n}", guid=str(n)) for n in range(1_200)))
    ids = [slip.id for slip in store.slips()]
    assert len(store.slips(ids=ids)) == 1_200
    store.decide([Decision(one, INBOX, 0.5) for one in ids], DAY)
    assert len(store.set_status(ids, DISMISSED, DAY, verdict="dismiss", now=NOW)) == 1_200
    assert store.feedback()[-1].item_id == ids[-1]
