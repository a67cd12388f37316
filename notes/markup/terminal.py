"""The door from plain text to the terminal, apart from :mod:`notes.markup.inert` since every command passes it."""

from __future__ import annotations

import re
from typing import Final

from notes.text.visible import one_line

__all__ = ["terminal"]

_ANSI: Final = re.compile(
    # ECMA-48 §5.3 to §5.6, seven and eight bits: CSI; OSC, DCS, SOS, PM and APC up to their end; other escapes.
    "(?:\x1b\\[|\x9b)[0-?]*[ -/]*[@-~]"
    "|(?:\x1b[\\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x1b\x9c]*(?:\x07|\x1b\\\\|\x9c)?"
    "|\x1b[ -/]*[0-~]"
)


def terminal(text: str) -> str:
    """``text`` on one line for a terminal: no escape sequences, no control or bidirectional characters."""
    if text.isascii() and text.isprintable():  # what nearly all of it is holds nothing of the kind
        return " ".join(text.split())
    return one_line(_ANSI.sub("", text))
