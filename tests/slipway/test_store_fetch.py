"""Recording what was fetched: items, sightings and validators together, and nothing twice."""

from __future__ import annotations

import tempfile
import time
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import event, inspect, select

from notes.model import Block, BlockKind, ItemStatus, PaperVersion, SourceType
from notes.text.likeness import sketch_of
from slipway.store.records import Decision, FailureRecord, FetchCounts, FetchRecord, SourceRecord, SourceSchedule
from slipway.store.store import Store
from slipway.store.tables import ItemRow
from tests.slipway.boxes import DAY, LATER, NOW, content, item, paper, record

RICH = item(
    "url:example.org/技能",
    title="技能與強化學習 — ‘skills’ & “RL” 🚀",
    authors=("李雷", "O’Neil"),
    blocks=tuple(Block(kind, f"{kind.value}\tone\nTwo", level) for level, kind in enumerate(BlockKind)),
    published=datetime(2026, 2, 18, 8, 30, tzinfo=UTC),
    updated=datetime(2026, 2, 19, 1, 2, 3, 456789, tzinfo=UTC),
    lang="zh-Hant",
    categories=("cs.LG",),
    tags=("agents", "強化學習"),
    references=("https://github.com/x/y",),
    arxiv_id="2602.01234",
    arxiv_version=3,
    doi="10.1000/x",
    comment="12 pages",
    versions=(PaperVersion(1, datetime(2026, 2, 1, tzinfo=UTC)), PaperVersion(3)),
    announced="cross",
)


def test_an_item_comes_out_as_it_went_in(store):
    assert record(store, RICH) == FetchCounts(new=1)
    (slip,) = store.slips()
    assert slip.item == RICH
    assert (slip.status, slip.score, slip.reasons, slip.note_id) == (ItemStatus.INBOX, None, (), "")
    assert slip.first_seen == NOW
    (sighting,) = slip.sightings
    assert (sighting.source, sighting.external_id, sighting.url, sighting.title, sighting.seen) == (
        "lab",
        "a",
        RICH.url,
        RICH.title,
        NOW,
    )


def stored_sketches(store):
    with store._engine.connect() as connection:
        return list(connection.scalars(select(ItemRow.sketch).order_by(ItemRow.id)))


def drawn_beforehand(store, entry, *sketches):
    fetch = FetchRecord(key="lab", kind="rss", url="https://lab.example/", now=NOW, items=(entry,), sketches=sketches)
    store.record_many([fetch])
    return stored_sketches(store)


def test_sketches_drawn_beforehand_are_not_drawn_again(store):
    other = sketch_of(item(title="Another title", text="Another text."))
    assert drawn_beforehand(store, item(), other) == [other]


def test_a_sketch_is_of_the_title_as_it_is_stored(store):
    entry = item(title="A\0title of some words")
    assert drawn_beforehand(store, entry, sketch_of(entry)) == [sketch_of(store.slips()[0].item)]


def test_a_sketch_for_each_item_or_none(store):
    with pytest.raises(ValueError, match="2 sketches for 1 items"):
        drawn_beforehand(store, item(), "", "")


def test_times_of_any_zone_are_kept_as_utc(store):
    hong_kong = timezone(timedelta(hours=8))
    record(store, item(published=datetime(2026, 2, 20, 7, 0, tzinfo=hong_kong)))
    published = store.slips()[0].item.published
    assert published == datetime(2026, 2, 19, 23, 0, tzinfo=UTC)
    assert published.tzinfo is UTC


def test_a_naive_time_is_a_bug(store):
    with pytest.raises(Exception, match="without a zone"):
        record(store, item(published=datetime(2026, 2, 20)))
    assert store.slips() == ()


def test_recording_again_changes_only_the_time_of_the_fetch(store):
    batch = [RICH, item(), paper(source="lab"), item("guid:lab:x", guid="x", url="")]
    record(store, *batch)
    before = content(store)
    assert record(store, *batch, now=LATER) == FetchCounts(seen=4)
    after = content(store)
    assert {name for name in before if before[name] != after[name]} == {"sources"}
    times = {"last_ok": NOW, "last_tried": NOW}
    assert replace(store.source_records()["lab"], **times) == SourceRecord(
        "lab", "rss", "https://lab.example/", etag='"1"', **times
    )


def test_the_same_work_from_two_sources_is_one_item_with_two_sightings(store):
    record(store, paper(source="arxiv"))
    post = paper(source="blog", guid="post-7", title="On a paper", source_type=SourceType.RSS)
    assert record(store, post) == FetchCounts(seen=1)
    (slip,) = store.slips()
    assert slip.item == replace(paper(source="arxiv"), versions=(PaperVersion(1),))
    assert [sighting.source for sighting in slip.sightings] == ["arxiv", "blog"]


