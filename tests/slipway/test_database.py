"""Opening a database, what cannot be opened, and that a method has happened or has not."""

from __future__ import annotations

import os
import signal
import sqlite3
import subprocess
import sys
import threading
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import event, text

from notes.errors import StoreError
from notes.model import Claim, ItemStatus, Link, LinkKind
from notes.topics import TopicChange, TopicEvent
from slipway.reading import inbox_items
from slipway.store.database import _PRAGMAS
from slipway.store.records import Decision, StageRecord
from slipway.store.store import Store
from slipway.store.tables import SCHEMA_VERSION
from tests.slipway.boxes import DAY, LATER, NOW, content, item, paper, record
from tests.slipway.test_store_fetch import failed, fetched
from tests.slipway.test_store_posts import AGENTS, POST, RL
from tests.tearing import tear_schema


def test_what_is_recorded_is_there_after_closing(database_url):
    with Store.open(database_url) as store:
        record(store, item())
        before = content(store)
    with Store.open(database_url) as store:
        assert content(store) == before
        assert store.describe().endswith(": 1 items, 0 notes")


def test_many_may_open_a_new_database_at_once(database_url):
    problems = []

    def open_it():
        try:
            Store.open(database_url).close()
        except Exception as error:  # noqa: BLE001 - whatever it is, the test shows it
            problems.append(error)

    threads = [threading.Thread(target=open_it) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert problems == []
    with Store.open(database_url) as store:
        assert content(store)["meta"] == [("schema_version", str(SCHEMA_VERSION))]


def test_a_newer_schema_is_refused_with_a_remedy(database_url):
    with Store.open(database_url) as store, store._writing() as connection:
        connection.execute(text("UPDATE meta SET value = '99'"))
    with pytest.raises(StoreError, match="newer Slipway") as told:
        Store.open(database_url)
    assert "install" in told.value.hint


def test_a_foreign_meta_table_is_refused(database_url):
    with Store.open(database_url) as store, store._writing() as connection:
        connection.execute(text("UPDATE meta SET name = 'other'"))
    with pytest.raises(StoreError, match="not Slipway's"):
        Store.open(database_url)


def test_a_database_with_foreign_tables_is_refused(database_url):
    with Store.open(database_url) as store, store._writing() as connection:
        connection.execute(text("DROP TABLE meta"))
    with pytest.raises(StoreError, match="exists"):
        Store.open(database_url)


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("slipway.db", "not the address"),
        ("mysql://localhost/x", "only SQLite files and PostgreSQL"),
        ("sqlite://", "only SQLite files and PostgreSQL"),
        ("postgresql+pg8000://localhost/x", "no driver|pg8000"),
        ("sqlite:////dev/null/no/slipway.db", "/dev/null"),
        ("postgresql://slipway:secret@127.0.0.1:9/x", "127.0.0.1"),
    ],
)
def test_what_cannot_be_opened_is_told(url, told):
    with pytest.raises(StoreError, match=told) as raised:
        Store.open(url)
    assert raised.value.hint
    assert "secret" not in raised.value.message


def test_a_file_that_is_no_database_is_told_and_kept(tmp_path):
    path = tmp_path / "slipway.db"
    path.write_bytes(b"My diary. " * 1_000)
    with pytest.raises(StoreError, match="not a database") as told:
        Store.open(f"sqlite:///{path}")
    assert "move it away" in told.value.hint
    assert path.read_bytes() == b"My diary. " * 1_000


def test_a_torn_schema_is_told_though_its_name_is_no_text(tmp_path):
    url = f"sqlite:///{tmp_path / 'slipway.db'}"
    Store.open(url).close()
    tear_schema(tmp_path / "slipway.db", "meta")
    with pytest.raises(StoreError, match="malformed database schema") as told:
        Store.open(url)
    assert "backup" in told.value.hint


def test_a_short_postgres_url_means_psycopg(postgres_url):
    with Store.open(postgres_url.replace("postgresql+psycopg://", "postgres://")) as store:
        assert store.place.startswith("postgresql+psycopg://")


def test_sqlite_is_set_to_survive_power_loss(tmp_path):
    with Store.open(f"sqlite:///{tmp_path / 'slipway.db'}") as store, store._reading() as connection:
        settings = {
            name: connection.scalar(text(f"PRAGMA {name}"))
            for name in ("journal_mode", "synchronous", "foreign_keys", "busy_timeout")
        }
    assert settings == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "busy_timeout": 30_000}


