"""A small vault in memory: fifteen notes in three languages, posts, a synthesis, a topic, and what must stay private."""

from __future__ import annotations

from datetime import date

from notes.markup.document import read_note, render_note
from notes.model import Block, BlockKind, Figure, KeySentence, Note, Related, Role, SourceType, VaultNote
from publish.site.building import SiteSettings

SETTINGS = SiteSettings(
    title="夜航筆記",
    url="https://notes.example.org/",
    author="E. Chan",
    description="每天清晨整理昨夜的論文與文章：強化學習、多模態代理人、長上下文。",
    language="zh-Hant",
)
SOURCE_TEXT = "This paragraph stands for the text of somebody else and must stay in the vault."
PRIVATE = "A private remark about a colleague."


def _note(
    number: int,
    slug: str,
    title: str,
    said: tuple[tuple[Role, str], ...],
    *,
    day: date = date(2026, 2, 20),
    source: str = "arXiv",
    source_type: SourceType = SourceType.ARXIV,
    lang: str = "en",
    figures: tuple[Figure, ...] = (),
    related: tuple[Related, ...] = (),
    topic: str = "reinforcement-learning-agents",
    tags: tuple[str, ...] = ("arxiv/cs/LG", "agents"),
    url: str = "",
    authors: tuple[str, ...] = ("Ada Lindqvist", "Wei Zhang", "Noor Haddad"),
) -> Note:
    return Note(
        id=f"{day:%Y%m%d}-{number:03}-{slug}",
        title=title,
        created=day,
        published=date(2026, 2, 18),
        source=source,
        source_type=source_type,
        lang=lang,
        tags=tags,
        url=url or f"https://arxiv.org/abs/2602.{1000 + number:05}",
        arxiv_id=f"2602.{1000 + number:05}" if source_type is SourceType.ARXIV else "",
        arxiv_version=2 if source_type is SourceType.ARXIV else 0,
        authors=authors,
        quality_score=0.8,
        topic=topic,
        summary=tuple(KeySentence(text, role) for role, text in said),
        blocks=(Block(BlockKind.HEADING, "Inner heading", 2), Block(BlockKind.PARAGRAPH, SOURCE_TEXT)),
        figures=figures,
        related=related,
        references=("https://github.com/example/code",),
    )


SKILLRL = "20260220-001-skillrl-recursive-skill-augmented-rl"
RLFR = "20260220-002-features-as-rewards"
STEP3 = "20260220-003-step3-vl-10b"
HANS = "20260219-001-bian-yuan-she-bei"
HANT = "20260219-002-di-gui-yu-yan-mo-xing"

