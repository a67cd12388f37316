"""Charts that speak of what is not published: they name what the words around them tell of, and go with it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["without_hidden"]


def without_hidden(
    tokens: Sequence[Token], is_hidden: Callable[[Token], bool], is_reference: Callable[[Token], bool]
) -> list[Token]:
    """``tokens`` of a body without the charts of sections that link to hidden files, in their heading or below it.

    ``is_hidden`` and ``is_reference`` are asked as by :func:`publish.site.withheld.withhold`. A reference is no such link: it
    only bears out what the words say without it.
    """
    section = 0
    hidden: set[int] = set()
    sections = []
    for token in tokens:
        section += token.type == "heading_open"
        sections.append(section)
        links = (child for child in token.children or () if child.type in ("wikilink", "link_open"))
        if any(is_hidden(link) and not is_reference(link) for link in links):
            hidden.add(section)
    return [token for token, held in zip(tokens, sections, strict=True) if token.type != "chart" or held not in hidden]
