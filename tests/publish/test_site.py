from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notes.errors import PublishError
from publish.site.building import SiteSettings, build
from publish.site.theme import static_files
from tests.publish.parsed import dead_links, faults, parse, validity
from tests.publish.sample_vault import FILES, HANT, OWN, PRIVATE, RLFR, SETTINGS, SKILLRL, SOURCE_TEXT, vault

SITE = "https://notes.example.org/"


@pytest.fixture(scope="module")
def pages() -> dict[str, bytes]:
    return build(vault(), SETTINGS)


def html_pages(pages: dict[str, bytes]) -> list[str]:
    return sorted(path for path in pages if path.endswith(".html"))


def text_of(pages: dict[str, bytes], path: str) -> str:
    return " ".join("".join(parse(pages[path]).find("body").itertext()).split())  # type: ignore[union-attr]


def test_every_kind_of_page_is_there(pages: dict[str, bytes]):
    wanted = {
        "index.html",
        "404.html",
        "feed.xml",
        "sitemap.xml",
        "robots.txt",
        "style.css",
        "icon.svg",
        "posts/index.html",
        "posts/2026-02-20/index.html",
        "trends/index.html",
        "trends/2026-W08/index.html",
        "notes/index.html",
        "notes/2026-01/index.html",
        f"notes/{SKILLRL}/index.html",
        "notes/How-I-read/index.html",
        "topics/index.html",
        "topics/reinforcement-learning-agents/index.html",
        "topics/multimodal-models/index.html",
        "tags/index.html",
        "tags/arxiv/cs/lg/index.html",
        "tags/強化學習/index.html",
    }
    assert wanted <= set(pages)


def test_every_page_is_valid_html(pages: dict[str, bytes]):
    for path in html_pages(pages):
        root = parse(pages[path], strict=True)
        assert (path, [*validity(root)]) == (path, [])


@pytest.mark.parametrize(
    "broken", [b"<!doctype html><p><div></p>", b"<p>no doctype", b'<!doctype html><a href="x"><a href="y">z</a></a>']
)
def test_the_validator_sees_what_is_broken(broken: bytes):
    with pytest.raises(Exception, match=r".+"):
        parse(broken, strict=True)


def test_the_other_rules_see_what_is_broken():
    bad = b'<!doctype html><title> </title><h1 id=a>x</h1><h1 id=a>y</h1><p aria-labelledby="b">'
    assert sorted(validity(parse(bad, strict=False))) == ["2 h1", "id a twice", "no element b", "no lang", "no title"]


def test_every_link_of_every_page_resolves_inside_the_site(pages: dict[str, bytes]):
    for path in html_pages(pages):
        assert (path, [*dead_links(path, parse(pages[path]), pages, SITE)]) == (path, [])


def test_the_crawl_sees_a_dead_link():
    root = parse(b'<!doctype html><title>x</title><a href="../gone/">x</a><a href="#no">y</a>', strict=False)
    assert len([*dead_links("posts/index.html", root, {"posts/index.html": b""}, SITE)]) == 2


def test_a_site_below_a_folder_resolves_as_well():
    settings = replace(SETTINGS, url="https://site.example.net/blog")
    pages = build(vault(), settings)
    for path in html_pages(pages):
        assert (path, [*dead_links(path, parse(pages[path]), pages, "https://site.example.net/blog/")]) == (path, [])
    assert b'href="/blog/style.css' in pages["404.html"]


def test_no_page_runs_or_loads_anything(pages: dict[str, bytes]):
    for path in html_pages(pages):
        root = parse(pages[path])
        assert (path, [*faults(root)]) == (path, [])
        policy = next(meta.get("content", "") for meta in root.iter("meta") if meta.get("http-equiv"))
        assert "default-src 'none'" in policy
    assert b"url(" not in pages["style.css"]
    assert b"@import" not in pages["style.css"]


def test_what_belongs_to_somebody_else_stays_in_the_vault(pages: dict[str, bytes]):
    assert sum(SOURCE_TEXT in text for text in FILES.values()) == 15
    assert [path for path, content in pages.items() if SOURCE_TEXT.encode() in content] == []


