"""Pages of lines that are answered by ticking: the ticks read, the page made anew around what the user wrote on it.

Each line is an item with a box and ends with a block id (``^item-123``), which Obsidian hides when reading; by it an answer is
known even when the user has changed the rest of the line. An id counts only behind a blank, and neither in a wikilink nor in
code: what comes from outside has its ``^`` escaped (:mod:`notes.markup.inert`), so that no title answers for an item.

A line is Slipway's when it was laid (:mod:`notes.pages.laid`) or, where nothing is known of that, when it has the form of such a
line. Every other line is the user's and stays, and so does what they wrote behind a line of Slipway's.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from notes.pages.laid import Laid, digest

__all__ = ["Block", "TickedPage", "told_of_strange"]

_BOX: Final = re.compile(r"[ \t]*(?:>[ \t]*)*[-*+][ \t]+\[(?P<mark>[^\[\]]{0,5})\](?:[ \t]|(?<=[xX-]\])(?=[^\s(]))")
_APART: Final = re.compile(r"\[\[.*?\]\]|(?<!`)(`+)(?!`).+?(?<!`)\1(?!`)")
_FENCE: Final = re.compile(r"[ \t>]*(?:[-*+][ \t]+|\d+[.)][ \t]+)*(?P<fence>`{3,}|~{3,})(?P<info>.*)")
_FRONTMATTER: Final = re.compile(r"\A---[ \t]*\n(?:.*\n)*?---[ \t]*(?:\n|\Z)")
_TICKS: Final = ("x", "-")


@dataclass(frozen=True, slots=True)
class Block:
    """Lines under a heading (none when it is empty): block id and the text before it, in the order of the page."""

    lines: Sequence[tuple[str, str]]
    heading: str = ""


@dataclass(frozen=True, slots=True)
class _Item:
    """A line with a box and an id; ``ours`` when what stands before the id is Slipway's, word for word."""

    id: str
    mark: str
    before: str
    behind: str
    ours: bool


@dataclass(frozen=True, slots=True)
class _Kept:
    """What stays of a page: the user's lines, and by block id what they wrote behind it and the mark of their own in its box."""

    lines: list[str] = field(default_factory=list)
    behind: dict[str, list[str]] = field(default_factory=dict)
    marks: dict[str, str] = field(default_factory=dict)


def told_of_strange(page: str, marks: Sequence[str], meanings: str) -> str:
    """A warning about marks that are no answers, with what the answers mean; empty when there is none."""
    if not marks:
        return ""
    count = "1 mark was" if len(marks) == 1 else f"{len(marks)} marks were"
    told = ", ".join(f"[{mark}]" for mark in dict.fromkeys(marks))
    return f"{page}: {count} not understood: {told}; {meanings}"


