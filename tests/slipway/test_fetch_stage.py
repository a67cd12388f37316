"""``slipway fetch`` night after night: who is asked, what is told, and what ``--now`` may do."""

from __future__ import annotations

import gc
from datetime import date

import pytest

from notes.clock import FixedClock
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console, local
from slipway.sources.refused import refused_as_written
from slipway.stages.fetch import fetch
from tests.serving import Reply, ScriptedServer, redirect
from tests.slipway.houses import WORKS, House, feed

SOURCE = '[[sources]]\nkey = "{key}"\nurl = "{url}"\nallow = ["loopback"]\n'


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running


def house_of(tmp_path, server: ScriptedServer, *paths: str) -> House:
    sources = "".join(SOURCE.format(key=path.strip("/"), url=server.url(path)) for path in paths)
    return House.build(tmp_path, sources="[fetch]\nretries = 0\n" + sources)


def counts(done) -> dict[str, int]:
    (stage,) = done["stages"]
    return stage["counts"]


def test_only_what_is_due_is_asked_and_now_asks_all_but_those_that_wait(tmp_path, server):
    server.routes |= {
        "/lab": Reply(feed().encode(), etag='"1"'),
        "/busy": Reply(status=429, headers={"Retry-After": "100000"}),
        "/broken": Reply(b"<html></html>"),
    }
    house = house_of(tmp_path, server, "/lab", "/busy", "/broken")
    fetch = ("fetch", "--date", "2026-02-20")
    # The host wants fewer requests: the one after it is spared.
    assert counts(house.json(*fetch)) | {"new": 0} == {
        "sources": 1, "unchanged": 0, "new": 0, "seen": 0, "updated": 0, "excluded": 0, "failed": 1,
        "spared": 1,
    }  # fmt: skip
    assert server.count("/broken") == 0
    assert counts(house.json(*fetch)) == {"not due": 2, "backing off": 1}
    assert len(server.requests) == 2
    assert counts(house.json(*fetch, "--now"))["unchanged"] == 1
    assert (server.count("/lab"), server.count("/busy")) == (2, 1)
    house.run("fetch", "--date", "2026-02-23")
    assert (server.count("/lab"), server.count("/busy"), server.count("/broken")) == (3, 2, 0)


def test_a_fetch_that_asks_nobody_says_when_and_how(tmp_path, server):
    server.routes["/lab"] = Reply(feed().encode())
    house = house_of(tmp_path, server, "/lab")
    fetch = ("fetch", "--date", "2026-02-20")
    assert "--now" not in house.run(*fetch).stdout
    told = house.run(*fetch).stdout.splitlines()
    due = next(row["next_due"] for row in house.json("source", "list")["sources"])
    zone = load_config(house.root / "slipway.toml").zone
    assert told[-1].startswith(f"the first is due {local(due, zone)}; `slipway fetch --now` asks at once")
    assert server.count("/lab") == 1


def test_a_refused_source_is_asked_as_soon_as_the_configuration_is_mended(tmp_path, server):
    server.routes["/lab"] = Reply(feed().encode())
    house = house_of(tmp_path, server, "/lab")
    toml = house.root / "slipway.toml"
    mended = toml.read_text()
    toml.write_text(mended.replace('allow = ["loopback"]\n', ""))
    fetch = ("fetch", "--date", "2026-02-20")
    for _ in range(3):
        assert "refused to fetch" in house.run(*fetch, code=None).stderr
    assert server.requests == []
    toml.write_text(mended)
    assert counts(house.json(*fetch))["sources"] == 1


def test_a_night_of_refusals_and_the_doctor_name_allow_and_not_the_network(tmp_path, server):
    server.routes["/lab"] = Reply(feed().encode())
    house = house_of(tmp_path, server, "/lab", "/news")
    toml = house.root / "slipway.toml"
    mended = toml.read_text()
    assert "refused" not in house.run("doctor", code=None).stdout
    toml.write_text(mended.replace('allow = ["loopback"]\n', "").replace("127.0.0.1", "localhost", 1))
    doctor = house.run("doctor", code=0).stdout
    assert "look   sources: lab will be refused: a name of the local network" in doctor
    assert "look   sources: news will be refused: loopback" in doctor
    assert 'allow = ["loopback"]' in doctor
    assert "2 configured" not in doctor
    told = house.run("fetch", "--date", "2026-02-20", code=1)
    assert "2 of 2 were refused" in told.stderr
    assert "`allow`" in told.stderr
    assert "is the network up?" not in told.stderr
    assert "2 failed, 2 refused addresses" in told.stdout
    assert server.requests == []


