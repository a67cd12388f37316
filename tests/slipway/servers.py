"""A PostgreSQL server of our own to test on: a cluster in a temporary folder that listens on a socket only."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

USER = "slipway"


def find_binaries() -> Path | None:
    """The folder of initdb and pg_ctl; Debian keeps them off the path."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    return max(Path("/usr/lib/postgresql").glob("*/bin"), default=None, key=lambda path: path.parent.name)


@contextmanager
def postgres(binaries: Path) -> Iterator[str]:
    """Start a cluster, give its URL, stop it and take it away."""
    folder = Path(tempfile.mkdtemp(prefix="slipway-pg-"))
    try:
        if os.geteuid() == 0:
            shutil.chown(folder, "postgres")
        _call(
            binaries / "initdb",
            "-D",
            folder / "data",
            "-A",
            "trust",
            "-U",
            USER,
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        options = f"-F -k {folder} -c listen_addresses=''"
        _call(binaries / "pg_ctl", "-D", folder / "data", "-o", options, "-l", folder / "log", "-w", "-t", 300, "start")
        try:
            yield f"postgresql+psycopg://{USER}@/postgres?host={folder}"
        finally:
            _call(binaries / "pg_ctl", "-D", folder / "data", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _call(*command: object) -> None:
    # The server refuses to run as root.
    prefix = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
    subprocess.run(
        [*prefix, *map(str, command)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, cwd="/"
    )
