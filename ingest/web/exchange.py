"""One request and its answer over one connection, in h11, the engine of httpcore.

httpcore's own connection is made to be kept and shared: its locks, states and traces took as much time as the rest of an
exchange. What goes wrong is told in httpcore's exceptions. Most answers to a conditional request need not even h11
(:mod:`ingest.web.plainhead`).
"""

from __future__ import annotations

import re
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import h11
import httpcore
from h11 import _readers

from ingest.web import plainhead
from ingest.web.response import headers_by_name

if TYPE_CHECKING:
    from types import TracebackType

__all__ = ["Exchange", "Written"]

_READ_BYTES = 65_536
_MAX_HEAD = 102_400  # bytes: what h11 waits for the end of a head, or of a line between chunks; httpcore's measure

# h11's pattern of a header line tries n² ways through n blanks before a byte that may not stand there: seconds for one
# read, and Python's lock held, while every other host waits. Blanks that are not given back match the same, at once.
# The whole pattern is written here, since a part of h11's own would be looked for in vain once it is worded otherwise.
_HEADER_LINE = re.compile(
    rb"(?P<field_name>[-!#$%&'*+.^_`|~0-9a-zA-Z]+):[ \t]*+(?P<field_value>([^\x00\s]+(?:[ \t]+[^\x00\s]+)*)?)[ \t]*"
)
if not hasattr(_readers, "header_field_re"):
    warnings.warn("this h11 reads headers in a way of its own: some may hold up a night", RuntimeWarning, stacklevel=1)
_readers.header_field_re = _HEADER_LINE

_Event = h11.Event | type[h11.NEED_DATA] | type[h11.PAUSED]


class Written(NamedTuple):
    """A request as h11 wants it."""

    method: str
    target: bytes
    headers: list[tuple[bytes, bytes]]
    content: bytes = b""


@dataclass(slots=True)
class Exchange:
    """An exchange over a ``stream`` that nobody else uses; ``seconds`` bound each of its reads and writes."""

    stream: httpcore.NetworkStream
    seconds: float
    _protocol: h11.Connection | None = None
    _document: plainhead.Document | None = None

    def ask(
        self, written: Callable[[], Written], plain: bytes | None = None, received: bytes | None = None
    ) -> tuple[int, dict[str, str]]:
        """Sends the request; the status and the headers of the answer. Raises httpcore's exceptions.

        ``plain`` is what is ``written`` as :mod:`ingest.web.plainhead` has it; ``received`` are the first bytes of the answer
        where somebody else has sent it.
        """
        with _AS_HTTPCORE_ERRORS:
            if received is None and plain is None:
                self._protocol, sent = _begun(written())
                self._write(sent)
                return self._answer(self._protocol)
            if received is None:
                self._write(plain or b"")
                received = self.stream.read(_READ_BYTES, self.seconds)
            return self._answer_to(written, received)

    def body(self) -> Iterator[bytes]:
        """The body as it comes. Raises httpcore's exceptions."""
        if self._document is not None:
            yield from self._rest_of(self._document)
        with _AS_HTTPCORE_ERRORS:
            while self._protocol is not None and isinstance(part := self._event(self._protocol), h11.Data):
                yield bytes(part.data)

    def _answer_to(self, written: Callable[[], Written], received: bytes) -> tuple[int, dict[str, str]]:
        if (unchanged := plainhead.unchanged(received)) is not None:
            return 304, unchanged
        if (document := plainhead.document(received)) is not None:
            self._document = document
            return 200, document.headers
        self._protocol, _ = _begun(written())
        _take_in(self._protocol, received)
        return self._answer(self._protocol)

    def _rest_of(self, document: plainhead.Document) -> Iterator[bytes]:
        """The body of so many bytes; what follows on them is nobody's."""
        part, left = document.begun, document.length
        while left:
            if not part and not (part := self.stream.read(_READ_BYTES, self.seconds)):
                told = f"(received {document.length - left} bytes, expected {document.length})"
                raise httpcore.RemoteProtocolError(
                    f"peer closed connection without sending complete message body {told}"
                )
            yield part[:left]
            part, left = b"", max(left - len(part), 0)

    def _answer(self, protocol: h11.Connection) -> tuple[int, dict[str, str]]:
        answer = self._event(protocol)
        while not _is_final(answer):
            answer = self._event(protocol)
        assert isinstance(answer, (h11.Response, h11.InformationalResponse))
        return answer.status_code, headers_by_name(answer.headers.raw_items())

    def _write(self, sent: bytes) -> None:
        try:
            self.stream.write(sent, self.seconds)
        except httpcore.WriteError:
            # Who closes early may have answered before: a 413 says more than a broken pipe.
            return

    def _event(self, protocol: h11.Connection) -> _Event:
        while (event := protocol.next_event()) is h11.NEED_DATA:
            _take_in(protocol, self.stream.read(_READ_BYTES, self.seconds))
        return event


def _begun(written: Written) -> tuple[h11.Connection, bytes]:
    """An exchange at the point where the request is made, and what is sent then."""
    protocol = h11.Connection(h11.CLIENT, max_incomplete_event_size=_MAX_HEAD)
    events: list[h11.Event] = [h11.Request(method=written.method, target=written.target, headers=written.headers)]
    events += [h11.Data(data=written.content)] if written.content else []
    return protocol, b"".join(protocol.send(event) or b"" for event in (*events, h11.EndOfMessage()))


def _take_in(protocol: h11.Connection, received: bytes) -> None:
    if not received and protocol.their_state is h11.SEND_RESPONSE:
        raise httpcore.RemoteProtocolError("Server disconnected without sending a response.")
    protocol.receive_data(received)


def _is_final(event: _Event) -> bool:
    """Whether no other answer follows: 100 Continue and its kin come before one, a change of protocols ends HTTP."""
    is_notice = isinstance(event, h11.InformationalResponse) and event.status_code != 101
    return not is_notice


class _AsHttpcoreErrors:
    """A context that tells h11's exceptions as httpcore's."""

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        if isinstance(error, h11.RemoteProtocolError):
            raise httpcore.RemoteProtocolError(str(error)) from error
        if isinstance(error, h11.LocalProtocolError):
            raise httpcore.LocalProtocolError(str(error)) from error


_AS_HTTPCORE_ERRORS = _AsHttpcoreErrors()
