"""Topics are looked for only when notes or links are others, and stored with what they were found in."""

from __future__ import annotations

from datetime import date

import pytest

from index.texts.documents import Document
from notes.clock import FixedClock
from notes.links.linking import Linkable
from notes.model import Link, LinkKind
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.library import Holding, Library
from slipway.stages import grouping
from slipway.stages.grouping import group
from tests.slipway.boxes import content
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
    monkeypatch.setattr(grouping, "find_topics", lambda *given: calls.append(1) or find(*given))
    return calls


def test_the_same_notes_and_links_are_not_looked_at_again(app, looked):
    first = group(app, library(*NAMES), linked(*TRIANGLE))
    before = content(app.store)
    assert group(app, library(*NAMES), linked(*TRIANGLE)[::-1]) == first
    assert content(app.store) == before
    assert len(looked) == 1
    assert [set(topic.note_ids) for topic in first] == [{"a", "b", "c"}]


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
