"""``slipway search``: by meaning and by words."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from notes.errors import UsageError
from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json, completed, limit_option
from slipway.console import counted, emit, emit_json, style

if TYPE_CHECKING:
    from index.retrieval.search import Reply
    from slipway.app import App
    from slipway.search.asking import Asking, Wish

__all__ = ["search_command"]

MODES = ("hybrid", "semantic", "lexical")
KINDS = ("note", "post", "item")

_WARNED_AT_MOST = 20  # different warnings over all lines of standard input


@click.command("search")
@click.argument("words", nargs=-1, metavar="QUERY")
@limit_option(10, "How many results.")
@click.option("--mode", type=click.Choice(MODES), default="hybrid", show_default=True, help="How to rank.")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="Only this kind (may be repeated).")
@click.option(
    "--tag",
    "tags",
    multiple=True,
    shell_complete=completed("tags"),
    help="Only with this tag or one below it; all of several.",
)
@click.option(
    "--source",
    "sources",
    multiple=True,
    shell_complete=completed("sources"),
    help="Only from this source, by name or key.",
)
@click.option("--topic", default="", shell_complete=completed("topics"), help="Only of this topic, by name or id.")
@click.option(
    "--lang",
    "langs",
    multiple=True,
    shell_complete=completed("langs"),
    help="Only in this language: en, zh, zh-Hant.",
)
@click.option(
    "--since", default="", metavar="DAY", help="From this day on: 2026-02-20, 2026-02, yesterday, 上週, 7d, 2w, 3m."
)
@click.option("--until", default="", metavar="DAY", help="Up to this day, in the same forms.")
@click.option(
    "--like", metavar="FILE", type=click.Path(), help="What is like this text file, note or item; - is standard input."
)
@click.option("--explain", is_flag=True, help="Show the rank in each half of the search, and why.")
@as_json
@click.option("--paths", is_flag=True, help="Only the paths of the files, one a line.")
@click.option("-0", "--null", "nul", is_flag=True, help="As --paths, with a NUL after each, for xargs -0.")
@click.option(
    "--open", "opened", type=click.IntRange(1, 10_000), metavar="N", help="Open the Nth result in your editor."
)
@click.option("-i", "--interactive", is_flag=True, help="Search as you type, with a preview.")
@click.option("--stdin", "from_stdin", is_flag=True, help="One query a line in, one JSON document a line out.")
@pass_session
def search_command(
    session: Session,
    /,
    words: tuple[str, ...],
    like: str | None,
    limit: int,
    *,
    from_stdin: bool,
    interactive: bool,
    **how: Any,
) -> None:
    """Search notes, posts and inbox by meaning and by words, in Chinese or English.

    A QUERY that begins with a dash stands behind --. Filters are taken by name in any case and script.
    """
    output = _Output(how)
    _check(words, like, from_stdin=from_stdin, interactive=interactive, output=output)
    filters: dict[str, Any] = {name: tuple(filter(None, how[name])) for name in ("kinds", "tags", "sources", "langs")}
    filters |= {name: how[name] for name in ("mode", "topic", "since", "until")}
    with session.app() as app:
        from slipway.search.asking import Wish

        # Who writes many queries at once is a program, which has no use for a hint.
        filters |= {"explain": how["explain"], "spelling": not (from_stdin or interactive)}
        wish = Wish(text=" ".join(words), limit=max(limit, output.opened), **filters)
        if interactive:
            _view(app, wish, paths=output.paths)
        elif from_stdin:
            _answer_lines(_asking(app), wish)
        else:
            _answer(app, wish, like, output)


class _Output:
    """In what form the answer is wanted."""

    def __init__(self, how: dict[str, Any]) -> None:
        self.json: bool = how["as_json"]
        self.nul: bool = how["nul"]
        self.paths: bool = how["paths"] or how["nul"]
        self.opened: int = how["opened"] or 0
        self.explain: bool = how["explain"]

    def named(self) -> list[str]:
        """The options that ask for a form of their own."""
        asked = {"--json": self.json, "--paths": self.paths, "--open": bool(self.opened)}
        return [name for name, is_asked in asked.items() if is_asked]


def _check(words: tuple[str, ...], like: str | None, *, from_stdin: bool, interactive: bool, output: _Output) -> None:
    """Raise click's UsageError for options that do not go together."""
    has_text = bool(" ".join(words).strip())
    if not (has_text or like or from_stdin or interactive):
        raise click.UsageError("Missing QUERY: what are you looking for?")
    asked = [*(["QUERY"] if has_text else []), *(["--like"] if like else []), *(["--stdin"] if from_stdin else [])]
    if len(asked) > 1:
        raise click.UsageError(f"{' and '.join(asked)}: only one of them says what to look for.")
    forms = [*output.named(), *(["-i"] if interactive else []), *(["--stdin"] if from_stdin else [])]
    if len(forms) > 1 and forms not in (["--json", "--stdin"], ["--paths", "-i"]):
        raise click.UsageError(f"{' and '.join(forms)} do not go together.")
    if interactive and like:
        raise click.UsageError("--like and -i do not go together.")


