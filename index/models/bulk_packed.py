"""Token ids to token embeddings for models of the BERT kind, with the texts of a batch packed into one matrix.

Nothing is padded: the tokens of all texts lie one after the other, and the matrix products take them in blocks of
:data:`index.models.bulk_layers.ROWS` rows, wherever the texts begin. Only attention sees texts, those of one length at a
time. The residual stream and the normalisations stay in fp32; in bf16 are the products alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from index.models.bulk_layers import ROWS, Product, linear

__all__ = ["PackedEncoder", "packed_encoder"]


@dataclass(frozen=True, slots=True)
class _Layer:
    qkv: Product
    out: Product
    after_attention: nn.LayerNorm
    up: Product
    down: Product
    after_feed: nn.LayerNorm


@dataclass(frozen=True, slots=True)
class _Run:
    """``count`` texts of one length, from row ``start``."""

    start: int
    count: int
    length: int

    def rows(self, matrix: Tensor) -> Tensor:
        return matrix[self.start : self.start + self.count * self.length]


@dataclass(frozen=True, slots=True)
class PackedEncoder:
    """The layers of one model, laid out for packed texts."""

    embed: Callable[[Tensor], Tensor]
    layers: tuple[_Layer, ...]
    heads: int
    width: int
    dtype: torch.dtype
    bias: Callable[[Tensor], Tensor] | None = None

    def __call__(self, texts: Sequence[Tensor]) -> list[Tensor]:
        """``(length, width)`` fp32 for each of ``texts`` (token ids), which come sorted by length; none may be empty."""
        runs = list(_runs([len(text) for text in texts]))
        blocks = self._embedded(texts, runs)
        mixed = torch.zeros(len(blocks) * ROWS, self.width, dtype=self.dtype)
        biases = [self._position_bias(run.length) for run in runs]
        for layer in self.layers:
            qkv = torch.cat([layer.qkv(block.to(self.dtype)) for block in blocks])
            for run, bias in zip(runs, biases, strict=True):
                self._attend(run.rows(qkv), run, bias, into=run.rows(mixed))
            blocks = [_fed(layer, block, rows) for block, rows in zip(blocks, torch.split(mixed, ROWS), strict=True)]
        tokens = torch.cat(blocks)
        return [text for run in runs for text in torch.split(run.rows(tokens), run.length)]

    def _embedded(self, texts: Sequence[Tensor], runs: Sequence[_Run]) -> list[Tensor]:
        """The blocks of all rows; what is left of the last one is zeros."""
        total = sum(run.count * run.length for run in runs)
        rows = torch.zeros(-(-total // ROWS) * ROWS, self.width)
        place = 0
        for run in runs:
            ids = torch.stack(list(texts[place : place + run.count]))
            run.rows(rows).copy_(self.embed(ids).flatten(0, 1))
            place += run.count
        return list(torch.split(rows, ROWS))

    def _attend(self, qkv: Tensor, run: _Run, bias: Tensor | None, *, into: Tensor) -> None:
        shape = (run.count, run.length, 3, self.heads, self.width // self.heads)
        query, key, value = qkv.view(shape).permute(2, 0, 3, 1, 4)
        mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=bias)
        into.view(run.count, run.length, self.heads, -1).copy_(mixed.transpose(1, 2))

    def _position_bias(self, length: int) -> Tensor | None:
        return None if self.bias is None else self.bias(torch.empty(1, length, 0)).to(self.dtype)


def packed_encoder(transformer: Any, dtype: torch.dtype) -> PackedEncoder:
    """The encoder of a model of transformers, weights in ``dtype``.

    Whatever is missing or of another kind raises AttributeError, KeyError or ValueError: such a model is not packed.
    """
    config = transformer.config
    if getattr(config, "position_embedding_type", "absolute") != "absolute" or getattr(config, "is_decoder", False):
        raise ValueError("attention of another kind")
    layers = _layers(transformer, dtype)
    width = int(config.hidden_size)
    encoder = getattr(transformer, "encoder", None)
    return PackedEncoder(
        embed=transformer.embeddings,
        layers=layers,
        heads=int(config.num_attention_heads),
        width=width,
        dtype=dtype,
        bias=getattr(encoder, "compute_position_bias", None),
    )


def _layers(transformer: Any, dtype: torch.dtype) -> tuple[_Layer, ...]:
    kind = transformer.config.model_type
    if kind == "distilbert":
        return tuple(
            _distilbert(layer, transformer.config.activation, dtype) for layer in transformer.transformer.layer
        )
    read = _mpnet if kind == "mpnet" else _bert
    return tuple(read(layer, transformer.config.hidden_act, dtype) for layer in transformer.encoder.layer)


def _bert(layer: Any, activation: str, dtype: torch.dtype) -> _Layer:
    own, output = layer.attention.self, layer.attention.output
    return _Layer(
        qkv=linear([own.query, own.key, own.value], dtype),
        out=linear([output.dense], dtype),
        after_attention=output.LayerNorm,
        up=linear([layer.intermediate.dense], dtype, activation),
        down=linear([layer.output.dense], dtype),
        after_feed=layer.output.LayerNorm,
    )


def _mpnet(layer: Any, activation: str, dtype: torch.dtype) -> _Layer:
    own = layer.attention.attn
    return _Layer(
        qkv=linear([own.q, own.k, own.v], dtype),
        out=linear([own.o], dtype),
        after_attention=layer.attention.LayerNorm,
        up=linear([layer.intermediate.dense], dtype, activation),
        down=linear([layer.output.dense], dtype),
        after_feed=layer.output.LayerNorm,
    )


def _distilbert(layer: Any, activation: str, dtype: torch.dtype) -> _Layer:
    own = layer.attention
    return _Layer(
        qkv=linear([own.q_lin, own.k_lin, own.v_lin], dtype),
        out=linear([own.out_lin], dtype),
        after_attention=layer.sa_layer_norm,
        up=linear([layer.ffn.lin1], dtype, activation),
        down=linear([layer.ffn.lin2], dtype),
        after_feed=layer.output_layer_norm,
    )


def _fed(layer: _Layer, residual: Tensor, mixed: Tensor) -> Tensor:
    """One block behind the attention: output projection, feed-forward network and both normalisations, (ROWS, width)."""
    attended = layer.after_attention(layer.out(mixed).float().add_(residual))
    fed: Tensor = layer.after_feed(layer.down(layer.up(attended.to(mixed.dtype))).float().add_(attended))
    return fed


def _runs(lengths: Sequence[int]) -> Iterator[_Run]:
    start = 0
    for length, same in groupby(lengths):
        count = len(list(same))
        yield _Run(start, count, length)
        start += count * length
