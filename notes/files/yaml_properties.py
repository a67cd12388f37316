"""Properties in YAML: what Obsidian makes of them, under a bound.

Plain scalars become a bool, int, float, date or datetime only in their clean form; everything else stays the string that
stands in the file, because YAML 1.1 reads ``2602.01230`` as a float, ``no`` as false, ``12:30:45`` as 45045 and ``1.10``
as 1.1, and because a day that does not exist is still what somebody wrote.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any, Final

import yaml

__all__ = ["read"]

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_MAX_LENGTH: Final = 256 * 1024
_MAX_DEPTH: Final = 20
_MAX_VALUES: Final = 50_000
_MAX_SALVAGED: Final = 200

_WORD_VALUES: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?")
# A number to its writer, not a version or a price: nothing is lost when it is written again.
_LOSSLESS: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)\.(?:0|[0-9]*[1-9])(?:[eE][-+]?[0-9]+)?")
_ARXIV: Final = re.compile(r"[0-9]{4}\.[0-9]{4,5}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:[Zz]|[-+][0-9]{2}:?[0-9]{2})?"
)
_STR_TAG: Final = "tag:yaml.org,2002:str"
_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)
# A line on which a property begins: what stands before it cannot be part of it.
_PROPERTY: Final = re.compile(r"(?m)^(?=[^\W\d][\w .-]{0,60}:(?:[ \t]|$))")
# ``title: SkillRL: agents that learn``: no YAML, but everybody knows what is meant.
_PLAIN_LINE: Final = re.compile(
    r"(?P<key>[^\W\d][\w .-]{0,60}):[ \t]+(?P<value>[^\s\[{\"'|>&*!%@`#][^\x00-\x1f\x7f\ud800-\udfff]{0,500})"
)


class _TroubleError(Exception):
    """Why a frontmatter cannot be taken over."""


def read(source: str) -> tuple[dict[str, object], str]:
    """The properties and the trouble (empty when all is well). Never raises.

    Of a source that is no YAML those properties are kept that are YAML by themselves: one slip of the pen does not take a
    note's id away.
    """
    try:
        return _properties(source)
    except (_TroubleError, yaml.YAMLError, ValueError) as error:
        return _salvaged(source), _in_words(error)


def _salvaged(source: str) -> dict[str, object]:
    if len(source) > _MAX_LENGTH:
        return {}
    found: dict[str, object] = {}
    for part in _PROPERTY.split(source)[:_MAX_SALVAGED]:
        try:
            found |= _properties(part)[0]
        except (_TroubleError, yaml.YAMLError, ValueError):
            if line := _PLAIN_LINE.fullmatch(part.strip()):
                found[line["key"]] = line["value"].rstrip()
    return found


def _in_words(error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark is not None:
        return f"line {error.problem_mark.line + 2}: {error.problem or 'not YAML'}"
    return " ".join(str(error).split())[:200] or type(error).__name__


def _properties(source: str) -> tuple[dict[str, object], str]:
    if len(source) > _MAX_LENGTH:
        raise _TroubleError(f"longer than {_MAX_LENGTH} characters")
    loader = _Loader(source)
    try:
        builder = _Builder(loader)
        return builder.document(), builder.trouble
    finally:
        loader.dispose()


class _Builder:
    """Builds values from YAML's events, under a budget and a depth.

    From events, not from nodes: libyaml's composer recurses on the C stack and crashes the process on deep nesting.
    """

    def __init__(self, loader: Any) -> None:
        self.next: Callable[[], Any] = loader.get_event
        self.left = _MAX_VALUES
        self.anchors: dict[str, tuple[object, int]] = {}
        self.trouble = ""

    def document(self) -> dict[str, object]:
        self.next()
        if isinstance(self.next(), yaml.StreamEndEvent):
            return {}
        found = self.value(self.next(), 0)
        self.next()
        if not isinstance(self.next(), yaml.StreamEndEvent):
            raise _TroubleError("more than one document")
        if found is None:
            return {}
        if not isinstance(found, dict):
            raise _TroubleError("the frontmatter is not a list of properties")
        return found

    def value(self, event: Any, depth: int) -> object:
        self.spend(1)
        if isinstance(event, yaml.AliasEvent):
            return self.alias(str(event.anchor))
        if event.tag is not None and event.tag not in _TAGS:
            raise _TroubleError(f"the type {event.tag!r} is not known")
        if depth > _MAX_DEPTH:
            raise _TroubleError("nested too deeply")
        before = self.left
        found = self.content(event, depth)
        if event.anchor:
            self.anchors[event.anchor] = found, before - self.left
        return found

    def content(self, event: Any, depth: int) -> object:
        if isinstance(event, yaml.MappingStartEvent):
            return self.mapping(depth)
        if isinstance(event, yaml.SequenceStartEvent):
            return list(self.parts(yaml.SequenceEndEvent, depth))
        found = _scalar(event)
        if isinstance(found, str) and not event.style and (_DATE.fullmatch(found) or _MOMENT.fullmatch(found)):
            self.trouble = self.trouble or f"there is no such time as {found}"
        return found

    def parts(self, end: type, depth: int) -> Iterator[object]:
        while not isinstance(event := self.next(), end):
            yield self.value(event, depth + 1)

    def mapping(self, depth: int) -> dict[str, object]:
        found: dict[str, object] = {}
        while not isinstance(event := self.next(), yaml.MappingEndEvent):
            if not isinstance(event, yaml.ScalarEvent):
                raise _TroubleError("a key is not a plain word")
            key = _clean(event.value)
            if key in found:
                self.trouble = self.trouble or f"the key {key!r} is given twice"
            found[key] = self.value(self.next(), depth + 1)
        return found

    def alias(self, name: str) -> object:
        # An anchor that is still open is not here yet: a value that holds itself.
        if name not in self.anchors:
            raise _TroubleError(f"the alias {name!r} stands for nothing")
        found, size = self.anchors[name]
        self.spend(size)
        return found

    def spend(self, count: int) -> None:
        self.left -= count
        if self.left < 0:
            raise _TroubleError("aliases expand without bound")


def _clean(value: str) -> str:
    if any("\ud800" <= char <= "\udfff" for char in value):
        raise _TroubleError("half of a surrogate pair")
    return value


def _scalar(event: Any) -> object:
    value = _clean(event.value)
    if event.style or event.tag == _STR_TAG:
        return value
    return _resolved(value)


def _resolved(value: str) -> object:
    """The value of a plain scalar."""
    if value in _WORD_VALUES:
        return _WORD_VALUES[value]
    if _INT.fullmatch(value):
        if len(value) > 19:
            raise _TroubleError(f"a number of {len(value)} digits")
        return int(value)
    if _FLOAT.fullmatch(value) and not _ARXIV.fullmatch(value):
        return float(value) if _LOSSLESS.fullmatch(value) else value
    return _as_time(value)


def _as_time(value: str) -> object:
    try:
        if _DATE.fullmatch(value):
            return date.fromisoformat(value)
        return datetime.fromisoformat(value.upper()) if _MOMENT.fullmatch(value) else value
    except ValueError:  # the thirtieth of February
        return value
