"""Index: read the vault and bring the search cache up to date with every note, post and slip of the inbox."""

from __future__ import annotations

from index.storage.refresh import refresh
from index.texts.documents import Document
from notes.model import ItemStatus, VaultNote, VaultSection
from slipway.app import App, StageResult
from slipway.library import is_page, is_post, item_id, slip_document
from slipway.stages.promote import gather
from slipway.stages.sync import sync

__all__ = ["index"]


def index(app: App) -> StageResult:
    """Refresh the cache; what did not change is not embedded again."""
    reading = sync(app)
    topics = {note_id: topic.id for topic in app.store.topics() for note_id in topic.note_ids}
    documents = [_file_document(file, topics.get(file.id, "")) for file in reading.files.values() if not is_page(file)]
    documents += [slip_document(slip, item_id(slip), app.config.zone) for slip in app.store.slips(ItemStatus.INBOX)]
    # Linking compares other forms of the same texts (see slipway.library): their vectors are wanted again tomorrow.
    keep = [holding.document.text_hash for holding in gather(app, reading).holdings()]
    report = refresh(app.cache, documents, app.embedder, keep=keep, progress=app.reporter.progress("index"))
    counts = {
        "added": report.added,
        "updated": report.updated,
        "removed": report.removed,
        "unchanged": report.unchanged,
        "embedded": report.embedded,
    }
    return StageResult(counts, reading.warnings)


# What Slipway puts below a text: other notes' titles and addresses, which are found under those notes.
_APPARATUS = frozenset({"Related", "Sources", "Key figures", "Versions"})


def _is_apparatus(file: VaultNote, section: VaultSection) -> bool:
    return bool(file.source_type) and section.heading in _APPARATUS


def _file_document(file: VaultNote, topic: str) -> Document:
    return Document(
        id=file.id,
        kind="post" if is_post(file) else "note",
        title=file.title,
        sections=tuple(
            (section.heading, section.text) for section in file.sections if not _is_apparatus(file, section)
        ),
        path=file.path,
        url=file.url,
        created=file.created,
        source=file.source,
        source_type=file.source_type,
        tags=file.tags,
        lang=file.lang,
        topic=topic,
    )
