"""Relatives: what makes two notes belong together, beside their texts."""

from __future__ import annotations

import pytest

from index.kin.relatives import Kin, Weights
from index.models.hashing import HashingEmbedder
from index.storage.cache import IndexCache
from index.texts.documents import Document
from index.words.lexicon import Lexicon
from index.words.token_counts import count_words
from notes.links.edges import Linkable

FILLER = (
    "Bread wants flour, water, salt and patience.",
    "The tram to the harbour leaves at noon.",
    "Violets grow where the ground stays wet.",
    "A chess endgame of rooks is usually drawn.",
    "The committee met about the roof of the school.",
    "春天的花园里有很多鸟。",
    "昨天的会议讨论了预算。",
)


def document(name, title, text, *, path="", source_type="", lang="en"):
    return Document(
        id=name, kind="note", title=title, sections=(("", text),), path=path, source_type=source_type, lang=lang
    )


def kin(documents, *, weights=None, cache=None, references=None, names=None):
    documents = [*documents, *(document(f"z{n}", f"Filler {n}", text) for n, text in enumerate(FILLER))]
    linkables = {
        one.id: Linkable(
            id=one.id,
            title=one.title,
            text=one.text,
            references=(references or {}).get(one.id, ()),
            names=(names or {}).get(one.id, ()),
        )
        for one in documents
    }
    embedder = HashingEmbedder()
    vectors = embedder.encode_passages([one.whole for one in documents])
    return Kin(documents, linkables, vectors, embedder, Lexicon.of(documents, cache), weights)


def best(found, name="a"):
    return next((one for one in found.relatives([name])[name]), None)


def test_a_mention_binds_either_way_and_is_named():
    notes = [
        document("a", "Graph View", "Dots and lines."),
        document("b", "Evening", "Then I opened the graph-views and slept."),
    ]
    for name, other in (("a", "b"), ("b", "a")):
        found = best(kin(notes), name)
        assert (found.id, found.mention) == (other, "graph view")
    assert best(kin(notes, weights=Weights(mention=0.0))).score < best(kin(notes)).score


def test_a_mention_in_chinese_by_an_alias_in_the_other_script():
    notes = [
        document("a", "PKM", "一个系统。", lang="zh-Hans"),
        document("b", "随想", "我的個人知識管理系統還不好用。", lang="zh-Hant"),
    ]
    assert best(kin(notes, names={"a": ("🗂个人知识管理",)})).mention == "个人知识管理"
    assert "个人知识管理" not in {one.mention for one in kin(notes).relatives(["a"])["a"]}


@pytest.mark.parametrize(
    ("title", "text", "mention"),
    [
        pytest.param("Violin", "A violin in the attic.", "violin", id="a rare word"),
        pytest.param("Notes", "My notes in the attic.", "", id="a common word"),
        pytest.param("模型", "阁楼上有一个模型。", "", id="a common Chinese word"),
    ],
)
def test_a_common_word_only_hints_at_the_note_of_that_title(title, text, mention):
    notes = [
        document(
            "a", title, "Cedar, maple and spruce from the southern slopes of cold mountains sound best of all woods."
        ),
        document(
            "b", "Evening", f"{text} Dust lay everywhere, rain fell upon the roof, somebody sang below the stairs."
        ),
    ]
    found, plain = (kin(notes, weights=Weights(mention=weight)).relatives(["a"])["a"] for weight in (0.5, 0.0))
    one, other = (next(one for one in relatives if one.id == "b") for relatives in (found, plain))
    assert one.mention == mention
    assert one.score > other.score
    assert other.closeness < 1
    assert (one.closeness > other.closeness) is bool(mention)


@pytest.mark.parametrize(
    ("title", "mention"),
    [pytest.param("Violin", "", id="one word"), pytest.param("Old violin", "old violin", id="two")],
)
def test_one_word_has_to_be_rarer(title, mention):
    notes = [document("a", title, "x"), *(document(f"b{n}", f"Day {n}", f"My old violin {n}.") for n in range(5))]
    assert best(kin(notes)).mention == mention


