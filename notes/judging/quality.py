"""How good a slip is: named parts with their reasons, joined to a raw score, which the user's answers turn into a chance.

Pure functions over values. What they are given was measured elsewhere (``index.kin.neighbours``, ``index.taste.taste``).
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notes.judging.keeping import Curve

__all__ = ["UNSCORED", "WEIGHTS", "Evidence", "Fellow", "Near", "Quality", "quality", "raw_score"]

# What each part can add; they sum to one. Relevance leads: a rich article about nothing of ours is still nothing of ours.
WEIGHTS = {"relevance": 0.45, "connection": 0.20, "novelty": 0.10, "substance": 0.25}

FULL_LENGTH = 900  # weighted characters of a complete abstract; a Chinese character says as much as 2.5 Latin letters
FULL_FIGURES = 3
SECOND_SOURCE = 0.04  # what a source that carries the same item adds, twice at most
REPEAT_FROM = 0.85  # closeness beyond which a slip begins to tell what a note already tells
UNSCORED = "unscored: the model could not read it; tried again next night"
LEARNT = "chance: "
_WORTH_SAYING = 0.05
_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Near:
    """Something a slip is close to; ``closeness`` in [0, 1] as :mod:`index.kin.neighbours` measures it."""

    name: str
    closeness: float


@dataclass(frozen=True, slots=True)
class Fellow(Near):
    """Another slip that waits, of ``feed`` (empty for arXiv, whose papers share no author); ``is_kin``: of the same one."""

    feed: str = ""
    is_kin: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a slip when it is judged.

    ``key`` is the item's identity and breaks ties. ``relevance`` in [0, 1] is how much it is the user's, ``relevance_why`` the
    reason; None where that could not be found out. ``topic`` is the interest or topic it belongs to (empty: none),
    ``topic_answers`` how many answers the user has given on that. ``notes`` and ``fellows`` (other slips) are what it is close
    to, ``interests`` how close it is to what the user has stated; ``cited`` are the notes and slips that it cites and tells
    of, or that tell of it, ``cited_share`` their share of these and all that it links to. ``length`` counts characters, a
    Chinese one as 2.5. ``age`` is days since publication, None when unknown.
    ``weight`` is the source's, ``feed`` its key (empty for arXiv, whose papers share no author).
    """

    slip: int
    key: str
    relevance: float | None = 0.5
    relevance_why: str = ""
    topic: str = ""
    topic_answers: int = 0
    interests: tuple[Near, ...] = ()
    notes: tuple[Near, ...] = ()
    fellows: tuple[Fellow, ...] = ()
    cited: tuple[str, ...] = ()
    cited_share: float = 1.0
    length: float = 0.0
    figures: int = 0
    code: bool = False
    data: bool = False
    sources: int = 1
    weight: float = 1.0
    age: int | None = None
    feed: str = ""
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Quality:
    """``score`` is the chance in [0, 1] that such an item is kept, ``raw`` what the parts came to before the user's answers.

    Both are None where the item could not be scored. ``parts`` are the named parts: of ``WEIGHTS`` each in [0, 1], ``carried``
    by other sources, ``source`` the source's weight, and ``closest``, the closeness of what it connects to.
    """

    score: float | None
    raw: float | None
    parts: Mapping[str, float]
    reasons: tuple[str, ...]


def quality(evidence: Evidence, curve: Curve) -> Quality:
    """The quality of a slip and the reasons, the weightiest part first."""
    if evidence.relevance is None or not _is_measured(evidence):
        return Quality(None, None, {}, (UNSCORED,))
    told = {
        "relevance": (evidence.relevance, evidence.relevance_why),
        "connection": _connection(evidence),
        "novelty": _novelty(evidence),
        "substance": _substance(evidence),
        "carried": (SECOND_SOURCE * min(evidence.sources - 1, 2), ""),
        "source": (evidence.weight, ""),
        "closest": (closest(evidence), ""),
    }
    parts = {name: round(value, _DIGITS) for name, (value, _) in told.items()}
    reasons = [f"{name} {parts[name]:.2f}: {why}" for name, (_, why) in told.items() if why]
    if evidence.sources > 1:
        reasons.append(f"carried by {evidence.sources} sources")
    if evidence.weight != 1.0:
        reasons.append(f"source weight {evidence.weight:g}")
    return _scored(parts, tuple(reasons), curve)


