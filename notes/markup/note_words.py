"""The fixed words of a note file, in English, simplified and traditional Chinese: headings, labels, what is said of a source.

A house writes its notes in its own language and reads those of every other: a vault may have changed its language, or hold
notes that their user edited and that are therefore never written anew.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from notes.model import Role

__all__ = ["ALSO_IN", "COLOPHON", "LABEL", "NoteWords", "Part", "part_of", "role_of", "words_for"]


class Part(StrEnum):
    """A section of a note of Slipway, whatever its heading says."""

    ABSTRACT = "abstract"
    TEXT = "text"
    FIGURES = "figures"
    RELATED = "related"
    VERSIONS = "versions"
    SOURCES = "sources"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteWords:
    """The words of one language; a field whose template has places names them in braces."""

    lang: str
    headings: dict[Part, str]
    roles: dict[Role, str]
    colon: str
    comma: str
    listing: str
    aside: str
    withdrawn: str
    withdrawn_in: str
    withdrawn_end: str
    version: str
    published: str
    doi: str
    code: str
    comment: str
    also_in: str
    titled: str
    created: str
    quality: str
    task: str

    def footer(self, created: str, quality: float | None, task: str) -> str:
        """The last line: the day (ISO 8601), the score, the name of the task, as far as there are any."""
        scored = "" if quality is None else f"{self.quality}{quality:.2f}"
        parts = (self.created + created, scored, f"{self.task}{task}" if task else "")
        return f"*{' | '.join(filter(None, parts))}*"


_ENGLISH: Final = NoteWords(
    lang="en",
    headings={
        Part.ABSTRACT: "Abstract",
        Part.TEXT: "Text",
        Part.FIGURES: "Key figures",
        Part.RELATED: "Related",
        Part.VERSIONS: "Versions",
        Part.SOURCES: "Sources",
    },
    roles={role: role.value.capitalize() for role in Role},
    colon=": ",
    comma=", ",
    listing=", ",
    aside=" ({told})",
    withdrawn="Withdrawn",
    withdrawn_in="Withdrawn in v{version}",
    withdrawn_end=" by its authors.",
    version="version v{version}",
    published="published {day}",
    doi="DOI: ",
    code="Code: ",
    comment="Comment: ",
    also_in="Also in {place}{titled} ({day})",
    titled=" as “{title}”",
    created="Created: ",
    quality="Quality: ",
    task="Task: ",
)

_SIMPLIFIED: Final = NoteWords(
    lang="zh-Hans",
    headings={
        Part.ABSTRACT: "摘要",
        Part.TEXT: "正文",
        Part.FIGURES: "关键数字",
        Part.RELATED: "相关笔记",
        Part.VERSIONS: "版本记录",
        Part.SOURCES: "来源",
    },
    roles={
        Role.PROBLEM: "问题",
        Role.APPROACH: "方法",
        Role.RESULT: "结果",
        Role.LIMITATION: "局限",
        Role.CONTEXT: "背景",
    },
    colon="：",
    comma="，",
    listing="、",
    aside="（{told}）",
    withdrawn="已撤回",
    withdrawn_in="已撤回（v{version}）",
    withdrawn_end="：由作者撤回。",
    version="第 {version} 版",
    published="{day} 发表",
    doi="DOI：",
    code="代码：",
    comment="作者备注：",
    also_in="另见于 {place}{titled}（{day}）",
    titled="，题为“{title}”",
    created="创建：",
    quality="质量：",
    task="任务：",
)

_TRADITIONAL: Final = NoteWords(
    lang="zh-Hant",
    headings={
        Part.ABSTRACT: "摘要",
        Part.TEXT: "正文",
        Part.FIGURES: "關鍵數字",
        Part.RELATED: "相關筆記",
        Part.VERSIONS: "版本記錄",
        Part.SOURCES: "來源",
    },
    roles={
        Role.PROBLEM: "問題",
        Role.APPROACH: "方法",
        Role.RESULT: "結果",
        Role.LIMITATION: "局限",
        Role.CONTEXT: "背景",
    },
    colon="：",
    comma="，",
    listing="、",
    aside="（{told}）",
    withdrawn="已撤回",
    withdrawn_in="已撤回（v{version}）",
    withdrawn_end="：由作者撤回。",
    version="第 {version} 版",
    published="{day} 發表",
    doi="DOI：",
    code="程式碼：",
    comment="作者備註：",
    also_in="另見於 {place}{titled}（{day}）",
    titled="，題為「{title}」",
    created="建立：",
    quality="品質：",
    task="任務：",
)

_EVERY: Final = (_ENGLISH, _SIMPLIFIED, _TRADITIONAL)
_BY_LANG: Final = {words.lang: words for words in _EVERY}
_PARTS: Final = {heading: part for words in _EVERY for part, heading in words.headings.items()}
_ROLES: Final = {label: role for words in _EVERY for role, label in words.roles.items()}

LABEL: Final = re.compile(rf"^(?:{'|'.join(map(re.escape, _ROLES))})(?:: |：)\s*")
"""The name of a role at the head of a key sentence (plain text), in any language."""

COLOPHON: Final = re.compile(
    rf"\n(?:---\n+)?\*(?:{'|'.join(re.escape(words.created) for words in _EVERY)})[^\n]*\*\s*$"
)
"""The last line of a note or a synthesis, in any language, with the rule above it."""

ALSO_IN: Final = re.compile(
    r"^- (?:Also in (?P<en>.+?)(?:: (?=[“\"<]).*)?(?: \(\d{4}-\d\d-\d\d\))?"
    r"|另(?:见于|見於) (?P<zh>.+?)(?:[： ]<.*|，(?:题为“|題為「).*)?（\d{4}-\d\d-\d\d）)\s*$",
    re.MULTILINE,
)
"""A line of the sources that names another feed that carried the item: its name is the one group that matched."""


def words_for(lang: str) -> NoteWords:
    """The words of ``en``, ``zh-Hans`` or ``zh-Hant``; English for any other language."""
    return _BY_LANG.get(lang, _ENGLISH)


def part_of(heading: str) -> Part | None:
    """Which section of a note a heading opens, in any language; None for a heading that is not Slipway's."""
    return _PARTS.get(heading)


def role_of(label: str) -> Role | None:
    """The role that a label names, in any language; None for other words."""
    return _ROLES.get(label)
