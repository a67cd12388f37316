"""``make bench``: every measurement in turn, or those that are named; what follows that is no name is for the measurement."""

from __future__ import annotations

import importlib
import sys

ALL = (
    "start",
    "embedding",
    "queries",
    "retrieval",
    "refreshing",
    "month",
    "fetching",
    "mutations",
    "articles",
    "repeats",
    "links",
    "promotion",
    "editions",
    "ties",
    "topics",
    "figures",
    "vault",
    "latency",
    "million",
    "forecast",
    "synthesis",
    "writing",
    "groundedness",
)


def main(words: list[str]) -> None:
    first_option = next((place for place, word in enumerate(words) if word not in ALL), len(words))
    names, options = words[:first_option], words[first_option:]
    for name in names or ALL:
        print(f"\n## {name}\n")
        importlib.import_module(f"benchmarks.{name}").main(*options)


main(sys.argv[1:])
