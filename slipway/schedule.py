"""The night on a schedule: a daemon of its own, which answers searches as well, or lines for cron and systemd.

The trigger only asks; the ledger, keyed by the local date, says whether the night has been done. So a laptop that slept
through 03:00 catches up when it wakes, and the hour that daylight saving repeats or skips does no harm.
"""

from __future__ import annotations

import logging
import os
import shlex
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import time
from functools import partial
from pathlib import Path

import click

from notes.errors import SlipwayError
from slipway.app import App
from slipway.config import Config
from slipway.warm.service import answered

__all__ = ["crontab", "is_due", "serve", "systemd"]

Say = Callable[[str], None]

WATCH_MINUTES = 10


def is_due(app: App) -> bool:
    """Whether the night of today's local date is still to be done and its hour has come."""
    local = app.clock.now().astimezone(app.config.zone)
    if local.time() < time.fromisoformat(app.config.night):
        return False
    done = [run for run in app.store.runs(50) if run.status == "ok" and run.date == app.clock.today()]
    return not any({stage.name for stage in run.stages} >= {"fetch", "publish"} for run in done)


def serve(app: App, *, nights: bool = True) -> None:
    """Answer searches, look every few minutes whether the night is due, run it in a process of its own; ends on a signal.

    A process of its own, because a night loads a model of hundreds of megabytes that the daemon need not keep.
    Without ``nights`` only searches are answered; raises SlipwayError when that cannot be done either.
    """
    say = partial(click.echo, file=sys.stderr)  # as it is now: a client's stands in its place for the time of a search
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING)
    stopping = threading.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        # No exception, which whatever runs at this moment could swallow, and no lock that this thread may hold.
        signal.signal(name, lambda _signal, _frame: threading.Thread(target=stopping.set).start())
    # What the answering changes in this process's environment is none of the night's business.
    environment = dict(os.environ)
    with ExitStack() as answering:
        try:
            answering.enter_context(answered(app.config.path, say))
        except SlipwayError as error:
            if not nights:
                raise
            say(f"searches are not answered from here: {error.message}")
        if nights:
            _nights(app, environment, stopping, say)
        else:
            stopping.wait()


def _nights(app: App, environment: Mapping[str, str], stopping: threading.Event, say: Say) -> None:
    from apscheduler.schedulers.background import BackgroundScheduler

    say(f"serving {app.config.path}; the night begins at {app.config.night} {app.config.zone.key}")
    _night(app, environment, say)
    scheduler = BackgroundScheduler(timezone=app.config.zone)
    # Without a grace of its own, APScheduler drops a job that is a second late: any laptop that slept.
    scheduler.add_job(
        lambda: _night(app, environment, say),
        "interval",
        minutes=WATCH_MINUTES,
        misfire_grace_time=None,
        coalesce=True,
        max_instances=1,
    )
    scheduler.start()
    stopping.wait()
    scheduler.shutdown(wait=False)


def _night(app: App, environment: Mapping[str, str], say: Say) -> None:
    if is_due(app):
        command = [*_command(app.config), "run"]
        here = app.config.path.parent
        code = subprocess.run(command, check=False, cwd=here, env=environment).returncode  # noqa: S603 - our own command
        say(f"night of {app.clock.today()}: exit code {code}")


def _command(config: Config) -> list[str]:
    """How this very installation is called, with its configuration."""
    script = Path(sys.executable).with_name("slipway")
    start = [str(script)] if script.is_file() else [sys.executable, "-m", "slipway"]
    return [*start, "--config", str(config.path)]


def crontab(config: Config) -> str:
    """A crontab line; cron's own clock is the machine's, so the line says which zone it was made for."""
    hour, minute = config.night.split(":")
    # A percent sign means a line break to cron.
    command = shlex.join([*_command(config), "run"]).replace("%", r"\%")
    log = shlex.quote(str(config.state / "cron.log")).replace("%", r"\%")
    return f"CRON_TZ={config.zone.key}\n{int(minute)} {int(hour)} * * * {command} >>{log} 2>&1"


def systemd(config: Config) -> str:
    """A systemd user service and timer; ``Persistent`` makes up for a night that was slept through."""
    command = " ".join(_systemd_quote(part) for part in [*_command(config), "run"])
    return (
        "# ~/.config/systemd/user/slipway.service\n"
        "[Unit]\nDescription=Slipway's night\n\n"
        f"[Service]\nType=oneshot\nExecStart={command}\n\n"
        "# ~/.config/systemd/user/slipway.timer; then: systemctl --user enable --now slipway.timer\n"
        "[Unit]\nDescription=Slipway every night\n\n"
        f"[Timer]\nOnCalendar=*-*-* {config.night}:00 {config.zone.key}\nPersistent=true\n\n"
        "[Install]\nWantedBy=timers.target"
    )


def _systemd_quote(part: str) -> str:
    escaped = part.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%")
    return f'"{escaped}"' if any(char.isspace() for char in part) else escaped
