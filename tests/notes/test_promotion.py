"""The night's choice: a threshold, a budget, shares, connection as a condition, and places kept for exploration."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.judging.promotion import Candidate, Places, Rules, Verdict, choose
from notes.judging.quality import UNSCORED, Quality

DAY = date(2026, 2, 20)
RULES = Rules(threshold=0.5, closeness=0.35, budget=10, max_age=45)
GOOD = Candidate(slip=1, key="arxiv:2602.08234", quality=Quality(0.7, 0.7, {}, ("close",)), closest=0.6, age=1)


def scored(value, slip=1, *, raw=None, **more) -> Candidate:
    raw = value if raw is None else raw
    return replace(GOOD, slip=slip, key=f"url:{slip:04}", quality=Quality(value, raw, {}, ()), **more)


def judged(*candidates, rules=RULES, day=DAY, places=None) -> dict[int, Verdict]:
    return {verdict.slip: verdict for verdict in choose(candidates, rules, day, places)}


def promoted(*candidates, **more):
    return [slip for slip, verdict in judged(*candidates, **more).items() if verdict.promote]


@pytest.mark.parametrize(
    ("candidate", "expected", "why"),
    [
        pytest.param(GOOD, True, "", id="good and connected"),
        pytest.param(scored(0.5), True, "", id="just at the threshold"),
        pytest.param(scored(0.4999), False, "waits: score below 0.5", id="just below"),
        pytest.param(replace(GOOD, closest=0.3), False, "waits: connects to nothing yet", id="rich but unconnected"),
        pytest.param(replace(GOOD, closest=0.35), True, "", id="connects just enough"),
        pytest.param(replace(GOOD, age=46), False, "waits: older than 45 days", id="old news waits"),
        pytest.param(replace(GOOD, age=45), True, "", id="the last day of news"),
        pytest.param(replace(GOOD, age=None), True, "", id="unknown age is no reason"),
        pytest.param(replace(GOOD, withdrawn=True), False, "waits: withdrawn by its authors", id="a withdrawn paper"),
    ],
)
def test_what_is_promoted(candidate, expected, why):
    (verdict,) = choose([candidate], RULES, DAY)
    assert verdict.promote is expected
    assert [reason for reason in verdict.reasons if reason.startswith("waits")] == ([why] if why else [])


def test_what_could_not_be_scored_is_unscored_and_waits():
    """Never 0: neither promoted nor told apart from what is bad."""
    lost = replace(GOOD, slip=2, quality=Quality(None, None, {}, (UNSCORED,)))
    verdicts = judged(GOOD, lost, rules=replace(RULES, threshold=0.0, closeness=0.0, explore=0.5))
    assert (verdicts[2].score, verdicts[2].promote, verdicts[2].reasons) == (None, False, (UNSCORED,))
    assert verdicts[1].promote


def test_the_budget_takes_the_best_and_breaks_ties_by_raw_score_and_key():
    twins = [scored(0.7, slip) for slip in (3, 2, 1)]
    better, rawer = scored(0.9, 4), scored(0.7, 5, raw=0.71)
    assert promoted(*twins, better, rawer, rules=replace(RULES, budget=3)) == [1, 4, 5]
    assert promoted(*twins, rules=replace(RULES, budget=0)) == []
    waiting = judged(*twins, rules=replace(RULES, budget=2))[3]
    assert waiting.reasons == ("waits: the night's places were taken",)


@pytest.mark.parametrize(("kind", "told"), [("feed", "its feed"), ("topic", "changelog")])
def test_who_has_had_their_share_makes_room_and_gets_no_more(kind, told):
    flood = [scored(0.9, slip, **{kind: "changelog"}) for slip in (1, 2, 3)]
    other = scored(0.6, 4, **{kind: "lab"})
    rules = replace(RULES, per_feed=2, per_topic=2)
    verdicts = judged(*flood, other, rules=rules)
    assert [slip for slip, one in verdicts.items() if one.promote] == [1, 2, 4]
    assert verdicts[3].reasons == (f"waits: {told} has had its share tonight",)
    assert promoted(*flood, other, rules=RULES) == [1, 2, 3, 4]
    nameless = [replace(one, feed="", topic="") for one in flood]
    assert promoted(*nameless, rules=rules) == [1, 2, 3]


def test_an_earlier_run_of_the_day_has_taken_its_places_and_shares():
    ones = [scored(0.9, slip, feed="lab", topic="agents") for slip in (1, 2, 3)]
    rules = replace(RULES, budget=5, per_feed=3, per_topic=2)
    assert promoted(*ones, rules=rules, places=Places(taken=4)) == [1]
    assert promoted(*ones, rules=rules, places=Places(taken=9)) == []
    assert promoted(*ones, rules=rules, places=Places(taken=2, feeds={"lab": 2})) == [1]
    assert promoted(*ones, rules=rules, places=Places(taken=2, topics={"agents": 2})) == []


# --- exploration -----------------------------------------------------------------------------------------------------

EXPLORING = replace(RULES, budget=20, explore=0.15)


def night(ordinary=17, curious=40, **more):
    return [scored(0.8, slip) for slip in range(ordinary)] + [scored(0.45, 100 + n, **more) for n in range(curious)]


def explored(*candidates, **more):
    return [slip for slip, verdict in judged(*candidates, **more).items() if verdict.explored]


@pytest.mark.parametrize(
    ("ordinary", "budget", "share", "expected"),
    [
        (17, 20, 0.15, (17, 3)),
        (40, 20, 0.15, (17, 3)),
        (40, 20, 0.2, (16, 4)),
        (40, 20, 0.0, (20, 0)),
        (6, 20, 0.15, (6, 1)),
        (2, 20, 0.15, (2, 0)),
        (0, 20, 0.15, (0, 0)),
        (40, 3, 0.15, (3, 0)),
        (40, 4, 0.15, (4, 0)),
        (40, 1, 0.5, (1, 0)),
        (40, 2, 0.5, (1, 1)),
        (40, 5, 0.5, (3, 2)),
        (40, 10, 0.5, (5, 5)),
        (40, 0, 0.5, (0, 0)),
    ],
)
def test_how_many_places_exploration_gets(ordinary, budget, share, expected):
    """In proportion to what the night brings, so that a quiet one stays quiet; the others keep the rest."""
    rules = replace(RULES, budget=budget, explore=share)
    verdicts = judged(*night(ordinary), rules=rules)
    curious = sum(one.explored for one in verdicts.values())
    assert (sum(one.promote for one in verdicts.values()) - curious, curious) == expected


def test_places_that_nobody_explores_go_to_the_others():
    assert promoted(*night(40, 0), rules=EXPLORING) == list(range(20))
    assert len(promoted(*night(40, 1), rules=EXPLORING)) == 20


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        pytest.param({}, True, id="nearly there"),
        pytest.param({"closest": 0.1}, False, id="connects to nothing"),
        pytest.param({"withdrawn": True}, False, id="withdrawn"),
        pytest.param({"age": 99}, False, id="old"),
    ],
)
def test_who_may_explore(change, expected):
    assert bool(explored(*night(17, 1, **change), rules=EXPLORING)) is expected


@pytest.mark.parametrize(
    ("score", "topic", "answers", "expected"),
    [
        (0.42, "", 0, False),
        (0.43, "", 0, True),
        (0.31, "biology", 4, True),
        (0.31, "biology", 5, False),
        (0.29, "biology", 0, False),
    ],
)
def test_the_uncertain_and_the_little_known_explore(score, topic, answers, expected):
    lot = [*night(17, 0), scored(score, 99, topic=topic, topic_answers=answers)]
    assert (explored(*lot, rules=EXPLORING) == [99]) is expected


def test_topics_of_which_least_is_known_come_first_and_the_reason_says_so():
    known = [scored(0.49, 100 + n, topic="agents", topic_answers=50) for n in range(10)]
    unknown = scored(0.35, 200, topic="biology", topic_answers=1)
    verdicts = judged(*night(6, 0), *known, unknown, rules=EXPLORING)
    assert [slip for slip, one in verdicts.items() if one.explored] == [200]
    assert verdicts[200].reasons == ("exploration: few answers on biology yet",)
    (lone,) = explored(*night(6, 0), *known, rules=EXPLORING)
    assert judged(*night(6, 0), *known, rules=EXPLORING)[lone].reasons == ("exploration: uncertain, below 0.5",)


def test_the_lot_falls_by_day_and_key_alone():
    def lot(day, order=1):
        return explored(*night()[::order], rules=EXPLORING, day=day)

    assert lot(DAY) == lot(DAY, -1)
    days = {tuple(lot(date(2026, 2, day))) for day in range(1, 11)}
    assert len(days) == 10, "each night another draw"
    drawn = {slip for slips in days for slip in slips}
    assert len(drawn) > 15, "not the same few over and over"


def test_exploration_counts_what_an_earlier_run_explored():
    places = Places(taken=10, explored=1)
    assert len(explored(*night(10), rules=EXPLORING, places=places)) == 2
    assert explored(*night(10), rules=EXPLORING, places=Places(taken=10, explored=3)) == []


def test_shares_hold_for_exploration_too():
    rules = replace(EXPLORING, per_feed=2)
    assert len(explored(*night(17, 40, feed="lab"), rules=rules)) == 2


candidates = st.lists(
    st.builds(
        Candidate,
        slip=st.integers(1, 999),
        key=st.text("ab", max_size=4),
        quality=st.one_of(
            st.just(Quality(None, None, {}, ())),
            st.floats(0, 1).map(lambda value: Quality(value, value, {}, ())),
        ),
        closest=st.floats(0, 1),
        topic=st.sampled_from(["", "a", "b"]),
        topic_answers=st.integers(0, 9),
        feed=st.sampled_from(["", "x", "y"]),
        age=st.none() | st.integers(0, 90),
        withdrawn=st.booleans(),
    ),
    max_size=30,
    unique_by=lambda one: one.slip,
)
any_rules = st.builds(
    Rules,
    threshold=st.floats(0, 1),
    closeness=st.floats(0, 1),
    budget=st.integers(0, 12),
    max_age=st.integers(1, 60),
    per_feed=st.integers(0, 3),
    per_topic=st.integers(0, 3),
    explore=st.floats(0, 0.5),
)


@given(candidates, any_rules, st.integers(0, 5))
def test_the_rules_hold_for_any_night(ones, rules, taken):
    verdicts = judged(*ones, rules=rules, places=Places(taken=taken))
    chosen = [one for one in ones if verdicts[one.slip].promote]
    curious = [one for one in chosen if verdicts[one.slip].explored]
    assert len(verdicts) == len(ones)
    assert len(chosen) <= max(0, rules.budget - taken)
    assert len(curious) <= rules.budget * rules.explore + 1e-6
    assert all(one.quality.score is not None and one.closest >= rules.closeness for one in chosen)
    assert all(not one.withdrawn and (one.age is None or one.age <= rules.max_age) for one in chosen)
    assert all((one.quality.score < rules.threshold) is (one in curious) for one in chosen)
    for limit, name in ((rules.per_feed, "feed"), (rules.per_topic, "topic")):
        shares = [getattr(one, name) for one in chosen if getattr(one, name)]
        assert not limit or all(shares.count(share) <= limit for share in shares)
    assert judged(*reversed(ones), rules=rules, places=Places(taken=taken)) == verdicts
