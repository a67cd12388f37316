from __future__ import annotations

from dataclasses import replace
from random import Random
from zlib import crc32

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.models.hashing import HashingEmbedder
from index.taste.answers import Answer, records_of
from index.taste.interests import Interests
from index.taste.seeds import Seeds, Subject
from index.taste.taste import LEAST_ANSWERS, MOST_SEEDS, Taste, _changed
from index.taste.traits import AUTHOR_TRAITS, Reputation, traits
from tests.index.shelf import document

FIELDS = {
    "rl": "reinforcement learning agents policy reward exploration skills trajectories verifiable",
    "scan": "tumour segmentation magnetic resonance scans hospitals patients radiology contrast",
    "court": "court decisions legal arguments judges precedents statutes contracts jurisdiction",
    "桥": "斜拉桥主塔施工质量控制混凝土浇筑索塔线形测量",
    "学": "强化学习智能体策略奖励技能轨迹环境模拟成功率",
}
EMBEDDER = HashingEmbedder()


class Blind(HashingEmbedder):
    """A model that does not know Chinese."""

    def knows(self, lang):
        return not lang.startswith("zh")


def subject(key, field, *, authors=(), **more):
    chance = Random(crc32(f"{key} {field}".encode()))
    known = FIELDS[field]
    chinese = not known.isascii()
    parts = [known[at : at + 4] for at in range(0, len(known), 2)] if chinese else known.split()
    chance.shuffle(parts)
    text = ("，" if chinese else " ").join(parts[:6])
    one = document(key, f"{text[:30]} {key}", text, lang="zh-Hans" if chinese else "en", **more)
    vector = EMBEDDER.encode_passages([one.whole])[0]
    return Subject(document=one, vector=vector, authors=authors)


def subjects(field, count, prefix="", **more):
    return [subject(f"{prefix}{field}{number}", field, **more) for number in range(count)]


