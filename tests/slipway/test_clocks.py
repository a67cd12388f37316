"""Days that are not as they should be: midnight during a run, a clock a year ahead, weeks asleep, nights that died."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from notes.clock import Clock, FixedClock
from notes.errors import SlipwayError
from notes.files.frontmatter import read
from notes.model import ItemStatus
from publish.synthesis import Occasion, OccasionKind
from slipway import night
from slipway.answering import promote_now
from slipway.app import App, StageResult
from slipway.config import load_config
from slipway.console import Console
from slipway.night import run_night
from slipway.stages.promote import promote
from tests.slipway.boxes import item
from tests.slipway.houses import WORKS, House

ZONE = ZoneInfo("Asia/Hong_Kong")
STAGES = ("fetch", "promote", "write")
TEXT = "We propose {name}, by which agents learn skills and a memory with reinforcement learning. On ALFWorld it reaches {n}.5%."


@dataclass
class WallClock:
    """The machine's clock, set by hand."""

    moment: datetime

    @classmethod
    def at(cls, day: str, time: str = "03:00") -> WallClock:
        return cls(datetime.fromisoformat(f"{day}T{time}").replace(tzinfo=ZONE))

    def now(self) -> datetime:
        return self.moment.astimezone(UTC)

    def today(self) -> date:
        return self.moment.astimezone(ZONE).date()


def work(name: str, number: int) -> tuple[str, str, str]:
    return f"{name}: agents that learn", f"https://blog.example.org/{name}", TEXT.format(name=name, n=number)


def ran(house: House, clock: Clock, *works: tuple[str, str, str], stages: tuple[str, ...] = STAGES) -> None:
    """A night at this time, on which the feed has these works too."""
    if works:
        house.write_feed([*WORKS, *works])
    with opened(house, clock) as app:
        run_night(app, stages)


def opened(house: House, clock: Clock) -> App:
    return App(load_config(house.root / "slipway.toml"), clock, Console(quiet=True))


def built(root: Path) -> House:
    """A house to which nothing is too old."""
    house = House.build(root)
    toml = root / "slipway.toml"
    toml.write_text(toml.read_text().replace("max_age_days = 400", "max_age_days = 4000"))
    return house


def names(house: House, folder: str) -> list[str]:
    return sorted(path.name for path in (house.vault / folder).glob("*.md"))


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory) -> House:
    """A house after the night of the 20th of December."""
    house = built(tmp_path_factory.mktemp("house"))
    ran(house, WallClock.at("2026-12-20"))
    return house


@pytest.fixture
def house(lived_in, tmp_path) -> House:
    shutil.copytree(lived_in.root, tmp_path / "house")
    return House(tmp_path / "house")


# --- year's end --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "week", "month"),
    [
        ("2026-12-27", "2026-W52", "2026-12"),
        ("2026-12-31", "2026-W53", "2026-12"),
        ("2027-01-01", "2026-W53", "2027-01"),
        ("2027-01-03", "2026-W53", "2027-01"),
        ("2027-01-04", "2027-W01", "2027-01"),
        ("2028-02-29", "2028-W09", "2028-02"),
        ("2029-12-31", "2030-W01", "2029-12"),
    ],
)
def test_a_week_is_of_the_year_that_holds_its_thursday(day, week, month):
    this = date.fromisoformat(day)
    assert Occasion(OccasionKind.WEEK, this).path == f"trends/{week}.md"
    assert Occasion(OccasionKind.MONTH, this).path == f"trends/{month}.md"


# --- midnight ----------------------------------------------------------------------------------------------------


def test_a_run_over_midnight_is_the_night_on_which_it_began(tmp_path, monkeypatch):
    """New Year's Eve: the notes of the night, its post, its week and its month are all of the old year."""
    house, clock = built(tmp_path / "house"), WallClock.at("2026-12-31", "23:58")
    begun = night._work

    def slow(name: str, **how: bool):
        def work(app: App) -> StageResult:
            done = begun(name, **how)(app)
            clock.moment += timedelta(minutes=3)
            return done

        return work

    monkeypatch.setattr(night, "_work", slow)
    ran(house, clock)
    assert clock.today() == date(2027, 1, 1)
    assert names(house, "posts") == ["2026-12-31.md"]
    assert names(house, "trends") == ["2026-12.md", "2026-W53.md"]
    assert {path.name[:8] for path in house.notes()} == {"20261231"}
    assert {path.parent.name for path in house.notes()} == {"2026"}


def test_after_the_lock_is_free_the_day_goes_on(house):
    clock = WallClock.at("2026-12-31", "23:58")
    with opened(house, clock) as app:
        with night.run_lock(app):
            clock.moment += timedelta(minutes=3)
            assert app.clock.today() == date(2026, 12, 31)
            assert app.clock.now() == clock.now()
        assert app.clock.today() == date(2027, 1, 1)


# --- a clock that was wrong --------------------------------------------------------------------------------------


def test_a_night_under_a_clock_a_year_ahead_silences_no_night_after_it(house):
    """The notes of that night keep their day; week, month and the page of today go on as if it had not been."""
    ran(house, WallClock.at("2027-12-21"), work("Ahead", 71))
    assert any(path.name.startswith("20271221") for path in house.notes())
    ran(house, WallClock.at("2026-12-22"), work("Ahead", 71), work("After", 72))
    assert "2026-W52.md" in names(house, "trends")
    assert "As of 2026-12-22." in (house.vault / "Today.md").read_text()
    ran(house, WallClock.at("2026-12-31"))
    assert "2026-12.md" in names(house, "trends")
    with opened(house, WallClock.at("2026-12-31")) as app:
        assert {topic.state.value for topic in app.store.topics()} <= {"living"}