NOTES: tuple[Note, ...] = (
    _note(
        1,
        "skillrl-recursive-skill-augmented-rl",
        "SkillRL: Evolving Agents via Recursive Skill-Augmented Reinforcement Learning",
        (
            (Role.PROBLEM, "Agents that learn from raw actions need many episodes before a long task succeeds once."),
            (Role.APPROACH, "SkillRL distils skills from past trajectories and lets them call one another, at a cost of $O(n \\log n)$ look-ups."),
            (Role.RESULT, "It reaches 89.9% success on ALFWorld and 72.7% on WebShop."),
            (Role.LIMITATION, "Skills are found only where the environment says clearly that a task is done."),
        ),
        figures=(
            Figure("89.9%", 89.9, "%", "It reaches 89.9% success on ALFWorld and 72.7% on WebShop.", "ALFWorld", "SkillRL"),
            Figure("72.7%", 72.7, "%", "It reaches 89.9% success on ALFWorld and 72.7% on WebShop.", "WebShop", "SkillRL"),
        ),
        related=(
            Related(RLFR, "Features as Rewards", "shared terms: reward model, policy"),
            Related(HANT, "遞歸語言模型：讓模型管理自己的上下文", "both compose smaller calls: 遞歸, skill"),
        ),
    ),
    _note(
        2,
        "features-as-rewards",
        "Features as Rewards: Scalable Supervision for Open-Ended Tasks",
        (
            (Role.PROBLEM, "Language models state falsehoods with confidence, and judging each claim with a second model is dear."),
            (Role.RESULT, "Hallucinations fall by 58%, at about one ninetieth of the cost of a judge."),
        ),
        figures=(Figure("58%", 58, "%", "Hallucinations fall by 58%, at about one ninetieth of the cost of a judge.", "", "RLFR"),),
        related=(Related(SKILLRL, "SkillRL: Evolving Agents via Recursive Skill-Augmented Reinforcement Learning", "policy optimisation"),),
        tags=("arxiv/cs/CL", "reward-models", "幻覺"),
    ),
    _note(
        3,
        "step3-vl-10b",
        "STEP3-VL-10B Technical Report",
        (
            (Role.APPROACH, "All weights are trained on one mixture of images and text, followed by more than a thousand rounds of reinforcement learning."),
            (Role.RESULT, "The model scores 92.61% on ScreenSpot-V2 with 10B parameters."),
        ),
        figures=(Figure("92.61%", 92.61, "%", "The model scores 92.61% on ScreenSpot-V2 with 10B parameters.", "ScreenSpot-V2", "STEP3-VL-10B"),),
        topic="multimodal-models",
        tags=("arxiv/cs/CV", "multimodal"),
        authors=tuple(f"Author {letter}" for letter in "ABCDEFGHIJ"),
    ),
    _note(4, "tau2-bench", r"$\tau^2$-Bench: Evaluating Agents in a Dual-Control Environment", ((Role.CONTEXT, "Both the user and the agent can act on the same world."),)),
    _note(5, "igrpo", "iGRPO: Self-Feedback-Driven Reasoning", ((Role.RESULT, "It sets 85.62% on AIME 2024."),), tags=("arxiv/cs/LG", "reasoning")),
    _note(6, "mhc", "mHC: Manifold-Constrained Hyper-Connections", ((Role.PROBLEM, "Wide residual streams make large runs unstable."),), topic=""),
    _note(7, "thinking-states", "Latent Reasoning with Supervised Thinking States", ((Role.RESULT, "Latency falls by 40 to 60%."),)),
    _note(8, "socioreasoner", "SocioReasoner: Urban Socio-Semantic Segmentation", ((Role.CONTEXT, "Maps hold schools and parks that no satellite can tell apart."),), topic="multimodal-models", tags=("arxiv/cs/CV", "multimodal")),
    _note(9, "ai-care", "AI-CARE: Carbon-Aware Reporting for Evaluation", ((Role.APPROACH, "Energy is reported beside accuracy."),), topic="", tags=("green-ai",)),
    _note(
        1,
        "bian-yuan-she-bei",
        "在手机上运行导航模型：EdgeNav-QE 的量化与提前退出",
        (
            (Role.PROBLEM, "导航模型太大，手机的内存放不下。"),
            (Role.APPROACH, "作者把权重压到 4 比特，并让简单的画面提前离开网络。"),
            (Role.RESULT, "在保持成功率的同时，延迟下降 82.7%。"),
        ),
        day=date(2026, 2, 19),
        source="机器之心",
        source_type=SourceType.RSS,
        lang="zh-Hans",
        url="https://example.org/zh/edgenav",
        figures=(Figure("82.7%", 82.7, "%", "在保持成功率的同时，延迟下降 82.7%。", "", "EdgeNav-QE"),),
        related=(Related(STEP3, "STEP3-VL-10B Technical Report", "同样在小模型上"),),
        topic="multimodal-models",
        tags=("边缘计算", "multimodal"),
        authors=("李明",),
    ),
    _note(
        2,
        "di-gui-yu-yan-mo-xing",
        "遞歸語言模型：讓模型管理自己的上下文",
        (
            (Role.PROBLEM, "上下文再長，也裝不下跨越數天的工作。"),
            (Role.APPROACH, "模型把長文當作環境，自己決定何時讀取、何時呼叫自己去處理一部分。"),
            (Role.LIMITATION, "呼叫的層數一多，花費便難以預料。"),
        ),
        day=date(2026, 2, 19),
        source="Prime Intellect",
        source_type=SourceType.RSS,
        lang="zh-Hant",
        url="https://example.org/blog/rlm",
        related=(Related(SKILLRL, "SkillRL: Evolving Agents via Recursive Skill-Augmented Reinforcement Learning", "遞歸"),),
        tags=("長上下文", "agents"),
        authors=(),
    ),
    *(
        _note(
            number,
            f"january-note-{number}",
            f"A January Study of Reward Model {number}",
            ((Role.CONTEXT, f"Study {number} looks at how rewards drift over long runs."),),
            day=date(2026, 1, 20 + number),
            tags=("arxiv/cs/LG", "reward-models"),
        )
        for number in (1, 2, 3, 4)
    ),
)  # fmt: skip

