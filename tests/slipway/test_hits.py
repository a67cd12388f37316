"""A hit as a person reads it: the passage cut round its terms, and nothing in it that a terminal would obey."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.retrieval.search import Hit, Ranks
from slipway.cells import cells
from slipway.cli import hits
from slipway.cli.hits import window

LONG = (
    "Agents fail on long household tasks. They learn from raw actions and forget. "
    "SkillRL discovers reusable skills from good trajectories and composes skills by reinforcement learning. "
    "The library still grows without bound, and nobody knows when to stop it."
)
CHINESE = (
    "智能體在長任務中會填滿上下文視窗。" * 5 + "遞歸語言模型讓模型透過強化學習管理上下文。" + "實驗顯示延遲降低。" * 10
)


def marked(text, spans):
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("text", "terms", "room", "shown", "marks"),
    [
        ("short text", ["text"], 40, "short text", ["text"]),
        (LONG, [], 30, "Agents fail on long household…", []),
        (LONG, ["reinforcement", "composes"], 60, None, ["composes", "reinforcement"]),
        (LONG, ["nobody"], 40, None, ["nobody"]),
        (CHINESE, ["遞歸", "強化學習"], 40, None, ["遞歸", "強化學習"]),
        ("a skill and skills", ["skill"], 40, "a skill and skills", ["skill"]),
        ("LLM推理 and LLMs", ["LLM", "推理"], 40, "LLM推理 and LLMs", ["LLM", "推理"]),
        ("上下文", ["上下", "上下文"], 40, "上下文", ["上下文"]),
        ("C++ (a+b)*", ["C++", "(a+b)*"], 40, "C++ (a+b)*", ["C++", "(a+b)*"]),
        ("", ["x"], 40, "", []),
    ],
    ids=[
        "whole",
        "no terms",
        "most terms",
        "the end",
        "chinese",
        "words",
        "beside chinese",
        "longest",
        "regex",
        "empty",
    ],
)
def test_the_window_shows_the_terms(text, terms, room, shown, marks):
    found, spans = window(text, terms, room)
    assert cells(found) <= room
    assert marked(found, spans) == marks
    if shown is not None:
        assert found == shown


def test_the_window_begins_with_a_sentence_where_one_is_near():
    assert window(LONG, ["SkillRL"], 60)[0].startswith("…SkillRL discovers")


@given(
    st.text(st.sampled_from("ab 字語。.é-"), max_size=300),
    st.lists(st.text(st.sampled_from("ab字語é"), max_size=4), max_size=6),
    st.integers(3, 90),
)
def test_a_window_is_part_of_the_text_and_marks_are_terms(text, terms, room):
    shown, spans = window(text, terms, room)
    assert cells(shown) <= room
    assert shown.strip("…").strip() in text
    assert all(shown[start:end] in terms or shown.endswith("…") for start, end in spans)
    assert all(before[1] <= after[0] for before, after in pairwise(spans))


def hit(**changes) -> Hit:
    values = {
        "rank": 1,
        "id": "20260220-001-a",
        "kind": "note",
        "title": "A title",
        "path": "notes/2026/20260220-001-a.md",
        "url": "",
        "score": 0.98765,
        "passage": LONG,
        "heading": "Results",
        "start": 0,
        "end": len(LONG),
        "created": "2026-02-20",
        "source": "arXiv",
        "tags": (),
        "lang": "en",
        "ranks": Ranks(1, None),
        "terms": ("skills", "learning"),
    }
    return Hit(**values | changes)


def lines(one: Hit, width: int = 80, *, explain: bool = False) -> list[str]:
    return list(hits._hit_lines(one, width, explain=explain))


def test_a_hit_tells_title_score_kind_day_source_path_heading_and_passage():
    title, about, *passage = lines(hit())
    assert title == " 1. A title  0.99"
    assert about == "    note · 2026-02-20 · arXiv · notes/2026/20260220-001-a.md"
    assert passage[0].startswith("    Results › …")
    assert 1 <= len(passage) <= 3
    assert "skills" in "".join(passage) and "learning" in "".join(passage)


@pytest.mark.parametrize("width", [40, 60, 80, 200])
@pytest.mark.parametrize("text", [LONG, CHINESE, "字" * 2_000, "x" * 2_000], ids=["english", "chinese", "one", "word"])
def test_no_line_but_that_of_the_path_is_wider_than_the_terminal(text, width):
    title, *others = lines(hit(title=text, passage=text, heading=text), width)
    place = next(number for number, line in enumerate(others) if line.endswith(".md"))
    passage = others[place + 1 :]
    assert max(map(cells, [title, *others[:place], *passage])) <= width
    assert 1 <= len(passage) <= 2


@pytest.mark.parametrize("width", range(76, 84))
@pytest.mark.parametrize("text", [LONG, CHINESE, "Agents 智能體 learn 學習 " * 30], ids=["english", "chinese", "both"])
def test_a_passage_fills_two_lines_and_does_not_spill_onto_a_third(text, width):
    _, _, *passage = lines(hit(passage=text, heading=""), width)
    assert len(passage) == 2
    assert cells(passage[0]) > width - 16
    assert cells(passage[1]) > width // 2


@pytest.mark.parametrize("width", [40, 80])
def test_what_goes_onto_another_line_keeps_its_indent(width):
    told = (
        "weights: words 0.50, meaning 0.50: the query has 3 telling words and no other; model all-MiniLM-L6-v2, exact"
    )
    place = "notes/2026/02/20260220-001-a-name-that-is-longer-than-the-others-by-far.md"
    shown = lines(hit(explanation=(told,), source="A source with a long name", path=place), width, explain=True)
    assert f"    {place}" in shown
    assert all(line.startswith("    ") and line[4] != " " for line in shown[1:])
    assert all(cells(line) <= width for line in shown if place not in line)
    assert told in " ".join(line.strip() for line in shown)


def test_into_a_pipe_titles_go_whole():
    title, *_ = lines(hit(title=LONG), 0)
    assert LONG in title


def test_what_waits_in_the_inbox_shows_its_address_and_a_hit_without_a_title_its_id():
    title, about, *_ = lines(hit(path="", url="https://e.org/a", title="", kind="item", created=""))
    assert "20260220-001-a" in title
    assert about == "    item · arXiv · https://e.org/a"


def test_explained_line_by_line():
    assert lines(hit(explanation=("by words: 1st", "by meaning: —")), explain=True)[-2:] == [
        "    by words: 1st",
        "    by meaning: —",
    ]
    assert "lexical rank 1, semantic rank —" in lines(hit(), explain=True)[-1]


EVIL = "\x1b[2J\x1b]0;owned\x07\x9b31m\u202egnp.exe\u2066 a\nb\tc\rd\x00 \x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\"


@pytest.mark.parametrize("field", ["title", "source", "path", "url", "passage", "heading", "id", "created"])
def test_nothing_in_a_hit_moves_the_cursor(field):
    changes = (
        {field: EVIL + " skills"} | ({"path": ""} if field == "url" else {}) | ({"title": ""} if field == "id" else {})
    )
    for line in lines(hit(**changes, terms=("skills", EVIL)), explain=True):
        assert not re.search("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", line), field


def test_the_door_to_the_terminal_is_what_keeps_it_out(monkeypatch):
    """The control: with the door open the same hit does move the cursor."""
    monkeypatch.setattr(hits, "terminal", lambda text: text)
    assert "\x1b[2J" in "".join(lines(hit(title=EVIL)))


def test_the_words_that_were_looked_for_are_bright(monkeypatch):
    monkeypatch.setattr(hits, "style", lambda text, **how: f"<{text}>" if how.get("fg") else text)
    shown = "\n".join(lines(hit()))
    assert "<skills>" in shown and "<learning>" in shown
    assert shown.count("<") == 3


@pytest.mark.parametrize("passage", ["a " * 5_000, "字" * 10_000], ids=["words", "characters"])
def test_a_passage_of_nothing_but_terms_is_soon_shown(passage):
    assert lines(hit(passage=passage, terms=("a", "字")))
