"""``slipway mcp``: the vault for assistants."""

from __future__ import annotations

import click

from slipway.cli.group import Session, pass_session

__all__ = ["mcp_command"]


@click.command("mcp")
@pass_session
def mcp_command(session: Session) -> None:
    """Serve the vault to an assistant over standard input and output (Model Context Protocol). It only reads.

    An assistant starts it by itself: configure it with the command `slipway` and the arguments
    `--config /path/to/slipway.toml mcp`. Its tools are search, read, related and recent.
    """
    from slipway.assistant.server import serve

    with session.app() as app:
        serve(app)
