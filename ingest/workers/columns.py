"""The fields of what a worker answers, each as a column: all values of one field together, checked and made in C.

A dataclass is known by its name, a field by its annotation's text, so that a new field of a known type needs nothing here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import fields
from datetime import UTC, datetime
from enum import Enum
from functools import cache, partial
from importlib import import_module
from itertools import accumulate, chain, pairwise
from operator import attrgetter
from types import NoneType
from typing import Any, NamedTuple

from notes.model import BlockKind, SourceType
from notes.text.likeness import is_sketch

__all__ = ["KINDS", "Column", "column_of", "just_list", "only"]

# Where the kinds of values live that a worker gives.
KINDS = {
    "Article": "ingest.articles.extraction",
    "Block": "notes.model",
    "Hints": "ingest.sources",
    "Item": "notes.model",
    "PageLink": "ingest.feeds.discovered_page",
    "PaperVersion": "notes.model",
    "ParsedFeed": "ingest.feeds.document",
    "Sight": "ingest.feeds.discovered_page",
}
# Moments to which years can be added, and from which they can be taken.
_YEARS = frozenset(range(1000, 9000))
_UTC_ONLY = frozenset({UTC})
_zone_of, _year_of = attrgetter("tzinfo"), attrgetter("year")
_LISTS, _TEXTS, _WHOLE = frozenset({list}), frozenset({str}), frozenset({int})
_SCALARS = frozenset({NoneType, bool, int, float, str})

_Values = list[Any]


class Column(NamedTuple):
    """How the values of one field are written, all together, and read again; reading raises for any other type."""

    write: Callable[[_Values], _Values]
    read: Callable[[_Values], _Values]


def _as_they_are(values: _Values) -> _Values:
    return values


def just_list(value: Any) -> _Values:
    """The value, which is a list. Raises TypeError where it is not."""
    if type(value) is not list:
        raise TypeError
    return value


def only(types: frozenset[type], values: _Values) -> _Values:
    """The values, all of exactly these types: True is no int. Raises TypeError where one is not."""
    if not types.issuperset(map(type, values)):
        raise TypeError
    return values


def _scalars(*types: type) -> Column:
    return Column(_as_they_are, partial(only, frozenset(types)))


def _arrays_of(types: frozenset[type], make: Callable[[_Values], Any], values: _Values) -> _Values:
    only(types, list(chain.from_iterable(only(_LISTS, values))))
    return list(map(make, values))


def _written_times(values: _Values) -> _Values:
    return [_written_time(value) if value is not None else "" for value in values]


def _written_time(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise ValueError(moment)
    if moment.year not in _YEARS:
        # What some write for want of one: the first moment of the calendar, or the last.
        return ""
    return moment.astimezone(UTC).isoformat()  # equal moments are equal values, whatever their zone


def _times(values: _Values) -> _Values:
    read = [datetime.fromisoformat(written) if written else None for written in only(_TEXTS, values)]
    moments = list(filter(None, read))
    if not (_UTC_ONLY.issuperset(map(_zone_of, moments)) and _YEARS.issuperset(map(_year_of, moments))):
        raise ValueError
    return read


def _one_of(kind: type[Enum]) -> Column:
    members = {member.value: member for member in kind}
    return Column(_as_they_are, lambda values: list(map(members.__getitem__, values)))


def _sketches(values: _Values) -> _Values:
    read = _arrays_of(_TEXTS, tuple, values)
    if not all(map(is_sketch, chain.from_iterable(read))):
        raise ValueError
    return read


def _plain_row(value: Any) -> Any:
    if type(value) is tuple:
        return [_plain_row(one) for one in value]
    if type(value) not in _SCALARS:
        raise TypeError(f"{type(value).__name__} is no kind of value that a worker gives")
    return value


def _plain(value: Any) -> Any:
    return tuple(map(_plain, value)) if type(value) is list else value


_COLUMNS = {
    "": Column(lambda values: list(map(_plain_row, values)), lambda values: list(map(_plain, values))),
    "str": _scalars(str),
    "int": _scalars(int),
    "bool": _scalars(bool),
    "float | None": _scalars(float, int, NoneType),
    "datetime | None": Column(_written_times, _times),
    "tuple[str, ...]": Column(_as_they_are, partial(_arrays_of, _TEXTS, tuple)),
    "frozenset[int]": Column(lambda values: list(map(sorted, values)), partial(_arrays_of, _WHOLE, frozenset)),
    "BlockKind": _one_of(BlockKind),
    "SourceType": _one_of(SourceType),
}


# Fields whose form matters beyond their type, since what they hold is taken apart later.
_STRICTER = {"ParsedFeed.sketches": Column(_as_they_are, _sketches)}


@cache
def column_of(annotation: str) -> Column:
    """How the fields of such an annotation travel. Raises KeyError for one that has no place in an answer."""
    if known := _COLUMNS.get(annotation):
        return known
    if annotation.startswith("tuple["):
        many = Kind.named(annotation.removeprefix("tuple[").removesuffix(", ...]"))
        return Column(partial(_runs, many), partial(_from_runs, many))
    if annotation.endswith(" | None"):
        some = column_of(f"tuple[{annotation.removesuffix(' | None')}, ...]")
        return Column(
            lambda values: some.write([() if value is None else (value,) for value in values]),
            lambda runs: [_at_most_one(run) for run in some.read(runs)],
        )
    one = Kind.named(annotation)
    return Column(one.write, one.read)


def _runs(kind: Kind, values: _Values) -> _Values:
    """The values of all the tuples in one, as columns, behind the lengths of the tuples."""
    return [list(map(len, values)), *kind.write(list(chain.from_iterable(values)))]


def _from_runs(kind: Kind, runs: _Values) -> _Values:
    lengths, *columns = runs
    values = kind.read(columns)
    ends = list(accumulate(only(_WHOLE, just_list(lengths)), initial=0))
    if ends[-1] != len(values) or min(lengths, default=0) < 0:
        raise ValueError(ends[-1])
    return [tuple(values[start:end]) for start, end in pairwise(ends)]


def _at_most_one(run: tuple[Any, ...]) -> Any:
    if len(run) > 1:
        raise ValueError(len(run))
    return run[0] if run else None


class Kind(NamedTuple):
    """A dataclass: its fields' names, and how each of them travels."""

    make: type[Any]
    names: tuple[str, ...]
    columns: tuple[Column, ...]

    @classmethod
    @cache
    def named(cls, name: str) -> Kind:
        """The kind of that name. Raises KeyError where there is none, TypeError for one that :meth:`made` would not fill."""
        make = getattr(import_module(KINDS[name]), name)
        its = fields(make)
        if set(make.__slots__) != {field.name for field in its} or hasattr(make, "__post_init__"):
            raise TypeError(f"{name} is more than its fields")
        columns = tuple(_STRICTER.get(f"{name}.{field.name}") or column_of(str(field.type)) for field in its)
        return cls(make, tuple(field.name for field in its), columns)

    def write(self, values: _Values) -> _Values:
        """The values as columns; no columns for no values."""
        if not values:
            return []
        named = zip(self.names, self.columns, strict=True)
        return [column.write(list(map(attrgetter(name), values))) for name, column in named]

    def read(self, columns: _Values) -> _Values:
        """The values again. Raises for columns that are not these, or not all of one length."""
        if columns == []:
            return []
        return self.made([mine.read(each) for mine, each in zip(self.columns, only(_LISTS, columns), strict=True)])

    def made(self, columns: Sequence[_Values]) -> list[Any]:
        """Values of these fields. Raises ValueError where the columns are not all of one length.

        Each field is set in all values at once, as the dataclass's own ``__init__`` sets it in one: that one takes three times
        as long.
        """
        (length,) = set(map(len, columns))
        values = list(map(object.__new__, [self.make] * length))
        for name, column in zip(self.names, columns, strict=True):
            deque(map(getattr(self.make, name).__set__, values, column), maxlen=0)
        return values
