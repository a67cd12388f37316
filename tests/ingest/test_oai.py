"""Harvests by OAI-PMH: records, version logs, resumption, and what servers do in between."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime

import pytest

from ingest.arxiv.oai import Batch, Harvest, parse_records, set_of
from ingest.reading.entries import is_withdrawn
from ingest.sources import SourceSpec
from ingest.web.client import HttpClient, Pace
from notes.errors import FetchError, ParseError
from notes.model import PaperVersion
from tests.ingest.conftest import FakeTime
from tests.serving import Reply, Request, ScriptedServer

NOW = datetime(2026, 3, 20, 12, tzinfo=UTC)
SPEC = SourceSpec(key="arxiv", kind="arxiv", categories=("cs.CL",), allow=("loopback",))

RECORD = r"""<record><header><identifier>oai:arXiv.org:2602.01234</identifier><datestamp>2026-02-25</datestamp>
<setSpec>cs:cs:CL</setSpec></header><metadata><arXivRaw xmlns="http://arxiv.org/OAI/arXivRaw/">
<id>2602.01234</id><submitter>A</submitter>
<version version="v1"><date>Wed, 18 Feb 2026 10:00:00 GMT</date><size>12kb</size><source_type>D</source_type></version>
<version version="v2"><date>Tue, 24 Feb 2026 11:30:00 GMT</date><size>14kb</size></version>
<title>Gr{\"o}bner bases and $V_{max}&lt;17$</title>
<authors>A. Author (1), P. Erd\H{o}s and B. Author ((1) Ohio)</authors>
<categories>cs.CL math.IT cs.IT</categories><comments>12 pages. Code at https://github.com/example/x</comments>
<journal-ref>J. X 1 (2026)</journal-ref><doi>10.1000/X.1</doi>
<abstract>  We show it
for all &lt;b&gt;.
</abstract></arXivRaw></metadata></record>"""


def listed(*records: str, token: str | None = None, total: int = 0) -> bytes:
    resumption = "" if token is None else f'<resumptionToken completeListSize="{total}">{token}</resumptionToken>'
    return reply(f"<ListRecords>{''.join(records)}{resumption}</ListRecords>")


def reply(content: str) -> bytes:
    return f"""<?xml version="1.0" encoding="UTF-8"?><OAI-PMH xmlns="http://www.openarchives.org/OAI/2.0/">
<responseDate>2026-03-01T00:00:00Z</responseDate>{content}</OAI-PMH>""".encode()


def record(number: int, day: str = "2026-02-25") -> str:
    return RECORD.replace("2602.01234", f"2602.{number:05}").replace("2026-02-25", day)


def test_a_record() -> None:
    batch = parse_records(listed(RECORD, token="next", total=7), spec=SPEC, now=NOW)
    assert (batch.token, batch.total, batch.datestamps, batch.deleted, batch.warnings) == (
        "next",
        7,
        ("2026-02-25",),
        (),
        (),
    )
    (paper,) = batch.items
    assert (paper.key, paper.arxiv_version, paper.external_id) == ("arxiv:2602.01234", 2, "oai:arXiv.org:2602.01234v2")
    assert (paper.title, paper.text) == ("Gröbner bases and $V_{max}<17$", "We show it for all <b>.")
    assert paper.authors == ("A. Author", "P. Erdős", "B. Author")
    assert paper.categories == ("cs.CL", "cs.IT")
    assert (paper.doi, paper.comment) == (
        "10.1000/x.1",
        "12 pages. Code at https://github.com/example/x; J. X 1 (2026)",
    )
    first, second = datetime(2026, 2, 18, 10, tzinfo=UTC), datetime(2026, 2, 24, 11, 30, tzinfo=UTC)
    assert (paper.published, paper.updated) == (first, second)
    assert paper.versions == (PaperVersion(1, first), PaperVersion(2, second, paper.comment))


def test_an_old_paper() -> None:
    (paper,) = parse_records(listed(RECORD.replace("2602.01234", "math/0309136")), spec=SPEC, now=NOW).items
    assert (paper.key, paper.url) == ("arxiv:math/0309136", "https://arxiv.org/abs/math/0309136")


def test_a_version_of_no_size_is_a_withdrawal() -> None:
    (paper,) = parse_records(listed(RECORD.replace("14kb", "0kb")), spec=SPEC, now=NOW).items
    assert is_withdrawn(paper)
    (other,) = parse_records(listed(RECORD.replace("12kb", "0kb")), spec=SPEC, now=NOW).items
    assert not is_withdrawn(other)


def test_deleted_records_are_named() -> None:
    gone = '<record><header status="deleted"><identifier>oai:arXiv.org:2602.00009</identifier><datestamp>2026-02-25</datestamp></header></record>'
    batch = parse_records(listed(gone, RECORD), spec=SPEC, now=NOW)
    assert (batch.deleted, len(batch.items), len(batch.datestamps)) == (("2602.00009",), 1, 2)


def test_nothing_that_matches_is_no_trouble() -> None:
    assert parse_records(reply('<error code="noRecordsMatch">none</error>'), spec=SPEC, now=NOW) == Batch(())


def test_the_servers_errors_are_told_in_its_words() -> None:
    with pytest.raises(FetchError, match="refused the harvest: no such set"):
        parse_records(reply('<error code="badArgument">no such set</error>'), spec=SPEC, now=NOW)


@pytest.mark.parametrize("body", [b"", b"<html/>", b"not xml", b"<OAI-PMH/>"])
def test_what_is_no_oai_is_refused(body: bytes) -> None:
    with pytest.raises(ParseError):
        parse_records(body, spec=SPEC, now=NOW)


def test_a_reply_that_breaks_off_gives_what_is_whole() -> None:
    body = listed(record(1), record(2))
    batch = parse_records(body[: body.rindex(b"<version")], spec=SPEC, now=NOW)
    assert batch.items[0].arxiv_id == "2602.00001"
    assert batch.warnings


@pytest.mark.parametrize(
    ("category", "expected"),
    [
        ("cs.CL", "cs:cs:CL"),
        ("stat.ML", "stat:stat:ML"),
        ("q-bio.NC", "q-bio:q-bio:NC"),
        ("hep-th", "physics:hep-th"),
        ("math-ph", "physics:math-ph"),
        ("astro-ph.GA", "physics:astro-ph:GA"),
        ("physics.optics", "physics:physics:optics"),
        ("cs", "cs"),
        ("physics", "physics"),
    ],
)
def test_sets(category: str, expected: str) -> None:
    assert set_of(category) == expected


# ---- harvests


@pytest.fixture
def harvest(server: ScriptedServer, client: HttpClient, fake_time: FakeTime) -> Callable[..., list[Batch]]:
    def run(until: date | None = None) -> list[Batch]:
        pace = Pace(3.0, fake_time.sleep, fake_time.clock)
        return list(Harvest(server.url("/oai"), "cs.CL", date(2026, 2, 20), until, SPEC, client, pace, NOW))

    return run


def ids(batches: list[Batch]) -> list[int]:
    return [int(item.arxiv_id.partition(".")[2]) for batch in batches for item in batch.items]


def test_a_harvest_goes_on_to_its_end(server: ScriptedServer, harvest: Callable[..., list[Batch]]) -> None:
    server.routes["/oai"] = [
        Reply(listed(record(1), record(2), token="a|1", total=3)),
        Reply(listed(record(3), token="")),
    ]
    assert ids(harvest(until=date(2026, 3, 1))) == [1, 2, 3]
    assert [dict(request.query) for request in server.requests] == [
        {
            "verb": "ListRecords",
            "metadataPrefix": "arXivRaw",
            "set": "cs:cs:CL",
            "from": "2026-02-20",
            "until": "2026-03-01",
        },
        {"verb": "ListRecords", "resumptionToken": "a|1"},
    ]


FORGOTTEN = Reply(reply('<error code="badResumptionToken">expired</error>'))


def test_a_forgotten_token_is_made_up_for_from_the_day_that_was_reached(
    server: ScriptedServer, harvest: Callable[..., list[Batch]]
) -> None:
    server.routes["/oai"] = [
        Reply(listed(record(1, "2026-02-21"), record(2, "2026-02-23"), token="a")),
        FORGOTTEN,
        Reply(listed(record(2, "2026-02-23"), record(3, "2026-02-24"))),
    ]
    assert ids(harvest()) == [1, 2, 2, 3]
    assert server.requests[2].query["from"] == "2026-02-23"


def test_where_days_come_out_of_order_all_is_asked_again(
    server: ScriptedServer, harvest: Callable[..., list[Batch]]
) -> None:
    server.routes["/oai"] = [
        Reply(listed(record(1, "2026-02-23"), record(2, "2026-02-21"), token="a")),
        FORGOTTEN,
        Reply(listed(record(1, "2026-02-23"), record(2, "2026-02-21"), record(3, "2026-02-20"))),
    ]
    assert ids(harvest()) == [1, 2, 1, 2, 3]
    assert server.requests[2].query["from"] == "2026-02-20"


def test_a_server_that_forgets_for_ever_is_given_up(
    server: ScriptedServer, harvest: Callable[..., list[Batch]]
) -> None:
    def answer(request: Request) -> Reply:
        return FORGOTTEN if "resumptionToken" in request.query else Reply(listed(record(1), token="a"))

    server.routes["/oai"] = answer
    with pytest.raises(FetchError, match="forgotten where the harvest was"):
        harvest()
    assert len(server.requests) == 12


def test_a_503_is_waited_out(server: ScriptedServer, harvest: Callable[..., list[Batch]], fake_time: FakeTime) -> None:
    busy = Reply(b"busy", status=503, headers={"Retry-After": "300"})
    server.routes["/oai"] = [busy, busy, Reply(listed(record(1)))]
    assert ids(harvest()) == [1]
    assert [pause for pause in fake_time.slept if pause > 3] == [300.0, 300.0]


def test_a_503_for_hours_is_not(server: ScriptedServer, harvest: Callable[..., list[Batch]]) -> None:
    server.routes["/oai"] = Reply(b"busy", status=503, headers={"Retry-After": "7200"})
    with pytest.raises(FetchError) as caught:
        harvest()
    assert (caught.value.status, caught.value.retry_after) == (503, 7200.0)


def test_what_came_before_the_trouble_stands(server: ScriptedServer, client: HttpClient) -> None:
    server.routes["/oai"] = [Reply(listed(record(1), token="a")), Reply(b"no", status=404)]
    came: list[Batch] = []
    harvest = Harvest(server.url("/oai"), "cs.CL", date(2026, 2, 20), None, SPEC, client, Pace(0.0), NOW)
    with pytest.raises(FetchError):
        came.extend(harvest)
    assert ids(came) == [1]
