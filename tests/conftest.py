"""The suite says the same in every run, on every machine.

Property tests draw the same examples each time; SLIPWAY_EXAMPLES=2000 lets them draw so many others. What users set for
their own terminal, network and Slipway reaches no test.
"""

from __future__ import annotations

import os
from contextlib import suppress

from hypothesis import HealthCheck, settings

EXAMPLES = int(os.environ.get("SLIPWAY_EXAMPLES", "0"))

for name in (
    *("COLUMNS", "LINES", "NO_COLOR", "FORCE_COLOR", "COLORFGBG", "EDITOR", "VISUAL", "PAGER"),
    *("SLIPWAY_CONFIG", "SLIPWAY_DEBUG", "SLIPWAY_NO_SERVER"),
    *("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "http_proxy", "https_proxy", "all_proxy", "no_proxy"),
):
    os.environ.pop(name, None)

# Containers set it; each of the many processes started here would then compile our modules anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

# No deadline: a test that is slow on a busy machine is no failure. print_blob names the example that failed for good.
settings.register_profile(
    "repeatable",
    derandomize=True,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
# Said again in full: Hypothesis takes what is left out from a profile of its own where it sees that it runs in CI.
settings.register_profile(
    "exploring",
    derandomize=False,
    max_examples=EXAMPLES or settings.default.max_examples,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)


def _draw_no_constants_of_ours() -> None:
    """Hypothesis also draws from the constants in our modules, in those of them that are loaded when it draws.

    Which are depends on the tests that the process ran before, and those on how many processes share the suite.
    """
    with suppress(ImportError, AttributeError):  # a version that draws none
        from hypothesis.internal.conjecture import providers

        nothing = providers._local_constants
        providers._get_local_constants = lambda: nothing


settings.load_profile("exploring" if EXAMPLES else "repeatable")
if not EXAMPLES:
    _draw_no_constants_of_ours()
