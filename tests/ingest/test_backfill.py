"""Past weeks of a source of arXiv, portion by portion."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from ingest.arxiv.backfill import Portion, backfill
from ingest.sources import SourceSpec
from ingest.web.client import HttpClient, Pace
from notes.errors import ConfigError, FetchError
from tests.ingest.test_arxiv_categories import papers
from tests.ingest.test_oai import listed, record
from tests.serving import Reply, ScriptedServer

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)


@pytest.fixture
def fill(server: ScriptedServer, client: HttpClient) -> Callable[..., list[Portion]]:
    def run(since: date, until: date | None = None, **more: object) -> list[Portion]:
        spec = SourceSpec(key="arxiv", kind="arxiv", url=server.url(""), allow=("loopback",), **more)  # type: ignore[arg-type]
        return list(backfill(spec, since, until, client=client, pace=Pace(0.0), now=NOW))

    return run


def told(portions: list[Portion]) -> list[tuple[str, str]]:
    return [(item.arxiv_id, item.announced) for portion in portions for item in portion.items]


def test_categories_are_harvested(server: ScriptedServer, fill: Callable[..., list[Portion]]) -> None:
    old = record(3).replace("Wed, 18 Feb 2026", "Wed, 01 Jan 2020")
    server.routes["/oai"] = [
        Reply(listed(record(1), record(2), token="a", total=3)),
        Reply(listed(old)),
        Reply(listed(record(1))),
    ]
    portions = fill(date(2026, 2, 18), categories=("cs.CL", "math.MP"))
    assert told(portions) == [
        ("2602.00001", "new"),
        ("2602.00002", "new"),
        ("2602.00003", "replace"),
        ("2602.00001", "new"),
    ]
    assert [(portion.read, portion.total) for portion in portions] == [(2, 3), (3, 0), (1, 0)]
    assert [request.query.get("set") for request in server.requests] == ["cs:cs:CL", None, "physics:math-ph"]


def test_the_last_day_is_one_of_submission(server: ScriptedServer, fill: Callable[..., list[Portion]]) -> None:
    """A paper's datestamp moves on with each change, so that the server is asked for all days up to today."""
    late = record(2).replace("Wed, 18 Feb 2026", "Sat, 21 Feb 2026")
    server.routes["/oai"] = Reply(listed(record(1, "2026-03-19"), late))
    assert told(fill(date(2026, 2, 18), date(2026, 2, 20), categories=("cs.CL",))) == [("2602.00001", "new")]
    assert "until" not in server.requests[0].query


def test_searches_are_asked_week_by_week(server: ScriptedServer, fill: Callable[..., list[Portion]]) -> None:
    server.routes["/api/query"] = [papers("2602.00001v1"), papers(), papers("2602.00002v1")]
    portions = fill(date(2026, 2, 1), date(2026, 2, 17), query="cat:cs.CL OR all:agents")
    assert told(portions) == [("2602.00001", ""), ("2602.00002", "")]
    asked = list(dict.fromkeys(request.query["search_query"] for request in server.requests))
    assert asked == [
        "(cat:cs.CL OR all:agents) AND submittedDate:[202602010000 TO 202602072359]",
        "(cat:cs.CL OR all:agents) AND submittedDate:[202602080000 TO 202602142359]",
        "(cat:cs.CL OR all:agents) AND submittedDate:[202602150000 TO 202602172359]",
    ]


def test_deleted_papers_are_named(server: ScriptedServer, fill: Callable[..., list[Portion]]) -> None:
    gone = '<record><header status="deleted"><identifier>oai:arXiv.org:2602.00009</identifier></header></record>'
    server.routes["/oai"] = Reply(listed(gone))
    (portion,) = fill(date(2026, 2, 18), categories=("cs.CL",))
    assert portion.warnings == ("arXiv has taken back 2602.00009",)


def test_feeds_keep_no_past(client: HttpClient) -> None:
    spec = SourceSpec(key="blog", kind="rss", url="https://example.org/feed")
    with pytest.raises(ConfigError, match="blog: only sources of kind 'arxiv'"):
        list(backfill(spec, date(2026, 2, 1), None, client=client, pace=Pace(0.0), now=NOW))


def test_trouble_ends_it(server: ScriptedServer, fill: Callable[..., list[Portion]]) -> None:
    server.routes["/api/query"] = Reply(b"no", status=404)
    with pytest.raises(FetchError):
        fill(date(2026, 2, 1), query="cat:cs.CL")
