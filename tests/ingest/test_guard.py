"""What may be fetched: the address as written, what its name resolves to, and what a source's allowance opens."""

from __future__ import annotations

import ipaddress
import json
import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.web import guard, spelling
from ingest.web.guard import Resolver, addresses_of, allowance, refusal, system_resolver, target_of
from notes.errors import ConfigError, FetchError, RefusedError, SourceError


def resolving(*answers: str) -> Resolver:
    """A resolver that gives literals back and ``answers`` for every name."""

    def resolve(host: str, port: int) -> Sequence[str]:
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            return answers

    return resolve


@pytest.mark.parametrize(
    ("address", "why"),
    [
        ("1.1.1.1", ""),
        ("2606:4700:4700::1111", ""),
        ("::ffff:8.8.8.8", ""),
        ("64:ff9b::8.8.8.8", ""),
        ("127.0.0.1", "loopback"),
        ("::1", "loopback"),
        ("::ffff:127.0.0.1", "loopback"),
        ("64:ff9b::127.0.0.1", "loopback"),
        ("10.1.2.3", "private"),
        ("fd00::5", "private"),
        ("169.254.169.254", "link-local"),
        ("fe80::1", "link-local"),
        ("fe80::1%2", "one network link"),
        ("168.63.129.16", "cloud"),
        ("100.100.100.200", "shared"),
        ("198.18.0.7", "benchmarking"),
        ("224.0.0.1", "multicast"),
        ("ff02::1", "multicast"),
        ("255.255.255.255", "reserved"),
        ("2002:7f00:1::1", "6to4"),
        ("3fff::1", "documentation"),
        ("::127.0.0.1", "global unicast"),
        ("fec0::1", "global unicast"),
        ("64:ff9b:1::1", "global unicast"),
        ("no address", "no address"),
    ],
)
def test_refusal(address: str, why: str) -> None:
    found = refusal(address)
    assert why in found if why else found == ""


@pytest.mark.parametrize(
    ("allow", "address", "is_open"),
    [
        (("loopback",), "127.0.0.1", True),
        (("loopback",), "::1", True),
        (("loopback",), "::ffff:127.0.0.1", True),
        (("loopback",), "10.0.0.1", False),
        (("192.168.1.0/24",), "192.168.1.20", True),
        (("192.168.1.0/24",), "192.168.2.20", False),
        (("192.168.1.7",), "192.168.1.7", True),
        (("fake-ip",), "198.18.0.7", True),
        (("private", "loopback"), "fd00::5", True),
        (("private",), "169.254.169.254", False),
        (("0.0.0.0/0",), "fe80::1%2", False),
    ],
)
def test_an_allowance_opens_its_ranges_only(allow: tuple[str, ...], address: str, is_open: bool) -> None:
    assert (refusal(address, allowance(allow)) == "") is is_open


@pytest.mark.parametrize("word", ["localhost", "10.0.0.1/8", "", "private!"])
def test_an_allowance_that_is_none_is_a_configuration_error(word: str) -> None:
    with pytest.raises(ConfigError, match="allow"):
        allowance((word,))


@pytest.mark.parametrize(
    ("url", "whole"),
    [
        ("HTTPS://Feeds.Example.ORG:443/Feed.XML?a=1#x", "https://feeds.example.org/Feed.XML?a=1"),
        ("http://feeds.example.org", "http://feeds.example.org/"),
        ("http://feeds.example.org?x", "http://feeds.example.org/?x"),
        ("http://feeds.example.org.:8080/日报.xml", "http://feeds.example.org:8080/%E6%97%A5%E6%8A%A5.xml"),
        ("https://bücher.example.org/a%20b", "https://xn--bcher-kva.example.org/a%20b"),
        ("http://[2606:4700:4700:0::1111]:8443/", "http://[2606:4700:4700::1111]:8443/"),
    ],
)
def test_target_of_a_good_address(url: str, whole: str) -> None:
    assert target_of(url).url == whole


def test_what_a_refusal_says_of_credentials_holds_none() -> None:
    with pytest.raises(RefusedError) as caught:
        target_of("https://user:secret@feeds.example.org/feed.xml")
    assert "secret" not in caught.value.message


def test_a_name_of_the_local_network_needs_an_allowance() -> None:
    with pytest.raises(RefusedError):
        target_of("http://rsshub:1200/x")
    target = target_of("http://rsshub:1200/x", allowance(["private"]))
    assert addresses_of(target, allowance(["private"]), resolving("192.168.1.20")) == ("192.168.1.20",)
    with pytest.raises(RefusedError):
        addresses_of(target, allowance(["private"]), resolving("127.0.0.1"))


