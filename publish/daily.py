"""The daily post: what the day brought, told in the words of its sources.

Title and standfirst say what the day holds, the introduction groups the works and shows their figures, a section tells each work
(problem, idea, result, limit, and what it touches in the vault), a list names the rest. What has nothing to say is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from notes.markup import inert
from notes.model import Link, Post, PostKind, Role, SourceType, Tally, TallyKind, Topic, VaultNote
from notes.text.fold import fold
from publish import page, telling
from publish.advice import advice
from publish.brief import Story
from publish.byline import byline, source_list
from publish.checker import Judge, examine
from publish.draft import Draft, section
from publish.edition import MOST_ALSO, Edition, edition_of
from publish.evidence import carriers
from publish.extract import Quote
from publish.phrase import Phrase, Span, Statement, fill, fixed, joined, outside, plain
from publish.words import words_for

__all__ = ["write_daily"]

_MOST_FIGURES = 4
_MOST_NAMES = 3
_LONGEST_TITLE = 90
_ROLES = (Role.CONTEXT, Role.PROBLEM, Role.APPROACH, Role.RESULT, Role.LIMITATION)
_JOINT = " · "  # between the parts of a topic's name
_WRITTEN = frozenset({SourceType.POST.value, SourceType.SYNTHESIS.value})


def write_daily(  # noqa: PLR0913 - what a post depends on is all here
    day: date,
    notes: Sequence[VaultNote],
    *,
    all_notes: Mapping[str, VaultNote],
    links: Sequence[Link] = (),
    topics: Sequence[Topic] = (),
    language: str = "en",
    max_stories: int = 6,
    audience: str = "",
    site_title: str = "",
    judge: Judge = examine,
) -> Post | None:
    """The post of ``day`` about its ``notes``, or None when there are none.

    ``all_notes`` is the vault by id, for what the works connect to. ``audience`` names the readers to whom the closing section
    speaks; without it there is none.
    """
    fresh = sorted((note for note in notes if note.source_type not in _WRITTEN), key=lambda note: note.id)
    if not fresh:
        return None
    words = words_for(language)
    known = {**all_notes, **{note.id: note for note in fresh}}
    edition = edition_of(fresh, links, topics, language=words.lang, most=max_stories)
    draft = Draft(known, words, judge)
    return _Writer(day, edition, draft, known, audience, site_title).post()


@dataclass(frozen=True, slots=True)
class _Writer:
    day: date
    edition: Edition
    draft: Draft
    known: Mapping[str, VaultNote]
    audience: str
    site_title: str

    def post(self) -> Post:
        words = self.draft.words
        title = self._title()
        standfirst = self._standfirst()
        body = [
            self.draft.say(standfirst, again=True),
            *self._introduction(),
            *(part for story in self.edition.main for part in self._story(story)),
            *self._reviews(),
            *section(2, words.also, self._rest()),
            *advice(self.draft, self.edition, self.audience),
        ]
        sources = section(2, words.sources, [source_list(self.draft, self.known)])
        shown = plain(title.phrase)
        text = page.document(
            self._properties(shown, plain(standfirst.phrase)),
            page.render(title.phrase, self.draft.number, self.draft.target),
            [*body, *sources],
        )
        return Post(
            id=f"post-{self.day.isoformat()}",
            kind=PostKind.DAILY,
            date=self.day,
            title=shown,
            lang=words.lang,
            path=f"posts/{self.day.isoformat()}.md",
            note_ids=self.draft.cited(),
            claims=tuple(self.draft.claims),
            text=text,
        )

    def _title(self) -> Statement:
        """The names of the leading works, with the topic that most of them share."""
        every = self.edition.told or self.edition.every
        lead = [story for story in every if story.name][:_MOST_NAMES] or every[:1]
        for number in range(len(lead), 0, -1):
            title = self._title_of(lead[:number])
            if number == 1 or len(plain(title.phrase)) <= _LONGEST_TITLE:
                break
        return title if self.draft.say(title, again=True) else self._day_alone()

    def _day_alone(self) -> Statement:
        """The title of a day whose works cannot be named truly."""
        day = self.draft.words.day(self.day)
        ids = tuple(note.id for note in self.edition.notes)
        dated = Statement(fixed(day), ids, tallies=(Tally(day, TallyKind.DAY, ids),), cited=True)
        self.draft.say(dated, again=True)
        return dated

    def _title_of(self, lead: Sequence[Story]) -> Statement:
        words = self.draft.words
        ids = tuple(note_id for story in lead for note_id in story.note_ids)
        if len(self.edition.every) == 1 or not any(story.name for story in lead):
            return Statement(outside(telling.shown_title(lead[0].headline, words)), ids, cited=True)
        names = joined(words, [outside(inert.one_line(story.name)) for story in lead if story.name])
        topic = self.edition.leading_topic()
        subject = _besides(topic.name, plain(names)) if topic else ""
        phrase = fill("{names}" + words.colon + "{topic}", names=names, topic=outside(subject)) if subject else names
        held = self.edition.of_topic(topic) if topic else ()
        return Statement(phrase, (*ids, *(note.id for note in held)), cited=True)

    def _standfirst(self) -> Statement:
        words, notes = self.draft.words, self.edition.notes
        day = fixed(words.day(self.day))
        count, tally = telling.count_of(words, notes)
        ids = tuple(note.id for note in notes)
        tallies = [Tally(words.day(self.day), TallyKind.DAY, ids), tally]
        sources = sorted(carriers(notes))
        if len(notes) == 1:
            source = outside(inert.one_line(sources[0]))
            return Statement(fill(words.daily_quiet, day=day, notes=count, source=source), ids, tallies=tuple(tallies))
        if len(sources) == 1:
            shown: Phrase = outside(inert.one_line(sources[0]))
        else:
            shown = fixed(words.source_count(len(sources)))
            tallies.append(Tally(words.source_count(len(sources)), TallyKind.SOURCES, ids))
        group: Phrase = ()
        topic = self.edition.leading_topic()
        if topic:
            held, held_tally = telling.count_of(words, self.edition.of_topic(topic))
            tallies.append(held_tally)
            group = fill(words.daily_group, notes=held, topic=telling.topic_link(topic))
        phrase = fill(words.daily_standfirst, day=day, notes=count, sources=shown, group=group)
        # The notes are counted, not told: the numbers are those of the works with a section.
        told = tuple(note_id for story in self.edition.told or self.edition.every for note_id in story.note_ids)
        return Statement((*phrase, Span("", refs=told)), ids, tallies=tuple(tallies), cited=True)

    def _introduction(self) -> list[str]:
        """The works by topic, and the figures of the day."""
        if len(self.edition.told) < 2:
            return []
        words = self.draft.words
        groups = [self._group(topic, told) for topic, told in self.edition.by_topic()]
        lines = (telling.figure_line(story, words) for story in self.edition.told)
        figures = self.draft.lines([line for line in lines if line][:_MOST_FIGURES])
        listed = [f"**{words.daily_figures}**{words.colon.rstrip()}", page.bullets(figures)] if figures else []
        return [text for text in (self.draft.paragraph(groups), *listed) if text]

    def _group(self, topic: Topic | None, told: Sequence[Story]) -> Statement:
        words = self.draft.words
        ids = tuple(note_id for story in told for note_id in story.note_ids)
        names = joined(words, [telling.named(story, words) for story in told])
        if topic is None:
            return Statement(fill(words.daily_rest, names=names), ids, cited=True)
        return Statement(fill(words.daily_topic, topic=telling.topic_link(topic), names=names), ids, cited=True)

    def _story(self, story: Story, *, level: int = 2) -> list[str]:
        words, draft = self.draft.words, self.draft
        heading = Statement(outside(telling.shown_title(story.headline, words)), story.note_ids, cited=True)
        alone = all(quote.role is Role.CONTEXT for quote in story.quotes)
        parts = [
            telling.role_paragraph(draft, told, "" if alone or role is not Role.CONTEXT else words.background)
            for role in _ROLES
            if (told := story.told(role))
        ]
        tie = telling.tied(draft, story, self.known)
        tie_text = draft.say(tie) if tie else ""
        return section(
            level,
            draft.say(heading, again=True) or page.render(telling.label(story, words), draft.number, draft.target),
            [
                draft.say(byline(story, words), again=True),
                *parts,
                f"**{words.in_vault}**{words.colon}{tie_text}" if tie_text else "",
            ],
        )

    def _reviews(self) -> list[str]:
        parts = [part for story in self.edition.reviews for part in self._story(story, level=3)]
        return section(2, self.draft.words.reviews, parts)

    def _rest(self) -> list[str]:
        """The weightiest works without a section, and one line for all others."""
        rest = self.edition.rest
        listed = page.bullets(self._also(story) for story in rest[:MOST_ALSO])
        return [listed, telling.remainder(self.draft, rest[MOST_ALSO:])]

    def _also(self, story: Story) -> str:
        """The work as a link, and the sentence that tells best what came of it; its other notes are named with the title."""
        words = self.draft.words
        best = _blurb(story)
        sentence = self.draft.say(telling.quoted(best)) if best else ""
        others = tuple(note_id for note_id in story.note_ids if not sentence or not best or note_id != best.note_id)
        title = (Span(telling.shown_title(story.headline, words), target=story.headline.id), Span("", refs=others))
        line = self.draft.say(Statement(title, story.note_ids, cited=True), again=True)
        return f"{line}{words.dash}{sentence}" if sentence else line

    def _tags(self) -> list[str]:
        return telling.tags([story.topic.id for story in self.edition.told if story.topic], self.edition.notes)

    def _properties(self, title: str, description: str) -> dict[str, object]:
        return {
            "id": f"post-{self.day.isoformat()}",
            "title": inert.property_text(title),
            "created": self.day,
            "tags": ["daily", *self._tags()],
            "source": inert.property_text(self.site_title) or "Slipway",
            "source_type": SourceType.POST.value,
            "content_length": 0,
            "related_notes": [inert.wikilink(self.draft.target(note_id)) for note_id in self.draft.quoted()],
            "lang": self.draft.words.lang,
            "description": inert.property_text(description),
        }


def _besides(topic: str, names: str) -> str:
    """The parts of a topic's name that the names do not hold already."""
    parts = [part for part in topic.split(_JOINT) if fold(part) not in fold(names)]
    return _JOINT.join(parts)


def _blurb(story: Story) -> Quote | None:
    """A result with its figure, else the idea, else a bare result, else the problem; a mere remark is none of them."""
    results = story.told(Role.RESULT)
    measured = tuple(quote for quote in results if quote.figures)
    told = (*measured, *story.told(Role.APPROACH), *results, *story.told(Role.PROBLEM))
    return told[0] if told else None
