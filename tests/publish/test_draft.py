"""The draft: every sentence passes the judge, is said once and carries its references."""

from __future__ import annotations

from publish.post import assignment
from publish.post.draft import Draft, section
from publish.post.phrase import Span, Statement, fixed, outside
from publish.wording.words import words_for
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


class Told:
    """A writer that says what it is given, whatever it is asked for."""

    name = "a model*"

    def __init__(self, *texts: str, notes: tuple[str, ...] = (SKILLRL.id,)) -> None:
        self._told = [assignment.Told(text, notes) for text in texts]
        self.asked: list[assignment.Assignment] = []

    def tell(self, asked: assignment.Assignment) -> list[assignment.Told]:
        self.asked.append(asked)
        return self._told


TRUE = "On ALFWorld, SkillRL reaches 89.9%."
LIE = "On ALFWorld, SkillRL reaches 99.97%."
ASKED = assignment.Assignment(part=assignment.Part.STORY, stories=(), most=2)
OWN = [Statement(outside("Skills are composed recursively."), (SKILLRL.id,))]


def test_what_another_writer_says_stands_when_it_is_true():
    hand = Told(TRUE, LIE, "Never asked for.")
    page = draft("zh-Hans", writer=hand)
    told = page.tell(ASKED, OWN)
    assert [line.partition("[[")[0] for line in told] == [TRUE, "Skills are composed recursively."]
    assert hand.asked[0].language == "zh-Hans"
    assert [claim.writer for claim in page.claims] == ["a model*", ""]
    assert page.quoted() == (SKILLRL.id,)
    (line,) = page.report()
    assert LIE in line


def test_where_nothing_of_it_stands_ones_own_stands_as_if_nobody_had_been_asked():
    alone = draft().tell(ASKED, OWN)
    assert draft(writer=Told()).tell(ASKED, OWN) == alone
    assert draft(writer=Told(LIE)).tell(ASKED, OWN) == alone
    assert draft(writer=Told(LIE)).retold(ASKED) == []
    assert draft().retold(ASKED) == []
    assert draft(writer=Told(LIE)).worded(ASKED, OWN[0]) is OWN[0]


def test_a_title_carries_no_references_and_a_standfirst_does():
    title = assignment.Assignment(part=assignment.Part.TITLE, stories=(), most=1)
    assert draft(writer=Told(TRUE)).worded(title, OWN[0]).cited
    assert not draft(writer=Told(TRUE)).worded(ASKED, OWN[0]).cited


def test_who_worded_sentences_is_told():
    page = draft(writer=Told(TRUE))
    assert page.colophon() == []
    page.tell(ASKED, [])
    (line,) = page.colophon()
    assert r"a model\*" in line, "the name is no markup"
