"""Batches that are gathered together come to the same as batches recorded one by one, whatever they have in common."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Connection

from notes.model import Block, BlockKind, Item, SourceType
from notes.text.likeness import Kinship, bands, sketch_of
from slipway.store import gathering, shelves
from slipway.store.gathering import Sent, Shelf
from slipway.store.records import FetchRecord
from slipway.store.store import Store

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
STORIES = [
    f"Story {word} tells at length of a river, a bridge and the people who {word} there all night, "
    f"until the {word} morning came over the hills and nobody knew what to say about {word}."
    for word in ("cross", "build", "paint")
]


def entry(source: str, number: int, story: int, *, address: bool, doi: bool, day: int, edited: bool) -> Item:
    text = STORIES[story] + (" It was edited." if edited else "")
    return Item(
        key=f"url:shared.example/{story}" if address else f"url:{source}.example/{number}",
        source=source,
        source_title=source,
        source_type=SourceType.RSS,
        external_id=f"{source}-{number}",
        url=f"https://shared.example/{story}" if address else f"https://{source}.example/{number}",
        title=f"The {STORIES[story].split()[1]} of a bridge over the river",
        blocks=(Block(BlockKind.PARAGRAPH, text),),
        published=NOW - timedelta(days=day),
        doi="10.1000/x" if doi else "",
        content_hash=f"1:{story}{edited}",
    )


ENTRIES = st.builds(
    entry,
    st.sampled_from(["a", "b", "c"]),
    st.integers(0, 3),
    st.integers(0, 2),
    address=st.booleans(),
    doi=st.booleans(),
    day=st.integers(0, 3),
    edited=st.booleans(),
)


def records(entries: list[Item], hours: int = 0) -> list[FetchRecord]:
    """A fetch of each source with its entries, each guid once."""
    by_source: dict[str, dict[str, Item]] = {}
    for item in entries:
        by_source.setdefault(item.source, {})[item.external_id] = item
    return [
        FetchRecord(key=key, kind="rss", url=key, now=NOW + timedelta(hours=hours), items=tuple(items.values()))
        for key, items in by_source.items()
    ]


def stored(folder: Path, nights: list[list[FetchRecord]], *, together: bool) -> object:
    """All that is stored after the nights; ``together``: each night's fetches in one call, else one by one."""
    folder.mkdir()
    with Store.open(f"sqlite:///{folder / 'x.db'}") as store:
        counts = []
        for fetches in nights:
            for part in [fetches] if together else [[fetch] for fetch in fetches]:
                counts += store.record_many(part)
        return counts, sorted(store.slips(), key=lambda slip: slip.id)


@settings(max_examples=25, deadline=None)
@given(first=st.lists(ENTRIES, min_size=2, max_size=8), second=st.lists(ENTRIES, max_size=6))
def test_together_as_one_by_one(
    first: list[Item], second: list[Item], tmp_path_factory: pytest.TempPathFactory
) -> None:
    nights = [records(first), records(second, hours=24)]
    folder = tmp_path_factory.mktemp("shelves")
    assert stored(folder / "together", nights, together=True) == stored(folder / "apart", nights, together=False)


def one(source: str, **changes: bool) -> Item:
    return entry(source, 1, 0, **({"address": False, "doi": False, "edited": False} | changes), day=0)


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        pytest.param(one("a", address=True), one("b", address=True), id="an address"),
        pytest.param(one("a", doi=True), replace(one("b", doi=True), title="Another"), id="a DOI"),
        pytest.param(one("a"), one("b"), id="a text"),
        pytest.param(one("a"), one("b", edited=True), id="a story alike"),
    ],
)
def test_what_two_sources_share_is_one_item(ours: Item, theirs: Item, tmp_path: Path) -> None:
    counts, slips = stored(tmp_path / "x", [records([ours, theirs])], together=True)  # type: ignore[misc]
    assert [count.new for count in counts] == [1, 0]
    assert len(slips) == 1


def test_without_looking_again_the_same_story_would_come_twice(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves.Shelves, "shelf", lambda self, place, write: self.gathered[place])
    _, slips = stored(tmp_path / "x", [records([one("a"), one("b", edited=True)])], together=True)  # type: ignore[misc]
    assert len(slips) == 2


WORDS = "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen".split()


@pytest.mark.parametrize(("is_alike", "gathered"), [(False, 1), (True, 2)], ids=["by chance", "alike"])
def test_what_shares_but_a_band_is_not_gathered_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, *, is_alike: bool, gathered: int
) -> None:
    ours = one("a")
    text = " ".join(f"{first} {second}" for first in WORDS for second in WORDS[:3])
    theirs = (
        one("b", edited=True)
        if is_alike
        else replace(one("b"), blocks=(Block(BlockKind.PARAGRAPH, text),), content_hash="1:x")
    )
    assert not set(bands(sketch_of(ours))).isdisjoint(bands(sketch_of(theirs)))
    calls: list[int] = []
    gather = gathering.gather

    def counted(connection: Connection, sent: Sequence[Sent]) -> list[Shelf]:
        calls.append(len(sent))
        return gather(connection, sent)

    monkeypatch.setattr(shelves, "gather", counted)
    _, slips = stored(tmp_path / "x", [records([ours, theirs])], together=True)  # type: ignore[misc]
    assert len(calls) == gathered
    assert len(slips) == (1 if is_alike else 2)


def test_control_without_the_look_at_kinship_the_same_story_would_come_twice(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(shelves, "kinship", lambda *_: Kinship.NONE)
    _, slips = stored(tmp_path / "x", [records([one("a"), one("b", edited=True)])], together=True)  # type: ignore[misc]
    assert len(slips) == 2


def test_where_many_are_compared_all_is_gathered_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(shelves, "MOST_COMPARED", 0)
    monkeypatch.setattr(shelves, "kinship", lambda *_: Kinship.NONE)
    _, slips = stored(tmp_path / "x", [records([one("a"), one("b", edited=True)])], together=True)  # type: ignore[misc]
    assert len(slips) == 1
