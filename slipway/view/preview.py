"""The preview: the passage that was found, within its note."""

from __future__ import annotations

from typing import Final

from textual.app import ComposeResult
from textual.containers import VerticalScroll
from textual.content import Content
from textual.widgets import Static

from notes.markup.terminal import terminal
from slipway.view import painted
from slipway.view.sheet import Sheet

__all__ = ["Preview"]

_PARTS: Final = ("head", "before", "heading", "passage", "after", "links")


class Preview(VerticalScroll):
    """A sheet of a note, scrolled to its passage; a part that the sheet lacks takes no room."""

    def compose(self) -> ComposeResult:
        """A text for each part."""
        for name in _PARTS:
            yield Static(id=name, classes="empty", markup=False)

    def show(self, sheet: Sheet | None) -> None:
        """Show a sheet, or nothing."""
        told = _parts(sheet) if sheet is not None else {}
        for name in _PARTS:
            content = told.get(name, Content())
            part = self.query_one(f"#{name}", Static)
            part.update(content)
            part.set_class(not content.plain, "empty")
        self.call_after_refresh(self._to_passage)

    def move_by_page(self, step: int) -> None:
        """Scroll by a page, but for two lines that tell where one was."""
        self.scroll_relative(y=step * max(1, self.size.height - 2), animate=False)

    def _to_passage(self) -> None:
        if self.query_one("#before", Static).has_class("empty"):
            self.scroll_home(animate=False)
            return
        place = self.query_one("#heading", Static)
        if place.has_class("empty"):
            place = self.query_one("#passage", Static)
        # A few lines of what stands before tell where one is.
        self.scroll_to(y=max(0, place.virtual_region.y - self.size.height // 4), animate=False)


def _parts(sheet: Sheet) -> dict[str, Content]:
    return {
        "head": painted.head(sheet.row),
        "before": painted.before_passage(sheet),
        "heading": Content(terminal(sheet.heading)),
        "passage": painted.passage(sheet, sheet.row.terms),
        "after": painted.after_passage(sheet),
        "links": painted.relatives(sheet),
    }
