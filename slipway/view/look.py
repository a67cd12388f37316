"""How the view looks: its colours, dark and light, and its sheet of styles."""

from __future__ import annotations

import os
from typing import Final

from textual.theme import Theme

__all__ = ["DARK", "LIGHT", "STYLES", "theme_of_terminal"]

DARK: Final = Theme(
    name="slipway-dark",
    primary="#7AA2F7",
    secondary="#BB9AF7",
    accent="#FFB454",
    success="#9ECE6A",
    warning="#E0AF68",
    error="#F7768E",
    foreground="#D5DAEA",
    background="#16181F",
    surface="#1C1F29",
    panel="#262A37",
    dark=True,
    variables={"faint": "#8B93AB"},
)
LIGHT: Final = Theme(
    name="slipway-light",
    primary="#2A5DB0",
    secondary="#7A3EB1",
    accent="#B4540A",
    success="#3B7A1E",
    warning="#8A6100",
    error="#B3261E",
    foreground="#22252E",
    background="#FAFAF7",
    surface="#F1F1EC",
    panel="#E4E4DC",
    dark=False,
    variables={"faint": "#6B6F7B"},
)

STYLES: Final = """
Screen { layout: vertical; background: $background; }
Screen > *, #hits, #preview { min-width: 16; } /* textual cannot wrap what has no room at all: a window of two cells is cut */
#hits, #preview { min-height: 2; }
#top { height: 1; padding: 0 1; background: $panel; }
#name { width: auto; text-style: bold; color: $primary; }
#modes { width: 1fr; text-align: right; }
#query { height: 3; margin: 0; padding: 0 1; border: round $panel-lighten-2; background: $background; }
#query:focus { border: round $primary; }
#faults { height: auto; max-height: 2; padding: 0 2; color: $warning; display: none; }
#faults.-told { display: block; }
#body { height: 1fr; layout: horizontal; }
#hits { width: 2fr; height: 100%; max-height: 100%; border: none; padding: 0; background: $background; }
#hits, #preview, #help { scrollbar-background: $surface; scrollbar-color: $faint 60%; }
#hits { scrollbar-size-vertical: 1; }
#hits > .option-list--option { padding: 0 1; }
#hits > .option-list--option-highlighted { background: $panel; text-style: none; }
#hits:focus > .option-list--option-highlighted { background: $primary 25%; text-style: none; }
#preview { width: 3fr; height: 100%; padding: 0 2; border-left: vkey $panel; background: $surface; scrollbar-size-vertical: 1; }
#preview:focus { border-left: vkey $primary; }
#preview Static { height: auto; width: 100%; }
#preview .empty { display: none; }
#head { margin-bottom: 1; }
#before, #after { color: $foreground 72%; }
#before { margin-bottom: 1; }
#heading { text-style: bold; color: $primary; }
#passage { background: $accent 12%; border-left: outer $accent; padding: 0 1; margin: 0 0 1 0; }
#links { margin-top: 1; border-top: solid $panel-lighten-2; }
#status { height: auto; max-height: 3; padding: 0 1; background: $panel; color: $text-muted; }
#status.-warned { color: $warning; }
#status.-failed { color: $error; text-style: bold; }
#keys { height: 1; padding: 0 1; background: $panel; color: $text-muted; }
.-narrow #body { layout: vertical; }
.-narrow #hits { width: 100%; height: 2fr; }
.-narrow #preview { width: 100%; height: 3fr; border-left: none; border-top: solid $panel-lighten-2; padding: 0 1; }
.-narrow #preview:focus { border-left: none; border-top: solid $primary; }
.-low #top, .-low #keys { display: none; }
.-low #query { height: 1; border: none; background: $panel; }
.-low #query:focus { border: none; }
.-low #hits { height: 1fr; }
.-low #preview { height: 1fr; }
.-low #head { display: none; }
Help { align: center middle; background: $background 60%; }
#help { scrollbar-size-vertical: 1; }
#help { width: 76; max-width: 100%; height: auto; max-height: 100%; padding: 1 2; border: round $primary; background: $surface; }
#help Static { height: auto; }
"""


def theme_of_terminal() -> Theme:
    """The light colours where the terminal says that its background is light, else the dark ones.

    ``COLORFGBG`` is ``foreground;background``, two of the sixteen colours, as rxvt, Konsole and others set it.
    """
    background = os.environ.get("COLORFGBG", "").rpartition(";")[2]
    return LIGHT if background in ("7", "15") else DARK
