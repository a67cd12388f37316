"""``slipway source``: the configured sources, how they are, and what would come of a change."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

import click

from notes.errors import UsageError
from slipway.cli.group import NearestGroup, Session, pass_session
from slipway.cli.options import as_json
from slipway.cli.source_edit import COMMANDS, allow_option
from slipway.console import counted, emit, emit_json, local, style, table

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import tzinfo

    from ingest.workers.parser import Parses
    from slipway.app import App
    from slipway.settings.values import Config, SourceConfig
    from slipway.sources.trying import Trial
    from slipway.store.records import SourceRecord

__all__ = ["find_source", "print_trial", "require_sources", "source_command"]


@click.group("source", cls=NearestGroup)
def source_command() -> None:
    """The configured sources: their health, and new ones."""


@source_command.command("list")
@as_json
@pass_session
def list_command(session: Session, as_json: bool) -> None:
    """List the sources: last good fetch, next one, and what is wrong."""
    from slipway.sources.remembered import what_counts
    from slipway.sources.warned import LOOKED_AT, last_warnings

    with session.app() as app:
        records, settings = app.store.source_records(), app.config.fetch
        in_force = [what_counts(source, records.get(source.key), settings) for source in app.config.sources]
        warned = last_warnings(filter(None, in_force), app.store.runs(LOOKED_AT))
        rows = [
            _document(source, record) | {"warnings": list(warned.get(source.key, ()))}
            for source, record in zip(app.config.sources, in_force, strict=True)
        ]
        zone = app.config.zone
    if as_json:
        emit_json({"sources": rows})
    elif not rows:
        emit("no source is configured; `slipway source add URL` adds one")
    else:
        table(_row(row, zone) for row in rows)


@source_command.command("test")
@click.argument("name", metavar="KEY|URL")
@allow_option
@as_json
@pass_session
def test_command(session: Session, name: str, allow: tuple[str, ...], as_json: bool) -> None:
    """Show what would come in, and store nothing.

    KEY is a configured source; an URL may be any feed or page, or a folder on this machine.
    """
    from ingest.workers.parser import Parser
    from slipway.sources.trying import try_source

    with session.app() as app, Parser() as parser:
        is_known = not _is_address(app.config, name)
        source = find_source(app.config, name) if is_known else _source_of_url(app, parser, name, allow)
        trial = try_source(app, parser, source)
        zone = app.config.zone
    if as_json:
        emit_json({"key": source.key, "kind": source.kind} | trial.document())
        return
    table(
        (
            str(entry.published or "no date")[:10],
            entry.lang,
            entry.title + (f"  (kept out by {entry.kept_out})" if entry.kept_out else ""),
        )
        for entry in trial.entries
    )
    print_trial(trial)
    emit(f"next due {local(trial.next_due.isoformat(), zone)} ({trial.due_reason})")


@source_command.command("rules")
@click.argument("key")
@click.option("--include", multiple=True, metavar="RULE", help="Try it beside the configured rules (may be repeated).")
@click.option("--exclude", multiple=True, metavar="RULE", help="Try it beside the configured rules (may be repeated).")
@as_json
@pass_session
def rules_command(
    session: Session, key: str, include: tuple[str, ...], exclude: tuple[str, ...], as_json: bool
) -> None:
    """Try include and exclude rules on stored items.

    The configured rules of the source, with those given beside them; nothing is changed.
    """
    from slipway.sources.previewing import preview

    with session.app() as app:
        source = find_source(app.config, key)
        seen = preview(app, source, include, exclude)
    if as_json:
        emit_json(seen.document())
        return
    for told, slips in (("would be kept out", seen.put_out), ("would come back", seen.let_in)):
        for one in slips:
            emit(f"{told}: {_plain(one.title)}" + (f"  ({_plain(one.why)})" if one.why else ""))
    for one in seen.stay:
        emit(
            f"stays: {_plain(one.title)}  ({_plain(one.why)}; also carried by {', '.join(map(_plain, one.carried_by))})"
        )
    stay = f"; {len(seen.stay)} against the rules but in the inbox by another source" if seen.stay else ""
    emit(f"of {seen.total} items that wait or are kept out: {len(seen.put_out)} out, {len(seen.let_in)} back in{stay}")


def find_source(config: Config, key: str) -> SourceConfig:
    """The source of this key; raises UsageError that names the nearest."""
    require_sources(config, (key,))
    return next(source for source in config.sources if source.key == key)


def require_sources(config: Config, keys: Iterable[str]) -> None:
    """Raises UsageError that names every key which no source has, with the nearest that some have."""
    known = [source.key for source in config.sources]
    unknown = [key for key in dict.fromkeys(keys) if key not in known]
    if not unknown:
        return
    near = dict.fromkeys(nearest for key in unknown for nearest in difflib.get_close_matches(key, known, n=1))
    hint = f"did you mean {_either(near)}?" if near else "`slipway source list` shows the keys"
    raise UsageError(f"no source has the key {_either(unknown)}", hint=hint)


def _either(keys: Iterable[str]) -> str:
    return " or ".join(repr(key) for key in keys)


def print_trial(trial: Trial) -> None:
    """The last lines of ``test`` and the first of ``add``: the source as a whole."""
    empty = () if trial.entries else ("there is no entry in it",)
    for warning in (*trial.warnings, *empty):
        click.echo(f"{style('warning:', fg='yellow')} {_plain(warning)}", err=True)
    emit(f"{_plain(trial.title) or 'no title'} — {_plain(trial.url)}")
    if trial.moved_to:
        emit(f"it has moved for good to {_plain(trial.moved_to)}; that address should stand in slipway.toml")
    span = f", {trial.dates[0]:%Y-%m-%d} to {trial.dates[-1]:%Y-%m-%d}" if trial.dates else ", none with a date"
    kept_out = f", {trial.kept_out} kept out by rules" if trial.kept_out else ""
    count = counted(len(trial.entries), "item")
    emit(f"{count}{span if trial.entries else ''}{kept_out}; {', '.join(trial.langs) or 'no language'}")


def _plain(text: str) -> str:
    from notes.markup.terminal import terminal

    return terminal(text)


def _is_address(config: Config, name: str) -> bool:
    """Whether the user means an address: it has a scheme, or looks like a host, and is nobody's key."""
    is_key = any(source.key == name for source in config.sources)
    return not is_key and ("://" in name or "." in name or "/" in name or name.startswith("~"))


