"""The list of what was found, with the marks of what is to be printed at the end."""

from __future__ import annotations

from typing import Final

from textual.content import Content
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from slipway.view import painted
from slipway.view.rows import Row

__all__ = ["FoundList"]

_MARK: Final = "✓ "
_ROOMY: Final = 30  # rows of a terminal
_PADDING: Final = 3  # cells, with a scrollbar
_NARROWEST: Final = 10


class FoundList(OptionList):
    """The rows, each cut to the width there is; a mark stays with its document whatever is looked for next."""

    def __init__(self) -> None:
        super().__init__(id="hits", markup=False)
        self.rows: tuple[Row, ...] = ()
        self.marked: dict[str, Row] = {}

    def show(self, rows: tuple[Row, ...], on: str) -> None:
        """Show these rows, with the cursor on the document of the id ``on`` if it is among them, else on the first."""
        self.rows = rows
        self.clear_options()
        self.add_options([Option(self._line(row)) for row in rows])
        if rows:
            self.highlighted = next((place for place, row in enumerate(rows) if row.id == on), 0)

    def paint_again(self) -> None:
        """Cut all rows anew."""
        for place, row in enumerate(self.rows):
            self.replace_option_prompt_at_index(place, self._line(row))

    def turn_mark(self) -> bool:
        """Mark or unmark what the cursor is on; False when it is on nothing."""
        at = self.highlighted
        if at is None or at >= len(self.rows):
            return False
        row = self.rows[at]
        if self.marked.pop(row.id, None) is None:
            self.marked[row.id] = row
        self.replace_option_prompt_at_index(at, self._line(row))
        return True

    def _line(self, row: Row) -> Content:
        line = painted.line_of_row(row, max(_NARROWEST, self.size.width - _PADDING))
        if self.app.size.height >= _ROOMY:
            line += "\n"  # air between the rows
        return Content.styled(_MARK, "bold $success") + line if row.id in self.marked else line
