"""Judging: what answers teach, what is tried again, who is looked at, and that the same night decides the same."""

from __future__ import annotations

import re

import numpy as np
import pytest

from index.models.hashing import HashingEmbedder
from notes.errors import ModelError
from notes.judging.quality import UNSCORED
from notes.model import ItemStatus, Slip
from notes.quantities import figures
from slipway.stages.shelf import Shelf
from slipway.store.words import PROMOTE
from tests.slipway.boxes import item, record
from tests.slipway.nights import DAY, Box, entry, moment

INBOX, PROMOTED = ItemStatus.INBOX, ItemStatus.PROMOTED


@pytest.fixture
def box(tmp_path):
    return Box(tmp_path)


def taught(folder, count=15, **more) -> Box:
    """A box whose user keeps what is about agents and puts away what is about bread, with one more of each to come."""
    box = Box(folder, "budget = 0", **more)
    box.arrive("agents", count)
    box.arrive("bread", count)
    box.night()
    box.answer(
        keep=[slip.id for slip in box.titled("agents")],
        away=[slip.id for slip in box.titled("bread")],
    )
    box.tomorrow()
    box.arrive("agents", 1, first=500)
    box.arrive("bread", 1, first=500)
    box.night()
    return box


def last(box, kind):
    return box.titled(f"{kind} ")[-1]


def test_a_night_scores_with_named_parts(box):
    box.arrive("agents", 3)
    box.arrive("other", 1)
    counts = box.night()
    assert (counts["scored"], counts["promoted"]) == (4, 3)
    for slip in box.titled("agents"):
        assert slip.status is PROMOTED
        assert {"relevance", "connection", "novelty", "substance", "source"} <= slip.parts.keys()
        assert slip.reasons[0].startswith("relevance ")
    (notice,) = box.titled("other")
    assert notice.status is INBOX


def test_a_second_run_decides_nothing(box):
    box.arrive("agents", 3)
    box.night()
    before = box.slips()
    assert box.night() == {"scored": 0, "promoted": 0, "expired": 0}
    assert box.slips() == before


def test_answers_raise_what_is_like_the_kept_and_lower_what_is_like_the_dismissed(tmp_path):
    few, many = taught(make(tmp_path / "few"), count=9), taught(make(tmp_path / "many"), count=15)
    assert not any("your answers" in reason for slip in few.slips() for reason in slip.reasons), "below twenty"
    agents, bread = last(many, "agents"), last(many, "bread")
    assert agents.score > bread.score + 0.15, (agents, bread)
    assert any("your answers lower" in reason for reason in bread.reasons)
    assert last(few, "bread").score > bread.score + 0.1


def make(folder):
    folder.mkdir()
    return folder


def test_the_same_answers_teach_the_same(tmp_path):
    one, other = taught(make(tmp_path / "one")), taught(make(tmp_path / "other"))
    assert [(slip.score, slip.parts, slip.reasons) for slip in one.slips()] == [
        (slip.score, slip.parts, slip.reasons) for slip in other.slips()
    ]


def test_what_is_taken_back_is_forgotten(tmp_path):
    box = taught(tmp_path)
    with box.app() as app:
        for answer in app.store.feedback():
            app.store.undo(answer, box.day, app.clock.now(), withdraw=answer.verdict == PROMOTE)
    box.tomorrow()
    box.arrive("bread", 1, first=900)
    box.night()
    assert not any("your answers" in reason for reason in last(box, "bread").reasons)


def test_clearing_the_inbox_does_not_stop_the_night(tmp_path):
    """Somebody puts away all that waits, ticks two and leaves the notes in peace: the next night finds as much as the first."""
    box = Box(tmp_path, "budget = 30")
    box.arrive("agents", 20)
    box.arrive("other", 40)
    assert box.night()["promoted"] == 20
    waiting = [slip.id for slip in box.slips(INBOX)]
    box.answer(keep=waiting[:2], away=waiting[2:])
    box.tomorrow()
    box.arrive("agents", 10, first=100)
    box.arrive("other", 10, first=100)
    assert box.night()["promoted"] >= 8
    assert [slip.item.source for slip in box.slips(PROMOTED)].count("other") == 2


