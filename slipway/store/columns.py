"""Column types that hold the domain's values alike on SQLite and on PostgreSQL.

Everything is text, so that the light read path (:mod:`slipway.reading`) can read it without SQLAlchemy. On PostgreSQL
text is compared byte by byte, as SQLite does, or the order of rows would hang on the server's locale.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Dialect, Text
from sqlalchemy.types import TypeDecorator, TypeEngine

from notes.model import Block, BlockKind

__all__ = ["Blocks", "Counts", "Moment", "Numbers", "Plain", "Texts", "storable"]


_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
# What the encoder itself writes a text with, without asking for each value of which kind it is.
_quoted = json.encoder.encode_basestring


def storable(text: str) -> str:
    """``text`` as every database takes it: without NUL, which PostgreSQL refuses, and without lone surrogates."""
    # A JSON feed can hold both: "\u0000" and "\ud800" are valid JSON.
    if "\0" in text:
        text = text.replace("\0", "")
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _text_type(dialect: Dialect) -> TypeEngine[Any]:
    return dialect.type_descriptor(Text(collation="C") if dialect.name == "postgresql" else Text())


class Plain(TypeDecorator[str]):
    """Text of any length, without what a database refuses."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in byte order."""
        return _text_type(dialect)

    def bound(self, value: str | None) -> str | None:
        """The value as drivers take it."""
        return None if value is None else storable(value)

    def process_bind_param(self, value: str | None, dialect: Dialect) -> str | None:
        """To the database."""
        return self.bound(value)


class Moment(TypeDecorator[datetime]):
    """An aware time as ISO 8601 text in UTC; texts sort as times do. A naive time is a bug and raises ValueError."""

    impl = Text
    cache_ok = True

    def load_dialect_impl(self, dialect: Dialect) -> TypeEngine[Any]:
        """Text in byte order."""
        return _text_type(dialect)

    def bound(self, value: datetime | None) -> str | None:
        """The value as drivers take it."""
        if value is None:
            return None
        if value.tzinfo is UTC:
            return value.isoformat()
        if value.utcoffset() is None:
            raise ValueError(f"a time without a zone: {value!r}")
        return value.astimezone(UTC).isoformat()

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> str | None:
        """To the database."""
        return self.bound(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> datetime | None:
        """From the database."""
        return None if value is None else datetime.fromisoformat(value)


class Json(TypeDecorator[Any]):
    """A value as JSON text."""

    impl = Text
    cache_ok = True

    def written(self, value: Any) -> str:
        """The value as JSON."""
        return _encode(value)

    def unpack(self, value: Any) -> Any:
        """The value as the domain knows it."""
        return value

    def bound(self, value: Any) -> str:
        """The value as drivers take it."""
        return "[]" if value == () else storable(self.written(value))

    def process_bind_param(self, value: Any, dialect: Dialect) -> str | None:
        """To the database."""
        return self.bound(value)

    def process_result_value(self, value: str | None, dialect: Dialect) -> Any:
        """From the database."""
        return self.unpack([] if value == "[]" else json.loads(value or "[]"))


class Texts(Json):
    """A tuple of texts."""

    cache_ok = True

    def written(self, value: Iterable[str]) -> str:
        """A list of them."""
        return f"[{','.join(map(_quoted, value))}]"

    def unpack(self, value: Any) -> tuple[str, ...]:
        """A tuple, as the domain has it."""
        return tuple(value)


class Numbers(Json):
    """A list of whole numbers."""

    cache_ok = True

    def written(self, value: Iterable[int]) -> str:
        """A list of them, as Python writes it too."""
        return str(list(value))


class Counts(Json):
    """Numbers by name."""

    cache_ok = True


class Blocks(Json):
    """The blocks of an article, each ``[kind, text, level]``."""

    cache_ok = True

    def written(self, value: tuple[Block, ...]) -> str:
        """A list for each block."""
        # A kind is a text, but takes its time to be formatted as one.
        blocks = ['["' + block.kind + f'",{_quoted(block.text)},{block.level}]' for block in value]
        return f"[{','.join(blocks)}]"

    def unpack(self, value: list[Any]) -> tuple[Block, ...]:
        """The blocks themselves."""
        return tuple(Block(BlockKind(kind), text, level) for kind, text, level in value)
