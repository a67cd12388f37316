"""Our tokenisation gives exactly what the ``tokenizers`` library gives."""

from __future__ import annotations

import json
import os
import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.models.bundled import bundled_path
from index.models.light import table_tokenizer, word_models
from index.models.light.bert_words import EVERYDAY, bert_words
from index.models.light.piece_table import PieceTable, write_table
from index.models.light.probes import PROBES
from index.models.light.table_tokenizer import SHAPE, TABLE, TableTokenizer, write_shape
from index.models.light.tokenizer import LibraryTokenizer
from index.models.light.unsupported import UnsupportedError
from tests.index.tiny_models import TEXTS, byte_bpe, unigram, wordpiece

LONGEST = 48
EXAMPLES = 6000 if os.environ.get("SLIPWAY_CAMPAIGN") else 200

everyday = st.one_of(*(st.characters(min_codepoint=first, max_codepoint=last) for first, last in EVERYDAY))
texts = st.one_of(
    st.text(),
    st.text(everyday),
    st.lists(
        st.sampled_from([*" ".join(TEXTS).split(), "，", "▁", "##ing", " ", "[SEP", "x" * 120, "é", "e\u0301", "😀"])
    ).map(" ".join),
    st.text(st.sampled_from(sorted(set("".join(TEXTS)))), max_size=80),
)


class NoLibrary(LibraryTokenizer):
    """Says so when a text is handed over to the library."""

    def __call__(self, text: str) -> list[int]:
        raise AssertionError(f"left to the library: {text!r}")


@pytest.fixture(scope="module", params=["bundled", "wordpiece", "unigram", "bpe"])
def pair(request, tmp_path_factory) -> tuple[TableTokenizer, LibraryTokenizer]:
    folder = tmp_path_factory.mktemp(request.param)
    if request.param == "bundled":
        content = (bundled_path() / "tokenizer.json").read_text()
    else:
        content = {"wordpiece": wordpiece, "unigram": unigram, "bpe": byte_bpe}[request.param]()[0].to_str()
    (folder / "tokenizer.json").write_text(content)
    write_shape(content, folder)
    library = LibraryTokenizer(folder / "tokenizer.json", LONGEST)
    return TableTokenizer(folder, LONGEST, library), library


@pytest.mark.parametrize("text", PROBES, ids=range(len(PROBES)))
def test_the_probes_have_the_same_tokens(pair, text):
    table, library = pair
    assert table(text) == library(text)


@settings(max_examples=EXAMPLES, deadline=None)
@given(text=texts)
def test_every_text_has_the_same_tokens(pair, text):
    table, library = pair
    assert table(text) == library(text)


@settings(max_examples=100, deadline=None)
@given(text=st.text(everyday))
def test_everyday_text_needs_no_library(pair, text):
    """Otherwise the tests above could pass by handing everything over."""
    table, library = pair
    alone = TableTokenizer(table._folder, LONGEST, NoLibrary(table._folder, LONGEST))
    if not any(token.lower() in text.lower() for token in table._added):
        assert alone(text) == library(text)


def test_a_broken_word_model_would_be_noticed(pair, monkeypatch):
    table, library = pair
    monkeypatch.setattr(table, "_word_ids", lambda word: [7] * len(word))
    assert any(table(text) != library(text) for text in PROBES)


@pytest.mark.parametrize("lower", [True, False])
@pytest.mark.parametrize("strip", [True, False])
def test_each_everyday_character_is_treated_as_the_library_treats_it(lower, strip):
    from tokenizers import normalizers, pre_tokenizers

    normalizer = normalizers.BertNormalizer(lowercase=lower, strip_accents=strip)
    splitter = pre_tokenizers.BertPreTokenizer()
    differing = []
    for first, last in EVERYDAY:
        for number in range(first, last + 1):
            text = f"a{chr(number)}b {chr(number)}"
            theirs = [word for word, _ in splitter.pre_tokenize_str(normalizer.normalize_str(text))]
            if unicodedata.category(chr(number)) != "Cn" and bert_words(text, lower=lower, strip=strip) != theirs:
                differing.append(hex(number))
    assert differing == []


def test_other_characters_are_left_to_the_library():
    assert bert_words("naïve", lower=True, strip=True) == ["naive"]
    assert bert_words("\u0301", lower=True, strip=True) is None
    assert bert_words("\x00", lower=True, strip=True) is None
    assert bert_words("😀", lower=True, strip=True) is None


# The table


def test_a_table_finds_what_was_written(tmp_path):
    write_table(tmp_path / TABLE, [(b"b", 1, -1.0), ("推理".encode(), 2, -2.0), (b"ab", 0, -3.0)], [(1, 2, 0)])
    table = PieceTable(tmp_path / TABLE)
    assert [table.find(piece) for piece in (b"ab", b"b", "推理".encode(), b"a", b"c", b"", b"\xff")] == [
        0,
        1,
        2,
        *[None] * 4,
    ]
    assert table.merge(1, 2) == (0, 0)
    assert table.merge(2, 1) is None
    assert [(stop, table.ids[row]) for stop, row in table.prefixes("推理b".encode(), 0)] == [(6, 2)]


@pytest.mark.parametrize("keep", [0, 5, 20, 40, -1])
def test_a_table_that_is_cut_off_is_refused(tmp_path, keep):
    write_table(tmp_path / TABLE, [(b"b", 1, -1.0), (b"ab", 0, -3.0)])
    path = tmp_path / TABLE
    path.write_bytes(path.read_bytes()[:keep])
    with pytest.raises(UnsupportedError):
        PieceTable(path)


def test_a_missing_table_is_refused(tmp_path):
    with pytest.raises(UnsupportedError):
        PieceTable(tmp_path / TABLE)


@pytest.mark.parametrize(
    ("change", "word"),
    [
        pytest.param({"model": {"type": "WordLevel"}}, "WordLevel", id="another kind"),
        pytest.param({"model": {"type": "BPE", "dropout": 0.1}}, "unusual", id="dropout"),
        pytest.param({"model": {"type": "Unigram", "unk_id": None, "vocab": [["a", 0.0]]}}, "unknown", id="no unknown"),
    ],
)
def test_what_is_not_done_is_said(tmp_path, change, word, monkeypatch):
    monkeypatch.setattr(table_tokenizer, "_round_every_text", lambda content: ([], []))
    content = json.loads(unigram()[0].to_str()) | change
    with pytest.raises(UnsupportedError, match=word):
        write_shape(json.dumps(content), tmp_path)


def test_a_very_long_word_is_left_to_the_library(pair):
    table, library = pair
    text = "abc" * word_models._LONGEST_TO_MERGE
    assert table(text) == library(text)
    assert json.loads((table._folder / SHAPE).read_text())["before"]
