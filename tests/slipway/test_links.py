"""Links over nights: both ways, with reasons, stable where nothing changed, better where something better came."""

from __future__ import annotations

import random
from collections import Counter
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest

from index.texts.documents import Document
from notes.clock import FixedClock
from notes.links.edges import Linkable
from notes.links.linking import MOST_SETTLED
from notes.markup.note_reader import read_note
from notes.model import LinkKind
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.kinship import kin
from slipway.library import Holding, Library
from slipway.stages import links as stage
from slipway.stages.links import link_notes

NOW = datetime(2026, 2, 20, 6, tzinfo=UTC)
SUBJECTS = 16
SUBJECT_WORDS, COMMON_WORDS = 30, 400
VAULT = 200


@pytest.fixture
def app(tmp_path):
    place = tmp_path / "slipway.toml"
    place.write_text('[model]\nname = "hashing"\n[promote]\ncloseness = 0.2\n', encoding="utf-8")
    config = load_config(place)
    with App(config, FixedClock(date(2026, 2, 20), config.zone), Console(quiet=True)) as opened:
        yield opened


def holding(name, title, text, *, path="", lang="en", **linkable):
    document = Document(id=name, kind="note", title=title, sections=(("", text),), path=path, lang=lang)
    return Holding(name, document, Linkable(id=name, title=title, text=text, **linkable))


def word(chance):
    return "".join(chance.choice("bcdfghklmnprstvz") + chance.choice("aeiou") for _ in range(4))


@pytest.fixture(scope="module")
def shelf():
    """Notes about a few subjects: a third of a note's words are its subject's, the rest everybody's."""
    chance = random.Random(4)
    subjects = [[word(chance) for _ in range(SUBJECT_WORDS)] for _ in range(SUBJECTS)]
    common = [word(chance) for _ in range(COMMON_WORDS)]
    notes = []
    for number in range(VAULT + 30):
        own = subjects[number % SUBJECTS]
        said = [*chance.choices(own, k=20), *chance.choices(common, k=40)]
        chance.shuffle(said)
        notes.append(holding(f"n{number:04d}", " ".join(chance.choices(own, k=3)), f"{' '.join(said)}."))
    chance.shuffle(notes)
    return notes


def partners(links):
    found = {}
    for link in links:
        found.setdefault(link.src, set()).add(link.dst)
    return found


def test_links_go_both_ways_within_the_cap_and_say_why(app, shelf):
    links = link_notes(app, shelf[:VAULT])
    assert len(links) > VAULT
    assert {(link.src, link.dst, link.why, link.score) for link in links} == {
        (link.dst, link.src, link.why, link.score) for link in links
    }
    assert max(Counter(link.src for link in links).values()) <= app.config.promote.links_per_note
    assert all(link.why and 0 < link.score <= 1 for link in links)
    assert sorted(app.store.links(), key=repr) == sorted(links, key=repr)


def test_on_an_unchanged_vault_nothing_is_even_looked_at(app, shelf, monkeypatch):
    links = link_notes(app, shelf[:VAULT])
    monkeypatch.setattr(stage, "Kinship", None)
    assert sorted(link_notes(app, shelf[:VAULT]), key=repr) == sorted(links, key=repr)


def test_a_declined_link_holds_no_place(app, shelf):
    before = link_notes(app, shelf[:VAULT])
    counts = Counter(link.src for link in before)
    full = next(link for link in before if counts[link.src] == app.config.promote.links_per_note)
    offer = f"link:{full.src}→{full.dst}"
    app.store.answer_offers({offer: ("link", "declined")}, NOW)
    after = partners(link_notes(app, shelf[:VAULT]))
    assert full.dst not in after[full.src]
    assert full.src not in after.get(full.dst, ())
    assert len(after[full.src]) == app.config.promote.links_per_note  # another has come in its place
    assert partners(link_notes(app, shelf[:VAULT])) == after


