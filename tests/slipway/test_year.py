"""A year of nights against a web that misbehaves by script: nothing lost, nothing doubled, nobody asked too often.

In the suite forty-five nights of sixty sources; the whole year by::

    SLIPWAY_YEAR=365x200 python -m pytest -q -s tests/slipway/test_year.py -k holds

The server's books (:mod:`tests.slipway.year_server`) know nothing of Slipway: what a reader must have follows from what it was
sent whole or claimed to hold, what it may ask from what it was answered.
"""

from __future__ import annotations

import os
import random
import re
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import Path

import pytest

from ingest import due, one_source, standing
from ingest.fetch import fetch_all
from ingest.workers.parser import Parser
from notes.clock import Clock
from slipway.app import App, Progress
from slipway.config import parse_config
from slipway.stages.fetch import fetch
from tests.slipway.year_feeds import FIRST_NIGHT, TRAITS, Source
from tests.slipway.year_manners import Manners
from tests.slipway.year_server import Web

SEED = 20260101
HOURS, RETRIES = 12.0, 1
NIGHTS, SOURCES = (int(number) for number in os.environ.get("SLIPWAY_YEAR", "45x60").split("x"))
DAY = timedelta(days=1)
POST = re.compile(r"//h(\d+)\.example\.com/posts/(\d+)")


@dataclass
class HandSetClock:
    """A clock that shows what it is set to."""

    moment: datetime = FIRST_NIGHT

    def now(self) -> datetime:
        return self.moment

    def today(self) -> date:
        return self.moment.date()


class Silent:
    """A reporter that keeps the warnings to itself."""

    def progress(self, label: str) -> Progress:
        return lambda done, total: None

    def warn(self, message: str) -> None:
        """Nobody listens."""


@dataclass
class Year:
    """What came of it."""

    requests: int = 0
    asked: Counter[int] = field(default_factory=Counter)
    rude: list[str] = field(default_factory=list)
    warnings: list[tuple[str, ...]] = field(default_factory=list)
    lost: dict[int, list[int]] = field(default_factory=dict)
    unfounded: dict[int, list[int]] = field(default_factory=dict)
    doubled: dict[int, list[int]] = field(default_factory=dict)
    invented: dict[int, list[int]] = field(default_factory=dict)
    kept: int = 0
    shown: Counter[str] = field(default_factory=Counter)
    records: dict[str, object] = field(default_factory=dict)


def moment_of(night: int, *, skewed: bool = True) -> datetime:
    """When a night's run starts by the reader's clock: some seconds early or late, and now and then in another year."""
    seconds = random.Random(f"{SEED} start {night}").randrange(-20, 20)
    off = {21: 400, 40: -60, 41: -60, 200: 3_000}.get(night, 0) if skewed else 0
    return FIRST_NIGHT + night * DAY + timedelta(seconds=seconds, days=off)


def live(
    folder: Path,
    sources: Sequence[Source],
    nights: int,
    *,
    blackouts: frozenset[int] = frozenset(),
    skewed: bool = True,
) -> Year:
    """Live through the nights with one database, and compare it with the server's books."""
    year, clock = Year(), HandSetClock()
    web = Web(list(sources), seed=SEED, nights=nights, blackouts=blackouts)
    with ExitStack() as stack:
        stack.enter_context(web)
        app = stack.enter_context(App(configuration(folder, web, sources), clock, Silent()))
        parser = stack.enter_context(Parser())
        asks = partial(fetch_all, parser=parser, sleep=lambda _: None, resolver=lambda host, port: ["127.0.0.1"])
        manners = {source.number: Manners(HOURS * 3600, RETRIES) for source in sources}
        shelf = Shelf(folder / ".slipway" / "slipway.db")
        for night in range(nights):
            web.begin(night)
            clock.moment = moment_of(night, skewed=skewed)
            year.warnings.append(fetch(app, asks=asks).warnings)
            for source in sources:
                answers = web.answers.get(source.number, [])
                year.requests += len(answers)
                year.asked[source.number] += bool(answers)
                rules = manners[source.number]
                found = rules.faults(source, answers, clock.moment)
                year.rude.extend(f"night {night}, {source.key}: {fault}" for fault in found)
                rules.learn(answers, clock.moment, is_dead_night=night in blackouts)
            shelf.look()
            for number, posts in web.claimed.items():
                _put(year.unfounded, number, posts - shelf.posts_of[number])
        year.records.update(app.store.source_records())
        year.shown = web.shown
    compare(year, web, folder / ".slipway" / "slipway.db")
    return year


