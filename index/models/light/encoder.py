"""Query encoders over the light ways, and the one that goes back to sentence-transformers."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import cached_property
from typing import TYPE_CHECKING, Literal

from index.models.light.threads import import_numpy
from index.models.light.unsupported import UnsupportedError
from notes.errors import ModelError

if TYPE_CHECKING:
    from index.models.embedder import Embedder, ModelSettings, Vectors
    from index.models.light.tokenizer import TextToIds

__all__ = ["EmbedderQueryEncoder", "IdsToVector", "LightQueryEncoder"]

IdsToVector = Callable[[Sequence[int]], "Vectors"]
"""Token ids to a vector: ``(dim,)`` float32, L2-normalised."""


class LightQueryEncoder:
    """An :class:`index.models.query_encoder.QueryEncoder` without torch.

    ``load`` gives the tokenizer and the model; it is called when the first text is encoded.
    """

    note = ""

    def __init__(
        self,
        settings: ModelSettings,
        name: str,
        way: Literal["numpy", "onnx"],
        load: Callable[[], tuple[TextToIds, IdsToVector]],
        *,
        prompt: str = "",
    ) -> None:
        self.name = name
        self.way = way
        self._settings = settings
        self._load = load
        self._prompt = prompt

    @cached_property
    def dim(self) -> int:
        """The length of a vector; loads the model."""
        return len(self.encode_query(""))

    def knows(self, lang: str) -> bool:
        """Whether ``lang`` is among the languages that the configuration states."""
        from index.models.embedder import knows_language

        return knows_language(self._settings.languages, lang)

    def encode_query(self, text: str) -> Vectors:
        """The vector of one query: ``(dim,)`` float32, L2-normalised; ModelError when the model cannot be used."""
        return self._encode(self._settings.query_prefix + text)

    def encode_passage(self, text: str) -> Vectors:
        """The vector of a passage, as the index has it."""
        return self._encode(self._settings.passage_prefix + text)

    def lay_out(self) -> None:
        """Load the model, and keep in memory what makes it faster; for who encodes many texts. ModelError as for one."""
        from index.models.light.numpy_model import NumpyModel

        with self._told():
            model = self._parts[1]
            if isinstance(model, NumpyModel):
                model.lay_out()

    def _encode(self, text: str) -> Vectors:
        with self._told():
            tokenise, model = self._parts
            return model(tokenise(self._prompt + _encodable(text)))

    @contextmanager
    def _told(self) -> Iterator[None]:
        try:
            yield
        except UnsupportedError as error:
            raise ModelError(
                f"the model {self._settings.name!r} cannot be used as it was prepared: {error}",
                hint="`slipway index` prepares it anew",
            ) from error

    @cached_property
    def _parts(self) -> tuple[TextToIds, IdsToVector]:
        import_numpy()
        return self._load()


class EmbedderQueryEncoder:
    """The last resort: the embedder of the night, whose import alone takes seconds; ``note`` says why it is used."""

    way: Literal["sentence-transformers"] = "sentence-transformers"

    def __init__(self, settings: ModelSettings, name: str, note: str) -> None:
        self.name = name
        self.note = note
        self._settings = settings

    @property
    def dim(self) -> int:
        """The length of a vector; loads the model."""
        return self._embedder.dim

    def knows(self, lang: str) -> bool:
        """Whether ``lang`` is among the languages that the configuration states."""
        return self._embedder.knows(lang)

    def encode_query(self, text: str) -> Vectors:
        """The vector of one query: ``(dim,)`` float32, L2-normalised."""
        return self._embedder.encode_query(_encodable(text))

    def encode_passage(self, text: str) -> Vectors:
        """The vector of a passage, as the index has it."""
        vector: Vectors = self._embedder.encode_passages([_encodable(text)])[0]
        return vector

    @cached_property
    def _embedder(self) -> Embedder:
        from index.models.embedder import open_embedder

        return open_embedder(self._settings)


def _encodable(text: str) -> str:
    """``text`` without lone surrogates, which bytes of another encoding become on a command line."""
    return text if text.isascii() else text.encode("utf-8", "replace").decode("utf-8")
