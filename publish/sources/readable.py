r"""TeX in prose as a reader sees it: arXiv abstracts hold ``\textbf{LUMA}``, ``98.5\%`` and ``1.4$\times$``.

What is taken away is markup, never a word or a number; writer and checker read the same readable text, so a sentence of it
is word for word that of the source. Formulas with letters stay mathematics. Chinese that was set with the punctuation of
English is read with its own (:mod:`publish.sources.chinese_marks`).
"""

from __future__ import annotations

import re

from notes.text.texmath import is_safe_math
from publish.sources.chinese_marks import full_width
from publish.sources.tex import to_text

__all__ = ["has_markup", "readable"]

_FONT = re.compile(
    r"\\(?:textbf|textit|texttt|textsc|textsf|textrm|emph|underline|mbox|text)\s?\{([^{}]*)\}"
    r"|\{\\(?:em|bf|it|tt|sc|sl)\s([^{}]*)\}"
)
_RAISED = re.compile(r"\\text(super|sub)script\s?\{([^{}]*)\}")
_SMALL = {
    "super": str.maketrans("0123456789+-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻"),
    "sub": str.maketrans("0123456789+-", "₀₁₂₃₄₅₆₇₈₉₊₋"),
}
_RANGE = re.compile(r"(?<=\d)--(?=\d)")
_ASIDE = re.compile(r"(?<=[\w)\]”’%]) ---? (?=[\w(“‘])")
_SIGN = re.compile(r"\\([%&#_])")
_QUOTES = re.compile(r"``([^`']{1,200})''")
_SINGLE = re.compile(r"(?<![\w`])`([^`'\n]{1,80})'(?!['\w])")
# Markdown in an abstract; the letters of an acronym may stand in it one by one.
_STARS = re.compile(r"(?<![\w*)])\*\*(?=[^\s*])([^*\n]{1,160}?)(?<=[^\s*])\*\*")
# A name set as mathematics ("$PACS$", "$Agent^2$", "$\pi^3$"): three letters in a row are no formula, nor is a power of one.
_WORD = re.compile(r"[A-Za-z][\w-]*[A-Za-z]{2}[\w-]*(?:\^\{?\d\}?)?|(?:\\[a-zA-Z]+|[\u0370-\u03ff])\^\{?\d\}?")
_TIE = re.compile(r"(?<=[A-Za-z.])~(?=[\w$\\])")
_MATHS = re.compile(r"(?<!\\)\$(?=[^\s$])((?:\\.|[^$\\\n]){1,60}?)(?<=[^\s\\])\$(?!\d)")
_MARKUP = re.compile(r"\\[A-Za-z]{2,}")
_LETTER = re.compile(r"[^\W\d_]")
_LONGEST_SIGNS = 16
_DEEPEST = 24  # fonts within fonts: each level is one more reading of the text
_LETTERS_OF_A_WORD = 3


def readable(text: str) -> str:
    """The text without the TeX that only sets it: fonts, escaped signs, dashes, and formulas of mere numbers and signs."""
    text = full_width(text)
    text = _RANGE.sub("–", _ASIDE.sub(" — ", text))
    if "**" in text:
        text = _STARS.sub(r"\1", text)
    if "\\" not in text and "$" not in text and "~" not in text and "`" not in text:
        return text
    text = _RAISED.sub(lambda found: found[2].translate(_SMALL[found[1]]), _MATHS.sub(_number, text))
    for _ in range(_DEEPEST):
        plainer = _FONT.sub(lambda found: found[1] or found[2] or "", text)
        if plainer == text:
            break
        text = plainer
    return _TIE.sub(" ", _SINGLE.sub(r"‘\1’", _QUOTES.sub(r"“\1”", _SIGN.sub(r"\1", text))))


def has_markup(text: str) -> bool:
    """Whether commands of TeX are left outside of formulas: such a sentence reads badly."""
    return _MARKUP.search(_MATHS.sub(" ", text)) is not None


def _number(found: re.Match[str]) -> str:
    inner = _unset(found[1])
    if _WORD.fullmatch(inner):
        return (to_text(inner) or inner) if "^" in inner else inner
    plain = is_safe_math(inner) or not _LETTER.search(inner) or len(inner) == 1
    shown = to_text(inner) if plain else None
    if (
        shown is None
        or len(shown) > _LONGEST_SIGNS
        or (any(map(str.isalpha, shown)) and not _inside_word(found, inner))
    ):
        return found[0]
    return shown


def _unset(tex: str) -> str:
    r"""TeX without the fonts around it: ``\textbf{PACS}``."""
    while (plainer := _FONT.sub(lambda found: found[1] or found[2] or "", tex)) != tex:
        tex = plainer
    return tex


def _inside_word(found: re.Match[str], inner: str) -> bool:
    """``$C$ross``: mathematics misused for a letter of a word."""
    before, after = found.string[max(0, found.start() - 1) : found.start()], found.string[found.end() : found.end() + 2]
    joined = after[:1] == "-" and after[1:].isalpha()  # $\tau$-bench
    return joined or (len(inner) <= _LETTERS_OF_A_WORD and (before.isalpha() or after[:1].isalpha()))
