"""Figures of a text: what was measured, on which benchmark, by which system.

Precision goes before recall: a figure that is missed can be read in the note, one that is wrong is believed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from notes.model import Figure
from notes.quantities.benchmark_names import is_benchmark_name, known_benchmarks, measured_names
from notes.quantities.changes import changes
from notes.quantities.measures import Measure, is_result, measures
from notes.quantities.names import antecedents, names_of_title
from notes.quantities.numbers import numbers_rest_on, values
from notes.quantities.owners import own_name, owners_in
from notes.quantities.places import benchmarks_of
from notes.quantities.settings import first_of_the_work, is_setting
from notes.text.hedges import bound, is_hedged
from notes.text.sentences import split

__all__ = ["find", "numbers_rest_on", "values"]

# What bounds a figure is a part of it: "over 95%" is not 95%.
_BOUND_AFTER = re.compile(r"\s?(?:以[上下内內]|左右)|\+| or (?:more|less|higher|lower|fewer|above|better)\b")
# What follows is how far a figure strays.
_STRAYS = re.compile(r"(?:±|\\pm|\+\s?/\s?[-−–]|正负|正負)[\s${}]*$")


@lru_cache(maxsize=2048)
def find(text: str, *, title: str = "") -> tuple[Figure, ...]:
    """The figures of ``text`` in reading order, each with its sentence as :func:`notes.text.sentences.split` gives it.

    ``Figure.text`` is verbatim (LaTeX's backslash stays) and ``value`` in its own unit: 89.9 of ``89.9%``, 90 of
    ``90x`` and of ``one ninetieth``, 1e10 of ``10B``, the lower end of a range. ``title`` tells the work's own name,
    so that a name made of plain words ("Thinking States") can be a system too, and so can the "it" that stands for it.
    What bounds a figure ("over 95%", 超过 95%) is in its text. In a sentence that may take them back
    (:func:`notes.text.hedges.is_hedged`) figures are neither anyone's nor on any benchmark; after ± there is none.
    """
    sentences = split(text)
    if not any(map(measures, sentences)):
        return ()  # what a text is about is dear to tell, and most sentences hold no figure
    work = _Work(title, own_name(sentences, title=title), known_benchmarks(sentences))
    first = first_of_the_work(sentences, names=names_of_title(title))
    told = zip(sentences, antecedents(sentences, title=title), strict=True)
    found = ((place, one) for place, (sentence, it) in enumerate(told) for one in _find_in(sentence, work, it))
    return tuple(figure for place, figure in found if place >= first or not is_result(figure.unit))


@dataclass(frozen=True, slots=True)
class _Work:
    """What a text is about: its title, the name it goes by, the benchmarks it names."""

    title: str
    name: str
    benchmarks: frozenset[str]


def _find_in(sentence: str, work: _Work, it: str) -> Iterator[Figure]:
    read = tuple(one for one in measures(sentence) if not _STRAYS.search(sentence, 0, one.start))
    found = tuple(one for one in read if not is_setting(sentence, one, _bounded(sentence, one)[0]))
    if not found:
        return
    spans = tuple(_bounded(sentence, measure) for measure in found)
    told = changes(sentence, found, [start for start, _ in spans])
    if is_hedged(sentence):
        for measure, (start, end), change in zip(found, spans, told, strict=True):
            yield Figure(sentence[start:end], measure.value, measure.unit, sentence, change=change)
        return
    benchmarks, named = measured_names(sentence, title=work.title, known=work.benchmarks)
    spoken_of = "" if is_benchmark_name(it, title=work.title) else it
    owners = owners_in(sentence, named, work=work.name, spoken_of=spoken_of)
    on = benchmarks_of(sentence, found, benchmarks)
    before = 0
    for measure, (start, end), benchmark, change in zip(found, spans, on, told, strict=True):
        system = owners.of(sentence, measure, before)
        before = measure.end
        yield Figure(sentence[start:end], measure.value, measure.unit, sentence, benchmark, system, change)


def _bounded(sentence: str, measure: Measure) -> tuple[int, int]:
    """Where the figure stands with the words that bound it: "over", 以上."""
    before = bound(sentence[: measure.start], "")
    after = _BOUND_AFTER.match(sentence, measure.end)
    start = sentence.rindex(before, 0, measure.start) if before else measure.start
    return start, after.end() if after else measure.end
