"""The second door before HTML: rendered Markdown through an allow-list, whatever the renderer let pass."""

from __future__ import annotations

import re

__all__ = ["clean", "printable", "web_address"]

_HEADINGS = ("h2", "h3", "h4", "h5", "h6")
_TAGS = frozenset((
    *_HEADINGS, "p", "a", "em", "strong", "s", "b", "i", "code", "pre", "blockquote", "ul", "ol", "li", "table",
    "thead", "tbody", "tr", "th", "td", "hr", "br", "sup", "sub", "span", "div",
))  # fmt: skip
_ATTRIBUTES = {
    "a": {"href", "title", "lang"},
    "code": {"class"},
    "div": {"aria-label", "class", "role", "tabindex"},
    "li": {"class"},
    "ol": {"start"},
    "p": {"class"},
    "pre": {"tabindex"},
    "span": {"class", "lang"},
    "sup": {"class"},
    "td": {"class"},
    "th": {"class"},
    **{heading: {"id"} for heading in _HEADINGS},
}
_CLASSES = frozenset(("center", "colophon", "maths", "maths display", "ref", "right", "table", "task"))
# A browser drops tabs and line ends inside an address and reads a backslash as a slash.
_RELATIVE = re.compile(r"(?:\.{1,2}/)*(?:[^\s/\\:?#][^\s\\:]*)?(?:#[^\s\\]*)?")
_WEB = re.compile(r"https?://[^\s\\/?#]+[^\s\\]*", re.IGNORECASE)
# Not allowed in HTML or XML: C0 but tab and line ends, DEL and C1, surrogates, non-characters.
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(17))
    + "]"
)


def printable(text: str) -> str:
    """``text`` with a space for each character that HTML or XML forbid, and one kind of line end."""
    return _UNPRINTABLE.sub(" ", text.replace("\r\n", "\n").replace("\r", "\n"))


def web_address(url: str) -> str:
    """``url`` when it is an http or https address, else ''."""
    return url if _WEB.fullmatch(url) else ""


def clean(html: str) -> str:
    """``html`` with nothing but the elements, attributes and address schemes that a page of ours uses."""
    import nh3

    return nh3.clean(
        html,
        tags=set(_TAGS),
        clean_content_tags={"script", "style", "svg", "math", "template", "iframe", "object"},
        attributes=_ATTRIBUTES,
        attribute_filter=_filtered,
        url_schemes={"http", "https"},
        link_rel=None,
    )


def _filtered(_tag: str, name: str, value: str) -> str | None:
    if name == "href":
        return value if web_address(value) or _RELATIVE.fullmatch(value) else None
    if name == "class":
        return value if value in _CLASSES else None
    return value
