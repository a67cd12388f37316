"""Parsing in processes of its own: what goes wrong there goes wrong for one document."""

from __future__ import annotations

import contextlib
import ctypes
import gc
import operator
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.feeds.document import parse
from ingest.sources import SourceSpec
from ingest.workers.answers import Answer, packed, unpacked
from ingest.workers.crew import Crew
from ingest.workers.parser import InProcess, Parser, ParserLimits, Parses
from ingest.workers.process import AT_ONCE, Worker, _read
from notes.errors import ParseError, SourceError

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
SPEC = SourceSpec(key="feed", kind="rss", url="https://example.org/feed.xml")
FEED = (
    b"<rss version='2.0'><channel><title>F</title><item><title>One &amp; only</title><link>/1</link>"
    b"<description>Text.</description><pubDate>Fri, 20 Feb 2026 08:00:00 GMT</pubDate></item></channel></rss>"
)


@pytest.fixture(scope="module")
def parser() -> Iterator[Parser]:
    with Parser(ParserLimits(seconds=1.0, memory_mb=256, workers=1)) as running:
        running.call(os.getpid, what="start")
        yield running


def read(parser: Parses, body: bytes = FEED) -> object:
    return parser.parse(body, spec=SPEC, base_url=SPEC.url, now=NOW)


@pytest.mark.parametrize("kind", ["worker", "in process"])
def test_a_feed_is_read_as_it_is_without(kind: str, parser: Parser) -> None:
    one: Parses = parser if kind == "worker" else InProcess()
    assert read(one) == parse(FEED, spec=SPEC, base_url=SPEC.url, now=NOW)


@pytest.mark.parametrize("kind", ["worker", "in process"])
def test_a_source_error_arrives_whole(kind: str, parser: Parser) -> None:
    one: Parses = parser if kind == "worker" else InProcess()
    with pytest.raises(ParseError, match="no JSON Feed") as caught:
        read(one, b'{"a": 1}')
    assert caught.value.hint


@pytest.mark.parametrize("kind", ["worker", "in process"])
def test_any_other_exception_is_the_documents(kind: str, parser: Parser) -> None:
    one: Parses = parser if kind == "worker" else InProcess()
    with pytest.raises(ParseError, match="the page cannot be read: ZeroDivisionError: division by zero"):
        one.call(operator.truediv, 1, 0, what="the page")


FATAL = [
    pytest.param(time.sleep, (60,), "more than 1 seconds", id="it hangs"),
    pytest.param(ctypes.string_at, (0,), "SIGSEGV", id="it crashes"),
    pytest.param(bytes, (2**30,), "more memory", id="it eats memory"),
    pytest.param(sys.exit, (3,), "SystemExit", id="it exits"),
    pytest.param(os._exit, (3,), "ended with code 3", id="it exits at once"),
    pytest.param(signal.raise_signal, (signal.SIGKILL,), "SIGKILL", id="it is killed"),
    pytest.param(threading.Lock, (), "no kind of value", id="its result cannot travel"),
]


@pytest.mark.parametrize(("function", "arguments", "word"), FATAL)
def test_what_ends_a_worker_costs_one_document(
    function: object, arguments: tuple[object, ...], word: str, parser: Parser
) -> None:
    started = time.monotonic()
    with pytest.raises(ParseError, match=word):
        parser.call(function, *arguments, what="the page")  # type: ignore[arg-type]
    assert time.monotonic() - started < 55
    assert read(parser) == parse(FEED, spec=SPEC, base_url=SPEC.url, now=NOW)


def test_the_memory_is_there_without_the_limit() -> None:
    """The control: the same size is no trouble in itself."""
    with Parser(ParserLimits(memory_mb=4096, workers=1)) as roomy:
        assert roomy.call(size_of, 2**30, what="the page") == 2**30


def size_of(count: int) -> int:
    return len(bytes(count))


def test_a_document_is_given_a_second_worker_where_the_first_one_was_used_up() -> None:
    with Parser(ParserLimits(workers=1)) as parser:
        doomed = parser.call(pid_and_ruin, what="the one before")
        assert parser.call(pid_slowly, what="the page") != doomed


def pid_and_ruin() -> int:
    """Leaves the process in a state in which the next document's answer never comes."""
    globals()["pid_slowly"] = ruined
    return os.getpid()


def ruined() -> int:
    os._exit(9)


def test_the_users_number_of_threads_is_not_the_workers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENBLAS_NUM_THREADS", "64")
    with Parser(ParserLimits(workers=1)) as parser:
        assert parser.call(os.getenv, "OPENBLAS_NUM_THREADS", what="threads") == "1"


def test_threads_share_the_workers() -> None:
    with Parser(ParserLimits(workers=2)) as parser, ThreadPoolExecutor(8) as pool:
        pids = list(pool.map(lambda _: parser.call(pid_slowly, what="x"), range(24)))
    assert len(set(pids)) == 2
    assert os.getpid() not in pids


