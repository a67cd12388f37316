"""Running the view on a terminal, and printing what was chosen there."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

import click

from notes.errors import UsageError
from notes.markup.terminal import terminal

if TYPE_CHECKING:
    from index.retrieval.query import Query
    from slipway.app import App

__all__ = ["run_view"]

NOTHING_CHOSEN = 1


def run_view(app: App, first: Query, *, paths: bool = False) -> int:
    """Run the view until the user leaves it, and give the exit code.

    With ``paths`` those that were chosen are printed one a line, 1 is given when none was, and standard output may be a
    pipe. UsageError when there is no terminal.
    """
    if not paths and not sys.stdout.isatty():
        raise UsageError(
            "the interactive view needs a terminal, and standard output is none",
            hint="leave -i away; or add --paths to print what is chosen",
        )
    with _terminal():
        from slipway.view.app import SearchView

        chosen = SearchView(app, first, paths=paths).run() or ()
    on_terminal = sys.stdout.isatty()
    for path in chosen:
        place = str(app.config.vault / path)
        # A program wants the path as it is; a terminal must not obey what somebody called a file.
        click.echo(terminal(place) if on_terminal else place, color=True)
    return NOTHING_CHOSEN if paths and not chosen else 0


@contextmanager
def _terminal() -> Iterator[None]:
    """The terminal on all three standard streams; where one of them leads elsewhere it leads there again afterwards."""
    if os.environ.get("TERM", "") == "dumb":
        raise UsageError("this terminal cannot move its cursor (TERM=dumb)", hint="leave -i away")
    with ExitStack() as stack:
        elsewhere = [number for number in (0, 1, 2) if not os.isatty(number)]
        if elsewhere:
            sys.stdout.flush()
            own = _open_terminal()
            stack.callback(os.close, own)
            for number in elsewhere:
                kept = os.dup(number)
                stack.callback(_give_back, kept, number)
                os.dup2(own, number)
        yield


def _open_terminal() -> int:
    try:
        return os.open("/dev/tty", os.O_RDWR)
    except OSError:
        raise UsageError("the interactive view needs a terminal, and there is none", hint="leave -i away") from None


def _give_back(kept: int, number: int) -> None:
    os.dup2(kept, number)
    os.close(kept)
