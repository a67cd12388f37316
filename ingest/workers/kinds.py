"""The kinds of values that a worker gives, and what must hold of them beyond the types of their fields.

A dataclass is known by its name, a field by its annotation's text, so that a new field of a known type needs nothing here.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from importlib import import_module
from itertools import chain
from operator import attrgetter
from types import NoneType
from typing import Any

from notes.text.likeness import is_sketch
from notes.text.visible import whole

__all__ = ["KINDS", "MOST", "check", "check_received", "kind_of", "made_sound", "type_of"]

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
_OR_NONE = " | None"
_SCALARS = frozenset({NoneType, bool, int, float, str})
MOST = 2**31 - 1
"""What a whole number may be, above and below zero: PostgreSQL takes no more for a paper's version."""

_Check = Callable[[Sequence[Any]], object]


def kind_of(annotation: str) -> str:
    """The kind that an annotation names, as such or as what there may be; empty where it names none."""
    name = annotation.removesuffix(_OR_NONE)
    return name if name in KINDS else ""


@cache
def type_of(annotation: str) -> Any:
    """The type of what an annotation names; of anything where it names no kind."""
    name = kind_of(annotation)
    return _class(name) | None if name else Any


def _class(name: str) -> Any:
    return getattr(import_module(KINDS[name]), name)


def check(annotation: str, value: Any) -> None:
    """Raise ValueError where a value of :func:`type_of` an annotation is of its type, but none of ours.

    Without a kind it has to be plain: TypeError for what is not.
    """
    name = kind_of(annotation)
    if not name:
        _check_plain(value)
    elif value is not None:
        _check_all(name)([value])
    elif not annotation.endswith(_OR_NONE):
        raise ValueError(annotation)


def check_received(annotation: str, value: Any) -> None:
    """As :func:`check`, and by a form that matters since what bears it is taken apart later."""
    check(annotation, value)
    if kind_of(annotation) == "ParsedFeed":
        _hold(map(is_sketch, value.sketches))


def _check_plain(value: Any) -> None:
    if type(value) is tuple:
        deque(map(_check_plain, value), maxlen=0)
    elif type(value) not in _SCALARS:
        raise TypeError(f"{type(value).__name__} is no kind of value that a worker gives")
    elif type(value) is int:
        _check_numbers([value])


@cache
def _check_all(name: str) -> _Check:
    """What raises ValueError for values of a kind of which not all are sound: a field of all of them at a time, in C."""
    rules = [(attrgetter(field.name), rule) for field in fields(_class(name)) if (rule := _rule(str(field.type)))]

    def check_all(values: Sequence[Any]) -> None:
        for its_field, rule in rules:
            if found := list(map(its_field, values)):
                rule(found)

    return check_all


def _rule(said: str) -> _Check | None:
    if rule := _RULES.get(said):
        return rule
    if kind := kind_of(said.removeprefix("tuple[").removesuffix(", ...]")):
        its = _check_all(kind)
        if said.startswith("tuple["):
            return lambda runs: its(list(chain.from_iterable(runs)))
        return lambda values: its(list(filter(None, values)))
    return None


def _hold(facts: Any) -> None:
    if not all(facts):
        raise ValueError


def _check_moments(values: Sequence[datetime | None]) -> None:
    moments = list(filter(None, values))
    _hold((_UTC_ONLY.issuperset(map(_zone_of, moments)), _YEARS.issuperset(map(_year_of, moments))))


def _check_numbers(values: Sequence[int]) -> None:
    _hold((min(values, default=0) >= -MOST, max(values, default=0) <= MOST))


_RULES: dict[str, _Check] = {
    "datetime | None": _check_moments,
    "int": _check_numbers,
}
"""By a field's annotation; what has no rule is as its type says."""


def made_sound(value: Any) -> Any:
    """The value without what is told by nobody's calendar or has halves of characters; moments in UTC."""
    if isinstance(value, str):
        return whole(value)
    if isinstance(value, datetime):
        if value.tzinfo is None:
            raise ValueError(value)
        # What some write for want of a date: the first moment of the calendar, or the last.
        moment = value.astimezone(UTC) if value.year in _YEARS else value
        return moment if moment.year in _YEARS else None
    if isinstance(value, tuple):
        return tuple(map(made_sound, value))
    if is_dataclass(value) and not isinstance(value, type):
        return replace(value, **{field.name: made_sound(getattr(value, field.name)) for field in fields(value)})
    return value