def pid_slowly() -> int:
    time.sleep(0.1)
    return os.getpid()


@pytest.mark.parametrize(("patience", "workers"), [(60.0, 1), (0.1, 2)], ids=["not for long", "for long"])
def test_another_worker_starts_only_where_somebody_waits_for_long(
    patience: float, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.workers.crew.PATIENCE_S", patience)
    with Parser(ParserLimits(workers=2)) as parser, ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: parser.call(pid_slowly, what="x"), range(16)))) == workers


@pytest.mark.parametrize(("many", "workers"), [(1_000, 1), (8, 2)], ids=["after few", "after many"])
def test_another_worker_starts_where_somebody_waits_after_many_documents(
    many: int, workers: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("ingest.workers.crew.PATIENCE_S", 60.0)
    monkeypatch.setattr("ingest.workers.crew.MANY", many)
    with Parser(ParserLimits(workers=2)) as parser, ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: parser.call(pid_slowly, what="x"), range(24)))) == workers
        # Another night begins with one worker again.
        parser.close()
        assert len(set(pool.map(lambda _: parser.call(pid_slowly, what="x"), range(6)))) == 1


def test_documents_that_take_long_are_not_queued_behind_one_another() -> None:
    with Parser(ParserLimits(workers=2)) as parser, ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(lambda _: parser.call(pid_slowly, what="x"), range(16)))) == 2


def test_nobody_waits_for_a_slow_document_where_another_worker_has_nothing_to_do() -> None:
    with Parser(ParserLimits(workers=2)) as parser, ThreadPoolExecutor(8) as pool:
        assert len(set(pool.map(lambda _: parser.call(pid_slowly, what="x"), range(24)))) == 2
        slow = pool.submit(parser.call, time.sleep, 3, what="slow")
        time.sleep(0.3)
        parser.call(os.getpid, what="quick")
        assert not slow.done()


@pytest.mark.parametrize("end", ["hangs", "exits"])
def test_those_that_wait_behind_a_document_are_none_the_worse(end: str) -> None:
    with Parser(ParserLimits(seconds=2.0, workers=1)) as parser, ThreadPoolExecutor(4) as pool:
        doomed = parser.call(os.getpid, what="start")
        guilty = pool.submit(parser.call, hang if end == "hangs" else exit_soon, what="guilty")
        others = [pool.submit(parser.call, os.getpid, what="other") for _ in range(3)]
        assert doomed not in {other.result() for other in others}
        with pytest.raises(ParseError, match="guilty"):
            guilty.result()


def hang() -> None:
    time.sleep(60)


def exit_soon() -> None:
    """Leaves the others the time to be sent."""
    time.sleep(0.5)
    os._exit(3)


def test_documents_larger_than_a_pipe_wait_for_one_another() -> None:
    large = [str(number) * 2**20 for number in range(8)]
    with Parser(ParserLimits(workers=1)) as parser, ThreadPoolExecutor(8) as pool:
        assert list(pool.map(lambda text: parser.call(str.upper, text, what="x"), large)) == large


def test_a_worker_that_takes_no_document_has_no_more_time_than_for_one(parser: Parser) -> None:
    os.kill(parser.call(os.getpid, what="start"), signal.SIGSTOP)
    started = time.monotonic()
    with pytest.raises(ParseError, match="more than 1 seconds"):
        parser.call(str.upper, "x" * 2**20, what="the page")
    assert time.monotonic() - started < 3


def test_a_worker_finds_its_next_document_before_its_answer_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    both = [tmp_path / "one", tmp_path / "other"]
    is_in_time = []

    def late(pipe: int, most: int, least: int) -> bytes:
        deadline = time.monotonic() + 30
        while not (are_done := all(path.exists() for path in both)) and time.monotonic() < deadline:
            time.sleep(0.01)
        is_in_time.append(are_done)
        return _read(pipe, most, least)

    with Parser(ParserLimits(seconds=60, workers=1)) as parser, ThreadPoolExecutor(2) as pool:
        parser.call(os.getpid, what="start")
        monkeypatch.setattr("ingest.workers.process._read", late)
        list(pool.map(lambda path: parser.call(os.mkdir, str(path), what="x"), both))
    assert all(is_in_time)


def test_no_worker_starts_before_the_first_document_and_none_stays() -> None:
    before = children()
    parser = Parser(ParserLimits(workers=2))
    assert children() <= before
    assert parser.call(operator.add, 1, 1, what="x") == 2
    assert len(children() - before) == 1
    parser.close()
    assert children() <= before
    assert parser.call(operator.add, 1, 2, what="x") == 3
    parser.close()
    assert children() <= before


