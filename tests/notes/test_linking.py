"""Links: hard edges before nearness, both ways, capped at both ends."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.linking import Edge, Linkable, choose_links, hard_edges, names_in
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
        pytest.param((SKILLRL, OTHER), {("a", "c"): (LinkKind.MENTIONS, "mentions SkillRL")}, id="mention by name"),
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
        pytest.param((BLOG, OTHER), {("b", "c"): (LinkKind.MENTIONS, "mentions SkillRL")}, id="mention of a post"),
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


def test_hard_edges_come_before_nearness():
    links = choose_links(
        [Edge.between("a", "b", LinkKind.SIMILAR, 1.0, "close"), Edge.between("a", "c", LinkKind.CITES, 0.5, "cites")],
        per_note=1,
    )
    assert [(link.src, link.dst) for link in links] == [("a", "c"), ("c", "a")]
