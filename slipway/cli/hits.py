"""Hits as a person reads them in a terminal: two to four lines each, the passage cut round the words that were looked for."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from notes.markup.terminal import terminal
from slipway.cells import cells, cut, terminal_width, wrapped
from slipway.console import emit, style

if TYPE_CHECKING:
    from index.retrieval.search import Hit, Reply

__all__ = ["print_reply", "window"]

Span = tuple[int, int]

_INDENT = "    "
_LINES = 2  # of a passage, on a terminal
_PIPED_CELLS = 240  # of a passage elsewhere
_LEAD = 5  # a window begins a fifth before the first word in it
_MOST_MARKS = 200  # looked at for the best window
_FAR_BACK = 40  # characters in which the window looks for the beginning of a word
_SENTENCE_END = re.compile(r"[.!?。！？；;…] ?(?=\S)")


def print_reply(reply: Reply, *, explain: bool) -> None:
    """The hits on standard output; a line that says so when there is none."""
    if not reply.results:
        emit("nothing found")
    # Where lines go into a pipe nobody knows how wide they may be: nothing of a title is cut.
    width = terminal_width() if sys.stdout.isatty() else 0
    for hit in reply.results:
        emit("\n".join(_hit_lines(hit, width, explain=explain)))


def _hit_lines(hit: Hit, width: int, *, explain: bool) -> Iterator[str]:
    score = f"{hit.score:.2f}"
    title = terminal(hit.title) or terminal(hit.id)
    if width:
        title = cut(title, width - len(_INDENT) - len(score) - 2)
    yield f"{hit.rank:>2}. {style(title, bold=True)}  {style(score, dim=True)}"
    yield from (style(f"{_INDENT}{line}", dim=True) for line in _about_lines(hit, width))
    yield from (f"{_INDENT}{line}" for line in _passage_lines(hit, width - len(_INDENT) if width else 0))
    if explain:
        for told in map(terminal, _explained(hit)):
            spans = wrapped(told, max(1, width - len(_INDENT))) if width else [(0, len(told))]
            yield from (style(f"{_INDENT}{told[low:high]}", dim=True) for low, high in spans)


def _about_lines(hit: Hit, width: int) -> Iterator[str]:
    """Kind, day, source and place; the path stands last and whole, since it is there to be copied."""
    about = " · ".join(filter(None, map(terminal, (hit.kind, hit.created, hit.source))))
    place = terminal(hit.path or hit.url)
    whole = " · ".join(filter(None, (about, place)))
    room = width - len(_INDENT)
    if not width or cells(whole) <= room:
        yield whole
        return
    yield from (about[low:high] for low, high in wrapped(about, max(1, room)))
    if place:
        yield place


def _explained(hit: Hit) -> Sequence[str]:
    ranks = f"lexical rank {hit.ranks.lexical or '—'}, semantic rank {hit.ranks.semantic or '—'}"
    return (f"score {hit.score:.4f}: {ranks}", *hit.explanation)


def _passage_lines(hit: Hit, width: int) -> Iterator[str]:
    heading = terminal(hit.heading)
    before = f"{cut(heading, max(10, (width or _PIPED_CELLS) // 3))} › " if heading else ""
    room = (width * _LINES if width else _PIPED_CELLS) - cells(before)
    text, terms = terminal(hit.passage), [terminal(term) for term in hit.terms]
    shown, marks = window(text, terms, room)
    spans = _spans(before + shown, width)
    # A line may end early, before a wide character or a long word: then there is less room than cells.
    while len(spans) > _LINES and room > 1:
        room -= max(1, cells((before + shown)[spans[_LINES][0] :]))
        shown, marks = window(text, terms, room)
        spans = _spans(before + shown, width)
    marks = [(start + len(before), end + len(before)) for start, end in marks]
    if shown:
        yield from (_marked(before + shown, low, high, marks, len(before)) for low, high in spans)


def _spans(line: str, width: int) -> list[Span]:
    return list(wrapped(line, width)) if width else [(0, len(line))]


def _marked(text: str, low: int, high: int, marks: Sequence[Span], quiet: int) -> str:
    """The stretch of the text with the marks in it made bright and its first ``quiet`` characters dim."""
    pieces = []
    at = min(max(low, quiet), high)
    if low < at:
        pieces.append(style(text[low:at], dim=True))
    for start, end in marks:
        first, last = max(start, at), min(end, high)
        if first < last:
            pieces += [text[at:first], style(text[first:last], bold=True, fg="yellow")]
            at = last
    return "".join([*pieces, text[at:high]])


def window(text: str, terms: Sequence[str], room: int) -> tuple[str, list[Span]]:
    """The part of ``text`` in ``room`` cells that shows most of the terms, and where they stand in it.

    ``text`` and terms are safe for a terminal. ``…`` stands for what is left out on either side.
    """
    marks = _places(text, terms)
    if cells(text) <= room:
        return text, marks
    start = _window_start(text, marks, room)
    before = "…" if start else ""
    shown = before + cut(text[start:], room - len(before))
    end = len(shown) - shown.endswith("…")
    shift = len(before) - start
    moved = ((low + shift, high + shift) for low, high in marks if low >= start)
    return shown, [(low, min(high, end)) for low, high in moved if low < end]


def _places(text: str, terms: Sequence[str]) -> list[Span]:
    """Where the terms stand, the longer of two before the shorter; of Latin letters as words, not as parts of one."""
    # Not by a pattern: another one for each hit takes longer to compile than all of this.
    found = sorted((at, -len(term), at + len(term)) for term in {*terms} - {""} for at in _starts(text, term))
    marks: list[Span] = []
    for start, _, end in found:
        if not marks or start >= marks[-1][1]:
            marks.append((start, end))
    return marks


_LATIN_LETTER = re.compile("[0-9A-Za-z\u00c0-\u024f]")


def _starts(text: str, term: str) -> Iterator[int]:
    """Where a term stands, overlapping itself or not; one of Latin letters only where no such letter adjoins it."""
    is_latin = all(_LATIN_LETTER.match(letter) for letter in (term[0], term[-1]))
    at = text.find(term)
    while at >= 0:
        beside = text[max(0, at - 1) : at] + text[at + len(term) : at + len(term) + 1]
        if not (is_latin and _LATIN_LETTER.search(beside)):
            yield at
        at = text.find(term, at + 1)


def _window_start(text: str, marks: Sequence[Span], room: int) -> int:
    """Where the window begins: a little before the stretch with most different terms, at the beginning of a word."""
    if not marks:
        return 0
    # A cell too many is cut at the end; half of the room is safe for text of wide characters.
    reach = room * len(text) // max(1, cells(text)) * (_LEAD - 1) // _LEAD
    first = max(range(min(len(marks), _MOST_MARKS)), key=lambda at: (*_worth(text, marks, at, reach), -at))
    start = max(0, marks[first][0] - reach // (_LEAD - 1))
    return _word_start(text, start, marks[first][0]) if start else 0


def _worth(text: str, marks: Sequence[Span], at: int, reach: int) -> tuple[int, int]:
    """How many different terms, and how many at all, stand in the stretch that begins with the one at ``at``."""
    begin = marks[at][0]
    held = [text[low:high].lower() for low, high in marks[at:] if high <= begin + reach]
    return len(set(held)), len(held)


def _word_start(text: str, start: int, latest: int) -> int:
    """The next beginning of a sentence from ``start`` on, else of a word, before ``latest``."""
    nearby = text[start : min(latest, start + _FAR_BACK) + 1]
    if sentence := _SENTENCE_END.search(nearby):
        return start + sentence.end()
    blank = nearby.find(" ")
    return min(start + blank + 1, latest) if blank >= 0 else start
