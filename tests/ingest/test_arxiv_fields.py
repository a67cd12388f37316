r"""Author lists, TeX accents, categories and comments as arXiv writes them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.arxiv.fields import authors, categories, comment, untexed

ACCENTS = {
    r"Erd\H{o}s": "Erdős",
    r"GPT-4o\'s scores": "GPT-4o's scores",
    r"\'Swierad": "Świerad",
    r"M\"uller, Gr{\"o}bner": "Müller, Gröbner",
    r"{\'E}tienne": "Étienne",
    r"Mart\'{\i}n": "Martín",
    r"Mart\'\i n": "Martín",
    r"\v{S}koda \c{c} \k{a} \r{a}": "Škoda ç ą å",
    r"\o re \L{}ukasz {\ss}": "øre Łukasz ß",
    r"S{\~a}o": "São",
    r"in $\'x$ and $\alpha$ nothing": r"in $\'x$ and $\alpha$ nothing",
    r"\alpha \textbf{x} \cite{a}": r"\alpha \textbf{x} \cite{a}",
    r"he said \"quoted\"": r"he said \"quoted\"",
    "plain": "plain",
}


@pytest.mark.parametrize(("text", "expected"), ACCENTS.items(), ids=ACCENTS.keys())
def test_tex_accents_are_letters(text: str, expected: str) -> None:
    assert untexed(text) == expected


@given(st.text(alphabet="\\'\"{}$ abcHuvioLs~^`", max_size=60))
def test_accents_of_any_text_are_done_once(text: str) -> None:
    once = untexed(text)
    assert unicodedata.is_normalized("NFC", once)
    assert len(once) <= len(text)


NAMES = {
    "one string": ("A. Author, B. Author and C. Author", ("A. Author", "B. Author", "C. Author")),
    "Oxford comma": ("A. Author, B. Author, and C. Author", ("A. Author", "B. Author", "C. Author")),
    "affiliations": ("A. Author (1 and 2), B. Author (Univ. of X (Y)) ((1) Ohio, (2) MIT)", ("A. Author", "B. Author")),
    "suffixes": ("S. Davis, Jr., H. Ford III", ("S. Davis Jr.", "H. Ford III")),
    "collaboration": ("ATLAS Collaboration: G. Aad, B. Abbott", ("ATLAS Collaboration", "G. Aad", "B. Abbott")),
    "et al.": ("A. Author, et al.", ("A. Author",)),
    "accents": (r"Ren\'e Descartes and P. Erd\H{o}s", ("René Descartes", "P. Erdős")),
    "folded lines": ("A. Author,\n  B. Author", ("A. Author", "B. Author")),
    "and within a name": ("Alessandro Brandt, Roland Anderson", ("Alessandro Brandt", "Roland Anderson")),
    "twice": ("A. Author, A. Author", ("A. Author",)),
    "nothing": (" ", ()),
    "brackets that never close": ("A. Author (((((((((( B", ("A. Author (((((((((( B",)),
}


@pytest.mark.parametrize(("text", "expected"), NAMES.values(), ids=NAMES.keys())
def test_author_lists(text: str, expected: tuple[str, ...]) -> None:
    assert authors(text) == expected


def test_categories_by_arxivs_own_names() -> None:
    given_names = [
        "cs.LG",
        "math.IT",
        "cs.IT",
        "68T45 (Machine vision)",
        "I.2.10; I.4.8",
        "cond-mat.mes-hall",
        "hep-th",
    ]
    assert categories(given_names) == ("cs.LG", "cs.IT", "cond-mat.mes-hall", "hep-th")


def test_comment_and_journal() -> None:
    assert comment("12 pages,\n 3 figures", "J. X 1") == "12 pages, 3 figures; J. X 1"
    assert comment("", "") == ""
