"""Entries of which it is known whether they are one work: papers, excerpts, Chinese papers, feeds, from ``SLIPWAY_DATA``."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

from ingest.feeds.document import parse
from ingest.sources import SourceSpec
from notes.errors import SlipwayError
from notes.text.fold import to_simplified
from notes.text.hanzi import PAIRS

__all__ = ["Entry", "Pool", "chinese", "excerpts", "feeds", "papers"]

NOW = datetime(2026, 11, 22, tzinfo=UTC)

# The same story at another address, and fixtures of parsers that bear one story in many feeds: read by eye.
SAME_STORY = (
    ("claude code and new admin controls for business plans", "anthropic.com|claude.com"),
    ("fine-tune claude 3 haiku in amazon bedrock", "anthropic.com|claude.com"),
    ("partnering with mozilla to improve firefox's security", "anthropic.com"),
    ("open problems in mechanistic interpretability", "far.ai|goodfire.ai: one paper, two of its labs"),
    ("atom-powered robots run amok", "the example of RFC 4287"),
    ("digitalministerium: neue glasfaserförderung mit schnellkasse", "golem.de, excerpt"),
)

_TO_TRADITIONAL = {ord(hans): hant for hant, hans in zip(PAIRS[::2], PAIRS[1::2], strict=True)}


class Pool(Protocol):
    """What gives the entries of a pool; ``part`` takes few enough for a test."""

    def __call__(self, data: Path, *, part: bool = False) -> list[Entry]: ...


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a pool; ``truth`` names the work, ``document`` where it was seen, ``sites`` what the site is called."""

    truth: str
    document: str
    title: str
    text: str
    published: datetime | None = None
    sites: tuple[str, ...] = ()


def papers(data: Path, *, part: bool = False) -> list[Entry]:
    """The papers of the daily lists, of Hugging Face and of the API's replies, each once a source."""
    months = "2025-10" if part else ""
    daily = (_paper(row, "daily") for row in _rows(data / "arxiv/daily-en", months))
    picked = (_paper(row, "hf") for row in _rows(data / "arxiv/hf-daily-papers", months))
    found = _once([*daily, *picked, *_replies(data)])
    return [entry for entry in found if crc32(entry.truth.encode()) % 2] if part else found


def excerpts(data: Path, *, part: bool = False) -> list[Entry]:
    """The same papers, Hugging Face's as the feeds of other sites would give them."""
    return [as_a_feed_gives_it(entry) if entry.document == "hf" else entry for entry in papers(data, part=part)]


def chinese(data: Path, *, part: bool = False) -> list[Entry]:
    """The papers of CSL and for every second one a copy in traditional characters, as a feed would give it."""
    lines = (data / "ir/csl-zh-title2abs/corpus.jsonl").read_text("utf-8").splitlines()
    rows = [json.loads(line) for line in (lines[:1000] if part else lines)]
    found = [Entry(row["_id"], "csl", row["title_gold"], row["text"]) for row in rows]
    copies = [as_a_feed_gives_it(_traditional(entry)) for entry in found[::2]]
    return [*found, *copies]


def feeds(data: Path, *, part: bool = False) -> list[Entry]:
    """What the snapshots and the feeds of the wild hold; ``part``: the labs' feeds now, and on one day before."""
    names = ("ai-labs", "replay/olshansk/2026-06-15") if part else ("ai-labs", "replay", "wild")
    paths = [path for name in names for path in sorted((data / "feeds" / name).rglob("*"))]
    parsed = [(path, _items(path)) for path in paths if path.is_file() and path.suffix not in {".jsonl", ".md"}]
    truths = _truths([item for _, items in parsed for item in items])
    return _without_shared_addresses(
        [
            Entry(
                truths[id(item)],
                str(path.relative_to(data)),
                item.title,
                item.text,
                item.published,
                (item.source_title,),
            )
            for path, items in parsed
            for item in items
        ]
    )


