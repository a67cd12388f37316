"""What Obsidian adds to CommonMark, as far as a published page shows it: wikilinks, embeds, maths, comments; and our charts.

Text from feeds reaches a note with all of these escaped (see :mod:`notes.markup.inert`); what is live here was written
by Slipway or by the user.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from publish.charts import admitted

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_block import StateBlock
    from markdown_it.rules_inline import StateInline

__all__ = ["add_to", "without_comments"]

_WIKILINK = re.compile(r"!?\[\[([^\[\]\n|]{1,500}?)(?:\\?\|([^\n]{0,1000}?))?\]\](?!\])")
_MATHS = re.compile(r"\$\$(.{1,2000}?)\$\$|\$(?=[^\s$])((?:\\.|[^$\\\n]){1,400}?)(?<=\S)\$(?![$\d])", re.DOTALL)
_FENCE = re.compile(r"\s{0,3}(?:>\s?)*\s*(?:[-*+]\s+)?(`{3,}|~{3,})")
_COMMENT = re.compile(r"(?<!\\)%%")
_CHART, _CHART_END = "<svg ", "</svg>"
_BLOCK_ID = re.compile(r"(?:^|[ \t])\^[A-Za-z0-9-]+[ \t]*$")


def add_to(md: MarkdownIt) -> None:
    """Teach ``md`` wikilinks and embeds (token ``wikilink``, meta ``target`` and ``label``), ``maths`` and ``chart``."""
    md.block.ruler.before("table", "chart", _chart)
    md.inline.ruler.before("escape", "maths", _maths)
    md.inline.ruler.before("link", "wikilink", _wikilink)


def _chart(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """An HTML block at the top of the file that is a chart of ours in whole; anything else stays text."""
    if state.level or not state.src.startswith(_CHART, state.bMarks[start]):
        return False
    lines = []
    for number in range(start, end):
        lines.append(state.src[state.bMarks[number] : state.eMarks[number]])
        if not lines[-1] or lines[-1] == _CHART_END:
            break
    chart = admitted("\n".join(lines))
    if not chart:
        return False
    if not silent:
        token = state.push("chart", "", 0)
        token.content = chart
        token.map = [start, start + len(lines)]
        state.line = start + len(lines)
    return True


def _wikilink(state: StateInline, silent: bool) -> bool:
    if not state.src.startswith(("[[", "![["), state.pos):
        return False
    found = _WIKILINK.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("wikilink", "", 0)
        token.meta = {"target": found[1].strip(), "linked": state.linkLevel == 0}
        token.content = (found[2] or found[1]).strip()
    state.pos = found.end()
    return True


def _maths(state: StateInline, silent: bool) -> bool:
    if state.src[state.pos] != "$":
        return False
    found = _MATHS.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        token = state.push("maths", "", 0)
        token.content = (found[1] or found[2]).strip()
        token.meta = {"display": found[1] is not None}
    state.pos = found.end()
    return True


def without_comments(markdown: str) -> str:
    """``markdown`` without what Obsidian's reading view hides: ``%%comments%%`` and ``^block-ids``.

    Inside fenced code nothing is touched. A comment that is never closed hides the rest, as in Obsidian:
    hiding too much is safe, publishing a private remark is not.
    """
    kept: list[str] = []
    fence, hidden = "", False
    for line in markdown.split("\n"):
        opened = _FENCE.match(line)
        if fence:
            fence = "" if _closes(line, fence) else fence
        elif opened and not hidden:
            fence = opened[1]
        else:
            shown, hidden = _shown(line, hidden=hidden)
            kept.append(shown)
            continue
        kept.append(line)
    return "\n".join(kept)


def _closes(line: str, fence: str) -> bool:
    bare = line.lstrip(" >\t").rstrip()
    return len(bare) >= len(fence) and set(bare) == {fence[0]}


def _shown(line: str, *, hidden: bool) -> tuple[str, bool]:
    parts = _COMMENT.split(line)
    shown = "".join(parts[1 if hidden else 0 :: 2])
    return _BLOCK_ID.sub("", shown), hidden ^ (len(parts) % 2 == 0)
