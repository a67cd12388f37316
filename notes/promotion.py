"""Which slips deserve to become notes: a score in [0, 1] with its reasons, and the night's choice.

Pure functions over values. What they are given was measured elsewhere (``index.neighbours``); what they decide is
carried out elsewhere (``slipway.stages.promote``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

__all__ = ["Evidence", "Near", "Rules", "Verdict", "choose", "score"]

# What each part can add; they sum to one. Relevance leads: a rich article about nothing of ours is still nothing of ours.
WEIGHTS = {"relevance": 0.45, "connection": 0.20, "novelty": 0.10, "substance": 0.25}

FULL_LENGTH = 900  # weighted characters of a complete abstract; a Chinese character says as much as 2.5 Latin letters
FULL_FIGURES = 3
WORTH_SAYING = 0.1  # a part below this has no reason to give
REPEAT_FROM = 0.85  # closeness beyond which a slip begins to tell what a note already tells


@dataclass(frozen=True, slots=True)
class Near:
    """Something a slip is close to; ``closeness`` in [0, 1] as :mod:`index.neighbours` measures it."""

    name: str
    closeness: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What is known of a slip when it is judged.

    ``key`` is the item's identity and breaks ties. ``interests``, ``notes`` and ``fellows`` (other slips) hold what it is close
    to. ``cited`` are the notes and slips that it cites or that cite it, ``told`` the most relevant of them: a post in another
    language is as relevant as the paper it tells of. ``length`` counts characters, a Chinese one as 2.5.
    ``age`` is days since publication, None when unknown. ``weight`` is the source's, ``feed`` its key (empty for
    arXiv, whose papers share no author). ``library`` tells whether there is
    anything to be relevant to: a note or an interest.
    """

    slip: int
    key: str
    interests: tuple[Near, ...] = ()
    notes: tuple[Near, ...] = ()
    fellows: tuple[Near, ...] = ()
    cited: tuple[str, ...] = ()
    told: Near | None = None
    length: float = 0.0
    figures: int = 0
    code: bool = False
    sources: int = 1
    weight: float = 1.0
    age: int | None = None
    feed: str = ""
    library: bool = True
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Rules:
    """The user's rules.

    The least score, the least closeness that connects, the places left tonight, the oldest news in days, and the most notes that
    one feed may have of a night (0 for no such limit).
    """

    threshold: float
    closeness: float
    budget: int
    max_age: int
    per_feed: int = 0


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judged slip: its score, why, and whether it is promoted tonight."""

    slip: int
    key: str
    score: float
    reasons: tuple[str, ...]
    promote: bool


def score(evidence: Evidence) -> tuple[float, tuple[str, ...]]:
    """The quality of a slip in [0, 1] and the reasons, the weightiest first.

    The parts have names (relevance, connection, novelty, substance); each is in [0, 1] and is weighted by ``WEIGHTS``. The
    source's weight scales the sum; a second source that carried the same item lifts it a little.
    """
    parts = {
        "relevance": _relevance(evidence),
        "connection": _connection(evidence),
        "novelty": _novelty(evidence),
        "substance": _substance(evidence),
    }
    total = sum(WEIGHTS[name] * value for name, (value, _) in parts.items())
    total += 0.04 * min(evidence.sources - 1, 2)
    reasons = [f"{name} {value:.2f}: {why}" for name, (value, why) in parts.items() if why]
    if evidence.sources > 1:
        reasons.append(f"carried by {evidence.sources} sources")
    if evidence.weight != 1.0:
        reasons.append(f"source weight {evidence.weight:g}")
    return round(min(1.0, max(0.0, total * evidence.weight)), 4), tuple(reasons)


def connects(evidence: Evidence, closeness: float) -> bool:
    """Whether the slip connects to a note, to a stated interest or to fellow slips."""
    near = (*evidence.interests, *evidence.notes, *evidence.fellows)
    return bool(evidence.cited) or any(one.closeness >= closeness for one in near)


def choose(candidates: Iterable[Evidence], rules: Rules) -> tuple[Verdict, ...]:
    """Judge all candidates; the best that pass the rules are promoted, as many as there are places.

    A threshold rather than a top N: a quiet day promotes nothing. Ties go by key. Order of the result: by slip.
    """
    judged = [(evidence, *score(evidence)) for evidence in candidates]
    passing = [
        (-value, evidence.key, evidence.feed)
        for evidence, value, _ in judged
        if value >= rules.threshold and connects(evidence, rules.closeness) and _is_eligible(evidence, rules.max_age)
    ]
    chosen = _take(sorted(passing), rules)
    verdicts = [
        Verdict(one.slip, one.key, value, reasons, promote=True)
        if one.key in chosen
        else Verdict(one.slip, one.key, value, (*reasons, _waits(one, value, rules)), promote=False)
        for one, value, reasons in judged
    ]
    return tuple(sorted(verdicts, key=lambda verdict: verdict.slip))


def days_between(published: date | None, today: date) -> int | None:
    """Age in days, None for an unknown date."""
    return None if published is None else (today - published).days


def _waits(evidence: Evidence, value: float, rules: Rules) -> str:
    """Why a slip is not promoted tonight."""
    if evidence.withdrawn:
        return "waits: withdrawn by its authors"
    if value < rules.threshold:
        return f"waits: score below {rules.threshold:g}"
    if not connects(evidence, rules.closeness):
        return "waits: connects to nothing yet"
    if not _is_eligible(evidence, rules.max_age):
        return f"waits: older than {rules.max_age} days"
    return "waits: the night's places were taken"


def _take(passing: Iterable[tuple[float, str, str]], rules: Rules) -> set[str]:
    """The keys of the best, as many as there are places; a feed that has had its share makes room for others."""
    chosen: set[str] = set()
    shares: Counter[str] = Counter()
    for _, key, feed in passing:
        if len(chosen) < rules.budget and not (feed and rules.per_feed and shares[feed] >= rules.per_feed):
            chosen.add(key)
            shares[feed] += 1
    return chosen


def _is_eligible(evidence: Evidence, max_age: int) -> bool:
    return not evidence.withdrawn and (evidence.age is None or evidence.age <= max_age)


def _best(near: Sequence[Near]) -> Near | None:
    return max(near, key=lambda one: (one.closeness, one.name), default=None)


def _relevance(evidence: Evidence) -> tuple[float, str]:
    if not evidence.library:
        # Nobody has said yet what matters: everything is equally relevant, and fellows and substance decide.
        return 0.5, ""
    best_note, best_interest = _best(evidence.notes), _best(evidence.interests)
    value, why = 0.0, ""
    if best_interest is not None:
        value, why = best_interest.closeness, f"interest {best_interest.name}"
    if best_note is not None and best_note.closeness > value:
        value, why = best_note.closeness, f"close to [[{best_note.name}]]"
    if evidence.told is not None and evidence.told.closeness > value:
        value, why = evidence.told.closeness, f"tells of {evidence.told.name}"
    return value, why if value >= WORTH_SAYING else ""


def _connection(evidence: Evidence) -> tuple[float, str]:
    if evidence.cited:
        return 1.0, f"cited by or citing {len(evidence.cited)}"
    near = sorted((*evidence.notes, *evidence.fellows), key=lambda one: (-one.closeness, one.name))[:3]
    missing = 1.0
    for one in near:
        missing *= 1.0 - one.closeness
    value = 1.0 - missing
    return value, f"{len(near)} near" if value > 0.2 else ""


def _novelty(evidence: Evidence) -> tuple[float, str]:
    best = _best(evidence.notes)
    if best is None or best.closeness <= REPEAT_FROM:
        return 1.0, ""
    return (1.0 - best.closeness) / (1.0 - REPEAT_FROM), f"repeats [[{best.name}]]"


def _substance(evidence: Evidence) -> tuple[float, str]:
    length = min(1.0, evidence.length / FULL_LENGTH)
    figures = min(1.0, evidence.figures / FULL_FIGURES)
    value = 0.45 * length + 0.40 * figures + 0.15 * evidence.code
    told = [f"{evidence.figures} figure{'s' if evidence.figures > 1 else ''}"] if evidence.figures else []
    if evidence.code:
        told.append("code")
    return value, ", ".join(told)
