"""The language model as the configuration names it: [writer], the key, the doctor, and a night that is written by it."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tomllib
from contextlib import chdir, redirect_stderr, redirect_stdout
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from notes.clock import SystemClock
from notes.errors import ConfigError
from slipway.app import App
from slipway.cli import main
from slipway.config import Config, load_config, parse_config
from slipway.doctor import _writer as examined
from slipway.ghostwriter import reported, writer_of
from slipway.settings.writer import is_near
from tests.publish.scripted_endpoint import FIGURE, LIES, Asked, ScriptedEndpoint, honest, refused
from tests.slipway.houses import ROOT, House

KEY = "sk-live-4242424242424242"
ENDPOINT = '[writer]\nendpoint = "http://localhost:11434/v1"\nmodel = "qwen3"\n'


def config(text: str) -> Config:
    return parse_config(tomllib.loads(text), Path("/x/slipway.toml"))


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        config(text)
    return caught.value.faults


# --- the configuration -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("[writer]\nmodel = 'qwen3'", "writer.endpoint: missing"),
        ("[writer]\nendpoint = 'http://localhost/v1'", "writer.model: missing"),
        ("[writer]\nendpoint = 'localhost:11434'", "writer.endpoint: must be an absolute http or https address"),
        ("[writer]\nendpoint = 'ftp://localhost'\nmodel = 'm'", "writer.endpoint: must be an absolute"),
        ("[writer]\nendpoint = 'http://a b/'\nmodel = 'm'", "writer.endpoint: must be an absolute"),
        ("[writer]\nendpoint = 'http://[/'\nmodel = 'm'", "writer.endpoint: must be an absolute"),
        (ENDPOINT + "modle = 'x'", "writer.modle: unknown key; did you mean 'model'?"),
        (ENDPOINT + "format = 'xml'", "writer.format: 'xml' is none of auto, schema, object, plain"),
        (ENDPOINT + "effort = 'huge'", "writer.effort: 'huge' is none of"),
        (ENDPOINT + "temperature = 3", "writer.temperature: 3 is not between 0 and 2"),
        (ENDPOINT + "max_seconds = 0", "writer.max_seconds: 0 is not between 1"),
        (ENDPOINT + "max_cost = 2", "writer.max_cost: says nothing without price_in and price_out"),
        (ENDPOINT + "proxy = 'socks5://u:pw@x'", "writer.proxy: a SOCKS proxy"),
        (
            "[writer]\nendpoint = 'http://api.example.com/v1'\nmodel = 'm'\napi_key_env = 'K'",
            "writer.endpoint: would carry the key in the clear over the net; use https",
        ),
    ],
    ids=lambda given: given.replace("\n", " ")[:60],
)
def test_each_fault_is_named(text, fault):
    assert any(told.startswith(fault) for told in faults(text)), faults(text)


@pytest.mark.parametrize(
    "text",
    [
        ENDPOINT + f"api_key_env = '{KEY}'",
        f"[writer]\nmodel = 'm'\nendpoint = 'https://user:{KEY}@api.example.com/v1'",
        f"[writer]\nmodel = 'm'\nendpoint = 'https://api.example.com/v1#{KEY}'",
        ENDPOINT + f"proxy = 'socks5://u:{KEY}@x'",
    ],
    ids=["key for its name", "user", "fragment", "proxy"],
)
def test_no_fault_repeats_a_secret(text):
    assert KEY not in str(faults(text))


def test_what_is_left_out_is_sound():
    writer = config(ENDPOINT).writer
    assert (writer.temperature, writer.seed, writer.format, writer.max_seconds) == (0.0, 7, "auto", 900)
    assert config("").writer.endpoint == ""


@pytest.mark.parametrize(
    ("address", "near"),
    [
        ("http://localhost:11434/v1", True),
        ("http://127.0.0.1/v1", True),
        ("http://[::1]/v1", True),
        ("http://192.168.1.5:8000", True),
        ("http://ollama:11434/v1", True),
        ("http://gpu.local/v1", True),
        ("http://api.example.com/v1", False),
        ("http://8.8.8.8/v1", False),
        ("http://localhost.example.com/v1", False),
    ],
)
def test_what_is_near(address, near):
    assert is_near(address) is near


# --- the writer of an app ----------------------------------------------------------------------------------------------


def writing(house: House, url: str, more: str = "") -> House:
    """The house with an endpoint to write."""
    path = house.root / "slipway.toml"
    path.write_text(path.read_text() + f'\n[writer]\nendpoint = "{url}"\nmodel = "scripted"\n{more}\n')
    return house


class Quiet:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def progress(self, label: str):
        return lambda done, total: None

    def warn(self, message: str) -> None:
        self.warnings.append(message)


def open_app(house: House) -> App:
    return App(load_config(house.root / "slipway.toml"), SystemClock(ZoneInfo("UTC")), Quiet())


def test_no_endpoint_no_writer(tmp_path):
    with open_app(House.build(tmp_path)) as opened:
        assert writer_of(opened) is None
        assert list(examined(opened)) == []
    assert reported(None) == ({}, ())


def test_offline_nobody_is_asked(tmp_path):
    with open_app(writing(House.build(tmp_path), "http://localhost:1/v1")) as opened:
        assert writer_of(opened, offline=True) is None
        assert writer_of(opened) is not None


def test_a_key_that_is_missing_is_told_and_nobody_is_asked(tmp_path, monkeypatch):
    house = writing(House.build(tmp_path), "https://api.example.com/v1", 'api_key_env = "SLIPWAY_TEST_WRITER"')
    monkeypatch.delenv("SLIPWAY_TEST_WRITER", raising=False)
    with open_app(house) as opened:
        assert writer_of(opened) is None
        (warning,) = opened.reporter.warnings  # type: ignore[attr-defined]
        assert "SLIPWAY_TEST_WRITER is empty" in warning
        (finding,) = examined(opened)
        assert not finding.ok
        assert not finding.fatal
        monkeypatch.setenv("SLIPWAY_TEST_WRITER", KEY)
        (finding,) = examined(opened)
        assert finding.ok
        assert KEY not in json.dumps(finding.document())


# --- a night -----------------------------------------------------------------------------------------------------------

POST = "vault/posts/2026-02-20.md"
WRITE = ("write", "--date", "2026-02-20")


def run(house: House, *words: str) -> str:
    """What ``slipway WORDS`` says in the house, run in this process: another takes two seconds to begin."""
    said = io.StringIO()
    with chdir(house.root), redirect_stdout(said), redirect_stderr(said), pytest.raises(SystemExit) as left:
        main(list(words))
    assert left.value.code == 0, said.getvalue()
    return said.getvalue()


@pytest.fixture(scope="module")
def promoted(tmp_path_factory) -> Path:
    """A house in the evening: its notes are made, nothing is written yet."""
    house = House.build(tmp_path_factory.mktemp("promoted"))
    run(house, "fetch", "--date", "2026-02-20")
    run(house, "promote", "--date", "2026-02-20")
    return house.root


@pytest.fixture
def evening(promoted, tmp_path):
    """Such houses, each with a [writer] of its own, or without one."""

    def made(name: str, url: str = "", more: str = "") -> House:
        shutil.copytree(promoted, tmp_path / name)
        house = House(tmp_path / name)
        return writing(house, url, more) if url else house

    return made


def retold(asked: Asked):
    """Each sentence in words of the model's own, about the work."""
    return [
        one | {"text": f"As the model tells it, {one['text'][0].lower()}{one['text'][1:]}"} for one in honest(asked)
    ]


