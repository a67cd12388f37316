"""Which angle brackets are markup: tags that HTML knows, as against ``a<b`` and ``Why <input> is hard``."""

from __future__ import annotations

import html as entities
import re
from collections import Counter

__all__ = ["BLOCKS", "INLINE", "read_again", "untagged", "with_stray_escaped"]

INLINE = frozenset(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img ins kbd mark nobr q rp rt ruby s samp small span "
    "strike strong sub sup time tt u var wbr".split()
)
BLOCKS = frozenset(
    "address article aside blockquote body caption center dd details div dl dt fieldset figcaption figure footer form h1 h2 "
    "h3 h4 h5 h6 header hgroup hr html legend li main menu ol p pre search section summary table tbody td tfoot th thead "
    "tr ul".split()
)
_KNOWN = frozenset(
    "applet area audio base basefont bgsound blink button canvas col colgroup datalist dialog dir embed frame frameset head "
    "iframe input keygen label link listing map marquee math meta meter nav noembed noframes noscript object optgroup "
    "option output param picture plaintext portal progress rb rtc script select slot source spacer style svg template "
    "textarea title track video xmp".split()
).union(INLINE, BLOCKS)
_FLAGS = (
    r"hidden|controls|disabled|checked|selected|async|defer|nowrap|noshade|compact|allowfullscreen|download|itemscope|open"
    r"|reversed|loop|muted|autoplay|required|readonly|multiple|ismap|playsinline|crossorigin|alt|inert|border|class|id"
    r"|style|title|href|name|target|rel|data-[\w-]{1,60}"
)
# After the name: the end, or an attribute. `<b and c>` has none that HTML knows. Excerpts are cut off within a tag.
_GOES_ON = (
    rf"(?:\s*+/?\s*+>|[\s/]++(?:[\w:@.-]{{1,80}}\s*+=|(?:{_FLAGS})[\s/>]|(?:hr?e?f?|cla?s?s?|sr?c?|sty?l?e?|id?)?\Z))"
)
_SUSPECT = re.compile(rf"<(?!/?[A-Za-z][A-Za-z0-9]*{_GOES_ON}|!|\?)", re.IGNORECASE)
_NAMES = re.compile(r"</?([A-Za-z][A-Za-z0-9]*)")
_NAME = r"[A-Za-z][A-Za-z0-9]*(?:[:-][\w:.-]{0,80})?"
_BRACKET = re.compile(
    rf"<(?:/(?P<end>{_NAME})(?=[\s/>]|\Z)|(?P<name>{_NAME})(?={_GOES_ON}|(?<=\w\w)\Z)|(?P<other>[!?]))?", re.IGNORECASE
)
_CLOSING = re.compile(rf"</({_NAME})\s*+>")
_OPENING = re.compile(r"<([A-Za-z][A-Za-z0-9]*)(?=[\s/>])")
_TITLE_TAG = re.compile(
    r"</?(?P<name>[A-Za-z][A-Za-z0-9]*)(?:(?P<attributes>\s++[\w:.-]{1,80}\s*+=[^<>]*+)|\s*+/?\s*+)>|<!--.{0,2000}?-->",
    re.DOTALL,
)
_ACTIVE = re.compile(r"<(script|style|del|s|strike)\b[^<>]{0,500}>[^<]{0,5000}</\1\s*>", re.IGNORECASE)
_ALWAYS = INLINE | {"script", "style"}
_ESCAPED = re.compile(r"&(?:lt|#60|#x3c);", re.IGNORECASE)


def with_stray_escaped(html: str) -> str:
    """The HTML with each ``<`` that begins no tag as ``&lt;``: a parser would drop the text up to the next ``>``.

    A name that HTML does not know is a tag's where the document closes it somewhere, as SVG, MathML and custom elements do.
    """
    names = {name.lower() for name in set(_NAMES.findall(html))}
    if names <= _KNOWN and not _SUSPECT.search(html):
        return html
    closed = _KNOWN | {name.lower() for name in _CLOSING.findall(html)}
    is_foreign = not names.isdisjoint({"svg", "math"})

    def kept(match: re.Match[str]) -> str:
        name = (match["name"] or match["end"] or "").lower()
        is_tag = match["other"] or name in closed or (name and (is_foreign or ":" in name))
        return match[0] if is_tag else f"&lt;{match[0][1:]}"

    return _BRACKET.sub(kept, html)


def untagged(markup: str) -> str:
    """A title without tags, scripts and what was struck out; ``Why <input> is hard`` and ``$x<y$`` stay as they are.

    Tags that set words in type are markup wherever they stand; others where they have attributes, or are closed.
    """
    markup = _ACTIVE.sub(" ", markup)
    closed = {name.lower() for name in _CLOSING.findall(markup)}
    paired = _KNOWN & closed & {name.lower() for name in _OPENING.findall(markup)}

    def blank(match: re.Match[str]) -> str:
        name = (match["name"] or "").lower()
        if name in BLOCKS or name == "br":
            return " " if name == "br" or name in paired or match["attributes"] else match[0]
        is_markup = not name or name in _ALWAYS or name in paired or (name in _KNOWN and match["attributes"])
        return "" if is_markup else match[0]

    return _TITLE_TAG.sub(blank, markup)


def read_again(html: str) -> str:
    """HTML that was escaped once too often, read once more; any other as it is.

    It has no tag, but what its entities stand for is a text of blocks: it begins and ends with a tag, or closes what it
    opens at least three times.
    """
    if "<" in html or not _ESCAPED.search(html):
        return html
    once = entities.unescape(html)
    opened = Counter(name.lower() for name in _OPENING.findall(once))
    closed = Counter(name.lower() for name in _CLOSING.findall(once))
    pairs = {name: min(count, closed[name]) for name, count in opened.items() if name in _KNOWN}
    if not any(pairs.get(name) for name in BLOCKS):
        return html
    framed = once.strip()
    is_framed = framed.endswith(">") and (first := _OPENING.match(framed)) is not None and first[1].lower() in _KNOWN
    return once if is_framed or sum(pairs.values()) >= 3 else html
