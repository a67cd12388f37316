"""Text to token ids as the model's own tokenizer gives them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from index.models.light.unsupported import UnsupportedError

if TYPE_CHECKING:
    from tokenizers import Tokenizer

__all__ = ["LibraryTokenizer", "TextToIds"]


class TextToIds(Protocol):
    """A text to the ids of its tokens, special ones included, cut to what the model reads."""

    def __call__(self, text: str) -> list[int]:
        """The ids of ``text``."""


class LibraryTokenizer:
    """The ``tokenizers`` library over a ``tokenizer.json``."""

    def __init__(self, path: Path, max_length: int, truncate: str = "right") -> None:
        self._path = path
        self._max_length = max_length
        self._truncate = truncate
        self._tokenizer: Tokenizer | None = None

    def __call__(self, text: str) -> list[int]:
        """The ids of ``text``; UnsupportedError when the file cannot be read."""
        if self._tokenizer is None:
            self._tokenizer = self._load()
        return list(self._tokenizer.encode(text).ids)

    def _load(self) -> Tokenizer:
        from tokenizers import Tokenizer

        try:
            tokenizer = Tokenizer.from_file(str(self._path))
            tokenizer.no_padding()
            tokenizer.enable_truncation(self._max_length, direction=self._truncate)
        except Exception as error:  # the library raises plain Exception
            raise UnsupportedError(f"its tokenizer cannot be read: {error}") from error
        return tokenizer
