"""Token ids to a vector by onnxruntime, over a graph that was exported and optimised when the texts were indexed."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.models.light.unsupported import UnsupportedError

if TYPE_CHECKING:
    from index.models.light.safetensors import Array

__all__ = ["OnnxModel"]


class OnnxModel:
    """The graph in ``path``, from ``input_ids`` to ``vector``; UnsupportedError when it cannot be loaded."""

    def __init__(self, path: Path) -> None:
        try:
            import onnxruntime

            options = onnxruntime.SessionOptions()
            options.intra_op_num_threads = 1  # for a few tokens a second thread costs more than it brings
            options.inter_op_num_threads = 1
            options.log_severity_level = 3
            # The file holds the optimised graph: to optimise it again would take longer than to run it.
            options.graph_optimization_level = onnxruntime.GraphOptimizationLevel.ORT_DISABLE_ALL
            options.add_session_config_entry("session.disable_prepacking", "1")
            self._session: Any = onnxruntime.InferenceSession(str(path), options, providers=["CPUExecutionProvider"])
        except Exception as error:  # ImportError, and whatever onnxruntime raises over a file
            raise UnsupportedError(f"its ONNX graph cannot be loaded: {error}") from error

    def __call__(self, ids: Sequence[int]) -> Array:
        """The vector of the tokens ``ids``: ``(dim,)`` float32, L2-normalised."""
        import numpy as np

        tokens = np.asarray(ids, dtype=np.int64)[None, :]
        vector: Array = self._session.run(["vector"], {"input_ids": tokens})[0][0]
        return vector
