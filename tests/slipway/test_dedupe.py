"""The decision which entries are which works, as a table of cases and as properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.fold import fold
from notes.identity import content_hash, item_key
from notes.model import ItemStatus, SourceType
from slipway.dedupe import TELLING_TEXT, KnownItem, KnownSighting, candidate_keys, candidate_texts, plan
from tests.slipway.boxes import item, paper

PAGE = "url:example.org/changelog"
MONDAY, TUESDAY = datetime(2026, 2, 16, tzinfo=UTC), datetime(2026, 2, 17, tzinfo=UTC)


def known_as(entry, number=1, **more):
    """The stored item that an entry became."""
    return KnownItem(
        **{
            "id": number,
            "key": entry.key,
            "source_type": entry.source_type,
            "arxiv_version": entry.arxiv_version,
            "content_hash": entry.content_hash,
            "published": entry.published,
            "tags": entry.tags,
            "sightings": (KnownSighting(entry.external_id, entry.url, entry.title),),
        }
        | more
    )


def works(batch, *known):
    """For each work: the stored item that it is (None when new) and the guids of its new sightings."""
    return [(work.known, tuple(entry.external_id for entry in work.sightings)) for work in plan(batch, known)]


FOREIGN = {"sightings": ()}  # what another source showed
SAME_KEY = known_as(item())
DATED = known_as(item(PAGE, guid="1.0", title="Version 1.0", published=MONDAY))


@pytest.mark.parametrize(
    ("batch", "known", "expected"),
    [
        pytest.param([item()], [], [(None, ("a",))], id="a new entry"),
        pytest.param([item()], [SAME_KEY], [(1, ())], id="seen before"),
        pytest.param([item()], [known_as(item(), **FOREIGN)], [(1, ("a",))], id="seen in another source"),
        pytest.param([item(), item()], [], [(None, ("a",))], id="twice in a document"),
        pytest.param([item(title="Edited")], [SAME_KEY], [(1, ())], id="title edited"),
        pytest.param([item(guid="b")], [SAME_KEY], [(1, ())], id="a new guid on each fetch adds no sighting"),
        pytest.param(
            [item(guid="b", title="Edited", published=MONDAY)],
            [known_as(item(published=MONDAY))],
            [(1, ("b",))],
            id="guid and title changed, same date: still the entry at this address",
        ),
        pytest.param([item("url:example.org/new")], [SAME_KEY], [(1, ())], id="address changed"),
        pytest.param(
            [item("url:example.org/new", title="Ａ  TITLE")], [SAME_KEY], [(1, ())], id="titles agree after folding"
        ),
        pytest.param(
            [item("url:example.org/new", title="Other")], [SAME_KEY], [(None, ("a",))], id="a guid used again"
        ),
        pytest.param(
            [item(f"url:example.org/{n}", guid="all", title="Daily") for n in "xy"],
            [known_as(item("url:example.org/w", guid="all", title="Daily"))],
            [(None, ("all",)), (None, ("all",))],
            id="one guid for all entries proves nothing",
        ),
        pytest.param(
            [item("guid:lab:all", guid="all", title=title) for title in ("One", "Two")],
            [],
            [(None, ("all",)), (None, ("all",))],
            id="one guid for all entries, no addresses",
        ),
        pytest.param(
            [item(PAGE, guid="1.1", title="Version 1.1"), item(PAGE, guid="1.0", title="Version 1.0")],
            [],
            [(None, ("1.1",)), (None, ("1.0",))],
            id="one address for all entries",
        ),
        pytest.param(
            [item(PAGE, guid="", title="Version 1.1"), item(PAGE, guid="", title="Version 1.0")],
            [],
            [(None, ("",)), (None, ("",))],
            id="one address for all entries, no guids",
        ),
        pytest.param(
            [item(PAGE, guid="1.1", title="Version 1.1"), item(PAGE, guid="1.0", title="Version 1.0")],
            [DATED],
            [(None, ("1.1",)), (1, ())],
            id="the address turns out to be shared",
        ),
        pytest.param(
            [item(PAGE, guid="1.1", title="Version 1.1", published=TUESDAY)],
            [DATED],
            [(None, ("1.1",))],
            id="another guid, title and date at a known address",
        ),
        pytest.param(
            [item(PAGE, guid="1.1", title="Version 1.1", published=TUESDAY)],
            [replace(DATED, sightings=())],
            [(1, ("1.1",))],
            id="only the same source can say that it is another entry",
        ),
        pytest.param(
            [item(PAGE, guid="", title="Version 1.1", published=TUESDAY)],
            [DATED],
            [(1, ("",))],
            id="without a guid it is an edited entry",
        ),
        pytest.param(
            [item(guid=guid, title="", text=guid) for guid in "xy"],
            [],
            [(None, ("x",)), (None, ("y",))],
            id="untitled entries are told apart by their text",
        ),
        pytest.param(
            [item(guid="b", title="")], [known_as(item(guid="a", title=""))], [(1, ())], id="untitled, same text"
        ),
        pytest.param(
            [paper(), paper(guid="cross", title="A paper (cross-listed)")],
            [],
            [(None, ("oai:arXiv.org:2602.01234v1", "cross"))],
            id="a paper is a paper whatever its titles",
        ),
        pytest.param(
            [paper(version=2, title="A better title")],
            [known_as(paper())],
            [(1, ("oai:arXiv.org:2602.01234v2",))],
            id="a new version is a sighting",
        ),
    ],
)
def test_works(batch, known, expected):
    assert works(batch, *known) == expected


LONG = "We study agents that learn skills by reinforcement, and measure how far they come. " * 2
MOVED = item("url:mirror.org/b", source="mirror", guid="b", text=LONG)
TOLD = known_as(item(text=LONG), **FOREIGN)


@pytest.mark.parametrize(
    ("batch", "known", "expected"),
    [
        pytest.param([MOVED], [TOLD], [(1, ("b",))], id="moved to another feed, address and guid"),
        pytest.param(
            [item("hash:0", source="mirror", guid="", url="", text=LONG)], [TOLD], [(1, ("",))], id="without a name"
        ),
        pytest.param(
            [item("url:x.org/1", guid="1", text=LONG), item("url:x.org/2", guid="2", text=LONG)],
            [],
            [(None, ("1", "2"))],
            id="twice in a batch, nothing known",
        ),
        pytest.param(
            [item("url:x.org/1", guid="1", text=LONG), item(guid="a", text=LONG)],
            [SAME_KEY],
            [(1, ("1",))],
            id="twice in a batch, the second known by name with another text",
        ),
        pytest.param(
            [replace(MOVED, title="Other", content_hash=content_hash("Other", LONG))],
            [TOLD],
            [(None, ("b",))],
            id="the same boilerplate under another title",
        ),
        pytest.param(
            [item("url:x.org/b", guid="b", title="Weekly links", text="")],
            [known_as(item(title="Weekly links", text=""), **FOREIGN)],
            [(None, ("b",))],
            id="no text",
        ),
        pytest.param(
            [item("url:x.org/b", guid="b", title="Weekly links", text="x " * (TELLING_TEXT // 2))],
            [known_as(item(title="Weekly links", text="x " * (TELLING_TEXT // 2)), **FOREIGN)],
            [(None, ("b",))],
            id="a text one character too short, for all its blanks",
        ),
        pytest.param(
            [item("url:x.org/b", guid="b", title="", text=LONG)],
            [known_as(item(title="", text=LONG), **FOREIGN)],
            [(None, ("b",))],
            id="no title",
        ),
        pytest.param(
            [paper("2602.00002", guid="p", title="A title", text=LONG)],
            [known_as(paper(title="A title", text=LONG), **FOREIGN)],
            [(None, ("p",))],
            id="two papers are two for all their text",
        ),
        pytest.param([paper(guid="p", title="A title", text=LONG)], [TOLD], [(1, ("p",))], id="a post's arXiv record"),
        pytest.param(
            [MOVED], [known_as(paper(title="A title", text=LONG), **FOREIGN)], [(1, ("b",))], id="a paper's copy"
        ),
    ],
)
def test_title_and_text_tell_a_work_as_a_last_resort(batch, known, expected):
    assert works(batch, *known) == expected


def test_a_name_outranks_the_text():
    by_name, by_text = known_as(item("url:x.org/b", guid="b"), 2), TOLD
    assert works([item("url:x.org/b", guid="b", text=LONG)], by_text, by_name) == [(2, ())]


def test_control_without_the_look_at_the_text_a_moved_work_is_new(monkeypatch):
    monkeypatch.setattr("slipway.dedupe.TELLING_TEXT", 10**9)
    assert works([MOVED], TOLD) == [(None, ("b",))]


def test_new_works_at_a_shared_address_get_keys_of_their_own():
    batch = [item(PAGE, guid=guid, title=f"Version {guid}") for guid in ("1.1", "1.0")]
    assert [work.item.key for work in plan(batch, ())] == ["guid:lab:1.1", "guid:lab:1.0"]
    without = [replace(entry, external_id="") for entry in batch]
    keys = [work.item.key for work in plan(without, ())]
    assert len(set(keys)) == 2
    assert all(key.startswith("hash:") for key in keys)
    assert set(keys) <= candidate_keys(without)


@pytest.mark.parametrize(
    ("incoming", "stored", "expected"),
    [
        pytest.param(paper(version=2), known_as(paper()), True, id="a later version"),
        pytest.param(paper(version=1), known_as(paper(version=2)), False, id="an earlier version"),
        pytest.param(paper(title="Other"), known_as(paper()), False, id="the same version"),
        pytest.param(
            paper(version=2), known_as(paper(), status=ItemStatus.PROMOTED), True, id="a later version of a note"
        ),
        pytest.param(
            paper(version=2), known_as(paper(), status=ItemStatus.DISMISSED), False, id="a later version of a dismissed"
        ),
        pytest.param(
            paper(version=0), known_as(paper(), source_type=SourceType.RSS), True, id="arXiv's record over a post's"
        ),
        pytest.param(
            paper(version=0),
            known_as(paper(), source_type=SourceType.RSS, status=ItemStatus.PROMOTED),
            False,
            id="arXiv's record, but it is a note already",
        ),
        pytest.param(
            item("arxiv:2602.01234", arxiv_version=9), known_as(paper()), False, id="a post never over arXiv's record"
        ),
        pytest.param(item(text="Edited."), SAME_KEY, False, id="a feed that edits its entries"),
    ],
)
def test_which_text_stands(incoming, stored, expected):
    (work,) = plan([incoming], [stored])
    assert work.known == 1
    assert work.refresh is expected
    assert work.item.key == stored.key


def test_the_best_of_several_entries_gives_the_text():
    post = item("arxiv:2602.01234", source="arxiv", guid="post", title="About a paper")
    (work,) = plan([post, paper(version=1), paper(version=2)], ())
    assert work.item == paper(version=2)
    assert len(work.sightings) == 3


def test_a_refreshed_item_keeps_the_tags_of_both_sources():
    stored = known_as(paper(), tags=("agents", "rl"))
    (work,) = plan([paper(version=2, tags=("rl", "arxiv"))], [stored])
    assert work.item.tags == ("rl", "arxiv", "agents")


def entry(url, guid, title, text, day, is_paper):
    """An entry with the key that ingestion would give it."""
    if is_paper:
        return paper(source="lab", guid=guid, title=title, text=text, published=day)
    key = item_key(arxiv_id="", url=url, guid=guid, source="lab", title=title, text=text)
    return item(key, url=url, guid=guid, title=title, text=text, published=day)


ENTRIES = st.builds(
    entry,
    st.sampled_from(["https://x.org/1", "https://x.org/2", ""]),
    st.sampled_from(["", "g", "h", "i"]),
    st.sampled_from(["", "One", "ONE", "Two", "Three"]),
    st.sampled_from(["text", "other text", LONG, f"{LONG}And more."]),
    st.sampled_from([None, MONDAY, TUESDAY]),
    st.booleans(),
)


def remember(known, planned):
    """What the store would hold after carrying a plan out."""
    held = {stored.id: stored for stored in known}
    for work in planned:
        number = work.known or len(held) + 1
        stored = held.get(number)
        if stored is None or work.refresh:
            stored = known_as(work.item, number, sightings=stored.sightings if stored else ())
        seen = tuple(KnownSighting(entry.external_id, entry.url, entry.title) for entry in work.sightings)
        held[number] = replace(stored, sightings=(*stored.sightings, *seen))
    return list(held.values())


@given(st.lists(st.lists(ENTRIES, max_size=6), max_size=4))
def test_nothing_is_doubled_or_recorded_twice(batches):
    known = []
    for batch in batches:
        planned = plan(batch, known)
        fresh = [work.item.key for work in planned if work.known is None]
        assert len(set(fresh)) == len(fresh)
        assert not set(fresh) & {stored.key for stored in known}
        assert set(fresh) <= candidate_keys(batch)
        known = remember(known, planned)
        again = plan(batch, known)
        assert all(work.known and not work.sightings and not work.refresh for work in again)


@given(st.lists(st.lists(ENTRIES, max_size=6), min_size=2, max_size=4))
def test_what_the_store_looks_up_is_enough(batches):
    known = []
    for batch in batches:
        keys, guids = candidate_keys(batch), {entry.external_id for entry in batch if entry.external_id}
        called = [stored for stored in known if guids & {seen.external_id for seen in stored.sightings}]
        texts = candidate_texts(batch)
        looked_up = [one for one in known if one.key in keys or one.content_hash in texts or one in called]
        assert plan(batch, looked_up) == plan(batch, known)
        known = remember(known, plan(batch, known))


@given(st.lists(st.text(min_size=1), unique_by=lambda title: " ".join(fold(title).split()), max_size=8), st.booleans())
def test_no_entry_at_a_shared_address_is_lost(titles, with_guids):
    batch = [item(PAGE, guid=str(n) if with_guids else "", title=title) for n, title in enumerate(titles)]
    assert len(plan(batch, ())) == len(batch)


def test_control_without_the_look_at_shared_addresses_entries_are_lost(monkeypatch):
    monkeypatch.setattr("slipway.dedupe._is_certain", lambda _: True)
    assert len(plan([item(PAGE, guid=title, title=title) for title in ("1.1", "1.0")], ())) == 1
