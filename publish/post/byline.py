"""Where a work comes from: the line under its heading, and the list to which the reference numbers point."""

from __future__ import annotations

from collections.abc import Mapping

from notes.identity import canonical_url
from notes.markup import inert
from notes.model import Tally, TallyKind, VaultNote
from notes.text.fold import fold
from publish.post import page
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.post.telling import shown_title
from publish.sources.addressed import is_name
from publish.sources.brief import Story
from publish.wording.words import Words

__all__ = ["byline", "source_list"]

_MOST_AUTHORS = 3
_DATASET = "/datasets/"  # in an address of Hugging Face or ModelScope


def byline(story: Story, words: Words) -> Statement:
    """Source, authors, day and addresses of a work (of its paper when there is one), with the other sources that carried it."""
    note = story.primary
    parts: list[Phrase] = [outside(inert.one_line(note.source))] if note.source else []
    if authors := _authors(note, words):
        parts.append(authors)
    tallies: tuple[Tally, ...] = ()
    day = note.published or note.created
    if day is not None:
        parts.append(fixed(words.day(day)))
        tallies = (Tally(words.day(day), TallyKind.DAY, (note.id,)),)
    address = page.address_of(note)
    if address:
        parts.append((Span(words.original, ours=True, url=address),))
    if story.code and canonical_url(story.code) != canonical_url(address):
        held = words.dataset if _DATASET in story.code else words.code
        parts.append((Span(held, ours=True, url=story.code),))
    if others := [_place(story, source) for source in story.sources if source != note.source]:
        parts.append(fill(words.also_in + " {names}", names=joined(words, others, open_ended=True)))
    spans = [span for position, part in enumerate(parts) for span in ((*fixed(" · "), *part) if position else part)]
    return Statement(tuple(spans), story.note_ids, tallies=tallies)


def _place(story: Story, source: str) -> Phrase:
    """Another source by name, leading to what it wrote itself."""
    address = next((page.address_of(note) for note in story.notes if note.source == source), "")
    return (Span(inert.one_line(source), url=address),)


def source_list(draft: Draft, known: Mapping[str, VaultNote]) -> str:
    """The numbered list to which the reference numbers point: each note with its source, authors and address."""
    return page.numbered(_source(known[note_id], draft) for note_id in draft.cited() if note_id in known)


def _source(note: VaultNote, draft: Draft) -> str:
    link = inert.wikilink(draft.target(note.id), shown_title(note, draft.words))
    parts = [inert.to_markdown(note.source, links=False)] if note.source else []
    authors = _authors(note, draft.words)
    if authors:
        parts.append(page.render(authors, draft.number, draft.target))
    if address := page.address_of(note):
        parts.append(f"<{address}>")
    return f"{link}{draft.words.dash}{' · '.join(parts)}" if parts else link


def _authors(note: VaultNote, words: Words) -> Phrase:
    """The authors whose names look like names, without a source that signs for itself."""
    named = [inert.one_line(author) for author in note.authors]
    shown = [author for author in named if is_name(author) and fold(author) != fold(note.source)]
    if not shown:
        return ()
    names = joined(words, [outside(author) for author in shown[:_MOST_AUTHORS]], open_ended=len(shown) > _MOST_AUTHORS)
    return fill(words.and_others, names=names) if len(shown) > _MOST_AUTHORS else names
