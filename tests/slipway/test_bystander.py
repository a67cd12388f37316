"""Looking on without leaving a trace: names, texts and links beside whoever writes."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing

import pytest

from index.retrieval.query import Query
from notes.errors import IndexCacheError, StoreError, UsageError
from slipway.bystander import Bystander
from slipway.stages.search_index import index
from slipway.store.store import Store
from tests.slipway.shelves import LINK, opened, shelf, snapshot


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return shelf(tmp_path_factory.mktemp("shelf") / "house")


@pytest.fixture
def bystander(house):
    with opened(house) as app, closing(Bystander(app.config)) as looking:
        yield looking


@pytest.mark.parametrize(
    ("name", "found"),
    [
        ("zh-note", "zh-note"),
        (" zh-note ", "zh-note"),
        ("zh-no", "zh-note"),
        ("mine/zh.md", "zh-note"),
        ("mine/zh", "zh-note"),
        ("zh", "zh-note"),
        ("大語言模型推理的綜述", "zh-note"),
        ("MEMORY for long tasks", "memory-note"),
        ("[[memory-note]]", "memory-note"),
        ("page:Inbox.md", "page:Inbox.md"),
        ("Inbox", "page:Inbox.md"),
    ],
)
def test_names(house, bystander, name, found):
    (house.vault / "Inbox.md").write_text("# Inbox\n", encoding="utf-8")
    assert bystander.find(name).id == found


@pytest.mark.parametrize("come_from", [".", "mine", ".."], ids=["the vault", "a folder in it", "the house"])
def test_a_path_from_where_one_stands(house, bystander, monkeypatch, come_from):
    """What ``slipway search --paths`` prints is a path from the working folder, or a whole one."""
    monkeypatch.chdir(house.vault / come_from)
    path = house.vault / "mine" / "zh.md"
    assert bystander.find(os.path.relpath(path)).id == "zh-note"
    assert bystander.find(str(path)).id == "zh-note"
    outside = house.vault.parent / "zh.md"
    outside.write_text("# Elsewhere\n", encoding="utf-8")
    with pytest.raises(UsageError):
        bystander.find(str(outside))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("zh-noet", "zh-note"),
        ("xyzzy", "search for it"),
        ("", "nothing has"),
        ("\x1b[2J", "nothing has"),
        ("a\0b", "nothing has"),
        ("'; DROP TABLE documents; --", "nothing has"),
        ("%", "nothing has"),
        ("x" * 10_000, "nothing has"),
    ],
)
def test_unknown_names_are_answered_with_the_nearest(bystander, name, said):
    with pytest.raises(UsageError) as error:
        bystander.find(name)
    assert said in f"{error.value.message} {error.value.hint}"
    assert "\x1b" not in error.value.message
    assert len(error.value.message) < 200


def test_a_name_of_several_names_them(tmp_path):
    house = shelf(
        tmp_path / "house", {f"{number}.md": f"---\nid: n{number}\ntitle: Same\n---\ntext\n" for number in range(7)}
    )
    with (
        opened(house) as app,
        closing(Bystander(app.config)) as looking,
        pytest.raises(UsageError, match="any of 7") as error,
    ):
        looking.find("same")
    assert "n0 (Same)" in error.value.message
    assert "and 2 more" in error.value.message


def test_the_newest_come_first(bystander):
    assert [entry.id for entry in bystander.recent(Query(n=2))] == ["memory-note", "zh-note"]
    assert [entry.id for entry in bystander.recent(Query(n=9, tags=("agents",)))] == ["hostile", "long-survey"]


def test_the_links_are_read_while_a_night_writes_them(house, bystander):
    """What is committed is seen also where it stands in the log only, and what is not is not."""
    with opened(house) as app:
        path = app.config.state / "slipway.db"
        assert bystander.links("memory-note") == (LINK,)
        before = sorted(file.name for file in path.parent.iterdir())
        assert not any(name.endswith(("-wal", "-shm")) for name in before)
        with closing(sqlite3.connect(path, isolation_level=None)) as writer:
            writer.execute("PRAGMA wal_autocheckpoint = 0")
            writer.execute("UPDATE links SET why = 'committed'")
            writer.execute("BEGIN IMMEDIATE")
            writer.execute("UPDATE links SET why = 'not committed'")
            assert [link.why for link in bystander.links("memory-note")] == ["committed"]
            writer.execute("ROLLBACK")
            writer.execute("UPDATE links SET why = ?", (LINK.why,))
        assert bystander.links("memory-note") == (LINK,)
        assert sorted(file.name for file in path.parent.iterdir()) == before


def test_looking_leaves_no_trace_where_opening_would(house):
    """The control stands below: the store as it is opened elsewhere makes a log of its own."""
    with opened(house) as app:
        before = snapshot(house)
        with closing(Bystander(app.config)) as looking:
            looking.links("memory-note")
            looking.backlinks("memory-note")
            looking.text("long-survey")
            looking.markdown(looking.find("long-survey"))
            looking.recent(Query(n=3))
        assert snapshot(house) == before
        with Store.open(app.config.database) as store:
            store.related("memory-note")
            assert snapshot(house) != before


@pytest.mark.parametrize("version", ["1", "999999"])
def test_a_database_of_another_version_is_left_alone(tmp_path, version):
    house = shelf(tmp_path / "house", {"a.md": "agents\n"})
    with opened(house) as app, closing(Bystander(app.config)) as looking:
        with closing(sqlite3.connect(app.config.state / "slipway.db", isolation_level=None)) as database:
            database.execute("UPDATE meta SET value = ? WHERE name = 'schema_version'", (version,))
        before = snapshot(house)
        with pytest.raises(StoreError, match="another version"):
            looking.links("a")
        assert snapshot(house) == before


def test_looking_at_either_kind_of_database(database_url):
    with pytest.raises(StoreError):
        Store.look(database_url)
    Store.open(database_url).close()
    with Store.look(database_url) as store:
        assert store.related("nothing") == ()


def test_a_new_index_is_followed_and_a_damaged_one_refused(tmp_path):
    house = shelf(tmp_path / "house", {"a.md": "agents\n"})
    with opened(house) as app, closing(Bystander(app.config)) as looking:
        assert looking.text("a") == "agents"
        (house.vault / "a.md").write_text("zebras\n", encoding="utf-8")
        index(app)
        assert looking.text("a") == "zebras"
        file = app.config.cache / "index.db"
        torn = bytearray(file.read_bytes())
        torn[torn.index(b"zebras")] ^= 1
        file.write_bytes(torn)
        with pytest.raises(IndexCacheError):
            looking.text("a")
