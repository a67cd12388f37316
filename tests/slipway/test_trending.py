from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from notes.model import ItemStatus, Topic
from notes.trends import Period, Trend, TrendClass, TrendKind
from slipway.cells import cells
from slipway.store.store import Store
from slipway.trend_lines import spark, trend_lines
from slipway.trend_reach import reach_of
from slipway.trending import trend_document
from tests.slipway.boxes import item, record
from tests.slipway.houses import House
from tests.slipway.inside import Inside

TODAY = date(2026, 2, 20)
HONG_KONG = ZoneInfo("Asia/Hong_Kong")


def moment(days_ago, hour=4):
    return datetime(2026, 2, 20, hour, tzinfo=UTC) - timedelta(days=days_ago)


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path / 'box.db'}") as opened:
        yield opened


def entry(number, *, days_ago, published=True, hour=4, **more):
    when = moment(days_ago, hour) if published else None
    return item(f"url:example.org/{number}", guid=str(number), title=f"Title {number}", published=when, **more)


@pytest.mark.parametrize(
    ("published", "seen", "day"),
    [
        pytest.param(moment(3), moment(1), date(2026, 2, 17), id="published"),
        pytest.param(None, moment(1), date(2026, 2, 19), id="no date: when it came"),
        pytest.param(moment(-9), moment(1), date(2026, 2, 19), id="a date in the future"),
        pytest.param(moment(3, hour=20), moment(1), date(2026, 2, 18), id="the local day"),
        pytest.param(moment(400), moment(1), None, id="long ago"),
    ],
)
def test_the_day_of_an_arrival(store, published, seen, day):
    record(store, item(published=published), now=seen)
    assert [one.day for one in store.arrivals(date(2026, 1, 1), TODAY, HONG_KONG)] == [day] * (day is not None)
    assert [one for one in store.arrival_days(TODAY, HONG_KONG) if one >= date(2026, 1, 1)] == [day] * (day is not None)


@pytest.mark.parametrize("status", [one for one in ItemStatus if one is not ItemStatus.PROMOTED])
def test_all_that_came_in_is_counted(store, status):
    record(store, entry(1, days_ago=2), now=moment(1))
    store.set_status([1], status, TODAY)
    counted = status not in (ItemStatus.DUPLICATE, ItemStatus.EXCLUDED)
    assert len(store.arrivals(date(2026, 1, 1), TODAY, HONG_KONG)) == counted
    assert store.arrival_days(TODAY, HONG_KONG).total() == counted


def test_arrivals_hold_what_is_counted(store):
    record(store, entry(1, days_ago=2, text="Words."), now=moment(1))
    (one,) = store.arrivals(TODAY - timedelta(days=2), TODAY - timedelta(days=2), HONG_KONG)
    assert (one.id, one.source, one.title, one.text, one.note_id) == (1, "lab", "Title 1", "Words.", "")


def test_notes_alone_can_be_asked_for(store):
    record(store, entry(1, days_ago=2), now=moment(1))
    assert store.arrivals(date(2026, 1, 1), TODAY, HONG_KONG, noted=True) == ()


KIRITIMATI, ST_JOHNS, AZORES = map(ZoneInfo, ("Pacific/Kiritimati", "America/St_Johns", "Atlantic/Azores"))
SECOND = timedelta(seconds=1)
ZONED = pytest.mark.parametrize(
    ("zone", "first", "last"),
    [
        pytest.param(HONG_KONG, TODAY, TODAY, id="one day"),
        pytest.param(KIRITIMATI, TODAY - timedelta(days=2), TODAY, id="14 hours ahead"),
        pytest.param(ST_JOHNS, TODAY - timedelta(days=2), TODAY, id="three and a half behind"),
        pytest.param(AZORES, date(2025, 10, 26), date(2025, 10, 26), id="the day of 25 hours"),
    ],
)


def edges(first, last, zone):
    """The last second before the days, their first, one within, their last, the first after, and one long after."""
    start, over = (datetime(day.year, day.month, day.day, tzinfo=zone) for day in (first, last + timedelta(days=1)))
    begin, end = start.astimezone(UTC), over.astimezone(UTC)
    return [begin - SECOND, begin, begin + (end - begin) / 2, end - SECOND, end, end + timedelta(days=9)]


@ZONED
def test_arrivals_are_of_the_days_asked_for_to_the_second(store, zone, first, last):
    moments = edges(first, last, zone)
    within = []
    for at, seen in enumerate(moments):
        works = [(f"{at}-{place}", published) for place, published in enumerate((None, *moments))]
        items = [item(f"url:example.org/{name}", guid=name, title=name, published=when) for name, when in works]
        record(store, *items, now=seen)
        within += [name for name, when in works if moments[1] <= min(when or seen, seen) <= moments[3]]
    assert len(within) == 24  # neither none nor all of 42
    assert [one.title for one in store.arrivals(first, last, zone)] == within
    counts = store.arrival_days(last, zone)
    assert sum(count for day, count in counts.items() if day >= first) == len(within)