def test_a_database_held_by_another_is_told(tmp_path, monkeypatch):
    monkeypatch.setattr("slipway.store.database._PRAGMAS", (*_PRAGMAS, "busy_timeout=10"))
    with Store.open(f"sqlite:///{tmp_path / 'slipway.db'}") as store:
        other = sqlite3.connect(tmp_path / "slipway.db", isolation_level=None)
        other.execute("BEGIN IMMEDIATE")
        assert store.notes() == {}, "readers do not wait"
        with pytest.raises(StoreError, match="locked") as told:
            record(store, item())
        other.close()
        assert "try again" in told.value.hint
        record(store, item())


def test_a_broken_statement_is_a_bug_and_loud(store):
    decision = Decision(1, ItemStatus.PROMOTED, note_id="n", path="n.md", number=1)
    record(store, item(), item("url:example.org/b", guid="b", title="B"))
    with pytest.raises(Exception, match=r"(?i)unique"):
        store.decide([decision, replace(decision, item_id=2)], DAY)


class Killed(BaseException):
    """The end of the process, as far as it can be had within one."""


@contextmanager
def killed_at(store, statement):
    """Die before the given writing statement, or before the commit when it is the last."""
    left = [statement]

    def die(*_args):
        left[0] -= 1
        if left[0] < 0:
            raise Killed

    def on_cursor(_connection, _cursor, sql, *_rest):
        if sql.startswith(("INSERT", "UPDATE", "DELETE")):
            die()

    event.listen(store._engine, "before_cursor_execute", on_cursor)
    event.listen(store._engine, "commit", die)
    try:
        yield
    finally:
        event.remove(store._engine, "before_cursor_execute", on_cursor)
        event.remove(store._engine, "commit", die)


def links(*ends):
    return [Link(src, dst, LinkKind.SIMILAR, 0.5, "") for src, dst in ends]


def promotion(number):
    return Decision(number, ItemStatus.PROMOTED, 0.9, (), f"n-{number}", f"n-{number}.md", number)


WRITES = {
    "record_fetch": lambda store: record(store, paper(version=2), paper("2602.00009", title="New"), now=LATER),
    "record_fetch that edits": lambda store: record(store, item(title="Another", text="Another text."), now=LATER),
    "record_fetch that excludes": lambda store: record(store, item(), kept_out=["not now"], now=LATER),
    "record_fetch of another address": lambda store: record(
        store, item("url:third.example/b", source="third", doi="10.1/a"), now=LATER
    ),
    "record_many": lambda store: store.record_many([fetched(item("url:x.org/", title="X"), now=LATER), failed("dead")]),
    "enable_source": lambda store: store.enable_source("dead"),
    "forget_source": lambda store: store.forget_source("lab"),
    "reconsider": lambda store: store.reconsider("lab", lambda _: "not now"),
    "record_article": lambda store: store.record_article(3, state="done", blocks=paper().blocks, lang="de"),
    "record_failure": lambda store: store.record_failure("lab", "rss", "u", "timed out", LATER),
    "decide": lambda store: store.decide([promotion(2), Decision(3, ItemStatus.INBOX, 0.1)], DAY),
    "decide by the user": lambda store: store.decide([promotion(2)], DAY, verdict="promote", now=NOW),
    "set_status": lambda store: store.set_status([2, 3], ItemStatus.DISMISSED, DAY, verdict="dismiss", now=NOW),
    "undo a dismissal": lambda store: store.undo(store.feedback()[0], DAY, LATER),
    "undo a promotion": lambda store: store.undo(store.feedback()[1], DAY, LATER, withdraw=True),
    "answer_offers": lambda store: store.answer_offers(
        {"tag:a": ("tag", "declined"), "tag:b": ("tag", "declined")}, NOW
    ),
    "mark_edited": lambda store: store.mark_edited(["n-1"], NOW),
    "mark_back": lambda store: store.mark_back(["n-5"], NOW),
    "expire": lambda store: store.expire(LATER, DAY),
    "replace_links": lambda store: store.replace_links([*links("bc", "cb"), Link("a", "b", LinkKind.CITES, 1, "")]),
    "replace_arranged": lambda store: store.replace_arranged({"n-1": "2", "n-3": "1"}),
    "arrange": lambda store: store.arrange(links("bc", "cb"), {"n-1": "2", "n-3": "1"}),
    "replace_topics": lambda store: store.replace_topics(
        [replace(RL, name="Other"), replace(AGENTS, id="new")],
        items={1: "new", 2: RL.id},
        events=[TopicEvent(DAY, "new", TopicChange.BORN), TopicEvent(DAY, AGENTS.id, TopicChange.MERGED, "new")],
    ),
    "record_post": lambda store: store.record_post(replace(POST, title="Other", note_ids=("n-1",))),
    "plan_files": lambda store: store.plan_files({"a": ("a.md", "3"), "c": ("c.md", "1")}),
    "settle_files": lambda store: store.settle_files({"a": ("a.md", "3"), "c": ("c.md", "1")}),
    "mark_gone": lambda store: store.mark_gone(["n-1"], NOW),
    "add_synthesis_note": lambda store: store.add_synthesis_note("s", "s.md", DAY, 7),
    "begin_run": lambda store: store.begin_run(DAY, LATER),
    "end_stage": lambda store: store.end_stage(1, StageRecord("promote", "ok", 1.0)),
    "end_run": lambda store: store.end_run(1, "ok", 0, (), LATER),
    "close_dangling_runs": lambda store: store.close_dangling_runs(LATER),
}


