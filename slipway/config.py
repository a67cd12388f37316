"""``slipway.toml``: its values as dataclasses, found from the working folder upwards.

Every fault is collected before anything is raised, so that ``slipway doctor`` can show all of them at once.
Paths are relative to the file that names them.
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias, cast
from zoneinfo import ZoneInfo

from notes.errors import ConfigError
from slipway.settings_reader import Reader

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
    "WriteSettings",
    "find_config",
    "load_config",
    "parse_config",
]

SourceKind: TypeAlias = Literal["rss", "arxiv", "file"]

CONFIG_NAME = "slipway.toml"
LANGUAGES = ("en", "zh-Hans", "zh-Hant")


@dataclass(frozen=True, slots=True)
class Interest:
    """Something the user wants to hear of: a name and some words or sentences that describe it."""

    name: str
    text: str

    @property
    def wording(self) -> str:
        """Name and description as one text to embed."""
        return f"{self.name}. {self.text}" if self.text else self.name


@dataclass(frozen=True, slots=True)
class ModelChoice:
    """The embedding model: ``bundled``, ``hashing``, or any SentenceTransformer by name or path.

    ``languages`` are those in which its cosines can be believed.
    """

    name: str = "bundled"
    query_prefix: str = ""
    passage_prefix: str = ""
    languages: tuple[str, ...] = ("en",)


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Limits of one night's fetching; times in seconds, sizes in bytes."""

    timeout: float = 20.0
    total: float = 60.0
    max_bytes: int = 20_000_000
    retries: int = 2
    workers: int = 8
    contact: str = ""


@dataclass(frozen=True, slots=True)
class PromoteSettings:
    """When an item becomes a note: ``threshold`` and ``closeness`` lie in [0, 1], ``budget`` is notes a night.

    ``expire_days`` is how long an item waits in the inbox, ``max_age_days`` how old a publication may be to be promoted unasked.
    """

    threshold: float = 0.5
    closeness: float = 0.35
    budget: int = 20
    per_feed: int = 6
    expire_days: int = 30
    max_age_days: int = 45
    links_per_note: int = 6


