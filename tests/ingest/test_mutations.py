"""A slice of the campaign of mutations; the whole is ``python -m benchmarks mutations --count 100000``."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ingest.workers.parser import Parser
from tests.ingest.mutations import campaign, documents, mutant

pytestmark = pytest.mark.data
SLICE = 1_500
# What one document may take, many times over: the machine may be busy.
SECONDS = 15.0


def test_damaged_documents_fail_alone(shared: Callable[[str], Path], tmp_path: Path) -> None:
    corpus = documents(shared(""))
    sound = shared("feeds/ai-labs/olshansk") / "feed_anthropic_engineering.xml"
    with Parser() as parser:
        tally = campaign(corpus, range(SLICE), sound.read_bytes(), parser=parser, folder=tmp_path)
    assert tally.wrong == []
    assert (tally.documents, tally.sound_feeds) == (SLICE, SLICE // 20)
    assert tally.items > SLICE
    assert tally.read_quickly > 10
    assert 0 < tally.refused.total() < SLICE * 0.6
    assert tally.slowest_s < SECONDS


def test_a_mutation_is_the_same_for_the_same_seed(shared: Callable[[str], Path]) -> None:
    corpus = documents(shared(""))
    assert [mutant(corpus, seed) for seed in range(50)] == [mutant(corpus, seed) for seed in range(50)]
    assert len({mutant(corpus, seed) for seed in range(200)}) > 180
