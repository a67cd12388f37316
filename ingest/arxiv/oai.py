"""arXiv's OAI-PMH (https://info.arxiv.org/help/oa/index.html): weeks of papers with their whole version logs.

OAI-PMH 2.0 (https://www.openarchives.org/OAI/openarchivesprotocol.html), format ``arXivRaw``. A record's datestamp is
its last change of any kind, not its submission.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from ingest.arxiv import fields as arxiv_fields
from ingest.reading.dates import read_moment
from ingest.reading.entries import RawEntry, build_items, is_withdrawn
from ingest.reading.text import one_line
from notes.errors import FetchError, ParseError, SourceError
from notes.identity import arxiv_id
from notes.model import PaperVersion
from notes.versions import merged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from ingest.sources import SourceSpec
    from ingest.web.client import HttpClient
    from ingest.web.limiter import Turns
    from notes.model import Item

__all__ = ["Batch", "Harvest", "parse_records", "set_of"]

_OAI = "{http://www.openarchives.org/OAI/2.0/}"
_RAW = "{http://arxiv.org/OAI/arXivRaw/}"
_GROUPS = frozenset({"cs", "econ", "eess", "math", "q-bio", "q-fin", "stat"})
_RESTARTS = 5
_PATIENCE = 5
_LONGEST_WAIT_S = 900.0
# A page takes arXiv up to a minute and a half, most of it before the first byte.
_PAGE_S = 300.0


@dataclass(frozen=True, slots=True)
class Batch:
    """One page of a harvest.

    ``deleted`` holds the base ids of records that arXiv has taken away, ``datestamps`` the days of the records in their
    order, ``token`` where the next page is (empty at the end), ``total`` how many records there are in all, if told.
    """

    items: tuple[Item, ...]
    deleted: tuple[str, ...] = ()
    datestamps: tuple[str, ...] = ()
    token: str = ""
    total: int = 0
    warnings: tuple[str, ...] = ()


class _BadTokenError(SourceError):
    """The resumption token is not known any more: they live for a day or so."""


def set_of(category: str) -> str:
    """The set of a category or archive: ``cs:cs:CL``, ``physics:hep-th``, ``physics:astro-ph:GA``, ``cs``."""
    archive, _, subject = category.partition(".")
    if archive in _GROUPS:
        return f"{archive}:{archive}:{subject}" if subject else archive
    if archive == "physics":
        return f"physics:physics:{subject}" if subject else "physics"
    return f"physics:{archive}:{subject}" if subject else f"physics:{archive}"


@dataclass(frozen=True, slots=True)
class Harvest:
    """The records of a set that changed from ``since`` to ``until`` (days, UTC), page by page.

    Iterating raises SourceError where it cannot go on; every batch given before stands. A token that has expired is made
    up for by asking anew from the day that was reached. A 503 is waited out as long as the server says, up to
    a quarter of an hour.
    """

    base: str
    category: str
    since: date
    until: date | None
    spec: SourceSpec
    client: HttpClient
    pace: Turns
    now: datetime

    def __iter__(self) -> Iterator[Batch]:
        """The batches, each asked for when it is wanted."""
        since, token, restarts = self.since.isoformat(), "", 0
        reached = _Reached(since)
        while True:
            try:
                batch = self._page(token, since)
            except _BadTokenError as error:
                restarts += 1
                if not token or restarts > _RESTARTS:
                    raise FetchError(error.message, hint="try again later") from error
                since, token = reached.day, ""
                continue
            reached = reached.after(batch)
            yield batch
            token = batch.token
            if not token:
                return

    def _page(self, token: str, since: str) -> Batch:
        query = {"verb": "ListRecords"}
        if token:
            query |= {"resumptionToken": token}
        else:
            query |= {"metadataPrefix": "arXivRaw", "set": set_of(self.category), "from": since}
            query |= {"until": self.until.isoformat()} if self.until else {}
        return parse_records(self._get(f"{self.base}?{urlencode(query)}"), spec=self.spec, now=self.now)

    def _get(self, url: str) -> bytes:
        for _ in range(_PATIENCE):
            response = self.client.get(url, allow=self.spec.allow, pace=self.pace, total_s=_PAGE_S)
            wait = response.retry_after
            if response.status != 503 or wait is None or wait > _LONGEST_WAIT_S:
                break
            self.client.sleep(wait)
        return response.require_ok().body


@dataclass(frozen=True, slots=True)
class _Reached:
    """How far a harvest has come: the latest datestamp, as long as they come in order; else the day it began from."""

    start: str
    latest: str = ""
    in_order: bool = True

    @property
    def day(self) -> str:
        """The day to ask from again, so that nothing is left out."""
        return self.latest[:10] if self.latest and self.in_order else self.start

    def after(self, batch: Batch) -> _Reached:
        """The state after one more batch."""
        stamps = [self.latest, *batch.datestamps]
        in_order = self.in_order and stamps == sorted(stamps)
        return replace(self, latest=max(stamps), in_order=in_order)


def parse_records(body: bytes, *, spec: SourceSpec, now: datetime) -> Batch:
    """The papers of one reply to ListRecords; none where nothing matched.

    Raises ParseError where the body is no OAI-PMH, FetchError with the server's own words for its errors.
    """
    root, warnings = _tree(body)
    _check(root)
    records = list(root.iter(f"{_OAI}record"))
    headers = [record.find(f"{_OAI}header") for record in records]
    told = [node for record in records if (node := record.find(f"{_OAI}metadata/{_RAW}arXivRaw")) is not None]
    entries = [_entry(node) for node in told]
    logs = {entry.external_id: _log(node) for node, entry in zip(told, entries, strict=True)}
    empty = {entry.external_id for node, entry in zip(told, entries, strict=True) if _is_empty(node)}
    items, trouble = build_items(entries, spec, feed_title="arXiv", now=now)
    papers = (_with_log(item, logs[item.external_id], is_empty=item.external_id in empty) for item in items)
    token = root.find(f".//{_OAI}resumptionToken")
    return Batch(
        items=tuple(papers),
        deleted=tuple(
            _deleted(header) for header in headers if header is not None and header.get("status") == "deleted"
        ),
        datestamps=tuple(_text(header, f"{_OAI}datestamp") for header in headers if header is not None),
        token=(token.text or "").strip() if token is not None else "",
        total=_number(token.get("completeListSize", "")) if token is not None else 0,
        warnings=warnings + trouble,
    )


def _tree(body: bytes) -> tuple[Any, tuple[str, ...]]:
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True, remove_comments=True)
    try:
        root = etree.fromstring(body, parser)
    except (etree.LxmlError, ValueError) as error:
        raise ParseError(f"arXiv's reply is no XML: {error}") from error
    if root is None or root.tag != f"{_OAI}OAI-PMH":
        raise ParseError("arXiv's reply is no OAI-PMH")
    return root, (f"the reply is not well-formed: {parser.error_log[0].message}",) if parser.error_log else ()


def _check(root: Any) -> None:
    for error in root.iterchildren(f"{_OAI}error"):
        code, words = error.get("code", ""), one_line("".join(error.itertext()))
        if code == "badResumptionToken":
            raise _BadTokenError(f"arXiv has forgotten where the harvest was: {words or code}")
        if code != "noRecordsMatch":
            raise FetchError(f"arXiv refused the harvest: {words or code}", hint="check the categories of this source")


def _deleted(header: Any) -> str:
    name = _text(header, f"{_OAI}identifier").strip()
    found = arxiv_id(name)
    return found[0] if found else name


def _entry(node: Any) -> RawEntry:
    log = _log(node)
    paper = one_line(_text(node, f"{_RAW}id"))
    return RawEntry(
        external_id=f"oai:arXiv.org:{paper}v{log[-1].version}" if log else f"oai:arXiv.org:{paper}",
        link=f"https://arxiv.org/abs/{paper}",
        title=arxiv_fields.untexed(_text(node, f"{_RAW}title")),
        body=arxiv_fields.untexed(_text(node, f"{_RAW}abstract")),
        plain=True,
        is_record=True,
        authors=arxiv_fields.authors(_text(node, f"{_RAW}authors")),
        categories=arxiv_fields.categories(_text(node, f"{_RAW}categories").split()),
        published=log[0].date if log else None,
        updated=log[-1].date if log else None,
        doi=_text(node, f"{_RAW}doi"),
        comment=arxiv_fields.comment(_text(node, f"{_RAW}comments"), _text(node, f"{_RAW}journal-ref")),
    )


def _log(node: Any) -> tuple[PaperVersion, ...]:
    found = (
        PaperVersion(_number(version.get("version", "").removeprefix("v")), read_moment(_text(version, f"{_RAW}date")))
        for version in node.iterchildren(f"{_RAW}version")
    )
    return merged(tuple(found))


def _is_empty(node: Any) -> bool:
    """Whether the last version holds nothing: that is how arXiv keeps a withdrawal."""
    sizes = [_text(version, f"{_RAW}size").strip().lower() for version in node.iterchildren(f"{_RAW}version")]
    return bool(sizes) and sizes[-1] in {"0kb", "0b", "0"}


def _with_log(item: Item, log: tuple[PaperVersion, ...], *, is_empty: bool) -> Item:
    if is_empty and not is_withdrawn(item):
        item = replace(item, comment="; ".join(filter(None, ("withdrawn", item.comment))))
    last = PaperVersion(item.arxiv_version, item.updated, item.comment) if item.arxiv_version else PaperVersion(0)
    return replace(item, versions=merged(log, (last,)))


def _text(node: Any, tag: str) -> str:
    child = node.find(tag)
    return "" if child is None else "".join(child.itertext())


def _number(text: str) -> int:
    return int(text) if re.fullmatch(r"[0-9]{1,9}", text.strip()) else 0
