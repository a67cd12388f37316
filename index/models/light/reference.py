"""The model as torch runs it, in full precision on the processor: what every light way is held against."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.models.embedder import load_transformer
from index.models.light.unsupported import UnsupportedError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

    from index.models.light.safetensors import Array

__all__ = ["Reference"]

_ENDLESS = 1_000_000


class Reference:
    """A SentenceTransformer loaded for comparison and export; ModelError when it cannot be loaded."""

    def __init__(self, model: str, folder: Path) -> None:
        self._requested = model
        self._folder = folder

    @cached_property
    def transformer(self) -> SentenceTransformer:
        """The model in float32, with the plain attention that can be exported."""
        import torch

        transformer = load_transformer(
            self._requested, self._folder, device="cpu", dtype=torch.float32, attn_implementation="eager"
        )
        return transformer.float().eval()

    def vector(self, text: str) -> Array:
        """The vector of ``text``: ``(dim,)`` float32, L2-normalised."""
        vector: Array = self.transformer.encode([text], normalize_embeddings=True, show_progress_bar=False)[0]
        return vector

    def tokens(self, text: str) -> list[int]:
        """The ids that the model sees of ``text``."""
        features: Any = self.transformer.preprocess([self.prompt + text])
        return [int(token) for token in features["input_ids"][0]]

    @property
    def prompt(self) -> str:
        """What sentence-transformers puts before every text on its own."""
        name = self.transformer.default_prompt_name
        return str(self.transformer.prompts[name] or "") if name else ""

    @property
    def max_length(self) -> int:
        """How many tokens the model reads."""
        length = self.transformer.max_seq_length
        if not length or length > _ENDLESS:
            raise UnsupportedError("it does not say how long a text may be")
        return int(length)

    @property
    def truncation_side(self) -> str:
        """The end at which a text that is too long is cut."""
        return str(getattr(self.transformer.tokenizer, "truncation_side", "right"))

    def tokenizer_json(self) -> str:
        """The tokenizer as the library has it; UnsupportedError when it is of another make."""
        backend = getattr(self.transformer.tokenizer, "backend_tokenizer", None)
        if backend is None:
            raise UnsupportedError("its tokenizer is not one of the tokenizers library")
        return str(backend.to_str())
