"""Tensors of a safetensors file, mapped into memory and read only where they are used.

The format: eight bytes with the length of a JSON header, the header, the raw little-endian tensors
(https://github.com/huggingface/safetensors#format).
"""

from __future__ import annotations

import json
import mmap
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.models.light.unsupported import UnsupportedError

if TYPE_CHECKING:
    from typing import TypeAlias

    import numpy as np
    from numpy.typing import NDArray

    Array: TypeAlias = NDArray[np.float32]

__all__ = ["MappedTensors", "write_float32"]

_LONGEST_HEADER = 100_000_000
_ALIGNED = 16
"""Numbers to which a tensor's start is aligned: a line of the processor's cache."""
_FLOATS = {"F32": 4, "F16": 2, "BF16": 2}


@dataclass(frozen=True, slots=True)
class _Place:
    dtype: str
    shape: tuple[int, ...]
    start: int
    stop: int


class MappedTensors:
    """The float tensors of one or more safetensors files, as float32 arrays.

    UnsupportedError when a file is not one, is cut off, or a tensor that is asked for is missing.
    float32 tensors are views of the map; half precision is converted each time it is asked for.
    """

    def __init__(self, *paths: Path) -> None:
        self._places: dict[str, tuple[mmap.mmap, _Place]] = {}
        self._views: dict[str, Array] = {}
        for path in paths:
            mapped = _map(path)
            for name, place in _places(mapped, path).items():
                self._places[name] = (mapped, place)

    def __iter__(self) -> Iterator[str]:
        return iter(self._places)

    def __contains__(self, name: str) -> bool:
        return name in self._places

    @property
    def is_float32(self) -> bool:
        """Whether every float tensor can be used as it lies in the file."""
        return all(place.dtype == "F32" for _, place in self._places.values() if place.dtype in _FLOATS)

    def is_float(self, name: str) -> bool:
        """Whether the tensor ``name`` holds floating point numbers."""
        return self._places[name][1].dtype in _FLOATS

    def __getitem__(self, name: str) -> Array:
        # A hundred look-ups for each text: what costs no memory is kept.
        view = self._views.get(name)
        if view is None:
            view = self._array(name)
            if self._places[name][1].dtype == "F32":
                self._views[name] = view
        return view

    def lay_out(self, names: Sequence[str], most: int) -> None:
        """Keep the float32 tensors ``names`` in memory of our own, one behind the other, unless they are above ``most`` bytes.

        numpy asks the system for large pages there, which a mapped file cannot have: all weights are read for every
        text, and walking small pages was a sixth of the time.
        """
        import numpy as np

        arrays = {name: self[name] for name in names if self._places[name][1].dtype == "F32"}
        starts = np.cumsum([0, *(-(-array.size // _ALIGNED) * _ALIGNED for array in arrays.values())]).tolist()
        if starts[-1] * 4 > most:
            return
        block = np.empty(starts[-1], np.float32)
        for (name, array), start in zip(arrays.items(), starts, strict=False):
            view = block[start : start + array.size].reshape(array.shape)
            view[:] = array
            view.flags.writeable = False
            self._views[name] = view

    def _array(self, name: str) -> Array:
        import numpy as np

        if name not in self._places:
            raise UnsupportedError(f"the weights have no tensor {name!r}")
        mapped, place = self._places[name]
        if place.dtype == "BF16":  # the upper half of a float32
            halves = np.frombuffer(mapped, np.uint16, place.stop // 2 - place.start // 2, place.start)
            return (halves.astype(np.uint32) << 16).view(np.float32).reshape(place.shape)
        if place.dtype not in _FLOATS:
            raise UnsupportedError(f"the tensor {name!r} is {place.dtype}")
        kind = np.dtype("<f4" if place.dtype == "F32" else "<f2")
        count = (place.stop - place.start) // kind.itemsize
        array: Array = np.frombuffer(mapped, kind, count, place.start).reshape(place.shape)
        return array.astype(np.float32, copy=False)


def write_float32(tensors: MappedTensors, path: Path) -> None:
    """The float tensors as one float32 safetensors file, each aligned to 64 bytes; not atomic."""
    header: dict[str, Any] = {}
    at = 0
    wanted = [name for name in sorted(tensors) if tensors.is_float(name)]
    for name in wanted:
        array = tensors[name]
        header[name] = {"dtype": "F32", "shape": list(array.shape), "data_offsets": [at, at + array.nbytes]}
        at += array.nbytes
    text = json.dumps(header, separators=(",", ":")).encode()
    text += b" " * (-(len(text) + 8) % 64)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        for name in wanted:
            file.write(tensors[name].tobytes())


def _map(path: Path) -> mmap.mmap:
    try:
        with path.open("rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise UnsupportedError(f"{path} cannot be mapped: {error}") from error


def _places(mapped: mmap.mmap, path: Path) -> dict[str, _Place]:
    size = min(int.from_bytes(mapped[:8], "little"), _LONGEST_HEADER)
    try:
        entries: Mapping[str, Any] = json.loads(mapped[8 : 8 + size])
        places = {
            name: _place(entry, 8 + size, len(mapped)) for name, entry in entries.items() if name != "__metadata__"
        }
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise UnsupportedError(f"{path} is not a whole safetensors file") from error
    return places


def _place(entry: Mapping[str, Any], base: int, length: int) -> _Place:
    start, stop = (base + int(offset) for offset in entry["data_offsets"])
    shape = tuple(int(size) for size in entry["shape"])
    count = 1
    for size in shape:
        count *= size
    width = _FLOATS.get(entry["dtype"])
    if min(shape, default=0) < 0 or not base <= start <= stop <= length or (width and stop - start != count * width):
        raise ValueError("a tensor lies outside the file")
    return _Place(entry["dtype"], shape, start, stop)
