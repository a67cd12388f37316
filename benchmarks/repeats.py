"""How well repeats are recognised: precision, recall, pairs judged and time, on the data of ``SLIPWAY_DATA``.

What names a work (arXiv id, address, guid) is kept aside as the truth; titles and texts alone are judged, and for the
feeds the dates. All pairs of a pool are judged, by way of the bands, as the store does it.

- papers: arXiv's daily lists, Hugging Face's daily papers and replies of the API. One paper, one id.
- excerpts: the same, but Hugging Face's copies as a feed would give them: dressed titles, cut texts, footers.
- chinese: CSL's papers, each a second time in traditional characters, cut or dressed.
- feeds: the snapshots of labs' feeds on sixteen days and the feeds of the wild; each document is a source of its own.

``python -m benchmarks repeats [--show 10] [--pool papers ...]`` lists what was judged wrong as well.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol
from zlib import crc32

from ingest.feeds.document import parse
from ingest.sources import SourceSpec
from notes.errors import SlipwayError
from notes.text.fold import to_simplified
from notes.text.hanzi import PAIRS
from notes.text.likeness import bands, sketch
from slipway.sameness.kindred import Face, are_one
from slipway.store.gathering import MAX_BEARERS

NOW = datetime(2026, 11, 22, tzinfo=UTC)
Pair = tuple[int, int]


class Pool(Protocol):
    """What gives the entries of a pool; ``part`` takes few enough for a test."""

    def __call__(self, data: Path, *, part: bool = False) -> list[Entry]: ...


# The same story at another address, and fixtures of parsers that bear one story in many feeds: read by eye.
SAME_STORY = (
    ("claude code and new admin controls for business plans", "anthropic.com|claude.com"),
    ("fine-tune claude 3 haiku in amazon bedrock", "anthropic.com|claude.com"),
    ("partnering with mozilla to improve firefox's security", "anthropic.com"),
    ("open problems in mechanistic interpretability", "far.ai|goodfire.ai: one paper, two of its labs"),
    ("atom-powered robots run amok", "the example of RFC 4287"),
    ("digitalministerium: neue glasfaserförderung mit schnellkasse", "golem.de, excerpt"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a pool; ``truth`` names the work, ``document`` where it was seen, ``sites`` what the site is called."""

    truth: str
    document: str
    title: str
    text: str
    published: datetime | None = None
    sites: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of judging a pool; the sets hold pairs of places in ``entries``."""

    entries: Sequence[Entry]
    repeats: frozenset[Pair]
    met: frozenset[Pair]
    accepted: frozenset[Pair]
    sketch_us: float
    pair_us: float

    @property
    def precision(self) -> float:
        return len(self.accepted & self.repeats) / max(1, len(self.accepted))

    @property
    def recall(self) -> float:
        return len(self.accepted & self.repeats) / max(1, len(self.repeats))


def judged(entries: Sequence[Entry]) -> Outcome:
    """Judge every pair of the pool that shares a band."""
    started = time.process_time()
    sketches = [sketch(entry.title, entry.text, entry.sites) for entry in entries]
    by_band: defaultdict[str, list[int]] = defaultdict(list)
    for place, drawn in enumerate(sketches):
        for band in bands(drawn):
            by_band[band].append(place)
    drawn_at = time.process_time()
    telling = (places for places in by_band.values() if len(places) <= MAX_BEARERS)
    met = {pair for places in telling for pair in combinations(places, 2)}
    paired_at = time.process_time()
    accepted = {pair for pair in met if _is_one(entries, sketches, pair)}
    ended = time.process_time()
    return Outcome(
        entries,
        frozenset(_repeats(entries)),
        frozenset(met),
        frozenset(accepted),
        (drawn_at - started) / max(1, len(entries)) * 1e6,
        (ended - paired_at) / max(1, len(met)) * 1e6,
    )


def _is_one(entries: Sequence[Entry], sketches: Sequence[str], pair: Pair) -> bool:
    one, other = (entries[place] for place in pair)
    # Papers are judged as if each came from a source of its own: that is the harder question.
    same_source = one.document == other.document and one.document.startswith("feeds/")
    faces = (Face(sketches[place], entries[place].published, is_ours=same_source) for place in pair)
    return bool(are_one(*faces))


def _repeats(entries: Sequence[Entry]) -> Iterator[Pair]:
    """The pairs that are one work; the same source showing it twice is no repeat that anybody has to find."""
    works: defaultdict[str, list[int]] = defaultdict(list)
    for place, entry in enumerate(entries):
        works[entry.truth].append(place)
    for places in works.values():
        yield from ((one, other) for one, other in combinations(places, 2))


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


POOLS: dict[str, Pool] = {
    "papers": papers,
    "excerpts": excerpts,
    "chinese": chinese,
    "feeds": feeds,
}


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


_TO_TRADITIONAL = {ord(hans): hant for hant, hans in zip(PAIRS[::2], PAIRS[1::2], strict=True)}


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


def main(*options: str) -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--show", type=int, default=0)
    reader.add_argument("--pool", nargs="*", default=list(POOLS), choices=list(POOLS))
    given = reader.parse_args(options)
    if "SLIPWAY_DATA" not in os.environ:
        print("left out: SLIPWAY_DATA names no folder of real data")
        return
    data = Path(os.environ["SLIPWAY_DATA"])
    print("| pool | entries | pairs | met by bands | repeats | accepted | precision | recall | µs/item | µs/pair |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for name in given.pool:
        found = judged(POOLS[name](data))
        print(_row(name, found), flush=True)
        _show("not one, but accepted", found, found.accepted - found.repeats, given.show)
        _show("one, but not accepted", found, found.repeats - found.accepted, given.show)


def _row(name: str, found: Outcome) -> str:
    size = len(found.entries)
    return (
        f"| {name} | {size:,} | {size * (size - 1) // 2:,} | {len(found.met):,} | {len(found.repeats):,}"
        f" | {len(found.accepted):,} | {found.precision:.4f} | {found.recall:.4f}"
        f" | {found.sketch_us:.0f} | {found.pair_us:.1f} |"
    )


def _show(what: str, found: Outcome, pairs: frozenset[Pair], most: int) -> None:
    for pair in sorted(pairs, key=lambda pair: crc32(repr(pair).encode()))[:most]:
        print(f"  {what}{'' if pair in found.met else ' (no band)'}:")
        for entry in (found.entries[place] for place in pair):
            print(
                f"    {entry.document} | {entry.title[:110]} | {' '.join(entry.text.split())[:90]} | {entry.published}"
            )
