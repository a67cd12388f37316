"""Phrases that tell of one development stand in one line, and nothing else changes."""

from __future__ import annotations

import pytest

from index.trends.groups import leaders
from index.trends.phrase_sets import key_of
from index.trends.things import Phrase


def phrase(text, *rows):
    return Phrase(key_of(text), text, tuple(sorted({row for part in rows for row in part})), 0)


MODELS = phrase("reasoning models", range(40))
CASES = {
    "a word and some texts in common": (phrase("reasoning traces", range(36, 56)), True),
    "a word alone": (phrase("reasoning tasks", range(60, 80)), False),
    "two texts": (phrase("reasoning paths", range(38, 44)), False),
    "some texts without a word": (phrase("world models of cities", range(36, 56)), True),  # models
    "some texts, no word": (phrase("robot arms", range(36, 56)), False),
    "half of its texts": (phrase("robot arms", range(30, 50)), True),
    "no more than chance": (phrase("reasoning benchmarks", range(32, 172)), False),
}


@pytest.mark.parametrize(("other", "together"), CASES.values(), ids=CASES)
def test_what_tells_of_one_development(other, together):
    assert leaders([MODELS, other], 3000)[other.text] == (MODELS.text if together else other.text)


def test_the_first_leads_and_no_chain_begins_at_what_it_took_in():
    traces = phrase("reasoning traces", range(36, 56))
    paths = phrase("reasoning paths", range(52, 64))
    assert leaders([MODELS, traces, paths], 3000) == {
        MODELS.text: MODELS.text,
        traces.text: MODELS.text,
        paths.text: paths.text,
    }
    assert leaders([traces, MODELS, paths], 3000)[paths.text] == traces.text