@pytest.fixture(scope="module")
def extractive(promoted, tmp_path_factory) -> tuple[House, str]:
    """The evening written without a model, and what the process had imported of the network at its end."""
    root = tmp_path_factory.mktemp("extractive") / "house"
    shutil.copytree(promoted, root)
    script = (
        "import sys\nfrom slipway.cli import main\n"
        "try:\n    main(sys.argv[1:])\n"
        "finally:\n    print('httpx' in sys.modules, 'publish.writers.endpoint' in sys.modules, file=sys.stderr)\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *WRITE],
        cwd=root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"},
    )
    assert done.returncode == 0, done.stderr
    return House(root), done.stderr.splitlines()[-1]


@pytest.fixture(scope="module")
def modelled(promoted, tmp_path_factory) -> tuple[House, int]:
    """The evening written by a model and run once more, and how often it was asked."""
    root = tmp_path_factory.mktemp("modelled") / "house"
    shutil.copytree(promoted, root)
    with ScriptedEndpoint(retold) as endpoint:
        house = writing(House(root), endpoint.url)
        run(house, *WRITE)
        asked, before = len(endpoint.asked), house.files()
        run(house, *WRITE)
        assert len(endpoint.asked) == asked, "a second run asks nothing"
        assert house.files() == before
    return house, asked


