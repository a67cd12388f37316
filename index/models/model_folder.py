"""Where a configured model lies on this machine: a folder as it is, or a name from the model hub's cache.

A hub model is looked for in the cache first and without a request, and downloaded only when it is not there
(``HF_ENDPOINT`` and ``HF_HUB_OFFLINE`` are respected), so a start behind a slow network waits for nothing.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from pathlib import Path

from notes.errors import ModelError

__all__ = ["cached_snapshot", "digest_of", "fingerprint", "locate", "model_files", "refuse_pickles", "with_prefix"]

_WEIGHTS = "*.safetensors"
_WANTED = ["*.json", "*.safetensors", "*.txt", "*.model"]
_SUFFIXES = (".json", ".safetensors", ".txt", ".model")
_HUB_NAME = re.compile(r"[\w.-]+(/[\w.-]+)?", re.ASCII)
_COMMIT = re.compile(r"[0-9a-f]{40}")
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


def model_files(folder: Path) -> list[str]:
    """The files that decide what the model computes, as ``/`` paths in ``folder``, in a fixed order."""
    found = [Path(where, name) for where, _, names in os.walk(folder) for name in names if name.endswith(_SUFFIXES)]
    return [path.relative_to(folder).as_posix() for path in sorted(found) if path.is_file()]


def refuse_pickles(model: str, folder: Path) -> None:
    """ModelError when a module of the SentenceTransformer in ``folder`` has its weights only as a pickle.

    Its loader would read them where there are no others; they are not among the files whose hash names the model.
    """
    try:
        paths = [str(entry["path"]) for entry in json.loads((folder / "modules.json").read_bytes())]
    except (OSError, ValueError, LookupError, TypeError, RecursionError):
        return  # no module is named
    for path in paths:
        place = folder / path
        if (place / "pytorch_model.bin").exists() and not any(place.glob(_WEIGHTS)):
            raise ModelError(
                f"the model {model!r} has no safetensors weights in {place}", hint="other formats can run code"
            )


def digest_of(folder: Path, hashes: Mapping[str, str] | None = None) -> str:
    """A hash over the model's files; ``hashes`` are the sha256 of :func:`model_files` where they are known already."""
    from hashlib import file_digest, sha256

    digest = sha256()
    for name in model_files(folder):
        digest.update(name.encode())
        if hashes is not None:
            digest.update(bytes.fromhex(hashes[name]))
            continue
        with (folder / name).open("rb") as file:
            digest.update(file_digest(file, "sha256").digest())
    return digest.hexdigest()


def fingerprint(model: str, digest: str) -> str:
    """``model``'s last name with the start of the hash over its files: other weights, another name."""
    return f"{Path(model).name}@{digest[:8]}"


def with_prefix(name: str, passage_prefix: str) -> str:
    """The key of the vectors of model ``name`` when ``passage_prefix`` stands before each passage."""
    if not passage_prefix:
        return name
    from index.texts.documents import text_hash

    return f"{name}+{text_hash(passage_prefix)[:6]}"


def cached_snapshot(model: str) -> Path | None:
    """The folder of a hub model in the hub's own cache, found without a request and without its library; or None.

    The layout is https://huggingface.co/docs/huggingface_hub/guides/manage-cache: ``models--owner--name``, with the
    commit in ``refs/main``.
    """
    if not _HUB_NAME.fullmatch(model):
        return None
    repository = _hub_cache() / ("models--" + model.replace("/", "--"))
    try:
        commit = (repository / "refs" / "main").read_text("ascii").strip()
    except (OSError, ValueError):
        return None
    snapshot = repository / "snapshots" / commit
    return snapshot if _COMMIT.fullmatch(commit) and snapshot.is_dir() and _has_weights(snapshot) else None


def _hub_cache() -> Path:
    given = os.environ.get("HF_HUB_CACHE") or os.environ.get("HUGGINGFACE_HUB_CACHE")
    if given:
        return Path(os.path.expandvars(given)).expanduser()
    home = os.environ.get("HF_HOME") or (os.environ.get("XDG_CACHE_HOME") or "~/.cache") + "/huggingface"
    return Path(os.path.expandvars(home)).expanduser() / "hub"


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
