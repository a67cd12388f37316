"""Proxies: which one is meant, and requests through a real one on loopback."""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Iterator, Sequence
from pathlib import Path
from threading import Event
from typing import Any

import pytest

from ingest.web import transport
from ingest.web.client import HttpClient, Limits
from ingest.web.guard import target_of
from ingest.web.proxy import Proxies, Proxy, proxies_of
from notes.errors import ConfigError, FetchError, RefusedError
from tests.proxying import Certificate, ProxyServer, certificate
from tests.serving import Reply, ScriptedServer, redirect

PUBLIC = "93.184.215.14"
FEED = Reply(b"<rss/>")
VARIABLES = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (*VARIABLES, *map(str.lower, VARIABLES), "REQUEST_METHOD"):
        monkeypatch.delenv(name, raising=False)


# ---- which proxy


@pytest.mark.parametrize(
    ("address", "proxy"),
    [
        ("http://127.0.0.1:7890", Proxy("http", "127.0.0.1", 7890)),
        ("https://proxy.example.org", Proxy("https", "proxy.example.org", 443)),
        ("http://[::1]:3128/", Proxy("http", "::1", 3128)),
        ("http://me:p%40ss@p:1", Proxy("http", "p", 1, "Basic " + b64encode(b"me:p@ss").decode())),
    ],
)
def test_an_address(address: str, proxy: Proxy) -> None:
    assert proxies_of(address) == Proxies({"http": proxy, "https": proxy})


@pytest.mark.parametrize(
    "address",
    [
        "socks5://127.0.0.1:1080",
        "ftp://p:1",
        "http://",
        "http://u:secret@:1",
        "http://secret@[x",
        "http://p:secret",
        "me:secret@p:1",
        "environ",
    ],
)
def test_what_is_no_address_is_said_without_showing_it(address: str) -> None:
    with pytest.raises(ConfigError) as caught:
        HttpClient(Limits(proxy=address))
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_a_password_is_in_no_text_of_a_proxy() -> None:
    address = "http://me:secret@127.0.0.1:1"
    shown = f"{proxies_of(address)!r} {Limits(proxy=address)!r}"
    assert "Basic" not in shown
    assert "secret" not in shown


