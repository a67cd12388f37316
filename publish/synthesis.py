"""The trend synthesis: what a window of days says as a whole.

Time range and sources, core insights, figures by system and benchmark, trends by topic, key results, bottlenecks, what to watch,
what to do this week, month and quarter, links, and a statement of what it rests on. Each part is derived from the notes of the
window; a part that has nothing is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from notes.markup import inert
from notes.model import Link, Post, PostKind, Role, SourceType, Tally, TallyKind, Topic, VaultNote
from notes.text import slug
from notes.text.fold import fold
from publish import outlook, overview, page, scoreboard, telling
from publish.brief import Story
from publish.byline import byline
from publish.checker import Judge, examine
from publish.draft import Draft, section
from publish.extract import Quote
from publish.phrase import Span, Statement, fill, fixed, joined, outside, plain
from publish.window import Group, Window, look
from publish.words import words_for

__all__ = ["write_synthesis"]

_TITLE_TOPICS = 2
_TREND_STORIES = 3
_TREND_NAMES = 3
_MOST_TRENDS = 6
_MOST_RESULTS = 4
_MOST_LIMITS = 6
_MOST_TERMS = 6


def write_synthesis(  # noqa: PLR0913 - what a synthesis depends on is all here
    day: date,
    notes: Sequence[VaultNote],
    *,
    all_notes: Mapping[str, VaultNote],
    links: Sequence[Link] = (),
    topics: Sequence[Topic] = (),
    language: str = "en",
    number: int,
    window: tuple[date, date],
    sources: Sequence[str] = (),
    weeks: int = 4,
    begun: date | None = None,
    site_title: str = "",
    judge: Judge = examine,
) -> Post | None:
    """The synthesis of the notes made in ``window`` (both days included), or None when there are none.

    ``number`` is the running number of the day for its id, ``begun`` the day on which this week's synthesis was first written
    (``day`` when this is the first time), so that its id outlives rewriting. ``sources`` are the sources followed, ``weeks`` how
    many earlier windows of the same length the topics are compared with.
    """
    words = words_for(language)
    seen = look(
        notes,
        all_notes=all_notes,
        links=links,
        topics=topics,
        language=words.lang,
        window=window,
        windows_before=weeks,
    )
    if not seen.notes:
        return None
    draft = Draft({**all_notes, **{note.id: note for note in seen.notes}}, words, judge)
    return _Writer(day, begun or day, number, seen, draft, tuple(sources), site_title).post()


@dataclass(frozen=True, slots=True)
class _Writer:
    day: date
    begun: date
    number: int
    seen: Window
    draft: Draft
    sources: tuple[str, ...]
    site_title: str

    @property
    def id(self) -> str:
        year, week, _ = self.day.isocalendar()
        return slug.note_id(self.begun, self.number, f"research trends {year} w{week:02d}")

    def post(self) -> Post:
        words, seen, draft = self.draft.words, self.seen, self.draft
        title = self._title()
        head = overview.header(draft, seen)
        results = [story for story in seen.stories if _is_measured(story)][:_MOST_RESULTS]
        body = [
            page.quoted_block(head),
            *section(2, words.insights, [page.numbered(overview.insights(draft, seen))]),
            *section(2, words.table, scoreboard.figures(draft, seen)),
            *section(2, words.trends, [part for group in seen.groups[:_MOST_TRENDS] for part in self._trend(group)]),
            *section(2, words.breakthroughs, [part for story in results for part in self._result(story)]),
            *section(2, words.bottlenecks, [page.bullets(self._limits())]),
            *section(2, words.watch, [page.bullets(outlook.watch(draft, seen))]),
            *section(2, words.actions, outlook.actions(draft, seen)),
        ]
        # Last, when every note that the text names has its number.
        body += section(2, words.links, outlook.resources(draft, seen))
        body += section(2, words.statement, [page.bullets(outlook.statement(draft, seen, self.sources))])
        year, week, _ = self.day.isocalendar()
        text = page.document(
            self._properties(plain(title.phrase)),
            page.render(title.phrase, draft.number, draft.target),
            [*body, self._footer()],
        )
        return Post(
            id=self.id,
            kind=PostKind.SYNTHESIS,
            date=self.day,
            title=plain(title.phrase),
            lang=words.lang,
            path=f"trends/{year}-W{week:02d}.md",
            note_ids=draft.cited(),
            claims=tuple(draft.claims),
            text=text,
        )

    def _title(self) -> Statement:
        words = self.draft.words
        week = words.week(self.day)
        ids = tuple(note.id for note in self.seen.notes)
        tally = Tally(week, TallyKind.WEEK, ids, end=self.day)
        topics = joined(words, [outside(group.topic.name) for group in self.seen.groups[:_TITLE_TOPICS]])
        bare = Statement(fill(words.trends_plain_title, week=fixed(week)), ids, tallies=(tally,), cited=True)
        full = Statement(fill(words.trends_title, week=fixed(week), topics=topics), ids, tallies=(tally,), cited=True)
        chosen = full if topics and not self.draft.judge(full.claim, self.draft.notes) else bare
        self.draft.say(chosen, again=True)
        return chosen

    def _trend(self, group: Group) -> list[str]:
        """A topic: how much there was and before, its terms, and its works with the idea of each."""
        draft, words = self.draft, self.draft.words
        told = [line for story in group.stories[:_TREND_STORIES] if (line := self._idea(story))]
        rest = [story for story in group.stories if not self._has_idea(story)][:_TREND_NAMES]
        names = joined(words, [telling.named(story, words) for story in rest])
        ids = tuple(note_id for story in rest for note_id in story.note_ids)
        also = draft.say(Statement(fill(words.trend_works, names=names), ids, cited=True)) if rest else ""
        return section(
            3,
            page.render(telling.topic_link(group.topic), draft.number, draft.target),
            [overview.size(draft, group), self._terms(group), page.bullets(told), also],
        )

    def _idea(self, story: Story) -> str:
        """The work and how it goes about it."""
        return self._told(story, story.told(Role.APPROACH) or story.told(Role.CONTEXT) or story.told(Role.PROBLEM))

    def _told(self, story: Story, quotes: Sequence[Quote]) -> str:
        """The work by name and the first of the quotes, unless that has been said."""
        draft, words = self.draft, self.draft.words
        sentence = draft.say(telling.quoted(quotes[0])) if quotes else ""
        name = page.render(_bold(telling.label(story, words)), draft.number, draft.target)
        return f"{name}{words.colon}{sentence}" if sentence else ""

    def _has_idea(self, story: Story) -> bool:
        return any(self.draft.has_said(quote.text) for quote in story.quotes)

    def _terms(self, group: Group) -> str:
        name = fold(group.topic.name)
        terms = [outside(term) for term in group.topic.terms if fold(term) not in name][:_MOST_TERMS]
        if len(terms) < 2:
            return ""
        words = self.draft.words
        ids = tuple(note.id for note in group.notes)
        return self.draft.say(
            Statement(fill(words.trend_terms, terms=joined(words, terms, open_ended=True)), ids, cited=True)
        )

    def _result(self, story: Story) -> list[str]:
        """A work with a figure: problem and result."""
        draft, words = self.draft, self.draft.words
        parts = [
            telling.role_paragraph(draft, told) for role in (Role.PROBLEM, Role.RESULT) if (told := story.told(role))
        ]
        if not any(parts):
            return []
        title = outside(telling.shown_title(story.headline, words))
        return section(
            3,
            page.render(title, draft.number, draft.target),
            [draft.say(byline(story, words), again=True), *parts],
        )

    def _limits(self) -> list[str]:
        """What the works say they cannot do yet; then problems that no key result has told."""
        lines: list[str] = []
        for role in (Role.LIMITATION, Role.PROBLEM):
            for story in self.seen.stories:
                if len(lines) < _MOST_LIMITS and (line := self._told(story, story.told(role))):
                    lines.append(line)
        return lines

    def _footer(self) -> str:
        task = "-".join(self.id.split("-")[:2])
        return f"*Created: {self.begun.isoformat()} | Quality: {_quality(self.seen.notes):.2f} | Task: learning-{task}*"

    def _properties(self, title: str) -> dict[str, object]:
        point = overview.core(self.draft, self.seen)
        return {
            "id": self.id,
            "title": inert.property_text(title),
            "created": self.begun,
            "tags": ["synthesis", *telling.tags([group.topic.id for group in self.seen.groups], self.seen.notes)],
            "source": inert.property_text(self.site_title) or "Slipway",
            "source_type": SourceType.SYNTHESIS.value,
            "content_length": 0,
            "quality_score": _quality(self.seen.notes),
            "related_notes": [inert.wikilink(self.draft.target(note_id)) for note_id in self.draft.quoted()],
            "lang": self.draft.words.lang,
            "description": inert.property_text(plain(point.phrase)) if point else "",
        }


def _bold(phrase: tuple[Span, ...]) -> tuple[Span, ...]:
    text = plain(phrase)
    return (Span(text, bold=(text,)),)


def _is_measured(story: Story) -> bool:
    """Whether a result of the work is told with a figure."""
    return any(quote.figures for quote in story.told(Role.RESULT))


def _quality(notes: Sequence[VaultNote]) -> float:
    scores = [note.quality_score for note in notes if note.quality_score is not None]
    return round(sum(scores) / len(scores), 2) if scores else 0.0
