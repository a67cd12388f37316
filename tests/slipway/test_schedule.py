"""The schedule: the ledger decides whether the night is due, and the daemon really runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.schedule import crontab, is_due, systemd
from tests.slipway.houses import ROOT, House

ZONE = ZoneInfo("Asia/Hong_Kong")


class At:
    """A clock that stands at a local time."""

    def __init__(self, day: str, hour: int) -> None:
        self._moment = datetime.fromisoformat(f"{day}T{hour:02}:30:00").replace(tzinfo=ZONE)

    def now(self) -> datetime:
        return self._moment.astimezone(UTC)

    def today(self) -> date:
        return self._moment.date()


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> House:
    house = House.build(tmp_path_factory.mktemp("house"))
    house.night("2026-02-20")
    house.run("index", "--date", "2026-02-22")
    return house


@pytest.mark.parametrize(
    ("day", "hour", "due"),
    [
        pytest.param("2026-02-20", 4, False, id="done already"),
        pytest.param("2026-02-21", 2, False, id="its hour has not come"),
        pytest.param("2026-02-21", 3, True, id="its hour has come"),
        pytest.param("2026-02-21", 22, True, id="slept through: made up for"),
        pytest.param("2026-02-22", 4, True, id="a single stage is no night"),
    ],
)
def test_when_a_night_is_due(house, day, hour, due):
    config = load_config(house.root / "slipway.toml")
    with App(config, At(day, hour), Console(quiet=True)) as app:
        assert is_due(app) is due


def test_lines_for_cron_and_systemd_survive_odd_folders(tmp_path):
    house = House.build(tmp_path / "100% 我的 notes")
    config = load_config(house.root / "slipway.toml")
    line = crontab(config).splitlines()[1]
    assert line.startswith("0 3 * * * ")
    assert r"100\% 我的 notes/slipway.toml' run >>" in line
    assert '100%% 我的 notes/slipway.toml" run' in systemd(config)


def told_until(said: Iterable[str], words: str) -> Iterator[str]:
    """The lines up to the one that holds these words."""
    for line in said:
        yield line
        if words in line:
            return


@pytest.mark.parametrize("sent", [signal.SIGINT, signal.SIGTERM], ids=lambda sent: sent.name)
def test_serve_runs_the_night_and_ends_on_a_signal(tmp_path, sent):
    house = House.build(tmp_path / "house")
    daemon = subprocess.Popen(
        [sys.executable, "-m", "slipway", "--date", "2026-02-20", "serve"],
        cwd=house.root,
        stderr=subprocess.PIPE,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )
    try:
        assert daemon.stderr is not None
        lines = list(told_until(daemon.stderr, "exit code"))
        daemon.send_signal(sent)
        daemon.wait(timeout=300)
        said = "".join([*lines, *daemon.stderr])
    finally:
        daemon.kill()
        daemon.communicate()
    assert "the night begins at 03:00 Asia/Hong_Kong" in said
    assert "exit code 0" in said
    assert "Traceback" not in said
    assert [stage["name"] for stage in house.json("runs")["runs"][0]["stages"]] == [
        "fetch",
        "promote",
        "write",
        "index",
        "publish",
    ]
