"""Sentences that a model worded: what stands in three languages, and every way of going beyond the notes.

The control of each refusal is the same sentence under no writer's name, where only the numbers and long quotes are asked for: it
comes through.
"""

from __future__ import annotations

import time

import pytest

from notes.markup.document import read_note
from notes.model import Claim, VaultNote
from publish.checking.checker import examine

FRONT = """---
id: {id}
title: '{title}'
source: arXiv
source_type: arxiv
url: https://arxiv.org/abs/{arxiv}
authors: [Ada Author, 李明]
lang: {lang}
---

# {title}

## Abstract

{text}
"""


def note(id_: str, title: str, arxiv: str, text: str, *, lang: str = "en") -> VaultNote:
    raw = FRONT.format(id=id_, title=title, arxiv=arxiv, text=text, lang=lang)
    return read_note(f"notes/{id_}.md", raw.encode(), mtime_ns=0)


SKILL = note(
    "skill",
    "SkillRL: Recursive Skill-Augmented Reinforcement Learning",
    "2602.01234",
    "Agents choose among raw actions, as SkillNet does. We propose SkillRL, developed at Google and Tsinghua University, with a skill library. "
    "On ALFWorld, SkillRL achieves a success rate of 89.9%, outperforming GRPO by 12 points, and on WebShop it achieves 72.7%. "
    "Inference takes 35 ms and reduces cost by 50%. SkillRL outperforms PPO. Its F1 is 0.58. It is evaluated on 2 datasets with "
    "26 LLMs and 1,200,000 samples, and its 10B parameters make it 3 times faster than GRPO. A third of the users prefer it. "
    "The code is at https://github.com/ada/skillrl.",
)
MEMORY = note(
    "memory",
    "MemGrow: Memory for Long Tasks",
    "2602.05678",
    "Agents forget on long tasks. MemGrow keeps 128k tokens useful and saves 40% of the calls. MemGrow does not reach 60% on LoCoMo.",
)
HAN = note(
    "han",
    "遞歸語言模型管理上下文",
    "2602.09999",
    "智能體在長任務中會填滿上下文視窗。騰訊與浙江大學提出 RLM，讓模型管理自己的上下文。實驗顯示延遲降低 40%，速度提升三倍，優於 MemGrow。"
    "我們參考了《深度學習入門》。",
    lang="zh-Hant",
)
NOTES = {one.id: one for one in (SKILL, MEMORY, HAN)}


