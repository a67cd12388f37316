"""What the tests of ingest share: a scripted server, a clock that moves when one sleeps, the shared documents."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.sources import SourceSpec
from ingest.web.client import HttpClient, Limits
from tests.serving import ScriptedServer

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)


@dataclass
class FakeTime:
    """Seconds that pass only by sleeping; ``slept`` keeps the pauses."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.seconds += seconds

    def clock(self) -> float:
        return self.seconds


@pytest.fixture(autouse=True)
def own_turns(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests to arXiv are paced over the whole machine: a test waits for no other test, and for no run of the user."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path_factory.mktemp("cache")))


@pytest.fixture
def now() -> datetime:
    return NOW


@pytest.fixture
def spec() -> SourceSpec:
    return SourceSpec(key="feed", kind="rss", url="https://example.org/feed.xml")


@pytest.fixture
def server() -> Iterator[ScriptedServer]:
    with ScriptedServer() as running:
        yield running


@pytest.fixture
def fake_time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def client(fake_time: FakeTime) -> HttpClient:
    """A client on real sockets whose pauses take no time."""
    return HttpClient(Limits(retries=2), sleep=fake_time.sleep)


@pytest.fixture(scope="session")
def shared() -> Callable[[str], Path]:
    """A folder of the shared documents, by its path below SLIPWAY_DATA; the test is skipped where there is none."""

    def folder(path: str) -> Path:
        root = os.environ.get("SLIPWAY_DATA", "")
        if not root:
            pytest.skip("SLIPWAY_DATA is not set: the shared documents are not here")
        return Path(root) / path

    return folder
