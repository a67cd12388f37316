"""A month of arXiv: with two missed nights, a holiday and weekends, each paper is one item with its whole version log."""

from __future__ import annotations

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, timedelta
from itertools import pairwise

import pytest

from ingest.arxiv import rss as arxiv_rss
from ingest.fetch import fetch_all
from ingest.web.limiter import ARXIV_PAUSE_S
from notes.clock import FixedClock
from notes.model import ItemStatus
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.library import is_note
from slipway.stages.briefing import Briefing
from slipway.stages.fetch import fetch
from slipway.stages.judge import promote_by_hand
from slipway.stages.papers import note_sheets
from slipway.stages.promote import gather
from slipway.stages.search_index import _file_document as document_of
from slipway.stages.sync import sync
from tests.slipway.arxiv_world import FIRST, LAST, World, feed_days
from tests.slipway.houses import ROOT, House

AWAY, DOWN, BUSY = date(2026, 3, 4), date(2026, 3, 12), date(2026, 3, 10)
CAP = 40  # of the feed, in place of 2,000
SOURCE = """
[fetch]
retries = 0
[[sources]]
key = "arxiv"
kind = "arxiv"
categories = ["cs.CL", "cs.LG"]
url = "{url}"
allow = ["loopback"]
"""


def unhurried(specs, states, *, limits, **more):
    """The fetch itself, without the pauses between requests: three seconds each would be the month over again."""
    return fetch_all(specs, states, limits=replace(limits, arxiv_pause_s=0.0), **more)


class Month:
    """The house, night by night."""

    def __init__(self, house: House, world: World, url: str) -> None:
        self.house, self.world, self.url = house, world, url
        self.told: dict[date, tuple[str, ...]] = {}
        self.counts: dict[date, dict[str, int]] = {}
        self.mine = ""

    def app(self, day: date) -> App:
        config = load_config(self.house.root / "slipway.toml")
        return App(config, FixedClock(day, config.zone), Console(quiet=True))

    def night(self, day: date) -> None:
        self.world.today, self.world.down = day, day == DOWN
        with self.app(day) as app:
            done = fetch(app, at_once=True, asks=unhurried)
        self.told[day], self.counts[day] = done.warnings, done.counts


@pytest.fixture(scope="module")
def month(tmp_path_factory):
    seed = int(os.environ.get("SLIPWAY_MONTH_SEED", "0"))
    world = World(seed, busy=BUSY, missed=(AWAY, DOWN), cap=CAP)
    with pytest.MonkeyPatch.context() as patch, world.serve() as server:
        patch.setattr(arxiv_rss, "RSS_CAP", CAP)
        url = server.url("")
        house = House.build(tmp_path_factory.mktemp("month"), sources=SOURCE.format(url=url))
        month = Month(house, world, url)
        for n in range((LAST - FIRST).days + 1):
            day = FIRST + timedelta(days=n)
            if day != AWAY:
                month.night(day)
            if day == date(2026, 3, 2):
                promote_some(month, day)
        with month.app(LAST) as app:
            lay_notes(app)
        yield month


def lay_notes(app: App) -> None:
    """The part of the promote stage that writes: what is to be promoted was chosen by hand."""
    reading = sync(app)
    reading.desk.lay(note_sheets(app, gather(app, reading)))


def promote_some(month: Month, day: date) -> None:
    """Notes of papers that will be replaced or withdrawn later, of an old one, and of one that the user then edits."""
    papers = month.world.expected()
    with month.app(day) as app:
        later = [slip for slip in app.store.slips() if papers[slip.item.arxiv_id].versions[-1].day > day]
        later.sort(key=lambda slip: not papers[slip.item.arxiv_id].is_withdrawn)
        old = [slip for slip in app.store.slips() if "/" in slip.item.arxiv_id]
        promote_by_hand(app, [slip.id for slip in (*later[:12], *old)])
        lay_notes(app)
    edited = month.house.notes()[0]
    month.mine = edited.read_text(encoding="utf-8") + "\nmine\n"
    edited.write_text(month.mine, encoding="utf-8")


@pytest.fixture(scope="module")
def slips(month):
    with month.app(LAST) as app:
        yield app.store.slips()


