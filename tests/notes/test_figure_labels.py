"""The labels of the key-figure benchmark: complete, and without a word of the abstracts."""

import json
import re
from pathlib import Path

from notes.quantities.metrics import is_result

LABELS = json.loads((Path(__file__).parent.parent / "data" / "figure_labels.json").read_text(encoding="utf-8"))


def test_three_hundred_abstracts_are_labelled():
    rows = LABELS["abstracts"]
    assert len({row["id"] for row in rows}) == len(rows) == 300
    assert all(re.fullmatch(r"\d{4}\.\d{5}", row["id"]) for row in rows)
    assert [sum(row["half"] == half for row in rows) for half in ("develop", "opened", "held")] == [100, 100, 100]


def test_labels_hold_names_and_numbers_only():
    figures = [figure for row in LABELS["abstracts"] for figure in row["figures"]]
    names = [name for figure in figures for key in ("unit", "system", "benchmark") for name in figure.get(key) or ()]
    assert all(len(name) <= 40 for name in names)
    assert {figure["kind"] for figure in figures} == {"result", "extent", "open"}


def test_sizes_and_counts_are_no_results():
    assert not any(is_result(unit) for unit in ("params", "tokens", "USD", "images", "任务"))
    assert all(is_result(unit) for unit in ("%", "points", "x", "dB", "F1", "mIoU", "ms", "FPS", "Pearson correlation"))
