"""Addresses that may be kept."""

from __future__ import annotations

from urllib.parse import urljoin

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.reading import links
from ingest.reading.links import MAX_URL, absolute, is_finished

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


@given(
    st.one_of(
        st.from_regex(links._FINISHED, fullmatch=True),
        st.text("htps:/.?#&=%ab1-~;@[]", max_size=30).map("https://e.org/".__add__),
    )
)
def test_a_finished_address_is_what_the_long_way_gives(href: str) -> None:
    if not is_finished(href):
        return
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(links, "is_finished", lambda _: False)
        assert absolute(href, BASE) == href
    assert all(urljoin(base, href) == href for base in (BASE, "http://x", "", "https://e.org/a?b#c"))
