"""Which sources the guard refuses by their address as it is written: known before any night, without a look-up."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ingest.web.guard import allowance, target_of
from notes.errors import RefusedError
from notes.text.few import first_few

if TYPE_CHECKING:
    from slipway.settings.values import FetchSettings, SourceConfig

__all__ = ["Refused", "refused_as_written"]

_ASKED = ("rss", "websearch")  # the kinds that have an address of their own


@dataclass(frozen=True, slots=True)
class Refused:
    """Sources that are refused for one reason: their ``keys``, ``why`` in a few words, and the ``remedy``."""

    keys: tuple[str, ...]
    why: str
    remedy: str

    @property
    def told(self) -> str:
        """What becomes of them, the first by name."""
        return f"{first_few(self.keys)} will be refused: {self.why}"


def refused_as_written(sources: Iterable[SourceConfig], settings: FetchSettings) -> tuple[Refused, ...]:
    """The sources that no run will ask as they are configured, by reason, in their order.

    What a name resolves to is judged only when it is asked.
    """
    found: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for source in sources:
        if source.kind in _ASKED and (error := _refusal(source, settings)) is not None:
            found[error.why, error.hint].append(source.key)
    return tuple(Refused(tuple(keys), why, remedy) for (why, remedy), keys in found.items())


def _refusal(source: SourceConfig, settings: FetchSettings) -> RefusedError | None:
    try:
        # As the client judges: what is opened to all opens no local names.
        target_of(source.url, allowance((*source.allow, *settings.allow)), local_names=bool(source.allow))
    except RefusedError as error:
        return error
    return None
