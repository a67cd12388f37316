"""From the states of the tokens to one vector: pooling, dense layers, normalisation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import sqrt
from pathlib import Path
from typing import TYPE_CHECKING

from index.models.light.activations import ACTIVATIONS
from index.models.light.recipe import DenseStep
from index.models.light.safetensors import MappedTensors
from index.models.light.unsupported import UnsupportedError

if TYPE_CHECKING:
    from index.models.light.safetensors import Array

__all__ = ["Projection", "normalised", "pooled"]

_POOLINGS: Mapping[str, Callable[[Array], Array]] = {
    "cls": lambda states: states[0],
    "lasttoken": lambda states: states[-1],
    "max": lambda states: states.max(axis=0),
    "mean": lambda states: states.mean(axis=0),
    "mean_sqrt_len_tokens": lambda states: states.sum(axis=0) / states.dtype.type(sqrt(len(states))),
}


def pooled(states: Array, modes: tuple[str, ...]) -> Array:
    """The states ``(n, width)`` of one text as one vector, by each of ``modes``, one behind the other."""
    import numpy as np

    vector: Array = np.concatenate([_POOLINGS[mode](states) for mode in modes])
    return vector


def normalised(vector: Array) -> Array:
    """``vector`` with the length 1, as torch does it: a zero vector stays zero."""
    import numpy as np

    length = max(float(np.linalg.norm(vector)), 1e-12)
    unit: Array = (vector / np.float32(length)).astype(np.float32)
    return unit


class Projection:
    """A dense layer of sentence-transformers; UnsupportedError when its activation is unknown."""

    def __init__(self, folder: Path, step: DenseStep) -> None:
        self._tensors = MappedTensors(folder / step.folder / "model.safetensors")
        self._has_bias = "linear.bias" in self._tensors
        if step.activation not in ACTIVATIONS:
            raise UnsupportedError(f"the activation {step.activation!r} of its dense layer is not known")
        self._act = ACTIVATIONS[step.activation]

    def __call__(self, vector: Array) -> Array:
        """The projected vector."""
        result: Array = self._tensors["linear.weight"] @ vector
        return self._act(result + self._tensors["linear.bias"] if self._has_bias else result)

    @property
    def width(self) -> int:
        """The length of what comes out."""
        return len(self._tensors["linear.weight"])