def _source_of_url(app: App, parser: Parses, url: str, allow: tuple[str, ...]) -> SourceConfig:
    from ingest.feeds.discovery import open_at
    from slipway.settings.values import SourceConfig
    from slipway.sources.adding import local_place
    from slipway.sources.trying import find_feeds

    if place := local_place(url):
        return SourceConfig("test", "file", path=place)
    feeds = find_feeds(app, parser, url, allow)
    for other in feeds[1:]:
        click.echo(f"also found: {_plain(other.url)}", err=True)
    found = feeds[0]
    if found.kind == "arxiv":
        return SourceConfig("test", "arxiv", query=found.query, categories=found.categories)
    return SourceConfig("test", "rss", url=found.url, allow=open_at(found.url, url, allow))


def _row(row: dict[str, Any], zone: tzinfo) -> tuple[str, ...]:
    due = f"due {local(row['next_due'], zone)} ({row['due_reason']})" if row["next_due"] else "due now"
    if row["disabled"]:
        due = "disabled"
    failed = f"{row['failures']}× failed: {row['last_error']}" if row["last_error"] else ""
    moved = f"moved to {row['adopted'] or row['moved_to']}" if row["adopted"] or row["moved_to"] else ""
    # One that failed was warned of that, too.
    warned = "" if failed or not row["warnings"] else f"warned of: {'; '.join(row['warnings'])}"
    told = [row["disabled"] or "", failed, moved, warned]
    return (
        row["key"],
        row["kind"],
        f"ok {local(row['last_ok'], zone)}" if row["last_ok"] else "never ok",
        due,
        "; ".join(filter(None, told)) or row["place"],
    )


def _document(source: SourceConfig, record: SourceRecord | None) -> dict[str, Any]:
    """A source as ``source list --json`` gives it."""
    return {
        "key": source.key,
        "kind": source.kind,
        "place": source.query or " ".join(source.categories) or source.url or str(source.path),
        "title": source.title,
        "tags": list(source.tags),
        "weight": source.weight,
        "failures": record.failures if record else 0,
        "last_error": (record and record.last_error) or None,
        "last_ok": _iso(record and record.last_ok),
        "last_tried": _iso(record and record.last_tried),
        "next_due": _iso(record and record.next_due),
        "due_reason": (record and record.due_reason) or None,
        "disabled": (record and record.disabled) or None,
        "moved_to": (record and record.moved_to) or None,
        "adopted": (record and record.adopted) or None,
    }


def _iso(moment: Any) -> str | None:
    return moment.isoformat() if moment else None


# The commands that change something live apart.
for _command in COMMANDS:
    source_command.add_command(_command)
