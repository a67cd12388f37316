"""What of the vault is published, at which address, and how its pages hang together."""

from __future__ import annotations

import re
import unicodedata
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from enum import Enum, StrEnum
from pathlib import PurePosixPath
from urllib.parse import quote

from notes.markup.inert import url as safe_url
from notes.model import SourceType, VaultNote
from notes.text.language import detect
from notes.text.slug import is_note_id
from publish.site import described
from publish.site.excerpt import excerpt
from publish.site.html import Target

__all__ = ["Kind", "Page", "Pages", "Shown", "SiteSettings", "address", "published", "segment", "topic_of", "unique"]

_READ = frozenset((SourceType.RSS, SourceType.ARXIV, SourceType.WEB, SourceType.FILE))
_LANGUAGE_TAG = re.compile(r"[A-Za-z]{2,3}(?:-[A-Za-z0-9]{2,8})*")
_SEGMENT_BYTES = 120


@dataclass(frozen=True, slots=True)
class SiteSettings:
    """What the configuration says of the site.

    ``url`` is where it will be found (http or https); without one there is neither feed nor sitemap, whose links
    must be absolute. ``language`` is that of the navigation. ``notes`` says whether notes get pages of their own.
    """

    title: str
    url: str = ""
    author: str = ""
    description: str = ""
    language: str = "en"
    notes: bool = True


class Kind(StrEnum):
    """What a page shows; the value is its folder on the site."""

    POST = "posts"
    TREND = "trends"
    NOTE = "notes"
    TOPIC = "topics"


class Shown(Enum):
    """How much of a note its page shows."""

    WHOLE = "all of it"
    WITHOUT_SOURCE_TEXT = "all but the text that belongs to somebody else"
    EXCERPT = "key sentences, figures, links"


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A published file of the vault.

    ``path`` is the folder of its page on the site (``posts/2026-02-20/``), unquoted. ``description`` is one line of
    plain text.
    """

    note: VaultNote
    kind: Kind
    path: str
    lang: str
    shown: Shown
    description: str

    @property
    def title(self) -> str:
        """The title as plain text."""
        return self.note.title or self.note.id

    @property
    def begun(self) -> date | None:
        """The day on which the page first came out."""
        return self.note.created or self.note.published

    @property
    def day(self) -> date | None:
        """The day that the page is filed under; a synthesis is renewed while its week or month goes on."""
        renewed = self.note.properties.get("updated") if self.kind is Kind.TREND else None
        if self.begun is None or type(renewed) is not date:
            return self.begun
        return max(self.begun, renewed)


@dataclass(frozen=True, slots=True)
class Pages:
    """Everything that is published, newest first, and where each wikilink leads."""

    all: tuple[Page, ...]
    mentioned_in: Mapping[str, tuple[Page, ...]]
    _targets: Mapping[str, Page | str] = field(repr=False)
    _files: Collection[str] = field(repr=False)

    def of(self, kind: Kind) -> tuple[Page, ...]:
        """The pages of one kind, newest first."""
        return tuple(page for page in self.all if page.kind is kind)

    @property
    def articles(self) -> tuple[Page, ...]:
        """Posts and trend reports, newest first."""
        return tuple(page for page in self.all if page.kind in (Kind.POST, Kind.TREND))

    def target(self, link: str) -> Page | str | None:
        """Where a wikilink's target leads: a page, the original's address, or nowhere that is published."""
        return self._targets.get(_key(link))

    def is_past_topic(self, link: str) -> bool:
        """Whether a link leads to a topic that has no file any more: topics merge, and posts keep the words they had."""
        return _key(link).startswith("topics/") and _key(link) not in self._files


def published(notes: Sequence[VaultNote], settings: SiteSettings) -> Pages:
    """Decide what of the vault ``notes`` is published.

    Posts and syntheses whole; notes that Slipway wrote as excerpts; anything else only with ``publish: true``;
    nothing with ``publish: false``.
    """
    ordered = sorted(notes, key=lambda note: note.path)
    taken: set[str] = set()
    pages = [_page(note, kind, settings, taken) for note in ordered if (kind := _kind(note, settings))]
    pages.sort(key=lambda page: (page.day or date.min, page.note.id), reverse=True)
    targets = _targets(ordered, pages)
    named = {topic_of(page.note) for page in pages if page.kind is not Kind.TOPIC}
    empty = {page.path for page in pages if page.kind is Kind.TOPIC and not _has_content(page, named, targets)}
    pages = [page for page in pages if page.path not in empty]
    targets = {key: to for key, to in targets.items() if not (isinstance(to, Page) and to.path in empty)}
    discreet = {page.path: _discreet(page, targets) for page in pages}
    pages = [discreet[page.path] for page in pages]
    targets = {key: discreet[to.path] if isinstance(to, Page) else to for key, to in targets.items()}
    files = frozenset(_key(name(note)) for name in _NAMES for note in ordered)
    return Pages(all=tuple(pages), mentioned_in=_mentions(pages, targets), _targets=targets, _files=files)


def address(path: str) -> str:
    """``path`` of a page or file of the site as it stands in a link."""
    return quote(path)


def _kind(note: VaultNote, settings: SiteSettings) -> Kind | None:
    """The kind of page that ``note`` becomes; None when it is not published."""
    asked = _says(note)
    if asked is False or note.trouble:
        return None
    folder = note.path.partition("/")[0]
    if folder == "posts" and (asked or note.source_type == SourceType.POST):
        return Kind.POST
    if note.source_type == SourceType.SYNTHESIS and (asked or folder == "trends"):
        return Kind.TREND
    if folder == "topics" and (asked or note.id.startswith("topic-")):
        return Kind.TOPIC
    return Kind.NOTE if asked or (settings.notes and _is_excerpt(note)) else None


def _says(note: VaultNote) -> bool | None:
    """The user's word on publishing: ``publish: true`` or ``false``, however YAML came to read it."""
    said = str(note.properties.get("publish", "")).strip().lower()
    return {"true": True, "yes": True, "false": False, "no": False}.get(said)


