"""The console script: a search goes to the warm server when one answers; everything else is the ordinary command line.

Nothing but ``os`` and ``sys`` is imported on the way to the server, and without one the look costs well under a millisecond.
"""

from __future__ import annotations

import os
import sys

__all__ = ["is_served", "main"]

_SERVED = ("search", "related")
_ONE_LETTER = ("-n",)
_INTERRUPTED = 130


def main() -> None:
    """Run the command line, warm where that can be; exits like :func:`slipway.cli.main`."""
    try:
        _hold_closed_streams()
        _run(sys.argv[1:])
    except KeyboardInterrupt:  # while modules are being imported; later on the command line tells it itself
        os.write(2, b"interrupted\n")
        os._exit(_INTERRUPTED)


def _hold_closed_streams() -> None:
    """Let output that the caller closed lead nowhere.

    Python knows such a stream as None, and the next file that is opened, which may be the index, would take its number.
    """
    stream: object
    for number, stream in enumerate((sys.stdin, sys.stdout, sys.stderr)):
        if stream is not None:
            continue
        nowhere = os.open(os.devnull, os.O_RDWR)  # the lowest number that is free
        if number:
            setattr(sys, ("", "stdout", "stderr")[number], open(nowhere, "w", encoding="utf-8"))  # noqa: PTH123, SIM115


def _run(words: list[str]) -> None:
    if not is_served(words):
        from slipway.cli import main as run

        run()
    # Windows has no Unix sockets in Python.
    elif os.name == "posix" and not os.environ.get("SLIPWAY_NO_SERVER") and (code := _ask(words)) is not None:
        os._exit(code)  # everything is written
    else:
        _run_and_leave()


def _run_and_leave() -> None:
    """The cold way of a search, without what only long processes need: collecting garbage, and tidying up at the end."""
    import gc

    gc.disable()
    from slipway.cli import main as run

    try:
        run()
    except SystemExit as leave:
        if not isinstance(leave.code, int):
            raise
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except OSError:  # a full disk, of which the command line has told
                leave.code = leave.code or 1
        # Files are closed and written by now; taking numpy apart piece by piece would be a tenth of the whole time.
        os._exit(leave.code)


def _ask(words: list[str]) -> int | None:
    from slipway.warm.place import config_of, socket_of

    config = config_of(_named_config(words))
    path = socket_of(config) if config else None
    if config is None or path is None:
        return None
    from slipway.warm.client import ask

    try:
        return ask(words, config, path)
    except KeyboardInterrupt:
        os.write(2, b"interrupted\n")
        return _INTERRUPTED


def is_served(words: list[str]) -> bool:
    """Whether this is a command that the server runs, as far as can be told without click.

    What reads standard input or takes the terminal over stays here, and so does whatever looks like it: a wrong no costs
    time, a wrong yes would be answered by the server with the word that it be done here.
    """
    command = _command_at(words)
    if command >= len(words) or words[command] not in _SERVED:
        return False
    return not any(
        word.startswith(("--stdin", "--interactive")) or (word[:1] == "-" != word[1:2] and word[:2] not in _ONE_LETTER)
        for word in words[command + 1 :]
    )


def _command_at(words: list[str]) -> int:
    """Where the command stands, after the options of the group; past the end when there is none or an option is unknown."""
    at = 0
    while at < len(words) and words[at].startswith("-"):
        if words[at] in ("--config", "--date"):
            at += 2
        elif words[at] in ("-q", "--quiet") or words[at].startswith(("--config=", "--date=")):
            at += 1
        else:
            return len(words)
    return at


def _named_config(words: list[str]) -> str | None:
    """What ``--config`` names; the last one counts, as with click."""
    named = None
    for at, word in enumerate(words[: _command_at(words)]):
        if word.startswith("--config="):
            named = word.removeprefix("--config=")
        elif word == "--config" and (at == 0 or words[at - 1] not in ("--config", "--date")):
            named = words[at + 1]
    return named