def raw_score(parts: Mapping[str, float]) -> float | None:
    """What stored parts come to, in [0, 1]; None where a part is missing.

    The source's weight scales the sum; a second source that carried the same item lifts it a little.
    """
    if not parts.keys() >= WEIGHTS.keys():
        return None
    total = sum(weight * parts[name] for name, weight in WEIGHTS.items()) + parts.get("carried", 0.0)
    return round(min(1.0, max(0.0, total * parts.get("source", 1.0))), _DIGITS)


def closest(evidence: Evidence) -> float:
    """How close the closest thing is: a note, a stated interest, a slip of another feed; 1 where one cites the other."""
    others = (one for one in evidence.fellows if not one.is_kin)
    near = (*evidence.interests, *evidence.notes, *others)
    return max((evidence.cited_share if evidence.cited else 0.0, *(one.closeness for one in near)))


def _scored(parts: Mapping[str, float], reasons: tuple[str, ...], curve: Curve) -> Quality:
    raw = raw_score(parts)
    assert raw is not None
    score = round(curve.chance(raw), _DIGITS)
    if abs(score - raw) >= _WORTH_SAYING:
        reasons = (
            *reasons,
            f"{LEARNT}{_in_ten(score)} in ten that scored {raw:.2f} are kept, by {_told_by(curve)}",
        )
    return Quality(score, raw, parts, reasons)


def _is_measured(evidence: Evidence) -> bool:
    """Whether every number is one: NaN would be lost in a maximum, or pass for the best."""
    near = (*evidence.interests, *evidence.notes, *evidence.fellows)
    numbers = (evidence.relevance or 0.0, evidence.length, evidence.weight, *(one.closeness for one in near))
    return all(map(math.isfinite, numbers))


def _told_by(curve: Curve) -> str:
    return f"{curve.answers} answers" + (f" and {curve.stood} notes that stood" if curve.stood else "")


def _in_ten(chance: float) -> str:
    return "fewer than one" if chance < 0.05 else f"about {round(10 * chance)}"


def _best(near: Sequence[Near]) -> Near | None:
    return max(near, key=lambda one: (one.closeness, one.name), default=None)


def _connection(evidence: Evidence) -> tuple[float, str]:
    near = sorted((*evidence.notes, *_spread(evidence.fellows)), key=lambda one: (-one.closeness, one.name))[:3]
    missing = 1.0
    for one in near:
        missing *= 1.0 - one.closeness
    value = 1.0 - missing
    if evidence.cited and evidence.cited_share >= value:
        return evidence.cited_share, f"cited by or citing {len(evidence.cited)}"
    return value, f"{len(near)} near" if value > 0.2 else ""


def _spread(fellows: Sequence[Fellow]) -> list[Near]:
    """The closest fellow of each feed: a feed that tells one thing ten times has told it once."""
    alone = [one for one in fellows if not one.feed]
    best: dict[str, Near] = {}
    for one in sorted(fellows, key=lambda one: (-one.closeness, one.name)):
        if one.feed:
            best.setdefault(one.feed, one)
    return [*alone, *best.values()]


def _novelty(evidence: Evidence) -> tuple[float, str]:
    best = _best(evidence.notes)
    if best is None or best.closeness <= REPEAT_FROM:
        return 1.0, ""
    return (1.0 - best.closeness) / (1.0 - REPEAT_FROM), f"repeats [[{best.name}]]"


def _substance(evidence: Evidence) -> tuple[float, str]:
    length = min(1.0, evidence.length / FULL_LENGTH)
    figures = min(1.0, evidence.figures / FULL_FIGURES)
    value = 0.45 * length + 0.40 * figures + 0.15 * (evidence.code or evidence.data)
    told = [f"{evidence.figures} figure{'s' if evidence.figures > 1 else ''}"] if evidence.figures else []
    told += [name for name, there in (("code", evidence.code), ("data", evidence.data)) if there]
    return value, ", ".join(told)
