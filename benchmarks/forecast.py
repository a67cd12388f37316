"""Which rising phrases kept rising? Standing at the end of each month of 2025, twenty are flagged from what was known then.

    python -m benchmarks forecast [--months 2025-07 ...] [--topics FOLDER] [--no-topics] [--looks]

The papers, and the keywords of Hugging Face's daily papers, come from ``SLIPWAY_DATA``, vectors for the topics from
``SLIPWAY_BENCH_CACHE``; ``--topics`` names a folder in which BERTopic's topics are kept (fitting them takes minutes a month).

A flag is a phrase with up to two that tell of the same papers, or a topic, which stands by its three most telling phrases. It
**kept rising** when both hold of the two months after (together):

- corpus: more of the papers hold it, as a share, than of all papers known at the time (a topic: are assigned to it);
- Hugging Face: at least three papers have it among their keywords (a keyword that is or contains it, by folded stems), and
  more, per keyword written, than in the months known.

How this definition came about: it was first written, before any result, against the share of the last month alone. On April and
May what had just fallen then "kept rising" in 15 to 26 of 100 cases and what had just risen in 2 to 5: that measures the return
to the mean. So the reference became all that was known, and three papers are asked for, since 0 → 1 and 1 → 2 are mostly chance.
It has not changed since. The column *of 2 months* tells the both of a stricter reading: more than in the two months up to
the flag, and any keyword counts. By that reading no method is much above chance (0.15) on the months of development: Slipway
0.18, naive growth 0.22.

What was chosen when: the definition and the first two methods on April, May and June; July had been seen before the second,
August was run once. How a rise is measured was chosen on ten Saturdays from 29 March to 31 May and on the picks alone from August
2024 to March 2025; that three lengths of a look are averaged, when June to August were known: their figures are hindsight, and
:mod:`benchmarks.forecast_looks` tells what the past alone would have chosen. September was flagged once, after all that; two
months after it are not in the data, so October alone judges it, and it is not added to the others. The filter of style was
developed on May, the picks alone and Chinese abstracts.

Known to Slipway are all papers, and as what was kept the titles and abstracts (no keywords) of the papers that people picked at
Hugging Face since May 2024. It ranks as ``slipway trends`` does, but phrases of all courses, since twenty are asked for; *sure
rises* are those that ``slipway trends`` would tell (a rise by the test of the last eight weeks, one in ten false), however few.
*Chance* is the precision of all phrases with ten papers in the last month; *naive growth* the twenty of these that grew most
against the months before; *smoothed* the same with twenty papers added on both sides; *of picks* the same growth over the picks'
texts, with five; *BERTopic* its topics over time by the first growth, fitted on the same papers' vectors. *No keyword*: flags of
which no keyword of any month holds a phrase. *95 %* is Wilson's interval, as if flags were independent; those of a month are not.
"""

from __future__ import annotations

import argparse
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from benchmarks.forecast_field import LEAST, Field, Flag, Verdict
from benchmarks.forecast_looks import print_looks
from benchmarks.forecast_topics import Fitted, fitted_topics
from index.models.embedder import ModelSettings, open_embedder
from index.storage.cache import IndexCache
from index.storage.refresh import embed_missing
from index.texts.documents import text_hash
from index.trends.dated import Dated
from index.trends.finding import Window, find_trends
from index.trends.lasting import lasting
from index.trends.phrase_sets import Key, key_of, phrase_sets
from index.trends.subjects import Subjects
from index.trends.things import named_phrases
from notes.trends import TrendClass

MONTHS = {
    "2025-04": " (developed on)",
    "2025-05": " (developed on)",
    "2025-06": "",
    "2025-07": "",
    "2025-08": "",
    "2025-09": " (October alone)",
}
FLAGS = 20
SPAN = 8
"""Weeks that are tested against all before: as long as the future that is asked for."""
_SMOOTHED, _SMOOTHED_PICKS = 20.0, 5.0
_RISING = frozenset({TrendClass.EMERGING, TrendClass.RISING})


