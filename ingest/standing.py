"""What permanent redirects and 410s make of a source, night by night: pure, from what was known and what came.

::

    301 or 308 to one address on three nights in a row   adopted: asked there from now on
    an adopted address that is gone or fails for long    forgotten: the configured one is asked again
    410 on two nights in a row                           disabled: not asked any more
    anything else that answers                           counts begin anew

Nights, not runs: what is seen again on the same day (UTC) is not counted again, so that an afternoon of trying things out
neither moves nor disables a source. Three nights for a move, since captive portals and wrong deployments redirect
the whole web for an evening; two for a 410, which nobody answers by accident as easily and which ends a source.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from notes.errors import FetchError, ParseError, UnaskedError

if TYPE_CHECKING:
    from datetime import datetime

    from ingest.sources import SourceOutcome

__all__ = ["NIGHTS_TO_ADOPT", "NIGHTS_TO_DISABLE", "Standing", "is_spared", "standing_after", "status_of"]

NIGHTS_TO_ADOPT = 3
NIGHTS_TO_DISABLE = 2
FAILURES_TO_FORGET = 3
GONE = 410
# Nobody's feed address is longer; what is adopted is stored and asked every night.
LONGEST_ADDRESS = 2048


@dataclass(frozen=True, slots=True)
class Standing:
    """What is known of a source's place.

    ``adopted`` is asked instead of the configured address. ``moved_to`` is a further address that permanent redirects
    named on ``moved_count`` nights in a row; ``gone_count`` nights in a row answered 410; ``disabled`` says why the
    source is not asked any more.
    """

    adopted: str = ""
    moved_to: str = ""
    moved_count: int = 0
    gone_count: int = 0
    disabled: str = ""


def standing_after(
    before: Standing, outcome: SourceOutcome, *, now: datetime, last_tried: datetime | None = None, failures: int = 0
) -> Standing:
    """The standing after this outcome; ``failures`` counts those in a row, this one included."""
    is_new_night = last_tried is None or last_tried.date() != now.date()
    if outcome.fetched is not None:
        is_settled = not (before.gone_count or before.disabled)
        settled = before if is_settled else replace(before, gone_count=0, disabled="")
        moved_to = outcome.fetched.moved_to
        if not _may_be_adopted(outcome.spec.url, moved_to):
            moved_to = ""
        return _after_move(settled, moved_to, is_new_night=is_new_night)
    status, _ = status_of(outcome)
    if status == GONE:
        return _after_gone(before, is_new_night=is_new_night)
    if before.adopted and failures >= FAILURES_TO_FORGET:
        return Standing()
    # A network that is down says nothing about the source.
    return before if status is None else replace(before, gone_count=0)


def is_spared(outcome: SourceOutcome) -> bool:
    """Whether a source was not asked because its host wants fewer requests: it did not fail."""
    return isinstance(outcome.error, UnaskedError) and outcome.error.retry_after is not None


def status_of(outcome: SourceOutcome) -> tuple[int | None, float | None]:
    """The HTTP status that an outcome stands for, None where nobody answered, and the seconds of a Retry-After."""
    if outcome.fetched is not None:
        return (304 if outcome.fetched.not_modified else 200), outcome.fetched.hints.retry_after_s
    if isinstance(outcome.error, FetchError):
        return outcome.error.status, outcome.error.retry_after
    return (200 if isinstance(outcome.error, ParseError) else None), None


def _may_be_adopted(url: str, moved_to: str) -> bool:
    # Who once gets into the way of an encrypted connection must not stay there: a redirect to plain http is followed
    # night by night, and never adopted.
    is_downgrade = url.startswith("https:") and not moved_to.startswith("https:")
    return len(moved_to) <= LONGEST_ADDRESS and not is_downgrade


def _after_move(before: Standing, moved_to: str, *, is_new_night: bool) -> Standing:
    if not moved_to or moved_to == before.adopted:
        return replace(before, moved_to="", moved_count=0) if before.moved_to or before.moved_count else before
    if moved_to != before.moved_to:
        return replace(before, moved_to=moved_to, moved_count=1)
    count = before.moved_count + is_new_night
    if count >= NIGHTS_TO_ADOPT:
        return replace(before, adopted=moved_to, moved_to="", moved_count=0)
    return replace(before, moved_count=count)


def _after_gone(before: Standing, *, is_new_night: bool) -> Standing:
    count = before.gone_count + (is_new_night or not before.gone_count)
    if count < NIGHTS_TO_DISABLE:
        return replace(before, gone_count=count)
    if before.adopted:
        # The new place is gone: the old one may know of a newer.
        return Standing()
    return replace(before, gone_count=count, disabled=f"answered 410 (gone for good) on {count} nights in a row")
