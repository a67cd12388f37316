"""The sentences that both writers tell of a story: its name, its quotes, its figures, its ties, its place among the sources."""

from __future__ import annotations

import re
from collections.abc import Sequence

from notes.markup import inert
from notes.model import Figure, Role, Tally, TallyKind, Topic, VaultNote
from notes.pages import topic_page
from notes.text.fold import fold
from notes.text.hedges import is_hedged
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside, plain
from publish.sources.addressed import is_title
from publish.sources.brief import Story
from publish.sources.emphasis import bold_parts
from publish.sources.evidence import normalise
from publish.sources.extract import Quote, StoryFigure, clause_around, is_measured
from publish.sources.readable import readable
from publish.sources.reading import nearness
from publish.sources.retelling import retold, speaks_of_itself
from publish.sources.works import short_name
from publish.wording.words import Words

__all__ = [
    "count_of",
    "figure_line",
    "gisted",
    "in_turn",
    "is_own",
    "label",
    "linked",
    "named",
    "quoted",
    "remainder",
    "role_paragraph",
    "short_label",
    "shown_sentence",
    "shown_title",
    "topic_link",
]

_LONGEST_TITLE = 90
_LONGEST_LABEL = 48
_LONGEST_HAN_LABEL = 22
_OWN_LANGUAGE = 1  # the farthest that still is: the other script of Chinese
_MOST_TOPICS = 5  # of works that are not told
_MOST_TITLES = 2  # of works that are not told, to name them rather than count
_LATIN = re.compile(r"[A-Za-z]")
_HAN = re.compile(r"[\u3400-\u9fff]")
_MOST_HAN_OF_A_NAME = 4  # 通义 DeepResearch; MiniPilot2812 自动驾驶仪的设计研究 is a title
_NUMBER = re.compile(r"[\d.,]+")
# Behind the name of the work a clause does without its own "our method".
_OURS = re.compile(r"^[Oo]ur (?=[\w.-]*[A-Z])")
_APPOSED = r"^[Oo]ur [\w -]{{1,40}}, {name}, "
_SAYS = r"[^,;:]{0,60}\b(?:show|demonstrat|reveal|indicat|confirm|find)\w* that "
_THING = r"method|approach|model|framework|system|agent|algorithm|technique|strategy|pipeline|paradigm"
_OWN_SUBJECT = re.compile(
    rf"^(?:{_SAYS})?(?:it|(?:our|this|the proposed|the resulting) (?:[\w.-]+ ){{0,2}}?(?:{_THING}))"
    r"\s+(?=(?:\w+ly )?\w+(?:e?s|ed)\b)",
    re.IGNORECASE,
)


def shown_title(note: VaultNote, words: Words) -> str:
    """The title of a note as a post may show it: a title that gives orders is replaced by the name of its source."""
    title = readable(inert.one_line(note.title))
    return title if is_title(title) else words.untitled.format(source=inert.one_line(note.source))


def label(story: Story, words: Words) -> Phrase:
    """The work by its short name, or by its title in quotation marks; so is a name that looks like words of the sentence."""
    if story.name:
        name = outside(inert.one_line(story.name))
        return name if _is_name(story.name) else _titled(inert.one_line(story.name), words)
    title = shown_title(story.headline, words)
    if not is_title(story.headline.title):
        return outside(title)
    return _titled(_shortened(title), words)


def _titled(title: str, words: Words) -> Phrase:
    """A title in the marks of titles; Chinese titles within a title take the single marks."""
    inner = title.replace("《", "〈").replace("》", "〉") if words.title_open == "《" else title
    return (*fixed(words.title_open), *outside(inner), *fixed(words.title_close))


def short_label(note: VaultNote, words: Words) -> str:
    """A note by the short name of its work, else by its title, cut where it is long."""
    name = short_name(note.title)
    return inert.one_line(name) if name and _is_name(name) else _shortened(shown_title(note, words))


def _is_name(text: str) -> bool:
    """Whether it is told for a name without marks: it has Latin letters, and is no Chinese title that opens with some."""
    return bool(_LATIN.search(text)) and len(_HAN.findall(text)) <= _MOST_HAN_OF_A_NAME


def named(story: Story, words: Words) -> Phrase:
    """The work by name, with the reference numbers of its notes."""
    return (*label(story, words), Span("", refs=story.note_ids))


