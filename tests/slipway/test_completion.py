"""Completion as real shells do it: the script is sourced, and what it offers is looked at."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

import click
import pytest

from slipway.cli import completing
from tests.slipway.houses import ROOT, House
from tests.slipway.shelved import shelved


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> House:
    house = shelved(tmp_path_factory.mktemp("completing"))
    evil = house.vault / "evil2.md"
    evil.write_text(
        "---\nid: n-evil2\ntitle: $(touch pwned) `touch pwned`\nsource: $(touch pwned)\ntags: [a;touch-pwned]\n---\n\nx\n",
        encoding="utf-8",
    )
    (house.vault / "evil3.md").write_text('---\nsource: "Line\\nplain,oops"\n---\n\nx\n', encoding="utf-8")
    (house.vault / "evil4.md").write_text("---\nid: -rf\nsource: '*'\n---\n\nx\n", encoding="utf-8")
    (house.vault / "thoughts.md").write_text(
        "---\nid: 隨想-一\ntitle: 隨想\nlang: zh-Hant\n---\n\nx\n", encoding="utf-8"
    )
    house.run("index")
    programs = house.root / "bin"
    programs.mkdir()
    program = programs / "slipway"
    program.write_text(
        f'#!/bin/sh\nPYTHONPATH={shlex.quote(str(ROOT))} exec {shlex.quote(sys.executable)} -m slipway "$@"\n'
    )
    program.chmod(0o755)
    return house


def shell(house: House, name: str, script: str) -> list[str]:
    if shutil.which(name) is None:
        pytest.skip(f"no {name} here")
    plain = {"bash": ["--norc", "--noprofile"], "zsh": ["-f"], "fish": ["--no-config"]}[name]
    done = subprocess.run(
        [name, *plain, "-c", script],
        cwd=house.root,
        capture_output=True,
        text=True,
        timeout=300,
        env=os.environ
        | {"PATH": f"{house.root / 'bin'}:{os.environ['PATH']}", "PYTHONIOENCODING": "utf-8", "LC_ALL": "C.UTF-8"},
    )
    assert done.stderr == "", done.stderr
    return done.stdout.splitlines()


def bash(house: House, line: str) -> list[str]:
    """What bash puts into the line for its last word."""
    words = [*shlex.split(line), *([""] if line.endswith(" ") else [])]
    script = f"""
eval "$(slipway completion bash)"
COMP_WORDS=({" ".join(map(shlex.quote, words))}); COMP_CWORD={len(words) - 1}
_slipway_completion slipway
[ "${{#COMPREPLY[@]}}" = 0 ] || printf '%s\\n' "${{COMPREPLY[@]}}"
"""
    return shell(house, "bash", script)


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        ("slipway compl", ["completion"]),
        ("slipway completion ", ["bash", "zsh", "fish"]),
        ("slipway search --tag a", ["agents"]),
        ("slipway search --tag ml", ["ml", "ml/rl"]),
        ("slipway search --tag 强", ["強化學習", "强化学习"]),
        ("slipway search --source lab", ["'Lab notes'"]),
        ("slipway search --lang ", ["en", "zh-Hans", "zh-Hant"]),
        ("slipway search --topic ", ["topic-agents"]),
        ("slipway search --mode s", ["semantic"]),
        ("slipway show n-s", ["n-skills"]),
        ("slipway related n-", ["n-context-zh", "n-dash", "n-evil2", "n-memory", "n-rl-zh", "n-skills"]),
        ("slipway open kills", ["n-skills"]),
        ("slipway related 隨", ["隨想-一"]),
        ("slipway related 随", ["隨想-一"]),
        ("slipway open il", []),  # two hold it, and neither begins with it
        ("slipway export --tag Cook", ["Cooking"]),
        ("slipway search --tag nothing-of-the-kind", []),
    ],
)
def test_bash(house, line, offered):
    assert bash(house, line) == offered


def test_fish(house):
    def fish(line: str) -> list[str]:
        script = f"slipway completion fish | source; complete -C {shlex.quote(line)}"
        return [one.partition("\t")[0] for one in shell(house, "fish", script)]

    assert fish("slipway search --tag ml") == ["ml", "ml/rl"]
    assert "Lab notes" in [one.replace("\\", "") for one in fish("slipway search --source ")]
    assert fish("slipway compl") == ["completion"]


def test_zsh(house):
    # The functions of zsh's own completion stand only inside its line editor: these say what they are given.
    script = """
compdef() { : }
compadd() { shift 3; for one in ${(P)@[-1]}; print -r -- $one }
_describe() { for one in ${(P)4}; print -r -- $one }
_describe() { for one in ${(P)3}; print -r -- ${one%%:*} }
eval "$(slipway completion zsh)"
words=(slipway search --tag ml); CURRENT=4
_slipway_completion
words=(slipway show n-s); CURRENT=3
_slipway_completion
"""
    assert shell(house, "zsh", script) == ["ml", "ml/rl", "n-skills"]


@pytest.mark.parametrize("option", ["--source", "--tag", "--topic"])
def test_nothing_is_offered_that_a_shell_would_run(house, option):
    offered = bash(house, f"slipway search {option} ")
    assert offered
    assert not [one for one in offered if set(one) & set("$`;*\n|&<>(){}")]
    assert not [one for one in offered if "oops" in one or one.startswith("-")]
    assert not (house.root / "pwned").exists()


def test_what_is_offered_is_chosen(house, monkeypatch):
    """The control: without the choice the same index does offer what a shell would run."""
    context = click.Context(click.Command("x"))
    context.params["config"] = str(house.root / "slipway.toml")
    assert "$(touch pwned)" not in [one.value for one in completing.offers(context, "sources", "")]
    monkeypatch.setattr(completing, "_is_offered", bool)
    assert "$(touch pwned)" in [one.value for one in completing.offers(context, "sources", "")]


def test_no_id_begins_like_an_option(house):
    assert "-rf" not in bash(house, "slipway show ")


@pytest.mark.parametrize("trouble", ["no configuration", "no index", "torn index", "broken configuration"])
def test_without_an_index_nothing_is_offered_and_nothing_said(tmp_path, trouble):
    house = House(tmp_path) if trouble == "no configuration" else House.build(tmp_path)
    if trouble == "torn index":
        (tmp_path / ".slipway" / "cache").mkdir(parents=True)
        (tmp_path / ".slipway" / "cache" / "index.db").write_bytes(b"SQLite format 3\0 torn")
    if trouble == "broken configuration":
        (tmp_path / "slipway.toml").write_text("[[")
    asked = {"_SLIPWAY_COMPLETE": "bash_complete", "COMP_WORDS": "slipway search --tag ", "COMP_CWORD": "3"}
    done = house.run(env=asked)
    assert (done.stdout.strip(), done.stderr) == ("", "")


def test_completing_loads_nothing_heavy(house):
    script = (
        "import sys\nfrom slipway.cli import main\n"
        "try:\n    main([])\nexcept SystemExit:\n    pass\n"
        "print('LOADED', sorted({'numpy', 'sqlalchemy', 'torch', 'faiss', 'index.retrieval.search'} & set(sys.modules)))\n"
    )
    asked = {"_SLIPWAY_COMPLETE": "bash_complete", "COMP_WORDS": "slipway search --tag ", "COMP_CWORD": "3"}
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=house.root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)} | asked,
    )
    assert done.stdout.splitlines()[-1] == "LOADED []", done.stdout + done.stderr