def configuration(folder: Path, web: Web, sources: Sequence[Source]):
    return parse_config(
        {
            "fetch": {
                "interval_hours": HOURS,
                "retries": RETRIES,
                "total": 1.5,
                "allow": ["loopback"],
                "workers": 8,
            },
            "sources": [{"key": source.key, "url": web.url(source.host), "allow": ["loopback"]} for source in sources],
        },
        folder / "slipway.toml",
    )


class Shelf:
    """The posts that the database holds, read as they come."""

    def __init__(self, database: Path) -> None:
        self.database = database
        self.posts_of: defaultdict[int, set[int]] = defaultdict(set)
        self._last = 0

    def look(self) -> None:
        with sqlite3.connect(self.database) as db:
            for row, url in db.execute("SELECT id, url FROM sightings WHERE id > ? ORDER BY id", (self._last,)):
                source, post = (int(number) for number in POST.search(url).groups())
                self.posts_of[source].add(post)
                self._last = row


def compare(year: Year, web: Web, database: Path) -> None:
    """Hold the database against the server's books."""
    with sqlite3.connect(database) as db:
        rows = db.execute("SELECT url, item_id FROM sightings").fetchall()
        year.kept = db.execute("SELECT count(*) FROM items").fetchone()[0]
    items_of: defaultdict[tuple[int, int], set[int]] = defaultdict(set)
    posts_of: defaultdict[int, set[tuple[int, int]]] = defaultdict(set)
    for url, item_id in rows:
        source, post = (int(number) for number in POST.search(url).groups())
        items_of[source, post].add(item_id)
        posts_of[item_id].add((source, post))
    # Two posts in one item: the second is not to be found.
    swallowed = {post for posts in posts_of.values() for post in sorted(posts)[1:]}
    for number in web.sources:
        stored = {post for source, post in items_of if source == number}
        found = stored - {post for source, post in swallowed if source == number}
        _put(year.lost, number, web.must_have[number] - found)
        _put(year.invented, number, stored - web.ever_sent[number])
        _put(year.doubled, number, {post for post in stored if len(items_of[number, post]) > 1})


def _put(told: dict[int, list[int]], number: int, posts: set[int]) -> None:
    if posts:
        told[number] = sorted(posts)


# ---- the year


@pytest.mark.slow
def test_the_year_holds(tmp_path):
    sources = [Source.make(number, SEED) for number in range(SOURCES)]
    started = time.perf_counter()
    year = live(tmp_path, sources, NIGHTS, blackouts=frozenset({14, 15, 16, 120}))
    print(
        f"\n{NIGHTS} nights, {SOURCES} sources: {time.perf_counter() - started:.0f} s, {year.requests} requests, "
        f"{year.kept} items kept, lost {sum(map(len, year.lost.values()))}, doubled {sum(map(len, year.doubled.values()))}, "
        f"rude {len(year.rude)}\n{dict(sorted(year.shown.items()))}"
    )
    assert year.lost == {}
    assert year.unfounded == {}
    assert year.doubled == {}
    assert year.invented == {}
    assert year.rude == []
    assert year.kept > SOURCES * 5
    assert_all_was_seen(year, sources)
    assert_kept_up(year, sources)


def assert_all_was_seen(year: Year, sources: Sequence[Source]) -> None:
    """Every trait came up, and had its consequence."""
    shown = {what.rpartition(" ")[0] for what in year.shown}
    quiet = {"plain", "max-age", "ttl", "skip days", "skewed expires", "new guids", "one guid", "scheme flips"}
    quiet |= {
        "emptied",
        "title edits",
        "undated",
        "future dates",
        "shrinks",
        "no validators",
        "slow and cached for a year",
    }
    assert {source.trait for source in sources} - quiet <= shown
    by_trait = {(source.trait, record.key): record for source in sources for record in [year.records[source.key]]}
    gone = [record for (trait, _), record in by_trait.items() if trait == "gone"]
    assert all(record.disabled for record in gone)
    assert not any(record.disabled for (trait, _), record in by_trait.items() if trait != "gone")
    moved = {(trait, key): record for (trait, key), record in by_trait.items() if trait.startswith("moved")}
    assert all("://new" in record.adopted for record in moved.values())
    assert not any(record.adopted for (trait, _), record in by_trait.items() if not trait.startswith("moved"))
    last = " ".join(year.warnings[-1])
    assert all(record.key in last for record in [*gone, *moved.values()])


