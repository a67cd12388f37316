"""Sources of arXiv: a search of the API, or the daily announcements of categories.

::

    search                                    announcements
    ------                                    -------------
    API: the newest max_results,              RSS: today's papers        (fails: the API's papers instead)
         and further back to the last night   API: their details         (fail: what the RSS says of them)
                                              after missed nights:
                                              API: what changed since then
                                              OAI: version logs, late cross-lists     (fails: done without)

https://info.arxiv.org/help/api/tou.html: all of it in the machine's one turn (:mod:`ingest.web.limiter`).
What did not come is told, and asked for again: the ``etag`` of an arXiv source holds up to when nothing is missing, and
which papers the API did not have yet in the version announced (:mod:`ingest.arxiv.owed`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from ingest.arxiv.announcing import first_missed, kind_of, leading, seen_by, submitted_since, working_day
from ingest.arxiv.api import ArxivApi, Found, addresses
from ingest.arxiv.oai import Batch, Harvest
from ingest.arxiv.owed import Owed, owed_of, read_owed, written
from ingest.arxiv.rss import Announcement, parse_announcement
from ingest.sources import Fetched, FetchState, SourceSpec
from notes.errors import FetchError, SourceError
from notes.identity import arxiv_category
from notes.versions import merged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from ingest.web.client import HttpClient
    from ingest.web.limiter import Turns
    from notes.model import Item

__all__ = ["RECOVERY_CAP", "fetch_arxiv"]

# What missed nights may bring at once, in papers; a longer absence is for `slipway backfill`.
RECOVERY_CAP = 2_000
# The index of the API is behind the announcements by hours, sometimes by a day.
_LAG = timedelta(days=3)
_A_DAY = timedelta(days=1)
# Most papers that are cross-listed later, or held back by moderators, are so within this time.
_LISTED_LATE = timedelta(days=14)
# Of some 1,300 records each, for which arXiv takes up to a minute and a half.
_HARVEST_PAGES = 10


def fetch_arxiv(spec: SourceSpec, state: FetchState, *, client: HttpClient, pace: Turns, now: datetime) -> Fetched:
    """The papers of the source, each once; not modified when the same papers in the same versions came last time.

    Raises SourceError where nothing came. What came before some trouble is kept, with a warning.
    """
    api = ArxivApi(spec, client, pace, now)
    night = _announced(api, state) if spec.categories else _searched(api, state)
    return _fetched(night, state)


@dataclass(frozen=True, slots=True)
class _Night:
    """What a night brought.

    ``digest`` is that of the papers by which the next night tells whether anything changed, empty where it is to ask
    all again; ``complete_to`` is up to when nothing is missing, None where that is as it was.
    """

    items: tuple[Item, ...]
    digest: str
    complete_to: datetime | None
    warnings: tuple[str, ...]
    url: str
    owed: tuple[Owed, ...] = ()


def _fetched(night: _Night, state: FetchState) -> Fetched:
    complete = night.complete_to or _complete_to(state)
    remembered = FetchState(
        etag=written(complete.astimezone(UTC).isoformat(timespec="seconds") if complete else "", night.owed),
        body_sha256=night.digest,
        last_ok=state.last_ok,
    )
    is_same = not night.items and bool(night.digest) and night.digest == state.body_sha256
    return Fetched(night.items, remembered, is_same, tuple(dict.fromkeys(night.warnings)), night.url)


def _digest(items: Iterable[Item]) -> str:
    # Feeds carry the time of their making, so that their bytes always differ: the papers are what is compared.
    seen = "\n".join(f"{item.key}v{item.arxiv_version} {item.announced} {item.content_hash}" for item in items)
    return hashlib.sha256(seen.encode()).hexdigest()


def _complete_to(state: FetchState) -> datetime | None:
    """Up to when nothing is missing: what an earlier night left, else when the source last worked."""
    try:
        return datetime.fromisoformat(state.etag.partition(" ")[0]).astimezone(UTC)
    except ValueError:
        return state.last_ok


def _searched(api: ArxivApi, state: FetchState) -> _Night:
    spec, before = api.spec, _complete_to(state)
    found = api.search(
        spec.query,
        by="submittedDate",
        least=spec.max_results,
        since=before - _LAG if before else None,
        most=max(spec.max_results, RECOVERY_CAP),
    )
    if found.error is not None and not found.items:
        raise found.error
    digest = "" if found.error else _digest(found.items)
    items = () if digest and digest == state.body_sha256 else found.items
    return _Night(items, digest, None if found.error else api.now, found.warnings, addresses(spec.url).api)


def _announced(api: ArxivApi, state: FetchState) -> _Night:
    names = tuple(filter(None, map(arxiv_category, api.spec.categories)))
    if not names:
        raise FetchError(f"no category of arXiv: {', '.join(api.spec.categories)}", hint="they read like cs.CL")
    url = f"{addresses(api.spec.url).rss}/{'+'.join(names)}"
    feed, trouble = _feed(api, url)
    missed = first_missed(_complete_to(state), api.now)
    digest = _digest(feed.items)
    owed = read_owed(state.etag, api.now.date())
    if not missed and not trouble and not feed.is_cut and digest == state.body_sha256:
        paid = _paid(api, owed)
        return _Night(paid.items, digest, seen_by(api.now, feed.newest), feed.warnings, url, _unpaid(owed, paid.items))
    late = Found(())
    if missed or trouble or feed.is_cut:
        late = _recovered(api, names, submitted_since(missed or working_day(api.now)))
    if missed and not late.error:
        late = _completed(api, names, missed, late)
    if trouble and late.error:
        raise trouble
    told, details = _with_details(api, feed.items, {item.key: item for item in late.items})
    today = {item.key for item in told}
    others = tuple(item for item in late.items if item.key not in today)
    paid = _paid(api, _unpaid(tuple(one for one in owed if f"arxiv:{one.arxiv_id}" not in today), others))
    records = {item.key: item for item in (*details.items, *late.items)}
    return _Night(
        items=(*told, *others, *paid.items),
        digest="" if trouble or late.error or details.error else digest,
        # Without a feed today's papers are asked for once more: the API may be late with them.
        complete_to=None if late.error else api.now - _A_DAY if trouble else seen_by(api.now, feed.newest),
        warnings=(*feed.warnings, *_words(missed, late, feed, trouble), *late.warnings, *details.warnings),
        url=url,
        owed=(*_unpaid(owed, (*told, *others, *paid.items)), *owed_of(feed.items, records, api.now.date())),
    )


def _paid(api: ArxivApi, owed: tuple[Owed, ...]) -> Found:
    """The papers of earlier nights that the API has meanwhile, marked as they were announced.

    They are known, so that trouble with them is none of this night's: they stay owed.
    """
    found = api.papers([one.arxiv_id for one in owed]) if owed else Found(())
    wanted = {one.arxiv_id: one for one in owed}
    papers = (
        replace(item, announced=wanted[item.arxiv_id].announced)
        for item in found.items
        if item.arxiv_id in wanted and item.arxiv_version >= wanted[item.arxiv_id].version
    )
    return replace(found, items=tuple(papers))


def _unpaid(owed: tuple[Owed, ...], papers: Iterable[Item]) -> tuple[Owed, ...]:
    """What is owed still; a paper that was announced again is owed in its newer version, if at all."""
    versions = {item.arxiv_id: item.arxiv_version for item in papers}
    return tuple(one for one in owed if versions.get(one.arxiv_id, -1) < one.version)


def _feed(api: ArxivApi, url: str) -> tuple[Announcement, SourceError | None]:
    """Today's announcement; an empty one, and what was the matter, where it could not be had."""
    try:
        response = api.client.get(url, allow=api.spec.allow, pace=api.pace).require_ok()
        return parse_announcement(response.body, spec=api.spec, now=api.now), None
    except SourceError as error:
        return Announcement((), 0, ()), error


