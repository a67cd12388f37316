"""What the vault keeps for itself is said nowhere on the site: every byte is crawled for it, in all three languages."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

import publish.site.render
from notes.markup.document import read_note, render_note
from notes.model import KeySentence, Link, LinkKind, Note, Related, Role, SourceType, Topic, VaultNote
from notes.pages import topic_page
from notes.pages.page_words import words_for
from publish.daily.composing import write_daily
from publish.site.building import SiteSettings, build
from publish.site.html import Target
from publish.site.listings import topics
from publish.site.pages import published
from publish.site.render import render
from tests.publish.newsroom import DAY, LINKS, OLDER, RLM, SKILLRL, TODAY, TOPICS, VAULT
from tests.publish.parsed import dead_links, parse

SITE = SiteSettings("Site", "https://notes.example.org/", "A", "d")
SECRETS = ("Secret diary", "diary-of-mine", "Cellar/", "zymurgy", "beekeeping")
DIARY = "---\nid: diary-of-mine\ntitle: Secret diary\n---\n\n# Secret diary\n\nMore Zymurgy than urban beekeeping.\n"
DIARY_PATH = "Cellar/diary-of-mine.md"
WHY = "shared terms: Zymurgy, urban beekeeping"
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


def read(path: str, text: str) -> VaultNote:
    return read_note(path, text.encode(), mtime_ns=0)


def told(language: str, secret: VaultNote) -> VaultNote:
    """The post of a day whose works are tied to the secret note, as the writer makes it."""
    ties = [
        Link(note.id, secret.id, kind, 0.9, WHY)
        for note, kind in ((SKILLRL, LinkKind.SIMILAR), (RLM, LinkKind.MENTIONS))
    ]
    known = {**VAULT, secret.id: secret}
    post = write_daily(
        DAY, TODAY, all_notes=known, links=(*ties, *LINKS), topics=TOPICS, language=language, audience="readers"
    )
    assert post is not None
    return read(f"posts/{language}.md", post.text)


def related_note() -> VaultNote:
    """A note of Slipway with the diary and a published note among its related ones."""
    return read(
        "notes/2026/a.md",
        render_note(
            Note(
                id="20260220-090-a-note",
                title="A note about agents",
                created=DAY,
                source="arXiv",
                source_type=SourceType.ARXIV,
                lang="en",
                topic="cellars",
                summary=(KeySentence("Agents forget what they did.", Role.PROBLEM),),
                related=(
                    Related("diary-of-mine", "Secret diary", WHY),
                    Related(SKILLRL.id, SKILLRL.title, "shared terms: agents"),
                ),
            )
        ),
    )


def vault(diary: str = DIARY, *, topic_asked: bool = True) -> tuple[VaultNote, ...]:
    secret, note = read(DIARY_PATH, diary), related_note()
    members = {kept.id: kept for kept in (*TODAY, *OLDER, note, secret)}
    day = date(2026, 2, 20)
    cellar = Topic(
        id="cellars",
        name="Cellars",
        terms=("agents", "Zymurgy"),
        note_ids=(secret.id, note.id),
        medoid=secret.id,
        first_seen=day,
        last_seen=day,
    )
    near = (topic_page.Neighbour("topics/diaries", "Secret diary topics", 7),)
    pages = []
    for language in LANGUAGES:
        own_id = "cellars" if language == "en" else f"cellars-{language.lower()}"
        named = replace(cellar, id=own_id)
        text = topic_page.render(named, members, neighbours=near, words=words_for(language))
        asked = text.replace("---\n", "---\npublish: true\n", 1) if topic_asked else text
        pages.append(read(topic_page.path(named), asked))
    own = read(
        "own.md",
        "---\ntitle: Mine\npublish: true\n---\n\nSee [[diary-of-mine|Secret diary]], on zymurgy and beekeeping. It rains.\n\n"
        "A [word](Cellar/diary-of-mine.md) on beekeeping.\n\n![[Cellar/diary-of-mine]]\n",
    )
    return (*TODAY, *OLDER, note, secret, *pages, own, *(told(language, secret) for language in LANGUAGES))


def leaks(pages: dict[str, bytes]) -> list[tuple[str, str]]:
    every = {**{path: content.decode() for path, content in pages.items()}, "paths": json.dumps([*pages])}
    return [(path, secret) for path, text in every.items() for secret in SECRETS if secret.lower() in text.lower()]


@pytest.mark.parametrize("topic_asked", [True, False], ids=["topic-whole", "topic-listed"])
def test_a_private_note_is_said_nowhere(topic_asked: bool):
    pages = build(vault(topic_asked=topic_asked), SITE)
    assert leaks(pages) == []
    for path in (path for path in pages if path.endswith(".html")):
        assert (path, [*dead_links(path, parse(pages[path]), pages, SITE.url)]) == (path, [])


@pytest.mark.parametrize(
    "diary",
    [
        pytest.param(DIARY.replace("title:", "publish: false\ntitle:"), id="held-back"),
        pytest.param(
            DIARY.replace("title:", "publish: false\nsource_type: rss\nurl: https://example.org/x\ntitle:"),
            id="held-back-of-another-tool",
        ),
        pytest.param(DIARY.replace("title:", "publish: [\ntitle:"), id="unreadable"),
    ],
)
def test_however_it_is_held_back(diary: str):
    assert leaks(build((*vault()[:-3], *(read(DIARY_PATH, diary),)), SITE)) == []


def test_the_crawl_finds_it_where_it_is_published():
    """Positive control: everything looked for is on the site when its owner says so."""
    found = leaks(build(vault(DIARY.replace("title:", "publish: true\ntitle:")), SITE))
    assert {secret for _, secret in found} == {"Secret diary", "diary-of-mine", "zymurgy", "beekeeping"}
    for language in LANGUAGES:
        assert (f"posts/{language}/index.html", "zymurgy") in found
    assert ("notes/20260220-090-a-note/index.html", "zymurgy") in found


def test_without_the_defence_it_is_found(monkeypatch):
    monkeypatch.setattr(publish.site.render, "withhold", lambda tokens, *_: tokens)
    found = leaks(build(vault(), SITE))
    assert {f"posts/{language}/index.html" for language in LANGUAGES} <= {path for path, _ in found}
    assert ("notes/20260220-090-a-note/index.html", "Secret diary") in found


def test_hidden_members_are_not_counted():
    pages = published(vault(), SITE)
    cellars, *_ = (topic for topic in topics(pages) if topic.name == "Cellars")
    assert [page.title for page in cellars.members] == ["A note about agents"]
    body = build(vault(), SITE)["topics/cellars/index.html"].decode()
    assert "2 notes" not in body
    assert "<li>2026-02-20: " in body
    assert cellars.own is not None
    assert cellars.own.description == "agents"


def test_a_note_of_slipway_that_is_held_back_is_not_linked():
    hidden = replace(SKILLRL, properties={**SKILLRL.properties, "publish": False})
    notes = tuple(hidden if note.id == SKILLRL.id else note for note in vault())
    pages = build(notes, SITE)
    assert [path for path, content in pages.items() if SKILLRL.id.encode() in content] == []
    assert SKILLRL.title.encode() not in pages["notes/20260220-090-a-note/index.html"]


def test_a_topic_that_has_merged_keeps_its_name_in_old_posts():
    post = read(
        "posts/a.md", "---\nsource_type: post\n---\n\nMost is on [[topics/gone|Past topic]].\n\nOn [[topics/gone]].\n"
    )
    assert b"Most is on Past topic.</p>" in build((post,), SITE)["posts/a/index.html"]
    assert b"topics/gone" not in build((post,), SITE)["posts/a/index.html"]
    held = read("topics/gone.md", "---\nid: topic-gone\npublish: false\n---\n")
    assert b"Past topic" not in build((post, held), SITE)["posts/a/index.html"]


KNOWN = {name: Target(f"../{name}/", name.upper()) for name in "ab"}
A, B = '<a href="../a/">A</a>', '<a href="../b/">B</a>'


@pytest.mark.parametrize(
    ("markdown", "expected"),
    [
        pytest.param("- [[s|S]] — shared terms: x; y. z\n- [[a|A]] — ok", f"<ul> <li>{A} — ok</li> </ul>", id="list-item"),
        pytest.param("- [[s|S]] — why", "", id="whole-list"),
        pytest.param("- [[s|S]] — why\n  - more\n- x", "<ul> <li>x</li> </ul>", id="item-with-a-list"),
        pytest.param("## Related\n\n- [[s|S]]\n\n## Else\n\nx", '<h2 id="s-else">Else</h2> <p>x</p>', id="section-without-content"),
        pytest.param("## [[s|S]]\n\nx\n\n### y\n\n## Z\n\nq", '<h2 id="s-z">Z</h2> <p>q</p>', id="section-about-it"),
        pytest.param("**V**: [[a|A]] (x); [[s|S]] (y. z; q); [[b|B]] (w).", f"<p><strong>V</strong>: {A} (x); {B} (w).</p>", id="entry-between"),
        pytest.param("**V**: [[s|S]] (a) b); [[t|T]]; [[b|B]] (w).", f"<p><strong>V</strong>: {B} (w).</p>", id="entries-first"),
        pytest.param("**V**: [[a|A]] (x); [[s|S]] (y).", f"<p><strong>V</strong>: {A} (x).</p>", id="entry-last"),
        pytest.param("**V**：[[a|A]]（x）；[[s|S]]（y）。", f"<p><strong>V</strong>：{A}（x）。</p>", id="entry-full-width"),
        pytest.param("**V**：[[s|S]]（y）。", "", id="only-entry"),
        pytest.param("- 2026-01-01: [[a|A]], [[s|S]], [[b|B]]\n- 2026-01-02: [[s|S]]", f"<ul> <li>2026-01-01: {A}, {B}</li> </ul>", id="names"),
        pytest.param("One. See [[s|S]] of J. Doe.[[a|¹]] Two.", "<p>One. Two.</p>", id="sentence"),
        pytest.param("x says so; see also [[s|S]].", "<p>x says so.</p>", id="clause"),
        pytest.param("(a. b [[s|S]]. c) d. Two.", "<p>Two.</p>", id="brackets-end-no-sentence"),
        pytest.param("a **b [[s|S]] c** d. Next **x**.", "<p>Next <strong>x</strong>.</p>", id="bold"),
        pytest.param("x [[s|S]]\ny\n[[s]]", "<p>y</p>", id="lines"),
        pytest.param("So.[[a|¹]]\u2009[[s|²]]", '<p>So.<sup class="ref"><a href="../a/" title="A">1</a></sup></p>', id="reference"),
        pytest.param("So.[[s|¹]]⁻[[s|³]]", "<p>So.</p>", id="references"),
        pytest.param("1. [[s|S]]\n2. [[b|B]]", f"<ol> <li>{B}</li> </ol>", id="numbers-close-up"),
        pytest.param("x[[a|²]]\n\n1. [[a|A]]\n2. [[s|S]]\n3. [[b|B]]", f'<p>x<sup class="ref"><a href="../a/" title="A">2</a></sup></p> <ol> <li>{A}</li> </ol> <ol start="3"> <li>{B}</li> </ol>', id="numbers-that-are-referred-to"),
        pytest.param("x[[a|²]]\n\n1. [[s|S]]\n2. [[b|B]]", f'<p>x<sup class="ref"><a href="../a/" title="A">2</a></sup></p> <ol start="2"> <li>{B}</li> </ol>', id="first-number"),
        pytest.param("|x|y|\n|-|-|\n|[[s\\|S]]|1|", "", id="table"),
        pytest.param("|x|y|\n|-|-|\n|[[s|S]]|1|\n|[[a|A]]|2|", f'<div class="table" role="region" tabindex="0" aria-label="Table"><table> <thead> <tr> <th>x</th> <th>y</th> </tr> </thead> <tbody> <tr> <td>{A}</td> <td>2</td> </tr> </tbody> </table></div>', id="table-with-a-bare-bar"),
        pytest.param("> [[s|S]]", "", id="quotation"),
        pytest.param("[x [[s|S]]](https://e.example)", "", id="in-what-is-no-link"),
        pytest.param("[x ![[s|S]] z](https://e.example)", '<p><a href="https://e.example">x  z</a></p>', id="inside-a-link"),
        pytest.param("[![[s|S]]](https://e.example)", "", id="link-of-nothing-else"),
        pytest.param("[[#Part|here]] [x](#y)", "<p>here x</p>", id="the-page-itself"),
        pytest.param("- [ ] read [[s|S]]\n- [ ] x", '<ul> <li class="task">☐ x</li> </ul>', id="task"),
    ],
)  # fmt: skip
def test_what_goes_with_a_hidden_link(markdown: str, expected: str):
    assert " ".join(render(markdown, lang="en", resolve=KNOWN.get).html.split("\n")).strip() == expected
