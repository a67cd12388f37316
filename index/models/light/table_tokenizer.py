"""A tokenizer over a mapped vocabulary: the library's normaliser and pre-tokenizer round our own word model."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.models.light.bert_words import bert_words
from index.models.light.piece_table import PieceTable, write_table
from index.models.light.tokenizer import LibraryTokenizer
from index.models.light.unsupported import UnsupportedError
from index.models.light.word_models import WORD_MODELS

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["SHAPE", "TABLE", "TableTokenizer", "write_shape"]

TABLE = "pieces.table"
SHAPE = "tokens.json"

_EMPTY_MODEL = {"type": "WordLevel", "vocab": {"?": 0}, "unk_token": "?"}


class TableTokenizer:
    """Text to ids by what :func:`write_shape` left in ``folder``; UnsupportedError when that cannot be read.

    ``library`` takes the texts that need more: with the spelling of a special token in them, or a rare character.
    """

    def __init__(self, folder: Path, max_length: int, library: LibraryTokenizer) -> None:
        shape: Mapping[str, Any] = json.loads((folder / SHAPE).read_bytes())
        self._folder = folder
        self._shape = shape
        self._library = library
        self._outline: Tokenizer | None = None
        self._before, self._after = list(shape["before"]), list(shape["after"])
        self._room = max_length - len(self._before) - len(self._after)
        self._added: list[str] = list(shape["added"])
        self._word_ids = WORD_MODELS[shape["model"]](PieceTable(folder / TABLE), shape["options"])

    def __call__(self, text: str) -> list[int]:
        """The ids of ``text``."""
        if self._holds_added_token(text):
            return self._library(text)
        ids: list[int] = []
        try:
            for word in self._words(text):
                ids.extend(self._word_ids(word))
                if len(ids) >= self._room:
                    break
        except UnsupportedError:
            return self._library(text)
        return self._before + ids[: self._room] + self._after

    def _holds_added_token(self, text: str) -> bool:
        lowered = text.lower()
        return any(token in text or token.lower() in lowered for token in self._added)

    def _words(self, text: str) -> list[str]:
        bert = self._shape["bert"]
        words = bert_words(text, lower=bert["lower"], strip=bert["strip"]) if bert else None
        return self._library_words(text) if words is None else words

    def _library_words(self, text: str) -> list[str]:
        if self._outline is None:
            from tokenizers import Tokenizer

            self._outline = Tokenizer.from_str(json.dumps(self._shape["outline"]))
        outline: Any = self._outline
        if outline.normalizer is not None:
            text = outline.normalizer.normalize_str(text)
            if self._holds_added_token(text):
                raise UnsupportedError("the text becomes the spelling of a special token")
        if outline.pre_tokenizer is None:
            return [text] if text else []
        return [word for word, _ in outline.pre_tokenizer.pre_tokenize_str(text)]


def write_shape(tokenizer_json: str, folder: Path) -> None:
    """Write the vocabulary of a ``tokenizer.json`` as a table into ``folder``, and how to use it beside it.

    UnsupportedError when its model is of a kind, or has an option, that is not done here.
    """
    tokenizer: Mapping[str, Any] = json.loads(tokenizer_json)
    model = tokenizer["model"]
    if model["type"] not in WORD_MODELS:
        raise UnsupportedError(f"its tokenizer is a {model['type']}")
    writers = {"WordPiece": _write_wordpiece, "Unigram": _write_unigram, "BPE": _write_bpe}
    before, after = _round_every_text(tokenizer_json)
    shape = {
        "model": model["type"],
        "options": writers[model["type"]](model, folder / TABLE),
        "before": before,
        "after": after,
        "added": [token["content"] for token in tokenizer["added_tokens"]],
        "bert": _bert(tokenizer["normalizer"], tokenizer["pre_tokenizer"]),
        "outline": {
            **tokenizer,
            "model": _EMPTY_MODEL,
            **dict.fromkeys(("post_processor", "decoder", "truncation", "padding")),
            "added_tokens": [],
        },
    }
    (folder / SHAPE).write_text(json.dumps(shape, separators=(",", ":")), encoding="utf-8")


def _round_every_text(tokenizer_json: str) -> tuple[list[int], list[int]]:
    """The special tokens that stand before and behind a text."""
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_str(tokenizer_json)
    tokenizer.no_truncation()
    tokenizer.no_padding()
    whole, bare = tokenizer.encode("a").ids, tokenizer.encode("a", add_special_tokens=False).ids
    for start in range(len(whole) - len(bare) + 1):
        if bare and whole[start : start + len(bare)] == bare:
            return whole[:start], whole[start + len(bare) :]
    raise UnsupportedError("its tokenizer changes a text by more than what it puts round it")


def _bert(normalizer: Mapping[str, Any] | None, pre_tokenizer: Mapping[str, Any] | None) -> dict[str, bool] | None:
    """The two switches of BERT's normaliser, when the tokenizer is plainly BERT's."""
    if not normalizer or not pre_tokenizer or pre_tokenizer["type"] != "BertPreTokenizer":
        return None
    if normalizer["type"] != "BertNormalizer" or not normalizer["clean_text"] or not normalizer["handle_chinese_chars"]:
        return None
    lower, strip = bool(normalizer["lowercase"]), normalizer["strip_accents"]
    return {"lower": lower, "strip": lower if strip is None else bool(strip)}


def _write_wordpiece(model: Mapping[str, Any], path: Path) -> dict[str, Any]:
    vocabulary: Mapping[str, int] = model["vocab"]
    write_table(path, [(piece.encode(), number, 0.0) for piece, number in vocabulary.items()])
    return {
        "unknown": vocabulary[model["unk_token"]],
        "longest": model["max_input_chars_per_word"],
        "prefix": model["continuing_subword_prefix"],
    }


def _write_unigram(model: Mapping[str, Any], path: Path) -> dict[str, Any]:
    vocabulary: list[tuple[str, float]] = model["vocab"]
    if model["unk_id"] is None:
        raise UnsupportedError("its tokenizer has no unknown token")
    write_table(path, [(piece.encode(), number, score) for number, (piece, score) in enumerate(vocabulary)])
    return {
        "unknown": model["unk_id"],
        "lowest": min(score for _, score in vocabulary),
        "byte_fallback": bool(model.get("byte_fallback")),
    }


def _write_bpe(model: Mapping[str, Any], path: Path) -> dict[str, Any]:
    odd = ("dropout", "continuing_subword_prefix", "end_of_word_suffix")
    if any(model.get(option) for option in odd):
        raise UnsupportedError("its tokenizer is a BPE of an unusual kind")
    vocabulary: Mapping[str, int] = model["vocab"]
    pairs = [merge.split(" ") if isinstance(merge, str) else merge for merge in model["merges"]]
    merges = [(vocabulary[left], vocabulary[right], vocabulary[left + right]) for left, right in pairs]
    write_table(path, [(piece.encode(), number, 0.0) for piece, number in vocabulary.items()], merges)
    return {"ignore_merges": bool(model.get("ignore_merges")), "byte_fallback": bool(model.get("byte_fallback"))}
