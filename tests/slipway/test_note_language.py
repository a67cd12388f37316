"""Notes bear the headings of their house's language; a house that changes it renews what nobody touched, and reads the rest."""

from __future__ import annotations

import re

import pytest

from notes.files.frontmatter import read
from notes.markup.note_words import Part, words_for
from notes.model import VaultSection
from slipway.stages.search_index import _is_apparatus
from tests.slipway.houses import House

HEADING = re.compile(r"^## (.+)$", re.MULTILINE)


def headings(text: str) -> set[str]:
    return set(HEADING.findall(text))


def test_a_chinese_house_and_its_change_of_language(tmp_path):
    house = House.build(tmp_path / "house", language="zh-Hant")
    house.night("2026-02-20")
    first, second, *_ = house.notes()
    text = first.read_text(encoding="utf-8")
    assert {"正文", "來源"} <= headings(text)
    assert not headings(text) & {"Abstract", "Text", "Key figures", "Related", "Sources"}
    assert re.search(r"^- \*\*(?:問題|方法|結果|局限|背景)\*\*：", text, re.MULTILINE)
    assert re.search(r"\*建立：2026-02-20 \| 品質：0\.\d\d \| 任務：learning-20260220-\d{3}\*\n\Z", text)
    edited = second.read_text(encoding="utf-8") + "\n我的一行。\n"
    second.write_text(edited, encoding="utf-8")
    before = house.files("vault/notes")
    house.night("2026-02-21")
    assert house.files("vault/notes") == before, "the same language changes nothing"

    toml = house.root / "slipway.toml"
    toml.write_text(toml.read_text(encoding="utf-8").replace('"zh-Hant"', '"zh-Hans"'), encoding="utf-8")
    house.night("2026-02-22")
    assert {"正文", "来源"} <= headings(first.read_text(encoding="utf-8"))
    assert second.read_text(encoding="utf-8") == edited
    assert read(edited)[0] == read(second.read_text(encoding="utf-8"))[0]
    found = house.json("search", "我的一行")
    assert [result["id"] for result in found["results"]][:1] == [second.stem]


@pytest.mark.parametrize("lang", ["en", "zh-Hans", "zh-Hant"])
def test_what_slipway_adds_to_a_text_is_not_searched_as_its_text(lang):
    headings = words_for(lang).headings
    added = {part for part, heading in headings.items() if _is_apparatus(VaultSection(heading, 2, "x"))}
    assert added == {Part.FIGURES, Part.RELATED, Part.VERSIONS, Part.SOURCES}
