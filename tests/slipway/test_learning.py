"""What the answers teach: the last word counts, the newest most, and silence a little."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from notes.judging.keeping import Curve
from notes.model import ItemStatus, Slip
from slipway.learning import GivenAnswer, curve_of, given_answers, mark_of, standing
from slipway.store.records import NoteRecord
from tests.slipway.boxes import DAY, NOW, item
from tests.slipway.nights import Box


def slip(number, score, **more) -> Slip:
    parts = dict.fromkeys(("relevance", "connection", "novelty", "substance"), score)
    return Slip(id=number, item=item(), status=ItemStatus.INBOX, first_seen=NOW, parts=parts, **more)


def answers(count, keeps=lambda score: score > 0.5):
    scores = [(number * 37 % 100) / 100 for number in range(count)]
    return [GivenAnswer(slip(number, score), keeps(score), 1, 1.0) for number, score in enumerate(scores)]


def made(count, days, *, score=0.8, **more):
    records = {
        f"n-{n}": NoteRecord(f"n-{n}", 900 + n, f"notes/{n}.md", DAY - timedelta(days=days), n) for n in range(count)
    }
    slips = [replace(slip(900 + n, score), status=ItemStatus.PROMOTED, note_id=f"n-{n}") for n in range(count)]
    return {name: replace(note, **more) for name, note in records.items()}, slips


def test_scores_become_chances_from_twenty_answers_on():
    assert curve_of(answers(19), ()) == Curve()
    curve = curve_of(answers(60), ())
    assert curve.chance(0.2) < 0.2
    assert curve.chance(0.8) > 0.8
    assert curve.answers == 60


def test_answers_on_slips_that_an_older_slipway_scored_say_nothing_of_scores():
    old = [replace(answer, slip=replace(answer.slip, parts={})) for answer in answers(60)]
    assert curve_of(old, ()) == Curve()


@pytest.mark.parametrize(
    ("notes", "says"),
    [
        pytest.param(made(40, 1), True, id="stood when others were answered"),
        pytest.param(made(40, 0), False, id="made after the last answer"),
        pytest.param(made(40, 1, gone_at=NOW), False, id="deleted"),
    ],
)
def test_who_only_dismisses_does_not_teach_that_nothing_is_kept(notes, says):
    """Forty dismissals of what waited; the notes above the threshold were left in peace."""
    away = answers(40, keeps=lambda score: score > 0.95)
    alone = curve_of(away, ())
    curve = curve_of(away, standing(away, *notes, DAY))
    assert (curve.chance(0.8) > alone.chance(0.8) + 0.1) is says
    assert says or curve == alone


def test_clearing_the_inbox_does_not_stop_the_notes():
    """Two nights of twenty notes each, left in peace; then forty of what waited are put away and two ticked."""
    away = [GivenAnswer(slip(n, 0.2 + 0.007 * n), kept=False, days=0, weight=1.0) for n in range(40)]
    kept = [GivenAnswer(slip(50 + n, 0.45), kept=True, days=0, weight=1.0) for n in range(2)]
    notes, slips = made(40, 0)
    slips = [replace(one, parts=dict.fromkeys(one.parts, 0.5 + 0.0075 * n)) for n, one in enumerate(slips)]
    curve = curve_of([*away, *kept], standing([*away, *kept], notes, slips, DAY))
    assert curve.chance(0.65) > 0.5
    assert curve.chance(0.3) < 0.15


def test_standing_notes_are_never_more_than_the_answers():
    told = answers(20)
    few, many = made(20, 9), made(400, 9)
    assert len(standing(told, *few, DAY)) == len(standing(told, *many, DAY)) == 20
    assert standing(told[:19], *few, DAY) == ()


def test_later_answers_count_more():
    before, after = answers(300, keeps=lambda score: True), answers(300, keeps=lambda score: score > 0.7)
    first, last = curve_of([*before, *after], ()), curve_of([*after, *before], ())
    assert first.chance(0.4) < last.chance(0.4)


def test_the_mark_tells_one_state_of_the_answers_from_another():
    told = answers(20)
    assert mark_of(told[:19]) == ""
    assert mark_of(told) == mark_of(list(told)) != mark_of([*told[:-1], replace(told[-1], kept=not told[-1].kept)])
    assert mark_of([replace(answer, days=9) for answer in told]) == mark_of(told), "a day that passes is no answer"


def test_the_last_standing_word_on_a_slip_counts(tmp_path):
    box = Box(tmp_path)
    box.arrive("other", 3)
    box.answer(away=[1, 2])
    box.answer(keep=[1])
    with box.app() as app:
        assert {answer.slip.id: answer.kept for answer in given_answers(app)} == {1: True, 2: False}
        note = app.store.slip(1).note_id
        app.store.mark_gone([note], app.clock.now())
        assert {answer.slip.id: answer.kept for answer in given_answers(app)} == {1: False, 2: False}
        app.store.mark_back([note], app.clock.now())
        assert [(answer.slip.id, answer.kept, answer.weight) for answer in given_answers(app)] == [
            (2, False, 1.0),
            (1, True, 0.5),
        ]
    box.tomorrow(5)
    with box.app() as app:
        assert [answer.days for answer in given_answers(app)] == [5, 5]