def assert_kept_up(year: Year, sources: Sequence[Source]) -> None:
    """Politeness is no excuse: what is well and busy was asked nearly every night."""
    busy = [
        source for source in sources if source.trait in {"plain", "title edits", "no validators"} and source.rate > 0.2
    ]
    assert busy
    assert min(year.asked[source.number] for source in busy) >= 0.97 * NIGHTS - 4
    slow = [source for source in sources if source.trait.startswith("slow")]
    assert max(year.asked[source.number] for source in slow) < 0.7 * NIGHTS


# ---- controls: each rule switched off must be found out


def few(*traits: str, copies: int = 3) -> list[Source]:
    """Some sources of each trait that post daily."""
    count = len(TRAITS)
    return [
        Source(number, trait, 0.7, 6)
        for trait in traits
        for number in (TRAITS.index(trait) + count * copy for copy in range(copies))
    ]


@pytest.fixture
def month(tmp_path) -> Callable[..., Year]:
    return lambda *traits, nights=36: live(tmp_path, few(*traits), nights, skewed=False)


def test_control_half_a_document_with_its_validators_saved_is_a_false_claim(month, monkeypatch):
    monkeypatch.setattr(one_source, "_is_whole", lambda body: True)
    assert month("cut without a length").unfounded


def test_control_an_empty_feed_with_its_validators_saved_is_a_false_claim(month, monkeypatch):
    monkeypatch.setattr(one_source, "_doubt", lambda *_: ())
    assert month("emptied").unfounded


RULES_OFF = [
    pytest.param("errors", due, "BACK_OFF_CAP_S", 0.0, "after the last time", id="no-back-off"),
    pytest.param("wait in seconds", due, "RETRY_AFTER_CAP_S", 0.0, "Retry-After", id="no-retry-after"),
    pytest.param("wait until a date", due, "RETRY_AFTER_CAP_S", 0.0, "Retry-After", id="no-retry-after-date"),
    pytest.param("gone", standing, "NIGHTS_TO_DISABLE", 10**6, "410", id="no-disabling"),
    pytest.param("moved", standing, "NIGHTS_TO_ADOPT", 10**6, "has moved", id="no-adopting"),
    pytest.param("skip days", due, "OVERDUE_DAYS", -3, "skips", id="no-skipped-days"),
]


@pytest.mark.parametrize(("trait", "module", "rule", "off", "complaint"), RULES_OFF)
def test_control_without_its_rule_a_reader_is_rude(month, monkeypatch, trait, module, rule, off, complaint):
    monkeypatch.setattr(module, rule, off)
    assert any(complaint in fault for fault in month(trait).rude)


def test_control_a_dead_network_held_against_the_sources_delays_them(tmp_path, monkeypatch):
    sources, dark = few("plain", copies=4), frozenset(range(6, 13))
    fair = live(tmp_path / "fair", sources, 30, blackouts=dark, skewed=False)
    monkeypatch.setattr("slipway.stages.fetch._is_silence", lambda outcome: False)
    unfair = live(tmp_path / "unfair", sources, 30, blackouts=dark, skewed=False)
    assert min(fair.asked.values()) == 30
    assert max(unfair.asked.values()) < 28


def test_control_what_is_missing_or_there_twice_is_found(tmp_path):
    web = Web(sources := few("plain", copies=2), seed=SEED, nights=3)
    with web, App(configuration(tmp_path, web, sources), HandSetClock(), Silent()) as app, Parser() as parser:
        asks = partial(fetch_all, parser=parser, sleep=lambda _: None, resolver=lambda host, port: ["127.0.0.1"])
        fetch(app, asks=asks)
    database = tmp_path / ".slipway" / "slipway.db"
    with sqlite3.connect(database) as db:
        (first, second), (other,) = (
            [row[0] for row in db.execute("SELECT id FROM sightings WHERE source = ? ORDER BY id LIMIT ?", given)]
            for given in ((sources[0].key, 2), (sources[1].key, 1))
        )
        db.execute("UPDATE sightings SET url = (SELECT url FROM sightings WHERE id = ?) WHERE id = ?", (first, second))
        db.execute("UPDATE sightings SET url = replace(url, '/posts/', '/posts/9') WHERE id = ?", (other,))
    year = Year()
    compare(year, web, database)
    assert (len(year.doubled), len(year.lost), len(year.invented)) == (1, 2, 1)


@pytest.fixture(autouse=True)
def _watch(request: pytest.FixtureRequest) -> Iterator[None]:
    started = time.perf_counter()
    yield
    print(f"{request.node.name}: {time.perf_counter() - started:.1f} s")


def test_a_clock_is_what_the_app_asks_for():
    clock: Clock = HandSetClock()
    assert clock.now() == FIRST_NIGHT