def test_the_record_of_arxiv_outranks_a_post_and_is_scored_anew(store):
    post = paper(source="blog", guid="p", title="On a paper", source_type=SourceType.RSS, arxiv_version=0)
    record(store, post)
    store.decide([Decision(1, ItemStatus.INBOX, 0.4, ("short",))], DAY)
    assert record(store, paper(source="arxiv")) == FetchCounts(updated=1)
    (slip,) = store.slips(ItemStatus.INBOX)
    assert slip.item == replace(paper(source="arxiv"), versions=(PaperVersion(1),))
    assert (slip.id, len(slip.sightings)) == (1, 2)


def test_a_later_version_replaces_the_text_of_a_note_too(store):
    record(store, paper())
    store.decide([Decision(1, ItemStatus.PROMOTED, 0.9, ("good",), "n-1", "notes/n-1.md", 1)], DAY)
    assert record(store, paper(version=2)) == FetchCounts(updated=1)
    slip = store.slip_of_note("n-1")
    assert slip is not None
    assert slip.item.arxiv_version == 2
    assert (slip.status, slip.score, slip.reasons) == (ItemStatus.PROMOTED, 0.9, ("good",))
    assert record(store, paper(version=2)) == FetchCounts(seen=1)
    assert record(store, paper(version=1)) == FetchCounts(seen=1)


def test_a_dismissed_item_never_comes_back(store):
    record(store, item())
    store.set_status([1], ItemStatus.DISMISSED, DAY)
    assert record(store, item()) == FetchCounts(seen=1)
    assert record(store, item("url:example.org/new-address")) == FetchCounts(seen=1)
    assert store.slips(ItemStatus.INBOX) == ()


LONG = "We study agents that learn skills by reinforcement, and measure how far they come. " * 2


def test_what_was_dismissed_does_not_come_back_from_elsewhere(store):
    record(store, item(text=LONG))
    store.set_status([1], ItemStatus.DISMISSED, DAY)
    elsewhere = item("url:mirror.org/b", source="mirror", guid="b", text=LONG)
    assert record(store, elsewhere) == FetchCounts(seen=1)
    assert record(store, replace(elsewhere, key="guid:mirror:c", external_id="c", url="")) == FetchCounts(seen=1)
    (slip,) = store.slips()
    assert (slip.status, [seen.source for seen in slip.sightings]) == (
        ItemStatus.DISMISSED,
        ["lab", "mirror", "mirror"],
    )


def test_texts_are_found_by_an_index(store):
    indexes = inspect(store._engine).get_indexes("items")
    assert ["content_hash"] in [index["column_names"] for index in indexes]


def test_a_changelog_is_many_items(store):
    page = "url:example.org/changelog"
    batch = [item(page, guid=f"1.{n}", title=f"Version 1.{n}") for n in range(50)]
    assert record(store, *batch[:40]) == FetchCounts(new=40)
    assert record(store, *batch) == FetchCounts(new=10, seen=40)
    assert {slip.item.title for slip in store.slips()} == {entry.title for entry in batch}


def test_what_a_database_refuses_is_left_away(store):
    hostile = item("url:example.org/\0\ud800", guid="\0g", title="Nul\0 and \ud800 half", text="a\0b\udfffc")
    assert record(store, hostile) == FetchCounts(new=1)
    assert record(store, hostile) == FetchCounts(seen=1)
    (slip,) = store.slips()
    assert slip.item.title == "Nul and \ufffd half"
    assert slip.item.external_id == "g"


@pytest.mark.parametrize("long", ["x" * 50_000, "技" * 50_000, "".join(chr(0x4E00 + n) for n in range(9_000))])
def test_keys_of_any_length_can_be_indexed(store, long):
    entry = item(f"url:example.org/{long}", guid=long, title=long)
    assert record(store, entry) == FetchCounts(new=1)
    assert record(store, entry) == FetchCounts(seen=1)
    other = item(f"url:example.org/{long}!", guid=f"{long}!", title="Other")
    assert record(store, other) == FetchCounts(new=1)
    assert store.slips()[0].item.key.startswith("url:sha256:")


def test_control_without_the_bound_postgresql_refuses_long_keys(store, monkeypatch):
    if not store._is_server:
        pytest.skip("SQLite indexes anything")
    monkeypatch.setattr("slipway.store.item_rows.KEY_BYTES", 10**9)
    with pytest.raises(Exception, match="index row"):
        record(store, item(f"url:example.org/{''.join(chr(0x4E00 + n * 7919 % 20_000) for n in range(9_000))}"))


