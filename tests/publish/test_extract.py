"""Sentences and figures taken from the notes of one work."""

from __future__ import annotations

import pytest

from notes.model import Role
from publish.sources.evidence import contains
from publish.sources.extract import clause_around, figures_of, is_measured, is_review, quotes_of, reports_of
from tests.publish.newsroom import REVIEW, SKILLRL, SKILLRL_PRESS, TODAY, VAULT, vault_note


def told(notes, language="en"):
    return {role: [quote.text for quote in quotes_of(notes, language) if quote.role is role] for role in Role}


def test_every_quote_is_word_for_word():
    for note in TODAY:
        for quote in quotes_of([note], "en"):
            assert contains(VAULT[quote.note_id], quote.text)


def test_roles_come_in_reading_order():
    roles = [quote.role for quote in quotes_of([SKILLRL], "en")]
    assert roles == [Role.PROBLEM, Role.APPROACH, Role.APPROACH, Role.RESULT, Role.LIMITATION]


def test_an_idea_is_followed_by_what_explains_it():
    assert told([SKILLRL])[Role.APPROACH][1].startswith("Skills are composed recursively")


def test_the_reader_s_language_comes_first_and_gaps_are_filled_from_the_other():
    chinese = told([SKILLRL, SKILLRL_PRESS], "zh-Hant")
    assert chinese[Role.RESULT] == ["在 ALFWorld 基準上，SkillRL 的成功率達到 89.9%，超越此前的最佳結果。"]
    assert chinese[Role.LIMITATION][0].startswith("The skill library remains limited")
    assert told([SKILLRL, SKILLRL_PRESS], "en")[Role.RESULT][0].startswith("On ALFWorld")


def test_problem_comes_before_the_idea_and_result_after_it():
    note = vault_note(
        1,
        "A method",
        """Reinforcement learning has improved results on coding by 20% in recent years. The cause of failures in long tasks
        is an open question of the field. We propose a planner that checks each step of a plan. The planner improves
        success by 12% on WebArena. Long plans still fail to hold together when tools are difficult to call.""",
    )
    found = told([note])
    assert found[Role.RESULT] == ["The planner improves success by 12% on WebArena."]
    assert found[Role.PROBLEM] == ["The cause of failures in long tasks is an open question of the field."]


def test_without_a_problem_the_sentence_before_the_idea_is_background():
    note = vault_note(
        1,
        "A",
        "Concepts are stored in the weights of a model during training. We introduce cyclic ablation to test it.",
    )
    found = told([note])
    assert found[Role.CONTEXT] == ["Concepts are stored in the weights of a model during training."]


def test_an_opening_however_is_told_with_what_it_objects_to():
    note = vault_note(
        1,
        "A",
        """Rewards that can be verified have made models better at mathematics. However, verified rewards suffer from a lack
        of answers that anybody could verify. We propose a judge that reasons before it answers.""",
    )
    problem = told([note])[Role.PROBLEM]
    assert [text.split()[0] for text in problem] == ["Rewards", "However,"]


def test_praise_of_the_future_is_no_limit():
    note = vault_note(
        1,
        "A",
        "We introduce a benchmark of values for models. Our work provides a foundation for future work in this area of study.",
    )
    assert told([note])[Role.LIMITATION] == []


def test_a_note_that_only_talks_gives_its_first_sentence():
    note = vault_note(
        1, "A", "Our lab opens a reading group on Fridays at noon. Tea is served by the students of the group."
    )
    assert [quote.text for quote in quotes_of([note], "en")] == ["Our lab opens a reading group on Fridays at noon."]
    assert quotes_of([vault_note(2, "B", "Hm.")], "en") == ()


def test_tidied_sentences_do_not_begin_in_lower_case():
    note = vault_note(
        1,
        "A",
        "We propose a judge of models. However, including details in prompts improves agreement by 14%, a large gain for judges.",
    )
    assert told([note])[Role.RESULT][0].startswith("However, including")


def test_figures_of_benchmarks_lead():
    figures = [found.figure for found in figures_of([SKILLRL], quotes_of([SKILLRL], "en"))]
    assert (figures[0].text, figures[0].benchmark, figures[0].system) == ("89.9%", "ALFWorld", "SkillRL")


