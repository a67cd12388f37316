from __future__ import annotations

import time

import pytest

from index.texts.residue import residue
from index.words.tokens import tokenise


@pytest.mark.parametrize(
    ("written", "left"),
    [
        pytest.param("Shown text.", "", id="all is shown"),
        pytest.param(
            "Shown %% a hidden thought %% text.", "Shown %% a hidden thought %% text.", id="a comment in a line"
        ),
        pytest.param("%%\n待查的想法\n%%", "待查的想法", id="a comment of its own"),
        pytest.param("<div title='x'><p>In a box</p></div>", "In a box", id="HTML without its tags"),
        pytest.param("<!-- kept apart -->", "<!-- kept apart -->", id="a comment of HTML"),
        pytest.param("![[图谱.png]]", "![[图谱.png]]", id="the name of what is embedded"),
        pytest.param("[[Target|text]]", "Target", id="a target behind another word"),
        pytest.param("[text](https://example.org/unseen)", "", id="an address is none"),
        pytest.param("see https://example.org/unseen text", "see text", id="a new word beside one"),
        pytest.param("[ref]: https://example.org 'Unseen'", "", id="a definition"),
        pytest.param("```python\ntext\n```", "", id="the language of code"),
        pytest.param("3. text\n- [x] text\n> [!note] text\n## text ^b1", "", id="marks"),
        pytest.param("shown &amp; text", "", id="an entity"),
        pytest.param("new\nnew", "new", id="once"),
    ],
)
def test_only_lines_with_a_word_of_their_own_are_left(written, left):
    told = residue(written, tokenise("shown text"))
    assert set(tokenise(left)) == set(tokenise(told))
    assert bool(told) == bool(left)


@pytest.mark.parametrize(
    ("written", "left"),
    [
        pytest.param(
            "Shown [[20260615-001-skillrl|text]].", "20260615-001-skillrl", id="the target alone, not the line"
        ),
        pytest.param("Shown [[Target#Part|text]] %% thought %%", "Shown text %% thought Target#Part", id="both"),
        pytest.param("“shown <https://example.org/x> text”", "", id="an address in angles"),
        pytest.param("new <https://example.org/x> text", "new   text", id="no half of a bracket"),
        pytest.param("[[a|text]] [[a|shown]]", "a", id="a target once"),
    ],
)
def test_what_a_reader_sees_of_it(written, left):
    """A passage is shown: whole lines a second time, brackets and halves of addresses read badly."""
    assert residue(written, tokenise("shown text a2")) == left


def test_nothing_is_left_when_all_is_known():
    text = "研究者把智能体的轨迹提炼成技能库，and the policy learns."
    assert residue(text, tokenise(text)) == ""


@pytest.mark.parametrize("piece", ["a", "a.", "a-", "[^", "[[a", "<a "])
def test_no_text_takes_long(piece):
    started = time.process_time()
    residue(piece * (80_000 // len(piece)), tokenise("shown text"))
    assert time.process_time() - started < 3.0  # a tenth of one here; squared, the slowest took 23
