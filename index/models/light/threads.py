"""One thread for numpy's matrix products.

A query is a few tokens: on two idle cores a second thread gains little, and on busy ones OpenBLAS's threads spin for each
other's turn (measured: 16 ms with one thread, 90 to 1,900 ms with two, on two cores with a load of seven).
"""

from __future__ import annotations

import os
import sys

__all__ = ["import_numpy"]

_VARIABLES = ("OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS")


def import_numpy() -> None:
    """Import numpy with one thread for BLAS, unless it has been imported or the environment says how many.

    BLAS reads the variables when it is loaded; they are taken back, so that child processes do as they like.
    """
    if "numpy" in sys.modules:
        return
    ours = [variable for variable in _VARIABLES if variable not in os.environ]
    os.environ.update(dict.fromkeys(ours, "1"))
    try:
        import numpy  # noqa: F401, ICN001
    finally:
        for variable in ours:
            del os.environ[variable]
