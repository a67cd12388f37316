"""Counts of a report in the singular and the plural."""

from __future__ import annotations

import pytest

from slipway.cli.counting import said

SAID = {
    "one": ([("posts", 1)], "1 post"),
    "more": ([("posts", 2)], "2 posts"),
    "inside a name": ([("sentences refused", 1), ("writer sentences refused", 2)], "1 sentence refused, 2 writer sentences refused"),
    "what counts nothing that has a plural": ([("new", 1), ("promoted", 3)], "1 new, 3 promoted"),
    "none": ([("posts", 0)], ""),
}  # fmt: skip


@pytest.mark.parametrize(("counts", "words"), SAID.values(), ids=SAID)
def test_counts_are_said(counts, words):
    assert said(counts) == words
