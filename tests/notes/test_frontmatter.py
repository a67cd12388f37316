"""Frontmatter: nothing raises when read, nothing changes its type when written."""

from __future__ import annotations

import json
import os
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import frontmatter as python_frontmatter
import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from notes.files import frontmatter, yaml_properties

SHARED = os.environ.get("SLIPWAY_DATA", "")
needs_data = pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set")


@pytest.fixture(params=["CSafeLoader", "SafeLoader"])
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both of PyYAML's parsers: not every machine has libyaml."""
    monkeypatch.setattr(yaml_properties, "_Loader", getattr(yaml, request.param))


# --- reading ---

BLOCKS = [
    ("good", "---\ntitle: ok\n---\nbody\n", {"title": "ok"}, "body\n"),
    ("none", "no frontmatter\n", {}, "no frontmatter\n"),
    ("empty file", "", {}, ""),
    ("empty block", "---\n---\n", {}, ""),
    ("blank block", "---\n\n---\nx", {}, "x"),
    ("null", "---\nnull\n---\nx", {}, "x"),
    ("byte order mark", "\ufeff---\ntitle: ok\n---\nbody\n", {"title": "ok"}, "body\n"),
    ("CRLF", "---\r\ntitle: ok\r\n---\r\nbody\r\n", {"title": "ok"}, "body\n"),
    ("blanks behind the marks", "--- \ntitle: ok\n---\t\nbody", {"title": "ok"}, "body"),
    ("ends at the mark", "---\ntitle: ok\n---", {"title": "ok"}, ""),
    ("never closed", "---\ntitle: x\n\nbody", {}, "---\ntitle: x\n\nbody"),
    ("four dashes", "----\ntitle: x\n----\n", {}, "----\ntitle: x\n----\n"),
    ("blank line first", "\n---\ntitle: x\n---\n", {}, "\n---\ntitle: x\n---\n"),
    ("TOML", '+++\ntitle = "x"\n+++\nbody', {"title": "x"}, "body"),
    ("TOML with CRLF and a mark", "\ufeff+++\r\na = 1\r\n+++\r\n", {"a": 1}, ""),
    ("TOML never closed", "+++\na = 1\n", {}, "+++\na = 1\n"),
    ("JSON is body", '{"a": 1}\n\nx', {}, '{"a": 1}\n\nx'),
    ("dashes in a block scalar", "---\nt: |\n  ---\n  x\n---\nb", {"t": "---\nx\n"}, "b"),
    ("two blocks", "---\na: 1\n---\n---\nb: 2\n---\n", {"a": 1}, "---\nb: 2\n---\n"),
    ("a comment", "---\na: 1 # why\n# b\n---\n", {"a": 1}, ""),
    ("alias", "---\na: &x [1]\nb: *x\n---\n", {"a": [1], "b": [1]}, ""),
    ("keys that are no strings", "---\n1: a\nno: b\n---\n", {"1": "a", "no": "b"}, ""),
    ("standard tags", "---\na: !!str 12\nb: !!int 3\n---\n", {"a": "12", "b": 3}, ""),
    ("nested", "---\na: {b: [c]}\n---\n", {"a": {"b": ["c"]}}, ""),
]


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(("text", "properties", "body"), [row[1:] for row in BLOCKS], ids=[row[0] for row in BLOCKS])
def test_read(text: str, properties: dict[str, object], body: str) -> None:
    assert frontmatter.read(text) == (properties, body, "")


SCALARS = [
    ("true", True),
    ("False", False),
    ("yes", "yes"),
    ("no", "no"),
    ("~", None),
    ("", None),
    ("12", 12),
    ("-3", -3),
    ("007", "007"),
    ("1_000", "1_000"),
    ("0x1F", "0x1F"),
    ("0.86", 0.86),
    ("1.5e3", 1500.0),
    ("1.10", "1.10"),
    ("2.0", 2.0),
    ("007.5", "007.5"),
    ("1e3", "1e3"),
    (".5", ".5"),
    (".inf", ".inf"),
    ("2602.01230", "2602.01230"),
    ("2602.1230", "2602.1230"),
    ("12:30:45", "12:30:45"),
    ("2026-02-20", date(2026, 2, 20)),
    ("2026-2-3", "2026-2-3"),
    ("2026-W08", "2026-W08"),
    ("2026-02-20T08:00:00Z", datetime(2026, 2, 20, 8, tzinfo=UTC)),
    ("2026-02-20 08:00", datetime(2026, 2, 20, 8)),
    ("2026-02-20T08:00:00+08:00", datetime(2026, 2, 20, 8, tzinfo=timezone(timedelta(hours=8)))),
    ("=", "="),
    ("'12'", "12"),
    ("[[a]]", [["a"]]),
]


