"""What waits says for how long, and what takes it: an item that passed and found no place above all."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from notes.judging.promotion import Candidate, Rules, choose, is_without_place
from notes.judging.quality import Quality
from notes.model import ItemStatus
from slipway.cli.waiting import outlook, passed_over
from slipway.store.records import Decision
from slipway.store.store import Store
from tests.slipway.boxes import DAY, item, record
from tests.slipway.houses import House
from tests.slipway.inside import Inside

ZONE = ZoneInfo("Asia/Hong_Kong")
TAKEN = "waits: the night's places were taken"
SHARE = "waits: Agents: skills has had its share tonight"
BELOW = "waits: score below 0.5"


def candidate(slip: int, score: float, **more: object) -> Candidate:
    return Candidate(slip=slip, key=str(slip), quality=Quality(score, score, (), {}), closest=0.9, **more)


def test_the_words_of_the_choice_are_known():
    """What promotion says of those without a place, this module must recognise, and nothing else."""
    rules = Rules(threshold=0.5, closeness=0.3, budget=2, max_age=30, per_feed=1)
    same = {"feed": "lab"}
    verdicts = choose(
        [candidate(1, 0.9, **same), candidate(2, 0.8, **same), candidate(3, 0.7), candidate(4, 0.6), candidate(5, 0.1)],
        rules,
        date(2026, 2, 20),
    )
    assert [is_without_place(one.reasons) for one in verdicts] == [False, True, False, True, False]


def document(reasons: list[str], **more: object) -> dict[str, object]:
    seen = datetime(2026, 2, 20, 17, tzinfo=ZoneInfo("UTC")).isoformat()
    return {"item": 12, "status": "inbox", "score": 0.9, "reasons": reasons, "first_seen": seen} | more


AGAIN = "weighed again when something new connects to it, or when your answers have changed"
PASSED = f"it passed, and the next night's places go to what is new: {AGAIN}"
UNTIL = "until 2026-03-23; `slipway inbox promote 12` makes a note of it now"


@pytest.mark.parametrize(
    ("told_of", "lines"),
    [
        (document([TAKEN]), [PASSED, UNTIL]),
        (document(["interest x", SHARE]), [PASSED, UNTIL]),
        (document([BELOW]), [AGAIN, UNTIL]),
        (document([], score=None), ["the next night tries it once more", UNTIL]),
        (document([TAKEN], status="promoted"), []),
        (document([TAKEN], status="expired"), []),
    ],
    ids=["no place", "no share", "below", "unscored", "promoted", "expired"],
)
def test_what_becomes_of_an_item(told_of, lines):
    assert list(outlook(told_of, 30, ZONE)) == lines


@pytest.mark.parametrize(
    ("reasons", "beginning"),
    [([], ""), ([[BELOW]], ""), ([[TAKEN]], "1 item passed"), ([[TAKEN], [SHARE], [BELOW]], "2 items passed")],
    ids=["none", "below", "one", "two"],
)
def test_a_list_counts_those_without_a_place(reasons, beginning):
    told = passed_over([{"status": "inbox", "reasons": one} for one in reasons])
    assert told.startswith(beginning)
    assert bool(told) is bool(beginning)
    assert passed_over([{"status": "expired", "reasons": [TAKEN]}]) == ""


def test_both_commands_say_it_and_programs_are_left_in_peace(tmp_path, capsys):
    house = House.build(tmp_path)
    with Store.open(f"sqlite:///{tmp_path / '.slipway' / 'slipway.db'}") as store:
        record(store, *(item(f"url:x.org/{n}", guid=f"g{n}", title=f"Story {n}", source="lab") for n in (1, 2)))
        store.decide([Decision(1, ItemStatus.INBOX, 0.9, (TAKEN,)), Decision(2, ItemStatus.INBOX, 0.1, (BELOW,))], DAY)
        last = store.slip(1).first_seen + timedelta(days=30)
    inside = Inside(house, capsys)
    listed = inside.run("inbox", "list")
    assert len(listed.stdout.splitlines()) == 2
    assert listed.stderr.startswith("note: 1 item passed and found no place that night")
    assert inside.run("inbox", "list", "--json").stderr == ""
    explained = inside.run("explain", "item-1").stdout
    assert f"  waits   {PASSED}\n          until {last.astimezone(ZONE):%Y-%m-%d}; " in explained
