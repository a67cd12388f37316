"""How good are the topics? On shared arXiv papers and CSL abstracts, beside BERTopic on the same vectors.

- *agreement*: adjusted Rand index and V-measure against arXiv's primary categories or CSL's disciplines, over all texts (those
  without a topic as one class of their own) and over those that have a topic; the share without one; number and size of topics.
- *coherence*: the mean NPMI of the pairs among a topic's first five terms, counted in the same texts, over all topics.
- *identity*: four fifths of the papers by day, then 20 portions of a hundredth more; the share of texts with a topic that have
  the same topic id after the next portion. BERTopic is fitted again each time; its ids as they are, and as they would be were
  each new topic given the id of the old one it overlaps with most (one portion: a fit takes a minute).
- *times*: processor seconds without the vectors, afresh and for one more portion.

``python -m benchmarks topics [--sets arxiv-5000,arxiv-10000,csl] [--peer] [--names 60] [--replay]``, and ``--young`` for young
houses (:mod:`benchmarks.topics_young`). Vectors are made by the
bundled model and kept in the cache ``--cache`` (or ``SLIPWAY_BENCH_CACHE``) between runs. The peer needs the extra ``bench``.
"""

from __future__ import annotations

import argparse
import os
import re
import tempfile
import time
import warnings
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations, pairwise
from math import log
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.topics_sets import Corpus, read
from benchmarks.topics_young import HOUSES, head, play
from index.models.embedder import Embedder, ModelSettings, open_embedder
from index.storage.cache import IndexCache
from index.themes.nearness import nearness
from index.themes.topics import Found, Standing, find_topics
from index.words.lexicon import Lexicon
from notes.text.fold import to_simplified

PORTIONS = 20
PEER_PORTIONS = 1
TERMS = 5
SETS = ("arxiv-5000", "arxiv-10000", "csl")


@dataclass(frozen=True, slots=True)
class Answer:
    """What a method found: the topic of each text that has one, the terms of each topic, processor seconds."""

    place: Mapping[str, str]
    terms: Mapping[str, Sequence[str]]
    seconds: float


def main(*options: str) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks topics")
    parser.add_argument("--sets", default="")
    parser.add_argument("--cache", type=Path, default=os.environ.get("SLIPWAY_BENCH_CACHE"))
    parser.add_argument("--peer", action="store_true", help="fit BERTopic as well")
    parser.add_argument("--replay", action="store_true", help="carry topics on over portions of new texts")
    parser.add_argument("--names", type=int, default=0, help="print so many names")
    parser.add_argument("--young", action="store_true", help="play the first fifteen nights of young houses")
    chosen = parser.parse_args(options)
    embedder = open_embedder(ModelSettings())
    with tempfile.TemporaryDirectory() as folder, IndexCache(chosen.cache or Path(folder) / "index.db") as cache:
        if chosen.young:
            print(head())
            for name in chosen.sets.split(",") if chosen.sets else HOUSES:
                play(name, embedder, cache, names=chosen.names)
            return
        for name in (chosen.sets or ",".join(SETS)).split(","):
            corpus = read(Path(os.environ["SLIPWAY_DATA"]), name, cache, embedder)
            measure(corpus, embedder, peer=chosen.peer, names=chosen.names)
            if chosen.replay:
                replay(corpus, embedder, cache, peer=chosen.peer)


