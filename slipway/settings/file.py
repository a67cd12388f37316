"""The ``[[sources]]`` tables of slipway.toml, added and removed while every other byte of the file stays.

The file is the user's, with comments, an order and line ends of their own. So it is never written anew from its values
(tomlkit, made for that, moves an array of tables together when other tables stand between): the few lines of a table go
in, or out. Whatever this module thinks of the file, nothing is replaced before TOML's own reader has said that
the new text means the old values and the change, and nothing else, and before ``load_config`` has passed it. The
replacement is atomic, and is refused when the file is no longer the one that was read.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeAlias

from notes.errors import ConfigError, LockedError, UsageError, VaultError
from notes.files.vault import ReplaceOutcome, Vault, sha256
from slipway.config import parse_config
from slipway.settings.values import Config

__all__ = ["SourcesFile", "Table", "editing", "table_text"]

Value: TypeAlias = str | bool | int | float | Sequence[str]
Table: TypeAlias = Mapping[str, Value]

_WAIT_S = 10
_HEADER = re.compile(r"[ \t]*\[\[[ \t]*(?:sources|\"sources\"|'sources')[ \t]*\]\]")
_ANY_HEADER = re.compile(r"[ \t]*\[")
_NOTHING = re.compile(r"[ \t]*(?:#.*)?\r?\n?")
# A piece of TOML that may run over lines, or hide what looks like syntax: strings of four kinds, comments, brackets.
_PIECE = re.compile(
    r'"""(?:[^\\]|\\.)*?"{3,5}(?!")'
    r"|'''.*?'{3,5}(?!')"
    r'|"(?:[^"\\\n]|\\.)*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*"
    r"|[\[{(]|[\]})]|\n",
    re.DOTALL,
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}


@dataclass(frozen=True, slots=True)
class SourcesFile:
    """slipway.toml as it was read: ``text`` with its line ends (and byte order mark) as they are."""

    path: Path
    text: str

    @classmethod
    def read(cls, path: Path) -> SourcesFile:
        """Raises ConfigError."""
        try:
            return cls(path.resolve(), path.read_bytes().decode("utf-8"))
        except (OSError, UnicodeDecodeError) as error:
            raise ConfigError(f"{path}: cannot be read: {error}") from error

    def config(self, text: str = "") -> Config:
        """What ``text``, or the file itself, means; raises ConfigError with every fault."""
        return parse_config(_values(text or self.text), self.path)

    def with_sources(self, tables: Sequence[Table]) -> str:
        """The text with the tables after the last source, or at the end. Raises ConfigError where none can be added."""
        end = "\r\n" if "\r\n" in self.text else "\n"
        added = "".join(f"\n{table_text(table)}" for table in tables).replace("\n", end)
        at = max((block[1] for block in _blocks(self.text)), default=len(self.text))
        # The file's own last line may lack its end.
        gap = end if at and self.text[at - 1] != "\n" else ""
        text = self.text[:at] + gap + added + self.text[at:]
        if at < len(self.text) and not re.match(r"[ \t]*\r?\n", self.text[at:]):
            text = self.text[:at] + gap + added + end + self.text[at:]
        before = _values(self.text)
        wanted = before | {"sources": [*before.get("sources", []), *(_plain(table) for table in tables)]}
        self._require(text, wanted, f"add this to it yourself:\n{added.strip()}")
        return text

    def without_source(self, key: str) -> str:
        """The text without the table of this key, from its header to its last value; comments beside it stay."""
        before = _values(self.text)
        sources = before.get("sources", [])
        number = [source.get("key") for source in sources].index(key)
        blocks = _blocks(self.text)
        if len(blocks) != len(sources):
            raise ConfigError(
                f"{self.path}: the tables of the sources cannot be told apart", hint="take it out by hand"
            )
        start, stop = blocks[number]
        blank = re.search(r"(?:\A|(?<=\n))[ \t]*\r?\n\Z", self.text[:start])
        text = self.text[: blank.start() if blank else start] + self.text[stop:]
        rest = [*sources[:number], *sources[number + 1 :]]
        wanted = {name: value for name, value in before.items() if name != "sources"} | (
            {"sources": rest} if rest else {}
        )
        self._require(text, wanted, "take it out by hand")
        return text

    def replace(self, text: str) -> None:
        """Put the text in the file's place. Raises ConfigError, and UsageError when the file has changed meanwhile."""
        self.config(text)
        folder = Vault(self.path.parent)
        try:
            outcome = folder.replace(self.path.name, text, expected_sha=sha256(self.text))
        except VaultError as error:
            raise ConfigError(error.message, hint=error.hint or f"check who may write {self.path}") from error
        if outcome in (ReplaceOutcome.CHANGED_BY_USER, ReplaceOutcome.GONE):
            raise UsageError(
                f"{self.path} has changed in this moment; nothing was written", hint="save your edit, then ask again"
            )

    def _require(self, text: str, wanted: Mapping[str, Any], otherwise: str) -> None:
        try:
            means = tomllib.loads(text.removeprefix("\ufeff"))
        except ValueError:
            means = None
        if means != wanted:
            raise ConfigError(f"{self.path} is written in a way that Slipway does not edit", hint=otherwise)


