"""Which slips become notes: the night's choice.

Pure functions over values. :mod:`notes.judging.quality` says how good a slip is; what is decided here is carried out elsewhere
(``slipway.stages.judge``).

::

    passes      score at the threshold or above, connects to something, not withdrawn, not old
    a place     best first, while there are places and neither its feed nor its topic has had its share
    explores    below the threshold, but not far, and either nearly there or on a topic that few answers tell of;
                gets one of the places kept for exploration, of which there are in proportion to what passed:
                a quiet night explores nothing
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from notes.judging.keeping import Curve
from notes.judging.quality import Evidence, Quality, quality

__all__ = ["Candidate", "Places", "Rules", "Verdict", "candidate", "choose", "days_between", "is_without_place"]

EXPLORE_FROM = 0.6  # of the threshold: below, a slip is not uncertain but unwanted
NEARLY = 0.85  # of the threshold
FEW_ANSWERS = 5
_TAKEN = "waits: the night's places were taken"
_SPENT = " has had its share tonight"
_HAIR = 1e-9  # 20 places times 0.15 is a hair less than 3


@dataclass(frozen=True, slots=True)
class Rules:
    """The user's rules.

    The least score, the least closeness that connects, the places of a night, the oldest news in days, the most notes
    that one feed and one topic may have of a night (0 for no such limit), and the share of the places kept for exploration.
    """

    threshold: float
    closeness: float
    budget: int
    max_age: int
    per_feed: int = 0
    per_topic: int = 0
    explore: float = 0.0


@dataclass(frozen=True, slots=True)
class Places:
    """The places of the night that an earlier run has given away: how many, of these to exploration, by feed and by topic."""

    taken: int = 0
    explored: int = 0
    feeds: Mapping[str, int] = field(default_factory=dict)
    topics: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A slip with its quality, and what the rules look at beside that: see :class:`notes.judging.quality.Evidence`."""

    slip: int
    key: str
    quality: Quality
    closest: float
    topic: str = ""
    topic_answers: int = 0
    feed: str = ""
    age: int | None = None
    withdrawn: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """A judged slip: its score (None: unscored), why, and whether it is promoted tonight, and as exploration."""

    slip: int
    key: str
    score: float | None
    reasons: tuple[str, ...]
    promote: bool
    explored: bool = False
    parts: Mapping[str, float] = field(default_factory=dict)


def candidate(evidence: Evidence, curve: Curve) -> Candidate:
    """The slip of the evidence as a candidate of the night."""
    found = quality(evidence, curve)
    return Candidate(
        slip=evidence.slip,
        key=evidence.key,
        quality=found,
        closest=found.parts.get("closest", 0.0),
        topic=evidence.topic,
        topic_answers=evidence.topic_answers,
        feed=evidence.feed,
        age=evidence.age,
        withdrawn=evidence.withdrawn,
    )


def choose(
    candidates: Iterable[Candidate], rules: Rules, day: date, places: Places | None = None
) -> tuple[Verdict, ...]:
    """Judge all candidates; the best that pass the rules are promoted, as many as there are places.

    A threshold rather than a top N: a quiet day promotes nothing. Ties go by the raw score, then by key; who explores, by a
    hash of day and key. Order of the result: by slip.
    """
    judged = sorted(candidates, key=lambda one: one.slip)
    places = places or Places()
    free = max(0, rules.budget - places.taken)
    passing = sorted((one for one in judged if _passes(one, rules)), key=_best_first)
    curious = sorted((one for one in judged if _is_curious(one, rules)), key=lambda one: _by_lot(one, day))
    shares = _Shares.of(rules, places)
    kept = _places_to_explore(len(_Shares.of(rules, places).take(passing, free)), rules, places)
    chosen = shares.take(passing, free - min(kept, len(curious)))
    explorers = shares.take(curious, min(kept, free - len(chosen)))
    chosen += shares.take([one for one in passing if one not in chosen], free - len(chosen) - len(explorers))
    promoted, explored = {one.slip for one in chosen}, {one.slip for one in explorers}
    return tuple(
        _promoted(one)
        if one.slip in promoted
        else _explored(one, rules)
        if one.slip in explored
        else _verdict(one, _waits(one, rules, shares))
        for one in judged
    )


def is_without_place(reasons: Iterable[str]) -> bool:
    """Whether these are the reasons of a slip that passed and waits only since places or shares of its night were taken."""
    return any(reason == _TAKEN or (reason.startswith("waits: ") and reason.endswith(_SPENT)) for reason in reasons)


