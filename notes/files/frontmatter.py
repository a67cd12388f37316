"""Frontmatter: read from any file without ever raising, written in one fixed style.

A block of YAML between two ``---`` lines at the very start is what Obsidian calls properties; a block of TOML between
two ``+++`` lines, as Hugo and Zola write it, is understood as well. What a value means is told in
:mod:`notes.files.yaml_properties` and :mod:`notes.files.toml_properties`. A block of JSON is body, as it is in Obsidian.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping
from datetime import date
from typing import Final

from notes.files import toml_properties, yaml_properties

__all__ = ["read", "split", "write"]

_BLOCK: Final = re.compile(r"\A---[ \t]*\n(?P<yaml>(?:.*\n)*?)---[ \t]*(?:\n|\Z)")
_TOML_BLOCK: Final = re.compile(r"\A\+\+\+[ \t]*\n(?P<toml>(?:.*\n)*?)\+\+\+[ \t]*(?:\n|\Z)")


def split(text: str) -> tuple[str | None, str]:
    """The YAML between the two ``---`` lines (None when there is no such block) and the body below it.

    A byte order mark is dropped and CRLF becomes LF, in both parts.
    """
    text = _plain_ends(text)
    match = _BLOCK.match(text)
    if match is None:
        return None, text
    return match["yaml"], text[match.end() :]


def read(text: str) -> tuple[dict[str, object], str, str]:
    """The properties, the body and the trouble (empty when all is well) of a Markdown file's text.

    Never raises. With trouble the properties are those that can be read by themselves; of a key given twice the last
    value stands.
    """
    source, body = split(text)
    if source is not None:
        return _arranged(yaml_properties.read(source), body)
    match = _TOML_BLOCK.match(body)
    if match is None:
        return {}, body, ""
    return _arranged(toml_properties.read(match["toml"]), body[match.end() :])


def _arranged(found: tuple[dict[str, object], str], body: str) -> tuple[dict[str, object], str, str]:
    return found[0], body, found[1]


def _plain_ends(text: str) -> str:
    return text.removeprefix("\ufeff").replace("\r\n", "\n")


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
