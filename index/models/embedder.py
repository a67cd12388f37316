"""Texts to vectors: the seam between the index and whichever model the configuration names."""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from index.models.bundled import BUNDLED_NAME, bundled_path
from index.models.hashing import HashingEmbedder
from index.models.model_folder import fingerprint, locate
from index.texts.documents import text_hash
from notes.errors import ModelError

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray
    from sentence_transformers import SentenceTransformer

    Vectors: TypeAlias = NDArray[np.float32]

__all__ = ["Embedder", "ModelSettings", "SentenceTransformerEmbedder", "knows_language", "open_embedder"]

BUNDLED = "bundled"
HASHING = "hashing"

_BATCH = 16
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
    """

    name: str = BUNDLED
    query_prefix: str = ""
    passage_prefix: str = ""
    languages: tuple[str, ...] = ("en",)


def open_embedder(settings: ModelSettings) -> Embedder:
    """The embedder that ``settings`` name; nothing heavy is loaded before the first text is encoded."""
    if settings.name == HASHING:
        return HashingEmbedder()
    return SentenceTransformerEmbedder(
        settings.name,
        query_prefix=settings.query_prefix,
        passage_prefix=settings.passage_prefix,
        languages=settings.languages,
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
    ) -> None:
        self._requested = model
        self._query_prefix = query_prefix
        self._passage_prefix = passage_prefix
        self._languages = tuple(languages)
        self._device = device

    @cached_property
    def name(self) -> str:
        """The model's name with the start of its weights' hash, and of the passage prefix's when there is one."""
        name = BUNDLED_NAME if self._requested == BUNDLED else fingerprint(self._requested, self._folder)
        return f"{name}+{text_hash(self._passage_prefix)[:6]}" if self._passage_prefix else name

    @property
    def dim(self) -> int:
        """The length of a vector; loads the model."""
        return int(self._model.get_embedding_dimension() or 0)

    def knows(self, lang: str) -> bool:
        """Whether ``lang`` is among the languages that the configuration states."""
        return knows_language(self._languages, lang)

    def encode_passages(self, texts: Sequence[str]) -> Vectors:
        """The vectors of ``texts``: ``(n, dim)`` float32, L2-normalised; ModelError when the model cannot be used.

        A text's vector does not depend, to the last bit, on what else is encoded with it (see :meth:`_groups`).
        """
        return self._encode([self._passage_prefix + text for text in texts])

    def encode_query(self, text: str) -> Vectors:
        """The vector of one query: ``(dim,)`` float32, L2-normalised."""
        vector: Vectors = self._encode([self._query_prefix + text])[0]
        return vector

    def _encode(self, texts: Sequence[str]) -> Vectors:
        import numpy as np

        vectors = np.zeros((len(texts), self.dim), dtype=np.float32)
        try:
            for rows in self._groups(texts):
                vectors[rows] = self._model.encode(
                    [texts[row] for row in rows],
                    batch_size=_BATCH,
                    normalize_embeddings=True,
                    show_progress_bar=False,
                    processing_kwargs={"text": {"pad_to_multiple_of": _LENGTH_STEP}},
                )
        except ModelError:
            raise
        except Exception as error:  # what a foreign model raises over a text is its trouble, not a bug of ours
            raise ModelError(f"the model {self._requested!r} cannot read a text: {error}") from error
        return vectors

    def _groups(self, texts: Sequence[str]) -> Iterator[list[int]]:
        """Rows of one padded length each, shortest first.

        Padding changes the shape of the matrix products and so the last bits of a vector. With one length to a batch
        and lengths in steps a vector depends on its text alone: a cache that is rebuilt gives the same links.
        """
        groups: dict[int, list[int]] = defaultdict(list)
        for start in range(0, len(texts), _MEASURED_AT_ONCE):
            for row, length in enumerate(self._lengths(texts[start : start + _MEASURED_AT_ONCE]), start):
                groups[-(-length // _LENGTH_STEP)].append(row)
        return (groups[steps] for steps in sorted(groups))

    def _lengths(self, texts: Sequence[str]) -> list[int]:
        """The number of tokens of each text, cut to what the model reads."""
        mask: Any = self._model.preprocess(list(texts))["attention_mask"]
        return [int(length) for length in mask.sum(dim=1)]

    @cached_property
    def _folder(self) -> Path:
        return bundled_path() if self._requested == BUNDLED else locate(self._requested)

    @cached_property
    def _model(self) -> SentenceTransformer:
        folder = self._folder
        _quiet_and_offline()
        try:
            from sentence_transformers import SentenceTransformer
            from transformers.utils import logging

            logging.disable_progress_bar()  # type: ignore[no-untyped-call]
            return SentenceTransformer(
                str(folder),
                device=self._device,
                trust_remote_code=False,
                local_files_only=True,
                model_kwargs={"use_safetensors": True},
            )
        except Exception as error:  # what a foreign folder makes the loaders raise is its trouble, not a bug of ours
            raise ModelError(
                f"the model {self._requested!r} cannot be loaded: {error}",
                hint=f"{folder} must hold a SentenceTransformer with safetensors weights",
            ) from error


def _quiet_and_offline() -> None:
    """The model lies in a folder by now: its loaders shall ask no server, and its tokenizer shall not fork threads."""
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
