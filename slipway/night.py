"""The night: every stage in order, under the lock, with a row in the ledger whatever happens.

::

    lock                      another run holds it: exit 4
    fetch                     each source's trouble is a warning
    promote                   sync, judge, arrange, lay notes and pages
    write                     post and synthesis
    index                     search cache
    publish                   site
    ledger                    counts, seconds, warnings, exit code

A stage that fails in a foreseen way ends the night and is named in the ledger; a bug does the same and is raised.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from notes.clock import HeldDay, is_made_up
from notes.errors import LockedError, SlipwayError
from slipway.app import App, StageResult
from slipway.store.address import sqlite_path
from slipway.store.records import RunRecord, StageRecord

__all__ = ["STAGES", "run_lock", "run_night"]

STAGES = ("fetch", "promote", "write", "index", "publish")

OK, NOTHING_WORKED, STRICT = 0, 1, 3
_CLOCKS_DIFFER = timedelta(hours=1)  # of machines that share a database, or of one that was set


@contextmanager
def run_lock(app: App) -> Iterator[None]:
    """Hold the lock that every command which changes something takes; raises LockedError at once when it is held.

    The operating system lets go of it when its holder dies, so a killed run never blocks the next. The day stands still
    meanwhile: were it to change between two stages, the notes of the one would be in no post of the other.
    """
    from filelock import FileLock, Timeout

    app.config.state.mkdir(parents=True, exist_ok=True)
    lock = FileLock(app.config.lock, timeout=0)
    try:
        lock.acquire()
    except Timeout:
        raise LockedError(
            f"another run holds the lock {app.config.lock}", hint="wait for it to end; `slipway runs` shows it"
        ) from None
    clock = app.clock
    app.clock = HeldDay(clock, clock.today())
    try:
        with _turn(app):
            yield
    finally:
        app.clock = clock
        lock.release()


@contextmanager
def _turn(app: App) -> Iterator[None]:
    """Nobody else's run over the same server's database, from another machine or another folder."""
    if sqlite_path(app.config.database) is not None:
        yield
        return
    with app.store.turn() as is_mine:
        if not is_mine:
            raise LockedError(
                "another run is at work on this database, from another machine or folder",
                hint="wait for it to end; `slipway runs` shows it",
            )
        yield


def run_night(
    app: App,
    stages: Sequence[str] = STAGES,
    *,
    offline: bool = False,
    strict: bool = False,
    at_once: bool = False,
) -> RunRecord:
    """Run the stages under the lock and return the ledger's row; ``at_once`` asks sources that are not due, too.

    Exit code: 0 fine, 1 nothing worked or a stage failed, 3 under ``strict`` when anything was warned of.
    """
    with run_lock(app):
        app.store.close_dangling_runs(app.clock.now())
        if doubts := _doubts_of_the_clock(app):
            app.store.recall(app.clock.now() - timedelta(days=app.config.promote.expire_days))
        night = _Night(app, app.store.begin_run(app.clock.today(), app.clock.now()), offline, at_once)
        night.warn(doubts)
        error: BaseException | None = None
        try:
            for name in stages:
                night.stage(name)
        except BaseException as raised:
            error = raised
            raise
        finally:
            night.close(strict=strict, error=error)
    return app.store.runs(1)[0]


def _doubts_of_the_clock(app: App) -> tuple[str, ...]:
    """What to say where the last run began at a time that has not come: one of the two had a clock that was wrong."""
    last = next(iter(app.store.runs(1)), None)
    if last is None or is_made_up(app.clock) or last.started <= app.clock.now() + _CLOCKS_DIFFER:
        return ()
    told = f"{last.started.astimezone(app.config.zone):%Y-%m-%d %H:%M}"
    return (
        f"the last run began on {told}, which has not come by this machine's clock: see whether the clock is right",
    )


def _status_of(error: BaseException | None) -> str:
    if isinstance(error, KeyboardInterrupt):
        return "killed"
    foreseen = error is None or isinstance(error, SlipwayError | OSError)
    return "failed" if foreseen else "crashed"


def _work(name: str, *, offline: bool, at_once: bool) -> Callable[[App], StageResult]:
    """The function of a stage; imported only when its turn comes, since most are heavy."""
    if name == "fetch":
        from slipway.stages.fetch import fetch

        return lambda app: fetch(app, offline=offline, at_once=at_once)
    if name == "promote":
        from slipway.stages.promote import promote

        return promote
    if name == "write":
        from slipway.stages.write import write

        return lambda app: write(app, offline=offline)
    if name == "index":
        from slipway.stages.search_index import index

        return index
    from slipway.stages.site import publish

    return publish


@dataclass
class _Night:
    """A run under way: its row in the ledger, its warnings and its failures."""

    app: App
    run_id: int
    offline: bool
    at_once: bool

    def __post_init__(self) -> None:
        self.warnings: list[str] = []
        self.sources = self.failed_sources = 0

    def stage(self, name: str) -> None:
        """Run one stage and record it, also when it fails."""
        started = time.perf_counter()
        try:
            result = _work(name, offline=self.offline, at_once=self.at_once)(self.app)
        except BaseException as error:
            self._record(name, "failed", started, StageResult(), str(error) or type(error).__name__)
            raise
        self._record(name, "ok", started, result, "")
        self.warn(result.warnings)
        self.sources += result.sources
        self.failed_sources += result.failed_sources

    def warn(self, warnings: Sequence[str]) -> None:
        """Tell and keep the warnings; several stages read the whole vault: what is wrong with a file is said once."""
        fresh = [warning for warning in dict.fromkeys(warnings) if warning not in self.warnings]
        self.warnings.extend(fresh)
        for warning in fresh:
            self.app.reporter.warn(warning)

    def close(self, *, strict: bool, error: BaseException | None) -> None:
        """End the row."""
        code = NOTHING_WORKED if error is not None or self._nothing_worked() else OK
        if code == OK and strict and self.warnings:
            code = STRICT
        status = "ok" if code in (OK, STRICT) else _status_of(error)
        warnings = tuple(self.warnings if error is None else [*self.warnings, f"{type(error).__name__}: {error}"])
        self.app.store.end_run(self.run_id, status, code, warnings, self.app.clock.now())

    def _nothing_worked(self) -> bool:
        return self.sources > 0 and self.failed_sources == self.sources

    def _record(self, name: str, status: str, started: float, result: StageResult, error: str) -> None:
        seconds = round(time.perf_counter() - started, 3)
        self.app.store.end_stage(self.run_id, StageRecord(name, status, seconds, dict(result.counts), error))
