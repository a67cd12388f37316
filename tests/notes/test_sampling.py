"""Texts read at once by numpy are read bit for bit as one after the other."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from notes.text import sampling
from notes.text.fold import fold
from notes.text.sampling import Reading
from notes.text.sampling_at_once import readings_at_once
from notes.text.shingles import MAX_WORDS, telling

WORDS = st.one_of(
    st.sampled_from("the of and model models it's 1.5 X-ray a b c d".split()),
    st.text("abcXYZ019'’-_. \n", max_size=40),
    st.text("模型的詞 。，", max_size=12),
    st.text(max_size=5),
)
TEXTS = st.lists(WORDS, max_size=90).map(" ".join)
LONG = " ".join(f"word{number * 7919 % 1000}" for number in range(MAX_WORDS + 60))


def at_once(texts: list[str], titles: list[list[str]]) -> list[Reading]:
    return readings_at_once(list(map(telling, texts)), titles)


@settings(deadline=None, max_examples=60, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.tuples(TEXTS, st.lists(WORDS.map(fold), max_size=6)), max_size=6))
@example([("", []), ("", ["word"])])
@example([("one two three four", ["four"]), ("one two three four five", ["one", "one"]), ("", [])])
@example([(LONG, ["word1", "word999", "nowhere"]), ("模型" * 90, ["模", "型"]), (LONG[:400], [])])
@example([("a " * 900, ["a"]), ("x" * 31 + " " + "x" * 32 + " " + "x" * 33 + " " + "y" * 4_000, ["x" * 32, "x" * 33])])
def test_at_once_as_one_after_the_other(entries: list[tuple[str, list[str]]]) -> None:
    texts, titles = [text for text, _ in entries], [title for _, title in entries]
    assert at_once(texts, titles) == [sampling.reading(text, title) for text, title in entries]


def test_control_a_run_over_the_end_of_a_text_would_be_seen() -> None:
    ours, theirs = "one two three four five six", "seven eight nine ten eleven twelve"
    (together,) = at_once([f"{ours} {theirs}"], [[]])
    apart = at_once([ours, theirs], [[], []])
    assert together.sample.different > sum(one.sample.different for one in apart)


def test_a_word_of_the_title_stands_where_it_first_stands() -> None:
    (read,) = at_once(["so one and one"], [["one", "two", "so"]])
    assert (read.length, read.places) == (4, [1, -1, 0])


@pytest.fixture
def paid(monkeypatch: pytest.MonkeyPatch) -> Iterator[pytest.MonkeyPatch]:
    monkeypatch.setattr(sampling, "UNPAID", 0)
    return monkeypatch


@pytest.mark.parametrize("count", [1, sampling.FEW, 9], ids=str)
def test_few_and_many_texts(count: int, paid: pytest.MonkeyPatch) -> None:
    assert sampling.readings([LONG] * count, [["word1"]] * count) == [sampling.reading(LONG, ["word1"])] * count


@pytest.mark.parametrize(("batches", "is_loaded"), [(sampling.UNPAID, False), (sampling.UNPAID + 1, True)])
def test_numpy_is_loaded_once_it_pays(batches: int, *, is_loaded: bool) -> None:
    code = (
        "import sys; from notes.text import sampling\n"
        f"for _ in range({batches}): sampling.readings(['one two three four five six'] * 9, [['one']] * 9)\n"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(is_loaded)


def test_without_numpy_all_is_read_one_by_one(paid: pytest.MonkeyPatch) -> None:
    paid.setattr(sampling, "_has_numpy", lambda: False)
    paid.setitem(sys.modules, "notes.text.sampling_at_once", None)
    assert sampling.readings([LONG] * 9, [["word1"]] * 9) == [sampling.reading(LONG, ["word1"])] * 9