def _recovered(api: ArxivApi, names: tuple[str, ...], since: datetime) -> Found:
    """What the API has of these categories since then, marked as arXiv announced it."""
    query = " OR ".join(f"cat:{name}" for name in names)
    found = api.search(query, by="lastUpdatedDate", since=since, most=RECOVERY_CAP)
    recent = (item for item in found.items if item.updated is None or item.updated >= since)
    return replace(found, items=tuple(replace(item, announced=kind_of(item, names, since)) for item in recent))


def _completed(api: ArxivApi, names: tuple[str, ...], missed: date, late: Found) -> Found:
    """The same with what OAI-PMH alone tells: versions between two nights, papers cross-listed or held back for long.

    The API lists papers by their dates of submission, OAI-PMH by the day on which anything changed.
    """
    since = submitted_since(missed)
    records: dict[str, Item] = {}
    warnings = late.warnings
    try:
        for page, batch in enumerate(_harvest(api, names, missed), start=1):
            records.update((item.key, item) for item in batch.items)
            if page == _HARVEST_PAGES:
                raise FetchError(f"there is more than {page} pages of it")
    except SourceError as error:
        warnings = (*warnings, f"version logs may lack what was replaced twice meanwhile: {error.message}")
    papers = [_both(item, records.pop(item.key)) if item.key in records else item for item in late.items]
    marked = (replace(item, announced=kind_of(item, names, since - _LISTED_LATE)) for item in records.values())
    return replace(late, items=(*papers, *marked), warnings=warnings)


def _harvest(api: ArxivApi, names: tuple[str, ...], since: date) -> Iterator[Batch]:
    base = addresses(api.spec.url).oai
    for name in names:
        yield from Harvest(base, name, since, None, api.spec, api.client, api.pace, api.now)


def _words(missed: date | None, late: Found, feed: Announcement, trouble: SourceError | None) -> Iterator[str]:
    """What is told of the ways that a night had to go beside the feed."""
    if trouble:
        yield f"the feed could not be read, so that the papers are the API's: {trouble.message}"
    if feed.is_cut:
        yield f"the feed is full with {feed.entries} entries: the rest was asked of the API"
    if missed:
        yield f"announcements since {missed} were missed: the API gave {len(late.items)} papers for them"


def _with_details(api: ArxivApi, papers: tuple[Item, ...], known: Mapping[str, Item]) -> tuple[tuple[Item, ...], Found]:
    """The feed's papers with what only the API tells: comment, date of submission, journal."""
    unknown = [paper.arxiv_id for paper in papers if paper.key not in known]
    details = api.papers(unknown)
    records = {**known, **{item.key: item for item in details.items}}
    told = (_both(paper, records[paper.key]) if paper.key in records else paper for paper in papers)
    return tuple(told), details


def _both(told: Item, record: Item) -> Item:
    """The feed's notice and the API's record as one; the API may not have the new version yet.

    The comment on another version says nothing of this one, which may undo a withdrawal, or be one.
    A paper that was new on a missed night and replaced since is still new here.
    """
    announced = leading(told.announced, record.announced)
    versions = merged(told.versions, record.versions)
    categories = tuple(dict.fromkeys((*record.categories, *told.categories)))
    if record.arxiv_version < told.arxiv_version:
        return replace(
            told,
            announced=announced,
            published=record.published,
            doi=told.doi or record.doi,
            versions=versions,
            categories=categories,
        )
    return replace(record, external_id=told.external_id, announced=announced, versions=versions, categories=categories)
