"""The forward pass of BERT-like encoders in numpy, for one sequence without padding."""

from __future__ import annotations

from dataclasses import dataclass
from math import sqrt
from typing import TYPE_CHECKING

from index.models.light.activations import ACTIVATIONS, softmax
from index.models.light.recipe import Encoder
from index.models.light.safetensors import MappedTensors
from index.models.light.unsupported import UnsupportedError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import numpy as np
    from numpy.typing import NDArray

    from index.models.light.safetensors import Array

__all__ = ["Transformer"]


@dataclass(frozen=True, slots=True)
class _Names:
    """Where a family keeps the parts of a layer."""

    layer: str
    query: str
    key: str
    value: str
    attended: str
    attended_norm: str
    widen: str
    narrow: str
    norm: str


_BERT = _Names(
    layer="encoder.layer.",
    query="attention.self.query",
    key="attention.self.key",
    value="attention.self.value",
    attended="attention.output.dense",
    attended_norm="attention.output.LayerNorm",
    widen="intermediate.dense",
    narrow="output.dense",
    norm="output.LayerNorm",
)
_LAYOUTS: Mapping[str, _Names] = {
    "bert": _BERT,
    "roberta": _BERT,
    "electra": _BERT,
    "distilbert": _Names(
        layer="transformer.layer.",
        query="attention.q_lin",
        key="attention.k_lin",
        value="attention.v_lin",
        attended="attention.out_lin",
        attended_norm="sa_layer_norm",
        widen="ffn.lin1",
        narrow="ffn.lin2",
        norm="output_layer_norm",
    ),
    "mpnet": _Names(
        layer="encoder.layer.",
        query="attention.attn.q",
        key="attention.attn.k",
        value="attention.attn.v",
        attended="attention.attn.o",
        attended_norm="attention.LayerNorm",
        widen="intermediate.dense",
        narrow="output.dense",
        norm="output.LayerNorm",
    ),
}
_WORDS = "embeddings.word_embeddings.weight"
_POSITIONS_AFTER_PAD = frozenset({"roberta", "mpnet"})


class Transformer:
    """An encoder over mapped weights; UnsupportedError when they are not laid out as its kind has them."""

    def __init__(self, encoder: Encoder, tensors: MappedTensors) -> None:
        self._encoder = encoder
        self._tensors = tensors
        self._names = _LAYOUTS[encoder.family]
        self._prefix = _prefix(tensors)
        self._act = ACTIVATIONS.get(encoder.activation)
        if self._act is None:
            raise UnsupportedError(f"its activation {encoder.activation!r} is not known")

    def __call__(self, ids: Sequence[int]) -> Array:
        """The last hidden states of the tokens ``ids``: ``(len(ids), width)`` float32."""
        states = self._embed(ids)
        bias = self._relative_bias(len(ids)) if self._encoder.family == "mpnet" else None
        for index in range(self._encoder.layers):
            states = self._layer(f"{self._names.layer}{index}.", states, bias)
        return states

    def lay_out(self, most: int) -> None:
        """Keep the weights of the layers in memory of our own, unless they are above ``most`` bytes."""
        layers = self._prefix + self._names.layer
        self._tensors.lay_out([name for name in self._tensors if name.startswith(layers)], most)

    def _embed(self, ids: Sequence[int]) -> Array:
        import numpy as np

        tokens = np.asarray(ids)
        states: Array = self._tensor(_WORDS)[tokens]
        positions = np.arange(len(tokens))
        if self._encoder.family in _POSITIONS_AFTER_PAD:  # counted from behind the padding's own number
            real = tokens != self._encoder.pad
            positions = np.cumsum(real) * real + self._encoder.pad
        states += self._tensor("embeddings.position_embeddings.weight")[positions]
        if self._prefix + "embeddings.token_type_embeddings.weight" in self._tensors:
            states += self._tensor("embeddings.token_type_embeddings.weight")[0]
        states = self._norm("embeddings.LayerNorm", states)
        if self._prefix + "embeddings_project.weight" in self._tensors:
            states = self._linear("embeddings_project", states)
        return states

    def _layer(self, at: str, states: Array, bias: Array | None) -> Array:
        names = self._names
        attended = self._linear(at + names.attended, self._attention(at, states, bias))
        attended += states
        states = self._norm(at + names.attended_norm, attended)
        assert self._act is not None
        narrowed = self._linear(at + names.narrow, self._act(self._linear(at + names.widen, states)))
        narrowed += states
        return self._norm(at + names.norm, narrowed)

    def _attention(self, at: str, states: Array, bias: Array | None) -> Array:
        query, key, value = (
            self._linear(at + name, states).reshape(len(states), self._encoder.heads, -1).transpose(1, 0, 2)
            for name in (self._names.query, self._names.key, self._names.value)
        )
        scores: Array = query @ key.transpose(0, 2, 1)
        scores /= states.dtype.type(sqrt(query.shape[-1]))
        if bias is not None:
            scores += bias
        mixed: Array = softmax(scores) @ value
        return mixed.transpose(1, 0, 2).reshape(len(states), -1)

    def _relative_bias(self, length: int) -> Array:
        """The bias of MPNet by the distance of two tokens: ``(heads, length, length)``."""
        import numpy as np

        table = self._tensor("encoder.relative_attention_bias.weight")
        positions = np.arange(length)
        return np.ascontiguousarray(table[_buckets(positions[None, :] - positions[:, None])].transpose(2, 0, 1))

    def _linear(self, name: str, states: Array) -> Array:
        result: Array = states @ self._tensor(name + ".weight").T
        result += self._tensor(name + ".bias")
        return result

    def _norm(self, name: str, states: Array) -> Array:
        import numpy as np

        # As ``mean`` does it, without its overhead: it is called for every layer of every query.
        width = states.shape[-1]
        states = states - np.add.reduce(states, axis=-1, keepdims=True) / width
        variance = np.add.reduce(states * states, axis=-1, keepdims=True) / width
        variance += np.float32(self._encoder.epsilon)
        states /= np.sqrt(variance, out=variance)
        states *= self._tensor(name + ".weight")
        states += self._tensor(name + ".bias")
        return states

    def _tensor(self, name: str) -> Array:
        return self._tensors[self._prefix + name]


def _prefix(tensors: MappedTensors) -> str:
    """What stands before the names, ``bert.`` for example, where the encoder was saved as part of another model."""
    found = sorted(name.removesuffix(_WORDS) for name in tensors if name.endswith(_WORDS))
    if not found:
        raise UnsupportedError("the weights have no word embeddings where a BERT keeps them")
    return found[0]


def _buckets(distance: NDArray[np.int64]) -> NDArray[np.int64]:
    """T5's buckets for relative positions: 32 in two directions, exact to 8, logarithmic to 128."""
    import numpy as np

    ahead = (distance > 0).astype(np.int64) * 16
    far = np.abs(distance)
    logarithmic = 8 + (np.log(np.maximum(far, 1).astype(np.float32) / 8) / np.log(128 / 8) * 8).astype(np.int64)
    result: NDArray[np.int64] = ahead + np.where(far < 8, far, np.minimum(logarithmic, 15))
    return result
