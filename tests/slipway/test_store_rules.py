"""What the rules of sources keep out of the inbox, and how it comes back."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notes.model import ItemStatus
from slipway.reading import inbox_items
from slipway.store.records import Decision, FetchCounts, Reconsidered
from tests.slipway.boxes import DAY, LATER, content, item, record

INBOX, EXCLUDED = ItemStatus.INBOX, ItemStatus.EXCLUDED
LONG = "We study agents that learn skills by reinforcement, and measure how far they come on eleven tasks. " * 2

NEWS = item("url:example.org/news", guid="news", title="News of robots", text=LONG)
ADVERT = item("url:example.org/ad", guid="ad", title="Buy a robot")
WHY = 'exclude "buy"'


def unwanted(entry):
    return WHY if "Buy" in entry.title else ""


def statuses(store):
    return {slip.id: slip.status for slip in store.slips()}


@pytest.fixture
def ruled(store):
    """A store with an item that was let in (1) and one that was kept out (2)."""
    assert record(store, NEWS, ADVERT, kept_out=["", WHY]) == FetchCounts(new=1, excluded=1)
    return store


def test_what_the_rules_exclude_is_kept_but_not_shown(ruled, database_url):
    assert statuses(ruled) == {1: INBOX, 2: EXCLUDED}
    slip = ruled.slip(2)
    assert slip is not None
    assert (slip.reasons, slip.score, slip.item) == ((WHY,), None, ADVERT)
    assert [one["id"] for one in inbox_items(database_url, all_statuses=False)] == [1]
    assert {one["id"]: one["status"] for one in inbox_items(database_url, all_statuses=True)} == {
        1: "inbox",
        2: "excluded",
    }


def test_recording_it_again_changes_nothing(ruled):
    before = content(ruled)
    assert record(ruled, NEWS, ADVERT, kept_out=["", WHY]) == FetchCounts(seen=2)
    assert content(ruled) == before


def test_another_source_that_does_not_mind_brings_it_to_the_inbox(ruled):
    other = replace(ADVERT, source="other", external_id="other-ad")
    record(ruled, other, kept_out=["also here"])
    slip = ruled.slip(2)
    assert slip is not None
    assert (slip.status, slip.reasons) == (EXCLUDED, (WHY, "also here"))
    third = replace(ADVERT, source="third", external_id="third-ad")
    assert record(ruled, third) == FetchCounts(seen=1)
    slip = ruled.slip(2)
    assert slip is not None
    assert (slip.status, slip.reasons) == (INBOX, ())
    record(ruled, ADVERT, kept_out=[WHY])
    assert statuses(ruled)[2] is INBOX, "the first source's objection is no longer all there is"


def test_what_others_let_in_one_source_cannot_keep_out(ruled):
    copy = replace(NEWS, source="other", external_id="copy")
    assert record(ruled, copy, kept_out=["no robots"]) == FetchCounts(seen=1)
    assert statuses(ruled)[1] is INBOX


def test_an_edited_entry_is_judged_anew(ruled):
    edited = item("url:example.org/ad", guid="ad", title="Robots, reviewed", text="No longer an advertisement.")
    assert record(ruled, edited, kept_out=[""]) == FetchCounts(updated=1)
    assert statuses(ruled)[2] is INBOX
    assert record(ruled, ADVERT, kept_out=[WHY]) == FetchCounts(updated=1)
    assert statuses(ruled)[2] is EXCLUDED


def test_changed_rules_are_applied_to_what_is_stored(ruled):
    seen_elsewhere = item("url:example.org/c", guid="c", title="Robots, c")
    record(ruled, seen_elsewhere)
    record(ruled, replace(seen_elsewhere, source="other"))
    changed = ruled.reconsider("lab", lambda entry: "" if "Buy" in entry.title else "no news")
    assert changed == Reconsidered(excluded=(1,), lifted=(2,))
    assert statuses(ruled) == {1: EXCLUDED, 2: INBOX, 3: INBOX}
    before = content(ruled)
    assert ruled.reconsider("lab", lambda entry: "" if "Buy" in entry.title else "no news") == Reconsidered()
    assert content(ruled) == before
    assert ruled.reconsider("lab", unwanted) == Reconsidered(excluded=(2,), lifted=(1,))
    assert ruled.reconsider("unknown", unwanted) == Reconsidered()


@pytest.mark.parametrize("status", [ItemStatus.DISMISSED, ItemStatus.EXPIRED, ItemStatus.DUPLICATE])
def test_what_was_decided_stays(ruled, status):
    ruled.set_status([1, 2], status, DAY)
    assert ruled.reconsider("lab", lambda _: "nothing at all") == Reconsidered()
    assert ruled.reconsider("lab", lambda _: "") == Reconsidered()
    record(ruled, NEWS, ADVERT, kept_out=["a", "b"])
    assert set(statuses(ruled).values()) == {status}


def test_an_excluded_slip_may_be_promoted_by_hand(ruled):
    ruled.decide([Decision(2, ItemStatus.PROMOTED, 0.5, (), "n-1", "n-1.md", 1)], DAY, verdict="promote", now=LATER)
    assert ruled.reconsider("lab", lambda _: "nothing at all") == Reconsidered(excluded=(1,))
    assert statuses(ruled) == {1: EXCLUDED, 2: ItemStatus.PROMOTED}


def test_the_judge_leaves_what_is_kept_out_alone(ruled):
    ruled.decide([Decision(2, INBOX, 0.9, ("close",))], DAY)
    assert ruled.expire(LATER, DAY) == 1
    assert statuses(ruled) == {1: ItemStatus.EXPIRED, 2: EXCLUDED}


def test_the_slips_of_a_source(ruled):
    record(ruled, replace(NEWS, source="other"))
    record(ruled, item("url:example.org/x", source="other", guid="x", title="X"))
    assert [slip.id for slip in ruled.slips_of_source("lab")] == [1, 2]
    assert [slip.id for slip in ruled.slips_of_source("other")] == [1, 3]
    assert [slip.id for slip in ruled.slips_of_source("lab", [EXCLUDED])] == [2]
    assert ruled.slips_of_source("unknown") == ()


def test_who_else_carries_an_item_without_objection(ruled):
    for key, why in (("other", ""), ("third", "no robots"), ("fourth", "")):
        record(ruled, replace(NEWS, source=key, external_id=key), kept_out=[why])
    assert ruled.carried_elsewhere("lab", [1, 2]) == {1: ("other", "fourth")}
    assert ruled.carried_elsewhere("other", [1, 2]) == {1: ("lab", "fourth")}
    assert ruled.carried_elsewhere("lab", [2]) == {}


def test_reasons_are_for_each_item(store):
    with pytest.raises(ValueError, match="1 reasons for 2 items"):
        record(store, NEWS, ADVERT, kept_out=[WHY])