@pytest.fixture
def full(store):
    """A store with something in every table."""
    record(store, paper(), *(paper(f"2602.0000{n}", title=f"Paper {n}") for n in range(2, 5)))
    record(store, item(), item("url:example.org/b", guid="b", published=NOW, doi="10.1/a"))
    record(store, item("url:mirror.example/b", source="mirror", doi="10.1/a"))
    store.record_failure("dead", "rss", "https://dead.example/", "timed out", NOW)
    store.decide([promotion(1)], DAY)
    store.set_status([4], ItemStatus.DISMISSED, DAY, verdict="dismiss", now=NOW)
    store.decide([promotion(5)], DAY, verdict="promote", now=NOW)
    store.mark_gone(["n-5"], NOW)
    store.answer_offers({"tag:a": ("tag", "accepted")}, NOW)
    store.replace_links(links("ab", "ba"))
    store.replace_arranged({"n-1": "1", "n-2": "1"})
    store.replace_topics(
        [RL, AGENTS], items={1: RL.id, 3: AGENTS.id}, events=[TopicEvent(DAY, RL.id, TopicChange.BORN)]
    )
    store.record_post(replace(POST, claims=(Claim("Twelve notes.", ("n-3",)),)))
    store.settle_files({"a": ("a.md", "1")})
    store.end_stage(store.begin_run(DAY, NOW), StageRecord("fetch", "ok", 1.0))
    assert all(content(store).values())
    return store


@pytest.mark.parametrize("name", WRITES)
def test_killed_anywhere_a_method_has_not_happened(full, name):
    before = content(full)
    for statement in range(20):
        try:
            with killed_at(full, statement):
                WRITES[name](full)
            break
        except Killed:
            assert content(full) == before
    assert statement > 0
    assert content(full) != before


def test_control_without_transactions_a_killed_method_has_half_happened(full, monkeypatch):
    @contextmanager
    def loose(self):
        with self._engine.connect() as connection:
            for sql_end in ("after_cursor_execute",):
                event.listen(connection, sql_end, lambda *_: connection.connection.dbapi_connection.commit())
            yield connection

    monkeypatch.setattr(Store, "_writing", loose)
    before = content(full)
    with pytest.raises(Killed), killed_at(full, 1):
        WRITES["record_fetch"](full)
    assert content(full) != before


SCRIPT = """
import os, signal, sys
from sqlalchemy import event
from slipway.store.store import Store
from tests.slipway.boxes import item, record

store = Store.open(sys.argv[1])
record(store, item())
event.listen(store._engine, "commit", lambda _: os.kill(os.getpid(), signal.SIGKILL))
record(store, *(item(f"url:example.org/{n}", guid=str(n), title=str(n)) for n in range(3_000)), etag="new")
"""


def test_a_process_killed_before_the_commit_leaves_neither_items_nor_validators(database_url):
    root = Path(__file__).resolve().parents[2]
    environment = os.environ | {"PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", SCRIPT, database_url], env=environment, cwd=root)
    assert done.returncode == -signal.SIGKILL
    assert len(inbox_items(database_url, all_statuses=False)) == 1
    with Store.open(database_url) as store:
        assert len(store.slips()) == 1
        assert store.source_records()["lab"].etag == '"1"'
        assert record(store, item()).seen == 1
