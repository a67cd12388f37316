"""``topics/*.md``: a structure note for each living topic: what it is, what is new, its notes in reading order, its timeline."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from notes.files import frontmatter
from notes.markup import inert
from notes.markup.note_words import LABEL
from notes.markup.obsidian import Targets, is_tag
from notes.model import Topic, VaultNote
from notes.pages.page_forms import counts, forms
from notes.pages.page_words import ENGLISH, PageWords
from notes.topics import TopicState

__all__ = ["COUNTED", "Neighbour", "ended", "has_page", "note_id", "path", "render", "target"]

_FEWEST: Final = 2
_SUMMARY_LENGTH: Final = 240
_ABOUT_SENTENCES: Final = 2
_NEW_FOR: Final = timedelta(days=7)
_MOST_NEW: Final = 10
COUNTED: Final = re.compile(
    "|".join(
        (
            rf"^(?:{forms('topic_terms', 'topic_field', 'topic_asleep', 'topic_ended', 'topic_merged').pattern})$",
            rf"^(?:{counts('notes').pattern})(?:, |，)[\d年月日至to -]+[.。]$",
            rf"^## (?:{forms('topic_near').pattern})\n\n(?:- .*\n?)*",
        )
    ),
    re.MULTILINE,
)
"""What a topic says of all its notes together, in any language: its terms, their number and days, its neighbours."""


@dataclass(frozen=True, slots=True)
class Neighbour:
    """Another topic whose notes are linked with this one's: its page's link target, its name, and how many links."""

    target: str
    name: str
    links: int


def has_page(topic: Topic) -> bool:
    """Whether the topic has a structure note: what waits in the inbox may be most of a topic, and is on no page."""
    return len(topic.note_ids) >= _FEWEST


def note_id(topic: Topic) -> str:
    """The id of the topic's structure note: ``topic-<slug>``."""
    return "topic-" + topic.id.removeprefix("topic-")


def path(topic: Topic) -> str:
    """Where the structure note is in the vault."""
    return f"topics/{topic.id.removeprefix('topic-')}.md"


def target(topic: Topic) -> str:
    """What a wikilink to the structure note holds."""
    return path(topic).removesuffix(".md")


def render(
    topic: Topic,
    notes: Mapping[str, VaultNote],
    *,
    tags: Iterable[str] = (),
    neighbours: Sequence[Neighbour] = (),
    field: str = "",
    words: PageWords = ENGLISH,
    targets: Targets | None = None,
) -> str:
    """The whole file. Notes of the topic that are not in ``notes`` (deleted by the user) are left out.

    ``field`` is the name of the field that holds the topic. ``targets`` knows the other files of the vault, which a link could be
    mistaken for. What is new is measured from the topic's newest note, not from today: the same topic gives the same bytes on
    any day.
    """
    leads = targets or Targets()
    members = [notes[member] for member in topic.note_ids if member in notes]
    parts = [
        f"# {inert.to_markdown(topic.name) or words.topic}",
        _about(topic, members, notes.get(topic.medoid), field, words, leads),
        _section(words.topic_new, [_new(note, words, leads) for note in _newest(members)]),
        _section(words.topic_notes, [_entry(number, note, words, leads) for number, note in enumerate(members, 1)]),
        _section(words.topic_timeline, list(_timeline(members, words, leads))),
        _section(words.topic_near, [_neighbour(near, words) for near in neighbours]),
    ]
    return (
        frontmatter.write(_properties(topic, members, tags, words, leads))
        + "\n"
        + "\n\n".join(filter(None, parts))
        + "\n"
    )


def ended(text: str, day: date, heir: str, words: PageWords = ENGLISH) -> str:
    """The page ``text`` of a topic that lives no more, with the day on which it ended, as a property and in words.

    ``heir`` is a wikilink to the topic that took its notes, empty where none did. A page that says so already stays as it is.
    """
    head, fence, body = text.partition("\n---\n")
    if not fence or "\nended: " in head:
        return text
    shown = words.day(day)
    told = words.topic_merged.format(day=shown, topic=heir) if heir else words.topic_ended.format(day=shown)
    title, gap, rest = body.partition("\n\n")
    return f"{head}\nended: {day.isoformat()}{fence}{title}{gap}{told}\n\n{rest}" if gap else text


