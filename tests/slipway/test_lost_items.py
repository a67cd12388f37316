"""Works that look alike, shown by two sources one after the other: both stay in the inbox, whichever comes first.

A wrong merge shows nowhere: the second work is a sighting of the first and is never seen.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from slipway.store.store import Store
from tests.notes.test_likeness import ABOUT, PAPER, TEMPLATES, TITLE, UNLIKE
from tests.slipway.boxes import item, record

DAY = datetime(2026, 2, 20, 8, tzinfo=UTC)


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path}/box.db") as opened:
        yield opened


def shown(source, pair, after=timedelta(), **more):
    """The entry in which a source tells of a title and its text."""
    title, text = pair
    return item(
        f"url:{source}.org/1", source=source, guid=f"{source}1", title=title, text=text, published=DAY + after, **more
    )


@pytest.mark.parametrize("after", [timedelta(hours=3), timedelta(days=14)], ids=["hours", "weeks"])
@pytest.mark.parametrize(("one", "other"), [*TEMPLATES, *ABOUT, *UNLIKE])
def test_both_stay(store, one, other, after):
    record(store, shown("vendor", one))
    record(store, shown("reader", other, after))
    assert len(store.slips()) == 2


def test_control_a_copy_is_one(store):
    record(store, shown("vendor", (TITLE, PAPER)))
    record(store, shown("reader", (f"[Paper] {TITLE} | Reader", PAPER), timedelta(hours=3)))
    assert len(store.slips()) == 1


def test_each_month_has_its_thread(store):
    text = "Please post your projects here, and name the price of what is to be paid for. " * 2
    months = [shown("forum", ("[D] Self-Promotion Thread", text), timedelta(days=31 * n)) for n in range(4)]
    for n, entry in enumerate(months):
        record(store, replace(entry, key=f"url:forum.org/{n}", url=f"https://forum.org/{n}", external_id=f"t{n}"))
    assert len(store.slips()) == 4
