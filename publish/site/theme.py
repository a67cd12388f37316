"""The look of the site: its templates, its style sheet, its icon."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING

from publish.site.fixed_words import site_words_for
from publish.site.html import title_html
from publish.site.pages import address
from publish.sources.tex import plain_title

if TYPE_CHECKING:
    from jinja2 import Environment

__all__ = ["environment", "static_files"]


@cache
def static_files() -> Mapping[str, bytes]:
    """The files that a site carries as they are, by name."""
    folder = files("publish.site").joinpath("static")
    return {entry.name: entry.read_bytes() for entry in sorted(folder.iterdir(), key=lambda entry: entry.name)}


def environment() -> Environment:
    """Jinja with autoescape on and no undefined names; what is not a string of a template is escaped."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    made = Environment(
        loader=PackageLoader("publish.site"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    def typeset(text: str, lang: str) -> Markup:
        return Markup(title_html(text, lang))  # noqa: S704 - escaped where it is made

    made.filters |= {"address": address, "plain": plain_title, "typeset": typeset, "words": site_words_for}
    # Browsers keep a style sheet for minutes; a page must not be shown with the one before.
    made.globals["style"] = hashlib.sha256(static_files()["style.css"]).hexdigest()[:8]
    return made
