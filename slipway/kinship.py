"""The relatives of one note as a reader asks for them: its links first, then what ranks next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from notes.model import Link, LinkKind, VaultNote
from slipway.app import App
from slipway.reading import links_from

if TYPE_CHECKING:
    from index.models.embedder import Vectors
    from index.models.query_encoder import QueryEncoder
    from index.texts.documents import Document
    from slipway.library import Holding

__all__ = ["PassageReader", "kin", "light_vectors"]

_EMBEDDED = 40  # texts that are newer than the index, embedded one by one while somebody waits


class PassageReader:
    """The encoder of queries as an :class:`index.models.embedder.Embedder`, for the few texts that have no vector yet."""

    def __init__(self, encoder: QueryEncoder) -> None:
        self._encoder = encoder

    @property
    def name(self) -> str:
        """The key of the vectors."""
        return self._encoder.name

    @property
    def dim(self) -> int:
        """The length of a vector."""
        return self._encoder.dim

    def knows(self, lang: str) -> bool:
        """Whether cosines between texts of the language can be believed."""
        return self._encoder.knows(lang)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """``(n, dim)`` float32, L2-normalised; one text after the other."""
        import numpy as np

        if not texts:
            return np.zeros((0, self.dim), dtype=np.float32)
        return np.stack([self._encoder.encode_passage(text) for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """``(dim,)`` float32, L2-normalised."""
        return self._encoder.encode_query(text)


def light_vectors(app: App, documents: Sequence[Document], first: Sequence[str]) -> tuple[PassageReader, Vectors]:
    """The vectors of the documents and what made them, without torch where that can be; nothing is kept.

    Those that are newer than the index are made here, ``first`` the ones of these ids; of very many the rest is left out, with
    a warning.
    """
    from index.kin.neighbours import document_vectors
    from index.models.light.threads import import_numpy
    from index.models.query_encoder import open_query_encoder
    from slipway.search.answering_model import MODELS_FOLDER

    import_numpy()
    reader = PassageReader(open_query_encoder(app.model_settings, app.config.cache / MODELS_FOLDER))
    vectors, lacking = document_vectors(app.cache, reader, documents, at_most=_EMBEDDED, first=first)
    if lacking:
        app.reporter.warn(f"{lacking:,} texts are compared by their words only: `slipway index` reads their meaning")
    return reader, vectors


def kin(app: App, note_id: str, limit: int) -> tuple[Link, ...]:
    """At most ``limit`` relatives of a note with their reasons, its links first; only reads. Empty for an id that no note has."""
    linked = links_from(app.config.database, note_id)[:limit]
    if len(linked) >= limit:
        return linked
    notes = _notes(app)
    if note_id not in notes:
        return linked
    return (*linked, *_next(app, notes, note_id, frozenset(link.dst for link in linked), limit - len(linked)))


def _next(app: App, notes: Mapping[str, Holding], note_id: str, known: frozenset[str], count: int) -> tuple[Link, ...]:
    from slipway.stages.links import Kinship

    holdings = tuple(notes.values())
    reader, vectors = light_vectors(app, [holding.document for holding in holdings], [note_id])
    kinship = Kinship(app, holdings, embedder=reader, vectors=vectors)
    relatives = kinship.relatives([note_id], k=count + len(known))[note_id]
    found = [one for one in relatives if one.id not in known][:count]
    kinds = {one.id: LinkKind.MENTIONS if one.mention else LinkKind.SIMILAR for one in found}
    return kinship.explained([Link(note_id, one.id, kinds[one.id], one.score, "") for one in found])


def _notes(app: App) -> Mapping[str, Holding]:
    from slipway.library import Library

    files = {note.id: note for note in app.vault.notes()}
    slips = app.store.slips()
    return Library.gather(files.values(), slips, _untouched(app, files), app.config.zone).notes


def _untouched(app: App, files: Mapping[str, VaultNote]) -> frozenset[str]:
    """The notes whose file is as Slipway wrote it, so that their words are those that the links were chosen by."""
    written = app.store.file_records()
    return frozenset(name for name, file in files.items() if name in written and written[name].sha == file.sha256)