class TickedPage:
    """A kind of page.

    ``ids`` is the pattern of its block ids, ``form`` that of what stands between box and id, ``as_of`` that of the line with day
    and count, ``head`` matches the other lines above all items, ``headings`` those above some: the forms count only where it is
    not known what was laid.
    """

    def __init__(
        self,
        ids: str,
        form: re.Pattern[str],
        *,
        as_of: re.Pattern[str],
        head: re.Pattern[str],
        headings: re.Pattern[str],
    ) -> None:
        self._id = re.compile(rf"(?<=[ \t])\^(?P<id>{ids})(?=[ \t]|$)")
        self._form = form
        self._as_of = as_of
        self._head = head
        self._headings = headings

    def marks(self, page: str, laid: Laid | None = None) -> dict[str, str]:
        """``x`` or ``-`` by block id, in the order of the page; of two lines for one id the later holds."""
        known = self._known(page, laid)
        return {item.id: item.mark for item in self._items(page, known) if item.mark in _TICKS}

    def strange(self, page: str, laid: Laid | None = None) -> tuple[str, ...]:
        """The marks in boxes of items that are neither empty nor an answer, in the order of the page."""
        known = self._known(page, laid)
        return tuple(item.mark for item in self._items(page, known) if item.mark not in ("", *_TICKS))

    def names(self, page: str) -> tuple[str, ...]:
        """The block ids of all lines in Slipway's form, each once, in the order of the page."""
        return tuple(dict.fromkeys(item.id for item in self._items(page, None) if item.ours))

    def record(self, page: str) -> str:
        """A page as it was laid, without a line of the user's, for :meth:`notes.pages.laid.Laid.of`."""
        return " ".join(filter(None, map(self._token, _lines(page))))

    def render(self, head: str, blocks: Sequence[Block], existing: str, laid: Laid | None = None) -> str:
        """The page: head, blocks, and what the user wrote on ``existing``, the page as it stands. Ends with a line break.

        Lines end as most of those of ``existing`` do.
        """
        front = _FRONTMATTER.match(existing.replace("\r\n", "\n"))
        shown = {name for block in blocks for name, _ in block.lines}
        kept = self._kept(existing, self._known(existing, laid), shown)
        parts = [head.rstrip("\n")]
        for block in blocks:
            lines = "\n".join(_line(name, text, kept) for name, text in block.lines)
            parts += [part for part in (block.heading, lines) if part]
        left = [text for name, texts in kept.behind.items() if name not in shown for text in texts]
        parts += filter(None, ["\n".join(filter(None, ["\n".join(kept.lines).strip("\n"), *left]))])
        page = (front[0].rstrip("\n") + "\n\n" if front else "") + "\n\n".join(parts) + "\n"
        return page.replace("\n", _newline(existing))

    def _kept(self, existing: str, laid: Laid | None, shown: Collection[str]) -> _Kept:
        kept, seen = _Kept(), Counter[str]()
        rows = list(_fenced(_lines(_FRONTMATTER.sub("", existing.replace("\r\n", "\n"), count=1))))
        for number, (line, fenced) in enumerate(rows):
            item = None if fenced else self._item(line, laid)
            if item is None:
                if fenced or not self._is_ours(rows, number, laid, seen):
                    kept.lines.append(line)
            elif item.ours:
                _remember(kept, item)
            elif item.mark in _TICKS and (laid is not None or item.id in shown):
                # Answered: without its id the line answers no second time.
                kept.lines.append(item.before.rstrip() + item.behind)
            else:
                kept.lines.append(line)
        return kept

    def _is_ours(self, rows: Sequence[tuple[str, bool]], number: int, laid: Laid | None, seen: Counter[str]) -> bool:
        """Whether a line that is no item is Slipway's: each as often as it was laid, the user may have written it once more."""
        bare = rows[number][0].strip()
        if not bare:
            return False
        name = digest(bare)
        if laid is not None:
            ours = seen[name] < laid.lines.get(name, 0)
        elif self._headings.fullmatch(bare):
            return self._stands_above_an_item(rows[number + 1 :])
        else:
            ours = not seen[name] and any(form.fullmatch(bare) for form in (self._as_of, self._head))
        seen[name] += ours
        return ours

    def _stands_above_an_item(self, below: Sequence[tuple[str, bool]]) -> bool:
        line, fenced = next(((line, fenced) for line, fenced in below if line.strip()), ("", True))
        item = None if fenced else self._item(line, None)
        return item is not None and item.ours

    def _known(self, page: str, laid: Laid | None) -> Laid | None:
        """``laid`` if it tells of this page at all: one from a backup may be of none of those nights."""
        if laid is None or any(item.ours for item in self._items(page, laid)):
            return laid
        told = (line.strip() for line in _lines(page))
        return laid if any(self._as_of.fullmatch(line) and digest(line) in laid.lines for line in told) else None

    def _items(self, page: str, laid: Laid | None) -> Iterator[_Item]:
        for line, fenced in _fenced(_lines(page)):
            item = None if fenced else self._item(line, laid)
            if item is not None:
                yield item

    def _item(self, line: str, laid: Laid | None) -> _Item | None:
        """The first id that closes a text of Slipway's counts; on a line that the user has rewritten, its only one."""
        found = list(self._found(line, laid))
        ours = next((item for item in found if item.ours), None)
        return ours or (found[0] if len(found) == 1 else None)

    def _found(self, line: str, laid: Laid | None) -> Iterator[_Item]:
        """Every id on the line that may be one of Slipway's."""
        box = _BOX.match(line)
        apart = [match.span() for match in _APART.finditer(line)] if box else []
        for match in self._id.finditer(line, box.end() - 1) if box else ():
            inside = any(start <= match.start() < end for start, end in apart)
            if box and not inside and (laid is None or match["id"] in laid.ids):
                text = line[box.end() : match.start()].strip()
                ours = self._form.fullmatch(text) is not None if laid is None else _signed(match["id"], text, laid)
                mark = box["mark"].strip(" \t").lower()
                yield _Item(match["id"], mark, line[: match.start()], line[match.end() :].rstrip(), ours)

    def _token(self, line: str) -> str:
        box, ids = _BOX.match(line), list(self._id.finditer(line))
        if box and ids:
            return f"{ids[-1]['id']}={digest(line[box.end() :])}"
        return digest(line) if line.strip() else ""


def _signed(name: str, text: str, laid: Laid) -> bool:
    return digest(f"{text} ^{name}") in laid.lines


def _remember(kept: _Kept, item: _Item) -> None:
    """What the user gave a line of Slipway's: words behind it, and a mark that is no answer."""
    words = item.behind.strip()
    told = kept.behind.setdefault(item.id, [])
    if words and words not in told:
        told.append(words)
    if item.mark and item.mark not in _TICKS:
        kept.marks[item.id] = item.mark


def _line(name: str, text: str, kept: _Kept) -> str:
    mark = kept.marks.get(name, "")
    if mark and (box := _BOX.match(text)):
        text = text[: box.start("mark")] + mark + text[box.end("mark") :]
    return " ".join([text, f"^{name}", *kept.behind.get(name, ())])


def _fenced(lines: Sequence[str]) -> Iterator[tuple[str, bool]]:
    """Each line, and whether it is code: a fence that is not closed goes on to the end, as it does in a reading view."""
    fence, quoted = "", False
    for line in lines:
        if quoted and not line.lstrip().startswith(">"):
            fence, quoted = "", False
        if fence:
            yield line, True
            match = re.fullmatch(r"[ \t>]*(`{3,}|~{3,})[ \t]*", line)
            if match and match[1][0] == fence[0] and len(match[1]) >= len(fence):
                fence, quoted = "", False
            continue
        opened = _FENCE.match(line)
        if opened and not (opened["fence"][0] == "`" and "`" in opened["info"]):
            fence, quoted = opened["fence"], line.lstrip().startswith(">")
        yield line, bool(fence)


def _newline(text: str) -> str:
    return "\r\n" if text.count("\r\n") * 2 > text.count("\n") else "\n"


def _lines(text: str) -> list[str]:
    return re.split(r"\r\n|\r|\n", text)
