"""The trend synthesis composed: what a window of days says as a whole.

Time range and sources, core insights, figures by system and benchmark, what rises and falls, trends by topic, key results, open
problems, what to watch, what to do this week, month and quarter, links, and a statement of what it rests on. Each part is
derived from the notes of the window; a part that has nothing is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial, wraps
from typing import ParamSpec

from notes.markup import inert, note_words
from notes.model import Link, Post, PostKind, SourceType, Topic, VaultNote
from notes.trends import Trend
from publish.checking.checker import Judge, examine
from publish.post import page, telling
from publish.post.assignment import Writer
from publish.post.draft import Draft, section
from publish.post.phrase import Phrase, Statement, fill, fixed, joined, outside, plain
from publish.post.tagging import tags
from publish.synthesis import closing, outlook, overview, scoreboard
from publish.synthesis.actions import Action, actions
from publish.synthesis.courses import movements, topic_name
from publish.synthesis.occasion import Occasion, OccasionKind
from publish.synthesis.results import chosen_results, key_results, open_problems
from publish.synthesis.topical import topical
from publish.synthesis.window import Window, look
from publish.wording.words import words_for

__all__ = ["Synthesis", "compose", "write_synthesis"]

_How = ParamSpec("_How")

_TITLE_TOPICS = 2


@dataclass(frozen=True, slots=True)
class Synthesis:
    """A synthesis, and what it asks the reader to do."""

    post: Post
    actions: tuple[Action, ...]


def compose(  # noqa: PLR0913 - what a synthesis depends on is all here
    day: date,
    notes: Sequence[VaultNote],
    *,
    all_notes: Mapping[str, VaultNote],
    links: Sequence[Link] = (),
    topics: Sequence[Topic] = (),
    trends: Sequence[Trend] = (),
    language: str = "en",
    number: int,
    window: tuple[date, date],
    occasion: Occasion | None = None,
    sources: Sequence[str] = (),
    weeks: int = 4,
    begun: date | None = None,
    site_title: str = "",
    judge: Judge | None = None,
    writer: Writer | None = None,
) -> Synthesis | None:
    """The synthesis of the notes made in ``window`` (both days included), or None when there are none.

    ``occasion`` is the week of ``day`` when none is given. ``number`` is the running number of the day for its id, ``begun`` the
    day on which it was first written (``day`` when this is the first time), so that its id outlives rewriting. ``sources`` are
    the sources followed, ``weeks`` how many earlier windows of the same length the topics are compared with, ``trends`` those as
    of the window's end. ``judge`` is the checker unless another is given.
    """
    words = words_for(language)
    occasion = occasion or Occasion(OccasionKind.WEEK, day)
    seen = look(
        notes,
        all_notes=all_notes,
        links=links,
        topics=topics,
        trends=trends,
        language=words.lang,
        window=window,
        windows_before=weeks,
        narrow=occasion.kind is OccasionKind.ASKED,
    )
    if not seen.notes:
        return None
    known = {**all_notes, **{note.id: note for note in seen.notes}}
    draft = Draft(known, words, judge or partial(examine, trends=seen.trends), writer)
    return _Composer(day, begun or day, number, occasion, seen, draft, tuple(sources), site_title).synthesis()


def _post_of(make: Callable[_How, Synthesis | None]) -> Callable[_How, Post | None]:
    @wraps(make)
    def write(*args: _How.args, **how: _How.kwargs) -> Post | None:
        made = make(*args, **how)
        return made.post if made else None

    return write


write_synthesis = _post_of(compose)
"""The post of :func:`compose`, for those who want it alone."""


@dataclass(frozen=True, slots=True)
class _Composer:
    day: date
    begun: date
    number: int
    occasion: Occasion
    seen: Window
    draft: Draft
    sources: tuple[str, ...]
    site_title: str

    @property
    def id(self) -> str:
        return self.occasion.note_id(self.begun, self.number)

    def synthesis(self) -> Synthesis:
        title = self._title()
        body, asked = self._body()
        text = page.document(
            self._properties(plain(title.phrase)),
            page.render(title.phrase, self.draft.number, self.draft.target),
            [*body, self._footer()],
        )
        post = Post(
            id=self.id,
            kind=PostKind.SYNTHESIS,
            date=self.day,
            title=plain(title.phrase),
            lang=self.draft.words.lang,
            path=self.occasion.path,
            note_ids=self.draft.cited(),
            claims=tuple(self.draft.claims),
            text=text,
            report=self.draft.report(),
        )
        return Synthesis(post, asked)

    def _body(self) -> tuple[list[str], tuple[Action, ...]]:
        words, seen, draft = self.draft.words, self.seen, self.draft
        results = chosen_results(seen)
        body = [
            page.quoted_block(overview.header(draft, seen)),
            *section(2, words.insights, [page.numbered(overview.insights(draft, seen))]),
            *section(2, words.table, scoreboard.figures(draft, seen)),
            *section(2, words.trends, [*movements(draft, seen), *topical(draft, seen, results)]),
            *section(2, words.breakthroughs, key_results(draft, results)),
            *section(2, words.bottlenecks, [page.bullets(open_problems(draft, seen))]),
            *section(2, words.watch, [page.bullets(outlook.watch(draft, seen))]),
        ]
        parts, asked = actions(draft, seen)
        body += section(2, words.actions, parts)
        # Last, when every note that the text names has its number.
        body += section(2, words.links, closing.resources(draft, seen))
        body += section(2, words.statement, [page.bullets(closing.statement(draft, seen, self.sources))])
        return body, asked

    def _title(self) -> Statement:
        """The occasion with the topics that lead, as far as they stand."""
        ids = tuple(note.id for note in self.seen.notes)
        full, bare = self._asked(ids) if self.occasion.kind is OccasionKind.ASKED else self._dated(ids)
        chosen = full if full and not self.draft.judge(full.claim, self.draft.notes) else bare
        self.draft.say(chosen, again=True)
        return chosen

    def _dated(self, ids: tuple[str, ...]) -> tuple[Statement | None, Statement]:
        words = self.draft.words
        tally = self.occasion.dated(words, ids)
        tallies = (tally,) if tally else ()
        when = fixed(tally.text if tally else "")
        topics = joined(words, [outside(topic_name(group.topic, words)) for group in self.seen.groups[:_TITLE_TOPICS]])
        bare = Statement(fill(words.trends_plain_title, week=when), ids, tallies=tallies, cited=True)
        full = Statement(fill(words.trends_title, week=when, topics=topics), ids, tallies=tallies, cited=True)
        return full if topics else None, bare

    def _asked(self, ids: tuple[str, ...]) -> tuple[Statement, Statement]:
        words = self.draft.words
        count, tally = telling.count_of(words, self.seen.notes)
        subject: Phrase = outside(inert.one_line(self.occasion.subject))
        full = Statement(fill(words.asked_title, subject=subject, notes=count), ids, tallies=(tally,), cited=True)
        return full, Statement(fill(words.asked_plain_title, notes=count), ids, tallies=(tally,), cited=True)

    def _footer(self) -> str:
        task = "-".join(self.id.split("-")[:2])
        words = note_words.words_for(self.draft.words.lang)
        return words.footer(self.begun.isoformat(), _quality(self.seen.notes), f"learning-{task}")

    def _properties(self, title: str) -> dict[str, object]:
        point = overview.core(self.draft, self.seen)
        stands = point is not None and not self.draft.judge(point.claim, self.draft.notes)
        return {
            "id": self.id,
            "title": inert.property_text(title),
            "created": self.begun,
            **self._renewal(),
            "tags": [
                "synthesis",
                *tags([group.topic for group in self.seen.groups], self.seen.notes),
            ],
            "source": inert.property_text(self.site_title) or "Slipway",
            "source_type": SourceType.SYNTHESIS.value,
            "content_length": 0,
            "quality_score": _quality(self.seen.notes),
            "related_notes": [inert.wikilink(self.draft.target(note_id)) for note_id in self.draft.quoted()],
            "lang": self.draft.words.lang,
            "description": inert.property_text(plain(point.phrase)) if point and stands else "",
        }

    def _renewal(self) -> dict[str, object]:
        """The day of its newest note, where it was begun before: a night that brings nothing changes nothing."""
        newest = max((note.created for note in self.seen.notes if note.created), default=self.begun)
        return {"updated": newest} if newest > self.begun else {}


def _quality(notes: Sequence[VaultNote]) -> float:
    scores = [note.quality_score for note in notes if note.quality_score is not None]
    return round(sum(scores) / len(scores), 2) if scores else 0.0
