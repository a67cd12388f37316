from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from index.kin.neighbours import embed_documents
from index.models.hashing import HashingEmbedder
from index.retrieval.query import Query
from index.retrieval.search import search
from index.storage.cache import IndexCache
from index.storage.refresh import refresh
from tests.index.shelf import GRPO, SHELF, SKILLRL, document

LONG = document(
    "long", "A long one", " ".join(f"In round {n} agents plan, act and look back at it." for n in range(80))
)


class Counting(HashingEmbedder):
    """The hashing embedder that counts what it embeds, and can be killed after so many portions."""

    def __init__(self, portions: int = 10**9) -> None:
        super().__init__()
        self.embedded: list[str] = []
        self.portions = portions

    def encode_passages(self, texts):
        if not self.portions:
            raise KeyboardInterrupt
        self.portions -= 1
        self.embedded.extend(texts)
        return super().encode_passages(texts)


def counts(report):
    return report.added, report.updated, report.removed, report.unchanged


def content(cache: IndexCache):
    rows = cache.connection.execute(
        'SELECT d.*, p.position, p.heading, p.start, p."end", p.text, p.vector_hash FROM documents d'
        " JOIN passages p ON p.document_id = d.id ORDER BY d.id, p.position"
    ).fetchall()
    vectors = cache.connection.execute("SELECT * FROM vectors ORDER BY model, text_hash").fetchall()
    return rows, vectors


def found(cache, text):
    return [hit.id for hit in search(cache, Query(text=text, mode="lexical"), None).results]


@pytest.mark.parametrize(
    ("after", "expected", "embedded"),
    [
        pytest.param(SHELF, (0, 0, 0, 6), 0, id="nothing new"),
        pytest.param((*SHELF, LONG), (1, 0, 0, 6), 4, id="one more"),
        pytest.param(SHELF[1:], (0, 0, 1, 5), 0, id="one gone"),
        pytest.param((replace(SKILLRL, path="b.md", tags=("x",)), *SHELF[1:]), (0, 1, 0, 5), 0, id="moved and tagged"),
        pytest.param((replace(SKILLRL, sections=(("", "New."),)), *SHELF[1:]), (0, 1, 0, 5), 1, id="rewritten"),
        pytest.param((replace(SKILLRL, sections=(("H", SKILLRL.text),)), *SHELF[1:]), (0, 1, 0, 5), 0, id="a heading"),
        pytest.param((), (0, 0, 6, 0), 0, id="all gone"),
    ],
)
def test_only_what_changed_is_written_and_only_what_is_new_embedded(cache, tmp_path, after, expected, embedded):
    embedder = Counting()
    assert counts(refresh(cache, SHELF, embedder)) == (6, 0, 0, 0)
    report = refresh(cache, after, embedder)
    assert counts(report) == expected
    assert report.embedded == embedded == len(embedder.embedded) - 6
    with IndexCache(tmp_path / "anew.db") as anew:
        refresh(anew, after, HashingEmbedder())
        assert content(cache) == content(anew)


def test_words_of_an_old_text_find_nothing(cache):
    refresh(cache, SHELF, None)
    assert found(cache, "tumours") == ["tumour"]
    refresh(
        cache,
        [replace(one, title="Bones", sections=(("", "Fractures."),)) if one.id == "tumour" else one for one in SHELF],
        None,
    )
    assert found(cache, "tumours") == []
    assert found(cache, "fractures") == ["tumour"]


def test_without_an_embedder_words_only(cache, hashing):
    assert refresh(cache, SHELF, None).embedded == 0
    assert refresh(cache, SHELF, hashing).embedded == 6


def test_a_killed_embedding_goes_on_where_it_stopped(cache, monkeypatch):
    monkeypatch.setattr("index.storage.embedding._PORTION", 2)
    killed = Counting(portions=2)
    with pytest.raises(KeyboardInterrupt):
        refresh(cache, SHELF, killed)
    whole = Counting()
    assert refresh(cache, SHELF, whole).embedded == 2
    assert not set(whole.embedded) & set(killed.embedded)


def test_a_kill_while_writing_leaves_the_last_state(cache, monkeypatch):
    refresh(cache, SHELF[:3], None)
    before = content(cache)
    written = []

    def killed(connection, made):
        written.append(made.id)
        if len(written) == 2:
            raise KeyboardInterrupt
        return 1

    monkeypatch.setattr("index.storage.refresh.add_document", killed)
    with pytest.raises(KeyboardInterrupt):
        refresh(cache, SHELF[2:], None)
    assert content(cache) == before


def test_progress_counts_texts(cache, hashing, monkeypatch):
    monkeypatch.setattr("index.storage.embedding._PORTION", 4)
    seen = []
    refresh(cache, SHELF, hashing, progress=lambda done, total: seen.append((done, total)))
    assert seen == [(4, 6), (6, 6)]


def test_two_documents_of_one_id_are_a_bug(cache):
    with pytest.raises(ValueError, match="grpo"):
        refresh(cache, [GRPO, GRPO], None)


def test_lone_surrogates_do_not_stop_the_night(cache, hashing):
    broken = document("b\ud800", "Broken \ud800", "text \udfff here", tags=("\ud800",))
    refresh(cache, [broken], hashing)
    assert refresh(cache, [broken], hashing).unchanged == 1
    assert found(cache, "broken") == ["b?"]


def test_vectors_of_whole_documents_live_as_long_as_the_document(cache, hashing):
    refresh(cache, [LONG, GRPO], hashing)
    vectors = embed_documents(cache, hashing, [LONG, GRPO])
    assert vectors.shape == (2, hashing.dim)
    refresh(cache, [LONG], hashing)
    kept = {row[0] for row in cache.connection.execute("SELECT text_hash FROM vectors")}
    assert LONG.text_hash in kept
    assert GRPO.text_hash not in kept


def test_vectors_that_are_compared_elsewhere_are_kept_when_asked(cache, hashing):
    """The control: without ``keep`` the same refresh forgets them."""
    embed_documents(cache, hashing, [LONG])
    refresh(cache, SHELF, hashing, keep=[LONG.text_hash])
    assert LONG.text_hash in cache.vectors(hashing.name, [LONG.text_hash])
    refresh(cache, SHELF[1:], hashing)
    assert LONG.text_hash not in cache.vectors(hashing.name, [LONG.text_hash])


def test_documents_are_embedded_once(cache):
    embedder = Counting()
    first = embed_documents(cache, embedder, SHELF)
    assert np.array_equal(first, embed_documents(cache, embedder, SHELF))
    assert len(embedder.embedded) == len(SHELF)
    assert embed_documents(cache, embedder, []).shape[0] == 0
