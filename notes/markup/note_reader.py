"""A Markdown file of the vault, whoever wrote it, as a :class:`~notes.model.VaultNote`.

Reading is generous: it never raises, and a property of the wrong type is left out rather than taken for something else.
"""

from __future__ import annotations

import codecs
import hashlib
import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Final

from notes import identity
from notes.files import frontmatter
from notes.markup import markdown
from notes.model import VaultNote

__all__ = ["READER_MODULES", "body_title", "read_note"]

READER_MODULES: Final = (
    "files/frontmatter",
    "files/toml_properties",
    "files/yaml_properties",
    "identity",
    "markup/markdown",
    "markup/note_reader",
    "markup/references",
    "model",
    "topics",
)
"""The modules below ``notes`` whose code decides what a file is read as: when one changes, all is read again."""

_UTF_16: Final = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def read_note(path: str, raw: bytes, *, mtime_ns: int) -> VaultNote:
    """The note in the file at ``path`` (relative to the vault, with ``/``) whose bytes are ``raw``. Never raises."""
    text, trouble = _decoded(raw)
    properties, body, head_trouble = frontmatter.read(text)
    content = markdown.read(body)
    stem = PurePosixPath(path).stem
    return VaultNote(
        id=_word(properties, "id") or stem,
        path=path,
        title=_word(properties, "title") or body_title(content) or stem,
        sha256=hashlib.sha256(raw).hexdigest(),
        size=len(raw),
        mtime_ns=mtime_ns,
        aliases=_list(properties, "aliases", "alias"),
        created=_day(properties, "created", "date"),
        published=_day(properties, "published"),
        tags=_tags(properties, content.tags),
        source=_word(properties, "source"),
        source_type=_word(properties, "source_type"),
        url=_url(properties),
        arxiv_id=_arxiv_id(properties),
        doi=identity.doi(_word(properties, "doi", "DOI")),
        authors=_list(properties, "authors", "author"),
        quality_score=_number(properties.get("quality_score")),
        topic=_word(properties, "topic"),
        lang=_word(properties, "lang") or "und",
        related=_links(properties.get("related_notes")),
        wikilinks=_all_wikilinks(properties, content.wikilinks),
        references=content.references,
        body=body,
        sections=content.sections,
        properties=properties,
        trouble=trouble or head_trouble or _too_long(body),
    )


def _too_long(body: str) -> str:
    most = markdown.MAX_PARSED
    return f"longer than {most:,} characters: the text is taken as it stands" if len(body) > most else ""


def body_title(content: markdown.MarkdownText) -> str:
    """The first heading of level 1, or nothing."""
    return next((section.heading for section in content.sections if section.level == 1), "")


def _decoded(raw: bytes) -> tuple[str, str]:
    """The text, and what is wrong with it. A NUL is shown as U+FFFD, as CommonMark has it (§2.3): databases refuse it."""
    if raw.startswith(_UTF_16):
        return raw.decode("utf-16", "replace").replace("\0", "\ufffd"), "the file is UTF-16, not UTF-8"
    trouble = ""
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        text, trouble = raw.decode("utf-8-sig", "replace"), f"byte {error.start} is not UTF-8"
    if "\0" in text:
        return text.replace("\0", "\ufffd"), trouble or "the text holds NUL"
    return text, trouble


# --- properties ----------------------------------------------------------------------------------------------------


def _word(properties: Mapping[str, object], *keys: str) -> str:
    for key in keys:
        value = properties.get(key)
        if isinstance(value, (str, int, float, date)) and not isinstance(value, bool) and value != "":
            return str(value).strip()
    return ""


def _strings(value: object) -> Iterator[str]:
    """The strings in a value, however it is nested."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for part in value:
            yield from _strings(part)
    elif isinstance(value, (str, int, float, date)) and not isinstance(value, bool):
        yield str(value)


def _list(properties: Mapping[str, object], *keys: str) -> tuple[str, ...]:
    """A list property; a string stands for a list of one, as in Obsidian."""
    value = next((properties[key] for key in keys if properties.get(key)), None)
    if isinstance(value, dict):
        return ()
    return tuple(dict.fromkeys(text.strip() for text in _strings(value) if text.strip()))


def _tags(properties: Mapping[str, object], inline: tuple[str, ...]) -> tuple[str, ...]:
    value = properties.get("tags") or properties.get("tag")
    # A string holds tags parted by commas or blanks; in a list a blank is part of a (broken) tag.
    parts = re.split(r"[,\s]+", value) if isinstance(value, str) else [] if isinstance(value, dict) else _strings(value)
    named = (part.strip().removeprefix("#").strip("/") for part in parts)
    return tuple(dict.fromkeys(tag for tag in (*named, *inline) if tag))


def _day(properties: Mapping[str, object], *keys: str) -> date | None:
    return next((day for key in keys if (day := _as_day(properties.get(key))) is not None), None)


def _as_day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(value: object) -> float | None:
    if isinstance(value, str) and re.fullmatch(r"[0-9]+\.[0-9]+", value):
        return float(value)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return None


def _url(properties: Mapping[str, object]) -> str:
    """The note's own address; clippers write it as ``link`` or ``source``."""
    clipped = (_word(properties, key) for key in ("link", "source"))
    return _word(properties, "url") or next((word for word in clipped if word.startswith(("http://", "https://"))), "")


def _arxiv_id(properties: Mapping[str, object]) -> str:
    word = _word(properties, "arxiv_id", "arxiv", "eprint")
    found = identity.arxiv_id(word)
    return found[0] if found else word


# --- links ---------------------------------------------------------------------------------------------------------


def _links(value: object) -> tuple[str, ...]:
    """Ids from wikilinks or bare ids. An unquoted ``[[a]]`` is a list in a list to YAML."""
    found: list[str] = []
    for text in _strings(value):
        for part in re.findall(r"\[\[.*?\]\]|[^,\[\]]+", text):
            target = part.strip("[]").split("|")[0].split("#")[0].strip()
            if target:
                found.append(target)
    return tuple(dict.fromkeys(found))


def _all_wikilinks(properties: Mapping[str, object], in_body: tuple[str, ...]) -> tuple[str, ...]:
    quoted = [text for value in properties.values() for text in _strings(value) if "[[" in text]
    in_properties = (link for text in quoted for link in re.findall(r"\[\[([^\[\]|#]+)", text))
    return tuple(dict.fromkeys((*in_body, *(link.strip() for link in in_properties))))