def test_what_is_private_stays_private(pages: dict[str, bytes]):
    for secret in (PRIVATE, "gossip"):
        assert [path for path, content in pages.items() if secret.encode() in content] == []
    assert not any("private-thoughts" in path.lower() or "draft" in path for path in pages)


def test_privacy_is_the_decision_of_the_vault_not_of_the_pages():
    """Positive control: the same files, asked to be published, are."""
    files = {path: text.replace("publish: false", "publish: true") for path, text in FILES.items()}
    files["Private thoughts.md"] = files["Private thoughts.md"].replace("tags:", "publish: true\ntags:")
    pages = build(vault(files), SETTINGS)
    assert PRIVATE.encode() in pages["posts/draft/index.html"]
    assert PRIVATE.encode() in pages["notes/Private-thoughts/index.html"]


def test_a_note_shows_its_excerpt_and_the_way_to_the_original(pages: dict[str, bytes]):
    text = text_of(pages, f"notes/{SKILLRL}/index.html")
    for part in (
        "Agents that learn from raw actions",
        "Key figures",
        "89.9% (SkillRL, ALFWorld)",
        "Related notes",
        "Sources",
    ):
        assert part in text
    assert "Task: learning" not in text
    links = [link.get("href") for link in parse(pages[f"notes/{SKILLRL}/index.html"]).iter("a")]
    assert "https://arxiv.org/abs/2602.01001" in links
    assert f"../../notes/{RLFR}/" in links
    assert "../../posts/2026-02-20/" in links, "the posts that mention the note"


def test_a_chinese_note_has_chinese_labels(pages: dict[str, bytes]):
    text = text_of(pages, f"notes/{HANT}/index.html")
    assert "問題：上下文再長" in text
    assert "相關筆記" in text
    assert "閱讀原文" in text


def test_a_note_that_its_owner_publishes_still_keeps_the_source_text_back():
    path = f"notes/2026/{SKILLRL}.md"
    files = {path: FILES[path].replace("lang: en", "lang: en\npublish: true") + "\n## My view\n\nMine.\n"}
    text = text_of(build(vault(files), SETTINGS), f"notes/{SKILLRL}/index.html")
    assert "Mine." in text
    assert SOURCE_TEXT not in text
    files[path] = files[path].replace("\npublish: true", "")
    assert "Mine." not in text_of(build(vault(files), SETTINGS), f"notes/{SKILLRL}/index.html")


def test_languages_are_told(pages: dict[str, bytes]):
    root = parse(pages["posts/2026-02-20/index.html"])
    assert root.get("lang") == "zh-Hant"
    assert any("SkillRL distils" in "".join(span.itertext()) for span in root.iter("span") if span.get("lang") == "en")
    english = parse(pages["trends/2026-W08/index.html"])
    assert english.get("lang") == "en"
    assert english.find("body/header").get("lang") == "zh-Hant"  # type: ignore[union-attr]
    assert {
        link.get("lang") for link in root.iter("a") if "20260220-002" in link.get("href", "") and not link.get("title")
    } == {"en"}


def test_a_wide_table_has_a_frame_that_scrolls(pages: dict[str, bytes]):
    tables = [div for div in parse(pages["trends/2026-W08/index.html"]).iter("div") if div.get("class") == "table"]
    assert [(div.get("tabindex"), div.get("role"), div.get("aria-label") is not None) for div in tables] == [
        ("0", "region", True)
    ]


def test_newer_and_older_lead_through_the_posts(pages: dict[str, bytes]):
    def turns(path: str) -> dict[str | None, str | None]:
        return {
            link.get("rel"): link.get("href")
            for link in parse(pages[path]).iter("a")
            if link.get("rel") in ("prev", "next")
        }

    assert turns("posts/2026-02-20/index.html") == {"prev": "../../posts/2026-02-19/"}
    assert turns("posts/2026-02-19/index.html") == {"next": "../../posts/2026-02-20/"}


