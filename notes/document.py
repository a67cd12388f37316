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
from urllib.parse import urlsplit

from . import frontmatter, inert, markdown
from .model import Figure, KeySentence, Note, Related, Sighting, SourceType, VaultNote, blocks_text
from .obsidian import is_tag

__all__ = ["body_title", "read_note", "render_note", "task_id"]

_MAX_TITLE: Final = 300
_MAX_AUTHORS: Final = 50
_MAX_CODE_LINKS: Final = 5
_CODE_HOSTS: Final = frozenset(
    ("github.com", "gitlab.com", "gitee.com", "codeberg.org", "bitbucket.org", "huggingface.co", "modelscope.cn")
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'()\[\]{}，。；、）]+")
_ARXIV_ID: Final = re.compile(r"[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}")
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/[A-Za-z0-9._;()/:<>-]+")
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
        _summary(note.summary),
        _section("Abstract" if note.source_type is SourceType.ARXIV else "Text", inert.blocks_markdown(note.blocks)),
        _section("Key figures", _lines(_figure(figure) for figure in note.figures)),
        _section("Related", _lines(_related(related) for related in note.related)),
        _section("Sources", _lines(_sources(note))),
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
        "doi": _doi(note),
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


def _sources(note: Note) -> Iterator[str]:
    facts = [f"version v{note.arxiv_version}"] if note.arxiv_version else []
    facts += [f"published {note.published.isoformat()}"] if note.published else []
    name = inert.to_markdown(note.source, links=False)
    if note.url or name:
        yield _place(name, note.url) + (f" ({', '.join(facts)})" if facts else "")
    if doi := _doi(note):
        yield f"DOI: <{inert.url('https://doi.org/' + doi)}>"
    for address in _code_links(note):
        yield f"Code: <{address}>"
    if comment := inert.to_markdown(note.comment):
        yield f"Comment: {comment}"
    for sighting in _elsewhere(note):
        name = inert.to_markdown(sighting.source_title or sighting.source, links=False)
        title = inert.to_markdown(inert.shortened(sighting.title, _MAX_TITLE), links=False)
        called = f" as “{title}”" if sighting.title and sighting.title != note.title else ""
        yield f"Also in {_place(name, sighting.url)}{called} ({sighting.seen.date().isoformat()})"


def _doi(note: Note) -> str:
    """The DOI when it is one: what stands there else would become an address."""
    return note.doi if _DOI.fullmatch(note.doi) else ""


def _place(name: str, address: str) -> str:
    address = inert.url(address)
    return ": ".join(part for part in (name, f"<{address}>" if address else "") if part)


def _code_links(note: Note) -> tuple[str, ...]:
    """Repositories that the note links to or names in its text and comment, each once."""
    named = _ADDRESS.findall(f"{note.comment} {blocks_text(note.blocks)}")
    addresses = (inert.url(found.rstrip(".,;:!?")) for found in (*note.references, *named))
    code = [address for address in addresses if address and address != inert.url(note.url) and _is_code(address)]
    return tuple(dict.fromkeys(address.rstrip("/") for address in code))[:_MAX_CODE_LINKS]


def _is_code(address: str) -> bool:
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return host in _CODE_HOSTS and parts.path.strip("/").count("/") >= 1


def _elsewhere(note: Note) -> Iterator[Sighting]:
    """The sightings that the source's own line does not tell of: one for each feed and address."""
    told = {(note.source, inert.url(note.url))}
    for sighting in sorted(note.sightings, key=lambda seen: (seen.seen, seen.source, seen.external_id)):
        place = (sighting.source_title or sighting.source, inert.url(sighting.url))
        if place not in told:
            told.add(place)
            yield sighting


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
