"""``make run``: one whole night on the example feeds, then where everything is."""

from __future__ import annotations

import subprocess
import sys
from datetime import date
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
CONFIG = ROOT / "examples" / "slipway.toml"
DAY = date(2026, 2, 20)


def main() -> int:
    """Run the night and say where to look; returns slipway's exit code."""
    slipway = [sys.executable, "-m", "slipway", "--config", str(CONFIG)]
    code = subprocess.run([*slipway, "run", "--date", DAY.isoformat()], check=False, cwd=ROOT).returncode
    if code != 0:
        return code
    places = {
        "vault": ROOT / "vault",
        "post": ROOT / "vault" / "posts" / f"{DAY}.md",
        "trend synthesis": ROOT / "vault" / "trends" / f"{DAY:%G-W%V}.md",
        "site": ROOT / "site" / "index.html",
    }
    print()
    for name, place in places.items():
        print(f"{name:>16}  {place.relative_to(ROOT)}" + ("" if place.exists() else "   (missing!)"))
    print(f"{'read the site':>16}  .venv/bin/python -m http.server --directory site")
    print(f"{'try':>16}  .venv/bin/slipway --config examples/slipway.toml search 幻覺")
    return 0 if all(place.exists() for place in places.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