def test_items_of_another_source_are_a_bug(store):
    with pytest.raises(ValueError, match="another source"):
        store.record_fetch(
            "other", "rss", "u", etag="", last_modified="", body_sha256="", items=[item(source="lab")], now=NOW
        )
    assert store.source_records() == {}


def test_validators_and_failures(store):
    record(store, item(), etag='"1"', last_modified="Fri", body_sha256="ab")
    store.record_failure("lab", "rss", "https://lab.example/", "timed out", LATER)
    store.record_failure("lab", "rss", "https://lab.example/", "status\0 500", LATER)
    assert store.source_records() == {
        "lab": SourceRecord(
            "lab", "rss", "https://lab.example/", '"1"', "Fri", "ab", 2, "status 500", last_ok=NOW, last_tried=LATER
        )
    }
    record(store, now=LATER, etag="", last_modified="Sat", not_modified=True)
    assert store.source_records() == {
        "lab": SourceRecord("lab", "rss", "https://lab.example/", '"1"', "Sat", "ab", last_ok=LATER, last_tried=LATER)
    }
    record(store, now=LATER, etag="", last_modified="")
    assert store.source_records()["lab"].etag == ""


def test_a_source_that_never_worked_is_remembered(store):
    store.record_failure("new", "arxiv", "https://export.arxiv.org/", "no such host", NOW)
    assert store.source_records()["new"] == SourceRecord(
        "new", "arxiv", "https://export.arxiv.org/", failures=1, last_error="no such host", last_tried=NOW
    )


HOSTILE = st.text(alphabet=st.characters(exclude_categories=()), max_size=30)


@settings(
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], max_examples=40, deadline=None
)
@given(st.lists(st.tuples(HOSTILE, HOSTILE, HOSTILE), max_size=5))
def test_any_text_can_be_stored_and_is_found_again(store, texts):
    batch = [item(f"guid:lab:{guid}", guid=guid, title=title, text=text) for guid, title, text in texts]
    first = record(store, *batch)
    assert record(store, *batch) == FetchCounts(seen=first.new + first.seen + first.updated)


def test_two_thousand_items_in_one_fetch_are_quick(tmp_path):
    body = "We study agents that learn skills. " * 50
    batch = [paper(f"2602.{n:05d}", text=body, title=f"Paper {n}", authors=("A", "B")) for n in range(2_000)]
    with Store.open(f"sqlite:///{tmp_path / 'slipway.db'}") as store:
        start = time.process_time()
        assert record(store, *batch) == FetchCounts(new=2_000)
        first = time.process_time() - start
        assert record(store, *batch) == FetchCounts(seen=2_000)
        second = time.process_time() - start - first
    # Seconds of the processor, which a busy machine stretches less; 0.8 and 0.3 were measured.
    assert first < 4
    assert second < 3


def test_dates_before_the_year_1000_sort_too(store):
    early = datetime(2, 1, 1, tzinfo=UTC)
    record(store, item(), now=early)
    assert store.expire(NOW, date(2026, 2, 20)) == 1


def fetched(*items, key="lab", **more):
    given = {"kind": "rss", "url": f"https://{key}.example/", "etag": '"1"', "now": NOW}
    return FetchRecord(key=key, items=items, **(given | more))


def failed(key, error="timed out", now=NOW, **more):
    return FailureRecord(key=key, kind="rss", url=f"https://{key}.example/", error=error, now=now, **more)


def test_many_outcomes_are_recorded_as_they_would_be_one_by_one(store, tmp_path):
    shared = item(text=LONG)
    copy = item("url:mirror.org/a", source="mirror", text=LONG)
    night = [
        fetched(shared, item("url:example.org/b", guid="b", title="B")),
        failed("dead"),
        fetched(copy, key="mirror"),
        fetched(key="still", not_modified=True, etag=""),
        fetched(shared, now=LATER, etag='"2"'),
        failed("dead", "status 500", LATER),
    ]
    assert store.record_many(night) == (
        FetchCounts(new=2),
        FetchCounts(),
        FetchCounts(seen=1),
        FetchCounts(),
        FetchCounts(seen=1),
        FetchCounts(),
    )
    with Store.open(f"sqlite:///{tmp_path / 'other.db'}") as other:
        for outcome in night:
            other.record_many([outcome])
        assert content(other) == content(store)
    records = store.source_records()
    assert (records["dead"].failures, records["dead"].last_error) == (2, "status 500")
    assert (records["lab"].etag, records["still"].etag) == ('"2"', "")
    assert store.record_many([]) == ()


