"""Write: the day's post and the week's synthesis, laid into the vault like everything else."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta

from notes.model import Post, VaultNote
from publish.daily import write_daily
from publish.synthesis import write_synthesis
from slipway.app import App, StageResult
from slipway.desk import Sheet, tally
from slipway.library import is_note
from slipway.stages.papers import WITHDRAWN
from slipway.stages.sync import sync
from slipway.stages.today import lay_today

__all__ = ["write"]


def write(app: App) -> StageResult:
    """Write what today's notes and the window's notes give; on a day without news nothing is written."""
    reading = sync(app)
    notes = {file.id: file for file in reading.files.values() if is_note(file)}
    created = _created(app, notes)
    posts = [post for post in (_daily(app, notes, created), _synthesis(app, notes, created)) if post is not None]
    fates = reading.desk.lay([Sheet(post.id, post.path, post.text) for post in posts])
    for post in posts:
        app.store.record_post(post)
    pages, warnings = lay_today(app, reading, fates)
    counts = {f"posts {name}": n for name, n in tally(fates).items()}
    counts |= {f"pages {name}": n for name, n in tally(pages).items()}
    return StageResult({"posts": len(posts)} | counts, warnings)


def _created(app: App, notes: Mapping[str, VaultNote]) -> dict[str, date]:
    """The days on which Slipway's own notes were made, but for papers that were withdrawn: nobody tells of those anew."""
    return {
        name: record.created
        for name, record in app.store.notes().items()
        if name in notes and record.item_id and WITHDRAWN not in notes[name].tags
    }


def _daily(app: App, notes: Mapping[str, VaultNote], created: Mapping[str, date]) -> Post | None:
    today, settings = app.clock.today(), app.config.write
    fresh = [notes[name] for name, day in sorted(created.items()) if day == today]
    return write_daily(
        today,
        fresh,
        all_notes=notes,
        links=app.store.links(),
        topics=app.store.topics(),
        language=settings.post_language,
        max_stories=settings.stories,
        audience=settings.audience,
        site_title=app.config.site.title,
    )


def _synthesis(app: App, notes: Mapping[str, VaultNote], created: Mapping[str, date]) -> Post | None:
    """The synthesis of the running week; it is made anew each night until the week ends, while nobody has touched it.

    Only a night with news writes it, so that a quiet day changes nothing; and a day that is made up for later does not, so that
    it cannot take back what later nights have told.
    """
    today, settings = app.clock.today(), app.config.write
    if today not in created.values() or any(day > today for day in created.values()):
        return None
    first = today - timedelta(days=settings.synthesis_days - 1)
    window = [notes[name] for name, day in sorted(created.items()) if first <= day <= today]
    known = _known_synthesis(app, today)
    post = write_synthesis(
        today,
        window,
        all_notes=notes,
        links=app.store.links(),
        topics=app.store.topics(),
        language=settings.synthesis_language,
        number=known[1] if known else app.store.next_number(today),
        begun=known[0] if known else today,
        window=(first, today),
        site_title=app.config.site.title,
        sources=sorted({note.source for note in window if note.source}),
    )
    if post is not None and known is None:
        app.store.add_synthesis_note(post.id, post.path, today, _number(post.id))
    return post


def _known_synthesis(app: App, today: date) -> tuple[date, int] | None:
    """Day and number of this week's synthesis, if it was begun."""
    for record in app.store.notes().values():
        if record.item_id is None and record.id.endswith(f"-{today:%G-w%V}"):
            return record.created, record.number
    return None


def _number(post_id: str) -> int:
    return int(post_id.split("-")[1])
