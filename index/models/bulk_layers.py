"""Matrix products with weights laid out once for the processor, in blocks of one height.

oneDNN's product with a prepacked weight and the bias and GELU in it is more than twice as fast in fp32 as the one that
``torch.nn.functional.linear`` chooses on AMD, and spares a pass over memory elsewhere. It stands behind private
operations of torch (those that ``torch.compile`` emits), so each is tried first and the public one is the way without.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias

import torch
from torch import Tensor, nn
from torch.nn import functional

__all__ = ["ROWS", "Linear", "Product", "linear"]

ROWS = 256
"""Rows of every matrix product. A kernel is chosen by the number of rows, and the last bits with it; with one number a
row's result depends on the row alone. 256 are as fast as 4,096, and a short text alone does not wait long."""

Product: TypeAlias = Callable[[Tensor], Tensor]
Linear: TypeAlias = nn.Linear

# Activations by name in transformers to what the fused product calls them: (attribute, algorithm).
_FUSED: Mapping[str, tuple[str, str]] = {
    "gelu": ("gelu", "none"),
    "gelu_python": ("gelu", "none"),
    "gelu_new": ("gelu", "tanh"),
    "gelu_pytorch_tanh": ("gelu", "tanh"),
    "relu": ("relu", ""),
}


def linear(parts: list[nn.Linear], dtype: torch.dtype, activation: str = "") -> Product:
    """``(ROWS, in)`` to ``(ROWS, out of all parts)`` in ``dtype``, with the activation; KeyError for one not known."""
    weight = torch.cat([part.weight for part in parts]).to(dtype).contiguous()
    bias = torch.cat([_bias(part) for part in parts]).to(dtype).contiguous()
    attribute, algorithm = _FUSED[activation] if activation else ("none", "")
    return _prepacked(weight, bias, attribute, algorithm) or _plain(weight, bias, attribute, algorithm)


def _bias(part: nn.Linear) -> Tensor:
    bias: Tensor | None = part.bias  # torch's types know nothing of Linear(bias=False)
    return torch.zeros(part.out_features) if bias is None else bias


def _prepacked(weight: Tensor, bias: Tensor, attribute: str, algorithm: str) -> Product | None:
    """The product by the private operations, or None where torch has them not or they refuse."""
    try:
        operations: Any = torch.ops.mkldnn
        packed = operations._reorder_linear_weight(weight, ROWS)  # noqa: SLF001 - see the module's docstring
        pointwise = operations._linear_pointwise  # noqa: SLF001

        def product(rows: Tensor) -> Tensor:
            result: Tensor = pointwise(rows, packed, bias, attribute, [], algorithm)
            return result

        product(torch.zeros(ROWS, weight.shape[1], dtype=weight.dtype))
    except (AttributeError, NotImplementedError, RuntimeError, TypeError):
        return None
    return product


def _plain(weight: Tensor, bias: Tensor, attribute: str, algorithm: str) -> Product:
    def product(rows: Tensor) -> Tensor:
        result = functional.linear(rows, weight, bias)
        if attribute == "gelu":
            return functional.gelu(result, approximate=algorithm)
        return functional.relu(result) if attribute == "relu" else result

    return product
