"""``serve`` and ``cron``: the night, every night."""

from __future__ import annotations

import click

from slipway.cli.group import Session, pass_session
from slipway.console import emit

__all__ = ["cron_command", "serve_command"]


@click.command("serve")
@pass_session
def serve_command(session: Session) -> None:
    """Stay and run the night at the configured time; a night that was slept through is made up for."""
    from slipway.schedule import serve

    with session.app() as app:
        serve(app)


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
