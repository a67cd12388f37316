"""Fourteen nights of real lab feeds over a real HTTP server: nothing lost, nothing doubled, against the recorded timeline."""

from __future__ import annotations

import json
import os
import sqlite3
from collections import defaultdict
from pathlib import Path
from xml.etree import ElementTree

import pytest

from tests.slipway.houses import House
from tests.slipway.replaying import Shelf, serving

DATA = os.environ.get("SLIPWAY_DATA")
pytestmark = [pytest.mark.data, pytest.mark.skipif(not DATA, reason="SLIPWAY_DATA is not set: no real feeds to replay")]
NIGHTS = 14


def entry_ids(body: bytes) -> list[str]:
    """The ids of a feed's entries by another parser than ours: guid or id, else the link."""
    atom = "{http://www.w3.org/2005/Atom}"
    root = ElementTree.fromstring(body)
    ids = []
    for entry in [*root.iter("item"), *root.iter(f"{atom}entry")]:
        given = entry.findtext("guid") or entry.findtext(f"{atom}id") or entry.findtext("link")
        if given:
            ids.append(" ".join(given.split()))
    return ids


@pytest.mark.slow
def test_fourteen_nights(tmp_path):
    replay = Path(DATA) / "feeds" / "replay" / "olshansk"
    days = sorted(path for path in replay.iterdir() if path.is_dir())[:NIGHTS]
    expected: defaultdict[str, set[str]] = defaultdict(set)
    with serving(Shelf()) as shelf:
        shelf.show(days[0])
        sources = "".join(
            f'[[sources]]\nkey = "{Path(name).stem}"\nurl = "{shelf.address}/{name}"\nallow = ["127.0.0.0/8"]\ninterval_hours = 0\n'
            for name in sorted(shelf.bodies)
        )
        house = House.build(tmp_path, sources=sources)
        for day in days:
            shelf.show(day)
            for name in sorted(shelf.bodies):
                if (day / name).exists():
                    expected[Path(name).stem] |= set(entry_ids(shelf.bodies[name]))
            # What comes in is what is held against the timeline: the whole night runs at both ends and in the middle.
            whole = day in {days[0], days[NIGHTS // 2], days[-1]}
            house.night(day.name) if whole else house.run("fetch", "--date", day.name)
        assert {status for _, status in shelf.hits} == {200, 304}
    with sqlite3.connect(tmp_path / ".slipway" / "slipway.db") as db:
        rows = db.execute("SELECT source, external_id, item_id FROM sightings").fetchall()
        keys = [key for (key,) in db.execute("SELECT key FROM items")]
    seen: defaultdict[str, set[str]] = defaultdict(set)
    for source, external_id, _ in rows:
        seen[source].add(external_id)
    assert {name: ids - seen[name] for name, ids in expected.items() if ids - seen[name]} == {}, "lost"
    assert len({(source, external_id) for source, external_id, _ in rows}) == len(rows), "doubled"
    assert len(set(keys)) == len(keys)
    for line in (replay / "timeline.jsonl").read_text().splitlines():
        told = json.loads(line)
        if told["new_id_list"] and told["day"] <= days[-1].name and told["feed"].removesuffix(".xml") in seen:
            assert set(told["new_id_list"]) <= seen[told["feed"].removesuffix(".xml")], told["day"]
    assert (tmp_path / "vault" / "posts").is_dir()
