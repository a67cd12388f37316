"""The light ways of a model, made and held against torch when the texts are indexed.

What passes is kept in ``<cache>/models/<name>`` with a record; what fails is told as a note, and a search then loads
sentence-transformers. Nothing here stops a night.
"""

from __future__ import annotations

import shutil
import time
from dataclasses import asdict, dataclass, fields, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from tempfile import mkdtemp
from typing import Any

from index.models.embedder import HASHING, Embedder, ModelSettings
from index.models.file_seals import sealed, to_json
from index.models.light.placed import PlacedModel, place
from index.models.light.prepared import CODE, RECORD, SETTLED_NS, PreparedModel, prepared_model
from index.models.light.probes import PROBES
from index.models.light.recipe import read_recipe, recipe_to_json
from index.models.light.reference import Reference
from index.models.light.running import FLOAT32, GRAPH, TOKENIZER
from index.models.light.table_tokenizer import SHAPE, TABLE, TableTokenizer, write_shape
from index.models.light.tokenizer import LibraryTokenizer
from index.models.light.unsupported import UnsupportedError
from index.models.records import read_record, write_record
from notes.errors import ModelError

__all__ = ["Preparation", "prepare", "prepared"]

CLOSE = 0.99999
"""The cosine to torch's vector that every probe must reach."""


@dataclass(frozen=True, slots=True)
class Preparation:
    """How searches will encode with the model of ``settings``; ``note`` says why that is slow (empty when it is not).

    ``cosine`` is the lowest to torch over the probes, ``difference`` the largest of a component; NaN without torch.
    """

    name: str
    way: str
    note: str
    settings: ModelSettings
    cosine: float = float("nan")
    difference: float = float("nan")


def prepare(settings: ModelSettings, folder: Path, embedder: Embedder) -> Preparation:
    """Make the light way of the model that ``settings`` name, in ``folder`` (``<cache>/models``), unless it stands.

    Cheap when it stands; else torch is loaded, for seconds to minutes. A model that cannot be prepared is told in the
    ``note``; ModelError only when there is no such model on this machine or the bundled one was altered.
    """
    if settings.name == HASHING:
        return Preparation(embedder.name, "hashing", "", settings)
    placed = place(settings, folder)
    try:
        standing = prepared_model(folder / placed.name, placed)
        if standing is not None and standing.entries.get("versions") == _versions():
            return _told(standing.entries)
        return _prepare(settings, folder, placed)
    except (OSError, ModelError) as error:
        return Preparation(embedder.name, "sentence-transformers", f"the model cannot be prepared: {error}", settings)


def prepared(folder: Path) -> tuple[Preparation, ...]:
    """The models that have been prepared in ``folder``, by name."""
    records = [read_record(path, CODE) for path in sorted(folder.glob(f"*/{RECORD}"))]
    return tuple(_told(record) for record in records if record is not None and _is_whole(record))


def _prepare(settings: ModelSettings, folder: Path, placed: PlacedModel) -> Preparation:
    from threadpoolctl import threadpool_limits

    folder.mkdir(parents=True, exist_ok=True)
    _sweep(folder, placed, settings.name)
    workshop = Path(mkdtemp(prefix=".new-", dir=folder))
    try:
        with threadpool_limits(1):  # one text at a time: on busy cores threads would mostly wait for each other
            record = _record(settings, placed, workshop)
        _move_in(workshop, folder / placed.name, record)
    finally:
        shutil.rmtree(workshop, ignore_errors=True)
    return _told(record)


def _record(settings: ModelSettings, placed: PlacedModel, workshop: Path) -> dict[str, Any]:
    reference = Reference(settings.name, placed.folder)
    common: dict[str, Any] = {
        "name": placed.name,
        "digest": placed.digest,
        "folder": str(placed.folder),
        "settings": asdict(settings),
        "note": "",
        "prompt": "",
        "versions": _versions(),
    }
    reasons: list[str] = []
    for way, make in (("numpy", _for_numpy), ("onnx", _for_onnx)):
        try:
            entries = common | {"way": way} | _tokens(reference, workshop) | make(reference, placed, workshop)
            entries |= _checked(settings, placed, reference, workshop, entries)
        except UnsupportedError as error:
            reasons.append(f"{way}: {error}")
            _empty(workshop)
        else:
            return entries
    note = f"searching with this model starts slowly, by sentence-transformers ({'; '.join(reasons)})"
    return common | {"way": "sentence-transformers", "note": note, "files": [], "cosine": 1.0, "difference": 0.0}


def _tokens(reference: Reference, workshop: Path) -> dict[str, Any]:
    """The tokenizer's files; a table of its vocabulary too, when that gives the same tokens."""
    (workshop / TOKENIZER).write_text(reference.tokenizer_json(), encoding="utf-8")
    entries = {"max_length": reference.max_length, "truncate": reference.truncation_side, "prompt": reference.prompt}
    try:
        _tabulate(reference, workshop)
    except UnsupportedError as error:
        for name in (TABLE, SHAPE):
            (workshop / name).unlink(missing_ok=True)
        return entries | {"tokens": str(error)}
    return entries | {"tokens": "table"}


