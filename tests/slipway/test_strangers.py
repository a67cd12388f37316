"""What somebody does who has read nothing: a folder for a file, a file for a folder, a place that is gone."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from slipway.cli.show import _nothing
from tests.slipway.houses import ROOT, House
from tests.slipway.inside import Inside


@pytest.fixture
def inside(tmp_path, capsys) -> Inside:
    return Inside(House.build(tmp_path / "house"), capsys)


def test_a_folder_is_no_configuration(inside, monkeypatch):
    monkeypatch.setenv("SLIPWAY_CONFIG", str(inside.house.root))
    done = subprocess.run(
        [sys.executable, "-m", "slipway", "runs"],
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 2
    assert f"{inside.house.root} is a folder" in done.stderr
    assert f"name the file in it: {inside.house.root / 'slipway.toml'}" in done.stderr


@pytest.mark.parametrize("command", [("index",), ("promote",), ("inbox", "promote", "1")], ids=" ".join)
def test_a_file_where_the_state_should_be_is_named(inside, command):
    state = inside.house.root / ".slipway"
    state.write_text("notes to myself\n")
    told = inside.run(*command, code=1).stderr
    assert f"{state}: a file stands where a folder should be" in told
    assert state.read_text() == "notes to myself\n"


@pytest.mark.parametrize("place", [".slipway", "site"])
def test_doctor_names_it_too(inside, place):
    (inside.house.root / place).write_text("x")
    told = inside.run("doctor", code=2).stdout
    assert f"{inside.house.root / place} is a file, not a folder" in told


def test_where_nothing_is_any_more(tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    script = f"import os, shutil; os.chdir({str(gone)!r}); shutil.rmtree({str(gone)!r}); from slipway.cli import main; main(['runs'])"
    done = subprocess.run(
        [sys.executable, "-c", script],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 1
    assert "the folder that you are in is there no more" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_page_of_a_topic_says_where_its_notes_are():
    assert "`slipway show topic-rl`" in _nothing("topic-rl")
    assert "`slipway run`" in _nothing("20260220-001-rl")
