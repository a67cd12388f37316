"""The fast parser against feedparser: what it reads, it reads alike; what is unusual, it leaves."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ingest.feeds import document as feeds
from ingest.feeds import jsonfeed, quickfeed
from ingest.reading import html
from ingest.reading.encoding import decode
from ingest.reading.entries import build_items
from ingest.sources import SourceSpec
from notes.errors import ParseError

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
SPEC = SourceSpec(key="feed", kind="rss", url="https://example.org/dir/feed.xml")
SPACES = (
    'xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:content="http://purl.org/rss/1.0/modules/content/" '
    'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/" '
    'xmlns:atom="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom" xmlns:x="urn:x"'
)
RDF_SPACE = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'


def rss(inside: str, *, head: str = "<title>F</title>", spaces: str = SPACES) -> str:
    return f'<rss version="2.0" {spaces}><channel>{head}{inside}</channel></rss>'


def item(inside: str, **more: str) -> str:
    return rss(f"<item><title>One</title><link>https://example.org/1</link>{inside}</item>", **more)


def atom(inside: str, *, attributes: str = "") -> str:
    return (
        f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>F</title><entry><id>urn:1</id><title>One</title>'
        f'<link href="https://example.org/1"/>{inside}</entry></feed>'
    )


def rdf(inside: str) -> str:
    return (
        f'<rdf:RDF {RDF_SPACE} xmlns="http://purl.org/rss/1.0/" {SPACES}><channel rdf:about="x"><title>F</title>'
        f'<items><rdf:Seq><rdf:li resource="y"/></rdf:Seq></items></channel><item rdf:about="g1"><title>One</title>{inside}</item></rdf:RDF>'
    )


def differences(text: str, base_url: str = SPEC.url) -> list[str] | None:
    """The names of the fields in which the two parsers' items differ; None where the fast one leaves the document."""
    plain = quickfeed.read(text, base_url)
    if plain is None:
        return None
    title, entries, _ = feeds._read_leniently(text, base_url)
    quick = build_items(plain[1], SPEC, feed_title=html.text(plain[0]), now=NOW)
    lenient = build_items(entries, SPEC, feed_title=title, now=NOW)
    found = [] if html.text(plain[0]) == title else ["feed title"]
    found += [] if len(quick[0]) == len(lenient[0]) and quick[1] == lenient[1] else ["count"]
    for one, other in zip(quick[0], lenient[0], strict=False):
        found += [
            f"{name}: {getattr(one, name)!r} != {getattr(other, name)!r}"
            for name in one.__slots__
            if getattr(one, name) != getattr(other, name)
        ]
    return found


