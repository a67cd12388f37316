"""Pieces of HTML: titles, wikilinks, maths, tables, each escaped here and nowhere else.

:data:`RULES` are the renderer rules, in the shape that markdown-it asks for, that :mod:`publish.site.render` works with.
"""

from __future__ import annotations

import re
from collections.abc import Callable, MutableMapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, Any

from notes.markup.inert import alias, one_line
from publish.site.languages import pieces
from publish.sources import tex
from publish.sources.tex import plain_title

if TYPE_CHECKING:
    from markdown_it.token import Token

__all__ = ["RULES", "Resolve", "Target", "file_of", "is_reference", "title_html"]

_SUPERSCRIPT = re.compile("[⁰¹²³⁴⁵⁶⁷⁸⁹]+")
_DIGITS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789")


@dataclass(frozen=True, slots=True)
class Target:
    """Where a wikilink leads: ``href`` relative to the page or absolute, the title and language of what is there."""

    href: str
    title: str = ""
    lang: str = ""


Resolve = Callable[[str], Target | None]
"""From a wikilink's target (an id, a path, a file stem) to where it leads; None when that is not published: then
nothing is said of it. A target without ``href`` leads nowhere, but its words may stand."""


def title_html(text: str, lang: str) -> str:
    """A title (plain text) as HTML: escaped, its TeX set, words of another language than ``lang`` marked."""
    return "".join(
        _maths_html(piece) if maths else _in_languages(piece, lang) for piece, maths in tex.inline(one_line(text))
    )


def file_of(target: str) -> str:
    """The file that a wikilink's target names, without a heading or block; '' for the page itself."""
    return target.partition("#")[0].strip()


def is_reference(label: str) -> bool:
    """Whether a wikilink's label is a note reference: superscript digits."""
    return _SUPERSCRIPT.fullmatch(label) is not None


_Tokens = Sequence["Token"]
_Env = MutableMapping[str, Any]


def _text_rule(tokens: _Tokens, index: int, _options: object, _env: _Env) -> str:
    return "".join(_span(_escaped(piece), lang) for piece, lang in tokens[index].meta.get("pieces", ()))


def _in_languages(text: str, lang: str) -> str:
    return "".join(_span(_escaped(piece), tag) for piece, tag in pieces(text, lang))


def _escaped(text: str) -> str:
    """Text as HTML; a middle dot between words never begins a line."""
    return escape(text.replace(" · ", "\u00a0· "))


def _span(html: str, tag: str) -> str:
    return f'<span lang="{escape(tag)}">{html}</span>' if tag and html.strip() else html


def _wikilink_rule(tokens: _Tokens, index: int, _options: object, env: _Env) -> str:
    token, page = tokens[index], env["page"]
    target = page.resolve(file_of(token.meta["target"])) if token.meta["linked"] else None
    if is_reference(token.content):
        link = _link(token.content.translate(_DIGITS), target, with_title=True)
        return ('<sup class="ref">' if token.meta["opens"] else "") + link + ("</sup>" if token.meta["closes"] else "")
    if target is None:
        return _in_languages(token.content, page.lang)
    # A wikilink's words cannot hold every character of a title: where they stand for the title, it is shown whole.
    stands_for_it = token.content == token.meta["target"] or alias(token.content) == alias(target.title)
    label = target.title if stands_for_it else token.content
    lang = target.lang or page.lang
    return _link(title_html(label or token.content, lang), target, lang="" if lang == page.lang else lang)


def _link(label: str, target: Target | None, *, lang: str = "", with_title: bool = False) -> str:
    if target is None or not target.href:
        return label
    attributes = f' title="{escape(plain_title(target.title))}"' if with_title and target.title else ""
    attributes += f' lang="{escape(lang)}"' if lang else ""
    return f'<a href="{escape(target.href)}"{attributes}>{label}</a>'


def _maths_rule(tokens: _Tokens, index: int, _options: object, _env: _Env) -> str:
    return _maths_html(tokens[index].content, display=tokens[index].meta["display"])


def _maths_html(source: str, *, display: bool = False) -> str:
    kind = "maths display" if display else "maths"
    html = tex.to_html(source)
    return f'<code class="{kind}">{escape(source)}</code>' if html is None else f'<span class="{kind}">{html}</span>'


def _content_rule(tokens: _Tokens, index: int, _options: object, _env: _Env) -> str:
    return tokens[index].content


def _image_rule(tokens: _Tokens, index: int, _options: object, _env: _Env) -> str:
    # A page loads nothing from elsewhere and attachments are not published: the description stays.
    return escape(tokens[index].content)


def _table_open_rule(_tokens: _Tokens, _index: int, _options: object, env: _Env) -> str:
    return f'<div class="table" role="region" tabindex="0" aria-label="{escape(env["page"].table_label)}"><table>\n'


def _table_close_rule(_tokens: _Tokens, _index: int, _options: object, _env: _Env) -> str:
    return "</table></div>\n"


def _code_rule(tokens: _Tokens, index: int, _options: object, _env: _Env) -> str:
    return f'<pre tabindex="0"><code>{escape(tokens[index].content)}</code></pre>\n'


RULES: dict[str, Any] = {
    "text": _text_rule,
    "wikilink": _wikilink_rule,
    "maths": _maths_rule,
    "separator": _content_rule,
    "image": _image_rule,
    "table_open": _table_open_rule,
    "table_close": _table_close_rule,
    "fence": _code_rule,
    "code_block": _code_rule,
}
