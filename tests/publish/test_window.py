"""What the synthesis sees of a window."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from publish.synthesis.window import look
from tests.publish.newsroom import DAY, GRPO, IGRPO, LINKS, SKILLRL, TODAY, TOPICS, VAULT, vault_note

WINDOW = (date(2026, 2, 14), DAY)


def seen(notes=TODAY, **changes):
    settings = {
        "all_notes": VAULT,
        "links": LINKS,
        "topics": TOPICS,
        "language": "en",
        "window": WINDOW,
        "windows_before": 4,
    } | changes
    return look(notes, **settings)


def test_topics_are_largest_first_with_what_they_held_before():
    groups = seen().groups
    assert [group.topic.id for group in groups] == ["reinforcement-learning", "multimodal-models"]
    assert [len(held) for held in groups[0].earlier] == [0, 0, 0, 1]
    assert groups[0].before == (GRPO,)
    assert not groups[0].is_new
    assert groups[1].is_new
    assert groups[1].before == ()


def test_without_windows_to_compare_nothing_is_before():
    group = seen(windows_before=0).groups[0]
    assert (group.earlier, group.before) == ((), ())


def test_a_topic_of_one_note_is_no_trend():
    assert seen(notes=[SKILLRL]).groups == ()


def test_posts_are_not_told_again():
    assert seen(notes=[replace(SKILLRL, source_type="synthesis")]).notes == ()


def test_benchmarks_gather_the_works_that_state_a_figure_for_them():
    other = vault_note(
        40,
        "OtherRL: skills",
        "We propose OtherRL, which learns skills. OtherRL reaches 91.2% on ALFWorld.",
        arxiv_id="2602.1",
    )
    first = seen(notes=[*TODAY, other]).benchmarks[0]
    assert first.name == "ALFWorld"
    assert {story.lead.id for story in first.stories} == {SKILLRL.id, other.id}


def test_weight_and_days():
    window = seen()
    assert (window.start, window.end) == WINDOW
    assert window.stories[0].lead == SKILLRL
    assert IGRPO in window.notes
