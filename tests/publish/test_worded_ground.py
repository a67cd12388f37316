"""A sentence of which nothing stands in its notes is none of theirs, though it names no name and no figure."""

from __future__ import annotations

import pytest

from notes.markup.document import read_note
from notes.model import Claim
from publish.checking import worded
from publish.checking.checker import examine

ENGLISH = """---
id: n1
title: 'SkillRL: Recursive Skill-Augmented Reinforcement Learning'
source: arXiv
source_type: arxiv
lang: en
---
# SkillRL

## Abstract

Agents that learn by reinforcement must choose among raw actions. The method discovers reusable skills in successful
trajectories. SkillRL reaches a success rate of 89.9% on ALFWorld, and token use falls.
"""
CHINESE = """---
id: n2
title: 给残差流加一道护栏
source: 论文阅读笔记
source_type: rss
lang: zh-Hans
---
# 给残差流加一道护栏

## Text

当模型规模增大时，损失函数经常突然跳升，训练不稳定。作者把参数更新约束在流形上，训练过程因此更稳定。
"""
NOTES = {
    note.id: note
    for note in (
        read_note(f"notes/{name}.md", text.encode(), mtime_ns=0) for name, text in (("n1", ENGLISH), ("n2", CHINESE))
    )
}

TRUE = {
    "a name": ("SkillRL 讓智能體學會可重用的技能。", "n1"),
    "a figure": ("成功率達到 89.9%。", "n1"),
    "a term": ("成功之後所用的 token 更少。", "n1"),
    "other words of the same": ("It finds skills that agents can reuse from trajectories.", "n1"),
    "the other script": ("訓練過程更穩定，因為參數更新被約束在流形上。", "n2"),
}
NOTHING = {
    "bananas": ("香蕉是藍色的。", "n1"),
    "praise": ("這項工作徹底改變了人工智能。", "n1"),
    "the seasons": ("Everything turns blue in winter.", "n1"),
    "bananas by a Chinese note": ("香蕉是蓝色的，冬天也一样。", "n2"),
    "English words by a Chinese note": ("Everything becomes better with time.", "n2"),
}


@pytest.mark.parametrize(("text", "note_id"), TRUE.values(), ids=TRUE)
def test_what_stands_in_its_note_may_be_told(text, note_id):
    assert examine(Claim(text, (note_id,), writer="a model"), NOTES) == ""


@pytest.mark.parametrize(("text", "note_id"), NOTHING.values(), ids=NOTHING)
def test_a_sentence_of_nothing_is_refused(text, note_id):
    assert "nothing of it" in examine(Claim(text, (note_id,), writer="a model"), NOTES)


@pytest.mark.parametrize(("text", "note_id"), NOTHING.values(), ids=NOTHING)
def test_nothing_else_would_refuse_it(text, note_id, monkeypatch):
    monkeypatch.setattr(worded, "rests_on_nothing", lambda *_: "")
    assert examine(Claim(text, (note_id,), writer="a model"), NOTES) == ""
