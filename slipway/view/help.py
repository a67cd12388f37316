"""The help of the view."""

from __future__ import annotations

from typing import ClassVar, Final

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import VerticalScroll
from textual.content import Content
from textual.screen import ModalScreen
from textual.widgets import Static

__all__ = ["Help"]

_KEYS: Final[tuple[tuple[str, str], ...]] = (
    ("", "Type to search; the last word may be the beginning of one."),
    ("↑ ↓", "go through the results"),
    ("PgUp PgDn", "scroll the preview"),
    ("Shift+Tab", "to the list, to the preview, and back to the query"),
    ("Enter", "open the note in $VISUAL or $EDITOR"),
    ("Ctrl-O", "open the note in Obsidian"),
    ("Ctrl-Y", "copy the path (y in the list and the preview)"),
    ("Tab", "hybrid, semantic, lexical"),
    ("F2", "light or dark"),
    ("F1", "this help (? where no text is typed)"),
    ("Esc Ctrl-C", "leave"),
)
_PATHS: Final = (
    ("Enter", "leave, and print the marked paths, or the one under the cursor"),
    ("Ctrl-Space", "mark or unmark (also Insert)"),
    ("Ctrl-E", "open the note in $VISUAL or $EDITOR"),
)
_FILTERS: Final = (
    ("tag:agents", "with this tag or one below it"),
    ("kind:note", "note, post or item; kind:note kind:post for both"),
    ("source:arXiv", 'from this source; source:"Lab notes" with blanks'),
    ("topic:ID", "of this topic"),
    ("lang:zh", "in this language"),
    ("since:2026-01", "from a day, month, week (2026-W08) on; 7d, 2w, 3m"),
    ("until:2026-02-20", "up to then"),
)


class Help(ModalScreen[None]):
    """The keys and the filters; any of Esc, F1, q closes it."""

    BINDINGS: ClassVar[list[BindingType]] = [("escape,f1,q,question_mark,enter", "dismiss", "Back")]

    def __init__(self, *, paths: bool) -> None:
        super().__init__()
        self._paths = paths

    def compose(self) -> ComposeResult:
        """The page."""
        keys = [key for key in _KEYS if not self._paths or key[0] != "Enter"] + [*(_PATHS if self._paths else ())]
        with VerticalScroll(id="help"):
            yield Static(_page("Keys", keys), markup=False)
            yield Static(_page("\nFilters, typed among the words", list(_FILTERS)), markup=False)


def _page(title: str, rows: list[tuple[str, str]]) -> Content:
    lines = [Content.styled(title, "bold $primary")]
    lines += [Content.styled(f"{key:<17}", "$accent") + Content(what) if key else Content(what) for key, what in rows]
    return Content("\n").join(lines)
