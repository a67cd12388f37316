"""``slipway backfill``: past weeks of an arXiv source, stored as they come."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from notes.errors import FetchError
from slipway.cli.group import slipway
from slipway.stages import backfill
from tests.slipway.arxiv_world import LAST, World
from tests.slipway.houses import House
from tests.slipway.test_arxiv_month import BUSY, SOURCE, Month

WORLD_DAY = date(2026, 3, 6)


@pytest.fixture
def month(tmp_path, monkeypatch):
    """A house that has fetched nothing yet, and an arXiv three weeks old."""
    limits_of = backfill.limits_of
    monkeypatch.setattr(backfill, "limits_of", lambda settings: replace(limits_of(settings), arxiv_pause_s=0.0))
    world = World(1, busy=BUSY)
    world.today = WORLD_DAY
    with world.serve() as server:
        url = server.url("")
        yield Month(House.build(tmp_path / "house", sources=SOURCE.format(url=url)), world, url)


def call(month: Month, *args: str, code: int = 0):
    """The command, in this process, so that its pauses can be left out."""
    config = str(month.house.root / "slipway.toml")
    done = CliRunner().invoke(slipway, ["--config", config, "backfill", "arxiv", *args])
    if code == 0:
        assert done.exception is None, done.exception
    return done


def stored(month: Month):
    with month.app(LAST) as app:
        return {slip.item.arxiv_id: slip.item for slip in app.store.slips()}


def known(month: Month):
    """What our feeds had announced as new or by a cross-list by then."""
    return {
        name: paper
        for name, paper in month.world.expected().items()
        if any(kind in ("new", "cross") and day <= WORLD_DAY for day, kind in paper.told.items())
        and "/" not in name  # of 2002, and cross-listed now: to a harvest one more old paper with a change
    }


def test_three_weeks_with_their_version_logs(month):
    counts = json.loads(call(month, "--since", "2026-02-13", "--json").output)["counts"]
    papers, items = known(month), stored(month)
    assert sorted(items) == sorted(papers)
    assert counts["new"] == len(papers)
    for name, item in items.items():
        log = [(number, day) for number, day in papers[name].log if number <= papers[name].number_at(WORLD_DAY)]
        assert [(one.version, one.date) for one in item.versions] == log
    assert month.world.forgets_tokens == 0


def test_again_it_brings_nothing_new(month):
    call(month, "--since", "2026-02-13")
    before = stored(month)
    counts = json.loads(call(month, "--since", "2026-02-13", "--json").output)["counts"]
    assert counts["new"] == counts["updated"] == 0
    assert stored(month) == before


def test_the_source_itself_stays_as_it_was(month):
    call(month, "--since", "2026-02-13")
    with month.app(LAST) as app:
        assert app.store.source_records() == {}


def test_what_came_before_the_trouble_is_stored(month, monkeypatch):
    answer, pages = month.world._oai_reply, []

    def breaks(content: str):
        pages.append(content)
        return answer(content if len(pages) < 4 else '<error code="badArgument">no more today</error>')

    monkeypatch.setattr(month.world, "_oai_reply", breaks)
    done = call(month, "--since", "2026-02-13", code=1)
    assert isinstance(done.exception, FetchError)
    assert "no more today" in done.exception.message
    assert "`slipway backfill arxiv --since 2026-02-13` goes on" in done.exception.hint
    assert len(stored(month)) > 20


def test_a_night_that_runs_is_waited_for(month, monkeypatch):
    from slipway.night import run_lock

    waited: list[float] = []
    with month.app(LAST) as app:
        holder = run_lock(app)
        holder.__enter__()

        def sleep(seconds: float) -> None:
            waited.append(seconds)
            if len(waited) == 3:
                holder.__exit__(None, None, None)

        monkeypatch.setattr(backfill, "time", SimpleNamespace(sleep=sleep))
        backfill.backfill_source(app, app.config.sources[0], date(2026, 2, 13), None)
    assert len(waited) == 3


@pytest.mark.parametrize(
    ("args", "told"),
    [
        (("nobody", "--since", "2026-02-01"), "no source has the key 'nobody'"),
        (("lab", "--since", "2026-02-01"), "only sources of kind 'arxiv' can be filled back"),
        (("lab", "--since", "2026-02-01", "--until", "2026-01-01"), "is before --since"),
        (("lab",), "Missing option '--since'"),
        (("lab", "--since", "soon"), "is no date"),
    ],
)
def test_what_cannot_be_is_said(args, told, tmp_path):
    house = House.build(tmp_path / "house")
    done = house.run("backfill", *args, code=2)
    assert told in done.stderr