def test_new_answers_stir_what_waits_and_the_same_ones_do_not(tmp_path):
    box = Box(tmp_path, "budget = 0")
    box.arrive("agents", 15)
    box.arrive("bread", 20)
    box.night()
    before = {slip.id: slip.score for slip in box.titled("bread")}
    box.answer(keep=[slip.id for slip in box.titled("agents")], away=sorted(before)[:15])
    box.tomorrow()
    assert box.night()["scored"] == 5
    after = {slip.id: slip.score for slip in box.slips(INBOX)}
    assert all(after[number] < before[number] for number in sorted(before)[15:])
    box.tomorrow()
    assert box.night()["scored"] == 0, "a quiet day stays quiet"


def test_what_waits_is_looked_at_only_when_something_touches_it(box):
    box.promote = "threshold = 0.99"
    box.arrive("agents", 3)
    box.arrive("other", 3)
    box.night()
    box.tomorrow()
    box.arrive("agents", 1, first=9)
    assert box.night()["scored"] == 4


def test_a_night_measures_its_newcomers_and_what_they_touch_and_nothing_else(tmp_path, monkeypatch):
    box = Box(tmp_path, "threshold = 0.99")
    box.arrive("agents", 10)
    box.arrive("bread", 30)
    box.night()
    asked, measured = [], []
    near, find = Shelf.near, figures.find
    monkeypatch.setattr(Shelf, "near", lambda self, names: asked.extend(names) or near(self, names))
    monkeypatch.setattr(figures, "find", lambda text: measured.append(text) or find(text))
    box.tomorrow()
    box.arrive("agents", 2, first=100)
    box.night()
    touched = {slip.id for slip in box.titled("agents")}
    assert {int(name.removeprefix("item-")) for name in asked} <= touched
    assert len(asked) == len(set(asked)) == len(measured) <= 12


TEASED = {"title": "ScreenPilot", "lang": "en", "published": moment(DAY), "source": "pilot"}
TEASER = item("url:pilot.example.org/1", text="Read more.", **TEASED)
WHOLE = item("url:pilot.example.org/1", text=entry("agents", 77).text + " " + entry("agents", 78).text, **TEASED)


def teased(box) -> Box:
    """A box in which a teaser has been scored and waits."""
    box.arrive("agents", 3)
    box.arrive("other", 5)
    post(box, TEASER)
    box.night()
    (slip,) = box.titled("ScreenPilot")
    assert (slip.status, slip.parts["relevance"]) == (INBOX, 0.0)
    box.tomorrow()
    return box


def completed(box) -> Slip:
    """The slip after a night on which its feed has sent all of it."""
    post(box, WHOLE)
    box.night()
    return box.titled("ScreenPilot")[0]


def fetched(box) -> Slip:
    """The slip after a night on which its article has come."""
    with box.app() as app:
        app.store.record_article(box.titled("ScreenPilot")[0].id, state="done", blocks=WHOLE.blocks)
    box.night()
    return box.titled("ScreenPilot")[0]


@pytest.mark.parametrize("come", [completed, fetched])
def test_what_waits_is_scored_anew_once_its_text_has_come(box, come):
    before = teased(box).titled("ScreenPilot")[0].score
    slip = come(box)
    assert slip.score > before + 0.2
    assert slip.status is PROMOTED
    assert box.night()["scored"] == 0, "once"


def test_only_what_has_changed_is_scored_anew(box):
    box.promote = "threshold = 0.99"
    before = {slip.id: slip for slip in teased(box).slips()}
    slip = completed(box)
    after = {one.id: one for one in box.slips()}
    assert slip.status is INBOX
    assert slip.score > before[slip.id].score + 0.2
    touched = {number for number in after if after[number] != before[number]}
    assert touched <= {slip.id, *(one.id for one in box.titled("agents"))}
    box.tomorrow()
    assert box.night()["scored"] == 0


@pytest.mark.parametrize("verdict", ["dismissed", "taken back"])
def test_what_the_user_has_had_a_word_on_is_not_for_another_text_to_decide(box, verdict):
    (slip,) = teased(box).titled("ScreenPilot")
    box.answer(away=[slip.id])
    if verdict == "taken back":
        with box.app() as app:
            assert app.store.undo(app.store.feedback()[-1], box.day, app.clock.now())
    after = completed(box)
    assert (after.score, after.status) == (slip.score, INBOX if verdict == "taken back" else ItemStatus.DISMISSED)


