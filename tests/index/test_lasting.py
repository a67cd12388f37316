from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from index.trends.dated import Dated
from index.trends.finding import Window, find_trends
from index.trends.lasting import lasting
from notes.trends import TrendClass, TrendKind
from tests.index.trend_texts import TODAY, corpus

RISING = {TrendClass.RISING, TrendClass.EMERGING}
NAMES = {"mirror descent", "tensor networks"}


def rises(week):
    return 0.05 + 0.05 * max(0, week - 3)


def level(week):
    return 0.05


def arrivals(phrase, share, *, kept, per_day=20, days_ago=0):
    """Eight weeks of texts of which so many hold the phrase; notes, or not."""
    texts = corpus(volume=lambda day, week: per_day, share=share, phrase=phrase)
    back = timedelta(days=days_ago)
    return [replace(one, id=f"{phrase}-{kept}-{days_ago}-{one.id}", day=one.day - back, noted=kept) for one in texts]


def told(texts):
    return [one for one in find_trends(texts, Window(today=TODAY)) if one.kind is TrendKind.PHRASE and one.id in NAMES]


def test_what_people_keep_outranks_a_surer_wave():
    before = [
        one for ago in (56, 112, 168) for one in arrivals("dual norms", level, kept=True, per_day=4, days_ago=ago)
    ]
    wave = [*arrivals("mirror descent", rises, kept=False), *arrivals("optimal control", level, kept=True)]
    turn = [*arrivals("tensor networks", rises, kept=True, per_day=18)]
    first, second = (one for one in told([*before, *wave, *turn]) if one.course in RISING)
    assert (first.id, second.id) == ("tensor networks", "mirror descent")
    assert first.p_value > second.p_value  # by the weeks alone the other would be first


def test_a_year_of_notes_tells_a_turn_from_what_comes_again():
    now = [one for name in sorted(NAMES) for one in arrivals(name, rises, kept=True)]
    again = [one for ago in (56, 112, 168) for one in arrivals("mirror descent", rises, kept=True, days_ago=ago)]
    other = [one for ago in (56, 112, 168) for one in arrivals("dual norms", rises, kept=True, days_ago=ago)]
    assert [one.id for one in told([*now, *again, *other])] == ["tensor networks", "mirror descent"]
    # What was not kept says nothing of it, nor do notes of more than a year ago.
    unkept = [replace(one, noted=False) for one in [*again, *other]]
    assert told([*now, *unkept]) == told(now)
    old = [replace(one, day=one.day - timedelta(days=365)) for one in [*again, *other]]
    assert told([*now, *old]) == told(now)


def test_the_class_is_what_the_weeks_say():
    now = [one for name in sorted(NAMES) for one in arrivals(name, rises, kept=True)]
    again = [one for ago in (56, 112) for one in arrivals("mirror descent", rises, kept=True, days_ago=ago)]

    def said(trends):
        return {one.id: replace(one, rank=0, momentum=0.0) for one in trends}

    assert said(told(now)) == said(told([*now, *again]))


def some(number, *, days_ago, source="lab", noted=False):
    return [
        Dated(f"{source}{days_ago}-{at}", TODAY - timedelta(days=days_ago), source, "", "", "en", noted)
        for at in range(number)
    ]


def bounds(*parts):
    """The bounds of things that hold the first so many texts of each part."""
    texts = [text for held, *_ in parts for text in held]
    starts = [sum(len(held) for held, *_ in parts[:at]) for at in range(len(parts))]
    rows = [
        [start + at for start, (_, *counts) in zip(starts, parts, strict=True) for at in range(counts[thing])]
        for thing in range(len(parts[0]) - 1)
    ]
    return lasting(rows, texts, len(texts), TODAY).tolist()


def test_few_texts_weigh_little():
    few, many, none = bounds((some(100, days_ago=5), 2, 40, 0), (some(100, days_ago=80), 0, 10, 0))
    assert many > 0 > few
    assert many > none


def test_a_source_that_came_today_says_nothing():
    known = (some(100, days_ago=5), 10, 10), (some(100, days_ago=80), 10, 10)
    new = some(50, days_ago=0, source="new"), 0, 50
    assert bounds(*known, new)[0] == bounds(*known, new)[1] == bounds(*known)[0]


@pytest.mark.parametrize("noted", [False, True], ids=["nothing kept", "all kept today"])
def test_a_house_of_one_day_has_no_order_of_this_kind(noted):
    assert bounds((some(20, days_ago=0, noted=noted), 2, 9)) == [0.0, 0.0]


def test_a_young_source_is_held_against_half_of_its_time():
    rose, fell = bounds((some(100, days_ago=2), 40, 10), (some(100, days_ago=12), 10, 40))
    assert rose > 0 > fell


def test_where_things_are_alike_a_rise_is_shrunk_more():
    def first_of(others):
        recent, before = zip((20, 10), *others, strict=True)
        return bounds((some(400, days_ago=5), *recent), (some(400, days_ago=80), *before))[0]

    alike, apart = [(15, 15)] * 60, [(25, 5), (5, 25)] * 30
    assert first_of(alike) < 0 < first_of(apart)
