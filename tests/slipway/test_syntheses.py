"""Syntheses over the calendar and on demand, and their tasks on the reading list."""

from __future__ import annotations

import json
import re
import shutil
from datetime import date

import pytest
from click.testing import CliRunner
from sqlalchemy import delete

from index.retrieval.reply import Hit, Ranks, Reply
from notes.clock import FixedClock
from notes.errors import UsageError
from notes.files.frontmatter import read
from notes.model import Topic
from slipway.app import App
from slipway.cli.group import slipway
from slipway.commissions import Commission, _unheard, deliver
from slipway.config import load_config
from slipway.console import Console
from slipway.desk import Fate
from slipway.search.about import _tells
from slipway.stages.briefing import Briefing
from slipway.stages.fetch import fetch
from slipway.stages.periodicals import periodicals
from slipway.stages.promote import promote
from slipway.stages.search_index import index
from slipway.stages.sync import READING_LIST, sync
from slipway.stages.write import write
from slipway.store.tables import FileRow
from tests.slipway.houses import WORKS, House

MORE = [
    (
        "TreeSkill: skills of agents as a tree",
        "https://arxiv.org/abs/2602.09001",
        "Agents that learn skills by reinforcement learning forget which skill calls which. We propose TreeSkill, an agent whose skills "
        "form a tree. On ALFWorld, TreeSkill achieves a success rate of 91.2%. However, TreeSkill has not been evaluated outside of "
        "simulated households, which is left to future work.",
    ),
]
LINE = re.compile(r"^- \[(.)\] (.+?) \((learning-\d{8}-\d+)\)", re.MULTILINE)


def opened(house: House, day: str) -> App:
    config = load_config(house.root / "slipway.toml")
    return App(config, FixedClock(date.fromisoformat(day), config.zone), Console(quiet=True))


def wrote(house: House, day: str) -> None:
    """The stage alone, on a night that brought nothing."""
    with opened(house, day) as app:
        write(app)


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory) -> House:
    """A house after a night in the middle of a month, with its search index."""
    house = House.build(tmp_path_factory.mktemp("house"), works=[*WORKS, *MORE])
    with opened(house, "2026-02-20") as app:
        fetch(app)
        promote(app)
        write(app)
        index(app)
    return house


@pytest.fixture
def house(lived_in, tmp_path) -> House:
    shutil.copytree(lived_in.root, tmp_path / "house")
    return House(tmp_path / "house")


def reading_list(house: House) -> str:
    return (house.vault / "Reading list.md").read_text(encoding="utf-8")


def action_tasks(house: House) -> list[str]:
    return [name for _, _, name in LINE.findall(reading_list(house)) if int(name.rpartition("-")[2]) > 900]


def changed(house: House, day: str) -> dict[str, bytes]:
    """The files that the stage changes when it runs again."""
    before = house.files("vault")
    wrote(house, day)
    return {name: text for name, text in house.files("vault").items() if before.get(name) != text}


# --- the calendar ----------------------------------------------------------------------------------------------------


def test_a_day_within_the_month_writes_the_week_alone(house):
    assert [path.name for path in (house.vault / "trends").iterdir()] == ["2026-W08.md"]


def test_the_last_day_of_a_month_writes_the_month(house):
    wrote(house, "2026-02-28")
    text = (house.vault / "trends" / "2026-02.md").read_text(encoding="utf-8")
    properties = read(text)[0]
    assert properties["id"].endswith("-research-trends-2026-02")
    assert properties["source_type"] == "synthesis"
    assert properties["related_notes"]
    assert text.split("\n# ")[1].startswith("Research trends, February 2026")
    assert "**Time range**: 1 to 28 February 2026" in text
    assert changed(house, "2026-02-28") == {}


def test_a_month_whose_last_night_was_missed_is_written_once_by_the_next(house):
    wrote(house, "2026-03-03")
    path = house.vault / "trends" / "2026-02.md"
    assert "1 to 28 February 2026" in path.read_text(encoding="utf-8")
    assert changed(house, "2026-03-03") == {}
    path.write_text(path.read_text(encoding="utf-8") + "mine\n", encoding="utf-8")
    assert "vault/trends/2026-02.md" not in changed(house, "2026-03-04")
    path.unlink()
    wrote(house, "2026-03-05")
    assert not path.exists(), "deleted is deleted"


