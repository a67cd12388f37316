"""From an entry to an item, whatever format it came in."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from ingest.reading import entries as reading
from ingest.reading.entries import MAX_EXTERNAL_ID, RawEntry, build_items, is_withdrawn
from ingest.sources import SourceSpec
from notes.model import Item, SourceType

ENTRY = RawEntry(external_id="1", link="https://example.org/1", title="A title", body="<p>Some text.</p>")
FRIDAY = datetime(2026, 2, 20, 8, tzinfo=UTC)
LONG = "We study agents that keep their skills, and what they forget of them in long tasks. " * 4
WITHDRAWN = [
    "12 pages. This paper has been withdrawn by the author due to a crucial error in Lemma 2",
    "arXiv admin note: This submission has been withdrawn by arXiv administrators",
    "8 pages; withdrawn by the authors",
    "arXiv admin note: withdrawn due to a dispute about authorship",
    "Withdrawn from arXiv",
    "The authors have withdrawn",
    "The author(s) would like to withdraw the manuscript because of an error",
    "This paper has been withdrawn by the author due to an error arising from Eq. 3",
    "We withdraw this paper",
    "(withdrawn)",
    "This article is being withdrawn, for it needs a further revision",
]
NOT_WITHDRAWN = [
    "The paper was withdrawn from ICLR; code at https://example.org",
    "Withdrawn from the conference",
    "This paper was withdrawn from the journal and is under review elsewhere",
    "We withdraw this paper from NeurIPS 2025",
    "12 pages, dataset of withdrawn drugs",
    "Supersedes a withdrawn submission",
    "A study of papers that were withdrawn",
]


def build(*entries: RawEntry, spec: SourceSpec, now: datetime) -> tuple[tuple[Item, ...], tuple[str, ...]]:
    return build_items(entries, spec, feed_title="The feed", now=now)


@pytest.mark.parametrize(
    ("change", "field", "expected"),
    [
        ({"title": "<b>Bold</b> &amp; more"}, "title", "Bold & more"),
        ({"title": ""}, "title", "Some text."),
        ({"title": "\u200b", "body": ""}, "title", "https://example.org/1"),
        ({"title": "x " * 600}, "title", "x " * 248 + "x…"),
        ({"title": "a < b", "plain": True, "body": "V<17 & <b>"}, "title", "a < b"),
        ({"body": "V<17 & <b>", "plain": True}, "text", "V<17 & <b>"),
        ({"body": "<p>x</p><p>The post A first appeared on B.</p>"}, "text", "x"),
        ({"body": "<p>Continue reading A title</p>"}, "text", ""),
        ({"link": "javascript:alert(1)"}, "url", ""),
        ({"link": "/2", "base_url": "https://example.org/feed"}, "url", "https://example.org/2"),
        ({"link": "https://arxiv.org/pdf/2602.01234v2"}, "arxiv_id", "2602.01234"),
        ({"link": "https://arxiv.org/pdf/2602.01234v2"}, "arxiv_version", 2),
        ({"link": "https://arxiv.org/pdf/2602.01234v2"}, "key", "arxiv:2602.01234"),
        ({"link": "https://arxiv.org/abs/2602.01234"}, "source_type", SourceType.RSS),
        ({"link": "https://example.org/?u=https://arxiv.org/abs/2602.01234"}, "arxiv_id", ""),
        (
            {"authors": ("a@example.org (A. Author)", "B <b@example.org>", "c@example.org", "")},
            "authors",
            ("A. Author", "B"),
        ),
        ({"link": "https://web.archive.org/web/2026/https://arxiv.org/abs/2602.01234"}, "arxiv_id", ""),
        ({"body": "<p>A <b>title</b></p>"}, "blocks", ()),
        ({"title": "", "body": "Text alone"}, "text", "Text alone"),
        ({"authors": ("A, B and C",)}, "authors", ("A, B and C",)),
        ({"authors": ("x" * 300,)}, "authors", ("x" * 199 + "…",)),
        ({"categories": ("a", " a ", "<b>c</b>", "")}, "categories", ("a", "c")),
        ({"categories": tuple(map(str, range(400)))}, "categories", tuple(map(str, range(50)))),
        ({"published": FRIDAY}, "published", FRIDAY),
        ({"updated": FRIDAY}, "published", FRIDAY),
        ({"published": FRIDAY.replace(year=2030)}, "published", None),
        ({"external_id": " \x00x\n "}, "external_id", "x"),
        ({"external_id": ""}, "external_id", "https://example.org/1"),
        ({"doi": "doi:10.1000/ABC.1"}, "doi", "10.1000/abc.1"),
        ({"comment": "12 pages,\n3 figures"}, "comment", "12 pages, 3 figures"),
    ],
)
def test_fields(change: dict[str, Any], field: str, expected: object, spec: SourceSpec, now: datetime) -> None:
    (item,), _ = build(ENTRY._replace(**change), spec=spec, now=now)
    assert getattr(item, field) == expected


def test_what_the_source_adds(now: datetime) -> None:
    spec = SourceSpec(key="k", kind="file", path=Path("x"), title="My\nname", tags=("ai",), lang="zh-Hant")
    (item,), _ = build(ENTRY._replace(title="12", body="34"), spec=spec, now=now)
    assert (item.source, item.source_title, item.source_type) == ("k", "My name", SourceType.FILE)
    assert (item.tags, item.lang) == (("ai",), "zh-Hant")


def test_the_text_outranks_the_configured_language(now: datetime, spec: SourceSpec) -> None:
    body = "<p>We show that the method is better than what was known before, on all of the tasks.</p>"
    (item,), _ = build(ENTRY._replace(body=body), spec=replace(spec, lang="zh-Hans"), now=now)
    assert item.lang == "en"


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("arXiv:2602.01234v3 Announce Type: replace-cross \nAbstract: We study V<17.", "We study V<17."),
        ("arXiv:2602.01234v3 \nAbstract: We study agents.", "We study agents."),
        ("Abstract art is what we study.", "Abstract art is what we study."),
    ],
)
def test_an_arxiv_record(body: str, text: str, spec: SourceSpec, now: datetime) -> None:
    entry = RawEntry(
        external_id="oai:arXiv.org:2602.01234v3",
        link="https://arxiv.org/abs/2602.01234",
        title="T",
        body=body,
        is_record=True,
        authors=("A. Author, B. Author and C. Author",),
    )
    (item,), _ = build(entry, spec=replace(spec, title="cs.LG"), now=now)
    assert item.text == text
    assert (item.source_title, item.source_type) == ("arXiv", SourceType.ARXIV)
    assert (item.arxiv_id, item.arxiv_version, item.url) == ("2602.01234", 3, "https://arxiv.org/abs/2602.01234")
    assert item.authors == ("A. Author", "B. Author", "C. Author")


def test_a_record_with_an_id_that_is_none_is_no_record(spec: SourceSpec, now: datetime) -> None:
    entry = ENTRY._replace(external_id="oai:arXiv.org:../../etc/passwd", is_record=True)
    (item,), _ = build(entry, spec=spec, now=now)
    assert (item.arxiv_id, item.source_type) == ("", SourceType.RSS)


def test_an_id_that_all_share_names_nobody(spec: SourceSpec, now: datetime) -> None:
    entries = [ENTRY._replace(external_id="0", link="", title=title) for title in ("One", "Two")]
    items, warnings = build(*entries, spec=spec, now=now)
    assert {item.key[:5] for item in items} == {"hash:"}
    assert len({item.key for item in items}) == 2
    assert warnings == ("entries sharing their id with another: 2",)


def test_an_id_of_ones_own_is_the_key(spec: SourceSpec, now: datetime) -> None:
    (item,), _ = build(ENTRY._replace(link=""), spec=spec, now=now)
    assert item.key == "guid:feed:1"


def test_a_long_id_stays_distinct(spec: SourceSpec, now: datetime) -> None:
    items, _ = build(*(ENTRY._replace(external_id="x" * 8_000 + end) for end in "ab"), spec=spec, now=now)
    assert len({item.external_id for item in items}) == 2
    assert all(len(item.external_id) == MAX_EXTERNAL_ID for item in items)


NAMES = [("A. Writer",), ("<b>A</b> &amp; B", "C"), ("", " "), ("a" * 600, "a" * 601), tuple(map(str, range(60)))]


@pytest.mark.parametrize("names", NAMES, ids=len)
def test_names_are_the_same_remembered_or_read(names: tuple[str, ...], spec: SourceSpec, now: datetime) -> None:
    entry = ENTRY._replace(authors=names, categories=names)
    (first, second), _ = build(entry, entry, spec=spec, now=now)
    assert (first.authors, first.categories) == (second.authors, second.categories)
    assert (first.authors, first.categories) == (reading._names(names), reading._terms(names))


def test_what_is_long_is_not_remembered(spec: SourceSpec, now: datetime) -> None:
    before = reading._known_names.cache_info().misses, reading._known_terms.cache_info().misses
    build(ENTRY._replace(authors=("a" * 600,), categories=tuple("abcdef")), spec=spec, now=now)
    assert before == (reading._known_names.cache_info().misses, reading._known_terms.cache_info().misses)


def test_complaints_stand_in_the_order_of_the_first_entries(spec: SourceSpec, now: datetime) -> None:
    shared, undated = ENTRY._replace(external_id="0"), ENTRY._replace(has_bad_date=True)
    nothing = RawEntry(external_id="9")
    dates, ids = "entries with a date that cannot be: 1", "entries sharing their id with another: 2"
    none = "entries with neither title, text nor address: 1"
    assert build(shared, shared, undated, nothing, spec=spec, now=now)[1] == (dates, ids, none)
    assert build(nothing, shared, shared, undated, spec=spec, now=now)[1] == (none, dates, ids)


def test_an_entry_of_nothing_is_left_out_and_told(spec: SourceSpec, now: datetime) -> None:
    assert build(RawEntry(external_id="9"), spec=spec, now=now) == (
        (),
        ("entries with neither title, text nor address: 1",),
    )


def test_bad_dates_are_told(spec: SourceSpec, now: datetime) -> None:
    entries = (ENTRY._replace(has_bad_date=True), ENTRY._replace(external_id="2", updated=FRIDAY.replace(year=1970)))
    assert build(*entries, spec=spec, now=now)[1] == ("entries with a date that cannot be: 2",)


@pytest.mark.parametrize(
    ("text", "comment", "expected"),
    [
        ("This paper has been withdrawn by the author due to an error.", "", True),
        ("We study agents.", "Withdrawn by the authors", True),
        ("We study agents.", "Paper withdrawn", True),
        ("We study 500 papers that were withdrawn by their authors.", "12 pages", False),
        ("Why was this paper withdrawn?", "", False),
        *((LONG, comment, True) for comment in WITHDRAWN),
        *((LONG, comment, False) for comment in NOT_WITHDRAWN),
        *((comment, "", True) for comment in WITHDRAWN[-4:]),
        (f"This paper has been withdrawn. {LONG}", "", True),
        (f"We withdraw this paper. {LONG}", "", True),
        (f"Withdrawn drugs are a burden to the sick. {LONG}", "", False),
        ("Withdrawn drugs are a burden to the sick.", "", False),
        (f"Withdrawn, but not gone: on retractions. {LONG}", "", False),
        (f"{LONG} This paper has been withdrawn by the author.", "", False),
        ("The authors withdraw money from banks in a lab experiment.", "", False),
    ],
)
def test_is_withdrawn(text: str, comment: str, expected: bool, spec: SourceSpec, now: datetime) -> None:
    entry = RawEntry(external_id="oai:arXiv.org:2602.01234v2", title="T", body=text, comment=comment, is_record=True)
    (item,), _ = build(entry, spec=spec, now=now)
    assert is_withdrawn(item) is expected
    assert not is_withdrawn(replace(item, source_type=SourceType.RSS))