PLAIN = [
    pytest.param(item("<guid>g 1</guid><pubDate>Fri, 20 Feb 2026 08:00:00 EST</pubDate>"), id="guid that is an address"),
    pytest.param(item("<guid isPermaLink='false'>g1</guid><category domain='d'>a</category>"), id="guid that is none"),
    pytest.param(rss("<item><guid>/2</guid><title>T</title></item>"), id="guid in the link's stead"),
    pytest.param(rss("<item><link/><guid>/2</guid><title>T</title></item>"), id="empty link before a guid"),
    pytest.param(item("<description>Short</description><content:encoded>&lt;p&gt;Longer&lt;/p&gt;</content:encoded>"), id="content"),
    pytest.param(item("<description>One</description><itunes:summary>Another, longer</itunes:summary>"), id="two summaries"),
    pytest.param(item("<content:encoded>C</content:encoded><description>D, longer</description>"), id="summary after content"),
    pytest.param(item("<author>a@example.org (A. Author)</author><dc:creator>B</dc:creator>"), id="authors"),
    pytest.param(item("<author>a@example.org</author>"), id="an address alone"),
    pytest.param(item("<dc:title>Two</dc:title>"), id="two titles"),
    pytest.param(rss("<item><media:title>M</media:title><title>T</title></item>"), id="a title of the media first"),
    pytest.param(item("<media:group><media:title>M</media:title><media:description>D</media:description></media:group>"), id="group"),
    pytest.param(item("<description>Ã©tÃ© \x93quoted\x94</description>"), id="letters that were read wrongly"),
    pytest.param(item("<atom:link href='https://example.org/2' rel='alternate'/><atom:link href='/3' rel='self'/>"), id="links"),
    pytest.param(item("<arxiv:announce_type>new</arxiv:announce_type><x:y z='1'>t</x:y><thumb src='x'/>"), id="unknown elements"),
    pytest.param(item("", head="<image><title>I</title><url>u</url></image><title>F</title><itunes:owner><itunes:name>n</itunes:name></itunes:owner>"), id="a head"),
    pytest.param(item("<source url='https://e.org/'>S</source>"), id="source"),
    pytest.param(atom("<author><name>A</name><uri>https://e.org/</uri></author><author><name>B</name></author>"), id="people"),
    pytest.param(atom("<content type='html' xml:base='https://example.org/b/'>&lt;a href='c'>x&lt;/a></content>"), id="base"),
    pytest.param(atom("<source><id>s</id><title>S</title><author><name>S</name></author></source><summary>D</summary>"), id="source of an aggregator"),
    pytest.param(atom("<published>2026-02-20T08:00:00.5+08:00</published><updated>2026-02-20</updated>", attributes="xml:base='https://example.net/x/'"), id="dates"),
    pytest.param(rdf("<link>https://example.org/1</link><description>D</description><dc:date>2026-02-20T08:00:00Z</dc:date>"), id="RSS 1.0"),
]  # fmt: skip


@pytest.mark.parametrize("text", PLAIN)
def test_what_is_plain_is_read_as_feedparser_reads_it(text: str) -> None:
    assert differences(text) == []


UNUSUAL = [
    pytest.param("<!DOCTYPE rss [<!ENTITY a 'b'>]>" + item(""), id="a document type"),
    *(
        pytest.param(item(f"<description><![CDATA[a {cut} b]]></description>"), id=f"{cut} in a text")
        for cut in ("<gml:pos>", "<georss:point>", "<psc:chapter/>", "<!DOCTYPE html>")
    ),
    pytest.param(item("&nbsp;"), id="an entity of HTML"),
    pytest.param(item("<description>a</b></description>"), id="not well-formed"),
    pytest.param("\n" + item(""), id="text before"),
    pytest.param(item("<description><b>x</b></description>"), id="markup in a text"),
    pytest.param(item("<description type='application/octet-stream'>eA==</description>"), id="base64"),
    pytest.param(atom("<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'>x</div></content>"), id="XHTML"),
    pytest.param(item("<pubDate>Friday, the 20th</pubDate>"), id="a date for a lenient reader"),
    pytest.param(item("", spaces=SPACES.replace("xmlns:x=", "xmlns:psc=")), id="a prefix that misleads"),
    pytest.param(item("<item><title>x</title></item>"), id="an item in an item"),
    pytest.param(item("<date>2026-02-20</date>"), id="an element that feedparser takes for another"),
    pytest.param(item("", head="<title>F</title><title>G</title>"), id="two titles of the feed"),
    pytest.param(item("<link xml:base='relative/'>x</link>"), id="a relative base"),
    pytest.param(item("<description><![CDATA[&#1;]]></description>"), id="a reference to no character"),
    pytest.param(item("<description>a\x7fb</description>"), id="a control character"),
    pytest.param(item(f"<author>{'a@' * 200}</author>"), id="a long author"),
    pytest.param(item("<category>x</category>" * 150), id="many categories"),
    pytest.param("<rss><channel/><channel/></rss>", id="two channels"),
    pytest.param("<html/>", id="no feed"),
    pytest.param('<feed version="0.3" xmlns="http://purl.org/atom/ns#"><title>F</title></feed>', id="Atom 0.3"),
    pytest.param(
        rss("", head="<itunes:summary>s</itunes:summary><description>d</description>"), id="a head that reaches on"
    ),
]


