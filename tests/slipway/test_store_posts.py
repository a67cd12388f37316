"""Topics and posts."""

from __future__ import annotations

from dataclasses import replace

import pytest
from sqlalchemy import event

from notes.model import Claim, Post, PostKind, Topic
from slipway.store.records import PostRecord
from tests.slipway.boxes import DAY, NEXT_DAY, content

RL = Topic(
    id="reinforcement-learning",
    name="Reinforcement learning · 強化學習",
    terms=("reinforcement learning", "強化學習"),
    note_ids=("n-3", "n-1", "hand-written"),
    medoid="n-3",
    first_seen=DAY,
    last_seen=DAY,
)
AGENTS = replace(RL, id="agents", name="Agents", note_ids=("n-2",), medoid="n-2")
POST = Post(
    id="post-2026-02-20",
    kind=PostKind.DAILY,
    date=DAY,
    title="Twelve notes",
    lang="en",
    path="posts/2026-02-20.md",
    note_ids=("n-3", "n-1"),
    claims=(),
    text="…",
)


def test_topics_are_replaced_by_what_differs(store):
    assert store.replace_topics([RL, AGENTS]) == 2
    assert store.topics() == (AGENTS, RL)
    before = content(store)
    assert store.replace_topics([AGENTS, RL]) == 0
    assert content(store) == before
    grown = replace(RL, note_ids=("n-4", *RL.note_ids), last_seen=NEXT_DAY)
    assert store.replace_topics([grown]) == 2
    assert store.topics() == (grown,)
    assert store.replace_topics([replace(grown, note_ids=())]) == 1
    assert store.topics()[0].note_ids == ()


def test_posts_are_recorded_once(store):
    later = replace(POST, id="a-later-post", date=NEXT_DAY, note_ids=())
    store.record_post(later)
    store.record_post(POST)
    before = content(store)
    store.record_post(POST)
    assert content(store) == before
    record = PostRecord("post-2026-02-20", "daily", DAY, "posts/2026-02-20.md", "Twelve notes", ("n-3", "n-1"), "en")
    assert store.posts()[0] == record
    assert [post.id for post in store.posts()] == ["post-2026-02-20", "a-later-post"]
    assert store.post("post-2026-02-20") == record
    assert store.post("none") is None


def test_a_post_written_anew_replaces_its_record(store):
    store.record_post(POST)
    store.record_post(replace(POST, title="Thirteen notes", note_ids=("n-1", "n-2", "n-3")))
    (post,) = store.posts()
    assert (post.title, post.note_ids) == ("Thirteen notes", ("n-1", "n-2", "n-3"))


def test_the_sentences_of_a_post_are_remembered_in_order_with_who_worded_them(store):
    claims = (
        Claim("強化學習 reaches 89.9%.", ("n-3", "n-1"), quotes=("reaches 89.9%",)),
        Claim("Two notes.", ("n-1",), writer="a model"),
    )
    store.record_post(replace(POST, claims=claims, report=("dropped: no note",)))
    before = content(store)
    store.record_post(replace(POST, claims=claims, report=("dropped: no note",)))
    assert content(store) == before
    assert store.claims(POST.id) == claims
    assert store.post(POST.id).report == ("dropped: no note",)
    store.record_post(replace(POST, claims=claims[1:]))
    assert store.claims(POST.id) == claims[1:]
    assert store.claims("none") == ()


# Only what differs


@pytest.mark.parametrize(
    ("notes", "rows"),
    [
        (("n1", "n2", "n3"), 0),
        (("n1", "n2", "n3", "n4"), 1),
        (("n1", "n2"), 1),
        (("n1", "n4", "n3"), 2),
        ((), 3),
    ],
    ids=["the same", "one more", "one less", "one in another's place", "none"],
)
def test_of_a_topic_only_the_places_that_differ_are_written(store, notes, rows):
    topic = replace(RL, note_ids=("n1", "n2", "n3"))
    store.replace_topics([topic])
    written = []

    def seen(_connection, cursor, statement, *_):
        if "topic_notes" in statement and not statement.startswith("SELECT"):
            written.append(cursor.rowcount)

    event.listen(store._engine, "after_cursor_execute", seen)
    store.replace_topics([replace(topic, note_ids=notes)])
    assert sum(written) == rows
    assert store.topics() == (replace(topic, note_ids=notes),)


def test_topics_are_remembered_with_what_they_were_found_in(store):
    assert store.topics_of() == ""
    store.replace_topics([RL], of="these links")
    assert store.topics_of() == "these links"
    store.replace_topics([RL])
    assert store.topics_of() == ""