def test_a_title_that_everyone_says_is_no_reason():
    notes = [
        document("a", "Tomatoes", "Red."),
        *(document(f"b{n}", f"Day {n}", f"Tomatoes again {n}.") for n in range(25)),
    ]
    assert {one.mention for one in kin(notes).relatives(["a"])["a"]} == {""}


def test_an_address_that_both_point_to():
    notes = [document("a", "Left", "One thing."), document("b", "Right", "Wholly different.")]
    found = best(kin(notes, references=dict.fromkeys("ab", ("https://example.org/x",))))
    assert (found.id, found.address) == ("b", "https://example.org/x")
    assert found.closeness > 0.35


@pytest.mark.parametrize(
    ("source_type", "together"),
    [pytest.param("", True, id="the user's"), pytest.param("rss", False, id="Slipway's own")],
)
def test_a_folder_says_something_when_the_user_chose_it(source_type, together):
    notes = [
        document("a", "Left", "A tram.", path="Travel/Asia/a.md", source_type=source_type),
        document("b", "Right", "No word in common.", path="Travel/Asia/b.md", source_type=source_type),
    ]
    found = {one.id: one.score for one in kin(notes).relatives(["a"])["a"]}
    plain = {one.id: one.score for one in kin(notes, weights=Weights(folder=0.0)).relatives(["a"])["a"]}
    assert (found.get("b", 0.0) > plain.get("b", 0.0)) is together


def test_a_pair_is_measured_the_same_alone_and_among_all():
    notes = [document(f"n{n}", f"Agents {n}", f"Agents learn {word} skills.") for n, word in enumerate("abcdefgh")]
    found = kin(notes)
    ids = [one.id for one in notes]
    together = found.relatives(ids)
    assert {name: found.relatives([name])[name] for name in ids} == together
    scores = {(name, one.id): one.score for name, relatives in together.items() for one in relatives}
    assert all(
        scores[pair] == pytest.approx(scores[pair[1], pair[0]], abs=2e-4) for pair in scores if pair[::-1] in scores
    )


def test_also_is_measured_wherever_it_ranks():
    notes = [document(f"n{n}", f"Agents {n}", "Agents learn skills together.") for n in range(6)]
    notes.append(document("far", "Far", "Agents, once."))
    found = kin(notes).relatives(["n0"], k=1, also={"n0": ("far", "gone")})["n0"]
    assert [one.id for one in found][1:] == ["far"]


def test_copies_do_not_fill_a_list():
    copies = [
        document(f"c{n}", "Sparse attention", "Sparse attention halves latency on long inputs.") for n in range(5)
    ]
    others = [document("d", "Sparse attention in hardware", "A chip for sparse attention, with numbers of watts.")]
    found = kin([document("a", "Attention", "Notes on sparse attention and latency."), *copies, *others])
    relatives = found.relatives(["a"])["a"]
    kept = [one.id for one in found.diverse(relatives)]
    assert sum(name.startswith("c") for name in kept) == 2
    assert "d" in kept
    assert sum(one.id.startswith("c") for one in relatives) == 5  # the control


def test_counted_words_are_kept_and_give_the_same(tmp_path, monkeypatch):
    notes = [document("a", "Agents", "Agents learn."), document("b", "智能体", "智能体學習技能。", lang="zh-Hant")]
    plain = kin(notes).relatives(["a", "b"])
    with IndexCache(tmp_path / "index.db") as cache:
        assert kin(notes, cache=cache).relatives(["a", "b"]) == plain
        monkeypatch.setattr("index.words.token_counts._count", None)  # nothing is counted a second time
        assert kin(notes, cache=cache).relatives(["a", "b"]) == plain


def test_counts_of_texts_that_are_gone_are_forgotten(tmp_path, monkeypatch):
    monkeypatch.setattr("index.words.token_counts._FEW", 0)
    with IndexCache(tmp_path / "index.db") as cache:
        for night in range(30):
            count_words([document("a", "Agents", f"Agents learn, night {night}.")], cache)
        assert cache.connection.execute("SELECT count(*) FROM word_counts").fetchone()[0] <= 6