def test_what_the_user_wrote_stands_though_it_was_declined(app):
    notes = [holding("a", "One", "x", wikilinks=("b",)), holding("b", "Two", "y")]
    app.store.answer_offers({"link:b→a": ("link", "declined"), "tag:a": ("tag", "declined")}, NOW)
    assert partners(link_notes(app, notes)) == {"a": {"b"}, "b": {"a"}}


def test_without_the_cache_the_result_is_the_same(app, shelf):
    links = link_notes(app, shelf[:VAULT])
    app.store.replace_arranged({})  # as if nothing were remembered: every note is looked at again
    app.cache.rebuild("the test deletes it")
    assert sorted(link_notes(app, shelf[:VAULT]), key=repr) == sorted(links, key=repr)


def test_one_percent_new_notes_change_less_than_two_percent_of_the_old(app, shelf):
    step = VAULT // 100
    before = partners(link_notes(app, shelf[:VAULT]))
    for size in range(VAULT, VAULT + 10 * step, step):
        after = partners(link_notes(app, shelf[: size + step]))
        old = [one.id for one in shelf[:size]]
        changed = sum(before.get(name, set()) != after.get(name, set()) for name in old)
        assert changed < MOST_SETTLED * step
        assert changed / size < 0.02
        assert any(after.get(one.id) for one in shelf[size : size + step])  # the newcomers are linked all the same
        before = after


def test_without_the_margin_and_the_measure_it_would_be_more(app, shelf, monkeypatch):
    """The control for the test above: what is chosen anew each night flickers."""
    monkeypatch.setattr("notes.links.linking.MARGIN", 0.0)
    monkeypatch.setattr("notes.links.linking.MOST_SETTLED", 1000)
    before = partners(link_notes(app, shelf[:VAULT]))
    after = partners(link_notes(app, shelf[: VAULT + 2]))
    assert sum(before.get(one.id, set()) != after.get(one.id, set()) for one in shelf[:VAULT]) > MOST_SETTLED * 2


def test_only_the_touched_are_searched_for(app, shelf, monkeypatch):
    link_notes(app, shelf[:VAULT])
    asked = []
    plain = stage.Kinship.edges
    monkeypatch.setattr(stage.Kinship, "edges", lambda self, of, **more: asked.extend(of) or plain(self, of, **more))
    link_notes(app, shelf[: VAULT + 2])
    assert sorted(asked) == sorted(one.id for one in shelf[VAULT : VAULT + 2])


def test_an_untouched_note_gains_a_better_relative(app, shelf):
    before = link_notes(app, shelf[:VAULT])
    full = Counter(link.src for link in before)
    name = next(link.src for link in before if full[link.src] == app.config.promote.links_per_note)
    twin = next(one for one in shelf if one.id == name)
    newcomer = holding("twin", twin.document.title, f"{twin.document.text} And more.")
    after = partners(link_notes(app, [*shelf[:VAULT], newcomer]))
    assert "twin" in after[name]
    assert len(after[name]) <= app.config.promote.links_per_note


def test_a_note_whose_last_link_went_looks_for_another(app):
    pair = [
        holding("a", "Sparse attention", "Sparse attention halves latency."),
        holding("b", "Sparse attention again", "It halves latency."),
    ]
    third = holding("c", "On sparse attention", "Sparse attention and latency, later.")
    link_notes(app, pair)
    assert partners(app.store.links()) == {"a": {"b"}, "b": {"a"}}
    assert partners(link_notes(app, [pair[0], third])) == {"a": {"c"}, "c": {"a"}}
    assert link_notes(app, [pair[0]]) == ()


def test_an_edit_moves_the_links_of_the_edited_note_only(app, shelf):
    notes = list(shelf[:VAULT])
    before = partners(link_notes(app, notes))
    name = next(iter(sorted(before)))
    at = next(place for place, one in enumerate(notes) if one.id == name)
    notes[at] = holding(name, "Bread", "Flour and water, salt, and a night of patience.")
    after = partners(link_notes(app, notes))
    assert name not in after
    untouched = [one.id for one in notes if one.id != name and one.id not in before[name]]
    assert all(before.get(other) == after.get(other) for other in untouched)


