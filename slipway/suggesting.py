"""What Slipway would have written into notes that are the user's: offered, and carried out only at the user's word."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field, replace

from notes.errors import UsageError, VaultError
from notes.files.vault import ReplaceOutcome, sha256
from notes.markup import inert, insertion, markdown
from notes.markup.obsidian import LinkIndex, Targets, is_tag
from notes.model import LinkKind, VaultNote
from notes.pages.laid import Laid
from notes.pages.page_words import words_for
from notes.pages.suggestions_page import LinkOffer, TagOffer, answers, is_ours, short_id, shown, strange_marks, tag_of
from notes.pages.ticks import told_of_strange
from slipway.app import App
from slipway.desk import Desk
from slipway.library import Library, is_note

__all__ = [
    "SUGGESTIONS",
    "Answered",
    "Suggestion",
    "answer_by_id",
    "answer_suggestions",
    "suggestions",
    "tag_offers",
]

SUGGESTIONS = "page:Suggestions.md"
_TAKEN, _DECLINED = "accepted", "declined"
_CHANGED = "it was changed this moment, so nothing was written; the offer stands"
_NO_PLACE = "there is no safe place for a link: it is not UTF-8, or something in it is never closed; the offer stands"


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A link that a note of the user's lacks: note and path, what it would link to, and the offer as the page shows it.

    One that ``stands`` is written already: by the user since it was offered, or by a run that was killed before it said so.
    """

    note: str
    path: str
    other: str
    offer: LinkOffer
    stands: bool = False

    @property
    def id(self) -> str:
        """The short id, which is the block id on the page."""
        return short_id(self.offer.id)


@dataclass(frozen=True, slots=True)
class Answered:
    """What the user's answers came to: counts, warnings, and the notes that took a link, read anew, by id."""

    counts: dict[str, int] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()
    amended: Mapping[str, VaultNote] = field(default_factory=dict)


def suggestions(app: App, files: Mapping[str, VaultNote], desk: Desk) -> tuple[Suggestion, ...]:
    """The stored links of notes that Slipway may not write, less those that stand there or were answered; by path, closest first.

    A link that the user wrote in one note is not offered to the other: Obsidian shows it there as a backlink. Nor is one that
    would not lead to its note.
    """
    answered = app.store.offers()
    found = {(one.note, one.other): one for one in _unanswered(app, files, desk) if not one.stands}
    return tuple(one for one in found.values() if not _is_told_by_the_other(one, found, files, answered))


def _is_told_by_the_other(
    one: Suggestion,
    found: Mapping[tuple[str, str], Suggestion],
    files: Mapping[str, VaultNote],
    answered: Mapping[str, str],
) -> bool:
    """Whether the word on this pair was given at its other note, or is asked for there, since that is the newer one."""
    if f"link:{one.other}→{one.note}" in answered:
        return True
    return (one.other, one.note) in found and _age(files[one.note]) < _age(files[one.other])


def _age(file: VaultNote) -> tuple[str, str]:
    return str(file.created or ""), file.path


def _unanswered(app: App, files: Mapping[str, VaultNote], desk: Desk) -> tuple[Suggestion, ...]:
    ours, answered = desk.untouched(), app.store.offers()
    theirs = {name: file for name, file in files.items() if is_note(file) and file.sha256 and name not in ours}
    paths = [file.path for file in files.values()]
    index, targets = LinkIndex(paths, list(files.values())), Targets(paths)
    known: dict[str, set[str | None]] = {}
    found: dict[str, Suggestion] = {}
    for link in sorted(app.store.links(), key=lambda link: (-link.score, link.src, link.dst)):
        file, other = theirs.get(link.src), files.get(link.dst)
        if file is None or other is None or link.kind is LinkKind.WIKILINK:
            continue
        name = f"link:{link.src}→{link.dst}"
        if name in answered or name in found:
            continue
        if file.path not in known:
            known[file.path] = {index.resolve(target, file.path) for target in (*file.wikilinks, *file.related)}
        offer = LinkOffer(name, _shown(file, targets), _shown(other, targets), link.why, link.score)
        if _leads(offer, index, file.path, other.path):
            found[name] = Suggestion(file.id, file.path, other.id, offer, other.path in known[file.path])
    return tuple(sorted(found.values(), key=lambda one: (one.path, -one.offer.score, one.other)))


def _leads(offer: LinkOffer, index: LinkIndex, source: str, path: str) -> bool:
    """Whether the link, read as it will stand in the note, leads to the file."""
    target = offer.other[0]
    read = (target,) if inert.is_linkable(target) else markdown.wikilinks(inert.wikilink(*offer.other))
    return [index.resolve(one, source) for one in read] == [path]


def tag_offers(app: App, library: Library) -> tuple[TagOffer, ...]:
    """The tags that are proposed, each with the notes that would share it."""
    from slipway.tagging import proposals

    return tuple(
        TagOffer(f"tag:{one.name}", one.name, tuple(_named(library, one.note_ids)), one.why)
        for one in proposals(app, library)
    )


