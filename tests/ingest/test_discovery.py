"""From an address to its feeds: over real sockets, within a budget of requests, and never further than the user opened."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.feeds import discovery
from ingest.feeds.discovered_page import look_at
from ingest.feeds.discovery import MAX_REQUESTS, discover, open_at
from ingest.feeds.places import FoundFeed, feed_by_rule, typed_address, typed_addresses
from ingest.web.client import HttpClient, Limits
from ingest.workers.parser import InProcess, Parser
from notes.errors import FetchError, ParseError, RefusedError, UsageError
from tests.serving import Reply, ScriptedServer, redirect

RSS = b"<?xml version='1.0'?><rss version='2.0'><channel><title><![CDATA[Lab & notes]]></title><item><title>one</title></item></channel></rss>"
ATOM = b"<feed xmlns='http://www.w3.org/2005/Atom'><title type='html'>Lab &amp;amp; notes</title></feed>"
JSON = b'{"version": "https://jsonfeed.org/version/1.1", "title": "Lab notes", "items": []}'


def html(head: str = "", body: str = "") -> Reply:
    return Reply(
        f"<!DOCTYPE html><html><head><title>My lab</title>{head}</head><body>{body}</body></html>".encode(),
        content_type="text/html",
    )


def alternate(href: str, title: str = "Posts", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" title="{title}" href="{href}">'


@pytest.fixture
def found(server):
    client = HttpClient(Limits(retries=0, pause_s=0.0))

    def run(path: str = "/", allow=("loopback",)) -> tuple[FoundFeed, ...]:
        return discover(server.url(path), client=client, parser=InProcess(), allow=allow)

    return run


@pytest.mark.parametrize(
    ("body", "kind", "title"),
    [(RSS, "rss", "Lab & notes"), (ATOM, "atom", "Lab & notes"), (JSON, "json", "Lab notes")],
    ids=["rss", "atom", "json"],
)
def test_an_address_that_is_a_feed(server, found, body, kind, title):
    server.routes["/"] = Reply(body, content_type="text/html")
    assert found() == (FoundFeed(server.url("/"), title, kind),)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"\xef\xbb\xbf  \n<!-- made by hand --><rss><channel></channel></rss>", "rss"),
        (b"<rdf:RDF xmlns='http://purl.org/rss/1.0/'><channel/></rdf:RDF>", "rss"),
        (b"<rdf:RDF xmlns='http://xmlns.com/foaf/0.1/'/>", ""),
        (
            "<?xml version='1.0' encoding='utf-16'?><rss><channel><title>x</title></channel></rss>".encode("utf-16"),
            "rss",
        ),
        (b"<html><body>write &lt;rss&gt; or <pre><rss version='2.0'></pre></body></html>", ""),
        (b"<?xml version='1.0'?><urlset><url/></urlset>", ""),
        (b'{"version": 2}', ""),
        (b"{" * 100_000, ""),
        (b"[1, 2]", ""),
        (b"", ""),
        (b"\x00\xff\xfe" * 1000, ""),
    ],
    ids=lambda value: str(value)[:40],
)
def test_what_is_a_feed(body, kind):
    assert look_at(body, "https://example.org/").kind == kind


@pytest.mark.data
def test_the_shared_feeds_are_feeds_with_their_titles(shared):
    documents = [
        path
        for folder in ("ai-labs", "replay")
        for path in sorted((shared("feeds") / folder).rglob("*"))
        if path.suffix in {".xml", ".rss", ".atom"}
    ]
    assert len(documents) > 50
    sights = {path.name: look_at(path.read_bytes(), "https://example.org/") for path in documents}
    assert [name for name, sight in sights.items() if not (sight.kind and sight.title)] == []


MARKUP = st.sampled_from(
    [
        "<link rel=alternate type=application/rss+xml href=",
        "'/f'",
        ">",
        "<base href=//x>",
        "<a href=",
        "<rss",
        "{",
        '"version"',
        "\x00",
        "<!--",
        "</",
        "feed:",
        "\ud800",
        "中",
    ]
)


@given(
    st.one_of(
        st.binary(max_size=200),
        st.lists(MARKUP, max_size=20).map(lambda parts: "".join(parts).encode("utf-8", "surrogatepass")),
    ),
    st.text(max_size=30),
)
def test_no_document_makes_it_raise(body, content_type):
    sight = look_at(body, "https://example.org/", content_type)
    assert all(link.url.startswith(("http://", "https://")) for link in sight.links)


@given(st.text(max_size=60))
def test_whatever_is_typed_is_an_address_or_told(typed):
    with contextlib.suppress(UsageError):
        assert typed_address(typed).lower().startswith(("http://", "https://"))


def test_the_pages_own_feeds_come_first_and_comments_last(server, found):
    server.routes["/blog/ai"] = html(
        alternate("/blog/comments/feed", "My lab » Comments Feed")
        + alternate("/feed", "My lab")
        + alternate("/feed.atom", "", "application/atom+xml")
        + alternate("ai/feed", "AI only")
        + alternate("/feed", "My lab again")
        + '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts/1">'
        + '<link rel="alternate" hreflang="de" href="/de"><link rel="stylesheet" href="/feed.css">'
        + '<link rel="alternate" type="application/json+oembed" href="/oembed">'
    )
    assert found("/blog/ai") == (
        FoundFeed(server.url("/blog/ai/feed"), "AI only", "rss"),
        FoundFeed(server.url("/feed"), "My lab", "rss"),
        FoundFeed(server.url("/feed.atom"), "My lab", "atom"),
        FoundFeed(server.url("/blog/comments/feed"), "My lab » Comments Feed", "rss", comments=True),
    )
    assert len(server.requests) == 1  # declared feeds are believed


def test_base_and_odd_addresses(server, found):
    server.routes["/"] = html(
        f'<base href="{server.url("/deep/er/")}">'
        + alternate("f.xml", "one")
        + alternate("  /g.xml\n", "two")
        + alternate("feed:https://h.org/i.xml", "three")
        + alternate("feed://h.org/j.xml", "four")
        + alternate("javascript:alert(1)", "no")
        + alternate("//h.org/k.xml", "RSS")
        + alternate("http://[bad", "no")
        + alternate("", "no")
    )
    assert [(feed.url, feed.title) for feed in found()] == [
        (server.url("/deep/er/f.xml"), "one"),
        (server.url("/g.xml"), "two"),
        ("https://h.org/i.xml", "three"),
        ("https://h.org/j.xml", "four"),
        ("http://h.org/k.xml", "My lab"),
    ]


def test_links_in_the_text_are_looked_at(server, found):
    server.routes |= {
        "/": html(
            body='<a href="/about">About</a><a href="/about-rss">RSS explained</a><a href="/blog.atom">Follow</a><a href="/x">订阅</a>'
        ),
        "/about-rss": html(),
        "/blog.atom": Reply(ATOM),
        "/x": Reply(RSS),
    }
    assert found() == (
        FoundFeed(server.url("/blog.atom"), "Lab & notes", "atom"),
        FoundFeed(server.url("/x"), "Lab & notes", "rss"),
    )
    assert server.count("/about") == 0


@pytest.mark.parametrize("path", ["/feed", "/rss.xml", "/atom.xml", "/index.xml", "/feed.xml", "/feed.json"])
def test_well_known_places(server, found, path):
    server.routes |= {"/": html(), path: Reply(JSON if path.endswith("json") else RSS)}
    assert [feed.url for feed in found()] == [server.url(path)]


def test_well_known_places_below_the_typed_one_come_first(server, found):
    server.routes |= {"/blog": html(), "/blog/rss.xml": Reply(RSS), "/rss.xml": Reply(ATOM)}
    assert [feed.url for feed in found("/blog")] == [server.url("/blog/rss.xml")]


def test_the_budget_holds(server, found):
    server.routes["/a/b"] = html(body="".join(f'<a href="/r{n}/feed">feed</a>' for n in range(50)))
    with pytest.raises(ParseError, match="no feed was found"):
        found("/a/b")
    assert len(server.requests) == 1 + MAX_REQUESTS
    assert len({request.path for request in server.requests}) == 1 + MAX_REQUESTS


def test_an_address_that_does_not_answer_is_told(server, found):
    server.routes |= {"/gone": Reply(status=404), "/": redirect("/loop"), "/loop": redirect("/loop")}
    for path in ("/gone", "/"):
        with pytest.raises(FetchError):
            found(path)


def test_a_redirect_is_followed_and_relative_links_are_seen_from_its_end(server, found):
    server.routes |= {"/": redirect("/en/"), "/en/": html(alternate("feed.xml"))}
    assert [feed.url for feed in found()] == [server.url("/en/feed.xml")]


@pytest.mark.parametrize(
    ("status", "kept"), [(301, "/new.xml"), (308, "/new.xml"), (302, "/old.xml"), (307, "/old.xml")]
)
def test_only_a_move_for_good_changes_the_address(server, found, status, kept):
    server.routes |= {"/old.xml": redirect("/new.xml", status), "/new.xml": Reply(RSS)}
    assert [feed.url for feed in found("/old.xml")] == [server.url(kept)]


# --- never further than the user opened ---


def test_a_private_address_is_refused_unless_it_is_opened(server, found):
    with pytest.raises(RefusedError):
        found(allow=())
    assert server.connections == 0


@pytest.mark.parametrize("guarded", [True, False], ids=["as it is", "positive control: everything open everywhere"])
def test_what_is_opened_for_the_page_is_not_open_for_its_links(server, found, monkeypatch, guarded):
    with ScriptedServer({"/feed": Reply(RSS), "/r/feed": redirect("/feed")}) as other:
        server.routes |= {
            "/": html(body=f'<a href="{other.url("/feed")}">feed</a><a href="/away/feed">feed</a>'),
            "/away/feed": redirect(other.url("/feed")),
        }
        if not guarded:
            monkeypatch.setattr(discovery, "open_at", lambda address, typed, allow: allow)
        if guarded:
            with pytest.raises(ParseError):
                found()
        else:
            assert [feed.url for feed in found()] == [other.url("/feed")]
        assert other.connections == (0 if guarded else 1)


@pytest.mark.parametrize(
    ("address", "opened"),
    [
        ("http://10.0.0.1:8080/feed", True),
        ("http://10.0.0.1:8081/feed", False),
        ("http://10.0.0.2:8080/feed", False),
        ("https://example.org/feed", False),
        ("http://[bad", False),
    ],
)
def test_open_at(address, opened):
    assert open_at(address, "http://10.0.0.1:8080/", ("10.0.0.0/8",)) == (("10.0.0.0/8",) if opened else ())


# --- what addresses tell by themselves ---


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("arxiv.org/list/cs.CL", ("cs.CL",)),
        ("https://arxiv.org/list/cs.CL/recent", ("cs.CL",)),
        ("https://arxiv.org/list/quant-ph/new?show=50", ("quant-ph",)),
        ("https://www.arxiv.org/list/cond-mat.mes-hall/pastweek", ("cond-mat.mes-hall",)),
        ("https://rss.arxiv.org/rss/cs.CL+cs.LG", ("cs.CL", "cs.LG")),
        ("https://rss.arxiv.org/atom/cs.CL+cs.LG+cs.CL", ("cs.CL", "cs.LG")),
        ("http://export.arxiv.org/rss/stat.ML", ("stat.ML",)),
        ("cs.AI", ("cs.AI",)),
        (" cs.CL+q-bio.NC", ("cs.CL", "q-bio.NC")),
    ],
)
def test_lists_of_arxiv_are_sources_without_a_request(typed, found):
    (feed,) = discover(typed, client=HttpClient(Limits()), parser=InProcess())
    assert (feed.kind, feed.categories) == ("arxiv", found)


def test_a_host_that_is_like_a_category_is_a_host():
    assert typed_addresses("cs.ai") == ("https://cs.ai", "http://cs.ai")
    assert typed_addresses("cs.AI/blog")[0] == "https://cs.AI/blog"


def test_a_search_of_arxiv_is_a_source_without_a_request():
    address = "http://export.arxiv.org/api/query?search_query=cat:cs.CL+AND+all:%22agents%22&max_results=5"
    (feed,) = discover(address, client=HttpClient(Limits()), parser=InProcess())
    assert (feed.kind, feed.query) == ("arxiv", 'cat:cs.CL AND all:"agents"')


@pytest.mark.parametrize(
    ("address", "feed"),
    [
        ("https://github.com/lemon24/reader", "https://github.com/lemon24/reader/releases.atom"),
        ("https://github.com/lemon24/reader/releases/tag/3.0", "https://github.com/lemon24/reader/releases.atom"),
        ("https://github.com/lemon24/reader/commits/main", "https://github.com/lemon24/reader/commits/main.atom"),
        ("https://github.com/lemon24", ""),
        (
            "https://www.youtube.com/channel/UCbfYPyITQ-7l4upoX8nvctg/videos",
            "https://www.youtube.com/feeds/videos.xml?channel_id=UCbfYPyITQ-7l4upoX8nvctg",
        ),
        (
            "https://www.youtube.com/playlist?list=PLZHQObOWTQDPD3MizzM2xVFitgF8hE_ab",
            "https://www.youtube.com/feeds/videos.xml?playlist_id=PLZHQObOWTQDPD3MizzM2xVFitgF8hE_ab",
        ),
        ("https://www.youtube.com/@3blue1brown", ""),
        ("https://medium.com/@karpathy/some-post-123", "https://medium.com/feed/@karpathy"),
        ("https://towards.medium.com/a", "https://towards.medium.com/feed"),
        ("https://magazine.substack.com/p/a-post", "https://magazine.substack.com/feed"),
        ("https://www.reddit.com/r/LocalLLaMA/", "https://www.reddit.com/r/LocalLLaMA/.rss"),
        ("https://pypi.org/project/httpx/", "https://pypi.org/rss/project/httpx/releases.xml"),
        ("https://example.org/github.com/a/b", ""),
        ("https://notgithub.com/a/b", ""),
    ],
)
def test_places_whose_feed_stands_by_rule(address, feed):
    assert feed_by_rule(address) == feed


@pytest.mark.parametrize(
    "address",
    [
        "https://mp.weixin.qq.com/s/abc",
        "x.com/karpathy",
        "https://www.zhihu.com/people/x",
        "https://space.bilibili.com/1",
    ],
)
def test_places_without_feeds_name_the_bridge(address):
    with pytest.raises(ParseError) as caught:
        discover(address, client=HttpClient(Limits()), parser=InProcess())
    assert "RSSHub" in caught.value.hint


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("example.org", "https://example.org"),
        (" example.org/blog ", "https://example.org/blog"),
        ("example.org:8080/x", "https://example.org:8080/x"),
        ("http://example.org", "http://example.org"),
        ("feed://example.org/f", "https://example.org/f"),
        ("feed:https://example.org/f", "https://example.org/f"),
        ("中文.example", "https://中文.example"),
    ],
)
def test_what_people_type(typed, address):
    assert typed_address(typed) == address


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("example.org:8731/x", ("https://example.org:8731/x", "http://example.org:8731/x")),
        ("feed://example.org/f", ("https://example.org/f", "http://example.org/f")),
        ("feed:http://example.org/f", ("http://example.org/f",)),
        ("https://example.org/f", ("https://example.org/f",)),
    ],
)
def test_what_is_tried_where_no_scheme_was_typed(typed, meant):
    assert typed_addresses(typed) == meant


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "hello world",
        "https://hello world/",
        "ftp://example.org/f",
        "file:///etc/passwd",
        "mailto:a@b.c",
        "https://",
        "http://[bad",
    ],
)
def test_what_is_no_address(typed):
    with pytest.raises(UsageError):
        typed_address(typed)


# --- hostile pages ---

HOSTILE = {
    "deep": b"<div>" * 200_000,
    "wide": b"<p>" + b"<b " * 300_000,
    "attributes": b"<link " + b"rel=alternate " * 100_000 + b">",
    "comments": b"<!--" * 500_000,
    "links": b"<a href='/feed'>rss</a>" * 80_000,
    "titles": b"<title>" * 200_000,
    "charset": b"<meta charset='" + b"a" * 1_000_000,
    "controls": bytes(range(256)) * 4_000,
    "large": b"<p>word</p>" * 900_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_pages_end_well_in_the_worker(name):
    with Parser() as parser:
        page = b"<html><head>" + alternate("/ok.xml").encode() + b"</head><body>" + HOSTILE[name]
        # Over its time or its memory it would be a ParseError: a value, too.
        sight = parser.call(look_at, page, "https://example.org/", "text/html", what=name)
    assert [link.url for link in sight.links][:1] == ["https://example.org/ok.xml"]
    assert len(sight.links) <= 100
