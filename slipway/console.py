"""What Slipway says: results on standard output, everything else on standard error.

Colour and progress bars only on a terminal; ``NO_COLOR`` is respected; text from outside passes through
:func:`notes.markup.terminal.terminal`, so that a title cannot move the cursor.
"""

from __future__ import annotations

import json
import os
import re
import sys
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, tzinfo
from typing import TextIO

import click

from notes.markup.terminal import terminal

__all__ = [
    "Console",
    "counted",
    "emit",
    "emit_json",
    "emit_lines",
    "json_text",
    "local",
    "style",
    "table",
    "table_lines",
]

# The controls of C1, directions, line ends of Unicode, and halves of characters; JSON itself escapes those of C0.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069\ud800-\udfff]")


def style(text: str, stream: TextIO | None = None, **how: object) -> str:
    """The text in colour when the stream is a terminal and ``NO_COLOR`` is unset."""
    stream = stream or sys.stdout
    plain = bool(os.environ.get("NO_COLOR")) or not stream.isatty()
    return text if plain else click.style(text, **how)  # type: ignore[arg-type]


def emit(line: str = "") -> None:
    """A line of the result."""
    click.echo(line)


def emit_json(document: object) -> None:
    """One JSON document, and nothing else."""
    click.echo(json_text(document))


def json_text(document: object, *, indent: int | None = 2) -> str:
    """A document as JSON: readable letters, and an escape for all that a terminal would obey or could not show."""
    plain = json.dumps(document, ensure_ascii=False, indent=indent, default=str)
    # What stands outside of JSON's strings is ASCII, so this changes how they are written and not what they say.
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", plain)


def counted(number: int, thing: str) -> str:
    """The number of things in words: ``1 item``, ``2 items``."""
    return f"{number:,} {thing}" if number == 1 else f"{number:,} {thing}s"


def local(moment: str, zone: tzinfo) -> str:
    """An ISO time of the machine as the user's clock shows it, to the minute."""
    return datetime.fromisoformat(moment).astimezone(zone).strftime("%Y-%m-%d %H:%M")


def plain_line(line: str) -> str:
    """A line from outside as a terminal may show it, with the blanks it begins with: lists and code are read by them."""
    return " " * (len(line) - len(line.lstrip(" "))) + terminal(line)


def emit_lines(lines: Iterable[str]) -> None:
    """Lines of the result: on a terminal that is too low for them, a page at a time."""
    written = list(lines)
    if sys.stdout.isatty() and len(written) >= _height():
        click.echo_via_pager("\n".join(written) + "\n")
    else:
        for line in written:
            emit(line)


def _height() -> int:
    from shutil import get_terminal_size

    return get_terminal_size().lines


def table(rows: Iterable[tuple[str, ...]]) -> None:
    """Rows in aligned columns; the last column may be long. Wide (Chinese) characters count as two cells."""
    for line in table_lines(rows):
        emit(line)


def table_lines(rows: Iterable[tuple[str, ...]]) -> Iterator[str]:
    """The lines of :func:`table`."""
    kept = [tuple(terminal(cell) for cell in row) for row in rows]
    widths = [max(map(_cells, column)) for column in zip(*kept, strict=True)][:-1] if kept else []
    for row in kept:
        padded = [cell + " " * (width - _cells(cell)) for cell, width in zip(row, widths, strict=False)]
        yield "  ".join([*padded, row[-1]]).rstrip()


def _cells(text: str) -> int:
    from unicodedata import combining, east_asian_width

    return sum(0 if combining(char) else 2 if east_asian_width(char) in "WF" else 1 for char in text)


class Console:
    """Progress and warnings on standard error; ``quiet`` silences progress, never warnings."""

    def __init__(self, *, quiet: bool = False) -> None:
        self._bars = sys.stderr.isatty() and not quiet

    def progress(self, label: str) -> Callable[[int, int], None]:
        """A callback that draws a bar on a terminal and does nothing elsewhere."""
        if not self._bars:
            return lambda done, total: None
        from tqdm import tqdm

        bar = tqdm(desc=label, leave=False, file=sys.stderr, unit="")

        def report(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)
            if done >= total:
                bar.close()

        return report

    def warn(self, message: str) -> None:
        """A warning, on standard error."""
        click.echo(f"{style('warning:', sys.stderr, fg='yellow')} {terminal(message)}", err=True)