def test_the_same_vault_gives_the_same_bytes_in_any_order(pages: dict[str, bytes]):
    assert build(tuple(reversed(vault())), SETTINGS) == pages


def test_without_note_pages_references_lead_to_the_originals():
    pages = build(vault(), replace(SETTINGS, notes=False))
    assert not any(path.startswith("notes/2026") and SKILLRL in path for path in pages)
    links = [link.get("href") for link in parse(pages["posts/2026-02-20/index.html"]).iter("a")]
    assert "https://arxiv.org/abs/2602.01001" in links
    for path in html_pages(pages):
        assert (path, [*dead_links(path, parse(pages[path]), pages, SITE)]) == (path, [])


def test_an_empty_vault_gives_a_home_page_that_says_so():
    pages = build((), SiteSettings("Empty"))
    assert set(pages) == {"index.html", "404.html", *static_files()}
    assert "Nothing has been published yet." in text_of(pages, "index.html")
    assert [*validity(parse(pages["index.html"]))] == []


@pytest.mark.parametrize("url", ["javascript:alert(1)", "ftp://example.org", "example.org"])
def test_an_address_that_is_none_is_refused(url: str):
    with pytest.raises(PublishError, match="not an http"):
        build((), SiteSettings("x", url))


def test_long_lists_say_that_they_are_cut():
    files = {
        f"notes/n{number}.md": OWN.replace("How I read", f"N {number}").replace("created: 2026-02-17", f"id: n{number}")
        for number in range(310)
    }
    pages = build(vault(files), replace(SETTINGS, language="en"))
    assert "The newest 300 of 310." in text_of(pages, "tags/agents/index.html")
    assert pages["notes/undated/index.html"]


def test_a_topic_asked_for_is_shown_with_its_text():
    files = dict(FILES)
    path = "topics/reinforcement-learning-agents.md"
    assert "own words" not in text_of(build(vault(files), SETTINGS), "topics/reinforcement-learning-agents/index.html")
    files[path] = files[path].replace("tags: [topic]", "publish: true\nlang: en") + "\nIn my own words.\n"
    pages = build(vault(files), SETTINGS)
    assert "In my own words." in text_of(pages, "topics/reinforcement-learning-agents/index.html")


def test_a_topic_that_ended_is_not_among_the_living():
    files = dict(FILES)
    path, page = "topics/reinforcement-learning-agents.md", "topics/reinforcement-learning-agents/index.html"
    living = build(vault(files), SETTINGS)
    files[path] = files[path].replace("tags: [topic]", "tags: [topic]\nended: 2026-02-20")
    pages = build(vault(files), SETTINGS)
    link = b'href="topics/reinforcement-learning-agents/"'
    assert link in living["index.html"]
    assert link not in pages["index.html"]
    assert "已結束的主題" not in text_of(living, "topics/index.html")
    assert "已結束的主題" in text_of(pages, "topics/index.html")
    assert page.removesuffix("index.html").encode() in pages["topics/index.html"]
    assert page in pages


def test_many_authors_are_cut(pages: dict[str, bytes]):
    text = text_of(pages, "notes/20260220-003-step3-vl-10b/index.html")
    assert "Author H …" in text
    assert "Author I" not in text


def test_days_are_written_as_the_language_does(pages: dict[str, bytes]):
    assert "2026 年 2 月 20 日" in text_of(pages, "index.html")
    assert "20 February 2026" in text_of(pages, "trends/2026-W08/index.html")
    assert date(2026, 2, 20).isoformat().encode() in pages["trends/2026-W08/index.html"]


def test_a_post_leads_to_the_post_that_told_before():
    files = dict(FILES)
    path = "posts/2026-02-20.md"
    files[path] += "\n[[posts/2026-02-19|2026 年 2 月 19 日]]已有報導：x。\n"
    page = build(vault(files), SETTINGS)["posts/2026-02-20/index.html"]
    links = [(link.get("href"), "".join(link.itertext())) for link in parse(page).iter("a")]
    assert ("../../posts/2026-02-19/", "2026 年 2 月 19 日") in links
