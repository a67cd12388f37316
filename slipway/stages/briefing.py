"""What writers are handed: the notes and their days, links, topics, trends, what earlier posts told, another writer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

from notes.model import Link, SourceType, Topic, VaultNote
from notes.trends import Trend
from publish.post.assignment import Writer
from publish.post.memory import Told, told_by
from publish.sources.evidence import carriers
from slipway.app import App
from slipway.ghostwriter import reported, writer_of
from slipway.library import is_note
from slipway.reading import titles_of_sources
from slipway.settings.values import SourceConfig
from slipway.stages.papers import WITHDRAWN
from slipway.stages.sync import Reading
from slipway.trending import trends_of

__all__ = ["Briefing"]

_POSTS_BEFORE = 30
_WEEKS = {"week": 8, "month": 26}  # of trends, by the length of their periods


@dataclass
class Briefing:
    """All that posts of one run are written from; what is costly is made once, when it is first asked for.

    ``notes`` are the vault's by id, ``created`` the days on which Slipway's own were made, but for papers that were
    withdrawn: nobody tells of those anew. ``topics`` go by the names that their pages have.
    """

    app: App
    reading: Reading
    offline: bool = False
    notes: Mapping[str, VaultNote] = field(init=False)
    created: Mapping[str, date] = field(init=False)
    links: Sequence[Link] = field(init=False)
    topics: Sequence[Topic] = field(init=False)

    def __post_init__(self) -> None:
        self.notes = {file.id: file for file in self.reading.files.values() if is_note(file)}
        self.created = {
            name: record.created
            for name, record in self.app.store.notes().items()
            if name in self.notes and record.item_id and WITHDRAWN not in self.notes[name].tags
        }
        self.links = self.app.store.links()
        # A tag is one word of the whole vault: it says what the topic's page says, whatever language a post is in.
        lang = self.app.config.write.language
        self.topics = [replace(topic, name=topic.name_in(lang)) for topic in self.app.store.topics()]
        self._trends: dict[tuple[date, str], tuple[Trend, ...]] = {}
        self._writer: tuple[Writer | None] | None = None

    def made_in(self, start: date, end: date) -> list[VaultNote]:
        """Slipway's notes of these days, by id."""
        return [self.notes[name] for name, day in sorted(self.created.items()) if start <= day <= end]

    def trends(self, day: date, step: str = "week") -> tuple[Trend, ...]:
        """The trends as of ``day``, over periods of a ``week`` or a ``month``."""
        if (day, step) not in self._trends:
            files = self.reading.files.values()
            self._trends[day, step] = trends_of(self.app, today=day, weeks=_WEEKS[step], step=step, files=files)
        return self._trends[day, step]

    def earlier(self, day: date) -> tuple[Told, ...]:
        """What the last daily posts before ``day`` told, the newest first."""
        posts = [file for file in self.reading.files.values() if file.source_type == SourceType.POST.value]
        told = sorted(map(told_by, posts), key=lambda one: (one.date, one.post_id))
        return tuple(reversed([one for one in told if one.date < day][-_POSTS_BEFORE:]))

    @property
    def writer(self) -> Writer | None:
        """The configured writer, one for the whole run."""
        if self._writer is None:
            self._writer = (writer_of(self.app, offline=self.offline),)
        return self._writer[0]

    def report(self) -> tuple[dict[str, int], tuple[str, ...]]:
        """Counts and warnings of the writer; nothing where none was asked."""
        return reported(self._writer[0]) if self._writer and self._writer[0] else ({}, ())

    def sources(self, told: Sequence[VaultNote]) -> tuple[str, ...]:
        """The sources that are followed, each by the name that the notes ``told`` give it, else by its latest."""
        carried = set(carriers(told))
        titles = titles_of_sources(self.app.config.database)
        return tuple(sorted({_called(one, titles.get(one.key, ()), carried) for one in self.app.config.sources}))


def _called(source: SourceConfig, titles: Sequence[str], carried: Collection[str]) -> str:
    known = [*titles, source.title, source.key]
    return next((title for title in known if title in carried), "") or source.title or known[0] or source.key
