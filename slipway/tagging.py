"""Tagging: which tags the notes get, and which new ones are proposed. The decisions are :mod:`notes.tags.vocabulary`'s."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from ingest.reading.entries import is_withdrawn
from notes.model import Link, Slip
from notes.tags.vocabulary import Tagged, Vocabulary
from notes.text import slug
from slipway.app import App
from slipway.library import Holding, Library

__all__ = ["WITHDRAWN", "TagProposal", "fixed_tags", "learn_vocabulary", "proposals", "tags_of"]

WITHDRAWN = "withdrawn"
"""The tag of a paper that its authors took back."""

_ACCEPTED = "accepted"
_OFFER = "tag:"


@dataclass(frozen=True, slots=True)
class TagProposal:
    """A tag that several notes would get, if the user says so; ``name`` without ``#``."""

    name: str
    note_ids: tuple[str, ...]
    why: str


def learn_vocabulary(app: App, library: Library) -> Vocabulary:
    """The tags of the user's own notes, and those that the user accepted, with the synonyms of the configuration."""
    made = app.store.notes().keys()
    given = {slug.tag(tag) for source in app.config.sources for tag in source.tags} | {WITHDRAWN}
    own = [
        Tagged(holding.document.title, holding.document.text, _users(holding, given if holding.id in made else ()))
        for holding in library.notes.values()
        if holding.slip is None
    ]
    accepted = [name for name, verdict in _answers(app).items() if verdict == _ACCEPTED]
    return Vocabulary.learn(own, accepted=accepted, synonyms=app.config.tags.synonyms)


def _users(holding: Holding, given: Collection[str]) -> tuple[str, ...]:
    """The tags of a note that the user wrote or edited, less those that its source ``given``."""
    tags = holding.document.tags
    return tuple(tag for tag in tags if tag not in given and not (given and tag.startswith("arxiv/")))


def _answers(app: App) -> dict[str, str]:
    """The user's word on tags, by tag."""
    told = app.store.offers()
    return {name.removeprefix(_OFFER): verdict for name, verdict in told.items() if name.startswith(_OFFER)}


def fixed_tags(slip: Slip) -> tuple[str, ...]:
    """ArXiv categories under ``arxiv/``, what the source's settings give, and whether the paper was withdrawn."""
    categories = [slug.arxiv_tag(category) for category in slip.item.categories] if slip.item.arxiv_id else []
    fate = [WITHDRAWN] if is_withdrawn(slip.item) else []
    return tuple(dict.fromkeys(filter(None, (*categories, *map(slug.tag, slip.item.tags), *fate))))


def tags_of(
    vocabulary: Vocabulary, holding: Holding, links: Sequence[Link], notes: Mapping[str, Holding]
) -> tuple[str, ...]:
    """The tags of a note that came from a slip. Only a new note, without a file yet, asks the notes that it is linked to."""
    slip = holding.slip
    assert slip is not None
    others = (notes[link.dst] for link in links if link.dst in notes) if holding.file is None else ()
    return vocabulary.tags(
        slip.item.title,
        slip.item.text,
        fixed=fixed_tags(slip),
        standing=holding.file.tags if holding.file is not None else (),
        near=[other.document.tags for other in others if other.slip is None],
    )


def proposals(app: App, library: Library) -> tuple[TagProposal, ...]:
    """Tags for key phrases that several notes share, best first; none on which the user has spoken."""
    from index.taste.subjects import subjects_of
    from index.themes.topic_words import is_thing
    from notes.tags.tag_proposals import propose

    told = subjects_of(app.cache, [holding.document for holding in library.notes.values()])
    found = propose(told, learn_vocabulary(app, library), answered=_answers(app), tells=is_thing)
    return tuple(TagProposal(one.name, one.note_ids, _why(len(one.note_ids), one.titled)) for one in found)


def _why(notes: int, titled: int) -> str:
    return f"{notes} notes are about it, {titled} by their title"
