"""TeX in prose is read, formulas stay."""

from __future__ import annotations

import time

import pytest

from notes.quantities.numbers import values
from publish.sources.readable import has_markup, readable


@pytest.mark.parametrize(
    ("tex", "shown"),
    [
        (r"\textbf{LUMA} (\textit{\textbf{L}ow-dimension})", "LUMA (Low-dimension)"),
        (r"{\em exact} recall", "exact recall"),
        (r"98.5\% of R\&D", "98.5% of R&D"),
        (r"1.4$\times$ faster", "1.4× faster"),
        (r"a gain of $+5.2\%$ in all", "a gain of +5.2% in all"),
        (r"runs in $O(n^2)$ time", r"runs in $O(n^2)$ time"),
        (r"we write ``quoted'' text", "we write “quoted” text"),
        (r"see Fig.~3 and about ~10%", "see Fig. 3 and about ~10%"),
        ("it costs $5 and earns $10 a day", "it costs $5 and earns $10 a day"),
        ("plain text", "plain text"),
        ("C$^3$B: a $C$ross-cultural benchmark", "C³B: a Cross-cultural benchmark"),
        (r"A\textsuperscript{2}FM, H\textsubscript{2}O and the 2\textsuperscript{nd}", "A²FM, H₂O and the 2nd"),
        (r"$\pi^3$: learning, or $π^3$, of $x^2$", "π³: learning, or π³, of $x^2$"),
        (r"\unknown{x} stays", r"\unknown{x} stays"),
    ],
)
def test_readable(tex, shown):
    assert readable(tex) == shown


@pytest.mark.parametrize(
    "tex", [r"\textbf{90} of 100 and $\sim$5", r"1.4$\times$", r"$+5.2\%$", r"about ~10\% at $3.5$"]
)
def test_no_number_is_lost(tex):
    assert sorted(values(readable(tex))) == sorted(values(tex))


def test_markup_left_over_is_seen():
    assert has_markup(r"\cite{x} shows")
    assert not has_markup(r"in $\mathcal{O}(n)$ time")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a 10--30% reduction", "a 10–30% reduction"),
        ("across scenarios -- including short ones", "across scenarios — including short ones"),
        ("data (small) --- and more", "data (small) — and more"),
        ("run it with --upgrade", "run it with --upgrade"),
        ("| --- | -- |", "| --- | -- |"),
        ("pre--trained", "pre--trained"),
    ],
)
def test_dashes_of_tex_are_dashes(text, shown):
    assert readable(text) == shown
    assert readable(shown) == shown


@pytest.mark.parametrize("text", [r"\textbf{" * 10_000 + "a" + "}" * 10_000, "$a$" * 70_000])
def test_maths_and_fonts_take_time_in_proportion_to_the_text(text):
    started = time.process_time()
    assert "a" in readable(text)
    assert time.process_time() - started < 10.0
