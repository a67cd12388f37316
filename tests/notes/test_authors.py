"""Authors' names taken apart: family and given, Chinese and Western, and what stays whole."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.citing.authors import Name, family_key, parse_name, parse_names
from notes.text.visible import one_line

NAMES = {
    "western": ("Peng Xia", Name("Xia", "Peng")),
    "initials": ("A. B. Author", Name("Author", "A. B.")),
    "inverted": ("Author, A. B.", Name("Author", "A. B.")),
    "particle": ("Jan van der Berg", Name("van der Berg", "Jan")),
    "particle inverted": ("van der Berg, Jan", Name("van der Berg", "Jan")),
    "suffix": ("Martin Luther King Jr.", Name("King", "Martin Luther", "Jr.")),
    "suffix after a comma": ("Martin King, Jr.", Name("King", "Martin", "Jr.")),
    "suffix inverted": ("King, Jr., Martin", Name("King", "Martin", "Jr.")),
    "hyphens and accents": ("Jean-Luc Schütze", Name("Schütze", "Jean-Luc")),
    "chinese": ("李雷", Name("李", "雷")),
    "chinese, three characters": ("韓梅梅", Name("韓", "梅梅")),
    "chinese, compound family name": ("歐陽修", Name("歐陽", "修")),
    "chinese, two characters that could be a compound": ("司马", Name("司", "马")),
    "chinese with a blank": ("李 雷", Name("李", "雷")),
    "chinese with a comma": ("李, 雷", Name("李", "雷")),
    "korean": ("김철수", Name("김", "철수")),
    "one word": ("antirez", Name("antirez", literal=True)),
    "a team": ("Qwen Team", Name("Qwen Team", literal=True)),
    "a team with a comma": ("Institute of Tea, Kyoto", Name("Institute of Tea, Kyoto", literal=True)),
    "AI in capitals": ("UniPat AI", Name("UniPat AI", literal=True)),
    "Ai is a family name": ("Weiwei Ai", Name("Ai", "Weiwei")),
    "an editorial office": ("量子位編輯部", Name("量子位編輯部", literal=True)),
    "a handle": ("@simonw", Name("@simonw", literal=True)),
    "braces": ("Evil} Author", Name("Evil} Author", literal=True)),
    "a comma and nothing": ("Author,", Name("Author", literal=True)),
}


@pytest.mark.parametrize(("text", "name"), NAMES.values(), ids=NAMES.keys())
def test_a_name(text, name):
    assert parse_name(text) == name


LISTS = {
    "one each": (("A. One", "B. Two"), ["One", "Two"], False),
    "and": (("A. One and B. Two",), ["One", "Two"], False),
    "semicolons": (("One, A.; Two, B.",), ["One", "Two"], False),
    "commas": (("A. One, B. Two, C. Three",), ["One", "Two", "Three"], False),
    "chinese": (("李雷、韓梅梅",), ["李", "韓"], False),
    "one with a comma": (("Doe, Jane",), ["Doe"], False),
    "a team with and": (("Institute of Cats and Dogs",), ["Institute of Cats and Dogs"], False),
    "et al. apart": (("A. One", "et al."), ["One"], True),
    "et al. behind a name": (("Yutaro Yamada et al.",), ["Yamada"], True),
    "and others": (("A. One and others",), ["One"], True),
    "等": (("李雷等",), ["李"], True),
    "wikilinks": (("[[Chen Wei]]", "[[people/x|Ada Lovelace]]"), ["Wei", "Lovelace"], False),
    "a remark in brackets": (("Ada Lovelace (Analytical Engines)",), ["Lovelace"], False),
    "twice": (("A. One", "A. One"), ["One"], False),
    "nothing": (("", " "), [], False),
}


@pytest.mark.parametrize(("texts", "families", "others"), LISTS.values(), ids=LISTS.keys())
def test_lists_of_names(texts, families, others):
    names, more = parse_names(texts)
    assert [name.family for name in names] == families
    assert more is others


KEYS = {
    "latin": ("Peng Xia", "xia"),
    "accents": ("Hinrich Schütze", "schutze"),
    "particles are left out": ("Jan van der Berg", "berg"),
    "pinyin": ("李雷", "li"),
    "traditional as simplified": ("陳大文", "chen"),
    "a surname has its own reading": ("曾國藩", "zeng"),
    "another": ("單田芳", "shan"),
    "compound": ("歐陽修", "ouyang"),
    "compound with its own reading": ("尉遲恭", "yuchi"),
    "a team": ("Qwen Team", "qwenteam"),
    "greek, by the names of its letters": ("Ιω Πι", "piiota"),
    "an alphabet that no slug knows": ("Лев Толстой", ""),
    "a name that is Note": ("Ada Note", "note"),
}


@pytest.mark.parametrize(("text", "key"), KEYS.values(), ids=KEYS.keys())
def test_the_name_in_a_key(text, key):
    assert family_key(parse_name(text)) == key


@settings(deadline=None)
@given(st.text())
def test_no_name_is_lost_and_none_raises(text):
    name = parse_name(text)
    shown = f"{name.given}{name.family}{name.suffix}"
    assert sorted(filter(str.isalnum, shown)) == sorted(filter(str.isalnum, one_line(text)))
    parse_names([text])
    assert set(family_key(name)) <= set("abcdefghijklmnopqrstuvwxyz0123456789")
