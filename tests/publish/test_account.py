"""What notes say of a work is read when it is asked for, and says the same as if it had been read before."""

from __future__ import annotations

from dataclasses import replace

import pytest

from publish.daily.edition import edition_of
from publish.sources.account import Account
from publish.sources.extract import figures_of, is_review, quotes_of
from publish.sources.gist import gist_of
from tests.publish.newsroom import LINKS, TODAY, TOPICS, vault_note

SURVEY = vault_note(
    90, "Agents: a survey", "This paper reviews agents. We survey 40 papers on agents and find them wanting."
)
META = vault_note(
    91, "What helps pupils", "We conduct a meta-analysis of 40 studies. It shows that feedback improves grades by 12%."
)


def account(*notes, language="en"):
    return Account(notes, "SkillRL", language)


def is_read(told):
    return "_read" in vars(told)


def crowd(size=40):
    """Works, each on a subject of its own, that have much to say."""
    text = """Agents fail on long tasks because they forget what they did. We propose Net{n}X, a network that learns what to keep.
    Experiments show that Net{n}X reaches an accuracy of {n}.5% on ALFWorld."""
    return [vault_note(100 + n, f"Net{n}X: what to keep", text.format(n=n + 20)) for n in range(size)]


@pytest.mark.parametrize("note", [*TODAY, SURVEY, META], ids=lambda note: note.id)
@pytest.mark.parametrize("language", ["en", "zh-Hans"])
def test_it_says_what_its_notes_say(note, language):
    told = account(note, language=language)
    quotes = quotes_of([note], language)
    assert told.review is is_review([note], quotes)
    assert told.number_of_figures == len(figures_of([note], quotes))
    assert (told.quotes, told.figures, told.gist) == (
        quotes,
        figures_of([note], quotes),
        gist_of("SkillRL", quotes),
    )


def test_reviews_are_told_by_their_sentences():
    assert [note.id for note in (*TODAY, SURVEY, META) if account(note).review][-2:] == [SURVEY.id, META.id]


def test_counting_figures_reads_no_sentence():
    told = account(TODAY[0])
    assert told.number_of_figures > 0
    assert not is_read(told)
    assert told.quotes
    assert is_read(told)


def test_no_more_works_are_read_than_have_room():
    edition = edition_of(crowd(), (), (), language="en", most=6)
    assert len(edition.main) == 6
    assert sum(is_read(story.account) for story in edition.every) == 6


@pytest.mark.parametrize("most", [1, 3, 6, 50])
def test_the_room_goes_to_two_of_a_topic_before_a_third(most):
    works = crowd(9)
    shared = replace(TOPICS[0], note_ids=tuple(note.id for note in works[:7]))
    whole = edition_of(works, LINKS, [shared], language="en", most=50).main
    turns = [story.topic is not None for story in whole]
    assert sorted(turns[:4]) == [False, False, True, True]
    assert all(turns[4:])
    told = {story.lead.id for story in edition_of(works, LINKS, [shared], language="en", most=most).main}
    assert told == {story.lead.id for story in whole[:most]} or most < 3  # the lead of the first three goes first


def test_what_has_been_told_leaves_its_figures():
    (story,) = edition_of([TODAY[0]], (), (), language="en", most=1).main
    bare = story.only(())
    assert (bare.quotes, bare.gist, bare.figures) == ((), None, story.figures)
    assert story.only(story.quotes[:1]).gist == story.gist
