"""``search --stdin``: a query a line in, a JSON document a line out, in the same order.

A line that cannot be answered gets a document of its own that says so, and the others are answered all the same.
"""

from __future__ import annotations

import codecs
import difflib
import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import IO, Any, Final, NoReturn

from notes.errors import SlipwayError, UsageError
from slipway.search.asking import Asking, Wish
from slipway.search.replies import reply_document

__all__ = ["LONGEST_LINE", "Answered", "answer_lines"]

LONGEST_LINE: Final = 1_000_000
"""Bytes of a line; of a longer one no more is kept in memory."""

_MODES = ("hybrid", "semantic", "lexical")
_KINDS = ("note", "post", "item")
_MOST = 10_000  # results
# What a line may say, and what it is called in a wish; the plural stands for the same.
_TEXTS = {"topic": "topic", "since": "since", "until": "until"}
_LISTS = {
    name: field
    for one, field in (("tag", "tags"), ("source", "sources"), ("lang", "langs"), ("kind", "kinds"))
    for name in (one, field)
}
_KNOWN = ("id", "query", "mode", "n", *_TEXTS, *_LISTS)


@dataclass(frozen=True, slots=True)
class Answered:
    """What came of a line: the document, its warnings, and whether the line could be answered."""

    document: Mapping[str, object]
    warnings: tuple[str, ...] = ()
    ok: bool = True


def answer_lines(stream: IO[bytes], asking: Asking, plain: Wish) -> Iterator[Answered]:
    """Each line's document; ``plain`` is what the command line says for all. Empty lines are passed over."""
    for number, line in enumerate(_lines(stream), start=1):
        name: object = None
        try:
            said, name = _read(line)
            if said is None:
                continue
            wish, warnings = _wish(said, plain)
            reply = asking(wish)
            reply = replace(reply, warnings=(*warnings, *reply.warnings))
            yield Answered(_named(name, reply_document(reply)), reply.warnings)
        except SlipwayError as error:
            # Of a line that could be read the id is told, so that the answer finds its question.
            told: dict[str, object] = {"line": number, "error": error.message, "hint": error.hint}
            yield Answered(_named(name, told), ok=False)


def _named(name: object, document: dict[str, object]) -> dict[str, object]:
    return document if name is None else {"id": name} | document


def _lines(stream: IO[bytes]) -> Iterator[bytes]:
    """The lines without their ends, a byte order mark before the first left out; of one too long its beginning and more."""
    first = True
    while line := stream.readline(LONGEST_LINE + 1):
        whole = line
        while not whole.endswith(b"\n") and len(whole) > LONGEST_LINE:
            whole = stream.readline(LONGEST_LINE + 1)
        if first:
            line = line.removeprefix(codecs.BOM_UTF8)
        first = False
        yield line.rstrip(b"\r\n") if line.endswith(b"\n") else line


def _read(line: bytes) -> tuple[dict[str, Any] | None, object]:
    """What a line says and the id it gives: None for an empty line. UsageError for what is no query."""
    if len(line) > LONGEST_LINE:
        raise UsageError(f"a line of more than {LONGEST_LINE:,} bytes", hint="one query a line; `--like` takes a text")
    try:
        text = line.decode("utf-8").replace("\0", " ").strip()
    except UnicodeDecodeError as error:
        raise UsageError(f"not UTF-8: {error.reason} at byte {error.start}", hint="recode it with iconv") from None
    if not text:
        return None, None
    if not text.startswith("{"):
        return {"query": text}, None
    try:
        said = json.loads(text, parse_constant=_no_number, parse_float=_float)
    except (ValueError, RecursionError) as error:
        reason = str(error) if isinstance(error, ValueError) else "nested too deeply"
        raise UsageError(f"not JSON: {reason}", hint='plain text, or {"id": …, "query": …}') from None
    return said, said.get("id")


def _float(digits: str) -> float:
    """ValueError for what is beyond all floats: it would be told as `Infinity`, which is no JSON."""
    number = float(digits)
    return number if math.isfinite(number) else _no_number(digits)


def _no_number(said: str) -> NoReturn:
    raise ValueError(f"{said[:40]} is no number that can be kept")


def _wish(said: Mapping[str, Any], plain: Wish) -> tuple[Wish, tuple[str, ...]]:
    """What the line asks for over what the command line does, and a word on every key that nobody knows."""
    query = said.get("query")
    if not isinstance(query, str) or not query.strip():
        raise UsageError("no query: it must be a text with something in it", hint='{"id": …, "query": …}')
    changes: dict[str, Any] = {"text": query}
    for key, value in said.items():
        if key in _TEXTS:
            changes[_TEXTS[key]] = _text(key, value)
        elif key in _LISTS:
            changes[_LISTS[key]] = _texts(key, value)
    if "mode" in said:
        changes["mode"] = _one_of("mode", said["mode"], _MODES)
    if "n" in said:
        changes["limit"] = _number(said["n"])
    for kind in changes.get("kinds", ()):
        _one_of("kind", kind, _KINDS)
    return replace(plain, **changes), tuple(_unknown(key) for key in said if key not in _KNOWN)


def _text(key: str, value: object) -> str:
    if not isinstance(value, str):
        raise UsageError(f"{key}: must be a text, not {json.dumps(value)[:40]}")
    return value


def _texts(key: str, value: object) -> tuple[str, ...]:
    given = value if isinstance(value, list) else [value]
    return tuple(one for one in (_text(key, one) for one in given) if one)


def _one_of(key: str, value: object, allowed: tuple[str, ...]) -> str:
    if value not in allowed:
        raise UsageError(f"{key}: {json.dumps(value)[:40]} is none of {', '.join(allowed)}")
    return str(value)


def _number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST:
        raise UsageError(f"n: {json.dumps(value)[:40]} is no whole number from 1 to {_MOST}")
    return value


def _unknown(key: str) -> str:
    near = difflib.get_close_matches(key, _KNOWN, n=1)
    return f"the key {key[:40]!r} is not read" + (f"; did you mean {near[0]!r}?" if near else "")
