"""Kept answers: whole or not there, believed only when sound, bounded in all."""

from __future__ import annotations

import json
import os

import pytest

from notes.errors import PublishError
from publish.writers.answers import Answers, Kept, put

KEY = "ab" + "0" * 62


@pytest.mark.parametrize("kept", [Kept("text 中文 \ud800"), Kept("", "the model declined")], ids=["answer", "refusal"])
def test_an_answer_is_kept(kept, tmp_path):
    answers = Answers(tmp_path)
    assert answers.get(KEY) is None
    answers.keep(KEY, kept)
    assert answers.get(KEY) == kept
    assert [path.name for path in tmp_path.rglob("*.*")] == [f"{KEY}.json"]


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"key": "cd" + KEY[2:]},
        {"content": "other"},
        {"content": 7},
        {"refusal": None},
        {"sha256": ""},
    ],
    ids=lambda change: next(iter(change)),
)
def test_one_that_was_changed_is_not_believed(change, tmp_path):
    answers = Answers(tmp_path)
    answers.keep(KEY, Kept("text"))
    (path,) = tmp_path.rglob("*.json")
    path.write_text(json.dumps(json.loads(path.read_text()) | change))
    assert answers.get(KEY) is None


def test_one_under_the_name_of_another_is_not_believed(tmp_path):
    answers = Answers(tmp_path)
    answers.keep(KEY, Kept("text"))
    other = "ab" + "1" * 62
    (tmp_path / "ab" / f"{KEY}.json").rename(tmp_path / "ab" / f"{other}.json")
    assert answers.get(other) is None


def test_too_large_a_file_is_neither_written_nor_read(tmp_path):
    answers = Answers(tmp_path)
    answers.keep(KEY, Kept("x" * 500_000))
    assert list(tmp_path.rglob("*.json")) == []
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / f"{KEY}.json").write_bytes(b" " * 500_000)
    assert answers.get(KEY) is None


def test_of_too_many_the_oldest_go(tmp_path):
    answers = Answers(tmp_path)
    keys = [f"{number:02x}" + "0" * 62 for number in range(8)]
    for age, key in enumerate(keys):
        answers.keep(key, Kept("x" * 1_000))
        os.utime(tmp_path / key[:2] / f"{key}.json", (age, age))
    assert answers.prune(limit=50_000) == 0
    assert answers.prune(limit=8_000) > 0
    left = [key for key in keys if answers.get(key)]
    assert left == keys[-len(left) :]
    assert 3 <= len(left) <= 5
    assert Answers(tmp_path / "none").prune() == 0


def test_a_place_that_cannot_be_written_is_told(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(PublishError, match="cannot be written"):
        put(tmp_path / "file" / "x.json", b"{}")
