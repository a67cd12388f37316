"""The command line as a stranger uses it: help, typos, JSON, pipes, and how little the light commands load."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest

from slipway.cli.group import COMMANDS
from tests.slipway.houses import ROOT, House


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> House:
    house = House.build(tmp_path_factory.mktemp("house"))
    house.night()
    return house


HEAVY = (
    "torch",
    "sentence_transformers",
    "faiss",
    "sklearn",
    "scipy",
    "numpy",
    "sqlalchemy",
    "feedparser",
    "httpx",
    "lxml",
    "jinja2",
)


@pytest.mark.parametrize(
    "args",
    [
        ["--help"],
        ["--version"],
        ["inbox"],
        ["inbox", "list", "--json"],
        ["runs"],
        ["runs", "--json"],
        ["show", "post-2026-02-20"],
        ["open", "post-2026-02-20", "--print"],
        ["export", "--bibtex"],
        ["search", "--help"],
        ["search", "skills", "--mode", "lexical"],
        ["completion", "bash"],
        ["related", "Reading SkillRL", "-n", "1"],
        ["serve", "--help"],
    ],
    ids=" ".join,
)
def test_light_commands_load_nothing_heavy(house, args):
    script = (
        "import sys\nfrom slipway.cli import main\n"
        f"try:\n    main({args!r})\nexcept SystemExit as leave:\n    assert leave.code == 0, leave.code\n"
        f"print('LOADED', [name for name in {HEAVY!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=house.root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.splitlines()[-1] == "LOADED []", done.stdout + done.stderr


def test_help_lists_every_command_with_its_own_first_line(house):
    listed = house.run("--help").stdout
    for name in COMMANDS:
        assert name in listed
        own = house.run(name, "--help").stdout
        assert own.startswith("Usage: slipway ")
        assert len(own.splitlines()[2].split()) >= 3, name


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["serach", "x"], "Did you mean 'search'?"),
        (["xyzzy"], "`slipway --help` lists them"),
        (["run", "--date", "20.2.2026"], "write YYYY-MM-DD"),
        (["run", "--dat", "2026-02-20"], "--date"),
        (["search"], "what are you looking for"),
        (["inbox", "promote", "99999"], "no item has the number 99999"),
        (["inbox", "dismiss", "99999"], "`slipway inbox list --all` shows the numbers"),
        (["inbox", "undo"], "nothing to take back"),
        (["show", "nothing-like-this"], "no note, post or page has the id"),
        (["related", "20260220"], "could be any of"),
        (["explain", "item-99999"], "no item has the number"),
        (["source", "test", "lba"], "did you mean 'lab'?"),
        (["open", "Home-less"], "no note, post or page"),
        (["--config", "missing.toml", "runs"], "no such configuration file"),
        (["init", "."], "is there already"),
        (["init", "other", "--timezone", "Mars"], "no IANA time zone"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_are_answered_with_the_place_and_the_remedy(house, args, said):
    done = house.run(*args, code=2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("typed", "completed"),
    [("slipway exp", {"export", "explain"}), ("slipway inbox pro", {"promote"}), ("slipway export --bi", {"--bibtex"})],
)
def test_the_shell_completes_commands_and_options(house, typed, completed):
    asked = {"_SLIPWAY_COMPLETE": "bash_complete", "COMP_WORDS": typed, "COMP_CWORD": str(len(typed.split()) - 1)}
    assert set(house.run(env=asked).stdout.split()) == {f"plain,{word}" for word in completed}


def test_a_folder_that_cannot_be_written_is_told_without_a_traceback(tmp_path):
    house = House.build(tmp_path / "house")
    (house.root / ".slipway").write_text("a file where the folder should be")
    done = house.night(code=1)
    assert ".slipway" in done.stderr
    assert "remedy:" in done.stderr
    assert "Traceback" not in done.stderr


def test_no_configuration(tmp_path):
    done = House(tmp_path).run("runs", code=2)
    assert "slipway init" in done.stderr


def test_search_json(house):
    found = house.json("search", "reinforcement learning of skills", "-n", "2")
    assert list(found) == ["query", "mode", "model", "took_ms", "results", "warnings"]
    assert len(found["results"]) == 2
    assert list(found["results"][0]) == [
        "rank",
        "id",
        "kind",
        "title",
        "path",
        "url",
        "score",
        "passage",
        "heading",
        "start",
        "end",
        "created",
        "source",
        "tags",
        "lang",
        "ranks",
        "topic",
        "terms",
        "explanation",
    ]


@pytest.mark.parametrize("query", ["遞歸", "递归", "上下文", "智能體"])
def test_chinese_of_two_characters_finds_its_note(house, query):
    titles = [hit["title"] for hit in house.json("search", query, "--kind", "note")["results"]]
    assert titles[0] == "遞歸語言模型讓智能體管理上下文"


def test_search_from_standard_input(house):
    done = house.run("search", "--stdin", "--mode", "lexical", stdin='skills\n\n{"id": 7, "query": "memory"}\n')
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["query"] == "skills"
    assert (second["id"], second["query"]) == (7, "memory")
    broken = house.run("search", "--stdin", stdin="{broken\n", code=1)
    assert json.loads(broken.stdout)["line"] == 1
    assert "1 of 1 line could not be answered" in broken.stderr


def test_search_for_people(house):
    done = house.run("search", "skills", "--explain", "--mode", "lexical")
    assert " 1. " in done.stdout
    assert "lexical rank 1" in done.stdout
    assert "nothing found" in house.run("search", "zzzzqqqq", "--mode", "lexical").stdout


def test_search_without_an_index(tmp_path):
    assert "no search index yet" in House.build(tmp_path).run("search", "x", code=2).stderr


def test_related_show_explain(house):
    note = house.note("skillrl-agents").stem
    related = house.json("related", note)
    assert related["id"] == note
    assert list(related["results"][0]) == ["rank", "id", "title", "path", "score", "kind", "why"]
    assert "89.9%" in house.run("show", note).stdout
    assert "Flour" in house.run("show", "item-5").stdout
    told = house.json("explain", note)
    assert told["status"] == "promoted"
    assert told["sightings"][0]["source"] == "lab"
    assert "post-2026-02-20" in told["posts"]
    lines = house.run("explain", note).stdout
    assert "judged  promoted" in lines
    assert house.run("related", note).stdout.strip()


def test_inbox_commands(tmp_path):
    house = House.build(tmp_path)
    house.night()
    (item,) = [one for one in house.json("inbox", "list")["items"] if "bread" in one["title"]]
    assert list(item) == [
        "id",
        "key",
        "external_id",
        "source",
        "title",
        "url",
        "authors",
        "status",
        "score",
        "reasons",
        "published",
        "first_seen",
        "note_id",
        "sightings",
    ]
    number = str(item["id"])
    house.run("inbox", "dismiss", number)
    assert house.json("inbox", "list")["items"] == []
    assert "is dismissed already" in house.run("inbox", "dismiss", number, code=2).stderr
    assert "back in the inbox" in house.run("inbox", "undo").stdout
    path = house.run("inbox", "promote", number).stdout.strip()
    assert (house.vault / path).is_file()
    assert "the inbox is empty" in house.run("inbox").stdout
    before = house.files()
    house.night()
    assert {name: body for name, body in house.files().items() if name.endswith(path)} == {
        name: body for name, body in before.items() if name.endswith(path)
    }


def test_runs(house):
    (run, *_) = house.json("runs")["runs"]
    assert list(run) == ["id", "date", "started", "finished", "status", "exit_code", "warnings", "stages"]
    assert [stage["name"] for stage in run["stages"]] == ["fetch", "promote", "write", "index", "publish"]
    assert list(run["stages"][0]) == ["name", "status", "seconds", "counts", "error"]
    assert "2026-02-20" in house.run("runs").stdout


def test_trends(house):
    document = house.json("trends", "--date", "2026-02-20")
    assert document["as_of"] == "2026-02-20"
    for one in document["trends"]:
        assert list(one) == [
            "rank",
            "kind",
            "id",
            "name",
            "terms",
            "class",
            "recent",
            "baseline",
            "lift",
            "p_value",
            "counts",
            "notes",
            "q_value",
            "group",
        ]
    house.run("trends")


def test_sources(house):
    (source,) = house.json("source", "list")["sources"]
    assert source["key"] == "lab"
    assert source["last_ok"]
    assert "lab" in house.run("source", "list").stdout
    assert "5 items" in house.run("source", "test", "lab").stdout


def test_doctor(house, tmp_path):
    assert "fault" not in house.run("doctor").stdout
    broken = House(tmp_path)
    (tmp_path / "slipway.toml").write_text("vualt = 1\nnight = 'x'\n")
    done = broken.run("doctor", code=2)
    assert done.stdout.count("fault") == 2
    assert "did you mean 'vault'?" in done.stdout
    assert broken.run("doctor", "--json", code=2).stdout.startswith("{")


def test_the_doctor_says_what_to_do_about_a_link_to_nowhere(tmp_path):
    house = House.build(tmp_path)
    house.vault.mkdir()
    (house.vault / "mine.md").write_text("\n".join(f"[[nowhere {number}]]" for number in range(23)))
    said = house.run("doctor").stdout
    assert said.count("leads nowhere") == 20
    assert "3 more like these" in said
    assert "write the note that it names, or correct or remove the link" in said


def test_cron(house):
    lines = house.run("cron").stdout
    assert "CRON_TZ=Asia/Hong_Kong" in lines
    assert "0 3 * * * " in lines
    assert "Persistent=true" in lines


def test_init_and_a_first_night_offline(tmp_path):
    house = House(tmp_path / "記錄")
    house.root.mkdir()
    house.run("init", "--language", "zh-Hant", "--timezone", "Asia/Hong_Kong")
    assert (house.vault / "Home.md").is_file()
    assert (house.vault / ".obsidian" / "app.json").is_file()
    assert "fault" not in house.run("doctor").stdout
    house.run("run", "--offline")
    assert (house.root / "site" / "index.html").is_file()


def test_a_broken_pipe_is_silent(house):
    command = f"{sys.executable} -m slipway inbox list --all --json | head -c 5"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=house.root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stderr == ""


def test_no_escape_reaches_the_terminal(tmp_path):
    house = House.build(
        tmp_path, works=[("\x9b31m evil &#27;[2J title &#8238;gnp", "https://e.org/a", "text &#27;]0;x&#7; more text")]
    )
    house.night()
    for args in (["inbox"], ["show", "item-1"], ["explain", "item-1"], ["search", "evil", "--mode", "lexical"]):
        said = house.run(*args).stdout
        assert not set(said) & set("\x1b\x07\x9b\u202e"), args
