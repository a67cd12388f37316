"""The exceptions of Slipway, in one tree.

::

    SlipwayError                 message, and a hint that names the remedy
    ├── ConfigError              slipway.toml: unknown key, wrong type, missing file      (exit 2)
    ├── UsageError               a command was asked for what does not exist              (exit 2)
    ├── LockedError              another run holds the lock                              (exit 4)
    ├── VaultError               the vault cannot be read or written
    ├── SourceError              one source's trouble; becomes a value in the report
    │   ├── FetchError           network, status, size, time
    │   │   └── UnaskedError     a setting is missing, or the host asked to be left alone: nothing was sent
    │   ├── RefusedError         an address that the guard does not allow
    │   └── ParseError           a document that is no feed
    ├── ModelError               an embedding model is missing, altered or unusable
    ├── IndexCacheError          the search cache cannot be used
    │   └── UnsoundIndexError    the search index is damaged, foreign or of another version, and has to be made anew
    ├── StoreError               the database cannot be used
    └── PublishError             a post or a page cannot be made
        └── WriterError          the endpoint of a writer failed; becomes a line in the report

Third-party exceptions are wrapped at the edge where they arise; only
``slipway.cli.main`` turns one of these into an exit code.
"""

from __future__ import annotations

__all__ = [
    "ConfigError",
    "FetchError",
    "IndexCacheError",
    "LockedError",
    "ModelError",
    "ParseError",
    "PublishError",
    "RefusedError",
    "SlipwayError",
    "SourceError",
    "StoreError",
    "UnaskedError",
    "UnsoundIndexError",
    "UsageError",
    "VaultError",
    "WriterError",
]


class SlipwayError(Exception):
    """Anything that went wrong in a way that Slipway foresaw.

    ``message`` names the place and the trouble, ``hint`` the remedy (may be empty).
    """

    exit_code = 1

    def __init__(self, message: str, *, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


class ConfigError(SlipwayError):
    """The configuration is wrong; ``faults`` holds every fault that was found, not only the first."""

    exit_code = 2

    def __init__(self, message: str, *, hint: str = "", faults: tuple[str, ...] = ()) -> None:
        super().__init__(message, hint=hint)
        self.faults = faults


class UsageError(SlipwayError):
    """A command was asked for something that does not exist."""

    exit_code = 2


class LockedError(SlipwayError):
    """Another run holds the lock."""

    exit_code = 4


class VaultError(SlipwayError):
    """A file of the vault cannot be read or written."""


class SourceError(SlipwayError):
    """The trouble of one source; the night goes on without it.

    ``was_asked`` is False where it arose before anything was asked of anybody.
    """

    was_asked: bool = True


class FetchError(SourceError):
    """The document could not be fetched: network, status, size or time.

    ``status`` is the HTTP status when there was one, ``retry_after`` seconds when the server named them.
    """

    def __init__(
        self, message: str, *, hint: str = "", status: int | None = None, retry_after: float | None = None
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.retry_after = retry_after


class UnaskedError(FetchError):
    """Nothing was asked: a setting is missing, or, with ``retry_after``, the host asked to be left alone."""

    was_asked = False


class RefusedError(SourceError):
    """The address is one that the guard does not allow: ``place`` as it was named, ``why`` in a few words.

    ``was_asked`` is True where another place had answered with a redirect to it.
    """

    was_asked = False

    def __init__(self, message: str, *, hint: str = "", place: str = "", why: str = "") -> None:
        super().__init__(message, hint=hint)
        self.place = place
        self.why = why


class ParseError(SourceError):
    """What was fetched is not a document that can be read."""


class ModelError(SlipwayError):
    """An embedding model is missing, altered or unusable."""


class IndexCacheError(SlipwayError):
    """The search cache cannot be used."""


class UnsoundIndexError(IndexCacheError):
    """The search index cannot be trusted and has to be made anew; ``why`` in a clause that begins with "it"."""

    def __init__(self, message: str, *, hint: str = "", why: str = "") -> None:
        super().__init__(message, hint=hint)
        self.why = why


class StoreError(SlipwayError):
    """The database cannot be used."""


class PublishError(SlipwayError):
    """A post or a page cannot be made."""


class WriterError(PublishError):
    """The endpoint of a writer could not be asked, or did not answer.

    ``status`` is the HTTP status when there was one, ``retry_after`` seconds when it named them, ``named`` the parameter or the
    words by which it says what it minds. ``was_reached`` is False where no connection came about or held, ``was_sent`` where
    none came about, so that nobody has read anything; ``is_lasting`` is True where asking again tonight would bring the same.
    """

    def __init__(
        self,
        message: str,
        *,
        hint: str = "",
        status: int | None = None,
        retry_after: float | None = None,
        named: str = "",
        was_reached: bool = True,
        was_sent: bool = True,
        is_lasting: bool = False,
    ) -> None:
        super().__init__(message, hint=hint)
        self.status = status
        self.retry_after = retry_after
        self.named = named
        self.was_reached = was_reached
        self.was_sent = was_sent
        self.is_lasting = is_lasting
