"""The shape of a language's fixed words: what a post may say in words of its own."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from notes.model import Role
from notes.trends import TrendClass

__all__ = ["Concern", "Words"]


class Concern(StrEnum):
    """What a reader may care about."""

    PLACE = "place"
    COMPUTE = "compute"
    DEPLOYMENT = "deployment"
    WRITING = "writing"
    EDUCATION = "education"


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """The words of one language; ``lang`` is ``en``, ``zh-Hans`` or ``zh-Hant``.

    A field whose template has places names them in braces; headings and labels have none.
    """

    lang: str
    comma: str
    last_comma: str
    colon: str
    stop: str
    semicolon: str
    dash: str
    quote_open: str
    quote_close: str
    day_form: str
    span_form: str
    span_year_form: str
    span_month_form: str
    week_form: str
    notes_one: str
    notes_many: str
    sources_one: str
    sources_many: str
    works_one: str
    works_many: str
    roles: dict[Role, str]
    background: str
    untitled: str
    and_others: str
    original: str
    code: str
    dataset: str
    # daily
    daily_standfirst: str
    daily_group: str
    daily_quiet: str
    daily_topic: str
    daily_rest: str
    daily_figures: str
    also_in: str
    title_open: str
    title_close: str
    bracket_open: str
    bracket_close: str
    vault_same: str
    vault_shared: str
    read_beside: str
    in_vault: str
    vault_cites: str
    vault_close: str
    reviews: str
    also: str
    further: str
    further_one: str
    further_bare: str
    further_topic: str
    further_alone: str
    for_audience: str
    concerns: dict[Concern, str]
    concern_told: str
    try_code: str
    reproduce: str
    sources: str
    gist: str
    gist_quoted: str
    daily_lead: str
    daily_counts: str
    daily_with: str
    daily_rising: str
    daily_since: str
    daily_told: str
    releases: str
    daily_title: str
    daily_further: str
    tie_same: str
    tie_figure: str
    tie_disagrees: str
    tie_builds: str
    tie_compares: str
    tie_measured: str
    tie_applied: str
    tie_names: str
    tie_named: str
    tie_cites: str
    tie_shared: str
    tie_close: str
    # synthesis
    trends_title: str
    trends_plain_title: str
    range_label: str
    data_label: str
    data_text: str
    core_label: str
    core_plain: str
    insights: str
    insight_lead: str
    insight_figure: str
    table: str
    table_head: tuple[str, str, str, str, str]
    units: dict[str, str]
    bounds: Mapping[str, str]
    trends: str
    trend_weeks: str
    trend_terms: str
    trend_works: str
    breakthroughs: str
    bottlenecks: str
    watch: str
    watch_rising: str
    watch_new: str
    quarter_plain: str
    aside: str
    watch_carried: str
    actions: str
    this_week: str
    this_month: str
    this_quarter: str
    month_compare: str
    month_limit: str
    month_open: str
    read_deeply: str
    read_for: str
    quarter_topic: str
    links: str
    papers: str
    code_links: str
    benchmarks: str
    benchmark_line: str
    statement: str
    statement_source: str
    statement_silent: str
    statement_method: str
    month_form: str
    share_form: str
    texts_form: str
    asked_title: str
    asked_plain_title: str
    courses: dict[TrendClass, str]
    course_unsure: str
    latest_week: str
    latest_month: str
    latest_weeks: str
    latest_months: str
    insight_course: str
    core_course: str
    core_still: str
    insight_benchmark: str
    movements: str
    movements_head: tuple[str, str, str, str]
    movements_with: str
    movements_note: str
    against: str
    limits: str
    receding: str
    watch_phrase: str
    watch_benchmark: str
    task_read: str
    task_reproduce: str
    task_compare: str
    task_examine: str
    task_follow: str
    statement_kept: str
    by_model: str
    chart_axis: str
    chart_lift: str
    chart_over_time: str
    chart_told: str
    chart_moved: str

    def day(self, day: date) -> str:
        """A day as the language writes it."""
        return self.day_form.format(y=day.year, m=day.month, d=day.day, month=_MONTHS[day.month - 1])

    def span(self, start: date, end: date) -> str:
        """A stretch of days, both ends included; year and month are named once where they are the same."""
        return self.spans(start, end)[0]

    def spans(self, start: date, end: date) -> tuple[str, str]:
        """A stretch of days as it is written, and with both days whole, as posts had it once."""
        alike = self.span_month_form if start.month == end.month else self.span_year_form
        form = alike if start.year == end.year and start != end else self.span_form
        short = form.format(
            start=self.day(start),
            end=self.day(end),
            y=start.year,
            m=start.month,
            d=start.day,
            end_m=end.month,
            end_d=end.day,
            month=_MONTHS[start.month - 1],
            end_month=_MONTHS[end.month - 1],
        )
        return short, self.span_form.format(start=self.day(start), end=self.day(end))

    def week(self, day: date) -> str:
        """The ISO week that holds a day."""
        year, week, _ = day.isocalendar()
        return self.week_form.format(y=year, w=week)

    def month(self, day: date) -> str:
        """The month that holds a day."""
        return self.month_form.format(y=day.year, m=day.month, month=_MONTHS[day.month - 1])

    @property
    def gap(self) -> str:
        """What stands between two sentences: nothing where the full stop is as wide as a character."""
        return "" if self.stop == "。" else " "

    def share(self, count: int, volume: int) -> str:
        """``count`` of ``volume`` texts, and that as a percentage."""
        percent = 100 * count / volume if volume else 0.0
        return self.share_form.format(n=f"{count:,}", of=f"{volume:,}", percent=f"{percent:.1f}%")

    def texts(self, number: int) -> str:
        """``number`` texts that came in."""
        return self.texts_form.format(n=f"{number:,}")

    def notes(self, number: int) -> str:
        """``number`` notes."""
        return (self.notes_one if number == 1 else self.notes_many).format(n=number)

    def source_count(self, number: int) -> str:
        """``number`` sources."""
        return (self.sources_one if number == 1 else self.sources_many).format(n=number)

    def works(self, number: int) -> str:
        """``number`` works."""
        return (self.works_one if number == 1 else self.works_many).format(n=number)

    def quoted(self, text: str) -> str:
        """A text in the language's quotation marks."""
        return f"{self.quote_open}{text}{self.quote_close}"


_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
