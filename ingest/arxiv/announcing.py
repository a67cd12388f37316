"""What arXiv's daily announcements are: when they appear, which are lost by a missed night, and what they may bring.

https://info.arxiv.org/help/availability.html: submissions close at 14:00 US Eastern on working days and are announced
at 20:00, from Sunday to Thursday; the RSS of each working day stands from midnight to midnight, US Eastern.
"""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

if TYPE_CHECKING:
    from datetime import date

    from notes.model import Item

__all__ = ["KINDS", "admitted", "first_missed", "kind_of", "leading", "seen_by", "submitted_since", "working_day"]

KINDS = ("new", "cross", "replace", "replace-cross")
"""How arXiv announces papers, those first that say most."""

_EASTERN = ZoneInfo("America/New_York")
_DEADLINE = time(14)
# A feed is there a while after midnight; what was fetched before may be the day before's.
_LATE = timedelta(hours=1)
# Holidays, on which nothing is announced, and papers that moderators held back for a while.
_HELD = timedelta(days=2)


def admitted(item: Item, announce: tuple[str, ...]) -> bool:
    """Whether the paper may become an item; announcements of other kinds only refresh papers that are known.

    What was not announced but searched for is always admitted.
    """
    return not item.announced or item.announced in announce


def leading(*announced: str) -> str:
    """Of several announcements of a paper the one that says most; empty where there is none."""
    return min((kind for kind in announced if kind in KINDS), key=KINDS.index, default="")


def kind_of(item: Item, names: tuple[str, ...], since: datetime) -> str:
    """How arXiv announced a paper in the feeds of these categories, when all that is known is its record.

    New is what was first submitted ``since`` then; what has its first category elsewhere is a cross-list.
    """
    is_ours = item.categories[:1] and item.categories[0] in names
    if item.published is not None and item.published >= since:
        return "new" if is_ours else "cross"
    return "replace" if is_ours else "replace-cross"


def seen_by(now: datetime, newest: datetime | None) -> datetime:
    """Up to when nothing is missing after a fetch whose feed is dated ``newest``: a cached feed of yesterday counts as such.

    An empty feed (None) tells nothing: there is none on holidays and weekends.
    """
    if newest is None or _day(newest) >= _day(now):
        return now
    return newest + timedelta(hours=12)


def working_day(now: datetime) -> date:
    """The day (US Eastern) of the latest feed that has papers, holidays aside."""
    return _working_day_before(_day(now) + timedelta(days=1))


def first_missed(last_ok: datetime | None, now: datetime) -> date | None:
    """The day (US Eastern) of the earliest feed that came and went between two fetches; None when none did.

    ``last_ok`` is the last fetch that worked; without one nothing was promised, so nothing is missed.
    """
    if last_ok is None:
        return None
    today = _day(now)
    day = _day(last_ok - _LATE) + timedelta(days=1)
    while day < today:
        if day.weekday() < 5:
            return day
        day += timedelta(days=1)
    return None


def submitted_since(day: date) -> datetime:
    """From when on the papers were submitted that the feed of ``day`` (US Eastern) announces; UTC, with some leeway.

    The feed of a Tuesday holds what came from Friday's deadline to Monday's, that of a Monday Thursday's to Friday's.
    """
    end = _working_day_before(day)
    if day.weekday() == 0:
        # Announced on Sunday evening.
        end = day - timedelta(days=3)
    start = _working_day_before(end)
    return datetime.combine(start, _DEADLINE, _EASTERN).astimezone(UTC) - _HELD


def _day(moment: datetime) -> date:
    return moment.astimezone(_EASTERN).date()


def _working_day_before(day: date) -> date:
    day -= timedelta(days=1)
    while day.weekday() >= 5:
        day -= timedelta(days=1)
    return day
