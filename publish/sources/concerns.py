"""What in a work may concern readers of one place: sentences that name the place, and those about a few plain concerns.

A concern is found by words of the sources alone; the post says only that a source speaks of it, in the source's sentence.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from notes.text.fold import fold
from publish.sources.extract import Quote
from publish.wording.forms import Concern

__all__ = ["places_in", "speaking_of"]


# Over folded text: lower case, simplified Chinese.
_CUES = {
    Concern.COMPUTE: re.compile(
        r"\b(?:raspberry pi|laptops?|phones?|edge (?:devices?|servers?)|single gpu|one gpu|limited (?:compute|memory)"
        r"|small(?:er)? budgets?|memory footprint)\b"
        r"|手机|手提电脑|笔记本电脑|边缘|单卡|显存|算力|计算资源"
    ),
    Concern.DEPLOYMENT: re.compile(
        r"\b(?:medicine|medical|clinical|legal|law|finance|financial|high-stakes|hospitals?|court)\b|医疗|法律|金融|高风险"
    ),
    Concern.WRITING: re.compile(
        r"\b(?:writing tools?|peer review|preprints?|scientific writing|reviewers?)\b"
        r"|写作工具|论文产出|同行评审|学术写作|文风|学界"
    ),
    Concern.EDUCATION: re.compile(r"\b(?:education|teaching|classrooms?)\b|教育|教学|课堂"),
}
_PROPER = re.compile(r"\b[A-Z][\w'’-]+(?: [A-Z][\w'’-]+)*")


def places_in(audience: str) -> tuple[str, ...]:
    """The proper names in the name of an audience, folded: 香港 of 香港的研究者, Hong Kong of "researchers in Hong Kong"."""
    if (mark := audience.find("的")) > 0:
        return (fold(audience[:mark]),)
    return tuple(fold(name) for name in _PROPER.findall(audience))


def speaking_of(concern: Concern, quotes: Sequence[Quote], places: Sequence[str]) -> Quote | None:
    """The first of the sentences that speaks of the concern; ``places`` are those of the audience, folded."""
    for quote in quotes:
        text = fold(quote.text)
        cue = _CUES.get(concern)
        if cue.search(text) if cue else any(place in text for place in places):
            return quote
    return None
