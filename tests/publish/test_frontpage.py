"""Title, standfirst and introduction; and what becomes of them when another writer takes the parts."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from dataclasses import replace as change

import pytest

from notes.files.frontmatter import read
from notes.markup.markdown import plain
from notes.model import Role
from notes.text.fold import fold
from notes.trends import Period, Trend, TrendClass, TrendKind
from publish.checking.checker import check
from publish.daily.composing import write_daily
from publish.post.assignment import Assignment, Part, Told
from publish.sources.evidence import source_text
from publish.wording.words import LANGUAGES, words_for
from tests.publish.newsroom import DAY, LINKS, NEWS, RLM, SKILLRL, STATES, TODAY, TOPICS, VAULT, vault_note

REFERENCES = re.compile(r"\[\[[^\[\]|]*\|[⁰¹²³⁴⁵⁶⁷⁸⁹]+\]\]|[⁻\u2009]")


def daily(notes=TODAY, lang="en", **changes):
    return write_daily(
        DAY, notes, **({"all_notes": VAULT, "links": LINKS, "topics": TOPICS, "language": lang} | changes)
    )


def shown(post) -> str:
    return plain(REFERENCES.sub("", read(post.text)[1]))


def test_the_title_is_the_lead_with_those_that_follow():
    assert daily([STATES, RLM]).title == "Recursive Language Models; also “Thinking States for Input-Time Reasoning”"
    assert daily().title == (
        "SkillRL: Recursive Skill-Augmented Reinforcement Learning; also Recursive Language Models and STEP3-VL-10B"
    )


def test_a_lead_with_too_long_a_title_goes_by_its_name():
    long = vault_note(
        70,
        f"LongNet: {'a network of very many layers ' * 6}",
        """Networks lack depth, which remains a challenge for everyone. We propose LongNet, a network of very many layers.
        Experiments show that LongNet reaches an accuracy of 99.1% on ImageNet.""",
    )
    post = daily([change(long, quality_score=1.0), SKILLRL], all_notes={})
    assert post.title == "LongNet and SkillRL"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_standfirst_says_what_the_lead_is(lang):
    post = daily([STATES, RLM], lang)
    first = shown(post).split("\n\n")[1]
    assert "learn by reinforcement learning when to store, retrieve and compress their own context" in first
    assert words_for(lang).notes(2) in first
    assert check(post, VAULT).dropped == ()


def test_its_words_are_the_sources_own():
    claim = next(claim for claim in daily([STATES, RLM]).claims if claim.text.startswith("Leading on"))
    assert claim.quotes
    assert all(quote in RLM.body for quote in claim.quotes)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_day_of_news_without_substance_is_counted(lang):
    post = daily([NEWS], lang)
    assert words_for(lang).notes(1) in shown(post)


def test_a_topic_goes_by_what_its_works_say():
    """Of the name of a topic the works are grouped under the part that each of them has, or not at all."""
    text = shown(daily(max_stories=4))
    grouped = re.search(r"On ([^:\n]*): (.*)\.", text)
    assert grouped is None or all(
        fold(part).removesuffix("s") in fold(source_text(note))
        for part in grouped[1].split(" · ")
        for note in TODAY
        if note.title.split(":")[0] in grouped[2]
    )
    named = [change(topic, name="Image editing · Arbitrary resolutions", names={}) for topic in TOPICS]
    assert "Image editing" not in shown(daily(max_stories=4, topics=named))
    half = [change(TOPICS[0], name="Reinforcement learning · Arbitrary resolutions", names={})]
    assert "On Reinforcement learning: " in shown(daily([SKILLRL, RLM], topics=half))
    assert "Arbitrary resolutions" not in shown(daily([SKILLRL, RLM], topics=half))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_else_has_a_section_is_told_above_them(lang):
    post = daily(lang=lang, max_stories=5)
    words = words_for(lang)
    opening = words.daily_further.split("{")[0].strip()
    text = shown(post)
    assert opening in text.split("\n## ")[0]
    assert check(post, VAULT).dropped == ()


def trend(topic, course=TrendClass.RISING):
    return Trend(
        rank=1,
        kind=TrendKind.TOPIC,
        id=topic.id,
        name=topic.name,
        terms=(),
        course=course,
        recent=9,
        baseline=3.0,
        lift=3.0,
        p_value=0.001,
        q_value=0.01,
        periods=(Period(DAY, DAY, 9, 100),),
        notes=(),
    )


def test_topics_on_the_rise_are_named():
    assert "On the rise: Reinforcement learning · agents." in shown(daily(trends=[trend(TOPICS[0])]))
    assert "On the rise" not in shown(daily(trends=[trend(TOPICS[0], TrendClass.FADING)]))
    assert "On the rise" not in shown(daily([STATES, NEWS], trends=[trend(TOPICS[1])]))


@dataclass
class Scribe:
    """A writer that says what it is told to say, and remembers what it was asked for."""

    says: dict[tuple[Part, Role | None], list[Told]]
    name: str = "scribe"
    asked: list[Assignment] = field(default_factory=list)

    def tell(self, assignment):
        self.asked.append(assignment)
        return self.says.get((assignment.part, assignment.role), [])


def test_another_writer_takes_every_part():
    ids = SKILLRL.id, RLM.id
    scribe = Scribe(
        {
            (Part.TITLE, None): [Told("Skills that compose themselves", ids)],
            (Part.STANDFIRST, None): [Told("Agents learn to reuse what worked.", ids)],
            (Part.INTRODUCTION, None): [Told("Both works leave the reuse of skills to the language model.", ids)],
            (Part.STORY, Role.RESULT): [Told("It solves 89.9% of the tasks of ALFWorld.", (SKILLRL.id,))],
        }
    )
    post = daily([SKILLRL, RLM], writer=scribe)
    assert post.title == "Skills that compose themselves"
    text = shown(post)
    assert text.split("\n\n")[1] == "Agents learn to reuse what worked."
    assert "Both works leave the reuse of skills to the language model." in text
    assert "Result: It solves 89.9% of the tasks of ALFWorld." in text
    assert "Problem: Agents trained by reinforcement learning" in text, "what it leaves out is told by the sources"
    assert {one.part for one in scribe.asked} >= {Part.TITLE, Part.STANDFIRST, Part.INTRODUCTION, Part.STORY}


def test_what_it_invents_gives_way_to_the_sources():
    scribe = Scribe(
        {
            (Part.TITLE, None): [Told("SkillRL reaches 99.97%", (SKILLRL.id,))],
            (Part.STANDFIRST, None): [Told("SkillRL reaches 99.97% on ALFWorld.", (SKILLRL.id,))],
            (Part.STORY, Role.RESULT): [Told("SkillRL reaches 99.97% on ALFWorld.", (SKILLRL.id,))],
        }
    )
    post = daily([SKILLRL, RLM], writer=scribe)
    assert "99.97" not in post.text
    assert post.title.startswith("SkillRL: Recursive")
    assert "a success rate of 89.9%" in shown(post)
    assert "99.97" in daily([SKILLRL, RLM], writer=scribe, judge=lambda claim, notes: "").text, "the control"


def test_input_order_changes_no_byte():
    assert daily(TODAY[::-1], links=LINKS[::-1], topics=TOPICS[::-1]).text == daily().text
