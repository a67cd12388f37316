"""``slipway.toml``: its values as dataclasses, found from the working folder upwards.

Every fault is collected before anything is raised, so that ``slipway doctor`` can show all of them at once.
Paths are relative to the file that names them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from pathlib import Path

from notes.errors import ConfigError
from slipway.settings.reader import Reader
from slipway.settings.sources import MAX_INTERVAL_HOURS, read_allow, read_proxy, read_sources
from slipway.settings.values import (
    LANGUAGES,
    Config,
    FetchSettings,
    Interest,
    ModelChoice,
    Precision,
    PromoteSettings,
    SiteConfig,
    SourceConfig,
    TagSettings,
    WriterSettings,
    WriteSettings,
)
from slipway.settings.writer import read_writer

__all__ = [
    "CONFIG_NAME",
    "LANGUAGES",
    "Config",
    "FetchSettings",
    "Interest",
    "ModelChoice",
    "PromoteSettings",
    "SiteConfig",
    "SourceConfig",
    "TagSettings",
    "WriteSettings",
    "WriterSettings",
    "find_config",
    "load_config",
    "parse_config",
]

CONFIG_NAME = "slipway.toml"


def find_config(named: str | None, *, cwd: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The configuration file: ``--config``, else ``SLIPWAY_CONFIG``, else the nearest upwards from ``cwd``.

    Raises ConfigError when there is none.
    """
    for given in (named, environ.get("SLIPWAY_CONFIG")):
        if given:
            path = _existing(given)
            if path is None:
                raise ConfigError(f"{given}: no such configuration file", hint="make one with `slipway init DIR`")
            if path.is_dir():
                raise ConfigError(f"{given} is a folder", hint=f"name the file in it: {Path(given) / CONFIG_NAME}")
            return path
    for folder in (cwd, *cwd.parents):
        if (folder / CONFIG_NAME).is_file():
            return folder / CONFIG_NAME
    raise ConfigError(
        f"no {CONFIG_NAME} in {cwd} or any folder above it",
        hint="make one with `slipway init DIR`, or name one with --config",
    )


def _existing(given: str) -> Path | None:
    try:
        path = Path(given).expanduser()
        return path.resolve() if path.is_file() or path.is_dir() else None
    except (OSError, RuntimeError, ValueError):  # no such user, a name that cannot be
        return None


def load_config(path: Path) -> Config:
    """Read and check the file; raises ConfigError that names every fault."""
    try:
        raw = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from error
    except ValueError as error:  # TOMLDecodeError, or a number of thousands of digits
        raise ConfigError(f"{path}: not valid TOML: {error}", hint="mend the line it names") from error
    except RecursionError as error:
        raise ConfigError(f"{path}: nested too deeply", hint="no setting nests more than three levels") from error
    return parse_config(raw, path)


def parse_config(raw: Mapping[str, object], path: Path) -> Config:
    """The configuration in ``raw``; raises ConfigError with ``faults`` when anything is wrong."""
    reader = Reader(raw, path.parent)
    config = _config(reader, path)
    _keep_apart(reader, config)
    reader.finish()
    if reader.faults:
        lines = "\n  ".join(reader.faults)
        raise ConfigError(f"{path}: {len(reader.faults)} fault(s)\n  {lines}", faults=tuple(reader.faults))
    return config


def _keep_apart(top: Reader, config: Config) -> None:
    """The site is made anew over and over; the vault is the user's. The state may lie in either."""
    vault, site = config.vault, config.site_dir
    if vault.is_relative_to(site) or site.is_relative_to(vault):
        top.fault(f"site_dir: {site} and the vault {vault} must lie side by side, neither in the other")


def _config(top: Reader, path: Path) -> Config:
    state = top.path("state", ".slipway")
    return Config(
        path=path,
        vault=top.path("vault", "vault"),
        site_dir=top.path("site_dir", "site"),
        state=state,
        database=top.database("database", f"sqlite:///{state / 'slipway.db'}"),
        zone=top.zone("timezone", "UTC"),
        night=top.time_of_day("night", "03:00"),
        model=_model(top.table("model")),
        fetch=_fetch(top.table("fetch")),
        promote=_promote(top.table("promote")),
        tags=_tags(top.table("tags")),
        write=_write(top.table("write"), top.choice("language", "en", LANGUAGES)),
        writer=read_writer(top.table("writer")),
        site=_site(top.table("site")),
        interests=tuple(_interest(table) for table in top.tables("interests")),
        sources=read_sources(top),
    )


