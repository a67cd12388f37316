"""arXiv's announcements as RSS."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from ingest.arxiv.rss import RSS_CAP, parse_announcement
from ingest.sources import SourceSpec
from notes.errors import ParseError
from notes.model import PaperVersion, SourceType

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
MIDNIGHT = datetime(2026, 2, 20, 5, tzinfo=UTC)
SPEC = SourceSpec(key="arxiv", kind="arxiv", categories=("cs.CL", "cs.LG"))


def entry(
    name: str = "2602.01234v1", kind: str = "new", *, categories: tuple[str, ...] = ("cs.CL",), more: str = ""
) -> str:
    base = name.rpartition("v")[0] or name
    return f"""<item><title>On $V_{{max}}&lt;17$ &amp; more</title><link>https://arxiv.org/abs/{base}</link>
<description>arXiv:{name} Announce Type: {kind}
Abstract: We show $x&lt;y$ for all &lt;b&gt;.</description><guid isPermaLink="false">oai:arXiv.org:{name}</guid>
{"".join(f"<category>{one}</category>" for one in categories)}<pubDate>Fri, 20 Feb 2026 00:00:00 -0500</pubDate>
<arxiv:announce_type>{kind}</arxiv:announce_type><dc:creator>A. Author, B. Author and C. M\\"uller</dc:creator>{more}</item>"""


def rss(*entries: str) -> bytes:
    return f"""<?xml version='1.0' encoding='UTF-8'?><rss xmlns:arxiv="http://arxiv.org/schemas/atom"
xmlns:dc="http://purl.org/dc/elements/1.1/" version="2.0"><channel><title>cs.CL updates on arXiv.org</title>
<skipDays><day>Sunday</day><day>Saturday</day></skipDays>{"".join(entries)}</channel></rss>""".encode()


def test_a_paper() -> None:
    told = parse_announcement(rss(entry()), spec=SPEC, now=NOW)
    assert (told.entries, told.is_cut, told.warnings, told.newest) == (1, False, (), MIDNIGHT)
    (paper,) = told.items
    assert (paper.key, paper.arxiv_version, paper.announced) == ("arxiv:2602.01234", 1, "new")
    assert (paper.title, paper.text) == ("On $V_{max}<17$ & more", "We show $x<y$ for all <b>.")
    assert paper.authors == ("A. Author", "B. Author", "C. Müller")
    assert (paper.external_id, paper.url) == ("oai:arXiv.org:2602.01234v1", "https://arxiv.org/abs/2602.01234")
    assert (paper.source, paper.source_type) == ("arxiv", SourceType.ARXIV)
    assert paper.versions == (PaperVersion(1, MIDNIGHT),)
    assert paper.published == MIDNIGHT


@pytest.mark.parametrize("kind", ["new", "cross", "replace", "replace-cross"])
def test_each_kind_of_announcement(kind: str) -> None:
    (paper,) = parse_announcement(rss(entry(kind=kind)), spec=SPEC, now=NOW).items
    assert paper.announced == kind
    without = entry(kind=kind).replace(f"<arxiv:announce_type>{kind}</arxiv:announce_type>", "")
    (paper,) = parse_announcement(rss(without), spec=SPEC, now=NOW).items
    assert paper.announced == kind


def test_a_replacement_says_nothing_of_when_the_paper_appeared() -> None:
    (paper,) = parse_announcement(rss(entry("2601.00001v3", "replace")), spec=SPEC, now=NOW).items
    assert (paper.published, paper.updated) == (None, MIDNIGHT)
    assert paper.versions == (PaperVersion(1), PaperVersion(2), PaperVersion(3, MIDNIGHT))


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("quant-ph/0201082v2", "quant-ph/0201082"),
        ("math.GT/0309136v1", "math/0309136"),
        ("hep-th/9901001v1", "hep-th/9901001"),
    ],
)
def test_old_ids(name: str, base: str) -> None:
    (paper,) = parse_announcement(rss(entry(name, "replace")), spec=SPEC, now=NOW).items
    assert (paper.arxiv_id, paper.key) == (base, f"arxiv:{base}")


def test_a_paper_announced_twice_comes_once_with_all_its_categories() -> None:
    told = parse_announcement(
        rss(entry(kind="cross", categories=("cs.LG", "math.IT")), entry(kind="new", categories=("cs.CL", "cs.IT"))),
        spec=SPEC,
        now=NOW,
    )
    (paper,) = told.items
    assert (paper.announced, paper.categories, told.entries) == ("new", ("cs.CL", "cs.IT", "cs.LG"), 2)


def test_a_paper_replaced_on_the_day_it_was_new_is_new() -> None:
    feed = rss(entry("2602.01234v1"), entry("2602.01234v2", "replace"))
    (paper,) = parse_announcement(feed, spec=SPEC, now=NOW).items
    assert (paper.announced, paper.arxiv_version) == ("new", 2)


def test_doi_and_journal() -> None:
    more = "<arxiv:DOI>10.1000/X.1</arxiv:DOI><arxiv:journal_reference>J. X 1 (2026)</arxiv:journal_reference>"
    (paper,) = parse_announcement(rss(entry(more=more)), spec=SPEC, now=NOW).items
    assert (paper.doi, paper.comment) == ("10.1000/x.1", "J. X 1 (2026)")


def test_an_empty_feed_is_healthy() -> None:
    told = parse_announcement(rss(), spec=SPEC, now=NOW)
    assert (told.items, told.warnings, told.newest, told.is_cut) == ((), (), None, False)


def test_two_thousand_entries_are_a_feed_that_was_cut() -> None:
    assert RSS_CAP == 2_000
    told = parse_announcement(rss(*(entry(f"2602.{n:05}v1") for n in range(RSS_CAP))), spec=SPEC, now=NOW)
    assert (len(told.items), told.is_cut) == (RSS_CAP, True)


def test_what_names_no_paper_is_left_out_and_told() -> None:
    told = parse_announcement(rss(entry("nonsense"), entry()), spec=SPEC, now=NOW)
    assert ([paper.arxiv_id for paper in told.items], told.warnings) == (
        ["2602.01234"],
        ("entries without an arXiv id left out: 1",),
    )


def test_a_feed_that_breaks_off_gives_what_is_whole() -> None:
    body = rss(entry(), entry("2602.09999v1"))
    told = parse_announcement(body[: body.index(b"2602.09999") - 5], spec=SPEC, now=NOW)
    assert told.items[0].arxiv_id == "2602.01234"
    assert any("not well-formed" in warning for warning in told.warnings)


@pytest.mark.parametrize(
    "body", [b"", b"<html></html>", b"<rss/>", b"not xml", b"<feed xmlns='http://www.w3.org/2005/Atom'/>"]
)
def test_what_is_no_feed_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_announcement(body, spec=SPEC, now=NOW)
