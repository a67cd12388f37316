"""Properties in TOML, as Hugo and Zola write them, under the bounds that hold for YAML."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from datetime import time
from typing import Final

__all__ = ["read"]

_MAX_LENGTH: Final = 256 * 1024
_MAX_DEPTH: Final = 20
_MAX_DOTS: Final = 20


def read(source: str) -> tuple[dict[str, object], str]:
    """The properties and the trouble (empty when all is well). Never raises.

    The tables ``taxonomies`` (Zola) and ``params`` (Hugo) are opened: their keys stand beside the others. A time of day becomes
    a string, since YAML has none.
    """
    if len(source) > _MAX_LENGTH:
        return {}, f"longer than {_MAX_LENGTH} characters"
    if any(line.count(".") > _MAX_DOTS and "=" not in line.partition(".")[0] for line in source.split("\n")):
        return {}, "nested too deeply"
    try:
        found = tomllib.loads(source)
        return {key: _plain(value, 1) for key, value in _opened(found)}, ""
    except (ValueError, RecursionError) as error:
        return {}, " ".join(str(error).split())[:200] or type(error).__name__


def _opened(found: dict[str, object]) -> Iterator[tuple[str, object]]:
    inner = {key: found.get(key) for key in ("taxonomies", "params")}
    for table in inner.values():
        if isinstance(table, dict):
            yield from ((key, value) for key, value in table.items() if key not in found)
    yield from ((key, value) for key, value in found.items() if not isinstance(inner.get(key), dict))


def _plain(value: object, depth: int) -> object:
    if depth > _MAX_DEPTH:
        raise ValueError("nested too deeply")
    if isinstance(value, dict):
        return {key: _plain(part, depth + 1) for key, part in value.items()}
    if isinstance(value, list):
        return [_plain(part, depth + 1) for part in value]
    return value.isoformat() if isinstance(value, time) else value
