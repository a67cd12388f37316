"""Short TeX of titles and abstracts set as HTML or Unicode, so that it reads well without JavaScript.

Only what arXiv metadata really holds is known: letters, Greek, relations, sub- and superscripts, fonts, fractions,
roots, accents. Anything else is not guessed at: the caller then shows the TeX as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape

from notes.markup.inert import one_line

__all__ = ["inline", "plain_title", "to_html", "to_text"]

_TOKEN = re.compile(r"\\[A-Za-z]+|\\.|[{}^_]|\s+|\d+(?:\.\d+)*|.", re.DOTALL)
_MATH = re.compile(r"(?<![\\$\w])\$(?=[^\s$])((?:\\.|[^$\\\n])+?)(?<=\S)\$(?![$\d])")
_LONGEST = 400
_DEEPEST = 12

_SYMBOLS = dict(
    pair.split()
    for pair in """alpha α|beta β|gamma γ|delta δ|epsilon ε|varepsilon ε|zeta ζ|eta η|theta θ|vartheta ϑ|iota ι|kappa κ
lambda λ|mu μ|nu ν|xi ξ|pi π|rho ρ|sigma σ|tau τ|upsilon υ|phi φ|varphi φ|chi χ|psi ψ|omega ω|Gamma Γ|Delta Δ
Theta Θ|Lambda Λ|Xi Ξ|Pi Π|Sigma Σ|Upsilon Υ|Phi Φ|Psi Ψ|Omega Ω|times ×|cdot ·|pm ±|mp ∓|div ÷|ast ∗|star ⋆|circ ∘
le ≤|leq ≤|leqslant ≤|ge ≥|geq ≥|geqslant ≥|neq ≠|ne ≠|approx ≈|sim ∼|simeq ≃|equiv ≡|propto ∝|ll ≪|gg ≫|infty ∞
to →|rightarrow →|leftarrow ←|leftrightarrow ↔|Rightarrow ⇒|uparrow ↑|downarrow ↓|mapsto ↦|in ∈|notin ∉|subset ⊂
subseteq ⊆|cup ∪|cap ∩|emptyset ∅|forall ∀|exists ∃|neg ¬|land ∧|lor ∨|oplus ⊕|otimes ⊗|odot ⊙|partial ∂|nabla ∇
sum ∑|prod ∏|int ∫|ell ℓ|hbar ℏ|dagger †|ddagger ‡|ldots …|dots …|cdots ⋯|prime ′|langle ⟨|rangle ⟩|lfloor ⌊|rfloor ⌋
lceil ⌈|rceil ⌉|mid ∣|Vert ‖|parallel ∥|perp ⊥|degree °|checkmark ✓|top ⊤|bot ⊥|setminus ∖|bullet •""".replace(
        "\n", "|"
    ).split("|")
)
_UPRIGHT = frozenset(
    ("log", "ln", "exp", "min", "max", "arg", "argmin", "argmax", "sup", "inf", "lim", "sin", "cos", "det")
)
_FONTS = {
    "mathcal": "i", "mathbb": "b", "mathbf": "b", "boldsymbol": "b", "bm": "b", "textbf": "b", "mathit": "i",
    "textit": "i", "emph": "i", "mathrm": "", "text": "", "textrm": "", "mathsf": "", "textsf": "", "operatorname": "",
    "mathtt": "", "texttt": "", "mbox": "", "textsc": "",
}  # fmt: skip
_TEXT_FONTS = frozenset(("text", "textrm", "textbf", "textit", "textsf", "texttt", "emph", "mbox", "textsc"))
_BLACKBOARD = dict(zip("CHNPQRZEFI", "ℂℍℕℙℚℝℤ𝔼𝔽𝕀", strict=True))
_ACCENTS = {"hat": "\u0302", "bar": "\u0304", "tilde": "\u0303", "vec": "\u20d7", "dot": "\u0307"}
_SPACES = {
    r"\,": "\u2009",
    r"\;": " ",
    r"\:": "\u2009",
    r"\ ": " ",
    r"\!": "",
    r"\quad": " ",
    r"\qquad": " ",
    "~": "\u00a0",
}
_IGNORED = frozenset((r"\left", r"\right", r"\big", r"\Big", r"\bigl", r"\bigr", r"\displaystyle", r"\limits"))
_FRACTIONS = frozenset(("frac", "tfrac", "dfrac"))
_WORDS = _SYMBOLS | {name: f"\u2009{name}\u2009" for name in _UPRIGHT} | {sign: sign for sign in "%$&_#{}"} | {"|": "‖"}
_SHIFT = {
    "sup": str.maketrans("0123456789+-−=()ni", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁼⁽⁾ⁿⁱ"),
    "sub": str.maketrans("0123456789+-−=()", "₀₁₂₃₄₅₆₇₈₉₊₋₋₌₍₎"),
}


@dataclass(frozen=True, slots=True)
class _Leaf:
    text: str
    style: str = ""


@dataclass(frozen=True, slots=True)
class _Group:
    children: tuple[_Leaf | _Group, ...]
    style: str = ""


_Node = _Leaf | _Group


class _NotSetError(ValueError):
    """TeX that is beyond this module."""


def to_html(tex: str) -> str | None:
    """``tex`` (without its dollars) as HTML of i, b, sub and sup; None when it cannot be set faithfully."""
    nodes = _parse(tex)
    return None if nodes is None else "".join(map(_html, nodes)).strip()


def to_text(tex: str) -> str | None:
    """``tex`` as one line of Unicode text (``τ²``); None when it cannot be set faithfully."""
    nodes = _parse(tex)
    return None if nodes is None else "".join(map(_text, nodes)).strip()


def inline(text: str) -> Iterator[tuple[str, bool]]:
    """``text`` cut into pieces, each with whether it is TeX between single dollars (given without them)."""
    position = 0
    for found in _MATH.finditer(text):
        yield text[position : found.start()], False
        yield found[1], True
        position = found.end()
    yield text[position:], False


def plain_title(text: str) -> str:
    """A title (plain text) as one line of Unicode without TeX where that is possible."""
    return "".join((to_text(piece) or f"${piece}$") if maths else piece for piece, maths in inline(one_line(text)))


def _parse(tex: str) -> tuple[_Node, ...] | None:
    if len(tex) > _LONGEST:
        return None
    tokens = _TOKEN.findall(tex)
    tokens.reverse()
    try:
        nodes = tuple(_sequence(tokens, depth=0))
    except _NotSetError:
        return None
    return None if tokens else nodes


def _sequence(tokens: list[str], *, depth: int, spaces: bool = False) -> Iterator[_Node]:
    """Nodes up to the end or to a closing brace, which is left on the stack."""
    while tokens and tokens[-1] != "}":
        piece = tokens.pop()
        if piece.isspace():
            if spaces:
                yield _Leaf(" ")
        elif piece in "^_":
            shifted = _argument(tokens, depth=depth)
            yield _Group((shifted,), "sup" if piece == "^" else "sub")
        elif piece not in _IGNORED:
            yield _node(piece, tokens, depth=depth)


def _argument(tokens: list[str], *, depth: int, spaces: bool = False) -> _Node:
    while tokens and tokens[-1].isspace():
        tokens.pop()
    if not tokens or tokens[-1] in "}^_" or depth > _DEEPEST:
        raise _NotSetError
    piece = tokens.pop()
    if piece.isdigit() and len(piece) > 1:
        # TeX takes one digit: x^10 is x¹0.
        tokens.append(piece[1:])
        piece = piece[0]
    return _node(piece, tokens, depth=depth + 1, spaces=spaces)


def _node(piece: str, tokens: list[str], *, depth: int, spaces: bool = False) -> _Node:
    if piece == "{":
        return _braced(tokens, depth=depth, spaces=spaces)
    if piece in _SPACES:
        return _Leaf(_SPACES[piece])
    if piece.startswith("\\"):
        return _command(piece[1:], tokens, depth=depth)
    return _character(piece)


def _braced(tokens: list[str], *, depth: int, spaces: bool) -> _Node:
    if depth > _DEEPEST:
        raise _NotSetError
    children = tuple(_sequence(tokens, depth=depth + 1, spaces=spaces))
    if not tokens:
        raise _NotSetError
    tokens.pop()
    return _Group(children)


def _command(name: str, tokens: list[str], *, depth: int) -> _Node:
    if name in _WORDS:
        return _Leaf(_WORDS[name])
    if name in _FONTS:
        return _in_font(name, _argument(tokens, depth=depth, spaces=name in _TEXT_FONTS))
    if name in _FRACTIONS:
        over, under = (_argument(tokens, depth=depth) for _ in range(2))
        return _Group((_bracketed(over), _Leaf("/"), _bracketed(under)))
    if name == "sqrt":
        return _Group((_Leaf("√"), _bracketed(_argument(tokens, depth=depth))))
    if name in _ACCENTS:
        return _accented(_argument(tokens, depth=depth), _ACCENTS[name])
    raise _NotSetError


def _in_font(name: str, node: _Node) -> _Node:
    letters = _text(node)
    if name == "mathbb" and letters in _BLACKBOARD:
        return _Leaf(_BLACKBOARD[letters])
    return _Group((_upright(node),), _FONTS[name])


def _upright(node: _Node) -> _Node:
    if isinstance(node, _Leaf):
        return _Leaf(node.text, "" if node.style == "i" else node.style)
    return _Group(tuple(map(_upright, node.children)), node.style)


def _bracketed(node: _Node) -> _Node:
    return node if len(_text(node)) <= 1 or _text(node).isdigit() else _Group((_Leaf("("), node, _Leaf(")")))


def _accented(node: _Node, accent: str) -> _Node:
    letter = _text(node)
    if len(letter) != 1:
        raise _NotSetError
    return _Leaf(letter + accent, "i")


def _character(piece: str) -> _Leaf:
    if piece.isalpha() and piece.isascii():
        return _Leaf(piece, "i")
    if piece in "<>=":
        return _Leaf(f" {piece} ")
    return _Leaf({"-": "−", "*": "∗", "'": "′"}.get(piece, piece))


def _html(node: _Node) -> str:
    inner = escape(node.text) if isinstance(node, _Leaf) else "".join(map(_html, node.children))
    return f"<{node.style}>{inner}</{node.style}>" if node.style else inner


def _text(node: _Node) -> str:
    if isinstance(node, _Leaf):
        return node.text
    inner = "".join(map(_text, node.children))
    return _shifted(inner, node.style) if node.style in _SHIFT else inner


def _shifted(inner: str, style: str) -> str:
    table = _SHIFT[style]
    if all(ord(character) in table for character in inner):
        return inner.translate(table)
    mark = "^" if style == "sup" else "_"
    return mark + (inner if len(inner) == 1 else f"({inner})")
