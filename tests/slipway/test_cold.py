"""What a search without a server may import: a short process spends its time on little else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.slipway.houses import ROOT, House

# Each costs a search from ten milliseconds to seven seconds; `python -X importtime` tells.
NEVER = {
    "apscheduler",
    "faiss",
    "feedparser",
    "httpx",
    "huggingface_hub",
    "jinja2",
    "lxml",
    "mcp",
    "networkx",
    "onnxruntime",
    "scipy",
    "sentence_transformers",
    "sklearn",
    "sqlalchemy",
    "textual",
    "tokenizers",
    "torch",
    "tqdm",
    "transformers",
    "yaml",
    # of the standard library
    "asyncio",
    "concurrent",
    "difflib",
    "email",
    "http",
    "logging",
    "multiprocessing",
    "secrets",
    "socket",
    "ssl",
    "unittest",
    # of our own
    "ingest",
    "notes.markup.inert",
    "notes.model",
    "publish",
    "slipway.night",
    "slipway.store.store",
    "slipway.warm.client",
}
FOR_VECTORS = {"numpy"}


def imported(root: Path, *args: str, **env: str) -> set[str]:
    """The modules, with the packages that they are in, that a whole process imported."""
    # A search leaves without tidying up, so that nothing that runs at the end would be told.
    script = (
        "import os, sys\nleave = os._exit\n"
        "def told(code):\n    sys.stderr.write('\\nLOADED ' + ' '.join(sys.modules)); sys.stderr.flush(); leave(code)\n"
        "os._exit = told\nfrom slipway.entry import main\nmain()"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *args],
        cwd=root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "SLIPWAY_NO_SERVER": "1", "COVERAGE_PROCESS_START": ""} | env,
    )
    assert done.returncode == 0, done.stderr
    names = done.stderr.rpartition("\nLOADED ")[2]
    return {".".join(parts[:end]) for name in names.split() for parts in [name.split(".")] for end in range(1, 4)}


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> House:
    """A house with the bundled model, indexed and so prepared for searching."""
    house = House.build(tmp_path_factory.mktemp("house"), model="bundled")
    house.vault.mkdir()
    (house.vault / "fruit.md").write_text("# Fruit\n\nA pomegranate is red. 石榴是红的。\n", encoding="utf-8")
    house.run("index")
    return house


@pytest.mark.parametrize("query", ["pomegranate", "石榴"])
@pytest.mark.parametrize("form", [[], ["--json"], ["--explain"]], ids=["plain", "json", "explain"])
def test_a_search_by_words_imports_nothing_heavy(house, query, form):
    loaded = imported(house.root, "search", query, "--mode", "lexical", *form)
    assert loaded & (NEVER | FOR_VECTORS) == set()


@pytest.mark.parametrize("query", ["pomegranate", "石榴", "how red is it?"])
@pytest.mark.parametrize("mode", ["hybrid", "semantic"])
def test_a_search_by_meaning_imports_numpy_and_nothing_heavier(house, query, mode):
    loaded = imported(house.root, "search", query, "--mode", mode)
    assert loaded & NEVER == set()
    assert "numpy" in loaded


def test_the_look_for_a_server_imports_next_to_nothing(tmp_path):
    (tmp_path / "slipway.toml").touch()
    script = (
        "import sys\nbefore = set(sys.modules)\nfrom slipway.entry import _ask\nassert _ask(['search', 'x']) is None\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{script}"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
    )
    assert done.stdout.split() == ["__future__", "slipway", "slipway.entry", "slipway.warm", "slipway.warm.place"], (
        done.stderr
    )


def test_a_client_imports_next_to_nothing():
    script = (
        "import sys\nbefore = set(sys.modules)\nimport slipway.warm.client, slipway.entry\n"
        "print(*sorted(set(sys.modules) - before))"
    )
    done = subprocess.run(
        [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r})\n{script}"],
        capture_output=True,
        text=True,
    )
    assert set(done.stdout.split()) - {"_socket"} == {
        "__future__",
        "slipway",
        "slipway.entry",
        "slipway.warm",
        "slipway.warm.client",
        "slipway.warm.protocol",
    }, done.stderr