ENTRY = """<item><title>{title}</title><link>https://blog.example.org/{at}</link><guid isPermaLink="false">{at}</guid>
<pubDate>{day:%a, %d %b %Y} 04:00:00 GMT</pubDate><description>{text}</description></item>"""


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    """A house whose feed tells of world models more and more."""
    house = House.build(tmp_path_factory.mktemp("trends"), language="zh-Hant")
    entries = []
    for back in range(56):
        for number in range(6):
            held = back < 28 and number < 3
            at, day = f"{back}-{number}", TODAY - timedelta(days=back)
            title = f"World models for task {at}" if held else f"Notes of day {back}, part {number}"
            text = f"World models dream of task {at}." if held else f"What happened on day {back}: part {number} of it."
            entries.append(ENTRY.format(title=title, at=at, day=day, text=text))
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title><link>https://blog.example.org/</link>'
    (house.root / "feed.xml").write_text(f"{head}{''.join(entries)}</channel></rss>", encoding="utf-8")
    house.run("fetch", "--date", f"{TODAY}")
    return house


def test_what_was_only_fetched_is_counted(house, capsys):
    document = Inside(house, capsys).json("trends", "--date", f"{TODAY}")
    (trend,) = (one for one in document["trends"] if one["kind"] == "phrase")
    assert (trend["class"], trend["name"], trend["recent"], trend["baseline"]) == ("emerging", "world models", 84, 0.0)
    assert [one["count"] for one in trend["counts"]] == [0, 0, 0, 0, 21, 21, 21, 21]
    assert {one["volume"] for one in trend["counts"]} == {42}
    assert trend["q_value"] < 0.001


def test_the_same_question_has_the_same_answer(house, capsys):
    inside = Inside(house, capsys)
    answers = {json.dumps(inside.json("trends", "--date", f"{TODAY}")) for _ in range(2)}
    assert len(answers) == 1


def test_the_table(house, capsys):
    told = Inside(house, capsys).run("trends", "--date", f"{TODAY}", "--phrases").stdout.splitlines()
    assert told[0] == "2026-01-24 to 2026-02-20: 168 texts; 2025-12-27 to 2026-01-23: 168 texts"
    assert told[-1] == "emerging  ····████   84       0.0  “world models”"


def test_by_month(house, capsys):
    document = Inside(house, capsys).json("trends", "--date", f"{TODAY}", "--by", "month")
    starts = [one["start"] for one in document["trends"][0]["counts"]]
    assert starts == ["2025-12-01", "2026-01-01", "2026-02-01"]


def test_a_kind_that_is_not_there(house, capsys):
    told = Inside(house, capsys).run("trends", "--date", f"{TODAY}", "--topics").stdout
    assert told == "no topic yet: 336 texts on 56 days from 2025-12-27 to 2026-02-20\n"


def test_where_nothing_came_in_the_last_day_that_knows_something_is_named(house, capsys):
    inside = Inside(house, capsys)
    later = TODAY + timedelta(days=300)
    told = inside.run("trends", "--date", f"{later}").stdout
    newest = re.search(r"`slipway (trends --date [-\d]+)`", told)
    assert re.match(
        r"nothing came in from 2026-10-23 to 2026-12-17: the newest of \d+ texts is of 2026-\d\d-\d\d; ", told
    )
    assert "texts; " in inside.run(*newest[1].split()).stdout
    before = TODAY - timedelta(days=3000)
    assert inside.run("trends", "--date", f"{before}").stdout == "nothing came in yet: `slipway run` does the night\n"


REACHES = {
    "one text long ago": (
        {date(2025, 1, 1): 1},
        "nothing came in from 2025-12-27 to 2026-02-20: the only text is of 2025-01-01; "
        "`slipway trends --date 2025-01-01` counts up to there",
    ),
    "two texts": (
        {TODAY: 1, date(2025, 12, 27): 1},
        "no topic yet, and no phrase rises or falls for sure: 2 texts on 2 days from 2025-12-27 to 2026-02-20",
    ),
    "one night": (
        {TODAY: 9},
        "no topic yet, and no phrase rises or falls for sure: 9 texts on 1 day from 2026-02-20 to 2026-02-20",
    ),
}


@pytest.mark.parametrize("case", REACHES)
def test_why_there_is_nothing(case):
    known, told = REACHES[case]
    assert reach_of(known, date(2025, 12, 27), TODAY).why_nothing() == told


@pytest.mark.parametrize(
    ("known", "is_young"),
    [
        ({}, False),
        ({TODAY: 9}, True),
        ({TODAY: 9, date(2025, 12, 27): 1}, False),
        ({TODAY: 9, date(2025, 1, 1): 1}, False),
    ],
    ids=["empty", "one night", "since the first day", "older"],
)
def test_a_young_house_says_from_when_on_anything_is_known(known, is_young):
    reach = reach_of(known, date(2025, 12, 27), TODAY)
    assert reach.is_young is is_young
    if is_young:
        assert reach.told() == "nothing is older than 2026-02-20; texts came in on 1 of the 56 days"


