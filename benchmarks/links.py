"""How many of the links that people drew does the ranking find, when it cannot see them? On the vaults of ``SLIPWAY_DATA``.

Every human link is masked: wikilinks, embeds, Markdown's links to files, their reference definitions, and for the vault
that names its files in code spans those as well. Two ways to mask:

- *removed*: the link goes with the words it shows, also when those are an alias. Where the title stands elsewhere in
  running words it stays, since that is there to be found.
- *unlinked*: the markup goes and the words it shows stay, as in a vault whose owner types names and never links.

Recall@10 of a note is the share of its human links, in either direction, among the ten notes ranked first; the table gives the
mean over the notes that have links. BM25 takes the whole note as the query; *nearest* is the cosine of the configured
embedding. In the Chinese vault pages that only list others (``∑``, ``§``, ``Atlas/``, ``About …``, a folder's own page, README)
are left out, as sources and as targets. Held out: the weights that do best on the other vaults, from a small grid.

``python -m benchmarks links [--cache FILE] [--model bundled]``; vectors are kept in the cache between runs.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import log
from pathlib import Path, PurePosixPath
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np
from scipy.sparse import csr_matrix

from index.kin.neighbours import embed_documents
from index.kin.relatives import Kin, Weights
from index.models.embedder import Embedder, ModelSettings, open_embedder
from index.storage.cache import IndexCache
from index.words.lexicon import Lexicon
from index.words.tokens import tokenise
from notes.files.vault import Vault
from slipway.library import Holding, Library

VAULTS = ("foam-docs-en", "swyx-ai-notes-en", "knowledge-garden-zh")
TOP = 10
MASKS = ("removed", "unlinked")

_WIKILINK = re.compile(r"!?\[\[([^\[\]\n]{1,500})\]\]")
_LINK = re.compile(r"!?\[([^\[\]\n]*)\]\((<[^>\n]*>|[^()\s]*)(?:\s+[\"'][^\"'\n]*[\"'])?\)")
_DEFINITION = re.compile(r"^\[[^\]\n]+\]:\s*\S*\.md\b.*$", re.MULTILINE)
_CODE_SPAN = re.compile(r"`([^`\n]+)\.md`")
_OWN_ADDRESS = re.compile(r"https?://github\.com/sw-yx/ai-notes/blob/main/([^)\s]+)\.md")
_LISTING = re.compile(r"^[∑§]|^About |MOC|TOC")
_LISTING_NAMES = frozenset({"README", "AboutTheGarden", "🍀 花园导览"})

Scores = dict[str, list[str]]
"""For each note the others, best first."""


@dataclass(frozen=True, slots=True)
class Task:
    """A masked vault: its notes, and for each note with human links the other ends."""

    name: str
    mask: str
    holdings: tuple[Holding, ...]
    links: Mapping[str, frozenset[str]]


def main(*options: str) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks links")
    parser.add_argument("--cache", type=Path, default=None, help="where vectors are kept between runs")
    parser.add_argument("--model", default="bundled")
    chosen = parser.parse_args(options)
    data = Path(os.environ["SLIPWAY_DATA"]) / "vaults"
    embedder = open_embedder(ModelSettings(name=chosen.model))
    with tempfile.TemporaryDirectory() as folder, IndexCache(chosen.cache or Path(folder) / "index.db") as cache:
        print("| links | vault | notes | links | BM25 | nearest | Slipway | over the better |")
        print("|---|---|---|---|---|---|---|---|")
        measures = []
        for mask, name in product(MASKS, VAULTS):
            measures.append(Measured(read_task(data, name, mask), cache, embedder))
            print(measures[-1].row(), flush=True)
    print("\n| held out | vault | weights from the other vaults | Slipway | over the better |")
    print("|---|---|---|---|---|")
    for each, weights in held_out([one for one in measures if one.task.mask == MASKS[0]]):
        print(each.held_out_row(weights))


def read_task(data: Path, name: str, mask: str) -> Task:
    """A vault with its links masked, read as Slipway reads a vault."""
    files = {path.relative_to(data / name).as_posix(): path.read_bytes() for path in (data / name).rglob("*.md")}
    edges = _human_links(data, name, files)
    if name.endswith("-zh"):
        files = {path: raw for path, raw in files.items() if not _is_listing(path)}
    with tempfile.TemporaryDirectory() as folder:
        for path, raw in files.items():
            place = Path(folder, path)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_text(masked(raw.decode("utf-8", "replace"), mask), encoding="utf-8")
        library = Library.gather(Vault(Path(folder)).notes(), (), frozenset(), ZoneInfo("UTC"))
    holdings = tuple(library.notes.values())
    assert not any(holding.linkable.wikilinks for holding in holdings), "a link was not masked"
    ids = {holding.document.path: holding.id for holding in holdings}
    links: defaultdict[str, set[str]] = defaultdict(set)
    for source, target in edges:
        if source in ids and target in ids and source != target:
            links[ids[source]].add(ids[target])
            links[ids[target]].add(ids[source])
    return Task(name, mask, holdings, {key: frozenset(others) for key, others in links.items()})


def masked(text: str, mask: str) -> str:
    """Markdown without its links into the vault; ``unlinked`` leaves the words they show."""
    shown = mask == "unlinked"
    text = _WIKILINK.sub(lambda link: link[1].rpartition("|")[2] if shown else "", text)
    text = _LINK.sub(lambda link: (link[1] if shown else "") if _is_local(link[2]) else link[0], text)
    text = _CODE_SPAN.sub(r"\1" if shown else "", text)
    return _DEFINITION.sub("", _OWN_ADDRESS.sub("", text))


def _is_local(target: str) -> bool:
    target = target.strip("<>").split("#")[0]
    return target.endswith(".md") and "://" not in target


def _is_listing(path: str) -> bool:
    parts = PurePosixPath(path)
    is_folder_page = parts.stem == parts.parent.name
    return (
        bool(_LISTING.search(parts.stem)) or path.startswith("Atlas/") or is_folder_page or parts.stem in _LISTING_NAMES
    )


def _human_links(data: Path, name: str, files: Mapping[str, bytes]) -> list[tuple[str, str]]:
    """The links as the data gives them; where it gives none, wikilinks and files named in code spans or by their address."""
    given = data / f"{name}.edges.json"
    if given.is_file():
        return [(source, target) for source, target in json.loads(given.read_text(encoding="utf-8"))]
    stems: dict[str, str] = {}
    for path in sorted(files, key=lambda path: (path.count("/"), path)):
        stems.setdefault(PurePosixPath(path).stem.casefold(), path)
    return [
        (path, stems[named.casefold()])
        for path, raw in sorted(files.items())
        for named in _named(raw.decode("utf-8", "replace"))
        if named.casefold() in stems
    ]


def _named(text: str) -> Iterator[str]:
    for link in _WIKILINK.finditer(text):
        yield link[1].split("|")[0].split("#")[0].strip()
    for pattern in (_CODE_SPAN, _OWN_ADDRESS):
        yield from (found[1] for found in pattern.finditer(text))


class Measured:
    """A task with its rankings."""

    def __init__(self, task: Task, cache: IndexCache, embedder: Embedder) -> None:
        self.task = task
        self._embedder = embedder
        self._documents = [holding.document for holding in task.holdings]
        self._linkables = {holding.id: holding.linkable for holding in task.holdings}
        self._vectors = embed_documents(cache, embedder, self._documents)
        self._lexicon = Lexicon.of(self._documents, cache)
        self._known: dict[Weights, float] = {}
        self.bm25 = self._recall(self._ranked(_bm25([document.whole for document in self._documents])))
        self.nearest = self._recall(self._ranked(self._vectors @ self._vectors.T))

    def with_weights(self, weights: Weights) -> float:
        """Recall@10 of Slipway's ranking."""
        if weights not in self._known:
            kin = Kin(self._documents, self._linkables, self._vectors, self._embedder, self._lexicon, weights)
            related = kin.relatives(sorted(self.task.links), k=TOP)
            self._known[weights] = self._recall({key: [one.id for one in found] for key, found in related.items()})
        return self._known[weights]

    def row(self) -> str:
        """A line of the first table."""
        links = sum(map(len, self.task.links.values())) // 2
        ours = self.with_weights(Weights())
        told = (self.task.mask, self.task.name, len(self._documents), links)
        return (
            f"| {' | '.join(map(str, told))} | {self.bm25:.3f} | {self.nearest:.3f} | {ours:.3f} | {self._gain(ours)} |"
        )

    def held_out_row(self, weights: Weights) -> str:
        """A line of the second table."""
        ours = self.with_weights(weights)
        return f"| {self.task.mask} | {self.task.name} | {weights} | {ours:.3f} | {self._gain(ours)} |"

    def _gain(self, ours: float) -> str:
        return f"{ours / max(self.bm25, self.nearest) - 1:+.0%}"

    def _ranked(self, scores: Any) -> Scores:
        np.fill_diagonal(scores, -np.inf)
        ids = [document.id for document in self._documents]
        wanted = ((row, key) for row, key in enumerate(ids) if key in self.task.links)
        return {key: [ids[at] for at in np.argsort(-scores[row], kind="stable")[:TOP]] for row, key in wanted}

    def _recall(self, ranked: Scores) -> float:
        return float(
            np.mean([len(others & set(ranked[key][:TOP])) / len(others) for key, others in self.task.links.items()])
        )


