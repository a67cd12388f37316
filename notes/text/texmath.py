r"""Which TeX may stay alive in a note: short, balanced, made of commands that only draw.

MathJax in Obsidian can make links (``\href``), attributes (``\class``), and definitions that change every formula of
the session (``\def``), so commands are allowed by name.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_safe_math"]

_MAX_LENGTH: Final = 200
_MAX_DEPTH: Final = 6
_DRAWING: Final = """
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi varpi rho varrho
    sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi Pi Sigma Upsilon Phi Psi Omega
    mathbb mathbf mathcal mathfrak mathit mathrm mathsf mathtt mathscr boldsymbol bm text textbf textit textrm
    textsf texttt operatorname rm bf it cal frac dfrac tfrac binom sqrt sum prod int oint iint bigcup bigcap
    bigoplus bigotimes coprod hat bar tilde vec dot ddot widehat widetilde overline underline overrightarrow
    overbrace underbrace acute grave breve check cdot cdots ldots dots vdots ddots times div pm mp ast star circ
    bullet oplus ominus otimes odot wedge vee cap cup setminus sqcup sqcap uplus dagger ddagger leq le geq ge lt gt
    neq ne ll gg equiv approx approxeq sim simeq cong propto prec succ preceq succeq lesssim gtrsim in notin ni
    subset subseteq supset supseteq subsetneq mid nmid parallel perp models vdash to mapsto rightarrow leftarrow
    leftrightarrow Rightarrow Leftarrow Leftrightarrow longrightarrow longleftarrow longmapsto iff implies uparrow
    downarrow hookrightarrow rightsquigarrow infty partial nabla forall exists nexists emptyset varnothing angle
    triangle square Box top bot neg lnot ell hbar Re Im aleph wp prime degree log ln exp sin cos tan cot sec csc
    arcsin arccos arctan sinh cosh tanh min max inf sup lim limsup liminf arg det dim ker gcd Pr deg mod bmod pmod
    left right big Big bigg Bigg bigl bigr Bigl Bigr langle rangle lfloor rfloor lceil rceil lvert rvert lVert rVert
    vert Vert quad qquad
"""
_COMMANDS: Final = frozenset(_DRAWING.split())
_COMMAND: Final = re.compile(r"\\([A-Za-z]+|.)", re.DOTALL)
_PUNCTUATION: Final = frozenset("{},;:! |%_")
_CHARACTERS: Final = re.compile(r"[A-Za-z0-9 +\-*/=<>()\[\]{}^_,.;:!'|\\\u0370-\u03ff\u2190-\u22ff]+")
# What plugins search for in the raw file.
_ACTIVE: Final = re.compile(r"\[\[|\]\]|\]\(|!\[|::|\{\{|\}\}|://|<[!/?%]|==|%%")
_TELLS: Final = re.compile(r"[\\^_{=<>+]")
_NAME: Final = re.compile(r"[A-Za-z]{1,2}|[A-Za-z]\(?[A-Za-z0-9, ]{0,8}\)|[A-Za-z0-9]\s?[-*/,]\s?[A-Za-z0-9]")


def is_safe_math(tex: str) -> bool:
    """Whether ``tex`` (what stands between the dollars) is a formula, not money, and can do nothing but be drawn."""
    return (
        0 < len(tex) <= _MAX_LENGTH
        and (_TELLS.search(tex) is not None or _NAME.fullmatch(tex) is not None)
        and _CHARACTERS.fullmatch(tex.replace("\\%", "")) is not None
        and _ACTIVE.search(tex) is None
        and all(_is_allowed(match[1]) for match in _COMMAND.finditer(tex))
        and not tex.endswith("\\")
        and _is_balanced(tex)
    )


def _is_allowed(command: str) -> bool:
    return command in _COMMANDS or command in _PUNCTUATION


def _is_balanced(tex: str) -> bool:
    bare = re.sub(r"\\[{}]", "", tex)
    depth = 0
    for brace in re.findall(r"[{}]", bare):
        depth += 1 if brace == "{" else -1
        if not 0 <= depth <= _MAX_DEPTH:
            return False
    return depth == 0 and len(re.findall(r"\\left\b", tex)) == len(re.findall(r"\\right\b", tex))
