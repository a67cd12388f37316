"""How a trend goes, in words that can be counted again, in tables and in charts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from notes.model import Tally, TallyKind, Topic
from notes.trends import Period, Trend, TrendClass, TrendKind, lines
from publish import charts
from publish.post import page, telling
from publish.post.draft import Draft
from publish.post.phrase import Phrase, Span, Statement, fill, fixed, joined, outside
from publish.synthesis.window import FALLING, RISING, Window
from publish.wording.words import Words

__all__ = ["LEAST_LOST", "counted", "course_line", "movements", "name_of", "topic_name"]

LEAST_LOST = 2.0
"""Texts fewer than expected, from which a fall is worth a line."""

_LONG_PERIOD = timedelta(days=13)  # from which a period is no week
_MOST_RISING_TOPICS = 5
_MOST_PHRASES = 5
_MOST_FALLING = 4
_MOST_WITNESSES = 2
_MUCH = 2.0  # times as frequent, or half


def counted(trend: Trend, words: Words) -> tuple[Phrase, tuple[Tally, ...]]:
    """The share of the latest period and that of all before it, with the tallies that let the checker count again."""
    latest, before = _latest(trend, words), _before(trend, words)
    template = _template(trend, words)
    phrase = fill(template, now=fixed(latest.text), before=fixed(before.text))
    return phrase, (latest, before)


def course_line(draft: Draft, trend: Trend) -> str:
    """How the trend goes and by which counts; nothing where nothing came in before that it could be held against."""
    words = draft.words
    if not trend.earlier.volume:
        return ""
    counts, tallies = counted(trend, words)
    course = words.course_unsure if _is_unsure(trend) else words.courses[trend.course]
    head = Span(course[:1].upper() + course[1:], ours=True, bold=(course[:1].upper() + course[1:],))
    witnesses = _witnesses(draft, trend)
    # All that came in is counted, not only notes: the newest that bear it out stand for them.
    phrase = (head, *fixed(words.colon), *counts, *fixed(words.stop), Span("", refs=witnesses[:_MOST_WITNESSES]))
    return draft.say(Statement(phrase, witnesses, tallies=tallies, cited=True), again=True)


def _is_unsure(trend: Trend) -> bool:
    """Whether it doubled or halved, by the test's measure or by the shares that are shown, and may have done so by chance."""
    if trend.course is not TrendClass.STEADY:
        return False
    now, before = trend.latest.share, trend.earlier.share
    return not 1 / _MUCH < trend.lift < _MUCH or not before / _MUCH < now < before * _MUCH


def movements(draft: Draft, seen: Window) -> list[str]:
    """A table of what surely rises and falls, topics before phrases, below a chart of the same; nothing where nothing moves.

    Phrases that tell of the same development are one line, the first of them with its counts.
    """
    rows: list[list[str]] = []
    shown: list[Trend] = []
    for trend, behind in _moving(seen):
        if cells := _row(draft, seen, trend, behind):
            rows.append(cells)
            shown.append(trend)
    if not rows:
        return []
    names = [name_of(trend, seen, draft.words) for trend in shown]
    chart = charts.movers(shown, lang=draft.words.lang, names=names)
    table = page.table(draft.words.movements_head, rows)
    return [page.heading(3, draft.words.movements), chart, table, draft.words.movements_note]


def name_of(trend: Trend, seen: Window, words: Words) -> str:
    """The trend's name for this reader."""
    topic = seen.topics.get(trend.id) if trend.kind is TrendKind.TOPIC else None
    return topic_name(topic, words) if topic else trend.name


def topic_name(topic: Topic, words: Words) -> str:
    """The topic's name for this reader."""
    return topic.name_in(words.lang)


def _moving(seen: Window) -> list[tuple[Trend, tuple[Trend, ...]]]:
    rising = lines(seen.moving(RISING, TrendKind.TOPIC))[:_MOST_RISING_TOPICS]
    phrases = lines(seen.moving(RISING, TrendKind.PHRASE))[:_MOST_PHRASES]
    # What falls most surely stands last.
    falling = lines(seen.moving(FALLING))[::-1]
    surely = [one for one in falling if one[0].recent + LEAST_LOST <= one[0].baseline][:_MOST_FALLING]
    return [*rising, *phrases, *surely]


def _row(draft: Draft, seen: Window, trend: Trend, behind: Sequence[Trend]) -> list[str]:
    words = draft.words
    latest, before = _latest(trend, words), _before(trend, words)
    witnesses = _witnesses(draft, trend)
    topic = seen.topics.get(trend.id) if trend.kind is TrendKind.TOPIC else None
    name = telling.topic_link(topic, words) if topic else _phrase_name(draft, trend, behind)
    witnesses = tuple(
        dict.fromkeys((*witnesses, *(note_id for one in behind for note_id in _witnesses(draft, one)[:1])))
    )
    tested = replace(latest, text=trend.certainty)
    course = fixed(f"{words.courses[trend.course]}{words.bracket_open}{tested.text}{words.bracket_close}")
    cells: list[Phrase] = [name, course, fixed(latest.text), fixed(before.text)]
    spans = tuple(span for cell in cells for span in (*cell, *fixed(" ")))
    if not draft.say(Statement(spans, witnesses, tallies=(latest, before, tested), cited=True), again=True):
        return []
    return [page.render(cell, draft.number, draft.target) for cell in cells]


def _phrase_name(draft: Draft, trend: Trend, behind: Sequence[Trend]) -> Phrase:
    """A phrase with the notes that bear it out, and those that tell of the same."""
    own = (*outside(trend.name), Span("", refs=_witnesses(draft, trend)[:_MOST_WITNESSES]))
    if not behind:
        return own
    others = [(*outside(one.name), Span("", refs=_witnesses(draft, one)[:1])) for one in behind]
    return fill(draft.words.movements_with, name=own, others=joined(draft.words, others, open_ended=True))


def _latest(trend: Trend, words: Words) -> Tally:
    return _share(trend, trend.latest, words)


def _before(trend: Trend, words: Words) -> Tally:
    return _share(trend, trend.earlier, words)


def _share(trend: Trend, held: Period, words: Words) -> Tally:
    return Tally(words.share(held.count, held.volume), TallyKind.TREND, (), held.start, held.end, trend.key)


def _witnesses(draft: Draft, trend: Trend) -> tuple[str, ...]:
    return tuple(note_id for note_id in trend.notes if note_id in draft.notes)


def _template(trend: Trend, words: Words) -> str:
    is_long = trend.periods[-1].end - trend.periods[-1].start > _LONG_PERIOD
    if trend.span == 1:
        return words.latest_month if is_long else words.latest_week
    return words.latest_months if is_long else words.latest_weeks