@pytest.mark.parametrize(
    "url", ["http://१२७.०.०.१/", "http://2130706433/", f"http://a.org/{'x' * 9_000}", "http://a.org:22/"]
)
def test_forms_that_are_refused(url: str) -> None:
    with pytest.raises(RefusedError):
        target_of(url)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("http://a.org/1", "http://a.org/2", True),
        ("http://a.org/1", "https://a.org/1", True),
        ("https://a.org/1", "http://a.org/1", False),
        ("http://a.org/1", "http://b.org/1", False),
        ("http://a.org:8080/1", "http://a.org:9090/1", False),
    ],
)
def test_the_same_place(one: str, other: str, same: bool) -> None:
    assert target_of(one).is_same_place(target_of(other)) is same


def test_a_name_that_is_unknown_is_a_fetch_error() -> None:
    def unknown(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    with pytest.raises(FetchError, match="cannot be resolved"):
        addresses_of(target_of("http://feeds.example.org/"), (), unknown)


def test_the_systems_resolver() -> None:
    assert "127.0.0.1" in system_resolver("127.0.0.1", 80)


def test_the_table_says_of_each_edge_what_its_ranges_say() -> None:
    tables = [(ipaddress.IPv4Network(net), why) for why, nets in guard._REFUSED_V4.items() for net in nets]
    edges = {int(end) for net, _ in tables for end in (net.network_address, net.broadcast_address)}
    near = {number for edge in edges for number in (edge - 1, edge, edge + 1)} | {0, 2**32 - 1}
    for number in sorted(number for number in near if 0 <= number < 2**32):
        address = ipaddress.IPv4Address(number)
        assert [refusal(str(address))] == ([why for net, why in tables if address in net] or [""]), address


@given(st.text(st.sampled_from("htps:/\\@[]0127.fx%a-日①\u200b\t #?"), max_size=40))
def test_target_of_refuses_or_gives_a_public_form(url: str) -> None:
    try:
        target = target_of(f"http://{url}")
    except RefusedError:
        return
    assert target.host.isascii()
    assert not target.host.endswith((".", "localhost"))
    assert target_of(target.url) == target


URLS = st.from_regex(
    r"(?:https?|HTTP|ftp)://[a-zA-Z0-9.@:é\[\]-]{0,12}(?::[0-9]{0,6})?(?:[/?#][a-zA-Z0-9_.~/?%:@!$&'()*+,;=\[\]|\\\\\"<> é#-]{0,12})?",
    fullmatch=True,
)


@given(URLS)
@example("http://a.example/" + "x" * 9_000)
@example("http://a.example/\n")
@example("http://a.example:/")
@example("https://a.example")
def test_an_address_seen_at_one_look_is_taken_apart_as_by_all_rules(url: str) -> None:
    def looked_at(plain: re.Pattern[str]) -> object:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(spelling, "_PLAIN", plain)
            try:
                return spelling.parts_of(url)
            except RefusedError as error:
                return str(error)

    assert looked_at(spelling._PLAIN) == looked_at(re.compile(r"(?!)"))


def test_shared_addresses(shared: Callable[[str], Path]) -> None:
    """Every row that one look can judge; redirects and changing answers are judged by the client's tests."""
    lines = (shared("security") / "ssrf.jsonl").read_text(encoding="utf-8").split("\n")
    rows = [json.loads(line) for line in lines if line]
    looked_at = [row for row in rows if row["group"] != "redirect" and "resolves_to_then" not in row]
    assert len(looked_at) > 500
    assert [row for row in looked_at if _judgement(row) != row["expect"]] == []


def _judgement(row: dict[str, Any]) -> str:
    try:
        addresses_of(target_of(row["url"]), (), resolving(*row.get("resolves_to", ["93.184.215.14"])))
    except SourceError:
        return "refuse"
    return "allow"


@given(
    st.lists(st.from_regex(r"0?[0-9]{1,3}", fullmatch=True), min_size=3, max_size=5), st.sampled_from(["", ".", "\n"])
)
@example(["1", "2", "3", "255"], "")
def test_four_numbers_are_taken_as_they_stand_where_ipaddress_writes_them_so(parts: list[str], end: str) -> None:
    written = ".".join(parts) + end
    try:
        is_plain = str(ipaddress.IPv4Address(written)) == written
    except ValueError:
        is_plain = False
    assert bool(guard._DOTTED.fullmatch(written)) is is_plain
