"""One module changes files of the vault: notes/files/filing.py, with what it asks the system for: renames, rights."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("notes", "slipway", "publish")
# What writes elsewhere, and why it may.
ELSEWHERE = {
    "publish/site/files.py": "the site, which is disposable",
    "publish/writers/answers.py": "answers and what they cost, in the state folder",
    "slipway/vault_cache.py": "the cache: a damaged file is removed",
    "slipway/cli/source_edit.py": "slipway.toml, by the same rule: the call is that of its own file's class",
    "slipway/sources/adding.py": "the same",
    "slipway/console.py": "shutil knows how wide the terminal is",
    "slipway/cli/__init__.py": "/dev/null in the place of a broken pipe",
    "slipway/entry.py": "the streams of the process",
    "slipway/view/run.py": "the terminal",
    "slipway/warm/client.py": "the streams of the process",
    "slipway/warm/listening.py": "the socket and its lock, in a folder of the user's own",
}
RULE = {"notes/files/attributes.py", "notes/files/filing.py", "notes/files/renaming.py"}

OS = {
    "chmod", "link", "makedirs", "mkdir", "open", "remove", "removedirs", "rename", "renames", "replace", "rmdir",
    "symlink", "truncate", "unlink", "utime", "write", "mknod", "copy_file_range", "sendfile",
}  # fmt: skip
PATH = {
    "chmod", "hardlink_to", "lchmod", "link_to", "rename", "rmdir", "symlink_to", "touch", "unlink", "write_bytes", "write_text",
}  # fmt: skip
READING, WRITING = {"O_RDONLY", "_READ_ONLY"}, {"O_WRONLY", "O_RDWR", "O_CREAT", "O_TRUNC", "O_APPEND"}
MODULES = {"shutil", "tempfile", "mmap", "fileinput", "ctypes"}


def writes(source: str) -> Iterator[tuple[int, str]]:
    """The lines that could change a file, and by what."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            named = [node.module or ""] if isinstance(node, ast.ImportFrom) else [alias.name for alias in node.names]
            yield from ((node.lineno, name) for name in named if name.split(".")[0] in MODULES)
        elif isinstance(node, ast.Call) and (what := _writing_call(node)):
            yield node.lineno, what


def _writing_call(call: ast.Call) -> str:  # noqa: PLR0911 - a table
    match call.func:
        case ast.Name("open"):
            return "open" if _opens_for_writing(call, 1) else ""
        case ast.Attribute(ast.Name("os"), "open"):
            return "" if _names(call) & READING and not _names(call) & WRITING else "os.open"
        case ast.Attribute(ast.Name("os"), name) if name in OS:
            return f"os.{name}"
        case ast.Attribute(ast.Name("io" | "codecs"), "open"):
            return "open"
        case ast.Attribute(ast.Name(name), "open") if name[0].isupper():
            return ""  # a class method of ours
        case ast.Attribute(_, "open"):
            return "open" if _opens_for_writing(call, 0) else ""
        case ast.Attribute(_, "replace") if len(call.args) == 1 and not call.keywords:
            return "Path.replace"  # of a string it takes two
        case ast.Attribute(_, name) if name in PATH:
            return f"Path.{name}"
    return ""


def _names(call: ast.Call) -> set[str]:
    """The names in a call's arguments."""
    nodes = [node for argument in call.args for node in ast.walk(argument)]
    return {node.attr for node in nodes if isinstance(node, ast.Attribute)} | {
        node.id for node in nodes if isinstance(node, ast.Name)
    }


def _opens_for_writing(call: ast.Call, place: int) -> bool:
    modes = [keyword.value for keyword in call.keywords if keyword.arg == "mode"] + call.args[place : place + 1]
    return any(not isinstance(mode, ast.Constant) or set(str(mode.value)) & set("wax+") for mode in modes)


def test_nothing_else_opens_a_file_of_the_vault_for_writing() -> None:
    found = {}
    for package in PACKAGES:
        for path in sorted((ROOT / package).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name not in RULE | ELSEWHERE.keys():
                found |= {f"{name}:{line}": what for line, what in writes(path.read_text(encoding="utf-8"))}
    # Folders are made by others too; only what is in them is anybody's text.
    assert found == {}


SAMPLES = [
    "open('x.md', 'w')",
    "open(p, mode=m)",
    "p.open('r+')",
    "os.open(p, 1)",
    "p.write_text('x')",
    "p.replace(q)",
    "os.replace(p, q)",
    "p.unlink()",
    "p.rename(q)",
    "import shutil",
    "from tempfile import mkstemp",
    "import ctypes",
]
HARMLESS = ["open('x.md')", "p.open('rb')", "Store.open(url)", "'a'.replace('a', 'b')", "date.replace(day=1)", "p.mkdir()", "p.read_bytes()"]  # fmt: skip


@pytest.mark.parametrize("source", SAMPLES)
def test_a_writer_would_be_seen(source: str) -> None:
    assert list(writes(source)), "the positive control"


@pytest.mark.parametrize("source", [*HARMLESS[:2], *HARMLESS[3:]])
def test_a_reader_is_none(source: str) -> None:
    assert not list(writes(source))


def test_the_rule_itself_writes() -> None:
    for name in RULE:
        assert list(writes((ROOT / name).read_text(encoding="utf-8")))


def test_what_writes_elsewhere_is_still_there() -> None:
    for name in ELSEWHERE:
        if (ROOT / name).is_file():
            assert list(writes((ROOT / name).read_text(encoding="utf-8"))), (
                f"{name} writes no more: take it off the list"
            )
