"""A topic's page told in another language from the page alone is the page that would have been written in that language."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notes.pages import topic_page
from notes.pages.page_words import EVERY_LANGUAGE, words_for
from notes.pages.topic_page import Neighbour
from notes.pages.topic_rewording import is_worded, reworded
from notes.topics import TopicState
from tests.notes.test_topic_page import NOTES, TOPIC

PAIRS = [(one.lang, other.lang) for one in EVERY_LANGUAGE for other in EVERY_LANGUAGE]
NEAR = (Neighbour("topics/a", "A, b — 1 link", 1), Neighbour("topics/b", "世界模型：三条链接", 12))
TOPICS = {
    "living": (TOPIC, NEAR, "Machine learning"),
    "asleep": (replace(TOPIC, state=TopicState.ASLEEP), (), ""),
    "one day": (replace(TOPIC, first_seen=TOPIC.last_seen, terms=()), NEAR[:1], "机器学习，其他"),
    "one note": (replace(TOPIC, note_ids=TOPIC.note_ids[:1]), (), ""),
    "named like a heading": (replace(TOPIC, name="## Notes", terms=("时间线", "New")), NEAR, "Notes"),
}


@pytest.mark.parametrize(("former", "lang"), PAIRS)
@pytest.mark.parametrize("case", TOPICS)
def test_it_is_as_if_it_had_been_written_so(case, former, lang):
    topic, near, field = TOPICS[case]

    def written(words):
        return topic_page.render(topic, NOTES, neighbours=near, field=field, words=words_for(words))

    assert reworded(written(former), words_for(lang)) == written(lang)
    assert is_worded(written(lang), words_for(lang))


@pytest.mark.parametrize(("former", "lang"), PAIRS)
@pytest.mark.parametrize("heir", ["", "[[topics/a|A, b — 2026-02-01.]]"])
def test_so_is_the_page_of_a_topic_that_ended(heir, former, lang):
    def written(words):
        page = topic_page.render(TOPIC, NOTES, words=words_for(words))
        return topic_page.ended(page, date(2026, 3, 1), heir, words_for(words))

    assert reworded(written(former), words_for(lang)) == written(lang)


def test_days_with_and_without_blanks_are_known():
    page = topic_page.render(TOPIC, NOTES, words=words_for("zh-Hant"))
    joined = page.replace(" 年 ", "年").replace(" 月 ", "月").replace(" 日", "日")
    english = topic_page.render(TOPIC, NOTES)
    assert reworded(joined, words_for("en")) == reworded(page, words_for("en")) == english


def test_sentences_and_other_lines_stay_as_they_are():
    page = topic_page.render(TOPIC, NOTES).replace("## Notes\n", "A line: 2026-02-19, New.\n\n## Notes\n")
    assert "\nA line: 2026-02-19, New.\n" in reworded(page, words_for("zh-Hans"))
    assert reworded("# What somebody wrote\n", words_for("zh-Hans")) == "# What somebody wrote\n"
