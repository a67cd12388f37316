"""A small shelf of documents in three scripts, and ways to make more."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from index.models.embedder import Embedder, knows_language
from index.texts.documents import Document


def document(
    key: str, title: str = "", text: str = "", *, sections=None, lang: str = "en", kind: str = "note", **more
) -> Document:
    return Document(id=key, kind=kind, title=title, sections=sections or (("", text),), lang=lang, **more)


SKILLRL = document(
    "skillrl",
    "SkillRL: Recursive Skill-Augmented Reinforcement Learning",
    "Agents that learn by reinforcement forget what worked. SkillRL distils trajectories into a library of skills and lets "
    "the policy and the skills evolve together. On ALFWorld it succeeds in 89.9% of the tasks.",
    tags=("arxiv/cs/LG", "Agents"),
    source="arXiv",
    created=date(2026, 2, 18),
    path="notes/2026/skillrl.md",
    url="https://arxiv.org/abs/2602.01234",
)
GRPO = document(
    "grpo",
    "iGRPO: Self-feedback for policy optimization",
    "Reinforcement learning for language models with verifiable rewards. The policy drafts answers, keeps the best and "
    "learns to refine it, which raises accuracy on AIME 2024 to 85.62%.",
    tags=("arxiv/cs/CL",),
    source="arXiv",
    created=date(2026, 2, 19),
)
TUMOUR = document(
    "tumour",
    "Segmenting tumours in magnetic resonance scans",
    "A small convolutional network segments tumours in MRI scans of four hospitals.",
    kind="item",
    source="Health feed",
    created=date(2026, 2, 1),
)
ZH_HANS = document(
    "zh-hans",
    "强化学习让智能体学会复用技能",
    "研究者把智能体的轨迹提炼成技能库，让策略与技能共同进化。强化学习因此更稳定，在家务模拟环境里成功率接近九成。",
    lang="zh-Hans",
    source="机器之心",
    created=date(2026, 2, 20),
)
ZH_HANT = document(
    "zh-hant",
    "強化學習與技能庫：智能體的新路線",
    "把智能體走過的軌跡提煉成技能庫，策略與技能共同進化，強化學習的訓練因此更穩定。",
    lang="zh-Hant",
    source="iThome",
    created=date(2026, 2, 20),
)
ZH_BRIDGE = document(
    "zh-bridge",
    "斜拉桥主塔施工质量控制",
    "结合大桥主塔的施工特点，介绍混凝土浇筑、索塔线形测量与质量控制的主要工作内容。",
    lang="zh-Hans",
    kind="post",
    created=date(2026, 1, 5),
)
SHELF = (SKILLRL, GRPO, TUMOUR, ZH_HANS, ZH_HANT, ZH_BRIDGE)


class Asking:
    """An embedder as a search asks it."""

    way = "sentence-transformers"
    note = ""

    def __init__(self, embedder: Embedder, languages: tuple[str, ...] = ()) -> None:
        self._embedder, self._languages = embedder, languages

    @property
    def name(self) -> str:
        return self._embedder.name

    @property
    def dim(self) -> int:
        return self._embedder.dim

    def knows(self, lang: str) -> bool:
        return knows_language(self._languages, lang) if self._languages else self._embedder.knows(lang)

    def encode_query(self, text: str) -> Any:
        return self._embedder.encode_query(text)

    def encode_passage(self, text: str) -> Any:
        return self._embedder.encode_passages([text])[0]


def shared(path: str) -> Path:
    """A file of the shared data; the test is skipped where there is none."""
    root = os.environ.get("SLIPWAY_DATA")
    if not root:
        pytest.skip("SLIPWAY_DATA is not set")
    found = Path(root) / path
    if not found.exists():
        pytest.skip(f"{found} is not there")
    return found