def test_without_an_endpoint_nothing_of_the_network_is_imported(extractive):
    house, imported = extractive
    assert imported == "False False"
    assert (house.root / POST).exists()


def test_a_post_is_written_by_the_model_and_a_second_run_asks_nothing(modelled):
    house, asked = modelled
    assert asked > 2
    assert "As the model tells it, " in (house.root / POST).read_text()
    assert "worded by scripted" in (house.root / POST).read_text()
    again, first = (run["stages"][0]["counts"] for run in house.json("runs")["runs"][:2])
    assert (first["writer requests"], first["writer tokens"]) == (asked, asked * 1_020)
    assert "writer requests" not in again


def test_what_a_model_invents_is_refused_and_the_report_says_so(evening):
    with ScriptedEndpoint(LIES["figures"][0]) as endpoint:
        house = evening("house", endpoint.url)
        run(house, *WRITE)
    (stage,) = house.json("runs")["runs"][0]["stages"]
    assert stage["counts"]["sentences refused"] > 3
    assert FIGURE not in (house.root / POST).read_text()
    assert "89.9%" in (house.root / POST).read_text()


def test_where_the_endpoint_fails_the_post_is_the_extractive_one_and_the_report_says_so(evening, extractive):
    with ScriptedEndpoint(lambda asked: refused(401, "no")) as endpoint:
        house = evening("house", endpoint.url)
        run(house, *WRITE)
        (night,) = house.json("runs")["runs"][:1]
    assert house.files() == extractive[0].files()
    assert any("answered 401" in warning for warning in night["warnings"])
    assert any("sources' own sentences" in warning for warning in night["warnings"])


def test_a_night_that_is_killed_while_it_writes_ends_as_one_that_was_not(evening, modelled):
    running: list[subprocess.Popen[bytes]] = []

    def deadly(asked: Asked):
        if len(endpoint.asked) == 3:
            os.kill(running[0].pid, signal.SIGKILL)
            running[0].wait(30)
        return retold(asked)

    with ScriptedEndpoint(deadly) as endpoint:
        house = evening("killed", endpoint.url)
        env = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
        pipe = subprocess.DEVNULL
        command = [sys.executable, "-m", "slipway", *WRITE]
        with subprocess.Popen(command, cwd=house.root, env=env, stdout=pipe, stderr=pipe) as first:
            running.append(first)
            first.wait(300)
        assert first.returncode == -signal.SIGKILL
        run(house, *WRITE)
        bodies = [asked.request.body for asked in endpoint.asked]
        assert len(set(bodies)) == len(bodies) - 1, "only the question that was killed is asked again"
    assert house.files() == modelled[0].files()


def test_the_key_is_nowhere_but_in_the_header(evening, monkeypatch):
    def tells_it(asked: Asked):
        return refused(401, f"bad key {KEY}") if len(endpoint.asked) > 1 else retold(asked)

    with ScriptedEndpoint(tells_it) as endpoint:
        house = evening("house", endpoint.url, 'api_key_env = "SLIPWAY_TEST_WRITER"')
        monkeypatch.setenv("SLIPWAY_TEST_WRITER", KEY)
        said = run(house, *WRITE)
        assert endpoint.asked[0].request.headers["authorization"] == f"Bearer {KEY}"
    assert KEY not in said + json.dumps(house.json("runs"))
    holding = [path for path in house.root.rglob("*") if path.is_file() and KEY.encode() in path.read_bytes()]
    assert holding == []
