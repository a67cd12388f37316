"""Topics are looked for only when notes or links are others, and stored with what they were found in."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from zoneinfo import ZoneInfo

import pytest

from index.texts.documents import Document
from notes.clock import FixedClock
from notes.links.linking import Linkable
from notes.model import ItemStatus, Link, LinkKind
from notes.topics import TopicChange
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.library import Holding, Library, item_id, slip_document
from slipway.stages import grouping
from slipway.stages.grouping import group
from tests.slipway.boxes import NOW, content, item, record
from tests.slipway.houses import House

DAY = date(2026, 2, 20)
NAMES = ("a", "b", "c", "d")


def library(*names):
    return Library(
        {
            name: Holding(
                name,
                Document(
                    id=name, kind="note", title=f"World models {name}", sections=(("", "World models."),), lang="en"
                ),
                Linkable(id=name, title=name, text=""),
            )
            for name in names
        },
        {},
    )


def linked(*pairs, score=0.6):
    return [
        Link(*ends, LinkKind.SIMILAR, score, "why") for one, other in pairs for ends in ((one, other), (other, one))
    ]


TRIANGLE = (("a", "b"), ("b", "c"), ("a", "c"))


@pytest.fixture
def app(tmp_path):
    house = House.build(tmp_path, works=[])
    config = load_config(house.root / "slipway.toml")
    with App(config, FixedClock(DAY, config.zone), Console(quiet=True)) as app:
        yield app


@pytest.fixture
def looked(monkeypatch):
    """How often topics were looked for."""
    calls = []
    find = grouping.find_topics
    monkeypatch.setattr(grouping, "find_topics", lambda *given, **more: calls.append(1) or find(*given, **more))
    return calls


def test_the_same_notes_and_links_are_not_looked_at_again(app, looked):
    first = group(app, library(*NAMES), linked(*TRIANGLE))
    before = content(app.store)
    assert group(app, library(*NAMES), linked(*TRIANGLE)[::-1]) == first
    assert content(app.store) == before
    assert len(looked) == 1
    assert [set(topic.note_ids) for topic in first] == [set(NAMES)], "what reads alike belongs together, linked or not"


@pytest.mark.parametrize(
    ("names", "links"),
    [
        ((*NAMES, "e"), linked(*TRIANGLE)),
        (NAMES[:-1], linked(*TRIANGLE)),
        (NAMES, linked(*TRIANGLE, ("c", "d"))),
        (NAMES, linked(*TRIANGLE, score=0.7)),
    ],
    ids=["a note more", "a note less", "a link more", "another closeness"],
)
def test_what_has_changed_is_looked_at(app, looked, names, links):
    group(app, library(*NAMES), linked(*TRIANGLE))
    group(app, library(*names), links)
    assert len(looked) == 2


def test_no_notes_have_no_topics(app):
    assert group(app, library(), ()) == ()


def item_holdings(store, *titles, status=ItemStatus.INBOX):
    """Items of these titles in the store; those that wait are given as they stand in a library."""
    record(
        store, *(item(f"url:example.org/{title}", guid=title, title=title, text="World models.") for title in titles)
    )
    numbers = {slip.item.title: slip.id for slip in store.slips()}
    if status is not ItemStatus.INBOX:
        store.set_status([numbers[title] for title in titles], status, DAY, verdict="dismiss", now=NOW)
    return {
        item_id(slip): Holding(
            item_id(slip),
            slip_document(slip, item_id(slip), ZoneInfo("UTC")),
            Linkable(id=item_id(slip), title=slip.item.title, text=slip.item.text),
            slip,
        )
        for slip in store.slips(ItemStatus.INBOX)
    }


def test_items_of_the_inbox_are_in_topics_and_no_notes_of_them(app):
    waiting = item_holdings(app.store, "World models one", "World models two")
    (topic,) = group(app, replace(library("a", "b"), inbox=waiting), ())
    assert set(topic.note_ids) == {"a", "b"}
    assert topic.medoid in topic.note_ids
    assert set(app.store.topic_items().values()) == {topic.id}
    assert len(app.store.topic_items()) == 2
    assert [(event.kind, event.topic_id) for event in app.store.topic_events()] == [(TopicChange.BORN, topic.id)]


def test_an_item_that_left_the_inbox_is_still_counted(app):
    waiting = item_holdings(app.store, "World models one", "World models two")
    group(app, replace(library("a", "b", "c"), inbox=waiting), ())
    before = app.store.topic_items()
    group(app, library("a", "b", "c"), ())
    assert app.store.topic_items() == before


def test_the_first_look_takes_in_what_has_left_the_inbox(app):
    item_holdings(app.store, "World models one", "World models two", status=ItemStatus.DISMISSED)
    (topic,) = group(app, library("a", "b", "c"), ())
    assert set(app.store.topic_items().values()) == {topic.id}
    assert len(app.store.topic_items()) == 2
