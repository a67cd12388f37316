"""One request to the endpoint, held to a time and to a size.

No redirect is followed and nothing is read from the environment, so the key goes to the configured host and nowhere else. It
stands in one header: in no address, no message and no log. The whole exchange runs in an event loop of its own, because only a
cancelled task ends at once whatever it waits for, be it a handshake, or headers and bodies that drip (a resolver that hangs
holds it up for as long as the system lets it, mostly seconds).
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Any

from notes.errors import WriterError
from notes.markup.inert import one_line
from notes.markup.terminal import terminal

if TYPE_CHECKING:
    import httpx

__all__ = ["Endpoint", "post"]

_SENDABLE = re.compile(r"[\x21-\x7e]{1,4096}")
_MOST_WORDS = 160
_HINTS = {
    401: "the endpoint does not take the key; see `api_key_env`",
    403: "the endpoint does not allow this key, or this model, or this place",
    404: "no such model or address; the endpoint usually ends in /v1",
    413: "the brief is too long for it; lower `brief`",
    429: "the endpoint asks for fewer requests, or its quota is used up",
}
# What will be the same in an hour.
_LASTING = frozenset({401, 402, 403, 404, 405, 410})
# Where the endpoint's own words help, and never hold a part of the key, as those after 401 do.
_TELLING = frozenset({400, 404, 413, 422, 500, 503})


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where to ask: ``url`` up to and without ``/chat/completions``; ``key`` and ``proxy`` are secrets or empty."""

    url: str
    key: str = field(default="", repr=False)
    proxy: str = field(default="", repr=False)
    max_bytes: int = 1_000_000

    @property
    def place(self) -> str:
        """The endpoint as a message shows it: without user, query and fragment."""
        return re.sub(r"//[^/@]*@", "//", re.split(r"[?#]", self.url, maxsplit=1)[0])

    @property
    def address(self) -> str:
        """Where chat completions are asked for; a query of the endpoint's own stays."""
        base, mark, query = self.url.partition("?")
        return base.rstrip("/").removesuffix("/chat/completions") + "/chat/completions" + mark + query


def post(endpoint: Endpoint, document: Mapping[str, Any], *, seconds: float) -> object:
    """The JSON that the endpoint answers within ``seconds``. Raises WriterError."""
    if endpoint.key and not _SENDABLE.fullmatch(endpoint.key):
        raise WriterError("the key holds what no key can", hint="look at the variable that holds it", is_lasting=True)
    import anyio
    import httpx

    # What a server sends is logged there at DEBUG, with headers that could repeat the key.
    for name in ("httpx", "httpcore"):
        logging.getLogger(name).setLevel(logging.WARNING)
    try:
        status, headers, body = anyio.run(_exchange, endpoint, document, seconds)
    except TimeoutError:
        raise WriterError(f"{endpoint.place} gave no whole answer within {seconds:.0f} s") from None
    except httpx.TimeoutException:
        raise WriterError(f"{endpoint.place} gave no whole answer within {seconds:.0f} s") from None
    except (httpx.HTTPError, httpx.InvalidURL, OSError, UnicodeError) as error:
        # The kind alone: messages of the layers below may hold what was sent.
        raise WriterError(
            f"{endpoint.place} cannot be reached ({type(error).__name__})",
            hint="is it running?",
            was_reached=False,
            was_sent=not isinstance(error, httpx.ConnectError),
        ) from None
    if status != 200:
        raise _trouble(endpoint, status, headers, body)
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise WriterError(f"{endpoint.place} answered with no JSON", hint="is it an OpenAI-compatible API?") from None


async def _exchange(
    endpoint: Endpoint, document: Mapping[str, Any], seconds: float
) -> tuple[int, Mapping[str, str], bytes]:
    import anyio
    import httpx

    headers = {"accept": "application/json", "content-type": "application/json", "accept-encoding": "identity"}
    if endpoint.key:
        headers["authorization"] = f"Bearer {endpoint.key}"
    content = json.dumps(document).encode("ascii")
    options: dict[str, Any] = {"proxy": endpoint.proxy} if endpoint.proxy else {}
    with anyio.fail_after(seconds):
        async with (
            httpx.AsyncClient(trust_env=False, follow_redirects=False, timeout=seconds, **options) as client,
            client.stream("POST", endpoint.address, content=content, headers=headers) as response,
        ):
            return response.status_code, response.headers, await _body(endpoint, response)


async def _body(endpoint: Endpoint, response: httpx.Response) -> bytes:
    """The body as it came; a packed one was not asked for, and could unpack to anything."""
    if response.headers.get("content-encoding", "identity").strip().lower() not in ("", "identity"):
        raise WriterError(f"{endpoint.place} answered packed, though asked not to", is_lasting=True)
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += chunk
        if len(body) > endpoint.max_bytes:
            raise WriterError(f"{endpoint.place} answered with more than {endpoint.max_bytes} bytes")
    return bytes(body)


def _trouble(endpoint: Endpoint, status: int, headers: Mapping[str, str], body: bytes) -> WriterError:
    message, parameter = _words(body, endpoint.key)
    if 300 <= status < 400:
        told, hint = "redirects, which is not followed", "give the address to which it leads"
        return WriterError(f"{endpoint.place} {told}", hint=hint, status=status, is_lasting=True)
    shown = f": {terminal(message)}" if message and status in _TELLING else ""
    return WriterError(
        f"{endpoint.place} answered {status}{shown}",
        hint=_HINTS.get(status, ""),
        status=status,
        retry_after=_retry_after(headers),
        named=f"{parameter} {message}",
        is_lasting=status in _LASTING,
    )


def _words(body: bytes, key: str) -> tuple[str, str]:
    """The endpoint's message on one line, without the key, and the parameter that it names."""
    try:
        document = json.loads(body)
    except (ValueError, RecursionError):
        return "", ""
    error = document.get("error", document) if isinstance(document, dict) else {}
    error = error if isinstance(error, dict) else {"message": error}
    message, parameter = error.get("message") or error.get("detail") or "", error.get("param") or ""
    # Before anything is cut: half a key is no key any more, and most of the secret.
    shown = _without(str(message), key)[: 4 * _MOST_WORDS]
    return _without(one_line(shown), key)[:_MOST_WORDS], one_line(_without(str(parameter), key)[:_MOST_WORDS])


def _without(text: str, key: str) -> str:
    return text.replace(key, "…") if key else text


def _retry_after(headers: Mapping[str, str]) -> float | None:
    """Seconds; of a date those after the answer's own date, so that no clock of ours comes in."""
    given = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,6})?", given):
        return float(given)
    try:
        return max(0.0, (parsedate_to_datetime(given) - parsedate_to_datetime(headers.get("date", ""))).total_seconds())
    except (TypeError, ValueError, IndexError, OverflowError):
        return None
