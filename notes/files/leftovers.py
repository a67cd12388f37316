"""What a run that was killed may have left in a folder of the vault: known by its whole name, and by nothing less."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from notes.files.walking import folders_below

__all__ = ["BENCH", "SHA_LENGTH", "TEMPORARY", "bench_name", "hashes_of", "leftovers"]

TEMPORARY: Final = ".slipway-tmp-"
"""A file that is being written, before it has its name."""

BENCH: Final = ".slipway-work-"
"""A folder beside a file that is being replaced; its name tells the hashes that are Slipway's own."""

SHA_LENGTH: Final = 32
"""How many hexadecimal digits of a hash stand in a name."""

_OUR_TEMPORARY: Final = re.compile(rf"{re.escape(TEMPORARY)}[0-9a-f]{{16}}")
_OUR_BENCH: Final = re.compile(rf"{re.escape(BENCH)}(?:[0-9a-f]{{32}}|-)\.[0-9a-f]{{32}}\.[0-9a-f]{{8}}")


def bench_name(expected_sha: str, sha: str) -> str:
    """A new name of a bench, where a file of the first hash (empty: of none) makes room for one of the second."""
    return f"{BENCH}{expected_sha[:SHA_LENGTH] or '-'}.{sha[:SHA_LENGTH]}.{secrets.token_hex(4)}"


def hashes_of(bench: Path) -> tuple[str, str]:
    """The starts of the two hashes in a bench's name."""
    expected, _, rest = bench.name.removeprefix(BENCH).partition(".")
    return expected, rest.partition(".")[0]


def leftovers(folder: Path) -> Iterator[Path]:
    """The files and folders of ours below ``folder``; folders with a dot are not entered, what cannot be read is passed over."""
    for entries in folders_below(folder):
        for entry in entries:
            # The whole name: a file of the user's may begin with the same letters.
            ours = _OUR_BENCH if entry.is_dir(follow_symlinks=False) else _OUR_TEMPORARY
            if ours.fullmatch(entry.name):
                yield Path(entry.path)
