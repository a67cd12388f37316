"""What a post rests on: for each of its sentences the notes, the passages that bear it, and who worded it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from notes.markup.markdown import plain
from notes.markup.obsidian import LinkIndex
from notes.model import Claim, VaultNote
from publish.checking.passages import passages
from publish.checking.reread import Stretch, reread
from publish.sources.evidence import normalise
from slipway.app import App
from slipway.library import is_note

__all__ = ["explain_post", "post_of_day"]

_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_REFERENCE = re.compile(r"\[\[[^\[\]|]+\\?\|[⁰¹²³⁴⁵⁶⁷⁸⁹]+\]\][⁻\u2009]?")
# Days and counts of the post's own making: no note bears them.
_COUNTED = re.compile(
    r"(?<![\d,])\d[\d,]*\s?(?:(?:notes?|sources?|works?|texts?)\b|篇(?:笔记|筆記|文章)?|[个個][来來]源)"
    r"|\d{4}\s?年(?:\s?\d{1,2}\s?月(?:\s?\d{1,2}\s?日)?)?|\b\d{1,2} [A-Z][a-z]+ \d{4}\b"
)


def post_of_day(app: App, name: str) -> str:
    """The id of the daily post of the day ``name`` (2026-02-20); empty where it is no day, or has none."""
    day = name.strip()
    return f"post-{day}" if _DAY.fullmatch(day) and app.store.post(f"post-{day}") else ""


def explain_post(app: App, post_id: str, file: VaultNote | None) -> dict[str, Any]:
    """The sentences of a post, each with its notes and their passages, and what was refused while it was written.

    ``sentences_from`` is ``database``, or ``file`` where the database holds none: then each stretch of text rests on the notes
    that follow it in the file. ``in_file`` tells whether the sentence still stands there.
    """
    record = app.store.post(post_id)
    claims = app.store.claims(post_id)
    known = {note.id: note for note in app.vault.notes()}
    body = _body(file)
    told = (_of_claim(claim, known, body) for claim in claims) if claims or not file else _of_file(file, known)
    return {
        "sentences_from": "database" if claims else "file",
        "sentences": list(told),
        "report": list(record.report) if record else [],
    }


def _body(file: VaultNote | None) -> str | None:
    """The words of the file as a reader sees them, without reference numbers."""
    return normalise(plain(_REFERENCE.sub("", file.body)).replace("\\|", "|")) if file else None


def _of_claim(claim: Claim, known: Mapping[str, VaultNote], body: str | None) -> dict[str, Any]:
    return {
        "text": claim.text,
        "writer": claim.writer,
        "quotes": list(claim.quotes),
        "in_file": body is not None and normalise(claim.text) in body,
        "notes": [_borne(claim.text, claim.quotes, note_id, known) for note_id in claim.note_ids],
    }


def _of_file(file: VaultNote, known: Mapping[str, VaultNote]) -> Iterator[dict[str, Any]]:
    links = LinkIndex((note.path for note in known.values()), known.values())
    by_path = {note.path: note.id for note in known.values() if is_note(note)}
    for stretch in reread(file.body):
        paths = (links.resolve(target, file.path) for target in stretch.targets)
        ids = tuple(dict.fromkeys(by_path[path] for path in paths if path in by_path))
        yield _of_stretch(stretch, ids, known)


def _of_stretch(stretch: Stretch, ids: Sequence[str], known: Mapping[str, VaultNote]) -> dict[str, Any]:
    return {
        "text": stretch.text,
        "writer": None,
        "quotes": [],
        "in_file": True,
        "notes": [_borne(stretch.text, (), note_id, known) for note_id in ids],
    }


def _borne(text: str, quotes: Sequence[str], note_id: str, known: Mapping[str, VaultNote]) -> dict[str, Any]:
    note = known.get(note_id)
    found = passages(text if quotes else _COUNTED.sub(" ", text), quotes, note) if note else ()
    return {
        "id": note_id,
        "title": note.title if note else None,
        "passages": [{"text": one.text, "bears": one.bears.value} for one in found],
    }
