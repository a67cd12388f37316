"""A sentence in another's words with its numbers as its notes spell them, where the two are the same.

"The 10B model" is STEP3-VL-10B, "11.2 points" are 11.2 percentage points where the notes say so, and "two papers"
counts the very notes that the sentence names. Text in quotation marks is nobody's to respell.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notes.model import VaultNote
from publish.checking.worded_calendar import MONTHS
from publish.sources.evidence import source_text
from publish.sources.readable import readable

__all__ = ["as_noted"]

_QUOTED = re.compile('[“”"「」『』]')
_POINTS = re.compile(r"(?<![\w.])(\d+(?:\.\d+)?)(?= points?\b)")
_SIZE = re.compile(r"(?<![\w.$-])(\d+(?:\.\d+)?)[ -]?(?:B\b|billion\b)")
_TRILLION = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?(?:万亿|萬億|兆)(?![瓦赫字位元])")
_OF_BILLIONS = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?) of (?:its |the )?(\d+(?:\.\d+)?) (billion|million)\b")
_HAN_SIZE = re.compile(r"(?<![\d.])(\d+(?:\.\d+)?)\s?[亿億]")
_MONTH = re.compile(r"(?<!\d)(1[0-2]|[1-9])\s?月")
_IDIOMS = re.compile(r"\b[Tt]wo (?:ways|sides)\b")
_CENTS = re.compile(r"(?<![\d.$])(\d{1,2}) (?:US )?cents\b")
_STAGES = r"stages?|phases?|steps?|[个個]?(?:阶段|階段)|步"
_STAGE_NUMERALS = (("two", "2", "两", "兩", "二"), ("three", "3", "三"), ("four", "4", "四"), ("five", "5", "五"))
_IN_STAGES = re.compile(
    rf"(?<![A-Za-z0-9.十百千万+-])(two|three|four|five|[2-5两兩二三四五])[ -]?({_STAGES})", re.IGNORECASE
)
_COUNTS = {
    2: r"\b[Tt]wo|[两兩二]",
    3: r"\b[Tt]hree|三",
    4: r"\b[Ff]our|四",
    5: r"\b[Ff]ive|五",
    6: r"\b[Ss]ix|六",
}
_WORKS = (
    r"(?P<rest>\s(?:(?:new|recent|of today['’]s|of the|of these|of this week['’]s)\s)?(?:works|papers|studies"
    r"|reports|projects|articles|notes|teams)\b|\s?[项項篇份个個](?:新|最新)?(?:的)?(?:工作|研究|论文|論文|报告|報告|文章|项目|專案|成果))"
)


def as_noted(text: str, named: Sequence[VaultNote]) -> str:
    """The sentence with such numbers respelled, or left out where no number of the notes is meant."""
    if _QUOTED.search(text):
        return text
    held = " ".join(one for note in named for one in (readable(note.title), source_text(note)))

    def points(found: re.Match[str]) -> str:
        is_share = re.search(rf"(?<![\d.]){re.escape(found[1])}\s?(?:percentage points?|[个個]百分[点點])", held)
        return f"{found[1]} percentage" if is_share else found[1]

    def size(found: re.Match[str]) -> str:
        return " " if re.search(rf"[A-Za-z][\w.]*-{re.escape(found[1])}B\b", held) else found[0]

    def stages(found: re.Match[str]) -> str:
        same = next((one for one in _STAGE_NUMERALS if found[1].lower() in one), ())
        return found[2] if re.search(rf"(?:{'|'.join(same)})[ -]?(?:{_STAGES})", held, re.IGNORECASE) else found[0]

    def han_size(found: re.Match[str]) -> str:
        return " " if re.search(rf"[A-Za-z][\w.]*-{float(found[1]) / 10:g}B\b", held) else found[0]

    text = _IN_STAGES.sub(stages, _OF_BILLIONS.sub(r"\1 \3 of \2 \3", _IDIOMS.sub(" ", text)))
    if "trillion" in held:
        text = _TRILLION.sub(r"\1 trillion ", text)
    text = _MONTH.sub(
        lambda found: "月" if MONTHS[int(found[1]) - 1] in held else found[0], _HAN_SIZE.sub(han_size, text)
    )
    if "$" in held:
        text = _CENTS.sub(lambda found: f"${int(found[1]) / 100:g}", text)
    spelled = _SIZE.sub(size, _POINTS.sub(points, text))
    numeral = _COUNTS.get(len(named))
    return re.sub(rf"(?<![A-Za-z0-9十百千万第-])(?:{numeral}){_WORKS}", r"\g<rest>", spelled) if numeral else spelled
