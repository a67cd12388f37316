"""An HTTP answer as the readers of feeds and pages see it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING

from notes.errors import FetchError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["Hop", "Response", "headers_by_name", "without_keys"]

_PERMANENT = {301, 308}
_HINTS = {
    401: "the source asks for a password",
    403: "the source refuses programs, or this address",
    404: "the feed has moved or is gone",
    407: "the proxy asks for a password",
    410: "the feed is gone for good: remove the source",
    429: "the source asks for fewer requests",
}
# Private feeds have their key in the address.
_KEY = re.compile(
    r"([?&](?:[\w-]*(?:token|key|secret|password|passwd|signature)|auth|pass|pwd|sig)=)[^&#\s'\"]+", re.IGNORECASE
)
# Nobody means more than a month; what says more was never checked.
_RETRY_AFTER_MOST_S = 31 * 86_400.0


def without_keys(told: str) -> str:
    """A message with the keys in the addresses that it names left out: it goes to logs, and to whoever is shown them."""
    return _KEY.sub(r"\1…", told)


@dataclass(frozen=True, slots=True)
class Hop:
    """One redirect: its status, and the address that it led to."""

    status: int
    url: str


@dataclass(frozen=True, slots=True)
class Response:
    """An answer with its body unpacked; ``headers`` have lower-case names, ``url`` is the one that answered.

    ``hops`` are the redirects on the way there, in order.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes
    url: str
    hops: tuple[Hop, ...] = ()

    @property
    def moved_permanently_to(self) -> str:
        """``url`` where every redirect on the way was permanent (301, 308) and there was one, else ''."""
        return self.url if self.hops and all(hop.status in _PERMANENT for hop in self.hops) else ""

    @property
    def retry_after(self) -> float | None:
        """Seconds that the server asked to wait (RFC 9110 §10.2.3), if it did; at most 31 days."""
        asked = _seconds(self.headers.get("retry-after", ""), self.headers.get("date", ""))
        return None if asked is None else min(max(asked, 0.0), _RETRY_AFTER_MOST_S)

    def require_ok(self) -> Response:
        """The response itself when it is a 200 or a 304; else raises FetchError."""
        if self.status in {200, 203, 304}:
            return self
        raise FetchError(
            f"{self.url} answered {self.status}",
            hint=_HINTS.get(self.status, ""),
            status=self.status,
            retry_after=self.retry_after,
        )


def headers_by_name(headers: Sequence[tuple[bytes, bytes]]) -> dict[str, str]:
    """Headers by name. One that comes twice is a list (RFC 9110 §5.3): two codings of the body may not look like one."""
    joined: dict[str, str] = {}
    for raw_name, raw_value in headers:
        name, value = raw_name.decode("latin-1").lower(), _text(raw_value)
        joined[name] = f"{joined[name]}, {value}" if name in joined else value
    return joined


def _text(value: bytes) -> str:
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")


def _seconds(retry_after: str, date: str) -> float | None:
    retry_after = retry_after.strip()
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after[:9])
    until = _moment(retry_after)
    if until is None:
        return None
    # Held against the server's own clock, which the date was made by.
    return (until - (_moment(date) or datetime.now(UTC))).total_seconds()


def _moment(date: str) -> datetime | None:
    if not date:
        return None
    try:
        moment = parsedate_to_datetime(date)
    except (ValueError, TypeError, OverflowError):
        return None
    # "-0000" is UTC of which nobody says where it was written.
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