def test_a_night_killed_before_the_month_was_written_writes_it_when_it_runs_again(house):
    with opened(house, "2026-03-03") as app:
        assert [made.post.path for made in periodicals(app, Briefing(app, sync(app)))] == ["trends/2026-02.md"]
    wrote(house, "2026-03-03")
    assert (house.vault / "trends" / "2026-02.md").exists()


def test_a_month_without_notes_has_no_synthesis(house):
    wrote(house, "2026-04-30")
    assert not (house.vault / "trends" / "2026-04.md").exists()


@pytest.mark.parametrize(("kind", "path"), [("weekly", "trends/2026-02.md"), ("monthly", "trends/2026-W09.md")])
def test_either_can_be_turned_off(house, kind, path):
    toml = house.root / "slipway.toml"
    toml.write_text(toml.read_text() + f"[write]\n{kind} = false\n")
    with opened(house, "2026-02-28") as app:
        briefing = Briefing(app, sync(app))
        briefing.created = {name: date(2026, 2, 28) for name in briefing.created}
        assert [made.post.path for made in periodicals(app, briefing)] == [path]


# --- tasks -----------------------------------------------------------------------------------------------------------


def test_what_a_synthesis_asks_for_is_on_the_reading_list_once(house):
    tasks = action_tasks(house)
    assert tasks
    assert len(tasks) == len(set(tasks))
    assert {name[:17] for name in tasks} == {"learning-20260220"}
    assert "[[trends/2026-W08|Research trends, week 8 of 2026" in reading_list(house)
    assert changed(house, "2026-02-20") == {}


def test_ticks_and_deleted_lines_stay(house):
    page = house.vault / "Reading list.md"
    first, second = action_tasks(house)[:2]
    kept = [line for line in reading_list(house).splitlines() if f"({second})" not in line]
    text = "\n".join(line.replace("[ ]", "[x]") if f"({first})" in line else line for line in kept) + "\nmy own words\n"
    page.write_text(text, encoding="utf-8")
    wrote(house, "2026-02-20")
    assert reading_list(house) == text
    wrote(house, "2026-02-28")
    assert reading_list(house).startswith(text), (
        "the month asks for the same, and adds what it alone asks for at the end"
    )
    assert f"({second})" not in reading_list(house)


def test_without_memory_of_what_was_given_a_deleted_line_would_come_back(house):
    """The positive control."""
    page = house.vault / "Reading list.md"
    first = action_tasks(house)[0]
    page.write_text("".join(f"{line}\n" for line in reading_list(house).splitlines() if first not in line))
    with opened(house, "2026-02-20") as app:
        given = [name for name in app.store.file_records() if name.startswith("action")]
        with app.store._writing() as connection:
            connection.execute(delete(FileRow).where(FileRow.id.in_(given)))
    wrote(house, "2026-02-20")
    assert first in reading_list(house)


def test_a_reading_list_of_the_user_s_own_is_left_alone(house):
    page = house.vault / "Reading list.md"
    page.write_text("# Books\n", encoding="utf-8")
    with opened(house, "2026-02-28") as app:
        with app.store._writing() as connection:
            connection.execute(delete(FileRow).where((FileRow.id == READING_LIST) | FileRow.id.startswith("action")))
        warnings = write(app).warnings
    assert page.read_text(encoding="utf-8") == "# Books\n"
    assert any("what the synthesis asks for is not shown there" in warning for warning in warnings)


# --- on demand -------------------------------------------------------------------------------------------------------


