from __future__ import annotations

from dataclasses import replace

import pytest

from notes.markup.document import read_note
from notes.model import VaultNote
from publish.site import listings
from publish.site.pages import Kind, Page, Shown, SiteSettings, published, segment

SETTINGS = SiteSettings("T", "https://example.org")
NOTE_ID = "20260220-001-a-note"


def note(path: str, body: str = "text", **properties: object) -> VaultNote:
    lines = [f"{key}: {value}" for key, value in properties.items()]
    return read_note(path, "\n".join(["---", *lines, "---", "", body, ""]).encode(), mtime_ns=0)


@pytest.mark.parametrize(
    ("made", "kind", "shown"),
    [
        pytest.param(note("posts/2026-02-20.md", source_type="post"), Kind.POST, Shown.WHOLE, id="post"),
        pytest.param(note("trends/2026-W08.md", source_type="synthesis"), Kind.TREND, Shown.WHOLE, id="synthesis"),
        pytest.param(note("notes/2026/x.md", id=NOTE_ID, source_type="arxiv"), Kind.NOTE, Shown.EXCERPT, id="note"),
        pytest.param(note("else/where.md", id=NOTE_ID, source_type="rss"), Kind.NOTE, Shown.EXCERPT, id="note-moved"),
        pytest.param(note("notes/x.md", id=NOTE_ID, source_type="web", publish="true"), Kind.NOTE, Shown.WITHOUT_SOURCE_TEXT, id="note-asked-for"),
        pytest.param(note("mine.md"), None, None, id="hand-written"),
        pytest.param(note("mine.md", publish="true"), Kind.NOTE, Shown.WHOLE, id="hand-written-asked-for"),
        pytest.param(note("mine.md", publish="'Yes'"), Kind.NOTE, Shown.WHOLE, id="asked-for-in-words"),
        pytest.param(note("mine.md", publish="maybe"), None, None, id="no-clear-word"),
        pytest.param(note("posts/mine.md"), None, None, id="hand-written-among-posts"),
        pytest.param(note("posts/mine.md", publish="true"), Kind.POST, Shown.WHOLE, id="hand-written-post-asked-for"),
        pytest.param(note("posts/x.md", source_type="post", publish="false"), None, None, id="post-held-back"),
        pytest.param(note("notes/x.md", id=NOTE_ID, source_type="rss", publish="no"), None, None, id="note-held-back"),
        pytest.param(note("templates/post.md", source_type="post"), None, None, id="template-of-a-post"),
        pytest.param(note("templates/week.md", source_type="synthesis"), None, None, id="template-of-a-synthesis"),
        pytest.param(note("notes/x.md", id="my-own", source_type="rss"), None, None, id="note-of-another-tool"),
        pytest.param(note("topics/a.md", id="topic-a"), None, None, id="topic-without-a-note"),
        pytest.param(note("topics/a.md", id="topic-a", publish="true"), Kind.TOPIC, Shown.WHOLE, id="topic-asked-for"),
    ],
)  # fmt: skip
def test_what_is_published(made: VaultNote, kind: Kind | None, shown: Shown | None):
    pages = published([made], SETTINGS).all
    assert [(page.kind, page.shown) for page in pages] == ([(kind, shown)] if kind else [])


def test_a_file_whose_properties_cannot_be_read_is_not_published():
    broken = replace(note("posts/x.md", source_type="post"), trouble="line 3: not YAML")
    assert published([broken], SETTINGS).all == ()


def test_notes_can_be_left_off_the_site():
    made = [note("notes/x.md", id=NOTE_ID, source_type="rss"), note("mine.md", publish="true")]
    assert [page.note.path for page in published(made, replace(SETTINGS, notes=False)).all] == ["mine.md"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-W08", "2026-W08"),
        ("強化學習", "強化學習"),
        ("a b/c.d", "a-b-c-d"),
        ("../..", "untitled"),
        ("e\u0301t\u00e9", "été"),
        ("學" * 100, "學" * 40),
        ("", "untitled"),
        ("con:aux?", "con-aux"),
    ],
)
def test_folder_names_are_safe_everywhere(text: str, expected: str):
    assert segment(text) == expected


def test_addresses_that_differ_only_in_case_are_numbered():
    made = [note("Idea.md", publish="true"), note("idea.md", publish="true"), note("x/2026-02.md", publish="true")]
    assert sorted(page.path for page in published(made, SETTINGS).all) == [
        "notes/2026-02-2/",
        "notes/Idea/",
        "notes/idea-2/",
    ]