def _is_excerpt(note: VaultNote) -> bool:
    return note.source_type in _READ and is_note_id(note.id)


def _page(note: VaultNote, kind: Kind, settings: SiteSettings, taken: set[str]) -> Page:
    return Page(
        note=note,
        kind=kind,
        path=unique(f"{kind}/{segment(_slug(note, kind))}", taken),
        lang=_lang(note, settings),
        shown=_shown(note, kind),
        description=described.description(note),
    )


def _lang(note: VaultNote, settings: SiteSettings) -> str:
    """The note's language tag when it is one (BCP 47), else what its text tells, else the site's."""
    lang = note.lang if _LANGUAGE_TAG.fullmatch(note.lang) else "und"
    lang = detect(f"{note.title}\n{note.text[:2000]}") if lang == "und" else lang
    return settings.language if lang == "und" else lang


def _shown(note: VaultNote, kind: Kind) -> Shown:
    if note.source_type in _READ:
        return Shown.WITHOUT_SOURCE_TEXT if _says(note) else Shown.EXCERPT
    return Shown.EXCERPT if kind is Kind.TOPIC and not _says(note) else Shown.WHOLE


def _has_content(topic: Page, named: Collection[str], targets: Mapping[str, Page | str]) -> bool:
    """Whether a structure note is shown itself, or a page ``named`` its topic, or it leads to a page."""
    if topic.shown is Shown.WHOLE or topic_of(topic.note) in named:
        return True
    led = (targets.get(_key(link)) for link in topic.note.related)
    return any(isinstance(to, Page) and to.kind is not Kind.TOPIC for to in led)


def topic_of(note: VaultNote) -> str:
    """The slug of the topic to which ``note`` belongs, or whose structure note it is; '' for none."""
    return (note.id if note.path.startswith("topics/") else note.topic).removeprefix("topic-")


def _slug(note: VaultNote, kind: Kind) -> str:
    if kind is Kind.NOTE:
        return note.id
    return topic_of(note) if kind is Kind.TOPIC else PurePosixPath(note.path).stem


def segment(text: str) -> str:
    """``text`` as one folder name that is safe on every file system: letters and digits of any script, - and _."""
    name = re.sub(r"[^\w-]+", "-", unicodedata.normalize("NFC", text)).strip("-_")
    return name.encode()[:_SEGMENT_BYTES].decode(errors="ignore").strip("-") or "untitled"


def unique(path: str, taken: set[str]) -> str:
    """``path`` with a slash; numbered when it is taken but for case, which not every file system tells apart."""
    number, candidate = 1, path
    # notes/2026-02/ and the like hold the notes of a month.
    while candidate.lower() in taken or re.fullmatch(r"notes/\d{4}-\d\d", candidate):
        number += 1
        candidate = f"{path}-{number}"
    taken.add(candidate.lower())
    return candidate + "/"


def _discreet(page: Page, targets: Mapping[str, Page | str]) -> Page:
    """``page`` without words about files that are not published in its description and in what a topic says of itself."""

    def resolve(link: str) -> Target | None:
        return Target("-") if _key(link) in targets else None

    if page.kind is Kind.TOPIC and not all(map(resolve, page.note.related)):
        members = {to.path: to.note for link in page.note.related if isinstance(to := targets.get(_key(link)), Page)}
        note = described.among(page.note, tuple(members.values()), resolve)
        return replace(page, note=note, description=described.description(note) if note.properties["terms"] else "")
    body = excerpt(page.note.body).get("", "") if page.shown is Shown.EXCERPT else page.note.body
    return replace(page, description=described.without_hidden(page.note, page.description, body, resolve))


def _key(link: str) -> str:
    return unicodedata.normalize("NFC", re.sub(r"^(?:\.{0,2}/)+|\.md$", "", link.strip())).casefold()


_NAMES: tuple[Callable[[VaultNote], str], ...] = (
    lambda note: note.id,
    lambda note: note.path,
    lambda note: PurePosixPath(note.path).stem,
)


def _targets(notes: Sequence[VaultNote], pages: Iterable[Page]) -> dict[str, Page | str]:
    """By id, path and file stem, in this order of rank, what a link to a note leads to."""
    by_path = {page.note.path: page for page in pages}
    targets: dict[str, Page | str | None] = {}
    for name in _NAMES:
        for note in notes:
            targets.setdefault(_key(name(note)), by_path.get(note.path) or _original(note))
    return {key: target for key, target in targets.items() if target}


def _original(note: VaultNote) -> str:
    """Where a note without a page was read: a reader of the post is better served there than nowhere."""
    return safe_url(note.url) if _is_excerpt(note) and _says(note) is not False and not note.trouble else ""


def _mentions(pages: Sequence[Page], targets: Mapping[str, Page | str]) -> dict[str, tuple[Page, ...]]:
    """By path, the whole pages that link to a page, newest first."""
    found: dict[str, dict[str, Page]] = defaultdict(dict)
    for page in pages:
        for link in () if page.shown is Shown.EXCERPT else page.note.wikilinks:
            target = targets.get(_key(link))
            if isinstance(target, Page) and target is not page:
                found[target.path][page.path] = page
    return {path: tuple(mentions.values()) for path, mentions in found.items()}
