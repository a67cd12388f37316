"""The machine's turn at arXiv: over threads, processes, killed holders and clocks that are wrong."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from ingest.web.client import HttpClient, Limits, Pace
from ingest.web.limiter import ARXIV_PAUSE_S, ArxivTurns, cache_folder, is_arxiv
from notes.errors import FetchError
from tests.ingest.conftest import FakeTime
from tests.serving import Reply, ScriptedServer, redirect

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "cache"


def turns(folder: Path, fake: FakeTime, pause_s: float = 3.0) -> ArxivTurns:
    """Another process's, as far as this one can play it: it shares nothing but the folder."""
    return ArxivTurns(pause_s, sleep=fake.sleep, now=fake.clock, folder=folder)


def take(turns: ArxivTurns, fake: FakeTime, seconds: float = 0.0) -> float:
    """One turn that lasts ``seconds``; returns when it began."""
    with turns.turn():
        began = fake.seconds
        fake.seconds += seconds
    return began


@pytest.mark.parametrize(
    ("host", "expected"),
    [
        ("arxiv.org", True),
        ("export.arxiv.org", True),
        ("rss.arxiv.org", True),
        ("oaipmh.arxiv.org", True),
        ("ARXIV.org.", True),
        ("notarxiv.org", False),
        ("arxiv.org.example.org", False),
        ("", False),
    ],
)
def test_which_hosts_share_the_turn(host: str, expected: bool) -> None:
    assert is_arxiv(host) is expected


def test_three_seconds_is_what_arxiv_asks_for() -> None:
    assert ARXIV_PAUSE_S == Limits().arxiv_pause_s == HttpClient().arxiv.pause_s == 3.0


def test_the_pause_counts_from_the_end_of_an_answer(folder: Path, fake_time: FakeTime) -> None:
    one, other = turns(folder, fake_time), turns(folder, fake_time)
    began = take(one, fake_time, seconds=20.0)
    assert take(other, fake_time) == began + 23.0
    assert one.trouble == other.trouble == ""


def test_after_a_pause_nobody_waits(folder: Path, fake_time: FakeTime) -> None:
    take(turns(folder, fake_time), fake_time)
    fake_time.seconds += 3.0
    take(turns(folder, fake_time), fake_time)
    assert fake_time.slept == []


def test_who_had_the_last_turn_lets_others_go_first(folder: Path, fake_time: FakeTime) -> None:
    one, other = turns(folder, fake_time), turns(folder, fake_time)
    take(one, fake_time)
    take(one, fake_time)
    take(other, fake_time)
    first, second = fake_time.slept
    assert first > second == 3.0


@pytest.mark.parametrize("left", [9e9, -9e9, float("nan"), float("inf"), float("-inf"), "what", ""], ids=str)
def test_a_stamp_that_cannot_be_costs_one_pause_at_most(left: object, folder: Path, fake_time: FakeTime) -> None:
    folder.mkdir()
    (folder / "arxiv.stamp").write_text(f"{left} 1" if left else "")
    take(turns(folder, fake_time), fake_time)
    assert sum(fake_time.slept) <= 3.0


def test_a_clock_that_is_set_back_costs_one_pause(folder: Path, fake_time: FakeTime) -> None:
    one, other = turns(folder, fake_time), turns(folder, fake_time)
    take(one, fake_time)
    fake_time.seconds -= 3600
    take(other, fake_time)
    assert fake_time.slept == [3.0]


