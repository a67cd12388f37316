"""While a night fetches the interpreter collects less often and lets threads take turns sooner; then it is as before."""

from __future__ import annotations

import gc
import sys

import pytest

from slipway.stages.busily import TURN_S, busily


def state() -> tuple[tuple[int, int, int], float, int]:
    return gc.get_threshold(), sys.getswitchinterval(), gc.get_freeze_count()


def test_all_is_as_before_however_it_ends() -> None:
    gc.unfreeze()
    before = state()
    with busily():
        assert gc.get_threshold()[0] > before[0][0]
        assert sys.getswitchinterval() == pytest.approx(TURN_S)
    assert state() == before
    with pytest.raises(ZeroDivisionError), busily():
        raise ZeroDivisionError
    assert state() == before