@pytest.mark.parametrize("text", UNUSUAL)
def test_what_is_unusual_is_left_to_feedparser(text: str) -> None:
    assert quickfeed.read(text, SPEC.url) is None


# ---- feeds by the thousand

TEXTS = st.one_of(
    st.sampled_from(
        [
            *(
                "",
                " ",
                "One",
                "a & b",
                "<b>x</b> y",
                "&lt;i&gt;",
                "Ã©tÃ©",
                "\x93q\x94",
                "中文標題",
                "  padded\n",
                "x" * 60,
            ),
            *(
                "https://example.org/1",
                "/2",
                "3?a=1&b;=2",
                "http:///x",
                "urn:uuid:1",
                "javascript:x",
                "//e.org/y",
                "mailto:a@b.c",
            ),
            *(
                "a@example.org (A. Author)",
                "A. Author <a@example.org>",
                "(B)",
                "a@b.org",
                "A, B and C",
                "1771574400",
                "2026-02-20",
            ),
            *(
                "Fri, 20 Feb 2026 08:00:00 GMT",
                "20 Feb 2026 08:00 -0530",
                "2026-02-20T08:00:00Z",
                "2026-W08-5",
                "not a date",
            ),
            *(
                "0000-00-00T00:00:00Z",
                "Fri, 31 Feb 2026 08:00:00 +0000",
                "one, two,three",
                "10.1000/xyz",
                "oai:arXiv.org:2602.01234v1",
            ),
            *("]]>", "&#8217;", "http://[bad/", "é", "\u0085", "false", "new"),
        ]
    ),
    st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), max_size=12),
)
NAMES = st.sampled_from(
    [
        *(
            "title",
            "link",
            "guid",
            "id",
            "description",
            "summary",
            "content",
            "author",
            "category",
            "pubDate",
            "published",
        ),
        *(
            "updated",
            "modified",
            "created",
            "issued",
            "lastBuildDate",
            "keywords",
            "managingEditor",
            "source",
            "contributor",
        ),
        *(
            "dc:title",
            "dc:creator",
            "dc:author",
            "dc:date",
            "dc:subject",
            "dc:description",
            "dc:identifier",
            "dc:rights",
        ),
        *(
            "dc:publisher",
            "dc:contributor",
            "dc:language",
            "content:encoded",
            "itunes:author",
            "itunes:summary",
            "itunes:keywords",
        ),
        *("itunes:subtitle", "itunes:image", "itunes:duration", "itunes:category", "media:title", "media:description"),
        *(
            "media:category",
            "media:keywords",
            "media:content",
            "media:group",
            "media:thumbnail",
            "media:credit",
            "media:community",
            "media:statistics",
            "atom:link",
        ),
        *(
            "atom:title",
            "atom:id",
            "atom:updated",
            "arxiv:announce_type",
            "arxiv:comment",
            "x:thing",
            "comments",
            "enclosure",
        ),
        *(
            "subtitle",
            "rights",
            "copyright",
            "generator",
            "language",
            "image",
            "textInput",
            "name",
            "email",
            "uri",
            "url",
            "tags",
        ),
        *("ttl", "cloud", "body", "fullitem", "abstract", "Title", "LINK", "thumb", "authors", "date", "item", "entry"),
    ]
)
ATTRIBUTES = st.dictionaries(
    st.sampled_from(
        [
            *(
                "type",
                "href",
                "rel",
                "isPermaLink",
                "ispermalink",
                "term",
                "label",
                "scheme",
                "domain",
                "url",
                "mode",
                "text",
            ),
            *("xml:lang", "xml:base", "base", "x:type", "x:count", "src", "version", "medium"),
        ]
    ),
    st.sampled_from(
        [
            *(
                "html",
                "text",
                "xhtml",
                "text/html",
                "TEXT/HTML",
                "image/png",
                "alternate",
                "self",
                "Alternate",
                "true",
                "false",
            ),
            *("https://example.org/b/", "/c", "", "en", "escaped", "base64", "tag", "related"),
        ]
    ),
    max_size=2,
)
PEOPLE = st.lists(st.tuples(st.sampled_from(["name", "email", "uri", "title", "x:y"]), TEXTS), min_size=1, max_size=3)


