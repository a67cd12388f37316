"""The ledger."""

from __future__ import annotations

from slipway.store.records import RunRecord, StageRecord
from tests.slipway.boxes import DAY, LATER, NEXT_DAY, NOW

FETCH = StageRecord("fetch", "ok", 1.25, {"new": 12, "failed": 1})
PROMOTE = StageRecord("promote", "failed", 0.5, {}, "the vault is gone")


def test_a_run_from_begin_to_end(store):
    run = store.begin_run(DAY, NOW)
    assert store.runs(1) == (RunRecord(run, DAY, NOW, None, "running", None),)
    store.end_stage(run, FETCH)
    store.end_stage(run, PROMOTE)
    store.end_run(run, "failed", 1, ["lab: timed out", "技能"], LATER)
    assert store.runs(5) == (
        RunRecord(run, DAY, NOW, LATER, "failed", 1, ("lab: timed out", "技能"), (FETCH, PROMOTE)),
    )


def test_newest_first_and_no_more_than_asked(store):
    for n in range(4):
        run = store.begin_run(DAY, NOW)
        store.end_stage(run, StageRecord("fetch", "ok", float(n)))
    assert [run.id for run in store.runs(3)] == [4, 3, 2]
    assert [run.stages[0].seconds for run in store.runs(3)] == [3.0, 2.0, 1.0]
    assert store.runs(0) == ()


def test_a_run_that_nobody_ended_was_killed(store):
    dead, done = store.begin_run(DAY, NOW), store.begin_run(DAY, NOW)
    store.end_stage(dead, FETCH)
    store.end_run(done, "ok", 0, (), NOW)
    assert store.close_dangling_runs(LATER) == 1
    assert store.close_dangling_runs(LATER) == 0
    ended, killed = store.runs(2)
    assert ended.status == "ok"
    assert killed == RunRecord(dead, DAY, NOW, LATER, "killed", None, (), (FETCH,))
    assert store.begin_run(NEXT_DAY, LATER) == 3