def held_out(measures: Sequence[Measured]) -> Iterator[tuple[Measured, Weights]]:
    """Each vault with the weights that are best, by the mean gain, on the others."""
    grid = [Weights(*values) for values in product((0.25, 0.5, 1.0), (0.0, 0.5, 1.0), (0.0, 0.5), (0.0, 0.25, 0.5))]
    for each in measures:
        others = [one for one in measures if one is not each]
        yield each, max(grid, key=lambda weights: _mean_gain(others, weights))


def _mean_gain(measures: Sequence[Measured], weights: Weights) -> float:
    return float(np.mean([one.with_weights(weights) / max(one.bm25, one.nearest) for one in measures]))


def _bm25(texts: Sequence[str], k1: float = 1.2, b: float = 0.75) -> Any:
    """``(n, n)``: the BM25 score of each text for each text as query (Robertson and Zaragoza, 2009)."""
    counted = [Counter(tokenise(text)) for text in texts]
    holders = Counter(token for counts in counted for token in counts)
    column = {token: place for place, token in enumerate(holders)}
    lengths = [sum(counts.values()) for counts in counted]
    mean = sum(lengths) / len(lengths)
    asked, said = [], []
    for row, counts in enumerate(counted):
        damping = k1 * (1 - b + b * lengths[row] / mean)
        for token, count in counts.items():
            idf = log(1 + (len(texts) - holders[token] + 0.5) / (holders[token] + 0.5))
            asked.append((row, column[token], count))
            said.append((row, column[token], idf * count * (k1 + 1) / (count + damping)))
    queries, documents = (_sparse(cells, (len(texts), len(column))) for cells in (asked, said))
    return (queries @ documents.T).toarray()


def _sparse(cells: Sequence[tuple[int, int, float]], shape: tuple[int, int]) -> Any:
    rows, columns, values = zip(*cells, strict=True)
    return csr_matrix((np.array(values, dtype=np.float64), (rows, columns)), shape)
