"""Renew ``requirements.lock``: the newest versions that ``pyproject.toml`` allows, found by pip, not installed.

PyTorch stays as the lock has it: whether a newer one has a CPU build on every platform is for a person to see, who then
edits that line by hand. Run it with the oldest Python that the project supports, since a newer one may take versions
that the oldest cannot.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from install_torch import LOCK, PIP, PIP_THAT_LOOKS_ONLY, locked_torch

ROOT = LOCK.parent
HEADER = """\
# Exact versions of everything that `make install` installs, written by `make lock`: a constraints file for pip.
# For Python 3.11 to 3.13 on Linux and macOS. PyTorch's line names no build: see tools/install_torch.py.
"""
NOT_HERE = re.compile(r"(slipway|triton)$|(nvidia|cuda)-")


def resolve() -> list[dict[str, str]]:
    """The metadata of every distribution that an empty environment would get."""
    subprocess.run([*PIP, "install", "-qq", PIP_THAT_LOOKS_ONLY], check=True)
    with tempfile.TemporaryDirectory() as folder:
        kept = Path(folder) / "kept.txt"
        kept.write_text(locked_torch() + "\n", encoding="utf-8")
        looking = ["--dry-run", "--ignore-installed", "--report", "-", "--constraint", str(kept), f"{ROOT}[dev]"]
        report = subprocess.run([*PIP, "install", "-qq", *looking], stdout=subprocess.PIPE, check=True)
    return [found["metadata"] for found in json.loads(report.stdout)["install"]]


def lines(distributions: list[dict[str, str]]) -> list[str]:
    """One pin a line, sorted; without the project itself, local versions and what only a CUDA build needs."""
    pins = {(found["name"].lower().replace("_", "-"), found["version"].partition("+")[0]) for found in distributions}
    return [f"{name}=={version}" for name, version in sorted(pins) if not NOT_HERE.match(name)]


def main() -> None:
    """Write the lock file and say what changed."""
    before = set(LOCK.read_text(encoding="utf-8").splitlines())
    pins = lines(resolve())
    LOCK.write_text(HEADER + "\n".join(pins) + "\n", encoding="utf-8")
    news = [pin for pin in pins if pin not in before]
    print("\n".join(news) or "nothing new", file=sys.stderr)


if __name__ == "__main__":
    main()
