"""A finished post read from the outside: it resolves to the last word, and a forged one does not."""

from __future__ import annotations

from functools import lru_cache

import pytest

from notes.model import Post
from publish.checking.audit import audit
from publish.daily.composing import write_daily
from publish.wording.words import LANGUAGES
from tests.publish.newsroom import DAY, LINKS, SKILLRL, TOPICS, VAULT

AUDIENCE = "engineers"
NAMED = (AUDIENCE, *(topic.name for topic in TOPICS))
TODAY = [note for note in VAULT.values() if note.created == DAY]


@lru_cache
def written(lang: str) -> Post:
    post = write_daily(DAY, TODAY, all_notes=VAULT, links=LINKS, topics=TOPICS, language=lang, audience=AUDIENCE)
    assert post is not None
    return post


@pytest.fixture(params=LANGUAGES)
def post(request):
    return written(request.param)


def test_every_word_and_number_of_a_post_resolves(post):
    found = audit(post.text, VAULT, lang=post.lang, day=DAY, named=NAMED)
    assert found.findings == ()
    assert found.stretches > 40
    assert found.numbers > 20
    assert found.verbatim > found.stretches / 2


@pytest.mark.parametrize(
    ("lang", "told", "forged", "reason"),
    [
        pytest.param("en", "89.9%", "98.9%", "a number", id="a figure"),
        pytest.param("zh-Hant", "89.9%", "98.9%", "a number", id="a figure in a Chinese post"),
        pytest.param("en", "SkillRL", "Zephyrion", "words that stand in none", id="a name"),
        pytest.param("zh-Hans", "SkillRL", "Zephyrion", "words that stand in none", id="a name in a Chinese post"),
        pytest.param("en", "https://arxiv.org/abs/", "https://evil.example/", "a link", id="a link"),
        pytest.param("en", "success rate", "failure rate", "words that stand in none", id="a word"),
        pytest.param("en", "[[20260220-001-", "[[20260220-999-", "no such note", id="a note"),
        pytest.param("en", "12 notes", "13 notes", "a number", id="a count"),
        pytest.param("en", "12 notes", "112 notes", "a number", id="a count with a true one in it"),
        pytest.param("zh-Hans", "12 篇", "13 篇", "a number", id="a count in simplified Chinese"),
        pytest.param("zh-Hant", "12 篇", "13 篇", "a number", id="a count in traditional Chinese"),
        pytest.param("en", "20 February 2026", "21 February 2026", "a number", id="a date"),
    ],
)
def test_a_forged_one_does_not(lang, told, forged, reason):
    text = written(lang).text
    assert told in text
    found = audit(text.replace(told, forged), VAULT, lang=lang, day=DAY, named=NAMED)
    assert any(reason in one.reason for one in found.findings)


def test_a_true_figure_under_another_note_does_not(post):
    mixed = post.text.replace("89.9%", "58%")
    assert audit(mixed, VAULT, lang=post.lang, day=DAY, named=NAMED).findings


def test_what_was_counted_again_elsewhere_is_handed_in(post):
    text = post.text.replace("\n## ", "\n7 of 476 notes.\n\n## ", 1)
    assert audit(text, VAULT, lang=post.lang, day=DAY, named=NAMED).findings
    assert not audit(text, VAULT, lang=post.lang, day=DAY, named=(*NAMED, "of notes"), counted=["7 of 476"]).findings


def test_a_post_leads_only_to_posts_that_went_before():
    post = written("en")
    text = f"{post.text}\nAlready told on [[posts/2026-02-19|19 February 2026]]: [[{SKILLRL.id}|SkillRL]].\n"
    more = {"lang": post.lang, "day": DAY, "named": NAMED, "counted": ["19 February 2026"]}
    assert not audit(text, VAULT, posts=["posts/2026-02-19"], **more).findings
    assert "no such note: posts/2026-02-19" in {one.reason for one in audit(text, VAULT, **more).findings}
