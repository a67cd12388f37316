"""Another model in the configuration: the last complete one answers until the new one's vectors are all there, and says so."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from index.models.hashing import HashingEmbedder
from index.models.query_encoder import open_query_encoder
from index.storage import forgetting
from index.storage.cache import IndexCache
from index.storage.embedding import lacking
from index.storage.refresh import publish_vectors, refresh
from slipway.search.searcher import open_search
from slipway.stages.search_index import index
from tests.index.shelf import SHELF, document
from tests.slipway.search_house import CONFIG, QUERIES, app_in, indexed_house, write_note

HASHING = HashingEmbedder().name


class Newcomer(HashingEmbedder):
    """Another model: its own name, and other vectors."""

    def __init__(self) -> None:
        super().__init__()
        self.name = "newcomer-1"

    def encode_passages(self, texts):
        return -super().encode_passages(texts)


@pytest.fixture
def house(tmp_path):
    return indexed_house(tmp_path / "house")


def configure(root, model, more=""):
    (root / "slipway.toml").write_text(CONFIG.format(model=model) + more)


def give_vectors(root, share: float) -> str:
    """Vectors of the bundled model for so many of the passages, as a night would have left them; the model's name."""
    with app_in(root) as app:
        name = open_query_encoder(app.model_settings, app.config.cache / "models").name
        hashes = [
            row[0] for row in app.cache.connection.execute("SELECT DISTINCT vector_hash FROM passages ORDER BY id")
        ]
        some = hashes[: int(len(hashes) * share)]
        vectors = np.random.default_rng(1).normal(size=(len(some), 384)).astype(np.float32)
        vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
        if some:
            app.cache.keep_vectors(name, some, vectors)
        publish_vectors(app.cache, [name])
    return name


@pytest.mark.parametrize(
    ("share", "answers", "word"),
    [
        pytest.param(0.0, HASHING, "0 of ", id="none yet"),
        pytest.param(0.5, HASHING, " until all are there", id="half"),
        pytest.param(1.0, "", "", id="all"),
    ],
)
def test_the_last_complete_model_answers_and_says_so(house, share, answers, word):
    configure(house, "bundled")
    name = give_vectors(house, share)
    with app_in(house) as app:
        reply = open_search(app)(QUERIES[0])
    assert reply.model == (answers or name)
    told = " ".join(reply.warnings)
    assert word in told
    assert bool(told) == bool(answers)


def index_with(root, embedder):
    with app_in(root) as app:
        app.__dict__["embedder"] = embedder
        result = index(app)
        return result, lacking(app.cache, embedder.name), lacking(app.cache, HASHING)


def test_a_night_embeds_for_its_minutes_and_keeps_the_model_that_answers_complete(house, monkeypatch):
    """The clock moves two minutes at each look; a night has one: one portion is done a night."""
    configure(house, "hashing", "reembed_minutes = 1\n")
    clock = iter(range(0, 10**6, 120))
    monkeypatch.setattr("slipway.search.reembedding.time.monotonic", lambda: next(clock))
    monkeypatch.setattr("index.storage.embedding._PORTION", 3)
    write_note(house, "late", "# Late\n\nWhat came tonight.\n")
    before = []
    for _ in range(10):
        result, missing, missing_there = index_with(house, Newcomer())
        assert missing_there == 0
        before.append(missing)
        if not missing:
            break
        assert "until all are there" in " ".join(result.warnings)
    assert before == sorted(set(before), reverse=True)
    assert len(before) > 2
    assert before[-1] == 0
    assert not result.warnings


def test_without_a_limit_all_is_embedded_at_once(house):
    configure(house, "hashing", "reembed_minutes = 0\n")
    result, missing, _ = index_with(house, Newcomer())
    assert missing == 0
    assert not result.warnings


def test_the_first_model_knows_no_limit(tmp_path, monkeypatch):
    from tests.slipway.search_house import make_house

    monkeypatch.setattr("slipway.search.reembedding.time.monotonic", iter(range(0, 10**9, 10**6)).__next__)
    monkeypatch.setattr("index.storage.embedding._PORTION", 3)
    root = make_house(tmp_path / "house")
    assert index_with(root, HashingEmbedder())[1] == 0


def test_vectors_of_a_model_that_nobody_asks_for_are_dropped_at_last(tmp_path, monkeypatch):
    monkeypatch.setattr(forgetting, "IDLE_REFRESHES", 2)
    with IndexCache(tmp_path / "index.db") as cache:
        refresh(cache, SHELF, HashingEmbedder())
        for _ in range(2):
            assert not refresh(cache, SHELF, Newcomer()).warnings
        refresh(cache, SHELF, HashingEmbedder())  # asked for: it starts from the beginning
        for _ in range(2):
            assert not refresh(cache, SHELF, Newcomer()).warnings
        assert cache.models() == (HASHING, "newcomer-1")
        assert "were dropped" in " ".join(refresh(cache, SHELF, Newcomer()).warnings)
        assert cache.models() == ("newcomer-1",)
        reader = cache.dense(HASHING)
        assert reader is not None
        assert reader.count == 0


def test_newest_documents_are_embedded_first(tmp_path, monkeypatch):
    monkeypatch.setattr("index.storage.embedding._PORTION", 1)
    documents = [document(f"d{n}", f"Title {n}", "text", created=date(2026, 1, n)) for n in (2, 9, 5)]
    embedder = Newcomer()
    seen: list[str] = []
    encode = embedder.encode_passages
    monkeypatch.setattr(embedder, "encode_passages", lambda texts: seen.extend(texts) or encode(texts))
    with IndexCache(tmp_path / "index.db") as cache:
        refresh(cache, documents, embedder)
    assert [text.split("\n")[0] for text in seen] == ["Title 9", "Title 5", "Title 2"]
