"""Which notes of a vault a work names: no link is asked for where the name is sure, and one is where many go by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notes.model import Claim, LinkKind, RelationKind
from publish.checking.checker import examine
from publish.checking.passages import Bears, passages
from publish.post.draft import Draft
from publish.post.named import Titles, related
from publish.post.phrase import plain
from publish.post.ties import tied
from publish.sources.brief import stories
from publish.wording.words import LANGUAGES, words_for
from tests.publish.newsroom import DAY, _both, vault_note

BASE = vault_note(
    70,
    "BaseNet: A Network to Build On",
    "We present BaseNet, a plain network for the segmentation of satellite images.",
    arxiv_id="2601.00001",
)
TEXT = "We propose NextNet for satellite segmentation. NextNet builds on BaseNet and is small."
CROWD = tuple(
    vault_note(number, f"On Matters {number}", "Tales of a small plain network of kings in a far land, to build on it.")
    for number in range(80, 88)
)


def of(text=TEXT, others=(BASE, *CROWD), links=()):
    note = vault_note(71, "NextNet: The Next Network", text, arxiv_id="2602.00002", day=DAY)
    known = {one.id: one for one in (note, *others)}
    (story,) = stories([note], links, [])
    return note, known, story, related(story, known, Titles(known))


def test_a_name_is_found_without_a_link():
    note, _, _, (told,) = of()
    assert (told.kind, told.of, told.to, told.name) == (RelationKind.BUILDS, note.id, BASE.id, "BaseNet")
    assert told.sentence == "NextNet builds on BaseNet and is small."


def test_the_strongest_of_several_sentences_is_told():
    assert of(f"{TEXT} We fail to reproduce BaseNet.")[3][0].kind is RelationKind.DISAGREES


SURE = {
    "another subject": ("We propose NextNet, which builds on BaseNet, for court records.", False),
    "the same subject": (TEXT, True),
}


@pytest.mark.parametrize(("text", "found"), SURE.values(), ids=SURE)
def test_a_namesake_of_another_subject_is_no_tie(text, found):
    assert bool(of(text)[3]) is found


def test_a_name_that_two_notes_brought_leads_to_neither():
    twin = vault_note(
        72, "BaseNet: Nets of Satellite Segmentation", "We present BaseNet, a net for satellite segmentation."
    )
    assert of(others=(BASE, twin, *CROWD))[3] == ()


def test_capitals_are_a_tie_only_where_the_notes_are_linked():
    wise = vault_note(
        73, "WISE: Weights of Satellites", "We present WISE, a satellite segmentation method.", arxiv_id="2601.3"
    )
    text = "We propose NextNet for satellite segmentation. NextNet outperforms WISE by 3.1%."
    note = vault_note(71, "NextNet: The Next Network", text, arxiv_id="2602.00002", day=DAY)
    assert of(text, (wise, *CROWD))[3] == ()
    (told,) = of(text, (wise, *CROWD), _both(note, wise, LinkKind.SIMILAR, 0.6, "shared terms: satellite"))[3]
    assert told.kind is RelationKind.COMPARES


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_post_says_it_with_the_sentence_as_its_proof(lang):
    note, known, story, _ = of()
    draft = Draft(known, words_for(lang))
    statement = tied(draft, story, known)
    assert statement is not None
    assert (
        plain(statement.phrase).rstrip(".。")
        == {
            "en": "builds on BaseNet",
            "zh-Hans": "以 BaseNet 为基础",
            "zh-Hant": "以 BaseNet 為基礎",
        }[lang]
    )
    assert draft.say(statement)
    assert draft.claims[-1].quotes == ("NextNet builds on BaseNet and is small.",)
    assert passages(draft.claims[-1].text, draft.claims[-1].quotes, note)[0].bears is Bears.QUOTE
    assert draft.quoted() == ()  # the sentence stands in no post


def test_the_sentence_may_still_be_told():
    _, known, story, _ = of()
    draft = Draft(known, words_for("en"))
    assert draft.say(tied(draft, story, known))
    assert not draft.has_said("NextNet builds on BaseNet and is small.")


LIES = {
    "another kind": {"kind": RelationKind.DISAGREES},
    "another sentence": {"sentence": "We propose NextNet for satellite segmentation."},
    "another name": {"name": "BaseNe"},
    "another note": {"to": CROWD[0].id},
    "an invented sentence": {"sentence": "NextNet builds on BaseNet."},
}


@pytest.mark.parametrize("change", LIES.values(), ids=LIES)
def test_the_checker_reads_a_relation_again(change):
    note, known, _, (told,) = of()
    claim = Claim("builds on BaseNet.", (note.id, BASE.id, CROWD[0].id), (told.sentence,), relations=(told,))
    assert examine(claim, known) == ""
    lie = replace(told, **change)
    assert examine(replace(claim, relations=(lie,)), known) != ""


def test_the_words_say_the_kind_that_the_sentence_does():
    note, known, _, (told,) = of()
    claim = Claim("disagrees with BaseNet.", (note.id, BASE.id), (told.sentence,), relations=(told,))
    assert examine(claim, known) == "says another relation than its sentence: BaseNet"
    assert examine(replace(claim, text="builds on BaseNet.", note_ids=(note.id,)), known) != ""
