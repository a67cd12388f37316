"""What a worker answers, as JSON, and back: plain values and a few kinds of Slipway's own, each field of its own type.

::

    value        → null, true, 1, 1.5, "text"; a tuple is an array
    items        → a column for each field, each as long as there are items: [["key", …], ["source", …], …]
    their blocks → how many each item has, and the columns of all: [[2, 1], ["code", …], ["text", …], [0, …]]
    time         → ISO 8601 in UTC, or "" for none; an enumeration by its value

A worker reads what strangers wrote, in parsers written in C. Should one of them make it say what it pleases, it can make
up items and errors, and that is all: the reader knows what the function that was called gives, by its annotation, and takes
nothing else. Nothing in an answer names anything to be called, imported or changed, as it would in a pickle. Columns are
checked and put together a field at a time, in C, not a value at a time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from math import isfinite
from types import NoneType
from typing import Any, NamedTuple

from ingest.workers.columns import KINDS, column_of, just_list, only
from notes.errors import FetchError, ParseError, SourceError

__all__ = ["MAX_ANSWER", "Answer", "given_by", "is_well", "packed", "unpacked"]

MAX_ANSWER = 64 * 2**20  # bytes; a document has at most 20 MB
# Arrays and short texts take up to twenty times their bytes of memory. Commas and brackets in a text count too.
MAX_PARTS = 8_000_000
_DIGITS = 16
_ERRORS: dict[str, type[SourceError]] = {kind.__name__: kind for kind in (FetchError, ParseError, SourceError)}
_TEXTS: frozenset[type] = frozenset({str})
_NUMBERS: frozenset[type] = frozenset({int, float, NoneType})


class Answer(NamedTuple):
    """A value or an error; a worker that ``is_worn`` is to be replaced, one that ``is_spent`` failed of itself, perhaps."""

    value: Any
    error: SourceError | None = None
    is_worn: bool = False
    is_spent: bool = False


def given_by(function: Callable[..., Any]) -> str:
    """What the function gives, as its annotation has it; empty where that is a plain value, or not said."""
    said = getattr(function, "__annotations__", {}).get("return", "")
    name = said.rpartition(".")[2] if isinstance(said, str) else ""
    return name if name.removesuffix(" | None") in KINDS else ""


def packed(answer: Answer, kind: str = "") -> bytes:
    """The answer as bytes, its value of ``kind`` (:func:`given_by`).

    Raises whatever comes of a value that is of no known kind, and ParseError where it is larger than may be sent.
    """
    column = [] if answer.error else column_of(kind).write([answer.value])
    sent = _ENCODER.encode([column, _error_row(answer.error), answer.is_worn, answer.is_spent])
    # As UTF-8, halves of characters too: written as \uXXXX, two of them would come back as one character.
    body = sent.encode("utf-8", "surrogatepass")
    if not _is_bearable(body):
        raise ParseError("the document holds more than can be kept of one")
    return body


def is_well(sent: bytes) -> bool:
    """Whether the answer ends, unread, as one does that holds a value and whose worker may take the next document."""
    return sent.endswith(b",null,false,false]")


def unpacked(sent: bytes, what: str, kind: str = "") -> Answer:
    """The answer in the bytes; where it is none of ``kind``, one that says so of the document ``what``."""
    try:
        column, error, is_worn, is_spent = _decoded(sent)
        (value,) = [None] if error else column_of(kind).read(just_list(column))
        return Answer(value, _error(error), is_worn is True, is_spent is True)
    except Exception:  # noqa: BLE001 - a dozen, RecursionError and MemoryError among them, and none of them ours
        return Answer(None, ParseError(f"{what} cannot be read: the parser gave an answer that is none"), is_worn=True)


def _decoded(sent: bytes) -> Any:
    if not _is_bearable(sent):
        raise ValueError(len(sent))
    return _DECODER.decode(sent.decode("utf-8", "surrogatepass"))


def _is_bearable(sent: bytes) -> bool:
    if len(sent) <= MAX_PARTS:
        return True
    return len(sent) <= MAX_ANSWER and sent.count(b"[") + sent.count(b",") <= MAX_PARTS


def _refused(_: Any) -> Any:
    raise TypeError


def _whole(written: str) -> int:
    if len(written) > _DIGITS:
        raise ValueError(written[:_DIGITS])
    return int(written)


def _finite(written: str) -> float:
    number = float(written)
    if not isfinite(number):
        raise ValueError(written[:_DIGITS])
    return number


_ENCODER = json.JSONEncoder(ensure_ascii=False, check_circular=False, allow_nan=False, separators=(",", ":"))
_DECODER = json.JSONDecoder(
    parse_int=_whole, parse_float=_finite, parse_constant=_refused, object_pairs_hook=_refused, strict=True
)


def _error_row(error: SourceError | None) -> list[Any] | None:
    if error is None:
        return None
    name = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _ERRORS)
    row = [name, str(error), error.hint]
    return [*row, error.status, error.retry_after] if isinstance(error, FetchError) else row


def _error(row: Any) -> SourceError | None:
    """The error of the row. Raises for what is none."""
    if row is None:
        return None
    name, message, hint, *more = row
    only(_TEXTS, [message, hint])
    if not more:
        return _ERRORS[name](message, hint=hint)
    status, retry_after = only(_NUMBERS, more)
    if type(status) is float or name != FetchError.__name__:
        raise TypeError
    return FetchError(message, hint=hint, status=status, retry_after=retry_after)