ENVIRONMENT = {
    "HTTP_PROXY": "one:1",
    "https_proxy": "http://two:2",
    "NO_PROXY": "rss.example.org, .example.net,10.0.0.0/8, a.org:8080",
}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("http://feeds.example.org/", "one"),
        ("https://feeds.example.org/", "two"),
        ("http://rss.example.org/", ""),
        ("https://www.rss.example.org/", ""),
        ("http://www.example.net/", ""),
        ("http://anexample.net/", "one"),
        ("http://11.0.0.1/", "one"),
        ("http://a.org/", "one"),
        ("http://a.org:8080/", ""),
    ],
)
def test_the_environment(url: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    found = proxies_of("environment").proxy_for(target_of(url))
    assert (found.host if found else "") == host
    assert proxies_of("").proxy_for(target_of(url)) is None  # unless configured, the environment says nothing


@pytest.mark.parametrize(("no_proxy", "is_used"), [("*", False), ("", True), (",", True), ("*.example.org", False)])
def test_no_proxy(no_proxy: str, is_used: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://all:1")
    monkeypatch.setenv("NO_PROXY", no_proxy)
    assert (proxies_of("environment").proxy_for(target_of("https://feeds.example.org/")) is not None) is is_used


def test_a_range_of_no_proxy_holds_addresses() -> None:
    proxies = Proxies({"http": Proxy("http", "one", 1)}, "127.0.0.0/8,[2606:4700::]/32,nonsense/99")
    assert proxies.proxy_for(target_of("http://1.1.1.1/")) is not None
    assert Proxies(proxies.by_scheme, "1.1.0.0/16").proxy_for(target_of("http://1.1.1.1/")) is None


# ---- through a real one


@pytest.fixture
def world() -> Iterator[ScriptedServer]:
    with ScriptedServer({"/feed": FEED}) as running:
        yield running


@pytest.fixture
def proxy(world: ScriptedServer) -> Iterator[ProxyServer]:
    with ProxyServer(world.port) as running:
        yield running


def unknown(host: str, port: int) -> Sequence[str]:
    """Our own resolver, behind the wall: it knows the machine itself and nothing of the world."""
    if host in {"127.0.0.1", "localhost"}:
        return ("127.0.0.1",)
    raise OSError("Name or service not known")


def client(proxy: ProxyServer | str, resolver: Any = unknown, **limits: Any) -> HttpClient:
    address = proxy if isinstance(proxy, str) else f"http://127.0.0.1:{proxy.port}"
    return HttpClient(Limits(retries=0, proxy=address, **limits), sleep=lambda _: None, resolver=resolver)


def test_http_goes_as_a_whole_address(proxy: ProxyServer, world: ScriptedServer) -> None:
    response = client(proxy).get("http://feeds.example.org/feed?a=1", headers={"if-none-match": '"1"'})
    assert (response.body, response.url) == (b"<rss/>", "http://feeds.example.org/feed?a=1")
    (asked,) = proxy.requests
    assert (asked.method, asked.target) == ("GET", "http://feeds.example.org/feed?a=1")
    assert asked.headers["host"] == "feeds.example.org"
    assert "proxy-authorization" not in asked.headers
    assert world.requests[0].headers["if-none-match"] == '"1"'


def test_a_post_goes_through_it_too(proxy: ProxyServer) -> None:
    assert client(proxy).get("http://feeds.example.org:8080/feed").status == 200
    assert proxy.requests[0].headers["host"] == "feeds.example.org:8080"


@pytest.fixture
def trusted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Certificate:
    made = certificate(tmp_path)
    if made is None:
        pytest.skip("no openssl here: nothing to speak TLS with")
    monkeypatch.setattr(transport, "_tls", made.client)
    return made


def test_https_goes_through_a_tunnel(trusted: Certificate) -> None:
    with ScriptedServer({"/feed": FEED}, tls=trusted.server()) as world, ProxyServer(world.port) as proxy:
        response = client(proxy).get("https://feeds.example.org/feed")
        assert (response.body, response.url) == (b"<rss/>", "https://feeds.example.org/feed")
        (asked,) = proxy.requests
        assert (asked.method, asked.target, asked.headers) == (
            "CONNECT",
            "feeds.example.org:443",
            {"host": "feeds.example.org:443"},
        )
        with pytest.raises(FetchError, match="certificate"):
            client(proxy).get("https://other.example.org/feed")


def test_https_to_the_proxy_itself(trusted: Certificate) -> None:
    with (
        ScriptedServer({"/feed": FEED}, tls=trusted.server()) as world,
        ProxyServer(world.port, tls=trusted.server()) as proxy,
    ):
        address = f"https://127.0.0.1:{proxy.port}"
        assert client(address).get("https://feeds.example.org/feed").body == b"<rss/>"
    with ScriptedServer({"/feed": FEED}) as world, ProxyServer(world.port, tls=trusted.server()) as proxy:
        assert client(f"https://127.0.0.1:{proxy.port}").get("http://feeds.example.org/feed").body == b"<rss/>"


# ---- passwords


SECRET = b64encode(b"me:secret").decode()


def test_a_password_goes_to_the_proxy_and_no_further(world: ScriptedServer, trusted: Certificate) -> None:
    with ProxyServer(world.port, password=SECRET) as proxy:
        address = f"http://me:secret@127.0.0.1:{proxy.port}"
        assert client(address).get("http://feeds.example.org/feed").status == 200
        with ScriptedServer({"/feed": FEED}, tls=trusted.server()) as safe:
            proxy.world = safe.port
            assert client(address).get("https://feeds.example.org/feed").status == 200
            asked = [*world.requests, *safe.requests]
    assert [name for request in asked for name in request.headers if "authorization" in name] == []
    assert [request.headers["proxy-authorization"] for request in proxy.requests] == [f"Basic {SECRET}"] * 2


@pytest.mark.parametrize("url", ["http://feeds.example.org/feed", "https://feeds.example.org/feed"])
def test_a_wrong_password(url: str, world: ScriptedServer) -> None:
    with ProxyServer(world.port, password=SECRET) as proxy, pytest.raises(FetchError, match="407") as caught:
        client(f"http://me:wrong@127.0.0.1:{proxy.port}").get(url).require_ok()
    assert "password" in caught.value.hint
    assert "wrong" not in str(caught.value)


@pytest.mark.parametrize("url", ["http://feeds.example.org/feed", "https://feeds.example.org/feed"])
def test_a_proxy_that_is_gone(url: str, world: ScriptedServer) -> None:
    with ProxyServer(world.port) as proxy:
        address = f"http://me:secret@127.0.0.1:{proxy.port}"
    with pytest.raises(FetchError, match=r"the proxy 127\.0\.0\.1") as caught:
        client(address).get(url)
    assert "secret" not in f"{caught.value} {caught.value.hint}"


def test_a_proxy_that_cannot_be_found() -> None:
    with pytest.raises(FetchError, match=r"the proxy nowhere\.lan:1 cannot be resolved"):
        client("http://nowhere.lan:1").get("http://feeds.example.org/feed")


def test_a_proxy_that_reaches_nothing(world: ScriptedServer) -> None:
    with ProxyServer(world.port, refuses=True) as proxy:
        with pytest.raises(FetchError, match="answered 502 for feeds"):
            client(proxy).get("https://feeds.example.org/feed")
        assert client(proxy).get("http://feeds.example.org/feed").status == 502


# ---- what is still judged


REFUSED_ALL_THE_SAME = [
    *("http://127.0.0.1/", "http://[::1]/", "http://10.0.0.1/", "http://169.254.169.254/", "http://2130706433/"),
    *("http://localhost/", "http://intranet/", "http://printer.local/", "http://a.org:22/", "http://u:p@a.org/"),
]


@pytest.mark.parametrize("url", REFUSED_ALL_THE_SAME)
def test_what_can_be_judged_is_judged(url: str, proxy: ProxyServer, world: ScriptedServer) -> None:
    world.routes["/away"] = redirect(url)
    with pytest.raises(RefusedError):
        client(proxy).get(url)
    with pytest.raises(RefusedError):
        client(proxy).get("http://feeds.example.org/away")
    assert [asked.target for asked in proxy.requests] == ["http://feeds.example.org/away"]


def test_our_own_resolver_is_heard_where_it_answers(proxy: ProxyServer) -> None:
    with pytest.raises(RefusedError, match="private"):
        client(proxy, lambda host, port: ("10.0.0.1",)).get("http://feeds.example.org/feed")
    assert proxy.requests == []
    assert (
        client(proxy, lambda host, port: (PUBLIC,) if "feeds" in host else ("127.0.0.1",))
        .get("http://feeds.example.org/feed")
        .status
        == 200
    )


def test_the_proxys_own_address_is_no_feed(proxy: ProxyServer) -> None:
    with pytest.raises(RefusedError, match="loopback"):
        client(proxy).get(f"http://127.0.0.1:{proxy.port}/feed")
    assert proxy.requests == []


def test_the_users_own_network_is_reached_without_it(proxy: ProxyServer, world: ScriptedServer) -> None:
    assert client(proxy).get(world.url("/feed"), allow=("loopback",)).status == 200
    assert (proxy.requests, world.connections) == ([], 1)


def test_a_resolver_that_hangs_costs_little(proxy: ProxyServer, monkeypatch: pytest.MonkeyPatch) -> None:
    never = Event()
    monkeypatch.setattr(transport, "_PROXIED_LOOKUP_S", 0.01)

    def hanging(host: str, port: int) -> Sequence[str]:
        never.wait(30)
        return ()

    impatient = client(proxy, hanging)
    for _ in range(40):  # more than may hang at once
        assert impatient.get("http://feeds.example.org/feed").status == 200
    never.set()