def test_a_clock_that_is_behind_the_last_run_is_told_once(house):
    def warnings(clock: Clock) -> list[str]:
        with opened(house, clock) as app:
            return [told for told in run_night(app, ("fetch",)).warnings if "clock" in told]

    assert warnings(WallClock.at("2027-12-21")) == []
    assert warnings(FixedClock(date(2026, 12, 22), ZONE)) == [], "a day that is made up for is no wrong clock"
    assert warnings(WallClock.at("2027-12-21", "04:00")) == []
    assert warnings(WallClock.at("2026-12-22")) == [
        "the last run began on 2027-12-21 04:00, which has not come by this machine's clock: see whether the clock is right"
    ]
    assert warnings(WallClock.at("2026-12-22")) == []


def test_a_day_made_up_for_still_takes_nothing_back(house):
    """The control to the above: with --date it is no wrong clock."""
    ran(house, WallClock.at("2026-12-22"), work("After", 72))
    today, week = (house.vault / "Today.md").read_bytes(), (house.vault / "trends" / "2026-W52.md").read_bytes()
    house.write_feed([*WORKS, work("After", 72), work("Earlier", 73)])
    ran(house, FixedClock(date(2026, 12, 21), ZONE))
    assert any("earlier" in path.name for path in house.notes())
    assert (house.vault / "Today.md").read_bytes() == today
    assert (house.vault / "trends" / "2026-W52.md").read_bytes() == week


def test_what_a_clock_a_year_ahead_put_away_waits_again(house):
    def waiting(at: str) -> list[str]:
        with opened(house, WallClock.at(at)) as app:
            return [slip.item.title for slip in app.store.slips(ItemStatus.INBOX)]

    before = waiting("2026-12-21")
    assert before
    ran(house, WallClock.at("2027-12-21"))
    assert waiting("2027-12-21") == []
    ran(house, WallClock.at("2026-12-22"))
    assert waiting("2026-12-22") == before
    ran(house, WallClock.at("2027-12-21"))
    ran(house, WallClock.at("2027-12-22"))
    assert waiting("2027-12-22") == [], "what is stale by now stays away"


@pytest.mark.parametrize("wrong", ["2038-02-01", "1970-01-01"])
def test_what_came_before_a_wrong_clock_is_still_found_by_likeness(house, wrong):
    """Else a story that another source tells once more would come twice."""
    ran(house, WallClock.at(wrong), work("Odd", 71))
    for at in ("2026-12-21", "2026-12-22"):
        ran(house, WallClock.at(at))
        title, _, text = WORKS[2]
        again = item(f"url:{at}.example", source=at, guid=at, title=title, text=f"{text} Told once more on {at}.")
        with opened(house, WallClock.at(at)) as app:
            counts = app.store.record_fetch(
                at, "rss", at, etag="", last_modified="", body_sha256="", items=[again], now=app.clock.now()
            )
        assert (counts.new, counts.seen) == (0, 1)


# --- weeks asleep ------------------------------------------------------------------------------------------------


def test_the_month_before_a_long_absence_is_written_by_the_first_night_after_it(house):
    """Asleep from before Christmas into February: December is told, January had nothing."""
    ran(house, WallClock.at("2027-02-03"), work("Back", 74))
    assert names(house, "trends") == ["2026-12.md", "2026-W51.md", "2027-W05.md"]
    text = (house.vault / "trends" / "2026-12.md").read_text()
    assert "1 to 31 December 2026" in text
    assert read(text)[0]["created"] == date(2027, 2, 3)
    files = house.files("vault")
    ran(house, WallClock.at("2027-02-03", "04:00"))
    assert house.files("vault") == files


# --- nights that died --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("stages", [("fetch", "promote"), ("fetch", "promote", "fails")], ids=["stopped", "failed"])
def test_what_a_night_that_died_had_to_tell_is_told_by_the_next(house, monkeypatch, stages):
    begun = night._work

    def failing(name: str, **how: bool):
        if name != "fails":
            return begun(name, **how)

        def fail(app: App) -> StageResult:
            raise SlipwayError("no space left on device")

        return fail

    monkeypatch.setattr(night, "_work", failing)
    house.write_feed([*WORKS, work("Untold", 75)])
    if "fails" in stages:
        with pytest.raises(SlipwayError):
            ran(house, WallClock.at("2026-12-30"), stages=stages)
    else:
        with opened(house, WallClock.at("2026-12-30")) as app, night.run_lock(app):
            app.store.begin_run(app.clock.today(), app.clock.now())  # killed: nobody ends it
            begun("fetch", offline=False, at_once=False)(app)
            promote(app)
    assert names(house, "posts") == ["2026-12-20.md"]
    ran(house, WallClock.at("2027-01-02"), work("Untold", 75), work("Next", 76))
    assert names(house, "posts") == ["2026-12-20.md", "2026-12-30.md", "2027-01-02.md"]
    assert "Untold" in (house.vault / "posts" / "2026-12-30.md").read_text()
    files = house.files("vault")
    ran(house, WallClock.at("2027-01-02", "04:00"))
    assert house.files("vault") == files


def test_a_note_made_by_hand_after_a_night_that_went_well_makes_no_post_of_its_own(house):
    """As it was: posts are of what a night found."""
    with opened(house, WallClock.at("2026-12-25", "03:00")) as app:
        run_night(app, STAGES)
        (slip,) = app.store.slips(ItemStatus.INBOX)
    with opened(house, WallClock.at("2026-12-25", "12:00")) as app:
        promote_now(app, [slip.id])
    ran(house, WallClock.at("2026-12-26"))
    assert names(house, "posts") == ["2026-12-20.md"]
