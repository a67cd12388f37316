"""Texts to vectors: the seam between the index and whichever model the configuration names."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from math import gcd
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.models.bulk_precision import Precision, mark
from index.models.bundled import BUNDLED_NAME, bundled_path
from index.models.hashing import HashingEmbedder
from index.models.model_folder import digest_of, fingerprint, locate, refuse_pickles, with_prefix
from notes.errors import ModelError

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    from index.models.bulk import Bulk

    Vectors: TypeAlias = NDArray[np.float32]

__all__ = [
    "Embedder",
    "ModelSettings",
    "SentenceTransformerEmbedder",
    "knows_language",
    "load_transformer",
    "open_embedder",
]

BUNDLED = "bundled"
HASHING = "hashing"

_BATCH = 16
_TOKENS_ON_GPU = 32_768  # in one batch: a small part of any GPU's memory, and enough to keep it busy
_LENGTH_STEP = 32
_MEASURED_AT_ONCE = 256


class Embedder(Protocol):
    """What the index asks of a model.

    ``name`` stands for the weights and the passage prefix: two embedders of one name give the same vectors.
    """

    @property
    def name(self) -> str:
        """The key under which vectors are kept."""

    @property
    def dim(self) -> int:
        """The length of a vector."""

    def knows(self, lang: str) -> bool:
        """Whether cosines between texts of ``lang`` (BCP 47 tag or ``und``) can be believed."""

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """``(n, dim)`` float32, L2-normalised, in the order of ``texts``."""

    def encode_query(self, text: str) -> Vectors:
        """``(dim,)`` float32, L2-normalised."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Which model: ``bundled``, ``hashing``, a folder, or a name on the model hub.

    ``languages`` are the primary tags (``en``, ``zh``) in which its cosines can be believed, ``*`` for all.
    ``precision`` is :data:`index.models.bulk_precision.Precision`.
    """

    name: str = BUNDLED
    query_prefix: str = ""
    passage_prefix: str = ""
    languages: tuple[str, ...] = ("en",)
    precision: str = "auto"


def open_embedder(settings: ModelSettings) -> Embedder:
    """The embedder that ``settings`` name; nothing heavy is loaded before the first text is encoded."""
    if settings.name == HASHING:
        return HashingEmbedder()
    return SentenceTransformerEmbedder(
        settings.name,
        query_prefix=settings.query_prefix,
        passage_prefix=settings.passage_prefix,
        languages=settings.languages,
        precision=settings.precision,
    )


def knows_language(languages: Sequence[str], lang: str) -> bool:
    """Whether ``lang`` falls under one of ``languages``; an undetermined text is taken for a known one."""
    return lang == "und" or "*" in languages or lang.partition("-")[0] in languages


class SentenceTransformerEmbedder:
    """A SentenceTransformer from the bundled package, a folder or the model hub, loaded when first needed.

    Only safetensors are read and no code of the model's repository is ever run. ``device`` is torch's (None: its choice).
    """

    def __init__(
        self,
        model: str = BUNDLED,
        *,
        query_prefix: str = "",
        passage_prefix: str = "",
        languages: Sequence[str] = ("en",),
        device: str | None = None,
        precision: str = "auto",
    ) -> None:
        self._requested = model
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self._languages = tuple(languages)
        self._device = device
        self._precision: Precision = "full" if precision == "full" else "auto"

    @cached_property
    def name(self) -> str:
        """The model's name with the start of its weights' hash, and of the passage prefix's when there is one.

        Vectors made in bf16 have a key of their own (:mod:`index.models.bulk_precision`).
        """
        own = BUNDLED_NAME if self._requested == BUNDLED else fingerprint(self._requested, digest_of(self._folder))
        return with_prefix(own, self._passage_prefix) + mark(self._folder, self._precision)

    @property
    def dim(self) -> int:
        """The length of a vector; loads the model."""
        return int(self._model.get_embedding_dimension() or 0)

    def knows(self, lang: str) -> bool:
        """Whether ``lang`` is among the languages that the configuration states."""
        return knows_language(self._languages, lang)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts``: ``(n, dim)`` float32, L2-normalised; ModelError when the model cannot be used.

        A text's vector does not depend, to the last bit, on what else is encoded with it (see :meth:`_groups` and
        :mod:`index.models.bulk_packed`).
        """
        prefixed = [self._passage_prefix + text for text in texts]
        if not self._bulk.is_packed:
            return self._encode(prefixed)
        with self._told():
            return self._bulk.encode(prefixed)

    @property
    def note(self) -> str:
        """Why passages were embedded in a slower way than this machine could; empty when not, or when none were yet."""
        return self._bulk.note if "_bulk" in self.__dict__ else ""

    def encode_query(self, text: str) -> Vectors:
        """The vector of one query: ``(dim,)`` float32, L2-normalised."""
        vector: Vectors = self._encode([self._query_prefix + text])[0]
        return vector

    def _encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        with self._told():
            for length, rows in self._groups(texts):
                vectors[rows] = self._model.encode(
                    [texts[row] for row in rows],
                    batch_size=_BATCH if self._model.device.type == "cpu" else max(1, _TOKENS_ON_GPU // length),
                    normalize_embeddings=True,
                    show_progress_bar=False,
                    processing_kwargs={"text": {"pad_to_multiple_of": self._length_step}},
                )
        return vectors

    @contextmanager
    def _told(self) -> Iterator[None]:
        """What goes wrong as a ModelError."""
        try:
            yield
        except ModelError:
            raise
        except Exception as error:  # what a foreign model raises over a text is its trouble, not a bug of ours
            raise ModelError(f"the model {self._requested!r} cannot read a text: {error}") from error

    def _groups(self, texts: Sequence[str]) -> Iterator[tuple[int, list[int]]]:
        """Rows of one padded length each, with that length, shortest first.

        Padding changes the shape of the matrix products and so the last bits of a vector. With one length to a batch
        and lengths in steps a vector depends on its text alone: a cache that is rebuilt gives the same links.
        """
        groups: dict[int, list[int]] = defaultdict(list)
        for start in range(0, len(texts), _MEASURED_AT_ONCE):
            for row, length in enumerate(self._lengths(texts[start : start + _MEASURED_AT_ONCE]), start):
                groups[-(-length // self._length_step)].append(row)
        return ((steps * self._length_step, groups[steps]) for steps in sorted(groups))

    @property
    def _length_step(self) -> int:
        """A tokenizer that cuts texts pads them only in steps that divide the length to which it cuts."""
        return gcd(_LENGTH_STEP, self._model.max_seq_length or 0)

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, cut to what the model reads."""
        mask: Any = self._model.preprocess(list(texts))["attention_mask"]
        return [int(length) for length in mask.sum(dim=1)]

    @cached_property
    def _folder(self) -> Path:
        return bundled_path() if self._requested == BUNDLED else locate(self._requested)

    @cached_property
    def _bulk(self) -> Bulk:
        model = self._model
        from index.models.bulk import open_bulk

        return open_bulk(model, self._precision)

    @cached_property
    def _model(self) -> SentenceTransformer:
        model = load_transformer(self._requested, self._folder, device=self._device)
        # Weights kept in half precision are as they are, but computing in it is slow on a processor, and rough.
        return model.float() if model.device.type == "cpu" else model


def load_transformer(model: str, folder: Path, *, device: str | None = None, **options: Any) -> SentenceTransformer:
    """The SentenceTransformer in ``folder``; ``options`` go to its transformer. ModelError when it cannot be loaded."""
    _quiet_and_offline()
    refuse_pickles(model, folder)
    try:
        from sentence_transformers import SentenceTransformer
        from transformers.utils import logging

        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        return SentenceTransformer(
            str(folder),
            device=device,
            trust_remote_code=False,
            local_files_only=True,
            model_kwargs={"use_safetensors": True, **options},
        )
    except Exception as error:  # what a foreign folder makes the loaders raise is its trouble, not a bug of ours
        raise ModelError(
            f"the model {model!r} cannot be loaded: {error}",
            hint=f"{folder} must hold a SentenceTransformer with safetensors weights",
        ) from error


def _quiet_and_offline() -> None:
    """The model lies in a folder by now: its loaders shall ask no server, and its tokenizer shall not fork threads."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
