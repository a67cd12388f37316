"""The syntheses that come by the calendar: the running week's, made anew with each night's news, and each month's, at its end."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from publish.synthesis import Occasion, OccasionKind, Synthesis, compose
from slipway.app import App
from slipway.stages.briefing import Briefing

__all__ = ["begun_note", "periodicals", "remember"]


def periodicals(app: App, briefing: Briefing) -> Iterator[Synthesis]:
    """The week's and the month's synthesis, as far as this night is theirs; each has its note when it is handed out."""
    today = app.clock.today()
    if any(day > today for day in briefing.created.values()):
        return  # a day that is made up for later takes back nothing of what later nights have told
    settings = app.config.write
    if settings.weekly and today in briefing.created.values():
        # Only a night with news writes it, so that a quiet day changes nothing.
        first = today - timedelta(days=settings.synthesis_days - 1)
        yield from _composed(app, briefing, Occasion(OccasionKind.WEEK, today), (first, today), "week")
    month = _month_due(app, today) if settings.monthly else None
    if month is not None:
        yield from _composed(app, briefing, Occasion(OccasionKind.MONTH, month), (month.replace(day=1), month), "month")


def begun_note(app: App, occasion: Occasion) -> tuple[date, int] | None:
    """Day and number of an occasion's synthesis, if it was begun."""
    for record in app.store.notes().values():
        if record.item_id is None and occasion.is_of(record.id, record.created, record.number):
            return record.created, record.number
    return None


def remember(app: App, made: Synthesis) -> None:
    """Let the synthesis have its number among the notes; a second time changes nothing."""
    day, number = made.post.id.split("-")[:2]
    app.store.add_synthesis_note(made.post.id, made.post.path, date.fromisoformat(day), int(number))


def _month_due(app: App, today: date) -> date | None:
    """The last day of the month whose synthesis this night is to write.

    That is today's on its last day, and on a later day the month before, while it has none: no night ran on its last day.
    """
    if today.day == monthrange(today.year, today.month)[1]:
        return today
    last = today.replace(day=1) - timedelta(days=1)
    begun = begun_note(app, Occasion(OccasionKind.MONTH, last))
    if begun is None:
        return last
    # A night that was killed may have given it a number and written nothing.
    record = app.store.file_records().get(Occasion(OccasionKind.MONTH, last).note_id(*begun))
    return None if record is not None and record.sha else last


def _composed(
    app: App, briefing: Briefing, occasion: Occasion, window: tuple[date, date], step: str
) -> Iterator[Synthesis]:
    today, settings = app.clock.today(), app.config.write
    notes = briefing.made_in(*window)
    if not notes:
        return
    begun = begun_note(app, occasion)
    made = compose(
        today,
        notes,
        all_notes=briefing.notes,
        links=briefing.links,
        topics=briefing.topics,
        trends=briefing.trends(window[1], step),
        language=settings.synthesis_language,
        number=begun[1] if begun else app.store.next_number(today),
        begun=begun[0] if begun else today,
        window=window,
        occasion=occasion,
        sources=briefing.sources(notes),
        site_title=app.config.site.title,
        writer=briefing.writer,
    )
    if made is not None:
        remember(app, made)
        yield made
