"""Notes as a bibliography or as JSON, chosen by a query, a tag, a topic or by name. Reads the vault; asks no network."""

from __future__ import annotations

import difflib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, NoReturn

from notes.citing.bibtex_writer import bibtex
from notes.citing.citation import citation, citation_keys, is_citable
from notes.citing.csl_writer import csl_item
from notes.errors import SlipwayError, UsageError
from notes.model import VaultNote
from notes.text.fold import fold
from notes.text.slug import slugify
from slipway.app import App
from slipway.finding import find_note
from slipway.library import is_note
from slipway.search.about import about
from slipway.showing import note_document

__all__ = ["Choice", "Export", "Form", "export", "write_export"]

Form = Literal["bibtex", "csl", "json"]
_SHOWN = 5  # names in a remedy


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Which notes: those of a query (the best ``limit``), of a tag and the tags below it, of a topic, or these; else all."""

    query: str = ""
    limit: int = 20
    tag: str = ""
    topic: str = ""
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Export:
    """What is exported: the text of a bibliography or the document, how many notes it tells, and how many it leaves out.

    Left out are notes that name nothing to cite; never those that were asked for by name.
    """

    text: str
    document: Any
    count: int
    left_out: int = 0


def export(app: App, form: Form, choice: Choice) -> Export:
    """The chosen notes in this form, by citation key; raises UsageError for a tag, topic or note that does not exist."""
    files = app.vault.notes()
    notes = [file for file in files if is_note(file)]
    # Keys are given to all, so that a note has the same key in every export.
    keys = citation_keys(notes)
    chosen = sorted(_chosen(app, choice, notes, files), key=lambda note: keys[note.id])
    if form == "json":
        return Export("", {"notes": [note_document(note) | {"key": keys[note.id]} for note in chosen]}, len(chosen))
    told = [note for note in chosen if choice.names or is_citable(note)]
    citations = [citation(note, keys[note.id]) for note in told]
    left_out = len(chosen) - len(told)
    if form == "csl":
        return Export("", [csl_item(one) for one in citations], len(told), left_out)
    return Export(bibtex(citations), None, len(told), left_out)


def _chosen(app: App, choice: Choice, notes: Sequence[VaultNote], files: Sequence[VaultNote]) -> list[VaultNote]:
    if choice.names:
        return _named(app, choice.names, notes)
    if choice.query:
        return _found(app, choice, notes)
    if choice.tag:
        return _tagged(choice.tag, notes)
    return _of_topic(choice.topic, notes, files) if choice.topic else list(notes)


def _named(app: App, names: Sequence[str], notes: Sequence[VaultNote]) -> list[VaultNote]:
    found = {file.id: file for file in (find_note(app, name) for name in names)}
    known = {note.id: note for note in notes}
    for name, file in found.items():
        if name not in known:
            raise UsageError(f"{file.path} is no note", hint="posts and pages are not exported")
    return [known[name] for name in found]


def _found(app: App, choice: Choice, notes: Sequence[VaultNote]) -> list[VaultNote]:
    from index.retrieval.query import Query

    reply = app.searcher(Query(text=choice.query, n=choice.limit, kinds=("note",), spelling=True))
    for warning in dict.fromkeys(reply.warnings):
        app.reporter.warn(warning)
    known = {note.id: note for note in notes}
    # A bibliography is cited from: what is merely nearest has no place in it.
    found = [known[hit.id] for hit in about(choice.query, reply.results) if hit.id in known]
    if not found:
        raise UsageError(f"no note is about {choice.query!r}", hint="`slipway search` shows what comes nearest")
    return found


def _tagged(tag: str, notes: Sequence[VaultNote]) -> list[VaultNote]:
    wanted = tag.removeprefix("#").strip("/").casefold()
    found = [note for note in notes if any(f"{own.casefold()}/".startswith(f"{wanted}/") for own in note.tags)]
    if not found:
        # A tag is also found by the tags above it.
        every = {above for note in notes for own in note.tags for above in _with_above(own)}
        known = {one.casefold(): one for one in sorted(every)}
        raise UsageError(f"no note has the tag {tag!r}", hint=_meant(wanted, known))
    return found


def _with_above(tag: str) -> list[str]:
    levels = tag.split("/")
    return ["/".join(levels[:depth]) for depth in range(1, len(levels) + 1)]


def _of_topic(topic: str, notes: Sequence[VaultNote], files: Sequence[VaultNote]) -> list[VaultNote]:
    """Those whose frontmatter names the topic, and those that its page lists."""
    pages = {_topic_name(name): page for page in files if page.path.startswith("topics/") for name in _called(page)}
    names = pages.keys() | {_topic_name(note.topic) for note in notes if note.topic}
    wanted = _the_one(_topic_name(topic), names, pages) or _no_topic(topic, names, pages)
    meant = {name for name, page in pages.items() if page is pages.get(wanted)} | {wanted}
    listed = {target.rpartition("/")[2] for target in pages[wanted].related} if wanted in pages else set()
    return [note for note in notes if (note.topic and _topic_name(note.topic) in meant) or listed & _stems(note)]


def _the_one(wanted: str, names: Collection[str], pages: Mapping[str, VaultNote]) -> str:
    """The name that is wanted, or the only topic that has it in its name."""
    if wanted in names:
        return wanted
    holding = sorted(name for name in names if wanted in name)
    paths = {pages[name].path if name in pages else name for name in holding}
    return holding[0] if len(paths) == 1 else ""


def _no_topic(topic: str, names: Collection[str], pages: Mapping[str, VaultNote]) -> NoReturn:
    wanted, titles = _topic_name(topic), {name: page.title for name, page in pages.items()}
    holding = sorted({titles.get(name, name) for name in names if wanted and wanted in name})
    several = f"several hold that: {', '.join(map(repr, holding[:_SHOWN]))}" if len(holding) > 1 else ""
    raise UsageError(f"no note is of the topic {topic!r}", hint=several or _meant(wanted, titles))


def _called(page: VaultNote) -> tuple[str, ...]:
    return (page.id, page.title, *page.aliases)


def _topic_name(name: str) -> str:
    return slugify(fold(name)).removeprefix("topic-")


def _stems(note: VaultNote) -> set[str]:
    return {note.id, note.path.rpartition("/")[2].removesuffix(".md")}


def _meant(wanted: str, known: Mapping[str, str]) -> str:
    near = difflib.get_close_matches(wanted, known, n=1)
    some = ", ".join(sorted(set(known.values()))[:_SHOWN])
    return f"did you mean {known[near[0]]!r}?" if near else f"there are {some}" if some else ""


def write_export(app: App, place: Path, text: str, *, force: bool) -> bool:
    """Write a file whole; False when it holds this text already. UsageError when another is there and not ``force``."""
    from notes.files.filing import create_file

    raw, aim = text.encode("utf-8"), place.resolve()
    if aim.suffix == ".md" and aim.is_relative_to(app.config.vault.resolve()):
        raise UsageError(f"{place} would be a note of your vault", hint="choose a name that does not end with .md")
    try:
        if aim.is_file() and aim.read_bytes() == raw:
            return False
        if force and aim.is_file():
            _replace(aim, raw)
        else:
            create_file(place, raw)
    except FileExistsError:
        raise UsageError(f"{place} is there already", hint="--force replaces it; or choose another name") from None
    except OSError as error:
        raise SlipwayError(f"{place} cannot be written: {error.strerror}", hint="choose another place") from error
    return True


def _replace(place: Path, raw: bytes) -> None:
    from notes.files.filing import replace_file
    from notes.files.settled import ReplaceOutcome, sha256

    if replace_file(place, raw, sha256(place.read_bytes())) is not ReplaceOutcome.REPLACED:
        raise UsageError(f"{place} has changed in this moment; nothing was written", hint="ask again")
