"""Filters of a search as they are typed: in any case and script, misspelt, and leaving nothing."""

from __future__ import annotations

from datetime import date
from types import MappingProxyType

import pytest

from index.retrieval.reply import Reply
from slipway.search.asking import Asking, Wish
from tests.slipway.inside import Inside
from tests.slipway.shelved import shelved


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return shelved(tmp_path_factory.mktemp("filters"))


@pytest.fixture
def inside(house, capsys) -> Inside:
    return Inside(house, capsys)


LEXICAL = ("search", "--mode", "lexical")
ALL = "skills reinforcement bread 强化 智能 zebra"


def found(inside: Inside, *filters: str, query: str = ALL) -> set[str]:
    return {hit["id"] for hit in inside.json(*LEXICAL, "-n", "50", *filters, query)["results"]}


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        (["--tag", "agents"], {"n-skills", "n-memory"}),
        (["--tag", "#agents"], {"n-skills", "n-memory"}),
        (["--tag", "AGENTS"], {"n-skills", "n-memory"}),
        (["--tag", "ml"], {"n-skills"}),
        (["--tag", "ml/rl", "--tag", "agents"], {"n-skills"}),
        (["--tag", "cooking"], {"n-dash"}),
        (["--tag", "école"], {"n-context-zh"}),
        (["--tag", "強化學習"], {"n-context-zh"}),
        (["--source", "lab notes"], {"n-skills", "n-memory"}),
        (["--source", "kitchen"], {"n-dash"}),
        (["--source", "jqzx"], {"n-rl-zh"}),
        (["--source", "機器之心"], {"n-rl-zh"}),
        (["--source", "jqzx", "--source", "kitchen diary"], {"n-rl-zh", "n-dash"}),
        (["--lang", "zh"], {"n-rl-zh", "n-context-zh"}),
        (["--lang", "ZH-HANT"], {"n-context-zh"}),
        (["--lang", "zh-TW"], {"n-context-zh"}),
        (["--lang", "中文"], {"n-rl-zh", "n-context-zh"}),
        (["--lang", "zh-Hans", "--lang", "zh-Hant"], {"n-rl-zh", "n-context-zh"}),
        (["--topic", "topic-agents"], {"n-skills", "n-memory"}),
        (["--topic", "agents"], {"n-skills", "n-memory"}),
        (["--topic", "AGENTS AND SKILLS"], {"n-skills", "n-memory"}),
        (["--since", "2026-02", "--tag", "agents"], {"n-skills"}),
        (["--until", "2026-01", "--tag", "agents"], {"n-memory"}),
        (["--since", "2026-02-10", "--until", "2026-02-18"], {"n-rl-zh", "n-context-zh"}),
        (["--since", "2026-W07", "--until", "2026-W07"], {"n-rl-zh"}),
        (["--kind", "note", "--kind", "post", "--tag", "ml"], {"n-skills"}),
        (["--tag", ""], {"n-skills", "n-memory", "n-rl-zh", "n-context-zh", "n-dash", "evil", "line\nend"}),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_each_filter_by_any_of_its_names(inside, filters, ids):
    assert found(inside, *filters) == ids


def test_days_back_are_counted_from_the_day_that_is_set(inside):
    ids = {
        hit["id"]
        for hit in inside.json("--date", "2026-02-20", *LEXICAL, "--since", "2d", "--until", "today", ALL)["results"]
    }
    assert ids == {"n-skills", "n-context-zh"}


@pytest.mark.parametrize(
    ("filters", "said", "meant"),
    [
        (["--tag", "agnets"], "no document has the tag 'agnets'", "did you mean 'agents'?"),
        (["--tag", "xyzzy"], "no document has the tag 'xyzzy'", " … and 3 more"),
        (["--tag", "events"], "no document has the tag 'events'", "there are agents, "),
        (["--source", "Labb notes"], "no document is from 'Labb notes'", "did you mean 'Lab notes'?"),
        (["--source", "jqzy"], "no document is from 'jqzy'", "did you mean 'jqzx'?"),
        (["--source", "Lab notes", "--source", "nope"], "no document is from 'nope'", "there are"),
        (["--lang", "fr"], "no document is in 'fr'", "there are en"),
        (["--lang", "en", "--lang", "fr"], "no document is in 'fr'", "there are en"),
        (["--topic", "agnets and skills"], "no document is of the topic", "did you mean 'Agents and skills'?"),
        (["--since", "soon"], "--since: 'soon' is no day", "2026-02-20"),
        (["--until", "2026-02-30"], "--until: '2026-02-30' is no day", "yesterday"),
        (["--since", "2026-03", "--until", "2026-01"], "no day lies from 2026-03-01 to 2026-01-31", "comes before"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_name_that_nothing_bears_is_answered_with_the_nearest(inside, filters, said, meant):
    told = inside.run(*LEXICAL, *filters, "skills", code=2)
    assert said in told.stderr
    assert meant in told.stderr
    assert told.stdout == ""


@pytest.mark.parametrize(
    ("args", "why"),
    [
        (["skills", "--since", "2026-03"], "without --since 2026-03 there are 2"),
        (["flour", "--tag", "agents"], "without --tag agents there is 1"),
        (
            ["flour", "--tag", "agents", "--lang", "zh"],
            "without --tag agents and --lang zh there is 1",
        ),
        (["qqqq", "--tag", "agents"], "nor is anything found by words without --tag agents"),
        (["skills", "--source", "Kitchen Diary"], "without --source 'Kitchen Diary' there are 2"),
        (["qqqq"], "the mode `hybrid` looks by meaning as well"),
        (["!!! ???"], "no letter, no digit"),
        (["🙂"], "no letter, no digit"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_why_nothing_was_found(inside, args, why):
    told = inside.run(*LEXICAL, *args)
    assert told.stdout == "nothing found\n"
    assert why in told.stderr
    (warning,) = inside.json(*LEXICAL, *args)["warnings"][-1:]
    assert why in warning


def test_an_empty_index_says_so(tmp_path, capsys):
    from tests.slipway.houses import House

    house = House.build(tmp_path, sources="")
    house.vault.mkdir()
    house.run("index")
    assert "the search index is empty" in Inside(house, capsys).run(*LEXICAL, "skills").stderr


@pytest.mark.parametrize("mode", ["hybrid", "semantic"])
def test_the_reason_counts_what_the_words_find_and_repeats_the_filter_as_typed(inside, mode):
    told = inside.run("search", "--mode", mode, "flour", "--since", "2030")
    assert "without --since 2030 there is 1\n" in told.stderr


def test_nothing_is_said_of_the_order_of_nothing():
    def search(query):
        return Reply(query.text, query.mode, "m", 0.0, (), ("m does not know zh: the order is a guess", "kept"))

    reply = Asking(search, NoNames(), date(2026, 2, 20))(Wish(text="鋼琴"))
    assert reply.warnings == ("kept",)


class NoNames:
    """The names of a shelf that has texts in one language and no other name."""

    langs = MappingProxyType({"en": 1})