def test_two_turns_never_overlap(folder: Path) -> None:
    """Threads, of which two share an object and two have their own."""
    shared = ArxivTurns(0.0, folder=folder)
    inside: list[int] = []
    most: list[int] = []

    def work(mine: ArxivTurns) -> None:
        for _ in range(5):
            with mine.turn():
                inside.append(1)
                most.append(len(inside))
                time.sleep(0.002)
                inside.pop()

    own = [ArxivTurns(0.0, folder=folder) for _ in range(2)]
    threads = [threading.Thread(target=work, args=(mine,)) for mine in (shared, shared, *own)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (max(most), len(most)) == (1, 20)


HOLDER = """
import sys, time
from pathlib import Path
from ingest.web.limiter import ArxivTurns
with ArxivTurns(folder=Path(sys.argv[1])).turn():
    print("held", flush=True)
    time.sleep(60)
"""


@contextmanager
def held(folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Another process has the turn."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)],
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        yield process
    finally:
        process.kill()
        process.communicate()


def test_a_killed_process_lets_go_and_its_request_counts(folder: Path) -> None:
    slept: list[float] = []
    with held(folder) as process:
        process.send_signal(signal.SIGKILL)
        process.wait()
        with ArxivTurns(sleep=slept.append, folder=folder).turn():
            pass
    assert len(slept) == 1
    assert 0 < slept[0] <= 3.0


def test_a_process_that_hangs_is_not_waited_for_for_ever(folder: Path, fake_time: FakeTime) -> None:
    with held(folder), pytest.raises(FetchError, match="kept the turn at arXiv for 10 minutes") as caught:
        take(ArxivTurns(sleep=fake_time.sleep, folder=folder), fake_time)
    assert str(folder) in caught.value.hint
    assert 600 <= sum(fake_time.slept) < 601


def test_after_a_failed_request_the_turn_is_free(folder: Path, fake_time: FakeTime) -> None:
    one, other = turns(folder, fake_time), turns(folder, fake_time)
    with pytest.raises(ZeroDivisionError), one.turn():
        raise ZeroDivisionError
    take(other, fake_time)
    assert fake_time.slept == [3.0]


def test_where_no_lock_can_be_kept_the_process_paces_itself_and_says_so(tmp_path: Path, fake_time: FakeTime) -> None:
    (tmp_path / "file").write_text("")
    alone = turns(tmp_path / "file" / "cache", fake_time)
    began = take(alone, fake_time)
    assert take(alone, fake_time) == began + 3.0
    assert "paced for this process alone" in alone.trouble


@pytest.mark.parametrize(
    "put",
    [
        pytest.param(Path.mkdir, id="a folder"),
        pytest.param(os.mkfifo, id="a pipe"),
        pytest.param(lambda stamp: stamp.symlink_to(stamp.parent / "mine"), id="a link"),
    ],
)
def test_a_stamp_that_cannot_be_kept_is_no_reason_to_stop(
    put: Callable[[Path], None], folder: Path, fake_time: FakeTime
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "mine").write_text("a file of the user's")
    put(folder / "arxiv.stamp")
    alone = turns(folder, fake_time)
    began = take(alone, fake_time)
    assert take(alone, fake_time) == began + 3.0
    assert alone.trouble
    assert (folder / "mine").read_text() == "a file of the user's"


def test_the_folder_is_the_users_and_not_the_logins(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/reader")
    monkeypatch.setenv("XDG_RUNTIME_DIR", "/run/user/1")
    monkeypatch.setenv("XDG_CACHE_HOME", "/var/cache/reader")
    assert cache_folder() == Path("/var/cache/reader/slipway")
    for ignored in ("", "relative"):
        monkeypatch.setenv("XDG_CACHE_HOME", ignored)
        assert cache_folder() == Path("/home/reader/.cache/slipway")


# ---- the client


@pytest.fixture
def there(fake_time: FakeTime) -> HttpClient:
    """A client for whom every name leads here."""
    limits = Limits(retries=0, allow=("loopback",))
    return HttpClient(limits, sleep=fake_time.sleep, resolver=lambda *_: ("127.0.0.1",))


def test_whoever_asks_arxiv_waits_for_the_turn(server: ScriptedServer, there: HttpClient, fake_time: FakeTime) -> None:
    server.routes["/a"] = Reply(b"a")
    for host in ("rss.arxiv.org", "export.arxiv.org", "oaipmh.arxiv.org", "example.org"):
        assert there.get(server.url("/a", host), pace=Pace(0.0)).body == b"a"
    assert [round(pause) for pause in fake_time.slept] == [3, 3]


def test_a_redirect_to_arxiv_waits_for_the_turn(server: ScriptedServer, there: HttpClient, fake_time: FakeTime) -> None:
    server.routes |= {"/a": redirect(server.url("/b", "arxiv.org")), "/b": Reply(b"b")}
    for _ in range(2):
        assert there.get(server.url("/a", "example.org")).body == b"b"
    assert [round(pause) for pause in fake_time.slept] == [3]


def test_waiting_for_others_is_not_held_against_the_server(server: ScriptedServer, fake_time: FakeTime) -> None:
    server.routes["/a"] = Reply(b"a")
    client = HttpClient(Limits(retries=0, total_s=2.0), sleep=fake_time.sleep, clock=fake_time.clock)
    for _ in range(2):
        assert client.get(server.url("/a"), allow=("loopback",), pace=client.arxiv).body == b"a"
    assert sum(fake_time.slept) > 2.0
