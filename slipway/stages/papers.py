"""Papers: the sheets of the notes that the promote stage lays into the vault."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping, Sequence
from zoneinfo import ZoneInfo

from ingest.reading.entries import is_withdrawn
from notes import figures, sentences, slug
from notes.document import render_note
from notes.model import Link, Note, Related, Slip, Topic
from notes.obsidian import link_target
from slipway.app import App
from slipway.desk import Sheet
from slipway.library import Holding, Library, day_of
from slipway.store.records import NoteRecord

__all__ = ["WITHDRAWN", "build_note", "note_sheets"]

WITHDRAWN = "withdrawn"
"""The tag of a paper that its authors took back."""

_LINK = re.compile(r"\[\[([^\[\]|]+)\]\]")


def note_sheets(app: App, library: Library) -> list[Sheet]:
    """A sheet for each note that came from a slip and whose file is not the user's."""
    records = app.store.notes()
    links = _by_source(app.store.links())
    topics = {note_id: topic for topic in app.store.topics() for note_id in topic.note_ids}
    shown = {holding.id: _shown(holding) for holding in library.notes.values()}
    sheets = []
    for holding in library.notes.values():
        record = records.get(holding.id)
        if holding.slip is None or record is None or record.gone_at is not None:
            continue
        note = build_note(
            holding.slip, record, links.get(holding.id, ()), shown, topics.get(holding.id), app.config.zone
        )
        sheets.append(Sheet(holding.id, record.path, render_note(note)))
    return sheets


def _shown(holding: Holding) -> tuple[str, str]:
    """What a wikilink to the note holds, and its title: a renamed file is linked by where it is now."""
    target = link_target(holding.file) if holding.file is not None else holding.id
    return target, holding.document.title


def build_note(
    slip: Slip,
    record: NoteRecord,
    links: Sequence[Link],
    shown: Mapping[str, tuple[str, str]],
    topic: Topic | None,
    zone: ZoneInfo,
) -> Note:
    """The note that tells a slip; ``shown`` gives link target and title of the notes it may link to."""
    item = slip.item
    return Note(
        id=record.id,
        title=item.title,
        created=record.created,
        published=day_of(slip, zone),
        source=item.source_title or item.source,
        source_type=item.source_type,
        lang=item.lang,
        tags=_tags(slip),
        url=item.url,
        arxiv_id=item.arxiv_id,
        arxiv_version=item.arxiv_version,
        doi=item.doi,
        comment=item.comment,
        authors=item.authors,
        quality_score=slip.score or 0.0,
        quality_reasons=tuple(_LINK.sub(lambda link: _relinked(link[1], shown), reason) for reason in slip.reasons),
        topic=topic.id if topic else "",
        summary=sentences.key_sentences(item.text, title=item.title),
        blocks=item.blocks,
        figures=figures.find(item.text, title=item.title),
        related=tuple(Related(*shown[link.dst], link.why) for link in links if link.dst in shown),
        references=item.references,
        sightings=slip.sightings,
        versions=item.versions,
        withdrawn=is_withdrawn(item),
    )


def _relinked(note_id: str, shown: Mapping[str, tuple[str, str]]) -> str:
    """A note that a reason names: linked where it is now, named without a link when it is gone."""
    return f"[[{shown[note_id][0]}]]" if note_id in shown else note_id


def _by_source(links: Sequence[Link]) -> dict[str, list[Link]]:
    grouped: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        grouped[link.src].append(link)
    return grouped


def _tags(slip: Slip) -> tuple[str, ...]:
    """ArXiv categories under ``arxiv/``, what the source's settings give, and whether the paper was withdrawn."""
    categories = [slug.arxiv_tag(category) for category in slip.item.categories] if slip.item.arxiv_id else []
    fate = [WITHDRAWN] if is_withdrawn(slip.item) else []
    return tuple(dict.fromkeys(filter(None, (*categories, *map(slug.tag, slip.item.tags), *fate))))
