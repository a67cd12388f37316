"""``make run``: the night on the example feeds, with the bundled model, held to the two documents the project was asked for by.

The works of those documents must be found, told with their figures, and every sentence must lead to a note that holds its numbers.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from notes.markup.document import read_note
from notes.markup.obsidian import check
from notes.quantities.figures import numbers_rest_on
from tests.slipway.houses import ROOT, House

DAY = "2026-02-20"

# Work, figure as the pages may write it, and a word that the sentence must hold.
FIGURES = [
    pytest.param("STEP3-VL-10B", r"92\.61\s*%", "ScreenSpot-V2", id="STEP3-VL-10B on ScreenSpot-V2"),
    pytest.param("Gemini3-Pro", r"49\.7\s*%", r"94\.1\s*%", id="Gemini3-Pro against people"),
    pytest.param("SkillRL", r"89\.9\s*%", "ALFWorld", id="SkillRL on ALFWorld"),
    pytest.param(
        "Thinking States", r"40\s*(?:to|–|-|至|到)\s*60\s*%", "latency|延[遲迟]", id="latency of Thinking States"
    ),
    pytest.param("RLFR", r"58\s*%", "hallucinat|幻[覺觉]", id="hallucinations under RLFR"),
    pytest.param("RLFR", r"90x|90\s*times|ninetieth|九十分之一|90\s*倍", "", id="cost of RLFR"),
    pytest.param("iGRPO", r"85\.62\s*%", "AIME", id="iGRPO on AIME 2024"),
    pytest.param("47", r"50\s*%|五成", "stud|[項项]|研究", id="papers in the meta-study"),
]
WORKS = [
    "STEP3-VL-10B",
    "SocioReasoner",
    "EdgeNav-QE",
    "AI-CARE",
    "RLM|遞歸語言模型|递归语言模型|Recursive Language Models",
    "mHC",
    "SkillRL",
    "Thinking States",
    "RLFR",
    "iGRPO",
]


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> House:
    root = tmp_path_factory.mktemp("example")
    shutil.copytree(ROOT / "examples", root / "examples")
    shutil.copytree(
        ROOT / "vault",
        root / "vault",
        ignore=shutil.ignore_patterns(
            "notes", "posts", "trends", "topics", "Inbox.md", "Reading list.md", "Suggestions.md", "Today.md"
        ),
    )
    house = House(root)
    house.run("--config", "examples/slipway.toml", "run", "--date", DAY)
    return house


@pytest.fixture(scope="module")
def pages(house) -> dict[str, str]:
    return {
        "post": (house.vault / "posts" / f"{DAY}.md").read_text(),
        "synthesis": (house.vault / "trends" / "2026-W08.md").read_text(),
    }


@pytest.fixture(scope="module")
def notes(house) -> dict[str, str]:
    return {path.stem: read_note(path.name, path.read_bytes(), mtime_ns=0).text for path in house.notes()}


def lines(text: str) -> list[str]:
    """The lines of a page that tell something: below the frontmatter, without the list of sources."""
    return re.split(r"^## (?:資料來源|数据来源说明|Sources)", text.split("---\n", 2)[2], flags=re.MULTILINE)[
        0
    ].splitlines()


def bare(line: str) -> str:
    return re.sub(r"\[\[[^\]|]*\\?\|?([^\]]*)\]\]", r"\1", line).replace("**", "")


@pytest.mark.parametrize(("work", "figure", "beside"), FIGURES)
def test_the_figures_are_told(pages, work, figure, beside):
    told = [bare(line) for text in pages.values() for line in lines(text) if re.search(figure, bare(line))]
    assert told, f"no line tells {figure}"
    assert any(re.search(beside, line, re.IGNORECASE) for line in told), told


@pytest.mark.parametrize("work", WORKS)
def test_the_works_are_told(pages, work):
    assert any(re.search(work, bare(line)) for text in pages.values() for line in lines(text))


SHARE = re.compile(r"(\d+) 篇中有 (\d+) 篇（(\d+\.\d%)）")
"""How many of all texts that came in hold a trend: counted, so it stands in no note."""


def test_every_reference_leads_to_a_note_and_every_number_stands_in_one(pages, notes):
    """Independent of the checker: sentence by sentence, the numbers against the texts of the notes that are named."""
    checked = 0
    for text in pages.values():
        for line in lines(text):
            if line.startswith("#"):
                continue
            named = [target for target in re.findall(r"\[\[([^\]|\\]+)", line) if target in notes]
            quoted = re.findall(
                r"(?:[^。.!?]|\.(?=\d))*\d\s*%(?:[^。.!?]|\.(?=\d))*",
                re.sub(r"\[\[[^\]]*\]\]", "", line).replace("**", ""),
            )
            for sentence in quoted:
                if shares := SHARE.findall(sentence):
                    assert all(f"{int(held) / int(all_):.1%}" == share for all_, held, share in shares), sentence
                told = SHARE.sub(" ", sentence)
                assert named, line
                assert numbers_rest_on(re.sub(r"[「」《》]", " ", told), [notes[one] for one in named]), sentence
                checked += 1
            for target in re.findall(r"\[\[(\d{8}-\d{3}[^\]|\\]*)", line):
                assert target in notes or (target.endswith("w08")), target
    assert checked > 20


def test_the_same_work_from_several_sources_is_one_story(pages):
    sections = [line for line in pages["post"].splitlines() if line.startswith("## ")]
    for work in ("STEP3-VL-10B", "SkillRL", "mHC", "RLFR"):
        assert sum(work in line for line in sections) <= 1, work


def test_what_is_off_topic_waits(house, notes):
    inbox = (house.vault / "Inbox.md").read_text()
    for title in ("曲奇", "停車場", "discount"):
        assert title in inbox
        assert not any(title in text[:200] for text in notes.values())


def test_the_hostile_entry_is_inert_everywhere(house):
    for name, body in house.files().items():
        text = body.decode()
        if name.endswith(".html"):
            assert "<script" not in text.lower(), name
            assert "javascript:" not in text.lower(), name
        if name.endswith(".md"):
            assert not re.search(r"^```+\s*dataview", text, re.MULTILINE), name
            assert "<%" not in text, name
            assert "<script" not in text.lower(), name


def test_obsidian_has_no_complaint(house):
    files = {
        str(path.relative_to(house.vault)): path.read_bytes()
        for path in house.vault.rglob("*")
        if path.suffix in (".md", ".base")
    }
    assert check(files) == ()


def test_a_second_run_changes_no_byte(house):
    before = house.files()
    house.run("--config", "examples/slipway.toml", "run", "--date", DAY)
    assert house.files() == before


def test_chinese_of_two_characters_finds_its_notes(house):
    import json

    for query in ("幻覺", "幻觉"):
        done = house.run("--config", "examples/slipway.toml", "search", query, "--json", "--kind", "note")
        assert any("RLFR" in hit["title"] for hit in json.loads(done.stdout)["results"][:3]), query


def test_the_example_script_says_where_everything_is():
    source = (ROOT / "examples" / "night.py").read_text()
    assert re.search(r"date\((\d+), (\d+), (\d+)\)", source).expand(r"\1-0\2-\3") == DAY
    assert Path(sys.executable).exists()
    assert (
        subprocess.run(
            [sys.executable, "-m", "py_compile", str(ROOT / "examples" / "night.py")], check=False
        ).returncode
        == 0
    )
