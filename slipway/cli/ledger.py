"""``slipway runs``: the ledger."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

import click

from slipway.cli.counting import counted
from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json, limit_option
from slipway.console import emit, emit_json, local, table

__all__ = ["runs_command"]


@click.command("runs")
@limit_option(20, "How many.")
@as_json
@pass_session
def runs_command(session: Session, limit: int, as_json: bool) -> None:
    """The ledger of past runs, newest first."""
    from slipway.reading import runs

    with session.app() as app:
        records = runs(app.config.database, limit)
    if as_json:
        emit_json({"runs": records})
    elif not records:
        emit("no run yet; `slipway run` does the night")
    else:
        table(_row(record, app.config.zone) for record in records)


def _row(record: dict[str, Any], zone: tzinfo) -> tuple[str, ...]:
    told = [
        counted(count, name)
        for stage in record["stages"]
        for name, count in stage["counts"].items()
        if count and name in ("new", "promoted", "posts", "failed")
    ]
    errors = [f"{stage['name']}: {stage['error']}" for stage in record["stages"] if stage["error"]]
    warned = [counted(len(record["warnings"]), "warnings")] if record["warnings"] else []
    return (
        str(record["id"]),
        str(record["date"]),
        local(record["started"], zone),
        str(record["status"]),
        ", ".join([*told, *warned, *errors]),
    )
