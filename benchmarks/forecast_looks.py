"""How far to look back? The lengths of :mod:`benchmarks.forecast`, and what the past alone would have chosen.

    python -m benchmarks forecast --looks

Four lengths (a month, two, a quarter, half a year) and all means of two, three and four of them, at stands of four kinds: the
picks alone, August 2024 to March 2025 (kept rising: in three of the picks of the 61 days after, and more of them), Saturdays of
spring, the ends of June, July and August, Saturdays of September (what is left up to 31 October stands for the 61 days). The
stands of the first two kinds know nothing of what June to August are judged by, but for the last of spring.

*Chosen before* takes for each month the mean that did best at the stands whose 61 days end before its two months after begin,
and at the other ends of months that share none of them with it. *By what lasted* weighs the four at each stand by what each of
them did at earlier ones, which the program could do by itself: every 30 days from 61 days ago, the share of a look's first 40
phrases (three picks and more) that kept rising among picks; exponential weights as Freund and Schapire 1997 set them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from itertools import chain, combinations
from typing import TYPE_CHECKING, TypeAlias

import numpy as np

from benchmarks.forecast_field import AFTER, LEAST, LEAST_PICKS, Field, Flag, more
from index.trends.lasting import lasting
from index.trends.phrase_sets import Key, key_of, phrase_sets
from index.trends.subjects import Subjects
from index.trends.things import Phrase, named_phrases

if TYPE_CHECKING:
    from numpy.typing import NDArray

__all__ = ["print_looks"]

_LOOKS = (30, 61, 91, 182)
_FLAGS, _FEWEST, _FIRST = 20, 5, 40
_RANKED = 200  # phrases among which the flags are, and what tells of the same
_EVERY, _PAST = timedelta(days=30), timedelta(days=60)
_PICKS_ALONE = [date(2024, 8, 31) + timedelta(days=14 * at) for at in range(15)]
_SPRING = [date(2025, 3, 29) + timedelta(days=7 * at) for at in range(10)]
_SUMMER = [date(2025, 6, 30), date(2025, 7, 31), date(2025, 8, 31)]
_AUTUMN = [date(2025, 9, 6) + timedelta(days=7 * at) for at in range(4)]

Mean: TypeAlias = tuple[int, ...]
_MEANS: tuple[Mean, ...] = tuple(chain.from_iterable(combinations(_LOOKS, many) for many in range(1, 5)))


class _Stand:
    """What is known on a day: phrases, and how each look ranks them."""

    def __init__(self, field: Field, today: date, *, picks_alone: bool = False) -> None:
        self.field, self.today, self.picks_alone = field, today, picks_alone
        came = [] if picks_alone else [text for text in field.texts if text.day <= today]
        kept = [text for text in field.picked if text.day <= today]
        self._known, self._start = [*came, *kept], len(came)
        sets = phrase_sets(self._known, field.cache)
        self._phrases = named_phrases(sets, least=_FEWEST if picks_alone else LEAST)
        self._subjects = Subjects(self._phrases, sets)
        self._judged: dict[tuple[str, ...], bool] = {}
        rows = [one.rows for one in self._phrases]
        self._bounds = {look: lasting(rows, self._known, self._start, today, (look,)) for look in _LOOKS}

    def precision(self, weights: Mapping[int, float]) -> float:
        """The share of the first twenty by a weighed mean of the looks that kept rising."""
        rises = sum((weight * self._bounds[look] for look, weight in weights.items()), np.zeros(len(self._phrases)))
        ranked = [
            one.text
            for _, one in sorted(zip(-rises, self._phrases, strict=True), key=lambda two: (two[0], two[1].text))
        ]
        families = self._subjects.families(ranked[:_RANKED], _FLAGS)
        return float(np.mean([self._kept_rising(one.terms) for one in families]))

    def lasted(self) -> dict[int, float]:
        """The weight of each look by what it did before."""
        done: list[list[float]] = []
        day = self.today - AFTER
        while day - self.field.picked[0].day >= _PAST:
            done.append(self._done(day))
            day -= _EVERY
        if not done:
            return {look: 1 / len(_LOOKS) for look in _LOOKS}
        sums = np.array(done).sum(axis=0)
        weights = np.exp(np.sqrt(8 * np.log(len(_LOOKS)) / len(done)) * (sums - sums.max()))
        return dict(zip(_LOOKS, (weights / weights.sum()).tolist(), strict=True))

    def _done(self, day: date) -> list[float]:
        """The share of each look's first phrases of a day that kept rising among picks."""
        kept = [row for row in range(self._start, len(self._known)) if self._known[row].day <= day]
        place = {row: at for at, row in enumerate(kept)}
        held = [(one, [place[row] for row in one.rows if row in place]) for one in self._phrases]
        told = [(one, mine) for one, mine in held if len(mine) >= LEAST_PICKS]
        known = [self._known[row] for row in kept]
        done = []
        for look in _LOOKS:
            rises = lasting([mine for _, mine in told], known, 0, day, (look,))
            first = np.argsort(-rises, kind="stable")[:_FIRST]
            done.append(float(np.mean([self._kept_rising_of(told[at][0], day) for at in first])))
        return done

    def _kept_rising_of(self, phrase: Phrase, day: date) -> bool:
        return _rises_among_picks(self.field, (row - self._start for row in phrase.rows if row >= self._start), day)

    def _kept_rising(self, terms: tuple[str, ...]) -> bool:
        if terms not in self._judged:
            self._judged[terms] = self._judge(tuple(key_of(term) for term in terms))
        return self._judged[terms]

    def _judge(self, keys: tuple[Key, ...]) -> bool:
        if self.picks_alone:
            rows = frozenset().union(*(self.field.all_picked_rows[key] for key in keys))
            return _rises_among_picks(self.field, rows, self.today)
        held = frozenset().union(*(self.field.rows.get(key, frozenset()) for key in keys))
        return self.field.judge_day(Flag(" ".join(keys[0]), keys, held), self.today)


