from __future__ import annotations

import threading

import pytest

from index.retrieval.ahead import ahead


def test_what_comes_of_it():
    with ahead(lambda: threading.current_thread().name) as result:
        assert result() == result() == "ahead"


def test_both_sides_work_at_once():
    here, there = threading.Event(), threading.Event()

    def work() -> bool:
        there.set()
        return here.wait(10)

    with ahead(work) as result:
        assert there.wait(10)
        here.set()
        assert result()


def test_its_trouble_is_raised_where_it_is_waited_for():
    with ahead(lambda: 1 // 0) as result, pytest.raises(ZeroDivisionError):
        result()


def test_trouble_that_nobody_waits_for_is_not_raised():
    begun = []

    def work() -> None:
        begun.append(True)
        raise ZeroDivisionError

    with ahead(work):
        pass
    assert begun


def test_it_is_over_when_the_block_is_left_by_an_error():
    done, go_on = [], threading.Event()

    def work() -> None:
        go_on.wait(10)
        done.append(True)

    def leave() -> None:
        with ahead(work):
            threading.Timer(0.05, go_on.set).start()
            raise KeyError

    with pytest.raises(KeyError):
        leave()
    assert done


def test_without_threads_it_is_done_here(monkeypatch):
    def no_more(thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    monkeypatch.setattr(threading.Thread, "start", no_more)
    with ahead(threading.current_thread) as result:
        assert result() is threading.current_thread()
