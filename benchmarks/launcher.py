"""Run command lines given as JSON lines on standard input, and answer each with seconds, peak memory and exit code.

A process of its own, run bare (``python -I -S``): what a child shows as its peak memory begins with that of whoever
started it, and a benchmark that has numpy loaded would measure itself.
"""

from __future__ import annotations

import json
import os
import sys
import time


def launch(command: list[str], cwd: str, env: dict[str, str], output: str) -> dict[str, float]:
    """Seconds from start to end of the whole process, its peak memory in MiB, its exit code."""
    os.chdir(cwd)
    flags = os.O_WRONLY | os.O_CREAT | os.O_TRUNC
    to = [(os.POSIX_SPAWN_OPEN, 1, output, flags, 0o600), (os.POSIX_SPAWN_OPEN, 2, output + ".err", flags, 0o600)]
    nothing = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0)]
    started = time.perf_counter()
    child = os.posix_spawnp(command[0], command, env, file_actions=nothing + to)
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - started
    peak = usage.ru_maxrss / (1024 if sys.platform == "linux" else 1024 * 1024)
    return {"seconds": seconds, "mib": peak, "code": os.waitstatus_to_exitcode(status)}


if __name__ == "__main__":
    for line in sys.stdin:
        print(json.dumps(launch(**json.loads(line))), flush=True)
