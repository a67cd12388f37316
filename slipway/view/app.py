"""The view: a line to type in, the list of what it finds, and the passage within its note."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Final

from textual import on
from textual.app import App, ComposeResult, SuspendNotSupported
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.message import Message
from textual.timer import Timer
from textual.widgets import Input, OptionList, Static

from index.retrieval.query import Mode, Query
from notes.errors import SlipwayError, UsageError
from slipway.opening import EDITOR_MISSING, editor, open_address, start
from slipway.showing import obsidian_address
from slipway.view.asked import Asked, line_of, understood
from slipway.view.backstage import Answer, Backstage, Failed
from slipway.view.edges import MODES, Faults, Modes, Status, told_of
from slipway.view.found import FoundList
from slipway.view.help import Help
from slipway.view.keys import KEYS, Keys
from slipway.view.line import Line
from slipway.view.look import DARK, LIGHT, STYLES, theme_of_terminal
from slipway.view.preview import Preview
from slipway.view.rows import Row
from slipway.view.sheet import Sheet

if TYPE_CHECKING:
    from slipway.app import App as Slipway

__all__ = ["SearchView"]

_PAUSE: Final = 0.12  # seconds without a key before a search begins
_LONGEST = 1000  # characters of a line


class _Delivered(Message):
    """Something came from backstage."""

    def __init__(self, what: Answer | Sheet | Failed) -> None:
        super().__init__()
        self.what = what


class SearchView(App[tuple[str, ...]]):
    """The app; it returns the chosen ids' paths when it was run for paths, else nothing.

    ``first`` is the query to begin with; its words and filters become the line.
    """

    TITLE = "Slipway"
    CSS = STYLES
    ENABLE_COMMAND_PALETTE = False
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (90, "-wide")]  # noqa: RUF012 - as textual declares them
    VERTICAL_BREAKPOINTS = [(0, "-low"), (20, "-high")]  # noqa: RUF012
    BINDINGS: ClassVar[list[BindingType]] = list(KEYS)

    def __init__(self, app: Slipway, first: Query, *, paths: bool = False) -> None:
        super().__init__()
        self._slipway = app
        self._first = first
        self._paths = paths
        self._mode: Mode = first.mode
        self._shown: Row | None = None
        self._asked: Asked | None = None
        self._answered: Asked | None = None
        self._pause: Timer | None = None
        self._backstage = Backstage(app, self._deliver)
        for theme in (DARK, LIGHT):
            self.register_theme(theme)
        self.theme = theme_of_terminal().name

    # --- the page ---

    def compose(self) -> ComposeResult:
        """The line, the list beside the preview, and the status below."""
        with Horizontal(id="top"):
            yield Static("Slipway", id="name", markup=False)
            yield Modes()
        hint = "What are you looking for?   tag:agents kind:note since:2026-01 lang:zh"
        line = line_of(self._first)
        yield Line(line, placeholder=hint, id="query", select_on_focus=False, max_length=_LONGEST)
        yield Faults()
        with Horizontal(id="body"):
            yield FoundList()
            yield Preview(id="preview")
        yield Status()
        yield Keys(paths=self._paths)

    def on_mount(self) -> None:
        """Ask for what was given on the command line."""
        self._backstage.start()
        self.query_one(Modes).show(self._mode)
        self.query_one(Input).focus()
        self._ask()

    def on_unmount(self) -> None:
        """Let the threads end."""
        self._backstage.close()

    def on_resize(self) -> None:
        """Titles are cut by the width there is."""
        self.call_after_refresh(self._show_again)

    def _show_again(self) -> None:
        self.query_one(Keys).fit(self.size.width)
        self.query_one(FoundList).paint_again()

    # --- asking ---

    @on(Input.Changed)
    def _typed(self) -> None:
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(_PAUSE, self._ask)

    def _ask(self) -> None:
        if not self.query(Input):
            return  # the page is gone already: who types and leaves is faster than the pause
        line = self.query_one(Input).value
        asked = understood(line, self._mode, self._first.n, self._slipway.clock.today())
        if asked == self._asked:
            return
        self.query_one(Faults).show(asked.faults)
        self._asked = asked
        self._tell("searching …")
        self._backstage.search(asked)

    def _deliver(self, what: Answer | Sheet | Failed) -> None:
        self.post_message(_Delivered(what))

    @on(_Delivered)
    def _take(self, message: _Delivered) -> None:
        what = message.what
        if not self.query("#status"):
            return  # the page is gone already, and what came late is for nobody
        if isinstance(what, Failed):
            self._fail(what.error)
            if what.request == self._asked:  # what stands in the list answers the line before
                self._show_rows(())
        elif isinstance(what, Sheet):
            if what.row == self._shown:
                self._show_sheet(what)
        elif what.asked == self._asked:
            self._show_answer(what)

    def _fail(self, error: Exception) -> None:
        if not isinstance(error, SlipwayError):
            raise error
        told = f"{error.message} — {error.hint}" if error.hint else error.message
        self._tell(told, "-failed")

    def _show_answer(self, answer: Answer) -> None:
        self.query_one(Faults).show((*answer.asked.faults, *answer.faults))
        self._tell(told_of(answer), "-warned" if answer.warnings else "")
        self._show_rows(answer.rows, stay=answer.asked == self._answered)
        self._answered = answer.asked

    # --- showing ---

    def _show_rows(self, rows: tuple[Row, ...], *, stay: bool = False) -> None:
        """The list; with ``stay`` the cursor remains on the document where it was moved to."""
        found = self.query_one(FoundList)
        found.show(rows, self._shown.id if stay and found.highlighted and self._shown else "")
        if not rows:
            self._shown = None
            self._show_sheet(None)

    @on(OptionList.OptionHighlighted)
    def _look(self, event: OptionList.OptionHighlighted) -> None:
        if not self.query(FoundList):
            return  # the page is gone already: who leaves at once is faster than the list
        rows = self.query_one(FoundList).rows
        if event.option_index >= len(rows):
            return
        row = rows[event.option_index]
        if row != self._shown:
            self._shown = row
            self._backstage.read(row)

    def _show_sheet(self, sheet: Sheet | None) -> None:
        if sheet is not None and sheet.trouble:
            self._tell(sheet.trouble, "-warned")
        self.query_one(Preview).show(sheet)

    def _tell(self, what: str, manner: str = "") -> None:
        self.query_one(Status).show(self._mode, what, manner)

    # --- doing ---

    def action_leave(self) -> None:
        """Close the help, or leave without a choice."""
        if isinstance(self.screen, Help):
            self.pop_screen()
        else:
            self.exit(())

    def action_next_mode(self) -> None:
        """Rank in the next way."""
        self._mode = MODES[(MODES.index(self._mode) + 1) % len(MODES)]
        self.query_one(Modes).show(self._mode)
        self._ask()

    def action_next_pane(self) -> None:
        """Go from the line to the list to the preview and back."""
        panes: list[str] = ["#query", "#hits", "#preview"]
        focused = f"#{self.focused.id}" if self.focused is not None else ""
        self.query_one(panes[(panes.index(focused) + 1) % 3 if focused in panes else 0]).focus()

    def action_help(self) -> None:
        """The keys and filters."""
        self.push_screen(Help(paths=self._paths))

    def action_other_colours(self) -> None:
        """Light or dark."""
        self.theme = DARK.name if self.theme == LIGHT.name else LIGHT.name

    def action_move(self, step: int) -> None:
        """Go through the list while the line has the focus."""
        hits = self.query_one(OptionList)
        if step > 0:
            hits.action_cursor_down()
        else:
            hits.action_cursor_up()

    def action_scroll(self, step: int) -> None:
        """Scroll the preview by a page."""
        self.query_one(Preview).move_by_page(step)

    def action_mark(self) -> None:
        """Mark or unmark what the cursor is on, to print it at the end."""
        # Not what is shown: that may be a row of the list before for a moment.
        found = self.query_one(FoundList)
        if self._paths and found.turn_mark():
            self._tell(f"{len(found.marked)} marked")

    @on(Input.Submitted)
    @on(OptionList.OptionSelected)
    def action_choose(self) -> None:
        """Open the note, or leave with what was chosen."""
        if not self._paths:
            self.action_open_editor()
            return
        chosen = tuple(self.query_one(FoundList).marked.values()) or ((self._shown,) if self._shown else ())
        if places := tuple(row.path for row in chosen if row.path):
            self.exit(places)
        elif chosen:
            self._tell("an item of the inbox has no file yet", "-warned")

    def action_open_editor(self) -> None:
        """Open the note in the user's editor; the view gives the terminal away meanwhile."""
        self._open_file(self._edit)

    def action_open_obsidian(self) -> None:
        """Open the note in Obsidian."""
        self._open_file(lambda file: open_address(obsidian_address(file)))

    def action_copy_place(self) -> None:
        """Copy the path of the note, or the address of an item."""
        if self._shown is None:
            return
        place = str(self._slipway.config.vault / self._shown.path) if self._shown.path else self._shown.url
        self.copy_to_clipboard(place)
        self._tell(f"copied: {place}")

    def _open_file(self, how: Callable[[Path], int]) -> None:
        row = self._shown
        if row is None:
            return
        if not row.path:
            self._tell(f"{row.id} is no note yet, it has no file; Ctrl-Y copies its address", "-warned")
            return
        file = self._slipway.config.vault / row.path
        try:
            if not file.is_file():
                raise UsageError(f"{row.path} is not there any more", hint="`slipway index` reads the vault")
            code = how(file)
        except SlipwayError as error:
            self._fail(error)
        else:
            self._tell(
                f"closed {row.path}" if code == 0 else f"the editor ended with {code}", "" if code == 0 else "-warned"
            )

    def _edit(self, file: Path) -> int:
        command = editor(file)
        try:
            with self.suspend():
                return start(command, *EDITOR_MISSING)
        except SuspendNotSupported:
            raise UsageError("this terminal cannot be given to an editor", hint="Ctrl-O opens Obsidian") from None

    def check_action(self, action: str, parameters: Iterable[object]) -> bool | None:
        """While the help is open only its own keys do something."""
        return not isinstance(self.screen, Help) or action in ("leave", "other_colours", "quit")
