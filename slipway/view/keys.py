"""The keys of the view: what each does, and those that the last line has room for."""

from __future__ import annotations

from typing import Final

from textual.binding import Binding
from textual.content import Content
from textual.widgets import Static

__all__ = ["KEYS", "Keys"]

KEYS: Final = (
    Binding("escape,ctrl+c", "leave", "Leave", priority=True),
    Binding("tab", "next_mode", "Mode", priority=True),
    Binding("shift+tab", "next_pane", "Pane", priority=True),
    Binding("ctrl+o", "open_obsidian", "Obsidian", priority=True),
    Binding("ctrl+e", "open_editor", "Editor", priority=True),
    Binding("ctrl+y", "copy_place", "Copy path", priority=True),
    Binding("y", "copy_place", "Copy path"),
    Binding("ctrl+at,ctrl+space,insert", "mark", "Mark", priority=True),
    Binding("f1,question_mark", "help", "Help"),
    Binding("f2", "other_colours", "Light or dark"),
    Binding("enter", "choose", "Open"),
    Binding("up", "move(-1)", "Up"),
    Binding("down", "move(1)", "Down"),
    Binding("pageup", "scroll(-1)", "Preview up"),
    Binding("pagedown", "scroll(1)", "Preview down"),
)
"""Those with priority are taken before the line that is typed in sees them."""


class Keys(Static):
    """The keys that there is room for; the help has all of them."""

    def __init__(self, *, paths: bool) -> None:
        super().__init__(id="keys", markup=False)
        self._paths = paths

    def fit(self, width: int) -> None:
        """Show as many as fit into so many cells; the way out and the help stay."""
        keys = [("Enter", "print" if self._paths else "open"), ("Tab", "mode")]
        keys += [("^Space", "mark"), ("^E", "editor")] if self._paths else []
        keys += [("^O", "Obsidian"), ("^Y", "copy path")]
        last = [("F1", "help"), ("Esc", "leave")]
        while keys and sum(len(key) + len(what) + 4 for key, what in (*keys, *last)) > width:
            keys.pop()
        told = (Content.styled(key, "bold") + Content(f" {what}") for key, what in (*keys, *last))
        self.update(Content("   ").join(told))
