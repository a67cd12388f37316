"""The note file: written from a :class:`~notes.model.Note`, read into a :class:`~notes.model.VaultNote`.

Writing is exact: the same note gives the same bytes. Reading is generous: whoever wrote the file, it never raises, and
a property of the wrong type is left out rather than taken for something else.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from pathlib import PurePosixPath
from typing import Final

from . import frontmatter, inert, markdown, origin
from .model import Figure, KeySentence, Note, Related, SourceType, VaultNote, blocks_text
from .obsidian import is_tag

__all__ = ["body_title", "read_note", "render_note", "task_id"]

_MAX_TITLE: Final = 300
_MAX_AUTHORS: Final = 50
_ARXIV_ID: Final = re.compile(r"[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}")
_NOTE_ID: Final = re.compile(r"(\d{8}-\d{3})(?:-|$)")


def task_id(note_id: str) -> str:
    """``learning-YYYYMMDD-NNN`` of a note of Slipway; empty for an id of another form."""
    match = _NOTE_ID.match(note_id)
    return f"learning-{match[1]}" if match else ""


# --- writing -------------------------------------------------------------------------------------------------------


def render_note(note: Note) -> str:
    """The whole file of ``note``, frontmatter and body, ended by one line break."""
    parts = [
        f"# {_title_markdown(note)}",
        origin.withdrawal(note),
        _summary(note.summary),
        _section("Abstract" if note.source_type is SourceType.ARXIV else "Text", inert.blocks_markdown(note.blocks)),
        _section("Key figures", _lines(_figure(figure) for figure in note.figures)),
        _section("Related", _lines(_related(related) for related in note.related)),
        _section("Versions", _lines(origin.versions(note))),
        _section("Sources", _lines(origin.sources(note))),
        f"---\n\n{_footer(note)}",
    ]
    return frontmatter.write(_properties(note)) + "\n" + "\n\n".join(part for part in parts if part) + "\n"


def _properties(note: Note) -> dict[str, object]:
    title = inert.property_text(note.title, limit=_MAX_TITLE) or "Untitled"
    links = [f"[[{related.id}]]" for related in note.related]
    properties: dict[str, object] = {
        "id": note.id,
        "title": title,
        "aliases": [title],
        "created": note.created,
        "published": note.published,
        "tags": [tag for tag in dict.fromkeys(note.tags) if is_tag(tag)],
        "source": inert.property_text(note.source),
        "source_type": note.source_type.value,
        "url": inert.url(note.url),
        "arxiv_id": note.arxiv_id if _ARXIV_ID.fullmatch(note.arxiv_id) else "",
        "doi": origin.doi(note),
        "authors": _authors(note.authors),
        "content_length": len(blocks_text(note.blocks)),
        "quality_score": round(float(note.quality_score), 2),
        "quality_reasons": [inert.one_line(reason) for reason in note.quality_reasons],
        "topic": inert.property_text(note.topic),
        "related_notes": links,
        "lang": note.lang,
    }
    left_out_when_empty = ("published", "url", "arxiv_id", "doi", "topic")
    return {key: value for key, value in properties.items() if value or key not in left_out_when_empty}


def _authors(authors: tuple[str, ...]) -> list[str]:
    names = [name for name in (inert.property_text(author, limit=120) for author in authors) if name]
    return names if len(names) <= _MAX_AUTHORS else [*names[: _MAX_AUTHORS - 1], "et al."]


def _title_markdown(note: Note) -> str:
    return inert.to_markdown(inert.shortened(note.title, _MAX_TITLE), links=False) or "Untitled"


def _section(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text}" if text else ""


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _summary(summary: tuple[KeySentence, ...]) -> str:
    return _lines(f"**{part.role.value.capitalize()}**: {inert.to_markdown(part.text)}" for part in summary)


def _figure(figure: Figure) -> str:
    names = ", ".join(inert.to_markdown(name) for name in (figure.system, figure.benchmark) if name)
    where = f" ({names})" if names else ""
    return f"**{inert.to_markdown(figure.text)}**{where}: {inert.to_markdown(figure.sentence)}"


def _related(related: Related) -> str:
    why = inert.to_markdown(related.why)
    return inert.wikilink(related.id, related.title) + (f" — {why}" if why else "")


def _footer(note: Note) -> str:
    parts = [f"Created: {note.created.isoformat()}", f"Quality: {note.quality_score:.2f}"]
    task = task_id(note.id)
    return "*" + " | ".join(parts + ([f"Task: {task}"] if task else [])) + "*"


# --- reading -------------------------------------------------------------------------------------------------------


def read_note(path: str, raw: bytes, *, mtime_ns: int) -> VaultNote:
    """The note in the file at ``path`` (relative to the vault, with ``/``) whose bytes are ``raw``. Never raises."""
    text, trouble = _decoded(raw)
    properties, body, yaml_trouble = frontmatter.read(text)
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
        created=_day(properties.get("created")),
        published=_day(properties.get("published")),
        tags=_tags(properties, content.tags),
        source=_word(properties, "source"),
        source_type=_word(properties, "source_type"),
        url=_word(properties, "url"),
        arxiv_id=_word(properties, "arxiv_id"),
        authors=_list(properties, "authors", "author"),
        quality_score=_number(properties.get("quality_score")),
        topic=_word(properties, "topic"),
        lang=_word(properties, "lang") or "und",
        related=_links(properties.get("related_notes")),
        wikilinks=_all_wikilinks(properties, content.wikilinks),
        body=body,
        sections=content.sections,
        properties=properties,
        trouble=trouble or yaml_trouble,
    )


def _decoded(raw: bytes) -> tuple[str, str]:
    try:
        return raw.decode("utf-8-sig"), ""
    except UnicodeDecodeError as error:
        return raw.decode("utf-8-sig", "replace"), f"byte {error.start} is not UTF-8"


def body_title(content: markdown.MarkdownText) -> str:
    """The first heading of level 1, or nothing."""
    return next((section.heading for section in content.sections if section.level == 1), "")


def _word(properties: Mapping[str, object], key: str) -> str:
    value = properties.get(key)
    if isinstance(value, (str, int, float, date)) and not isinstance(value, bool):
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


def _day(value: object) -> date | None:
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(value[:10]) if isinstance(value, str) else None
    except ValueError:
        return None


def _number(value: object) -> float | None:
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        return float(value)
    return None


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
