"""Names that a shell offers while a command is typed: tags, sources, topics, languages and ids from the search index.

Asked at every press of a key, so nothing is opened but the configuration and the index, read-only. What a shell or a
terminal could take for more than a name is not offered: sources call themselves what they like.
"""

from __future__ import annotations

import re
import shlex
import sqlite3
from collections.abc import Iterable, Iterator
from pathlib import Path

import click
from click.shell_completion import BashComplete, CompletionItem, FishComplete, ZshComplete, add_completion_class

from notes.errors import SlipwayError
from notes.markup.terminal import terminal
from notes.text.fold import fold

__all__ = ["SHELLS", "offers", "register"]

_MOST = 200
_HELP_LENGTH = 60
_IDS = "SELECT id, title FROM documents WHERE id >= ? AND id < ? ORDER BY id LIMIT ?"
_EVERY = "SELECT id, title FROM documents ORDER BY id"
_NEWEST = "SELECT id, title FROM documents WHERE kind <> 'item' ORDER BY id DESC LIMIT ?"
_PARTS = "SELECT id, title FROM documents WHERE instr(id, ?) ORDER BY id DESC LIMIT ?"
_LAST = "\U0010ffff"
# Bare or in double quotes, these make a shell do something; a name of ours has no need of them.
_BARE = re.compile(r"[\w./:@%+=,-]+")
_ACTIVE = re.compile(r"[`$\\\"'!|&;<>()\[\]{}*?~\x00-\x1f\x7f]")


class _Bash(BashComplete):
    """Bash puts a word into the line as it is given: what has a blank in it is quoted."""

    def format_completion(self, item: CompletionItem) -> str:
        """The word as it may stand in the line."""
        is_bare = item.type != "plain" or _BARE.fullmatch(item.value)
        return f"{item.type},{item.value if is_bare else shlex.quote(item.value)}"


SHELLS = {"bash": _Bash, "fish": FishComplete, "zsh": ZshComplete}


def register() -> None:
    """Let click answer the shell by these classes."""
    add_completion_class(_Bash)


def offers(ctx: click.Context, names: str, incomplete: str) -> list[CompletionItem]:
    """What may stand where ``incomplete`` stands; nothing when there is no index or it cannot be read."""
    try:
        found = list(_found(ctx, names, incomplete))
    except (SlipwayError, sqlite3.Error, OSError, ValueError):
        return []
    return [CompletionItem(name, help=_shortened(told)) for name, told in found if _is_offered(name)]


def _found(ctx: click.Context, names: str, incomplete: str) -> Iterator[tuple[str, str]]:
    from index.storage.reading import SearchIndex
    from slipway.config import find_config, load_config
    from slipway.search.shelf_names import ShelfNames

    config = load_config(find_config(ctx.find_root().params.get("config"), cwd=Path.cwd()))
    with SearchIndex.open(config.cache, renew_seal=False) as index:
        if names == "ids":
            yield from _ids(index.connection, incomplete)
            return
        shelf = ShelfNames(lambda: index.connection, config)
        if names == "topics":
            yield from _beginning(shelf.topics.items(), incomplete)
        else:
            numbers = {"tags": shelf.tags, "sources": shelf.sources, "langs": shelf.langs}[names]
            told = sorted(((name, f"{number}") for name, number in numbers.items()), key=lambda one: one[0])
            yield from _beginning(told, incomplete)


def _ids(connection: sqlite3.Connection, incomplete: str) -> list[tuple[str, str]]:
    """Ids that begin with what is there; the newest when that is nothing; the only one that holds it."""
    if not incomplete:
        return connection.execute(_NEWEST, (_MOST,)).fetchall()
    if not incomplete.isascii():  # in either script
        found = list(_beginning(connection.execute(_EVERY).fetchall(), incomplete))
    else:
        found = connection.execute(_IDS, (incomplete, incomplete + _LAST, _MOST)).fetchall()
    return found or _alone(connection.execute(_PARTS, (incomplete, 2)).fetchall())


def _beginning(known: Iterable[tuple[str, str]], incomplete: str) -> Iterator[tuple[str, str]]:
    wanted = fold(incomplete)
    every = list(known)
    begun = [one for one in every if fold(one[0]).startswith(wanted)]
    yield from begun[:_MOST] or _alone([one for one in every if wanted in fold(one[0])])


def _alone(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    """The only one. Of several that only hold what was typed bash would write their common beginning over it."""
    return found if len(found) == 1 else []


def _is_offered(name: str) -> bool:
    return bool(name) and not name.startswith("-") and terminal(name) == name and not _ACTIVE.search(name)


def _shortened(told: str) -> str:
    line = terminal(told)
    return line if len(line) <= _HELP_LENGTH else line[: _HELP_LENGTH - 1] + "…"
