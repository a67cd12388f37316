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
import os
import time
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from zlib import crc32

from benchmarks.repeats_sets import Entry, Pool, chinese, excerpts, feeds, papers
from notes.text.likeness import bands, sketch
from slipway.sameness.kindred import Face, are_one
from slipway.store.gathering import MAX_BEARERS

Pair = tuple[int, int]


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


POOLS: dict[str, Pool] = {
    "papers": papers,
    "excerpts": excerpts,
    "chinese": chinese,
    "feeds": feeds,
}


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
