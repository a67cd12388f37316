"""Options that several commands share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from slipway.cli.group import parse_day

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

__all__ = ["as_json", "completed", "day_option", "limit_option"]

Decorator = Callable[[Callable[..., Any]], Callable[..., Any]]
Completer = Callable[[click.Context, click.Parameter, str], "list[CompletionItem]"]

day_option: Decorator = click.option(
    "--date", "day", callback=parse_day, metavar="DAY", help="Take DAY (YYYY-MM-DD) for today."
)
as_json: Decorator = click.option("--json", "as_json", is_flag=True, help="One JSON document on standard output.")


def limit_option(default: int, what: str) -> Decorator:
    """``-n``, at least one."""
    return click.option("-n", "limit", default=default, show_default=True, type=click.IntRange(1, 10_000), help=what)


def completed(names: str) -> Completer:
    """What the shell offers for an option or argument: the ``names`` that :mod:`slipway.cli.completing` reads from the index."""

    def complete(ctx: click.Context, param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        from slipway.cli.completing import offers

        return offers(ctx, names, incomplete)

    return complete
