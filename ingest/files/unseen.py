"""What of a mail's page is not seen: preheaders for the inbox's list, by the styles that hide them.

Newsletters set the size of letters to nothing on the cells that hold the letter (MJML does, to close the gaps between
columns) and to something on the text within: size is inherited, so each text has that of the nearest element which sets one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["drop_unseen"]

_ZERO = re.compile(r"0*(?:\.0+|0)(?:px|r?em|pt|ex|%)?")
_RELATIVE = re.compile(r"[0-9.]+(?:em|ex|%)|larger|smaller|inherit")
_LETTER = re.compile(r"\w")
# No preheader is longer; what is may be the letter itself, shown by a style sheet.
_PREHEADER = 300


def drop_unseen(root: Any) -> None:
    """Takes what is hidden out of the page, unless that were most of the letter: then it is shown."""
    styled = [(element, _declared(element.get("style"))) for element in root.xpath("//*[@style]")]
    hidden = list(_outermost(element for element, style in styled if _hides(element, style)))
    sizes = {element: style["font-size"] for element, style in styled if "font-size" in style}
    small = _texts_of_no_size(root, sizes) if any(map(_ZERO.fullmatch, sizes.values())) else []
    long = [element for element in hidden if _letters(element.text_content()) > _PREHEADER]
    at_stake = sum(_letters(element.text_content()) for element in long)
    at_stake += sum(_letters(_text(*place)) for place in small)
    is_letter = 2 * at_stake > _letters(root.text_content()) and at_stake > _PREHEADER
    for element, part in () if is_letter else small:
        setattr(element, part, None)
    for element in hidden:
        if is_letter and element in long:
            del element.attrib["style"]
        elif element.getparent() is not None:
            element.drop_tree()


def _declared(style: str) -> dict[str, str]:
    """The declarations of a style, by property."""
    pairs = (declaration.partition(":") for declaration in style[:4_000].lower().split(";"))
    return {name.strip(): value.replace("!important", "").strip() for name, _, value in pairs}


def _hides(element: Any, style: dict[str, str]) -> bool:
    if style.get("display") == "none" or style.get("visibility") == "hidden":
        return True
    # Buttons are hidden from Outlook alone, which draws its own.
    is_hidden_from_outlook = style.get("mso-hide") == "all" and element.tag != "a"
    return is_hidden_from_outlook or _ZERO.fullmatch(style.get("max-height", "")) is not None


def _outermost(elements: Iterable[Any]) -> Iterator[Any]:
    seen = set()
    for element in elements:
        if element.tag not in ("html", "body") and not any(above in seen for above in element.iterancestors()):
            seen.add(element)
            yield element


def _texts_of_no_size(root: Any, sizes: dict[Any, str]) -> list[tuple[Any, str]]:
    """The places of texts (an element and its ``text`` or ``tail``) whose letters have no size."""
    is_nothing: dict[Any, bool] = {}
    places = []
    for element in root.iter():
        above = is_nothing.get(element.getparent(), False)
        is_nothing[element] = _has_no_size(element, sizes.get(element), above=above)
        if is_nothing[element] and isinstance(element.tag, str) and element.text:
            places.append((element, "text"))
        if above and element.tail:
            places.append((element, "tail"))
    return places


def _has_no_size(element: Any, size: str | None, *, above: bool) -> bool:
    if size is not None and not _RELATIVE.fullmatch(size):
        return _ZERO.fullmatch(size) is not None
    if size is not None and _ZERO.fullmatch(size):
        return True
    # A style sheet may say otherwise, and tables inherit no size in most mails' mode.
    return above and element.tag != "table" and not element.get("class") and not element.get("size")


def _text(element: Any, part: str) -> str:
    return getattr(element, part) or ""


def _letters(text: str) -> int:
    return len(_LETTER.findall(text))