@contextmanager
def editing(path: Path, state: Path) -> Iterator[SourcesFile]:
    """The file, read under a lock that other commands which edit it wait for. Raises LockedError, ConfigError."""
    from filelock import FileLock, Timeout

    try:
        state.mkdir(parents=True, exist_ok=True)
        with FileLock(state / "config.lock", timeout=_WAIT_S):
            yield SourcesFile.read(path)
    except Timeout:
        raise LockedError(f"another command is editing {path}", hint="wait for it to end") from None


def table_text(table: Table) -> str:
    """The table as lines of TOML, with its header."""
    return "[[sources]]\n" + "".join(f"{name} = {_toml(value)}\n" for name, value in table.items())


def _values(text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text.removeprefix("\ufeff"))
    except (ValueError, RecursionError) as error:
        raise ConfigError(f"slipway.toml is not valid TOML: {error}", hint="mend the line it names") from error


def _plain(table: Table) -> dict[str, Any]:
    return {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}


def _toml(value: Value) -> str:
    if isinstance(value, str):
        return f'"{"".join(_escaped(character) for character in value)}"'
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, int | float):
        return repr(int(value) if value == int(value) else value)
    return f"[{', '.join(map(_toml, value))}]"


def _escaped(character: str) -> str:
    if character in _ESCAPES:
        return _ESCAPES[character]
    # TOML forbids controls, and no text file holds lone surrogates.
    return f"\\u{ord(character):04x}" if ord(character) < 32 or ord(character) == 127 else character


def _blocks(text: str) -> list[tuple[int, int]]:
    """Where each ``[[sources]]`` table stands: from its header's line to the end of its last line with a value."""
    blocks: list[tuple[int, int]] = []
    is_inside = False
    for start, stop in _statements(text):
        line = text[start:stop]
        if _HEADER.match(line):
            blocks.append((start, stop))
            is_inside = True
        elif _ANY_HEADER.match(line):
            is_inside = is_inside and re.match(r"[ \t]*\[+[ \t]*[\"']?sources[\"']?[ \t]*\.", line) is not None
        if is_inside and not _NOTHING.fullmatch(line):
            blocks[-1] = (blocks[-1][0], stop)
    return blocks


def _statements(text: str) -> Iterator[tuple[int, int]]:
    """The statements of the file, each from the start of its first line to the end of its last."""
    start = position = depth = 0
    while piece := _PIECE.search(text, position):
        position = piece.end()
        mark = piece[0]
        if mark in "[{(":
            depth += 1
        elif mark in "]})":
            depth -= 1
        elif mark == "\n" and depth <= 0:
            yield start, position
            start, depth = position, 0
    if start < len(text):
        yield start, len(text)
