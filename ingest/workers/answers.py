"""What a worker answers, as JSON, and back: plain values and a few kinds of Slipway's own, each field of its own type.

::

    the answer   → [value, error, whether the worker is worn, whether it is spent]
    value        → null, true, 1, 1.5, "text"; a tuple is an array, a kind of Slipway's an object with its fields' names
    time         → ISO 8601 in UTC; an enumeration by its value

A worker reads what strangers wrote, in parsers written in C. Should one of them make it say what it pleases, it can make
up items and errors, and that is all: the reader knows what the function that was called gives, by its annotation, and takes
nothing else. Nothing in an answer names anything to be called, imported or changed, as it would in a pickle. msgspec reads
the bytes as those types and no others; what a type does not tell is seen to in :mod:`ingest.workers.kinds`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from types import GenericAlias
from typing import Any, Literal, NamedTuple, cast

import msgspec

from ingest.workers.kinds import MOST, check, check_received, kind_of, made_sound, type_of
from notes.errors import FetchError, ParseError, SourceError
from notes.text.visible import whole

__all__ = ["MAX_ANSWER", "Answer", "given_by", "is_well", "packed", "unpacked"]

MAX_ANSWER = 64 * 2**20  # bytes; a document has at most 20 MB
# Arrays and short texts take up to twenty times their bytes of memory. Commas and brackets in a text count too.
MAX_PARTS = 8_000_000
_ERRORS: dict[str, type[SourceError]] = {kind.__name__: kind for kind in (FetchError, ParseError, SourceError)}
_Name = Literal["FetchError", "ParseError", "SourceError"]


class _Fault(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """An error, in the order of its row."""

    name: _Name
    message: str
    hint: str
    status: int | None = None
    retry_after: float | None = None


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
    return name if kind_of(name) else ""


def packed(answer: Answer, kind: str = "") -> bytes:
    """The answer as bytes, its value of ``kind`` (:func:`given_by`).

    Raises whatever comes of a value that is of no known kind, and ParseError where it is larger than may be sent.
    """
    value = None if answer.error else answer.value
    rest = (_fault(answer.error), answer.is_worn, answer.is_spent)
    try:
        if answer.error is None:
            check(kind, value)
        body = _ENCODER.encode((value, *rest))
    except ValueError:
        # Halves of characters, which are no UTF-8, or a moment that is in no calendar of ours.
        body = _ENCODER.encode((made_sound(value), *rest))
    if not _is_bearable(body):
        raise ParseError("the document holds more than can be kept of one")
    return body


def is_well(sent: bytes) -> bool:
    """Whether the answer ends, unread, as one does that holds a value and whose worker may take the next document."""
    return sent.endswith(b",null,false,false]")


def unpacked(sent: bytes, what: str, kind: str = "") -> Answer:
    """The answer in the bytes; where it is none of ``kind``, one that says so of the document ``what``."""
    try:
        return _read(sent, kind)
    except Exception:  # noqa: BLE001 - a dozen, RecursionError and MemoryError among them, and none of them ours
        return Answer(None, ParseError(f"{what} cannot be read: the parser gave an answer that is none"), is_worn=True)


def _read(sent: bytes, kind: str) -> Answer:
    if not _is_bearable(sent):
        raise ValueError(len(sent))
    value, fault, is_worn, is_spent = _decoder(kind).decode(sent)
    if fault is not None:
        return Answer(None, _error(fault), is_worn, is_spent)
    value = value if kind else _plain(value)
    check_received(kind, value)
    return Answer(value, None, is_worn, is_spent)


@cache
def _decoder(kind: str) -> msgspec.json.Decoder[Any]:
    """What reads an answer whose value is of that kind, or none beside an error."""
    parts = (type_of(kind), _Fault | None, bool, bool)
    return msgspec.json.Decoder(GenericAlias(tuple, parts))


def _is_bearable(sent: bytes) -> bool:
    if len(sent) <= MAX_PARTS:
        return True
    return len(sent) <= MAX_ANSWER and sum(map(sent.count, _PARTS)) <= MAX_PARTS


_ENCODER = msgspec.json.Encoder(order="deterministic")
_PARTS = (b"[", b"{", b",")


def _plain(value: Any) -> Any:
    """The value with tuples, which JSON does not know."""
    return tuple(map(_plain, value)) if type(value) is list else value


def _fault(error: SourceError | None) -> _Fault | None:
    if error is None:
        return None
    name = next(kind.__name__ for kind in type(error).__mro__ if kind.__name__ in _ERRORS)
    fault = _Fault(cast("_Name", name), whole(str(error)), whole(error.hint))
    if isinstance(error, FetchError):
        fault.status, fault.retry_after = error.status, error.retry_after
    return fault


def _error(fault: _Fault) -> SourceError:
    """The error itself. Raises ValueError for what is none."""
    if fault.name == FetchError.__name__ and -MOST <= (fault.status or 0) <= MOST:
        return FetchError(fault.message, hint=fault.hint, status=fault.status, retry_after=fault.retry_after)
    if (fault.status, fault.retry_after) != (None, None):
        raise ValueError(fault)
    return _ERRORS[fault.name](fault.message, hint=fault.hint)
