"""Which passages of a note bear a sentence, and by what."""

from __future__ import annotations

import pytest

from publish.checking.passages import Bears, Passage, passages
from tests.publish.newsroom import vault_note

ONE = "Agents forget what they did on long tasks."
TWO = "To address this gap, we propose MemGrow, which keeps 128k tokens useful."
THREE = "It saves 40% of the calls and needs no training."
HAN = "實驗顯示延遲降低 40%。"
NOTE = vault_note(1, "MemGrow: Memory for Long Tasks", f"{ONE} {TWO} {THREE} {HAN}")


@pytest.mark.parametrize(
    ("text", "quotes", "found"),
    [
        pytest.param(ONE, (ONE,), [(ONE, "quote")], id="a sentence"),
        pytest.param(f"**Problem**: {ONE}", (), [(ONE, "quote")], id="read from a file"),
        pytest.param("MemGrow: “saves 40% of the calls”.", (), [(THREE, "quote")], id="a marked part"),
        pytest.param(
            "It is told that it saves 40% of the calls", ("saves 40% of the calls",), [(THREE, "quote")], id="a part"
        ),
        pytest.param("The authors propose MemGrow, which keeps 128k tokens useful.", (), [(TWO, "quote")], id="retold"),
        pytest.param("Calls fall by forty percent.", (), [(THREE, "number")], id="a number in words"),
        pytest.param("延遲減少四成。", (), [(HAN, "number")], id="a number in characters, nearest by words"),
        pytest.param(
            "MemGrow: Memory for Long Tasks", (), [("MemGrow: Memory for Long Tasks", "title")], id="the title"
        ),
        pytest.param("“MemGrow: Memory for…”", (), [("MemGrow: Memory for Long Tasks", "title")], id="the title cut"),
        pytest.param("Long tasks make agents forget.", (), [(ONE, "words")], id="other words"),
        pytest.param("Bread needs flour and water.", (), [], id="nothing"),
    ],
)
def test_passages_that_bear_a_sentence(text, quotes, found):
    told = [(one.text, one.bears.value) for one in passages(text, quotes, NOTE)]
    assert told[: len(found)] == found
    assert bool(told) == bool(found)


def test_the_strongest_comes_first_and_they_are_few():
    told = passages(f"{ONE} 128k and 40%, MemGrow: Memory for Long Tasks", (ONE,), NOTE)
    assert told[0] == Passage(ONE, Bears.QUOTE)
    assert len(told) == 3


def test_a_translated_sentence_rests_on_what_speaks_of_the_same():
    note = vault_note(2, "Memory", f"{TWO} Agents forget long tasks, and their context fills up. Cats sleep.")
    found = passages("智能體的上下文會被長任務填滿。", (), note)
    assert found == (Passage("Agents forget long tasks, and their context fills up.", Bears.WORDS),)
    assert passages("貓在睡覺。", (), note) == ()
