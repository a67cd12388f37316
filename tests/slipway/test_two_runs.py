"""Two runs over one database of a server, as two machines would make them: one at a time, whatever becomes of the other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time

import pytest
from sqlalchemy import create_engine, text

from notes.errors import LockedError
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.night import run_lock, run_night
from slipway.store.store import Store
from tests.slipway.houses import ROOT, House
from tests.slipway.test_clocks import WallClock

NIGHT = WallClock.at("2026-02-20")
# Runs over a file meet at the lock beside it.
pytestmark = pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)


@pytest.fixture
def houses(tmp_path, database_url) -> tuple[House, House]:
    """Two folders, each with a lock of its own, over one database."""
    here, there = (House.build(tmp_path / name, database=database_url) for name in ("here", "there"))
    return here, there


def opened(house: House) -> App:
    return App(load_config(house.root / "slipway.toml"), NIGHT, Console(quiet=True))


def test_the_second_is_told_and_marks_nothing_as_killed(houses):
    here, there = houses
    with opened(here) as first, run_lock(first):
        first.store.begin_run(NIGHT.today(), NIGHT.now())
        with opened(there) as second, pytest.raises(LockedError, match="another machine or folder"):
            run_night(second, ("fetch",))
        assert [run.status for run in first.store.runs(9)] == ["running"]
    with opened(there) as second:
        assert run_night(second, ("fetch",)).status == "ok"


def test_houses_in_other_schemas_do_not_wait_for_each_other(houses, tmp_path):
    here, _ = houses
    url = load_config(here.root / "slipway.toml").database
    schema = f"slipway_other_{os.getpid()}"
    other = House.build(tmp_path / "other", database=url.rpartition("%3D")[0] + "%3D" + schema)
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text(f"CREATE SCHEMA {schema}"))
    try:
        with opened(here) as first, run_lock(first), opened(other) as second, run_lock(second):
            assert second.store.runs(1) == ()
    finally:
        with engine.begin() as connection:
            connection.execute(text(f"DROP SCHEMA {schema} CASCADE"))
        engine.dispose()


SCRIPT = """
import sys, time
from slipway.store.store import Store

with Store.open(sys.argv[1]) as store, store.turn() as is_mine:
    print(is_mine, flush=True)
    time.sleep(300)
"""


def test_a_run_that_is_killed_holds_up_nobody(houses):
    url = load_config(houses[0].root / "slipway.toml").database
    Store.open(url).close()
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    held = subprocess.Popen([sys.executable, "-c", SCRIPT, url], env=environment, stdout=subprocess.PIPE, text=True)
    with held, Store.open(url) as store:
        assert held.stdout.readline() == "True\n"
        with store.turn() as is_mine:
            assert not is_mine
        held.send_signal(signal.SIGKILL)
        held.wait()
        for _ in range(6_000):  # until the server has seen that the other end is gone
            with store.turn() as is_mine:
                if is_mine:
                    break
            time.sleep(0.01)
        assert is_mine


def test_a_run_that_loses_its_connection_goes_on(houses):
    here, there = houses
    with opened(here) as first:
        with run_lock(first):
            engine = create_engine(load_config(there.root / "slipway.toml").database)
            with engine.begin() as connection:
                mine = "locktype = 'advisory' AND objid::bigint = (hashtext(current_schema())::bigint & 4294967295)"
                assert (
                    connection.scalar(text(f"SELECT count(pg_terminate_backend(pid)) FROM pg_locks WHERE {mine}")) == 1
                )
            engine.dispose()
            first.store.begin_run(NIGHT.today(), NIGHT.now())
        assert [run.status for run in first.store.runs(9)] == ["running"]
