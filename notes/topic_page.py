"""``topics/*.md``: a structure note for each living topic, what it is, its notes in reading order, its timeline."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from datetime import date

from . import frontmatter, inert
from .model import Topic, VaultNote
from .obsidian import is_tag, link_target

__all__ = ["note_id", "path", "render"]

_SUMMARY_LENGTH = 240


def note_id(topic: Topic) -> str:
    """The id of the topic's structure note: ``topic-<slug>``."""
    return "topic-" + topic.id.removeprefix("topic-")


def path(topic: Topic) -> str:
    """Where the structure note is in the vault."""
    return f"topics/{topic.id.removeprefix('topic-')}.md"


def render(topic: Topic, notes: Mapping[str, VaultNote], *, tags: Iterable[str] = ()) -> str:
    """The whole file. Notes of the topic that are not in ``notes`` (deleted by the user) are left out."""
    members = [notes[member] for member in topic.note_ids if member in notes]
    parts = [
        f"# {inert.to_markdown(topic.name) or 'Topic'}",
        _about(topic, members),
        _section("Notes", [_entry(number, note) for number, note in enumerate(members, 1)]),
        _section("Timeline", list(_timeline(members))),
    ]
    return frontmatter.write(_properties(topic, members, tags)) + "\n" + "\n\n".join(filter(None, parts)) + "\n"


def _properties(topic: Topic, members: list[VaultNote], tags: Iterable[str]) -> dict[str, object]:
    name = inert.property_text(topic.name) or "Topic"
    return {
        "id": note_id(topic),
        "title": name,
        "aliases": [name],
        "created": topic.first_seen,
        "updated": topic.last_seen,
        "tags": list(dict.fromkeys(["topic", *(tag for tag in tags if is_tag(tag))])),
        "terms": [inert.property_text(term) for term in topic.terms],
        "related_notes": [f"[[{link_target(note)}]]" for note in members],
    }


def _section(heading: str, lines: list[str]) -> str:
    return f"## {heading}\n\n" + "\n".join(lines) if lines else ""


def _about(topic: Topic, members: list[VaultNote]) -> str:
    terms = ", ".join(inert.to_markdown(term) for term in topic.terms)
    count = "1 note" if len(members) == 1 else f"{len(members)} notes"
    seen = f"{count}, {topic.first_seen.isoformat()} to {topic.last_seen.isoformat()}."
    return f"**Terms**: {terms}\n\n{seen}" if terms else seen


def _entry(number: int, note: VaultNote) -> str:
    told = inert.to_markdown(_first_sentence(note))
    return f"{number}. {inert.wikilink(link_target(note), note.title)}" + (f" — {told}" if told else "")


def _first_sentence(note: VaultNote) -> str:
    """The first key sentence, else the opening of the text, cut at a word."""
    text = next((section.text for section in note.sections if section.text), "").split("\n\n")[0]
    for label in ("Problem: ", "Approach: ", "Result: ", "Limitation: ", "Context: "):
        text = text.removeprefix(label)
    if len(text) <= _SUMMARY_LENGTH:
        return text
    cut = text[:_SUMMARY_LENGTH]
    return (cut.rsplit(" ", 1)[0] if " " in cut else cut) + "…"


def _timeline(members: list[VaultNote]) -> Iterator[str]:
    """One line a day, newest first; a note stands at its publication, else at its creation."""
    days: dict[date, list[VaultNote]] = defaultdict(list)
    for note in members:
        if day := note.published or note.created:
            days[day].append(note)
    for day in sorted(days, reverse=True):
        links = [inert.wikilink(link_target(note), note.title) for note in sorted(days[day], key=lambda note: note.id)]
        yield f"- {day.isoformat()}: {', '.join(links)}"
