"""Where a configured model lies on this machine: a folder as it is, or a name from the model hub's cache.

A hub model is looked for in the cache first and without a request, and downloaded only when it is not there
(``HF_ENDPOINT`` and ``HF_HUB_OFFLINE`` are respected), so a start behind a slow network waits for nothing.
"""

from __future__ import annotations

from hashlib import file_digest, sha256
from pathlib import Path

from notes.errors import ModelError

__all__ = ["fingerprint", "locate"]

_WEIGHTS = "*.safetensors"
_WANTED = ["*.json", "*.safetensors", "*.txt", "*.model"]
_HINT = "give a folder, set HF_ENDPOINT to a mirror, or use the bundled model"


def locate(model: str) -> Path:
    """The folder of ``model`` (a path, or ``owner/name`` on the hub); ModelError when it has no safetensors weights."""
    path = Path(model).expanduser()
    folder = path if path.is_dir() else _from_hub(model)
    if not _has_weights(folder):
        raise ModelError(
            f"the model {model!r} has no safetensors weights in {folder}", hint="other formats can run code"
        )
    return folder


def fingerprint(model: str, folder: Path) -> str:
    """``model``'s last name with the start of a hash over its files: other weights, another name."""
    digest = sha256()
    for path in sorted(path for pattern in _WANTED for path in folder.rglob(pattern) if path.is_file()):
        digest.update(path.relative_to(folder).as_posix().encode())
        with path.open("rb") as file:
            digest.update(file_digest(file, "sha256").digest())
    return f"{Path(model).name}@{digest.hexdigest()[:8]}"


def _from_hub(model: str) -> Path:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HfHubHTTPError, HFValidationError, LocalEntryNotFoundError, OfflineModeIsEnabled

    try:
        cached = Path(snapshot_download(model, local_files_only=True))
        if _has_weights(cached):
            return cached
    except LocalEntryNotFoundError:
        pass
    except HFValidationError as error:
        raise ModelError(f"there is no model {model!r}: neither a folder nor a name on the hub", hint=_HINT) from error
    try:
        return Path(snapshot_download(model, allow_patterns=_WANTED))
    except (HfHubHTTPError, LocalEntryNotFoundError, OfflineModeIsEnabled, OSError) as error:
        raise ModelError(f"the model {model!r} cannot be downloaded: {error}", hint=_HINT) from error


def _has_weights(folder: Path) -> bool:
    return any(folder.rglob(_WEIGHTS))
