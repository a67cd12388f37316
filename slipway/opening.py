"""Opening a file in the user's editor, or an address in the program that is registered for it."""

from __future__ import annotations

import os
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Final

from notes.errors import UsageError

__all__ = ["EDITOR_MISSING", "editor", "open_address", "start"]

_NO_OBSIDIAN: Final = "nothing here opens Obsidian's addresses"
EDITOR_MISSING: Final = ("the editor is not there", "set EDITOR to a program that is installed")


def editor(path: Path) -> list[str]:
    """The command line of $VISUAL or $EDITOR for a file; UsageError when none is set or its quotes do not match."""
    named = os.environ.get("VISUAL") or os.environ.get("EDITOR") or ""
    try:
        words = shlex.split(named)
    except ValueError as error:
        raise UsageError(f"EDITOR is {named!r}: {error}", hint="mend the quotes in it") from None
    if not words:
        raise UsageError(
            f"no editor to open {path}", hint="set EDITOR, for example `export EDITOR=nano`; or use --obsidian"
        )
    return [*words, str(path)]


def open_address(address: str) -> int:
    """Hand an address to the program that is registered for it, and give 0; UsageError when there is none or it fails.

    What the opener says of browsers that it tried is no help with an address of Obsidian's.
    """
    if sys.platform == "win32":
        # A command line would take its percent signs for variables.
        os.startfile(address)  # noqa: S606 - an address of our own making
        return 0
    opener = "open" if sys.platform == "darwin" else "xdg-open"
    hint = f"open it yourself: {address}"
    if code := start([opener, address], _NO_OBSIDIAN, hint, silent=True):
        raise UsageError(f"{_NO_OBSIDIAN}: {opener} ended with {code}", hint=hint)
    return 0


def start(command: list[str], trouble: str, hint: str, *, silent: bool = False) -> int:
    """Run a program of the user's to its end and give its exit code; UsageError when it is not there."""
    output = subprocess.DEVNULL if silent else None
    try:
        return subprocess.run(command, check=False, stdin=output, stdout=output, stderr=output).returncode  # noqa: S603 - the user's own editor, or the system's opener
    except OSError as error:
        raise UsageError(f"{trouble}: {command[0]}: {error.strerror}", hint=hint) from None