@st.composite
def elements(draw: st.DrawFn, depth: int = 1) -> str:
    """An element of an entry or a feed: mostly a text, now and then with children or in CDATA."""
    name = draw(NAMES)
    attributes = draw(ATTRIBUTES) if draw(st.integers(0, 3)) == 0 else {}
    given = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    kind = draw(st.integers(0, 9))
    if kind == 0 and depth:
        inside = "".join(draw(st.lists(elements(depth=depth - 1), max_size=2)))
    elif kind == 1 or (name in {"author", "contributor"} and kind < 5):
        inside = "".join(f"<{part}>{escape(text)}</{part}>" for part, text in draw(PEOPLE))
    else:
        text = draw(TEXTS)
        inside = f"<![CDATA[{text.replace(']]>', '')}]]>" if kind < 4 else escape(text)
        inside += "<!-- c -->" if kind == 9 else ""
    return f"<{name}{given}>{inside}</{name}>"


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A feed of one of the three kinds, with one or two entries."""
    kind = draw(st.sampled_from(["rss", "atom", "rdf"]))
    few = st.lists(elements(), max_size=draw(st.sampled_from([2, 6])))
    head = f"<title>{escape(draw(TEXTS))}</title>" + "".join(draw(few) if draw(st.booleans()) else [])
    entries = ["".join(draw(few)) for _ in range(draw(st.integers(1, 2)))]
    if kind == "rss":
        return rss("".join(f"<item>{entry}</item>" for entry in entries), head=head)
    if kind == "atom":
        body = "".join(f"<entry>{entry}</entry>" for entry in entries)
        return f'<feed xmlns="http://www.w3.org/2005/Atom" {SPACES}>{head}{body}</feed>'
    body = "".join(f'<item rdf:about="https://example.org/a">{entry}</item>' for entry in entries)
    return f'<rdf:RDF {RDF_SPACE} xmlns="http://purl.org/rss/1.0/" {SPACES}><channel>{head}</channel>{body}</rdf:RDF>'


@settings(
    max_examples=int(os.environ.get("SLIPWAY_EXAMPLES", "300")), deadline=None, suppress_health_check=list(HealthCheck)
)
@given(documents())
def test_generated_feeds_are_read_alike_or_left(text: str) -> None:
    # Where feedparser raises, what the fast parser made of it is no less than nothing.
    with contextlib.suppress(ParseError):
        assert not differences(text)


# ---- the shared documents


@pytest.mark.parametrize(
    ("folder", "share"),
    [
        pytest.param("feeds/ai-labs", 1.0, id="labs"),
        pytest.param("feeds/replay/olshansk/2026-06-29", 1.0, id="a night"),
        pytest.param("feeds/wild", 0.6, id="wild"),
        pytest.param("feeds/spec", 0.4, id="spec"),
        pytest.param("security/hostile_feeds", 0.5, id="hostile"),
    ],
)
def test_the_shared_documents_are_read_alike(folder: str, share: float, shared: Callable[[str], Path]) -> None:
    """Field by field; ``share`` of them at least is plain."""
    read = left = 0
    for path in sorted(path for path in shared(folder).rglob("*") if path.is_file()):
        text, _, _ = decode(path.read_bytes())
        if jsonfeed.looks_like_json(text) or not text.strip() or feeds._WEB_PAGE.match(text[:4096]):
            continue
        found = differences(text)
        assert not found, (path, found)
        read, left = read + (found is not None), left + (found is None)
    assert read >= share * (read + left)
