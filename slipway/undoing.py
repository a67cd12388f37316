"""Taking answers back: the slip is what it was before, and the note of a promotion goes if nobody has made it their own.

A note stays, and only the answer is forgotten, when the user has edited or moved its file, when something of theirs links to
it, or when a post rests on it. What goes is marked in the transaction that takes the answer back, so that a command that
is killed before it has removed the file is made up for by the next run.
"""

from __future__ import annotations

from notes.markup.obsidian import LinkIndex
from notes.markup.terminal import terminal
from notes.model import ItemStatus
from slipway.app import App
from slipway.desk import Fate
from slipway.stages.sync import Reading, sync
from slipway.store.records import FeedbackRecord
from slipway.store.words import DELETE, DISMISS, EDIT, PROMOTE, RESTORE

__all__ = ["take_back"]

_FORGOTTEN = {
    DELETE: "forgotten: that you deleted {title}; the note stays deleted",
    RESTORE: "forgotten: that you brought {title} back; the note stays",
    EDIT: "forgotten: that you edited {title}; the note stays as it is",
}


def take_back(app: App, answer: FeedbackRecord) -> str:
    """Take an answer back and say what that did. The caller holds the run lock."""
    day, now = app.clock.today(), app.clock.now()
    if answer.verdict == PROMOTE:
        return _take_back_promotion(app, answer)
    app.store.undo(answer, day, now)
    if answer.verdict == DISMISS:
        return _now(app, answer)
    return _FORGOTTEN[answer.verdict].format(title=_title(app, answer))


def _take_back_promotion(app: App, answer: FeedbackRecord) -> str:
    reading = sync(app)
    why = _why_it_stays(app, reading, answer.note_id)
    app.store.undo(answer, app.clock.today(), app.clock.now(), withdraw=not why)
    if why:
        return f"forgotten: that you promoted {_title(app, answer)}; {why}"
    fate = reading.desk.withdraw([answer.note_id]).get(answer.note_id)
    is_away = fate is Fate.DELETED or answer.note_id not in reading.files
    return f"{_now(app, answer)}; its note {'is taken away' if is_away else 'stays, it has just changed'}"


def _why_it_stays(app: App, reading: Reading, note_id: str) -> str:
    """Why the note of a promotion is not to be taken away; empty when it may be."""
    file, record = reading.files.get(note_id), app.store.file_records().get(note_id)
    if file is None:
        return "" if record is None or not record.sha else "its note is gone already"
    if note_id not in reading.desk.untouched():
        return "its note stays, you have edited it"
    created = app.store.notes()[note_id].created
    if file.path != f"notes/{created:%Y}/{note_id}.md":
        return f"its note stays, you have moved it to {terminal(file.path)}"
    posts = [post.path for post in app.store.posts() if note_id in post.note_ids]
    if posts:
        return f"its note stays, {posts[0]} rests on it"
    linked = _linked_from(app, reading, file.path)
    return f"its note stays, {terminal(linked)} links to it" if linked else ""


def _linked_from(app: App, reading: Reading, path: str) -> str:
    """A file of the user's that links to ``path``; empty when none does."""
    ours = reading.desk.untouched()
    theirs = [file for name, file in reading.files.items() if name not in ours and not name.startswith("page:")]
    index = LinkIndex([stat.path for stat in app.vault.files()], list(reading.files.values()))
    linking = (
        file.path
        for file in theirs
        if any(index.resolve(target, file.path) == path for target in (*file.wikilinks, *file.related))
    )
    return min(linking, default="")


def _now(app: App, answer: FeedbackRecord) -> str:
    slip = app.store.slip(answer.item_id)
    assert slip is not None
    where = "back in the inbox" if slip.status is ItemStatus.INBOX else f"{slip.status.value} again"
    return f"{where}: item {slip.id}, {_title(app, answer)}"


def _title(app: App, answer: FeedbackRecord) -> str:
    slip = app.store.slip(answer.item_id)
    return terminal(slip.item.title) if slip is not None and slip.item.title else f"item {answer.item_id}"
