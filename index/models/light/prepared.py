"""What preparing a model left in ``<cache>/models/<name>``: read at every cold start, believed only where it is whole."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from index.models.file_seals import SealedFiles, from_json, sealed
from index.models.light.unsupported import UnsupportedError
from index.models.records import read_record

if TYPE_CHECKING:
    from index.models.light.encoder import IdsToVector
    from index.models.light.placed import PlacedModel
    from index.models.light.tokenizer import TextToIds

__all__ = ["CODE", "RECORD", "SETTLED_NS", "PreparedModel", "prepared_model"]

CODE = 1
"""Changes whenever what is prepared, or what reads it, changes: everything is prepared anew then."""

RECORD = "record.json"
SETTLED_NS = 20_000_000
"""Files that we wrote ourselves need only be older than a tick of the clock."""

# What is loaded must be among the files whose hashes the record holds.
_NEEDED = {
    "numpy": {"tokenizer.json"},
    "onnx": {"tokenizer.json", "model.onnx"},
    "sentence-transformers": set[str](),
}

Way = Literal["numpy", "onnx", "sentence-transformers"]


@dataclass(frozen=True, slots=True)
class PreparedModel:
    """How the model of ``name`` is run: the record, once its files were found to be what it says."""

    place: Path
    name: str
    way: Way
    note: str
    prompt: str
    entries: dict[str, Any]

    def load(self, placed: PlacedModel) -> tuple[TextToIds, IdsToVector]:
        """The tokenizer and the model; UnsupportedError when they cannot be used after all."""
        from index.models.light.running import load

        try:
            return load(self, placed)
        except UnsupportedError:
            raise
        except (
            Exception
        ) as error:  # a record that names what is not there, and whatever the libraries raise over a file
            raise UnsupportedError(f"{type(error).__name__}: {error}") from error


def prepared_model(place: Path, placed: PlacedModel) -> PreparedModel | None:
    """The model prepared in the folder ``place`` from the very files of ``placed``; None when there is none."""
    record = read_record(place / RECORD, CODE)
    if record is None or record.get("name") != placed.name or record.get("digest") != placed.digest:
        return None
    try:
        known = from_json(record["files"])
        if not _stands(place, known):
            return None
        return _prepared(place, record)
    except (KeyError, TypeError, ValueError):
        return None


def _prepared(place: Path, record: dict[str, Any]) -> PreparedModel:
    way = record["way"]
    if not _NEEDED[way] <= set(record["files"]):
        raise ValueError("a file that is loaded would not have been looked at")
    return PreparedModel(place, str(record["name"]), way, str(record["note"]), str(record["prompt"]), record)


def _stands(place: Path, known: SealedFiles) -> bool:
    if any(Path(name).name != name for name in known):
        return False  # a path that leads elsewhere is none of ours
    try:
        now = sealed(place, sorted(known), known, SETTLED_NS)
    except OSError:
        return False
    return all(now[name].sha256 == known[name].sha256 for name in known)
