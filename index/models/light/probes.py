"""Texts over which a light encoder must agree with torch before it is believed."""

from __future__ import annotations

__all__ = ["PROBES"]

_ENGLISH = "Agents acquire reusable skills by trial, error and reward; we measure how well they carry over. "
_CHINESE = "我们用可验证奖励的强化学习训练语言模型，并在竞赛数学题上报告准确率。"

PROBES: tuple[str, ...] = (
    "",
    " ",
    "a",
    "reinforcement learning",
    "Reinforcement Learning with Verifiable Rewards (RLVR): a survey, 2nd ed.",
    "what's the state-of-the-art in vision-language-action models?",
    "don't you think it's naïve? She'll say \"no\" – or won't she…",
    "强化学习",
    "推",
    "大语言模型的推理能力如何随着测试时计算而增长？",
    "臺灣的機器學習研究與軟體工程",
    "LLM推理 和 Transformer模型，GPT-4o对比DeepSeek-R1",
    "日本語の文章とカタカナ、한국어 문장도",
    "Ｆｕｌｌ　ｗｉｄｔｈ　ＡＢＣ１２３！？（全角）",
    "naïve café Ångström Straße ÉCOLE İstanbul ŞIK ΣΊΣΥΦΟΣ",
    "e\u0301tude cafe\u0301 n\u0303 a\u0308\u0323",
    "Привет, мир: обучение с подкреплением",
    "שלום עולם مرحبا بالعالم สวัสดี नमस्ते",
    "🚀 rockets 👩‍🔬 scientist 👍🏽 ok 🇨🇳 ❤️",
    "3.14159 1,000,000 2602.01234v2 10^-5 ½ ² ①",
    "x_1 + y^2 = \\frac{a}{b} $\\alpha$ <b>bold</b> [[wikilink|alias]] #tag @user",
    "https://arxiv.org/abs/2602.01234?x=1&y=2 mail@example.org C:\\temp\\x",
    "antidisestablishmentarianism pneumonoultramicroscopicsilicovolcanoconiosis",
    "x" * 150 + " supercalifragilistic" * 3,
    "tab\tnew\nline\r\nreturn\x00null\x07bell\u200bzero\u200dwidth\ufeffbom\u00adsoft\u00a0nbsp\u3000wide",
    "\ufffd replacement \ue000 private \U00020000 extension",
    "[CLS] [SEP] [MASK] <s> </s> <pad> <unk> <mask> <|endoftext|> as text",
    "  leading and   inner    spaces  ",
    "ALL CAPS SHOUTING and MiXeD CaSe iPhone",
    "ﬁne ligatures ﬀ ™ © ℃ № ㎏ ㍿",
    _ENGLISH * 3,
    _CHINESE * 3,
    _ENGLISH * 60,
    _CHINESE * 40,
)
"""Empty, short, long (past what most models read), of many scripts, and odd."""