def answer_suggestions(app: App, files: Mapping[str, VaultNote], desk: Desk) -> Answered:
    """Carry out the ticks of ``Suggestions.md``. A link whose note cannot take it stays offered, with a warning."""
    page = files.get(SUGGESTIONS)
    if page is None or not is_ours(page.body):
        return Answered()
    laid = Laid.of(app.store.laid_pages(SUGGESTIONS))
    given = answers(page.body, laid)
    misread = told_of_strange("Suggestions.md", strange_marks(page.body, laid), "[x] takes, [-] declines")
    told = (misread,) if misread else ()
    if laid is None:  # a tag's id tells nothing of who wrote it
        given = {name: taken for name, taken in given.items() if not tag_of(name) or name in shown(page.body)}
    if not given:
        return Answered(warnings=told)
    done = _carry_out(app, files, desk, _unanswered(app, files, desk), given)
    return replace(done, warnings=(*told, *done.warnings))


def answer_by_id(app: App, files: Mapping[str, VaultNote], desk: Desk, given: Mapping[str, bool]) -> Answered:
    """Carry out the user's word on offers by short id (taken or declined).

    An id may be cut short while it is clear. Raises UsageError for one that names no offer or several, VaultError when a note
    cannot take its link.
    """
    offered = suggestions(app, files, desk)
    names = [one.id for one in offered]
    done = _carry_out(app, files, desk, offered, {_full(name, names): taken for name, taken in given.items()})
    if done.warnings:
        raise VaultError("; ".join(done.warnings), hint="`slipway suggest` shows what is still open")
    return done


def _carry_out(
    app: App,
    files: Mapping[str, VaultNote],
    desk: Desk,
    offered: Sequence[Suggestion],
    given: Mapping[str, bool],
) -> Answered:
    open_ones = {one.id: one for one in offered}
    links = [(open_ones[name], taken) for name, taken in given.items() if name in open_ones]
    words = {f"tag:{tag_of(name)}": ("tag", _word(taken)) for name, taken in given.items() if is_tag(tag_of(name))}
    words |= {one.offer.id: ("link", _DECLINED) for one, taken in links if not taken}
    if words:
        app.store.answer_offers(words, app.clock.now())
    return _take(app, files, desk, [one for one, taken in links if taken], len(words))


def _take(
    app: App, files: Mapping[str, VaultNote], desk: Desk, wanted: Sequence[Suggestion], answered: int
) -> Answered:
    """Write the links that are wanted, note by note."""
    warnings, amended, written = [], {}, 0
    for note in sorted({one.note for one in wanted}):
        own = [one for one in wanted if one.note == note]
        trouble = _write(app, desk, files[note], own)
        if trouble:
            warnings.append(f"{files[note].path}: {trouble}")
            continue
        app.store.answer_offers({one.offer.id: ("link", _TAKEN) for one in own}, app.clock.now())
        written += len(own)
        with suppress(VaultError):  # deleted this moment: the next night will see
            amended[note] = replace(app.vault.note(files[note].path), id=note)
    return Answered({"links taken": written, "offers answered": answered + written}, tuple(warnings), amended)


def _write(app: App, desk: Desk, file: VaultNote, wanted: Iterable[Suggestion]) -> str:
    """Put the links into their note; returns why it could not be, or nothing."""
    words = words_for(app.config.write.language)
    try:
        raw = made = app.vault.read(file.path)
        if sha256(raw) != file.sha256:
            return _CHANGED
        for one in wanted:
            if one.stands or _has_line(made, one.offer.line(words)):
                continue
            found = insertion.place(made, one.offer.line(words), heading=words.related)
            if found is None:
                return _NO_PLACE
            made = found.into(made)
        if made == raw:
            return ""
        outcome = desk.amend(file.path, made.decode("utf-8"), expected_sha=file.sha256)
    except VaultError as error:
        return str(error)
    return "" if outcome is ReplaceOutcome.REPLACED else _CHANGED


def _has_line(raw: bytes, line: str) -> bool:
    return any(own.strip().lstrip("-*+").strip() == line for own in raw.decode("utf-8", "replace").splitlines())


def _word(taken: bool) -> str:
    return _TAKEN if taken else _DECLINED


def _full(name: str, names: Iterable[str]) -> str:
    if name.startswith("tag-") and is_tag(tag_of(name)):
        return name
    found = [one for one in names if one == name or one.startswith((name, f"link-{name}"))]
    if len(found) != 1:
        told = "names several offers" if found else "names no offer"
        raise UsageError(f"{name} {told}", hint="`slipway suggest` shows the ids")
    return found[0]


def _shown(file: VaultNote, targets: Targets) -> tuple[str, str]:
    return targets.of(file), file.title


def _named(library: Library, ids: Iterable[str]) -> Iterator[tuple[str, str]]:
    for name in ids:
        holding = library.notes.get(name)
        if holding is not None:
            yield library.shown(holding)
