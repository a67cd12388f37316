"""Token ids to a vector in numpy: the encoder, the pooling, the dense layers."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from index.models.light.pooling import Projection, normalised, pooled
from index.models.light.recipe import Recipe
from index.models.light.safetensors import MappedTensors
from index.models.light.transformer import Transformer

if TYPE_CHECKING:
    from index.models.light.safetensors import Array

__all__ = ["NumpyModel", "weight_files"]

_MOST_KEPT = 128 << 20
"""Of weights: larger models take long whatever is done, and their memory would be felt."""


class NumpyModel:
    """A recipe over the weights in ``weights``; dense layers are read from ``folder``.

    UnsupportedError, at the latest at the first call, when the weights are not what the recipe says.
    """

    def __init__(self, recipe: Recipe, folder: Path, weights: Sequence[Path]) -> None:
        self._poolings = recipe.poolings
        self._transformer = Transformer(recipe.encoder, MappedTensors(*weights))
        self._projections = [Projection(folder, step) for step in recipe.dense]

    def __call__(self, ids: Sequence[int]) -> Array:
        """The vector of the tokens ``ids``: ``(dim,)`` float32, L2-normalised."""
        vector = pooled(self._transformer(ids), self._poolings)
        for projection in self._projections:
            vector = projection(vector)
        return normalised(vector)

    def lay_out(self) -> None:
        """Make it faster by as much memory as its layers have, up to ``_MOST_KEPT`` bytes; for who encodes many texts."""
        self._transformer.lay_out(_MOST_KEPT)


def weight_files(folder: Path) -> list[Path]:
    """The encoder's safetensors in ``folder``: one file, or the numbered parts of a large model."""
    whole = folder / "model.safetensors"
    return [whole] if whole.exists() else sorted(folder.glob("model-*-of-*.safetensors"))
