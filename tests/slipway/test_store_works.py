"""What a further sighting does to a stored item: edits, new versions, cross-lists, and the logs of versions."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, insert, update

from notes.model import ItemStatus, PaperVersion
from notes.text.bands import all_bands
from notes.text.likeness import bands, sketch_of
from slipway.sameness.editions import MAX_EDITS
from slipway.store.band_rows import insert_bands
from slipway.store.records import Decision, FetchCounts
from slipway.store.tables import ItemRow, SketchBandRow
from tests.slipway.boxes import DAY, LATER, NOW, content, item, paper, record

MONDAY = datetime(2026, 2, 16, 8, tzinfo=UTC)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)
LONG = "We study agents that learn skills by reinforcement, and measure how far they come on eleven tasks. " * 2


def promote(store, item_id=1):
    store.decide([Decision(item_id, ItemStatus.PROMOTED, 0.9, ("good",), "n-1", "notes/n-1.md", 1)], DAY)


def test_an_edited_entry_refreshes_the_slip_that_waits(store):
    record(store, item(title="Frist", text="Before.", published=MONDAY, updated=MONDAY))
    store.decide([Decision(1, ItemStatus.INBOX, 0.4, ("short",))], DAY)
    edited = item(title="First", text="After.", published=TUESDAY, updated=TUESDAY, tags=("new",))
    assert record(store, edited, now=LATER) == FetchCounts(updated=1)
    (slip,) = store.slips()
    assert slip.item == replace(edited, published=MONDAY), "an edit publishes nothing anew"
    assert slip.first_seen == NOW
    before = content(store)
    assert record(store, edited, now=LATER) == FetchCounts(seen=1)
    assert content(store) == before


def test_an_edited_title_is_told_from_another_post_afterwards(store):
    record(store, item(title="Frist", text=LONG))
    edited = item(title="First", text=LONG)
    assert record(store, edited) == FetchCounts(updated=1)
    moved = replace(edited, key="url:example.org/moved", url="https://example.org/moved")
    assert record(store, moved).new == 0
    assert len(store.slips()) == 1


@pytest.mark.parametrize("before", ["", "1|0,0,0|9|||first|9|0|"], ids=["none", "of another version"])
def test_an_edit_finds_bands_that_the_stored_sketch_does_not_tell(store, before):
    record(store, item(title="First of all that was told", text=LONG))
    with store._writing() as connection:
        connection.execute(update(ItemRow).values(sketch=before))
    edited = item(title="First of all that was told", text=f"{LONG} It was edited.")
    assert record(store, edited) == FetchCounts(updated=1)
    assert {band for band, _ in content(store)["sketch_bands"]} >= set(bands(sketch_of(edited)))


def test_an_edit_takes_with_it_the_bands_of_which_there_once_were_more(store):
    record(store, item(text=LONG))
    (slip,) = store.slips()
    drawn = sketch_of(slip.item)
    with store._writing() as connection:
        connection.execute(delete(SketchBandRow))
        connection.execute(insert(SketchBandRow), [{"item_id": slip.id, "band": band} for band in all_bands(drawn)])
    assert len(content(store)["sketch_bands"]) > len(bands(drawn))
    record(store, edited := item(title="Something else altogether", text="Quite another story, told at length. " * 5))
    assert {band for band, _ in content(store)["sketch_bands"]} == set(bands(sketch_of(edited)))


def test_items_that_are_far_apart_are_found_like_others(store):
    drawn = [(number, sketch_of(item(title=f"Told under the number {number}", text=LONG))) for number in (5, 2**31 - 1)]
    with store._writing() as connection:
        insert_bands(connection, [])
        insert_bands(connection, drawn)
    assert set(content(store)["sketch_bands"]) == {(band, number) for number, each in drawn for band in bands(each)}


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("Before.", "After.", id="another word"),
        pytest.param(LONG, f"{LONG} It was edited.", id="a remark"),
        pytest.param(LONG, "", id="nothing any more"),
        pytest.param(LONG, "Read more.", id="a teaser"),
    ],
)
def test_a_note_is_no_longer_edited_by_its_feed(store, before, after):
    record(store, item(text=before))
    promote(store)
    stored = content(store)["items"]
    assert record(store, item(text=after)) == FetchCounts(seen=1)
    assert content(store)["items"] == stored


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("", "After.", id="nothing before"),
        pytest.param("Read more.", LONG, id="a teaser before"),
        pytest.param(LONG, f"{LONG} {LONG}", id="half before"),
    ],
)
def test_a_note_s_text_is_completed_by_its_feed(store, before, after):
    record(store, item(text=before))
    promote(store)
    whole = item(text=after, tags=("new",))
    assert record(store, whole, now=LATER) == FetchCounts(updated=1)
    (slip,) = store.slips()
    assert (slip.item, slip.status, slip.note_id, slip.score) == (whole, ItemStatus.PROMOTED, "n-1", 0.9)
    stored = content(store)
    assert record(store, whole, now=LATER) == FetchCounts(seen=1)
    assert content(store) == stored


ROLLING = [
    pytest.param({"title": "Another day's links"}, id="another title"),
    pytest.param({"published": WEDNESDAY + timedelta(days=5)}, id="another week"),
    pytest.param(
        {"text": "Flour, water, salt and time: how a starter is kept alive over winter. " * 9}, id="another text"
    ),
]


@pytest.mark.parametrize("other", ROLLING)
def test_a_page_that_is_filled_anew_leaves_its_note_what_it_is(store, other):
    first = item(title="The week's links", text=LONG, published=WEDNESDAY)
    record(store, first)
    promote(store)
    record(store, item(**({"title": "The week's links", "text": f"{LONG} {LONG}", "published": WEDNESDAY} | other)))
    assert store.slip_of_note("n-1").item == first


def test_only_its_own_source_completes_a_note(store):
    record(store, item(text=""))
    promote(store)
    assert record(store, item(text=LONG, source="mirror", guid="m")).updated == 0
    assert store.slips()[0].item.text == ""


def test_a_note_that_grows_each_night_is_followed_so_long(store):
    record(store, item(text=LONG))
    promote(store)
    counts = [record(store, item(text=LONG * hour)) for hour in range(2, MAX_EDITS + 5)]
    assert counts == [FetchCounts(updated=1)] * MAX_EDITS + [FetchCounts(seen=1)] * 3


def score(store):
    store.decide([Decision(1, ItemStatus.INBOX, 0.4, ("short",))], DAY)


REWRITTEN = [
    pytest.param(item(text="Before."), item(text="After."), True, id="another text"),
    pytest.param(item(title="Frist"), item(title="First"), True, id="another title"),
    pytest.param(item(), item(updated=TUESDAY), False, id="a later date"),
    pytest.param(item(), item(source="mirror", guid="m"), False, id="another source"),
    pytest.param(paper(), paper(version=2), True, id="a later version"),
    pytest.param(item("arxiv:2602.01234", arxiv_id="2602.01234"), paper(), True, id="the paper for a post"),
    pytest.param(paper(), paper(comment="12 pages"), False, id="a comment"),
]


@pytest.mark.parametrize(("before", "after", "expected"), REWRITTEN)
def test_a_score_is_of_the_text_that_was_scored(store, before, after, expected):
    record(store, before)
    record(store, before)
    assert not store.slips()[0].rewritten, "never scored"
    score(store)
    assert not store.slips()[0].rewritten
    record(store, after, now=LATER)
    (slip,) = store.slips()
    assert (slip.rewritten, slip.score) == (expected, 0.4), "the old one is shown until then"
    score(store)
    assert not store.slips()[0].rewritten


def test_a_feed_that_prints_the_time_of_day_is_followed_so_long(store):
    counts = [record(store, item(text=f"It is {hour} o'clock.")) for hour in range(MAX_EDITS + 5)]
    assert counts[0] == FetchCounts(new=1)
    assert counts[1:] == [FetchCounts(updated=1)] * MAX_EDITS + [FetchCounts(seen=1)] * 4
    assert store.slips()[0].item.text == f"It is {MAX_EDITS} o'clock."


def test_control_without_the_bound_it_is_followed_for_ever(store, monkeypatch):
    monkeypatch.setattr("slipway.sameness.editions.MAX_EDITS", 10**6)
    counts = [record(store, item(text=f"It is {hour} o'clock.")) for hour in range(MAX_EDITS + 5)]
    assert counts[1:] == [FetchCounts(updated=1)] * (MAX_EDITS + 4)


def test_the_bands_follow_the_text(store):
    record(store, item(text=LONG))
    first = content(store)["sketch_bands"]
    record(store, item(title="Something else altogether", text="Quite another story, told at length. " * 5))
    second = content(store)["sketch_bands"]
    assert first
    assert second
    assert not set(first) & set(second)
    record(store, item(text=LONG))
    assert content(store)["sketch_bands"] == first


def test_a_cross_list_adds_its_category_to_a_known_paper(store):
    new = paper(source="cs.LG", categories=("cs.LG", "stat.ML"), announced="new")
    cross = paper(source="cs.CL", categories=("cs.CL", "cs.LG"), announced="cross", comment="12 pages")
    record(store, new)
    promote(store)
    assert record(store, cross) == FetchCounts(seen=1)
    (slip,) = store.slips()
    assert slip.item.categories == ("cs.LG", "stat.ML", "cs.CL")
    assert (slip.item.announced, slip.item.comment, slip.status) == ("new", "12 pages", ItemStatus.PROMOTED)
    before = content(store)
    assert record(store, new).seen == record(store, cross).seen == 1
    assert {name for name, rows in content(store).items() if rows != before[name]} <= {"sources"}


def test_one_batch_that_announces_a_paper_twice(store):
    new = paper(categories=("cs.LG",), announced="new")
    cross = replace(new, categories=("cs.CL",), announced="cross", external_id="cross", comment="12 pages")
    assert record(store, new, cross) == FetchCounts(new=1)
    assert store.slips()[0].item.categories == ("cs.LG", "cs.CL")
    assert store.slips()[0].item.comment == "12 pages"
    assert record(store, new, cross) == FetchCounts(seen=1)


def versions(store, item_id=1):
    slip = store.slip(item_id)
    assert slip is not None
    return slip.item.versions


def test_the_log_of_versions_grows_and_loses_nothing(store):
    record(store, paper(published=MONDAY, comment="12 pages"))
    assert versions(store) == (PaperVersion(1, MONDAY, "12 pages"),)
    log = (PaperVersion(1, MONDAY), PaperVersion(2, TUESDAY), PaperVersion(3, WEDNESDAY))
    record(store, paper(version=3, updated=WEDNESDAY, comment="13 pages", versions=log))
    full = (PaperVersion(1, MONDAY, "12 pages"), PaperVersion(2, TUESDAY), PaperVersion(3, WEDNESDAY, "13 pages"))
    assert versions(store) == full
    record(store, paper(version=2, comment="more", updated=TUESDAY))
    assert versions(store) == (full[0], PaperVersion(2, TUESDAY, "more"), full[2])
    record(store, paper(published=WEDNESDAY))
    assert versions(store)[0] == full[0]


@pytest.mark.parametrize(
    "status", [ItemStatus.INBOX, ItemStatus.DISMISSED, ItemStatus.EXPIRED, ItemStatus.EXCLUDED, ItemStatus.PROMOTED]
)
def test_versions_are_logged_whatever_became_of_the_paper(store, status):
    record(store, paper(), **({"kept_out": ["not now"]} if status is ItemStatus.EXCLUDED else {}))
    if status is ItemStatus.PROMOTED:
        promote(store)
    elif status is not ItemStatus.EXCLUDED:
        store.set_status([1], status, DAY)
    record(store, paper(version=2, updated=TUESDAY), kept_out=["not now"] * (status is ItemStatus.EXCLUDED))
    assert [version.version for version in versions(store)] == [1, 2]
    assert store.slips()[0].status is status


def test_a_post_about_a_version_says_that_there_is_one(store):
    record(store, paper())
    record(store, item("arxiv:2602.01234", source="blog", arxiv_id="2602.01234", arxiv_version=2, published=TUESDAY))
    assert versions(store) == (PaperVersion(1), PaperVersion(2))
    record(store, paper(version=2, updated=MONDAY))
    assert versions(store)[1] == PaperVersion(2, MONDAY)


def test_a_withdrawal_reaches_the_note(store):
    record(store, paper(comment="12 pages"))
    promote(store)
    gone = paper(version=2, text="This paper has been withdrawn.", comment="withdrawn by the authors", updated=TUESDAY)
    assert record(store, gone) == FetchCounts(updated=1)
    slip = store.slip_of_note("n-1")
    assert slip is not None
    assert (slip.status, slip.item.comment, slip.item.text) == (
        ItemStatus.PROMOTED,
        "withdrawn by the authors",
        "This paper has been withdrawn.",
    )
    assert slip.item.versions == (PaperVersion(1, None, "12 pages"), PaperVersion(2, TUESDAY, gone.comment))


POST = item("url:lab.org/a", source="blog", title="A paper", text=LONG)


@pytest.mark.parametrize("status", [ItemStatus.INBOX, ItemStatus.DISMISSED, ItemStatus.EXPIRED, ItemStatus.PROMOTED])
def test_a_paper_that_came_first_as_a_post_stays_one_item(store, status):
    record(store, POST)
    if status is ItemStatus.PROMOTED:
        promote(store)
    elif status is not ItemStatus.INBOX:
        store.set_status([1], status, DAY)
    for version, text in ((1, LONG), (2, "Quite another abstract."), (3, "And another.")):
        given = paper(version=version, title="A paper" if version == 1 else f"Title {version}", text=text)
        assert record(store, given).new == 0
        before = content(store)["items"]
        assert record(store, given) == FetchCounts(seen=1)
        assert content(store)["items"] == before
    (slip,) = store.slips()
    assert (slip.status, slip.item.key, slip.item.arxiv_id) == (status, POST.key, "2602.01234")
    assert [version.version for version in slip.item.versions] == [1, 2, 3]


def test_a_post_that_is_a_paper_stays_one_when_its_feed_edits_it(store):
    record(store, POST)
    store.set_status([1], ItemStatus.DISMISSED, DAY)
    record(store, paper(title="A paper", text=LONG))
    store.set_status([1], ItemStatus.INBOX, DAY)
    assert record(store, replace(POST, title="Edited", content_hash="1:0")).new == 0
    assert record(store, paper(version=2, title="New title", text="New abstract.")).new == 0
    assert len(store.slips()) == 1