def as_a_feed_gives_it(entry: Entry) -> Entry:
    """The entry cut and dressed in one of eight ways, chosen by its own name."""
    title, text = entry.title, entry.text
    words = text.split() if " " in text[:40] else list(text)
    start = ("" if words and len(words[0]) == 1 and not words[0].isascii() else " ").join(words[:55])
    forms = (
        (f"[Paper] {title}", text),
        (f"{title} | Example Lab", f"{start} […]"),
        (title, f"{text[: 280 + len(text) // 8]}…"),
        (f"Show HN: {title}", text),
        (f"{title} – Papers of the day".removesuffix(" of the day"), f"{start}... Read more"),
        (title.upper(), f"arXiv:2510.00001v1 Announce Type: new \nAbstract: {text}"),
        (f"{title} [pdf]", f"{text}\n\nThe post {title} appeared first on Example."),
        (title.replace("-", "–").replace("'", "’"), f"Abstract: {' '.join(text.split())} Submitted by /u/somebody"),
    )
    dressed, cut = forms[crc32(entry.truth.encode()) % len(forms)]
    sites = ("Example Lab", "Papers of the day", "papers.example")
    return replace(entry, title=dressed, text=cut, document=f"{entry.document}, copied", sites=sites)


def _traditional(entry: Entry) -> Entry:
    """The entry in traditional characters that fold back to the same."""
    title, text = (part.translate(_TO_TRADITIONAL) for part in (entry.title, entry.text))
    return replace(entry, title=title, text=text) if to_simplified(title) == entry.title else entry


def _rows(folder: Path, months: str) -> Iterator[dict[str, Any]]:
    for path in sorted(folder.glob(f"{months}*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            yield from map(json.loads, lines)


def _paper(row: dict[str, Any], document: str) -> Entry:
    return Entry(row["id"], document, row["title"], row["abstract"])


def _replies(data: Path) -> Iterator[Entry]:
    spec = SourceSpec(key="arxiv", kind="arxiv", url="https://export.arxiv.org/api/query")
    for path in sorted((data / "arxiv/api").glob("*.json")):
        body = json.loads(path.read_text("utf-8"))["body"].encode()
        try:
            found = parse(body, spec=spec, base_url=spec.url, now=NOW).items
        except SlipwayError:
            continue
        yield from (Entry(item.arxiv_id, "api", item.title, item.text) for item in found)


def _once(entries: Iterable[Entry]) -> list[Entry]:
    return list({(entry.truth, entry.document): entry for entry in entries}.values())


def _items(path: Path) -> Sequence[Any]:
    address = f"https://{path.stem.lower().replace('_', '-')}.example/"
    spec = SourceSpec(key=path.stem, kind="rss", url=address)
    try:
        return parse(path.read_bytes(), spec=spec, base_url=address, now=NOW).items
    except SlipwayError:
        return ()


def _truths(items: Sequence[Any]) -> dict[int, str]:
    """For each item its work: those that share an address or a guid are one, be it over a third."""
    first: dict[str, str] = {}

    def root(name: str) -> str:
        while (up := first.setdefault(name, name)) != name:
            name = up
        return name

    for item in items:
        one, *others = _names(item)
        for other in others:
            first[root(other)] = root(one)
    return {id(item): root(_names(item)[0]) for item in items}


def _names(item: Any) -> list[str]:
    title = item.title.casefold().replace("’", "'")
    by_eye = [known for known, _ in SAME_STORY if title == known]
    # A proxy of the feed's address leaves the guid as it is; "123" may be any feed's.
    guid = [item.external_id] if "://" in item.external_id or item.external_id.startswith(("tag:", "urn:")) else []
    return [item.key, *guid, *by_eye]


def _without_shared_addresses(entries: Sequence[Entry]) -> list[Entry]:
    """Without exact repeats, and without names that are no truth: a document gives them to several entries."""
    forms = {(entry.truth, entry.document, entry.title, entry.text): entry for entry in entries}
    times = Counter((entry.truth, entry.document) for entry in forms.values())
    shared = {truth for (truth, _), count in times.items() if count > 1}
    return [entry for entry in forms.values() if entry.truth not in shared]
