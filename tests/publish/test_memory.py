"""What earlier posts told is not told again, unless there is news."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from notes.markup.document import read_note
from notes.model import LinkKind, SourceType
from publish.daily.composing import write_daily
from publish.post.draft import Draft
from publish.post.memory import Told, latest_of, said_before, told_by
from publish.wording.words import LANGUAGES
from tests.publish.newsroom import DAY, LINKS, RLM, SKILLRL, STATES, TODAY, TOPICS, VAULT, _both, vault_note

NEXT = DAY + timedelta(days=1)


def remembered(post) -> Told:
    sentences = tuple(text for claim in post.claims for text in (claim.text, *claim.quotes))
    return Told(post.id, post.date, post.note_ids, sentences, post.path.removesuffix(".md"))


def write(day, notes, *, earlier=(), links=LINKS, lang="en", **changes):
    notes = [replace(note, created=day) for note in notes]
    known = {**VAULT, **{note.id: note for note in notes}}
    return write_daily(
        day, notes, all_notes=known, links=links, topics=TOPICS, language=lang, earlier=earlier, **changes
    )


def again(text, *, title="SkillRL: skills that compose", day=NEXT):
    """Another note about SkillRL, as a newspaper would bring it a day later."""
    return vault_note(1, title, text, day=day, source="The Gazette", kind=SourceType.RSS)


def same_work(note):
    return (*LINKS, *_both(note, SKILLRL, LinkKind.SAME_WORK, 1.0, "the same work: SkillRL"))


OLD_NEWS = again(
    """SkillRL discovers reusable skills in successful trajectories, as the paper says. On ALFWorld, SkillRL achieves a success rate
    of 89.9%, which is what the newspaper liked most about it."""
)
NEWS = again(
    """SkillRL discovers reusable skills in successful trajectories, as the paper says. On ALFWorld, SkillRL achieves a success rate
    of 89.9%, which is what the newspaper liked most about it. On WebShop, SkillRL now reaches 72.7%, well above the best
    earlier agent."""
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_of_an_earlier_post_is_said_again(lang):
    first = write(DAY, TODAY, lang=lang)
    second = write(NEXT, TODAY, earlier=[remembered(first)], lang=lang)
    quoted = {claim.text for claim in first.claims if claim.quotes}
    assert quoted
    assert not quoted.intersection(claim.text for claim in second.claims)


def test_without_memory_they_would_be(monkeypatch):
    monkeypatch.setattr(Draft, "remember", lambda self, sentences: None)
    monkeypatch.setattr("publish.daily.edition.told_before", lambda *args: {})
    first = write(DAY, TODAY)
    second = write(NEXT, TODAY, earlier=[remembered(first)])
    assert {claim.text for claim in first.claims if claim.quotes} & {claim.text for claim in second.claims}


def test_a_work_told_yesterday_without_news_is_named_only():
    first = write(DAY, [SKILLRL, RLM])
    text = write(NEXT, [OLD_NEWS, STATES], earlier=[remembered(first)], links=same_work(OLD_NEWS)).text
    assert "## SkillRL" not in text
    assert "Already told on [[posts/2026-02-20|20 February 2026]]: " in text
    assert "89.9%" not in text


@pytest.mark.parametrize(
    ("lang", "line"),
    [
        ("en", "Already told on [[posts/2026-02-20|20 February 2026]]: "),
        ("zh-Hant", "[[posts/2026-02-20|2026 年 2 月 20 日]]已有報導："),
        ("zh-Hans", "[[posts/2026-02-20|2026年2月20日]]已有报道："),
    ],
)
def test_what_came_again_stands_in_one_line_by_day(lang, line):
    first = write(DAY, [SKILLRL, RLM], lang=lang)
    other = vault_note(2, "RLM: again", "Recursive Language Models are told again.", day=NEXT, source="The Gazette")
    links = (*same_work(OLD_NEWS), *_both(other, RLM, LinkKind.SAME_WORK, 1.0, ""))
    text = write(NEXT, [OLD_NEWS, other, STATES], earlier=[remembered(first)], links=links, lang=lang).text
    (again,) = [one for one in text.splitlines() if one.startswith(line)]
    assert OLD_NEWS.id in again


def test_of_a_work_with_news_only_the_news_is_told():
    first = write(DAY, [SKILLRL, RLM])
    text = write(NEXT, [NEWS, STATES], earlier=[remembered(first)], links=same_work(NEWS)).text
    assert "**New since [[posts/2026-02-20|20 February 2026]]**: On WebShop, SkillRL now reaches **72.7%**" in text
    assert "89.9%" not in text


def test_the_same_name_is_the_same_work_without_a_link():
    first = write(DAY, [SKILLRL, RLM])
    assert (
        "Already told on [[posts/2026-02-20|20 February 2026]]: "
        in write(NEXT, [OLD_NEWS, STATES], earlier=[remembered(first)]).text
    )


def test_a_post_of_the_day_itself_or_later_is_no_memory():
    first = write(DAY, TODAY)
    assert write(DAY, TODAY, earlier=[remembered(first), replace(remembered(first), date=NEXT)]).text == first.text


def test_consecutive_posts_share_less_than_a_twentieth_of_their_sentences():
    first = write(DAY, TODAY[:8])
    second = write(NEXT, TODAY[4:], earlier=[remembered(first)])
    said = [
        {claim.text for claim in post.claims if len(claim.text.split()) > 3 and claim.quotes}
        for post in (first, second)
    ]
    assert len(said[0] & said[1]) < 0.05 * len(said[1])


def test_a_post_is_remembered_from_its_file():
    post = write(DAY, TODAY)
    told = told_by(read_note(post.path, post.text.encode(), mtime_ns=0))
    assert (told.post_id, told.date) == (post.id, DAY)
    assert told.target == "posts/2026-02-20"
    assert set(post.note_ids) <= set(told.note_ids)
    quotes = [claim.text for claim in post.claims if claim.quotes and claim.text.startswith("The authors")]
    said = said_before([told])
    assert quotes
    assert sum(any(quote.casefold() in sentence for sentence in said) for quote in quotes) == len(quotes)


def test_the_latest_of_several():
    one, other = Told("a", date(2026, 1, 1), ("n",), ()), Told("b", date(2026, 1, 2), ("n", "m"), ())
    assert latest_of(["n"], [one, other]) is other
    assert latest_of(["x"], [one, other]) is None
