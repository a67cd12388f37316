"""Frontmatter: read from any file without ever raising, written in one fixed style.

Reading keeps to what Obsidian calls properties: a block of YAML between two ``---`` lines at the very start. Plain
scalars become a bool, int, float, date or datetime only in their clean form; everything else stays the string that
stands in the file, because YAML 1.1 reads ``2602.01230`` as a float, ``no`` as false and ``12:30:45`` as 45045.
TOML (``+++``) and JSON blocks are body, as they are in Obsidian.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any, Final

import yaml

__all__ = ["read", "split", "write"]

_Loader: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

_BLOCK: Final = re.compile(r"\A---[ \t]*\n(?P<yaml>(?:.*\n)*?)---[ \t]*(?:\n|\Z)")
_MAX_LENGTH: Final = 256 * 1024
_MAX_DEPTH: Final = 20
_MAX_VALUES: Final = 50_000

_WORD_VALUES: Final = {
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
}
_INT: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]*)")
_FLOAT: Final = re.compile(r"[-+]?[0-9]+\.[0-9]+(?:[eE][-+]?[0-9]+)?")
_ARXIV: Final = re.compile(r"[0-9]{4}\.[0-9]{4,5}")
_DATE: Final = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_MOMENT: Final = re.compile(
    r"[0-9]{4}-[0-9]{2}-[0-9]{2}[Tt ][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]{1,6})?)?(?:[Zz]|[-+][0-9]{2}:?[0-9]{2})?"
)
_STR_TAG: Final = "tag:yaml.org,2002:str"
_TAGS: Final = frozenset(
    f"tag:yaml.org,2002:{name}" for name in ("str", "int", "float", "bool", "null", "timestamp", "seq", "map")
)


class _TroubleError(Exception):
    """Why a frontmatter cannot be taken over."""


def split(text: str) -> tuple[str | None, str]:
    """The YAML between the two ``---`` lines (None when there is no such block) and the body below it.

    A byte order mark is dropped and CRLF becomes LF, in both parts.
    """
    text = text.removeprefix("\ufeff").replace("\r\n", "\n")
    match = _BLOCK.match(text)
    if match is None:
        return None, text
    return match["yaml"], text[match.end() :]


def read(text: str) -> tuple[dict[str, object], str, str]:
    """The properties, the body and the trouble (empty when all is well) of a Markdown file's text.

    Never raises. With trouble the properties are empty, save for a key given twice: then the last value stands.
    """
    source, body = split(text)
    if source is None:
        return {}, body, ""
    try:
        properties, twice = _properties(source)
    except (_TroubleError, yaml.YAMLError, ValueError) as error:
        return {}, body, _in_words(error)
    return properties, body, f"the key {twice!r} is given twice" if twice else ""


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
        return builder.document(), builder.twice
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
        self.twice = ""

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
        return _scalar(event)

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
                self.twice = self.twice or key
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
    """The value of a plain scalar; raises ValueError for a date that does not exist."""
    if value in _WORD_VALUES:
        return _WORD_VALUES[value]
    if _INT.fullmatch(value):
        if len(value) > 19:
            raise _TroubleError(f"a number of {len(value)} digits")
        return int(value)
    if _FLOAT.fullmatch(value) and not _ARXIV.fullmatch(value):
        return float(value)
    if _DATE.fullmatch(value):
        return date.fromisoformat(value)
    if _MOMENT.fullmatch(value):
        return datetime.fromisoformat(value.upper())
    return value


# --- writing -------------------------------------------------------------------------------------------------------

_QUOTED_KEYS: Final = frozenset({"arxiv_id"})
_PLAIN: Final = re.compile(r"[^\W_](?:[\w \-./+&()%;!?=@'：，。；（）《》「」『』、！？“”‘’—–…·]|:(?=[^\s:]))*")
_WORDS: Final = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "none"})
_NUMBER_LIKE: Final = re.compile(
    r"(?i)[-+]?(?:\.?[0-9][0-9_,]*\.?[0-9_]*(?:e[-+]?[0-9]*)?|0[xob][0-9a-f_]+|[0-9]+(?::[0-9]+)+(?:\.[0-9]*)?"
    r"|[0-9]{4}-[0-9]{1,2}-[0-9]{1,2}(?:[t ].*)?)"
)
# What plugins and template engines look for in the raw file, wherever it stands: written as \xNN, read back as it was.
_ACTIVE: Final = re.compile(
    r"<(?=[A-Za-z/!?%])|(?<=[<{%])%|%(?=>)|\{(?=[{%#])|\}(?=\})|`|(?<=\$)=|!(?=\[)|\\(?=[A-Za-z])"
)
_UNPRINTABLE: Final = re.compile(
    r"[\x00-\x1f\x7f-\xa0\xad\u061c\u200b-\u200f\u2028-\u202f\u2060-\u206f\ufeff\ufff9-\ufffc\ufffe\uffff\U000e0000-\U000e0fff]"
)
_SURROGATE: Final = re.compile(r"[\ud800-\udfff]")


def write(mapping: Mapping[str, object]) -> str:
    """``---``, the properties in the given order, ``---``, each line ended.

    Values: str, bool, int, float, date, datetime, None, and lists or tuples of these, which are written in flow form.
    Strings are quoted only where a YAML 1.1 or 1.2 reader would take them for something else, ``arxiv_id`` always.
    Raises TypeError for anything nested, which Obsidian cannot show.
    """
    lines = [f"{_text(key, in_list=False)}: {_value(key, value)}".rstrip() for key, value in mapping.items()]
    return "\n".join(["---", *lines, "---", ""])


def _value(key: str, value: object) -> str:
    if isinstance(value, (list, tuple)):
        return "[" + ", ".join(_one(key, part, in_list=True) for part in value) + "]"
    return _one(key, value, in_list=False)


def _one(key: str, value: object, *, in_list: bool) -> str:
    match value:
        case None:
            return "null" if in_list else ""
        case bool():
            return "true" if value else "false"
        case str():
            return _text(value, in_list=in_list, quoted=key in _QUOTED_KEYS)
        case int():
            return str(value)
        case float():
            return _float(value)
        case date():
            return value.isoformat()
    raise TypeError(f"the property {key!r} cannot hold a {type(value).__name__}")


def _float(value: float) -> str:
    if not math.isfinite(value):
        raise TypeError("a property cannot hold what is no number")
    # ``1e-07`` has no point and would be read as a string.
    digits = f"{value:.12f}".rstrip("0")
    return digits + "0" if digits.endswith(".") else digits


def _text(value: str, *, in_list: bool, quoted: bool = False) -> str:
    value = _SURROGATE.sub("\ufffd", value)
    if _UNPRINTABLE.search(value) or _ACTIVE.search(value):
        return _double_quoted(value)
    if not quoted and _is_plain(value, in_list=in_list):
        return value
    return "'" + value.replace("'", "''") + "'"


def _is_plain(value: str, *, in_list: bool) -> bool:
    if _PLAIN.fullmatch(value) is None or value.endswith(" ") or "  " in value:
        return False
    if value.casefold() in _WORDS or _NUMBER_LIKE.fullmatch(value):
        return False
    # In a flow list some readers end a plain scalar at ``:`` before a quote or bracket, and PyYAML at any ``?``.
    return not (in_list and ("?" in value or (":" in value and "://" not in value)))


def _double_quoted(value: str) -> str:
    return '"' + "".join(_escaped(value)) + '"'


def _escaped(value: str) -> Iterator[str]:
    active = {match.start() for match in _ACTIVE.finditer(value)}
    for position, char in enumerate(value):
        if position in active or _UNPRINTABLE.match(char):
            yield _code(ord(char))
        else:
            yield f"\\{char}" if char in '"\\' else char


def _code(point: int) -> str:
    if point > 0xFFFF:
        return f"\\U{point:08x}"
    return f"\\u{point:04x}" if point > 0xFF else f"\\x{point:02x}"
