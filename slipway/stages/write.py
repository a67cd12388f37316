"""Write: the day's post and the syntheses, laid into the vault like everything else."""

from __future__ import annotations

from datetime import date

from notes.model import Post
from publish.daily.composing import write_daily
from slipway.app import App, StageResult
from slipway.stages.briefing import Briefing
from slipway.stages.periodicals import periodicals
from slipway.stages.posts import lay_posts
from slipway.stages.sync import sync

__all__ = ["write"]

_NIGHTS_BACK = 50  # as the ledger has them, stages run alone included


def write(app: App, *, offline: bool = False) -> StageResult:
    """Write what today's notes, the week's and the month's give; on a day without news nothing is written.

    Nights before that died between their notes and their posts have theirs now. With ``offline`` no language model is asked.
    """
    reading = sync(app)
    briefing = Briefing(app, reading, offline)
    dailies = [post for day in (*_untold(app), app.clock.today()) if (post := _daily(app, briefing, day))]
    syntheses = list(periodicals(app, briefing))
    counts, warnings = briefing.report()
    laid = lay_posts(app, reading, dailies, syntheses)
    return StageResult(laid.counts | counts, (*warnings, *laid.warnings))


def _untold(app: App) -> list[date]:
    """The days before today whose nights died before they told what they had found, back to the last that did tell."""
    found = set()
    for run in app.store.runs(_NIGHTS_BACK):
        if run.date >= app.clock.today():
            continue
        if any(stage.name == "write" and stage.status == "ok" for stage in run.stages):
            break
        found.add(run.date)
    return sorted(found)


def _daily(app: App, briefing: Briefing, day: date) -> Post | None:
    settings = app.config.write
    fresh = briefing.made_in(day, day)
    if not fresh:
        return None
    return write_daily(
        day,
        fresh,
        all_notes=briefing.notes,
        links=briefing.links,
        topics=briefing.topics,
        trends=briefing.trends(day),
        earlier=briefing.earlier(day),
        language=settings.post_language,
        max_stories=settings.stories,
        audience=settings.audience,
        site_title=app.config.site.title,
        writer=briefing.writer,
    )
