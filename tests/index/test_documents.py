from __future__ import annotations

import pytest

from index.texts.documents import text_hash
from tests.index.shelf import document


def test_text_joins_sections_without_headings():
    made = document("a", "Title", sections=(("", "One."), ("Method", "Two."), ("Result", "Three.")))
    assert made.text == "One.\n\nTwo.\n\nThree."
    assert [
        made.text[start:][: len(text)] for start, (_, text) in zip(made.section_starts(), made.sections, strict=True)
    ] == [
        "One.",
        "Two.",
        "Three.",
    ]


@pytest.mark.parametrize(
    ("change", "same"),
    [
        pytest.param({"path": "elsewhere.md"}, True, id="moved"),
        pytest.param({"tags": ("new",)}, True, id="tagged"),
        pytest.param({"title": "Other"}, False, id="renamed"),
        pytest.param({"text": "Other text."}, False, id="rewritten"),
    ],
)
def test_text_hash_follows_the_words_only(change, same):
    plain = {"title": "Title", "text": "Text."}
    assert (document("a", **plain).text_hash == document("a", **(plain | change)).text_hash) is same


def test_lone_surrogates_have_a_hash():
    assert text_hash("\ud800") != text_hash("?")
