"""Include and exclude rules: what a word finds, what keeps an item out, and that no feed can make a rule take for ever."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.errors import ConfigError
from notes.model import Block, BlockKind, Item, SourceType
from notes.rules import MAX_RULE, MAX_RULES, kept_out, read_rule, rule_faults


def item(title="", *, text="", authors=(), categories=(), tags=(), url="https://example.org/a") -> Item:
    return Item(
        key="k",
        source="s",
        source_title="",
        source_type=SourceType.RSS,
        external_id="",
        url=url,
        title=title,
        authors=authors,
        categories=categories,
        tags=tags,
        blocks=(Block(BlockKind.PARAGRAPH, text),),
    )


@pytest.mark.parametrize(
    ("rule", "title", "found"),
    [
        ("agent", "An agent that plans", True),
        ("agent", "Agents that plan", False),
        ("agents", "AGENTS", True),
        ("ａｇｅｎｔ", "An agent", True),
        ("large language model", "A Large  Language\nModel", True),
        ("language model", "language models", False),
        ("GPT-4", "GPT-4o", False),
        ("GPT-4", "(GPT-4)", True),
        ("gpt", "GPT模型", True),
        ("AI", "said", False),
        ("AI", "生成式AI的应用", True),
        ("AI", "snake_AI_case", True),
        ("C++", "C++ and Rust", True),
        ("c", "C++", True),
        (".net", "ASP.NET", True),
        ("大模型", "我们的大模型很大", True),
        ("智能體", "智能体的记忆", True),
        ("智能体", "智能體的記憶", True),
        ("體育", "体育新闻", True),
        ("の", "猫の日", True),
        ("café", "Café society", True),
        ("cafe", "Café society", False),
        ("Nuñez", "by Nun\u0303ez", True),
        ("модель", "Языковая модель", True),
        ("модель", "моделью", False),
        ("100%", "100% of it", True),
        ("a.c", "abc", False),
    ],
    ids=lambda value: str(value),
)
def test_words(rule, title, found):
    assert read_rule(rule).matches(item(title)) is found


EVERYWHERE = item(
    "Weekly digest",
    text="Sponsored by nobody",
    authors=("Ada Lovelace", "Jo Bloggs"),
    categories=("cs.CL", "machine learning"),
    tags=("ai",),
    url="https://example.org/Podcast/12?ref=x",
)


@pytest.mark.parametrize(
    ("rule", "found"),
    [
        ("digest", True),
        ("sponsored", True),
        ("lovelace", True),
        ("machine learning", True),
        ("ai", True),
        ("podcast", False),
        ("title:digest", True),
        ("title:sponsored", False),
        ("text:sponsored", True),
        ("text:digest", False),
        ("author:ada lovelace", True),
        ("author: Bloggs Ada", False),
        ("Author：ada", True),
        ("category:cs.cl", True),
        ("category:cs.CLX", False),
        ("category:ai", True),
        ("url:podcast/", True),
        ("url:example.org", True),
        ("url:odcas", True),
        ("url:digest", False),
        ("subject:digest", False),
        ("/dig.st/", True),
        ("title:/^weekly/", True),
        ("title:/^digest/", False),
        ("url:/\\/podcast\\/\\d+/", True),
        ("/sponsored by (nobody|us)/", True),
        ("/", False),
    ],
    ids=str,
)
def test_places(rule, found):
    assert read_rule(rule).matches(EVERYWHERE) is found


@pytest.mark.parametrize("text", ["gpt-4: what", "C++: why", "test: it", "curl: a tool", "auto: off", "note: this"])
def test_text_with_a_colon_stays_a_phrase(text):
    assert read_rule(text).matches(item(f"On {text}"))


def test_a_slip_that_is_meant_is_found_as_an_expression():
    assert read_rule("/titel:/").matches(item("Der Titel: ein Buch"))


@pytest.mark.parametrize(
    ("include", "exclude", "reason"),
    [
        ((), (), ""),
        (("digest",), (), ""),
        (("nothing", "digest"), (), ""),
        (("nothing",), (), "include: no rule matches"),
        ((), ("title:digest",), "exclude: title:digest"),
        ((), ("nothing",), ""),
        (("digest",), ("sponsored",), "exclude: sponsored"),
        ((), (" digest ",), "exclude: digest"),
    ],
    ids=str,
)
def test_include_needs_one_exclude_allows_none(include, exclude, reason):
    assert kept_out(EVERYWHERE, include, exclude) == reason


@pytest.mark.parametrize(
    ("rule", "told"),
    [
        ("", "nothing to look for"),
        ("titel:sponsored", "did you mean 'title:'?"),
        (" Autor：Ada", "did you mean 'author:'?"),
        ("titles: x", "did you mean 'title:'?"),
        ("categories:cs.CL", "did you mean 'category:'?"),
        ("rul:podcast", "did you mean 'url:'?"),
        ("title:", "nothing to look for"),
        ("\u200b", "nothing to look for"),
        ("/(/", "no regular expression: missing )"),
        ("title:/[a-/", "no regular expression"),
        (r"/(a)\1/", "no look-around, no back-references"),
        ("/(?=a)/", "no look-around, no back-references"),
        ("/(a{1000}){1000}/", "no regular expression"),
        ("x" * (MAX_RULE + 1), "longer than"),
    ],
    ids=lambda value: value[:20],
)
def test_a_rule_that_cannot_be_read_is_a_fault_that_says_why(rule, told):
    (fault,) = rule_faults(("fine", rule))
    assert told in fault
    with pytest.raises(ConfigError):
        kept_out(EVERYWHERE, (), (rule,))


def test_too_many_rules_are_one_fault():
    assert rule_faults(["x"] * MAX_RULES) == ()
    assert len(rule_faults(["x"] * (MAX_RULES + 1))) == 1


@given(st.text(max_size=30), st.text(max_size=60))
def test_a_rule_is_read_or_faulted_and_never_raises_anything_else(rule, title):
    try:
        found = read_rule(rule)
    except ConfigError:
        assert rule_faults((rule,))
    else:
        assert rule_faults((rule,)) == ()
        assert found.matches(item(title)) in (True, False)


@given(st.lists(st.sampled_from(["agents", "大模型", "GPT-4", "recall", "café"]), min_size=1, max_size=4))
def test_a_title_matches_each_of_its_words_and_itself(words):
    title = " ".join(words)
    assert all(read_rule(f"title:{rule}").matches(item(title)) for rule in (*words, title))


HOSTILE = (
    ("(a+)+$", "a" * 40 + "!"),
    ("(a|a)*b", "a" * 40),
    ("(x+x+)+y", "x" * 40),
    (r"^(\w+\s?)*$", "word " * 12 + "!"),
)


@pytest.mark.parametrize(("pattern", "text"), HOSTILE, ids=[pattern for pattern, _ in HOSTILE])
def test_no_text_makes_an_expression_take_for_ever(pattern, text):
    sent = item(text=text * 2_000)
    started = time.process_time()
    read_rule(f"text:/{pattern}/").matches(sent)
    assert time.process_time() - started < 3.0


def test_the_clock_would_tell_python_own_engine_exponential():
    """The positive control: the same pattern doubles Python's time with each letter."""

    def seconds(length: int) -> float:
        started = time.perf_counter()
        re.search("(a+)+$", "a" * length + "!")
        return time.perf_counter() - started

    assert min(seconds(20) for _ in range(3)) > 8 * min(seconds(14) for _ in range(3))


def test_words_take_time_in_proportion_to_the_text():
    sent = item(text="a " * 100_000)
    started = time.process_time()
    assert not read_rule("a a a a b").matches(sent)
    assert time.process_time() - started < 3.0


def test_what_cannot_be_encoded_is_looked_through_all_the_same():
    assert read_rule("/b$/").matches(item("a\ud800b"))