def test_the_month_is_hard_enough(month):
    papers = month.world.expected().values()
    kinds = [kind for paper in month.world.papers.values() for kind in paper.told.values()]
    assert {kind: kinds.count(kind) > 5 for kind in ("new", "cross", "replace", "replace-cross")} == dict.fromkeys(
        ("new", "cross", "replace", "replace-cross"), True
    )
    assert sum(paper.is_withdrawn for paper in papers) > 5
    assert max(len(paper.versions) for paper in papers) >= 3
    assert all(any(day in paper.told for paper in papers) for day in (AWAY, DOWN))
    assert sum(BUSY in paper.told for paper in month.world.papers.values()) > CAP
    assert len(feed_days()) == 21


def test_exactly_one_item_for_each_paper(month, slips):
    assert sorted(slip.item.arxiv_id for slip in slips) == sorted(month.world.expected())


def test_each_has_its_whole_version_log(month, slips):
    papers = month.world.expected()
    told = {
        slip.item.arxiv_id: [
            (one.version, one.date.astimezone(UTC) if one.date else None) for one in slip.item.versions
        ]
        for slip in slips
    }
    assert told == {name: paper.log for name, paper in papers.items()}


def test_each_is_its_latest_version(month, slips):
    papers = month.world.expected()
    assert {slip.item.arxiv_id: slip.item.arxiv_version for slip in slips} == {
        name: len(paper.versions) for name, paper in papers.items()
    }
    assert {
        slip.item.arxiv_id: slip.item.comment for slip in slips if papers[slip.item.arxiv_id].versions[-1].comment
    } == {name: paper.versions[-1].comment for name, paper in papers.items() if paper.versions[-1].comment}


def test_cross_lists_are_merged_under_arxivs_own_names(month, slips):
    papers = month.world.expected()
    for slip in slips:
        wanted = ["cs.IT" if name == "math.IT" else name for name in papers[slip.item.arxiv_id].categories]
        assert list(slip.item.categories) == list(dict.fromkeys(wanted))


def test_dates_are_those_of_the_first_submission(month, slips):
    papers = month.world.expected()
    assert {slip.item.arxiv_id: slip.item.published for slip in slips} == {
        name: paper.versions[0].submitted for name, paper in papers.items()
    }


def test_one_note_for_each_promoted_paper_and_it_shows_the_log(month, slips):
    papers = month.world.expected()
    noted = {slip.note_id: slip for slip in slips if slip.status is ItemStatus.PROMOTED}
    files = {path.stem: path.read_text(encoding="utf-8") for path in month.house.notes()}
    assert sorted(noted) == sorted(files)
    for name, slip in noted.items():
        text, paper = files[name], papers[slip.item.arxiv_id]
        if text.endswith("\nmine\n"):
            assert text == month.mine
            continue
        assert ("## Versions" in text) == (len(paper.versions) > 1)
        for number, submitted in paper.log if len(paper.versions) > 1 else ():
            assert f"- v{number} {submitted:%Y-%m-%d}" in text
        assert ("> **Withdrawn in v" in text) == paper.is_withdrawn
        assert ("withdrawn" in text.split("---\n")[1].split("tags:")[1].splitlines()[0]) == paper.is_withdrawn
    assert any("> **Withdrawn in v" in text for text in files.values())
    assert any(
        "arxiv_id: 'quant-ph/0201082'" in text or "arxiv_id: quant-ph/0201082" in text for text in files.values()
    )


def test_the_log_is_not_searched_and_withdrawn_papers_are_not_told(month):
    with month.app(LAST) as app:
        files = {note.id: note for note in app.vault.notes() if is_note(note)}
        told = Briefing(app, sync(app)).created
    assert {name for name, note in files.items() if "withdrawn" in note.tags} == files.keys() - told.keys() != set()
    logged = [note for note in files.values() if "## Versions" in note.body]
    assert logged
    for note in logged:
        assert "Versions" not in [heading for heading, _ in document_of(note, "", UTC, untouched=True).sections]


def test_no_night_but_the_one_that_was_down_failed(month):
    assert [day for day, counts in month.counts.items() if counts.get("failed")] == [DOWN]
    quiet = [day for day in month.told if day.weekday() >= 5]
    assert [month.told[day] for day in quiet] == [()] * len(quiet)


def test_what_was_missed_and_cut_is_told(month):
    def told(day: date) -> str:
        return " ".join(month.told[day])

    assert f"announcements since {AWAY} were missed" in told(AWAY + timedelta(days=1))
    assert f"announcements since {DOWN} were missed" in told(DOWN + timedelta(days=1))
    assert "the feed is full with 40 entries" in told(BUSY)


