"""Which phrases tell of a subject: words that go with everything, compounds that say how, words of Chinese prose."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from index.trends.dated import Dated
from index.trends.phrase_sets import key_of, phrase_sets
from index.trends.subjects import Subjects
from index.trends.things import Phrase, named_phrases

FIELDS = ("lattice", "manifold", "kernel", "graph", "tensor", "fibre", "sheaf", "knot")
EACH = 80
ALL = range(EACH * len(FIELDS))
NAMES = [
    (f"{field}{at} net", range(EACH * place, EACH * place + EACH))
    for place, field in enumerate(FIELDS)
    for at in range(8)
]


def subjects(*mixed, words=lambda row: (), order=ALL):
    """Eight subjects of eighty texts with eight phrases each, besides ``mixed`` (phrase, rows); of each row further words.

    ``order`` is that of the texts.
    """
    place = {row: at for at, row in enumerate(order)}
    held = [(text, {place[row] for row in rows}) for text, rows in (*NAMES, *mixed)]
    phrases = [Phrase(key_of(text), text, tuple(sorted(rows)), 9) for text, rows in held]
    sets = [((*(text for text, rows in held if at in rows), *words(row)), ()) for at, row in enumerate(order)]
    return Subjects(phrases, sets)


def told(found, name):
    return len(found.families([name], 5)) == 1


def of_two(number):
    """So many texts of each of two subjects: they have more in common than any two, but not three times as much."""
    return [start + at for start in (0, EACH) for at in range(number)]


def test_a_word_is_judged_by_all_its_texts():
    # Of the texts that hold these words three in ten are of one subject, and every second of the first ones.
    others = ALL[EACH::3]
    first = [row for pair in zip(range(EACH), others, strict=False) for row in pair]
    rest = sorted({*ALL} - {*first})
    spoken = {*range(EACH), *others}
    found = subjects(
        ("rich information", of_two(10)),
        words=lambda row: ("rich colours", "information desk") if row in spoken else (),
        order=[*first, *rest],
    )
    assert not told(found, "rich information")


ALONE = ("mirror-free",)
VARIED = [(f"mirror-free {noun}{at}",) for noun in ("render", "imag", "sound", "text") for at in range(5)]
NUMBERS = [(f"mirror-free {noun}{end}",) for noun in FIELDS[:5] for end in ("", "s") * 2]


@pytest.mark.parametrize(
    ("name", "behind", "stays"),
    [
        pytest.param("mirror-free", VARIED, False, id="before one thing and another"),
        pytest.param("mirror-free", [*VARIED[:13], *[ALONE] * 7], True, id="a third of its texts name it alone"),
        pytest.param("mirror-free", [*VARIED[:14], *[ALONE] * 6], False, id="seven in ten do not"),
        pytest.param("mirror-free", [("mirror-free optics",)] * 20, True, id="part of a name"),
        pytest.param("mirror-free", NUMBERS, True, id="five things in both numbers"),
        pytest.param("Mirror-free", VARIED, True, id="written as a name"),
        pytest.param("mirror free", [(one[0].replace("-", " "),) for one in VARIED], True, id="two words"),
        pytest.param("mirror-free", VARIED[:19], True, id="too few to tell"),
    ],
)
def test_a_compound_that_says_how_is_no_subject(name, behind, stays):
    rows = of_two(10)[: len(behind)]
    held = dict(zip(rows, behind, strict=True))
    assert told(subjects((name, rows), words=lambda row: held.get(row, ())), name) == stays


def test_a_compound_that_belongs_to_one_subject_stays_whatever_follows():
    rows = list(range(20))
    held = dict(zip(rows, VARIED, strict=True))
    assert told(subjects(("mirror-free", rows), words=lambda row: held.get(row, ())), "mirror-free")


def small_house(plain, things, lang, words):
    """Fields of six texts, each with its thing and what three texts of the field hold; every third text is plain, too."""
    made = []
    for place, thing in enumerate(things):
        for at in range(6):
            said = [
                thing,
                *(f"{word}{'abcdefghijkl'[place]}{'xy'[at % 2]}" for word in words),
                *[plain] * (at % 3 == 0),
            ]
            text = "".join(f"{one}. " if lang == "en" else f"{one}。" for one in said) * 2
            day = date(2026, 2, 20) - timedelta(days=at)
            made.append(Dated(f"{place}-{at}", day, "lab", "", text, lang, noted=True))
    sets = phrase_sets(made)
    return Subjects(named_phrases(sets, least=5), sets)


ENGLISH = [f"{field} {noun}" for field in FIELDS[:6] for noun in ("duality", "homotopy")]
CHINESE = "矩阵分解 图像配准 蛋白折叠 声波成像 湖泊沉积 隧道施工 肿瘤免疫 稀土掺杂 昆虫迁飞 古籍校勘 台风预报 齿轮磨损".split()
OTHERS = ("Norm", "Ring", "Flow", "Cone", "Leaf", "Fold")


@pytest.mark.parametrize(
    ("plain", "things", "lang"),
    [pytest.param("failure pattern", ENGLISH, "en", id="en"), pytest.param("差异", CHINESE, "zh", id="zh")],
)
def test_few_texts_are_compared_by_all_that_two_of_them_hold(plain, things, lang):
    """Each text holds one or two phrases that five texts hold: too few to compare texts by."""
    found = small_house(plain, things, lang, OTHERS)
    assert [thing for thing in things if not told(found, thing)] == []
    assert not told(found, plain)


def test_a_word_of_chinese_prose_must_belong_together_more():
    """Three fields of eight, one above all: of a name that is enough, of a word of two characters it is not."""
    rows = [*range(7), *range(EACH, EACH + 3), *range(2 * EACH, 2 * EACH + 3)]
    assert told(subjects(("差异性", rows)), "差异性")
    assert not told(subjects(("差异", rows)), "差异")
    assert told(subjects(("差异", range(8))), "差异")


def of_subjects(key):
    """Five subjects of forty texts with eight phrases each, and a phrase of five texts of each of two of them."""
    words = ("lattice", "manifold", "kernel", "graph", "tensor")
    names = [(f"{word}{at}", "net") for word in words for at in range(8)]
    found = [
        Phrase(name, " ".join(name), tuple(range(40 * (at // 8), 40 * (at // 8) + 40)), 9)
        for at, name in enumerate(names)
    ]
    mixed = Phrase(key, " ".join(key), tuple(start + at for start in (0, 40) for at in range(5)), 9)
    whole = [*found, mixed]
    # Every text holds the words "rich" and "information", each in a phrase of its own.
    told = [("rich colours", "information desk", *(one.text for one in whole if row in one.rows)) for row in range(200)]
    return Subjects(whole, [(one, ()) for one in told])


def test_common_words_must_belong_together_more_than_others():
    for key, told in ((("rich", "information"), 0), (("rich", "bregman"), 1)):
        subjects = of_subjects(key)
        assert len(subjects.families([" ".join(key)], 5)) == told
    assert len(subjects.families(["lattice0 net"], 5)) == 1
