from __future__ import annotations

import numpy as np
import pytest

from index.models.embedder import Embedder
from index.models.hashing import HashingEmbedder


def test_it_keeps_the_embedders_contract(hashing: Embedder):
    vectors = hashing.encode_passages(["reinforcement learning", "强化学习", ""])
    assert vectors.shape == (3, hashing.dim)
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx([1, 1, 0], abs=1e-6)
    assert np.array_equal(hashing.encode_query("强化学习"), vectors[1])
    assert hashing.knows("zh-Hant")
    assert hashing.encode_passages([]).shape == (0, hashing.dim)


@pytest.mark.parametrize(
    ("text", "near", "far"),
    [
        pytest.param(
            "reinforcement learning agents", "an agent learns by reinforcement", "tumours in scans", id="english"
        ),
        pytest.param("強化學習的智能體", "智能体与强化学习", "斜拉桥主塔施工", id="traditional and simplified"),
        pytest.param("policy optimisation", "optimising a policy", "protein folding", id="spellings"),
    ],
)
def test_shared_words_are_near(hashing, text, near, far):
    one, other, third = hashing.encode_passages([text, near, far])
    assert one @ other > one @ third + 0.2


def test_the_name_tells_the_dimensions():
    assert HashingEmbedder(64).name != HashingEmbedder(128).name