@pytest.mark.parametrize(
    "link", [NOTE_ID, "notes/2026/File.md", "notes/2026/File", "FILE", "./File", "../notes/2026/File.md", " File "]
)
def test_wikilinks_find_a_note_by_id_path_and_stem(link: str):
    pages = published([note("notes/2026/File.md", id=NOTE_ID, source_type="rss")], SETTINGS)
    target = pages.target(link)
    assert isinstance(target, Page)
    assert target.note.id == NOTE_ID


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(note("a.md", url="https://example.org/x"), None, id="hand-written"),
        pytest.param(note("a.md", id=NOTE_ID, source_type="rss", url="https://example.org/x"), "https://example.org/x", id="original"),
        pytest.param(note("a.md", id=NOTE_ID, source_type="rss", url="'javascript:x'"), None, id="no-web-address"),
        pytest.param(note("a.md", id=NOTE_ID, source_type="rss", url="https://example.org/x", publish="false"), None, id="held-back"),
    ],
)  # fmt: skip
def test_where_links_lead_when_notes_have_no_pages(made: VaultNote, expected: str | None):
    assert published([made], replace(SETTINGS, notes=False)).target("a") == expected


def test_a_hidden_note_keeps_its_name_for_itself():
    """A link to a note that is not published must not lead to another of the same stem."""
    made = [note("mine/plan.md", id="plan"), note("posts/plan.md", source_type="post", id="post-1")]
    pages = published(made, SETTINGS)
    assert pages.target("plan") is None
    assert pages.target("posts/plan") is not None


@pytest.mark.parametrize(
    ("made", "expected"),
    [
        pytest.param(note("m.md", publish="true", description="Said."), "Said.", id="property"),
        pytest.param(note("m.md", "# T\n\nFirst.[[a|¹]]\n\nSecond.", publish="true"), "First.", id="first-paragraph"),
        pytest.param(note("m.md", "- **Result**: Good.\n- **Problem**: Bad.", id=NOTE_ID, source_type="rss"), "Good.", id="key-sentence"),
        pytest.param(note("m.md", "## Abstract\n\nTheirs.", id=NOTE_ID, source_type="arxiv"), "", id="never-the-source-text"),
        pytest.param(note("m.md", "a %%secret\n\nmore%% b", publish="true"), "a", id="never-a-comment"),
        pytest.param(note("m.md", "x" * 400, publish="true"), "x" * 219 + "…", id="cut"),
        pytest.param(note("m.md", "", publish="true"), "", id="nothing"),
    ],
)  # fmt: skip
def test_descriptions(made: VaultNote, expected: str):
    assert published([made], SETTINGS).all[0].description == expected


@pytest.mark.parametrize(
    ("made", "lang"),
    [
        (note("m.md", publish="true", lang="zh-Hant"), "zh-Hant"),
        (note("m.md", "The cat sat on the mat and it was happy.", publish="true"), "en"),
        (note("m.md", "這是一則關於強化學習的筆記。", publish="true", title="筆記"), "zh-Hant"),
        (note("m.md", "123", publish="true", title="'1'"), "fr"),
        (note("m.md", "這是一則關於強化學習的筆記。", publish="true", title="筆記", lang='"x\\" y"'), "zh-Hant"),
    ],
)
def test_the_language_of_a_page(made: VaultNote, lang: str):
    assert published([made], replace(SETTINGS, language="fr")).all[0].lang == lang


def test_tags_that_differ_in_case_are_one_and_others_stay_apart():
    made = [
        note("a.md", publish="true", tags="[RL, 'C++']"),
        note("b.md", publish="true", tags="[rl, c, ai/agents]"),
    ]
    tags = {tag.name: (tag.path, len(tag.members)) for tag in listings.tags(published(made, SETTINGS).all)}
    assert tags == {
        "RL": ("tags/rl/", 2),
        "c": ("tags/c/", 1),
        "C++": ("tags/c-2/", 1),
        "ai/agents": ("tags/ai/agents/", 1),
    }


def test_pages_are_newest_first_and_by_month():
    made = [
        note("a.md", publish="true", created="2026-01-31"),
        note("b.md", publish="true", created="2026-02-01"),
        note("c.md", publish="true"),
    ]
    months = listings.by_month(published(made, SETTINGS).all)
    assert [(str(month), [page.note.id for page in pages]) for month, pages in months] == [
        ("2026-02-01", ["b"]),
        ("2026-01-01", ["a"]),
        ("None", ["c"]),
    ]


def test_a_topic_holds_what_names_it_and_what_it_names():
    made = [
        note("a.md", publish="true", topic="learning", created="2026-02-01"),
        note("b.md", publish="true", topic="topic-learning", created="2026-02-02"),
        note("c.md", publish="true", topic="other", created="2026-02-03"),
        note(
            "topics/learning.md",
            id="topic-learning",
            title="Learning",
            related_notes="['[[c]]', '[[gone]]', '[[topic-empty]]']",
        ),
        note("topics/empty.md", id="topic-empty", related_notes="['[[gone]]']"),
    ]
    pages = published(made, SETTINGS)
    topics = {topic.name: [page.note.id for page in topic.members] for topic in listings.topics(pages)}
    assert topics == {"Learning": ["c", "b", "a"], "other": ["c"]}
    assert pages.target("topic-empty") is None
    assert pages.target("topic-learning") is not None
