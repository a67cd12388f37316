"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import click

from slipway.cli.group import parse_day

__all__ = ["as_json", "day_option", "limit_option"]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]

day_option: Decorator = click.option(
    "--date", "day", callback=parse_day, metavar="DAY", help="Take DAY (YYYY-MM-DD) for today."
)
as_json: Decorator = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


def limit_option(default: int, what: str) -> Decorator:
    """``-n``, at least one."""
    return click.option("-n", "limit", default=default, show_default=True, type=click.IntRange(1, 10_000), help=what)
