"""The values of ``slipway.toml`` as frozen dataclasses; :mod:`slipway.config` reads and checks them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal, TypeAlias
from zoneinfo import ZoneInfo

__all__ = [
    "LANGUAGES",
    "AnswerFormat",
    "Config",
    "Effort",
    "FetchSettings",
    "Interest",
    "ModelChoice",
    "Precision",
    "PromoteSettings",
    "SearchApi",
    "SiteConfig",
    "SourceConfig",
    "SourceKind",
    "TagSettings",
    "WriteSettings",
    "WriterSettings",
]

SourceKind: TypeAlias = Literal["rss", "arxiv", "file", "websearch"]
SearchApi: TypeAlias = Literal["searxng", "openai"]
Precision: TypeAlias = Literal["auto", "full"]
AnswerFormat: TypeAlias = Literal["auto", "schema", "object", "plain"]
Effort: TypeAlias = Literal["", "none", "minimal", "low", "medium", "high"]

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

    ``languages`` are those in which its cosines can be believed. ``precision`` is that of embedding many texts: ``auto`` takes
    bf16 where the processor has it, ``full`` stays with fp32. ``reembed_minutes`` is how long a night may embed old texts
    with a new model, 0 for no limit. ``reranker`` names a cross-encoder; empty for none.
    """

    name: str = "bundled"
    query_prefix: str = ""
    passage_prefix: str = ""
    languages: tuple[str, ...] = ("en",)
    precision: Precision = "auto"
    reembed_minutes: int = 60
    reranker: str = ""


@dataclass(frozen=True, slots=True)
class FetchSettings:
    """Limits of one night's fetching; times in seconds, sizes in bytes.

    ``interval_hours`` is the least time between two fetches of a source, 0 asks at every run. ``proxy`` is empty,
    ``environment`` or an address; ``allow`` names private ranges that every request may reach.
    """

    timeout: float = 20.0
    total: float = 60.0
    max_bytes: int = 20_000_000
    retries: int = 2
    workers: int = 8
    contact: str = ""
    interval_hours: float = 12.0
    proxy: str = field(default="", repr=False)  # it may hold a password
    allow: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PromoteSettings:
    """When an item becomes a note: ``threshold`` and ``closeness`` lie in [0, 1], ``budget`` is notes a night.

    ``per_feed`` and ``per_topic`` are the most notes that one feed, one topic or interest may have of these, 0 for no limit;
    ``explore`` is the share of the budget kept for exploration. ``expire_days`` is how long an item waits in the inbox,
    ``max_age_days`` how old a publication may be to be promoted unasked. ``library`` are files of what the user has read:
    BibTeX, CSL-JSON, a Zotero export.
    """

    threshold: float = 0.5
    closeness: float = 0.35
    budget: int = 20
    per_feed: int = 6
    per_topic: int = 10
    explore: float = 0.15
    library: tuple[Path, ...] = ()
    expire_days: int = 30
    max_age_days: int = 45
    links_per_note: int = 6


@dataclass(frozen=True, slots=True)
class TagSettings:
    """What tags are called: ``synonyms`` maps a word, without case, to the tag that stands for it."""

    synonyms: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WriteSettings:
    """Languages and sizes of what is written, and which syntheses are: ``weekly``, ``monthly``."""

    language: str = "en"
    post_language: str = "en"
    synthesis_language: str = "en"
    stories: int = 6
    audience: str = ""
    synthesis_days: int = 28
    weekly: bool = True
    monthly: bool = True


@dataclass(frozen=True, slots=True)
class WriterSettings:
    """The language model that writes, behind an OpenAI-compatible ``endpoint``; without one the extractive writer is alone.

    ``api_key_env`` names the environment variable of the key. ``format`` is how the endpoint is held to JSON, ``effort`` the
    reasoning effort to ask for, empty for none. ``brief`` bounds the text of notes in one request, in characters. ``timeout`` and
    ``retries`` are those of one answer, of at most ``max_bytes`` and ``answer_tokens``. Of a night ``max_seconds`` of asking,
    ``max_tokens`` read and written, and ``max_cost`` by the prices for a million tokens; 0 is no limit of the last two.
    """

    endpoint: str = ""
    model: str = ""
    api_key_env: str = ""
    proxy: str = field(default="", repr=False)  # it may hold a password
    format: AnswerFormat = "auto"
    effort: Effort = ""
    temperature: float = 0.0
    seed: int = 7
    brief: int = 12_000
    timeout: float = 120.0
    retries: int = 2
    max_seconds: float = 900.0
    max_bytes: int = 1_000_000
    max_tokens: int = 200_000
    answer_tokens: int = 2_000
    max_cost: float = 0.0
    price_in: float = 0.0
    price_out: float = 0.0


@dataclass(frozen=True, slots=True)
class SiteConfig:
    """The static site; ``url`` is the absolute address of its root."""

    title: str = "Slipway"
    url: str = "http://localhost:8000/"
    author: str = ""
    description: str = ""


@dataclass(frozen=True, slots=True)
class SourceConfig:
    """One source as the configuration names it; :func:`slipway.stages.fetch.spec_of` makes a ``SourceSpec`` of it.

    ``interval_hours`` is None where the source has no setting of its own.
    """

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
    categories: tuple[str, ...] = ()
    announce: tuple[str, ...] = ("new", "cross")
    full_text: bool = False
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    queries: tuple[str, ...] = ()
    api: SearchApi = "searxng"
    model: str = ""
    api_key_env: str = ""
    interval_hours: float | None = None


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
    tags: TagSettings = field(default_factory=TagSettings)
    write: WriteSettings = field(default_factory=WriteSettings)
    writer: WriterSettings = field(default_factory=WriterSettings)
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
