"""100,000 damaged feeds through real runs and real worker processes: failures of a run, items lost from sound feeds beside them.

``python -m benchmarks mutations --count 100000``; ``--start`` is the first seed. Needs ``SLIPWAY_DATA``.
"""

from __future__ import annotations

import argparse
import os


def main(*options: str) -> None:
    given = argparse.ArgumentParser(prog="benchmarks mutations")
    given.add_argument("--count", type=int, default=2_000)
    given.add_argument("--start", type=int, default=0)
    asked = given.parse_args(options)
    if not os.environ.get("SLIPWAY_DATA"):
        print("SLIPWAY_DATA is not set: no documents to damage")
        return
    from tests.ingest.mutations import main as run

    tally = run(asked.count, asked.start)
    print(f"{tally.documents:,} damaged documents: {tally.items:,} items, {dict(tally.refused)} refused")
    print(
        f"{tally.sound_feeds:,} sound feeds among them, {tally.read_quickly:,} of {tally.compared:,} read by both parsers"
    )
    print(f"slowest document {tally.slowest_s:.1f} s; failures, losses and differences: {len(tally.wrong)}")
    for line in tally.wrong[:20]:
        print(f"- {line}")
