"""Topic sheets: the structure notes of the living topics, with their neighbours."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from notes.errors import VaultError
from notes.markup import inert
from notes.markup.document import read_note, render_note
from notes.markup.obsidian import Targets
from notes.model import Link, Topic, VaultNote
from notes.pages import topic_page
from notes.pages.page_words import words_for
from notes.pages.topic_page import Neighbour
from notes.pages.topic_rewording import is_worded, reworded
from notes.topics import TopicChange, TopicEvent
from slipway.app import App
from slipway.desk import Fate, Sheet
from slipway.library import Library
from slipway.stages.papers import build_note
from slipway.stages.sync import Reading
from slipway.store.records import NoteRecord

__all__ = ["former_sheets", "topic_sheets"]

NEIGHBOURS = 5


def topic_sheets(app: App, reading: Reading, library: Library, laid: Mapping[str, Fate] | None) -> list[Sheet]:
    """A sheet for each topic; ``laid`` as in :func:`slipway.stages.pages.lay_pages`."""
    lang, records = app.config.write.language, app.store.notes()
    topics = [replace(topic, name=topic.name_in(lang)) for topic in app.store.topics() if topic_page.has_page(topic)]
    fields = {field.id: field.name_in(lang) for field in app.store.fields()}
    members = sorted({name for topic in topics for name in topic.note_ids if name in library.notes})
    notes = {name: _as_file(app, reading, library, records, name, laid) for name in members}
    targets = Targets({*(file.path for file in reading.files.values()), *(note.path for note in notes.values())})
    near, words = _neighbours(topics, app.store.links(), reading.files), words_for(lang)
    return [
        Sheet(
            topic_page.note_id(topic),
            topic_page.path(topic),
            topic_page.render(
                topic,
                notes,
                neighbours=near[topic.id],
                field=fields.get(topic.parent, ""),
                words=words,
                targets=targets,
            ),
        )
        for topic in topics
    ]


def former_sheets(app: App, reading: Reading, living: Collection[str]) -> list[Sheet]:
    """The pages of topics that live no more, which do not say so yet, or in another language than the house's.

    ``living`` are the others' ids. Nothing else of them is ever written anew: they stay as they were when their topic ended.
    """
    words = words_for(app.config.write.language)
    former = [file for name, file in reading.files.items() if name.startswith("topic-") and name not in living]
    pages = [file for file in former if not (is_worded(f"\n{file.body}\n", words) and "ended" in file.properties)]
    ours = reading.desk.untouched() if pages else frozenset()
    texts = {file.id: (file.path, _text(app, file.path)) for file in pages if file.id in ours}
    ends = _ends(app) if texts else {}
    sheets = []
    for name, (path, text) in texts.items():
        told = reworded(text, words)
        if end := ends.get(name):
            told = topic_page.ended(told, end.day, _heir(end, reading.files), words)
        sheets += [Sheet(name, path, told)] if text else []
    return sheets


def _ends(app: App) -> Mapping[str, TopicEvent]:
    """The last end of each topic, by the id of its page."""
    ends = (event for event in app.store.topic_events() if event.kind in {TopicChange.MERGED, TopicChange.ENDED})
    return {f"topic-{event.topic_id.removeprefix('topic-')}": event for event in ends}


def _heir(end: TopicEvent, files: Mapping[str, VaultNote]) -> str:
    """A link to the page of the topic that took the notes; empty where there is none."""
    page = files.get(f"topic-{end.other.removeprefix('topic-')}") if end.other else None
    return inert.wikilink(page.path.removesuffix(".md"), page.title) if page is not None else ""


def _text(app: App, path: str) -> str:
    try:
        return app.vault.read(path).decode("utf-8")
    except (UnicodeDecodeError, VaultError):
        return ""  # edited or gone this moment


def _as_file(
    app: App,
    reading: Reading,
    library: Library,
    records: Mapping[str, NoteRecord],
    name: str,
    laid: Mapping[str, Fate] | None,
) -> VaultNote:
    """The note as a page sees it: its file, or what its file has become tonight."""
    holding, record = library.notes[name], records.get(name)
    if holding.slip is None or record is None:
        assert holding.file is not None
        return holding.file
    stands = laid is not None and laid.get(name) not in (Fate.CREATED, Fate.REPLACED)
    if stands and name in reading.files:
        return reading.files[name]
    note = build_note(holding.slip, record, (), {}, None, app.config.zone)
    return read_note(record.path, render_note(note, app.config.write.language).encode(), mtime_ns=0)


def _neighbours(
    topics: Sequence[Topic], links: Sequence[Link], files: Mapping[str, VaultNote]
) -> dict[str, list[Neighbour]]:
    """For each topic the others to which most links lead, by their names where that is a tie."""
    of_note = {note: topic.id for topic in topics for note in topic.note_ids}
    leading: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for link in links:
        here, there = of_note.get(link.src), of_note.get(link.dst)
        if here and there and here != there:
            leading[here][there] += 1
    by_id = {topic.id: topic for topic in topics}
    return {
        topic.id: [
            Neighbour(_target(by_id[other], files), by_id[other].name, count)
            for other, count in sorted(leading[topic.id].items(), key=lambda pair: (-pair[1], pair[0]))[:NEIGHBOURS]
        ]
        for topic in topics
    }


def _target(topic: Topic, files: Mapping[str, VaultNote]) -> str:
    """Where the topic's page is: the user may have moved it."""
    file = files.get(topic_page.note_id(topic))
    return file.path.removesuffix(".md") if file is not None else topic_page.target(topic)