def days_between(published: date | None, today: date) -> int | None:
    """Age in days, None for an unknown date."""
    return None if published is None else (today - published).days


@dataclass(frozen=True, slots=True)
class _Shares:
    """What feeds and topics have had of the night."""

    rules: Rules
    feeds: Counter[str]
    topics: Counter[str]

    @classmethod
    def of(cls, rules: Rules, places: Places) -> _Shares:
        return cls(rules, Counter(places.feeds), Counter(places.topics))

    def spent(self, one: Candidate) -> str:
        """Whose share is spent, or nothing."""
        if one.feed and self.rules.per_feed and self.feeds[one.feed] >= self.rules.per_feed:
            return "its feed"
        if one.topic and self.rules.per_topic and self.topics[one.topic] >= self.rules.per_topic:
            return one.topic
        return ""

    def take(self, ordered: Iterable[Candidate], count: int) -> list[Candidate]:
        """The first ``count`` whose shares are not spent; they are given their places."""
        taken: list[Candidate] = []
        for one in ordered:
            if len(taken) >= count:
                break
            if not self.spent(one):
                taken.append(one)
                self.feeds[one.feed] += 1
                self.topics[one.topic] += 1
        return taken


def _passes(one: Candidate, rules: Rules) -> bool:
    return one.quality.score is not None and one.quality.score >= rules.threshold and _may_be_promoted(one, rules)


def _may_be_promoted(one: Candidate, rules: Rules) -> bool:
    is_news = one.age is None or one.age <= rules.max_age
    return one.closest >= rules.closeness and is_news and not one.withdrawn


def _is_curious(one: Candidate, rules: Rules) -> bool:
    """Whether an answer on the slip would tell something: it is not far below the threshold, or its topic is little known."""
    score = one.quality.score
    if score is None or not EXPLORE_FROM * rules.threshold <= score < rules.threshold:
        return False
    return _may_be_promoted(one, rules) and (score >= NEARLY * rules.threshold or _is_little_known(one))


def _is_little_known(one: Candidate) -> bool:
    return bool(one.topic) and one.topic_answers < FEW_ANSWERS


def _places_to_explore(chosen: int, rules: Rules, places: Places) -> int:
    """As many as the share of what the whole night brings, at most its share of the budget, and never all of it.

    Halves are rounded up among what comes, and down among the places: one place is an ordinary one.
    """
    if not rules.explore:
        return 0
    ordinary = places.taken - places.explored + chosen
    of_night = int(ordinary * rules.explore / (1.0 - rules.explore) + 0.5)
    of_budget = int(rules.budget * rules.explore + _HAIR)
    return max(0, min(of_night, of_budget) - places.explored)


def _best_first(one: Candidate) -> tuple[float, float, str]:
    assert one.quality.score is not None
    assert one.quality.raw is not None
    return -one.quality.score, -one.quality.raw, one.key


def _by_lot(one: Candidate, day: date) -> tuple[int, str]:
    """Topics that fewest answers tell of first, and among those by lot."""
    lot = hashlib.sha256(f"{day.isoformat()} {one.key}".encode()).hexdigest()
    return min(one.topic_answers, FEW_ANSWERS) if one.topic else FEW_ANSWERS, lot


def _verdict(one: Candidate, *more: str) -> Verdict:
    found = one.quality
    return Verdict(
        one.slip, one.key, found.score, (*found.reasons, *filter(None, more)), promote=False, parts=found.parts
    )


def _promoted(one: Candidate) -> Verdict:
    return replace(_verdict(one), promote=True)


def _explored(one: Candidate, rules: Rules) -> Verdict:
    assert one.quality.score is not None
    few = f"few answers on {one.topic} yet"
    near = f"uncertain, below {rules.threshold:g}"
    told = f"exploration: {few if _is_little_known(one) else near}"
    return replace(_verdict(one, told), promote=True, explored=True)


def _waits(one: Candidate, rules: Rules, shares: _Shares) -> str:
    """Why a slip is not promoted tonight."""
    if one.quality.score is None:
        return ""
    if one.withdrawn:
        return "waits: withdrawn by its authors"
    if one.quality.score < rules.threshold:
        return f"waits: score below {rules.threshold:g}"
    if one.closest < rules.closeness:
        return "waits: connects to nothing yet"
    if not _may_be_promoted(one, rules):
        return f"waits: older than {rules.max_age} days"
    spent = shares.spent(one)
    return f"waits: {spent}{_SPENT}" if spent else _TAKEN
