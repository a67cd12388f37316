from __future__ import annotations

import random
import time
from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from math import inf

import pytest

from index.trends.cohesion import COHESIVE, Cohesion
from index.trends.dated import Dated, Step, places, stretches
from index.trends.finding import Window, find_trends
from index.trends.phrase_sets import phrase_sets
from index.trends.things import Phrase, families, is_named, named_phrases
from notes.model import Topic
from notes.trends import Period, TrendClass, TrendKind
from tests.index.trend_texts import TODAY, WORDS, corpus, days, text

RISE = [0, 0, 0, 0, 0.1, 0.2, 0.3, 0.4]


def phrases(texts, **window):
    return {one.name: one for one in find_trends(texts, Window(today=TODAY, **window)) if one.kind is TrendKind.PHRASE}


def moved(texts, **window):
    return {name: one.course.value for name, one in phrases(texts, **window).items()}


@pytest.mark.parametrize(
    ("weeks", "step", "expected"),
    [
        (2, Step.WEEK, [("02-07", "02-13"), ("02-14", "02-20")]),
        (1, Step.WEEK, [("02-07", "02-13"), ("02-14", "02-20")]),
        (6, Step.MONTH, [("01-01", "01-31"), ("02-01", "02-20")]),
        (1, Step.MONTH, [("01-01", "01-31"), ("02-01", "02-20")]),
    ],
    ids=["weeks", "two at least", "months", "two months at least"],
)
def test_stretches(weeks, step, expected):
    found = [(f"{start:%m-%d}", f"{end:%m-%d}") for start, end in stretches(TODAY, weeks, step)]
    assert found == expected


@pytest.mark.parametrize("step", list(Step))
def test_periods_follow_each_other(step):
    found = stretches(TODAY, 20, step)
    assert found[-1][1] == TODAY
    assert all(earlier[1] + timedelta(days=1) == later[0] for earlier, later in pairwise(found))
    assert places([found[0][0] - timedelta(days=1), found[0][0], TODAY, TODAY + timedelta(days=1)], found) == [
        -1,
        0,
        len(found) - 1,
        -1,
    ]


@pytest.mark.parametrize(
    ("share", "course"),
    [
        pytest.param(lambda week: RISE[week], "emerging", id="emerging"),
        pytest.param(lambda week: 0.05 + RISE[week], "rising", id="rising"),
        pytest.param(lambda week: 0.45 - RISE[week], "fading", id="fading"),
        pytest.param(lambda week: 0.2, None, id="steady phrases are not told"),
    ],
)
def test_courses_of_phrases(share, course):
    assert moved(corpus(share=share)).get("mirror descent") == course


WEEKEND = {5, 6}


@pytest.mark.parametrize(
    "volume",
    [
        pytest.param(lambda day, week: 5 * (week + 1), id="growing volume"),
        pytest.param(lambda day, week: 60 - 6 * week, id="shrinking volume"),
        pytest.param(lambda day, week: 0 if day.weekday() in WEEKEND else 20, id="weekends"),
        pytest.param(lambda day, week: 0 if week == 6 else 20, id="a holiday"),
        pytest.param(lambda day, week: 0 if week in {1, 2, 3} else 20, id="a gap in the crawl"),
        pytest.param(lambda day, week: 3 if week < 4 else 60, id="a crawl that began late"),
    ],
)
def test_what_changes_the_volume_moves_nothing(volume):
    assert moved(corpus(volume=volume)) == {}


def test_a_new_source_is_no_trend():
    old = corpus(share=lambda week: 0.02)
    new = corpus(volume=lambda day, week: 20 if week > 5 else 0, share=lambda week: 0.5)
    apart = [replace(one, id=f"new-{one.id}", source="journal") for one in new]
    assert moved(old + apart) == {}
    # Were they one source, it would be a rise.
    assert "mirror descent" in moved(old + [replace(one, id=f"new-{one.id}") for one in new])


def company(subject):
    """What only texts on the subject hold besides it."""
    first, second = subject.split()
    return ", ".join(f"{first}{second}{at}" for at in range(3))


def test_days_drawn_by_lot_show_no_trend():
    draw = random.Random(3)
    subjects = [
        f"{first} {second}" for first in WORDS for second in ("lattice", "manifold", "kernel", "graph", "tensor")
    ]
    texts = []
    for day in days(8):
        for number in range(20):
            held = draw.sample(subjects, 3)
            said = "; ".join(f"{one}, {one}, {company(one)}" for one in held)
            texts.append(text(day, number, held[0], f"On {said}."))
    # In one of ten such draws something is said to move; without control of the false discovery rate in all.
    assert len(moved(texts)) <= 1
    assert len(moved(texts, sure=1.0)) > 10


