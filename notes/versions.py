"""The version log of a paper, put together from what each sighting of it tells."""

from __future__ import annotations

from notes.model import PaperVersion

__all__ = ["merged"]

# Nobody has replaced a paper so often; a number beyond it is a misreading.
_MAX_VERSION = 99


def merged(*logs: tuple[PaperVersion, ...]) -> tuple[PaperVersion, ...]:
    """One entry for each version from the first to the last that any log tells of, in their order.

    Of several dates of a version the earliest holds (a version is submitted before it is announced), of several comments
    the longest. The order of the logs does not matter, and merging again changes nothing.
    """
    known: dict[int, PaperVersion] = {}
    for entry in (entry for log in logs for entry in log if 1 <= entry.version <= _MAX_VERSION):
        known[entry.version] = _both(known[entry.version], entry) if entry.version in known else entry
    return tuple(known.get(number) or PaperVersion(number) for number in range(1, max(known, default=0) + 1))


def _both(one: PaperVersion, other: PaperVersion) -> PaperVersion:
    dates = [date for date in (one.date, other.date) if date is not None]
    comment = max(one.comment, other.comment, key=lambda text: (len(text), text))
    return PaperVersion(one.version, min(dates, default=None), comment)
