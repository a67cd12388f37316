"""A synthesis on demand: of a topic, or of what a query finds, over the days that were asked for."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING

from notes.errors import UsageError
from notes.markup.terminal import terminal
from notes.model import Topic, VaultNote
from notes.text.fold import fold
from publish.synthesis import Occasion, OccasionKind, compose
from slipway.app import App
from slipway.desk import Fate
from slipway.night import run_lock
from slipway.search.about import about
from slipway.search.periods import FORMS, first_day, last_day
from slipway.stages.briefing import Briefing
from slipway.stages.periodicals import begun_note, remember
from slipway.stages.posts import lay_posts
from slipway.stages.sync import sync

if TYPE_CHECKING:
    from index.retrieval.reply import Reply

__all__ = ["Commission", "Delivered", "deliver"]

_MOST_HITS = 200
_NAMED = 5
_LATIN_WORD = re.compile(r"[A-Za-z]{4,}")
_STEM = 5  # letters
_SHOWN = 80  # characters of what was typed


@dataclass(frozen=True, slots=True, kw_only=True)
class Commission:
    """What was asked for, as it was typed: a ``topic`` or a ``query``, days, and the language of the synthesis."""

    topic: str = ""
    query: str = ""
    since: str = ""
    until: str = ""
    lang: str = ""
    offline: bool = False


@dataclass(frozen=True, slots=True)
class Delivered:
    """The synthesis that was written: its place, how many notes it rests on, and what became of its file."""

    id: str
    path: str
    title: str
    notes: int
    fate: Fate
    warnings: tuple[str, ...]


def deliver(app: App, asked: Commission) -> Delivered:
    """Write it into the vault, under the lock. The same again on the same day changes nothing.

    Raises UsageError for days that are none, for a topic that does not exist, and where no note of these days is found.
    """
    window = _days(app, asked)
    # Before the lock: a search that finds its index gone makes it anew, under a lock of its own.
    found = _found(app, asked.query) if asked.query else frozenset[str]()
    with run_lock(app):
        reading = sync(app)
        briefing = Briefing(app, reading, asked.offline)
        usual = app.config.write.synthesis_language
        lang = asked.lang or usual
        subject, notes = (
            _topic_notes(app, briefing, asked.topic, lang) if asked.topic else _hits(briefing, asked.query, found)
        )
        held = [note for note in notes if window[0] <= briefing.created[note.id] <= window[1]]
        if not held:
            raise _nothing(subject, window, [briefing.created[note.id] for note in notes])
        today = app.clock.today()
        # One in another language stands beside the usual one.
        occasion = Occasion(OccasionKind.ASKED, today, subject, "" if lang == usual else lang)
        begun = begun_note(app, occasion)
        made = compose(
            today,
            held,
            all_notes=briefing.notes,
            links=briefing.links,
            topics=briefing.topics,
            trends=briefing.trends(window[1]),
            language=lang,
            number=begun[1] if begun else app.store.next_number(today),
            begun=begun[0] if begun else today,
            window=window,
            occasion=occasion,
            sources=briefing.sources(held),
            site_title=app.config.site.title,
            writer=briefing.writer,
        )
        assert made is not None, "there are notes"
        remember(app, made)
        _, warned = briefing.report()
        laid = lay_posts(app, reading, [], [made])
    post = made.post
    return Delivered(post.id, post.path, post.title, len(held), laid.fates[post.id], (*warned, *laid.warnings))


def _days(app: App, asked: Commission) -> tuple[date, date]:
    """The first and the last day: by default as many as a synthesis looks back, up to today."""
    today = app.clock.today()
    until = last_day(asked.until, today) if asked.until else today
    back = timedelta(days=app.config.write.synthesis_days - 1)
    since = first_day(asked.since, today) if asked.since else until and until - back
    for name, said, day in (("since", asked.since, since), ("until", asked.until, until)):
        if day is None:
            raise UsageError(f"--{name}: {terminal(said)[:_SHOWN]!r} is no day", hint=f"write {FORMS}")
    assert since is not None
    assert until is not None
    if since > until:
        raise UsageError(f"no day lies from {since} to {until}", hint="--since comes before --until")
    return since, min(until, today)


def _nothing(subject: str, window: tuple[date, date], days: Sequence[date]) -> UsageError:
    told = f"no note on {terminal(subject)[:_SHOWN]!r} was made from {window[0]} to {window[1]}"
    hint = f"its {len(days)} were made from {min(days)} to {max(days)}: --since {min(days)}" if days else ""
    return UsageError(told, hint=hint or "`slipway search` shows what there is on it, `slipway trends` the topics")


# --- a topic -------------------------------------------------------------------------------------------------------


def _topic_notes(app: App, briefing: Briefing, said: str, lang: str) -> tuple[str, list[VaultNote]]:
    """The topic's name for a reader of ``lang``, and its notes; of a broader one those of all topics in it."""
    fields = app.store.fields()
    topic = _meant(said, [*app.store.topics(), *fields])
    inside = [one for one in briefing.topics if topic.id in (one.id, one.parent)]
    ids = sorted({note_id for one in (topic, *inside) for note_id in one.note_ids} & briefing.created.keys())
    return topic.name_in(lang), [briefing.notes[note_id] for note_id in ids]