def _model(table: Reader) -> ModelChoice:
    plain = ModelChoice()
    return ModelChoice(
        name=table.filled("name", plain.name),
        query_prefix=table.text("query_prefix", ""),
        passage_prefix=table.text("passage_prefix", ""),
        languages=table.texts("languages", plain.languages),
        precision=_precision(table, plain.precision),
        reembed_minutes=table.whole("reembed_minutes", plain.reembed_minutes, low=0, high=1440),
        reranker=table.text("reranker", plain.reranker).strip(),
    )


def _precision(table: Reader, default: Precision) -> Precision:
    return "full" if table.choice("precision", default, ("auto", "full")) == "full" else "auto"


def _fetch(table: Reader) -> FetchSettings:
    plain = FetchSettings()
    return FetchSettings(
        timeout=table.number("timeout", plain.timeout, low=0.1, high=600),
        total=table.number("total", plain.total, low=0.1, high=3600),
        max_bytes=table.whole("max_bytes", plain.max_bytes, low=1000, high=1_000_000_000),
        retries=table.whole("retries", plain.retries, low=0, high=10),
        workers=table.whole("workers", plain.workers, low=1, high=64),
        contact=table.text("contact", plain.contact),
        interval_hours=table.number("interval_hours", plain.interval_hours, low=0, high=MAX_INTERVAL_HOURS),
        proxy=read_proxy(table),
        allow=read_allow(table),
    )


def _promote(table: Reader) -> PromoteSettings:
    plain = PromoteSettings()
    return PromoteSettings(
        threshold=table.number("threshold", plain.threshold, low=0, high=1),
        closeness=table.number("closeness", plain.closeness, low=0, high=1),
        budget=table.whole("budget", plain.budget, low=0, high=10_000),
        per_feed=table.whole("per_feed", plain.per_feed, low=0, high=10_000),
        per_topic=table.whole("per_topic", plain.per_topic, low=0, high=10_000),
        explore=table.number("explore", plain.explore, low=0, high=0.5),
        library=table.paths("library"),
        expire_days=table.whole("expire_days", plain.expire_days, low=1, high=3650),
        max_age_days=table.whole("max_age_days", plain.max_age_days, low=1, high=36_500),
        links_per_note=table.whole("links_per_note", plain.links_per_note, low=0, high=50),
    )


def _tags(table: Reader) -> TagSettings:
    synonyms = table.words("synonyms")
    if synonyms:
        from notes.markup.obsidian import is_tag
    for word, tag in synonyms.items():
        if not is_tag(tag):
            table.fault(
                f"{table.name}.synonyms.{word}: {tag!r} is no tag of Obsidian's; letters, digits, - _ and / only"
            )
    return TagSettings(synonyms)


def _write(table: Reader, language: str) -> WriteSettings:
    plain = WriteSettings()
    return WriteSettings(
        language=language,
        post_language=table.choice("post_language", language, LANGUAGES),
        synthesis_language=table.choice("synthesis_language", language, LANGUAGES),
        stories=table.whole("stories", plain.stories, low=1, high=50),
        audience=table.text("audience", plain.audience),
        synthesis_days=table.whole("synthesis_days", plain.synthesis_days, low=7, high=366),
        weekly=table.flag("weekly", default=plain.weekly),
        monthly=table.flag("monthly", default=plain.monthly),
    )


def _site(table: Reader) -> SiteConfig:
    plain = SiteConfig()
    return SiteConfig(
        title=table.text("title", plain.title),
        url=table.web_address("url", plain.url),
        author=table.text("author", plain.author),
        description=table.text("description", plain.description),
    )


def _interest(table: Reader) -> Interest:
    return Interest(name=table.required("name"), text=table.text("text", ""))
