"""Entries at an address that the source has used before: the stored work edited, or the next one."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.model import SourceType
from notes.text.likeness import sketch_of
from slipway.sameness.candidates import Batch
from slipway.sameness.kindred import are_unlike, have_one_text
from slipway.store.records import FetchCounts
from tests.slipway.boxes import content, item, record
from tests.slipway.test_dedupe import Memory, known_as, plan, works

TODAY = "https://example.org/today"
MONDAY = datetime(2026, 2, 16, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
BRIDGE = (
    "The council voted on Thursday to close the old bridge for two years, while engineers replace the bearings that "
    "winter salt has eaten away and widen the path for bicycles."
)
ORCHARD = (
    "Growers in the valley expect half of last year's apples, because frost came late in April, when the trees stood "
    "in full bloom, and bees hardly flew in the cold week after it."
)
HARBOUR = (
    "Divers found the anchor of a cog from the fourteenth century in the mud of the harbour, where a dredger had "
    "struck it twice without anybody on board taking notice."
)
HAN = "市议会周四投票决定将旧桥关闭两年，以便工程师更换被冬季盐分侵蚀的支座，并拓宽自行车道，预计费用为三百万元。"
HAN_OTHER = "由于四月下旬的霜冻恰逢果树盛花期，山谷里的果农预计今年的苹果产量只有去年的一半，蜜蜂也几乎没有出巢采蜜。"
NOTICE = (
    "Say whatever you like below, as long as it is kind, and come back next week for the thread that follows this one."
)


def told(guid="", title="The bridge closes", text=BRIDGE, **more):
    """An entry whose address is always the same; ingestion puts the address where there is no guid."""
    return item("url:example.org/today", guid=guid or TODAY, url=TODAY, title=title, text=text, **more)


@pytest.mark.parametrize(
    ("entry", "stored", "is_one"),
    [
        pytest.param(told(title="Few apples", text=ORCHARD), told(), False, id="no guid: all differs"),
        pytest.param(
            told(title="Few apples", text=ORCHARD, published=TUESDAY),
            told(published=MONDAY),
            False,
            id="no guid: dated",
        ),
        pytest.param(told(title="苹果", text=HAN_OTHER), told(title="旧桥", text=HAN), False, id="no guid: Chinese"),
        pytest.param(told(title="Bridge to close"), told(), True, id="no guid: the same text"),
        pytest.param(
            told(
                title="Bridge to close", text=f"{BRIDGE} Ferries run meanwhile, says the mayor, from six to midnight."
            ),
            told(),
            True,
            id="no guid: the text went on",
        ),
        pytest.param(told(text=ORCHARD), told(), True, id="no guid: the same title"),
        pytest.param(
            told(title="Few apples", text=ORCHARD, published=MONDAY),
            told(published=MONDAY),
            True,
            id="no guid: the same date",
        ),
        pytest.param(told(title="Few apples", text=""), told(), True, id="no guid: no text to tell"),
        pytest.param(
            told(title="Few apples", text=ORCHARD, source_type=SourceType.WEB),
            told(source_type=SourceType.WEB),
            True,
            id="a search finds the page under another snippet",
        ),
        pytest.param(told("b", "Few apples", ORCHARD), told("a"), False, id="guid: all differs"),
        pytest.param(told("b", "Bridge to close"), told("a"), True, id="guid churn: the same text"),
        pytest.param(
            told("b", "Bridge to close", BRIDGE.replace("salt", "brine")),
            told("a"),
            True,
            id="guid churn: nearly the same text",
        ),
        pytest.param(told("b", "旧桥关闭", HAN), told("a", "旧桥", HAN), True, id="guid churn: Chinese"),
        pytest.param(told("b", "Bridge to close", "In brief."), told("a", text="In brief."), False, id="too short"),
        pytest.param(
            told("b", "The bridge closes soon", published=TUESDAY),
            told("a", published=MONDAY),
            True,
            id="churn and date",
        ),
        pytest.param(
            told("b", "Open thread 5", NOTICE, published=TUESDAY),
            told("a", "Open thread 4", NOTICE, published=MONDAY),
            False,
            id="issues of a series under one notice, each with its date",
        ),
    ],
)
def test_an_entry_at_a_known_address(entry, stored, is_one):
    assert [known for known, _ in works([entry], known_as(stored))] == [1 if is_one else None]
    assert [known for known, _ in works([entry], known_as(stored, sightings=()))] == [1], "another source is believed"


def test_of_several_works_at_one_address_the_edited_one_is_found():
    bridge, orchard = known_as(told()), known_as(told(title="Few apples", text=ORCHARD), 2, key="hash:2")
    assert works([told(title="Hardly an apple", text=ORCHARD)], bridge, orchard) == [(2, ())]
    assert works([told(title="An anchor", text=HARBOUR)], bridge, orchard) == [(None, (TODAY,))]


def test_a_guid_that_is_the_address_names_no_further_work():
    """So each of them gets a key of its own."""
    known = [known_as(told())]
    for number, (title, text) in enumerate([("Few apples", ORCHARD), ("An anchor", HARBOUR)], 2):
        (work,) = plan([told(title=title, text=text)], known)
        assert work.known is None
        assert work.item.key in Batch.of([told(title=title, text=text)]).keys
        known.append(known_as(work.item, number))
    assert len({one.key for one in known}) == 3


def test_a_shared_address_is_left_to_guid_and_title():
    batch = [told("b", "Bridge to close"), told("c", "Few apples", ORCHARD)]
    assert [known for known, _ in works(batch, known_as(told("a")))] == [None, None]


@pytest.mark.parametrize(
    ("text", "other", "one", "unlike"),
    [
        pytest.param(BRIDGE, BRIDGE, True, False, id="the same"),
        pytest.param(BRIDGE, f"{BRIDGE} More on this later.", True, False, id="a sentence more"),
        pytest.param(BRIDGE, f"{BRIDGE} {ORCHARD} {HARBOUR}", False, False, id="an excerpt"),
        pytest.param(BRIDGE, ORCHARD, False, True, id="two texts"),
        pytest.param(BRIDGE, "", False, False, id="no text"),
        pytest.param("", "", False, False, id="neither"),
        pytest.param("In brief.", "In brief.", False, False, id="a few words"),
    ],
)
def test_texts_are_compared_without_their_titles(text, other, one, unlike):
    ours, theirs = sketch_of(item(title="Bridge", text=text)), sketch_of(item(title="Valley", text=other))
    assert (have_one_text(ours, theirs), have_one_text(theirs, ours)) == (one, one)
    assert (are_unlike(ours, theirs), are_unlike(theirs, ours)) == (unlike, unlike)


def test_control_without_the_look_at_the_text_works_are_lost_or_doubled(monkeypatch):
    monkeypatch.setattr("slipway.sameness.known.are_unlike", lambda *_: False)
    monkeypatch.setattr("slipway.sameness.known.have_one_text", lambda *_: False)
    assert works([told(title="Few apples", text=ORCHARD)], known_as(told())) == [(1, ())]
    assert works([told("b", "Bridge to close")], known_as(told("a"))) == [(None, ("b",))]


STORIES = [("The bridge closes", BRIDGE), ("Few apples in the valley", ORCHARD), ("An anchor in the mud", HARBOUR)]


@pytest.mark.parametrize(
    "dates", [(None,) * 3, (MONDAY, TUESDAY, TUESDAY + timedelta(days=1))], ids=["undated", "dated"]
)
def test_a_page_that_shows_another_story_each_day_is_not_overwritten(store, dates):
    entries = [told(title=title, text=text, published=day) for (title, text), day in zip(STORIES, dates, strict=True)]
    for entry in entries:
        assert record(store, entry) == FetchCounts(new=1)
        assert record(store, entry) == FetchCounts(seen=1)
    assert sorted(slip.item.title for slip in store.slips()) == sorted(title for title, _ in STORIES)
    before = content(store)
    for entry in entries:
        assert record(store, entry) == FetchCounts(seen=1)
    assert content(store)["items"] == before["items"]
    edited = replace(entries[1], title="Hardly an apple", content_hash="1:edited")
    assert record(store, edited) == FetchCounts(updated=1)
    assert record(store, edited) == FetchCounts(seen=1)


def test_new_guids_and_titles_on_each_fetch_add_no_items(store):
    for night in range(4):
        batch = [
            item(f"url:example.org/{n}", guid=f"{night}-{n}", title=f"{title}, edit {night}", text=text)
            for n, (title, text) in enumerate(STORIES)
        ]
        record(store, *batch)
        assert len(store.slips()) == len(STORIES)
        assert record(store, *batch) == FetchCounts(seen=len(STORIES))
    assert {slip.item.title for slip in store.slips()} == {f"{title}, edit 3" for title, _ in STORIES}


ENTRIES = st.builds(
    lambda guid, title, text, day: told(guid, title, text, published=day),
    st.sampled_from(["", "", "", "g", "h"]),
    st.sampled_from(["", *(title for title, _ in STORIES), "Bridge to close", "Open thread 5"]),
    st.sampled_from(["", "In brief.", BRIDGE, f"{BRIDGE} More.", ORCHARD, HARBOUR, f"{ORCHARD} {BRIDGE}", NOTICE]),
    st.sampled_from([None, MONDAY, TUESDAY]),
)


@given(st.lists(st.lists(ENTRIES, max_size=4), max_size=5))
def test_a_plan_for_one_address_leaves_nothing_to_do(batches):
    memory = Memory()
    for batch in batches:
        planned = plan(batch, memory.known("lab"))
        assert plan(batch, memory.looked_up("lab", batch)) == planned
        fresh = [work.item.key for work in planned if work.known is None]
        assert len(set(fresh)) == len(fresh)
        assert not set(fresh) & {stored.key for stored in memory.items.values()}
        memory.carry_out("lab", planned)
        again = plan(batch, memory.known("lab"))
        assert all(work.known and not work.sightings for work in again)


def test_a_feed_that_drops_its_guids_goes_on_to_be_known_by_address_and_title(store):
    record(store, told("a"))
    assert record(store, told()) == FetchCounts(seen=1)
