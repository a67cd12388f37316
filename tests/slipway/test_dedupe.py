"""The decision which entries are which works, as a table of cases and as properties."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.identity import content_hash, item_key
from notes.model import ItemStatus, SourceType
from notes.text.fold import fold
from notes.text.likeness import Kinship, bands, sketch_of
from slipway.sameness import candidates
from slipway.sameness import plan as dedupe
from slipway.sameness.candidates import TELLING_TEXT, Batch
from slipway.sameness.kindred import Face
from slipway.sameness.plan import (
    KnownItem,
    KnownSighting,
    Strangers,
    Work,
    candidate_bands,
)
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
            "arxiv_id": entry.arxiv_id,
            "arxiv_version": entry.arxiv_version,
            "doi": entry.doi,
            "content_hash": entry.content_hash,
            "sketch": sketch_of(entry),
            "published": entry.published,
            "tags": entry.tags,
            "sightings": (KnownSighting(entry.external_id, entry.url, entry.title),),
        }
        | more
    )


def plan(batch, known) -> tuple[Work, ...]:
    """The plan for a batch of these entries."""
    return dedupe.plan(Batch.of(batch), known)


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


LATE, NEXT_SPRING = datetime(2026, 3, 9, tzinfo=UTC), datetime(2026, 5, 1, tzinfo=UTC)
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


THREAD = (
    "Please post your projects here, name the price of what is to be paid for, and leave out shortened addresses. " * 2
)
OPENED = datetime(2026, 2, 1, 8, tzinfo=UTC)
PERIODS = {"hours": timedelta(hours=30), "days": timedelta(days=7), "month": timedelta(days=31)}


def thread(n, after=timedelta(), *, title="[D] Self-Promotion Thread", dated=True, **more):
    """The n-th thread under the same words, at its own address and under its own guid."""
    published = OPENED + after if dated else None
    return item(f"url:x.org/{n}", guid=f"t{n}", title=title, text=THREAD, published=published, **more)


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        pytest.param("文" * (TELLING_TEXT // 2), True, id="Chinese characters tell twice as much"),
        pytest.param("文" * (TELLING_TEXT // 2 - 1), False, id="of fewer nobody knows"),
        pytest.param("x" * (TELLING_TEXT - 1), False, id="so with letters"),
        pytest.param("x文" + " x" * (TELLING_TEXT // 2 - 2), False, id="a column short"),
        pytest.param("x文" + " x" * (TELLING_TEXT // 2 - 1), True, id="mixed"),
        pytest.param(f"{' ' * TELLING_TEXT}文{' ' * TELLING_TEXT}", False, id="white space tells nothing"),
    ],
)
def test_how_long_a_text_has_to_be(text, is_one):
    stored = known_as(item(title="每周链接", text=text, published=MONDAY), sketch="", **FOREIGN)
    again = item("url:x.org/b", guid="b", title="每周链接", text=text)
    assert works([again], stored) == [(1 if is_one else None, ("b",))]


def test_control_without_the_look_at_dates_every_month_is_the_first(monkeypatch):
    monkeypatch.setattr("slipway.sameness.known.is_moved", lambda *_, **__: True)
    assert works([thread(2, PERIODS["month"])], known_as(thread(1))) == [(1, ("t2",))]


TALE = (
    "Existing agents forget what they did a week ago, and they repeat mistakes that a person makes once. We propose a "
    "memory that writes short rules after each task, tests them against later tasks, and drops those that do not hold."
)
TEASER = TALE[:130]
TELLING = "Agents that learn from their week"


def told(number=1, *, title=TELLING, text=TALE, by=(), **more):
    """A stored item of another source, or of the batch's own."""
    sightings = tuple(KnownSighting(guid, f"https://old.org/{guid}", title) for guid in by)
    return known_as(item("url:old.org/a", source="other", title=title, text=text, **more), number, sightings=sightings)


def tells(title=TELLING, text=TALE, **more):
    """An entry of the batch's source."""
    return item("url:new.org/b", guid="b", title=title, text=text, **more)


NAMED = told(title="Agent skills", text="", published=MONDAY)
WEEKLY = told(title="Weekly links", text="", published=MONDAY)
ABSTRACT = known_as(paper(title=TELLING, text=TALE, published=MONDAY), sightings=())


