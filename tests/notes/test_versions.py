"""The version log of a paper from what several sightings tell."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from notes.model import PaperVersion
from notes.versions import merged

SUBMITTED, ANNOUNCED = datetime(2026, 2, 18, 10, tzinfo=UTC), datetime(2026, 2, 20, 5, tzinfo=UTC)

logs = st.lists(
    st.builds(
        PaperVersion,
        st.integers(1, 5),
        st.none() | st.sampled_from([SUBMITTED, ANNOUNCED]),
        st.sampled_from(["", "12 pages", "13 pages", "withdrawn"]),
    ),
    max_size=6,
).map(tuple)


def test_the_submission_is_before_the_announcement() -> None:
    told = (PaperVersion(1, ANNOUNCED),)
    known = (PaperVersion(1, SUBMITTED, "12 pages"),)
    assert merged(told, known) == known


def test_versions_that_nobody_told_of_have_no_date() -> None:
    assert merged((PaperVersion(3, SUBMITTED),)) == (PaperVersion(1), PaperVersion(2), PaperVersion(3, SUBMITTED))


def test_numbers_that_cannot_be_are_left_out() -> None:
    assert merged((PaperVersion(0), PaperVersion(-1), PaperVersion(100_000))) == ()


@given(logs, logs, logs)
def test_the_order_of_sightings_does_not_matter(one, other, third) -> None:
    whole = merged(one, other, third)
    assert merged(merged(third, other), one) == whole
    assert merged(whole, whole) == whole
    assert [entry.version for entry in whole] == list(range(1, len(whole) + 1))
