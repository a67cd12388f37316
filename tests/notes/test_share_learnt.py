"""What a model learnt comes in by degrees."""

from __future__ import annotations

from itertools import pairwise

from notes.judging.keeping import Outcome, fit_curve, share_learnt
from notes.judging.quality import Evidence, quality


def test_nothing_at_ten_all_from_sixty_on_and_no_step_between():
    shares = [share_learnt(count) for count in range(101)]
    assert shares[:11] == [0.0] * 11
    assert shares[60:] == [1.0] * 41
    assert all(0 <= after - before < 0.035 for before, after in pairwise(shares))
    assert 0.05 < shares[20] < 0.15


def test_notes_that_stood_are_no_answers():
    asked = [Outcome(n / 34, kept=n % 4 == 0) for n in range(34)]
    stood = [Outcome(0.9, kept=True, weight=0.3, asked=False)] * 31
    curve = fit_curve([*asked, *stood])
    assert (curve.answers, curve.stood) == (34, 31)
    (told,) = (
        one for one in quality(Evidence(slip=1, key="k", relevance=1.0, length=900), curve).reasons if "chance" in one
    )
    assert told.endswith("by 34 answers and 31 notes that stood")