def answers(kept="rl", dismissed="scan", count=40):
    given = [*subjects(kept, count // 2), *subjects(dismissed, count // 2)]
    return [
        Answer(subject=one, kept=one.document.id.startswith(kept), age=float(at % 7)) for at, one in enumerate(given)
    ]


STATED = (("agents", FIELDS["rl"]), ("medicine", "tumour scans radiology"), ("law", FIELDS["court"]))


@pytest.mark.parametrize("count", [0, LEAST_ANSWERS - 1, 60], ids=["none", "too few", "all the same"])
def test_without_answers_that_say_enough_relevance_is_the_closest_interest(count):
    given = [replace(one, kept=True) for one in answers(count=60)[:count]]
    taste = Taste.learn(Seeds(stated=STATED), given, EMBEDDER)
    judged = taste.judge(subjects("rl", 3, "new-"))
    assert not taste.has_learnt
    assert all(one.relevance == one.prior and one.effect == 0 and "answers" not in one.reason for one in judged)
    assert all(one.interest == "agents" and one.reason.startswith("interest agents") for one in judged)


def test_nobody_said_what_matters():
    (one,) = Taste.learn(Seeds(), (), EMBEDDER).judge(subjects("rl", 1))
    assert (one.relevance, one.interest, one.reason) == (0.5, "", "")


def test_nothing_to_judge():
    assert Taste.learn(Seeds(stated=STATED), answers(), EMBEDDER).judge(()) == ()


def test_interests_are_not_averaged():
    new = subjects("rl", 5, "new-")
    alone = Interests(Seeds(stated=STATED[:1]), EMBEDDER).match(new).best()
    among = Interests(Seeds(stated=STATED), EMBEDDER).match(new).best()
    assert (among >= alone).all()
    # The control: their mean does blur.
    assert (Interests(Seeds(stated=STATED), EMBEDDER).match(new).closeness.mean(axis=1) < alone).all()


def test_a_library_of_two_fields_is_two_interests():
    library = (*subjects("rl", 40), *subjects("court", 40))
    interests = Interests(Seeds(library=library), EMBEDDER)
    fields = [{library[at].document.id.rstrip("0123456789") for at in one.members} for one in interests.all]
    assert len(interests.all) >= 2
    assert all(len(one) == 1 for one in fields)
    assert len({one.name for one in interests.all}) == len(interests.all)


def test_a_cluster_bears_the_name_of_the_interest_that_was_stated():
    interests = Interests(Seeds(stated=STATED, library=tuple(subjects("court", 10))), EMBEDDER)
    assert [one.name for one in interests.all] == ["agents", "medicine", "law", "law"]


def test_the_topics_of_notes_are_interests():
    notes = tuple(subjects("rl", 3, "n-") + subjects("court", 2, "n-"))
    topics = {one.document.id: "Agents" for one in notes[:3]}
    taste = Taste.learn(Seeds(notes=notes, topics=topics), (), EMBEDDER)
    assert [(one.name, len(one.members)) for one in taste.interests.all] == [("Agents", 3), ("your notes", 2)]
    (one,) = taste.judge([replace(notes[0], document=replace(notes[0].document, id="new"))])
    assert one.interest == "Agents"
    assert one.reason == "close to [[n-rl0]]"
    assert one.relevance > 0.9


def test_answers_raise_and_lower_and_say_so():
    # Both fields are interests alike; the answers tell them apart.
    taste = Taste.learn(Seeds(stated=STATED), answers(), EMBEDDER)
    kept, dismissed = taste.judge([*subjects("rl", 1, "new-"), *subjects("scan", 1, "new-")])
    assert kept.relevance > 0.8
    assert dismissed.relevance < 0.2
    assert "your answers lower medicine by" in dismissed.reason
    assert dismissed.reason.endswith("you kept 0 of 10 like it")
    assert dismissed.effect == pytest.approx(dismissed.relevance - dismissed.prior, abs=1e-3)


def test_few_answers_move_a_little_and_many_take_over():
    new = subjects("rl", 1, "new-")
    before = Taste.learn(Seeds(stated=STATED), (), EMBEDDER).judge(new)[0].relevance
    against = [
        Taste.learn(Seeds(stated=STATED), answers("scan", "rl", count), EMBEDDER).judge(new)[0].relevance
        for count in (20, 60, 200)
    ]
    assert before > against[0] > against[1] > against[2]
    assert against[2] < 0.1


@pytest.mark.parametrize(("field", "lifted"), [("rl", True), ("桥", False)])
def test_known_authors_lift_what_is_near_and_nothing_else(field, lifted):
    library = tuple(subject(f"lib{n}", "court", authors=(f"Author {n}",)) for n in range(5))
    taste = Taste.learn(
        Seeds(stated=(("few words", "policy tumour scans radiology hospitals"),), library=library), (), EMBEDDER
    )
    known, unknown = taste.judge(
        [subject("x", field, authors=authors) for authors in (tuple(f"Author {n}" for n in range(5)), ())]
    )
    assert (known.relevance > unknown.relevance) is lifted
    assert known.relevance <= 2 * unknown.relevance


@pytest.mark.parametrize(
    ("effect", "kin", "in_all", "told"),
    [
        (-0.35, (3, 3), (8, 34), "lower x by 0.35: you kept 8 of 34 in all"),
        (-0.35, (1, 4), (30, 34), "lower x by 0.35: you kept 1 of 4 like it"),
        (-0.35, (3, 3), (30, 34), "lower x by 0.35"),
        (0.2, (3, 4), (8, 34), "raise x by 0.20: you kept 3 of 4 like it"),
        (0.2, (1, 4), (30, 34), "raise x by 0.20: you kept 30 of 34 in all"),
        (0.2, (2, 2), (1, 2), "raise x by 0.20"),
    ],
)
def test_what_is_quoted_points_the_way_the_answers_do(effect, kin, in_all, told):
    assert _changed("x", effect, kin, in_all) == f"your answers {told}"


def test_what_sank_is_not_told_by_what_speaks_for_it():
    seeds = Seeds(stated=STATED)
    given = [replace(one, subject=replace(one.subject, authors=("A",))) for one in answers("scan", "rl", 200)]
    (one,) = Taste.learn(seeds, given, EMBEDDER).judge(subjects("rl", 1, "new-", authors=("A",)))
    assert one.effect < 0
    assert "you kept" not in one.reason.partition("author")[2]
    assert "of what you kept" not in one.reason


def test_what_was_never_shown_is_no_answer():
    unshown = [replace(one, shown=False, kept=False) for one in answers("court", "scan", 60)]
    assert not Taste.learn(Seeds(stated=STATED), [*unshown, *answers(count=10)], EMBEDDER).has_learnt


def test_of_many_notes_the_words_of_a_few_are_read():
    # Twenty thousand notes must not be tokenised each night.
    notes = tuple(subjects("rl", MOST_SEEDS + 40, "n-"))
    Taste.learn(Seeds(notes=notes), answers(), EMBEDDER).judge(subjects("rl", 1, "new-"))
    assert sum("terms" in note.__dict__ for note in notes) == MOST_SEEDS


@settings(max_examples=6, deadline=None)
@given(st.permutations(answers(count=24)))
def test_the_order_of_answers_does_not_matter(given):
    new = subjects("rl", 2, "new-") + subjects("court", 2, "new-")
    one = Taste.learn(Seeds(stated=STATED), given, EMBEDDER).judge(new)
    assert one == Taste.learn(Seeds(stated=STATED), answers(count=24), EMBEDDER).judge(new)


@settings(max_examples=8, deadline=None)
@given(st.lists(st.booleans(), min_size=20, max_size=40), st.floats(0, 5000), st.floats(0.01, 3))
def test_relevance_stays_a_probability(verdicts, age, weight):
    some = [*subjects("rl", 20), *subjects("court", 20)]
    given = [Answer(subject=one, kept=kept, age=age, weight=weight) for one, kept in zip(some, verdicts, strict=False)]
    judged = Taste.learn(Seeds(library=tuple(subjects("scan", 3))), given, EMBEDDER).judge(subjects("桥", 2) + some[:3])
    assert all(0 <= one.relevance <= 1 and np.isfinite(one.effect) for one in judged)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.8])