@pytest.mark.parametrize(("plain", "value"), SCALARS)
def test_scalars_become_something_else_only_in_their_clean_form(plain: str, value: object) -> None:
    properties, _, trouble = frontmatter.read(f"---\nk: {plain}\n---\n")
    assert (properties, trouble) == ({"k": value}, "")
    assert type(properties["k"]) is type(value)


def test_pyyaml_alone_would_change_an_arxiv_id() -> None:
    assert yaml.safe_load("k: 2602.01230") == {"k": 2602.0123}, "the positive control"


TROUBLE = [
    ("unclosed quote", "title: 'x", "line"),
    ("a list", "- a\n- b", "not a list of properties"),
    ("a scalar", "just text", "not a list of properties"),
    ("a list as a key", "? [a, b]\n: c", "not a plain word"),
    ("Python object", "t: !!python/object/apply:os.system ['id']", "is not known"),
    ("unknown type", "t: !custom x", "is not known"),
    ("self-reference", "a: &a\n  self: *a", "stands for nothing"),
    ("lost alias", "a: *b", "stands for nothing"),
    ("surrogate", 't: "\\ud800"', ""),
    ("NUL", "t: a\0b", "characters are not allowed"),
    ("ESC", "t: a\x1bb", "characters are not allowed"),
    ("too long", "t: " + "x" * 300_000, "longer than"),
    ("deep in flow", "x: " + "[" * 1000, "too deeply"),
    ("deep in maps", "{a: " * 1000, "too deeply"),
    ("deep in dashes", "- " * 100_000 + "x", "too deeply"),
    ("deep by indentation", "".join(" " * n + "a:\n" for n in range(300)), "too deeply"),
]


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(("source", "words"), [row[1:] for row in TROUBLE], ids=[row[0] for row in TROUBLE])
def test_what_cannot_be_read_is_trouble_and_no_exception(source: str, words: str) -> None:
    properties, body, trouble = frontmatter.read(f"---\n{source}\n---\nbody")
    assert trouble
    assert words in trouble
    assert (properties, body) == ({}, "body")


SALVAGED = [
    ("unquoted colon", "title: a: b", {"title": "a: b"}),
    ("the line above", "a: 1\ntitle: 'x", {"a": 1}),
    ("the line below", "tags: [a, b\nid: y", {"id": "y"}),
    ("lists and scalars go on", "tags:\n  - a\n  - b\nt: |\n  x: y\nbad: @x", {"tags": ["a", "b"], "t": "x: y\n"}),
    ("no alias over the break", "a: &a [x]\nb: *a\nc: {", {"a": ["x"]}),
    ("no types", "t: !custom x\nid: y", {"id": "y"}),
    ("no control characters", "id: y\nt: a\0b", {"id": "y"}),
    ("a tab for a blank", "\ttitle: x", {"title": "x"}),
    ("a number of 400 digits", "n: " + "9" * 400, {"n": "9" * 400}),
    ("a number of 5,000 digits", "id: y\nn: " + "9" * 5000, {"id": "y"}),
    ("a day that is none", "id: y\nd: 2026-02-30", {"id": "y", "d": "2026-02-30"}),
    ("an offset that is none", "d: 2026-02-20T08:00:00+99:00", {"d": "2026-02-20T08:00:00+99:00"}),
]


@pytest.mark.usefixtures("loader")
@pytest.mark.parametrize(("source", "properties"), [row[1:] for row in SALVAGED], ids=[row[0] for row in SALVAGED])
def test_what_can_be_read_by_itself_is_kept(source: str, properties: dict[str, object]) -> None:
    found, body, trouble = frontmatter.read(f"---\n{source}\n---\nbody")
    assert (found, body) == (properties, "body")
    assert trouble


TOML = [
    ("days and times", "d = 2026-02-20\nt = 07:32:00", {"d": date(2026, 2, 20), "t": "07:32:00"}),
    ("tables", "[params]\na = 1\n[taxonomies]\ntags = ['x']\n[extra]\nb = 2", {"a": 1, "tags": ["x"], "extra": {"b": 2}}),
    ("what stands outside a table wins", "tags = ['x']\n[taxonomies]\ntags = ['y']", {"tags": ["x"]}),
    ("a version", "v = '1.10'", {"v": "1.10"}),
    ("nothing", "", {}),
]  # fmt: skip
NO_TOML = ["a = ", "a = 1\na = 2", "a = " + "[" * 5000, ".".join("a" * 3000) + " = 1", "a = 2026-02-30", "x" * 300_000]


@pytest.mark.parametrize(("source", "properties"), [row[1:] for row in TOML], ids=[row[0] for row in TOML])
def test_toml(source: str, properties: dict[str, object]) -> None:
    assert frontmatter.read(f"+++\n{source}\n+++\nbody") == (properties, "body", "")


