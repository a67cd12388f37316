"""Index: read the vault and bring the search cache up to date with every note, post and slip of the inbox."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import date, datetime, tzinfo
from pathlib import PurePosixPath

from index.storage.refresh import refresh
from index.texts.documents import Document
from notes.markup.note_words import Part, part_of
from notes.model import ItemStatus, Slip, VaultNote, VaultSection
from slipway.app import App, StageResult
from slipway.library import is_page, is_post, item_id, language_of, slip_document
from slipway.search.reembedding import Reembedding
from slipway.stages.promote import gather
from slipway.stages.sync import Reading, sync

__all__ = ["index"]


def index(app: App, *, embed: bool = True) -> StageResult:
    """Refresh the cache; what did not change is not embedded again. Without ``embed`` only vectors that are kept are used."""
    reading = sync(app)
    documents = _Documents(app, reading)
    # Linking compares other forms of the same texts (see slipway.library): their vectors are wanted again tomorrow.
    keep = [holding.document.text_hash for holding in gather(app, reading).holdings()]
    change = Reembedding(app) if embed else None
    told = tuple(app.cache.warnings)  # when it was opened
    report = refresh(
        app.cache,
        documents,
        app.embedder if embed else None,
        keep=keep,
        progress=app.reporter.progress("index"),
        enough=change.enough if change else lambda: False,
    )
    counts = {
        "added": report.added,
        "updated": report.updated,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "embedded": report.embedded,
    }
    words = change.finish() if change else ()
    return StageResult(counts, (*reading.warnings, *(one for one in report.warnings if one not in told), *words))


class _Documents:
    """Every note, post and slip as the index sees it, made one after the other; can be gone through again."""

    def __init__(self, app: App, reading: Reading) -> None:
        self._app = app
        self._reading = reading
        self._topics = {note_id: topic.id for topic in app.store.topics() for note_id in topic.note_ids}
        self._untouched = reading.desk.untouched()

    def __iter__(self) -> Iterator[Document]:
        for file in self._reading.files.values():
            if not is_page(file):
                topic = self._topics.get(file.id, "")
                yield _file_document(file, topic, self._app.config.zone, untouched=file.id in self._untouched)
        for slip in self._app.store.slips(ItemStatus.INBOX):
            yield replace(slip_document(slip, item_id(slip), self._app.config.zone), about=_about_slip(slip))


_DAY = re.compile(r"\d{4}-\d\d-\d\d(?!\d)", re.ASCII)

# What Slipway puts below a text: other notes' titles and addresses, which are found under those notes.
_APPARATUS = frozenset({Part.RELATED, Part.SOURCES, Part.FIGURES, Part.VERSIONS})


def _file_document(file: VaultNote, topic: str, zone: tzinfo, *, untouched: bool) -> Document:
    """A file of the vault. All that a person wrote, or wrote into Slipway's text, shall be found by every word.

    A note that names no day has that of its file's name, as daily notes do, else that of its last change, so that what was
    jotted down this week is found as such.
    """
    ours = untouched and bool(file.source_type)
    return Document(
        id=file.id,
        kind="post" if is_post(file) else "note",
        title=file.title,
        sections=tuple((one.heading, one.text) for one in file.sections if not (ours and _is_apparatus(one))),
        path=file.path,
        url=file.url,
        created=file.created
        or _day_in_name(file)
        or datetime.fromtimestamp(file.mtime_ns // 1_000_000_000, zone).date(),
        source=file.source,
        source_type=file.source_type,
        tags=file.tags,
        lang=language_of(file),
        topic=topic,
        about=_about_file(file, () if ours else tuple(one for one in _own_values(file) if len(one) <= _SHORT)),
        written="" if ours else "\n".join((*(one for one in _own_values(file) if len(one) > _SHORT), file.body)),
    )


def _day_in_name(file: VaultNote) -> date | None:
    """The day with which the file's name begins: ``2026-02-20.md``, ``2026-02-20 Friday.md``."""
    found = _DAY.match(PurePosixPath(file.path).name)
    try:
        return date.fromisoformat(found[0]) if found else None
    except ValueError:
        return None


def _is_apparatus(section: VaultSection) -> bool:
    return part_of(section.heading) in _APPARATUS


def _about_file(file: VaultNote, values: tuple[str, ...]) -> tuple[str, ...]:
    name = PurePosixPath(file.path).stem
    known = (*file.aliases, *file.authors, *file.tags, file.arxiv_id, file.doi, file.source)
    return _unique(name, *known, *values)


# What a property of these names says is in the document already, or is no word about its subject.
_KNOWN = frozenset(
    "id title lang created date published modified updated tags tag aliases alias authors author arxiv_id arxiv eprint doi "
    "source source_type url link related_notes quality_score quality_reasons topic cssclass cssclasses publish permalink".split()
)
_SHORT = 200
"""Characters up to which a property is a label of the whole note, and not a text in itself."""


def _own_values(file: VaultNote) -> Iterator[str]:
    """The user's own properties: ``mentor: 张三``."""
    for key, value in file.properties.items():
        if key.casefold() not in _KNOWN:
            yield from _told(value)


def _about_slip(slip: Slip) -> tuple[str, ...]:
    item = slip.item
    return _unique(
        *item.authors, *item.tags, *item.categories, item.arxiv_id, item.doi, item.source_title or item.source
    )


def _unique(*words: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(filter(None, words)))


def _told(value: object) -> Iterator[str]:
    """The texts in a property, however it is nested."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for part in value.values():
            yield from _told(part)
    elif isinstance(value, list):
        for part in value:
            yield from _told(part)
