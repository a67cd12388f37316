"""A prepared model made ready to run: its tokenizer, and numpy or onnxruntime."""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.models.light.recipe import recipe_from_json
from index.models.light.table_tokenizer import TABLE, TableTokenizer
from index.models.light.tokenizer import LibraryTokenizer

if TYPE_CHECKING:
    from index.models.light.encoder import IdsToVector
    from index.models.light.placed import PlacedModel
    from index.models.light.prepared import PreparedModel
    from index.models.light.table_tokenizer import TABLE, TableTokenizer
from index.models.light.tokenizer import TextToIds

__all__ = ["FLOAT32", "GRAPH", "TOKENIZER", "load"]

TOKENIZER = "tokenizer.json"
FLOAT32 = "float32.safetensors"
GRAPH = "model.onnx"


def load(model: PreparedModel, placed: PlacedModel) -> tuple[TextToIds, IdsToVector]:
    """The two halves of ``model``; UnsupportedError when one of them cannot be used."""
    return _tokenizer(model), _numpy(model, placed) if model.way == "numpy" else _onnx(model)


def _tokenizer(model: PreparedModel) -> TextToIds:
    length = int(model.entries["max_length"])
    library = LibraryTokenizer(model.place / TOKENIZER, length, str(model.entries["truncate"]))
    if TABLE not in model.entries["files"]:
        return library
    return TableTokenizer(model.place, length, library)


def _numpy(model: PreparedModel, placed: PlacedModel) -> IdsToVector:
    from index.models.light.numpy_model import NumpyModel, weight_files

    converted = model.place / FLOAT32
    weights = [converted] if FLOAT32 in model.entries["files"] else weight_files(placed.folder)
    return NumpyModel(recipe_from_json(model.entries["recipe"]), placed.folder, weights)


def _onnx(model: PreparedModel) -> IdsToVector:
    from index.models.light.onnx_model import OnnxModel

    return OnnxModel(model.place / GRAPH)