def test_a_forgotten_parser_ends_its_workers() -> None:
    before = children()
    parser = Parser(ParserLimits(workers=1))
    parser.call(operator.add, 1, 1, what="x")
    del parser
    gc.collect()
    assert children() <= before


def children() -> set[int]:
    """The children of this process that have not been waited for, zombies too."""
    listing = subprocess.run(["ps", "-o", "pid=,ppid=,args=", "-A"], capture_output=True, text=True, check=True).stdout
    rows = [line.split(None, 2) for line in listing.splitlines()]
    return {int(pid) for pid, parent, args in rows if parent == str(os.getpid()) and not args.startswith("ps ")}


# Ctrl-C is ignored by what a shell started in the background, and so by all that the tests start from there.
PROGRAM = """
import signal, sys, time
signal.signal(signal.SIGINT, signal.default_int_handler)
from ingest.workers.parser import Parser
parser = Parser()
print(parser.call(__import__("os").getpid, what="x"), flush=True)
{rest}
"""


@pytest.mark.parametrize(
    ("rest", "code"),
    [
        pytest.param("", 0, id="it ends"),
        pytest.param("1 / 0", 1, id="it fails"),
        pytest.param("import os; os._exit(4)", 4, id="it exits at once"),
        pytest.param("import os, signal; os.kill(os.getpid(), signal.SIGKILL)", -signal.SIGKILL, id="it is killed"),
        pytest.param("parser.call(time.sleep, 60, what='x')", -signal.SIGINT, id="Ctrl-C in the midst of a document"),
    ],
)
def test_no_worker_outlives_its_program(rest: str, code: int, tmp_path: Path) -> None:
    """The program has no guard against being imported a second time, and needs none."""
    script = tmp_path / "program"
    script.write_text(PROGRAM.format(rest=rest))
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd()), "PYTHONWARNINGS": "error"}
    with subprocess.Popen(
        [sys.executable, str(script)],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as program:
        assert program.stdout is not None
        worker = int(program.stdout.readline())
        if "sleep" in rest:
            time.sleep(0.3)
            os.killpg(program.pid, signal.SIGINT)
        _, complaint = program.communicate(timeout=120)
    assert program.returncode == code
    assert complaint.count("Traceback") == (code in {1, -signal.SIGINT}), complaint
    assert "Warning" not in complaint
    deadline = time.monotonic() + 60
    while (is_alive := alive(worker)) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not is_alive


def test_nothing_is_imported_from_the_folder_that_a_program_runs_in(tmp_path: Path) -> None:
    """The control: without -P, Python does so for a program given by ``-c``, which the worker is."""
    (tmp_path / "json.py").write_text("raise SystemExit(9)")
    (tmp_path / "program").write_text(PROGRAM.format(rest=""))
    environment = {**os.environ, "PYTHONPATH": str(Path.cwd())}
    control = [sys.executable, "-c", "import json"]
    assert subprocess.run(control, cwd=tmp_path, check=False).returncode == 9
    program = [sys.executable, "-P", "program"]
    done = subprocess.run(program, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    # Orphans are waited for by whoever has adopted them, in his own time.
    return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"


def test_a_worker_that_cannot_start_is_a_source_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/nonexistent/python")
    with Parser() as parser, pytest.raises(SourceError, match="no process to parse in"):
        read(parser)


def test_a_worker_that_fails_to_start_is_a_source_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.workers.process._BOOT", "raise SystemExit(7)")
    with Parser() as parser, pytest.raises(SourceError, match="code 7 before it began"):
        read(parser)


def test_the_next_document_does_not_wait_until_an_answer_is_taken_apart(monkeypatch: pytest.MonkeyPatch) -> None:
    is_taken_apart, next_is_done = threading.Event(), threading.Event()

    def slowly(sent: bytes, what: str, kind: str) -> Answer:
        if what == "first":
            is_taken_apart.set()
            assert next_is_done.wait(30)
        return unpacked(sent, what, kind)

    monkeypatch.setattr("ingest.workers.process.unpacked", slowly)
    with Parser(ParserLimits(workers=1)) as parser, ThreadPoolExecutor(1) as other:
        first = other.submit(parser.call, os.getpid, what="first")
        assert is_taken_apart.wait(30)
        second = parser.call(os.getpid, what="second")
        next_is_done.set()
        assert first.result() == second


def test_a_worker_whose_answer_was_none_has_no_other_document(monkeypatch: pytest.MonkeyPatch) -> None:
    with Parser(ParserLimits(workers=1)) as parser:
        before = parser.call(os.getpid, what="it")
        with monkeypatch.context() as patch:
            nonsense = unpacked(b"[]", "it")
            patch.setattr("ingest.workers.process.unpacked", lambda *_: nonsense)
            with pytest.raises(ParseError, match="an answer that is none"):
                parser.call(os.getpid, what="it")
        assert parser.call(os.getpid, what="it") != before
        assert parser.call(os.getpid, what="it") != before


def test_a_worker_that_hangs_up_and_goes_on_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.workers.process._END_S", 0.2)
    with Parser(ParserLimits(workers=1)) as parser:
        with pytest.raises(ParseError, match="SIGKILL"):
            parser.call(exec, "import os, time; os.closerange(0, 100); time.sleep(600)", what="it")
        assert parser.call(os.getpid, what="the next one")


def test_what_else_comes_through_the_pipe_is_no_answer_to_the_next_document() -> None:
    with Parser(ParserLimits(seconds=5.0, workers=1)) as parser:
        parser.call(operator.add, 1, 1, what="start")
        with pytest.raises(ParseError, match="died of"):
            parser.call(forged, what="document")
        assert parser.call(operator.add, 1, 1, what="next") == 2


def test_control_without_the_numbers_the_next_document_gets_what_was_left(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ingest.workers.process.answer_to", lambda _, sent: sent[8:])
    with Parser(ParserLimits(seconds=5.0, workers=1)) as parser:
        parser.call(operator.add, 1, 1, what="start")
        assert parser.call(forged, what="document") == 40
        assert parser.call(operator.add, 1, 1, what="next") == 41


def forged() -> int:
    """Writes an answer to a request that nobody made, as whoever got hold of the worker might, and returns another."""
    frame = packed(Answer(40))
    for pipe in pipes():
        os.write(pipe, (len(frame) + 8).to_bytes(8, "little") + bytes(8) + frame)
    return 41


def pipes() -> Iterator[int]:
    for number in range(3, 64):
        with contextlib.suppress(OSError):
            if stat.S_ISFIFO(os.fstat(number).st_mode):
                yield number


@pytest.mark.parametrize("more", [0, 1], ids=["as large as may be", "larger"])
def test_an_answer_may_be_as_large_as_what_is_packed(more: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its number in the frame is none of it: at the bound a worker would be ended for what it may send."""
    text = "A" * 1_000
    monkeypatch.setattr("ingest.workers.process.MAX_ANSWER", len(packed(Answer(text))) - more)
    with Parser(ParserLimits(workers=1)) as parser:
        if more:
            with pytest.raises(ParseError, match="an answer that is none"):
                parser.call(str.upper, text, what="x")
        else:
            assert parser.call(str.upper, text, what="x") == text


def test_what_is_left_of_frames_that_are_none_is_no_answer_to_those_that_wait() -> None:
    with Parser(ParserLimits(seconds=5.0, workers=1)) as parser, ThreadPoolExecutor(4) as pool:
        doomed = parser.call(os.getpid, what="start")
        guilty = pool.submit(parser.call, hollow, what="guilty")
        others = [pool.submit(parser.call, os.getpid, what="other") for _ in range(3)]
        assert doomed not in {other.result() for other in others}
        with pytest.raises(ParseError, match="guilty cannot be read: the parser gave an answer that is none"):
            guilty.result()


def hollow() -> None:
    """Sends frames of nothing to all that wait, once the others have been sent."""
    time.sleep(0.5)
    for pipe in pipes():
        os.write(pipe, bytes(4 * 8))


def test_a_worker_that_starts_is_not_put_among_those_that_somebody_looks_through() -> None:
    is_looked_at, is_put = threading.Event(), threading.Event()

    class Looked:
        is_ready = is_quick = True

        @property
        def may_go_on(self) -> bool:
            is_looked_at.set()
            is_put.wait(0.2)
            return True

        def end(self) -> None: ...

    def start() -> Worker:
        if crew.alive:
            assert is_looked_at.wait(30)
        return Looked()  # type: ignore[return-value]

    def start_another() -> None:
        another = crew.fresh()
        is_put.set()
        crew.give(another, AT_ONCE)

    crew = Crew(2, start)
    full = crew.fresh()
    with ThreadPoolExecutor(1) as pool:
        other = pool.submit(start_another)
        assert crew.take() is not full
        other.result()


def test_a_fresh_worker_does_not_stay_where_another_one_starts_in_its_place() -> None:
    is_starting, may_start = threading.Event(), threading.Event()
    ended: list[object] = []

    class Idle:
        is_ready = may_go_on = True
        is_quick = False

        def end(self) -> None:
            ended.append(self)

    def start() -> Worker:
        if threading.current_thread() is not threading.main_thread():
            is_starting.set()
            assert may_start.wait(30)
        return Idle()  # type: ignore[return-value]

    crew = Crew(2, start)
    first = crew.take()
    with ThreadPoolExecutor(1) as pool:
        second = pool.submit(crew.take)
        assert is_starting.wait(30)
        crew.give(fresh := crew.fresh(), AT_ONCE)
        may_start.set()
        assert crew.alive == {first: 1, second.result(): 1}
    assert ended == [fresh]