POST_HANT = f"""---
id: post-2026-02-20
title: 技能、獎勵與十億參數：強化學習正在改變代理人
created: 2026-02-20
tags: [daily, agents, 強化學習]
source: 夜航筆記
source_type: post
content_length: 900
related_notes: ['[[{SKILLRL}]]', '[[{RLFR}]]', '[[{STEP3}]]']
lang: zh-Hant
description: 2026年2月20日，九則筆記來自 arXiv；其中五則談強化學習中的代理人，最高的成績是 ALFWorld 上的 89.9%。
---

# 技能、獎勵與十億參數：強化學習正在改變代理人

2026年2月20日，九則筆記來自 arXiv；其中五則談強化學習中的代理人，最高的成績是 ALFWorld 上的 **89.9%**。[[{SKILLRL}|¹]]

今天的筆記圍繞兩條線：一條讓代理人學會可重用的技能，另一條讓獎勵本身變得便宜。[[{SKILLRL}|¹]]\u2009[[{RLFR}|²]]兩者都不靠更大的模型。[[{SKILLRL}|¹]]⁻[[{STEP3}|³]]

**今天的數字**：

- SkillRL 在 ALFWorld 上達到 **89.9%**。[[{SKILLRL}|¹]]
- RLFR 使幻覺減少 **58%**，花費約為評判模型的**九十分之一**。[[{RLFR}|²]]
- STEP3-VL-10B 以 **10B** 參數在 ScreenSpot-V2 上得到 **92.61%**。[[{STEP3}|³]]

## SkillRL：從走過的路裏學會技能

代理人若只從原始動作學起，長任務要試很多次才成功一次。[[{SKILLRL}|¹]]作者寫道：「SkillRL distils skills from past trajectories and lets them call one another, at a cost of $O(n \\log n)$ look-ups.」[[{SKILLRL}|¹]]

> Skills are found only where the environment says clearly that a task is done.

**在我的筆記裏**：這項工作與 [[{HANT}|遞歸語言模型：讓模型管理自己的上下文]] 相近，兩者都把大任務交給較小的呼叫；也可參看 [[private-thoughts|一則私人筆記]]。

## 獎勵可以便宜九十倍

語言模型會自信地說錯話，而請另一個模型逐句評判又太貴。[[{RLFR}|²]]這篇論文把模型內部的特徵當作獎勵，幻覺減少 **58%**。[[{RLFR}|²]]

```
reward = probe(features) - beta * kl(policy, reference)
```

### 讀法

1. 先看表二，特徵由何而來；
2. 再看附錄，探針在哪些題目上失準。

## 小模型的大分數

STEP3-VL-10B 全部權重一起訓練，其後再做一千多輪強化學習。[[{STEP3}|³]]

## 來源

1. [[{SKILLRL}|SkillRL: Evolving Agents via Recursive Skill-Augmented Reinforcement Learning]]，arXiv，<https://arxiv.org/abs/2602.01001>
2. [[{RLFR}|Features as Rewards: Scalable Supervision for Open-Ended Tasks]]，arXiv
3. [[{STEP3}|STEP3-VL-10B Technical Report]]，arXiv
"""

POST_HANS = f"""---
id: post-2026-02-19
title: 手机上的导航模型，与学会调用自己的语言模型
created: 2026-02-19
tags: [daily, 边缘计算]
source: 夜航筆記
source_type: post
related_notes: ['[[{HANS}]]', '[[{HANT}]]']
lang: zh-Hans
description: 2026年2月19日，两则笔记来自两个来源：一则把导航模型放进手机，一则让语言模型管理自己的上下文。
---

# 手机上的导航模型，与学会调用自己的语言模型

2026年2月19日，两则笔记来自两个来源：一则把导航模型放进手机，一则让语言模型管理自己的上下文。[[{HANS}|¹]]\u2009[[{HANT}|²]]

## 把导航模型放进手机

作者把权重压到 4 比特，并让简单的画面提前离开网络，延迟下降 **82.7%**。[[{HANS}|¹]]

## 会调用自己的语言模型

原文说：「模型把長文當作環境，自己決定何時讀取、何時呼叫自己去處理一部分。」[[{HANT}|²]]

## 来源

1. [[{HANS}|在手机上运行导航模型：EdgeNav-QE 的量化与提前退出]]，机器之心
2. [[{HANT}|遞歸語言模型：讓模型管理自己的上下文]]，Prime Intellect
"""

