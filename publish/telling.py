"""The sentences that both writers tell of a story: its name, its quotes, its figures, its ties, its place among the sources."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence

from notes.links.linking import names_in
from notes.markup import inert
from notes.model import LinkKind, Tally, TallyKind, Topic, VaultNote
from notes.pages import topic_page
from notes.text import slug
from notes.text.hedges import is_hedged
from notes.text.language import cjk_share
from publish.addressed import is_title
from publish.brief import Story, Tie
from publish.draft import Draft
from publish.emphasis import bold_parts
from publish.extract import Quote, StoryFigure, clause_around, is_measured
from publish.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.readable import readable
from publish.words import Words

__all__ = [
    "count_of",
    "figure_line",
    "is_own",
    "label",
    "named",
    "quoted",
    "remainder",
    "role_paragraph",
    "shown_title",
    "tags",
    "tie_words",
    "tied",
    "topic_link",
]

_LONGEST_LABEL = 48
_LONGEST_HAN_LABEL = 22
_MOST_TERMS = 2
_LONGEST_TERM = 30
_MOST_TAGS = 6
_MOST_TITLES = 2  # of works that are not told, to name them rather than count
_KINDS = frozenset({"daily", "synthesis"})
_LATIN = re.compile(r"[A-Za-z]")
_TERM_SPLIT = re.compile(r"\s*[,，、;；·]\s*")


def shown_title(note: VaultNote, words: Words) -> str:
    """The title of a note as a post may show it: a title that gives orders is replaced by the name of its source."""
    title = readable(inert.one_line(note.title))
    return title if is_title(title) else words.untitled.format(source=inert.one_line(note.source))


def label(story: Story, words: Words) -> Phrase:
    """The work by its short name, or by its title in quotation marks; so is a name that looks like words of the sentence."""
    if story.name:
        name = outside(inert.one_line(story.name))
        return name if _LATIN.search(story.name) else (*fixed(words.title_open), *name, *fixed(words.title_close))
    title = shown_title(story.headline, words)
    if not is_title(story.headline.title):
        return outside(title)
    return (*fixed(words.title_open), *outside(_shortened(title)), *fixed(words.title_close))


def named(story: Story, words: Words) -> Phrase:
    """The work by name, with the reference numbers of its notes."""
    return (*label(story, words), Span("", refs=story.note_ids))


def quoted(quote: Quote) -> Statement:
    """A sentence of a source as it stands, its figures in bold."""
    return Statement((Span(quote.text, bold=quote.figures),), (quote.note_id,), (quote.text,))


def role_paragraph(draft: Draft, told: Sequence[Quote], name: str = "") -> str:
    """The sentences of one role behind its label (or another ``name``), or nothing."""
    text = draft.paragraph(quoted(quote) for quote in told)
    return f"**{name or draft.words.roles[told[0].role]}**{draft.words.colon}{text}" if text else ""


def figure_line(story: Story, words: Words, *, worded: bool = False) -> Statement | None:
    """The best figure of a work: its benchmark where the source names one for the work itself, else the clause that holds it.

    With ``worded`` always the clause. None where neither can be said shortly: the section of the work tells it.
    """
    lines = (_figure_line(story, found, words, worded=worded) for found in story.figures)
    return next((line for line in lines if line is not None), None)


def _figure_line(story: Story, found: StoryFigure, words: Words, *, worded: bool) -> Statement | None:
    figure = found.figure
    if is_hedged(figure.sentence):
        return None
    refs = (Span("", refs=(found.note_id,)),)
    if not worded and figure.benchmark and is_own(story, found):
        told = (*outside(figure.system), *fixed(" · "), *outside(figure.benchmark))
        phrase = (Span(figure.text, bold=(figure.text,)), *fixed(words.dash), *told, *refs)
        return Statement(phrase, (found.note_id,), cited=True)
    clause = clause_around(figure.sentence, figure.text)
    if clause == figure.sentence or not is_measured(figure):
        return None
    quote = (*fixed(words.quote_open), Span(clause, bold=(figure.text, *bold_parts(clause))), *fixed(words.quote_close))
    names_itself = story.name and story.name.casefold() in clause.casefold()
    phrase = quote if names_itself else fill("{name}" + words.colon + "{quote}", name=label(story, words), quote=quote)
    return Statement((*phrase, *refs), (*story.note_ids, found.note_id), (clause,), cited=True)


def is_own(story: Story, found: StoryFigure) -> bool:
    """Whether the source gives the figure to the work itself rather than to what it is compared with."""
    return story.owns(found.figure.system)


def tied(draft: Draft, story: Story, known: Mapping[str, VaultNote]) -> Statement | None:
    """The notes of the vault to which the work is tied, and on what each tie rests."""
    ties = [tie for tie in story.ties if tie.note_id in known]
    if not ties:
        return None
    words = draft.words
    parts: list[Span] = []
    for position, tie in enumerate(ties):
        parts.extend(fixed(words.semicolon) if position else ())
        parts.extend(_linked(known[tie.note_id], words))
        parts.extend(fixed(words.bracket_open))
        parts.extend(tie_words(tie, words))
        parts.extend(fixed(words.bracket_close))
    phrase = (*parts, *fixed(words.stop))
    return Statement(phrase, (*story.note_ids, *(tie.note_id for tie in ties)), cited=True)


def tie_words(tie: Tie, words: Words) -> Phrase:
    """On what a tie rests, in the reader's words."""
    if tie.kind is LinkKind.SAME_WORK:
        return fixed(words.vault_same)
    if tie.kind is LinkKind.CITES:
        return fixed(words.vault_cites)
    terms = list(names_in(tie.why)) if tie.kind is LinkKind.MENTIONS else [*filter(_tells, _terms(tie.why))]
    shown = [outside(term) for term in terms[:_MOST_TERMS]]
    return fill(words.vault_shared, names=joined(words, shown)) if shown else fixed(words.vault_close)