def _properties(
    topic: Topic, members: list[VaultNote], tags: Iterable[str], words: PageWords, leads: Targets
) -> dict[str, object]:
    name = inert.property_text(topic.name) or words.topic
    related = [target for target in map(leads.of, members) if inert.is_linkable(target)]
    return {
        "id": note_id(topic),
        "title": name,
        "aliases": [name],
        "created": topic.first_seen,
        "updated": topic.last_seen,
        "tags": list(dict.fromkeys(["topic", *(tag for tag in tags if is_tag(tag))])),
        "terms": [inert.property_text(term) for term in topic.terms],
        "related_notes": [f"[[{target}]]" for target in related],
    }


def _section(heading: str, lines: Sequence[str]) -> str:
    return f"## {heading}\n\n" + "\n".join(lines) if lines else ""


def _about(
    topic: Topic,
    members: list[VaultNote],
    medoid: VaultNote | None,
    field: str,
    words: PageWords,
    leads: Targets,
) -> str:
    """What the topic is, in the words of its most central note; its terms and field; how many notes, from when to when."""
    terms = words.comma.join(inert.to_markdown(term) for term in topic.terms)
    span = words.days(topic.first_seen, topic.last_seen)
    parts = [
        _central(medoid, words, leads) if medoid is not None else "",
        words.topic_terms.format(terms=terms) if terms else "",
        words.topic_field.format(field=inert.to_markdown(field)) if field else "",
        words.topic_asleep.format(day=words.day(topic.last_seen)) if topic.state is TopicState.ASLEEP else "",
        f"{words.count(words.notes, len(members))}{words.comma}{span}{words.sentence_end}",
    ]
    return "\n\n".join(filter(None, parts))


def _central(note: VaultNote, words: PageWords, leads: Targets) -> str:
    """The note's first sentences behind a link to it, as an item of a list: where the link must not be shown, they go with it."""
    told = ""
    for sentence in map(_cut, _key_sentences(note)[:_ABOUT_SENTENCES]):
        # Each for itself: a dollar of one and a dollar of the next make no formula.
        shown = inert.to_markdown(sentence)
        told += f" {shown}" if told and told[-1].isascii() else shown
    return f"- {_link(note, leads)}{words.dash}{told}" if told else ""


def _key_sentences(note: VaultNote) -> list[str]:
    """The note's opening: a key sentence a line in a note of Slipway's, else the first paragraph."""
    text = next((section.text for section in note.sections if section.text), "")
    blocks = text.split("\n\n")
    keyed = [block for block in blocks if LABEL.match(block)]
    return [_bare(block) for block in keyed or blocks[:1] if block]


def _bare(sentence: str) -> str:
    """A key sentence without the name of its role."""
    return LABEL.sub("", sentence)


def _cut(text: str) -> str:
    """The text, cut at a word when it is long."""
    if len(text) <= _SUMMARY_LENGTH:
        return text
    cut = text[:_SUMMARY_LENGTH]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"


def _link(note: VaultNote, leads: Targets) -> str:
    return inert.wikilink(leads.of(note), note.title)


def _entry(number: int, note: VaultNote, words: PageWords, leads: Targets) -> str:
    told = inert.to_markdown(_cut("".join(_key_sentences(note)[:1])))
    return f"{number}. {_link(note, leads)}" + (f"{words.dash}{told}" if told else "")


def _day(note: VaultNote) -> date | None:
    """A note stands at its publication, else at its creation."""
    return note.published or note.created


def _newest(members: list[VaultNote]) -> list[VaultNote]:
    """What came in the week before the newest note, newest first; nothing where that would be all of them."""
    dated = [(note.created, note) for note in members if note.created is not None]
    if not dated:
        return []
    since = max(day for day, _ in dated) - _NEW_FOR
    fresh = sorted((pair for pair in dated if pair[0] > since), key=lambda pair: pair[1].id)
    fresh.sort(key=lambda pair: pair[0], reverse=True)
    return [note for _, note in fresh[:_MOST_NEW]] if len(fresh) < len(members) else []


def _new(note: VaultNote, words: PageWords, leads: Targets) -> str:
    return f"- {_link(note, leads)}" + (f"{words.dash}{words.day(note.created)}" if note.created else "")


def _timeline(members: list[VaultNote], words: PageWords, leads: Targets) -> Iterator[str]:
    """One line a day, newest first."""
    days: dict[date, list[VaultNote]] = defaultdict(list)
    for note in members:
        if day := _day(note):
            days[day].append(note)
    for day in sorted(days, reverse=True):
        links = [_link(note, leads) for note in sorted(days[day], key=lambda note: note.id)]
        yield f"- {words.day(day)}{words.colon}{words.comma.join(links)}"


def _neighbour(near: Neighbour, words: PageWords) -> str:
    return f"- {inert.wikilink(near.target, near.name)}{words.dash}{words.count(words.links, near.links)}"