@pytest.mark.parametrize("source", NO_TOML, ids=lambda source: source[:12])
def test_what_is_no_toml_is_trouble(source: str) -> None:
    properties, body, trouble = frontmatter.read(f"+++\n{source}\n+++\nbody")
    assert (properties, body) == ({}, "body")
    assert trouble


def test_two_documents_are_trouble() -> None:
    assert frontmatter.read("---\na: 1\n... \n%YAML 1.1\n---\n")[2]
    assert "more than one" in frontmatter.read("---\na: 1\n--- b\n---\n")[2]


def test_an_alias_bomb_is_refused_before_it_grows() -> None:
    steps = [f"k{n}: &k{n} [" + ",".join([f"*k{n - 1}"] * 9) + "]" for n in range(1, 9)]
    source = "k0: &k0 [x,x,x,x,x,x,x,x,x]\n" + "\n".join(steps)
    assert len(str(yaml.safe_load(source.split("k5")[0]))) > 100_000, "the positive control: it grows ninefold a line"
    assert frontmatter.read(f"---\n{source}\n---\n")[2] == "aliases expand without bound"


def test_a_key_given_twice_is_told_and_the_last_value_stands() -> None:
    assert frontmatter.read("---\nt: 1\nt: 2\nt: 3\n---\n") == ({"t": 3}, "", "the key 't' is given twice")


@given(st.text(max_size=80), st.text(max_size=40))
def test_reading_never_raises(source: str, body: str) -> None:
    for text in (source, f"---\n{source}\n---\n{body}", f"+++\n{source}\n+++\n{body}"):
        properties, _, trouble = frontmatter.read(text)
        assert isinstance(properties, dict)
        assert isinstance(trouble, str)


# --- writing ---

SAMPLE = {
    "id": "20260220-008-skillrl-recursive-skill-augmented-rl",
    "title": "SkillRL: Recursive Skill-Augmented Reinforcement Learning",
    "aliases": ["SkillRL: Recursive Skill-Augmented Reinforcement Learning"],
    "created": date(2026, 2, 20),
    "tags": ["arxiv/cs/LG", "reinforcement-learning", "agents"],
    "source": "arXiv",
    "source_type": "arxiv",
    "url": "https://arxiv.org/abs/2602.01234",
    "arxiv_id": "2602.01234",
    "authors": ("A. Author", "B. Author"),
    "content_length": 2500,
    "quality_score": 0.86,
    "quality_reasons": ["relevance 0.91: close to [[20260220-002-llm-agents]]", "results: 3 figures"],
    "related_notes": ["[[20260220-002-llm-agents]]", "[[20260219-004-grpo]]"],
    "lang": "en",
}
WRITTEN = """\
---
id: 20260220-008-skillrl-recursive-skill-augmented-rl
title: 'SkillRL: Recursive Skill-Augmented Reinforcement Learning'
aliases: ['SkillRL: Recursive Skill-Augmented Reinforcement Learning']
created: 2026-02-20
tags: [arxiv/cs/LG, reinforcement-learning, agents]
source: arXiv
source_type: arxiv
url: https://arxiv.org/abs/2602.01234
arxiv_id: '2602.01234'
authors: [A. Author, B. Author]
content_length: 2500
quality_score: 0.86
quality_reasons: ['relevance 0.91: close to [[20260220-002-llm-agents]]', 'results: 3 figures']
related_notes: ['[[20260220-002-llm-agents]]', '[[20260219-004-grpo]]']
lang: en
---
"""


def test_write_is_the_form_of_the_design() -> None:
    assert frontmatter.write(SAMPLE) == WRITTEN


def test_write_round_trips_through_every_reader() -> None:
    expected = {**SAMPLE, "authors": ["A. Author", "B. Author"]}
    assert frontmatter.read(WRITTEN) == (expected, "", "")
    assert yaml.safe_load(WRITTEN.strip("-\n")) == expected
    assert python_frontmatter.loads(WRITTEN + "\nbody").metadata == expected


VALUES = [
    (None, ""),
    (True, " true"),
    (12, " 12"),
    (1.0, " 1.0"),
    (0.0000001, " 0.0000001"),
    ([], " []"),
    ([None, False, 1], " [null, false, 1]"),
    (datetime(2026, 2, 20, 8, 30), " 2026-02-20T08:30:00"),
    ("it's", " it's"),
    ("'quoted'", " '''quoted'''"),
    ("中文标题：副题", " 中文标题：副题"),
    ("a: b", " 'a: b'"),
    ("a #b", " 'a #b'"),
    ("[x]", " '[x]'"),
    ("", " ''"),
    (" x ", " ' x '"),
    ("a\nb", ' "a\\x0ab"'),
    ("\u2028", ' "\\u2028"'),
    ("\U000e0041x", ' "\\U000e0041x"'),
    ("\ud800", " '\ufffd'"),
]


