"""Key figures: what :func:`notes.quantities.figures.find` reads in 300 abstracts, against what a person read in them.

The labels (``tests/data/figure_labels.json``: ids and figures, no text) were made by hand before the extractor saw the abstract;
the rules they follow and how the abstracts were drawn stand in the file. 100 were developed on from the start, 100 were held out
and then opened, 100 more (*held*) were drawn and labelled after that and are only ever counted. The abstracts come from
``SLIPWAY_DATA``.

A figure is right when its value, its unit and whether it is a change are those of a label that no other figure took (``values``
leaves the change aside). What is told again in the same words counts once. Sizes and counts (*extents*) are no results: they have
a row of their own, where they were labelled. Of the figures that are right the names are counted: a system or benchmark that was
given and is right, of all given and of all labelled; *both* are the rows that a table of results can show.

``python -m benchmarks figures [--half develop|opened|held] [--show]``; what was wrong in the held ones is never shown.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from notes.model import Figure
from notes.quantities import figures
from notes.quantities.measures import is_result
from notes.text.fold import fold

LABELS = Path(__file__).parent.parent / "tests" / "data" / "figure_labels.json"
HALVES = ("develop", "opened", "held")
ROWS = ("results", "values", "extents", "system", "benchmark", "both")

_SPELLINGS = re.compile(r"[\s\-_\\']|\b(?:score|dataset|benchmark)s?\b")


@dataclass(frozen=True, slots=True)
class Paper:
    """An abstract as it was announced."""

    id: str
    title: str
    abstract: str


@dataclass(frozen=True, slots=True)
class Label:
    """A figure as a person read it; of ``units``, ``systems``, ``benchmarks`` any is right, and None leaves it open."""

    value: float
    to: float | None
    units: tuple[str, ...]
    kind: str
    change: bool | None
    systems: tuple[str, ...] | None
    benchmarks: tuple[str, ...] | None

    def is_value_of(self, figure: Figure) -> bool:
        """Whether value and unit are the label's; of a range either end is."""
        return figure.value in {self.value, self.to} and _alike(figure.unit, self.units)

    def is_(self, figure: Figure) -> bool:
        """Whether the figure is the label's, change included."""
        return self.is_value_of(figure) and self.change in {None, figure.change}


def _bare(name: str) -> str:
    return _SPELLINGS.sub("", fold(name))


def _alike(name: str, names: Iterable[str]) -> bool:
    return _bare(name) in {_bare(one) for one in names}


def papers_of(root: Path, ids: Collection[str]) -> list[Paper]:
    """The abstracts of ``ids`` in the order of their announcement."""
    found: dict[str, Paper] = {}
    for path in sorted((root / "arxiv" / "daily-en").glob("*.jsonl.gz")):
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            rows = (json.loads(line) for line in lines)
            found |= {row["id"]: Paper(row["id"], row["title"], row["abstract"]) for row in rows if row["id"] in ids}
    return list(found.values())


def labels(half: str) -> dict[str, tuple[Label, ...]]:
    """The labels of one half by arXiv id."""
    rows = json.loads(LABELS.read_text(encoding="utf-8"))["abstracts"]
    return {row["id"]: tuple(map(_label, row["figures"])) for row in rows if row["half"] == half}


def _label(row: dict[str, Any]) -> Label:
    systems, benchmarks = row.get("system"), row.get("benchmark")
    return Label(
        value=float(row["value"]),
        to=float(row["to"]) if "to" in row else None,
        units=tuple(row["unit"]),
        kind=row["kind"],
        change=row.get("change") if row["kind"] != "open" else None,
        systems=None if systems is None else tuple(systems),
        benchmarks=None if benchmarks is None else tuple(benchmarks),
    )


@dataclass(slots=True)
class Count:
    """How many were right, of those given and of those there are."""

    right: int = 0
    given: int = 0
    there: int = 0

    @property
    def precision(self) -> float:
        return self.right / max(1, self.given)

    @property
    def recall(self) -> float:
        return self.right / max(1, self.there)


@dataclass(frozen=True, slots=True)
class Reading:
    """What was found in an abstract beside its labels."""

    pairs: tuple[tuple[Figure, Label], ...]
    wrong: tuple[Figure, ...]
    missed: tuple[Label, ...]


