"""The syntheses that come by the calendar: the running week's, made anew with each night's news, and each month's, at its end."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator
from datetime import date, timedelta

from notes.clock import is_made_up
from publish.synthesis import Occasion, OccasionKind, Synthesis, compose
from slipway.app import App
from slipway.stages.briefing import Briefing

__all__ = ["begun_note", "periodicals", "remember"]


def periodicals(app: App, briefing: Briefing) -> Iterator[Synthesis]:
    """The week's and the month's synthesis, as far as this night is theirs; each has its note when it is handed out."""
    today = app.clock.today()
    if is_made_up(app.clock) and any(day > today for day in briefing.created.values()):
        return  # a day that is made up for later takes back nothing of what later nights have told
    settings = app.config.write
    if settings.weekly and today in briefing.created.values():
        # Only a night with news writes it, so that a quiet day changes nothing.
        first = today - timedelta(days=settings.synthesis_days - 1)
        yield from _composed(app, briefing, Occasion(OccasionKind.WEEK, today), (first, today), "week")
    for month in _months_due(app, briefing, today) if settings.monthly else ():
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


def _months_due(app: App, briefing: Briefing, today: date) -> Iterator[date]:
    """The last days of the months whose syntheses this night is to write.

    That is today's on its last day; and that of the last notes before it, while it has none: no night ran on its last day.
    """
    before = [day for day in briefing.created.values() if day < today.replace(day=1)]
    if before and not _has_synthesis(app, last := _end_of_month(max(before))):
        yield last
    if today == _end_of_month(today):
        yield today


def _end_of_month(day: date) -> date:
    return day.replace(day=monthrange(day.year, day.month)[1])


def _has_synthesis(app: App, month: date) -> bool:
    """Whether the synthesis of a month was written; a night that was killed may have given it a number and written nothing."""
    occasion = Occasion(OccasionKind.MONTH, month)
    begun = begun_note(app, occasion)
    record = app.store.file_records().get(occasion.note_id(*begun)) if begun else None
    return record is not None and bool(record.sha)


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
