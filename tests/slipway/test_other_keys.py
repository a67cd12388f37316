"""An item is known at every address at which it was met, not only at that of its own key."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from notes.model import ItemStatus, SourceType
from slipway.store.records import FetchCounts, FetchRecord
from slipway.store.words import DISMISS
from tests.slipway.boxes import DAY, LATER, NOW, content, item, paper, record
from tests.slipway.test_dedupe import known_as, plan, works

MONDAY = datetime(2026, 2, 16, tzinfo=UTC)
TUESDAY, FRIDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=4)
BRIDGE = (
    "The council voted on Thursday to close the old bridge for two years, while engineers replace the bearings that "
    "winter salt has eaten away and widen the path for bicycles."
)
ORCHARD = (
    "Growers in the valley expect half of last year's apples, because frost came late in April, when the trees stood "
    "in full bloom, and bees hardly flew in the cold week after it."
)
TITLE = "The old bridge closes for two years"
THERE, HERE = "url:two.example/y/1", "url:one.example/x/1"


def tells(source, key=THERE, guid="", title=TITLE, text=BRIDGE, **more):
    """The story as a source tells it; ingestion puts the address where there is no guid."""
    url = f"https://{key.removeprefix('url:')}"
    return item(key, source=source, guid=guid or url, title=title, text=text, **({"published": MONDAY} | more))


FIRST = tells("one", HERE)
BRIEF = tells("three", text="The council voted.", url="https://two.example/y/1?utm_source=z")


@pytest.fixture
def met(store):
    """A store with the story of one source, that another has told at an address of its own."""
    record(store, FIRST)
    assert record(store, tells("two")) == FetchCounts(seen=1)
    return store


@pytest.mark.parametrize(
    "entry",
    [
        pytest.param(BRIEF, id="the beginning of the text"),
        pytest.param(replace(BRIEF, published=FRIDAY), id="days later"),
        pytest.param(replace(BRIEF, published=None), id="undated"),
        pytest.param(tells("three", text="", guid="t-1"), id="no text"),
        pytest.param(tells("three", title="A bridge closes", text="Read more."), id="another title, hardly a text"),
        pytest.param(tells("web", title="Old bri…", text="…", source_type=SourceType.WEB), id="a search"),
        pytest.param(tells("one", text="The council voted."), id="the source of the item itself"),
    ],
)
def test_the_address_of_a_sighting_is_that_of_its_item(met, entry):
    assert record(met, entry, now=LATER) == FetchCounts(seen=1)
    (slip,) = met.slips()
    assert (entry.source, entry.url) in {(seen.source, seen.url) for seen in slip.sightings}
    before = content(met)
    assert record(met, entry, now=LATER) == FetchCounts(seen=1)
    assert content(met) == before


def test_control_by_its_own_key_alone_it_makes_a_second_item(met):
    with met._writing() as connection:
        connection.exec_driver_sql("DELETE FROM other_keys")
    assert record(met, replace(BRIEF, published=FRIDAY), now=LATER) == FetchCounts(new=1)


def test_a_source_that_moves_its_entry_to_where_another_showed_the_story(met):
    assert record(met, tells("three", "url:three.example/z/1")) == FetchCounts(seen=1)
    assert record(met, BRIEF, now=LATER) == FetchCounts(seen=1)


def test_what_was_dismissed_stays_away(met):
    met.set_status([1], ItemStatus.DISMISSED, DAY, verdict=DISMISS, now=NOW)
    assert record(met, BRIEF, now=LATER) == FetchCounts(seen=1)
    assert [slip.status for slip in met.slips()] == [ItemStatus.DISMISSED]


def test_two_entries_of_one_batch():
    (work,) = plan([FIRST, replace(tells("one"), external_id="b")], ())
    assert (work.item.key, work.other_keys) == (HERE, (THERE,))


def test_several_sources_recorded_together(store):
    fetches = [
        FetchRecord(key=one.source, kind="rss", url=f"https://{one.source}.example/", now=NOW, items=(one,))
        for one in (FIRST, tells("two"), BRIEF)
    ]
    assert store.record_many(fetches) == (FetchCounts(new=1), FetchCounts(seen=1), FetchCounts(seen=1))
    assert content(store)["other_keys"] == [(THERE, 1)]


def test_an_item_at_its_own_address_costs_nothing(store):
    record(store, FIRST)
    record(store, replace(FIRST, source="two"))
    record(store, item("guid:two:a", source="two", guid="a", url="", title=TITLE, text=BRIDGE, published=MONDAY))
    assert content(store)["other_keys"] == []
    assert len(content(store)["sightings"]) == 3


def test_a_post_on_a_paper_is_found_at_its_address(store):
    record(store, paper("2602.01234", title=TITLE, text=BRIDGE, doi="10.1/bridge"))
    record(store, tells("two", doi="10.1/bridge"))
    assert record(store, BRIEF) == FetchCounts(seen=1)
    assert content(store)["other_keys"] == [(THERE, 1)]


def stored(by=(), **more):
    """The stored story, met at the other address; ``by`` are the batch's source's entries for it."""
    sightings = known_as(by[0]).sightings if by else ()
    return known_as(FIRST, **({"other_keys": (THERE,), "sightings": sightings} | more))


MET = tells("two", guid="a")
NEXT = {"title": "Half of the apples", "text": ORCHARD, "published": TUESDAY}


@pytest.mark.parametrize(
    ("entry", "is_one"),
    [
        pytest.param(MET, True, id="again"),
        pytest.param(replace(MET, title="Bridge closes", published=TUESDAY), True, id="title edited"),
        pytest.param(tells("two", guid="b"), True, id="a new guid, the same title"),
        pytest.param(tells("two", guid="b", title="Bridge closes"), True, id="a new guid, the same date"),
        pytest.param(tells("two", guid="b", **NEXT), False, id="the next story at the address"),
        pytest.param(tells("two", guid="a", **NEXT), False, id="under its guid too: here no edit would be kept"),
        pytest.param(tells("two", **NEXT), False, id="without a guid"),
    ],
)
def test_what_the_source_shows_next_at_its_address(entry, is_one):
    assert [known for known, _ in works([entry], stored([MET]))] == [1 if is_one else None]


def test_a_page_that_shows_another_story_each_day_loses_none(met):
    following = tells("two", **NEXT)
    assert record(met, following, now=LATER) == FetchCounts(new=1)
    assert record(met, following, now=LATER) == FetchCounts(seen=1)
    assert record(met, tells("two"), now=LATER) == FetchCounts(seen=1)
    assert [(slip.item.key, slip.item.title) for slip in met.slips()] == [(HERE, TITLE), (THERE, NEXT["title"])]


def test_another_source_that_tells_another_story_there_loses_none(met):
    following = tells("three", **NEXT)
    assert record(met, following, now=LATER) == FetchCounts(new=1)
    before = content(met)
    assert record(met, following, now=LATER) == FetchCounts(seen=1)
    assert content(met) == before


def test_a_page_that_is_filled_anew_under_one_title_loses_none(met):
    following = tells("two", guid="b", text=ORCHARD, published=MONDAY + timedelta(days=7))
    record(met, tells("two", guid="a"))
    assert record(met, following, now=LATER) == FetchCounts(new=1)
    before = content(met)["items"]
    assert record(met, following, now=LATER) == FetchCounts(seen=1)
    assert content(met)["items"] == before


def test_an_items_own_key_comes_first():
    own = known_as(tells("two", **NEXT), 2, sightings=())
    assert works([BRIEF], stored(), own) == [(2, (BRIEF.external_id,))]


def test_an_address_of_several_entries_names_none():
    batch = [tells("three", guid="a", title="Today", text="In brief."), tells("three", guid="b", **NEXT)]
    assert [known for known, _ in works(batch, stored())] == [None, None]
    assert [known for known, _ in works(batch[:1], stored())] == [1]
    log = [tells("two", guid="a"), tells("two", guid="b", **NEXT)]
    first, second = plan(log, [known_as(FIRST, sightings=())])
    assert (first.known, first.other_keys, second.known, second.other_keys) == (1, (), None, ())


def test_an_address_at_which_several_items_were_met_names_none():
    other = known_as(item("url:four.example/q", source="four"), 2, other_keys=(THERE,), sightings=())
    brief = replace(BRIEF, title="In brief", content_hash="1:other")
    assert works([brief], stored(), other) == [(None, (BRIEF.external_id,))]
    assert works([brief], stored()) == [(1, (BRIEF.external_id,))]
