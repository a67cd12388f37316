"""Texts sampled at once by numpy are sampled bit for bit as one after the other."""

from __future__ import annotations

import subprocess
import sys

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from notes.text import sampling
from notes.text.shingles import HAN_RUN, MAX_WORDS, RUN, words

HASHES = st.one_of(st.integers(0, 9), st.integers(0, 2**32 - 1), st.sampled_from([2**32 - 1, 2**16, 2**16 - 1]))
TEXTS = st.tuples(st.lists(HASHES, max_size=120), st.sampled_from([RUN, HAN_RUN]))
LONGEST = [number * 2654435761 % 2**32 for number in range(MAX_WORDS)]


@settings(deadline=None)
@given(st.lists(TEXTS, max_size=8))
@example([([], RUN)])
@example([([1, 2, 3, 4], RUN), ([1, 2, 3, 4, 5], RUN), ([], RUN)])
@example([([2**32 - 1] * 9, HAN_RUN), ([7] * 4, RUN)])
@example([(LONGEST, RUN), (LONGEST, HAN_RUN), (LONGEST[:70], RUN)])
def test_at_once_as_one_after_the_other(texts: list[tuple[list[int], int]]) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "UNPAID", 0)
        patch.setattr(sampling, "FEW", 0)
        assert sampling.samples(texts) == [sampling.sample(said, width) for said, width in texts]


def test_control_a_run_over_the_end_of_a_text_would_be_seen() -> None:
    ours, theirs = words("one two three four five six")[0], words("seven eight nine ten eleven twelve")[0]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(sampling, "UNPAID", 0)
        patch.setattr(sampling, "FEW", 0)
        together = sampling.samples([(ours + theirs, RUN)])[0]
        apart = sampling.samples([(ours, RUN), (theirs, RUN)])
    assert together.different > sum(one.different for one in apart)


@pytest.mark.parametrize(("batches", "is_loaded"), [(sampling.UNPAID, False), (sampling.UNPAID + 1, True)])
def test_numpy_is_loaded_once_it_pays(batches: int, *, is_loaded: bool) -> None:
    code = (
        "import sys; from notes.text import sampling\n"
        f"for _ in range({batches}): sampling.samples([([1, 2, 3, 4, 5, 6], 5)] * 9)\n"
        "print('numpy' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(is_loaded)


def test_without_numpy_all_is_sampled_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sampling, "UNPAID", 0)
    monkeypatch.setattr(sampling, "_has_numpy", lambda: False)
    text = (LONGEST, RUN)
    assert sampling.samples([text] * 9) == [sampling.sample(*text)] * 9
