"""``slipway source``: the configured sources and how they are."""

from __future__ import annotations

import difflib

import click

from notes.errors import UsageError
from slipway.cli.group import Session, pass_session
from slipway.cli.options import as_json
from slipway.config import Config, SourceConfig
from slipway.console import emit, emit_json, table

__all__ = ["source_command"]


@click.group("source")
def source_command() -> None:
    """The configured sources and their health."""


@source_command.command("list")
@as_json
@pass_session
def list_command(session: Session, as_json: bool) -> None:
    """List the sources with their last good fetch and their last error."""
    with session.app() as app:
        records = app.store.source_records()
        rows = [_document(source, records.get(source.key)) for source in app.config.sources]
    if as_json:
        emit_json({"sources": rows})
    elif not rows:
        emit("no source is configured; add [[sources]] to slipway.toml")
    else:
        table(
            (
                str(row["key"]),
                str(row["kind"]),
                str(row["last_ok"] or "never")[:16],
                str(row["last_error"] or row["place"]),
            )
            for row in rows
        )


@source_command.command("test")
@click.argument("key")
@pass_session
def test_command(session: Session, key: str) -> None:
    """Fetch one source and show what would come in, without storing it."""
    from ingest.fetch import fetch_all
    from slipway.stages.fetch import limits_of, spec_of

    with session.app() as app:
        source = _find(app.config, key)
        outcome = next(iter(fetch_all([spec_of(source, app.config.fetch)], {}, limits=limits_of(app.config.fetch), now=app.clock.now())))
    if outcome.fetched is None:
        assert outcome.error is not None
        raise outcome.error
    for warning in outcome.fetched.warnings:
        click.echo(f"warning: {warning}", err=True)
    table((str(item.published or "no date")[:10], item.lang, item.title) for item in outcome.fetched.items)
    emit(f"{len(outcome.fetched.items)} items")


def _find(config: Config, key: str) -> SourceConfig:
    for source in config.sources:
        if source.key == key:
            return source
    near = difflib.get_close_matches(key, [source.key for source in config.sources], n=1)
    hint = f"did you mean {near[0]!r}?" if near else "`slipway source list` shows the keys"
    raise UsageError(f"no source has the key {key!r}", hint=hint)


def _document(source: SourceConfig, record: object) -> dict[str, object]:
    return {
        "key": source.key,
        "kind": source.kind,
        "place": source.url or source.query or str(source.path),
        "title": source.title,
        "tags": list(source.tags),
        "weight": source.weight,
        "failures": getattr(record, "failures", 0),
        "last_error": getattr(record, "last_error", "") or None,
        "last_ok": _iso(getattr(record, "last_ok", None)),
    }


def _iso(moment: object) -> str | None:
    return moment.isoformat() if hasattr(moment, "isoformat") else None