@st.composite
def outcomes(draw):
    """A fetch of one of three sources, of entries that they have in part in common."""
    key = draw(st.sampled_from(["a", "b", "c"]))
    if draw(st.integers(0, 5)) == 0:
        return failed(key)
    one = st.builds(
        lambda page, guid, title, text, out: (
            item(f"url:example.org/{page}", source=key, guid=guid, title=title, text=text),
            out,
        ),
        st.integers(1, 4),
        st.sampled_from(["", "x", "y", "z"]),
        st.sampled_from(["One", "Two", "Three"]),
        st.sampled_from(["short", LONG, LONG.replace("agents", "robots")]),
        st.sampled_from(["", "", "not now"]),
    )
    entries = draw(st.lists(one, max_size=4))
    return fetched(*(entry for entry, _ in entries), key=key, kept_out=tuple(out for _, out in entries))


@settings(max_examples=12, deadline=None)
@given(st.lists(outcomes(), max_size=6), st.integers(1, 6))
def test_however_a_night_is_cut_into_transactions_the_box_is_the_same(night, size):
    with (
        tempfile.TemporaryDirectory() as folder,
        Store.open(f"sqlite:///{folder}/whole.db") as whole,
        Store.open(f"sqlite:///{folder}/cut.db") as cut,
    ):
        counts = whole.record_many(night)
        parts = [cut.record_many(night[start : start + size]) for start in range(0, len(night), size)]
        assert counts == tuple(one for part in parts for one in part)
        assert content(whole) == content(cut)
        assert len(content(whole)["items"]) == sum(one.new + one.excluded for one in counts)


def test_a_night_of_unmodified_sources_is_two_writing_statements(store):
    night = [fetched(key=f"s{number}", not_modified=True) for number in range(1_000)]
    store.record_many(night)
    statements = []
    event.listen(store._engine, "before_cursor_execute", lambda *args: statements.append(args[2].split()[0]))
    store.record_many([replace(fetch, now=LATER, etag="") for fetch in night])
    assert statements.count("UPDATE") == 1
    assert "INSERT" not in statements
    assert {(one.etag, one.last_ok) for one in store.source_records().values()} == {('"1"', LATER)}


def test_one_bad_outcome_and_none_is_recorded(store):
    bad = fetched(item(title="Naive", published=datetime(2026, 2, 20)))
    with pytest.raises(Exception, match="without a zone"):
        store.record_many([fetched(item("url:x.org/a", source="other"), key="other"), bad])
    assert store.slips() == ()
    assert store.source_records() == {}


SCHEDULE = SourceSchedule(
    next_due=LATER,
    due_reason="its own rhythm",
    rhythm_s=3600.5,
    hints="{}",
    adopted="https://new.example/",
    moved_to="https://newer.example/",
    moved_count=2,
    gone_count=1,
    disabled="gone (410)",
)


def test_a_schedule_is_stored_with_the_fetch_or_the_failure(store):
    store.record_many([fetched(item(), schedule=SCHEDULE), failed("dead", schedule=SCHEDULE)])
    assert {one.schedule for one in store.source_records().values()} == {SCHEDULE}
    store.record_failure("lab", "rss", "https://lab.example/", "timed out", LATER)
    record(store, item())
    assert store.source_records()["lab"].schedule == SCHEDULE, "no schedule given leaves the stored one"
    record(store, item(), schedule=SourceSchedule())
    assert store.source_records()["lab"].schedule == SourceSchedule()


@pytest.mark.parametrize(
    "sign", [{"disabled": "gone"}, {"adopted": "https://n.example/"}, {"moved_to": "https://n.example/"}]
)
def test_of_the_sources_those_that_moved_are_told(store, sign):
    store.record_many([failed("moved", schedule=SourceSchedule(**sign)), fetched(schedule=SourceSchedule())])
    assert store.moved_records() == {"moved": store.source_records()["moved"]}


def test_a_source_is_asked_again_when_the_user_says_so(store):
    store.record_many([failed("dead", schedule=SCHEDULE)])
    assert store.enable_source("dead")
    found = store.source_records()["dead"]
    assert found.schedule == replace(SCHEDULE, next_due=None, due_reason="", gone_count=0, disabled="")
    assert (found.failures, found.last_error) == (0, "")
    assert not store.enable_source("unknown")


def test_a_forgotten_source_leaves_its_items(store):
    record(store, item())
    assert store.forget_source("lab")
    assert store.source_records() == {}
    assert len(store.slips()) == 1
    assert not store.forget_source("lab")
    assert record(store, item()) == FetchCounts(seen=1)