@dataclass(frozen=True, slots=True)
class WriteSettings:
    """Languages and sizes of what is written."""

    language: str = "en"
    post_language: str = "en"
    synthesis_language: str = "en"
    stories: int = 6
    audience: str = ""
    synthesis_days: int = 28


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """The static site; ``url`` is the absolute address of its root."""

    title: str = "Slipway"
    url: str = "http://localhost:8000/"
    author: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One source as the configuration names it; :func:`slipway.stages.fetch.spec_of` makes a ``SourceSpec`` of it."""

    key: str
    kind: SourceKind
    url: str = ""
    path: Path | None = None
    query: str = ""
    title: str = ""
    tags: tuple[str, ...] = ()
    lang: str = ""
    weight: float = 1.0
    max_results: int = 200
    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Config:
    """The whole configuration, checked."""

    path: Path
    vault: Path
    site_dir: Path
    state: Path
    database: str
    zone: ZoneInfo
    model: ModelChoice = field(default_factory=ModelChoice)
    fetch: FetchSettings = field(default_factory=FetchSettings)
    promote: PromoteSettings = field(default_factory=PromoteSettings)
    write: WriteSettings = field(default_factory=WriteSettings)
    site: SiteConfig = field(default_factory=SiteConfig)
    interests: tuple[Interest, ...] = ()
    sources: tuple[SourceConfig, ...] = ()
    night: str = "03:00"

    @property
    def cache(self) -> Path:
        """The folder of what can be made again."""
        return self.state / "cache"

    @property
    def lock(self) -> Path:
        """The run lock."""
        return self.state / "run.lock"


def find_config(named: str | None, *, cwd: Path, environ: Mapping[str, str] = os.environ) -> Path:
    """The configuration file: ``--config``, else ``SLIPWAY_CONFIG``, else the nearest upwards from ``cwd``.

    Raises ConfigError when there is none.
    """
    for given in (named, environ.get("SLIPWAY_CONFIG")):
        if given:
            path = _existing(given)
            if path is None:
                raise ConfigError(f"{given}: no such configuration file", hint="make one with `slipway init DIR`")
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
        return path.resolve() if path.is_file() else None
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
        write=_write(top.table("write"), top.choice("language", "en", LANGUAGES)),
        site=_site(top.table("site")),
        interests=tuple(_interest(table) for table in top.tables("interests")),
        sources=_sources(top),
    )


def _model(table: Reader) -> ModelChoice:
    plain = ModelChoice()
    return ModelChoice(
        name=table.filled("name", plain.name),
        query_prefix=table.text("query_prefix", ""),
        passage_prefix=table.text("passage_prefix", ""),
        languages=table.texts("languages", plain.languages),
    )


def _fetch(table: Reader) -> FetchSettings:
    plain = FetchSettings()
    return FetchSettings(
        timeout=table.number("timeout", plain.timeout, low=0.1, high=600),
        total=table.number("total", plain.total, low=0.1, high=3600),
        max_bytes=table.whole("max_bytes", plain.max_bytes, low=1000, high=1_000_000_000),
        retries=table.whole("retries", plain.retries, low=0, high=10),
        workers=table.whole("workers", plain.workers, low=1, high=64),
        contact=table.text("contact", plain.contact),
    )


def _promote(table: Reader) -> PromoteSettings:
    plain = PromoteSettings()
    return PromoteSettings(
        threshold=table.number("threshold", plain.threshold, low=0, high=1),
        closeness=table.number("closeness", plain.closeness, low=0, high=1),
        budget=table.whole("budget", plain.budget, low=0, high=10_000),
        per_feed=table.whole("per_feed", plain.per_feed, low=0, high=10_000),
        expire_days=table.whole("expire_days", plain.expire_days, low=1, high=3650),
        max_age_days=table.whole("max_age_days", plain.max_age_days, low=1, high=36_500),
        links_per_note=table.whole("links_per_note", plain.links_per_note, low=0, high=50),
    )


def _write(table: Reader, language: str) -> WriteSettings:
    plain = WriteSettings()
    return WriteSettings(
        language=language,
        post_language=table.choice("post_language", language, LANGUAGES),
        synthesis_language=table.choice("synthesis_language", language, LANGUAGES),
        stories=table.whole("stories", plain.stories, low=1, high=50),
        audience=table.text("audience", plain.audience),
        synthesis_days=table.whole("synthesis_days", plain.synthesis_days, low=7, high=366),
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


def _sources(top: Reader) -> tuple[SourceConfig, ...]:
    sources = tuple(_source(table) for table in top.tables("sources"))
    seen: set[str] = set()
    for source in sources:
        if source.key in seen:
            top.fault(f"sources: two sources have the key {source.key!r}")
        seen.add(source.key)
    return sources


def _allow(table: Reader) -> tuple[str, ...]:
    """The address ranges, checked; the guard is imported only by those who open one."""
    given = table.texts("allow", ())
    if given:
        from ingest.guard import allowance

        try:
            allowance(given)
        except ConfigError as error:
            table.fault(f"{table.name}.{error.message}; {error.hint}")
    return given


def _source(table: Reader) -> SourceConfig:
    kind = cast(SourceKind, table.choice("kind", "rss", ("rss", "arxiv", "file")))
    needed = {"rss": "url", "arxiv": "query", "file": "path"}[kind]
    table.require(needed, because=f"a source of kind {kind!r} needs it")
    return SourceConfig(
        key=table.required("key"),
        kind=kind,
        url=table.web_address("url", ""),
        path=table.path("path", "") if table.has("path") else None,
        query=table.text("query", ""),
        title=table.text("title", ""),
        tags=table.texts("tags", ()),
        lang=table.text("lang", ""),
        weight=table.number("weight", 1.0, low=0, high=10),
        max_results=table.whole("max_results", 200, low=1, high=30_000),
        allow=_allow(table),
    )