def linked(story: Story, words: Words) -> Phrase:
    """The work by its short name or title, leading to its note, with the reference numbers of all that tell it."""
    shown = plain(label(story, words))
    return (Span(shown, target=story.headline.id), Span("", refs=story.note_ids))


def quoted(quote: Quote, after: Quote | None = None, *, words: Words | None = None) -> Statement:
    """A sentence of a source as a post tells it, its figures in bold; ``after`` is the sentence told right before it.

    With ``words`` what speaks of itself without being a paper stands in quotation marks.
    """
    # 本文 is told as 该文, which needs no marks; a "we" is left, and does.
    if (
        words
        and not quote.paper
        and speaks_of_itself(retold(quote.text, paper=False))
        and _marks_free(quote.text, words)
    ):
        own = Span(quote.text, bold=quote.figures)
        return Statement((*fixed(words.quote_open), own, *fixed(words.quote_close)), (quote.note_id,), (quote.text,))
    named = after is not None and after.paper and speaks_of_itself(after.text)
    text = retold(quote.text, paper=quote.paper, follows=quote.follows(after), named=named)
    return Statement((Span(text, bold=quote.figures),), (quote.note_id,), (quote.text,))


def shown_sentence(quote: Quote) -> str:
    """The sentence as :func:`quoted` tells it by itself."""
    return plain(quoted(quote).phrase)


def _marks_free(text: str, words: Words) -> bool:
    return words.quote_open not in text and words.quote_close not in text


def in_turn(told: Sequence[Quote], words: Words | None = None) -> list[Statement]:
    """Sentences of one paragraph, each told as the next after the one before."""
    return [quoted(quote, before, words=words) for before, quote in zip((None, *told), told, strict=False)]


def gisted(story: Story, words: Words) -> tuple[Phrase, tuple[str, ...]]:
    """The work by name and by what it is in its source's words, and what that quotes; by name alone where no words are fit."""
    refs = (Span("", refs=story.note_ids),)
    gist, title = story.gist, shown_title(story.headline, words)
    if gist is None or not story.name:
        whole = is_title(story.headline.title) and len(title) <= _LONGEST_TITLE
        # A title that is no more than the name stands as the name does.
        whole = whole and fold(title) != fold(story.name)
        return (*(_titled(title, words) if whole else label(story, words)), *refs), ()
    own = nearness(gist.lang, words.lang) <= _OWN_LANGUAGE
    if own and story.name in gist.text:
        return (*outside(gist.text), *refs), (gist.text,)
    if own:
        return fill(words.gist, name=label(story, words), gist=outside(gist.text), refs=refs), (gist.text,)
    # In brackets no clause hangs on the name.
    text = gist.text.removeprefix("which ")
    told = (*fixed(words.quote_open), *outside(text), *fixed(words.quote_close))
    return fill(words.gist_quoted, name=label(story, words), gist=told, refs=refs), (text,)


def role_paragraph(draft: Draft, told: Sequence[Quote], name: str = "") -> str:
    """The sentences of one role behind its label (or another ``name``), or nothing."""
    text = draft.paragraph(in_turn(told, draft.words))
    return f"**{name or draft.words.roles[told[0].role]}**{draft.words.colon}{text}" if text else ""


def figure_line(story: Story, words: Words, *, worded: bool = False) -> Statement | None:
    """The best figure of a work: its benchmark where the source names one for the work itself, else the clause that holds it.

    With ``worded`` always the clause. None where neither can be said shortly: the section of the work tells it.
    """
    told = (found for found in story.figures if not _is_ahead(story, found))
    lines = (_figure_line(story, found, words, worded=worded) for found in told)
    return next((line for line in lines if line is not None), None)


def _is_ahead(story: Story, found: StoryFigure) -> bool:
    """Whether a figure tells of what was there before the work: it stands in its problem, or in what leads to it."""
    ahead = {quote.text for quote in story.quotes if quote.role in (Role.PROBLEM, Role.CONTEXT)}
    has_more = any(quote.role in (Role.APPROACH, Role.RESULT) for quote in story.quotes)
    return has_more and any(normalise(found.figure.sentence).endswith(normalise(text)) for text in ahead)