def count_of(words: Words, notes: Sequence[VaultNote]) -> tuple[Phrase, Tally]:
    """``12 notes`` and the tally that lets the checker count them again."""
    text = words.notes(len(notes))
    return fixed(text), Tally(text, TallyKind.NOTES, tuple(note.id for note in notes))


def topic_link(topic: Topic) -> Phrase:
    """The name of a topic, leading to its page in the vault."""
    return (Span(topic.name, target=topic_page.path(topic).removesuffix(".md")),)


def remainder(draft: Draft, rest: Sequence[Story]) -> str:
    """One line for the works that are not told: their titles when few, else how many notes, by topic; nothing for none."""
    if not rest:
        return ""
    words = draft.words
    every = [note for story in rest for note in story.notes]
    total, tally = count_of(words, every)
    tallies: tuple[Tally, ...]
    if len(rest) <= _MOST_TITLES:
        names = joined(words, [(Span(shown_title(one.headline, words), target=one.headline.id),) for one in rest])
        phrase = fill(words.further if len(every) > 1 else words.further_one, notes=total, topics=names)
        tallies = (tally,) if len(every) > 1 else ()
    else:
        listed, counted = _by_topic(words, rest)
        phrase, tallies = fill(words.further, notes=total, topics=listed), (tally, *counted)
    return draft.say(Statement(phrase, tuple(note.id for note in every), tallies=tallies, cited=True))


def _by_topic(words: Words, rest: Sequence[Story]) -> tuple[Phrase, list[Tally]]:
    """The topics of the works with the number of their notes, those on other subjects last."""
    by_topic: dict[str, tuple[Topic | None, list[VaultNote]]] = {}
    for story in rest:
        held = by_topic.setdefault(story.topic.id if story.topic else "", (story.topic, []))
        held[1].extend(story.notes)
    ordered = sorted(by_topic.items(), key=lambda entry: (not entry[0], -len(entry[1][1]), entry[0]))
    listed, tallies = [], []
    for _, (topic, notes) in ordered:
        count, tally = count_of(words, notes)
        tallies.append(tally)
        template = words.further_topic if topic else words.further_alone
        listed.append(fill(template, notes=count, **({"topic": topic_link(topic)} if topic else {})))
    return joined(words, listed), tallies


def tags(topic_ids: Sequence[str], notes: Sequence[VaultNote]) -> list[str]:
    """Tags for a post: its topics, then tags that two notes share; what one feed alone says is no tag of a post."""
    held = Counter(tag for note in notes for tag in set(note.tags))
    shared = sorted((tag for tag, number in held.items() if number > 1), key=lambda tag: (-held[tag], tag))
    written = dict.fromkeys([*map(slug.tag, topic_ids), *map(_tag, shared)])
    return [tag for tag in written if tag and tag not in _KINDS][:_MOST_TAGS]


def _tag(tag: str) -> str:
    """A tag of the vault as it stands where it is a good one: Obsidian keeps case but does not tell tags apart by it."""
    clean = slug.tag(tag)
    return tag if tag.casefold() == clean.casefold() else clean


def _linked(note: VaultNote, words: Words) -> Phrase:
    return (Span(shown_title(note, words), target=note.id),)


def _terms(why: str) -> list[str]:
    listed = re.split(r"[:：]", inert.one_line(why))[-1].strip()
    terms = [term for term in _TERM_SPLIT.split(listed) if term]
    return terms if all(len(term) <= _LONGEST_TERM for term in terms) else []


def _tells(term: str) -> bool:
    """Whether a shared term says something alone: a name, a word of Chinese, or more than one word."""
    return len(term.split()) > 1 or any(letter.isupper() or letter.isdigit() for letter in term) or cjk_share(term) > 0


def _shortened(title: str) -> str:
    """A long title cut between words, with an ellipsis."""
    han = sum("\u3400" <= letter <= "\u9fff" for letter in title) * 2 > len(title)
    limit = _LONGEST_HAN_LABEL if han else _LONGEST_LABEL
    if len(title) <= limit:
        return title
    cut = title[:limit]
    if not han and " " in cut:
        cut = cut.rsplit(" ", 1)[0]
    return cut.rstrip(" ,;:，、；：") + "…"
