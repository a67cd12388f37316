"""One request with all that stays the same over its attempts and redirects, and what each of them may know of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import httpx

from ingest.web.guard import Allowance, Target, allowance
from notes.errors import ConfigError, RefusedError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ingest.web.limiter import Turns
    from ingest.web.opening import Begun
    from ingest.web.response import Response

__all__ = ["Errand", "lowered", "opened"]

_WORTH_A_RETRY = {408, 425, 429, 500, 502, 503, 504}
_PLEADS_FOR_TIME = {429, 503}
_NOTHING_WAS_SENT = (httpx.ConnectError, httpx.ConnectTimeout)
# What whoever is redirected to may know; keys and cookies stay with the place they were meant for.
_TRAVELS = {"accept", "accept-language"}
# What is remembered of a document belongs to the address it came from: another server may use the same words.
_CONDITIONS = {"if-none-match", "if-modified-since"}


@dataclass(slots=True)
class Errand:
    """One request; a POST where there is ``content``. ``begun`` is its first exchange, where somebody has begun it."""

    url: str
    headers: dict[str, str] = field(repr=False)
    allowed: Allowance
    pace: Turns
    total_s: float
    content: bytes | None = field(default=None, repr=False)
    read_s: float | None = None
    begun: Begun | None = None

    def take_begun(self) -> Begun | None:
        """The exchange that was begun; it can be gone on with once."""
        begun, self.begun = self.begun, None
        return begun

    def headers_for(self, first: Target, target: Target) -> dict[str, str]:
        """The headers that ``target`` may know, the first place being ``first``."""
        if target == first:
            return self.headers
        travels = self.headers.keys() - _CONDITIONS if first.is_same_place(target) else _TRAVELS
        return {name: value for name, value in self.headers.items() if name in travels}

    def may_follow(self, error: httpx.TransportError) -> bool:
        """Whether another attempt may follow on one that failed so."""
        return self.content is None or isinstance(error, _NOTHING_WAS_SENT)

    def is_worth_more(self, response: Response) -> bool:
        """Whether another attempt may bring another answer."""
        if self.content is None:
            return response.status in _WORTH_A_RETRY
        return response.status in _PLEADS_FOR_TIME and response.retry_after is not None


def lowered(headers: Mapping[str, str] | None) -> dict[str, str]:
    """The headers by their names in lower case."""
    return {name.lower(): value for name, value in (headers or {}).items()}


def opened(allow: tuple[str, ...]) -> Allowance:
    """What a source's ``allow`` opens. Raises RefusedError where it cannot be read."""
    try:
        return allowance(allow)
    except ConfigError as error:
        # The configuration is checked before any night; here it is one source's trouble, not the night's.
        raise RefusedError(error.message, hint=error.hint) from error
