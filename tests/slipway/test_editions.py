"""What a further sighting changes in a stored work, as tables and laws."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.model import ItemStatus, PaperVersion, SourceType
from notes.text.likeness import sketch_of
from slipway.sameness.editions import (
    FULLER,
    MAX_EDITS,
    StoredText,
    Told,
    additions,
    completes,
    is_edit,
    may_complete,
    merged_log,
    succeeding,
    told_log,
)
from tests.slipway.boxes import item, paper

MONDAY = datetime(2026, 2, 16, 8, tzinfo=UTC)
TUESDAY, WEDNESDAY = MONDAY + timedelta(days=1), MONDAY + timedelta(days=2)


def stored(entry, **more):
    """An entry as it is stored."""
    names = (name for name in StoredText.__dataclass_fields__ if hasattr(entry, name))
    given_ = {name: getattr(entry, name) for name in names} | {"status": ItemStatus.INBOX, "edits": 0}
    return StoredText(**(given_ | more))


POST = item(text="Before.", updated=TUESDAY)
EDITED = item(text="After.", updated=WEDNESDAY)


@pytest.mark.parametrize(
    ("entry", "known", "expected"),
    [
        pytest.param(EDITED, stored(POST), True, id="another text at a later date"),
        pytest.param(replace(EDITED, updated=TUESDAY), stored(POST), False, id="another text, the same date"),
        pytest.param(replace(EDITED, updated=MONDAY), stored(POST), False, id="an older text"),
        pytest.param(replace(EDITED, updated=None), stored(POST), True, id="no date on the entry"),
        pytest.param(EDITED, stored(POST, updated=None), True, id="no date stored"),
        pytest.param(replace(POST, updated=WEDNESDAY), stored(POST), False, id="a later date on the same text"),
        pytest.param(replace(EDITED, content_hash=""), stored(POST), False, id="no hash"),
        pytest.param(EDITED, stored(POST, status=ItemStatus.EXCLUDED), True, id="kept out"),
        pytest.param(EDITED, stored(POST, status=ItemStatus.PROMOTED), False, id="promoted"),
        pytest.param(EDITED, stored(POST, status=ItemStatus.DISMISSED), False, id="dismissed"),
        pytest.param(EDITED, stored(POST, edits=MAX_EDITS), False, id="edited too often"),
        pytest.param(EDITED, stored(POST, edits=MAX_EDITS - 1), True, id="edited often"),
        pytest.param(EDITED, stored(POST, source="other"), False, id="the text of another source"),
        pytest.param(replace(EDITED, external_id="z"), stored(POST), True, id="another guid at its address"),
        pytest.param(replace(EDITED, url="https://x.org/"), stored(POST), True, id="its guid at another address"),
        pytest.param(
            replace(EDITED, external_id="z", url="https://x.org/"),
            stored(POST),
            False,
            id="another entry of the source",
        ),
        pytest.param(replace(EDITED, source_type=SourceType.ARXIV), stored(POST), False, id="an arXiv record"),
        pytest.param(EDITED, stored(POST, source_type=SourceType.ARXIV), False, id="over an arXiv record"),
    ],
)
def test_what_is_an_edit(entry, known, expected):
    assert is_edit(entry, known) is expected


def test_a_note_s_text_may_be_completed_and_what_waits_is_edited():
    note = stored(POST, status=ItemStatus.PROMOTED)
    assert may_complete(EDITED, note)
    assert not may_complete(EDITED, stored(POST))
    assert not may_complete(EDITED, stored(POST, status=ItemStatus.DISMISSED))
    assert not may_complete(EDITED, replace(note, edits=MAX_EDITS))
    assert not may_complete(replace(EDITED, updated=MONDAY), note)


STORY = "We study agents that learn skills by reinforcement, and measure how far they come on eleven tasks. " * 2
OTHER = "Flour, water, salt and time: how a sourdough starter is kept alive over a long winter in a cold house. " * 3


def told(text, title="A title"):
    return Told(title, text, sketch_of(item(title=title, text=text)))


@pytest.mark.parametrize(
    ("entry", "before", "expected"),
    [
        pytest.param(item(text=""), told(""), False, id="nothing"),
        pytest.param(item(text="A."), told(""), True, id="something instead of nothing"),
        pytest.param(item(text="x" * (9 + FULLER)), told("x" * 9), True, id="so much longer"),
        pytest.param(item(text="x" * (8 + FULLER)), told("x" * 9), False, id="not so much longer"),
        pytest.param(item(text=""), told("A."), False, id="nothing any more"),
        pytest.param(item(text=STORY), told("Read more.", title=" a  Title"), True, id="the same title"),
        pytest.param(item(text=STORY), told("Read more.", title=""), True, id="no title before"),
        pytest.param(item(text=STORY), told("Read more.", title="Another"), False, id="another title"),
        pytest.param(item(text=STORY * 2), told(STORY), True, id="the same story, at length"),
        pytest.param(item(text=f"{STORY}{OTHER}"), told(STORY), True, id="it goes on"),
        pytest.param(item(text=OTHER), told(STORY), False, id="another story under the title"),
    ],
)
def test_which_text_completes_a_note(entry, before, expected):
    assert completes(entry, sketch_of(entry), before) is expected


def test_a_briefing_of_another_day_that_greets_alike_completes_no_note():
    greeting = "Good morning! Here is your daily briefing from the town desk, with all that you need to know today. "
    following = item(text=f"{greeting}{OTHER}")
    assert len(following.text) >= len(before := f"{greeting}{STORY}") + FULLER
    assert not completes(following, sketch_of(following), told(before))
    whole = item(text=f"{greeting}{STORY}{OTHER}")
    assert completes(whole, sketch_of(whole), told(before))


@pytest.mark.parametrize(("days", "expected"), [(None, True), (0, True), (2, True), (3, False), (-3, False)], ids=str)
def test_an_entry_of_other_days_completes_no_note(days, expected):
    published = None if days is None else MONDAY + timedelta(days=days)
    assert (
        may_complete(replace(EDITED, published=published), stored(POST, status=ItemStatus.PROMOTED, published=MONDAY))
        is expected
    )


NEW = paper(categories=("cs.LG", "stat.ML"), announced="new", published=TUESDAY)
CROSS = replace(NEW, categories=("cs.CL", "cs.LG"), announced="cross")


@pytest.mark.parametrize(
    ("entries", "known", "expected"),
    [
        pytest.param([NEW], NEW, {}, id="nothing new"),
        pytest.param([CROSS], NEW, {"categories": ("cs.LG", "stat.ML", "cs.CL")}, id="a cross-list, primary first"),
        pytest.param(
            [CROSS, replace(NEW, categories=("math.OC",))],
            NEW,
            {"categories": ("cs.LG", "stat.ML", "cs.CL", "math.OC")},
            id="several",
        ),
        pytest.param([replace(NEW, comment="12 pages")], NEW, {"comment": "12 pages"}, id="a comment"),
        pytest.param([replace(NEW, comment="x", arxiv_version=2)], NEW, {}, id="the comment of another version"),
        pytest.param([NEW], replace(NEW, comment="12 pages"), {}, id="silence takes nothing back"),
        pytest.param([replace(NEW, doi="10.1/x")], NEW, {"doi": "10.1/x"}, id="a DOI"),
        pytest.param([replace(NEW, doi="10.1/x")], replace(NEW, doi="10.1/y"), {}, id="the first DOI stays"),
        pytest.param([NEW], replace(NEW, announced=""), {"announced": "new"}, id="how it was announced"),
        pytest.param([replace(CROSS, source_type=SourceType.RSS)], NEW, {}, id="a post about it"),
        pytest.param([CROSS], replace(NEW, source_type=SourceType.RSS), {}, id="about a post"),
        pytest.param([replace(CROSS, arxiv_id="2602.00002")], NEW, {}, id="another paper"),
    ],
)
def test_what_further_records_add(entries, known, expected):
    assert additions(entries, stored(known)) == expected
    assert additions(entries, known) == expected
    assert additions(entries, replace(known, **expected)) == {}, "a second time nothing"


def test_a_later_version_takes_over_what_only_the_first_knew():
    first = replace(NEW, comment="accepted at X", doi="10.1/x", published=MONDAY)
    second = replace(
        paper(version=2, categories=("cs.LG", "cs.AI"), announced="replace"),
        published=WEDNESDAY,
        title="A better title",
    )
    result = succeeding(second, stored(first))
    assert (result.title, result.arxiv_version, result.published) == ("A better title", 2, MONDAY)
    # The comment was on the first.
    assert (result.comment, result.doi, result.announced) == ("", "10.1/x", "new")
    assert result.categories == ("cs.LG", "stat.ML", "cs.AI")


def test_a_restored_version_does_not_inherit_the_withdrawal():
    withdrawn = replace(NEW, arxiv_version=2, comment="withdrawn by the author")
    assert succeeding(paper(version=3, announced="replace"), stored(withdrawn)).comment == ""
    assert succeeding(paper(version=2, announced="replace"), stored(withdrawn)).comment == withdrawn.comment


def test_new_outranks_a_cross_list():
    assert additions([NEW], stored(CROSS)) == {"announced": "new", "categories": ("cs.LG", "stat.ML", "cs.CL")}
    result = succeeding(replace(NEW, arxiv_version=2), stored(CROSS))
    assert (result.announced, result.categories) == ("new", ("cs.LG", "stat.ML", "cs.CL"))


def test_a_record_that_tells_no_comment_has_none():
    withdrawn = replace(NEW, comment="withdrawn by the author")
    assert succeeding(paper(version=2), stored(withdrawn)).comment == ""


def test_arxiv_s_record_takes_a_post_s_place_whole():
    post = item("arxiv:2602.01234", arxiv_id="2602.01234", categories=("blog",), published=MONDAY, doi="10.1/wrong")
    assert succeeding(NEW, stored(post)) == NEW


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        pytest.param([paper(version=0)], (), id="none named"),
        pytest.param(
            [paper(version=2, updated=TUESDAY, published=MONDAY, comment="12 pages")],
            (PaperVersion(2, TUESDAY, "12 pages"),),
            id="a record names its own",
        ),
        pytest.param(
            [paper(version=2, published=MONDAY, comment="12 pages", source_type=SourceType.RSS)],
            (PaperVersion(2),),
            id="a post only that there is one",
        ),
        pytest.param(
            [paper(version=3, versions=(PaperVersion(1, MONDAY), PaperVersion(2, TUESDAY), PaperVersion(0)))],
            (PaperVersion(1, MONDAY), PaperVersion(2, TUESDAY), PaperVersion(3)),
            id="a log, and its own",
        ),
        pytest.param(
            [paper(version=2, published=WEDNESDAY, announced="replace", versions=(PaperVersion(2, TUESDAY, "ok"),))],
            (PaperVersion(2, TUESDAY, "ok"),),
            id="submitted before it was announced",
        ),
    ],
)
def test_what_entries_tell_of_versions(entries, expected):
    assert told_log(entries) == expected


MOMENTS = st.one_of(st.none(), st.integers(0, 5).map(lambda days: MONDAY + timedelta(days=days)))
LOGS = st.lists(st.builds(PaperVersion, st.integers(1, 4), MOMENTS, st.sampled_from(["", "a", "b", "bb"])), max_size=5)


@given(LOGS, LOGS, LOGS)
def test_logs_merge_alike_in_any_order(one, other, third):
    assert merged_log(one, other) == merged_log(other, one)
    assert merged_log(merged_log(one, other), third) == merged_log(one, merged_log(other, third))
    assert merged_log(one, one) == merged_log(one)


@given(LOGS, LOGS)
def test_no_version_is_lost(one, other):
    merged = merged_log(one, other)
    assert [version.version for version in merged] == sorted({version.version for version in (*one, *other)})