def _meant(said: str, topics: Sequence[Topic]) -> Topic:
    """The topic by id, by a name in any language, or the only one with that in a name; UsageError names the nearest."""
    wanted = fold(said.strip())
    called = {topic.id: tuple(_called(topic)) for topic in topics}
    exact = [topic for topic in topics if wanted in called[topic.id]]
    # Not of its id: in one of pinyin anything may stand.
    part = [topic for topic in topics if wanted and any(wanted in name for name in called[topic.id][1:])]
    meant = exact or (part if len({fold(topic.name) for topic in part}) == 1 else [])
    if meant:
        # A topic and the field that is named by it: the broader one.
        return max(meant, key=lambda topic: (len(topic.note_ids), topic.id))
    raise UsageError(f"no topic is called {terminal(said)[:_SHOWN]!r}", hint=_near(wanted, part, topics, called))


def _called(topic: Topic) -> Iterable[str]:
    yield from (topic.id, fold(topic.name))
    yield from (fold(name) for _, name in topic.names)


def _near(wanted: str, part: Sequence[Topic], topics: Sequence[Topic], called: Mapping[str, tuple[str, ...]]) -> str:
    if part:
        told = list(dict.fromkeys(repr(terminal(topic.name)) for topic in part))
        names = ", ".join(told[:_NAMED])
        return f"several hold that: {names}; --query asks for words instead"
    owners = {name: topic for topic in topics for name in called[topic.id]}
    close = difflib.get_close_matches(wanted, sorted(owners), n=1)
    near = f"did you mean {terminal(owners[close[0]].name)!r}? " if close else ""
    return f"{near}`slipway trends` lists the topics; --query asks for words instead"


# --- a query -------------------------------------------------------------------------------------------------------


def _found(app: App, query: str) -> frozenset[str]:
    """The ids of the notes that a search finds, as far as they are about the query."""
    from index.retrieval.query import Query

    reply = app.searcher(Query(text=query, n=_MOST_HITS, kinds=("note",), spelling=True))
    for warning in dict.fromkeys((*reply.warnings, *_unheard(query, reply))):
        app.reporter.warn(warning)
    return frozenset(hit.id for hit in about(query, reply.results))


def _unheard(query: str, reply: Reply) -> Iterator[str]:
    """What to say of the query's words that no passage found holds, though they may stand elsewhere."""
    held = {fold(term) for hit in reply.results for term in hit.terms}
    asked = dict.fromkeys(fold(word) for word in _LATIN_WORD.findall(query))
    # The index knows words by their stems: "agents" asks for "agent" too.
    missing = [word for word in asked if not any(term[:_STEM] == word[:_STEM] for term in held)]
    # Of those that stand nowhere at all, the search has told the ones that are like another.
    untold = [repr(word) for word in missing if not any(repr(word) in warning for warning in reply.warnings)]
    if reply.results and untold:
        yield f"no passage that was found holds {', '.join(terminal(word)[:_SHOWN] for word in untold)}"


def _hits(briefing: Briefing, query: str, found: frozenset[str]) -> tuple[str, list[VaultNote]]:
    """The query and its notes, by id."""
    return " ".join(query.split()), [briefing.notes[name] for name in sorted(found & briefing.created.keys())]
