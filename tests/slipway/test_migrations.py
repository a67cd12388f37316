"""A database of an older Slipway is brought up to date, whole or not at all."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import event, inspect, text

from notes.model import ItemStatus, PaperVersion
from notes.text.bands import all_bands, bands
from notes.text.likeness import sketch
from slipway import reading
from slipway.store.database import Database, _engine
from slipway.store.records import FetchCounts, SourceSchedule
from slipway.store.store import Store
from slipway.store.tables import SCHEMA_VERSION, Base
from tests.slipway.boxes import DAY, LATER, content, item, paper, record
from tests.slipway.old_databases import make_old

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(params=[1, 2, 3, 4, 5, 6], ids=lambda number: f"schema {number}")
def old_schema(request):
    return request.param


@pytest.fixture
def old_url(database_url, old_schema):
    """The URL of a database of an older schema with three items."""
    make_old(database_url, old_schema)
    return database_url


def schema(url):
    """Tables, columns and indexes of a database, as its server tells them."""
    database = Database(_engine(url))
    with database, database._reading() as connection:
        told = inspect(connection)
        return {
            table: (
                {column["name"]: (str(column["type"]), column["nullable"]) for column in told.get_columns(table)},
                told.get_pk_constraint(table)["constrained_columns"],
                sorted((index["name"], tuple(index["column_names"])) for index in told.get_indexes(table)),
                sorted(tuple(key["constrained_columns"]) for key in told.get_foreign_keys(table)),
            )
            for table in Base.metadata.tables
        }


def rows(url, table, columns="*"):
    """The rows of a table, without any mapping."""
    database = Database(_engine(url))
    with database, database._reading() as connection:
        return rows_of(connection, table, columns)


def rows_of(connection, table, columns="*"):
    return [tuple(row) for row in connection.execute(text(f"SELECT {columns} FROM {table} ORDER BY 1"))]


def test_what_was_there_is_there(old_url, old_schema):
    told = {table: list(columns) for table, (columns,) in schema_of_old(old_url).items()}
    before = {table: rows(old_url, table, named(columns)) for table, columns in told.items() if table != "meta"}
    Store.open(old_url).close()
    after = {table: rows(old_url, table, named(columns)) for table, columns in told.items() if table != "meta"}
    # Until schema 5 a band was its kind's letter and its hash.
    if "sketch_bands" in after and old_schema < 6:
        after["sketch_bands"] = sorted(
            (f"{'tlb'[band >> 32]}{band % 2**32:08x}", number) for band, number in after["sketch_bands"]
        )
    assert after == before
    assert rows(old_url, "meta")[0] == ("schema_version", str(SCHEMA_VERSION))
    assert len(before["items"]) == 3


def schema_of_old(url):
    database = Database(_engine(url))
    with database, database._reading() as connection:
        return columns_of(connection)


def columns_of(connection):
    told = inspect(connection)
    return {table: ([c["name"] for c in told.get_columns(table)],) for table in told.get_table_names()}


def named(columns):
    return ", ".join(f'"{column}"' for column in columns)


def test_the_schema_is_that_of_a_new_database(old_url, tmp_path):
    Store.open(old_url).close()
    migrated = schema(old_url)
    if not old_url.startswith("sqlite"):
        database = Database(_engine(old_url))
        with database, database._writing() as connection:
            for table in reversed(Base.metadata.sorted_tables):
                connection.execute(text(f"DROP TABLE {table.name}"))
        new_url = old_url
    else:
        new_url = f"sqlite:///{tmp_path / 'new.db'}"
    Store.open(new_url).close()
    assert migrated == schema(new_url)


def test_what_is_new_is_filled(old_url, old_schema):
    with Store.open(old_url) as store:
        assert store.source_records()["lab"].schedule == SourceSchedule()
        post, work, link = store.slips()
        found = content(store)
    assert work.item.versions == (PaperVersion(2, datetime(2026, 2, 18, 8, tzinfo=UTC), "12 pages"),)
    assert link.item.versions == (PaperVersion(3),)
    assert post.item.versions == ()
    drawings = {slip.id: sketch(slip.item.title, slip.item.text) for slip in (post, work, link)}
    assert [row[-4] for row in found["items"]] == list(drawings.values())
    assert [(slip.parts, slip.explored) for slip in (post, work, link)] == [({}, False)] * 3
    # What was stored with more bands keeps them.
    its_bands = bands if old_schema == 1 else all_bands
    assert {row[:2] for row in found["sketch_bands"]} == {
        (band, number) for number, drawing in drawings.items() for band in its_bands(drawing)
    }
    assert drawings[1]


@pytest.mark.parametrize("old_schema", [2], ids=["schema 2"], indirect=True)
def test_answers_of_an_older_slipway_can_still_be_taken_back(old_url):
    with Store.open(old_url) as store:
        promoted, dismissed = store.feedback()
        assert (promoted.verdict, promoted.origin, promoted.was, promoted.undone_at) == ("promote", "inbox", "", None)
        assert store.undo(dismissed, DAY, LATER)
        assert store.slip(3).status is ItemStatus.INBOX
        assert store.feedback() == (promoted,)


@pytest.mark.parametrize("old_schema", [3], ids=["schema 3"], indirect=True)
def test_topics_and_posts_of_an_older_slipway_live_on(old_url):
    with Store.open(old_url) as store:
        (topic,), (post,) = store.topics(), store.posts()
        assert (topic.id, topic.note_ids, topic.names, topic.parent) == ("skill-learning", ("n-1", "mine"), (), "")
        assert (post.title, post.note_ids) == ("One note", ("n-1",))
        assert content(store)["post_claims"] == []


@pytest.mark.parametrize("old_schema", [1], ids=["schema 1"], indirect=True)
def test_only_the_newest_texts_are_sketched(old_url, monkeypatch):
    monkeypatch.setattr("slipway.store.migrations.SKETCHED", 2)
    with Store.open(old_url) as store:
        assert [bool(row[-4]) for row in content(store)["items"]] == [False, True, True]


def test_work_goes_on_where_it_was(old_url):
    with Store.open(old_url) as store:
        again = paper(version=3, comment="13 pages", updated=LATER)
        assert record(store, again) == FetchCounts(updated=1)
        assert record(store, item("url:example.org/b", guid="b", title="Another")) == FetchCounts(new=1)
        slip = store.slip_of_note("n-1")
        assert slip is not None
        assert [version.version for version in slip.item.versions] == [2, 3]
        assert {one.id: one.status for one in store.slips()}[3] is ItemStatus.DISMISSED


ELSEWHERE = (
    (11, 1, "two", "https://www.two.example/post-1?utm_source=x"),
    (12, 1, "three", "http://two.example/post-1/"),
    (13, 1, "four", "https://example.org/a?utm_source=rss"),
    (14, 1, "five", "https://arxiv.org/abs/2602.00009"),
    (15, 1, "six", ""),
    (16, 1, "seven", "https://seven.example/log"),
    (17, 2, "seven", "https://seven.example/log"),
    (18, 1, "eight", "https://eight.example/" + "long/" * 300),
    (19, 3, "nine", "https://nine.example/x"),
)


def test_addresses_of_sightings_are_those_of_their_items(old_url):
    database = Database(_engine(old_url))
    with database, database._writing() as connection:
        more = ", kept_out" if "kept_out" in columns_of(connection)["sightings"][0] else ""
        for number, item_id, source, url in ELSEWHERE:
            connection.execute(
                text(
                    f"INSERT INTO sightings (id, item_id, source, source_title, external_id, url, title, seen{more})"
                    f" VALUES (:id, :item, :source, '', :url, :url, 'One', '2026-02-20T23:59:00+00:00'{more and ', :no'})"
                ).bindparams(id=number, item=item_id, source=source, url=url, **({"no": ""} if more else {}))
            )
    with Store.open(old_url) as store:
        first, long, *others = content(store)["other_keys"]
        short = item("url:two.example/post-1", source="ten", guid="t", title="Another title", text="In brief.")
        assert record(store, short) == FetchCounts(seen=1)
    assert (first, others) == (("url:nine.example/x", 3), [("url:two.example/post-1", 1)])
    assert long[0].startswith("url:sha256:")
    assert long[1] == 1


def test_opening_again_changes_nothing(old_url):
    with Store.open(old_url) as store:
        before = content(store)
    with Store.open(old_url) as store:
        assert content(store) == before


def test_the_light_way_reads_a_database_that_is_still_to_be_migrated(old_url, old_schema):
    if not old_url.startswith("sqlite"):
        pytest.skip("the light way is for SQLite files")
    before = reading.inbox_items(old_url, all_statuses=True), reading.runs(old_url, 5)
    assert rows(old_url, "meta")[0] == ("schema_version", str(old_schema)), "reading writes nothing"
    Store.open(old_url).close()
    assert (reading.inbox_items(old_url, all_statuses=True), reading.runs(old_url, 5)) == before
    assert [one["id"] for one in before[0]] == [2, 1, 3]
    assert json.dumps(before[1])


def test_many_may_open_an_old_database_at_once(old_url):
    problems = []

    def open_it():
        try:
            Store.open(old_url).close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with Store.open(old_url) as store:
        assert len(content(store)["versions"]) == 2


class Killed(BaseException):
    """The end of the process, as far as it can be had within one."""


def whole(url):
    """Everything that a database holds, schema and rows; over one connection, since it is asked after each statement."""
    database = Database(_engine(url))
    with database, database._reading() as connection:
        schema = columns_of(connection)
        return {table: rows_of(connection, table) for table in schema}, schema


def test_killed_anywhere_a_migration_has_not_happened(old_url, old_schema, monkeypatch):
    before = whole(old_url)
    real, left = _engine, [0]

    def mortal(address):
        engine = real(address)

        def die(*_args):
            left[0] -= 1
            if left[0] < 0:
                raise Killed

        def on_cursor(_connection, _cursor, sql, *_rest):
            if sql.startswith(("ALTER", "CREATE", "INSERT", "UPDATE")):
                die()

        event.listen(engine, "before_cursor_execute", on_cursor)
        event.listen(engine, "commit", die)
        return engine

    monkeypatch.setattr("slipway.store.database._engine", mortal)
    for statement in range(0, 80, 4 if old_schema == 1 else 1):
        left[0] = statement
        try:
            Store.open(old_url).close()
            break
        except Killed:
            assert whole(old_url) == before
    assert statement > (5 if old_schema < 4 else 1)
    assert rows(old_url, "meta")[0] == ("schema_version", str(SCHEMA_VERSION))


SCRIPT = """
import os, signal, sys
from sqlalchemy import event
from slipway.store import database
real = database._engine

def mortal(address):
    engine = real(address)
    event.listen(engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
    return engine

database._engine = mortal
database.Database.open(sys.argv[1])
"""


def test_a_process_killed_before_the_commit_leaves_the_old_schema(old_url):
    before = whole(old_url)
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run([sys.executable, "-c", SCRIPT, old_url], env=environment, cwd=ROOT)
    assert done.returncode == -signal.SIGKILL
    assert whole(old_url) == before
    Store.open(old_url).close()
    assert rows(old_url, "meta")[0] == ("schema_version", str(SCHEMA_VERSION))
