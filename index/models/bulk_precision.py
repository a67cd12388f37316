"""In which precision passages are embedded, told without torch: it is part of the key of their vectors.

A processor that multiplies bf16 matrices does so about twice as fast as fp32 ones. The vectors have a cosine of at least
0.9999 to the full ones, which no ranking feels; but they are other numbers, and links are cut at a number. So they have
a key of their own: a cache that went from one machine to another never mixes the two, and ``full`` asks for the plain key.
"""

from __future__ import annotations

import json
import sys
from functools import lru_cache
from pathlib import Path
from typing import Literal, TypeAlias

__all__ = ["BF16_MARK", "PACKABLE", "Precision", "has_bf16", "mark", "unmarked"]

Precision: TypeAlias = Literal["auto", "full"]
"""``auto``: bf16 where the processor has it and the model allows it; ``full``: fp32 everywhere."""

BF16_MARK = "+bf16"
"""The end of the key of vectors that were made in bf16, or better where a machine could not."""

PACKABLE = frozenset({"bert", "camembert", "distilbert", "mpnet", "roberta", "xlm-roberta"})
"""``model_type`` of the models that :mod:`index.models.bulk_packed` runs; the others are embedded in full."""

_CPUINFO = Path("/proc/cpuinfo")

# Intel and AMD, then Arm, as Linux writes them; other systems are taken for having none.
_BF16_FLAGS = frozenset({"avx512_bf16", "amx_bf16", "bf16"})


def mark(folder: Path, precision: str) -> str:
    """What bf16 adds to the key of the vectors of the model in ``folder``: the mark, or nothing."""
    return BF16_MARK if precision == "auto" and has_bf16() and _model_type(folder) in PACKABLE else ""


def unmarked(name: str) -> str:
    """The key without the mark: what both precisions share, such as the scale of cosines."""
    return name.removesuffix(BF16_MARK)


@lru_cache(maxsize=1)
def has_bf16() -> bool:
    """Whether the processor multiplies bf16 matrices itself; emulated bf16 is slower than fp32."""
    return sys.platform == "linux" and bool(_BF16_FLAGS & _flags(_CPUINFO))


def _flags(cpuinfo: Path) -> frozenset[str]:
    """The features of the first processor: the file is written as it is read, and long where there are many."""
    try:
        with cpuinfo.open(encoding="ascii", errors="replace") as lines:
            for line in lines:
                key, _, value = line.partition(":")
                if key.strip() in {"flags", "Features"}:
                    return frozenset(value.split())
    except OSError:
        pass
    return frozenset()


def _model_type(folder: Path) -> str:
    try:
        config = json.loads((folder / "config.json").read_bytes())
    except (OSError, ValueError, RecursionError):
        return ""
    kind = config.get("model_type") if isinstance(config, dict) else None
    return kind if isinstance(kind, str) else ""
