"""Nothing of a text is unsearchable: every one and two characters of real Chinese notes, and what a user wrote anywhere."""

from __future__ import annotations

import os
import random
import re
import shutil
from datetime import date

import pytest

from index.retrieval.query import Query
from slipway.search.searcher import open_search
from tests.index.shelf import shared
from tests.slipway.search_house import app_in, make_house, refresh_index, write_note

RUN = re.compile("[\u3400-\u9fff\uf900-\ufaff]+")
SAMPLE = 20_000 if os.environ.get("SLIPWAY_CAMPAIGN") else 150
EACH = 1 if os.environ.get("SLIPWAY_CAMPAIGN") else 12


def sequences(text: str) -> set[str]:
    """Every one and every two characters that stand side by side."""
    return {run[at : at + n] for run in RUN.findall(text) for n in (1, 2) for at in range(len(run) - n + 1)}


@pytest.mark.data
def test_every_one_and_two_chinese_characters_of_a_note_find_it(tmp_path):
    vault, root = shared("vaults/knowledge-garden-zh"), tmp_path / "house"
    (root / "vault").mkdir(parents=True)
    (root / "slipway.toml").write_text('[model]\nname = "hashing"\n')
    for number, path in enumerate(sorted(vault.rglob("*.md"))):
        if number % EACH == 0:
            shutil.copyfile(path, root / "vault" / f"{number}-{path.name}")
    refresh_index(root)
    with app_in(root) as app:
        written = sorted({one for note in app.vault.notes() for one in sequences(note.body)})
        asked = random.Random(11).sample(written, min(SAMPLE, len(written)))
        search = open_search(app)
        empty = [one for one in asked if not search(Query(text=one, mode="lexical", n=1)).results]
        search.close()
    assert len(asked) > 100
    assert empty == []


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    root = make_house(tmp_path_factory.mktemp("words") / "house")
    write_note(
        root,
        "My file",
        "---\ntitle: Another title\naliases: [Nickname]\nauthors: [Ada Lovelace]\nmentor: 张三丰\narxiv_id: '2602.01234'\n"
        "id: my-own-identity\nsummary: "
        + "A long property that says much about clockwork. "
        * 6
        + "\n---\n\n# Related\n\nA paragraph. %%an inner voice%%\n\n```\nexec_code()\n```\n\n> [!tip] Calling out\n> inside\n\n"
        "| cell | 单元格 |\n|---|---|\n| eins | zwei |\n\n<details>\n<summary>Folded away</summary>\n</details>\n\n## Empty heading\n",
    )
    refresh_index(root)
    return root


@pytest.mark.parametrize(
    "words",
    [
        *(
            "nickname",
            "lovelace",
            "张三丰",
            "2602.01234",
            "clockwork",
            "inner voice",
            "exec code",
            "calling out",
            "单元格",
        ),
        *("zwei", "folded away", "empty heading", "another title", "my file", "related"),
    ],
)
def test_what_a_user_wrote_is_found_wherever_it_stands(house, words):
    with app_in(house) as app:
        search = open_search(app)
        hits = search(Query(text=words, mode="lexical", n=3)).results
        search.close()
    assert hits[0].id == "my-own-identity"


def test_a_property_is_a_label_and_not_part_of_the_passage(house):
    with app_in(house) as app:
        search = open_search(app)
        hit = search(Query(text="张三丰", mode="lexical", n=1)).results[0]
        search.close()
    assert "张三丰" not in hit.passage
    assert "my-own-identity" not in hit.passage


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("今天下雨，喝茶看貓，頭髮濕了。\n", "zh-Hant"),
        ("今天下雨，写了三条笔记。\n", "zh-Hans"),
        ("It rained all day.\n", "en"),
    ],
)
def test_a_note_written_by_hand_has_a_language_and_a_day(house, tmp_path, text, lang):
    """What states neither is found by ``--lang`` and ``--since`` all the same."""
    shutil.copytree(house, tmp_path / "house")
    write_note(tmp_path / "house", "Jotting", text)
    os.utime(tmp_path / "house" / "vault" / "Jotting.md", (1_771_500_000, 1_771_500_000))  # 19 February 2026, 11:20 UTC
    refresh_index(tmp_path / "house")
    with app_in(tmp_path / "house") as app:
        search = open_search(app)
        hit = search(Query(text="jotting", mode="lexical", n=1, langs=(lang,), since=date(2026, 2, 19))).results[0]
        search.close()
    assert (hit.lang, hit.created) == (lang, "2026-02-19")


@pytest.mark.parametrize(
    ("name", "day"),
    [("2026-02-17", "2026-02-17"), ("2026-02-17 Tuesday", "2026-02-17"), ("2026-02-31", "2026-02-19")],
    ids=["a daily note", "and more", "no day of any year"],
)
def test_a_daily_note_has_the_day_of_its_name(house, tmp_path, name, day):
    shutil.copytree(house, tmp_path / "house")
    write_note(tmp_path / "house", name, "Quincunx.\n")
    os.utime(tmp_path / "house" / "vault" / f"{name}.md", (1_771_500_000, 1_771_500_000))  # 19 February 2026
    refresh_index(tmp_path / "house")
    with app_in(tmp_path / "house") as app:
        search = open_search(app)
        hit = search(Query(text="quincunx", mode="lexical", n=1)).results[0]
        search.close()
    assert hit.created == day
