"""What a note says of where it comes from: its source, the paper's version log, a withdrawal, who else carried it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urlsplit

from notes.markup import inert
from notes.markup.note_words import NoteWords
from notes.model import Note, PaperVersion, Sighting, blocks_text

__all__ = ["doi", "sources", "versions", "withdrawal"]

_MAX_TITLE: Final = 300
_MAX_CODE_LINKS: Final = 5
_MAX_COMMENT: Final = 200
_CODE_HOSTS: Final = frozenset(
    ("github.com", "gitlab.com", "gitee.com", "codeberg.org", "bitbucket.org", "huggingface.co", "modelscope.cn")
)
_ADDRESS: Final = re.compile(r"https?://[^\s<>\"'()\[\]{}，。；、）]+")
_DOI: Final = re.compile(r"10\.[0-9]{4,9}/[A-Za-z0-9._;()/:<>-]+")


def withdrawal(note: Note, words: NoteWords) -> str:
    """A quoted line that says that the paper was withdrawn, and why; empty for all others."""
    if not note.withdrawn:
        return ""
    said = words.withdrawn_in.format(version=note.arxiv_version) if note.arxiv_version else words.withdrawn
    reason = inert.to_markdown(inert.shortened(note.comment, _MAX_COMMENT))
    return f"> **{said}**" + (f"{words.colon}{reason}" if reason else words.withdrawn_end)


def versions(note: Note) -> Iterator[str]:
    """The lines of the version log, from the first; none for a paper of one version."""
    if len(note.versions) > 1:
        yield from map(_version, note.versions)


def _version(entry: PaperVersion) -> str:
    # The moment is UTC, as arXiv writes it; the day is enough for a reader.
    day = f" {entry.date.date().isoformat()}" if entry.date else ""
    comment = inert.to_markdown(inert.shortened(entry.comment, _MAX_COMMENT))
    return f"v{entry.version}{day}" + (f" — {comment}" if comment else "")


def sources(note: Note, words: NoteWords) -> Iterator[str]:
    """The lines of the Sources section: the source with version and date, DOI, code, comment, and who else carried it."""
    facts = [words.version.format(version=note.arxiv_version)] if note.arxiv_version else []
    facts += [words.published.format(day=note.published.isoformat())] if note.published else []
    name = inert.to_markdown(note.source, links=False)
    if note.url or name:
        yield _place(name, note.url, words) + (words.aside.format(told=words.comma.join(facts)) if facts else "")
    if name := doi(note):
        yield f"{words.doi}<{inert.url('https://doi.org/' + name)}>"
    for address in _code_links(note):
        yield f"{words.code}<{address}>"
    if comment := inert.to_markdown(note.comment):
        yield f"{words.comment}{comment}"
    for sighting in _elsewhere(note):
        name = inert.to_markdown(sighting.source_title or sighting.source, links=False)
        title = inert.to_markdown(inert.shortened(sighting.title, _MAX_TITLE), links=False)
        titled = words.titled.format(title=title) if sighting.title and sighting.title != note.title else ""
        place, day = _place(name, sighting.url, words), sighting.seen.date().isoformat()
        yield words.also_in.format(place=place, titled=titled, day=day)


def doi(note: Note) -> str:
    """The DOI when it is one: what stands there else would become an address."""
    return note.doi if _DOI.fullmatch(note.doi) else ""


def _place(name: str, address: str, words: NoteWords) -> str:
    address = inert.url(address)
    # Two colons would make a Dataview field of a name that ends in one.
    joined = " " if name.endswith((":", "：")) else words.colon
    return joined.join(part for part in (name, f"<{address}>" if address else "") if part)


def _code_links(note: Note) -> tuple[str, ...]:
    """Repositories that the note links to or names in its text and comment, each once."""
    named = _ADDRESS.findall(f"{note.comment} {blocks_text(note.blocks)}")
    addresses = (inert.url(found.rstrip(".,;:!?")) for found in (*note.references, *named))
    code = [address for address in addresses if address and address != inert.url(note.url) and _is_code(address)]
    return tuple(dict.fromkeys(address.rstrip("/") for address in code))[:_MAX_CODE_LINKS]


def _is_code(address: str) -> bool:
    parts = urlsplit(address)
    host = (parts.hostname or "").removeprefix("www.")
    return host in _CODE_HOSTS and parts.path.strip("/").count("/") >= 1


def _elsewhere(note: Note) -> Iterator[Sighting]:
    """The sightings that the source's own line does not tell of: the first of each feed.

    Where a session's number stands in every address, a feed shows one story under another address every night.
    """
    own, told = (note.source, inert.url(note.url)), set()
    for sighting in sorted(note.sightings, key=lambda seen: (seen.seen, seen.source, seen.external_id)):
        place = (sighting.source_title or sighting.source, inert.url(sighting.url))
        if place != own and sighting.source not in told:
            told.add(sighting.source)
            yield sighting
