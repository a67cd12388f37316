"""The static site: the vault in, a dictionary of files out, and that dictionary brought to a folder.

The site is disposable: :func:`build` knows nothing but the vault's notes and the settings, gives the same bytes for the
same vault, and needs no clock. Pages hold no script and load nothing from elsewhere.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from notes.errors import PublishError
from notes.markup.inert import url as safe_url
from notes.model import VaultNote
from publish.site import listings
from publish.site.atom import feed
from publish.site.excerpt import FIGURES, RELATED, SOURCES, excerpt, without_source_text
from publish.site.files import SiteReport, write
from publish.site.fixed_words import SiteWords, site_words_for
from publish.site.html import Resolve, Target
from publish.site.listings import Listing
from publish.site.pages import Kind, Page, Pages, Shown, SiteSettings, address, published
from publish.site.render import Rendered, render
from publish.site.sitemap import robots, sitemap
from publish.site.theme import environment, static_files

__all__ = ["SiteReport", "SiteSettings", "build", "write"]

_LATEST_POSTS = 12
_LATEST_NOTES = 8
_TOP_TOPICS = 12
_NOTES_SHOWN = 30
_LONGEST_LIST = 300
_FEED_ENTRIES = 30
_HEADINGS_FOR_CONTENTS = 3


def build(notes: Sequence[VaultNote], settings: SiteSettings) -> dict[str, bytes]:
    """Every file of the site by its path, from all notes of the vault.

    Raises :class:`~notes.errors.PublishError` when the site's own address is not http or https.
    """
    if settings.url and not safe_url(settings.url):
        raise PublishError(f"the site's address {settings.url!r} is not an http(s) URL", hint="set site.url")
    return _Site(settings, published(notes, settings)).files()


@dataclass
class _Site:
    """One build. Each page gets what :meth:`_put` gives to all, and what it alone shows."""

    settings: SiteSettings
    pages: Pages
    _files: dict[str, bytes] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.url = safe_url(self.settings.url).rstrip("/") + "/" if self.settings.url else ""
        self.words = site_words_for(self.settings.language)
        every = listings.topics(self.pages)
        self.topics = tuple(entry for entry in every if not entry.is_past)
        self.past_topics = tuple(entry for entry in every if entry.is_past)
        self.tags = listings.tags(self.pages.all)
        self.topics_of, self.tags_of = _by_member(self.topics), _by_member(self.tags)
        self.environment = environment()

    def files(self) -> dict[str, bytes]:
        """Every file by its path."""
        self._files |= static_files()
        self._home()
        self._archives()
        self._articles()
        self._listings()
        self._put("404.html", "404.html.j2", title=self.words.not_found, root=urlsplit(self.url).path or "/")
        if self.url:
            self._feed_and_map()
        return self._files

    def _home(self) -> None:
        latest, *earlier = self.pages.articles[: _LATEST_POSTS + 1] or (None,)
        self._put(
            "index.html",
            "home.html.j2",
            latest=latest,
            earlier=earlier,
            topics=self.topics[:_TOP_TOPICS],
            notes=self.pages.of(Kind.NOTE)[:_LATEST_NOTES],
        )

    def _archives(self) -> None:
        """Posts and trends whole, notes month by month."""
        for kind, title in ((Kind.POST, self.words.all_posts), (Kind.TREND, self.words.all_trends)):
            if members := self.pages.of(kind):
                self._put(f"{kind}/index.html", "archive.html.j2", title=title, months=listings.by_month(members))
        self._note_archive(self.pages.of(Kind.NOTE))

    def _note_archive(self, notes: Sequence[Page]) -> None:
        title, months = self.words.all_notes, []
        for month, members in listings.by_month(notes):
            folder = f"notes/{month:%Y-%m}/" if month else "notes/undated/"
            months.append((month, folder, members))
            name = self.words.month(month) if month else "—"
            self._listing(Listing(name, folder, members), up=("notes/", title))
        if notes:
            self._put("notes/index.html", "notes.html.j2", title=title, months=months, latest=notes[:_NOTES_SHOWN])

    def _articles(self) -> None:
        for kind in (Kind.POST, Kind.TREND, Kind.NOTE):
            members = self.pages.of(kind)
            for page, newer, older in zip(members, (None, *members), (*members[1:], None), strict=False):
                self._article(page, newer, older)

    def _article(self, page: Page, newer: Page | None, older: Page | None) -> None:
        words = site_words_for(page.lang)
        original = safe_url(page.note.url)
        body, parts = _body(page, self._resolver("../../"), words)
        self._put(
            f"{page.path}index.html",
            "article.html.j2",
            title=page.title,
            lang=page.lang,
            description=page.description,
            page=page,
            own=words,
            body=body,
            parts_of=parts,
            contents=body.headings if len(body.headings) >= _HEADINGS_FOR_CONTENTS else (),
            original=original,
            host=(urlsplit(original).hostname or "").removeprefix("www."),
            topics=self.topics_of.get(page.path, ()),
            tags=self.tags_of.get(page.path, ()),
            mentions=self.pages.mentioned_in.get(page.path, ()),
            newer=newer,
            older=older,
        )

    def _listings(self) -> None:
        for entries, past, kind, title in (
            (self.topics, self.past_topics, "topics", self.words.all_topics),
            (self.tags, (), "tags", self.words.all_tags),
        ):
            for entry in (*entries, *past):
                self._listing(entry, up=(f"{kind}/", title))
            if entries or past:
                self._put(f"{kind}/index.html", f"{kind}.html.j2", title=title, entries=entries, past=past)

    def _listing(self, entry: Listing, up: tuple[str, str]) -> None:
        own = entry.own
        whole = own is not None and own.shown is Shown.WHOLE
        depth = entry.path.count("/")
        self._put(
            f"{entry.path}index.html",
            "listing.html.j2",
            title=entry.name,
            own_lang=own.lang if own else self.settings.language,
            description=own.description if own else "",
            body=_body(own, self._resolver("../" * depth), self.words)[0] if own and whole else None,
            members=entry.members[:_LONGEST_LIST],
            number=len(entry.members),
            up=up,
        )

    def _feed_and_map(self) -> None:
        entries = [page for page in self.pages.articles if page.day][:_FEED_ENTRIES]
        # Of an SVG that they do not know, readers of feeds show the letters; what a chart says stands in words as well.
        bodies = {
            page.path: _body(page, self._resolver(self.url), self.words, charts=False)[0].html for page in entries
        }
        self._files["feed.xml"] = feed(entries, bodies, self.settings, self.url)
        self._files["sitemap.xml"] = sitemap(self._files, self.pages.all, self.url)
        self._files["robots.txt"] = robots(self.url)

    def _resolver(self, root: str) -> Resolve:
        """Wikilinks for a page from which ``root`` leads to the site's top."""

        def resolve(link: str) -> Target | None:
            target = self.pages.target(link)
            if isinstance(target, Page):
                return Target(root + address(target.path), target.title, target.lang)
            return Target(target or "") if target or self.pages.is_past_topic(link) else None

        return resolve

    def _put(self, path: str, template: str, *, title: str = "", **context: object) -> None:
        """Render ``template`` into the file ``path``."""
        folder = path.removesuffix("index.html")
        values = {
            "settings": self.settings,
            "url": self.url,
            "sections": self._sections(),
            "words": self.words,
            "title": title,
            "description": "",
            "lang": self.settings.language,
            "root": "../" * path.count("/"),
            "path": folder,
            **context,
        }
        self._files[path] = self.environment.get_template(template).render(values).encode()

    def _sections(self) -> list[tuple[str, str]]:
        """The parts of the site that hold something: folder and name."""
        words = self.words
        names = {Kind.POST: words.posts, Kind.TREND: words.trends, Kind.NOTE: words.notes}
        held = [(f"{kind}/", name) for kind, name in names.items() if self.pages.of(kind)]
        listed = ((self.topics or self.past_topics, "topics/", words.topics), (self.tags, "tags/", words.tags))
        return held + [(folder, name) for entries, folder, name in listed if entries]


def _by_member(entries: Iterable[Listing]) -> dict[str, list[Listing]]:
    """By the path of a page, the topics or tags that it belongs to."""
    found: dict[str, list[Listing]] = defaultdict(list)
    for entry in entries:
        for page in entry.members:
            found[page.path].append(entry)
    return found


def _body(
    page: Page, resolve: Resolve, words: SiteWords, *, charts: bool = True
) -> tuple[Rendered, list[tuple[str, Rendered]]]:
    """The body, and for an excerpt its sections with their headings in the language of the note."""

    def rendered(markdown: str) -> Rendered:
        return render(
            markdown, lang=page.lang, resolve=resolve, labels=words.roles, table_label=words.table, charts=charts
        )

    if page.shown is Shown.WHOLE:
        return rendered(page.note.body), []
    if page.shown is Shown.WITHOUT_SOURCE_TEXT:
        return rendered(without_source_text(page.note.body)), []
    parts = excerpt(page.note.body)
    names: dict[str, str] = {FIGURES: words.key_figures, RELATED: words.related, SOURCES: words.sources}
    sections = [(names[name], rendered(text)) for name, text in parts.items() if name]
    return rendered(parts.get("", "")), [(name, section) for name, section in sections if section.html.strip()]