def test_one_stuffed_note_cannot_link_to_all(app, shelf):
    notes = shelf[:VAULT]
    before = partners(link_notes(app, notes))
    everything = ". ".join(one.document.title for one in notes)
    stuffed = holding("spam", "Everything you need", everything, references=("https://example.org/",))
    after = partners(link_notes(app, [*notes, stuffed]))
    assert len(after.get("spam", ())) <= app.config.promote.links_per_note
    assert sum(before.get(one.id, set()) != after.get(one.id, set()) for one in notes) <= MOST_SETTLED


def test_what_the_user_wrote_and_what_a_text_cites_come_first(app):
    notes = [
        holding("mine", "卡片筆記", "我很喜歡盧曼的方法。天氣很好。", lang="zh-Hant", wikilinks=("luhmann",)),
        holding("luhmann", "🧑卢曼", "社会学家。", lang="zh-Hans"),
        holding(
            "reading",
            "Evening",
            "Nice: arXiv:2602.08234 is about skills.",
            references=("https://arxiv.org/abs/2602.08234",),
        ),
        holding(
            "paper", "Skills", "Agents learn.", work="2602.08234", addresses=("https://arxiv.org/abs/2602.08234v2",)
        ),
    ]
    links = {(link.src, link.dst): link for link in link_notes(app, notes)}
    assert links["luhmann", "mine"].kind is LinkKind.WIKILINK
    assert links["luhmann", "mine"].why == "“我很喜歡盧曼的方法。”"
    assert links["reading", "paper"].kind is LinkKind.CITES
    assert links["reading", "paper"].why == "“Nice: arXiv:2602.08234 is about skills.”"
    assert len(links) == 4


def test_a_mention_in_running_text_is_enough(app, shelf):
    named = holding("card", "卡片盒笔记法", "简短。", lang="zh-Hans")
    notes = [
        *shelf[:100],
        named,
        holding("log", "昨天", "早上跑步。晚上讀了卡片盒筆記法的介紹。睡覺。", lang="zh-Hant"),
    ]
    link = next(link for link in link_notes(app, notes) if link.src == "log")
    assert (link.dst, link.kind, link.why) == ("card", LinkKind.MENTIONS, "“晚上讀了卡片盒筆記法的介紹。”")


def test_the_list_that_slipway_wrote_proves_nothing():
    """A note that the user edited still has the related notes in it that an earlier night wrote."""

    def edited(reasons):
        told = "quality_reasons: []\n" if reasons else ""
        raw = f"---\nid: a\n{told}---\n# Bread\n\nOwn words.\n\n## Related\n\n- [[b|Violets in spring]] — “why”\n"
        return read_note("a.md", raw.encode(), mtime_ns=0)

    ours, theirs = (
        Library.gather([edited(reasons)], (), frozenset(), ZoneInfo("UTC")).notes["a"] for reasons in (True, False)
    )
    assert "Violets" not in ours.document.whole + ours.linkable.text
    assert "Own words." in ours.linkable.text
    assert "Violets" in theirs.document.whole  # what the user wrote under that heading counts


def test_what_ranks_next_follows_the_links(app, shelf):
    for one in shelf[:40]:
        text = f"# {one.document.title}\n\n{one.document.text}\n"
        app.vault.create(f"{one.id}.md", text)
    notes = Library.gather(app.vault.notes(), (), frozenset(), app.config.zone).notes
    links = link_notes(app, tuple(notes.values()))
    name = links[0].src
    linked = app.store.related(name)
    found = kin(app, name, 12)
    assert found[: len(linked)] == linked
    assert len(found) == 12
    assert len({link.dst for link in found} - {name}) == 12
    assert all(link.why for link in found)
    assert kin(app, name, 1) == linked[:1]
    assert kin(app, "nobody", 5) == ()
