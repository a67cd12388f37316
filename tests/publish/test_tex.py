from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from publish.sources.tex import inline, to_html, to_text


@pytest.mark.parametrize(
    ("tex", "html", "text"),
    [
        pytest.param(r"\tau^2", "τ<sup>2</sup>", "τ²", id="greek-and-power"),
        pytest.param(r"O(n \log n)", "<i>O</i>(<i>n</i>\u2009log\u2009<i>n</i>)", "O(n\u2009log\u2009n)", id="function-name"),
        pytest.param(r"x_{i,j}^{10}", "<i>x</i><sub><i>i</i>,<i>j</i></sub><sup>10</sup>", "x_(i,j)¹⁰", id="both-scripts"),
        pytest.param(r"\mathcal{L}_{\text{KL div}}", "<i>L</i><sub>KL div</sub>", "L_(KL div)", id="fonts"),
        pytest.param(r"\mathbf{x}", "<b>x</b>", "x", id="bold"),
        pytest.param(r"\mathbb{R}^d", "ℝ<sup><i>d</i></sup>", "ℝ^d", id="blackboard"),
        pytest.param(r"\frac{1}{n+1}", "1/(<i>n</i>+1)", "1/(n+1)", id="fraction"),
        pytest.param(r"\sqrt{d_k}", "√(<i>d</i><sub><i>k</i></sub>)", "√(d_k)", id="root"),
        pytest.param(r"\hat{y}", "<i>ŷ</i>", "ŷ", id="accent"),
        pytest.param("a<b", "<i>a</i> &lt; <i>b</i>", "a < b", id="relation-is-escaped"),
        pytest.param("10^{-3}", "10<sup>−3</sup>", "10⁻³", id="negative-power"),
        pytest.param("x^10", "<i>x</i><sup>1</sup>0", "x¹0", id="one-digit-is-the-argument"),
        pytest.param(r"90\%", "90%", "90%", id="escaped-sign"),
        pytest.param(r"a \, b \mid c", "<i>a</i>\u2009<i>b</i>∣<i>c</i>", "a\u2009b∣c", id="spaces"),
        pytest.param(r"\left( x \right)", "(<i>x</i>)", "(x)", id="sizes-are-dropped"),
        pytest.param(r"\| x \|", "‖<i>x</i>‖", "‖x‖", id="norm"),
        pytest.param(r"f'", "<i>f</i>′", "f′", id="prime"),
    ],
)  # fmt: skip
def test_it_sets_what_it_knows(tex: str, html: str, text: str):
    # Composed and decomposed accents look alike.
    import unicodedata

    assert unicodedata.normalize("NFC", to_html(tex) or "") == html
    assert unicodedata.normalize("NFC", to_text(tex) or "") == text


@pytest.mark.parametrize(
    "tex",
    [r"\unknown{x}", "{{{", "}", "x^", r"\frac{1}", r"\hat{xy}", "{" * 40 + "x" + "}" * 40, "x" * 500, r"\sqrt"],
)
def test_it_does_not_guess_at_the_rest(tex: str):
    assert to_html(tex) is None
    assert to_text(tex) is None


@given(st.text(alphabet="\\{}^_<>&\"' abx1αlpha$%|frc", max_size=60))
def test_nothing_but_its_own_tags_comes_out(tex: str):
    html = to_html(tex)
    if html is not None:
        assert not re.search(r"[<>]", re.sub(r"</?(?:i|b|sub|sup)>", "", html))


@pytest.mark.parametrize(
    ("text", "maths"),
    [
        pytest.param(r"$\tau^2$-Bench", [r"\tau^2"], id="at-the-start"),
        pytest.param("it costs $5 and $10", [], id="money"),
        pytest.param("between $x$ and $y$", ["x", "y"], id="two"),
        pytest.param("US$3 or $ x $", [], id="spaces-inside"),
        pytest.param(r"\$x$", [], id="escaped"),
    ],
)
def test_maths_is_told_from_money(text: str, maths: list[str]):
    pieces = list(inline(text))
    assert [piece for piece, is_maths in pieces if is_maths] == maths
    assert "".join(f"${piece}$" if is_maths else piece for piece, is_maths in pieces) == text
