"""Which notes tell one work: what joins them, and what keeps two works apart."""

from __future__ import annotations

from dataclasses import replace

import pytest

from notes.model import Link, LinkKind, VaultNote
from publish.sources.works import grouped, head_of
from tests.publish.newsroom import LINKS, PRESS, TODAY, vault_note

PAPER = vault_note(
    20,
    "Features as Rewards: Scalable Supervision via Interpretability",
    "Judging long text is dear. The pipeline, RLFR, trains probes on internal features.",
    arxiv_id="2602.10067",
)
OTHER_PAPER = vault_note(
    21, "Features as Rewards: A Second Look", "We look again at RLFR and its probes.", arxiv_id="2603.00001"
)


def article(number: int, title: str, text: str, source: str = "Reading notes") -> VaultNote:
    return vault_note(number, title, text, source=source, kind=PRESS)


POINTING = article(
    30, "Goodfire 的 RLFR：用内部特征当奖励", "探针读取特征。论文见 https://arxiv.org/abs/2602.10067v2。"
)
POINTING_AT_TWO = article(
    31, "RLFR 与其他", "论文见 https://arxiv.org/abs/2602.10067 与 https://arxiv.org/abs/2504.12285。"
)
SPEAKING_OF_ELSE = article(32, "Kimi news", "The newest optimiser, see https://arxiv.org/abs/2602.10067 for rewards.")
NAMESAKE = article(33, "Features as Rewards: the story", "The team tells how it came to be.", source="Lab blog")


def same(one: VaultNote, other: VaultNote) -> tuple[Link, ...]:
    return (Link(one.id, other.id, LinkKind.SAME_WORK, 1.0, "the same work: x"),)


STATES_PAPER = vault_note(
    50,
    "Latent Reasoning with Supervised Thinking States",
    "We propose states that think while reading.",
    arxiv_id="2602.08332",
)
TWO_CITED = "论文见 https://arxiv.org/abs/2602.08332，另见 https://arxiv.org/abs/2504.15895。"
STATES_NOTE = article(51, "谷歌 Thinking States：一边读题一边思考", TWO_CITED)
OTHER_NOTE = article(52, "谷歌的一周：一边读题一边思考", TWO_CITED)
FORGE = vault_note(53, "PlanForge: plans that check themselves", "We propose PlanForge.", arxiv_id="2602.44444")
FORGE_URL = "See https://arxiv.org/abs/2602.44444 for PlanForge."
VERSUS = article(54, "ReAct vs PlanForge", FORGE_URL)
COMPARED = article(55, "PlanForge 與 ReAct 的比較", FORGE_URL)
TWO_BITS = vault_note(56, "BitNet Distillation", "We propose BitNet Distillation.", arxiv_id="2504.15895")
ONE_BIT = article(57, "BitNet b1.58 2B4T：一比特模型", TWO_CITED)


@pytest.mark.parametrize(
    ("notes", "links", "works"),
    [
        pytest.param((PAPER, POINTING), (), 1, id="an article that points to the paper and has its name in the title"),
        pytest.param((PAPER, NAMESAKE), (), 1, id="a phrase before the colon in common with a paper"),
        pytest.param((PAPER, NAMESAKE, POINTING), (), 1, id="a chain"),
        pytest.param((STATES_PAPER, STATES_NOTE), (), 1, id="an article that cites two papers, named after one"),
        pytest.param((STATES_PAPER, OTHER_NOTE), (), 2, id="an article that cites two papers, named after none"),
        pytest.param((TWO_BITS, ONE_BIT), (), 2, id="two members of a family"),
        pytest.param((FORGE, VERSUS), (), 2, id="a comparison"),
        pytest.param((FORGE, VERSUS), same(FORGE, VERSUS), 2, id="a comparison, whatever a link says"),
        pytest.param((FORGE, COMPARED), (), 2, id="a comparison in Chinese"),
        pytest.param((FORGE, article(58, "PlanForge news", FORGE_URL)), (), 1, id="the control: no comparison"),
        pytest.param((PAPER, OTHER_PAPER), (), 2, id="two papers of one name"),
        pytest.param((PAPER, OTHER_PAPER), same(PAPER, OTHER_PAPER), 2, id="two papers, whatever a link says"),
        pytest.param((POINTING, OTHER_PAPER), same(POINTING, OTHER_PAPER), 2, id="an article on another paper"),
        pytest.param((PAPER, POINTING_AT_TWO), (), 2, id="an article that points to two papers"),
        pytest.param((PAPER, SPEAKING_OF_ELSE), (), 2, id="an article that only cites"),
        pytest.param(
            (NAMESAKE, replace(NAMESAKE, id="b", source="Other")), (), 2, id="two articles of one title and no paper"
        ),
    ],
)
def test_what_is_one_work(notes, links, works):
    assert len(grouped(notes, links)) == works
    assert grouped(tuple(reversed(notes)), tuple(reversed(links))) == grouped(notes, links)


@pytest.mark.parametrize(
    ("one", "other", "works"),
    [
        ("BitNet b1.58 2B4T：一比特模型", "BitNet Distillation", 2),
        ("DAPO 笔记：四个技巧", "DAPO: An Open-Source System", 1),
        ("流形约束超连接 mHC：护栏", "DeepSeek mHC：用流形約束馴服超連接", 1),
        ("STEP3-VL-10B：小模型", "STEP3-VL-10B Technical Report", 1),
    ],
)
def test_a_link_joins_unless_the_titles_name_two_members_of_a_family(one, other, works):
    notes = (article(40, one, "Text."), article(41, other, "Text."))
    assert len(grouped(notes, same(*notes))) == works


def test_links_to_notes_that_are_not_told_join_nothing():
    assert grouped((PAPER,), same(PAPER, NAMESAKE)) == [[PAPER]]


def test_every_note_is_in_one_group():
    groups = grouped(TODAY, LINKS)
    assert sorted(note.id for group in groups for note in group) == sorted(note.id for note in TODAY)


@pytest.mark.parametrize(("title", "head"), [("A: b", "A"), ("甲：乙", "甲"), ("A — b", "A"), ("Plain", "Plain")])
def test_the_head_of_a_title(title, head):
    assert head_of(title) == head
