"""Links: hard edges before nearness, both ways, capped at both ends."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.links.hard_edges import shared_addresses
from notes.links.linking import MARGIN, MOST_SETTLED, Edge, Linkable, choose_links, hard_edges, names_in
from notes.model import LinkKind

SKILLRL = Linkable(
    id="a",
    title="SkillRL: Recursive Skill-Augmented RL",
    text="Agents learn skills.",
    work="2602.08234",
    addresses=("https://arxiv.org/abs/2602.08234v1",),
)
BLOG = Linkable(
    id="b",
    title="SkillRL 讓智能體學會技能",
    text="在 ALFWorld 上達到 89.9%。",
    references=("http://arxiv.org/pdf/2602.08234",),
)
OTHER = Linkable(id="c", title="Memory for agents", text="We compare with SkillRL on long tasks.", work="2602.09999")
RIVAL = Linkable(id="d", title="Beyond SkillRL: a replication", text="It holds.", work="2602.11111")


def kinds(*notes):
    return {(edge.a, edge.b): (edge.kind, edge.why) for edge in hard_edges(notes)}


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        pytest.param(
            (SKILLRL, BLOG), {("a", "b"): (LinkKind.SAME_WORK, "the same work: SkillRL")}, id="paper and post"
        ),
        pytest.param(
            (SKILLRL, OTHER),
            {("a", "c"): (LinkKind.MENTIONS, "“We compare with SkillRL on long tasks.”")},
            id="mention",
        ),
        pytest.param(
            (SKILLRL, RIVAL), {("a", "d"): (LinkKind.MENTIONS, "both about SkillRL")}, id="two papers are two works"
        ),
        pytest.param(
            (
                SKILLRL,
                Linkable(
                    id="e", title="SkillRL in the wild", text="x", references=("https://arxiv.org/abs/2602.77777",)
                ),
            ),
            {("a", "e"): (LinkKind.MENTIONS, "both about SkillRL")},
            id="an article about another paper of that name",
        ),
        pytest.param(
            (BLOG, OTHER),
            {("b", "c"): (LinkKind.MENTIONS, "“We compare with SkillRL on long tasks.”")},
            id="mention of a post",
        ),
        pytest.param(
            (
                SKILLRL,
                Linkable(
                    id="e",
                    title="Reading notes",
                    text="It rains. The idea is from arXiv:2602.08234, they say. It stops.",
                    references=("https://arxiv.org/abs/2602.08234",),
                ),
            ),
            {("a", "e"): (LinkKind.CITES, "“The idea is from arXiv:2602.08234, they say.”")},
            id="the sentence that cites",
        ),
        pytest.param(
            (
                Linkable(id="e", title="卡片笔记", text="来自卢曼的方法。其他。", wikilinks=("f", "gone", "e")),
                Linkable(id="f", title="🧑卢曼", text="x"),
            ),
            {("e", "f"): (LinkKind.WIKILINK, "“来自卢曼的方法。”")},
            id="a wikilink and its sentence",
        ),
        pytest.param(
            (Linkable(id="e", title="One", text="x", wikilinks=("f",)), Linkable(id="f", title="Two", text="y")),
            {("e", "f"): (LinkKind.WIKILINK, "linked by you")},
            id="a wikilink without words",
        ),
        pytest.param(
            (
                SKILLRL,
                Linkable(id="e", title="Reading notes", text="x", references=("https://arxiv.org/abs/2602.08234",)),
            ),
            {("a", "e"): (LinkKind.CITES, "cites arXiv:2602.08234")},
            id="citation by another form of the address",
        ),
        pytest.param((SKILLRL, Linkable(id="e", title="Bread", text="Flour and water.")), {}, id="strangers"),
        pytest.param(
            tuple(Linkable(id=str(n), title=f"Tuning Qwen2.5 part {n}", text="x") for n in range(6)),
            {},
            id="a name of many titles tells the field",
        ),
        pytest.param(
            (
                Linkable(id="e", title="GPT-4 CSV JSON PDF SQL HTML: ultimate", text="spam"),
                Linkable(id="f", title="My data notes", text="We store CSV files."),
                Linkable(id="g", title="Reading PDF files", text="y"),
            ),
            {},
            id="only the first name leads",
        ),
        pytest.param(
            (
                Linkable(id="e", title="mHC: manifold hyper connections", text="x"),
                Linkable(id="f", title="Immunology", text="The MHC complex presents peptides."),
                Linkable(id="g", title="MHC at work", text="y"),
            ),
            {("f", "g"): (LinkKind.MENTIONS, "“The MHC complex presents peptides.”")},
            id="the same capitals",
        ),
        pytest.param(
            (
                Linkable(id="e", title="STEP3: a model", text="x"),
                Linkable(id="f", title="Other", text="We compare with STEP3-VL-10B. Then we use STEP3."),
            ),
            {("e", "f"): (LinkKind.MENTIONS, "“Then we use STEP3.”")},
            id="the sentence has the whole name",
        ),
        pytest.param(
            (
                Linkable(id="e", title="A tool", text="x", addresses=("https://github.com/foo/bar",)),
                Linkable(
                    id="f",
                    title="Other",
                    text="See github.com/foo/barbaz too. Also https://github.com/foo/bar here.",
                    references=("https://github.com/foo/bar",),
                ),
            ),
            {("e", "f"): (LinkKind.CITES, "“Also https://github.com/foo/bar here.”")},
            id="the sentence has the whole address",
        ),
        pytest.param(
            (Linkable(id="e", title="LLMs at work", text="x"), Linkable(id="f", title="LLMs at play", text="y")),
            {},
            id="LLMs are no work",
        ),
    ],
)
def test_hard_edges(notes, expected):
    assert kinds(*notes) == expected


def test_names():
    text = "STEP3-VL-10B and mHC beat GPT-4.1 on ScreenSpot-V2, says the LLM team; iGRPO达到85.62%"
    assert names_in(text) == ("STEP3-VL-10B", "mHC", "GPT-4.1", "ScreenSpot-V2", "iGRPO")


@pytest.mark.parametrize(
    ("texts", "linked"), [pytest.param(12, 12, id="few enough"), pytest.param(13, 0, id="too many")]
)
@pytest.mark.parametrize("told", [pytest.param(True, id="told who may"), pytest.param(False, id="all read")])
def test_a_name_that_many_texts_hold_is_no_mention(texts, linked, told):
    notes = [
        Linkable(id="a", title="CSV: the format", text="x"),
        *(Linkable(id=f"b{n}", title=f"Day {n}", text="We store CSV files.") for n in range(texts)),
        Linkable(id="c", title="Others", text="Nothing of the kind: csv, CSVs."),
    ]
    holders = {"CSV": {"a", "gone", "c", *(f"b{n}" for n in range(texts))}}.get if told else None
    assert len(hard_edges(notes, holders=holders)) == linked
    assert len(hard_edges(notes, touching={"b3"}, holders=holders)) == min(1, linked)


def test_only_pairs_that_are_touched_and_the_same_ones():
    notes = (SKILLRL, BLOG, OTHER, RIVAL)
    every = hard_edges(notes)
    for name in "abcd":
        assert set(hard_edges(notes, touching={name})) == {edge for edge in every if name in (edge.a, edge.b)}
    held = {"SkillRL": {"a", "b", "c", "d"}}
    assert set(hard_edges(notes, touching={"a"}, holders=held.get)) == set(hard_edges(notes, touching={"a"}))


def test_shared_addresses():
    pointing = [
        Linkable(id=name, title=name, text="", references=("https://Example.org/a?utm_source=x", *more))
        for name, more in (("a", ("https://rare.org/",)), ("b", ("http://www.rare.org",)), ("c", ()))
    ]
    shared = shared_addresses(pointing)
    assert shared["a"]["b"] == "https://rare.org"
    assert shared["a"]["c"] == shared["c"]["b"] == "https://example.org/a"
    portal = [Linkable(id=str(n), title="", text="", references=("https://example.org",)) for n in range(20)]
    assert shared_addresses(portal) == {}


edges = st.lists(
    st.builds(
        Edge.between,
        st.sampled_from("abcdefg"),
        st.sampled_from("hijklmn"),
        st.sampled_from(list(LinkKind)),
        st.floats(0, 1).map(lambda x: round(x, 3)),
        st.sampled_from(["shares x", "cites y"]),
    ),
    max_size=60,
)


@given(edges, st.integers(0, 5))
def test_links_go_both_ways_within_the_cap_and_do_not_depend_on_order(candidates, cap):
    links = choose_links(candidates, per_note=cap)
    pairs = {(link.src, link.dst) for link in links}
    assert len(pairs) == len(links)
    assert all((dst, src) in pairs for src, dst in pairs)
    assert all(count <= cap for count in Counter(link.src for link in links).values())
    assert choose_links(list(reversed(candidates)), per_note=cap) == links


def test_one_stuffed_item_cannot_link_to_all():
    stuffed = [Edge.between("spam", f"n{i}", LinkKind.MENTIONS, 1.0, "mentions") for i in range(50)]
    assert len([link for link in choose_links(stuffed, per_note=6) if link.src == "spam"]) == 6


def test_a_note_is_not_linked_with_itself():
    itself = Edge.between("a", "a", LinkKind.CITES, 1.0, "cites")
    likeness = similar("a", "b", 0.5)
    assert pairs(choose_links([itself, likeness], per_note=1)) == {("a", "b")}
    assert pairs(choose_links([likeness], per_note=1, standing=[itself])) == {("a", "b")}


def test_hard_edges_come_before_nearness():
    links = choose_links(
        [Edge.between("a", "b", LinkKind.SIMILAR, 1.0, "close"), Edge.between("a", "c", LinkKind.CITES, 0.5, "cites")],
        per_note=1,
    )
    assert [(link.src, link.dst) for link in links] == [("a", "c"), ("c", "a")]


# Links that stand


def similar(one, other, score):
    return Edge.between(one, other, LinkKind.SIMILAR, score, "close")


def pairs(links):
    return {(link.src, link.dst) for link in links if link.src < link.dst}


@pytest.mark.parametrize(
    ("score", "expected"),
    [
        pytest.param(0.5 + MARGIN, {("a", "new")}, id="better by a margin"),
        pytest.param(0.5 + MARGIN / 2, {("a", "b")}, id="hardly better"),
    ],
)
def test_a_link_keeps_its_place_unless_the_newcomer_is_better_by_a_margin(score, expected):
    standing, newcomer = [similar("a", "b", 0.5)], [similar("a", "new", score)]
    assert pairs(choose_links(newcomer, per_note=1, standing=standing, touched={"new"})) == expected


def test_without_standing_links_the_better_one_would_win():
    """The control for the test above."""
    both = [similar("a", "b", 0.5), similar("a", "new", 0.5 + MARGIN / 2)]
    assert pairs(choose_links(both, per_note=1)) == {("a", "new")}


def test_a_fact_takes_the_place_of_a_likeness_and_never_the_other_way():
    fact = Edge.between("a", "new", LinkKind.CITES, 1.0, "cites")
    assert pairs(choose_links([fact], per_note=1, standing=[similar("a", "b", 1.0)], touched={"new"})) == {("a", "new")}
    other = similar("a", "b", 1.0)
    assert pairs(choose_links([other], per_note=1, standing=[fact], touched={"b"})) == {("a", "new")}


def test_a_newcomer_changes_few_notes_that_had_settled():
    likenesses = [similar("new", f"old{n}", 0.9) for n in range(6)]
    facts = [Edge.between("new", f"cited{n}", LinkKind.CITES, 1.0, "cites") for n in range(3)]
    chosen = pairs(choose_links([*likenesses, *facts], per_note=6, touched={"new"}))
    assert sum(other.startswith("old") for _, other in map(sorted, chosen)) == MOST_SETTLED
    assert sum("cited" in one + other for one, other in chosen) == 3


def test_newcomers_link_to_each_other_freely():
    among = [similar("n1", other, 0.9) for other in ("n2", "n3", "n4", "n5")]
    assert len(pairs(choose_links(among, per_note=6, touched={"n1", "n2", "n3", "n4", "n5"}))) == 4


@given(edges, st.integers(1, 5))
def test_what_was_chosen_stands(candidates, cap):
    links = choose_links(candidates, per_note=cap)
    standing = [Edge(link.src, link.dst, link.kind, link.score, link.why) for link in links if link.src < link.dst]
    assert choose_links([], per_note=cap, standing=standing, touched=set()) == links
