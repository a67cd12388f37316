"""``topics/*.md``: the structure note of a topic."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notes.markup import obsidian
from notes.markup.document import read_note
from notes.model import Topic, VaultNote
from notes.pages import topic_page
from notes.pages.page_words import words_for
from notes.pages.topic_page import Neighbour
from notes.topics import TopicState

TOPIC = Topic(
    id="reinforcement-learning",
    name="Reinforcement learning · Agents",
    terms=("reinforcement learning", "agents", "[[skills]]"),
    note_ids=("20260219-004-grpo", "20260220-008-skillrl", "gone", "moved"),
    medoid="20260220-008-skillrl",
    first_seen=date(2026, 2, 19),
    last_seen=date(2026, 2, 20),
)


def vault_note(path: str, text: str) -> VaultNote:
    return read_note(path, text.encode(), mtime_ns=0)


GRPO = "---\nid: 20260219-004-grpo\ntitle: 'GRPO [1]'\npublished: 2026-02-18\n---\n# GRPO\n\n- **Problem**: PPO is heavy.\n"
SKILLRL = "---\nid: 20260220-008-skillrl\ncreated: 2026-02-20\n---\n# SkillRL\n\n" + "Many words. " * 40
MOVED = "---\nid: moved\n---\n"
NOTES = {
    note.id: note
    for note in (
        vault_note("notes/2026/20260219-004-grpo.md", GRPO),
        vault_note("notes/2026/20260220-008-skillrl.md", SKILLRL),
        vault_note("mine/Renamed.md", MOVED),
    )
}


def test_page() -> None:
    page = topic_page.render(TOPIC, NOTES, tags=["reinforcement-learning", "no tag"])
    assert page.startswith(
        "---\nid: topic-reinforcement-learning\ntitle: Reinforcement learning · Agents\n"
        "aliases: [Reinforcement learning · Agents]\ncreated: 2026-02-19\nupdated: 2026-02-20\n"
        "tags: [topic, reinforcement-learning]\nterms: [reinforcement learning, agents, '[ [skills] ]']\n"
        "related_notes: ['[[20260219-004-grpo]]', '[[20260220-008-skillrl]]', '[[mine/Renamed]]']\n---\n\n"
        "# Reinforcement learning · Agents\n\n"
        "- [[20260220-008-skillrl|SkillRL]] — Many words."
    )
    assert (
        "words.…\n\n"
        "**Terms**: reinforcement learning, agents, \\[\\[skills\\]\\]\n\n"
        "3 notes, 2026-02-19 to 2026-02-20.\n\n## New\n\n- [[20260220-008-skillrl|SkillRL]] — 2026-02-20\n\n## Notes\n\n"
        "1. [[20260219-004-grpo|GRPO (1)]] — PPO is heavy.\n2. [[20260220-008-skillrl|SkillRL]] — Many words."
    ) in page
    assert page.endswith(
        "…\n3. [[mine/Renamed|Renamed]]\n\n## Timeline\n\n"
        "- 2026-02-20: [[20260220-008-skillrl|SkillRL]]\n- 2026-02-18: [[20260219-004-grpo|GRPO (1)]]\n"
    )


def test_in_chinese_with_neighbours() -> None:
    near = (Neighbour("topics/world-models", "World models [[x]]", 3),)
    page = topic_page.render(TOPIC, NOTES, neighbours=near, words=words_for("zh-Hans"))
    assert "3 篇笔记，2026年2月19日至2026年2月20日。" in page
    headings = [line for line in page.splitlines() if line.startswith("## ")]
    assert headings == ["## 最新", "## 笔记", "## 时间线", "## 相邻主题"]
    assert page.endswith("## 相邻主题\n\n- [[topics/world-models|World models ((x))]] — 3 条链接\n")


def test_what_the_topic_is_comes_from_the_key_sentences_of_its_central_note() -> None:
    text = "# G\n\n- **Problem**: PPO is heavy.\n- **Approach**: We drop the critic.\n- **Result**: It works.\n"
    notes = {**NOTES, TOPIC.medoid: vault_note("notes/2026/20260220-008-skillrl.md", text)}
    page = topic_page.render(TOPIC, notes)
    assert "\n\n- [[20260220-008-skillrl|G]] — PPO is heavy. We drop the critic.\n\n" in page


def test_obsidian_has_no_complaint() -> None:
    page = topic_page.render(TOPIC, NOTES)
    files = {topic_page.path(TOPIC): page, **{note.path: "x" for note in NOTES.values()}}
    assert obsidian.check({path: text.encode() for path, text in files.items()}) == ()


def test_a_topic_whose_notes_are_gone() -> None:
    day = date(2026, 2, 19)
    bare = Topic(
        id="topic-x", name="\u200b", terms=(), note_ids=("gone",), medoid="gone", first_seen=day, last_seen=day
    )
    page = topic_page.render(bare, {})
    assert "# Topic\n\n0 notes, 2026-02-19.\n" in page
    assert "##" not in page
    assert (topic_page.note_id(bare), topic_page.path(bare)) == ("topic-x", "topics/x.md")


@pytest.mark.parametrize("count", [1, 2])
def test_count(count: int) -> None:
    notes = dict(list(NOTES.items())[:count])
    assert f"{count} note{'s' * (count - 1)}, " in topic_page.render(TOPIC, notes)


def test_chinese_is_cut_without_blanks() -> None:
    note = vault_note("notes/20260220-008-skillrl.md", "人工智能" * 100)
    page = topic_page.render(TOPIC, {"20260220-008-skillrl": note})
    assert "智能…" in page


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_what_is_said_of_all_notes_together_can_be_taken_out(lang: str) -> None:
    near = (Neighbour("topics/x", "X", 3),)
    page = topic_page.render(TOPIC, NOTES, neighbours=near, words=words_for(lang))
    left = topic_page.COUNTED.sub("", page.split("---\n", 2)[2])
    assert "agents" not in left.replace("Agents", "")
    assert "topics/x" not in left
    assert not [line for line in left.splitlines() if line.startswith("3 ")]
    assert left.count("## ") == page.count("## ") - 1
    assert [line for line in page.splitlines() if line.startswith("1. ")] == [
        line for line in left.splitlines() if line.startswith("1. ")
    ]


@pytest.mark.parametrize(
    ("lang", "field", "asleep"),
    [
        ("en", "**Field**: Learning \\[\\[x\\]\\]", "Asleep: nothing new since 2026-02-20."),
        ("zh-Hans", "**领域**：Learning \\[\\[x\\]\\]", "沉寂中：2026年2月20日以来没有新内容。"),
        ("zh-Hant", "**領域**：Learning \\[\\[x\\]\\]", "沉寂中：2026 年 2 月 20 日以來沒有新內容。"),
    ],
)
def test_field_and_sleep_are_told_and_known_as_slipway_s_own(lang, field, asleep):
    words = words_for(lang)
    page = topic_page.render(replace(TOPIC, state=TopicState.ASLEEP), NOTES, field="Learning [[x]]", words=words)
    awake = topic_page.render(TOPIC, NOTES, words=words)
    assert f"{field}\n\n{asleep}\n\n" in page
    assert field not in awake
    assert asleep not in awake
    left = topic_page.COUNTED.sub("", page)
    assert field not in left
    assert asleep not in left


@pytest.mark.parametrize(
    ("lang", "heir", "told"),
    [
        ("en", "", "Ended on 2026-03-01."),
        ("en", "[[topics/x|X]]", "Ended on 2026-03-01; its notes are now in [[topics/x|X]]."),
        ("zh-Hans", "", "已于2026年3月1日结束。"),
        ("zh-Hans", "[[topics/x|X]]", "已于2026年3月1日并入[[topics/x|X]]。"),
        ("zh-Hant", "", "已於 2026 年 3 月 1 日結束。"),
        ("zh-Hant", "[[topics/x|X]]", "已於 2026 年 3 月 1 日併入[[topics/x|X]]。"),
    ],
)
def test_that_a_topic_ended_is_said_once(lang: str, heir: str, told: str) -> None:
    words = words_for(lang)
    page = topic_page.ended(topic_page.render(TOPIC, NOTES, words=words), date(2026, 3, 1), heir, words)
    assert read_note("topics/agents.md", page.encode(), mtime_ns=0).properties["ended"] == date(2026, 3, 1)
    assert f"# {TOPIC.name}\n\n{told}\n\n" in page
    assert told not in topic_page.COUNTED.sub("", page)
    assert topic_page.ended(page, date(2026, 3, 2), "", words) == page
    assert topic_page.ended("# What somebody wrote\n\nHere.\n", date(2026, 3, 2), "", words).startswith("# What")