@pytest.mark.parametrize(
    ("entry", "stored", "is_one"),
    [
        pytest.param(tells(), told(title=f"{TELLING} | Example Lab"), True, id="dressed"),
        pytest.param(tells(text=TEASER), told(), True, id="an excerpt"),
        pytest.param(tells(text=TEASER, published=MONDAY), told(published=LATE), True, id="within the month"),
        pytest.param(tells(text=TEASER, published=MONDAY), told(published=NEXT_SPRING), False, id="months apart"),
        pytest.param(tells(text=TEASER), told(by="a"), False, id="the same source, hardly the same text"),
        pytest.param(
            tells(f"[Paper] {TELLING}", published=MONDAY),
            told(by="a", published=TUESDAY),
            True,
            id="the same source, a copy",
        ),
        pytest.param(
            tells(f"[Paper] {TELLING}", published=MONDAY),
            told(by="a", published=LATE),
            False,
            id="the same source, later",
        ),
        pytest.param(tells(f"[Paper] {TELLING}"), told(by="a"), False, id="the same source, no dates"),
        pytest.param(tells(text="", published=MONDAY), told(published=TUESDAY), True, id="a title alone, in its days"),
        pytest.param(tells(text="", published=MONDAY), told(published=LATE), False, id="a title alone, weeks apart"),
        pytest.param(tells(text=""), told(), False, id="a title alone, no dates"),
        pytest.param(tells("Agent skills", "", published=MONDAY), NAMED, True, id="a name at the same moment"),
        pytest.param(tells("Agent skills", "", published=TUESDAY), NAMED, False, id="a name a day later"),
        pytest.param(tells("Weekly links", "", published=MONDAY), WEEKLY, False, id="a series at the same moment"),
        pytest.param(
            paper(guid="p", title=f"{TELLING} (extended)", text=TALE),
            told(),
            False,
            id="a paper is stored under its id",
        ),
        pytest.param(tells(f"[Paper] {TELLING}"), ABSTRACT, True, id="a copy of a paper's abstract"),
        pytest.param(tells(text="In brief.", published=MONDAY), ABSTRACT, False, id="a post about a paper"),
        pytest.param(tells(doi="10.1/a"), told(doi="10.1/b", title=f"{TELLING}!"), False, id="two DOIs"),
        pytest.param(tells("Other", "Text.", doi="10.1/a"), told(doi="10.1/a"), True, id="one DOI"),
        pytest.param(
            tells("Other", "Text.", doi="10.1/a"),
            replace(told(), key="url:doi.org/10.1/a"),
            True,
            id="the DOI's address",
        ),
        pytest.param(paper(guid="p", doi="10.1/a"), told(doi="10.1/a"), True, id="a paper and its journal's page"),
        pytest.param(
            paper("2602.00002", guid="p", doi="10.1/a"),
            replace(ABSTRACT, doi="10.1/a"),
            False,
            id="two papers, one DOI",
        ),
    ],
)
def test_likeness_tells_a_work_where_no_name_does(entry, stored, is_one):
    (work,) = plan([entry], [stored])
    assert (work.known == stored.id) is is_one
    if work.known:
        assert work.sightings == (entry,)
    found_by = (
        stored.key in Batch.of([entry]).keys,
        stored.doi in Batch.of([entry]).dois,
        set(bands(stored.sketch)) & candidate_bands(Batch.of([entry])),
    )
    assert not is_one or any(found_by)


AS_POST = known_as(item("url:lab.org/a", source="lab", text=LONG), arxiv_id="2602.01234", arxiv_version=1, **FOREIGN)


@pytest.mark.parametrize("key", ["url:lab.org/a", "guid:lab:a", "hash:0a"])
def test_a_paper_that_came_first_as_a_post_is_found_by_its_id(key):
    second = paper(version=2, title="Another title", text="Another abstract.")
    stored = replace(AS_POST, key=key)
    (work,) = plan([second], [stored])
    assert (work.known, work.refresh, work.item.key) == (1, True, key)
    assert stored.arxiv_id in Batch.of([second]).papers
    assert works([second], replace(stored, arxiv_id="")) == [(None, (second.external_id,))], "control: without the id"


@pytest.mark.parametrize("status", [ItemStatus.DISMISSED, ItemStatus.PROMOTED])
def test_a_post_learns_that_it_is_a_paper_even_where_its_text_stands(status):
    stored = replace(TOLD, status=status)
    first = paper(version=0, title="A title", text=LONG)
    (work,) = plan([first], [stored])
    assert (work.known, work.refresh, work.item.arxiv_id) == (1, False, "2602.01234")


def test_of_two_papers_a_post_becomes_one():
    batch = [paper(number, guid=number, title="A title", text=LONG) for number in ("2602.00001", "2602.00002")]
    assert [(work.known, work.item.key) for work in plan(batch, [TOLD])] == [(1, TOLD.key), (None, "arxiv:2602.00002")]
    assert not todo_after(batch, TOLD)
    assert works(batch[1:], replace(TOLD, arxiv_id="2602.00001")) == [(None, ("2602.00002",))]