def test_style_that_rises_is_no_trend():
    share = lambda week: RISE[week]  # noqa: E731
    # Mentioned once in running text and never what a text is about:
    assert moved(corpus(share=share, phrase="failure pattern", in_title=False)) == {}
    assert moved(corpus(share=share, phrase="failure pattern")) == {"failure pattern": "emerging"}


@pytest.mark.parametrize("word", ["rather", "evidence", "failure", "substantially", "robust", "improves", "reveals"])
def test_words_of_style_are_no_names(word):
    assert not is_named(word)


@pytest.mark.parametrize("words", ["advanced reasoning", "Powerful agents", "cutting-edge models"])
def test_praise_is_no_name(words):
    assert not is_named(words)
    assert is_named("reasoning traces")


@pytest.mark.parametrize("name", ["world models", "RLVR", "GRPO", "vision-language models", "强化学习", "強化學習"])
def test_names(name):
    assert is_named(name)


def test_what_belongs_to_no_subject_is_left_out():
    # Twenty texts on each of five subjects with eight phrases each; one phrase is held in one subject, one in all.
    subjects = [range(20 * at, 20 * at + 20) for at in range(5)]
    rows = [list(subject) for subject in subjects for _ in range(8)]
    cohesion = Cohesion([*rows, list(range(10)), list(range(0, 100, 10))], 100)
    assert cohesion.of(40, range(10)) >= COHESIVE > cohesion.of(41, range(0, 100, 10))


def test_texts_that_hold_little_are_not_compared():
    assert Cohesion([[0, 1], [2, 3]], 4).of(0, [0, 1]) == inf


def test_numbers_can_be_counted_again():
    texts = corpus(share=lambda week: RISE[week])
    trend = phrases(texts)["mirror descent"]
    held = [one for one in texts if "mirror descent" in one.text]
    assert sum(period.count for period in trend.periods) == len(held)
    assert [period.volume for period in trend.periods] == [140] * 8
    later = days(4)
    assert trend.latest == Period(later[0], TODAY, sum(one.day in later for one in held), 560)
    assert (trend.recent, trend.earlier.count, trend.baseline) == (trend.latest.count, 0, 0.0)
    assert (
        trend.notes
        == tuple(one.id for one in sorted(held, key=lambda one: (one.day, one.id), reverse=True) if one.noted)[:12]
    )


def test_the_order_of_the_texts_says_nothing():
    texts = corpus(share=lambda week: 0.05 + RISE[week])
    mixed = texts[:]
    random.Random(1).shuffle(mixed)
    assert find_trends(texts, Window(today=TODAY)) == find_trends(mixed, Window(today=TODAY))


def test_later_texts_are_not_known_yet():
    texts = corpus(share=lambda week: 0.05 + RISE[week])
    then = TODAY - timedelta(days=14)
    known = [one for one in texts if one.day <= then]
    assert find_trends(texts, Window(today=then)) == find_trends(known, Window(today=then))


def topic(key, texts):
    ids = tuple(one.id for one in texts)
    return Topic(id=key, name=key.title(), terms=(key,), note_ids=ids, medoid="", first_seen=TODAY, last_seen=TODAY)