def test_a_query_gives_a_synthesis_of_what_a_search_finds(house):
    with opened(house, "2026-02-20") as app:
        done = deliver(app, Commission(query="skills of agents", lang="zh-Hant"))
        assert (done.path, done.fate) == ("trends/2026-02-20-skills-of-agents-zh-hant.md", Fate.CREATED)
        record = app.store.post(done.id)
    assert record is not None
    assert set(record.note_ids)
    text = (house.vault / done.path).read_text(encoding="utf-8")
    assert text.split("\n# ")[1].startswith(f"skills of agents：{done.notes} 篇筆記的綜述")
    assert read(text)[0]["id"] == done.id
    assert re.fullmatch(r"20260220-\d{3}-trends-zh-hant-skills-of-agents", done.id)
    assert "bread" not in text


def test_the_same_again_on_the_same_day_changes_nothing(house):
    asked = Commission(query="skills of agents")
    with opened(house, "2026-02-20") as app:
        first = deliver(app, asked)
    before = house.files("vault")
    with opened(house, "2026-02-20") as app:
        second = deliver(app, asked)
    assert (second.id, second.fate) == (first.id, Fate.UNCHANGED)
    assert house.files("vault") == before
    assert changed(house, "2026-02-20") == {}


def test_another_day_writes_another_file(house):
    for day in ("2026-02-20", "2026-02-21"):
        with opened(house, day) as app:
            deliver(app, Commission(query="skills of agents"))
    assert len(list((house.vault / "trends").glob("*-skills-of-agents.md"))) == 2


def test_an_edited_synthesis_is_the_user_s(house):
    asked = Commission(query="skills of agents")
    with opened(house, "2026-02-20") as app:
        path = house.vault / deliver(app, asked).path
    path.write_text("mine", encoding="utf-8")
    with opened(house, "2026-02-20") as app:
        deliver(app, asked)
    assert path.read_text(encoding="utf-8") == "mine"


def test_an_index_that_is_gone_is_made_anew(house):
    """The search makes it under the lock that the synthesis takes only afterwards."""
    shutil.rmtree(house.root / ".slipway" / "cache")
    with opened(house, "2026-02-20") as app:
        assert deliver(app, Commission(query="skills of agents")).fate is Fate.CREATED


@pytest.mark.parametrize(
    ("query", "terms", "tells"),
    [
        ("量子重力", ("力", "重"), False),
        ("量子重力", ("重力",), True),
        ("量子重力", (), False),
        ("GRPO 訓練", ("GRPO",), True),
        ("skills of agents", (), True),
        ("力", ("力",), True),
    ],
)
def test_single_characters_of_a_chinese_query_tell_nothing(query, terms, tells):
    assert _tells(query, terms) is tells


def hit(title: str, *terms: str) -> Hit:
    place = {"path": "n.md", "url": "", "passage": "", "heading": "", "start": 0, "end": 0}
    about = {"created": "", "source": "", "tags": (), "lang": "en", "ranks": Ranks()}
    return Hit(rank=1, id="n", kind="note", title=title, score=0.9, terms=terms, **place, **about)


@pytest.mark.parametrize(
    ("query", "hits", "told"),
    [
        ("reinforcment learning", [hit("Reinforcement learning of skills", "learning")], "holds 'reinforcment'"),
        ("agents", [hit("An agent", "agent")], ""),
        ("skills zzzzqqq", [hit("Skills", "skills")], "holds 'zzzzqqq'"),
        ("强化学习", [hit("强化学习", "学习")], ""),
        ("reinforcment", [], ""),
        ("a\x1b[31mbcd skills", [hit("Skills", "skills")], "holds 'mbcd'"),
        ("agnets of skills", [hit("Skills", "skills")], ""),
    ],
    ids=["typo", "other form", "unknown", "chinese", "no hits", "hostile", "told by the search"],
)
def test_a_word_that_no_hit_holds_is_named(query, hits, told):
    reply = Reply(query, "hybrid", "", 0.0, tuple(hits), ("no text has 'agnets'; did you mean 'agents'?",))
    said = " ".join(_unheard(query, reply))
    assert (told in said) and bool(said) is bool(told)


def test_a_slip_of_the_pen_is_answered_as_a_search_answers_it(house, capsys):
    with opened(house, "2026-02-20") as app:
        deliver(app, Commission(query="skils of agents"))
    assert "no text has 'skils'; did you mean 'skills'?" in capsys.readouterr().err


