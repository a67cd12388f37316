"""Trends of a house: all that came in by day, its topics and phrases; and the form of ``trends --json``."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

from notes.model import VaultNote
from notes.trends import Trend
from slipway.app import App
from slipway.library import is_note, language_of

if TYPE_CHECKING:
    from index.trends.dated import Dated
    from slipway.store.arrivals import Arrival

__all__ = ["trend_document", "trends_of"]

_OWN = ""  # no source has an empty key


def trends_of(
    app: App, *, today: date, weeks: int = 8, step: str = "week", files: Iterable[VaultNote] | None = None
) -> tuple[Trend, ...]:
    """All topics, and the phrases that rise or fall for sure, over the ``weeks`` up to ``today``.

    The rise likeliest to last comes first, what falls last. Counted is all that came in, notes or not, by its local day, and
    every note that the user wrote; for the order, the notes of a year. ``step`` is ``day``, ``week`` or ``month``, the length of
    a period; ``files`` are those of the vault where they have been read already.
    """
    from index.trends.dated import Step
    from index.trends.finding import Window, find_trends
    from index.trends.lasting import YEAR

    window = Window(today=today, weeks=weeks, step=Step(step))
    first = window.periods()[0][0]
    begin = min(first, today - timedelta(days=YEAR))
    arrivals = app.store.arrivals(first, today, app.config.zone)
    kept = app.store.arrivals(begin, first - timedelta(days=1), app.config.zone, noted=True)
    texts = _texts(app, (*arrivals, *kept), begin, today, files)
    return find_trends(texts, window, app.store.topics(), _members(app, arrivals), app.cache)


def trend_document(trend: Trend) -> dict[str, Any]:
    """A trend as a value for JSON."""
    return {
        "rank": trend.rank,
        "kind": trend.kind.value,
        "id": trend.id,
        "name": trend.name,
        "terms": list(trend.terms),
        "class": trend.course.value,
        "recent": trend.recent,
        "baseline": trend.baseline,
        "lift": trend.lift,
        "p_value": trend.p_value,
        "counts": [
            {
                "start": period.start.isoformat(),
                "count": period.count,
                "end": period.end.isoformat(),
                "volume": period.volume,
            }
            for period in trend.periods
        ],
        "notes": list(trend.notes),
        "q_value": trend.q_value,
        "group": trend.group or trend.id,
    }


def _texts(
    app: App, arrivals: Sequence[Arrival], first: date, today: date, files: Iterable[VaultNote] | None
) -> list[Dated]:
    """What came in on these days, and the notes of these days that the user wrote."""
    from index.trends.dated import Dated

    records = app.store.notes()
    texts = []
    for one in arrivals:
        record = records.get(one.note_id)
        noted = record is not None and record.gone_at is None
        name = one.note_id if noted else f"item-{one.id}"
        texts.append(Dated(name, one.day, one.source, one.title, one.text, one.lang, noted=noted))
    if files is None:
        files = app.vault.select([card.id for card in app.vault.catalogue() if card.id not in records]).values()
    return texts + [
        Dated(file.id, file.created, _OWN, file.title, file.text, language_of(file), noted=True)
        for file in files
        if file.id not in records and is_note(file) and file.created is not None and first <= file.created <= today
    ]


def _members(app: App, arrivals: Sequence[Arrival]) -> dict[str, list[str]]:
    """The items of each topic that are no notes."""
    names = {one.id: f"item-{one.id}" for one in arrivals}
    found: defaultdict[str, list[str]] = defaultdict(list)
    for number, topic in app.store.topic_items().items():
        if number in names:
            found[topic].append(names[number])
    return found
