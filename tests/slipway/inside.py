"""The command line run within the process of the tests: the same words, exit codes and output, twenty times faster."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

import pytest

from slipway.cli import main
from tests.slipway.houses import House


@dataclass(frozen=True)
class Said:
    """What a command wrote."""

    stdout: str
    stderr: str


class Inside:
    """``slipway ARGS`` in a house, without a process of its own."""

    def __init__(self, house: House, capsys: pytest.CaptureFixture[str]) -> None:
        self.house = house
        self._capsys = capsys

    def run(self, *args: str, code: int = 0) -> Said:
        self._capsys.readouterr()
        with pytest.raises(SystemExit) as leave:
            main(["--config", str(self.house.root / "slipway.toml"), *args])
        said = self._capsys.readouterr()
        assert leave.value.code == code, f"exit {leave.value.code}\n{said.out}\n{said.err}"
        return Said(said.out, said.err)

    def json(self, *args: str) -> Any:
        return json.loads(self.run(*args, "--json").stdout)
