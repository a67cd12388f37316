"""What is active in a Markdown text, found without any code of Slipway.

Two readers: one that searches the raw text, as Templater, Dataview and their like do; and markdown-it with everything
switched on, as Obsidian's reading view does.
"""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

RAW = {
    "template": re.compile(r"<%|%>|\{\{|\{%|\{#"),
    "dataview-field": re.compile(r"::"),
    "inline-query": re.compile(r"`\s*\$?=|`(?:js:|button-|BUTTON\[|INPUT\[|VIEW)"),
    "comment": re.compile(r"%%"),
    "wikilink": re.compile(r"\[\["),
    "image": re.compile(r"(?<!\\)!\[(?!\\)"),
    "html": re.compile(r"<(?!https?://)[A-Za-z/!?]", re.IGNORECASE),
    "block-id": re.compile(r"(?m)(?:^|\s)\^[A-Za-z0-9-]+[ \t]*$"),
    "inline-footnote": re.compile(r"\^\["),
    "tag": re.compile(r"(?m)(?:^|\s)#(?=[^\s#\]])"),
    "task": re.compile(r"(?m)^[ \t]*(?:>[ \t]*)*(?:[-*+]|\d+[.)])[ \t]+\[.\]"),
    "callout": re.compile(r"(?m)^[ ]{0,3}(?:>\s*)+\[!"),
    "highlight": re.compile(r"=="),
    "frontmatter": re.compile(r"(?m)^(?:---|\.\.\.)\s*$"),
    "scheme": re.compile(r"(?<![A-Za-z])(?!https?:)[A-Za-z][A-Za-z0-9+.-]*://", re.IGNORECASE),
    "control": re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029]"),
    "invisible": re.compile("[\u00ad\u061c\u200b\u200e\u200f\u202a-\u202e\u2060-\u2069\ufeff\U000e0000-\U000e0fff]"),
    "surrogate": re.compile("[\ud800-\udfff]"),
}
# One address for every reader, whatever stands in its path or query: there is no second one in it.
ADDRESS = re.compile(r"<https?://[^\s<>]*>", re.IGNORECASE)
DANGEROUS_TEX = re.compile(
    r"\\(?:href|class|cssId|style|require|def|(?:re)?newcommand|let|input|write|includegraphics|bbox|rule|unicode|mmlToken"
    r"|data|begin|url|html\w*|color|label|tag)\b"
)
MATH = re.compile(r"(?<!\\)\$(?=\S)[^$\n]+?(?<=[^\s\\])\$(?!\d)|(?<!\\)\$\$")
PLAIN_TOKENS = {"inline", "paragraph_open", "paragraph_close", "text", "text_special", "link_open", "link_close"}

_READER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])
# Every link counts, whether or not this reader would follow it.
_READER.validateLink = lambda _: True  # type: ignore[method-assign]


def scan(md: str) -> set[str]:
    """The names of the constructs that some reader of ``md`` would act on."""
    without_addresses = ADDRESS.sub("<https://address>", md)
    found = {name for name, pattern in RAW.items() if pattern.search(without_addresses if name == "scheme" else md)}
    if DANGEROUS_TEX.search(md):
        found.add("tex")
    # Formulas are literal to Obsidian's Markdown, so they are not markdown-it's to judge.
    without_math = MATH.sub("formula", md)
    tokens = _READER.parse(without_math)
    for token in [*tokens, *(child for block in tokens for child in block.children or [])]:
        if token.type not in PLAIN_TOKENS:
            found.add(f"md:{token.type}")
        if token.type == "link_open" and not re.match(r"https?://", str(token.attrGet("href"))):
            found.add("md:link-elsewhere")
        if token.type == "link_open" and token.markup != "autolink":
            found.add("md:link-in-disguise")
    return found
