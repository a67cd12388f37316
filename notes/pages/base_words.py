"""The labels of the ``.base`` files, columns and views, in the three languages; formulas and filters are none of them."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["labelled"]

_LABEL: Final = re.compile(r"^( +(?:displayName|name): )(.+)$", re.MULTILINE)
# The English label, then simplified and traditional Chinese.
_LABELS: Final = {
    "Best": ("最佳", "最佳"),
    "By topic": ("按主题", "依主題"),
    "Cards": ("卡片", "卡片"),
    "Daily": ("每日", "每日"),
    "Date": ("日期", "日期"),
    "Exploration": ("探索", "探索"),
    "First seen": ("首次出现", "首次出現"),
    "In short": ("提要", "提要"),
    "Kept": ("收录日期", "收錄日期"),
    "Last seen": ("最近出现", "最近出現"),
    "Latest": ("最新", "最新"),
    "Note": ("笔记", "筆記"),
    "Notes": ("笔记", "筆記"),
    "Post": ("文章", "文章"),
    "Published": ("发表日期", "發表日期"),
    "Quality": ("质量", "品質"),
    "Read first": ("优先阅读", "優先閱讀"),
    "Rests on": ("依据", "依據"),
    "Source": ("来源", "來源"),
    "Tags": ("标签", "標籤"),
    "Terms": ("关键词", "關鍵詞"),
    "This week": ("本周", "本週"),
    "Topic": ("主题", "主題"),
    "Topics": ("主题", "主題"),
    "Trends": ("趋势", "趨勢"),
    "Why": ("理由", "理由"),
    "arXiv": ("arXiv", "arXiv"),
}
_COLUMN: Final = {"zh-Hans": 0, "zh-Hant": 1}


def labelled(base: str, lang: str) -> str:
    """The text of a base with English labels, with those of ``lang``; a label of somebody else's stays as it is."""
    if lang not in _COLUMN:
        return base
    return _LABEL.sub(lambda line: line[1] + _LABELS.get(line[2], (line[2],) * 2)[_COLUMN[lang]], base)
