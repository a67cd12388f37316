"""``slipway`` in a process of its own that is forked from one which has imported it: most of a small night is importing.

What differs from ``python -m slipway``: the seed of hashes is that of the first process, and nothing tests how quickly it starts.
"""

from __future__ import annotations

import atexit
import multiprocessing
import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

__all__ = ["run"]

_SERVER = multiprocessing.get_context("forkserver")
_SERVER.set_forkserver_preload(
    [
        "filelock",
        "index.dense.approximate",
        "index.models.embedder",
        "index.models.hashing",
        "index.models.preparing",
        "index.trends.finding",
        "ingest.files.folder",
        "jinja2",
        "linkify_it",
        "lxml.etree",
        "markdown_it",
        "nh3",
        "notes.tags.tag_proposals",
        "scipy.sparse",
        "scipy.special",
        "slipway.cli",
        "slipway.cli.inbox",
        "slipway.cli.night",
        "slipway.night",
        "slipway.reading",
        "slipway.sources.remembered",
        "slipway.stages.articles",
        "slipway.stages.fetch",
        "slipway.stages.promote",
        "slipway.stages.search_index",
        "slipway.stages.site",
        "slipway.stages.write",
        "slipway.store.store",
        "slipway.vault_cache",
        "tests.slipway.forked",
    ]
)


def run(
    args: Sequence[str],
    folder: Path,
    env: Mapping[str, str],
    *,
    timeout: float,
    before: Callable[[], object] = bool,
) -> subprocess.CompletedProcess[str]:
    """``slipway ARGS`` in the folder, with no input; ``before`` is called in the new process. Raises TimeoutExpired."""
    with tempfile.TemporaryDirectory() as told:
        outputs = [Path(told) / name for name in ("stdout", "stderr")]
        process = _SERVER.Process(target=_child, args=(list(args), folder, dict(env), outputs, before))
        process.start()
        process.join(timeout)
        if process.exitcode is None:
            process.kill()
            process.join()
            raise subprocess.TimeoutExpired(list(args), timeout)
        return subprocess.CompletedProcess(
            list(args), process.exitcode, *(path.read_text(encoding="utf-8") for path in outputs)
        )


def _child(
    args: list[str], folder: Path, env: dict[str, str], outputs: list[Path], before: Callable[[], object]
) -> None:
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    for number, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT), number)
    sys.stdin = open(0, encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", buffering=1, closefd=False)  # noqa: SIM115
    sys.argv = ["slipway", *args]
    from slipway.entry import main

    try:
        before()
        main()
    finally:
        # Such a process ends without what others do at their end.
        atexit._run_exitfuncs()