def _rises_among_picks(field: Field, rows: Iterable[int], today: date) -> bool:
    days = _counted(field.picked[row].day for row in rows)
    later = sum(count for day, count in days.items() if today < day <= today + AFTER)
    return later >= LEAST_PICKS and more(days, _counted(text.day for text in field.picked), today)


def _counted(days: Iterable[date]) -> dict[date, int]:
    found: dict[date, int] = {}
    for day in days:
        found[day] = found.get(day, 0) + 1
    return found


def print_looks(field: Field) -> None:
    """Print the tables."""
    kinds = {"picks alone": _PICKS_ALONE, "spring": _SPRING, "June to August": _SUMMER, "September": _AUTUMN}
    stands = {day: _Stand(field, day, picks_alone=days is _PICKS_ALONE) for days in kinds.values() for day in days}
    table = {mean: {day: one.precision(dict.fromkeys(mean, 1.0)) for day, one in stands.items()} for mean in _MEANS}
    print("| days | " + " | ".join(kinds) + " | June | July | August |\n|---|" + "---|" * (len(kinds) + 3))
    for mean, found in table.items():
        _print_row("+".join(map(str, mean)), found, kinds)
    print(f"\n| chosen | {' | '.join(f'{day:%B}' for day in _SUMMER)} | all |\n|---|---|---|---|---|")
    before = [_chosen(table, day) for day in _SUMMER]
    _print_choice(
        "before",
        [float(np.mean([table[mean][day] for mean in means])) for means, day in zip(before, _SUMMER, strict=True)],
    )
    lasted = [stands[day].lasted() for day in _SUMMER]
    _print_choice("by what lasted", [stands[day].precision(one) for one, day in zip(lasted, _SUMMER, strict=True)])
    for means, weights, day in zip(before, lasted, _SUMMER, strict=True):
        told = ", ".join(f"{look}: {weight:.2f}" for look, weight in weights.items())
        print(f"{day:%B}: before {' or '.join('+'.join(map(str, mean)) for mean in means)}; by what lasted {told}")


def _print_row(name: str, found: Mapping[date, float], kinds: Mapping[str, Sequence[date]]) -> None:
    means = [float(np.mean([found[day] for day in days])) for days in kinds.values()]
    print(f"| {name} | " + " | ".join(f"{one:.2f}" for one in (*means, *(found[day] for day in _SUMMER))) + " |")


def _print_choice(name: str, precisions: Sequence[float]) -> None:
    print(f"| {name} | " + " | ".join(f"{one:.2f}" for one in (*precisions, float(np.mean(precisions)))) + " |")


def _chosen(table: Mapping[Mean, Mapping[date, float]], month: date) -> list[Mean]:
    """The means that did best where nothing is known of the two months after ``month``."""
    fair = [day for day in (*_PICKS_ALONE, *_SPRING) if day + AFTER <= month]
    fair += [day for day in _SUMMER if abs((day - month).days) >= AFTER.days]
    scores: dict[Mean, NDArray[np.float64]] = {
        mean: np.mean([found[day] for day in fair]) for mean, found in table.items()
    }
    best = max(scores.values())
    return [mean for mean, score in scores.items() if score > best - 1e-9]
