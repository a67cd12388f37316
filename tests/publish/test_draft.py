"""The draft: every sentence passes the judge, is said once and carries its references."""

from __future__ import annotations

from publish.draft import Draft, section
from publish.phrase import Span, Statement, fixed, outside
from publish.words import words_for
from tests.publish.newsroom import RLFR, RLM, SKILLRL, SKILLRL_PRESS, VAULT

INVENTED = Statement(outside("SkillRL reaches 99.97% on ALFWorld."), (SKILLRL.id,))


def draft(lang: str = "en", **changes) -> Draft:
    return Draft(VAULT, words_for(lang), **changes)


def test_an_invented_figure_is_dropped_with_its_reason():
    page = draft()
    assert page.say(INVENTED) == ""
    assert page.claims == []
    assert [reason for _, reason in page.dropped] == [
        "a number that stands in none of its notes: " + INVENTED.claim.text
    ]
    assert page.numbers == {}, "a note that is not cited takes no number"


def test_with_the_checker_off_the_invented_figure_comes_through():
    """The control: it is the checker that keeps it out."""
    page = draft(judge=lambda claim, notes: "")
    assert "99.97%" in page.say(INVENTED)


def test_a_sentence_is_said_once_whatever_its_script():
    page = draft()
    said = [page.say(Statement(outside(text), (RLFR.id,))) for text in ("减少幻觉。", "減少幻覺。", "减少 幻觉。")]
    assert [bool(text) for text in said] == [True, False, True]
    assert page.has_said("减少幻觉。")
    assert page.say(Statement(outside("减少幻觉。"), (RLFR.id,)), again=True)
    assert page.say(Statement((), (RLFR.id,))) == ""


def test_references_are_numbered_by_first_mention():
    page = draft()
    assert page.say(Statement(fixed("Alpha."), (SKILLRL.id,))) == f"Alpha.[[{SKILLRL.id}|¹]]"
    assert page.say(Statement((Span("Beta", refs=(RLM.id,)),), (RLM.id,), cited=True)) == f"Beta[[{RLM.id}|²]]"
    assert page.cited() == (SKILLRL.id, RLM.id)


def test_paragraphs_space_english_and_not_chinese():
    page = draft()
    texts = ("Alpha.", "Beta.", "減少。", "增加。", "Gamma.")
    written = page.paragraph(Statement(fixed(text), (SKILLRL_PRESS.id,)) for text in texts)
    assert written.replace(f"[[{SKILLRL_PRESS.id}|¹]]", "") == "Alpha. Beta. 減少。增加。Gamma."


def test_lines_leave_out_what_falls():
    assert len(draft().lines([INVENTED, Statement(fixed("Alpha."), (RLM.id,))])) == 1


def test_target_of_an_unknown_note_is_its_id():
    assert draft().target("20260101-001-x") == "20260101-001-x"


def test_a_section_without_parts_has_no_heading():
    assert section(2, "T", ["", ""]) == []
    assert section(2, "T", ["", "x"]) == ["## T", "x"]
