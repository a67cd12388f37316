"""``slipway inbox``: filters, stretches of numbers, and taking back what was said."""

from __future__ import annotations

import pytest

from notes.model import ItemStatus
from slipway.store.records import Decision
from slipway.store.store import Store
from tests.slipway.boxes import DAY, item, record
from tests.slipway.houses import House
from tests.slipway.inside import Inside


@pytest.fixture
def house(tmp_path, capsys) -> Inside:
    """Six items wait in the box: the first four of the lab, two of another source; the third is not scored."""
    house = House.build(tmp_path)
    with Store.open(f"sqlite:///{tmp_path / '.slipway' / 'slipway.db'}") as store:
        record(store, *(item(f"url:x.org/{n}", guid=f"g{n}", title=f"Story {n}", source="lab") for n in range(1, 5)))
        record(store, *(item(f"url:y.org/{n}", guid=f"h{n}", title=f"Tale {n}", source="tea") for n in range(5, 7)))
        scores = {1: 0.1, 2: 0.9, 4: 0.5, 5: 0.7, 6: 0.3}
        store.decide([Decision(n, ItemStatus.INBOX, score, ("close",)) for n, score in scores.items()], DAY)
    return Inside(house, capsys)


def numbers(house, *args):
    return [one["id"] for one in house.json("inbox", "list", *args)["items"]]


FILTERS = {
    "best first": ((), [2, 5, 4, 6, 1, 3]),
    "of a source": (("--source", "tea"), [5, 6]),
    "by score": (("--min-score", "0.5"), [2, 5, 4]),
    "unscored are not 0.0": (("--min-score", "0.0"), [2, 5, 4, 6, 1]),
    "so many": (("-n", "2"), [2, 5]),
    "all of it together": (("--all", "--source", "lab", "--min-score", "0.2", "-n", "1"), [2]),
    "nothing": (("--min-score", "1"), []),
}


@pytest.mark.parametrize(("args", "wanted"), FILTERS.values(), ids=FILTERS.keys())
def test_filters(house, args, wanted):
    assert numbers(house, *args) == wanted


def test_a_list_for_people(house):
    lines = house.run("inbox", "list", "-n", "2").stdout.splitlines()
    assert lines[0].split() == ["2", "0.90", "inbox", "lab", "Story", "2"]
    assert lines[2] == "and 4 more items"
    assert "nothing like that waits" in house.run("inbox", "list", "--min-score", "1").stdout


def test_a_source_that_is_none_is_told(house):
    assert "did you mean 'lab'?" in house.run("inbox", "list", "--source", "lba", code=2).stderr
    # A source that is configured no more, but whose items wait, is one.
    assert numbers(house, "--source", "tea") == [5, 6]


@pytest.mark.parametrize(
    ("said", "wanted"), [("LAB", [2, 1, 4, 3]), ("notes", [2, 1, 4, 3]), ("ea", [5, 6])], ids=["case", "title", "part"]
)
def test_a_source_goes_by_its_title_or_a_part_of_its_names(house, said, wanted):
    config = house.house.root / "slipway.toml"
    config.write_text(config.read_text().replace('key = "lab"\n', 'key = "lab"\ntitle = "Lab Notes"\n'))
    assert sorted(numbers(house, "--source", said)) == sorted(wanted)


def test_a_part_that_several_sources_have_is_no_name(house):
    said = house.run("inbox", "list", "--source", "a", code=2).stderr
    assert "did you mean 'lab' or 'tea'?" in said


CHOICES = {
    "a number": (["2"], [2]),
    "an id": (["item-2"], [2]),
    "several, each once": (["2", "item-4", "2"], [2, 4]),
    "a stretch": (["2-4"], [2, 3, 4]),
    "a stretch of ids": (["item-2..item-4"], [2, 3, 4]),
    "a stretch holds what there is": (["5-900"], [5, 6]),
}


@pytest.mark.parametrize(("ids", "gone"), CHOICES.values(), ids=CHOICES.keys())
def test_dismiss(house, ids, gone):
    said = house.run("inbox", "dismiss", *ids).stdout
    assert sorted(set(range(1, 7)) - set(numbers(house))) == gone
    for number in gone:
        assert f"dismissed item-{number}  " in said
    assert f"`slipway inbox undo{f' -n {len(gone)}' if len(gone) > 1 else ''}`" in said


def test_a_stretch_passes_over_what_does_not_wait_but_a_number_is_doubted(house):
    house.run("inbox", "dismiss", "2")
    house.run("inbox", "dismiss", "1-3")
    assert numbers(house) == [5, 4, 6]
    assert "is dismissed already" in house.run("inbox", "dismiss", "4", "2", code=2).stderr
    assert numbers(house) == [5, 4, 6]


WRONG = {
    "no number": (["x"], "write its number: 12, item-12 or 12-20"),
    "backwards": (["4-2"], "write 2-4"),
    "a stretch of nothing": (["700-800"], "none of the items 700 to 800 waits"),
    "an item that is none": (["99999"], "no item has the number 99999"),
    "nothing": ([], "ID"),
    "a number that no database holds": (["9" * 18], "no item has the number"),
    "a stretch that no memory holds": (["7-" + "9" * 18], "none of the items 7 to 99"),
}


@pytest.mark.parametrize("verdict", ["promote", "dismiss"])
@pytest.mark.parametrize(("ids", "said"), WRONG.values(), ids=WRONG.keys())
def test_mistakes(house, verdict, ids, said):
    assert said in house.run("inbox", verdict, *ids, code=2).stderr
    assert len(numbers(house)) == 6


def test_undo_works_back_and_says_what_it_took_back(house):
    for number in (1, 2, 3):
        house.run("inbox", "dismiss", str(number))
    assert "Story 3" in house.run("inbox", "undo").stdout
    assert sorted(numbers(house)) == [3, 4, 5, 6]
    first, second = house.run("inbox", "undo", "-n", "9").stdout.splitlines()
    assert "Story 2" in first
    assert "Story 1" in second
    assert len(numbers(house)) == 6
    assert "nothing to take back" in house.run("inbox", "undo", code=2).stderr
    assert house.json("inbox", "undo") == {"undone": []}


def test_history(house):
    assert "answered nothing yet" in house.run("inbox", "history").stdout
    house.run("inbox", "dismiss", "1")
    house.run("inbox", "dismiss", "2")
    house.run("inbox", "undo")
    newest, oldest = house.json("inbox", "history")["answers"]
    assert (newest["item"], newest["verdict"], newest["origin"], bool(newest["undone_at"])) == (
        2,
        "dismiss",
        "inbox",
        True,
    )
    assert (oldest["item"], oldest["title"], oldest["undone_at"]) == (1, "Story 1", None)
    assert len(house.json("inbox", "history", "-n", "1")["answers"]) == 1
    lines = house.run("inbox", "history").stdout.splitlines()
    assert "item-2" in lines[0]
    assert "(taken back " in lines[0]
    assert "by command" in lines[1]
