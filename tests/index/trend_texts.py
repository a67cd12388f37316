"""A made-up corpus for trends: so many texts a day, each on a subject, some of which hold a phrase."""

from __future__ import annotations

from datetime import date, timedelta

from index.trends.dated import Dated

TODAY = date(2026, 2, 20)
WORDS = "sparse attention kernels optimal transport protein folding graph search radar imaging speech synthesis".split()

COMPANY = "Bregman divergences, proximal steps, regret bounds, dual averaging."
"""What texts that hold the phrase have in common besides it: without, they would belong to no subject."""


def days(weeks, today=TODAY):
    """The days of so many weeks up to today, oldest first."""
    return [today - timedelta(days=back) for back in reversed(range(7 * weeks))]


def text(day, number, title, body, *, source="lab", lang="en"):
    return Dated(f"{day:%Y%m%d}-{number:03}", day, source, title, body, lang, noted=number % 2 == 0)


def corpus(
    weeks=8,
    *,
    volume=lambda day, week: 20,
    share=lambda week: 0.1,
    phrase="mirror descent",
    source="lab",
    in_title=True,
):
    """``volume(day, week)`` texts a day; of every ten or so, ``share(week)`` of a week's hold ``phrase``."""
    made = []
    owed = 0.0
    for place, day in enumerate(days(weeks)):
        week = place // 7
        for number in range(volume(day, week)):
            owed += share(week)
            held = owed >= 1
            owed -= held
            first, second = WORDS[2 * (len(made) % 6)], WORDS[2 * (len(made) % 6) + 1]
            title = f"{phrase.title()} for {first} {second}" if held and in_title else f"Notes on {first} {second}"
            body = f"We look at the {first} {second}. " + (
                f"It rests on {phrase}. " if held else "It rests on what is there. "
            )
            made.append(text(day, number, title, body, source=source))
    return made
