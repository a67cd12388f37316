"""While a night fetches the interpreter collects less often; then it is as before."""

from __future__ import annotations

import gc

import pytest

from slipway.stages.busily import busily


def state() -> tuple[tuple[int, int, int], int]:
    return gc.get_threshold(), gc.get_freeze_count()


def test_all_is_as_before_however_it_ends() -> None:
    gc.unfreeze()
    before = state()
    with busily():
        assert gc.get_threshold()[0] > before[0][0]
    assert state() == before
    with pytest.raises(ZeroDivisionError), busily():
        raise ZeroDivisionError
    assert state() == before
