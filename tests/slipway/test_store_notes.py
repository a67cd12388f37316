"""Notes, what was written into their files, and their links."""

from __future__ import annotations

from sqlalchemy import event

from notes.model import ItemStatus, Link, LinkKind
from slipway.store.records import Decision, FileRecord, NoteRecord
from tests.slipway.boxes import DAY, LATER, NEXT_DAY, NOW, content, item, record


def promote(store, number):
    entry = item(f"url:example.org/{number}", guid=str(number), title=f"Title {number}")
    record(store, entry)
    slip = store.slips()[-1]
    store.decide([Decision(slip.id, ItemStatus.PROMOTED, 0.9, (), f"n-{number}", f"notes/{number}.md", number)], DAY)


def test_running_numbers_count_notes_and_syntheses_and_are_not_given_again(store):
    assert store.next_number(DAY) == 1
    promote(store, 1)
    store.add_synthesis_note("s-2", "trends/2026-W08.md", DAY, 2)
    assert store.next_number(DAY) == 3
    store.mark_gone(["s-2"], NOW)
    assert store.next_number(DAY) == 3
    assert store.next_number(NEXT_DAY) == 1
    before = content(store)
    store.add_synthesis_note("s-2", "trends/2026-W08.md", NEXT_DAY, 9)
    assert content(store) == before
    assert store.notes()["s-2"] == NoteRecord("s-2", None, "trends/2026-W08.md", DAY, 2, NOW)


def test_gone_back_and_moved(store):
    promote(store, 1)
    promote(store, 2)
    store.mark_gone(["n-1", "n-2", "unknown"], LATER)
    assert {name: note.gone_at for name, note in store.notes().items()} == {"n-1": LATER, "n-2": LATER}
    store.mark_back(["n-1", "n-1", "unknown"], NOW)
    store.mark_moved("n-1", "Archiv/技能.md")
    store.mark_gone([], NOW)
    assert store.notes()["n-1"] == NoteRecord("n-1", 1, "Archiv/技能.md", DAY, 1)
    assert store.notes()["n-2"].gone_at == LATER


def test_files_are_planned_then_settled(store):
    store.plan_files({"a": ("a.md", "1"), "b": ("b.md", "2")})
    assert store.file_records() == {"a": FileRecord("a", "a.md", "", "1"), "b": FileRecord("b", "b.md", "", "2")}
    store.settle_files({"a": ("a.md", "1")})
    store.plan_files({"a": ("moved/a.md", "3")})
    assert store.file_records() == {"a": FileRecord("a", "moved/a.md", "1", "3"), "b": FileRecord("b", "b.md", "", "2")}
    store.settle_files({"a": ("moved/a.md", "3"), "c": ("c.md", "4")})
    assert store.file_records()["a"] == FileRecord("a", "moved/a.md", "3", "")
    assert store.file_records()["c"] == FileRecord("c", "c.md", "4", "")
    before = content(store)
    store.settle_files({"c": ("c.md", "4")})
    store.plan_files({})
    assert content(store) == before


def links(*ends, score=0.5, why="shares RL"):
    return [Link(src, dst, LinkKind.SIMILAR, score, why) for src, dst in ends]


def test_links_are_replaced_by_what_differs(store):
    first = links("ab", "ba", "ac", "ca")
    assert store.replace_links(first) == 4
    assert store.links() == tuple(sorted(first, key=lambda link: (link.src, link.dst)))
    assert store.replace_links(reversed(first)) == 0
    better = Link("a", "b", LinkKind.CITES, 1.0, "cites 2602.01234")
    stronger = Link("b", "a", LinkKind.SIMILAR, 0.75, "shares RL, GRPO")
    wanted = [better, *links("ab"), stronger]
    assert store.replace_links(wanted) == 4
    assert store.links() == (better, *links("ab"), stronger)
    assert store.replace_links([]) == 3


def test_replacing_links_by_themselves_writes_nothing(store):
    store.replace_links(links("ab", "ba"))
    statements = []
    event.listen(store._engine, "before_cursor_execute", lambda *args: statements.append(args[2]))
    store.replace_links(links("ab", "ba"))
    assert not [one for one in statements if one.startswith(("INSERT", "UPDATE", "DELETE"))]


def test_related_closest_first(store):
    store.replace_links([*links("ab", "ca"), *links("ad", score=0.9), *links("ac")])
    assert [(link.dst, link.score) for link in store.related("a")] == [("d", 0.9), ("b", 0.5), ("c", 0.5)]
    assert store.related("z") == ()


def test_ids_keep_their_case_and_order_by_bytes(store):
    names = ["Zürich/a", "a-b", "a b", "ab", "技能", "Z"]
    store.replace_links([link for name in names for link in links((name, "x"))])
    assert [link.src for link in store.links()] == sorted(names)


def test_what_links_were_chosen_from_is_replaced_as_it_differs(store):
    assert store.arranged() == {}
    assert store.replace_arranged({"a": "1", "b": "1", "c": "1"}) == 3
    before = content(store)
    assert store.replace_arranged({"c": "1", "b": "1", "a": "1"}) == 0
    assert content(store) == before
    assert store.replace_arranged({"a": "1", "b": "2", "d": "1"}) == 3
    assert store.arranged() == {"a": "1", "b": "2", "d": "1"}
