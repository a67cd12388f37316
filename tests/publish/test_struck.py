"""What an editor struck in posts of real days, as sentences of ours: it does not come back."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from notes.model import Role, SourceType
from notes.trends import TrendClass
from publish.daily.composing import write_daily
from publish.post.draft import Draft
from publish.post.phrase import Statement, outside
from publish.sources.extract import clause_around, quotes_of
from publish.sources.findings import does, is_aside, is_broken
from publish.sources.readable import readable
from publish.sources.retelling import is_retold, points_back, retold
from publish.synthesis.scoreboard import figures
from publish.synthesis.window import look
from publish.wording.words import words_for
from tests.publish.newsroom import DAY, SKILLRL, vault_note
from tests.publish.test_courses import RISES, synthesis
from tests.publish.test_synthesis import synthesis as synthesis_of

REFERENCES = re.compile(r"\[\[[^\[\]|]*\|[⁰¹²³⁴⁵⁶⁷⁸⁹]+\]\]")


def paper(number: int, title: str, text: str):
    return vault_note(number, title, text, arxiv_id=f"2602.{number:05d}")


def told(note, role: Role) -> list[str]:
    return [quote.text for quote in quotes_of([note], "en") if quote.role is role]


def rows(*notes) -> list[list[str]]:
    known = {note.id: note for note in notes}
    window = (date(2026, 2, 14), DAY)
    seen = look(notes, all_notes=known, links=(), topics=(), language="en", window=window, windows_before=0)
    table = figures(Draft(known, words_for("en")), seen)
    lines = table[0].splitlines()[2:] if table else []
    return [[cell.strip() for cell in line.replace("\\|", "¦").strip("|").split("|")] for line in lines]


@pytest.mark.parametrize(
    ("sentence", "part", "clause"),
    [
        pytest.param(
            "On PenBench, R1 achieves a 24.2% success rate, which is more than all open systems of its size reach.",
            "24.2%",
            "On PenBench, R1 achieves a 24.2% success rate",
            id="the place belongs to the figure",
        ),
        pytest.param(
            "After removing flawed examples, GuideSQL achieves 97.6% accuracy on Spider, well above the systems before it.",
            "97.6%",
            "After removing flawed examples, GuideSQL achieves 97.6% accuracy on Spider",
            id="so does the condition",
        ),
        pytest.param(
            "The system brings (1) a corpus of papers, and (2) a sparse attention that cuts memory by 55% for long papers.",
            "55%",
            "a sparse attention that cuts memory by 55% for long papers",
            id="a list's mark is no word",
        ),
        pytest.param(
            "For weak models of films we add a module for choices, ACE, which improves reasoning after training by 25%.",
            "25%",
            None,
            id="what 'which' stands for is cut off",
        ),
        pytest.param(
            "It trains a small Qwen agent on many tasks of the web, increasing its overall accuracy from 21% to 32%.",
            "32%",
            None,
            id="whose accuracy is cut off",
        ),
        pytest.param(
            "Our models advance the disease benchmarks of the field, delivering larger gains of 9.7% on special gene and cell line data.",
            "9.7%",
            "delivering larger gains of 9.7% on special gene and cell line data",
            id="'and' within a phrase is no end",
        ),
    ],
)
def test_a_figure_keeps_what_it_is_of(sentence, part, clause):
    assert clause_around(sentence, part) == (clause or sentence)


@pytest.mark.parametrize(
    "sentence",
    ["Begins with online exploration, an agent finds facts on the web.", "Adds a setting for teams in the editor."],
)
def test_a_sentence_without_its_subject_is_broken(sentence):
    assert is_broken(sentence)


def test_what_work_contributes_is_no_limitation():
    praise = "Our work provides insights into the capabilities and limitations of current models on hard questions."
    assert not does(praise, Role.LIMITATION)
    assert not does("Existing benchmarks are limited by coarse criteria.", Role.LIMITATION)
    assert does("The method is limited to short videos and was not tested on long ones.", Role.LIMITATION)


@pytest.mark.parametrize(
    "sentence", ["We also release LogicTree, a data set.", "We first define a problem of choices."]
)
def test_what_a_work_does_besides_is_no_idea(sentence):
    assert is_aside(sentence)
    assert not is_aside("We release LogicTree, a data set.")


def test_a_question_is_told_where_the_idea_answers_it():
    note = paper(
        90,
        "DialectGen: dialects of images",
        """English is spoken in many dialects all over the world by many people. Can image models follow prompts in dialect?
        In this work, we study this question by building a benchmark of six dialects. Experiments show that models lose 32% of
        their quality on average.""",
    )
    assert told(note, Role.PROBLEM)[-1] == "Can image models follow prompts in dialect?"


def test_a_result_is_told_with_its_example():
    note = paper(
        91,
        "CritRL: critics that learn",
        """Critics of language models are hard to train without strong teachers. We propose CritRL, a method that trains critics
        without teachers. Experiments show that CritRL delivers substantial improvements. For example, it achieves a 9.02% gain
        on tasks of its domain for a small model.""",
    )
    assert told(note, Role.RESULT)[-1].startswith("For example, it achieves a 9.02% gain")


def test_one_step_of_several_is_not_told():
    note = paper(
        92,
        "Hammer: edits in space",
        """Editing in space is difficult and costly today. We propose Hammer, an approach that edits without training. Given a
        model, Hammer first predicts its trajectory and keeps the latents. Then the edited region is denoised and merged with the
        kept latents. Experiments show that Hammer outperforms the baselines by 12%.""",
    )
    assert told(note, Role.APPROACH) == ["We propose Hammer, an approach that edits without training."]


def test_a_later_step_and_the_ways_of_others_are_not_told_as_the_idea():
    note = paper(
        82,
        "CacheFlow: caches that follow",
        """Decoding of diffusion models is slow and costly today. We propose CacheFlow, a method that recomputes caches when it must.
        Prior methods recompute all caches at every step of decoding. Using the collected cache, the decoder then drops
        what stays the same. Experiments show that CacheFlow is 4.8 times faster on HumanEval.""",
    )
    assert told(note, Role.APPROACH) == ["We propose CacheFlow, a method that recomputes caches when it must."]


def test_what_is_achieved_is_background_and_no_problem():
    note = paper(
        93,
        "ReportTest: a benchmark of reports",
        """The advent of research agents has substantially reduced the time of extensive research tasks. We propose ReportTest, a
        benchmark that grades reports. Experiments show that the best agent reaches 42% of the points.""",
    )
    assert told(note, Role.PROBLEM) == []
    assert len(told(note, Role.CONTEXT)) == 1


def test_the_second_of_a_list_stands_without_its_number():
    sentence = "Second, we introduce HoneyPipe, the pipeline of the data."
    text = retold(sentence, paper=True, follows=True, named=True)
    assert text == "They introduce HoneyPipe, the pipeline of the data."
    assert is_retold(text, sentence)


def test_an_opening_that_names_no_challenge_goes():
    shown = retold("To address the challenges, we propose PACS, a framework.", paper=True)
    assert shown == "The authors propose PACS, a framework."
    kept = "To address the challenge of scarce data, we propose PACS, a framework."
    assert retold(kept, paper=True).startswith("To address the challenge of scarce data, the authors")


def test_the_field_points_back():
    assert points_back("From its inception, the field has advanced to diffusion models.")
    assert not points_back("The field of video generation has advanced to diffusion models.")


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        ("we propose $\\textbf{PACS}$, a framework", "we propose PACS, a framework"),
        ("the $UI-Sim$ paradigm", "the UI-Sim paradigm"),
        ("introduce $Agent^2$, a framework", "introduce Agent², a framework"),
        ("propose **T**heory **o**f **M**ind (**ToM**)", "propose Theory of Mind (ToM)"),
        ("Is the `Agent' Paradigm limiting?", "Is the ‘Agent’ Paradigm limiting?"),
        ("a study on $\\tau$-bench and $\\tau$", "a study on τ-bench and $\\tau$"),
        ("a study on $τ$-bench", "a study on τ-bench"),
        ("of $O(n)$ and 2**3 and 4**5", "of $O(n)$ and 2**3 and 4**5"),
    ],
)
def test_names_are_no_formulas(tex, shown):
    assert readable(tex) == shown


def test_new_versions_of_programs_take_one_line():
    note = vault_note(
        94,
        "Editor 1.12.25",
        "Teams can opt in using the settings of the team.",
        kind=SourceType.RSS,
        source="Changelog",
    )
    other = vault_note(95, "Editor Next 1.12.136", "Adds a setting for teams.", kind=SourceType.RSS, source="Changelog")
    post = write_daily(DAY, [SKILLRL, note, other], all_notes={})
    text = REFERENCES.sub("", post.text)
    assert "New releases: " in text
    assert "Editor 1.12.25" in text
    assert "opt in" not in text
    assert "In all, 3 notes" in text


def test_a_standfirst_begins_with_the_lead():
    post = write_daily(DAY, [SKILLRL, paper(96, "OtherRL: clicks", "We propose OtherRL, which clicks.")], all_notes={})
    first = REFERENCES.sub("", post.text).split("\n\n")[2]
    assert first.startswith("Leading on 20 February 2026: SkillRL")
    assert first.endswith("In all, 2 notes from arXiv.")


def test_a_row_names_the_model_that_was_measured():
    note = paper(
        97,
        "Scaling agents by pre-training",
        "We propose continued training for agents. Experiments show that our Founder-30B reaches 39.9% on BrowseComp.",
    )
    assert rows(note)[0][:3] == ["Founder-30B", "BrowseComp", "**39.9%**"]


def test_another_version_of_a_benchmark_is_not_the_benchmark():
    text = "We propose ParaSQL. On paraphrased Spider queries, ParaSQL reaches 66.9%. ParaSQL reaches 77.1% on BIRD."
    assert all("66.9%" not in row[2] for row in rows(paper(98, "ParaSQL: other words", text)))


def test_beside_its_benchmark_no_figure_of_a_sentence_stands_without():
    text = "We propose GuideSQL. GuideSQL reaches 96.5% (dev) and 97.6% (test) accuracy on Spider."
    shown = rows(paper(99, "GuideSQL: guided queries", text))
    assert shown
    assert all(row[1] == "Spider" for row in shown)


def test_every_row_has_its_words_and_leaves_them_to_the_text():
    draft = Draft({SKILLRL.id: SKILLRL}, words_for("en"))
    statement = Statement(outside("On ALFWorld, SkillRL achieves a success rate of 89.9%"), (SKILLRL.id,))
    assert draft.say(statement)
    assert draft.say(statement, aside=True)
    other = Draft({SKILLRL.id: SKILLRL}, words_for("en"))
    assert other.say(statement, aside=True)
    assert other.say(statement), "a table is no telling"


def test_open_problems_are_those_that_the_work_leaves():
    text = """Existing tests of agents lack realism, and there is little understanding of their designs. We propose GapBench, a
    benchmark of agents. Experiments show that GapBench is solved at 42% by the best agent."""
    note = paper(80, "GapBench: designs", text)
    post = synthesis_of(notes=[note], all_notes={note.id: note}, topics=())
    assert words_for("en").bottlenecks not in post.text


def test_open_problems_are_in_the_words_of_those_who_did_the_work():
    text = """The startup presents a router of models. The router is fast and cheap for short questions. A remaining open problem
    is that long questions remain unsolved by the router."""
    news = vault_note(81, "A router of models", text, kind=SourceType.RSS, source="Gazette")
    study = replace(news, arxiv_id="2602.00081", source_type=SourceType.ARXIV.value)
    heading = words_for("en").bottlenecks
    assert heading not in synthesis_of(notes=[news], all_notes={news.id: news}, topics=()).text
    assert heading in synthesis_of(notes=[study], all_notes={study.id: study}, topics=()).text


def test_the_main_point_rests_on_the_topic_that_leads():
    post = synthesis()
    head = post.text.split("\n## ")[0]
    assert "SkillRL" in head.split("In one line")[1]
    assert "STEP3-VL-10B" not in head.split("In one line")[1]


def test_what_recedes_is_not_what_to_follow():
    post = synthesis(trends=[replace(RISES, course=TrendClass.FADING)])
    quarter = post.text.split("### This quarter")[1].split("\n## ")[0]
    follows = re.findall(r"Follow \*\*(.+?)\*\*", quarter)
    assert follows[-1].startswith("Reinforcement learning") or len(follows) == 1
