"""What a reader may ask of a source: the rules, written down a second time, by what the source answered before."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise

from tests.slipway.year_feeds import Source

__all__ = ["Answer", "Manners"]


@dataclass(frozen=True)
class Answer:
    """What one request was answered: its status (0: no answer), and the entries that a whole document held."""

    host: str
    status: int
    retry_after_s: float | None = None
    is_feed: bool = False
    max_age_s: float = 0.0


@dataclass
class Manners:
    """What a reader may ask of one source, by its configured interval and what the source answered before.

    Kept in the reader's own clock. A night on which the reader's network was dead is held against no source, and a clock that was
    set back frees the reader.
    """

    interval_s: float
    retries: int
    last: datetime | None = None
    failures: int = 0
    wait_s: float = 0.0
    strict_until: datetime | None = None
    gone_nights: int = 0
    permanent: dict[str, int] = field(default_factory=dict)
    left: set[str] = field(default_factory=set)

    def faults(self, source: Source, answers: list[Answer], now: datetime) -> list[str]:
        """What was wrong with this night's requests."""
        if not answers:
            return []
        hops = max(sum(answer.status in {301, 302, 308} for answer in answers), 0)
        found = []
        tries = sum(answer.status not in {301, 302, 308} for answer in answers)
        if tries > 1 + self.retries or hops > (1 + self.retries) * 2:
            found.append(f"{tries} attempts and {hops} redirects in one night")
        if self.gone_nights >= 2:
            found.append("asked after two nights of 410")
        if self.last is not None and now >= self.last:
            if self.strict_until and now < self.strict_until:
                found.append(f"asked {self.strict_until - now} before its Retry-After was over")
            if now < self.last + timedelta(seconds=self.wait_s - min(self.wait_s / 10, 6 * 3600)):
                found.append(f"asked {now - self.last} after the last time, not {self.wait_s} s")
        if source.trait == "skip days" and now.weekday() in {5, 6} and self.last is not None and now >= self.last:
            found.append("asked on a day that it skips")
        found.extend(f"asked {answer.host} again, which has moved" for answer in answers if answer.host in self.left)
        return found

    def learn(self, answers: list[Answer], now: datetime, *, is_dead_night: bool) -> None:
        """Take in how the night ended."""
        if not answers:
            return
        final = answers[-1]
        self.last, self.strict_until = now, None
        if is_dead_night:
            self.wait_s = 0.0
            return
        self.gone_nights = self.gone_nights + 1 if final.status == 410 else 0
        self.failures = 0 if final.is_feed else self.failures + 1
        self.wait_s = self.interval_s * 2 ** max(self.failures - 1, 0)
        self.wait_s = max(min(self.wait_s, 30 * 86_400), min(final.max_age_s, 86_400))
        if final.retry_after_s is not None:
            # A server that names a time has said when it may be asked.
            self.wait_s = 0.0
            self.strict_until = now + timedelta(seconds=min(final.retry_after_s, 7 * 86_400))
        self._learn_of_moves(answers)

    def _learn_of_moves(self, answers: list[Answer]) -> None:
        for before, after in pairwise(answers):
            if before.status in {301, 308} and after.is_feed:
                self.permanent[before.host] = self.permanent.get(before.host, 0) + 1
                if self.permanent[before.host] >= 3:
                    self.left.add(before.host)
            elif before.status in {301, 308}:
                self.permanent[before.host] = 0
