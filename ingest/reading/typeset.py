"""What HTML sets in type and plain text cannot: raised and lowered figures, footnote marks, words struck out.

Left to themselves they make numbers that nobody wrote: ``10<sup>12</sup>`` is not 1012, nor ``40<sup>1</sup> percent`` 401.
"""

from __future__ import annotations

import html as entities
import re
from typing import Any

from ingest.reading.tags import BLOCKS

__all__ = ["has_type", "lowered", "raised", "raised_in_title", "set_plainly"]

MAX_STEPS = 12
MAX_RAISED = 16

_ABOVE = dict(
    zip("0123456789+-−–=()abcdefghijklmnoprstuvwxyzT", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻⁼⁽⁾ᵃᵇᶜᵈᵉᶠᵍʰⁱʲᵏˡᵐⁿᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀ", strict=True)
)
_BELOW = dict(zip("0123456789+-−–=()aehijklmnoprstuvx", "₀₁₂₃₄₅₆₇₈₉₊₋₋₋₌₍₎ₐₑₕᵢⱼₖₗₘₙₒₚᵣₛₜᵤᵥₓ", strict=True))
_ALREADY = frozenset(_ABOVE.values()) | {"™", "®", "℠", "′", "″", "°", "º", "ª"}
_ORDINAL = frozenset("st nd rd th er re ère ème eme".split())
_NOTE = re.compile(r"[\[［][^\[\]]{0,24}[\]］]|[†‡§¶*]{1,3}")
_FIGURES = re.compile(r"\d{1,3}(?:\s?[,;–-]\s?\d{1,3})*")
_NOTE_ADDRESS = re.compile(r"^#|#(?:_?_?f(?:oot)?n|cite|note|ref|bib|sdfoot|easy-foot|user-content-fn)", re.IGNORECASE)
_WORD = re.compile(r"[^\W\d_]{3,}$")
_HAN_END = re.compile(r"[\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff]$")
# What a power follows though it is a word.
_POWERED = re.compile(r"(?:\b(?:log|exp|sin|cos|tan|cot|sec|det|sinh|cosh|tanh|lim|max|min|feet|inch|cms?)|[A-Z]+)$")
_ENDS = re.compile(r"[.,;:!?%％…。，、；：！？\"'”’»」』]$")
_STOP = re.compile(r"[.,;!?。，、；！？)\"”’»]")
_IN_TITLE = re.compile(r"<(?P<tag>sup|sub)\b[^<>]{0,500}>(?P<inner>[^<>]{0,200})</(?P=tag)\s*>", re.IGNORECASE)


def raised(inner: str, before: str, after: str = "", *, is_link: bool = False) -> str:
    """What a ``<sup>`` says, in plain text: ``¹²``, ``th``, ``^{0.5}``, or '' for a footnote's mark.

    ``before`` and ``after`` are the text round it. What may be either (``40<sup>1</sup> percent``) is raised: it must
    not be read as a digit of the number before it.
    """
    inner = " ".join(inner.split())
    if not inner or all(character in _ALREADY for character in inner):
        return inner
    if _is_note(inner, before, after, is_link=is_link):
        return ""
    if inner.lower() in _ORDINAL and before[-1:].isdigit():
        return inner
    if inner in {"TM", "SM"}:
        return "™" if inner == "TM" else "℠"
    return _set(inner, before, _ABOVE, "^")


def lowered(inner: str, before: str) -> str:
    """What a ``<sub>`` says, in plain text: ``₂``, ``_max``."""
    inner = " ".join(inner.split())
    if not inner or _NOTE.fullmatch(inner):
        return ""
    # The measure's name is F1.
    if inner == "1" and before.endswith("F"):
        return inner
    return _set(inner, before, _BELOW, "_")


def raised_in_title(markup: str) -> str:
    """The markup with the text of each ``<sup>`` and ``<sub>`` in their stead."""

    def plain(match: re.Match[str]) -> str:
        before = re.sub(r"<[^<>]*>", "", match.string[max(0, match.start() - 100) : match.start()])
        inner = entities.unescape(match["inner"])
        return lowered(inner, before) if match["tag"].lower() == "sub" else raised(inner, before)

    return _IN_TITLE.sub(plain, markup)


def has_type(written: str) -> bool:
    """Whether the markup, in lower case, may hold what :func:`set_plainly` changes."""
    return any(sign in written for sign in ("<sup", "<sub", "<del", "<s>", "<s ", "<strike"))


def set_plainly(root: Any) -> None:
    """Changes the tree: ``<sup>`` and ``<sub>`` become plain text, what is struck out goes."""
    for element in reversed(list(root.iter("sup", "sub", "del", "s", "strike"))):
        if element.tag in {"del", "s", "strike"}:
            # One that nobody closed holds the rest of the page.
            if next(element.iterdescendants(*BLOCKS), None) is None:
                around = _before(element)[-1:] + _after(element)[:1]
                _put(element, " " if around.isalnum() and not around.isalpha() and len(around) == 2 else "")
            continue
        inner, before = "".join(element.itertext())[:200], _before(element)
        if len(inner) == 200 or next(element.iterdescendants("p", "div", "li", "tr"), None) is not None:
            continue
        if element.tag == "sub":
            _put(element, lowered(inner, before))
        else:
            _put(element, raised(inner, before, _after(element), is_link=_is_note_link(element, inner)))


def _is_note(inner: str, before: str, after: str, *, is_link: bool) -> bool:
    if is_link:
        return True
    before = before.rstrip("\u200b\u2060")
    if _NOTE.fullmatch(inner):
        return "[" in inner or "［" in inner or not re.search(r"(?:^|[^\w])\w$|^$", before)
    if not _FIGURES.fullmatch(inner):
        return False
    if _ENDS.search(before) or _HAN_END.search(before):
        return True
    is_word = _WORD.search(before) is not None and not _POWERED.search(before)
    return is_word and (not inner.isdigit() or _STOP.match(after) is not None)


def _set(inner: str, before: str, forms: dict[str, str], sign: str) -> str:
    characters = inner.replace(" ", "") if len(inner) <= 4 else inner
    if len(inner) > MAX_RAISED or (inner.isalpha() and len(inner) > 3 and sign == "^" and _WORD.search(before)):
        # Small print.
        return f" {inner} "
    is_short = sign == "^" or len(characters) == 1 or not any(character.isalpha() for character in characters)
    if is_short and all(character in forms for character in characters):
        return "".join(forms[character] for character in characters)
    if not before or before[-1:].isspace():
        return inner
    return f"{sign}{inner}" if inner.isalpha() and (sign == "_" or len(inner) == 1) else f"{sign}{{{inner}}}"


def _put(element: Any, text: str) -> None:
    """The element as a span that says ``text``; its links stay, for they are read too."""
    for inner in element.iterdescendants():
        inner.text = inner.tail = None
    element.tag, element.text = "span", text


def _is_note_link(element: Any, inner: str) -> bool:
    """Whether it is the mark of a footnote: a link to one, or a figure that links anywhere."""
    parent = element.getparent()
    links = [*element.iterdescendants("a"), *([parent] if parent is not None and parent.tag == "a" else [])]
    if element.get("role") == "doc-noteref" or "footnote" in (element.get("class") or ""):
        return True
    if any(_NOTE_ADDRESS.search(link.get("href") or "") for link in links):
        return True
    return any(link is not parent for link in links) and _FIGURES.fullmatch(inner.strip(" []()")) is not None


def _before(element: Any) -> str:
    """The end of the text before the element, in its block; '' where it begins one."""
    for _ in range(MAX_STEPS):
        previous = element.getprevious()
        if previous is None:
            parent = element.getparent()
            if parent is None:
                return ""
            if parent.text or parent.tag in BLOCKS:
                return str(parent.text or "")[-40:]
            element = parent
            continue
        if text := previous.tail or _last_text(previous):
            return str(text)[-40:]
        if previous.tag in BLOCKS or previous.tag == "br":
            return ""
        element = previous
    return ""


def _last_text(element: Any) -> str:
    for _ in range(MAX_STEPS):
        if not len(element):
            return element.text or ""
        element = element[-1]
        if element.tail:
            return str(element.tail)
    return ""


def _after(element: Any) -> str:
    """The beginning of the text after the element, in its block."""
    for _ in range(MAX_STEPS):
        if element.tail:
            return str(element.tail)[:8]
        following = element.getnext()
        if following is not None:
            return str(following.text or "")[:8]
        element = element.getparent()
        if element is None or element.tag in BLOCKS:
            return ""
    return ""