def test_the_same_night_again_asks_once_and_brings_nothing(month):
    before = len(month.world.spans)
    month.night(LAST)
    assert (month.counts[LAST].get("new", 0), month.counts[LAST]["unchanged"]) == (0, 1)
    assert [path for _, _, path in month.world.spans[before:]] == ["/rss/cs.CL+cs.LG"]


def test_without_recovery_the_missed_nights_would_be_lost(tmp_path, monkeypatch):
    """The positive control: two nights, of which the one between is missed."""
    from ingest.arxiv import night as arxiv

    monkeypatch.setattr(arxiv, "first_missed", lambda *_: None)
    world = World(busy=BUSY, missed=(AWAY,))
    with world.serve() as server:
        month = Month(House.build(tmp_path / "house", sources=SOURCE.format(url=server.url(""))), world, server.url(""))
        for day in (AWAY - timedelta(days=1), AWAY + timedelta(days=1)):
            month.night(day)
        with month.app(LAST) as app:
            stored = {slip.item.arxiv_id for slip in app.store.slips()}
    only_then = {name for name, paper in world.expected().items() if list(paper.told) == [AWAY]}
    assert only_then and not only_then & stored


# ---- two processes


ASKER = """
import sys
from datetime import UTC, datetime
from ingest.web.client import Limits
from ingest.fetch import fetch_all
from ingest.sources import FetchState, SourceSpec
url, what = sys.argv[1:]
more = {"categories": ("cs.CL", "cs.LG")} if what == "rss" else {"query": "cat:cs.CL", "max_results": 90}
spec = SourceSpec(key=what, kind="arxiv", url=url, allow=("loopback",), page_size=15, **more)
# After missed nights, so that all three services are asked.
state = FetchState(last_ok=datetime(2026, 2, 27, 12, tzinfo=UTC))
print("ready", flush=True)
sys.stdin.readline()
(outcome,) = fetch_all([spec], {what: state}, limits=Limits(retries=0, arxiv_pause_s=0.3), now=datetime(2026, 3, 3, 23, tzinfo=UTC))
assert outcome.fetched is not None, outcome.error
assert len(outcome.fetched.warnings) == (what == "rss"), outcome.fetched.warnings
print(len(outcome.fetched.items))
"""


def ask_from_two_processes(tmp_path, folders: tuple[str, str]) -> list[tuple[float, float, str]]:
    """What the server's log says: start and end of each request, in their order."""
    world = World(busy=BUSY)
    world.today, world.empty_pages = date(2026, 3, 3), 0
    with world.serve() as server:
        asked = [
            subprocess.Popen(
                [sys.executable, "-c", ASKER, server.url(""), what],
                env=os.environ | {"PYTHONPATH": str(ROOT), "XDG_CACHE_HOME": str(tmp_path / folder)},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for what, folder in zip(("rss", "api"), folders, strict=True)
        ]
        # They begin together, however long each took to start.
        assert [process.stdout.readline() for process in asked] == ["ready\n", "ready\n"]
        for process in asked:
            process.stdin.write("go\n")
            process.stdin.flush()
        assert [int(process.communicate(timeout=300)[0]) > 10 for process in asked] == [True, True]
        assert [process.returncode for process in asked] == [0, 0]
    return sorted(world.spans)


def breaches(spans: list[tuple[float, float, str]], pause: float) -> list[float]:
    """The gaps from the start of a request to the start of the next that are too short, or while it was answered."""
    return [
        later[0] - sooner[0]
        for sooner, later in pairwise(spans)
        if later[0] - sooner[0] < pause or later[0] < sooner[1]
    ]


def test_two_processes_take_turns(tmp_path):
    assert ARXIV_PAUSE_S == 3.0
    spans = ask_from_two_processes(tmp_path, ("shared", "shared"))
    assert len(spans) >= 8
    assert {path for _, _, path in spans} == {"/rss/cs.CL+cs.LG", "/api/query", "/oai"}
    assert breaches(spans, 0.3) == []


def test_two_processes_that_do_not_know_of_one_another_would_not(tmp_path):
    assert breaches(ask_from_two_processes(tmp_path, ("one", "other")), 0.3) != []