def main(*options: str) -> None:
    """Print the table, and the flags of each month."""
    parser = argparse.ArgumentParser(prog="benchmarks forecast")
    parser.add_argument("--months", nargs="*", choices=list(MONTHS), default=list(MONTHS))
    parser.add_argument("--topics", type=Path, default=None, help="where BERTopic's topics are kept")
    parser.add_argument("--no-topics", action="store_true", help="leave BERTopic out")
    parser.add_argument("--looks", action="store_true", help="only how far to look back")
    given = parser.parse_args(options)
    if "SLIPWAY_DATA" not in os.environ:
        print("left out: SLIPWAY_DATA names no folder of real data")
        return
    with TemporaryDirectory() as folder, IndexCache(Path(folder) / "phrases.db") as cache:
        field = Field(Path(os.environ["SLIPWAY_DATA"]), cache)
        if given.looks:
            print_looks(field)
        else:
            _run(field, given)


def _run(field: Field, given: argparse.Namespace) -> None:
    methods: dict[str, Callable[[Field, str], list[Flag]]] = {
        "Slipway": ours,
        "Slipway, sure rises": sure,
        "naive growth": naive,
        "naive, smoothed": lambda field, month: naive(field, month, _SMOOTHED),
        "naive, of picks": naive_of_picks,
        "chance": chance,
    }
    if not given.no_topics:
        methods["BERTopic"] = lambda field, month: topics(field, month, _fitted(field, month, given.topics))
    told = []
    asked: defaultdict[str, list[Verdict]] = defaultdict(list)
    print(
        "| month | method | kept rising | by corpus | by Hugging Face | of 2 months | no keyword | flags | s |\n"
        "|---|---|---|---|---|---|---|---|---|"
    )
    for month in given.months:
        for name, method in methods.items():
            start = time.process_time()
            flags = method(field, month)
            spent = time.process_time() - start
            verdicts = [field.judge(flag, month) for flag in flags]
            print(
                f"| {month}{MONTHS[month]} | {name} | {_row(verdicts)} | {spent:.1f} |",
                flush=True,
            )
            if not MONTHS[month]:
                asked[name] += verdicts
            if name != "chance":
                told.append(f"- {month} {name}: " + ", ".join(map(_mark, flags, verdicts)))
    print("\n| months not developed on | kept rising | 95 % | flags |\n|---|---|---|---|")
    for name, verdicts in asked.items():
        print(f"| {name} | {_interval([one.corpus and one.picks for one in verdicts])} | {len(verdicts):,} |")
    print("\nFlags; * kept rising, c by corpus only, h by Hugging Face only, ~ no keyword:\n", *told, sep="\n")


def ours(field: Field, month: str) -> list[Flag]:
    """The phrases whose rise is likeliest to last, whether the last weeks bear it out or not."""
    today = _last_day(month)
    came, kept = ([text for text in texts if text.day <= today] for texts in (field.texts, field.picked))
    known = [*came, *kept]
    sets = phrase_sets(known, field.cache)
    phrases = named_phrases(sets, least=LEAST)
    rises = lasting([one.rows for one in phrases], known, len(came), today)
    ranked = [one.text for _, one in sorted(zip(-rises, phrases, strict=True), key=lambda two: (two[0], two[1].text))]
    return [_phrases(field, family.terms) for family in Subjects(phrases, sets).families(ranked, FLAGS)]


def sure(field: Field, month: str) -> list[Flag]:
    """The first of these rises that the test of the last weeks bears out, as ``slipway trends`` tells them."""
    today = _last_day(month)
    texts = [text for text in (*field.texts, *field.picked) if text.day <= today]
    weeks = (today - min(text.day for text in texts)).days // 7 + 1
    found = find_trends(texts, Window(today=today, weeks=weeks, span=SPAN, least=LEAST), cache=field.cache)
    return [_phrases(field, trend.terms) for trend in found if trend.course in _RISING][:FLAGS]


def naive(field: Field, month: str, smoothed: float = 0.0) -> list[Flag]:
    """The phrases whose share grew most in the month against the months before."""
    return _grown(field, month, field.rows, field.months, smoothed)


def naive_of_picks(field: Field, month: str) -> list[Flag]:
    """The same by the texts of the picks of the last month and of all months before."""
    months = np.array([text.day.isoformat()[:7] for text in field.picked])
    return _grown(field, month, field.picked_rows, months, _SMOOTHED_PICKS)


