"""The command line. ``main`` alone turns an error into a message and an exit code."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from notes.errors import ConfigError, SlipwayError
from slipway.cli.group import slipway
from slipway.console import plain_line, style

if TYPE_CHECKING:
    from slipway.warm.keeping import Kept

__all__ = ["main"]

INTERRUPTED = 130
COMPLETE = "_SLIPWAY_COMPLETE"
"""Set by the shell that asks what a line may go on with (click's shell completion)."""


def main(argv: Sequence[str] | None = None, kept: Kept | None = None) -> None:
    """Run a command and exit: 0 fine, 1 failed, 2 usage or configuration, 3 warnings under --strict, 4 locked.

    ``kept`` is what a warm server has open already.
    """
    if COMPLETE in os.environ:
        from slipway.cli.completing import register

        register()
    try:
        code = slipway.main(args=argv, prog_name="slipway", standalone_mode=False, obj=kept)
        sys.stdout.flush()
    except SlipwayError as error:
        code = _explain(error)
    except click.exceptions.Exit as leave:
        code = leave.exit_code
    except click.ClickException as error:
        error.show()
        code = error.exit_code
    except (click.Abort, KeyboardInterrupt):
        click.echo("interrupted", err=True)
        code = INTERRUPTED
    except BrokenPipeError:  # the reader has seen enough
        _drop_output()
        code = 0
    except OSError as error:
        code = _explain(_of_the_system(error))
        _drop_output()
    sys.exit(code if isinstance(code, int) else 0)


def _drop_output() -> None:
    """What cannot be written is let go: Python would complain once more when it flushes at exit."""
    try:
        sys.stdout.flush()
    except OSError:
        with suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _of_the_system(error: OSError) -> SlipwayError:
    """A full disk, a folder without rights: the machine's trouble, not a bug, so it is told without a traceback."""
    if isinstance(error, FileNotFoundError) and not error.filename and _is_nowhere():
        return SlipwayError(
            "the folder that you are in is there no more", hint="`cd` to one that is, or name it with --config"
        )
    if isinstance(error, FileExistsError | NotADirectoryError) and error.filename:
        return SlipwayError(
            f"{error.filename}: a file stands where a folder should be", hint="move it away, or name another folder"
        )
    place = f"{error.filename}: " if error.filename else ""
    from notes.files.remedies import remedy_of

    there = Path(os.fsdecode(error.filename)) if isinstance(error.filename, str | bytes) else Path.cwd()
    return SlipwayError(f"{place}{error.strerror or error}", hint=remedy_of(error, there))


def _is_nowhere() -> bool:
    """Whether somebody has deleted the working folder."""
    try:
        Path.cwd()
    except FileNotFoundError:
        return True
    return False


def _explain(error: SlipwayError) -> int:
    from notes.markup.terminal import terminal

    message = "\n".join(map(plain_line, error.message.splitlines()))
    click.echo(f"{style('error:', sys.stderr, fg='red')} {message}", err=True)
    if error.hint:
        click.echo(f"{style('remedy:', sys.stderr, fg='green')} {terminal(error.hint)}", err=True)
    elif isinstance(error, ConfigError):
        click.echo("remedy: docs/configuration.md lists every key; `slipway doctor` checks the file", err=True)
    return error.exit_code
