"""Formulas of a page as TeX between dollars: MathML, KaTeX, MathJax, pictures of formulas.

Pages carry one formula up to three times: as TeX, as MathML and as what is drawn. One is kept.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["has_formulas", "write_formulas"]

MAX_TEX = 5_000
MAX_DEPTH = 40
MAX_FORMULAS = 5_000

_SIGNS = ("<math", "math/tex", "katex", "mathjax", "<img")
_OF_PICTURES = re.compile(r"(?:^|[\s_-])(?:latex|math|tex|equation|mwe-math)", re.IGNORECASE)
_DELIMITERS = re.compile(r"^\s*(?:\$\$?|\\\(|\\\[)\s*|\s*(?:\$\$?|\\\)|\\\])\s*$")
_DISPLAY_STYLE = re.compile(r"^\{\\(?:display|text)style\s*(.*)\}$", re.DOTALL)
_HAS_CLASS = "contains(concat(' ', normalize-space(@class), ' '), ' {} ')"
_DRAWN = " or ".join(
    _HAS_CLASS.format(name)
    for name in ("MathJax", "MathJax_SVG", "MathJax_CHTML", "MathJax_Display", "MathJax_Preview")
)
_KATEX = f"//*[{_HAS_CLASS.format('katex')}]"
_KATEX_HTML = f".//*[{_HAS_CLASS.format('katex-html')}]"
_LAYOUTS = {
    **dict.fromkeys([("msup", 2), ("mover", 2)], "{0}^{last}"),
    **dict.fromkeys([("msub", 2), ("munder", 2)], "{0}_{last}"),
    **dict.fromkeys([("msubsup", 3), ("munderover", 3)], "{0}_{second}^{last}"),
    ("mfrac", 2): r"\frac{{{0}}}{{{1}}}",
    ("mroot", 2): r"\sqrt[{1}]{{{0}}}",
}
_UNSEEN = frozenset({"annotation", "annotation-xml", "mspace", "mphantom"})


def has_formulas(written: str) -> bool:
    """Whether the markup, in lower case, may hold what :func:`write_formulas` looks for."""
    return any(sign in written for sign in _SIGNS)


def write_formulas(root: Any) -> None:
    """Puts ``$TeX$`` in the place of each formula of the tree, and takes out what draws it a second time."""
    scripts = [script for script in root.iter("script") if (script.get("type") or "").startswith("math/tex")]
    if scripts:
        for drawn in root.xpath(f"//*[{_DRAWN}]"):
            _put(drawn, "")
    for script in scripts[:MAX_FORMULAS]:
        _put(script, _dollars((script.text or "").replace("&lt;", "<").replace("&amp;", "&")))
    # A picture beside MathML is for those who cannot see that.
    told = {formula.getparent() for formula in root.iter("math")}
    told |= {parent.getparent() for parent in told}
    for picture in list(root.iter("img")):
        if _OF_PICTURES.search(picture.get("class") or "") and picture.getparent() not in told:
            _put(picture, _dollars(picture.get("alt") or ""))
    _write_mathml(root)


def _write_mathml(root: Any) -> None:
    formulas = list(root.iter("math"))
    if formulas:
        for katex in root.xpath(_KATEX):
            if next(katex.iter("math"), None) is not None:
                for drawn in katex.xpath(_KATEX_HTML):
                    _put(drawn, "")
    for math in formulas[:MAX_FORMULAS]:
        _put(math, _dollars(_written_tex(math) or _tex(math, 0)))


def _put(element: Any, text: str) -> None:
    """Makes the element a span of that text, whatever it held; what comes after it stays."""
    tail = element.tail
    element.clear()
    element.tag, element.text, element.tail = "span", text, tail


def _dollars(tex: str) -> str:
    tex = _DELIMITERS.sub("", " ".join(tex.split()))
    if styled := _DISPLAY_STYLE.match(tex):
        tex = styled[1].strip()
    return f"${tex}$" if tex and len(tex) <= MAX_TEX else ""


def _written_tex(math: Any) -> str:
    """The TeX that the author wrote, where the formula still has it."""
    for annotation in math.iter("annotation"):
        if "tex" in (annotation.get("encoding") or "").lower():
            return "".join(annotation.itertext())
    return str(math.get("alttext") or "")


def _tex(element: Any, depth: int) -> str:
    """MathML as TeX, as far as a line of text needs it: scripts, fractions and roots."""
    tag = element.tag if isinstance(element.tag, str) else ""
    if tag in _UNSEEN:
        return ""
    if depth > MAX_DEPTH:
        return "".join(element.itertext()).strip()
    parts = [_tex(child, depth + 1) for child in element]
    if layout := _LAYOUTS.get((tag, len(parts))):
        return layout.format(*parts, second=_group(parts[1]), last=_group(parts[-1]))
    between = {"mtable": "; ", "mtr": " "}.get(tag, "")
    inner = (element.text or "").strip() + between.join(parts)
    return rf"\sqrt{{{inner}}}" if tag == "msqrt" else inner


def _group(tex: str) -> str:
    return tex if len(tex) == 1 else f"{{{tex}}}"
