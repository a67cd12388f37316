"""Weeks of arXiv at once, for a source that begins, or that was away for longer than a night or two."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING

from ingest.arxiv.announcing import kind_of, submitted_since
from ingest.arxiv.api import WINDOW, ArxivApi, addresses
from ingest.arxiv.oai import Harvest
from notes.errors import ConfigError
from notes.identity import arxiv_category

if TYPE_CHECKING:
    from collections.abc import Iterator

    from ingest.sources import SourceSpec
    from ingest.web.client import HttpClient
    from ingest.web.limiter import Turns
    from notes.model import Item

__all__ = ["Portion", "backfill"]

# A search of the API reaches 10,000 papers; no category has as many in a week.
_SLICE = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Portion:
    """Papers to be stored before the next portion is asked for; ``read`` of ``total`` records (0: unknown) are done."""

    items: tuple[Item, ...]
    read: int
    total: int
    warnings: tuple[str, ...] = ()


def backfill(
    spec: SourceSpec, since: date, until: date | None, *, client: HttpClient, pace: Turns, now: datetime
) -> Iterator[Portion]:
    """The papers submitted from ``since`` to ``until`` (days, UTC; None: today), as they come.

    Categories are harvested by OAI-PMH, with whole version logs; records of older papers that changed meanwhile are marked as
    replacements. Searches are asked of the API, week by week. Raises ConfigError for a source that is not of arXiv,
    SourceError where it cannot go on: the portions given before stand.
    """
    if spec.kind != "arxiv":
        raise ConfigError(f"{spec.key}: only sources of kind 'arxiv' can be filled back", hint="feeds keep no past")
    if spec.categories:
        yield from _harvested(spec, since, until, client=client, pace=pace, now=now)
    else:
        yield from _searched(ArxivApi(spec, client, pace, now), since, until or now.date())


def _harvested(
    spec: SourceSpec, since: date, until: date | None, *, client: HttpClient, pace: Turns, now: datetime
) -> Iterator[Portion]:
    names = tuple(filter(None, map(arxiv_category, spec.categories)))
    last = datetime.combine(until + timedelta(days=1), time(), UTC) if until else None
    for name in names:
        read = 0
        # Up to today whatever `until` says: a paper's datestamp moves on with each change.
        harvest = Harvest(addresses(spec.url).oai, name, since, None, spec, client, pace, now)
        for batch in harvest:
            read += len(batch.datestamps)
            items = tuple(
                replace(item, announced=kind_of(item, names, submitted_since(since)))
                for item in batch.items
                if last is None or item.published is None or item.published < last
            )
            gone = (f"arXiv has taken back {', '.join(batch.deleted)}",) if batch.deleted else ()
            yield Portion(items, read, batch.total, (*batch.warnings, *gone))


def _searched(api: ArxivApi, since: date, until: date) -> Iterator[Portion]:
    read, day = 0, since
    while day <= until:
        last = min(day + _SLICE - timedelta(days=1), until)
        query = f"({api.spec.query}) AND submittedDate:[{day:%Y%m%d}0000 TO {last:%Y%m%d}2359]"
        found = api.search(query, by="submittedDate", least=WINDOW)
        read += len(found.items)
        if found.items:
            yield Portion(found.items, read, 0, found.warnings)
        if found.error is not None:
            raise found.error
        day = last + timedelta(days=1)
