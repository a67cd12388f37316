"""A post in the making: the one place where sentences pass the checker, get their reference numbers and are said once.

Both writers, and any other that hands in :class:`~publish.post.phrase.Statement` values, place sentences through
:meth:`Draft.say`.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from notes.markup import inert
from notes.markup.obsidian import Targets
from notes.model import Claim, VaultNote
from notes.text.fold import fold
from notes.text.language import cjk_share
from publish.checking.checker import Judge, examine
from publish.post import page
from publish.post.assignment import Assignment, Part, Told, Writer
from publish.post.phrase import Span, Statement, plain
from publish.wording.words import Words

__all__ = ["Draft", "section"]

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class Draft:
    """What has been said so far.

    ``notes`` are all notes that a sentence may name, by id; ``numbers`` the reference numbers in the order of the source list.
    """

    notes: Mapping[str, VaultNote]
    words: Words
    judge: Judge = examine
    writer: Writer | None = None
    numbers: dict[str, int] = field(default_factory=dict)
    claims: list[Claim] = field(default_factory=list)
    dropped: list[tuple[Claim, str]] = field(default_factory=list)
    _said: set[str] = field(default_factory=set)
    _targets: Targets = field(init=False)

    def __post_init__(self) -> None:
        self._targets = Targets(note.path for note in self.notes.values())

    def number(self, note_id: str) -> int:
        """The reference number of a note; the next free one at its first mention."""
        return self.numbers.setdefault(note_id, len(self.numbers) + 1)

    def target(self, note_id: str) -> str:
        """What a wikilink to the note names."""
        note = self.notes.get(note_id)
        return self._targets.of(note) if note else note_id

    def say(self, statement: Statement, *, again: bool = False, aside: bool = False) -> str:
        """The statement as Markdown with its references, or nothing when the judge refuses it or it has been said already.

        ``again`` lets a sentence stand a second time (a title, a label); ``aside`` as well, and leaves it to be told (a table).
        """
        claim = statement.claim
        said = _forms(claim)
        if not said or (said & self._said and not again and not aside):
            return ""
        if reason := self.judge(claim, self.notes):
            self._drop(claim, reason)
            return ""
        self._said |= set() if aside else said
        self.claims.append(claim)
        return self._rendered(statement)

    def remember(self, sentences: Iterable[str]) -> None:
        """Sentences that earlier posts have said: none of them is said again."""
        self._said.update(fold(" ".join(sentence.split())) for sentence in sentences)

    def has_said(self, text: str) -> bool:
        """Whether this very sentence stands in the post already."""
        return fold(" ".join(text.split())) in self._said

    def paragraph(self, statements: Iterable[Statement]) -> str:
        """The statements that stand, as running text."""
        written = ""
        for statement in statements:
            sentence = self.say(statement)
            if sentence:
                written += (self._gap(written, plain(statement.phrase)) if written else "") + sentence
        return written

    def tell(self, assignment: Assignment, own: Iterable[Statement]) -> list[str]:
        """The part of the post as sentences that stand: the writer's where there is one, ``own`` where it has nothing to say.

        A sentence of the writer's that is refused is replaced by the next of ``own`` that nobody has said.
        """
        told = self._told(assignment)
        if not told:
            return self.lines(own)
        spare = iter(own)
        sentences = (self.say(one) or next(filter(None, map(self.say, spare)), "") for one in told)
        return [sentence for sentence in sentences if sentence]

    def retold(self, assignment: Assignment) -> list[str]:
        """The writer's sentences that stand; none where there is no writer, or it has nothing to say."""
        return [line for one in self._told(assignment) if (line := self.say(one))]

    def worded(self, assignment: Assignment, own: Statement) -> Statement:
        """The writer's statement for a part of one sentence when it stands, else ``own``; nothing is said yet.

        For a title or a standfirst, which stand in the properties of the file as well. Of a title the references are left out.
        """
        for one in self._told(assignment)[:1]:
            reason = self.judge(one.claim, self.notes)
            if not reason:
                return replace(one, cited=assignment.part is Part.TITLE)
            self._drop(one.claim, reason)
        return own

    def running(self, sentences: Iterable[str]) -> str:
        """Sentences that stand (of :meth:`tell`) as running text."""
        written = ""
        for sentence in filter(None, sentences):
            written += (self._gap(written, sentence) if written else "") + sentence
        return written

    def report(self) -> tuple[str, ...]:
        """The sentences that were refused, each with the reason, in the order in which they were offered."""
        return tuple(f"{reason} — {claim.text}" for claim, reason in self.dropped)

    def colophon(self) -> list[str]:
        """Who worded sentences of the post beside Slipway itself: a line of Markdown, or nothing."""
        models = sorted({claim.writer for claim in self.claims if claim.writer})
        return [f"*{self.words.by_model.format(model=inert.to_markdown(model, links=False))}*" for model in models]

    def _told(self, assignment: Assignment) -> list[Statement]:
        if self.writer is None:
            return []
        told = self.writer.tell(replace(assignment, language=self.words.lang))
        return [_stated(one, self.writer) for one in told][: assignment.most]

    def _drop(self, claim: Claim, reason: str) -> None:
        self.dropped.append((claim, reason))
        _log.info("sentence dropped: %s", reason)

    def lines(self, statements: Iterable[Statement]) -> list[str]:
        """The statements that stand, one a line."""
        return [line for statement in statements if (line := self.say(statement))]

    def quoted(self) -> tuple[str, ...]:
        """The ids of the notes whose words stand in the post, or are told in a writer's, in the order of the numbers."""
        told = {note_id for claim in self.claims if _shows(claim) or claim.writer for note_id in claim.note_ids}
        return tuple(note_id for note_id in self.cited() if note_id in told)

    def cited(self) -> tuple[str, ...]:
        """The ids of the notes that have a number, in the order of the numbers."""
        return tuple(sorted(self.numbers, key=lambda note_id: self.numbers[note_id]))

    def _rendered(self, statement: Statement) -> str:
        text = page.render(statement.phrase, self.number, self.target)
        if statement.cited:
            return text
        return text + page.references(statement.claim.note_ids, self.number, self.target)

    def _gap(self, before: str, after: str) -> str:
        """No space follows a full stop of Chinese, which brings its own."""
        tail = before.rsplit("[[", 1)[0] if before.endswith("]]") else before
        last = tail.rstrip("⁻\u2009")[-1:]
        return "" if last in "。！？" or (last in "；」”" and cjk_share(after[:4]) > 0) else " "


def _shows(claim: Claim) -> tuple[str, ...]:
    """The quotes that stand in a claim; the sentences by which works stand to each other do not."""
    proof = {one.sentence for one in claim.relations}
    return tuple(quote for quote in claim.quotes if quote not in proof)


def _forms(claim: Claim) -> set[str]:
    """What has been said with a claim: its words, and the sentence of the source that it retells."""
    shown = _shows(claim)
    whole = [quote for quote in shown if len(shown) == 1 and len(quote) * 2 > len(claim.text)]
    return {fold(" ".join(text.split())) for text in (claim.text, *whole)} - {""}


def _stated(told: Told, writer: Writer) -> Statement:
    return Statement((Span(told.text),), told.note_ids, writer=writer.name)


def section(level: int, title: str, parts: Sequence[str]) -> list[str]:
    """A heading with its parts, or nothing at all when there are none."""
    kept = [part for part in parts if part]
    return [page.heading(level, title), *kept] if kept else []
