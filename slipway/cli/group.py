"""The group of all commands: each is imported when it is called, and a mistyped one is answered with the nearest."""

from __future__ import annotations

import importlib
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

import click

from slipway import __version__

if TYPE_CHECKING:
    from slipway.app import App
    from slipway.warm.keeping import Kept

__all__ = ["NearestGroup", "Session", "pass_session", "slipway"]

# Where each command lives and what it does in a line, so that --help need not import any of them.
COMMANDS = {
    "init": ("slipway.cli.setup", "Make a vault and a slipway.toml with a good set of feeds."),
    "run": ("slipway.cli.night", "The night: fetch, promote, write, index, publish."),
    "fetch": ("slipway.cli.night", "Fetch all sources into the inbox."),
    "backfill": ("slipway.cli.backfill", "Fetch past weeks of an arXiv source."),
    "promote": ("slipway.cli.night", "Turn the slips that connect into notes, and link them."),
    "write": ("slipway.cli.write", "Write the day's post and the syntheses, or one of a topic or query."),
    "index": ("slipway.cli.night", "Read the vault and refresh the search index."),
    "publish": ("slipway.cli.night", "Build the static site."),
    "search": ("slipway.cli.search", "Search notes, posts and inbox by meaning and by words."),
    "related": ("slipway.cli.show", "Notes that belong with a note or an item, and why."),
    "show": ("slipway.cli.show", "Print a note, post or slip."),
    "open": ("slipway.cli.show", "Open a note in your editor or in Obsidian."),
    "inbox": ("slipway.cli.inbox", "What waits: list, promote, dismiss, undo, history."),
    "suggest": ("slipway.cli.suggest", "Links for notes that are yours, which Slipway does not write."),
    "export": ("slipway.cli.export", "Notes as BibTeX, CSL-JSON or JSON: of a query, a tag, a topic."),
    "explain": ("slipway.cli.explain", "Where a note comes from; what each sentence of a post rests on."),
    "trends": ("slipway.cli.trends", "What rises and what falls: topics and phrases."),
    "source": ("slipway.cli.source", "The configured sources and their health."),
    "runs": ("slipway.cli.ledger", "The ledger of past runs."),
    "doctor": ("slipway.cli.setup", "Check configuration, model, database and vault."),
    "mcp": ("slipway.cli.assistant", "Serve the vault to an assistant (Model Context Protocol), read-only."),
    "serve": ("slipway.cli.schedule", "Run every night from a scheduler, and answer searches fast."),
    "cron": ("slipway.cli.schedule", "Print a crontab line and a systemd timer."),
    "completion": ("slipway.cli.completion", "Print the script that lets bash, zsh or fish complete."),
}


class Session:
    """The options that stand before the command."""

    def __init__(self, config: str | None, day: date | None, kept: Kept | None = None, *, quiet: bool) -> None:
        self.config = config
        self.day = day
        self.quiet = quiet
        self._kept = kept

    def app(self, day: date | None = None) -> App:
        """The application over the configuration that was found; ``day`` sets today."""
        from notes.clock import FixedClock, SystemClock
        from slipway.app import App
        from slipway.config import find_config, load_config
        from slipway.console import Console

        path = find_config(self.config, cwd=Path.cwd())
        config = self._kept.config(path) if self._kept else load_config(path)
        today = day or self.day
        clock = FixedClock(today, config.zone) if today else SystemClock(config.zone)
        make = self._kept.app if self._kept else App
        return make(config, clock, Console(quiet=self.quiet))


pass_session = click.make_pass_decorator(Session)


class NearestGroup(click.Group):
    """A group that answers a mistyped command with the nearest it has."""

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Answer an unknown name with the nearest known one."""
        known = self.list_commands(ctx)
        if args and args[0] not in known and not args[0].startswith("-"):
            # Imported for a mistake only, like all that a right command line can do without.
            from difflib import get_close_matches

            near = get_close_matches(args[0], known, n=1)
            hint = f" Did you mean {near[0]!r}?" if near else f" `{ctx.command_path} --help` lists them."
            raise click.UsageError(f"No such command {args[0]!r}.{hint}", ctx)
        return super().resolve_command(ctx, args)


class LazyGroup(NearestGroup):
    """A group that imports a command only to run it or to show its own help."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of a night's use."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Import the command's module."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(COMMANDS[cmd_name][0])
        command = getattr(module, f"{cmd_name}_command")
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list of commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, line) for name, (_, line) in COMMANDS.items()])


# Beyond them, days before and after the one that is given are no dates any more.
_FIRST_YEAR, _LAST_YEAR = 1970, 9000


def parse_day(ctx: click.Context, param: click.Parameter, value: str | None) -> date | None:
    """A day as YYYY-MM-DD."""
    if value is None:
        return None
    try:
        day = date.fromisoformat(value)
    except ValueError:
        raise click.BadParameter(f"{value!r} is no date; write YYYY-MM-DD") from None
    if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
        raise click.BadParameter(f"{value!r} is none of the years {_FIRST_YEAR} to {_LAST_YEAR}")
    return day


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--config", metavar="FILE", help="The slipway.toml to use (default: searched upwards).")
@click.option("--date", "day", callback=parse_day, metavar="DAY", help="Take DAY (YYYY-MM-DD) for today.")
@click.option("-q", "--quiet", is_flag=True, help="No progress bars.")
@click.version_option(__version__, message="%(prog)s %(version)s")
@click.pass_context
def slipway(ctx: click.Context, config: str | None, day: date | None, quiet: bool) -> None:
    """Feeds and arXiv in; linked Markdown notes, a daily post, a trend synthesis and a site out."""
    ctx.obj = Session(config, day, ctx.obj, quiet=quiet)
