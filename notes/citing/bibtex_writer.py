r"""Citations as BibTeX: entries that BibTeX, biber and every reader of them take for the same.

Letters stay UTF-8, as biblatex (and any LaTeX since 2018) reads them. The characters that mean something to TeX are written
out, braces as commands: a ``\{`` would still count for BibTeX, and a title could close its entry. A formula stays one where it
is harmless and its braces balance. ``@`` is kept apart from what follows, since some readers look for entries by it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Final

from notes.citing.authors import Name
from notes.citing.citation import Citation
from notes.text.texmath import is_safe_math
from notes.text.visible import one_line

__all__ = ["bibtex", "entry", "tex"]

_SPECIAL: Final = str.maketrans(
    {sign: f"\\{sign}" for sign in "#$%&_"}
    | {"{": r"{\textbraceleft}", "}": r"{\textbraceright}", "\\": r"{\textbackslash}"}
    | {"~": r"{\textasciitilde}", "^": r"{\textasciicircum}", "@": "{@}"}
)
_NOT_VERBATIM: Final = re.compile(r"[{}\\\s]|%(?=[0-9A-Fa-f]{2})")
_MATH: Final = re.compile(r"(?<![\w\\$])\$(?=[^\s$])([^$]{1,200})(?<=[^\s\\])\$(?![\d$A-Za-z])")
_WORD: Final = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.+-]*[A-Za-z0-9+])?")
# GPT-4, LLMs and DeepSeek, but not Trust-Region.
_NAME_LIKE: Final = re.compile(r"(?:.*-)?(?:[A-Za-z]+[A-Z]|\d*[A-Za-z]+\d|\d+[A-Za-z])")
_AFRESH: Final = re.compile(r"(?:\A|[:.?!—–]\s)\W*\Z")
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def bibtex(citations: Iterable[Citation]) -> str:
    """The file: the entries in the order given, a blank line between them."""
    return "\n".join(map(entry, citations))


def entry(citation: Citation) -> str:
    """One entry, ended by a line break."""
    fields = "".join(f"  {name} = {value},\n" for name, value in _fields(citation))
    return f"@{'article' if citation.is_article else 'misc'}{{{citation.key},\n{fields}}}\n"


def _fields(citation: Citation) -> Iterator[tuple[str, str]]:
    authors = [*map(_name, citation.names), *(["others"] if citation.others and citation.names else [])]
    values = {
        "author": " and ".join(authors),
        "title": _title(citation.title),
        ("journal" if citation.is_article else "howpublished"): tex(citation.container),
        "year": f"{citation.issued[0]:04d}" if citation.issued else "",
        "eprint": citation.arxiv_id,
        "archivePrefix": "arXiv" if citation.arxiv_id else "",
        "primaryClass": citation.category,
        "doi": _verbatim(citation.doi),
        "url": citation.url,
        "urldate": citation.accessed.isoformat() if citation.accessed else "",
        "keywords": ", ".join(filter(None, (tex(tag.replace(",", " ")) for tag in citation.tags))),
    }
    for name, value in values.items():
        if value:
            yield name, f"{{{value}}}"
        if name == "year" and len(citation.issued) > 1:
            # A macro of every style; a bare number would be printed as one.
            yield "month", _MONTHS[citation.issued[1] - 1]


def tex(text: str) -> str:
    """``text`` as one line of LaTeX that shows it; harmless formulas between dollars stay formulas."""
    return "".join(piece if is_formula else piece.translate(_SPECIAL) for piece, is_formula in _pieces(one_line(text)))


def _verbatim(doi: str) -> str:
    """A DOI for a field that biblatex reads as it stands: ``_ % # &`` mean nothing there, and an escape would change it.

    Braces and backslashes do mean something, to BibTeX itself; in per cent they are resolved, and read back, as the same DOI.
    """
    return _NOT_VERBATIM.sub(lambda match: f"%{ord(match[0]):02X}", one_line(doi))


def _pieces(text: str) -> Iterator[tuple[str, bool]]:
    """The text in pieces, and whether each is a formula."""
    done = position = 0
    while match := _MATH.search(text, position):
        # ``$5 and $x$``: the second dollar may open what the first could not.
        position = match.start() + 1
        if is_safe_math(match[1]) and _is_balanced(match[1]):
            yield text[done : match.start()], False
            yield match[0], True
            done = position = match.end()
    yield text[done:], False


def _is_balanced(formula: str) -> bool:
    r"""Whether the braces balance as BibTeX counts them: ``\{`` as well."""
    depth = 0
    for brace in re.findall(r"[{}]", formula):
        depth += 1 if brace == "{" else -1
        if depth < 0:
            return False
    return depth == 0


def _title(text: str) -> str:
    """The title, with names and formulas in braces: styles make small letters of all else."""
    text = one_line(text)
    is_sentence = _is_in_sentence_case(text)
    parts = (
        f"{{{piece}}}" if is_formula else _with_names_kept(piece, is_sentence=is_sentence)
        for piece, is_formula in _pieces(text)
    )
    return "".join(parts)


def _is_in_sentence_case(title: str) -> bool:
    """Whether most words begin with a small letter; those that do not are names then."""
    long = [word for word in _WORD.findall(title)[1:] if len(word) > 3 and word[0].isalpha()]
    return bool(sum(word[0].isupper() for word in long) * 2 < len(long))


def _with_names_kept(text: str, *, is_sentence: bool) -> str:
    done, written = 0, []
    for match in _WORD.finditer(text):
        is_capital = is_sentence and match[0][0].isupper() and not _AFRESH.search(text[: match.start()])
        written.append(text[done : match.start()].translate(_SPECIAL))
        written.append(f"{{{match[0]}}}" if is_capital or _NAME_LIKE.match(match[0]) else match[0])
        done = match.end()
    return "".join(written) + text[done:].translate(_SPECIAL)


def _name(name: Name) -> str:
    if name.literal:
        return f"{{{tex(name.family)}}}"
    return ", ".join(_part(part) for part in (name.family, name.suffix, name.given) if part)


def _part(text: str) -> str:
    """A part of a name in braces where it holds what parts names: ``and``, a comma."""
    written = tex(text)
    return f"{{{written}}}" if re.search(r",|\band\b", written, re.IGNORECASE) else written