def test_shares_of_topics_hold_over_the_runs_of_a_day(box):
    box.promote = "per_topic = 2"
    box.arrive("agents", 2)
    box.arrive("bread", 2)
    assert box.night()["promoted"] == 4
    box.arrive("agents", 3, first=50)
    assert box.night()["promoted"] == 0
    assert any("waits: Agents has had its share tonight" in slip.reasons for slip in box.slips(INBOX))


def test_exploration_is_remembered_and_counted(tmp_path):
    box = Box(tmp_path)
    box.arrive("agents", 20)
    box.night()
    scores = sorted(slip.score for slip in box.slips())
    curious = Box(make(tmp_path / "curious"))
    # With the threshold in the midst of the scores half of them are just below it.
    curious.promote = f"threshold = {scores[10]}\nexplore = 0.2"
    curious.arrive("agents", 20)
    counts = curious.night()
    explored = [slip for slip in curious.slips() if slip.explored]
    assert counts["explored"] == len(explored) == 2
    assert all(slip.status is PROMOTED and slip.score < scores[10] for slip in explored)
    assert all(slip.reasons[-1].startswith("exploration: ") for slip in explored)


# --- what would like to be promoted --------------------------------------------------------------------------------------

SPAM = "Casino poker slots bonus jackpot roulette lucky spins win money now today. "
SHIPPED = "closeness = 0.35\nthreshold = 0.5\nbudget = 20\nexplore = 0.15"


def spam(number, feed="spam", **more):
    text = SPAM * 14 + f" Players win 4{number}% more, 3{number}% bonus and 2{number}% cashback."
    given = {"references": (f"https://github.com/x/{number}",), "title": f"Casino bonus {number}"}
    address = f"url:{feed}.example/{number}"
    return item(address, source=feed, guid=f"{number}", text=text, lang="en", published=moment(DAY), **(given | more))


def post(box, *items):
    with box.app() as app:
        for one in items:
            record(app.store, one, now=moment(box.day))


@pytest.mark.parametrize("feeds", [["spam"] * 6, ["spam", "ham", "jam", "spam", "ham", "jam"]], ids=["one", "three"])
def test_what_resembles_only_itself_waits(tmp_path, feeds):
    box = Box(tmp_path, SHIPPED)
    post(box, *(spam(number, feed) for number, feed in enumerate(feeds)))
    assert box.night()["promoted"] == 0
    assert max(slip.parts["connection"] for slip in box.slips()) < 0.1
    assert max(slip.parts["closest"] for slip in box.slips()) < 0.1


def test_what_the_user_wants_connects_it_also_over_feeds(tmp_path):
    box = Box(tmp_path)
    box.arrive("agents", 3)
    box.night()
    assert min(slip.parts["connection"] for slip in box.titled("agents")) > 0.2


def test_an_address_alone_tells_of_no_work(tmp_path):
    box = Box(tmp_path)
    box.arrive("agents", 4)
    box.night()
    works = [slip.item.url for slip in box.titled("agents")]
    box.tomorrow()
    post(box, spam(1, references=works[:1]))
    box.night()
    (found,) = box.titled("Casino")
    assert found.status is INBOX
    assert (found.parts["relevance"], found.parts["connection"]) == (0, 0)


def telling(number, works, **more):
    """A post about agents in a language that the model does not know, and of one figure."""
    given = {"title": f"智能體 {number}", "references": works, "published": moment(DAY), "lang": "zh-Hant"}
    return item(f"url:zh.example/{number}", source="zh", guid=f"{number}", **(given | more))


