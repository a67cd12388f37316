"""The suite's own property tests: what they draw depends on nothing but the test."""

from __future__ import annotations

import importlib.util
import os
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytestmark = pytest.mark.skipif("SLIPWAY_EXAMPLES" in os.environ, reason="SLIPWAY_EXAMPLES asks for other examples")


def _drawn() -> list[list[str]]:
    drawn: list[list[str]] = []

    @given(st.lists(st.text(), min_size=3))
    def draw(texts):
        drawn.append(texts)

    draw()
    return drawn


def test_draws_the_same_twice():
    assert _drawn() == _drawn()


def test_draws_the_same_whatever_modules_are_loaded(tmp_path, monkeypatch):
    before = _drawn()
    for number in range(3):
        path = tmp_path / f"module_{number}.py"
        path.write_text(f"WORDS = {[f'word {number} {at}' for at in range(99)]}\n", encoding="utf-8")
        spec = importlib.util.spec_from_file_location(path.stem, path)
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        monkeypatch.setitem(sys.modules, path.stem, module)
    assert _drawn() == before


def test_a_slow_machine_is_no_failure():
    assert settings.default.deadline is None
