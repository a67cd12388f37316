"""Judge: score the slips that wait and decide which become notes. One transaction holds all decisions of a night."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import timedelta
from pathlib import PurePosixPath

from notes.judging.promotion import Places, Rules, Verdict, candidate, choose
from notes.model import ItemStatus, Slip
from notes.text import slug
from slipway.app import App
from slipway.learning import GivenAnswer, curve_of, given_answers, mark_of, standing
from slipway.library import Holding, Library
from slipway.stages.evidence import feed_of, gather_evidence
from slipway.stages.relevance import Relevance
from slipway.stages.shelf import Shelf
from slipway.store.records import Decision
from slipway.store.words import DISMISS, INBOX, PROMOTE

__all__ = ["dismiss_by_hand", "judge", "promote_by_hand"]

CHOSEN = "chosen by you"
STIRRED = 200
"""So many of those that wait, the best, are looked at again when the answers have changed: what the inbox page shows."""


def judge(app: App, library: Library) -> dict[str, int]:
    """Score the newcomers and the waiting slips that they touch, promote the best within the budget, expire the stale.

    A slip that waits is looked at again only when its own text has become another, when something new connects to it, or
    when the user's answers have changed: so a quiet day stays quiet, and a second run of the same night finds nothing to decide.
    """
    today = app.clock.today()
    expired = app.store.expire(app.clock.now() - timedelta(days=app.config.promote.expire_days), today)
    answers = given_answers(app)
    newcomers = _newcomers(app, library)
    stirred = _stirred(library) if app.store.learnt() != mark_of(answers) else []
    if not newcomers and not stirred:
        return {"scored": 0, "promoted": 0, "expired": expired}
    verdicts = _verdicts(app, library, newcomers, stirred, answers)
    slips = {holding.slip.id: holding.slip for holding in library.inbox.values() if holding.slip is not None}
    app.store.decide(_decisions(app, verdicts, slips), today, learnt=mark_of(answers))
    counts = {"scored": sum(verdict.score is not None for verdict in verdicts)}
    counts |= {"promoted": sum(verdict.promote for verdict in verdicts), "expired": expired}
    more = {
        "explored": sum(verdict.explored for verdict in verdicts),
        "unscored": sum(verdict.score is None for verdict in verdicts),
    }
    return counts | {name: count for name, count in more.items() if count}


def promote_by_hand(app: App, ids: Sequence[int], *, origin: str = INBOX) -> tuple[str, ...]:
    """Make notes of these slips because the user said so; returns the new note ids. The score stays what it was."""
    slips = sorted(app.store.slips(ids=tuple(ids)), key=lambda slip: slip.id)
    numbers = _numbers(app, slips)
    decisions = [
        _promotion(app, slip, slip.score, _chosen(slip.reasons), numbers[slip.id], slip.parts) for slip in slips
    ]
    app.store.decide(decisions, app.clock.today(), verdict=PROMOTE, now=app.clock.now(), origin=origin)
    return tuple(decision.note_id for decision in decisions)


def _chosen(reasons: Sequence[str]) -> tuple[str, ...]:
    kept = (reason for reason in reasons if not reason.startswith(("waits: ", "unscored: ", CHOSEN)))
    return (*kept, CHOSEN)


def dismiss_by_hand(app: App, ids: Sequence[int], *, origin: str = INBOX) -> None:
    """Put these slips away for good."""
    day, now = app.clock.today(), app.clock.now()
    app.store.set_status(ids, ItemStatus.DISMISSED, day, verdict=DISMISS, now=now, origin=origin)


def _verdicts(
    app: App, library: Library, newcomers: Sequence[str], stirred: Sequence[str], answers: Sequence[GivenAnswer]
) -> tuple[Verdict, ...]:
    today, shelf = app.clock.today(), Shelf.read(app, library)
    written = [holding.slip for holding in library.notes.values() if holding.slip is not None]
    stood = standing(answers, app.store.notes(), written, today)
    curve = curve_of(answers, stood)
    relevance = Relevance(app, shelf, (*answers, *stood))
    evidence = gather_evidence(app, shelf, relevance, newcomers, stirred)
    return choose([candidate(one, curve) for one in evidence], _rules(app), today, _places(app, relevance))


def _rules(app: App) -> Rules:
    settings = app.config.promote
    return Rules(
        threshold=settings.threshold,
        closeness=settings.closeness,
        budget=settings.budget,
        max_age=settings.max_age_days,
        per_feed=settings.per_feed,
        per_topic=settings.per_topic,
        explore=settings.explore,
    )


def _places(app: App, relevance: Relevance) -> Places:
    """What earlier runs of the day have given away."""
    today = app.clock.today()
    used = [record.item_id for record in app.store.notes().values() if record.created == today and record.item_id]
    slips = app.store.slips(ids=used)
    return Places(
        taken=len(used),
        explored=sum(slip.explored for slip in slips),
        feeds=Counter(map(feed_of, slips)),
        topics=relevance.topics(slips),
    )


def _newcomers(app: App, library: Library) -> list[str]:
    """What has no score yet, and what has one for a text that has given way to another since."""
    rewritten = {holding.slip.id for holding in library.inbox.values() if holding.slip and holding.slip.rewritten}
    if rewritten:
        # What the user has had a word on, though they took it back, is not for another text to decide.
        rewritten -= {answer.item_id for answer in app.store.feedback(undone=True)}
    return [name for name, holding in library.inbox.items() if _is_new(holding, rewritten)]


def _is_new(holding: Holding, rewritten: Collection[int]) -> bool:
    return holding.slip is not None and (holding.slip.score is None or holding.slip.id in rewritten)


def _stirred(library: Library) -> list[str]:
    """The best of those that wait and were judged before."""
    scored = [
        (-holding.slip.score, holding.slip.id, name)
        for name, holding in library.inbox.items()
        if holding.slip is not None and holding.slip.score is not None
    ]
    return [name for *_, name in sorted(scored)[:STIRRED]]


def _decisions(app: App, verdicts: Sequence[Verdict], slips: Mapping[int, Slip]) -> list[Decision]:
    """Decisions for all verdicts; notes are numbered best first."""
    promoted = sorted((one for one in verdicts if one.promote), key=lambda one: (-(one.score or 0.0), one.key))
    numbers = _numbers(app, [slips[one.slip] for one in promoted])
    return [
        _promotion(app, slips[one.slip], one.score, one.reasons, numbers[one.slip], one.parts, explored=one.explored)
        if one.promote
        else Decision(item_id=one.slip, status=ItemStatus.INBOX, score=one.score, reasons=one.reasons, parts=one.parts)
        for one in verdicts
    ]


def _numbers(app: App, slips: Sequence[Slip]) -> dict[int, int]:
    """The numbers of the day for slips that become notes, in their order.

    One that would give a note the id or the name of a file that stands in the vault is left out: that file is the user's.
    """
    if not slips:
        return {}
    today = app.clock.today()
    number, numbers = app.store.next_number(today), {}
    cards = app.vault.catalogue()
    taken = {name.casefold() for card in cards for name in (card.id, PurePosixPath(card.path).stem)}
    for slip in slips:
        while slug.note_id(today, number, slip.item.title) in taken:
            number += 1
        numbers[slip.id] = number
        number += 1
    return numbers


def _promotion(
    app: App,
    slip: Slip,
    score: float | None,
    reasons: tuple[str, ...],
    number: int,
    parts: Mapping[str, float],
    *,
    explored: bool = False,
) -> Decision:
    today = app.clock.today()
    note_id = slug.note_id(today, number, slip.item.title)
    return Decision(
        item_id=slip.id,
        status=ItemStatus.PROMOTED,
        score=score,
        reasons=reasons,
        note_id=note_id,
        path=f"notes/{today:%Y}/{note_id}.md",
        number=number,
        parts=parts,
        explored=explored,
    )
