"""``Today.md``: what the night brought and what waits for the user's word, for ``Home.md`` to show."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from notes.markup import inert
from notes.pages.page_words import PageWords

__all__ = ["NewNote", "Today", "TopicMove", "render"]

_MOST_NOTES = 25


@dataclass(frozen=True, slots=True)
class NewNote:
    """A note that came in: link target, title, quality in [0, 1] (None where there is none), its topic's link and name.

    A link is empty where the topic has no page.
    """

    target: str
    title: str
    score: float | None
    topic: tuple[str, str] | None = None
    explored: bool = False


@dataclass(frozen=True, slots=True)
class TopicMove:
    """A topic that grew: link target (empty: it has no page) and name, how many notes are new, how many it has."""

    target: str
    name: str
    new: int
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Today:
    """What the page tells. ``notes`` are those of ``day``; ``last`` is the day of the newest ones when there are none.

    ``waiting`` counts items in the inbox, ``links`` and ``tags`` what is offered, ``tasks`` what is open on the reading
    list. ``answers`` are those that were given, of which there must be ``least`` before they teach anything (0: they are not
    told). ``posts`` are link targets and titles.
    """

    day: date
    waiting: int
    links: int
    tags: int
    tasks: int
    answers: int = 0
    least: int = 0
    notes: Sequence[NewNote] = ()
    last: date | None = None
    posts: Sequence[tuple[str, str]] = ()
    topics: Sequence[TopicMove] = ()


def render(today: Today, words: PageWords) -> str:
    """The whole page; the same facts give the same bytes. Ends with a line break."""
    day = words.day(today.day)
    head = f"---\ntitle: {words.today_title}\ntags: [home]\n---\n\n{words.today_about.format(day=day)}"
    quiet = [] if today.notes else [_quiet(today, words)]
    counted = words.heading(words.today_notes, words.count(words.notes, len(today.notes)))
    sections = [
        _section(words.today_posts, [f"- {inert.wikilink(*post)}" for post in today.posts]),
        _section(counted.removeprefix("## "), _notes(today, words)),
        _section(words.today_topics, [_topic(move, words) for move in today.topics]),
    ]
    return "\n\n".join(filter(None, [head, "\n".join(_waiting(today, words)), *quiet, *sections])) + "\n"


def _waiting(today: Today, words: PageWords) -> Iterator[str]:
    yield f"- [[Inbox]]{words.colon}" + words.today_waits.format(count=words.count(words.items, today.waiting))
    counts = [words.count(words.links, today.links)] if today.links or not today.tags else []
    counts += [words.count(words.tags, today.tags)] if today.tags else []
    yield f"- [[Suggestions]]{words.colon}" + words.today_offers.format(count=words.comma.join(counts))
    if today.tasks:
        counted = words.today_reading.format(count=words.count(words.notes, today.tasks))
        yield f"- [[Reading list]]{words.colon}{counted}"
    if today.least:
        form = words.today_learning if today.answers < today.least else words.today_learnt
        yield "- " + form.format(given=today.answers, least=today.least)


def _quiet(today: Today, words: PageWords) -> str:
    last = words.today_last.format(day=words.day(today.last)) if today.last else ""
    return " ".join(filter(None, [words.today_quiet, last])) if words.lang == "en" else words.today_quiet + last


def _notes(today: Today, words: PageWords) -> list[str]:
    lines = [_note(note, words) for note in today.notes[:_MOST_NOTES]]
    left = len(today.notes) - len(lines)
    return [*lines, "- " + words.more.format(count=words.count(words.notes, left))] if left else lines


def _note(note: NewNote, words: PageWords) -> str:
    told = [f"{note.score:.2f}"] if note.score is not None else []
    told += [_named(*note.topic)] if note.topic else []
    told += [words.exploration] if note.explored else []
    return f"- {inert.wikilink(note.target, note.title)}" + (words.dash + words.comma.join(told) if told else "")


def _topic(move: TopicMove, words: PageWords) -> str:
    counted = words.today_of.format(new=move.new, count=words.count(words.notes, move.total))
    return f"- {_named(move.target, move.name)}{words.dash}{counted}"


def _named(target: str, name: str) -> str:
    return inert.wikilink(target, name) if target else inert.to_markdown(name, links=False)


def _section(heading: str, lines: Sequence[str]) -> str:
    return f"## {heading}\n\n" + "\n".join(lines) if lines else ""
