"""The same vault gives the same answers, whatever became of it before; and what is of another history is noticed."""

from __future__ import annotations

import random
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from index.dense import sieve
from index.models.hashing import HashingEmbedder
from index.retrieval.query import Query
from index.storage.cache import IndexCache
from index.storage.reading import SearchIndex
from index.storage.refresh import publish_vectors, refresh
from index.storage.schema import counted
from notes.errors import IndexCacheError, SlipwayError
from slipway.search import mending
from slipway.search.answering_model import choose_model
from slipway.search.searcher import open_search
from slipway.stages.search_index import index
from tests.index.shelf import SHELF, document
from tests.slipway.search_house import CONFIG, QUERIES, app_in, ask, indexed_house, refresh_index, write_note

CACHE = Path(".slipway/cache")
WORDS = "agent model policy reward vision tumour scan skills 强化学习 检索 推理 質量控制 圖像".split()
MODEL = HashingEmbedder().name


def text(number: int, version: int) -> str:
    # One note in ten is the double of another, so that there are ties.
    dice = random.Random("double" if number % 10 == 0 else f"{number} {version}")
    told = " ".join(dice.choices(WORDS, k=dice.randint(3, 40)))
    return f"---\ntitle: Note {dice.choice(WORDS)}\nlang: {dice.choice(['en', 'zh'])}\n---\n\n{told}.\n"


def make_vault(root: Path, versions: dict[int, int]) -> None:
    root.mkdir(exist_ok=True)
    (root / "slipway.toml").write_text(CONFIG.format(model="hashing"))
    for path in (root / "vault").glob("*.md"):
        if int(path.stem[1:]) not in versions:
            path.unlink()
    for number, version in versions.items():
        path = root / "vault" / f"n{number}.md"
        if not path.exists() or path.read_text(encoding="utf-8") != text(number, version):
            write_note(root, f"n{number}", text(number, version))


def replies(root: Path, queries):
    with app_in(root) as app:
        searcher = open_search(app)
        try:
            return [replace(searcher(query), took_ms=0) for query in queries]
        finally:
            searcher.close()


@pytest.mark.parametrize("seed", [1, 2])
def test_an_index_with_a_history_answers_as_one_made_from_nothing(tmp_path, seed):
    dice = random.Random(seed)
    last = {number: dice.randint(0, 3) for number in dice.sample(range(80), 40)}
    nights = [{number: dice.randint(0, 3) for number in dice.sample(range(80), dice.randint(1, 80))} for _ in range(4)]
    for versions in (*nights, last):
        make_vault(tmp_path / "old", versions)
        refresh_index(tmp_path / "old")
    make_vault(tmp_path / "new", last)
    refresh_index(tmp_path / "new")
    queries = [
        Query(text=" ".join(dice.choices(WORDS, k=dice.randint(1, 4))), mode=mode, n=dice.choice([3, 10, 30]))
        for mode in ("hybrid", "semantic", "lexical") * 10
    ]
    assert replies(tmp_path / "old", queries) == replies(tmp_path / "new", queries)


def test_the_passages_that_stand_for_all_are_the_same_in_whatever_order_they_came(tmp_path):
    drawn = []
    for name, shelf in (("one", SHELF), ("other", SHELF[::-1])):
        with IndexCache(tmp_path / name / "index.db") as cache:
            refresh(cache, shelf, None)
            ids = cache.connection.execute("SELECT value FROM meta WHERE key = 'sample'").fetchone()[0].split()
            hashes = dict(cache.connection.execute("SELECT id, vector_hash FROM passages"))
        drawn.append([hashes[int(one)] for one in ids])
        assert len(ids) == len(hashes)
    assert drawn[0] == drawn[1]


def test_two_copies_that_went_their_own_ways_are_told_from_each_other(tmp_path):
    """One more night in each: as many changes, passages of the same ids, other texts."""
    one, other = indexed_house(tmp_path / "one"), tmp_path / "other"
    shutil.copytree(one, other)
    write_note(one, "fresh", "# Fresh\n\nSkills of reinforcement, drafts of a policy.\n")
    write_note(other, "fresh", "# Fresh\n\nPotatoes in the oven.\n")
    for root in (one, other):
        refresh_index(root)
    right, _ = ask(other)
    for name in ("index.db", "index.seal"):
        shutil.copy(other / CACHE / name, one / CACHE / name)
    with pytest.raises(SlipwayError, match="another index"):
        ask(one, mend=False)
    hits, words = ask(one)
    assert hits == right or "have no vector" in " ".join(words)
    assert "another index" in " ".join(words)


