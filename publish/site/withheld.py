"""What a page says of files that are not published: nothing, neither their titles nor why they are near.

Works on the tokens of a parsed body. A hidden link goes with its entry of a list, else with its clause or sentence;
a line, list item, table row or section of which nothing is left goes whole. Too much hidden is safe, too little is not.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from publish.site.emptied import in_item, without_blocks

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["withhold"]

# What stands for a token in the line that the patterns below read; no printable text holds these characters.
_HIDDEN, _LINK, _MARK, _REFERENCE, _OTHER, _BREAK, _HIDDEN_REFERENCE = "\x00\x01\x02\x03\x04\n\x05"
_KINDS = {"softbreak": _BREAK, "hardbreak": _BREAK}

_TASK = re.compile(r"\s*\[[ xX-]\] ")
_LABEL = re.compile(r"\s*\x02[^\x00\x01\x02]*\x02\s*[:：]?\s*|[^\x00\x01.。;；]*[:：]\s*(?=\x02*[\x00\x01])")
_NEXT_ENTRY = re.compile(r"\s*[;；]\s*(?=\x02*[\x00\x01])")
_NEXT_NAME = re.compile(
    r"\s*[,，、]\s*(?:and\s+)?(?=\x02*[\x00\x01])|\s+and\s+(?=\x02*[\x00\x01])|\s*[与與和及]\s*(?=\x02*[\x00\x01])"
)
_NAME = re.compile(r"\x02*[\x00\x01]\x02*\s*(?:\([^()]*\)|（[^（）]*）)?[.。]?\s*")
_STOP = re.compile(r"[.。]\s*$")
_ENDS = re.compile(
    r"(?:[。！？]|(?<!\bvs)(?<!\bal)(?<!\be\.g)(?<!\bi\.e)(?<!\bFig)(?<!\b[A-Z])[.!?](?=[\s\x02\x03]|$))"
)
_AFTER = re.compile(r"[”’」』）)\x02]*(?:[\x03\u2009⁻]*\x03)?\s*")
_CLAUSE = re.compile(r"[;；]\s*")
_OPENING, _CLOSING = "(（[「『“《", ")）]」』”》"
_SAYS = re.compile(r"[\w\x01\x04]")
_JOINS = re.compile(r"\x05[\u2009⁻ ]*(?=[\x03\x05])|[\u2009⁻]+\x05|\x05")


@dataclass(frozen=True, slots=True)
class _Atom:
    """A character of text, or whatever else stands in a line and is kept or dropped as one."""

    kind: str
    tokens: tuple[Token, ...]


def withhold(
    tokens: Sequence[Token], is_hidden: Callable[[Token], bool], is_reference: Callable[[Token], bool]
) -> list[Token]:
    """``tokens`` of a body without what speaks of hidden files.

    ``is_hidden`` is asked of ``wikilink`` and ``link_open`` tokens, ``is_reference`` of the former. Numbered lists keep
    their numbers where the text refers to them.
    """
    emptied: set[int] = set()
    numbered = any(
        is_reference(child) for token in tokens for child in token.children or () if child.type == "wikilink"
    )
    for index, token in enumerate(tokens):
        if token.type == "inline" and token.children:
            atoms = list(_atoms(token.children, is_hidden, is_reference))
            if not any(child.type in ("wikilink", "link_open") and is_hidden(child) for child in token.children):
                continue
            kept = _kept(atoms, in_list=in_item(tokens, index))
            token.children = list(_without_empty_marks(_tokens_of(kept)))
            if not _SAYS.search(_line(kept)):
                emptied.add(index)
    return without_blocks(tokens, emptied, keep_numbers=numbered) if emptied else list(tokens)


def _atoms(
    children: Sequence[Token], is_hidden: Callable[[Token], bool], is_reference: Callable[[Token], bool]
) -> Iterator[_Atom]:
    index = 0
    while index < len(children):
        token, start = children[index], index
        index += 1
        if token.type == "link_open":
            index = next(at for at in range(start, len(children)) if children[at].type == "link_close") + 1
            yield _link_atom(children[start:index], is_hidden)
        elif token.type == "text":
            for character in token.content:
                yield _Atom(character, (token,))
        elif token.type == "wikilink":
            kinds = (_HIDDEN_REFERENCE, _REFERENCE) if is_reference(token) else (_HIDDEN, _LINK)
            yield _Atom(kinds[0] if is_hidden(token) else kinds[1], (token,))
        else:
            yield _Atom(_KINDS.get(token.type, _MARK if token.nesting else _OTHER), (token,))


def _link_atom(group: Sequence[Token], is_hidden: Callable[[Token], bool]) -> _Atom:
    """A Markdown link as one; it is hidden when its address is, or when it consists of hidden wikilinks."""
    shown = tuple(token for token in group if token.type != "wikilink" or not is_hidden(token))
    says = any(token.content.strip() for token in shown)
    gone = is_hidden(group[0]) or (len(shown) < len(group) and not says)
    return _Atom(_HIDDEN if gone else _LINK, shown)


def _line(atoms: Sequence[_Atom]) -> str:
    return "".join(atom.kind for atom in atoms)


def _kept(atoms: Sequence[_Atom], *, in_list: bool) -> list[_Atom]:
    """The atoms of the lines that still say something."""
    kept: list[_Atom] = []
    start = 0
    for end in [*(at for at, atom in enumerate(atoms) if atom.kind == _BREAK), len(atoms)]:
        line = list(atoms[start:end])
        shown = _shown(line, in_list=in_list and start == 0)
        marks = [atom for atom in shown if atom.kind == _MARK]
        says = shown == line or _SAYS.search(_line(shown)) is not None
        kept.extend([*([atoms[start - 1]] if kept and start and says else []), *(shown if says else marks)])
        start = end + 1
    return kept


def _shown(line: list[_Atom], *, in_list: bool) -> list[_Atom]:
    """A line without its hidden references and what its hidden links belong to; empty where only a label is left."""
    line = _without(line, [match.span() for match in _JOINS.finditer(_line(line))])
    text = _line(line)
    if _HIDDEN not in text:
        return line
    task = _TASK.match(text)
    start = task.end() if task else 0
    label = _LABEL.match(text, start)
    start = label.end() if label else start
    cuts = [(start + a, start + b) for a, b in _cuts(text[start:], listed=in_list or label is not None)]
    kept = _without(line, cuts)
    rest = _without(line, [(0, start), *cuts])
    return kept if _SAYS.search(_line(rest)) else [atom for atom in line if atom.kind == _MARK]


def _without(line: Sequence[_Atom], cuts: Sequence[tuple[int, int]]) -> list[_Atom]:
    """``line`` but for ``cuts``; marks stay, since each has a partner."""
    cut = {at for start, end in cuts for at in range(start, end)}
    return [atom for at, atom in enumerate(line) if at not in cut or atom.kind == _MARK]


def _cuts(text: str, *, listed: bool) -> list[tuple[int, int]]:
    """Where ``text``, which holds a hidden link, is to be cut."""
    entries = _split(text, _NEXT_ENTRY)
    names = _split(text, _NEXT_NAME)
    begins_with_link = re.match(r"\x02*[\x00\x01]", text) is not None
    if begins_with_link and len(names) > 1 and all(_NAME.fullmatch(text, *name) for name in names):
        return _entry_cuts(text, names)
    if begins_with_link and (listed or len(entries) > 1):
        return _entry_cuts(text, entries)
    return [cut for sentence in _sentences(text) for cut in _sentence_cuts(text, *sentence)]


def _split(text: str, separator: re.Pattern[str]) -> list[tuple[int, int]]:
    """The pieces between separators, by their places."""
    found = [match.span() for match in separator.finditer(text)]
    return list(zip([0, *(end for _, end in found)], [*(start for start, _ in found), len(text)], strict=True))


def _entry_cuts(text: str, entries: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut the entries that hold a hidden link, each with a separator; the full stop stays."""
    if all(_HIDDEN in text[start:end] for start, end in entries):
        return [(0, len(text))]
    stop = _STOP.search(text)
    last = stop.start() if stop else len(text)
    cuts, before = [], 0
    shown_before = False
    for position, (start, end) in enumerate(entries):
        following = entries[position + 1][0] if position + 1 < len(entries) else last
        if _HIDDEN not in text[start:end]:
            shown_before = True
        elif shown_before:
            cuts.append((before, min(end, last)))
        else:
            cuts.append((start, following))
        before = min(end, last)
    return cuts


