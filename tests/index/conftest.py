from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.models.embedder import Embedder, ModelSettings, open_embedder
from index.models.hashing import HashingEmbedder
from index.storage.cache import IndexCache


@pytest.fixture
def cache(tmp_path: Path) -> Iterator[IndexCache]:
    with IndexCache(tmp_path / "cache" / "index.db") as opened:
        yield opened


@pytest.fixture
def hashing() -> HashingEmbedder:
    return HashingEmbedder()


@pytest.fixture(scope="session")
def bundled() -> Embedder:
    """The real model; it takes some eight seconds to load."""
    return open_embedder(ModelSettings())
