"""A note's fixed words: written in the house's language, read in every one."""

from __future__ import annotations

import re
from dataclasses import fields, replace

import pytest

from notes.markup import document, note_words
from notes.markup.note_words import ALSO_IN, COLOPHON, LABEL, Part, part_of, role_of, words_for
from notes.model import PaperVersion, Role
from notes.text.fold import to_simplified
from publish.site.excerpt import FIGURES, RELATED, SOURCES, excerpt, without_source_text
from publish.sources.evidence import addresses, carriers, source_text
from tests.notes.test_document import SKILLRL

LANGUAGES = ("en", "zh-Hans", "zh-Hant")
HAN = re.compile(r"[\u3400-\u9fff]")

VERSIONED = replace(SKILLRL, versions=(PaperVersion(1, None, ""), PaperVersion(2, None, "")))


def written(lang: str, note=VERSIONED):
    return document.read_note("n.md", document.render_note(note, lang).encode(), mtime_ns=0)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_heading_of_a_note_is_known_again(lang):
    headings = [section.heading for section in written(lang).sections if section.level == 2]
    assert [part_of(heading) for heading in headings] == [
        Part.ABSTRACT, Part.FIGURES, Part.RELATED, Part.VERSIONS, Part.SOURCES
    ]  # fmt: skip
    assert all(HAN.search(heading) for heading in headings) is (lang != "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_is_read_of_a_note_does_not_depend_on_the_language_of_its_house(lang):
    note, english = written(lang), written("en")
    assert source_text(note) == source_text(english)
    assert addresses(note) == addresses(english)
    assert carriers([note]) == carriers([english]) == ("arXiv", "Lab")
    assert list(excerpt(note.body)) == ["", FIGURES, RELATED, SOURCES]
    assert "Agents forget what they have learnt. SkillRL" not in without_source_text(note.body)
    assert "2026-02-20" not in str(list(excerpt(note.body).values())[-1]).rsplit("\n- ", 1)[-1].partition("（")[0]
    labelled = [line for line in note.sections[0].text.split("\n\n") if LABEL.match(line)]
    assert len(labelled) == len(VERSIONED.summary)
    assert COLOPHON.search(note.body)


@pytest.mark.parametrize("lang", ["zh-Hans", "zh-Hant"])
def test_a_chinese_house_has_no_english_word_of_slipways_own(lang):
    bare = replace(VERSIONED, summary=(), figures=(), blocks=(), related=(), comment="", withdrawn=True)
    body = written(lang, bare).body
    own = re.sub(r"<[^>]*>|learning-[\d-]+|\b(?:v\d|arXiv|Lab|DOI|t|https?\S*)\b|^# .*$", "", body, flags=re.MULTILINE)
    assert not re.search(r"[A-Za-z]{3,}", own), own


def test_english_is_what_a_note_is_written_in_unless_told_otherwise():
    assert document.render_note(SKILLRL) == document.render_note(SKILLRL, "en") == document.render_note(SKILLRL, "fr")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_labels_and_headings_are_different_words(lang):
    words = words_for(lang)
    assert [role_of(words.roles[role]) for role in Role] == list(Role)
    assert [part_of(words.headings[part]) for part in Part] == list(Part)
    assert role_of("Other") is None
    assert part_of("Conclusions") is None
    for field in fields(words):
        assert getattr(words, field.name), field.name


def test_the_two_scripts_say_the_same():
    usage = {"titled", "code", "created", "quality", "lang"}  # 「」, 程式碼, 建立, 品質
    simplified, traditional = words_for("zh-Hans"), words_for("zh-Hant")
    for field in fields(note_words.NoteWords):
        one, other = getattr(simplified, field.name), getattr(traditional, field.name)
        if field.name not in usage and isinstance(one, str):
            assert to_simplified(other) == one, field.name
    for one, other in zip(simplified.headings.values(), traditional.headings.values(), strict=True):
        assert to_simplified(other) == one.replace("记录", to_simplified("記錄"))


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ("- Also in Lab: <https://a.example/> as “t” (2026-02-19)", "Lab"),
        ("- 另见于 Lab：<https://a.example/>，题为“t”（2026-02-19）", "Lab"),
        ("- 另見於 36氪：<https://a.example/>（2026-02-19）", "36氪"),
        ("- 另见于 甲（乙）报（2026-02-19）", "甲（乙）报"),
        ("- 另见于 问：答：<https://a.example/>（2026-02-19）", "问：答"),
    ],
    ids=["english", "titled", "traditional", "no-address", "colon-in-the-name"],
)
def test_who_else_carried_it_is_read_back(line, name):
    found = ALSO_IN.search(line)
    assert found
    assert (found["en"] or found["zh"]) == name