TWIN = item("url:new.org/c", guid="c", title=TELLING, text="Another text.", doi="10.1/a")


@pytest.mark.parametrize(
    ("batch", "keys"),
    [
        pytest.param([tells(doi="10.1/a"), TWIN], ["url:new.org/b"], id="two posts"),
        pytest.param([TWIN, paper(title=TELLING, doi="10.1/a")], ["arxiv:2602.01234"], id="a post and a paper"),
        pytest.param(
            [paper(number, guid=number, title=TELLING, doi="10.1/a") for number in ("2602.00001", "2602.00002")],
            ["arxiv:2602.00001", "arxiv:2602.00002"],
            id="two papers",
        ),
        pytest.param(
            [tells(text="One text.", doi="10.1/a"), replace(TWIN, title="Another title")],
            ["url:new.org/b", "url:new.org/c"],
            id="a journal's DOI",
        ),
    ],
)
def test_a_doi_brings_together_what_is_new_in_a_batch(batch, keys):
    assert [work.item.key for work in plan(batch, ())] == keys
    assert not todo_after(batch)


def test_control_without_the_batchs_dois_they_are_two(monkeypatch):
    monkeypatch.setattr("slipway.sameness.naming.Way._remember", lambda *_: None)
    assert len(plan([tells(doi="10.1/a"), TWIN], ())) == 2


def test_likeness_brings_together_what_is_new_in_a_batch():
    batch = [
        tells(published=MONDAY),
        item("url:new.org/c", guid="c", title=f"[Paper] {TELLING}", text=TALE, published=MONDAY),
    ]
    assert works(batch) == [(None, ("b", "c"))]


# Its source gives it neither id nor address: once it is a sighting of another's story, only the same text would find that again.
NAMELESS = item("hash:0", guid="", url="", title=TELLING, text=TEASER)


def todo_after(batch, *known):
    """What a second plan for a batch has to do once the first is carried out."""
    memory = Memory()
    memory.items = {stored.id: stored for stored in known}
    memory.carry_out("lab", plan(batch, memory.known("lab")))
    return [work for work in plan(batch, memory.known("lab")) if work.known is None or work.sightings or work.refresh]


def test_what_would_not_come_together_again_stays_apart():
    assert works([replace(NAMELESS, key="guid:lab:x", external_id="x")], told()) == [(1, ("x",))]
    assert works([NAMELESS], told()) == [(None, ("",))]
    assert not todo_after([NAMELESS], told())


def test_control_without_the_second_look_a_plan_has_something_left_to_do(monkeypatch):
    monkeypatch.setattr("slipway.sameness.plan._is_done", lambda *_: True)
    assert todo_after([NAMELESS], told())


def test_a_doi_over_several_titles_names_none_of_them():
    batch = [item(f"url:new.org/{n}", guid=n, title=f"Article {n}", doi="10.1/journal") for n in "xyz"]
    assert len(plan(batch, [told(doi="10.1/journal")])) == 4 - 1


def test_the_likest_is_taken_and_of_those_the_first():
    story, copy = told(1, text=f"{TALE} {LONG * 3}"), told(2)
    assert works([tells(f"[Paper] {TELLING}")], story, copy) == [(2, ("b",))]
    assert works([tells(f"[Paper] {TELLING}")], copy, replace(copy, id=3)) == [(2, ("b",))]


def test_what_is_known_by_name_needs_no_bands():
    known = known_as(item(text=TALE))
    assert candidate_bands(Batch.of([item(text=TALE)]), [known]) == frozenset()
    assert candidate_bands(Batch.of([item(text=TALE)]), []) == frozenset(bands(known.sketch))


def test_a_work_that_is_to_be_stored_has_its_sketch():
    (new,) = plan([tells()], ())
    (again,) = plan([tells()], [known_as(tells())])
    (better,) = plan([paper(version=2, text=TALE)], [known_as(paper())])
    assert new.sketch == sketch_of(tells())
    assert again.sketch == ""
    assert better.sketch == sketch_of(paper(version=2, text=TALE))


def test_control_without_the_look_at_sources_a_changelog_is_one_item(monkeypatch):
    entry = tells(text=TEASER)
    assert works([entry], told(by="a")) == [(None, ("b",))]
    monkeypatch.setattr("slipway.sameness.plan._known_face", lambda stored: Face(stored.sketch))
    assert works([entry], told(by="a")) == [(1, ("b",))]


