"""The doctor: every fault at once, each with its remedy, before any network."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from notes.errors import ConfigError, ParseError, SlipwayError

if TYPE_CHECKING:
    from slipway.app import App
    from slipway.cli.group import Session

__all__ = ["Finding", "examine"]

_SHOWN = 20  # complaints about the vault


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at. A fault that is ``fatal`` keeps the night from working."""

    what: str
    ok: bool
    told: str
    remedy: str = ""
    fatal: bool = True

    def document(self) -> dict[str, object]:
        """The finding for ``--json``."""
        return asdict(self)


def examine(session: Session) -> list[Finding]:
    """Look at everything; a broken configuration ends the examination with all its faults."""
    try:
        app = session.app()
    except ConfigError as error:
        faults = error.faults or (error.message,)
        return [Finding("configuration", ok=False, told=fault, remedy=error.hint) for fault in faults]
    with app:
        findings = [Finding("configuration", ok=True, told=str(app.config.path))]
        for what, look in _CHECKS.items():
            findings.extend(_try(what, look, app))
    return findings


def _try(what: str, look: Callable[[App], Iterator[Finding]], app: App) -> list[Finding]:
    try:
        return list(look(app))
    except SlipwayError as error:
        return [Finding(what, ok=False, told=error.message, remedy=error.hint)]
    except OSError as error:
        return [Finding(what, ok=False, told=str(error), remedy="check that the place exists and may be written to")]


def _sources(app: App) -> Iterator[Finding]:
    from slipway.sources.refused import refused_as_written

    if not app.config.sources:
        yield Finding(
            "sources", ok=False, told="none is configured", remedy="add [[sources]] to slipway.toml", fatal=False
        )
    missing = [one for one in app.config.sources if one.path is not None and not one.path.exists()]
    for one in missing:
        yield Finding("sources", ok=False, told=f"{one.key}: no file {one.path}", remedy="mend its path", fatal=False)
    keyless = [one for one in app.config.sources if one.api_key_env and not os.environ.get(one.api_key_env)]
    for one in keyless:
        told = f"{one.key}: the environment variable {one.api_key_env} is empty"
        yield Finding("sources", ok=False, told=told, remedy="set it where the night runs, also for cron", fatal=False)
    refused = refused_as_written(app.config.sources, app.config.fetch)
    for those in refused:
        yield Finding("sources", ok=False, told=those.told, remedy=those.remedy, fatal=False)
    if app.config.sources and not (missing or keyless or refused):
        yield Finding("sources", ok=True, told=f"{len(app.config.sources)} configured")


def _writer(app: App) -> Iterator[Finding]:
    """The language model that writes, without asking it."""
    settings = app.config.writer
    if not settings.endpoint:
        return
    from slipway.ghostwriter import key_trouble

    if trouble := key_trouble(settings):
        remedy = "set it where the night runs, also for cron"
        yield Finding(
            "writer", ok=False, told=f"{trouble}; the posts are written without it", remedy=remedy, fatal=False
        )
    else:
        place = settings.endpoint.partition("?")[0]
        yield Finding("writer", ok=True, told=f"{settings.model} at {place}, not asked now")


def _database(app: App) -> Iterator[Finding]:
    records = app.store.source_records()
    yield Finding("database", ok=True, told=app.store.describe())
    configured = {source.key for source in app.config.sources}
    ours = [record for key, record in records.items() if key in configured]
    for record in ours:
        if record.disabled:
            remedy = f"`slipway source remove {record.key}`, or `slipway source enable {record.key}`"
            told = f"{record.key} is not asked any more: {record.disabled}"
            yield Finding("fetch", ok=False, told=told, remedy=remedy, fatal=False)
    failing = [
        f"{one.key} ({one.failures} time{'s' * (one.failures != 1)}: {one.last_error})" for one in ours if one.failures
    ]
    if failing:
        yield Finding(
            "fetch", ok=False, told="failing: " + "; ".join(failing), remedy="`slipway source list`", fatal=False
        )


def _model(app: App) -> Iterator[Finding]:
    app.embedder.encode_query("a test of the model")
    yield Finding("model", ok=True, told=f"{app.embedder.name}, {app.embedder.dim} dimensions")


def _index(app: App) -> Iterator[Finding]:
    from slipway.search.index_health import examine_index

    return examine_index(app)


def _libraries(app: App) -> Iterator[Finding]:
    from slipway.bookshelf import read_libraries

    for path, library in read_libraries(app):
        if isinstance(library, ParseError):
            yield Finding("library", ok=False, told=library.message, remedy=library.hint, fatal=False)
            continue
        lost = (
            f"; {len(library.faults)} entries cannot be read, the first: {library.faults[0]}" if library.faults else ""
        )
        told = f"{path}: {len(library.references)} works{lost}"
        yield Finding("library", ok=not lost, told=told, remedy="mend them in the file" if lost else "", fatal=False)


def _vault(app: App) -> Iterator[Finding]:
    from notes.files.vault import PAGES
    from notes.markup.obsidian import check

    files = {stat.path: app.vault.read(stat.path) for stat in app.vault.files()}
    views = {path.name: path.read_bytes() for path in sorted(app.config.vault.glob("*.base"))}
    # The first night makes the pages that Home links to.
    complaints = check(dict.fromkeys(PAGES, b"") | views | files)
    for complaint in complaints[:_SHOWN]:
        yield Finding("vault", ok=False, told=complaint, remedy=_vault_remedy(complaint), fatal=False)
    if len(complaints) > _SHOWN:
        more = f"{len(complaints) - _SHOWN} more like these"
        yield Finding("vault", ok=False, told=more, remedy="mend these first, then ask again", fatal=False)
    if not complaints:
        yield Finding("vault", ok=True, told=f"{app.config.vault}: {len(files)} Markdown files")


def _vault_remedy(complaint: str) -> str:
    """What to do about what :func:`notes.markup.obsidian.check` tells of a file."""
    if not complaint.endswith("leads nowhere"):
        return "mend it in the file: Obsidian may show it badly"
    return "write the note that it names, or correct or remove the link; nothing else is amiss"


def _places(app: App) -> Iterator[Finding]:
    for what, place in (("vault", app.config.vault), ("site", app.config.site_dir), ("state", app.config.state)):
        if place.exists() and not place.is_dir():
            yield Finding(
                what, ok=False, told=f"{place} is a file, not a folder", remedy="move it away, or name another folder"
            )
            continue
        there = _nearest_folder(place)
        if not os.access(there, os.W_OK):
            yield Finding(what, ok=False, told=f"{place} cannot be written to", remedy=f"check the rights of {there}")


def _nearest_folder(place: Path) -> Path:
    return place if place.is_dir() else next(parent for parent in place.parents if parent.is_dir())


_CHECKS: dict[str, Callable[[App], Iterator[Finding]]] = {
    "places": _places,
    "sources": _sources,
    "writer": _writer,
    "database": _database,
    "model": _model,
    "index": _index,
    "libraries": _libraries,
    "vault": _vault,
}
