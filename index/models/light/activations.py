"""Activation functions of transformers in float32 numpy."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import pi, sqrt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.models.light.safetensors import Array

__all__ = ["ACTIVATIONS", "erf", "gelu", "softmax"]

# The rational approximation of Eigen and XLA on [-4, 4], x·P(x²)/Q(x²), good to a few units in the last place of float32.
_P = (
    -2.72614225801306e-10,
    2.77068142495902e-08,
    -2.10102402082508e-06,
    -5.69250639462346e-05,
    -7.34990630326855e-04,
    -2.95459980854025e-03,
    -1.60960333262415e-02,
)
_Q = (
    -1.45660718464996e-05,
    -2.13374055278905e-04,
    -1.68282697438203e-03,
    -7.37332916720468e-03,
    -1.42647390514189e-02,
)


def erf(x: Array) -> Array:
    """The error function, elementwise."""
    import numpy as np

    clipped = np.clip(x, np.float32(-4), np.float32(4))
    square = clipped * clipped
    result: Array = clipped * _polynomial(_P, square) / _polynomial(_Q, square)
    return result


def gelu(x: Array) -> Array:
    """x·Φ(x), Φ the normal distribution."""
    import numpy as np

    half: Array = x * np.float32(0.5)
    return half + half * erf(x * np.float32(sqrt(0.5)))


def gelu_tanh(x: Array) -> Array:
    """The approximation of gelu by tanh."""
    import numpy as np

    inner: Array = np.float32(sqrt(2 / pi)) * (x + np.float32(0.044715) * x * x * x)
    result: Array = np.float32(0.5) * x * (np.float32(1) + np.tanh(inner)).astype(np.float32)
    return result


def relu(x: Array) -> Array:
    """max(x, 0)."""
    import numpy as np

    return np.maximum(x, np.float32(0))


def tanh(x: Array) -> Array:
    """The hyperbolic tangent."""
    import numpy as np

    result: Array = np.tanh(x)
    return result


def identity(x: Array) -> Array:
    """X itself."""
    return x


def softmax(x: Array) -> Array:
    """The softmax over the last axis, in place."""
    import numpy as np

    x -= x.max(axis=-1, keepdims=True)
    np.exp(x, out=x)
    x /= x.sum(axis=-1, keepdims=True)
    return x


def _polynomial(coefficients: tuple[float, ...], x: Array) -> Array:
    import numpy as np

    result: Array = np.full(x.shape, coefficients[0], np.float32)
    for coefficient in coefficients[1:]:
        np.multiply(result, x, out=result)
        np.add(result, np.float32(coefficient), out=result)
    return result


ACTIVATIONS: Mapping[str, Callable[[Array], Array]] = {
    "gelu": gelu,
    "gelu_new": gelu_tanh,
    "gelu_fast": gelu_tanh,
    "gelu_pytorch_tanh": gelu_tanh,
    "relu": relu,
    "tanh": tanh,
    "torch.nn.modules.activation.Tanh": tanh,
    "torch.nn.modules.linear.Identity": identity,
    "torch.nn.modules.activation.GELU": gelu,
    "torch.nn.modules.activation.ReLU": relu,
}
"""By the names of transformers' ``hidden_act`` and of torch's modules."""