def test_a_name_outranks_the_text():
    by_name, by_text = known_as(item("url:x.org/b", guid="b"), 2), TOLD
    assert works([item("url:x.org/b", guid="b", text=LONG)], by_text, by_name) == [(2, ())]


def test_control_without_the_text_and_its_likeness_a_moved_work_is_new(monkeypatch):
    monkeypatch.setattr("slipway.sameness.candidates.TELLING_TEXT", 10**9)
    assert works([MOVED], TOLD) == [(1, ("b",))]
    monkeypatch.setattr("slipway.sameness.kindred.kinship", lambda *_: Kinship.NONE)
    assert works([MOVED], TOLD) == [(None, ("b",))]


def test_new_works_at_a_shared_address_get_keys_of_their_own():
    batch = [item(PAGE, guid=guid, title=f"Version {guid}") for guid in ("1.1", "1.0")]
    assert [work.item.key for work in plan(batch, ())] == ["guid:lab:1.1", "guid:lab:1.0"]
    without = [replace(entry, external_id="") for entry in batch]
    keys = [work.item.key for work in plan(without, ())]
    assert len(set(keys)) == 2
    assert all(key.startswith("hash:") for key in keys)
    assert set(keys) <= Batch.of(without).keys


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


def entry(url, guid, title, text, day, number, doi):
    """An entry with the key that ingestion would give it; ``number`` is an arXiv id, its version and who tells of it."""
    if number:
        base, version, kind = number
        more = {"published": day, "doi": doi, "source_type": kind}
        return paper(base, version, source="lab", guid=guid, title=title, text=text, **more)
    key = item_key(arxiv_id="", url=url, guid=guid, source="lab", title=title, text=text)
    return item(key, url=url, guid=guid, title=title, text=text, published=day, doi=doi)


ENTRIES = st.builds(
    entry,
    st.sampled_from(["https://x.org/1", "https://x.org/2", ""]),
    st.sampled_from(["", "g", "h", "i"]),
    st.sampled_from(["", "One", "ONE", "Two", "v1.2", TELLING, f"[Paper] {TELLING}", f"{TELLING} | Lab"]),
    st.sampled_from(["", "text", "other text", LONG, f"{LONG}And more.", TALE, TEASER, f"{TALE} {LONG}"]),
    st.sampled_from([None, MONDAY, TUESDAY, LATE, NEXT_SPRING]),
    st.none()
    | st.tuples(
        st.sampled_from(["2602.01234", "2602.00002"]),
        st.integers(0, 3),
        st.sampled_from([SourceType.ARXIV, SourceType.RSS]),
    ),
    st.sampled_from(["", "", "10.1/a", "10.1/b"]),
)


SOURCES = ["lab", "mirror"]
BATCHES = st.lists(st.tuples(st.sampled_from(SOURCES), st.lists(ENTRIES, max_size=6)), max_size=4)


class Memory:
    """What the store holds; each source sees its own sightings."""

    def __init__(self):
        self.items = {}
        self.seen = []

    def known(self, source):
        """The items as a plan for a batch of the source sees them."""
        return [
            replace(
                stored, sightings=tuple(seen for number, by, seen in self.seen if (number, by) == (stored.id, source))
            )
            for stored in self.items.values()
        ]

    def named(self, source, batch):
        """Those that bear a name or a text of a batch."""
        keys, texts, dois = Batch.of(batch).keys, Batch.of(batch).texts, Batch.of(batch).dois
        papers = Batch.of(batch).papers
        guids = {entry.external_id for entry in batch if entry.external_id}
        return [
            one
            for one in self.known(source)
            if one.key in keys
            or keys.intersection(one.other_keys)
            or one.content_hash in texts
            or one.doi in dois
            or one.arxiv_id in papers
            or guids & {seen.external_id for seen in one.sightings}
        ]

    def looked_up(self, source, batch):
        """Those that the store gathers for a batch."""
        named = self.named(source, batch)
        wanted = candidate_bands(Batch.of(batch), named)
        return [one for one in self.known(source) if one in named or wanted & set(bands(one.sketch))]

    def carry_out(self, source, planned):
        """Store what a plan says."""
        for work in planned:
            number = work.known or len(self.items) + 1
            before = self.items[number].other_keys if work.known else ()
            assert not {work.item.key, *before} & set(work.other_keys), "each key is written once"
            if work.known is None or work.refresh:
                self.items[number] = known_as(work.item, number, sketch=work.sketch, sightings=())
            else:
                stored = self.items[number]
                self.items[number] = replace(stored, arxiv_id=stored.arxiv_id or work.item.arxiv_id)
            self.items[number] = replace(self.items[number], other_keys=(*before, *work.other_keys))
            for entry in work.sightings:
                self.seen.append((number, source, KnownSighting(entry.external_id, entry.url, entry.title)))


