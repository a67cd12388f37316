"""The light read path: the same documents as through the store, and nothing heavy loaded."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest

from notes.errors import StoreError
from notes.model import ItemStatus
from slipway import reading
from slipway.store.records import Decision, StageRecord
from slipway.store.store import Store
from tests.slipway.boxes import DAY, LATER, NOW, content, item, paper, record
from tests.tearing import tear_schema


@pytest.fixture
def told(store, database_url):
    """The URL of a database with something to tell."""
    published = datetime(2026, 2, 18, 8, 0, tzinfo=UTC)
    record(store, paper(title="技能", authors=("李雷", "B"), published=published))
    record(
        store, item(title="A post"), paper(source="lab", guid="post", title="On 技能"), item("url:x.org/c", guid="c")
    )
    store.decide([Decision(2, ItemStatus.PROMOTED, 0.9, ("close",), "n-1", "notes/n-1.md", 1)], DAY)
    store.decide([Decision(3, ItemStatus.INBOX, 0.5, ("short",))], DAY)
    run = store.begin_run(DAY, NOW)
    store.end_stage(run, StageRecord("fetch", "ok", 1.5, {"new": 3}))
    store.end_stage(run, StageRecord("promote", "failed", 0.25, {}, "the vault is gone"))
    store.end_run(run, "failed", 1, ("lab: timed out",), LATER)
    store.begin_run(DAY, LATER)
    return database_url


PAPER = {
    "id": 1,
    "key": "arxiv:2602.01234",
    "external_id": "oai:arXiv.org:2602.01234v1",
    "source": "arxiv",
    "title": "技能",
    "url": "https://arxiv.org/abs/2602.01234v1",
    "authors": ["李雷", "B"],
    "status": "inbox",
    "score": None,
    "reasons": [],
    "published": "2026-02-18T08:00:00+00:00",
    "first_seen": "2026-02-20T23:59:00+00:00",
    "note_id": "",
    "sightings": [
        {
            "source": "arxiv",
            "external_id": "oai:arXiv.org:2602.01234v1",
            "url": "https://arxiv.org/abs/2602.01234v1",
            "title": "技能",
        },
        {"source": "lab", "external_id": "post", "url": "https://arxiv.org/abs/2602.01234v1", "title": "On 技能"},
    ],
}


def test_the_inbox_best_first(told):
    items = reading.inbox_items(told, all_statuses=False)
    assert [one["id"] for one in items] == [3, 1]
    assert items[1] == PAPER
    assert list(items[1]) == list(PAPER)
    assert json.loads(json.dumps(items)) == items


def test_every_status(told):
    items = reading.inbox_items(told, all_statuses=True)
    assert [(one["id"], one["status"], one["score"], one["note_id"]) for one in items] == [
        (2, "promoted", 0.9, "n-1"),
        (3, "inbox", 0.5, ""),
        (1, "inbox", None, ""),
    ]


FAILED = {
    "id": 1,
    "date": "2026-02-20",
    "started": "2026-02-20T23:59:00+00:00",
    "finished": "2026-02-21T23:59:00+00:00",
    "status": "failed",
    "exit_code": 1,
    "warnings": ["lab: timed out"],
    "stages": [
        {"name": "fetch", "status": "ok", "seconds": 1.5, "counts": {"new": 3}, "error": ""},
        {"name": "promote", "status": "failed", "seconds": 0.25, "counts": {}, "error": "the vault is gone"},
    ],
}


def test_the_ledger_newest_first(told):
    running, failed = reading.runs(told, 20)
    assert failed == FAILED
    assert list(failed) == list(FAILED)
    assert (running["status"], running["finished"], running["exit_code"], running["stages"]) == (
        "running",
        None,
        None,
        [],
    )
    assert [run["id"] for run in reading.runs(told, 1)] == [2]
    with Store.open(told) as store:
        assert reading.run_document(store.runs(2)[1]) == FAILED


def test_the_light_way_tells_what_the_store_tells(told, monkeypatch):
    every = [reading.inbox_items(told, all_statuses=True), reading.inbox_items(told, all_statuses=False)]
    ledger = reading.runs(told, 20)
    monkeypatch.setattr(reading, "sqlite_path", lambda url: None)
    assert [reading.inbox_items(told, all_statuses=True), reading.inbox_items(told, all_statuses=False)] == every
    assert reading.runs(told, 20) == ledger


def test_reading_writes_nothing(told):
    with Store.open(told) as store:
        before = content(store)
        reading.inbox_items(told, all_statuses=True)
        reading.runs(told, 5)
        assert content(store) == before


def test_no_database_yet(tmp_path):
    url = f"sqlite:///{tmp_path / 'slipway.db'}"
    assert reading.inbox_items(url, all_statuses=True) == []
    assert reading.runs(url, 5) == []
    assert not (tmp_path / "slipway.db").exists()


@pytest.mark.parametrize("name", ["a b", "技能", "100%", "a%20b", "what?", "a#b"])
def test_any_folder_name(tmp_path, name):
    url = f"sqlite:///{tmp_path / name / 'slipway.db'}"
    with Store.open(url) as store:
        record(store, item())
        assert store.place == str(tmp_path / name / "slipway.db")
    assert (tmp_path / name / "slipway.db").is_file()
    assert len(reading.inbox_items(url, all_statuses=False)) == 1


def test_a_file_that_is_no_database_is_told(tmp_path):
    path = tmp_path / "slipway.db"
    path.write_bytes(b"My diary. " * 1_000)
    with pytest.raises(StoreError, match="not a database"):
        reading.inbox_items(f"sqlite:///{path}", all_statuses=False)
    path.unlink()
    with sqlite3.connect(path) as foreign:
        foreign.execute("CREATE TABLE diary (line TEXT)")
    foreign.close()
    with pytest.raises(StoreError, match="no such table"):
        reading.runs(f"sqlite:///{path}", 5)


def test_a_torn_schema_is_told(tmp_path):
    url = f"sqlite:///{tmp_path / 'slipway.db'}"
    Store.open(url).close()
    tear_schema(tmp_path / "slipway.db", "items")
    with pytest.raises(StoreError, match="malformed database schema"):
        reading.inbox_items(url, all_statuses=False)


LIGHT = """
import sys
from slipway.reading import inbox_items, runs
inbox_items(sys.argv[1], all_statuses=True)
runs(sys.argv[1], 5)
heavy = {"sqlalchemy", "numpy", "torch", "faiss", "yaml", "httpx", "feedparser", "frontmatter"} & set(sys.modules)
sys.exit(" ".join(sorted(heavy)) or 0)
"""


def test_the_light_way_loads_nothing_heavy(tmp_path):
    url = f"sqlite:///{tmp_path / 'slipway.db'}"
    with Store.open(url) as store:
        record(store, item())
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(
        [sys.executable, "-c", LIGHT, url], env=os.environ | {"PYTHONPATH": str(root)}, capture_output=True, text=True
    )
    assert (done.returncode, done.stderr) == (0, "")


def test_a_file_whose_schema_is_still_to_come_is_empty(tmp_path):
    """The first run creates the file a moment before its tables."""
    (tmp_path / "slipway.db").touch()
    url = f"sqlite:///{tmp_path / 'slipway.db'}"
    assert reading.inbox_items(url, all_statuses=True) == []
    assert reading.runs(url, 5) == []
