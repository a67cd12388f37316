"""Write: the day's post and the syntheses, laid into the vault like everything else."""

from __future__ import annotations

from notes.model import Post
from publish.daily.composing import write_daily
from slipway.app import App, StageResult
from slipway.stages.briefing import Briefing
from slipway.stages.periodicals import periodicals
from slipway.stages.posts import lay_posts
from slipway.stages.sync import sync

__all__ = ["write"]


def write(app: App, *, offline: bool = False) -> StageResult:
    """Write what today's notes, the week's and the month's give; on a day without news nothing is written.

    With ``offline`` no language model is asked.
    """
    reading = sync(app)
    briefing = Briefing(app, reading, offline)
    daily = _daily(app, briefing)
    syntheses = list(periodicals(app, briefing))
    counts, warnings = briefing.report()
    laid = lay_posts(app, reading, [daily] if daily else [], syntheses)
    return StageResult(laid.counts | counts, (*warnings, *laid.warnings))


def _daily(app: App, briefing: Briefing) -> Post | None:
    today, settings = app.clock.today(), app.config.write
    fresh = briefing.made_in(today, today)
    if not fresh:
        return None
    return write_daily(
        today,
        fresh,
        all_notes=briefing.notes,
        links=briefing.links,
        topics=briefing.topics,
        trends=briefing.trends(today),
        earlier=briefing.earlier(today),
        language=settings.post_language,
        max_stories=settings.stories,
        audience=settings.audience,
        site_title=app.config.site.title,
        writer=briefing.writer,
    )