def _asking(app: App) -> Asking:
    from slipway.search.asking import Asking
    from slipway.search.shelf_names import ShelfNames

    searcher = app.searcher
    return Asking(searcher, ShelfNames(lambda: searcher.index.connection, app.config), app.clock.today())


def _answer(app: App, wish: Wish, like: str | None, output: _Output) -> None:
    asking = _asking(app)
    if like:
        from slipway.search.likeness import document_like

        wish = replace(wish, like=document_like(app, like, app.searcher.index.connection))
    reply = asking(wish)
    if like:
        reply = replace(reply, query=reply.query or like)
    _warn(reply.warnings)
    if output.json:
        from slipway.search.replies import reply_document

        emit_json(reply_document(reply))
    elif output.paths:
        _print_paths(app, reply, nul=output.nul)
    elif output.opened:
        _open(app, reply, output.opened)
    else:
        from slipway.cli.hits import print_reply

        print_reply(reply, explain=output.explain)


def _view(app: App, wish: Wish, *, paths: bool) -> NoReturn:
    from slipway.view.run import run_view

    raise click.exceptions.Exit(run_view(app, _asking(app).query(wish), paths=paths))


def _answer_lines(asking: Asking, wish: Wish) -> None:
    from slipway.cli.query_lines import answer_lines
    from slipway.console import json_text
    from slipway.search.likeness import standard_input

    warned: set[str] = set()
    lines = failed = 0
    for answered in answer_lines(standard_input(), asking, wish):
        emit(json_text(answered.document, indent=None))
        lines, failed = lines + 1, failed + (not answered.ok)
        fresh = [one for one in answered.warnings if one not in warned]
        if len(warned) < _WARNED_AT_MOST:
            _warn(fresh)
            warned.update(fresh)
    if failed:
        told = f"{failed:,} of {counted(lines, 'line')} could not be answered; what stands there holds the reason"
        click.echo(f"{style('error:', sys.stderr, fg='red')} {told}", err=True)
        raise click.exceptions.Exit(1)


def _warn(warnings: Iterable[str]) -> None:
    from notes.markup.terminal import terminal

    for warning in dict.fromkeys(warnings):
        click.echo(f"{style('note:', sys.stderr, fg='yellow')} {terminal(warning)}", err=True)


def _print_paths(app: App, reply: Reply, *, nul: bool) -> None:
    from notes.markup.terminal import terminal
    from slipway.search.replies import places

    hits = reply.without_guesses
    found = places(hits, app.config.vault, Path.cwd(), one_a_line=not nul)
    on_terminal = sys.stdout.isatty()
    for path in found.paths:
        # A program wants the path as it is; a terminal must not obey what somebody called a file.
        # click would take escapes out of what goes into a pipe, and the name would be another.
        click.echo(f"{path}\0" if nul else terminal(path) if on_terminal else path, nl=not nul, color=True)
    if guessed := len(reply.results) - len(hits):
        _warn([f"{counted(guessed, 'result')} left out in which no word of the query stands"])
    if found.fileless:
        _warn([f"{counted(found.fileless, 'result')} left out that wait in the inbox and have no file"])
    if found.broken:
        _warn([f"{_named(found.broken)} left out: a line end is in the name; `-0` gives it"])
    if found.gone:
        _warn([f"{_named(found.gone)} left out: gone since the index was made; `slipway index` reads the vault"])


def _named(paths: Sequence[str]) -> str:
    """One path, or the first of several and how many more there are."""
    return paths[0] if len(paths) == 1 else f"{paths[0]} and {len(paths) - 1:,} more"


def _open(app: App, reply: Reply, number: int) -> None:
    from slipway.cli.show import open_in_editor

    if number > len(reply.results):
        raise UsageError(f"there is no result {number}", hint=f"{counted(len(reply.results), 'result')} found")
    hit = reply.results[number - 1]
    if not hit.path:
        raise UsageError(f"result {number} is no note yet", hint=f"it is at {hit.url}; or `slipway show {hit.id}`")
    open_in_editor(app.config.vault / hit.path)
