"""Obsidian's documented rules for a vault, as a check.

Properties are flat and of one type for each key over the whole vault; links in them are quoted; ``tag``, ``alias`` and
``cssclass`` are deprecated; tags hold letters, digits, ``_``, ``-``, ``/`` and at least one character that is no digit;
file names avoid what links and file systems cannot carry (help.obsidian.md: Properties, Tags, Internal links).
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Final

from notes.model import VaultNote

__all__ = ["LinkIndex", "Targets", "check", "is_tag"]

_LISTS: Final = frozenset({"tags", "aliases", "cssclasses"})
_DEPRECATED: Final = {"tag": "tags", "alias": "aliases", "cssclass": "cssclasses"}
_FORBIDDEN: Final = re.compile(r'[\[\]#^|:\\?*"<>\x00-\x1f]')
_RESERVED: Final = re.compile(r"(?i)(?:con|prn|aux|nul|com[1-9]|lpt[1-9])(?:\..*)?")
_MAX_NAME: Final = 255
_DAY_OR_PLACE: Final = re.compile(r"\d{4}-\d\d-\d\d|\{\{[\w: -]+\}\}")


def is_tag(text: str) -> bool:
    """Whether ``text``, without ``#``, is a tag to Obsidian: no blank, no dot, no empty level, not all digits."""
    return re.search(r"[^\d/]", text) is not None and all(map(_is_level, text.split("/")))


def _is_level(text: str) -> bool:
    return bool(text) and all(map(_is_tag_character, text))


def _is_tag_character(char: str) -> bool:
    # Emoji are symbols (So), their modifiers Sk and Mn; ASCII symbols such as ``$`` end a tag.
    return char.isalnum() or char in "_-\u200d" or (not char.isascii() and unicodedata.category(char)[0] in "MS")


