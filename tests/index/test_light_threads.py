from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

_THREADS = """
import os
from index.models.light.threads import import_numpy
import_numpy()
from threadpoolctl import threadpool_info
print([pool["num_threads"] for pool in threadpool_info()], os.environ.get("OPENBLAS_NUM_THREADS"))
"""


@pytest.mark.parametrize(
    ("environment", "printed"),
    [
        pytest.param({}, "[1] None", id="one, and children may have more"),
        pytest.param({"OPENBLAS_NUM_THREADS": "2"}, "[2] 2", id="the user's word counts"),
    ],
)
def test_numpy_is_imported_with_one_thread(environment, printed):
    plain = {name: value for name, value in os.environ.items() if not name.endswith("_NUM_THREADS")}
    run = [sys.executable, "-c", _THREADS]
    root = Path(__file__).parents[2]
    done = subprocess.run(run, capture_output=True, text=True, cwd=root, env=plain | environment)
    assert (done.stdout.strip(), done.stderr) == (printed, "")
