"""Put PyTorch into the environment that runs this file: its CPU build, unless ``TORCH`` asks for another.

``sentence-transformers`` needs PyTorch, and on Linux the build that a plain installation takes carries several
gigabytes of CUDA libraries that a machine without a GPU has no use for. So, before anything else is installed:

1. The locked version is there already: nothing to do.
2. Ask pip, without downloading, which build the configured package index would give. A build without CUDA
   (macOS, Windows, an index or folder that holds the CPU build) is simply installed.
3. Otherwise uv installs it: uv knows where PyTorch publishes its builds (``--torch-backend cpu``).

``TORCH=gpu`` takes the index's own build as it comes; any other word is handed to uv's ``--torch-backend``
(``auto``, ``cu130``, ``rocm7.0``, ``xpu``). Only PyTorch itself is installed here: what it needs comes with the rest,
in the versions of the lock file.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

LOCK = Path(__file__).resolve().parent.parent / "requirements.lock"
PIP = [sys.executable, "-m", "pip", "--disable-pip-version-check"]
# Older ones download the whole wheel only to look at it: half a gigabyte here. Where no newer one is to be had, they do.
PIP_THAT_LOOKS_ONLY = "pip>=23.3"

NOT_TO_BE_HAD = """\
The {backend} build of {requirement} could not be fetched; the reason stands above.
Remedy: point PIP_EXTRA_INDEX_URL or PIP_FIND_LINKS to a place that holds the CPU build,
or take the package index's own build, on Linux with several gigabytes of CUDA: `make install TORCH=gpu`.
docs/install.md tells of mirrors and of machines without a network."""


def locked_torch() -> str:
    """The requirement of the lock file, for example ``torch==2.13.0``."""
    found = re.search(r"^torch==[\w.]+", LOCK.read_text(encoding="utf-8"), re.MULTILINE)
    if found is None:
        sys.exit(f"{LOCK.name} holds no line for torch; remedy: take the file from version control again")
    return found.group()


def is_there(requirement: str, backend: str) -> bool:
    """Whether the locked version is installed; the CPU build does not do for one who asks for another."""
    try:
        installed = metadata.version("torch")
    except metadata.PackageNotFoundError:
        return False
    version, _, build = installed.partition("+")
    return f"torch=={version}" == requirement and (backend == "cpu" or build != "cpu")


def index_build_is_plain(requirement: str) -> bool:
    """Whether the configured index's build asks for no CUDA package."""
    subprocess.run([*PIP, "install", "-qq", PIP_THAT_LOOKS_ONLY], stderr=subprocess.DEVNULL, check=False)
    looking = ["install", "-qq", "--dry-run", "--no-deps", "--ignore-installed", "--report", "-", requirement]
    report = subprocess.run([*PIP, *looking], stdout=subprocess.PIPE, check=False)
    if report.returncode != 0:
        return False
    found = json.loads(report.stdout)["install"][0]["metadata"]
    return sys.platform != "linux" or is_plain(found["version"], found.get("requires_dist", []))


def is_plain(version: str, needs: list[str]) -> bool:
    """Whether a build of this version with these requirements brings no CUDA."""
    return version.endswith("+cpu") or not any(re.match(r"(nvidia|cuda)-", need) for need in needs)


def install_by_pip(requirement: str) -> int:
    """Let pip install the configured index's build; returns pip's exit code."""
    command = [*PIP, "install", "-qq", "--force-reinstall", "--no-deps", requirement]
    return subprocess.run(command, check=False).returncode


def install_by_uv(requirement: str, backend: str) -> int:
    """Let uv fetch the build of that name; returns uv's exit code."""
    subprocess.run([*PIP, "install", "-qq", "uv"], check=True)
    asking = ["--torch-backend", backend, "--no-deps", "--reinstall-package", "torch", requirement]
    command = [sys.executable, "-m", "uv", "pip", "install", "--python", sys.executable, *asking]
    return subprocess.run(command, check=False).returncode


def main() -> None:
    """Install PyTorch, or exit with the reason and the remedy."""
    requirement, backend = locked_torch(), os.environ.get("TORCH") or "cpu"
    if is_there(requirement, backend):
        return
    if backend == "gpu" or (backend == "cpu" and index_build_is_plain(requirement)):
        failed = install_by_pip(requirement)
    else:
        failed = install_by_uv(requirement, backend)
    if failed:
        sys.exit(NOT_TO_BE_HAD.format(backend=backend, requirement=requirement))


if __name__ == "__main__":
    main()