def _figure_line(story: Story, found: StoryFigure, words: Words, *, worded: bool) -> Statement | None:
    figure = found.figure
    if is_hedged(figure.sentence):
        return None
    refs = (Span("", refs=(found.note_id,)),)
    if not worded and figure.benchmark and not figure.change and is_own(story, found):
        told = (*outside(figure.system), *fixed(" · "), *outside(figure.benchmark))
        phrase = (Span(figure.text, bold=(figure.text,)), *fixed(words.dash), *told, *refs)
        return Statement(phrase, (found.note_id,), cited=True)
    clause = clause_around(figure.sentence, figure.text)
    if clause == figure.sentence or not is_measured(figure) or _is_bare(figure):
        return None
    shown, names_itself = _without_own_subject(clause, story.name)
    quote = (*fixed(words.quote_open), Span(shown, bold=(figure.text, *bold_parts(shown))), *fixed(words.quote_close))
    named = fill("{name}" + words.colon + "{quote}", name=label(story, words), quote=quote)
    phrase = quote if names_itself else named
    return Statement((*phrase, *refs), (*story.note_ids, found.note_id), (shown,), cited=True)


def _is_bare(figure: Figure) -> bool:
    """Whether it is a number of nothing in particular: "a score of 74.2", on no benchmark."""
    return not figure.benchmark and not figure.change and _NUMBER.fullmatch(figure.text) is not None


def _without_own_subject(clause: str, name: str) -> tuple[str, bool]:
    """A clause without what stands for the work itself ("our method"), and whether it names the work as it then stands."""
    clause = _OURS.sub("", clause)
    if not _names(clause, name):
        return _OWN_SUBJECT.sub("", clause), False
    shown = re.sub(_APPOSED.format(name=re.escape(name)), "", clause)
    return shown, shown == clause


def _names(clause: str, name: str) -> bool:
    """Whether a clause begins with a name or has it as a word of its own: "MathCanvas-Bench" does not name MathCanvas."""
    if not name:
        return False
    alone = re.search(rf"(?<![\w-]){re.escape(name)}(?![\w-])", clause, re.IGNORECASE)
    return alone is not None or clause.casefold().startswith(name.casefold())


def is_own(story: Story, found: StoryFigure) -> bool:
    """Whether the source gives the figure to the work itself rather than to what it is compared with."""
    return story.owns(found.figure.system)


def count_of(words: Words, notes: Sequence[VaultNote]) -> tuple[Phrase, Tally]:
    """``12 notes`` and the tally that lets the checker count them again."""
    text = words.notes(len(notes))
    return fixed(text), Tally(text, TallyKind.NOTES, tuple(note.id for note in notes))


def topic_link(topic: Topic, words: Words) -> Phrase:
    """The name of a topic in the reader's language, leading to its page in the vault, where it has one."""
    target = topic_page.target(topic) if topic_page.has_page(topic) else ""
    return (Span(topic.name_in(words.lang), target=target),)


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
        form = words.further if counted else words.further_bare
        phrase, tallies = fill(form, notes=total, **({"topics": listed} if counted else {})), (tally, *counted)
    return draft.say(Statement(phrase, tuple(note.id for note in every), tallies=tallies, cited=True))


def _by_topic(words: Words, rest: Sequence[Story]) -> tuple[Phrase, list[Tally]]:
    """The topics of the works with the number of their notes, all that is left last; nothing where none has a topic."""
    by_topic: dict[str, tuple[Topic | None, list[VaultNote]]] = {}
    for story in rest:
        held = by_topic.setdefault(story.topic.id if story.topic else "", (story.topic, []))
        held[1].extend(story.notes)
    ordered = sorted(by_topic.items(), key=lambda entry: (not entry[0], -len(entry[1][1]), entry[0]))
    shown = [entry for _, entry in ordered if entry[0]][:_MOST_TOPICS]
    alone = [note for _, entry in ordered if entry not in shown for note in entry[1]]
    listed, tallies = [], []
    for topic, notes in [*shown, *([(None, alone)] if alone and shown else [])]:
        count, tally = count_of(words, notes)
        tallies.append(tally)
        template = words.further_topic if topic else words.further_alone
        listed.append(fill(template, notes=count, **({"topic": topic_link(topic, words)} if topic else {})))
    return joined(words, listed), tallies


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
