"""The trend synthesis, read as its reader and as its critic."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest

from notes.files.frontmatter import read
from notes.markup import obsidian
from notes.markup.markdown import plain
from notes.model import PostKind
from publish.checking.checker import check
from publish.synthesis import write_synthesis
from publish.wording.words import LANGUAGES, words_for
from tests.publish.newsroom import (
    DAY,
    EDGE,
    GRPO,
    IGRPO,
    LINKS,
    MHC,
    NEWS,
    SKILLRL,
    STATES,
    TODAY,
    TOPICS,
    VAULT,
    also_in,
    vault_files,
    vault_note,
)

REFERENCE = re.compile(r"\[\[[^\[\]|]+\\?\|[⁰¹²³⁴⁵⁶⁷⁸⁹]+\]\]")
WINDOW = (date(2026, 2, 14), DAY)


def synthesis(lang="en", notes=TODAY, **changes):
    settings = {
        "all_notes": VAULT,
        "links": LINKS,
        "topics": TOPICS,
        "language": lang,
        "number": 13,
        "window": WINDOW,
        "sources": ("arXiv", "Nature"),
    } | changes
    return write_synthesis(DAY, notes, **settings)


def body(post) -> str:
    return read(post.text)[1]


def part(post, heading: str) -> str:
    return body(post).split(f"## {heading}\n")[1].split("\n## ")[0]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_claim_stands(lang):
    post = synthesis(lang)
    assert len(post.claims) > 40
    assert check(post, VAULT).dropped == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_parts_come_in_order(lang):
    words = words_for(lang)
    headings = [line[3:] for line in body(synthesis(lang)).splitlines() if line.startswith("## ")]
    assert headings == [
        words.insights,
        words.table,
        words.trends,
        words.breakthroughs,
        words.bottlenecks,
        words.watch,
        words.actions,
        words.links,
        words.statement,
    ]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_said_twice(lang):
    post = synthesis(lang)
    quotes = [claim.quotes[0] for claim in post.claims if claim.quotes and claim.text == claim.quotes[0]]
    assert len(quotes) == len(set(quotes))
    text = plain(REFERENCE.sub("", body(post)))
    assert [quote for quote in quotes if text.count(quote) != 1] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_obsidian_has_nothing_to_complain_of(lang):
    assert obsidian.check({**vault_files(), "trends/2026-W08.md": synthesis(lang).text.encode()}) == ()


def test_names_and_properties():
    post = synthesis("zh-Hans", site_title="我的笔记")
    properties = read(post.text)[0]
    assert (post.id, post.path, post.kind, post.lang) == (
        "20260220-013-research-trends-2026-w08",
        "trends/2026-W08.md",
        PostKind.SYNTHESIS,
        "zh-Hans",
    )
    assert (
        properties["title"]
        == post.title
        == "2026年第8周研究趋势综述：Reinforcement learning · agents 与 Multimodal models"
    )
    assert properties["source_type"] == "synthesis"
    assert properties["source"] == "我的笔记"
    assert properties["quality_score"] == round(sum(note.quality_score for note in TODAY) / len(TODAY), 2)
    assert (
        properties["description"] == "Reinforcement learning · agents 以 5 篇笔记居首。“SkillRL 的成功率達到 89.9%”。"
    )
    assert f"[[{NEWS.id}]]" not in properties["related_notes"], "only notes whose words are told"
    assert post.text.endswith("*创建：2026-02-20 | 质量：0.79 | 任务：learning-20260220-013*\n")


def test_a_synthesis_written_again_keeps_its_id():
    post = synthesis(begun=date(2026, 2, 17), number=5)
    assert post.id == "20260217-005-research-trends-2026-w08"
    assert read(post.text)[0]["created"] == date(2026, 2, 17)
    assert "Created: 2026-02-17" in post.text


def test_a_synthesis_written_again_has_the_day_of_its_newest_note():
    newest = max(note.created for note in TODAY)
    assert read(synthesis(begun=date(2026, 2, 17), number=5).text)[0]["updated"] == newest
    assert "updated" not in read(synthesis(begun=newest).text)[0]


@pytest.mark.parametrize(
    ("heading", "expected"),
    [
        (
            "insights",
            "|Reinforcement learning · agents]]: 5 notes. “iGRPO reaches **85.62%** on AIME 2024",
        ),
        ("table", "| SkillRL | ALFWorld | **89.9%** | % | On ALFWorld, SkillRL achieves a success rate of 89.9%"),
        ("table", "| iGRPO | AIME 2024 | **85.62%** | % |"),
        ("table", "| SocioReasoner | — | **7.4 points** | change |"),
        ("trends", "Notes by window, oldest first: 1 note → 5 notes."),
        ("trends", "- **SkillRL**: The authors propose SkillRL"),
        ("trends", "**Limits that the sources state**"),
        ("trends", "Terms: 強化學習, policy."),
        ("breakthroughs", "**Result**: On ALFWorld, SkillRL achieves a success rate of **89.9%**"),
        ("bottlenecks", "- **EdgeNav-QE**: Accuracy drops sharply on screens with more than 40 elements."),
        ("watch", "**Reinforcement learning · agents** is growing; its latest work is iGRPO"),
        ("watch", "**Multimodal models** is new in this window; begin with STEP3-VL-10B"),
        ("watch", "SkillRL was carried by 2 sources: arXiv and 前沿觀察."),
        ("actions", "- Read closely: [["),
        (
            "actions",
            "- Reproduce SkillRL: [github.com/skill-rl/skillrl](https://github.com/skill-rl/skillrl).",
        ),
        ("actions", "- Examine what SkillRL leaves open (see the open problems)."),
        ("actions", "Follow **Reinforcement learning · agents**: go on to RLFR"),
        ("links", "1. [["),
        ("links", "EdgeNav-QE: [github.com/edge-nav/qe](https://github.com/edge-nav/qe)"),
        ("links", "- ALFWorld: SkillRL"),
        ("statement", "- arXiv: 6 notes"),
        ("statement", "Followed, but without a note in this window: Nature."),
        ("statement", "- And [[20260220-012-a-new-reading-group|A new reading group]]."),
        ("statement", "kept in 12 notes"),
    ],
)
def test_what_a_reader_finds(heading, expected):
    assert expected in part(synthesis(), getattr(words_for("en"), heading))


def agent(number: int, name: str, last: str):
    """A work with an idea, and with a last sentence of its own."""
    idea = f"We propose {name}, an agent which learns reusable skills from its own successful trajectories."
    return vault_note(number, f"{name}: skills of agents", f"{idea} {last}")


CONTRARY = agent(91, "NetA", "Surprisingly, experiments show that even large agents fail on long tasks of any kind.")
ADMITTED = agent(92, "NetB", "The main limitation is that it was run in simulated households alone.")
WITHOUT = agent(93, "NetC", "It waits for the evening of every day.")


@pytest.mark.parametrize(
    ("lang", "against", "limits"),
    [
        ("en", "**What speaks against it**: ", "**Limits that the sources state**: "),
        ("zh-Hans", "**反面证据**：", "**来源自述的局限**："),
        ("zh-Hant", "**反面證據**：", "**來源自述的局限**："),
    ],
    ids=LANGUAGES,
)
@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        ((CONTRARY, ADMITTED), (True, True)),
        ((CONTRARY, WITHOUT), (True, False)),
        ((ADMITTED, WITHOUT), (False, True)),
    ],
    ids=["both", "a finding", "a limit"],
)
def test_what_speaks_against_a_trend_goes_by_what_it_is(lang, against, limits, notes, expected):
    ids = tuple(note.id for note in notes)
    topic = replace(TOPICS[0], note_ids=ids, medoid=ids[0])
    text = part(synthesis(lang, notes, all_notes=VAULT, topics=[topic]), words_for(lang).trends)
    assert (against in text, limits in text) == expected


def test_a_work_told_for_what_it_found_wanting_is_no_further_name():
    others = [agent(100 + number, f"Net{letter}", "It waits.") for number, letter in enumerate("DEFGHIJ")]
    # The lightest of all: none but what it found would tell it.
    late = replace(CONTRARY, quality_score=0.1)
    notes = (*others, late)
    topic = replace(TOPICS[0], note_ids=tuple(note.id for note in notes), medoid=others[0].id)
    text = part(synthesis("en", notes, all_notes=VAULT, topics=[topic], links=()), "Trends")
    assert "**What speaks against it**: \n\n- **NetA**: " in text
    (further,) = [line for line in text.splitlines() if line.startswith("Also on this topic: ")]
    assert "NetA" not in further


def test_the_head_tells_range_sources_and_the_main_point():
    text = body(synthesis("zh-Hant"))
    assert "> **時間範圍**：2026 年 2 月 14 日至 20 日" in text
    assert "> **資料來源**：12 篇筆記，出自 6 個來源：" in text
    assert (
        "> **核心觀點**：**Reinforcement learning · agents** 以 5 篇筆記居首。「SkillRL 的成功率達到 **89.9%**」"
        in text
    )


def test_works_with_a_benchmark_in_common_are_to_be_compared():
    other = vault_note(
        40,
        "OtherRL: skills",
        "We propose OtherRL, which learns skills. OtherRL reaches 91.2% on ALFWorld.",
        arxiv_id="2602.11111",
    )
    post = synthesis(notes=[*TODAY, other], all_notes={**VAULT, other.id: other})
    assert "Compare on ALFWorld, once split and metric are known to agree: SkillRL 89.9%" in part(post, "What to do")


def test_a_topic_wholly_read_this_week_is_only_followed():
    post = synthesis(notes=[SKILLRL, TODAY[4]], links=())
    assert "- Follow **Reinforcement learning · agents**.[[" in part(post, "What to do")


def test_a_window_without_topics_or_figures_is_short():
    post = synthesis(notes=[NEWS], topics=(), links=(), sources=())
    text = body(post)
    assert post.title == "Research trends, week 8 of 2026"
    assert [line for line in text.splitlines() if line.startswith("## ")] == [
        "## What to do",
        "## Links",
        "## On the sources",
    ]
    assert "description" not in read(post.text)[0]


def test_the_main_point_is_the_leading_topic_and_a_figure_in_its_source_s_words():
    topic = replace(TOPICS[0], note_ids=(STATES.id, MHC.id))
    text = body(synthesis(topics=(topic,)))
    assert (
        f"**Reinforcement learning · agents** leads with 2 notes. mHC: “額外的訓練時間只有 **6.7%**”[[{MHC.id}|¹]]."
        in text
    )
    assert "額外的訓練時間只有" not in text.split("## Core insights")[1].split("## ")[0], "said once"


def test_a_leading_topic_without_figures():
    talks = [vault_note(80 + n, f"Talk{name}RL: words", "We propose a talk.") for n, name in enumerate("AB")]
    topic = replace(TOPICS[1], note_ids=tuple(note.id for note in talks))
    text = body(synthesis(notes=talks, all_notes={}, topics=(topic,), links=()))
    assert "**In one line**: **Multimodal models** leads with 2 notes." in text


MENTIONS_SCORE = vault_note(
    41,
    "TouchRL: clicks",
    "We propose TouchRL, which learns to click. SkillRL reaches 89.9% on ALFWorld. TouchRL reaches 70% on WebShop.",
    arxiv_id="2602.22222",
)
SIZED = vault_note(
    42, "OtherRL: skills", "We propose OtherRL. OtherRL-7B reaches 91.2% on ALFWorld.", arxiv_id="2602.11111"
)


def test_a_work_that_mentions_another_s_score_is_not_measured_by_it():
    notes = [*TODAY, MENTIONS_SCORE, SIZED]
    post = synthesis(notes=notes, all_notes={**VAULT, **{note.id: note for note in notes}})
    compared = next(line for line in part(post, "What to do").splitlines() if "Compare on ALFWorld" in line)
    assert "SkillRL" in compared
    assert "OtherRL" in compared, "one of its sizes is the work"
    assert "TouchRL" not in compared


def test_all_feeds_that_carried_a_work_are_counted():
    carried = also_in(IGRPO, "Lab notes: <https://arxiv.org/pdf/2602.09123>", "前沿觀察: “iGRPO” <https://x.example/1>")
    notes = [carried if note.id == IGRPO.id else note for note in TODAY]
    post = synthesis(notes=notes, all_notes={**VAULT, IGRPO.id: carried})
    assert "iGRPO was carried by 3 sources: arXiv, Lab notes and 前沿觀察." in part(post, "What to watch")
    assert check(post, {**VAULT, IGRPO.id: carried}).dropped == ()
    assert check(post, VAULT).dropped, "the control: without those lines the count does not come out"


def test_told_and_further_notes_add_up():
    many = [vault_note(50 + n, f"Talk{name}: words", "Hm.") for n, name in enumerate("ABCDEFG")]
    notes = [*TODAY, *many]
    post = synthesis(notes=notes, all_notes={note.id: note for note in notes})
    further = int(re.search(r"- And (\d+) notes more", body(post))[1])
    listed = re.findall(r"^\d+\. \[\[2026", part(post, "Links"), re.MULTILINE)
    assert len(listed) + further == len(notes)


def test_a_topic_without_figures_names_the_work_to_know():
    talks = [vault_note(80 + n, f"Talk{name}RL: words", "We propose a talk.") for n, name in enumerate("AB")]
    topic = replace(TOPICS[1], note_ids=tuple(note.id for note in talks))
    told = part(synthesis(notes=talks, all_notes={}, topics=(topic,), links=()), "Core insights")
    assert "|Multimodal models]]: 2 notes; the work to know is “TalkARL: words”[[" in told


def test_an_empty_window_has_no_synthesis():
    assert synthesis(notes=[]) is None


def test_a_false_topic_name_does_not_reach_the_title():
    post = synthesis(topics=(replace(TOPICS[0], name="GPT-9000"),))
    assert post.title == "Research trends, week 8 of 2026"


def test_many_sources_and_many_untold_works_are_not_all_named():
    many = [
        replace(vault_note(50 + n, f"Talk {'abcdefghijklmnop'[n]}", "Hm."), source=f"Feed {'abcdefghijklmnop'[n]}")
        for n in range(16)
    ]
    text = body(synthesis(notes=many, all_notes={note.id: note for note in many}, topics=(), links=()))
    assert (
        "16 notes from 16 sources: Feed a, Feed b, Feed c, Feed d, Feed e, Feed f, Feed g, Feed h and others." in text
    )
    assert "- And 16 notes more: on other subjects (16 notes)." in text
    assert "Talk l" not in text


def test_notes_without_quality_have_none_to_average():
    post = synthesis(notes=[replace(EDGE, quality_score=None)], topics=(), links=())
    assert read(post.text)[0]["quality_score"] == 0.0


def test_order_of_input_does_not_matter():
    assert (
        synthesis(notes=tuple(reversed(TODAY)), links=tuple(reversed(LINKS)), topics=tuple(reversed(TOPICS)))
        == synthesis()
    )


def test_with_the_checker_off_an_invented_count_comes_through():
    """The control: a topic that claims a note made after the window's end is counted only while nobody counts again."""
    late = replace(GRPO, id="20260301-001-late", created=date(2026, 3, 1))
    notes = [*TODAY, late]
    known = {**VAULT, late.id: late}
    assert "**Time range**" not in body(synthesis(notes=notes, all_notes=known))
    assert "**Time range**" in body(synthesis(notes=notes, all_notes=known, judge=lambda claim, notes: ""))
