"""What is new in a work that an earlier post told: results and limits with figures that its notes did not have then.

The same work comes back under another note: the paper after the announcement, a report in another language, a second version.
A reader of the earlier post wants to hear only what is new since.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notes.identity import arxiv_id
from notes.links.linking import names_in
from notes.model import Link, LinkKind, Role, VaultNote
from notes.quantities.numbers import values
from notes.text.fold import fold
from publish.post.memory import Told, latest_of
from publish.sources.brief import Story
from publish.sources.evidence import source_text
from publish.sources.works import grouped, short_name

__all__ = ["Retelling", "told_before"]

_NEWS = (Role.RESULT, Role.LIMITATION)
_LEAST_WORDS = 2


@dataclass(frozen=True, slots=True)
class Retelling:
    """A work that ``told`` told before; ``story`` holds of its sentences those that are new since."""

    story: Story
    told: Told


def told_before(
    found: Sequence[Story], known: Mapping[str, VaultNote], links: Sequence[Link], earlier: Sequence[Told]
) -> dict[str, Retelling]:
    """By the id of their lead note, the works that earlier posts told under other notes."""
    fresh = {note_id for story in found for note_id in story.note_ids}
    old = {note_id: known[note_id] for told in earlier for note_id in told.note_ids if note_id in known}
    old = {note_id: note for note_id, note in old.items() if note_id not in fresh}
    keys = {note_id: _keys(note) for note_id, note in old.items()}
    retellings: dict[str, Retelling] = {}
    for story in found if old else ():
        same = _same_work(story, old, keys, links)
        told = latest_of([note.id for note in same], earlier)
        if told is not None:
            retellings[story.lead.id] = Retelling(_news_of(story, same), told)
    return retellings


def _same_work(
    story: Story, old: Mapping[str, VaultNote], keys: Mapping[str, set[str]], links: Sequence[Link]
) -> list[VaultNote]:
    """The notes of earlier posts that tell the very work."""
    tied = {tie.note_id for tie in story.ties if tie.kind is LinkKind.SAME_WORK}
    own_keys = {key for note in story.notes for key in _keys(note)}
    like = [note for note_id, note in sorted(old.items()) if note_id in tied or own_keys & keys[note_id]]
    if not like:
        return []
    own = next(group for group in grouped([*story.notes, *like], links) if story.lead in group)
    return [note for note in own if note.id not in story.note_ids]


def _keys(note: VaultNote) -> set[str]:
    """What notes of one work may have in common: the paper, the name."""
    name = short_name(note.title)
    papers = {note.arxiv_id, *(found[0] for one in note.references if (found := arxiv_id(one)))} - {""}
    return papers | ({fold(name)} if names_in(name) or len(name.split()) >= _LEAST_WORDS else set())


def _news_of(story: Story, before: Sequence[VaultNote]) -> Story:
    """The work with those sentences that the earlier notes do not have in substance."""
    texts = [source_text(note) for note in before]
    known = {value for text in texts for value in values(text)}
    return story.only([quote for quote in story.quotes if quote.role in _NEWS and set(values(quote.text)) - known])
