"""What a night may cost: requests are booked at their worst before they are made and settled after.

So no limit is ever passed, whatever the endpoint does and says, and a night that is killed in the middle of a request and run
again goes on from what it has spent.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TypeGuard

from publish.writers.answers import put

__all__ = ["Limits", "Purse", "Spent", "estimated_tokens"]

_VERSION = 1
_MAX_FILE = 4_000


@dataclass(frozen=True, slots=True)
class Limits:
    """Of one night: ``seconds`` of asking, ``tokens`` read and written together, ``cost`` by prices for a million tokens.

    0 stands for no limit of tokens or cost. ``answer_seconds`` bounds one request.
    """

    seconds: float = 900.0
    answer_seconds: float = 120.0
    tokens: int = 200_000
    cost: float = 0.0
    price_in: float = 0.0
    price_out: float = 0.0


@dataclass(frozen=True, slots=True)
class Spent:
    """What was spent: tokens read by the model and written by it, seconds of waiting for it."""

    requests: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0

    @property
    def tokens(self) -> int:
        """Tokens in all."""
        return self.tokens_in + self.tokens_out

    def plus(self, *, tokens_in: int = 0, tokens_out: int = 0, seconds: float = 0.0, requests: int = 0) -> Spent:
        """The same and more."""
        return Spent(
            self.requests + requests,
            self.tokens_in + tokens_in,
            self.tokens_out + tokens_out,
            round(self.seconds + seconds, 3),
        )

    def cost(self, limits: Limits) -> float:
        """By the configured prices."""
        return (self.tokens_in * limits.price_in + self.tokens_out * limits.price_out) / 1_000_000


class Purse:
    """What is left of a night's limits; ``night`` names it, ``path`` is where it is written down."""

    def __init__(self, path: Path, night: str, limits: Limits) -> None:
        self.limits = limits
        self._path = path
        self._night = night
        self.spent = _read(path, night)

    @property
    def seconds_left(self) -> float:
        """Of the night's asking."""
        return self.limits.seconds - self.spent.seconds

    def refusal(self, tokens_in: int, tokens_out: int) -> str:
        """Why no such request may be made any more; empty when it may. The counts are the most that it can take."""
        after = self.spent.plus(tokens_in=tokens_in, tokens_out=tokens_out)
        if self.seconds_left <= 0:
            return f"the night's {self.limits.seconds:.0f} seconds are used up (`max_seconds`)"
        if self.limits.tokens and after.tokens > self.limits.tokens:
            return f"the night's {self.limits.tokens} tokens would not suffice (`max_tokens`)"
        if self.limits.cost and after.cost(self.limits) > self.limits.cost:
            return f"the night's cost of {self.limits.cost:g} would be passed (`max_cost`)"
        return ""

    def book(self, tokens_in: int, tokens_out: int) -> Spent:
        """Write a request down at its worst before it is made; gives what was spent before, to settle from."""
        before = self.spent
        self._set(before.plus(tokens_in=tokens_in, tokens_out=tokens_out, requests=1))
        return before

    def settle(self, before: Spent, *, tokens_in: int, tokens_out: int, seconds: float) -> None:
        """Write down what the request that was booked took."""
        self._set(before.plus(tokens_in=tokens_in, tokens_out=tokens_out, seconds=seconds, requests=1))

    def wait(self, seconds: float) -> None:
        """Waiting counts, too."""
        self._set(self.spent.plus(seconds=seconds))

    def _set(self, spent: Spent) -> None:
        self.spent = spent
        document = {"version": _VERSION, "night": self._night, **asdict(spent)}
        put(self._path, json.dumps(document, indent=1).encode("ascii"))


def estimated_tokens(text: str) -> int:
    """At least as many tokens as the usual tokenizers make of the text: a third of its bytes, a word is about four."""
    return math.ceil(len(text.encode("utf-8", "replace")) / 3) + 16


def _read(path: Path, night: str) -> Spent:
    """What this night has spent so far; nothing when another night is written down, or nothing that can be read."""
    try:
        with path.open("rb") as file:
            document = json.loads(file.read(_MAX_FILE))
    except (OSError, ValueError, RecursionError):
        return Spent()
    if not isinstance(document, dict) or document.get("version") != _VERSION or document.get("night") != night:
        return Spent()
    requests, tokens_in, tokens_out, seconds = (
        document.get(name) for name in ("requests", "tokens_in", "tokens_out", "seconds")
    )
    if not (_is_count(requests) and _is_count(tokens_in) and _is_count(tokens_out)):
        return Spent()
    return Spent(requests, tokens_in, tokens_out, float(seconds) if isinstance(seconds, int | float) else 0.0)


def _is_count(given: object) -> TypeGuard[int]:
    return isinstance(given, int) and given >= 0