SYNTHESIS = f"""---
id: 20260220-010-reinforcement-learning-agents-and-compact-models
title: 'Week 8 of 2026: Reinforcement learning for agents, and what ten billion parameters can do'
created: 2026-02-20
tags: [trends, agents, multimodal]
source: Slipway
source_type: synthesis
quality_score: 0.8
related_notes: [{SKILLRL}, {RLFR}, {STEP3}]
lang: en
description: Fifteen notes of five weeks, by topic, with the figures that they give and the limits that they admit.
---

# Week 8 of 2026: Reinforcement learning for agents, and what ten billion parameters can do

> **Range**: 20 January to 20 February 2026
> **Sources**: arXiv, 机器之心, Prime Intellect

## Core insights

1. **Rewards get cheaper**: hallucinations fall by **58%** at about one ninetieth of the cost of a judge.[[{RLFR}|¹]]
2. **Skills are reused**: an agent that calls its own skills reaches **89.9%** on ALFWorld.[[{SKILLRL}|²]]
3. Compact models close the gap, as 遞歸語言模型 does for long contexts.[[{HANT}|³]]

## Systems and figures

| System | Benchmark | Figure | Parameters | Trained on | Compared with | Source |
| --- | --- | ---: | :---: | --- | --- | --- |
| [[{SKILLRL}\\|SkillRL]] | ALFWorld | **89.9%** | 7B | household tasks in a text world | strongest earlier agent | arXiv |
| [[{RLFR}\\|RLFR]] | LongFact++ | **58%** fewer | 12B | probes on internal features | a judge model | arXiv |
| [[{STEP3}\\|STEP3-VL-10B]] | ScreenSpot-V2 | **92.61%** | 10B | images and text, all weights | models ten times as large | arXiv |
| [[{HANS}\\|EdgeNav-QE]] | navigation episodes | **82.7%** less latency | 7B | 4-bit weights, early exits | the unquantised model | 机器之心 |

## Trends

### Reinforcement learning · Agents

Eleven notes, up from four.[[{SKILLRL}|²]] The update keeps $\\pi_\\theta$ near a reference, $D_{{KL}}(\\pi_\\theta \\| \\pi_0) \\leq 0.01$.

$$\\mathcal{{L}} = \\sum_{{t=1}}^{{T}} r_t - \\beta \\frac{{a+b}}{{2}}$$

### Multimodal models

Three notes.[[{STEP3}|⁴]]

## Bottlenecks

- Skills are found only where the environment says clearly that a task is done.[[{SKILLRL}|²]]

## This week

- [ ] Read the appendix of [[{RLFR}|Features as Rewards: Scalable Supervision for Open-Ended Tasks]].
- [x] Run the code of [[{SKILLRL}|SkillRL]].

---

*Created: 2026-02-20 | Quality: 0.80 | Task: learning-20260220-010*
"""

TOPIC = f"""---
id: topic-reinforcement-learning-agents
title: Reinforcement learning · Agents
created: 2026-01-21
tags: [topic]
terms: [reinforcement learning, agents, reward models]
related_notes: ['[[{SKILLRL}]]', '[[{RLFR}]]']
---

# Reinforcement learning · Agents

**Terms**: reinforcement learning, agents, reward models
"""

OWN = """---
title: How I read a reward-model paper
created: 2026-02-17
publish: true
tags: [method, agents]
lang: en
---

I begin with the failures.%%and with gossip%% See [[20260220-002-features-as-rewards]], [[Private thoughts]] and [the first one](../notes/2026/20260220-001-skillrl-recursive-skill-augmented-rl.md).

> [!tip] Start from the appendix
> It is where the honest numbers are.

The list that I go through: #method

- [ ] data ^block-one
- [x] baselines
"""

FILES: dict[str, str] = {
    **{f"notes/{note.created.year}/{note.id}.md": render_note(note) for note in NOTES},
    "posts/2026-02-20.md": POST_HANT,
    "posts/2026-02-19.md": POST_HANS,
    "trends/2026-W08.md": SYNTHESIS,
    "topics/reinforcement-learning-agents.md": TOPIC,
    "method/How I read.md": OWN,
    "Private thoughts.md": f"---\ntitle: Private thoughts\ntags: [private]\n---\n\n{PRIVATE}\n",
    "posts/draft.md": f"---\nsource_type: post\npublish: false\ncreated: 2026-02-18\n---\n\n# Draft\n\n{PRIVATE}\n",
    "Inbox.md": f"# Inbox\n\n- [ ] {PRIVATE}\n",
}


def vault(files: dict[str, str] | None = None) -> tuple[VaultNote, ...]:
    """The files as the vault would read them."""
    chosen = FILES if files is None else files
    return tuple(read_note(path, text.encode(), mtime_ns=0) for path, text in sorted(chosen.items()))
