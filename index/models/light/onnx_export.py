"""A SentenceTransformer as an ONNX graph from token ids to the normalised vector, optimised for onnxruntime."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.models.light.unsupported import UnsupportedError

if TYPE_CHECKING:
    from index.models.light.reference import Reference

__all__ = ["export"]

_EXAMPLE = "Agents acquire reusable skills by trial, error and reward."


def export(reference: Reference, folder: Path, name: str) -> None:
    """Write the graph as ``name`` into ``folder``, with its weights in ``<name>.data`` beside it, to be mapped.

    UnsupportedError when torch cannot export the model or onnxruntime cannot read what came out.
    """
    raw = folder / "raw"
    raw.mkdir()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            _export(reference, raw / name)
        _optimise(raw / name, folder / name)
    except Exception as error:  # an exporter may raise anything over a model that it does not know
        reason = str(error).strip().partition("\n")[0]
        raise UnsupportedError(f"it cannot be exported to ONNX ({type(error).__name__}: {reason})") from error


def _export(reference: Reference, path: Path) -> None:
    import torch

    tokens = torch.tensor([reference.tokens(_EXAMPLE)])
    with torch.inference_mode():
        torch.onnx.export(
            _graph(reference),
            (tokens,),
            str(path),
            input_names=["input_ids"],
            output_names=["vector"],
            dynamic_axes={"input_ids": {1: "length"}},
            opset_version=17,
            dynamo=False,  # the newer exporter wrote files that gave other vectors
        )


def _graph(reference: Reference) -> Any:
    import torch

    class IdsToVector(torch.nn.Module):
        """All modules of the model, then the normalisation."""

        def __init__(self) -> None:
            super().__init__()
            self.transformer = reference.transformer

        def forward(self, input_ids: torch.Tensor) -> torch.Tensor:
            features = {"input_ids": input_ids, "attention_mask": torch.ones_like(input_ids)}
            vector = self.transformer(features)["sentence_embedding"]
            return torch.nn.functional.normalize(vector, dim=-1)

    return IdsToVector().eval()


def _optimise(raw: Path, path: Path) -> None:
    """Let onnxruntime fuse what it can, once, and keep the weights in a file that can be mapped."""
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_ENABLE_EXTENDED
    options.optimized_model_filepath = str(path)
    options.add_session_config_entry("session.optimized_model_external_initializers_file_name", f"{path.name}.data")
    options.add_session_config_entry("session.optimized_model_external_initializers_min_size_in_bytes", "1024")
    onnxruntime.InferenceSession(str(raw), options, providers=["CPUExecutionProvider"])
