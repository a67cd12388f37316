"""The store's ledger: runs and their stages."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime

from sqlalchemy import func, insert, select, update

from slipway.store.database import Database
from slipway.store.records import RunRecord, StageRecord
from slipway.store.tables import RunRow, RunStageRow

__all__ = ["RunStore"]

_RUNNING, _KILLED = "running", "killed"
_RUN_LOCK = 5_019_723  # any number, as long as every Slipway takes the same


class RunStore(Database):
    """The run ledger."""

    @contextmanager
    def turn(self) -> Iterator[bool]:
        """Hold the one turn that runs take at a server's database, wherever they run; False where another holds it.

        Runs over a file of SQLite meet at the lock beside it. A transaction that stays open holds the turn, since a pooler of
        connections lends nothing longer; the server ends it with the connection, so a run that was killed holds up nobody. Should
        the connection be lost meanwhile, this run goes on without its turn.
        """
        if not self._is_server:
            yield True
            return
        mine = func.pg_try_advisory_xact_lock(_RUN_LOCK, func.hashtext(func.current_schema()))
        with self._foreseen():
            connection = self._engine.connect()
            is_mine = bool(connection.scalar(select(mine)))
        try:
            yield is_mine
        finally:
            # Not given back to the pool, which would first ask a connection that may be dead by now.
            connection.invalidate()
            connection.close()

    def begin_run(self, day: date, started: datetime) -> int:
        """Open a row in the ledger; returns the run's id."""
        row = {"date": day, "started": started, "status": _RUNNING, "warnings": ()}
        with self._writing() as connection:
            key = connection.execute(insert(RunRow).values(row)).inserted_primary_key
        assert key is not None
        return int(key[0])

    def end_stage(self, run_id: int, stage: StageRecord) -> None:
        """Add a stage that has ended to its run."""
        with self._writing() as connection:
            told = select(func.count()).select_from(RunStageRow).where(RunStageRow.run_id == run_id)
            place = {"run_id": run_id, "position": connection.scalar(told)}
            names = ("name", "status", "seconds", "counts", "error")
            connection.execute(insert(RunStageRow).values(place | {name: getattr(stage, name) for name in names}))

    def end_run(self, run_id: int, status: str, exit_code: int, warnings: Sequence[str], finished: datetime) -> None:
        """Close a run's row."""
        row = {"status": status, "exit_code": exit_code, "warnings": tuple(warnings), "finished": finished}
        with self._writing() as connection:
            connection.execute(update(RunRow).where(RunRow.id == run_id).values(row))

    def close_dangling_runs(self, now: datetime) -> int:
        """Mark runs that nobody ended as killed, found dead at ``now``; returns how many. Only under the run lock."""
        killed = {"status": _KILLED, "finished": now}
        with self._writing() as connection:
            return connection.execute(update(RunRow).where(RunRow.status == _RUNNING).values(killed)).rowcount

    def runs(self, limit: int) -> tuple[RunRecord, ...]:
        """The last ``limit`` runs, newest first, each with its stages in order."""
        with self._reading() as connection:
            rows = connection.execute(select(RunRow).order_by(RunRow.id.desc()).limit(limit)).all()
            stages: defaultdict[int, list[StageRecord]] = defaultdict(list)
            theirs = select(RunStageRow).where(RunStageRow.run_id.in_([row.id for row in rows]))
            for row in connection.execute(theirs.order_by(RunStageRow.run_id, RunStageRow.position)):
                stages[row.run_id].append(StageRecord(row.name, row.status, row.seconds, row.counts, row.error))
        return tuple(RunRecord(stages=tuple(stages[row.id]), **row._mapping) for row in rows)  # noqa: SLF001 - its public name
