"""The starter: the vault files that Slipway's repository tracks, and a first slipway.toml with a good set of feeds."""

from __future__ import annotations

import json
import shlex
from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path

from notes.errors import UsageError
from notes.files.vault import create_file
from notes.files.walking import is_text
from notes.pages.base_words import labelled
from slipway.config import CONFIG_NAME

__all__ = ["STARTER_FILES", "make_starter", "starter_files", "starter_folder", "worded_files"]

STARTER_FILES = (
    "Home.md",
    "Inbox.base",
    "Notes.base",
    "Posts.base",
    "Topics.base",
    "templates/Literature note.md",
    "templates/Permanent note.md",
    "templates/文献笔记.md",
    "templates/永久笔记.md",
    "templates/文獻筆記.md",
    "templates/永久筆記.md",
    ".obsidian/app.json",
    ".obsidian/graph.json",
    ".obsidian/templates.json",
    ".obsidian/types.json",
)


def starter_files(language: str = "en") -> dict[str, str]:
    """The starter vault, path → text, its home page and the labels of its bases in ``language``.

    A wheel carries the files; a checkout has them in ``vault/``.
    """
    files = {name: starter_folder().joinpath(name).read_text(encoding="utf-8") for name in STARTER_FILES}
    return files | worded_files(language)


def worded_files(language: str) -> dict[str, str]:
    """Those of the starter vault that speak, in ``language``: the home page, and the bases by their labels."""
    home = resources.files("slipway") / f"starter.home.{language}.md"
    place = home if home.is_file() else starter_folder().joinpath("Home.md")
    bases = {
        name: starter_folder().joinpath(name).read_text(encoding="utf-8")
        for name in STARTER_FILES
        if name.endswith(".base")
    }
    return {"Home.md": place.read_text(encoding="utf-8")} | {
        name: labelled(text, language) for name, text in bases.items()
    }


def starter_folder() -> Traversable:
    """Where the starter vault lies: in a wheel beside the code, in a checkout the checkout's own vault."""
    packed = resources.files("slipway") / "starter" / "vault"
    return packed if packed.is_dir() else Path(__file__).resolve().parent.parent / "vault"


def starter_config(*, language: str, zone: str, vault: str = "vault") -> str:
    """The first slipway.toml; its Chinese interests are in the script of ``language``, since pages show their names."""
    script = "zh-Hant" if language == "zh-Hant" else "zh-Hans"
    parts = {
        "@CHINESE@": _shipped(f"starter.interests.{script}.toml").rstrip(),
        "@LANGUAGE@": language,
        "@TIMEZONE@": zone,
        # JSON leaves alone one sign that TOML does not take as it is.
        "@VAULT@": json.dumps(vault, ensure_ascii=False).replace("\x7f", "\\u007f"),
    }
    text = _shipped("starter.toml")
    for mark, told in parts.items():
        text = text.replace(mark, told)
    return text


def _shipped(name: str) -> str:
    return (resources.files("slipway") / name).read_text(encoding="utf-8")


def make_starter(folder: Path, *, language: str, zone: str, vault: Path | None = None) -> tuple[Path, ...]:
    """Make ``slipway.toml`` and ``vault/`` in ``folder``; a file that exists is left as it is.

    ``vault`` is another place for the vault; where Obsidian has opened it already, its settings are the user's. Returns the
    files made. Raises UsageError when there is a configuration already, and when ``folder`` lies in a vault, where the site
    would lie too.
    """
    target = folder / CONFIG_NAME
    if target.exists():
        raise UsageError(f"{target} is there already", hint="choose another folder, or edit that file")
    if around := _vault_around(folder, vault):
        command = f"slipway init ~/slipway --vault {shlex.quote(str(around))}"
        hint = f"`{command}` keeps it as your vault, with configuration, database and site beside it"
        raise UsageError(f"{around} is an Obsidian vault already", hint=hint)
    place = vault or folder / "vault"
    if vault and not is_text(str(vault)):
        raise UsageError(f"{str(vault)!r} is no name that a configuration can hold", hint="rename the folder")
    held = (place / ".obsidian").is_dir()
    config = starter_config(language=language, zone=zone, vault=str(vault) if vault else "vault")
    pages = starter_files(language).items()
    files = {place / name: text for name, text in pages if not (held and name.startswith(".obsidian/"))}
    made = [path for path, text in files.items() if _make(path, text)]
    # Last: where the vault is closed to us another may be named.
    return tuple([target] * _make(target, config) + made)


def _vault_around(folder: Path, vault: Path | None) -> Path | None:
    """The vault in which ``folder`` lies, or which it is."""
    return next((one for one in (folder, *folder.parents) if one == vault or (one / ".obsidian").is_dir()), None)


def _make(place: Path, text: str) -> bool:
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        create_file(place, text.encode())
    except FileExistsError:
        return False
    except OSError as error:
        raise UsageError(f"{place} cannot be written: {error.strerror}", hint="choose another folder") from error
    return True
