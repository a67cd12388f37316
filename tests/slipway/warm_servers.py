"""``slipway serve --no-nights`` over a house, with a folder of sockets of its own, and what clients say to it."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.slipway.houses import ROOT, House

# A user's client waits a quarter of a second for a server to begin, and then searches itself; on a machine that is busy with
# other tests the server may need more.
SCRIPT = "from slipway.entry import main; main()"
PATIENT = f"from slipway.warm import client; client.BEGIN_WITHIN = 60.0; {SCRIPT}"


@dataclass(frozen=True)
class Ran:
    """What a command wrote, byte by byte, and its exit code."""

    code: int
    out: bytes
    err: bytes

    @property
    def was_cold(self) -> bool:
        """Whether the client says that it did not use a server that it had found."""
        return b"was not used" in self.err


@dataclass(frozen=True)
class Warm:
    """A house, and the folder in which its clients look for a server."""

    house: House
    runtime: Path
    env: dict[str, str] = field(default_factory=dict)

    @property
    def socket(self) -> Path:
        """Where the server of this house listens."""
        from slipway.warm.place import name_of

        return self.runtime / "slipway" / f"{name_of(str(self.house.root / 'slipway.toml'))}.sock"

    def run(
        self,
        *args: str,
        cold: bool = False,
        hurried: bool = False,
        cwd: Path | None = None,
        stdin: bytes = b"",
        **env: str,
    ) -> Ran:
        """Run a command in a process of its own, with a word when a server that was found is not used.

        ``hurried``: it waits no longer for a server than a user's command does.
        """
        how = {"SLIPWAY_NO_SERVER": "1"} if cold else {"SLIPWAY_DEBUG": "1"}
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT if hurried else PATIENT, *args],
            cwd=cwd or self.house.root,
            env=self.environment() | how | env,
            input=stdin,
            capture_output=True,
            timeout=600,
        )
        return Ran(done.returncode, done.stdout, done.stderr)

    def environment(self) -> dict[str, str]:
        """The environment of clients and server."""
        ours = {"PYTHONPATH": str(ROOT), "XDG_RUNTIME_DIR": str(self.runtime), "PYTHONUTF8": "1"}
        return os.environ | ours | self.env

    def start(self) -> subprocess.Popen[str]:
        """Start a server; it answers once it says so on standard error."""
        return subprocess.Popen(
            [sys.executable, "-m", "slipway", "serve", "--no-nights"],
            cwd=self.house.root,
            env=self.environment(),
            stderr=subprocess.PIPE,
            text=True,
        )

    @contextmanager
    def served(self) -> Iterator[subprocess.Popen[str]]:
        """A server that answers, ended by a signal."""
        server = self.start()
        try:
            assert server.stderr is not None
            assert "answering searches on" in server.stderr.readline()
            yield server
        finally:
            server.terminate()
            server.communicate(timeout=300)


@contextmanager
def warm_house(house: House) -> Iterator[Warm]:
    """The house with a folder of sockets that is short enough for a socket's address, which pytest's are not."""
    runtime = Path(tempfile.mkdtemp(prefix="slipway-test-"))
    try:
        yield Warm(house, runtime)
    finally:
        shutil.rmtree(runtime)