def periods(*counts, volume=100):
    first = TODAY - timedelta(days=7 * len(counts) - 1)
    starts = [first + timedelta(days=7 * at) for at in range(len(counts))]
    return tuple(
        Period(start, start + timedelta(days=6), count, volume if count is not None else 0)
        for start, count in zip(starts, (count or 0 for count in counts), strict=True)
    )


@pytest.mark.parametrize(
    ("counts", "bars"),
    [
        pytest.param((0, 1, 2, 4, 8), "·▁▂▄█", id="rising"),
        pytest.param((3, 3, 3), "███", id="level"),
        pytest.param((0, 0), "··", id="nothing"),
        pytest.param(tuple(range(1, 49)), "▁▁▁▂▂▂▃▃▃▄▄▄▅▅▅▆▆▆▇▇▇███", id="48 weeks on 24 cells"),
    ],
)
def test_spark(counts, bars):
    assert spark(periods(*counts)) == bars


def test_a_gap_is_no_absence():
    gap = Period(TODAY, TODAY, 0, 0)
    assert spark((*periods(1), gap, *periods(2))) == "▄ █"


def trend(name, course=TrendClass.RISING, kind=TrendKind.TOPIC, counts=(1, 2, 3, 1234), terms=()):
    return Trend(
        rank=1,
        kind=kind,
        id=name,
        name=name,
        terms=terms or (name,),
        course=course,
        recent=counts[-1],
        baseline=12.3,
        lift=2.0,
        p_value=0.001,
        q_value=0.01,
        periods=periods(*counts, volume=12345),
        notes=(),
    )


NAMES = [
    "强化学习与可验证奖励、多智能体系统协作规划，以及很长很长的名字一直写到行末还没有写完的题目",
    "強化學習",
    "On-policy distillation and everything that ever came after it in a name that is far too long for one line",
    "RLVR\x1b[31m red",
    "e\u0301tude",
]


@pytest.mark.parametrize("width", [40, 80, 120])
def test_lines_fit_and_columns_stand_below_each_other(width):
    lines = list(trend_lines([trend(name) for name in NAMES], {"強化學習": "强化学习"}, width, every=False))
    rows = lines[2:]
    assert all(cells(line) <= width for line in rows)
    assert not any("\x1b" in line for line in lines)
    assert "强化学习" in rows[2]
    starts = [cells(row[: row.index("12.3") + 4]) for row in rows[1:]]
    assert all(one == other for one, other in pairwise(starts))


def test_phrases_of_one_development_are_one_line_and_all_of_the_document():
    first = trend("reasoning models", kind=TrendKind.PHRASE, terms=("reasoning models", "LRMs"))
    second = replace(trend("reasoning traces", kind=TrendKind.PHRASE), group="reasoning models")
    alone = replace(trend("robot arms", kind=TrendKind.PHRASE), group="not among them")
    shown = list(trend_lines([first, second, alone], {}, 120, every=False))[3:]
    assert [line.partition("“")[2] for line in shown] == [
        "reasoning models, LRMs” (with reasoning traces)",
        "robot arms”",
    ]
    assert [trend_document(one)["group"] for one in (first, second)] == ["reasoning models", "reasoning models"]


def test_what_stands_still_is_counted():
    still = [trend("a", TrendClass.STEADY), trend("b", TrendClass.STEADY), trend("c", TrendClass.ASLEEP)]
    lines = list(trend_lines(still, {}, 80, every=False))
    assert lines[1:] == [
        "nothing rises or falls for sure",
        "",
        "2 topics steady and 1 topic asleep; `--all` lists them",
    ]
    assert sum("steady" in line for line in trend_lines(still, {}, 80, every=True)) == 2


def test_a_topic_is_called_by_its_name_in_the_language_of_the_reader(tmp_path, capsys):
    house = House.build(tmp_path / "house", language="zh-Hant")
    house.run("fetch", "--date", f"{TODAY}")
    with Store.open(f"sqlite:///{house.root / '.slipway' / 'slipway.db'}") as store:
        names = (("en", "Skills"), ("zh-Hant", "技能"))
        topic = Topic(
            id="skills",
            name="Skills",
            terms=("skills",),
            note_ids=(),
            medoid="",
            first_seen=TODAY,
            last_seen=TODAY,
            names=names,
        )
        store.replace_topics([topic])
    inside = Inside(house, capsys)
    assert "技能" in inside.run("trends", "--date", f"{TODAY}", "--all").stdout
    assert inside.json("trends", "--date", f"{TODAY}")["trends"][0]["name"] == "Skills"