def test_a_figure_told_twice_stands_once():
    found = figures_of([SKILLRL, SKILLRL_PRESS], quotes_of([SKILLRL, SKILLRL_PRESS], "zh-Hant"))
    assert [one.figure.text for one in found].count("89.9%") == 1


def test_measured():
    figures = {found.figure.text: found.figure for note in TODAY for found in figures_of([note], ())}
    assert is_measured(figures["89.9%"])
    assert not is_measured(figures["47 studies"])
    assert not is_measured(figures["10M tokens"])


def test_reviews():
    assert is_review([REVIEW], ())
    assert not is_review([SKILLRL], quotes_of([SKILLRL], "en"))


@pytest.mark.parametrize(
    ("sentence", "part", "clause"),
    [
        (
            "On ALFWorld, SkillRL achieves a rate of 89.9%, well above.",
            "89.9%",
            "On ALFWorld, SkillRL achieves a rate of 89.9%",
        ),
        (
            "实验表明，RLFR 将幻觉率降低了 58%，推理成本降低到原来的九十分之一。",
            "九十分之一",
            "推理成本降低到原来的九十分之一",
        ),
        (
            "RLM handles long inputs and outperforms the base by 28.3% on tasks.",
            "28.3%",
            "outperforms the base by 28.3% on tasks",
        ),
        ("It gains 5%.", "5%", "It gains 5%."),
        (
            "Evaluation shows shortcomings: the best model, Net-4, achieves only a 38.6% success rate, and the second model reaches 20.1%.",
            "38.6%",
            "the best model, Net-4, achieves only a 38.6% success rate",
        ),
        (
            "In contrast, reward models that produce long reasoning chains achieve 81.8% accuracy, which surprised everyone here.",
            "81.8%",
            "reward models that produce long reasoning chains achieve 81.8% accuracy",
        ),
        (
            "Experiments across agents and benchmarks demonstrate up to 62% improvement with a clear reduction of the tokens used.",
            "62%",
            "Experiments across agents and benchmarks demonstrate up to 62% improvement",
        ),
        ("NetA shows scores of 95.08% and 41.4% on the MiniF2F and ProofNet, respectively, over all.", "41.4%", None),
        ("A (B, C) on a dataset of 50 homes with 20% each.", "20%", "A (B, C) on a dataset of 50 homes with 20% each."),
        ("Across models, ARS achieves up to 53%, 46.1% and 57.9% in tokens.", "53%", None),
        ("Task success averages 86.3 percent compared with older agents of the field.", "86.3 percent", None),
        ("With as little as 5% of the data, CADC surpasses full training on all tasks.", "5%", None),
        ("Nothing of the kind.", "5%", "Nothing of the kind."),
    ],
)
def test_clause_around_a_figure(sentence, part, clause):
    assert clause_around(sentence, part) == (clause or sentence)


def test_no_two_sentences_tell_the_same_figure():
    note = vault_note(
        2,
        "EchoRL: once is enough",
        """Agents are slow. We propose EchoRL, which is 58% faster than before. EchoRL cuts the time of agents by 58% on ALFWorld.
        """,
    )
    texts = [quote.text for quote in quotes_of([note], "en")]
    assert sum("58%" in text for text in texts) == 1


def test_a_result_with_its_figure_goes_before_one_nearer_to_the_reader():
    bare = vault_note(3, "SkillRL：技能", "我們提出 SkillRL，學習技能。實驗結果顯示，SkillRL 優於此前的最佳方法。")
    assert told([SKILLRL, bare], "zh-Hant")[Role.RESULT][0].startswith("On ALFWorld")


def test_all_reports_that_stand_alone_the_reader_s_language_first():
    reports = reports_of([SKILLRL, SKILLRL_PRESS], "zh-Hant")
    assert reports[0].note_id == SKILLRL_PRESS.id
    assert {quote.note_id for quote in reports} == {SKILLRL.id, SKILLRL_PRESS.id}
    assert all(contains(VAULT[quote.note_id], quote.text) for quote in reports)
