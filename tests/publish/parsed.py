"""Built pages as a browser parses them, and what may not be found in them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote, urldefrag, urljoin, urlsplit
from xml.etree.ElementTree import Element

import html5lib

ELEMENTS = frozenset(
    "html head meta title link body a header nav ul ol li main article section div aside footer p h1 h2 h3 h4 h5 h6 time span "
    "b i em strong s code pre blockquote table thead tbody tr th td hr br sup sub figure".split()
)
SVG = "{http://www.w3.org/2000/svg}"
DRAWN = frozenset(SVG + name for name in "svg title desc g path line rect circle text".split())
DRAWN_ATTRIBUTES = frozenset(
    "class role viewBox width height x y x1 y1 x2 y2 cx cy r d fill fill-opacity stroke stroke-opacity stroke-width "
    "stroke-dasharray text-anchor font-family font-size font-weight".split()
)
META = frozenset(("viewport", "color-scheme", "description", "author"))
LINK = frozenset(("canonical", "alternate", "stylesheet", "icon"))
URL_ATTRIBUTES = frozenset(
    ("href", "src", "action", "formaction", "data", "poster", "background", "cite", "srcset", "ping")
)
ATTRIBUTES = frozenset(
    "href lang class id title rel name content property charset type start datetime role tabindex http-equiv".split()
)


def parse(html: bytes, *, strict: bool = True) -> Element:
    """The tree of a page; with ``strict`` the first parse error raises."""
    parser = html5lib.HTMLParser(tree=html5lib.getTreeBuilder("etree"), namespaceHTMLElements=False, strict=strict)
    root: Element = parser.parse(html, override_encoding="utf-8")
    return root


def faults(root: Element) -> Iterator[str]:
    """What must not stand in a page of ours: foreign elements, handlers, schemes, anything that loads from elsewhere."""
    for node in root.iter():
        if not isinstance(node.tag, str):
            yield "a comment"
            continue
        if node.tag in DRAWN:
            yield from _drawing_faults(node)
            continue
        if node.tag not in ELEMENTS:
            yield f"<{node.tag}>"
        if node.tag == "meta" and node.get("name", "viewport") not in META:
            yield f"meta {node.get('name')}"
        if node.tag == "link" and node.get("rel") not in LINK:
            yield f"link {node.get('rel')}"
        yield from _attribute_faults(node)


def _drawing_faults(node: Element) -> Iterator[str]:
    """A drawing has lines, shapes and words; none of its values leads anywhere."""
    for name, value in node.attrib.items():
        if name not in DRAWN_ATTRIBUTES or re.search(r"url|:|/|[<>\"\\;]", value):
            yield f"{node.tag} {name}={value!r}"


def _attribute_faults(node: Element) -> Iterator[str]:
    for name, value in node.attrib.items():
        if name not in ATTRIBUTES and not name.startswith("aria-"):
            yield f"{node.tag} {name}="
        if name in URL_ATTRIBUTES and not _is_harmless(value):
            yield f"{node.tag} {name}={value!r}"


def _is_harmless(url: str) -> bool:
    """As a browser reads it: white space at the ends and line ends within vanish, a backslash is a slash."""
    read = re.sub(r"[\t\n\r]", "", url.strip("\x00\x01\x1f ")).replace("\\", "/")
    scheme = re.match(r"([A-Za-z][A-Za-z0-9+.-]*):", read)
    return scheme[1].lower() in ("http", "https") if scheme else not read.startswith("//")


def validity(root: Element) -> Iterator[str]:
    """Rules of HTML that a parser does not hold: unique ids, no link in a link, one h1, labels that exist."""
    ids = [node.get("id") for node in root.iter() if node.get("id")]
    yield from (f"id {name} twice" for name in {name for name in ids if ids.count(name) > 1})
    yield from ("a link in a link" for link in root.iter("a") if len(list(link.iter("a"))) > 1)
    yield from (
        f"no element {node.get('aria-labelledby')}"
        for node in root.iter()
        if node.get("aria-labelledby", ids and ids[0]) not in ids
    )
    if (found := len(list(root.iter("h1")))) != 1:
        yield f"{found} h1"
    if not root.get("lang"):
        yield "no lang"
    if not "".join(root.find("head/title").itertext()).strip():  # type: ignore[union-attr]
        yield "no title"


def dead_links(path: str, root: Element, pages: dict[str, bytes], site: str) -> Iterator[str]:
    """Links of the page at ``path`` that lead to a file of the site, or an id of the page, that does not exist."""
    ids = {node.get("id") for node in root.iter()}
    for node in root.iter():
        url = node.get("href")
        if url is None:
            continue
        target, fragment = urldefrag(urljoin(site + path.removesuffix("index.html"), url))
        if not target.startswith(site):
            continue
        file = unquote(urlsplit(target.removeprefix(site)).path)
        file = f"{file}index.html" if file.endswith("/") or not file else file
        if file not in pages:
            yield f"{url} → {file}"
        elif file == path and fragment and unquote(fragment) not in ids:
            yield f"#{fragment}"