def claim(text: str, *ids: str, writer: str = "a-model") -> Claim:
    return Claim(text, ids or (SKILL.id,), writer=writer)


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(claim("SkillRL reaches 89.9% on ALFWorld."), id="figure"),
        pytest.param(claim("On ALFWorld the method reaches 89.9 percent."), id="percent in words"),
        pytest.param(claim("SkillRL 在 ALFWorld 上达到 89.9% 的成功率。"), id="zh-Hans"),
        pytest.param(claim("SkillRL 在 ALFWorld 上達到 89.9% 的成功率。"), id="zh-Hant"),
        pytest.param(claim("SkillRL 的成功率達到百分之八十九點九。"), id="numerals"),
        pytest.param(claim("The F1 score is 58%."), id="a share told as a fraction"),
        pytest.param(claim("F1 分数为百分之五十八。"), id="the same in numerals"),
        pytest.param(claim("It beats GRPO by 12 points on ALFWorld."), id="points"),
        pytest.param(claim("Inference takes 35 ms and costs half as much."), id="half"),
        pytest.param(claim("推理仅需 35 毫秒，成本降低一半。"), id="half in Chinese"),
        pytest.param(claim("推理成本減半。"), id="halved"),
        pytest.param(claim("It is three times as fast as GRPO."), id="factor in words"),
        pytest.param(claim("SkillRL 比 GRPO 快三倍。"), id="factor in numerals"),
        pytest.param(claim("SkillRL triples the speed of GRPO."), id="factor as a verb"),
        pytest.param(claim("A third of users prefer it."), id="a third"),
        pytest.param(claim("三分之一的用戶偏好它。"), id="a third in Chinese"),
        pytest.param(claim("The model has 10 billion parameters."), id="billion"),
        pytest.param(claim("模型有 100 億參數。"), id="億"),
        pytest.param(claim("The 10B model was trained on 1.2 million samples."), id="million"),
        pytest.param(claim("模型使用了 120 万个样本，并在 26 个大模型上评测。"), id="万"),
        pytest.param(claim("SkillRL outperforms PPO."), id="comparison"),
        pytest.param(claim("PPO trails SkillRL."), id="comparison told from behind"),
        pytest.param(claim("PPO is outperformed by SkillRL."), id="passive"),
        pytest.param(claim("SkillRL 优于 PPO。"), id="comparison in Chinese"),
        pytest.param(claim("PPO 不如 SkillRL。"), id="from behind in Chinese"),
        pytest.param(claim("The method, developed at Google, has a skill library."), id="organisation"),
        pytest.param(claim("谷歌与清华大学提出 SkillRL。"), id="organisations by their Chinese names"),
        pytest.param(claim("腾讯和浙江大学的研究者提出 RLM。", HAN.id), id="organisations in the other script"),
        pytest.param(claim("多所大學的研究團隊參與了 SkillRL。"), id="no organisation in particular"),
        pytest.param(claim("李明等人提出了 SkillRL。"), id="an author"),
        pytest.param(claim("作者參考了《深度學習入門》。", HAN.id), id="a title"),
        pytest.param(claim("作者参考了《深度学习入门》。", HAN.id), id="a title in the other script"),
        pytest.param(claim("Researchers train agents with skills."), id="an opening word"),
        pytest.param(claim("Household robots could use SkillRL."), id="another opening word"),
        pytest.param(claim("Skill-based training helps Agents."), id="a compound that opens"),
        pytest.param(claim("這種「技能庫」讓 SkillRL 重用經驗。"), id="a term in quotation marks"),
        pytest.param(claim("The paper calls this a “skill library”."), id="words of the note in quotation marks"),
        pytest.param(claim("The code is at https://github.com/ada/skillrl."), id="an address of the note"),
        pytest.param(claim("MemGrow does not reach 60% on LoCoMo.", MEMORY.id), id="a denial of the note's"),
        pytest.param(claim("MemGrow 未能在 LoCoMo 上达到 60%。", MEMORY.id), id="a denial in Chinese"),
        pytest.param(
            claim("MemGrow saves 40% of the calls, and RLM lowers latency by 40%.", MEMORY.id, HAN.id), id="two notes"
        ),
        pytest.param(claim("延迟下降 40%，速度提升到三倍。", HAN.id), id="other words for the same direction"),
        pytest.param(claim("高通量實驗、北大西洋與 SkillRL 無關。"), id="no Qualcomm and no Peking University"),
        pytest.param(claim("SkillRL reaches 89.9% on ALFWorld and 72.7% on WebShop."), id="two benchmarks"),
    ],
)
def test_true_sentences_stand(one):
    assert examine(one, NOTES) == ""