def test_of_what_is_told_so_many_are_kept(share):
    def is_kept(one):
        return crc32(one.document.id.encode()) % 100 < 100 * share

    given = [Answer(subject=one, kept=is_kept(one)) for one in subjects("rl", 150)]
    given += [Answer(subject=one, kept=False) for one in subjects("scan", 50)]
    taste = Taste.learn(Seeds(stated=STATED), given, EMBEDDER)
    told = taste.relevance(subjects("rl", 40, "new-")).mean()
    assert told == pytest.approx(share, abs=0.12)


def test_an_author_who_was_kept_counts():
    given = [
        replace(one, subject=replace(one.subject, authors=("Ada Lovelace", "B. Else") if one.kept else ("C. Other",)))
        for one in (Answer(subject=s, kept=at % 2 == 0, age=float(at)) for at, s in enumerate(subjects("rl", 60)))
    ]
    taste = Taste.learn(Seeds(stated=STATED), given, EMBEDDER)
    by_her, by_nobody = taste.judge([subject("new", "rl", authors=("Lovelace, Ada",)), subject("new", "rl")])
    assert by_her.relevance > by_nobody.relevance + 0.1
    assert by_her.reason.endswith("1 author of what you kept")


def test_an_authors_record_is_what_was_known_before():
    one, other = (
        Answer(subject=subject(key, "rl", authors=("A",)), kept=True, age=age) for key, age in (("a", 2.0), ("b", 1.0))
    )

    records = records_of(Reputation(), (), [one, other])
    assert records[0] == (0.0,) * len(AUTHOR_TRAITS)
    assert records[1][0] > 0
    # Answers of one day do not know of each other.
    same = records_of(Reputation(), (), [one, replace(other, age=2.0)])
    assert same[0] == same[1]


def test_chinese_is_learnt_by_its_words_where_the_model_is_blind():
    given = [
        Answer(subject=one, kept=kept) for field, kept in (("学", True), ("桥", False)) for one in subjects(field, 25)
    ]
    taste = Taste.learn(Seeds(stated=(("智能体", "强化学习智能体"),)), given, Blind())
    kept, dismissed = taste.judge([*subjects("学", 1, "新"), *subjects("桥", 1, "新")])
    assert kept.relevance > 0.6
    assert dismissed.relevance < 0.4


def test_chinese_is_near_notes_by_what_neighbours_measured():
    taste = Taste.learn(Seeds(notes=tuple(subjects("学", 3))), (), Blind())
    new = subjects("学", 1, "新")
    assert taste.judge(subjects("桥", 1, "新"))[0].relevance == 0
    (one,) = taste.judge(new, near={new[0].document.id: {"学1": 0.7}})
    assert (one.relevance, one.reason) == (0.7, "close to [[学1]]")


def test_chinese_is_near_notes_by_its_words_where_nothing_was_measured():
    taste = Taste.learn(Seeds(notes=tuple(subjects("学", 3) + subjects("rl", 2))), (), Blind())
    kin, stranger = taste.judge([*subjects("学", 1, "新"), *subjects("桥", 1, "新")])
    assert kin.relevance > 0.4
    assert stranger.relevance < 0.1


def test_a_note_that_was_made_of_an_answer_does_not_tell_of_it():
    # Every item that was kept is a note by now: that an answered item equals its own note must not pass for insight.
    chance = [replace(one, kept=at % 2 == 0) for at, one in enumerate(answers("rl", "rl", 60))]
    made = tuple(one.subject for one in chance if one.kept)
    taste = Taste.learn(Seeds(notes=made), chance, EMBEDDER)
    assert taste.relevance(subjects("rl", 20, "new-")).mean() == pytest.approx(0.5, abs=0.12)
    # The control: with the notes taken for others' the model learns that what equals a note is kept, and what is only near is not.
    other = tuple(
        replace(one, document=replace(one.document, id=f"other-{at}", title=f"{one.document.title} "))
        for at, one in enumerate(made)
    )
    blinded = Taste.learn(Seeds(notes=other), chance, EMBEDDER)
    assert abs(blinded.relevance(subjects("rl", 20, "new-")).mean() - 0.5) > abs(
        taste.relevance(subjects("rl", 20, "new-")).mean() - 0.5
    )


def test_traits_are_read_off_the_item():
    plain = subject("a", "rl")
    rich = replace(plain, comment="Accepted at ICLR, 12 pages", references=("https://github.com/a/b",))
    differing = [name for name, one, other in zip(_names(), traits(plain), traits(rich), strict=True) if one != other]
    assert differing == ["code", "a comment", "accepted", "pages told"]


def _names():
    from index.taste.traits import TRAITS

    return TRAITS


def test_no_name_of_an_interest_parts_a_reason_or_makes_a_link():
    note = subject("a", "rl")
    seeds = Seeds(notes=(note,), topics={"a": "rl; close to [[x]];\nchosen by you"})
    assert [one.name for one in Interests(seeds, EMBEDDER).all] == ["rl close to x chosen by you"]
