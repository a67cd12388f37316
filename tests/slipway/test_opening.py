"""Handing an address to the system's opener: what fails says so, with the address to open oneself."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

from notes.errors import UsageError
from slipway.opening import open_address

OPENER = "open" if sys.platform == "darwin" else "xdg-open"
ADDRESS = "obsidian://open?path=%2Fa"


def _opener(folder: Path, monkeypatch: pytest.MonkeyPatch, code: int) -> Path:
    program = folder / OPENER
    program.write_text(f'#!/bin/sh\necho "$1" > "{folder}/asked"\necho noise >&2\nexit {code}\n')
    program.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/bin{os.pathsep}/usr/bin")
    return folder / "asked"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has an opener of its own")
@pytest.mark.parametrize("code", [0, 3])
def test_an_opener_is_asked_and_its_failure_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], code: int
) -> None:
    asked = _opener(tmp_path, monkeypatch, code)
    if code:
        with pytest.raises(UsageError, match=f"{OPENER} ended with 3") as caught:
            open_address(ADDRESS)
        assert caught.value.hint == f"open it yourself: {ADDRESS}"
    else:
        assert open_address(ADDRESS) == 0
    assert asked.read_text() == f"{ADDRESS}\n"
    assert capfd.readouterr().err == ""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has an opener of its own")
def test_no_opener_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(UsageError, match="nothing here opens") as caught:
        open_address(ADDRESS)
    assert ADDRESS in caught.value.hint
