"""How long the light commands take, as whole processes, beside a bare interpreter in the same run."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

RUNS = 15
COMMANDS = (["--help"], ["inbox"], ["runs"], ["search", "skills", "--mode", "lexical"])


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        script = Path(sys.executable).with_name("slipway")
        subprocess.run([script, "init", folder], check=True, capture_output=True)
        subprocess.run([script, "--config", root / "slipway.toml", "run", "--offline"], check=True, capture_output=True)
        print("| command | median ms | times bare Python |\n|---|---|---|")
        commands = {"python -c pass": [sys.executable, "-c", "pass"]}
        commands |= {
            "slipway " + " ".join(args): [str(script), "--config", str(root / "slipway.toml"), *args]
            for args in COMMANDS
        }
        times = _in_turn(commands)
        bare = statistics.median(times["python -c pass"])
        for name, taken in times.items():
            print(f"| `{name}` | {statistics.median(taken) * 1000:.0f} | {statistics.median(taken) / bare:.1f} |")


def _in_turn(commands: dict[str, list[str]]) -> dict[str, list[float]]:
    """All commands one after the other, over and over, so that a slow minute of the machine hits all alike."""
    times: dict[str, list[float]] = {name: [] for name in commands}
    for _ in range(RUNS):
        for name, command in commands.items():
            started = time.perf_counter()
            subprocess.run(command, check=False, capture_output=True)
            times[name].append(time.perf_counter() - started)
    return times
