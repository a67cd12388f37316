"""Figures that are no findings: what a method was set to, and what the background says of the world."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notes.quantities.measures import Measure

__all__ = ["first_of_the_work", "is_setting"]

_SET_TO = (
    r"(?:sparsity|dropout|noise|mask(?:ing|ed)?|confidence|significance|threshold|pruning|missing(?:ness)?"
    r"|poison(?:ing|ed)?|corruption"
    r"|overlap|occlusion|compression|quantile|watermark|contamination|label(?:ed|led|ing)?|sampling|budget"
    r"|train(?:ing)?|validation|test"
    r"|hold-?out|held-out|split|mixing|retention|keep)"
)
_BEFORE = re.compile(
    rf"\b(?:top|thresholds?(?: of| at| is)?(?: at least)?|quantiles?(?: of)?|{_SET_TO} (?:rates?|ratios?|levels?"
    rf"|percentages?|probabilit\w+)"
    r"(?: of| at| is| =)?|(?:fixed|set) (?:to|at)|varying ratios|\bp ?=)[ (=$~-]*$",
    re.IGNORECASE,
)
_AFTER = re.compile(
    r"\s?\$?\s?(?:hold-?out|held-out|validation|train(?:ing)?/|(?:test(?:ing)?|train(?:ing)?|validation) (?:set"
    r"|split|data)\b|split\b"
    r"|dropout|thresholds?\b|mask(?:ing)? (?:ratio|rate)|noise (?:level|ratio)|(?:pruning|poisoning|sampling"
    r"|label|labeling) (?:ratio|rate)s?"
    r"|of (?:the )?(?:\w+ )?(?:image|input|area|row|column)\b|of (?:the )?(?:world|global|all human|population"
    r"|people worldwide|adults|cancer deaths|deaths)\b|prevalence)",
    re.IGNORECASE,
)
# A factor of size that names a task or an instrument, no result: 4x super-resolution, a 20x objective.
_TASK = re.compile(
    r"\s?\$?\s?(?:super-?resolution|SR\b|up-?(?:sampling|scaling)|down-?(?:sampling|scaling)|zoom|magnification"
    r"|objective|lens|scale factor"
    r"|upscal\w+|interpolation|slow-motion|super)"
)
# "At thresholds of 25% and 50%": the second is what the first is.
_ANOTHER = re.compile(r"\d+(?:\.\d+)?\s?\\?%?(?:, | and | or |/|, and )$")
# "At 50% sparsity" is where something was measured, "reaches 50% sparsity" what came out.
_AT = re.compile(r"\b(?:at|under|with|when)(?: [a-z]+)? [$~]*$")
_SPARSE = re.compile(r"\s?\$?(?: [\w-]+)? (?:sparsity|noise|dropout|pruning|overlap|occlusion|missing|compression)\b")
_LIMIT = re.compile(r"\b(?:thresholds?(?: of| at| is)?|minus) [($~]*$", re.IGNORECASE)
_NOISE = re.compile(r"\bSNRs?(?: of| at| =|=)? ?[(~$]*$")
_INTRODUCES = re.compile(
    r"\b(?:we|our|this (?:paper|work|study|report|article|thesis|survey|research)|here,|is (?:introduced"
    r"|proposed|presented))\b"
    r"|本文|我们|我們|本研究|提出|推出",
    re.IGNORECASE,
)


def is_setting(sentence: str, measure: Measure, start: int) -> bool:
    """Whether the figure (its bound begins at ``start``) is what something was set to, or a fact of the world."""
    if measure.unit == "x":
        return _TASK.match(sentence, measure.end) is not None
    if _LIMIT.search(sentence, max(0, start - 40), start):
        return True
    if measure.unit == "dB":
        return _NOISE.search(sentence, max(0, start - 20), start) is not None
    if measure.unit != "%":
        return False
    head = sentence[max(0, start - 60) : start]
    if another := _ANOTHER.search(head):
        head = head[: another.start()]
    if _SPARSE.match(sentence, measure.end) and _AT.search(head):
        return True
    return bool(_BEFORE.search(head) or _AFTER.match(sentence, measure.end))


def first_of_the_work(sentences: Sequence[str], *, names: Sequence[str]) -> int:
    """The place of the first sentence that speaks of the work itself; 0 where none does, and so nothing is background."""
    for place, sentence in enumerate(sentences):
        if _INTRODUCES.search(sentence) or any(name in sentence for name in names):
            return place
    return 0
