"""Published pages by topic, by tag, by month."""

from __future__ import annotations

import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from notes.markup.inert import one_line
from publish.site.pages import Kind, Page, Pages, segment, topic_of, unique

__all__ = ["Listing", "by_month", "tags", "topics"]


@dataclass(frozen=True, slots=True)
class Listing:
    """A topic, tag or month: its name, the folder of its page, what belongs to it, and a topic's structure note.

    ``is_past`` is a topic whose structure note says that it has ended.
    """

    name: str
    path: str
    members: tuple[Page, ...]
    own: Page | None = None
    is_past: bool = False


def topics(pages: Pages) -> tuple[Listing, ...]:
    """A listing for each topic, the largest first; members, newest first, are the pages that name it or that it names.

    A note that the user edited keeps the ``topic`` it had; its structure note knows better.
    """
    members: dict[str, dict[str, Page]] = defaultdict(dict)
    own = {topic_of(page.note): page for page in pages.of(Kind.TOPIC)}
    for page in pages.all:
        if page.kind is not Kind.TOPIC and page.note.topic:
            members[topic_of(page.note)][page.path] = page
    for slug, page in own.items():
        named = (pages.target(link) for link in page.note.related)
        members[slug] |= {to.path: to for to in named if isinstance(to, Page) and to.kind is not Kind.TOPIC}
    order = {page.path: place for place, page in enumerate(pages.all)}
    taken = {page.path.rstrip("/").lower() for page in pages.all}
    return _largest_first(
        Listing(
            name=own[slug].title if slug in own else slug.replace("-", " "),
            path=own[slug].path if slug in own else unique(f"topics/{segment(slug)}", taken),
            members=tuple(sorted(members[slug].values(), key=lambda page: order[page.path])),
            own=own.get(slug),
            is_past=slug in own and bool(own[slug].note.properties.get("ended")),
        )
        for slug in sorted(members)
    )


def tags(pages: Sequence[Page]) -> tuple[Listing, ...]:
    """A listing for each tag of ``pages``, the largest first; case does not tell tags apart, as in Obsidian."""
    members: dict[str, dict[str, Page]] = defaultdict(dict)
    names: dict[str, str] = {}
    for page in pages:
        for tag in page.note.tags if page.kind is not Kind.TOPIC else ():
            name = unicodedata.normalize("NFC", one_line(tag)).strip("#/ ")
            names[name.casefold()] = min(name, names.get(name.casefold(), name))
            members[name.casefold()][page.path] = page
    taken: set[str] = set()
    return _largest_first(
        Listing(
            names[key], unique("/".join(("tags", *map(segment, key.split("/")))), taken), tuple(members[key].values())
        )
        for key in sorted(members)
        if key
    )


def by_month(pages: Sequence[Page]) -> list[tuple[date | None, tuple[Page, ...]]]:
    """``pages``, newest first, by the first day of their month; None for those without a day."""
    months = groupby(pages, key=lambda page: page.day.replace(day=1) if page.day else None)
    return [(month, tuple(members)) for month, members in months]


def _largest_first(listings: Iterable[Listing]) -> tuple[Listing, ...]:
    return tuple(sorted(listings, key=lambda listing: (-len(listing.members), listing.path)))
