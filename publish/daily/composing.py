"""The daily post: what the day brought, told in the words of its sources.

Title and standfirst say what the day holds, the introduction groups the works and shows their figures, a section tells each work
(problem, idea, result, limit, and what it touches in the vault), a list names the rest. What has nothing to say is left out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial

from notes.links.linking import names_in
from notes.markup import inert
from notes.model import Link, Post, PostKind, Role, SourceType, Topic, VaultNote
from notes.text import cues
from notes.text.fold import fold
from notes.trends import Trend
from publish.checking.checker import Judge, examine
from publish.daily import frontpage
from publish.daily.advice import advice
from publish.daily.edition import MOST_ALSO, Edition, edition_of
from publish.post import page, telling
from publish.post.assignment import Assignment, Part, Writer
from publish.post.byline import byline, source_list
from publish.post.draft import Draft, section
from publish.post.memory import Told, said_before
from publish.post.named import Titles
from publish.post.phrase import Span, Statement, fill, fixed, joined, outside, plain
from publish.post.tagging import tags
from publish.post.ties import common_terms, tied
from publish.sources.brief import Story
from publish.sources.extract import Quote, is_scored
from publish.sources.findings import finds, is_aside, only_tests
from publish.sources.retelling import points_back, speaks_of_itself
from publish.wording.words import words_for

__all__ = ["write_daily"]

_ROLES = (Role.CONTEXT, Role.PROBLEM, Role.APPROACH, Role.RESULT, Role.LIMITATION)
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
    judge: Judge | None = None,
    writer: Writer | None = None,
    earlier: Sequence[Told] = (),
    trends: Sequence[Trend] = (),
) -> Post | None:
    """The post of ``day`` about its ``notes``, or None when there are none.

    ``all_notes`` is the vault by id, for what the works connect to. ``audience`` names the readers to whom the closing section
    speaks; without it there is none. ``earlier`` is what earlier posts told: no sentence of theirs is said again, and of
    their works only what is new. ``writer`` may tell parts in words of its own; ``trends`` say what is on the rise. ``judge`` is
    the checker unless another is given.
    """
    fresh = sorted((note for note in notes if note.source_type not in _WRITTEN), key=lambda note: note.id)
    if not fresh:
        return None
    words = words_for(language)
    known = {**all_notes, **{note.id: note for note in fresh}}
    before = [told for told in earlier if told.date < day]
    edition = edition_of(
        fresh, links, topics, language=words.lang, most=max_stories, known=known, earlier=before, trends=trends
    )
    draft = Draft(known, words, judge or partial(examine, trends=trends), writer)
    draft.remember(said_before(before))
    return _Daily(day, edition, draft, known, audience, site_title, trends, common_terms(links), Titles(known)).post()


@dataclass(frozen=True, slots=True)
class _Daily:
    day: date
    edition: Edition
    draft: Draft
    known: Mapping[str, VaultNote]
    audience: str
    site_title: str
    trends: Sequence[Trend]
    common: frozenset[str]
    titles: Titles

    def post(self) -> Post:
        words = self.draft.words
        title = frontpage.title(self.draft, self.edition, self.day)
        self.draft.say(title, again=True)
        first, standfirst = frontpage.standfirst(self.draft, self.edition, self.day)
        body = [
            standfirst,
            *frontpage.introduction(self.draft, self.edition, self.trends),
            *(part for story in self.edition.main for part in self._story(story)),
            *self._reviews(),
            *section(2, words.also, self._rest()),
            *advice(self.draft, self.edition, self.audience),
        ]
        sources = section(2, words.sources, [source_list(self.draft, self.known), *self.draft.colophon()])
        shown = plain(title.phrase)
        text = page.document(
            self._properties(shown, plain(first.phrase)),
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
            report=self.draft.report(),
        )

    def _story(self, story: Story, *, level: int = 2) -> list[str]:
        words, draft = self.draft.words, self.draft
        heading = Statement(outside(telling.shown_title(story.headline, words)), story.note_ids, cited=True)
        tie = tied(draft, story, self.known, self.common, self.titles)
        parts = [
            draft.say(byline(story, words), again=True),
            *(self._news(story) if story.lead.id in self.edition.before else self._roles(story)),
        ]
        tie_text = draft.say(tie) if tie else ""
        return section(
            level,
            draft.say(heading, again=True) or page.render(telling.label(story, words), draft.number, draft.target),
            [*parts, f"**{words.in_vault}**{words.colon}{tie_text}" if tie_text else ""],
        )

    def _roles(self, story: Story) -> list[str]:
        """What is wrong, what is done, what came of it, what is left: each behind its label."""
        alone = all(quote.role is Role.CONTEXT for quote in story.quotes)
        return [self._role(story, role, alone=alone) for role in _ROLES]

    def _role(self, story: Story, role: Role, *, alone: bool) -> str:
        words, quotes = self.draft.words, story.told(role)
        name = words.background if role is Role.CONTEXT and not alone else words.roles[role]
        part = Assignment(part=Part.STORY, stories=(story,), role=role, most=max(1, len(quotes)))
        text = self.draft.running(self.draft.tell(part, telling.in_turn(quotes, words)))
        return f"**{name}**{words.colon}{text}" if text else ""

    def _news(self, story: Story) -> list[str]:
        """Of a work that an earlier post told, what is new since."""
        words, told = self.draft.words, self.edition.before[story.lead.id]
        text = self.draft.paragraph(telling.in_turn(story.quotes, words))
        return [f"**{self._dated(words.daily_since, told)}**{words.colon}{text}"] if text else []

    def _reviews(self) -> list[str]:
        parts = [part for story in self.edition.reviews for part in self._story(story, level=3)]
        return section(2, self.draft.words.reviews, parts)

    def _rest(self) -> list[str]:
        """The weightiest works without a section, and one line for all others."""
        rest = [story for story in self.edition.rest if story.lead.id not in self.edition.before]
        listed = page.bullets(self._also(story) for story in rest[:MOST_ALSO])
        return [listed, telling.remainder(self.draft, rest[MOST_ALSO:]), self._released(), *self._again()]

    def _released(self) -> str:
        """New versions of programs, by name."""
        words, released = self.draft.words, self.edition.releases
        names = joined(words, [telling.linked(story, words) for story in released])
        ids = tuple(note_id for story in released for note_id in story.note_ids)
        return self.draft.say(Statement(fill(words.releases, names=names), ids, cited=True)) if released else ""

    def _again(self) -> list[str]:
        """The works that came again without news, by the day of the post that told them, which is a link to it."""
        words, before = self.draft.words, self.edition.before
        again = [story for story in self.edition.rest if story.lead.id in before]
        lines = []
        posts = {one.post_id: one for story in again for one in (before[story.lead.id],)}
        for post in sorted(posts.values(), key=lambda one: (one.date, one.post_id)):
            told = [story for story in again if before[story.lead.id].post_id == post.post_id]
            ids = tuple(note_id for story in told for note_id in story.note_ids)
            phrase = (*joined(words, [telling.linked(story, words) for story in told]), *fixed(words.stop))
            if line := self.draft.say(Statement(phrase, ids, cited=True), again=True):
                lines.append(f"{self._dated(words.daily_told, post)}{words.colon}{line}")
        return lines

    def _dated(self, form: str, told: Told) -> str:
        """Words about an earlier post, its day a link to it."""
        day = (Span(self.draft.words.day(told.date), target=told.target or told.post_id),)
        return page.render(fill(form, day=day), self.draft.number, self.draft.target)

    def _also(self, story: Story) -> str:
        """The work as a link, and the sentence that tells best what came of it; its other notes are named with the title."""
        words = self.draft.words
        best = _blurb(story)
        sentence = self.draft.say(telling.quoted(best, words=words)) if best else ""
        others = tuple(note_id for note_id in story.note_ids if not sentence or not best or note_id != best.note_id)
        title = (Span(telling.shown_title(story.headline, words), target=story.headline.id), Span("", refs=others))
        line = self.draft.say(Statement(title, story.note_ids, cited=True), again=True)
        return f"{line}{words.dash}{sentence}" if sentence else line

    def _tags(self) -> list[str]:
        topics = [story.topic for story in self.edition.told if story.topic]
        return tags(topics, self.edition.notes)

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


def _tells_alone(story: Story, sentence: str) -> bool:
    """Whether a sentence reports a finding, and of the work: "EAGLET cuts costs by 8x" says nothing where no title names it."""
    if not (cues.count(sentence, Role.RESULT) > 0 or finds(sentence)):
        return False
    strangers = {fold(name) for name in names_in(sentence)} - {fold(name) for name in names_in(story.headline.title)}
    named = bool(story.name) and fold(story.name) in fold(sentence)
    return named or not strangers or speaks_of_itself(sentence)


def _idea_rank(story: Story, sentence: str) -> tuple[bool, bool, bool]:
    """Best where it names the work; last what it does besides, and what only its place in the text calls an idea."""
    named = not story.name or story.name in sentence
    return is_aside(sentence), not named, not cues.count(sentence, Role.APPROACH)


def _blurb(story: Story) -> Quote | None:
    """A result with its figure, else the idea, best where it names the work, else a bare result, else the problem.

    Nothing that points back: here a sentence stands quite alone.
    """
    results = story.told(Role.RESULT)
    measured = tuple(quote for quote in results if is_scored(quote) and _tells_alone(story, quote.text))
    ideas = sorted(story.told(Role.APPROACH), key=lambda quote: _idea_rank(story, quote.text))
    told = (*measured, *ideas, *results, *story.told(Role.PROBLEM))
    return next((quote for quote in told if not points_back(quote.text) and not only_tests(quote.text)), None)