def read(found: Sequence[Figure], wanted: Sequence[Label], *, change: bool = True) -> Reading:
    """Pair each figure with the first label that is its own; what repeats one, or is open, is neither right nor wrong."""
    free, pairs, wrong = list(wanted), [], []
    taken: list[Label] = []
    for figure in found:
        matching = [label for label in free if (label.is_(figure) if change else label.is_value_of(figure))]
        if matching:
            best = min(matching, key=lambda label: label.kind == "open")
            free.remove(best)
            taken.append(best)
            pairs.append((figure, best))
        elif not any(label.is_value_of(figure) for label in taken if label.is_(figure) or not change):
            wrong.append(figure)
    return Reading(
        tuple(pair for pair in pairs if pair[1].kind != "open"),
        tuple(wrong),
        tuple(label for label in free if label.kind != "open"),
    )


def count(half: str, papers: Sequence[Paper], *, show: bool = False) -> dict[str, Count]:
    """Precision and recall on one half, by what is asked."""
    wanted = labels(half)
    counts = {row: Count() for row in ROWS}
    for paper in papers:
        if paper.id not in wanted:
            continue
        found = figures.find(" ".join(paper.abstract.split()), title=paper.title)
        results = [figure for figure in found if is_result(figure.unit)]
        extents = [figure for figure in found if not is_result(figure.unit)]
        told = [label for label in wanted[paper.id] if label.kind != "extent"]
        reading = read(results, told)
        _add(counts["results"], reading)
        _add(counts["values"], read(results, told, change=False))
        if half != "held":
            _add(counts["extents"], read(extents, [one for one in wanted[paper.id] if one.kind == "extent"]))
        _add_names(counts, reading.pairs)
        if show:
            _show(paper, reading)
    return counts


def _add(total: Count, reading: Reading) -> None:
    total.right += len(reading.pairs)
    total.given += len(reading.pairs) + len(reading.wrong)
    total.there += len(reading.pairs) + len(reading.missed)


def _add_names(counts: dict[str, Count], pairs: Iterable[tuple[Figure, Label]]) -> None:
    for figure, label in pairs:
        named = ((figure.system, label.systems), (figure.benchmark, label.benchmarks))
        for row, (given, names) in zip(("system", "benchmark"), named, strict=True):
            if names is not None:
                _add_name(counts[row], given, names)
        if figure.system and figure.benchmark and all(names is not None for _, names in named):
            right = all(_alike(given, names or ()) for given, names in named)
            counts["both"].given += 1
            counts["both"].right += right
        if label.systems and label.benchmarks:
            counts["both"].there += 1


def _add_name(total: Count, given: str, names: Sequence[str]) -> None:
    total.given += bool(given)
    total.there += bool(names)
    total.right += bool(given) and _alike(given, names)


def _show(paper: Paper, reading: Reading) -> None:
    for line in _told(reading):
        print(f"{paper.id}  {line}")


def _told(reading: Reading) -> Iterator[str]:
    for figure in reading.wrong:
        yield f"WRONG  {figure.text!r} {figure.value:g} {figure.unit} change={figure.change}: {figure.sentence}"
    for label in reading.missed:
        yield f"MISSED {label.value:g} {'|'.join(label.units)} change={label.change}"
    for figure, label in reading.pairs:
        for what, given, names in (
            ("SYSTEM", figure.system, label.systems),
            ("BENCH ", figure.benchmark, label.benchmarks),
        ):
            if names is not None and (given or names) and not (given and _alike(given, names)):
                yield f"{what} {figure.text!r} given {given!r}, labelled {'|'.join(names)!r}: {figure.sentence}"


def main(*options: str) -> None:
    reader = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    reader.add_argument("--half", choices=HALVES, action="append")
    reader.add_argument("--show", action="store_true", help="what was wrong or missed, but for the held ones")
    given = reader.parse_args(options)
    if "SLIPWAY_DATA" not in os.environ:
        print("left out: SLIPWAY_DATA names no folder of real data")
        return
    for half in given.half or HALVES:
        papers = papers_of(Path(os.environ["SLIPWAY_DATA"]), labels(half))
        counts = count(half, papers, show=given.show and half != "held")
        kinds = Counter(label.kind for told in labels(half).values() for label in told)
        print(f"\n{half}: {kinds['result']} results, {kinds['extent']} extents, {kinds['open']} open\n")
        print("| | precision | recall | right | given | there |\n|---|---|---|---|---|---|")
        for row, one in counts.items():
            print(f"| {row} | {one.precision:.3f} | {one.recall:.3f} | {one.right} | {one.given} | {one.there} |")
