"""Articles in full: which are due, and what stands when they came."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from sqlalchemy import event

from notes.model import Block, BlockKind, ItemStatus, blocks_text
from slipway.store.records import ArticleState, Decision, FetchCounts, FetchRecord
from tests.slipway.boxes import DAY, LATER, content, item, record

TEASER = item(text="It begins so …", references=("https://a.org/",))
ARTICLE = (
    Block(BlockKind.HEADING, "What we did", 2),
    Block(BlockKind.PARAGRAPH, "It begins so, and goes on at length: " + "agents learn skills by doing. " * 9),
)


@pytest.fixture
def due(store):
    """A store with three slips whose articles are due, and one without an address."""
    entries = [item(f"url:example.org/{n}", guid=str(n), title=f"Title {n}") for n in (1, 2, 3)]
    record(store, *entries, item("guid:lab:4", guid="4", title="No address", url=""), full_text=True)
    return store


def waiting(store, limit=9):
    return [(article.slip.id, article.tries) for article in store.articles_due(limit)]


def test_what_is_first_stored_of_such_a_source_is_due(due):
    assert waiting(due) == [(1, 0), (2, 0), (3, 0)]
    assert waiting(due, 2) == [(1, 0), (2, 0)]
    assert due.articles_due(1)[0].slip == due.slip(1)


def test_a_source_that_does_not_ask_has_nothing_due(store):
    record(store, TEASER)
    assert store.articles_due(9) == ()
    record(store, TEASER, full_text=True)
    assert store.articles_due(9) == (), "it is stored already"


def test_the_others_are_not_looked_at(due):
    if due._is_server:
        pytest.skip("of three rows PostgreSQL reads all")
    ways = []
    event.listen(due._engine, "before_cursor_execute", lambda *args: ways.append(args[2:4]))
    due.articles_due(9)
    statement, values = next(way for way in ways if "full_text_tries" in way[0])
    with due._reading() as connection:
        plan = [row[3] for row in connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", values)]
    assert any("ix_items_full_text" in step for step in plan), plan


def test_only_slips_in_the_inbox_and_notes_are_due(due):
    due.set_status([1], ItemStatus.DISMISSED, DAY)
    due.decide([Decision(2, ItemStatus.PROMOTED, 0.9, (), "n-1", "n-1.md", 1)], DAY)
    assert waiting(due) == [(2, 0), (3, 0)]


def test_the_least_tried_comes_first(due):
    due.record_article(1, state="due")
    due.record_article(1, state="due")
    due.record_article(2, state="failed")
    assert waiting(due) == [(3, 0), (1, 2)]


def test_a_refusal_is_no_attempt_and_comes_last(due):
    due.record_article(1, state=ArticleState("refused", "loopback", DAY))
    due.record_article(2, state=ArticleState("due", "answered 500", DAY))
    due.record_article(2, state=ArticleState("due", "answered 500", DAY))
    assert waiting(due) == [(3, 0), (2, 1), (1, 0)]
    due.record_article(2, state=ArticleState("refused", "loopback", DAY))
    assert [one.tried_on for one in due.articles_due(9)] == [None, None, DAY]
    due.record_article(2, state=ArticleState("due", "", DAY))
    assert waiting(due) == [(3, 0), (2, 1), (1, 0)], "still the same day"


STATES = [
    ("kept", "a: b"),
    ("failed", "answered 410"),
    ("due", "x" * 300),
    ("due", ""),
    ("refused", "a\n b"),
    ("done", ""),
]


@pytest.mark.parametrize(("state", "reason"), STATES)
def test_the_state_is_told_with_its_reason(due, state, reason):
    due.record_article(1, state=ArticleState(state, reason, DAY))
    told = due.article_state(1)
    assert (told.state, told.reason) == (state, " ".join(reason.split())[:200])
    assert told.tried_on == (DAY if state == "due" else None)
    assert due.article_state(99).state == ""


def test_an_article_takes_the_teaser_s_place(store):
    record(store, TEASER, full_text=True)
    store.decide([Decision(1, ItemStatus.INBOX, 0.4, ("short",))], DAY)
    assert store.record_article(
        1,
        state="done",
        blocks=ARTICLE,
        references=("https://b.org/", "https://a.org/"),
        lang="de",
        authors=("A. B",),
        published=datetime(2026, 2, 1, tzinfo=UTC),
    )
    (slip,) = store.slips()
    assert slip.item == replace(
        TEASER,
        blocks=ARTICLE,
        references=("https://a.org/", "https://b.org/"),
        lang="de",
        authors=("A. B",),
        published=datetime(2026, 2, 1, tzinfo=UTC),
    )
    assert store.articles_due(9) == ()
    assert not store.record_article(1, state="done", blocks=ARTICLE)


def test_an_article_that_came_after_the_score_is_not_what_was_scored(store):
    record(store, TEASER, full_text=True)
    store.decide([Decision(1, ItemStatus.INBOX, 0.4, ("short",))], DAY)
    store.record_article(1, state="kept")
    assert not store.slips()[0].rewritten
    store.record_article(1, state="done", blocks=ARTICLE)
    assert store.slips()[0].rewritten


def test_a_note_that_its_feed_completes_has_its_article_fetched_anew(store):
    record(store, TEASER, full_text=True)
    store.decide([Decision(1, ItemStatus.PROMOTED, 0.9, (), "n-1", "n-1.md", 1)], DAY)
    store.record_article(1, state="done", blocks=ARTICLE)
    assert record(store, item(text="It begins otherwise …"), full_text=True) == FetchCounts(seen=1)
    assert waiting(store) == []
    fuller = item(text=blocks_text(ARTICLE) + " The whole of it, told in the feed." * 30)
    assert record(store, fuller, full_text=True) == FetchCounts(updated=1)
    assert store.slips()[0].item.blocks == fuller.blocks, "it is more than the article"
    assert waiting(store) == [(1, 0)]


def test_what_the_feed_told_is_not_replaced_by_the_page(store):
    told = replace(TEASER, authors=("Feed",), published=datetime(2026, 2, 2, tzinfo=UTC), lang="en")
    record(store, told, full_text=True)
    store.record_article(1, state="done", blocks=ARTICLE, authors=("Page",), published=LATER)
    (slip,) = store.slips()
    assert slip.item == replace(told, blocks=ARTICLE)


def test_what_the_feed_gave_is_kept_otherwise(store):
    record(store, TEASER, full_text=True)
    assert not store.record_article(1, state="kept", references=("https://b.org/",))
    assert store.slips()[0].item == TEASER
    assert store.articles_due(9) == ()
    assert not store.record_article(99, state="done", blocks=ARTICLE)


@pytest.mark.parametrize("status", [ItemStatus.DISMISSED, ItemStatus.EXPIRED])
def test_a_slip_that_was_put_away_meanwhile_keeps_its_text(store, status):
    record(store, TEASER, full_text=True)
    store.set_status([1], status, DAY)
    assert not store.record_article(1, state="done", blocks=ARTICLE)
    assert store.slips()[0].item == TEASER


def test_a_note_that_nobody_touched_is_refreshed(store):
    record(store, TEASER, full_text=True)
    store.decide([Decision(1, ItemStatus.PROMOTED, 0.9, (), "n-1", "n-1.md", 1)], DAY)
    assert store.record_article(1, state="done", blocks=ARTICLE)
    slip = store.slip_of_note("n-1")
    assert slip is not None
    assert slip.item.blocks == ARTICLE


def test_the_teaser_coming_again_is_no_change(store):
    record(store, TEASER, full_text=True)
    store.record_article(1, state="done", blocks=ARTICLE)
    before = content(store)
    assert record(store, TEASER, full_text=True) == FetchCounts(seen=1)
    after = content(store)
    assert {name for name in before if before[name] != after[name]} <= {"sources"}
    assert store.slips()[0].item.blocks == ARTICLE


def test_the_same_teaser_elsewhere_is_the_same_story(store):
    teaser = item(text="We study agents that learn skills by reinforcement, and measure how far they come on tasks. ")
    record(store, teaser, full_text=True)
    store.record_article(1, state="done", blocks=ARTICLE)
    copy = replace(teaser, key="url:mirror.org/a", url="https://mirror.org/a", source="mirror")
    assert record(store, copy) == FetchCounts(seen=1)


def test_an_edited_teaser_calls_for_the_article_anew(store):
    record(store, TEASER, full_text=True)
    store.record_article(1, state="done", blocks=ARTICLE)
    edited = item(text="It begins otherwise …", title="A better title")
    assert record(store, edited, full_text=True) == FetchCounts(updated=1)
    (slip,) = store.slips()
    assert (slip.item.title, slip.item.blocks) == ("A better title", ARTICLE)
    assert waiting(store) == [(1, 0)]
    store.record_article(1, state="kept")
    record(store, TEASER, full_text=True)
    assert store.slips()[0].item.blocks == TEASER.blocks
    assert waiting(store) == [(1, 0)]


def test_an_article_that_was_kept_out_is_due_once_it_is_let_in(store):
    record(store, TEASER, full_text=True, kept_out=["not now"])
    assert store.articles_due(9) == ()
    store.reconsider("lab", lambda _: "")
    assert waiting(store) == [(1, 0)]


def test_an_article_gives_the_sketch_that_an_untitled_entry_lacked(store):
    record(store, item(title="", text=""), full_text=True)
    assert content(store)["sketch_bands"] == []
    store.record_article(1, state="done", blocks=ARTICLE)
    assert content(store)["sketch_bands"] != []


def test_an_article_may_give_a_sketch_that_nothing_is_found_by(store):
    """A worker that says what it pleases may leave out the sketch of a title."""
    entry = item(title="Links", text="")
    fetch = FetchRecord(key="lab", kind="rss", url="https://lab.example/", now=LATER, items=(entry,), sketches=("",))
    store.record_items(replace(fetch, full_text=True))
    assert store.record_article(1, state="done", blocks=(Block(BlockKind.PARAGRAPH, "Two words"),))
    assert content(store)["sketch_bands"] == []
