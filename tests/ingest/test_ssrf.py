"""No connection to a private address: every row of the tables, directly, by redirect, and by answers that change.

What is counted is connections: by the dialer that stands where the transport opens sockets, by the canary that
listens on this machine's own addresses, and by Python's audit events, which see the whole process.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from ingest.web import guard, transport
from notes.errors import RefusedError, SourceError
from tests.dialing import is_public
from tests.ingest.ssrf import PUBLIC, PUBLIC_V6, START, Net, bad_addresses, networked, rows, share_of
from tests.serving import Reply, redirect

ROWS = rows()
REFUSED = [row for row in ROWS if not row.is_allowed]
ALLOWED = [row for row in ROWS if row.is_allowed]
# A redirect cannot hold a line's end.
REFUSED_BY_REDIRECT = [row for row in REFUSED if not {"\r", "\n"} & set(row.url)]
BAD = bad_addresses()


@pytest.fixture(scope="module")
def net() -> Iterator[Net]:
    with networked() as running:
        yield running


@pytest.fixture
def guard_off(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that the defences say is yes."""
    monkeypatch.setattr(guard, "refusal", lambda *_: "")
    monkeypatch.setattr(transport, "refusal", lambda *_: "")
    monkeypatch.setattr(guard, "_LOCAL_ZONES", frozenset())


# ---- the table


def test_the_shared_table_is_part_of_it(shared: Callable[[str], Path]) -> None:
    """Without it, the own rows are tested all the same."""
    assert (shared("security") / "ssrf.jsonl").is_file()
    assert (len(REFUSED) > 550, len(ALLOWED) > 60, len(BAD) > 100) == (True, True, True)


def test_directly(net: Net) -> None:
    assert [(row.url, got) for row in REFUSED if (got := net.get(row))[0] or got[1] == ""] == []
    assert net.dialer.canary.reached() == 0


_WAYS = [(302,), (301,), (303,), (307,), (308,), (302, 308), (301, 307, 302), (308, 308, 303, 302)]


@pytest.mark.parametrize("by", _WAYS, ids=str)
def test_by_redirect(by: tuple[int, ...], net: Net) -> None:
    tried = share_of(REFUSED_BY_REDIRECT, _WAYS.index(by), 4)
    assert [(row.url, got) for row in tried if (got := net.get(row, by=by))[0] != {START}] == []
    assert net.dialer.canary.reached() == 0


@pytest.mark.parametrize("by", [(), (301,), (302, 308)], ids=["directly", "by redirect", "by a chain"])
def test_what_is_allowed_is_reached(by: tuple[int, ...], net: Net) -> None:
    for row in ALLOWED:
        dialled, trouble = net.get(row, by=by)
        assert dialled - {START}, row.url
        assert all(map(is_public, dialled)), row.url
        assert trouble in ({"", "FetchError"} if "https" in row.url.lower() else {""}), row.url  # the world has no TLS


def test_with_the_guard_off_the_table_fails(net: Net, guard_off: None) -> None:
    """The control: the same rows, the same ways."""
    for by in ((), (302,)):
        tried = share_of(REFUSED, 0, 2)
        reached = [address for row in tried for address in net.get(row, by=by)[0] if not is_public(address)]
        assert len(reached) >= len(tried) // 4
        assert net.reached_by_control(len(reached)) >= len(reached)


def test_what_a_source_may_reach_its_redirects_may_not(net: Net) -> None:
    for row in share_of(REFUSED_BY_REDIRECT, 1, 2):
        dialled, _ = net.get(row, by=(302,), allow=("loopback", "private", "fake-ip", "0.0.0.0/0", "::/0"))
        assert dialled == {START}, row.url


# ---- answers of the resolver that change


def _changing(*answers: Sequence[str]) -> guard.Resolver:
    left = iter(answers)
    return lambda host, port: next(left)


@pytest.mark.parametrize(
    "mixed",
    [
        pytest.param(lambda bad: [bad], id="alone"),
        pytest.param(lambda bad: [PUBLIC, bad], id="after a good one"),
        pytest.param(lambda bad: [bad, PUBLIC], id="before a good one"),
        pytest.param(lambda bad: [PUBLIC_V6, PUBLIC, bad, PUBLIC], id="among good ones"),
    ],
)
def test_one_bad_address_refuses_the_name(mixed: Callable[[str], Sequence[str]], net: Net) -> None:
    for bad in BAD:
        net.requests += 1
        with pytest.raises(RefusedError):
            net.client(_changing(mixed(bad))).get("http://rebind.example.org/")
        assert net.dialer.take() == [], bad


# What the first answer's server says, how often the client tries again, and the requests before the one refused.
_REBINDING = {
    "on the next request": (Reply(b"fine"), 0, 1),
    "on a redirect to itself": (redirect("/again"), 0, 0),
    "on a retry": (Reply(status=503), 1, 0),
}


@pytest.mark.parametrize("way", _REBINDING)
def test_a_second_answer_is_judged_anew(way: str, net: Net) -> None:
    reply, retries, before = _REBINDING[way]
    net.world.routes = {"/": reply}
    for bad in BAD:
        client = net.client(_changing([PUBLIC], [bad]), retries=retries)
        net.requests += before + 1
        for _ in range(before):
            assert client.get("http://rebind.example.org/").status == 200
        with pytest.raises(RefusedError):
            client.get("http://rebind.example.org/")
        assert net.dialer.take() == [(PUBLIC, 80)], bad
    assert net.dialer.canary.reached() == 0


def test_each_connection_asks_the_resolver_once(net: Net) -> None:
    """Whoever asks twice, once to judge and once to connect, is told two things."""
    net.world.routes = {"/": Reply(b"fine")}
    answers = iter([[PUBLIC], ["127.0.0.1"]])
    assert net.client(lambda host, port: next(answers)).get("http://rebind.example.org/").status == 200
    assert (net.dialer.take(), next(answers)) == ([(PUBLIC, 80)], ["127.0.0.1"])


def test_with_the_guard_off_rebinding_works(net: Net, guard_off: None) -> None:
    """The control."""
    net.world.routes = {"/": redirect("/again")}
    tried = BAD[::3]
    for bad in tried:
        with pytest.raises(SourceError):
            net.client(_changing([PUBLIC], [bad])).get("http://rebind.example.org/")
        assert bad in {address for address, _ in net.dialer.take()}
    assert net.reached_by_control(len(tried)) >= len(tried)
