"""What stands at the edges of the view: the modes and faults above, what is said below."""

from __future__ import annotations

from typing import Final, get_args

from textual.content import Content
from textual.widgets import Static

from index.retrieval.query import Mode
from notes.markup.terminal import terminal
from slipway.view.backstage import Answer

__all__ = ["MODES", "Faults", "Modes", "Status", "told_of"]

MODES: Final[tuple[Mode, ...]] = get_args(Mode)


class Modes(Static):
    """The ways to rank, the one that is chosen brighter."""

    def __init__(self) -> None:
        super().__init__(id="modes", markup=False)

    def show(self, chosen: Mode) -> None:
        """Show which one is chosen."""
        told = [Content.styled(f" {mode} ", "bold reverse $primary" if mode == chosen else "$faint") for mode in MODES]
        self.update(Content(" ").join(told))


class Faults(Static):
    """What of the line cannot be understood; takes no room where all of it can."""

    def __init__(self) -> None:
        super().__init__(id="faults", markup=False)

    def show(self, told: tuple[str, ...]) -> None:
        """Show these faults."""
        self.update(Content(terminal(" · ".join(told))))
        self.set_class(bool(told), "-told")


class Status(Static):
    """The last thing that was said, in the manner of a warning or of a failure if it is one."""

    def __init__(self) -> None:
        super().__init__(id="status", markup=False)

    def show(self, mode: Mode, what: str, manner: str) -> None:
        """Say something; ``manner`` is ``-warned``, ``-failed`` or empty."""
        self.update(Content(f"{mode} · {terminal(what)}"))
        for name in ("-warned", "-failed"):
            self.set_class(name == manner, name)


def told_of(answer: Answer) -> str:
    """What is said of an answer: how many it found and how soon, and what it warns of."""
    found = f"{len(answer.rows)} found" if answer.rows else "nothing found"
    if answer.asked.is_empty:
        told = "the newest; type to search" if answer.rows else found
    elif answer.is_first:
        by_words = f"{found} by words; " if answer.asked.query.mode == "hybrid" else ""
        told = f"{by_words}the model is loading …"
    else:
        told = f"{found} · {answer.took_ms:.0f} ms"
    return " · ".join((told, *answer.warnings))
