"""Addresses that may be kept."""

from __future__ import annotations

import re
from urllib.parse import urljoin

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from ingest.reading import links
from ingest.reading.links import MAX_URL, absolute, distinct, is_finished

BASE = "https://example.org/blog/feed.xml"


@pytest.mark.parametrize(
    ("href", "expected"),
    [
        ("https://example.org/1", "https://example.org/1"),
        ("  https://example.org/1\n", "https://example.org/1"),
        ("/posts/1", "https://example.org/posts/1"),
        ("posts/2", "https://example.org/blog/posts/2"),
        ("//cdn.example.org/3", "https://cdn.example.org/3"),
        ("?p=4", "https://example.org/blog/feed.xml?p=4"),
        ("https://example.org/a b?c=d e", "https://example.org/a%20b?c=d%20e"),
        ("https://example.org/x/../../etc/passwd", "https://example.org/etc/passwd"),
        ("https://user:secret@example.org/1", "https://example.org/1"),
        ("https://例子.example/路", "https://例子.example/路"),
        ("http://0//.[", ""),
        ("", ""),
        ("javascript:alert(1)", ""),
        ("JaVaScRiPt:alert(1)", ""),
        ("java\nscript:alert(1)", ""),
        ("data:text/html,x", ""),
        ("file:///etc/passwd", ""),
        ("obsidian://open", ""),
        ("mailto:a@example.org", ""),
        ("http://[::1", ""),
        ("http://example.org:99x/", ""),
        ("http://", ""),
        ("https://example.org/\r\nX-Injected: 1", ""),
        ("https://example.org/\u202egnp.exe", ""),
        ("https://example.org/" + "a" * MAX_URL, ""),
    ],
)
def test_absolute(href: str, expected: str) -> None:
    assert absolute(href, BASE) == expected


def test_relative_without_a_base_is_no_address() -> None:
    assert absolute("/posts/1") == ""


@given(st.text(), st.sampled_from(["", BASE, "javascript:x", "http://[bad"]))
def test_absolute_never_raises_and_gives_http_only(href: str, base: str) -> None:
    found = absolute(href, base)
    assert found == "" or found.startswith(("http://", "https://"))


HREFS = st.one_of(
    st.from_regex(links._FINISHED, fullmatch=True),
    st.text("htps:/.?#&=%ab1-~;@[]", max_size=30).map("https://e.org/".__add__),
)
# What gives back what it has taken, and may try again.
PATIENT = re.compile(re.sub(r"(?<=[*+?}])\+(?=[^,])", "", links._FINISHED.pattern))


@given(st.one_of(HREFS, st.text("htps:/.?#a", max_size=12).map("http://".__add__)))
def test_nothing_finished_is_missed_for_haste(href: str) -> None:
    assert PATIENT.pattern.count("+") < links._FINISHED.pattern.count("+")
    assert is_finished(href) == (len(href) <= MAX_URL and PATIENT.fullmatch(href) is not None)


@given(
    st.lists(
        st.one_of(HREFS, st.sampled_from(["", "/1", "https://e.org/1", "https://e.org/1\n", "mailto:x"])), max_size=6
    )
)
@example(["https://e.org/1\nhttps://e.org/2"])
@example(["https://e.org/" + "a" * (MAX_URL - 15), "https://e.org/2"])
def test_many_addresses_are_read_as_each_is(hrefs: list[str]) -> None:
    found = (absolute(href, BASE) for href in hrefs)
    assert distinct(iter(hrefs), BASE) == list(dict.fromkeys(address for address in found if address))


@given(HREFS)
def test_a_finished_address_is_what_the_long_way_gives(href: str) -> None:
    if not is_finished(href):
        return
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(links, "is_finished", lambda _: False)
        assert absolute(href, BASE) == href
    assert all(urljoin(base, href) == href for base in (BASE, "http://x", "", "https://e.org/a?b#c"))