NOTHING = [
    ({"query": "skills of agents", "until": "2025"}, "was made from", "--since 2026-02-20"),
    ({"query": "skills", "since": "2026-02-21", "until": "2026-02-20"}, "no day lies", "--since comes before"),
    ({"query": "skills", "since": "the other day"}, "is no day", "write a day"),
    ({"query": "quantum chromodynamics"}, "was made from", "`slipway search` shows"),
    ({"topic": "underwater basket weaving"}, "no topic is called", "--query asks for words instead"),
]


@pytest.mark.parametrize(
    ("asked", "message", "hint"), NOTHING, ids=["no notes", "days reversed", "no day", "found nothing", "no topic"]
)
def test_what_cannot_be_written_is_said_with_a_remedy(house, asked, message, hint):
    before = house.files("vault")
    with opened(house, "2026-02-20") as app, pytest.raises(UsageError) as told:
        deliver(app, Commission(**asked))
    assert message in told.value.message
    assert hint in told.value.hint
    assert house.files("vault") == before


def test_a_topic_goes_by_any_of_its_names(house):
    with opened(house, "2026-02-20") as app:
        notes = sorted(app.store.notes())[:2]
        first = {"terms": (), "medoid": notes[0], "first_seen": date(2026, 2, 20), "last_seen": date(2026, 2, 20)}
        names = (("en", "Agent skills"), ("zh-Hant", "智能體的技能"))
        topic = Topic(id="agent-skills", name="Agent skills", note_ids=tuple(notes), names=names, **first)
        app.store.replace_topics([topic])
        done = [deliver(app, Commission(topic=said)) for said in ("智能体的技能", "agent sk", "agent-skills")]
    assert {one.path for one in done} == {"trends/2026-02-20-agent-skills.md"}
    assert [one.notes for one in done] == [2, 2, 2]


def test_a_synthesis_calls_its_topic_as_its_reader_does(house):
    with opened(house, "2026-02-20") as app:
        notes = sorted(app.store.notes())[:2]
        first = {"terms": (), "medoid": notes[0], "first_seen": date(2026, 2, 20), "last_seen": date(2026, 2, 20)}
        names = (("en", "Agent skills"), ("zh-Hans", "智能体的技能"), ("zh-Hant", "智能體的技能"))
        topic = Topic(id="english-measure", name="Agent skills", note_ids=tuple(notes), names=names, **first)
        app.store.replace_topics([topic])
        told = deliver(app, Commission(topic="agent sk", lang="zh-Hant"))
        properties, text, _ = read((house.vault / told.path).read_text(encoding="utf-8"))
    assert told.title == properties["title"] == "智能體的技能：2 篇筆記的綜述"
    assert properties["tags"][1] == "agent-skills", "as the page of the topic is called"
    assert "[[topics/english-measure|智能體的技能]]" in text


def invoke(house: House, *args: str):
    line = ["--config", str(house.root / "slipway.toml"), "write", "--date", "2026-02-20", *args]
    return CliRunner().invoke(slipway, line)


def test_the_command_tells_what_it_wrote(house):
    done = invoke(house, "--query", "skills of agents", "--json")
    told = json.loads(done.stdout)
    assert told["path"] == "trends/2026-02-20-skills-of-agents.md"
    assert (told["fate"], told["warnings"]) == ("created", [])
    assert "trends/2026-02-20-skills-of-agents.md" in invoke(house, "--query", "skills of agents").stdout


@pytest.mark.parametrize(
    ("args", "message"),
    [
        (("--since", "7d"), "--since of what?"),
        (("--topic", "a", "--query", "b"), "a topic or a query?"),
        (("--query", " "), "--query is empty"),
        (("--topic", ""), "--topic is empty"),
    ],
    ids=["days alone", "both", "an empty query", "an empty topic"],
)
def test_a_wish_that_says_too_little_or_too_much(house, args, message):
    failed = invoke(house, *args)
    assert isinstance(failed.exception, UsageError)
    assert message in failed.exception.message


def test_without_a_wish_it_is_the_night_s_stage(house):
    assert "write" in invoke(house).stdout