def check(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """All that Obsidian would complain of, as ``path: what``, in the order of the paths.

    ``files`` are all files of the vault, Markdown or not, by path with ``/``. Empty when all is well.
    """
    from notes.markup.document import read_note

    notes = [read_note(path, files[path], mtime_ns=0) for path in sorted(files) if path.endswith(".md")]
    links = LinkIndex(files, notes)
    complaints = [*_names(files), *_types(notes)]
    for note in notes:
        complaints += [f"{note.path}: {what}" for what in (*_properties(note), *_tags(note), *_unresolved(note, links))]
    return tuple(sorted(complaints))


# --- names ---------------------------------------------------------------------------------------------------------


def _names(paths: Iterable[str]) -> Iterator[str]:
    twins: dict[str, list[str]] = defaultdict(list)
    for path in paths:
        twins[unicodedata.normalize("NFC", path).casefold()].append(path)
        for part in PurePosixPath(path).parts:
            if what := _name_fault(part):
                yield f"{path}: {what}"
    for same in twins.values():
        if len(same) > 1:
            yield f"{min(same)}: cannot be told from {', '.join(sorted(same)[1:])}"


def _name_fault(name: str) -> str:
    if match := _FORBIDDEN.search(name):
        return f"the name holds {match[0]!r}"
    if len(name.encode("utf-8", "replace")) > _MAX_NAME:
        return f"the name is longer than {_MAX_NAME} bytes"
    if not any(char.isalnum() for char in name.rsplit(".", 1)[0]) and not name.startswith("."):
        return "the name is punctuation only"
    if name.endswith((" ", ".")) or name.startswith(" "):
        return "the name begins or ends with what systems drop"
    return "the name is reserved on Windows" if _RESERVED.fullmatch(name) else ""


# --- properties ----------------------------------------------------------------------------------------------------


def _properties(note: VaultNote) -> Iterator[str]:
    if note.trouble:
        yield f"the properties cannot be read: {note.trouble}"
    for key, value in note.properties.items():
        if key in _DEPRECATED:
            yield f"{key} is deprecated, use {_DEPRECATED[key]}"
        if _is_unquoted_link(value):
            yield f"{key} holds a wikilink without quotes"
        elif _is_nested(value):
            yield f"{key} is nested"


def _is_nested(value: object) -> bool:
    parts = value if isinstance(value, list) else []
    return isinstance(value, dict) or any(isinstance(part, (dict, list)) for part in parts)


def _is_unquoted_link(value: object) -> bool:
    parts = value if isinstance(value, list) else []
    return any(isinstance(part, list) and len(part) == 1 and not isinstance(part[0], (dict, list)) for part in parts)


def _type(key: str, value: object) -> str:
    if key in _LISTS or isinstance(value, list):
        return "list"
    if isinstance(value, bool):
        return "checkbox"
    if isinstance(value, (int, float)):
        return "number"
    if isinstance(value, datetime):
        return "date and time"
    return "date" if isinstance(value, date) else "text"


def _is_of_any_type(value: object) -> bool:
    """A day in quotes, which Obsidian shows as the date that it is, or the place for one in a template."""
    return isinstance(value, str) and _DAY_OR_PLACE.fullmatch(value) is not None


def _types(notes: Iterable[VaultNote]) -> Iterator[str]:
    """A key that has two types over the vault; the rarer one is complained of."""
    seen: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for note in notes:
        for key, value in note.properties.items():
            if value is not None and not isinstance(value, dict) and not _is_of_any_type(value):
                seen[key][_type(key, value)].append(note.path)
    for key, by_type in seen.items():
        usual, *others = sorted(by_type, key=lambda kind: (-len(by_type[kind]), kind))
        for kind in others:
            yield f"{by_type[kind][0]}: {key} is a {kind}, in {by_type[usual][0]} it is a {usual}"


def _tags(note: VaultNote) -> Iterator[str]:
    value = note.properties.get("tags")
    named = value if isinstance(value, list) else [value] if isinstance(value, str) else []
    for tag in named:
        if not isinstance(tag, str) or not is_tag(tag):
            yield f"{tag!r} is no tag"


# --- links ---------------------------------------------------------------------------------------------------------


class LinkIndex:
    """Resolves link targets as Obsidian does: by path, name, path relative to the note; by alias and id as well.

    Case and normalisation (NFC, NFD) do not count, but where two notes differ in nothing else each is found by its own
    spelling.
    """

    def __init__(self, paths: Iterable[str], notes: Iterable[VaultNote]) -> None:
        self._paths, self._names, self._tails, self._aliases = _Spellings(), _Spellings(), _Spellings(), _Spellings()
        # The shortest path wins a name that several share.
        for path in sorted(paths, key=lambda path: (path.count("/"), path)):
            for form in dict.fromkeys((path, path.removesuffix(".md"))):
                self._paths.add(form, path)
                self._add_tails(form, path)
        for note in notes:
            for name in (note.id, *note.aliases):
                self._aliases.add(name, note.path)

    def resolve(self, target: str, source: str) -> str | None:
        """The path that ``target`` stands for in the note at ``source``; None when it leads nowhere."""
        return (
            self._paths.get(target.lstrip("/"))
            or self._paths.get(_joined(PurePosixPath(source).parent, target))
            or self._names.get(target)
            or self._aliases.get(target)
            or self._tails.get(target)
        )

    def _add_tails(self, form: str, path: str) -> None:
        parts = form.split("/")
        self._names.add(parts[-1], path)
        for start in range(1, len(parts) - 1):
            self._tails.add("/".join(parts[start:]), path)


class _Spellings:
    """Names and what they stand for: as they are spelled, else as they are read. The first of a name keeps it."""

    def __init__(self) -> None:
        self._spelled: dict[str, str] = {}
        self._folded: dict[str, str] = {}

    def add(self, name: str, path: str) -> None:
        self._spelled.setdefault(name, path)
        self._folded.setdefault(_folded(name), path)

    def get(self, name: str) -> str | None:
        return self._spelled.get(name) or self._folded.get(_folded(name))


class Targets:
    """What links to the notes of a vault must hold so that each leads to its note, from whichever note it starts.

    ``paths`` are those of all Markdown files. :func:`notes.markup.inert.wikilink` makes links of what is given here.
    """

    def __init__(self, paths: Iterable[str] = ()) -> None:
        self._stems = Counter(_folded(_stem(path)) for path in paths)

    def of(self, note: VaultNote) -> str:
        """The file's stem while that is the note's id and no other file's, else its path without ``.md``."""
        path, stem = note.path.removesuffix(".md"), _stem(note.path)
        if path.endswith(".md"):  # without its own ending it would name another file
            return note.path
        return stem if stem == note.id and self._stems[_folded(stem)] <= 1 else path


def _stem(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".md")


def _joined(folder: PurePosixPath, target: str) -> str:
    parts: list[str] = list(folder.parts)
    for part in PurePosixPath(target).parts:
        if part == "..":
            del parts[-1:]
        else:
            parts.append(part)
    return "/".join(parts)


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name).casefold()


def _unresolved(note: VaultNote, links: LinkIndex) -> Iterator[str]:
    for target in note.wikilinks:
        if links.resolve(target, note.path) is None:
            yield f"[[{target}]] leads nowhere"
