"""The parts of ``slipway source`` that change slipway.toml or what is remembered of a source."""

from __future__ import annotations

import difflib
import sys
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

import click

from notes.errors import ConfigError, ParseError, UsageError
from slipway.cli.group import Session, pass_session
from slipway.console import counted, emit, table

if TYPE_CHECKING:
    from ingest.feeds.places import FoundFeed

__all__ = ["COMMANDS", "allow_option"]

MAX_FILE = 10_000_001


def _ranges(ctx: click.Context, param: click.Parameter, value: tuple[str, ...]) -> tuple[str, ...]:
    """Address ranges as slipway.toml takes them, none twice; a mistyped one must not be a refusal later."""
    from ingest.web.guard import ALLOWANCES, allowance

    unknown = [one for one in value if one not in ALLOWANCES]
    try:
        allowance(value)
    except ConfigError as error:
        more = "; for several, repeat --allow" if any("," in one for one in value) else ""
        near = [word for one in unknown for word in difflib.get_close_matches(one, ALLOWANCES, n=1)]
        meant = f"did you mean {near[0]!r}? " if near and not more else ""
        raise UsageError(f"--{error.message}", hint=f"{meant}{error.hint}{more}") from error
    return tuple(dict.fromkeys(value))


class _Number(click.FloatRange):
    """A number in a range; what is none is told what would be one."""

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number; what is none, or is out of the range, fails."""
        try:
            return float(super().convert(float(value), param, ctx))
        except ValueError:
            self.fail(f"{value!r} is no number; write one from {self.min} to {self.max}, such as 6 or 0.5", param, ctx)


allow_option = click.option(
    "--allow",
    multiple=True,
    metavar="RANGE",
    callback=_ranges,
    help="Address range that it may be on, such as loopback (may be repeated).",
)


@click.command("add")
@click.argument("url")
@click.option("--key", default="", help="Its name in the database (default: from the title).")
@click.option("--title", default="", help="Instead of what the feed calls itself.")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag for its items (may be repeated).")
@click.option("--weight", type=_Number(0, 10), help="Scales the score of its items.")
@click.option("--lang", default="", metavar="LANG", help="Its language, such as en or zh-Hans.")
@click.option("--full-text", is_flag=True, help="Fetch the linked articles.")
@click.option("--include", multiple=True, metavar="RULE", help="Only items that match one of these (may be repeated).")
@click.option("--exclude", multiple=True, metavar="RULE", help="No items that match one of these (may be repeated).")
@click.option("--interval", "interval_hours", type=_Number(0, 744), metavar="HOURS", help="Between fetches.")
@allow_option
@click.option("--yes", is_flag=True, help="Take the first when several feeds are found.")
@click.option("--choose", type=click.IntRange(1), metavar="N", help="Take the Nth when several feeds are found.")
@pass_session
def add_command(session: Session, /, url: str, key: str, yes: bool, choose: int | None, **values: Any) -> None:
    """Find the feed of an address or a page, and add it.

    It is fetched once, to show what would come in; then its table goes into slipway.toml, and all else there stays. URL
    may also be a document or a folder on this machine.
    """
    from ingest.feeds.discovery import open_at
    from ingest.workers.parser import Parser
    from slipway.cli.source import print_trial
    from slipway.sources.adding import add_source, known_as, local_feed, require_key
    from slipway.sources.trying import find_feeds

    require_key(key)
    with session.app() as app, Parser() as parser:
        own = local_feed(url)
        found = own or _chosen(find_feeds(app, parser, url, values["allow"]), choose, takes_first=yes)
        if known := known_as(found, app.config.sources):
            emit(f"{_plain(found.url)} is a source already: {known!r}")
            return
        # What was opened for the page is not opened for wherever the page points to.
        opened = () if own else open_at(found.url, url, values["allow"])
        added = add_source(app, parser, found, key, values | {"allow": opened})
        print_trial(added.trial)
        emit(f"added to {app.config.path} as {added.key!r}; it is asked at the next run")


@click.command("remove")
@click.argument("keys", nargs=-1, required=True, metavar="KEY...")
@pass_session
def remove_command(session: Session, keys: tuple[str, ...]) -> None:
    """Take sources out of slipway.toml; their items stay."""
    from slipway.cli.source import require_sources
    from slipway.night import run_lock
    from slipway.settings.file import editing

    with session.app() as app:
        require_sources(app.config, keys)
        with run_lock(app):
            for key in dict.fromkeys(keys):
                with editing(app.config.path, app.config.state) as file:
                    file.replace(file.without_source(key))
                app.store.forget_source(key)
                emit(f"{key!r} is no source any more; its items and notes stay")


@click.command("enable")
@click.argument("keys", nargs=-1, metavar="KEY...")
@click.option("--all", "is_all", is_flag=True, help="Every source that was given up or fails.")
@pass_session
def enable_command(session: Session, keys: tuple[str, ...], is_all: bool) -> None:
    """Ask sources again that were given up or wait."""
    from slipway.cli.source import require_sources
    from slipway.night import run_lock

    if bool(keys) == is_all:
        raise UsageError("which source?", hint="give its key, or --all for every one that was given up or fails")
    with session.app() as app:
        require_sources(app.config, keys)
        with run_lock(app):
            if is_all:
                records = app.store.source_records().values()
                ours = {source.key for source in app.config.sources}
                keys = tuple(one.key for one in records if one.key in ours and (one.disabled or one.failures))
            known = {key: app.store.enable_source(key) for key in keys}
    for key, was_known in known.items():
        emit(f"{key!r} is asked at the next run" + ("" if was_known else "; it never was asked before"))
    if not known:
        emit("no source was given up or fails")


@click.command("import")
@click.argument("file", type=click.File("rb"), metavar="FILE.opml")
@click.option("--tag", "tags", multiple=True, metavar="TAG", help="A tag for all of them (may be repeated).")
@allow_option
@click.option("--dry-run", is_flag=True, help="Show what would be added, and add nothing.")
@pass_session
def import_command(
    session: Session, file: IO[bytes], tags: tuple[str, ...], allow: tuple[str, ...], dry_run: bool
) -> None:
    """Add the feeds of an OPML list.

    Folders become tags; feeds that are sources already are skipped and counted. What --allow opens is opened for those
    whose address is on your own network, such as a bridge's.
    """
    from ingest.feeds.opml import read_opml
    from notes.text.few import first_few
    from slipway.settings.file import editing
    from slipway.sources.adding import merge, sources_of
    from slipway.sources.refused import refused_as_written

    try:
        opml = read_opml(file.read(MAX_FILE))
    except ParseError as error:
        raise UsageError(f"{file.name}: {error.message}", hint=error.hint) from error
    for warning in opml.warnings:
        click.echo(f"warning: {_plain(warning)}", err=True)
    with session.app() as app, editing(app.config.path, app.config.state) as config_file:
        tables, known = merge(opml.outlines, config_file.config().sources, tags, allow)
        if tables and not dry_run:
            config_file.replace(config_file.with_sources(tables))
        refused = refused_as_written(sources_of(tables), app.config.fetch)
    table((str(one["key"]), " ".join(_texts(one.get("tags"))), str(one.get("url") or "arxiv")) for one in tables)
    for those in refused:
        click.echo(f"warning: {those.told}\n  remedy: {those.remedy}", err=True)
    if allow and not dry_run:
        emit(f"opened to {' '.join(allow)}: {sum('allow' in one for one in tables)}, those on your own network")
    named = f" ({_plain(first_few(known))})" if known else ""
    done = "would be added" if dry_run else "added"
    emit(f"{done}: {len(tables)}; known already or twice in the list: {len(known)}{named}")


@click.command("export")
@click.argument("file", required=False, type=click.Path(dir_okay=False, path_type=Path), metavar="[FILE]")
@pass_session
def export_command(session: Session, file: Path | None) -> None:
    """Write the feeds as an OPML list.

    To FILE, or to standard output; the first tag of a source becomes its folder, or folders.
    """
    from ingest.feeds.opml import write_opml
    from slipway.sources.adding import left_behind, outlines_of

    with session.app() as app:
        sources = app.config.sources
        outlines = outlines_of(sources, app.store.source_titles())
        document = write_opml(f"{app.config.site.title}: sources", outlines)
    if file is None:
        click.echo(document.encode(), nl=False)
    else:
        _write(file, document)
        emit(f"{counted(len(outlines), 'feed')} in {file}")
    for told in left_behind(sources, len(outlines)):
        click.echo(told, err=True)


COMMANDS = (add_command, remove_command, enable_command, import_command, export_command)


def _chosen(feeds: tuple[FoundFeed, ...], choose: int | None, *, takes_first: bool) -> FoundFeed:
    """The feed that the user means: the one there is, the one chosen, or the answer to a question on a terminal.

    One that is taken unasked, or as the first, is told with what else there is.
    """
    from slipway.sources.adding import main_feeds

    candidates = main_feeds(feeds)
    if takes_first or (len(candidates) == 1 and choose is None):
        taken = feeds[0] if takes_first else candidates[0]
        for number, feed in enumerate(feeds, start=1):
            if feed is not taken:
                told = f"{_plain(feed.title) or 'no title'} — {_plain(feed.url)}"
                click.echo(f"also found (--choose {number}): {told}", err=True)
        return taken
    if choose is None:
        for number, feed in enumerate(feeds, start=1):
            click.echo(f"{number:>2}. {_plain(feed.title) or 'no title'} — {_plain(feed.url)}", err=True)
        if not sys.stdin.isatty():
            raise UsageError(f"{len(feeds)} feeds were found", hint="take one with --choose N, or the first with --yes")
        choose = click.prompt("Which one", type=click.IntRange(1, len(feeds)), default=1, err=True)
    if choose > len(feeds):
        raise UsageError(f"only {len(feeds)} feeds were found", hint=f"--choose takes 1 to {len(feeds)}")
    return feeds[choose - 1]


def _plain(text: str) -> str:
    from notes.markup.terminal import terminal

    return terminal(text)


def _texts(value: Any) -> tuple[str, ...]:
    return tuple(value or ())


def _write(file: Path, text: str) -> None:
    """A new file, whole: one that is there may be the user's only list."""
    from notes.files.vault import create_file

    try:
        create_file(file, text.encode())
    except FileExistsError:
        raise UsageError(
            f"{file} is there already", hint="choose another name, or write `slipway source export > FILE`"
        ) from None
    except OSError as error:
        raise UsageError(f"{file} cannot be written: {error.strerror}", hint="choose another place") from error