@pytest.mark.parametrize(
    ("one", "reason"),
    [
        pytest.param(claim("Zephyrion shows this."), "a name", id="a name that opens"),
        pytest.param(claim("SkillRL beats OpenAssist by 12 points."), "a name", id="a name inside"),
        pytest.param(claim("It was built at Meta."), "a name", id="an organisation"),
        pytest.param(claim("微軟提出 SkillRL。"), "微软", id="an organisation in Chinese"),
        pytest.param(claim("復旦大學提出 SkillRL。"), "复旦", id="a university"),
        pytest.param(claim("宾夕法大学提出 SkillRL。"), "夕法大学", id="a university that no list holds"),
        pytest.param(claim("王小明教授提出 SkillRL。"), "王小明", id="a person"),
        pytest.param(claim("方法出自《智能的終結》。"), "智能的终结", id="a title"),
        pytest.param(claim("It takes 35 s."), "another unit", id="seconds for milliseconds"),
        pytest.param(claim("推理需 35 秒。"), "another unit", id="seconds in Chinese"),
        pytest.param(claim("It costs $35 per task."), "another unit", id="money for time"),
        pytest.param(claim("SkillRL doubles the success rate."), "another unit", id="a factor for a count"),
        pytest.param(claim("SkillRL 將成功率提高兩倍。"), "another unit", id="a factor for a count in Chinese"),
        pytest.param(claim("The gain is 200%."), "another unit", id="a share for a count"),
        pytest.param(claim("It was trained on 10B tokens."), "another unit", id="tokens for parameters"),
        pytest.param(
            claim("MemGrow keeps 26 tokens useful.", SKILL.id, MEMORY.id),
            "another name",
            id="the figure of another note",
        ),
        pytest.param(claim("SkillRL reaches 72.7% on ALFWorld."), "another benchmark", id="of another benchmark"),
        pytest.param(claim("SkillRL 在 ALFWorld 上达到 72.7%。"), "another benchmark", id="of another, in Chinese"),
        pytest.param(claim("PPO outperforms SkillRL."), "ahead of", id="turned comparison"),
        pytest.param(claim("SkillRL trails PPO."), "ahead of", id="turned from behind"),
        pytest.param(claim("SkillRL does not outperform PPO."), "ahead of", id="denied comparison"),
        pytest.param(claim("SkillRL is outperformed by PPO."), "ahead of", id="turned passive"),
        pytest.param(claim("PPO performs better than SkillRL."), "ahead of", id="better than"),
        pytest.param(claim("PPO 优于 SkillRL。"), "ahead of", id="turned in Chinese"),
        pytest.param(claim("SkillRL 不如 PPO。"), "ahead of", id="turned from behind in Chinese"),
        pytest.param(claim("SkillNet reaches 89.9% on ALFWorld."), "another system", id="of another system"),
        pytest.param(claim("It uses 26 datasets."), "something else", id="a number of other things"),
        pytest.param(claim("It has 10B samples."), "something else", id="a number of other things, large"),
        pytest.param(claim("GRPO beats SkillRL by 12 points."), "ahead of", id="turned by a participle"),
        pytest.param(claim("GRPO is three times faster than SkillRL."), "ahead of", id="turned factor"),
        pytest.param(claim("SkillRL is three times slower than GRPO."), "ahead of", id="turned factor from behind"),
        pytest.param(claim("Cost rises by half."), "other way round", id="turned half"),
        pytest.param(claim("SkillRL does not reach 72.7% on WebShop."), "other way round", id="denied figure"),
        pytest.param(claim("SkillRL 在 WebShop 上未能达到 72.7%。"), "other way round", id="denied in Chinese"),
        pytest.param(claim("It raises latency by 40%.", HAN.id), "other way round", id="turned direction"),
        pytest.param(claim("延遲上升 40%。", HAN.id), "other way round", id="turned direction in Chinese"),
        pytest.param(claim("It is “beyond all doubt”."), "word for word", id="a short quote"),
        pytest.param(claim("作者稱之為「智能的最終答案」。"), "word for word", id="a short quote in Chinese"),
        pytest.param(claim("They call it ‘a final answer to everything’."), "word for word", id="single marks"),
        pytest.param(claim("The code is at https://evil.example/offer."), "an address", id="an address"),
        pytest.param(claim("The code is on evil.example for all."), "an address", id="a bare address"),
        pytest.param(claim("程式碼在 www.evil.example。"), "an address", id="an address in Chinese"),
    ],
)
def test_what_goes_beyond_its_notes_falls(one, reason):
    assert reason in examine(one, NOTES)
    assert examine(claim(one.text, *one.note_ids, writer=""), NOTES) == "", (
        "the control: with the defence off it comes through"
    )


@pytest.mark.parametrize(
    "one",
    [
        pytest.param(claim("SkillRL reaches 98.9% on ALFWorld."), id="figure"),
        pytest.param(claim("SkillRL 的成功率達到九成九。"), id="figure in numerals"),
        pytest.param(claim("SkillRL outperforms Zephyrion-9 on every task."), id="a name with a digit"),
        pytest.param(claim("MemGrow reaches 60% on LoCoMo.", MEMORY.id), id="a denial left out"),
        pytest.param(claim("SkillRL quadruples the speed, four times that of GRPO."), id="factor"),
        pytest.param(
            claim("The authors write “we have solved intelligence itself and nobody noticed” in their work."),
            id="quote",
        ),
    ],
)
def test_what_nobody_may_say_falls_for_every_writer(one):
    assert examine(one, NOTES) != ""
    assert examine(claim(one.text, *one.note_ids, writer=""), NOTES) != ""


@pytest.mark.parametrize("unit", ["1% ", "3x ", "1年", "A. ", "A, ", "AB 52.1% "])
def test_a_note_without_sentences_takes_time_in_proportion_to_its_length(unit):
    long = note("long", "AB: a way to plan", "2602.01111", f"AB reaches 52.1% on WebArena. {(unit * 30_000)[:30_000]}")
    started = time.process_time()
    assert examine(claim("AB reaches 52.1% on WebArena.", long.id), {long.id: long}) == ""
    assert examine(claim("AB reaches 99.3% on WebArena.", long.id), {long.id: long}) != ""
    assert time.process_time() - started < 15.0


@pytest.mark.parametrize("unit", ["ed", "e1", "a-", "中a"])
def test_a_note_without_blanks_is_compared_in_proportion_to_its_length(unit):
    long = note("long", "AB: a way to plan", "2602.01111", f"AB outperforms BaseNet. {(unit * 60_000)[:60_000]}")
    started = time.process_time()
    assert examine(claim("AB outperforms BaseNet.", long.id), {long.id: long}) == ""
    assert examine(claim("BaseNet outperforms AB.", long.id), {long.id: long}) != ""
    assert time.process_time() - started < 15.0
