"""What Slipway says: JSON that a terminal cannot be ruled by, lines that keep their blanks, and pages of long lists."""

from __future__ import annotations

import json
import sys

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway import console

TEXTS = st.text(st.one_of(st.sampled_from("\x1b\x07\x9b\x7f\u202e\u2066\u2028\ud800\\\"'\n 李é"), st.characters()))


@given(st.dictionaries(TEXTS, st.lists(TEXTS)))
def test_json_says_the_same_and_holds_nothing_that_a_terminal_obeys(document):
    written = console.json_text(document)
    assert json.loads(written) == document
    assert not set(written) & set(map(chr, [*range(10), *range(11, 32), *range(0x7F, 0xA0), *range(0x202A, 0x202F)]))
    written.encode("utf-8")


def test_readable_letters_stay():
    assert console.json_text({"a": "李雷 é 😀"}, indent=None) == '{"a": "李雷 é 😀"}'


@pytest.mark.parametrize(
    ("line", "shown"),
    [("  - b", "  - b"), ("    code\x1b[2J", "    code"), ("\tx", "x"), ("a  b", "a b"), ("", "")],
    ids=["a list", "an escape", "a tab", "within", "nothing"],
)
def test_a_line_keeps_the_blanks_it_begins_with(line, shown):
    assert console.plain_line(line) == shown


@pytest.mark.parametrize(
    ("is_terminal", "lines", "is_paged"), [(True, 100, True), (True, 5, False), (False, 100, False)]
)
def test_long_lists_are_paged_on_a_terminal_only(monkeypatch, capsys, is_terminal, lines, is_paged):
    paged = []
    monkeypatch.setenv("LINES", "24")
    monkeypatch.setattr(sys.stdout, "isatty", lambda: is_terminal, raising=False)
    monkeypatch.setattr(click, "echo_via_pager", paged.append)
    console.emit_lines(["x"] * lines)
    assert bool(paged) is is_paged
    assert (paged[0] if paged else capsys.readouterr().out) == "x\n" * lines
