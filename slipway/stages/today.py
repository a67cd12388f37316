"""Today: the page that ``Home.md`` shows, laid last of all, when notes, pages and posts stand."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from notes.clock import is_made_up
from notes.errors import VaultError
from notes.judging.keeping import LEAST_ANSWERS
from notes.markup.obsidian import Targets
from notes.model import ItemStatus, Topic
from notes.pages import suggestions_page, topic_page
from notes.pages.page_words import words_for
from notes.pages.reading_list import open_tasks
from notes.pages.today_page import NewNote, Today, TopicMove, render
from slipway.app import App
from slipway.desk import Fate, Sheet
from slipway.learning import given_answers
from slipway.stages.pages import foreign_page
from slipway.stages.sync import READING_LIST, Reading
from slipway.suggesting import SUGGESTIONS

__all__ = ["TODAY", "lay_today"]

TODAY = "page:Today.md"


def lay_today(app: App, reading: Reading, laid: Mapping[str, Fate]) -> tuple[dict[str, Fate], tuple[str, ...]]:
    """Lay the page; returns what became of it, and a warning when it is the user's own. ``laid`` are the posts' fates."""
    if is_made_up(app.clock) and any(record.created > app.clock.today() for record in app.store.notes().values()):
        return {}, ()  # a day that is made up for later takes back nothing
    text = render(_today(app, reading, laid), words_for(app.config.write.language))
    fates = reading.desk.lay([Sheet(TODAY, "Today.md", text, standing=True)])
    return fates, (foreign_page(TODAY, "what is new"),) if fates[TODAY] is Fate.KEPT else ()


def _today(app: App, reading: Reading, laid: Mapping[str, Fate]) -> Today:
    day, lang = app.clock.today(), app.config.write.language
    topics = [replace(topic, name=topic.name_in(lang)) for topic in app.store.topics()]
    records = app.store.notes()
    created = {
        name: record.created for name, record in records.items() if record.item_id is not None and name in reading.files
    }
    fresh = {name: records[name].item_id or 0 for name, made in sorted(created.items()) if made == day}
    page = reading.files.get(SUGGESTIONS)
    links, tags = suggestions_page.counts(page.body) if page is not None else (0, 0)
    return Today(
        day=day,
        waiting=len(app.store.slips(ItemStatus.INBOX)),
        links=links,
        tags=tags,
        tasks=_open_tasks(app, reading),
        **_answers(app),
        notes=tuple(_notes(app, reading, fresh, topics)),
        last=max((made for made in created.values() if made < day), default=None),
        posts=tuple(_posts(app, reading, day, laid)),
        topics=tuple(_moved(reading, topics, frozenset(fresh))),
    )


def _answers(app: App) -> dict[str, int]:
    """How many answers were given, and from how many on they teach."""
    return {"answers": len(given_answers(app)), "least": LEAST_ANSWERS}


def _open_tasks(app: App, reading: Reading) -> int:
    """How many lines of the reading list are not ticked, as the page stands now: this night's are on it."""
    page = reading.files.get(READING_LIST)
    try:
        return open_tasks(app.vault.read(page.path if page else "Reading list.md").decode("utf-8", "replace"))
    except VaultError:
        return 0  # there is none, or it cannot be read


def _notes(app: App, reading: Reading, fresh: Mapping[str, int], topics: Sequence[Topic]) -> Iterator[NewNote]:
    """Today's notes, ``fresh`` with their items, best first."""
    of_note, targets = {note: topic for topic in topics for note in topic.note_ids}, _targets(reading)
    slips = {slip.note_id: slip for slip in app.store.slips(ids=fresh.values())}
    scores = {name: slips[name].score if name in slips else None for name in fresh}
    for name in sorted(fresh, key=lambda name: (-(scores[name] or 0.0), name)):
        file, slip, topic = reading.files[name], slips.get(name), of_note.get(name)
        link = (_page(reading, topic), topic.name) if topic is not None else None
        explored = slip is not None and slip.explored
        yield NewNote(targets.of(file), file.title, scores[name], link, explored)


def _targets(reading: Reading) -> Targets:
    return Targets(file.path for file in reading.files.values())


def _page(reading: Reading, topic: Topic) -> str:
    """Where the topic's page is, the user may have moved it; empty where it has too few notes for one."""
    file = reading.files.get(topic_page.note_id(topic))
    if file is not None:
        return file.path.removesuffix(".md")
    return topic_page.target(topic) if topic_page.has_page(topic) else ""


def _posts(app: App, reading: Reading, day: date, laid: Mapping[str, Fate]) -> Iterator[tuple[str, str]]:
    """The newest post of each kind that stands in the vault."""
    newest = {
        post.kind: post for post in sorted(app.store.posts(), key=lambda post: (post.date, post.id)) if post.date <= day
    }
    targets = _targets(reading)
    for _, post in sorted(newest.items()):
        file = reading.files.get(post.id)
        if file is not None:
            yield targets.of(file), post.title
        elif laid.get(post.id) is Fate.CREATED:
            yield post.path.removesuffix(".md"), post.title


def _moved(reading: Reading, topics: Sequence[Topic], fresh: frozenset[str]) -> Iterator[TopicMove]:
    """The topics that some of today's notes belong to, the most of them first."""
    moved = [(len(fresh & set(topic.note_ids)), topic) for topic in topics]
    for new, topic in sorted(moved, key=lambda pair: (-pair[0], pair[1].id)):
        if new:
            total = sum(name in reading.files for name in topic.note_ids)
            yield TopicMove(_page(reading, topic), topic.name, new, total)
