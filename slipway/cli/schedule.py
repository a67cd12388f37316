"""``serve`` and ``cron``: the night, every night."""

from __future__ import annotations

import click

from slipway.cli.group import Session, pass_session
from slipway.console import emit

__all__ = ["cron_command", "serve_command"]


@click.command("serve")
@click.option("--no-nights", is_flag=True, help="Answer searches only.")
@pass_session
def serve_command(session: Session, *, no_nights: bool) -> None:
    """Stay, run the night at the configured time, and answer searches meanwhile.

    A night that was slept through is made up for. While it runs, `slipway search` and `slipway related` hand their
    command line over to it and are answered several times as fast, with the same words.
    """
    from slipway.schedule import serve

    with session.app() as app:
        serve(app, nights=not no_nights)


@click.command("cron")
@pass_session
def cron_command(session: Session) -> None:
    """Print a crontab line and a systemd timer for this configuration."""
    from slipway.schedule import crontab, systemd

    with session.app() as app:
        emit("# crontab -e")
        emit(crontab(app.config))
        emit()
        emit(systemd(app.config))