@pytest.mark.parametrize(("value", "written"), VALUES, ids=lambda value: ascii(value)[:24])
def test_write_value(value: object, written: str) -> None:
    assert frontmatter.write({"k": value}) == f"---\nk:{written}\n---\n"


@pytest.mark.parametrize(
    "value",
    [{"a": 1}, [["a"]], [{}], float("nan"), float("inf"), object()],
    ids=lambda value: type(value).__name__ + str(value)[:6],
)
def test_write_refuses_what_obsidian_cannot_show(value: object) -> None:
    with pytest.raises(TypeError):
        frontmatter.write({"k": value})


AMBIGUOUS = [
    "yes", "No", "on", "y", "~", "null", "true", "2026-02-20", "2026-02-20 08:00", "12:30:45", "1e3", "0o17", "0x1F", "017",
    "1_000", ".5", ".inf", ".NaN", "007", "2602.01230", "=", "<<", "-", "?", ":", "- item", "? key", ": value", "&a", "*a",
    "!x", "!!str x", "| literal", "> folded", "%YAML 1.1", "@handle", "`tick", "{a: b}", "'; admin: true #",
    '"\\x41\\n admin: true"', "<<: *default", "---", "...", "#x", "a:", "1.", "+1", "1,000", "\tTab", "Author], admin: [true",
    "Why now?", "Why? Because", "a?b", "https://example.org/?q=1",
]  # fmt: skip


@pytest.mark.parametrize("text", AMBIGUOUS)
def test_a_string_stays_that_string_for_every_reader(text: str) -> None:
    mapping = {"title": text, "authors": [text, text]}
    written = frontmatter.write(mapping)
    assert frontmatter.read(written) == (mapping, "", "")
    assert yaml.safe_load(written.strip("-\n")) == mapping
    assert python_frontmatter.loads(written).metadata == mapping


ACTIVE = [
    "<% x %>",
    "{{title}}",
    "{% x %}",
    "{# x #}",
    "%%",
    "`= x`",
    "$= x",
    "<script>",
    "</title>",
    "![x](y)",
    "\\href{x}",
]


@pytest.mark.parametrize("text", ACTIVE)
def test_what_a_plugin_would_find_in_the_raw_file_is_not_there_but_reads_back(text: str) -> None:
    written = frontmatter.write({"title": text})
    assert text in yaml.safe_dump({"title": text}, width=1000), "the positive control: a plain writer leaves it"
    assert text[:2] not in written
    assert frontmatter.read(written) == ({"title": text}, "", "")
    assert yaml.safe_load(written.strip("-\n")) == {"title": text}


KEYS = st.text(st.characters(codec="utf-8"), min_size=1, max_size=8)
TEXTS = st.one_of(
    st.text(max_size=30), st.text(st.sampled_from("a1:-#'\"[]{}%<>`\\ .,é中\n\t?/+&();!=@：？"), max_size=12)
)
LEAVES = st.one_of(TEXTS, st.integers(-(10**17), 10**17), st.booleans(), st.dates(), st.none())


@given(st.dictionaries(KEYS, st.one_of(LEAVES, st.lists(LEAVES, max_size=4)), max_size=5))
def test_what_was_written_is_read_by_every_reader(mapping: dict[str, object]) -> None:
    written = frontmatter.write(mapping)
    assert frontmatter.read(written) == (mapping, "", "")
    assert (yaml.safe_load(written.removeprefix("---\n").removesuffix("---\n")) or {}) == mapping


@given(st.floats(-1e6, 1e6, allow_nan=False))
def test_floats_are_read_as_floats(value: float) -> None:
    properties = frontmatter.read(frontmatter.write({"k": value}))[0]
    assert isinstance(properties["k"], float)
    assert properties["k"] == pytest.approx(value, abs=1e-11)


# --- the shared corpora ---


def rows(name: str) -> list[dict[str, object]]:
    path = Path(SHARED, "security", "yaml-suite", name)
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@needs_data
@pytest.mark.data
def test_frontmatter_corpus() -> None:
    for row in rows("frontmatter.jsonl"):
        text, expect = str(row["text"]), row["expect"]
        properties, body, trouble = frontmatter.read(text)
        assert (properties, body, trouble) == frontmatter.read(text), "the same every time"
        if expect == "refused":
            assert trouble, row["id"]
        elif expect in ("reads", "body-only"):
            assert not trouble, row["id"]
        # Obsidian takes TOML for body; Slipway understands it, since vaults come from Hugo and Zola too.
        if expect == "body-only" and not text.startswith("+++"):
            assert (properties, body) == ({}, text), row["id"]
        if row.get("frontmatter") is not None:
            assert properties == row["frontmatter"], row["id"]


@needs_data
@pytest.mark.data
def test_yaml_suite_never_raises() -> None:
    for row in rows("cases.jsonl"):
        frontmatter.read(f"---\n{row['yaml']}\n---\nbody")
