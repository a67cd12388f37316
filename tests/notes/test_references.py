"""What a text points to: addresses however they are written, and the works that it names."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.markup import markdown
from notes.markup.references import found_in, unique

POINTS = [
    ("bare", "see https://e.org/a, and", ["https://e.org/a"]),
    ("in brackets", "(https://e.org/a)", ["https://e.org/a"]),
    ("with brackets of its own", "https://e.org/a_(b) x", ["https://e.org/a_(b)"]),
    ("a Markdown link", "[x](https://e.org/a 'title') y", ["https://e.org/a"]),
    ("an autolink", "<https://e.org/a?b=c&amp;d=e>", ["https://e.org/a?b=c&d=e"]),
    ("escaped", r"https://e.org/a\_b\_c", ["https://e.org/a_b_c"]),
    ("in Chinese", "見https://e.org/記憶。又見", ["https://e.org/記憶"]),
    ("of a definition", "[x][1]\n\n[1]: https://e.org/a\n", ["https://e.org/a"]),
    ("of an unused definition", "x\n\n[1]: https://e.org/a\n", ["https://e.org/a"]),
    ("in a table", "| a |\n|---|\n| https://e.org/a |\n", ["https://e.org/a"]),
    ("in HTML", '<div><a href="https://e.org/a">x</a></div>', ["https://e.org/a"]),
    ("an arXiv id by name", "cf. arXiv:2602.01234v2 [cs.LG].", ["https://arxiv.org/abs/2602.01234"]),
    ("an old arXiv id", "arXiv: quant-ph/0201082", ["https://arxiv.org/abs/quant-ph/0201082"]),
    ("a number that is none", "version 2602.01234", []),
    ("a DOI", "doi:10.1145/3442188.3445922.", ["https://doi.org/10.1145/3442188.3445922"]),
    ("a DOI's address", "https://doi.org/10.1145/3442188.3445922", ["https://doi.org/10.1145/3442188.3445922"]),
    ("twice in two forms", "https://arxiv.org/pdf/2602.01234v1 arXiv:2602.01234", ["https://arxiv.org/pdf/2602.01234v1"]),
    ("with and without its road", "https://e.org/a?utm_source=x https://www.e.org/a/", ["https://e.org/a?utm_source=x"]),
    ("in a code block", "```\nhttps://e.org/a\n```\n", []),
    ("another scheme", "ftp://e.org/a javascript:alert(1)", []),
    ("nothing", "10.5 of 2026", []),
]  # fmt: skip


@pytest.mark.parametrize(("text", "addresses"), [row[1:] for row in POINTS], ids=[row[0] for row in POINTS])
def test_what_a_text_points_to(text: str, addresses: list[str]) -> None:
    assert list(markdown.read(text).references) == addresses


def test_there_is_an_end_to_it() -> None:
    many = " ".join(f"https://e.org/{n}" for n in range(2000))
    assert len(markdown.read(many).references) == 500
    assert unique(["https://e.org/" + "x" * 5000]) == ()


@given(st.text(alphabet=st.sampled_from("https://e.org/10.1145/abc arXiv:2602.01234()[]<>_*\\\n記"), max_size=200))
def test_whatever_stands_there_is_read(text: str) -> None:
    for address in unique(found_in(text)):
        assert address.startswith(("https://", "http://"))
