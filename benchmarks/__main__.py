"""``make bench``: every measurement in turn, or those that are named."""

from __future__ import annotations

import importlib
import sys

ALL = ("start", "month")


def main(names: list[str]) -> None:
    for name in names or ALL:
        print(f"\n## {name}\n")
        importlib.import_module(f"benchmarks.{name}").main()


main(sys.argv[1:])
