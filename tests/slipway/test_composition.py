"""The composition root: what it opens it closes, and how often garbage is looked for is a command's own affair."""

from __future__ import annotations

import gc

import pytest

from slipway.app import App
from tests.slipway.houses import House
from tests.slipway.shelves import opened


@pytest.fixture
def app(tmp_path) -> App:
    return opened(House.build(tmp_path / "house"))


def test_garbage_is_looked_for_rarely_while_a_command_works_and_as_before_after_it(app):
    before = gc.get_threshold()
    with app:
        assert gc.get_threshold()[0] >= 50_000, (
            "a house of 5,000 notes is a million objects that live as long as it works"
        )
    assert gc.get_threshold() == before


def test_a_command_that_fails_leaves_no_trace(app):
    before = gc.get_threshold()

    def fail() -> None:
        with app:
            raise KeyError

    with pytest.raises(KeyError):
        fail()
    assert gc.get_threshold() == before


def test_one_within_another_gives_back_what_it_found(app, tmp_path):
    before = gc.get_threshold()
    with app:
        within = gc.get_threshold()
        with opened(House.build(tmp_path / "other")):
            assert gc.get_threshold() == within
        assert gc.get_threshold() == within
    assert gc.get_threshold() == before


def test_a_circle_does_not_outlive_the_work(app):
    class Circle:
        alive = 0

        def __init__(self) -> None:
            self.me = self
            Circle.alive += 1

        def __del__(self) -> None:
            Circle.alive -= 1

    enabled = gc.isenabled()
    gc.enable()
    try:
        with app:
            for _ in range(120_000):
                Circle()
            assert Circle.alive < 120_000
    finally:
        (gc.enable if enabled else gc.disable)()
