"""What a page says of itself: title, date, authors, address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.articles.webpage import PageFacts, facts, looks_like_page, page_text, tree

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
DAY = datetime(2026, 2, 11, tzinfo=UTC)


def read(head: str, body: str = "<p>Text.</p>") -> PageFacts:
    text = f"<html><head>{head}</head><body>{body}</body></html>"
    return facts(text, tree(text), now=NOW)


TITLES = {
    "its own": ("<title>A story</title>", "", "A story"),
    "without the site": (
        '<title>A story | The Paper</title><meta property="og:site_name" content="The Paper">',
        "",
        "A story",
    ),
    "with an underscore": (
        '<title>一篇文章_某某网</title><meta property="og:site_name" content="某某网">',
        "",
        "一篇文章",
    ),
    "a site that is called so": (
        '<title>The Paper</title><meta property="og:site_name" content="The Paper">',
        "",
        "The Paper",
    ),
    "a name that only ends so": (
        '<title>Reading The Paper</title><meta property="og:site_name" content="The Paper">',
        "",
        "Reading The Paper",
    ),
    "the shared one": ('<title>x</title><meta property="og:title" content="A &amp; B">', "", "A & B"),
    "the one headline within it": ("<title>Site :: A story :: Page 1</title>", "<h1>A story</h1>", "A story"),
    "several headlines": ("<title>A story</title>", "<h1>One</h1><h1>Two</h1>", "A story"),
    "only a headline": ("", "<h1>A <b>story</b></h1>", "A story"),
    "none": ("", "", ""),
}


@pytest.mark.parametrize(("head", "body", "title"), TITLES.values(), ids=TITLES)
def test_the_title(head: str, body: str, title: str) -> None:
    assert read(head, body).title == title


DATES = {
    "article": ('<meta property="article:published_time" content="2026-02-11T08:00:00+08:00">', "", DAY),
    "item": ('<meta itemprop="datePublished" content="2026-02-11">', "", DAY),
    "paper": ('<meta name="citation_publication_date" content="2026/02/11">', "", DAY),
    "linked data": (
        '<script type="application/ld+json">{"@type": "Article", "datePublished": "2026-02-11T00:00:00Z"}</script>',
        "",
        DAY,
    ),
    "an element": ("", '<time datetime="2026-02-11">last week</time>', DAY),
    "the future is passed over": (
        '<meta name="date" content="2030-01-01">',
        '<time datetime="2026-02-11"></time>',
        DAY,
    ),
    "no date": ('<meta name="date" content="soon">', "<time datetime=x>", None),
    "none": ("", "", None),
}


@pytest.mark.parametrize(("head", "body", "date"), DATES.values(), ids=DATES)
def test_the_date(head: str, body: str, date: datetime | None) -> None:
    assert read(head, body).published == date


AUTHORS = {
    "one": ('<meta name="author" content="Jane Doe">', ("Jane Doe",)),
    "several": (
        '<meta name="citation_author" content="Doe, J."><meta name="citation_author" content="李明">',
        ("Doe, J.", "李明"),
    ),
    "twice the same": ('<meta name="author" content="A B"><meta name="author" content="A B">', ("A B",)),
    "an address is no name": ('<meta property="article:author" content="https://x.org/jane">', ()),
    "none": ('<meta name="author" content=" ">', ()),
}


@pytest.mark.parametrize(("head", "authors"), AUTHORS.values(), ids=AUTHORS)
def test_the_authors(head: str, authors: tuple[str, ...]) -> None:
    assert read(head).authors == authors


ADDRESSES = {
    "canonical": ('<link rel="canonical" href="https://x.org/a">', "https://x.org/a"),
    "shared": ('<meta property="og:url" content="https://x.org/b">', "https://x.org/b"),
    "relative is none": ('<link rel="canonical" href="/a">', ""),
    "a script is none": ('<link rel="canonical" href="javascript:alert(1)">', ""),
    "none": ("", ""),
}


@pytest.mark.parametrize(("head", "url"), ADDRESSES.values(), ids=ADDRESSES)
def test_the_address(head: str, url: str) -> None:
    assert read(head).url == url


@pytest.mark.parametrize(
    "text", ["<!DOCTYPE html>x", "<html lang=en>", "  <!-- x --> <p class='a'>x</p>", "<TITLE>x</TITLE>"]
)
def test_a_page(text: str) -> None:
    assert looks_like_page(text)


@pytest.mark.parametrize(
    "text", ["", "%PDF-1.7", "<rss version='2.0'><channel>", "plain words < and >", "<pre", "<picture>"]
)
def test_no_page(text: str) -> None:
    assert not looks_like_page(text)


CHARSETS = {
    "by the header": (b"<p>\xc4\xe3\xba\xc3", "text/html; charset=gbk"),
    "by the page": (b'<meta charset="gbk"><p>\xc4\xe3\xba\xc3', "text/html"),
    "by the page, the old way": (
        b'<meta http-equiv="Content-Type" content="text/html; charset=gb2312"><p>\xc4\xe3\xba\xc3',
        "",
    ),
    "utf-8 outranks what is said": ("<meta charset=gbk><p>你好".encode(), ""),
}


@pytest.mark.parametrize(("body", "content_type"), CHARSETS.values(), ids=CHARSETS)
def test_the_encoding(body: bytes, content_type: str) -> None:
    assert page_text(body, content_type).endswith("<p>你好")
