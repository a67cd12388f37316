"""A query to a vector in the fastest way that gives the model's own vectors, chosen without importing torch.

The ways, best first: a forward pass in numpy over memory-mapped weights, onnxruntime over an export that was made and
checked when the texts were indexed, sentence-transformers. All give the same vector.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol, TypeAlias

from index.models.light.placed import BUNDLED, PlacedModel, place
from index.models.light.prepared import CODE, RECORD, PreparedModel, prepared_model
from index.models.light.unsupported import UnsupportedError
from index.models.records import read_record

if TYPE_CHECKING:
    from index.models.embedder import ModelSettings, Vectors
    from index.models.light.encoder import IdsToVector
    from index.models.light.tokenizer import TextToIds
    from index.models.preparing import Preparation, prepare, prepared

__all__ = ["Preparation", "QueryEncoder", "Way", "open_query_encoder", "prepare", "prepared"]

Way: TypeAlias = Literal["numpy", "onnx", "sentence-transformers", "hashing"]

HASHING = "hashing"

_UNPREPARED = "the model has not been prepared for searching: `slipway index` does that, and a search is fast then"


class QueryEncoder(Protocol):
    """What a search asks of a model.

    ``name`` is the key under which the vectors of the passages are kept, ``note`` says why the way is slow (empty when
    it is not).
    """

    @property
    def name(self) -> str:
        """The :attr:`index.models.embedder.Embedder.name` of the same settings."""

    @property
    def dim(self) -> int:
        """The length of a vector; may load the model."""

    @property
    def way(self) -> Way:
        """How vectors are made."""

    @property
    def note(self) -> str:
        """Why that is slow and what to do about it."""

    def knows(self, lang: str) -> bool:
        """Whether cosines between texts of ``lang`` (BCP 47 tag or ``und``) can be believed."""

    def encode_query(self, text: str) -> Vectors:
        """``(dim,)`` float32, L2-normalised."""

    def encode_passage(self, text: str) -> Vectors:
        """``(dim,)`` float32, L2-normalised, as the passages of the index are."""


def open_query_encoder(settings: ModelSettings, folder: Path, *, remember: bool = True) -> QueryEncoder:
    """The encoder for the model that ``settings`` name, with what ``folder`` (``<cache>/models``) holds of it.

    Without ``remember`` nothing is written, not even what was found out about files.
    Cheap: nothing heavy is loaded before the first text is encoded. ModelError when the model is not on this machine,
    or when it is the bundled one and has been altered.
    """
    if settings.name == HASHING:
        from index.models.hashing import HashingEmbedder

        return HashingEmbedder()
    placed = place(settings, folder, lambda: _prepared_from(settings, folder), remember=remember)
    model = prepared_model(folder / placed.name, placed)
    return _unprepared(settings, placed) if model is None else _prepared(settings, placed, model)


def _prepared_from(settings: ModelSettings, folder: Path) -> Path | None:
    """Where a model lay when it was prepared: the hub's cache of the night may not be the one of this terminal."""
    for path in sorted(folder.glob(f"*/{RECORD}")):
        record = read_record(path, CODE) or {}
        match record:
            case {"settings": {"name": name}, "folder": str(place)} if name == settings.name:
                return Path(place)
    return None


def _prepared(settings: ModelSettings, placed: PlacedModel, model: PreparedModel) -> QueryEncoder:
    from index.models.light.encoder import EmbedderQueryEncoder, LightQueryEncoder

    if model.way == "sentence-transformers":
        return EmbedderQueryEncoder(settings, placed.name, model.note)
    return LightQueryEncoder(settings, placed.name, model.way, lambda: model.load(placed), prompt=model.prompt)


def _unprepared(settings: ModelSettings, placed: PlacedModel) -> QueryEncoder:
    """The bundled model is known to work in numpy; of another one nobody knows before it has been checked."""
    from index.models.light.encoder import EmbedderQueryEncoder, LightQueryEncoder
    from index.models.light.recipe import read_recipe

    if settings.name != BUNDLED:
        return EmbedderQueryEncoder(settings, placed.name, _UNPREPARED)
    try:
        recipe = read_recipe(placed.folder)
    except UnsupportedError as error:
        return EmbedderQueryEncoder(settings, placed.name, f"the bundled model cannot be used without torch: {error}")

    def load() -> tuple[TextToIds, IdsToVector]:
        from index.models.light.numpy_model import NumpyModel, weight_files
        from index.models.light.tokenizer import LibraryTokenizer

        tokenise = LibraryTokenizer(placed.folder / "tokenizer.json", recipe.max_length)
        return tokenise, NumpyModel(recipe, placed.folder, weight_files(placed.folder))

    return LightQueryEncoder(settings, placed.name, "numpy", load, prompt=recipe.prompt)


def __getattr__(name: str) -> object:
    """``prepare``, ``prepared`` and ``Preparation``, which belong to the night, without their imports at a cold start."""
    if name in {"Preparation", "prepare", "prepared"}:
        from index.models import preparing

        return getattr(preparing, name)
    raise AttributeError(name)