def test_topics_are_told_whatever_their_course():
    texts = corpus(share=lambda week: 0.0)
    week = lambda *weeks: [one for one in texts if (one.day - days(8)[0]).days // 7 in weeks]  # noqa: E731
    topics = [
        topic("asleep", week(0)[:2]),
        topic("steady", week(*range(8))[::40]),
        topic("rising", week(5, 6, 7)[::10]),
    ]
    found = find_trends(texts, Window(today=TODAY), topics)
    assert [(one.rank, one.id, one.course) for one in found] == [
        (1, "rising", TrendClass.EMERGING),
        (2, "steady", TrendClass.STEADY),
        (3, "asleep", TrendClass.ASLEEP),
    ]


@pytest.mark.parametrize("kept", [0, 8], ids=["a gap", "a lull"])
def test_holidays_put_no_topic_to_sleep(kept):
    """Where next to nothing came at all, that a topic had nothing says nothing; where the usual came, it does."""
    whole = corpus(share=lambda week: 0.0)
    holidays = [one for one in whole if one.day > TODAY - timedelta(weeks=4)]
    before = [one for one in whole if one not in holidays]
    quiet = topic("quiet", before[::200])
    (awake,) = find_trends([*before, *holidays[:kept]], Window(today=TODAY), [quiet])
    (asleep,) = find_trends(whole, Window(today=TODAY), [quiet])
    assert (awake.course, asleep.course) == (TrendClass.STEADY, TrendClass.ASLEEP)


def test_items_count_in_their_topic():
    texts = corpus(share=lambda week: 0.0)
    recent = [one for one in texts if one.day > TODAY - timedelta(days=10)][::8]
    (alone,) = find_trends(texts, Window(today=TODAY), [topic("a", recent[:2])])
    (whole,) = find_trends(texts, Window(today=TODAY), [topic("a", recent[:2])], {"a": [one.id for one in recent]})
    assert (alone.recent, whole.recent) == (2, len(recent))


def test_topics_that_were_first_looked_for_in_these_weeks_do_not_all_rise():
    texts = corpus(share=lambda week: 0.0)
    late = [one for one in texts if one.day > TODAY - timedelta(days=20)]
    topics = [topic(str(at), late[at::6]) for at in range(5)]
    assert {one.course for one in find_trends(texts, Window(today=TODAY), topics)} == {TrendClass.STEADY}
    # A single one among many texts without a topic does rise.
    assert find_trends(texts, Window(today=TODAY), topics[:1])[0].course is TrendClass.EMERGING


def test_nothing_came():
    assert find_trends([], Window(today=TODAY), [topic("a", [])]) == ()


def test_chinese_phrases_rise():
    body = "本文研究{0}。{0}让模型学会{0}，我们在三个任务上比较{0}。"
    quiet = "本文研究图像分割。图像分割把图像分成区域，我们比较图像分割。"
    texts = []
    for place, day in enumerate(days(8)):
        for number in range(10):
            held = place >= 28 and number < 4
            words = body.format("強化學習" if number % 2 else "强化学习") if held else quiet
            texts.append(text(day, number, "强化学习新进展" if held else "图像分割", words, lang="zh-Hans"))
    # One phrase in both scripts.
    assert [one.latest.count for name, one in phrases(texts).items() if name in {"强化学习", "強化學習"}] == [112]


def test_phrases_of_the_same_texts_are_one_trend():
    both = [
        Phrase((name,), name, rows, 5) for name, rows in (("a", (1, 2, 3, 4)), ("b", (1, 2, 3, 5)), ("c", (7, 8, 9)))
    ]
    assert [(one.lead.text, one.terms) for one in families(both, 5)] == [("a", ("a", "b")), ("c", ("c",))]


def test_spellings_are_one_phrase():
    texts = [
        text(TODAY, at, "World Models" if at % 2 else "A world model", "World models. World models.") for at in range(4)
    ]
    (found,) = (one for one in named_phrases(phrase_sets(texts), least=4) if len(one.key) == 2)
    assert (found.text, found.rows, found.about) == ("world models", (0, 1, 2, 3), 4)


def test_phrases_are_read_once(cache):
    odd = ("", ""), ("标题", "\ud800 强化学习")
    texts = [*corpus(weeks=1), *(text(TODAY, 900 + at, *words, lang="zh-Hans") for at, words in enumerate(odd))]
    fresh = phrase_sets(texts)
    assert phrase_sets(texts, cache) == fresh
    assert phrase_sets(texts, cache) == fresh
    cache.connection.execute("UPDATE phrase_sets SET phrases = (SELECT phrases FROM phrase_sets LIMIT 1)")
    assert len(set(phrase_sets(texts, cache))) == 1  # taken from the cache, not read again


def test_phrases_of_another_version_are_read_again(cache):
    texts = corpus(weeks=1)
    fresh = phrase_sets(texts, cache)
    cache.connection.execute("UPDATE phrase_sets SET version = version - 1, phrases = x''")
    assert phrase_sets(texts, cache) == fresh


@pytest.mark.parametrize(("lived", "span"), [(8, 4), (5, 2), (3, 1), (2, 1), (1, 1)])
def test_a_young_house_is_held_against_the_weeks_it_has_lived(lived, span):
    texts = [
        Dated(f"t{week}-{n}", TODAY - timedelta(days=7 * week + n % 7), "a", f"Agents {n}", "Agents.", "en")
        for week in range(lived)
        for n in range(20)
    ]
    (found,) = find_trends(texts, Window(today=TODAY), [topic("a", texts[::3])])
    assert (found.span, found.latest.volume, found.earlier.volume) == (span, 20 * span, 20 * (lived - span))
    assert len(found.periods) == 8


def test_a_word_without_an_end_is_no_name_and_takes_no_time():
    started = time.process_time()
    assert not is_named("a" * 60_000)
    assert is_named("b" * 60_000 + "1")
    assert time.process_time() - started < 1.0
