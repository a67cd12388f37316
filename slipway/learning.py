"""What the user's answers teach: the last word on each slip, and how the scores it had bore out.

Nothing is kept between nights: what is learnt follows from the answers that stand, so that to take one back is to forget it.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from zoneinfo import ZoneInfo

from notes.judging.keeping import LEAST_ANSWERS, Curve, Outcome, fit_curve
from notes.judging.quality import raw_score
from notes.model import ItemStatus, Slip
from slipway.app import App
from slipway.store.records import FeedbackRecord, NoteRecord
from slipway.store.words import EDIT, KEEPING, RESTORE

__all__ = ["GivenAnswer", "curve_of", "given_answers", "mark_of", "standing"]

MOST_ANSWERS = 2_000  # the newest; what was wanted long before says little of what is wanted now
_STANDING_WEIGHT = 0.3  # a note that nobody took away was kept, but perhaps never read
_HALF_LIFE = 300  # later answers until one counts half: taste changes, and so does what is measured
_WEIGHTS = {EDIT: 0.5, RESTORE: 0.5}  # told by what was done, not by an answer that was asked for


@dataclass(frozen=True, slots=True)
class GivenAnswer:
    """The last standing word on a slip: whether it was kept, how many days ago, and how much that says (0 to 1).

    ``asked`` is False for a note that stands without a word about it.
    """

    slip: Slip
    kept: bool
    days: int
    weight: float
    asked: bool = True


def given_answers(app: App) -> tuple[GivenAnswer, ...]:
    """The newest :data:`MOST_ANSWERS` of the answers that stand, oldest first, one for each slip."""
    last: dict[int, FeedbackRecord] = {}
    for record in app.store.feedback():
        last.pop(record.item_id, None)
        last[record.item_id] = record
    newest = list(last.values())[-MOST_ANSWERS:]
    slips = {slip.id: slip for slip in app.store.slips(ids=[record.item_id for record in newest])}
    today, zone = app.clock.today(), app.config.zone
    return tuple(_answer(slips[record.item_id], record, today, zone) for record in newest)


def _answer(slip: Slip, record: FeedbackRecord, today: date, zone: ZoneInfo) -> GivenAnswer:
    days = max(0, (today - record.at.astimezone(zone).date()).days)
    return GivenAnswer(slip, record.verdict in KEEPING, days, _WEIGHTS.get(record.verdict, 1.0))


def mark_of(answers: Sequence[GivenAnswer]) -> str:
    """What tells these answers from others; empty while they are too few to teach anything."""
    if len(answers) < LEAST_ANSWERS:
        return ""
    told = "\n".join(f"{answer.slip.id} {answer.kept:d} {answer.weight:g}" for answer in answers)
    return hashlib.sha256(told.encode()).hexdigest()


def standing(
    answers: Sequence[GivenAnswer], notes: Mapping[str, NoteRecord], slips: Iterable[Slip], today: date
) -> tuple[GivenAnswer, ...]:
    """The notes that Slipway made unasked and that stood when the user last answered: kept, if little is said by it.

    The newest, at most as many as there are answers. Without them somebody who clears the inbox, and leaves the notes in peace,
    would teach that nothing is kept. None while the answers are too few to teach anything.
    """
    if len(answers) < LEAST_ANSWERS:
        return ()
    answered = {answer.slip.id for answer in answers}
    last = today - timedelta(days=min(answer.days for answer in answers))
    found = [
        (notes[slip.note_id].created, slip.note_id, slip)
        for slip in slips
        if slip.status is ItemStatus.PROMOTED and slip.id not in answered and slip.note_id in notes
        if notes[slip.note_id].gone_at is None and notes[slip.note_id].created <= last
    ]
    newest = sorted(found, key=lambda one: one[:2])[-len(answers) :]
    return tuple(
        GivenAnswer(slip, kept=True, days=(today - made).days, weight=_STANDING_WEIGHT, asked=False)
        for made, _, slip in newest
    )


def curve_of(answers: Sequence[GivenAnswer], stood: Sequence[GivenAnswer]) -> Curve:
    """The curve from raw scores to chances, fitted on the scores that slips had when they were answered, or that stood."""
    if len(answers) < LEAST_ANSWERS:
        return Curve()
    told = [(answer, 0.5 ** ((len(answers) - place) / _HALF_LIFE)) for place, answer in enumerate(answers)]
    return fit_curve(
        [
            Outcome(score, answer.kept, answer.weight * fading, asked=answer.asked)
            for answer, fading in (*told, *((answer, 1.0) for answer in stood))
            if (score := raw_score(answer.slip.parts)) is not None
        ]
    )
