"""Reading one TOML table key by key, with every fault collected instead of raised."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from slipway.store.address import sqlite_path

__all__ = ["Reader"]

T = TypeVar("T")

_DATABASE = "sqlite:///PATH or postgresql://user@host/name"
_SERVER = re.compile(r"postgres(?:ql)?(?:\+\w+)?://\S+")


class Reader:
    """A TOML table that remembers which keys were asked for; those that never are, are unknown.

    ``base`` is the folder that relative paths start from. All readers of one file share ``faults``.
    """

    def __init__(
        self, table: Mapping[str, object], base: Path, *, name: str = "", faults: list[str] | None = None
    ) -> None:
        self._table = table
        self._base = base
        self.name = name
        self._asked: set[str] = set()
        self._children: list[Reader] = []
        self.faults: list[str] = [] if faults is None else faults

    def fault(self, message: str) -> None:
        """Note one fault."""
        self.faults.append(message)

    def has(self, key: str) -> bool:
        """Whether the table holds the key."""
        return key in self._table

    def require(self, key: str, *, because: str) -> None:
        """Fault a key that is missing or empty."""
        self._asked.add(key)
        if not self._table.get(key):
            self.fault(f"{self._place(key)}: missing; {because}")

    def required(self, key: str) -> str:
        """A text that must be there."""
        self.require(key, because="it has no default")
        return self.text(key, "")

    def text(self, key: str, default: str) -> str:
        """A string."""
        value = self._get(key, default)
        if not isinstance(value, str):
            return self._wrong(key, "a string", default)
        return self._wrong(key, "a string without NUL", default) if "\0" in value else value

    def filled(self, key: str, default: str) -> str:
        """A string that says something; left out it is the default."""
        value = self.text(key, default)
        return value if value.strip() else self._wrong(key, f"a name such as {default!r}", default)

    def texts(self, key: str, default: tuple[str, ...]) -> tuple[str, ...]:
        """A list of strings."""
        value = self._get(key, list(default))
        if isinstance(value, list) and all(isinstance(part, str) and "\0" not in part for part in value):
            return tuple(value)
        return self._wrong(key, "a list of strings", default)

    def flag(self, key: str, *, default: bool) -> bool:
        """True or false."""
        value = self._get(key, default)
        return value if isinstance(value, bool) else self._wrong(key, "true or false", default)

    def choice(self, key: str, default: str, allowed: Sequence[str]) -> str:
        """One of the allowed strings."""
        value = self.text(key, default)
        if value in allowed:
            return value
        self.fault(f"{self._place(key)}: {value!r} is none of {', '.join(allowed)}{_nearest(value, allowed)}")
        return default

    def number(self, key: str, default: float, *, low: float, high: float) -> float:
        """A number in [low, high]."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int | float):
            return self._wrong(key, "a number", default)
        if not low <= value <= high:
            self.fault(f"{self._place(key)}: {_shown(value)} is not between {low} and {high}")
            return default
        return float(value)

    def whole(self, key: str, default: int, *, low: int, high: int) -> int:
        """A whole number in [low, high]."""
        value = self._get(key, default)
        if isinstance(value, bool) or not isinstance(value, int):
            return self._wrong(key, "a whole number", default)
        return int(self.number(key, default, low=low, high=high))

    def path(self, key: str, default: str) -> Path:
        """A path, made absolute from the configuration's folder; ``~`` is the home folder."""
        try:
            return (self._base / Path(self.text(key, default)).expanduser()).resolve()
        except (OSError, RuntimeError, ValueError):  # no such user, links in a circle, a name that cannot be
            return self._base / self._wrong(key, "a path that can be", default)

    def paths(self, key: str) -> tuple[Path, ...]:
        """A list of paths, each as :meth:`path` has it; a single one needs no brackets."""
        found = []
        alone = isinstance(self._get(key, ()), str)
        for given in filter(None, (self.text(key, ""),)) if alone else self.texts(key, ()):
            try:
                found.append((self._base / Path(given).expanduser()).resolve())
            except (OSError, RuntimeError, ValueError):
                self.fault(f"{self._place(key)}: {given!r} is no path that can be")
        return tuple(found)

    def words(self, key: str) -> dict[str, str]:
        """A table of strings whose names are the user's own."""
        value = self._get(key, {})
        if isinstance(value, dict) and all(isinstance(part, str) and "\0" not in part for part in value.values()):
            return dict(value)
        return self._wrong(key, f"a table of strings, [{self._place(key)}]", {})

    def database(self, key: str, default: str) -> str:
        """The address of a database: ``sqlite:///PATH``, or a PostgreSQL server's."""
        value = self.text(key, default)
        if sqlite_path(value) is None and not _SERVER.fullmatch(value):
            # The address may hold a password: it is not repeated.
            self.fault(f"{self._place(key)}: must be {_DATABASE}")
            return default
        return value

    def zone(self, key: str, default: str) -> ZoneInfo:
        """An IANA time zone."""
        value = self.text(key, default)
        try:
            return ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            self.fault(f"{self._place(key)}: {value!r} is no IANA time zone; write for example 'Asia/Hong_Kong'")
            return ZoneInfo(default)

    def time_of_day(self, key: str, default: str) -> str:
        """A time as HH:MM."""
        value = self.text(key, default)
        if re.fullmatch(r"([01]\d|2[0-3]):[0-5]\d", value):
            return value
        return self._wrong(key, "a time such as '03:00'", default)

    def web_address(self, key: str, default: str) -> str:
        """An absolute http(s) address, or empty when the default is."""
        value = self.text(key, default)
        if value and not _is_web_address(value):
            return self._wrong(key, "an absolute http or https address", default)
        return value

    def table(self, key: str) -> Reader:
        """A sub-table, empty when there is none."""
        value = self._get(key, {})
        if not isinstance(value, dict):
            value = self._wrong(key, f"a table, [{key}]", {})
        return self._child(value, self._place(key))

    def tables(self, key: str) -> tuple[Reader, ...]:
        """The tables of an array, ``[[key]]``."""
        value = self._get(key, [])
        if not isinstance(value, list) or not all(isinstance(part, dict) for part in value):
            value = self._wrong(key, f"tables, [[{key}]]", [])
        return tuple(
            self._child(part, f"{self._place(key)}[{_named(part) or number}]")
            for number, part in enumerate(value, start=1)
        )

    def finish(self) -> None:
        """Fault every key that nobody asked for, here and in the sub-tables."""
        for key in self._table:
            if key not in self._asked:
                self.fault(f"{self._place(key)}: unknown key{_nearest(key, sorted(self._asked))}")
        for child in self._children:
            child.finish()

    def _child(self, table: Mapping[str, object], name: str) -> Reader:
        child = Reader(table, self._base, name=name, faults=self.faults)
        self._children.append(child)
        return child

    def _get(self, key: str, default: object) -> object:
        self._asked.add(key)
        return self._table.get(key, default)

    def _place(self, key: str) -> str:
        return f"{self.name}.{key}" if self.name else key

    def _wrong(self, key: str, wanted: str, default: T) -> T:
        self.fault(f"{self._place(key)}: must be {wanted}, not {_shown(self._table.get(key))}")
        return default


def _named(table: Mapping[str, object]) -> str:
    return next((name for key in ("key", "name") if isinstance(name := table.get(key), str)), "")


def _is_web_address(value: str) -> bool:
    from urllib.parse import urlsplit

    try:
        parts = urlsplit(value)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a bracket that never closes, a port that is no number or too large
        return False


def _shown(value: object) -> str:
    """A value as a fault shows it; some are too deep or too long for Python to print."""
    from reprlib import Repr

    short = Repr()
    short.maxlevel, short.maxstring, short.maxother = 2, 200, 200
    try:
        return short.repr(value)
    except (ValueError, RecursionError):
        return f"such a {type(value).__name__}"


def _nearest(word: str, known: Sequence[str]) -> str:
    from difflib import get_close_matches

    close = get_close_matches(word, known, n=1, cutoff=0.5)
    return f"; did you mean {close[0]!r}?" if close else ""
