"""What is remembered of a source, and how much of it still counts: pure, over its configuration and its record.

::

    another address, query or path     nothing counts any more
    another way to it                  its error and its back-off are forgotten; what a server asked for stays
    (allow, api, model, key, proxy)

Beside what its document says (:func:`ingest.feeds.hints.written`) the record's ``hints`` hold two words of our own:
``way``, by which the last attempt that failed was made, and ``not_before``, the moment that its server named.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TYPE_CHECKING

from ingest.due import ASKED_TO_WAIT
from ingest.feeds.hints import remembered, written
from slipway.store.records import SourceRecord

if TYPE_CHECKING:
    from ingest.sources import SourceSpec
    from slipway.settings.values import FetchSettings, SourceConfig

__all__ = ["document_hints", "next_due", "not_before", "noted", "place_of", "way_of", "what_counts"]


def place_of(spec: SourceSpec | SourceConfig) -> str:
    """Where a source is, as configured: what is remembered counts only for the place that it came from."""
    return spec.query or " ".join((spec.url, *spec.categories, *spec.queries)).strip() or str(spec.path or "")


def way_of(spec: SourceSpec | SourceConfig, settings: FetchSettings | None = None) -> str:
    """How a source is reached, as eight hex digits: what the user may mend when it fails."""
    # Hashed, since an address of a proxy may hold a password.
    own = (spec.url, spec.query, str(spec.path or ""), spec.categories, spec.queries)
    access = (spec.allow, spec.api, spec.model, spec.api_key_env)
    ours = ("", ()) if settings is None else (settings.proxy, settings.allow)
    return hashlib.sha256(repr((own, access, ours)).encode(errors="surrogatepass")).hexdigest()[:8]


def what_counts(
    spec: SourceSpec | SourceConfig, record: SourceRecord | None, settings: FetchSettings | None = None
) -> SourceRecord | None:
    """The record as far as it holds for the source as it is configured now, None when nothing of it does."""
    if record is None or record.url != place_of(spec):
        return None
    if not record.failures or _notes(record).get("way") in (None, way_of(spec, settings)):
        return record
    until = not_before(record)
    reason = "Retry-After" if until is not None else ""
    return replace(record, failures=0, last_error="", next_due=until, due_reason=reason)


def next_due(
    specs: Sequence[SourceSpec | SourceConfig],
    records: Mapping[str, SourceRecord],
    settings: FetchSettings | None = None,
) -> datetime | None:
    """When the first of the sources that wait is due, None when none waits."""
    known = [what_counts(spec, records.get(spec.key), settings) for spec in specs]
    waiting = (record.next_due for record in known if record is not None and not record.disabled)
    return min((moment for moment in waiting if moment is not None), default=None)


def document_hints(record: SourceRecord) -> str:
    """What its document said, without our own words."""
    return written(remembered(record.hints)) if record.hints else ""


def noted(document_hints: str, *, way: str = "", until: datetime | None = None) -> str:
    """What its document said, with our own words, as a text to keep."""
    ours = {"way": way, "not_before": until.isoformat() if until else ""}
    ours = {name: value for name, value in ours.items() if value}
    return json.dumps((json.loads(document_hints) if document_hints else {}) | ours) if ours else document_hints


def not_before(record: SourceRecord) -> datetime | None:
    """The moment before which its server wants no request at all, if it named one."""
    if moment := _notes(record).get("not_before"):
        return datetime.fromisoformat(moment)
    # An older database knows only the word.
    return record.next_due if record.due_reason in ASKED_TO_WAIT else None


def _notes(record: SourceRecord) -> dict[str, str]:
    said: dict[str, str] = json.loads(record.hints) if record.hints else {}
    return said
