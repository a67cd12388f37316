"""Papers: the sheets of the notes that the promote stage lays into the vault.

A sheet is rendered only when something that it is made of has changed: beside the hash of the file that was written stands a
fingerprint of all that went into it, and of the code that made it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

import notes as ground
from ingest.reading.entries import is_withdrawn
from notes.markup.document import render_note
from notes.markup.inert import is_linkable
from notes.model import Link, Note, Related, Slip, Topic
from notes.pages.reason_words import link_reason
from notes.quantities import figures
from notes.text import sentences
from slipway.app import App
from slipway.desk import Fate, Sheet
from slipway.library import Holding, Library, day_of
from slipway.store.records import FileRecord, NoteRecord
from slipway.tagging import WITHDRAWN, fixed_tags, learn_vocabulary, tags_of

__all__ = ["WITHDRAWN", "Papers", "build_note", "note_sheets"]

_LINK = re.compile(r"\[\[(?P<note>[^\[\]|]+)\]\]|(?<=: tells of )(?P<item>item-\d+)(?=;|\Z)")
_PARTS = "|"


class Papers:
    """The notes of a library as files: the sheets to lay, and what is to be remembered of those that were laid."""

    def __init__(self, app: App, library: Library) -> None:
        self._app = app
        self._library = library
        self._language = app.config.write.language
        self._records = app.store.notes()
        self._written = app.store.file_records()
        self._links = _by_source(app.store.links())
        self._topics = {note_id: topic for topic in app.store.topics() for note_id in topic.note_ids}
        self._shown = {holding.id: library.shown(holding) for holding in library.notes.values()}
        made = {f"item-{one.item_id}": one.id for one in self._records.values() if one.id in self._shown}
        self._shown |= {item: self._shown[note_id] for item, note_id in made.items()}
        self._vocabulary = learn_vocabulary(app, library)
        self._inputs: dict[str, str] = {}
        self.unchanged = 0
        """How many notes need no sheet: they stand as they would be written."""

    def sheets(self) -> list[Sheet]:
        """A sheet for each note that came from a slip, whose file is not the user's, and that may differ from its file."""
        found = []
        for holding, record in self._ours():
            inputs = self._fingerprint(holding, record)
            if _stands(holding, self._written.get(holding.id), inputs):
                self.unchanged += 1
            else:
                self._inputs[holding.id] = inputs
                found.append(Sheet(holding.id, record.path, render_note(self._note(holding, record), self._language)))
        return found

    def settle(self, sheets: Sequence[Sheet], fates: Mapping[str, Fate]) -> None:
        """Remember what the sheets that now stand in the vault were made of."""
        stand = {Fate.CREATED, Fate.REPLACED, Fate.UNCHANGED}
        self._app.store.remember_inputs(
            {
                sheet.id: _marked(sha256(sheet.text.encode("utf-8")).hexdigest(), self._inputs[sheet.id])
                for sheet in sheets
                if fates[sheet.id] in stand
            }
        )

    def _ours(self) -> Iterator[tuple[Holding, NoteRecord]]:
        for holding in self._library.notes.values():
            record = self._records.get(holding.id)
            if holding.slip is not None and record is not None and record.gone_at is None:
                yield holding, record

    def _note(self, holding: Holding, record: NoteRecord) -> Note:
        assert holding.slip is not None
        links = self._links.get(holding.id, ())
        note = build_note(holding.slip, record, links, self._shown, self._topics.get(holding.id), self._app.config.zone)
        related = tuple(replace(one, why=link_reason(one.why, self._language)) for one in note.related)
        return replace(note, related=related, tags=tags_of(self._vocabulary, holding, links, self._library.notes))

    def _fingerprint(self, holding: Holding, record: NoteRecord) -> str:
        """What goes into a note's file; its tags follow from the vocabulary and from the file itself."""
        slip, topic = holding.slip, self._topics.get(holding.id)
        assert slip is not None
        links = [(link.dst, link.why, self._shown.get(link.dst)) for link in self._links.get(holding.id, ())]
        named = [self._shown.get(name) for reason in slip.reasons for name in map(_of, _LINK.finditer(reason))]
        parts = (slip, record, links, named, topic.id if topic else "", str(self._app.config.zone), self._language)
        told = f"{_code()}{self._vocabulary.fingerprint}{parts!r}"
        return sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:32]


def note_sheets(app: App, library: Library) -> list[Sheet]:
    """A sheet for each note whose file may have to be written."""
    return Papers(app, library).sheets()


def _stands(holding: Holding, written: FileRecord | None, inputs: str) -> bool:
    """Whether the file bears what Slipway last wrote, made of the very same."""
    if holding.file is None or written is None or written.planned_sha:
        return False
    return holding.file.sha256 == written.sha and written.inputs == _marked(written.sha, inputs)


def _marked(sha: str, inputs: str) -> str:
    # With the hash of the file that was made of them: a killed run leaves file and inputs of two nights.
    return f"{sha[:32]}{_PARTS}{inputs}"


@cache
def _code() -> str:
    """A fingerprint of the code that writes notes: what a newer Slipway would write otherwise is written anew, once."""
    folder = Path(ground.__file__).parent
    sources = [*sorted(folder.glob("*.py")), *sorted(folder.glob("*/*.py")), Path(__file__)]
    told = sha256()
    for source in sources:
        told.update(source.read_bytes())
    return told.hexdigest()[:16]


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
        tags=fixed_tags(slip),
        url=item.url,
        arxiv_id=item.arxiv_id,
        arxiv_version=item.arxiv_version,
        doi=item.doi,
        comment=item.comment,
        authors=item.authors,
        quality_score=slip.score,
        quality_reasons=tuple(_LINK.sub(lambda link: _relinked(_of(link), shown), reason) for reason in slip.reasons),
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


def _of(link: re.Match[str]) -> str:
    """The note that a reason names by its id, or by that of the item of which it was made."""
    return link["note"] or link["item"]


def _relinked(note_id: str, shown: Mapping[str, tuple[str, str]]) -> str:
    """A note that a reason names: linked where it is now, named without a link when it is gone or no wikilink can hold it."""
    target = shown[note_id][0] if note_id in shown else ""
    return f"[[{target}]]" if target and is_linkable(target) else note_id


def _by_source(links: Sequence[Link]) -> dict[str, list[Link]]:
    grouped: defaultdict[str, list[Link]] = defaultdict(list)
    for link in links:
        grouped[link.src].append(link)
    return grouped