def _grown(
    field: Field, month: str, rows: Mapping[Key, frozenset[int]], months: np.ndarray, smoothed: float
) -> list[Flag]:
    volumes = Counter(months.tolist())
    past = sum(volume for one, volume in volumes.items() if one < month)

    def growth(key: Key) -> float:
        counts = Counter(months[list(rows[key])].tolist())
        earlier = sum(count for one, count in counts.items() if one < month)
        expected = (earlier if smoothed else earlier + 0.5) / past * volumes[month]
        return (counts[month] + smoothed) / (expected + smoothed)

    ranked = sorted(_common(field, month), key=lambda key: (-growth(key), key))
    return [Flag(" ".join(key), (key,), field.rows[key]) for key in ranked[:FLAGS]]


def chance(field: Field, month: str) -> list[Flag]:
    """Every phrase that could be flagged."""
    return [Flag(" ".join(key), (key,), field.rows[key]) for key in _common(field, month)]


def topics(field: Field, month: str, fitted: Fitted) -> list[Flag]:
    """BERTopic's topics that grew most in the month against the months before, as its topics over time count them."""
    before = [one for one in field.known(month) if one != month]
    found = []
    for topic, terms in sorted(fitted.terms.items()):
        rows = frozenset(row for row, own in enumerate(fitted.topics) if own == topic)
        counts = Counter(field.months[list(rows)].tolist())
        if topic >= 0 and counts[month] >= LEAST:
            past = (sum(counts[one] for one in before) + 0.5) / sum(field.volumes[one] for one in before)
            keys = tuple(key_of(term) for term in terms[:3])
            found.append((-counts[month] / field.volumes[month] / past, topic, Flag("/".join(terms[:3]), keys, rows)))
    return [flag for _, _, flag in sorted(found, key=lambda one: one[:2])[:FLAGS]]


def _common(field: Field, month: str) -> list[Key]:
    here = set(np.flatnonzero(field.months == month).tolist())
    return sorted(key for key, rows in field.rows.items() if len(rows & here) >= LEAST)


def _phrases(field: Field, terms: Sequence[str]) -> Flag:
    keys = tuple(key_of(term) for term in terms)
    return Flag(terms[0], keys, frozenset().union(*(field.rows.get(key, frozenset()) for key in keys)))


def _fitted(field: Field, month: str, folder: Path | None) -> Fitted:
    known = [row for row, one in enumerate(field.months) if one <= month]
    later = [row for row, one in enumerate(field.months) if one in field.future(month)]
    words = [f"{text.title}\n{text.text}" for text in field.texts]
    return fitted_topics(
        words, lambda: _vectors(field.texts), known, later, folder / f"{month}.json" if folder else None
    )


def _vectors(texts: Sequence[Dated]) -> np.ndarray:
    embedder = open_embedder(ModelSettings())
    words = {text_hash(text): text for text in (f"{one.title}\n{one.text}" for one in texts)}
    with IndexCache(Path(os.environ.get("SLIPWAY_BENCH_CACHE", ".cache")) / "index.db") as cache:
        embed_missing(cache, embedder, words)
        kept = cache.vectors(embedder.name, words)
    return np.stack([kept[text_hash(f"{one.title}\n{one.text}")] for one in texts])


def _last_day(month: str) -> date:
    year, number = map(int, month.split("-"))
    return date(year + number // 12, number % 12 + 1, 1) - timedelta(days=1)


def _row(verdicts: Sequence[Verdict]) -> str:
    number = max(1, len(verdicts))
    both = sum(one.corpus and one.picks for one in verdicts) / number
    rates = (sum(getattr(one, name) for one in verdicts) / number for name in ("corpus", "picks", "strict", "unknown"))
    return " | ".join((f"{both:.2f}", *(f"{rate:.2f}" for rate in rates), f"{len(verdicts):,}"))


def _interval(kept: Sequence[bool]) -> str:
    """The share of what is true, and its interval of 95 % (Wilson 1927)."""
    number, z = max(1, len(kept)), 1.96
    share = sum(kept) / number
    middle = (share + z * z / (2 * number)) / (1 + z * z / number)
    half = z / (1 + z * z / number) * (share * (1 - share) / number + z * z / (4 * number**2)) ** 0.5
    return f"{share:.2f} | {max(0.0, middle - half):.2f} to {middle + half:.2f}"


def _mark(flag: Flag, verdict: Verdict) -> str:
    rose = {(True, True): "*", (True, False): " (c)", (False, True): " (h)"}
    return flag.name + rose.get((verdict.corpus, verdict.picks), "") + "~" * verdict.unknown
