"""What a worker answers, as bytes, and back: values of Slipway's own kinds, which nothing but their constructors makes.

A worker reads what strangers wrote, in parsers written in C. Should one of them make it say what it pleases, it can make
up items and errors, but not have its parent call what it names, as a pickle otherwise could: the reader knows plain
values, times, and the dataclasses, tuples, enumerations and source errors of this package and :mod:`notes`.
https://docs.python.org/3/library/pickle.html#restricting-globals
"""

from __future__ import annotations

import io
import pickle
from collections.abc import Callable
from dataclasses import fields, is_dataclass
from datetime import date, datetime, time, timedelta, timezone
from enum import Enum
from types import FunctionType
from typing import Any, NamedTuple

from notes.errors import ParseError, SourceError

__all__ = ["Answer", "packed", "unpacked"]

_TIMES = frozenset({date, datetime, time, timedelta, timezone})
_OURS = ("ingest.", "notes.")


class Answer(NamedTuple):
    """A value or an error; a worker that ``is_worn`` is to be replaced, one that ``is_spent`` failed of itself, perhaps."""

    value: Any
    error: SourceError | None = None
    is_worn: bool = False
    is_spent: bool = False


def packed(answer: Answer) -> bytes:
    """The answer as bytes. Raises whatever pickle does for a value that is of no known kind."""
    buffer = io.BytesIO()
    _Packer(buffer, pickle.HIGHEST_PROTOCOL).dump(tuple(answer))
    return buffer.getvalue()


def unpacked(sent: bytes, what: str) -> Answer:
    """The answer in the bytes; where no worker of ours wrote them, one that says so of the document ``what``."""
    try:
        value, error, is_worn, is_spent = _Unpacker(io.BytesIO(sent)).load()
    except Exception:  # noqa: BLE001 - whatever the bytes make of it
        return Answer(None, ParseError(f"{what} cannot be read: the parser gave an answer that is none"), is_worn=True)
    return Answer(value, error if isinstance(error, SourceError) else None, bool(is_worn), bool(is_spent))


class _Packer(pickle.Pickler):
    """Packs our own values as calls of their classes: half the time of pickle's own way, here and in the one parent."""

    def reducer_override(self, value: Any) -> Any:
        """The call that makes the value; what pickle does by itself for all that is not ours."""
        kind = type(value)
        shape = _SHAPES.get(kind) or _shape(kind)
        if shape.names:
            values = [getattr(value, name) for name in shape.names]
            return (_made, (kind, shape.names, *values)) if shape.is_by_name else (kind, tuple(values))
        return (kind, tuple(value)) if isinstance(value, tuple) else NotImplemented


class _Shape(NamedTuple):
    """The fields of a dataclass, none for what is no dataclass, and whether it takes them by name only."""

    names: tuple[str, ...]
    is_by_name: bool


_SHAPES: dict[type, _Shape] = {}


def _shape(kind: type) -> _Shape:
    names = tuple(field.name for field in fields(kind)) if is_dataclass(kind) else ()
    by_name = any(field.kw_only for field in fields(kind)) if is_dataclass(kind) else False
    return _SHAPES.setdefault(kind, _Shape(names, by_name))


def _made(kind: Callable[..., Any], names: tuple[str, ...], *values: Any) -> Any:
    return kind(**dict(zip(names, values, strict=True)))


# A function's attributes can be set, those of its bound call cannot.
_MADE = FunctionType.__call__.__get__(_made)


class _Unpacker(pickle.Unpickler):
    """Reads what :class:`_Packer` wrote."""

    def find_class(self, module: str, name: str) -> Any:
        """What makes values of a known kind: its call, on which, unlike on a class, no attribute can be set."""
        if (module, name) == (__name__, _made.__name__):
            return _MADE
        found = super().find_class(module, name) if module == "datetime" or module.startswith(_OURS) else None
        if not isinstance(found, type) or not _is_known(found):
            raise pickle.UnpicklingError(f"{module}.{name} is no kind of value that a worker gives")
        return type.__call__.__get__(found)


def _is_known(kind: type) -> bool:
    return kind in _TIMES or is_dataclass(kind) or issubclass(kind, (Enum, SourceError, tuple))
