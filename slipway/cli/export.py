"""``slipway export``: notes as a bibliography or as JSON."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from notes.errors import UsageError
from slipway.cli.group import Session, pass_session
from slipway.cli.options import completed, limit_option
from slipway.console import counted, emit, json_text

if TYPE_CHECKING:
    from slipway.exporting import Form

__all__ = ["export_command"]


@click.command("export")
@click.argument("names", nargs=-1, metavar="[ID]...", shell_complete=completed("ids"))
@click.option("--bibtex", "bibtex", is_flag=True, help="BibTeX, which biblatex reads as well.")
@click.option("--csl", "csl", is_flag=True, help="CSL-JSON, for Zotero and Pandoc.")
@click.option("--json", "json", is_flag=True, help="What the notes' frontmatter says, as one JSON document.")
@click.option("--query", default="", metavar="Q", help="The notes that a search finds.")
@limit_option(20, "At most so many notes of a query.")
@click.option("--tag", default="", shell_complete=completed("tags"), help="The notes with this tag or a tag below it.")
@click.option(
    "--topic", default="", shell_complete=completed("topics"), help="The notes of a topic, by its name or id."
)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE", help="Into this file.")
@click.option("--force", is_flag=True, help="Replace the file if it is there.")
@pass_session
def export_command(
    session: Session,
    /,
    names: tuple[str, ...],
    output: Path | None,
    *,
    bibtex: bool,
    csl: bool,
    json: bool,
    force: bool,
    **which: Any,
) -> None:
    """Write notes as a bibliography, or as JSON.

    Those of a query, a tag or a topic, or those named; else all. The citation keys stay the same from export to export. A
    note that names neither author nor source nor address is left out of a bibliography unless you ask for it by name.
    """
    from slipway.exporting import Choice, export, write_export

    form = _form(bibtex=bibtex, csl=csl, json=json)
    if sum(map(bool, (names, which["query"], which["tag"], which["topic"]))) > 1:
        raise UsageError("which notes?", hint="give ids, --query, --tag or --topic: one of them")
    with session.app() as app:
        made = export(app, form, Choice(names=names, **which))
        text = made.text if form == "bibtex" else json_text(made.document) + "\n"
        if output is None:
            click.echo(text, nl=False)
        else:
            is_new = write_export(app, output, text, force=force)
            emit(f"{counted(made.count, 'note')} in {output}" + ("" if is_new else ", which says so already"))
    if made.left_out:
        click.echo(f"{counted(made.left_out, 'note')} without author, source and address left out", err=True)


def _form(**asked: bool) -> Form:
    """The one form that is asked for."""
    forms: dict[str, Form] = {"bibtex": "bibtex", "csl": "csl", "json": "json"}
    found = [name for name, is_asked in asked.items() if is_asked]
    if len(found) > 1:
        told = " and ".join(f"--{name}" for name in found)
        raise UsageError(f"{told}: one form at a time", hint="run it once for each, with another -o")
    if not found:
        raise UsageError("in which form?", hint="--bibtex, --csl or --json")
    return forms[found[0]]
