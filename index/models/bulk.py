"""Many texts to vectors as fast as the processor allows, and each text's vector the same whatever else is encoded with it.

Where sentence-transformers spends its time: in products that do not use what the processor has, in padding, and with all
threads waiting for each other after every product. Here the texts are packed (:mod:`index.models.bulk_packed`), the
products are prepacked ones in bf16 where the processor has it (:mod:`index.models.bulk_layers`), and each thread works
on texts of its own. A model that cannot be packed, and one whose packed vectors are not the plain ones, goes through
sentence-transformers, and :attr:`Bulk.note` says so.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from index.models.bulk_packed import PackedEncoder, packed_encoder
from index.models.bulk_precision import PACKABLE, Precision, has_bf16
from index.models.calibration import PROBES

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.models.embedder import Vectors

__all__ = ["CLOSE", "Bulk", "open_bulk"]

CLOSE = 0.9999
"""The cosine that every probe must have to what plain sentence-transformers makes of it."""

_TEXTS_AT_ONCE = 16
_TOKENS_AT_ONCE = 4096
_PORTIONS_WAITING = 64

# Of both languages, of one word, and longer than most models read.
_CHECKED = (PROBES["en"][0], PROBES["zh"][0], "skills", "知", "".join(PROBES["zh"][1:4]) + " ".join(PROBES["en"]))


@dataclass(frozen=True, slots=True)
class Bulk:
    """How passages are encoded: packed when ``encoder`` is there, else plainly; ``note`` says what was found wanting."""

    model: SentenceTransformer
    encoder: PackedEncoder | None
    note: str = ""

    @property
    def is_packed(self) -> bool:
        """Whether :meth:`encode` may be called."""
        return self.encoder is not None

    def encode(self, texts: Sequence[str]) -> Vectors:
        """``(n, dim)`` float32, L2-normalised, in the order of ``texts``; raises what the model raises over a text.

        A vector depends on its text alone, to the last bit: on no other text, nor on the number of threads.
        """
        vectors = np.zeros((len(texts), int(self.model.get_embedding_dimension() or 0)), dtype=np.float32)
        with _single_threads() as pool:
            waiting: deque[tuple[list[int], Future[Vectors]]] = deque()
            for rows in _portions(texts):
                # A tokenizer keeps its truncation in itself and is not to be shared: one thread reads, others compute.
                features = self._read([texts[row] for row in rows])
                waiting.append((rows, pool.submit(self._vectors, features)))
                if len(waiting) > _PORTIONS_WAITING:
                    _take(waiting, vectors)
            while waiting:
                _take(waiting, vectors)
        return vectors

    def _read(self, texts: list[str]) -> Mapping[str, Any]:
        prompt = self.model.prompts.get(self.model.default_prompt_name or "")
        features: Mapping[str, Any] = self.model.preprocess(texts, prompt=prompt or None)
        return features

    def _vectors(self, features: Mapping[str, Any]) -> Vectors:
        """The vectors of one portion, on this thread alone."""
        vectors = np.zeros((len(features["input_ids"]), int(self.model.get_embedding_dimension() or 0)), np.float32)
        with torch.inference_mode():
            tokens = [
                ids[mask.bool()] for ids, mask in zip(features["input_ids"], features["attention_mask"], strict=True)
            ]
            for rows in _batches([len(ids) for ids in tokens]):
                for row, embedded in zip(rows, self._packed([tokens[row] for row in rows]), strict=True):
                    vectors[row] = self._pooled(embedded, features.get("prompt_length"))
        return vectors

    def _packed(self, tokens: Sequence[Tensor]) -> list[Tensor]:
        assert self.encoder is not None
        return self.encoder(tokens)

    def _pooled(self, embedded: Tensor, prompt_length: int | None) -> Vectors:
        """What the modules behind the transformer make of one text: pooling alone, or projections as well."""
        features: dict[str, Any] = {
            "token_embeddings": embedded.unsqueeze(0),
            "attention_mask": torch.ones(1, len(embedded), dtype=torch.int64),
        }
        if prompt_length is not None:
            features["prompt_length"] = prompt_length
        for module in list(self.model)[1:]:
            features = module(features)
        vector: Vectors = functional.normalize(features["sentence_embedding"], dim=1)[0].numpy()
        return vector


def open_bulk(model: SentenceTransformer, precision: Precision = "auto") -> Bulk:
    """The fastest way for ``model`` whose vectors are, on a few probes, those of plain sentence-transformers."""
    if not _is_packable(model):
        return Bulk(model, None)
    wanted = [torch.bfloat16] if precision == "auto" and has_bf16() else []
    try:
        plain = model.encode(list(_CHECKED), batch_size=1, normalize_embeddings=True, show_progress_bar=False)
    except Exception as error:  # noqa: BLE001 - a model that cannot read every text: which, its own encode will tell
        return Bulk(model, None, f"packed embedding is not used: the model cannot read the probes ({error!r}).")
    notes: list[str] = []
    for dtype in (*wanted, torch.float32):
        found = _checked(model, dtype, plain)
        if found.is_packed:
            return replace(found, note=" ".join(notes))
        notes.append(found.note)
    return Bulk(model, None, " ".join(notes))


def _is_packable(model: SentenceTransformer) -> bool:
    transformer = getattr(model[0], "auto_model", None)
    return (
        model.device.type == "cpu"
        and model.truncate_dim is None
        and transformer is not None
        and transformer.config.model_type in PACKABLE
        and all(weight.dtype == torch.float32 for weight in transformer.parameters())
    )


def _checked(model: SentenceTransformer, dtype: torch.dtype, plain: Vectors) -> Bulk:
    """The packed way in ``dtype``, or without it a note of what was wrong."""
    told = f"{'bf16' if dtype == torch.bfloat16 else 'packed'} embedding is not used"
    transformer: Any = model[0]
    try:
        with torch.inference_mode():
            bulk = Bulk(model, packed_encoder(transformer.auto_model, dtype))
        cosine = float((bulk.encode(_CHECKED) * plain).sum(axis=1).min())
    except Exception as error:  # noqa: BLE001 - whatever a model of another make raises, sentence-transformers can do it
        return Bulk(model, None, f"{told}: {error!r}.")
    if cosine >= CLOSE:  # false for NaN
        return bulk
    return Bulk(model, None, f"{told}: its vectors have a cosine of {cosine:.5f} to the plain ones.")


def _portions(texts: Sequence[str]) -> Iterator[list[int]]:
    """Rows of a few texts each, long ones first: when one thread is out of work at the end, the others are soon."""
    order = sorted(range(len(texts)), key=lambda row: -len(texts[row]))
    return (order[start : start + _TEXTS_AT_ONCE] for start in range(0, len(order), _TEXTS_AT_ONCE))


def _batches(lengths: Sequence[int]) -> Iterator[list[int]]:
    """Rows by length, as many at once as memory is meant for; a text of no tokens is in none."""
    batch: list[int] = []
    for row in sorted((row for row, length in enumerate(lengths) if length), key=lambda row: lengths[row]):
        if batch and sum(lengths[other] for other in batch) + lengths[row] > _TOKENS_AT_ONCE:
            yield batch
            batch = []
        batch.append(row)
    if batch:
        yield batch


def _take(waiting: deque[tuple[list[int], Future[Vectors]]], vectors: Vectors) -> None:
    rows, result = waiting.popleft()
    vectors[rows] = result.result()


@contextmanager
def _single_threads() -> Iterator[ThreadPoolExecutor]:
    """As many threads as torch would use for one product, each with products of its own.

    They wait for nobody inside a layer, and the sums of a product are the same however many threads there are.
    """
    count = torch.get_num_threads()
    try:
        with ThreadPoolExecutor(count, initializer=torch.set_num_threads, initargs=(1,)) as pool:
            yield pool
    finally:
        torch.set_num_threads(count)  # theirs was also the default of threads that start later