def test_the_vectors_of_an_earlier_night_are_known_and_of_a_later_one_are_not(tmp_path):
    with IndexCache(tmp_path / "index.db") as cache:
        refresh(cache, SHELF, HashingEmbedder())
    shutil.copytree(tmp_path, tmp_path / "before")
    with IndexCache(tmp_path / "index.db") as cache:
        refresh(cache, [*SHELF, document("fresh", "Fresh", "Fresh words.")], HashingEmbedder())
    later, before = tmp_path / "dense", tmp_path / "before" / "dense"
    shutil.copytree(later, tmp_path / "later")
    shutil.rmtree(later)
    shutil.copytree(before, later)
    with SearchIndex.open(tmp_path) as standing:
        assert standing.dense(MODEL).generation < standing.generation
        assert counted(standing.generation) == 2
    shutil.rmtree(before)
    shutil.copytree(tmp_path / "later", before)
    with SearchIndex.open(tmp_path / "before") as standing, pytest.raises(SlipwayError, match="another index"):
        standing.dense(MODEL)


def test_vectors_that_come_under_an_open_index_are_noticed(tmp_path):
    """The words were indexed before; the night that embeds changes no byte of ``index.db``."""
    with IndexCache(tmp_path / "index.db") as cache:
        refresh(cache, SHELF, None)
    with SearchIndex.open(tmp_path) as standing:
        assert standing.dense(MODEL) is None
        assert not standing.renewed()
        with IndexCache(tmp_path / "index.db") as cache:
            refresh(cache, SHELF, HashingEmbedder())
        assert standing.renewed()


def test_vectors_made_anew_beside_a_night_are_those_of_its_index(tmp_path, monkeypatch):
    root = indexed_house(tmp_path / "house")

    def late(cache, models):
        """A night comes and goes between our look at the index and our writing."""
        monkeypatch.undo()
        write_note(root, "fresh", "# Fresh\n\nFresh words.\n")
        refresh_index(root)
        publish_vectors(cache, models)

    monkeypatch.setattr("index.storage.refresh.publish_vectors", late)
    with app_in(root) as app:
        mending.publish_anew(app, MODEL)
    assert ask(root)[1] == []


def test_vectors_that_are_newer_than_the_open_index_are_not_mended(tmp_path, monkeypatch):
    root = indexed_house(tmp_path / "house")
    monkeypatch.delattr(mending, "publish_anew")  # whoever mends now falls
    with app_in(root) as app, SearchIndex.open(root / CACHE) as standing:
        write_note(root, "fresh", "# Fresh\n\nFresh words.\n")
        refresh_index(root)
        with pytest.raises(IndexCacheError, match="another index"):
            choose_model(app, standing, mend=True)


def test_a_vault_that_was_emptied_leaves_no_vectors_and_no_word(tmp_path):
    root = indexed_house(tmp_path / "house")
    for path in (root / "vault").glob("*.md"):
        path.unlink()
    refresh_index(root)
    hits, words = ask(root)
    assert not any(hits)
    assert words == []


def test_a_large_index_without_a_seal_is_not_made_anew_by_a_search(tmp_path, monkeypatch):
    """As one of an earlier version is: minutes of work, about which the user is asked first."""
    root = indexed_house(tmp_path / "house")
    (root / CACHE / "index.seal").unlink()
    monkeypatch.setattr(mending, "MOST_PASSAGES", 5)
    with pytest.raises(SlipwayError, match="take minutes") as caught:
        ask(root)
    assert "slipway index" in caught.value.hint
    with app_in(root) as app:
        assert "no seal" in " ".join(index(app).warnings) + " ".join(app.cache.warnings)
    assert ask(root)[1] == []


@pytest.mark.parametrize("mode", ["hybrid", "semantic", "lexical"])
def test_a_search_that_stays_says_the_same_before_and_after_a_refresh(tmp_path, monkeypatch, mode):
    monkeypatch.setattr(sieve, "LEAST_ROWS", 1)
    monkeypatch.setattr(sieve, "_MOST", 1)
    root = indexed_house(tmp_path)
    queries = [replace(query, mode=mode) for query in QUERIES]
    with app_in(root) as app:
        staying = open_search(app)
        staying.lay_out()
        try:
            for _ in range(2):
                found = [[(hit.id, hit.passage, hit.score) for hit in staying(query).results] for query in queries]
                assert found == ask(root, queries=queries)[0]
                if mode != "lexical":
                    assert staying.index.dense(staying.encoder.name)._sieve is not None
                write_note(
                    root, "newer", "# Newer\n\nReinforcement learning of skills, and 質量控制 of policy drafts.\n"
                )
                refresh_index(root)
        finally:
            staying.close()