def _tabulate(reference: Reference, workshop: Path) -> None:
    if reference.truncation_side != "right":
        raise UnsupportedError("a text that is too long is cut at its start")
    write_shape(reference.tokenizer_json(), workshop)
    library = LibraryTokenizer(workshop / TOKENIZER, reference.max_length)
    table = TableTokenizer(workshop, reference.max_length, library)
    for probe in PROBES:
        if table(reference.prompt + probe) != reference.tokens(probe):
            raise UnsupportedError(f"the table gives other tokens for {probe[:40]!r}")


def _for_numpy(reference: Reference, placed: PlacedModel, workshop: Path) -> dict[str, Any]:
    from index.models.light.numpy_model import weight_files
    from index.models.light.safetensors import MappedTensors, write_float32

    recipe = replace(read_recipe(placed.folder), max_length=reference.max_length, prompt=reference.prompt)
    tensors = MappedTensors(*weight_files(placed.folder))
    if not tensors.is_float32:
        write_float32(tensors, workshop / FLOAT32)
    return {"recipe": recipe_to_json(recipe)}


def _for_onnx(reference: Reference, placed: PlacedModel, workshop: Path) -> dict[str, Any]:
    from index.models.light.onnx_export import export

    export(reference, workshop, GRAPH)
    return {}


def _checked(
    settings: ModelSettings, placed: PlacedModel, reference: Reference, workshop: Path, entries: dict[str, Any]
) -> dict[str, Any]:
    """The names of the files, and how far the vectors are from torch's; UnsupportedError when too far."""
    import numpy as np

    names = sorted(path.name for path in workshop.iterdir() if path.is_file())
    trial = PreparedModel(workshop, placed.name, entries["way"], "", entries["prompt"], entries | {"files": names})
    tokenise, model = trial.load(placed)
    cosine, difference = 1.0, 0.0
    for probe in (prefix + probe for prefix in _prefixes(settings) for probe in PROBES):
        ids = tokenise(entries["prompt"] + probe)
        if ids != reference.tokens(probe):
            raise UnsupportedError(f"its tokens differ from the tokenizer's own over {probe[:40]!r}")
        ours, theirs = model(ids), reference.vector(probe)
        near = float(ours.astype(np.float64) @ theirs.astype(np.float64))
        if not near >= CLOSE:  # nor is what is no number
            raise UnsupportedError(f"its vectors differ from torch's, cosine {near:.6f}")
        cosine = min(cosine, near)
        difference = max(difference, float(np.abs(ours - theirs).max()))
    return {"files": names, "cosine": cosine, "difference": difference}


def _prefixes(settings: ModelSettings) -> list[str]:
    return sorted({settings.query_prefix, settings.passage_prefix})


def _move_in(workshop: Path, place: Path, record: dict[str, Any]) -> None:
    """Put the files into their place and the record last: until then there is no model there."""
    place.mkdir(exist_ok=True)
    (place / RECORD).unlink(missing_ok=True)
    for path in sorted(workshop.iterdir()):
        if path.is_file():
            path.replace(place / path.name)
    for path in place.iterdir():
        if path.name not in record["files"]:
            path.unlink()
    time.sleep(2 * SETTLED_NS / 1e9)  # then the times of the files stand for their content
    files = to_json(sealed(place, record["files"], {}, SETTLED_NS))
    write_record(place / RECORD, CODE, record | {"files": files})


def _sweep(folder: Path, placed: PlacedModel, model: str) -> None:
    """Remove what a killed preparation left, and what was prepared from earlier weights of the same model."""
    yesterday = time.time() - 24 * 3600
    for left in folder.glob(".new-*"):
        if left.stat().st_mtime < yesterday:
            shutil.rmtree(left, ignore_errors=True)
    for path in folder.glob(f"*/{RECORD}"):
        match read_record(path, CODE):
            case {"settings": {"name": name}, "digest": str(digest)} if name == model and digest != placed.digest:
                shutil.rmtree(path.parent, ignore_errors=True)


def _versions() -> dict[str, str]:
    """Of the packages on which a verdict rests: another version, another trial."""
    found = {}
    for package in ("torch", "transformers", "sentence-transformers", "onnxruntime", "tokenizers"):
        try:
            found[package] = version(package)
        except PackageNotFoundError:
            found[package] = ""
    return found


def _empty(folder: Path) -> None:
    for path in folder.iterdir():
        shutil.rmtree(path) if path.is_dir() else path.unlink()


def _told(record: dict[str, Any]) -> Preparation:
    known = {field.name for field in fields(ModelSettings)}
    settings = {key: value for key, value in record["settings"].items() if key in known}
    settings["languages"] = tuple(settings.get("languages", ()))
    return Preparation(
        name=str(record["name"]),
        way=str(record["way"]),
        note=str(record["note"]),
        settings=ModelSettings(**settings),
        cosine=float(record["cosine"]),
        difference=float(record["difference"]),
    )


def _is_whole(record: dict[str, Any]) -> bool:
    try:
        _told(record)
    except (KeyError, TypeError, ValueError, AttributeError):
        return False
    return True
