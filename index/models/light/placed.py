"""A configured model on this machine: its folder, its files' hashes, its name, found without torch or a request."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from zlib import crc32

from index.models.bulk_precision import mark
from index.models.bundled import BUNDLED_NAME, OFFICIAL, installed_path, verify
from index.models.file_seals import SealedFiles, from_json, sealed, to_json
from index.models.model_folder import cached_snapshot, digest_of, fingerprint, model_files, with_prefix
from index.models.records import read_record, write_record
from notes.errors import ModelError

if TYPE_CHECKING:
    from collections.abc import Callable

    from index.models.embedder import ModelSettings

__all__ = ["BUNDLED", "PlacedModel", "place"]

BUNDLED = "bundled"
_VERSION = 1


@dataclass(frozen=True, slots=True)
class PlacedModel:
    """Where a model lies, the name under which its vectors are kept, and a hash over all its files."""

    folder: Path
    name: str
    digest: str


def place(
    settings: ModelSettings,
    cache: Path,
    last: Callable[[], Path | None] = lambda: None,
    *,
    remember: bool = True,
) -> PlacedModel:
    """The model that ``settings`` name; ``cache`` remembers the hashes of its files, new ones with ``remember``.

    ``last`` tells where the model was found last, for one that lies neither here nor in the hub's cache.
    ModelError when it is not on this machine, or when it is the bundled one and has been altered.
    """
    found = _find(settings.name, last)
    memory = cache / f"files-{found.name}-{crc32(os.fsencode(found)):08x}.json"
    digest = _verified(settings.name, found, memory, remember=remember)
    name = BUNDLED_NAME if settings.name == BUNDLED else fingerprint(settings.name, digest)
    marked = with_prefix(name, settings.passage_prefix) + mark(found, settings.precision)
    return PlacedModel(found, marked, digest)


def _find(model: str, last: Callable[[], Path | None]) -> Path:
    if model == BUNDLED:
        return installed_path()
    path = Path(model).expanduser()
    if path.is_dir():
        return path.resolve()
    found = cached_snapshot(model) or last()
    if found is None or not found.is_dir():
        raise ModelError(
            f"the model {model!r} is not on this machine yet",
            hint="`slipway index` fetches it; or give a folder, or use the bundled model",
        )
    return found


def _verified(model: str, folder: Path, memory: Path, *, remember: bool) -> str:
    """The hash over the model's files, from ``memory`` as far as its stamps stand."""
    record = read_record(memory, _VERSION) or {}
    known = _known(record, folder)
    try:
        names = model_files(folder)
        if not any(name.endswith(".safetensors") for name in names):
            raise ModelError(
                f"the model {model!r} has no safetensors weights in {folder}", hint="other formats can run code"
            )
        files = sealed(folder, names, known)
    except OSError as error:
        raise ModelError(f"the model {model!r} cannot be read: {error}", hint=f"look at {folder}") from error
    hashes = {file: seal.sha256 for file, seal in files.items()}
    if model == BUNDLED:
        verify(folder, OFFICIAL, hashes)
    digest = record.get("digest")
    if files != known or not isinstance(digest, str):
        digest = digest_of(folder, hashes)
        if remember:
            _remember(memory, {"folder": str(folder), "digest": digest, "files": to_json(files)})
    return digest


def _known(record: dict[str, object], folder: Path) -> SealedFiles:
    try:
        return from_json(record.get("files")) if record.get("folder") == str(folder) else {}
    except ValueError:
        return {}


def _remember(memory: Path, record: dict[str, object]) -> None:
    try:
        write_record(memory, _VERSION, record)
    except OSError:
        return  # a cache that cannot be written: the next start hashes again
