"""Replies of the arXiv API."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ingest.arxiv.atom import looks_like_reply, parse_api
from ingest.feeds.document import parse
from ingest.sources import SourceSpec
from notes.errors import FetchError, ParseError
from notes.model import SourceType

NOW = datetime(2026, 5, 20, 12, tzinfo=UTC)
SPEC = SourceSpec(key="arxiv", kind="arxiv", query="all:testing")

PAPER = """<entry><id>http://arxiv.org/abs/2602.01234v2</id><title>A paper with
  a folded title</title><updated>2026-02-19T10:00:00Z</updated><published>2026-02-18T10:00:00Z</published>
<summary>  We show $V_{max}&lt;17.5$
at &lt;b&gt;.</summary><category term="cs.AI"/><category term="cs.LG"/><arxiv:primary_category term="cs.LG"/>
<arxiv:comment>12 pages,
 3 figures</arxiv:comment><arxiv:journal_ref>J. X 1 (2026)</arxiv:journal_ref><arxiv:doi>10.1000/X.1</arxiv:doi>
<author><name>A. Author</name><arxiv:affiliation>Ohio</arxiv:affiliation></author>
<author><name>B. Author</name></author></entry>"""


def reply(*entries: str, total: int = 1, start: int = 0) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?>
<feed xmlns:opensearch="http://a9.com/-/spec/opensearch/1.1/" xmlns:arxiv="http://arxiv.org/schemas/atom"
 xmlns="http://www.w3.org/2005/Atom"><id>https://arxiv.org/api/x</id><title>arXiv Query</title>
<opensearch:totalResults>{total}</opensearch:totalResults><opensearch:startIndex>{start}</opensearch:startIndex>
{"".join(entries)}</feed>""".encode()


def test_a_paper() -> None:
    page = parse_api(reply(PAPER, total=214_881, start=5), spec=SPEC, now=NOW)
    assert (page.total, page.start, page.warnings) == (214_881, 5, ())
    (paper,) = page.items
    assert (paper.key, paper.arxiv_id, paper.arxiv_version) == ("arxiv:2602.01234", "2602.01234", 2)
    assert (paper.title, paper.url) == ("A paper with a folded title", "https://arxiv.org/abs/2602.01234")
    assert paper.text == "We show $V_{max}<17.5$ at <b>."
    assert (paper.authors, paper.categories) == (("A. Author", "B. Author"), ("cs.LG", "cs.AI"))
    assert (paper.published, paper.updated) == (
        datetime(2026, 2, 18, 10, tzinfo=UTC),
        datetime(2026, 2, 19, 10, tzinfo=UTC),
    )
    assert (paper.comment, paper.doi) == ("12 pages, 3 figures; J. X 1 (2026)", "10.1000/x.1")
    assert (paper.source, paper.source_title, paper.source_type) == ("arxiv", "arXiv", SourceType.ARXIV)
    assert paper.external_id == "http://arxiv.org/abs/2602.01234v2"


def test_names_and_texts_are_read_as_everywhere_else() -> None:
    told = PAPER.replace("A. Author", 'K\\"ahler, Jane, Jr.').replace("<author><name>B. Author</name></author>", "")
    assert told != PAPER
    (paper,) = parse_api(reply(told), spec=SPEC, now=NOW).items
    assert paper.authors == ("Kähler, Jane, Jr.",)


@pytest.mark.parametrize("field", ["title", "summary", "arxiv:comment"])
def test_accents_are_letters(field: str) -> None:
    told = re.sub(rf"(<{field}>)[^<]*", r'\1K\\"ahler', PAPER)
    (paper,) = parse_api(reply(told), spec=SPEC, now=NOW).items
    assert "Kähler" in (paper.title, paper.text, paper.comment.partition(";")[0])


def test_an_old_id() -> None:
    (paper,) = parse_api(reply(PAPER.replace("2602.01234v2", "quant-ph/0201082v1")), spec=SPEC, now=NOW).items
    assert (paper.key, paper.arxiv_version) == ("arxiv:quant-ph/0201082", 1)


def test_no_papers() -> None:
    page = parse_api(reply(total=0), spec=SPEC, now=NOW)
    assert (page.items, page.total) == ((), 0)


def test_a_reply_cut_short_gives_the_whole_papers_and_a_word() -> None:
    whole = reply(PAPER, PAPER.replace("01234", "01235"))
    page = parse_api(whole[: whole.rindex(b"<summary")], spec=SPEC, now=NOW)
    assert page.items[0].arxiv_id == "2602.01234"
    assert "not well-formed" in page.warnings[0]


def test_the_error_feed_is_no_paper() -> None:
    address = "https://arxiv.org/api/errors#x"
    error = f"<entry><id>{address}</id><title>Error</title><summary>incorrect id format</summary></entry>"
    with pytest.raises(FetchError, match="incorrect id format"):
        parse_api(reply(error), spec=SPEC, now=NOW)


@pytest.mark.parametrize("body", [b"", b"Rate exceeded.", b"<html/>", b"<feed/>", b"\x00"])
def test_what_is_no_reply_is_a_parse_error(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_api(body, spec=SPEC, now=NOW)


def test_entities_are_not_expanded() -> None:
    bomb = reply(PAPER).replace(b"<feed", b"<!DOCTYPE feed [<!ENTITY a SYSTEM 'file:///etc/hostname'>]><feed", 1)
    (paper,) = parse_api(bomb.replace(b"<summary>", b"<summary>&a;"), spec=SPEC, now=NOW).items
    assert paper.text.startswith("&a; We show")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (reply(PAPER), True),
        (reply(), True),
        (b'<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:x</id></feed>', False),
        (b'<rss xmlns:atom="http://www.w3.org/2005/Atom"><id>https://arxiv.org/abs/1</id></rss>', False),
        (b"", False),
    ],
    ids=["papers", "no papers", "another feed", "rss", "nothing"],
)
def test_looks_like_reply(body: bytes, expected: bool) -> None:
    assert looks_like_reply(body) is expected


def test_a_reply_is_known_wherever_it_comes_from() -> None:
    spec = SourceSpec(key="f", kind="file", path=Path("x"))
    feed = parse(reply(PAPER), spec=spec, base_url="", now=NOW)
    assert (feed.title, feed.items[0].source_type) == ("arXiv", SourceType.ARXIV)


def test_recorded_replies(shared: Callable[[str], Path]) -> None:
    papers: dict[str, set[str]] = {}
    for path in sorted(shared("arxiv/api").glob("*.json")):
        recorded = json.loads(path.read_text())
        body = recorded["body"].encode()
        assert looks_like_reply(body)
        if recorded["status_code"] == 400:
            with pytest.raises(FetchError, match="incorrect id format for abc"):
                parse_api(body, spec=SPEC, now=NOW)
            continue
        page = parse_api(body, spec=SPEC, now=NOW)
        assert len(page.items) == body.count(b"<entry>"), path.name
        assert page.warnings == (), path.name
        for paper in page.items:
            assert paper.key == f"arxiv:{paper.arxiv_id}"
            assert all([paper.title, paper.text, paper.authors, paper.categories, paper.arxiv_version]), path.name
            assert paper.lang == "en" or len(paper.text) < 200, paper.text
        papers[path.name.split("_")[0] + str(page.start)] = {paper.key for paper in page.items}
    assert papers["q10"] & papers["q0"]
    assert not papers["q10"] & papers["q20"]
