"""A post read back from its file alone."""

from __future__ import annotations

import time

import pytest

from publish.checking.reread import Stretch, reread
from publish.daily.composing import write_daily
from publish.wording.words import LANGUAGES
from tests.publish.newsroom import DAY, LINKS, TOPICS, VAULT

HEAD = "---\nid: post-x\ntitle: X\n---\n\n"
BODY = """# A and B

Leading 3 notes[[n-a|¹]]\u2009[[n-b|²]]. Also told: C[[n-c|³]].

## A

arXiv · [original](https://arxiv.org/abs/1)[[n-a|¹]]

**Result**: It reaches **89.9%**.[[n-a|¹]] It costs 3\\* as much.[[n-a|¹]]\u2009[[n-c|³]]

**In the vault**: shares x with [[n-d|D]].

| System | Figure |
| --- | --- |
| A | 89.9%[[n-a\\|¹]] |

<svg class="slipway-chart">
<text>12 of 40</text>
</svg>

All of it.[[n-a|¹]]⁻[[n-c|³]]

## Sources

1. [[n-a|A]] — arXiv · <https://arxiv.org/abs/1>
2. [[n-b|B]] — arXiv
3. [[n-c|C]] — arXiv
"""
READ = {one.text: one for one in reread(HEAD + BODY)}


@pytest.mark.parametrize(
    ("text", "targets", "links"),
    [
        pytest.param("Leading 3 notes", ("n-a", "n-b"), (), id="two references"),
        pytest.param("Also told: C", ("n-c",), (), id="the next stretch has its own"),
        pytest.param("arXiv · original", ("n-a",), ("https://arxiv.org/abs/1",), id="a link"),
        pytest.param("Result: It reaches 89.9%.", ("n-a",), (), id="bold is no part of the words"),
        pytest.param("It costs 3* as much.", ("n-a", "n-c"), (), id="escapes are read"),
        pytest.param("A | 89.9%", ("n-a",), (), id="a row of a table"),
        pytest.param("All of it.", ("n-a", "n-b", "n-c"), (), id="first to last"),
        pytest.param("A — arXiv · https://arxiv.org/abs/1", ("n-a",), ("https://arxiv.org/abs/1",), id="a source"),
    ],
)
def test_stretches_and_their_notes(text, targets, links):
    assert READ[text] == Stretch(text, targets, links)


@pytest.mark.parametrize(
    ("text", "targets"),
    [
        pytest.param("A", {"n-a", "n-b", "n-c", "n-d"}, id="a heading"),
        pytest.param("Sources", {"n-a", "n-b", "n-c"}, id="another"),
        pytest.param("System | Figure", {"n-a", "n-b", "n-c", "n-d"}, id="the head of a table"),
        pytest.param("A and B", {"n-a", "n-b", "n-c", "n-d"}, id="the title of all"),
    ],
)
def test_what_names_no_note_rests_on_its_section(text, targets):
    assert set(READ[text].targets) == targets
    assert READ[text].borrowed


def test_charts_and_rules_are_no_text():
    assert not any("12 of 40" in text or "---" in text for text in READ)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_claim_of_a_post_is_found_again_with_its_notes(lang):
    notes = [note for note in VAULT.values() if note.created == DAY]
    post = write_daily(DAY, notes, all_notes=VAULT, links=LINKS, topics=TOPICS, language=lang)
    assert post is not None
    read = reread(post.text)
    for claim in post.claims:
        assert any(_bare(claim.text) in _bare(one.text) or _bare(one.text) in _bare(claim.text) for one in read), claim
    whole = [(claim, [one for one in read if _bare(claim.text) in _bare(one.text)]) for claim in post.claims]
    quoting = [(claim, holding) for claim, holding in whole if holding and claim.quotes and not claim.tallies]
    assert len(quoting) > 12
    for claim, holding in quoting:
        assert any(set(claim.note_ids) <= set(one.targets) for one in holding), claim


def _bare(text: str) -> str:
    return "".join(letter for letter in text if letter.isalnum())


def test_a_number_without_an_end_is_no_source() -> None:
    started = time.process_time()
    (stretch,) = reread("9" * 60_000 + ". [[note|A note]]")
    assert stretch.targets == ("note",)
    assert time.process_time() - started < 3.0


def test_lines_without_references_take_time_in_proportion_to_their_number() -> None:
    started = time.process_time()
    read = reread("# A\n\n" + "a\n" * 10_000 + "It is so [[note|¹]].\n\n# B\n\nb\n")
    assert {one.targets for one in read[:-2]} == {("note",)}
    assert [one.targets for one in read[-2:]] == [(), ()]
    assert time.process_time() - started < 8.0