def test_what_is_refused_is_told_as_the_client_judges(tmp_path):
    config = load_config(
        House.build(
            tmp_path,
            sources='[fetch]\nallow = ["loopback"]\n'
            '[[sources]]\nkey = "a"\nurl = "http://127.0.0.1:1200/"\n[[sources]]\nkey = "b"\nurl = "http://localhost/"\n'
            '[[sources]]\nkey = "c"\nurl = "https://example.org/"\n[[sources]]\nkey = "d"\nurl = "http://[fd00::1]/"\nallow = ["private"]\n',
        ).root
        / "slipway.toml"
    )
    assert [one.keys for one in refused_as_written(config.sources, config.fetch)] == [("b",)]


def test_a_redirect_to_a_refused_address_backs_off(tmp_path, server):
    server.routes["/lab"] = redirect("http://10.0.0.1/feed")
    house = house_of(tmp_path, server, "/lab")
    for _ in range(3):
        house.run("fetch", "--date", "2026-02-20", code=None)
    assert server.count("/lab") == 1


def test_a_new_url_that_fails_at_first_is_not_sent_the_validators_of_the_old(tmp_path, server):
    server.routes |= {"/lab": Reply(feed().encode(), etag='"1"'), "/new": Reply(status=404)}
    house = house_of(tmp_path, server, "/lab")
    house.run("fetch", "--date", "2026-02-20")
    toml = house.root / "slipway.toml"
    toml.write_text(toml.read_text().replace("/lab", "/new"))
    for day in (21, 23):
        house.run("fetch", "--date", f"2026-02-{day}", code=None)
    assert [request.headers.get("if-none-match") for request in server.requests] == [None] * 3


def test_moved_and_gone_are_told_with_the_remedy(tmp_path, server):
    server.routes |= {
        "/old": redirect("/new", 301),
        "/new": Reply(feed().encode(), etag='"1"'),
        "/gone": Reply(status=410),
    }
    house = house_of(tmp_path, server, "/old", "/gone")
    told = [house.run("fetch", "--date", f"2026-02-2{day}", code=None).stderr for day in range(5)]
    assert "night 1 of 3" in told[0]
    assert f'url = "{server.url("/new")}"' in told[2]
    assert "slipway source enable gone" in told[1]
    doctor = house.run("doctor", code=None).stdout
    assert "gone is not asked any more" in doctor
    assert "slipway source enable gone" in doctor
    assert (server.count("/old"), server.count("/new"), server.count("/gone")) == (3, 5, 2)
    toml = house.root / "slipway.toml"
    toml.write_text(toml.read_text().replace("/old", "/new").replace("/gone", "/back"))
    server.routes["/back"] = Reply(feed().encode())
    assert "warning" not in house.run("fetch", "--date", "2026-02-25").stderr
    assert server.count("/back") == 1


def test_a_page_instead_of_the_feed_loses_nothing(tmp_path, server):
    house = house_of(tmp_path, server, "/lab")
    for day, reply in enumerate(
        (Reply(feed().encode(), etag='"1"'), Reply(b"<html></html>", etag='"2"'), Reply(b"", status=304, etag='"1"'))
    ):
        server.routes["/lab"] = reply
        house.run("fetch", "--date", f"2026-02-2{day}", code=None)
    assert [request.headers.get("if-none-match") for request in server.requests] == [None, '"1"', '"1"']
    assert len(house.json("inbox", "list")["items"]) == len(WORKS)


def test_the_doctor_misses_the_key_of_a_search(tmp_path, monkeypatch):
    search = 'key = "s"\nkind = "websearch"\nurl = "https://e.org/v1"\nqueries = ["x"]\napi = "openai"\nmodel = "m"\n'
    house = House.build(tmp_path, sources=f'[[sources]]\n{search}api_key_env = "SLIPWAY_TEST_KEY"\n')
    monkeypatch.delenv("SLIPWAY_TEST_KEY", raising=False)
    assert "s: the environment variable SLIPWAY_TEST_KEY is empty" in house.run("doctor", code=None).stdout
    monkeypatch.setenv("SLIPWAY_TEST_KEY", "sk-secret")
    told = house.run("doctor", code=None).stdout
    assert "SLIPWAY_TEST_KEY" not in told
    assert "sk-secret" not in told


def test_the_garbage_collector_is_given_back_as_it_was_even_after_a_bug(tmp_path, server):
    config = load_config(house_of(tmp_path, server, "/lab").root / "slipway.toml")
    before, seen = gc.get_threshold(), []

    def asks(*_, **__):
        seen.append((gc.get_threshold(), gc.get_freeze_count()))
        raise LookupError("a bug")

    clock = FixedClock(date(2026, 2, 20), config.zone)
    with App(config, clock, Console(quiet=True)) as app, pytest.raises(LookupError, match="a bug"):
        fetch(app, asks=asks)
    ((during, frozen),) = seen
    assert during > before
    assert frozen > 0
    assert (gc.get_threshold(), gc.get_freeze_count()) == (before, 0)