def _sentences(text: str) -> Iterator[tuple[int, int]]:
    """The places of sentences, each with its references; what stands in brackets or quotation marks ends none."""
    start = 0
    for found in _outside_brackets(text, _ENDS):
        after = _AFTER.match(text, found.end())
        end = after.end() if after else found.end()
        if found.start() >= start:
            yield start, end
            start = end
    if start < len(text):
        yield start, len(text)


def _outside_brackets(text: str, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
    depth, at = 0, 0
    for found in pattern.finditer(text):
        between = text[at : found.start()]
        depth += sum(between.count(mark) for mark in _OPENING) - sum(between.count(mark) for mark in _CLOSING)
        depth, at = max(0, depth), found.start()
        if depth == 0:
            yield found


def _sentence_cuts(text: str, start: int, end: int) -> list[tuple[int, int]]:
    """The clauses of a sentence that hold a hidden link; all of it where no other has anything to say."""
    sentence = text[start:end]
    if _HIDDEN not in sentence:
        return []
    found = [match.span() for match in _outside_brackets(sentence, _CLAUSE)]
    clauses = list(zip([0, *(b for _, b in found)], [*(a for a, _ in found), len(sentence)], strict=True))
    if all(_HIDDEN in sentence[a:b] for a, b in clauses):
        return [(start, end)]
    stop = next((match.start() for match in _outside_brackets(sentence, _ENDS)), len(sentence))
    shortened = [(a, stop if b == len(sentence) else b) for a, b in clauses]
    return [(start + a, start + b) for a, b in _entry_cuts(sentence[:stop], shortened)]


def _tokens_of(atoms: Sequence[_Atom]) -> Iterator[Token]:
    """The tokens again, text with the characters that are left."""
    text: Token | None = None
    source: Token | None = None
    for atom in atoms:
        token = atom.tokens[0]
        if token.type != "text":
            source = None
            yield from atom.tokens
        elif token is source and text is not None:
            text.content += atom.kind
        else:
            source, text = token, replace(token, content=atom.kind, meta=dict(token.meta))
            yield text


def _without_empty_marks(tokens: Iterator[Token]) -> list[Token]:
    kept: list[Token] = []
    for token in tokens:
        if token.nesting == -1 and kept and kept[-1].nesting == 1:
            kept.pop()
        else:
            kept.append(token)
    return kept