def measure(corpus: Corpus, embedder: Embedder, *, peer: bool, names: int) -> None:
    """Print agreement, coherence and time of each method."""
    found, seconds = ours(corpus, embedder)
    parents = {topic.id: topic.parent for topic in found.topics}
    above = {key: parents[topic] for key, topic in found.place.items() if parents[topic]}
    answers = {
        "Slipway, topics": Answer(found.place, {topic.id: topic.terms for topic in found.topics}, seconds),
        "Slipway, fields": Answer(above, {field.id: field.terms for field in found.fields}, seconds),
    }
    if peer:
        answers["BERTopic"], answers["BERTopic, as many as fields"] = bertopic(corpus, len(found.fields) + 1)
    columns = ("topics", "median size", "without", "ARI", "V", "of those with: ARI", "V", "NPMI", "s")
    print(f"\n| {corpus.name} ({len(corpus.documents)}) | {' | '.join(columns)} |")
    print("|---|---|---|---|---|---|---|---|---|---|")
    for method, answer in answers.items():
        print(row(corpus, method, answer), flush=True)
    for topic in found.topics[:: max(1, len(found.topics) // names)] if names else ():
        print(f"  {len(topic.note_ids):4d} {topic.name} — {', '.join(topic.terms)} {dict(topic.names)}")
    for field in found.fields if names else ():
        print(f"  field {field.name} — {', '.join(field.terms)}")


def ours(
    corpus: Corpus, embedder: Embedder, before: Standing | None = None, cache: IndexCache | None = None
) -> tuple[Found, float]:
    """Slipway's topics and the processor seconds they took; with a cache the words of old texts are not counted again."""
    start = time.process_time()
    texts = {one.id: (one.title, one.text, one.lang) for one in corpus.documents}
    near = nearness(corpus.documents, corpus.vectors, embedder, lexicon=Lexicon.of(corpus.documents, cache))
    days = {one.id: corpus.days[one.id] for one in corpus.documents}
    found = find_topics(texts, near, before or Standing(), days, max(days.values()))
    return found, time.process_time() - start


def bertopic(corpus: Corpus, *counts: int) -> list[Answer]:
    """BERTopic with its defaults (UMAP with a seed, HDBSCAN, c-TF-IDF); Chinese in characters and pairs of them.

    After that its topics reduced to each of ``counts``, the outliers counted as one.
    """
    warnings.simplefilter("ignore")
    from bertopic import BERTopic
    from sklearn.feature_extraction.text import CountVectorizer
    from umap import UMAP

    start = time.process_time()
    texts = [f"{one.title}. {one.text}" for one in corpus.documents]
    words: dict[str, Any] = {}
    if corpus.name == "csl":
        # For English, its default, it strips all other letters.
        words |= {"language": "multilingual", "vectorizer_model": CountVectorizer(analyzer=_pairs)}
    model = BERTopic(
        umap_model=UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=42),
        **words,
    )
    model.fit_transform(texts, np.ascontiguousarray(corpus.vectors))
    answers = [_answer(corpus, model, start)]
    for count in counts:
        model.reduce_topics(texts, nr_topics=count)
        answers.append(_answer(corpus, model, start))
    return answers


def _answer(corpus: Corpus, model: Any, start: float) -> Answer:
    place = {one.id: str(label) for one, label in zip(corpus.documents, model.topics_, strict=True) if label >= 0}
    terms = {str(key): [word for word, _ in told] for key, told in model.get_topics().items() if key >= 0}
    return Answer(place, terms, time.process_time() - start)


def _pairs(text: str) -> list[str]:
    return [run[at : at + 2] for run in re.findall(r"[\u4e00-\u9fff]+", text) for at in range(len(run) - 1)]


def row(corpus: Corpus, method: str, answer: Answer) -> str:
    """A line of the table."""
    sizes = sorted(Counter(answer.place.values()).values())
    median = sizes[len(sizes) // 2] if sizes else 0
    without, *told = scores(corpus, answer)
    return f"| {method} | {len(sizes)} | {median} | {without} | {' | '.join(told)} | {answer.seconds:.1f} |"


def scores(corpus: Corpus, answer: Answer) -> tuple[str, ...]:
    """Share without a topic, adjusted Rand and V over all texts and over those with one, and NPMI, as they are printed."""
    from sklearn.metrics import adjusted_rand_score, v_measure_score

    ids = [one.id for one in corpus.documents]
    classes, labels = [corpus.classes[key] for key in ids], [answer.place.get(key, "") for key in ids]
    held = [at for at, label in enumerate(labels) if label]
    some, theirs = [labels[at] for at in held], [classes[at] for at in held]
    figures = (
        adjusted_rand_score(classes, labels),
        v_measure_score(classes, labels),
        adjusted_rand_score(theirs, some),
        v_measure_score(theirs, some),
        coherence(corpus, list(answer.terms.values())),
    )
    return f"{1 - len(held) / len(ids):.1%}", *(f"{figure:.3f}" for figure in figures)


def coherence(corpus: Corpus, topics: Sequence[Sequence[str]]) -> float:
    """The mean NPMI of the pairs of each topic's first terms (Bouma 2009; Röder et al. 2015), by the texts that hold both."""
    wanted = {term for terms in topics for term in terms[:TERMS]}
    texts = [_plain(f"{one.title}. {one.text}") for one in corpus.documents]
    held: dict[str, frozenset[int]] = {}
    for term in sorted(wanted):
        plain = _plain(term)
        held[term] = frozenset(at for at, text in enumerate(texts) if plain in text and _stands(plain, text))
    means = []
    for terms in topics:
        pairs = [_npmi(held[one], held[other], len(texts)) for one, other in combinations(terms[:TERMS], 2)]
        if pairs:
            means.append(sum(pairs) / len(pairs))
    return sum(means) / len(means) if means else 0.0


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", to_simplified(text).lower())


def _stands(term: str, text: str) -> bool:
    return not term.isascii() or re.search(rf"(?<![a-z0-9]){re.escape(term)}(?![a-z0-9])", text) is not None


def _npmi(one: frozenset[int], other: frozenset[int], texts: int) -> float:
    both = len(one & other)
    if not both:
        return -1.0
    if both == texts:
        return 1.0
    return log(both * texts / (len(one) * len(other))) / -log(both / texts)


def replay(corpus: Corpus, embedder: Embedder, cache: IndexCache, *, peer: bool) -> None:
    """Print how many texts keep their topic from portion to portion, and how good the topics are at the end."""
    count = len(corpus.documents)
    first, step = count * 4 // 5, count // 100
    start = corpus.first(first)
    found, _ = ours(start, embedder, None, cache)
    places, seconds, events = [dict(found.place)], [], list(found.events)
    happened: Counter[str] = Counter()
    for portion in range(1, PORTIONS + 1):
        before = Standing(found.topics, found.fields, found.place, events)
        found, took = ours(corpus.first(first + portion * step), embedder, before, cache)
        places.append(dict(found.place))
        seconds.append(took)
        events += found.events
        happened.update(event.kind.value for event in found.events)
    print(f"\n{corpus.name}, {PORTIONS} portions of {step}: {dict(sorted(happened.items()))}")
    print(
        f"Slipway keeps {_kept(places):.4f} a portion, {_kept([places[0], places[-1]]):.4f} over all; "
        f"{np.median(seconds):.1f} s a portion"
    )
    end = Answer(found.place, {topic.id: topic.terms for topic in found.topics}, sum(seconds))
    print(row(corpus.first(first + PORTIONS * step), "Slipway, carried on", end), flush=True)
    if peer:
        fits = [bertopic(corpus.first(first + portion * step))[0] for portion in range(PEER_PORTIONS + 1)]
        theirs = [dict(fit.place) for fit in fits]
        print(
            f"BERTopic keeps {_kept(theirs):.4f} a portion by its ids, {_kept(_renamed(theirs)):.4f} with ids by overlap; "
            f"{np.median([fit.seconds for fit in fits]):.1f} s a portion",
            flush=True,
        )


def _kept(places: Sequence[Mapping[str, str]]) -> float:
    """The share of texts with a topic that have the same one in the next of ``places``, the mean over all steps."""
    shares = [sum(new.get(key) == topic for key, topic in old.items()) / len(old) for old, new in pairwise(places)]
    return sum(shares) / len(shares)


def _renamed(places: Sequence[Mapping[str, str]]) -> list[Mapping[str, str]]:
    """Each with the ids of the one before it, greatest overlap first."""
    named = [places[0]]
    for new in places[1:]:
        shared = Counter((topic, named[-1][key]) for key, topic in new.items() if key in named[-1])
        names: dict[str, str] = {}
        for (topic, old), _ in sorted(shared.items(), key=lambda pair: (-pair[1], pair[0])):
            if topic not in names and old not in names.values():
                names[topic] = old
        named.append({key: names.get(topic, f"new {topic}") for key, topic in new.items()})
    return named
