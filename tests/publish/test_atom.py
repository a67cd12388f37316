from __future__ import annotations

import io
from dataclasses import replace
from urllib.parse import unquote

import feedparser
import pytest
from lxml import etree

from publish.site.building import SiteSettings, build
from tests.publish.sample_vault import FILES, SETTINGS, vault

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    return build(vault(), SETTINGS)


def test_the_feed_reads_as_one(pages: dict[str, bytes]):
    read = feedparser.parse(io.BytesIO(pages["feed.xml"]))
    assert not read.bozo
    assert read.feed.title == "夜航筆記"
    assert [entry.link for entry in read.entries] == [
        "https://notes.example.org/posts/2026-02-20/",
        "https://notes.example.org/trends/2026-W08/",
        "https://notes.example.org/posts/2026-02-19/",
    ]
    assert "89.9%" in read.entries[0].summary
    assert read.entries[0].updated == "2026-02-20T00:00:00Z" == read.feed.updated


def test_what_rfc_4287_asks_of_a_feed_is_there(pages: dict[str, bytes]):
    root = etree.fromstring(pages["feed.xml"])
    for element in (root, *root.iter(f"{ATOM}entry")):
        for name in ("id", "title", "updated"):
            assert len(element.findall(ATOM + name)) == 1
    assert root.find(f"{ATOM}author/{ATOM}name").text == "E. Chan"
    ids = [entry.findtext(f"{ATOM}id") for entry in root.iter(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids)


def test_ids_outlive_slugs(pages: dict[str, bytes]):
    moved = {path.replace("posts/2026-02-20", "posts/skills-and-rewards"): text for path, text in FILES.items()}
    ids = [
        [entry.findtext(f"{ATOM}id") for entry in etree.fromstring(built["feed.xml"]).iter(f"{ATOM}entry")]
        for built in (pages, build(vault(moved), SETTINGS))
    ]
    assert ids[0] == ids[1]
    assert ids[0][0] == "tag:notes.example.org,2026-02-20:post-2026-02-20"


def test_a_synthesis_that_was_renewed_is_news_under_its_old_id(pages: dict[str, bytes]):
    files, path = dict(FILES), "trends/2026-W08.md"
    files[path] = files[path].replace("\ncreated:", "\nupdated: 2026-02-22\ncreated:", 1)
    built = build(vault(files), SETTINGS)
    before, after = (
        {entry.id: entry for entry in feedparser.parse(io.BytesIO(one["feed.xml"])).entries} for one in (pages, built)
    )
    assert before.keys() == after.keys()
    (name,) = [name for name in before if "trends" in before[name].link]
    assert after[name].published == before[name].published == before[name].updated
    assert after[name].updated == "2026-02-22T00:00:00Z"
    assert next(iter(after)) == name, "the newest first"


def test_every_link_of_a_feed_is_absolute(pages: dict[str, bytes]):
    root = etree.fromstring(pages["feed.xml"])
    links = [link.get("href") for link in root.iter(f"{ATOM}link")]
    for body in root.iter(f"{ATOM}content"):
        links += etree.HTML(body.text).xpath("//@href")
    assert len(links) > 20
    assert [link for link in links if not link.startswith("https://")] == []


def test_a_post_without_a_day_is_no_news():
    files = {"posts/x.md": "---\nsource_type: post\nid: x\n---\n\nText.\n"}
    built = build(vault(files), SETTINGS)
    root = etree.fromstring(built["feed.xml"])
    assert root.find(f"{ATOM}entry") is None
    assert root.findtext(f"{ATOM}updated") == "1970-01-01T00:00:00Z"
    assert "posts/x/index.html" in built


def test_the_site_stands_for_an_author_without_a_name():
    built = build((), replace(SETTINGS, author="", description=""))
    root = etree.fromstring(built["feed.xml"])
    assert root.findtext(f"{ATOM}author/{ATOM}name") == "夜航筆記"
    assert root.find(f"{ATOM}subtitle") is None


def test_the_map_names_every_page_once(pages: dict[str, bytes]):
    addresses = [loc.text for loc in etree.fromstring(pages["sitemap.xml"]).iter(f"{MAP}loc")]
    found = {unquote(str(address)).removeprefix("https://notes.example.org/") + "index.html" for address in addresses}
    assert found == {path for path in pages if path.endswith("index.html")}
    assert len(addresses) == len(found)
    assert all(str(address).isascii() for address in addresses)


def test_the_map_knows_the_day_of_a_post(pages: dict[str, bytes]):
    days = {url.findtext(f"{MAP}loc"): url.findtext(f"{MAP}lastmod") for url in etree.fromstring(pages["sitemap.xml"])}
    assert days["https://notes.example.org/posts/2026-02-20/"] == "2026-02-20"
    assert days["https://notes.example.org/"] is None


def test_robots_are_shown_the_map(pages: dict[str, bytes]):
    assert b"Sitemap: https://notes.example.org/sitemap.xml" in pages["robots.txt"]


def test_without_an_address_there_is_nothing_that_needs_one():
    built = build(vault(), SiteSettings("Local"))
    assert not {"feed.xml", "sitemap.xml", "robots.txt"} & set(built)
    assert b"feed.xml" not in built["index.html"]
    assert b"canonical" not in built["index.html"]