def test_who_tells_of_a_work_in_another_language_is_as_relevant(tmp_path):
    box = Box(tmp_path, embedder=English())
    box.arrive("agents", 2)
    box.arrive("bread", 2)
    box.night()
    work, _ = box.titled("agents")
    figure = re.search(r"\d+%", work.item.text)[0]
    away = tuple(slip.item.url for slip in box.titled("bread"))
    box.tomorrow()
    told = f"這項研究讓成功率提高到 {figure}。"
    post(box, telling(1, (work.item.url,), text=told), telling(2, (work.item.url,), text="贏錢的好機會。"))
    post(box, telling(3, (work.item.url, *away), text=told))
    box.night()
    one, other, third = (box.titled(f"智能體 {number}")[0] for number in (1, 2, 3))
    assert one.parts["relevance"] == pytest.approx(0.9 * work.parts["relevance"], abs=0.11)
    assert one.parts["connection"] == 1
    assert other.parts["relevance"] < 0.1
    assert third.parts["relevance"] == pytest.approx(one.parts["relevance"] / 3, abs=0.05), "one of three works"


class English(HashingEmbedder):
    """A model that knows no Chinese, as the bundled one."""

    def knows(self, lang):
        return not lang.startswith("zh")


# --- what could not be scored ------------------------------------------------------------------------------------------


class Stumbling(HashingEmbedder):
    """A model that cannot read one text: it raises, or gives numbers that are none."""

    def __init__(self, fault: str) -> None:
        super().__init__()
        self.fault = fault

    def encode_passages(self, texts):
        vectors = super().encode_passages(texts)
        for row, text in enumerate(texts):
            if self.fault and " 7\n" in f"{text.splitlines()[0]}\n":
                if self.fault == "raises":
                    raise ModelError("cannot read a text")
                vectors[row] = np.nan if self.fault == "nan" else np.inf
        return vectors


@pytest.mark.parametrize("fault", ["raises", "nan", "inf"])
def test_what_the_model_cannot_read_is_unscored_and_tried_again(tmp_path, fault):
    embedder = Stumbling(fault)
    box = Box(tmp_path, embedder=embedder)
    box.arrive("agents", 9)
    counts = box.night()
    (lost,) = [slip for slip in box.slips() if slip.item.title.endswith(" 7")]
    assert (counts["scored"], counts["unscored"]) == (8, 1)
    assert (lost.score, lost.status, lost.reasons) == (None, INBOX, (UNSCORED,))
    before = box.slips()
    box.night()
    assert box.slips() == before, "trying again disturbs nobody"
    box.tomorrow()
    embedder.fault = ""
    box.night()
    (found,) = [slip for slip in box.slips() if slip.item.title.endswith(" 7")]
    assert found.score is not None
    assert UNSCORED not in found.reasons


def test_control_a_model_that_reads_all_leaves_none_unscored(tmp_path):
    box = Box(tmp_path, embedder=Stumbling(""))
    box.arrive("agents", 9)
    assert "unscored" not in box.night()


def test_promoted_by_hand_before_it_was_scored_it_stays_unscored(tmp_path):
    box = Box(tmp_path, embedder=Stumbling("nan"))
    box.arrive("agents", 9)
    box.night()
    (lost,) = [slip for slip in box.slips() if slip.item.title.endswith(" 7")]
    box.answer(keep=[lost.id])
    (kept,) = [slip for slip in box.slips() if slip.id == lost.id]
    assert (kept.score, kept.status, kept.reasons) == (None, PROMOTED, ("chosen by you",))


# --- a library of the user's -------------------------------------------------------------------------------------------


def test_a_library_seeds_the_interests(tmp_path):
    (tmp_path / "mine.bib").write_text(
        "@article{a, title={Parking notice for lift and floor}, abstract={street roof window garden fence gate parking}}\n"
    )
    plain, seeded = Box(make(tmp_path / "plain")), Box(make(tmp_path / "seeded"), f'library = ["{tmp_path}/mine.bib"]')
    for box in (plain, seeded):
        box.arrive("other", 2)
        box.night()
    assert min(slip.parts["relevance"] for slip in seeded.slips()) > 0.2
    assert max(slip.parts["relevance"] for slip in plain.slips()) < 0.1
    assert any("library" in slip.reasons[0] for slip in seeded.slips())


def test_a_library_that_cannot_be_read_is_warned_of_and_costs_nothing(tmp_path):
    box = Box(tmp_path, 'library = ["gone.bib"]')
    box.arrive("agents", 1)
    assert box.night()["promoted"] == 1
    assert any("gone.bib" in warning for warning in box.reporter.warnings)