def of_source(source, batch):
    return [replace(entry, source=source, key=entry.key.replace(":lab:", f":{source}:")) for entry in batch]


@given(BATCHES)
def test_nothing_is_doubled_or_recorded_twice(batches):
    memory = Memory()
    for source, entries in batches:
        batch = of_source(source, entries)
        planned = plan(batch, memory.known(source))
        fresh = [work.item.key for work in planned if work.known is None]
        assert len(set(fresh)) == len(fresh)
        assert not set(fresh) & {stored.key for stored in memory.items.values()}
        assert set(fresh) <= Batch.of(batch).keys
        memory.carry_out(source, planned)
        papers = [stored.arxiv_id for stored in memory.items.values() if stored.arxiv_id]
        assert len(set(papers)) == len(papers)
        again = plan(batch, memory.known(source))
        assert all(work.known and not work.sightings and not work.refresh and not work.other_keys for work in again)


@given(BATCHES)
def test_what_the_store_looks_up_is_enough(batches):
    memory = Memory()
    for source, entries in batches:
        batch = of_source(source, entries)
        planned = plan(batch, memory.known(source))
        assert plan(batch, memory.looked_up(source, batch)) == planned
        memory.carry_out(source, planned)


@settings(deadline=None)
@given(BATCHES)
def test_the_quick_way_for_what_is_new_comes_to_the_same(batches):
    memory = Memory()
    for source, entries in batches:
        batch = of_source(source, entries)
        planned = plan(batch, memory.known(source))
        slowly = replace(Batch.of(batch), are_apart=False)
        assert dedupe.plan(slowly, memory.known(source)) == planned
        memory.carry_out(source, planned)


@settings(deadline=None)
@given(BATCHES)
def test_of_what_no_name_tells_the_sketches_are_enough(batches):
    memory = Memory()
    for source, entries in batches:
        batch = of_source(source, entries)
        named, alike = memory.named(source, batch), memory.looked_up(source, batch)
        others = {one.id: one for one in alike if one not in named}
        strangers = Strangers(
            {number: one.sketch for number, one in others.items()},
            lambda ids, these=others: [these[one] for one in ids],
        )
        planned = plan(batch, memory.known(source))
        assert dedupe.plan(Batch.of(batch), named, strangers) == planned
        memory.carry_out(source, planned)


def test_strangers_are_met_only_where_they_are_kin():
    stored = [known_as(item("url:y.org/1", source="y", text=text), text_id) for text_id, text in ((1, LONG), (2, TALE))]
    met = []

    def meet(ids):
        met.extend(ids)
        return [replace(one, sightings=()) for one in stored if one.id in ids]

    entry = item("url:x.org/1", guid="g1", title="Quite another title", text=LONG)
    strangers = Strangers({one.id: one.sketch for one in stored}, meet)
    (work,) = dedupe.plan(Batch.of([replace(entry, title=item("url:y.org/1", source="y").title)]), (), strangers)
    assert (work.known, met) == (1, [1])


@settings(deadline=None)
@given(st.lists(ENTRIES, max_size=6))
def test_entries_that_are_alone_are_put_together_to_the_same(batch):
    entries = [candidates._Entry.of(one) for one in batch]
    quickly = candidates._alone(entries)
    assert quickly in ((), tuple(candidates._put_together(entries)))
    keys, guids = {one.key for one in batch}, {one.external_id for one in batch}
    assert bool(quickly) is (0 < len(batch) == len(keys) == len(guids) and not any(one.doi for one in batch))


def test_what_is_new_takes_the_quick_way(monkeypatch):
    monkeypatch.setattr("slipway.sameness.plan._named", None)
    other = item("url:y.org/1", guid="g2", title="Quite another story of the sea", text=TALE)
    assert len(plan([item("url:x.org/1", guid="g1", title=TELLING, text=LONG), other], ())) == 2


@given(st.lists(st.text(min_size=1), unique_by=lambda title: " ".join(fold(title).split()), max_size=8), st.booleans())
def test_no_entry_at_a_shared_address_is_lost(titles, with_guids):
    batch = [item(PAGE, guid=str(n) if with_guids else "", title=title) for n, title in enumerate(titles)]
    assert len(plan(batch, ())) == len(batch)


def test_control_without_the_look_at_shared_addresses_entries_are_lost(monkeypatch):
    monkeypatch.setattr("slipway.sameness.candidates.is_certain", lambda _: True)
    assert len(plan([item(PAGE, guid=title, title=title) for title in ("1.1", "1.0")], ())) == 1
