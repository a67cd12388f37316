"""The note file, written from a :class:`~notes.model.Note`: the same note and language give the same bytes.

How it is read back, and every other file of the vault, is :mod:`notes.markup.note_reader`'s business.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from notes.files import frontmatter
from notes.markup import inert, origin
from notes.markup.note_reader import body_title, read_note
from notes.markup.note_words import NoteWords, Part, words_for
from notes.markup.obsidian import is_tag
from notes.model import Figure, KeySentence, Note, Related, SourceType, blocks_text

__all__ = ["body_title", "read_note", "render_note", "task_id"]

_MAX_TITLE: Final = 300
_MAX_AUTHORS: Final = 50
_ARXIV_ID: Final = re.compile(r"[0-9]{4}\.[0-9]{4,5}|[a-z-]+(?:\.[A-Z]{2})?/[0-9]{7}")
_NOTE_ID: Final = re.compile(r"(\d{8}-\d{3})(?:-|$)")


def task_id(note_id: str) -> str:
    """``learning-YYYYMMDD-NNN`` of a note of Slipway; empty for an id of another form."""
    match = _NOTE_ID.match(note_id)
    return f"learning-{match[1]}" if match else ""


def render_note(note: Note, language: str = "en") -> str:
    """The whole file of ``note``, frontmatter and body, ended by one line break.

    ``language`` is the house's: in it are the headings and labels. The text stays in its own, and the properties in English.
    """
    words = words_for(language)
    text = Part.ABSTRACT if note.source_type is SourceType.ARXIV else Part.TEXT
    parts = [
        f"# {_title_markdown(note)}",
        origin.withdrawal(note, words),
        _summary(note.summary, words),
        _section(words.headings[text], inert.blocks_markdown(note.blocks)),
        _section(words.headings[Part.FIGURES], _lines(_figures(note.figures, words))),
        _section(words.headings[Part.RELATED], _lines(_related(related) for related in note.related)),
        _section(words.headings[Part.VERSIONS], _lines(origin.versions(note))),
        _section(words.headings[Part.SOURCES], _lines(origin.sources(note, words))),
        f"---\n\n{words.footer(note.created.isoformat(), note.quality_score, task_id(note.id))}",
    ]
    return frontmatter.write(_properties(note)) + "\n" + "\n\n".join(part for part in parts if part) + "\n"


def _properties(note: Note) -> dict[str, object]:
    title = inert.property_text(note.title, limit=_MAX_TITLE) or "Untitled"
    links = [f"[[{related.id}]]" for related in note.related if inert.is_linkable(related.id)]
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
        # Unscored is no score: 0.0 would say that the note is bad.
        "quality_score": None if note.quality_score is None else round(float(note.quality_score), 2),
        "quality_reasons": [inert.reason(reason) for reason in note.quality_reasons],
        "topic": inert.property_text(note.topic),
        "related_notes": links,
        "lang": note.lang,
    }
    left_out_when_empty = ("published", "url", "arxiv_id", "doi", "topic")
    told = {key: value for key, value in properties.items() if value or key not in left_out_when_empty}
    return {key: value for key, value in told.items() if value is not None}


def _authors(authors: tuple[str, ...]) -> list[str]:
    names = [name for name in (inert.property_text(author, limit=120) for author in authors) if name]
    return names if len(names) <= _MAX_AUTHORS else [*names[: _MAX_AUTHORS - 1], "et al."]


def _title_markdown(note: Note) -> str:
    return inert.to_markdown(inert.shortened(note.title, _MAX_TITLE), links=False) or "Untitled"


def _section(heading: str, text: str) -> str:
    return f"## {heading}\n\n{text}" if text else ""


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _summary(summary: tuple[KeySentence, ...], words: NoteWords) -> str:
    return _lines(f"**{words.roles[part.role]}**{words.colon}{inert.to_markdown(part.text)}" for part in summary)


def _figures(figures: tuple[Figure, ...], words: NoteWords) -> Iterator[str]:
    """A line for each sentence, its figures before it."""
    by_sentence: dict[str, list[str]] = {}
    for figure in figures:
        by_sentence.setdefault(figure.sentence, []).append(_figure(figure, words))
    for sentence, told in by_sentence.items():
        yield f"{words.listing.join(dict.fromkeys(told))}{words.colon}{inert.to_markdown(sentence)}"


def _figure(figure: Figure, words: NoteWords) -> str:
    names = words.listing.join(inert.to_markdown(name) for name in (figure.system, figure.benchmark) if name)
    return f"**{inert.to_markdown(figure.text)}**" + (words.aside.format(told=names) if names else "")


def _related(related: Related) -> str:
    why = inert.to_markdown(related.why)
    return inert.wikilink(related.id, related.title) + (f" — {why}" if why else "")
