"""One month of arXiv days (about 5,000 papers) as one file source through one night: seconds per stage, peak memory.

The papers come from ``SLIPWAY_DATA``; the month is given by ``SLIPWAY_MONTH`` (default 2025-05).
"""

from __future__ import annotations

import gzip
import json
import os
import resource
import subprocess
import sys
import tempfile
from pathlib import Path
from xml.sax.saxutils import escape

MONTH = os.environ.get("SLIPWAY_MONTH", "2025-05")

CONFIG = """
timezone = "UTC"
[promote]
budget = 100
[[interests]]
name = "Agents"
text = "Language model agents that plan, use tools, keep memory over long tasks and learn skills."
[[interests]]
name = "Reasoning"
text = "Reinforcement learning with verifiable rewards, mathematical and code reasoning."
[[sources]]
key = "arxiv"
kind = "file"
path = "month.atom.xml"
"""

HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><id>urn:month</id><title>arXiv</title>
<updated>2025-06-01T00:00:00Z</updated>
"""


def atom(papers: list[dict[str, object]]) -> str:
    """The papers as a reply of arXiv's API."""
    return HEAD + "".join(map(_entry, papers)) + "</feed>"


def _entry(paper: dict[str, object]) -> str:
    authors = paper.get("authors") or []
    names = authors if isinstance(authors, list) else str(authors).split(", ")
    categories = paper.get("categories") or []
    terms = categories if isinstance(categories, list) else str(categories).split()
    return (
        f"<entry><id>http://arxiv.org/abs/{paper['id']}v1</id><title>{escape(str(paper['title']))}</title>"
        f"<published>{paper['announced']}T00:00:00Z</published><updated>{paper['announced']}T00:00:00Z</updated>"
        f"<summary>{escape(str(paper['abstract']))}</summary>"
        + "".join(f"<author><name>{escape(str(name))}</name></author>" for name in names)
        + "".join(f'<category term="{escape(str(term))}"/>' for term in terms)
        + "</entry>\n"
    )


def papers_of(month: str, data: Path) -> list[dict[str, object]]:
    """The month's papers, each once."""
    with gzip.open(data / "arxiv" / "daily-en" / f"{month}.jsonl.gz", "rt", encoding="utf-8") as lines:
        return list({paper["id"]: paper for paper in map(json.loads, lines)}.values())


def main() -> None:
    data = os.environ.get("SLIPWAY_DATA")
    if not data:
        print("SLIPWAY_DATA is not set: no month of papers to run through")
        return
    papers = papers_of(MONTH, Path(data))
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "slipway.toml").write_text(CONFIG, encoding="utf-8")
        (root / "month.atom.xml").write_text(atom(papers), encoding="utf-8")
        day = max(str(paper["announced"]) for paper in papers)
        command = [
            sys.executable,
            "-m",
            "slipway",
            "--config",
            str(root / "slipway.toml"),
            "run",
            "--date",
            day,
            "--json",
        ]
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
        print(f"{len(papers)} papers of {MONTH}, one night; peak memory {peak:.0f} MiB\n")
        print("| stage | seconds | counts |\n|---|---|---|")
        for stage in json.loads(done.stdout)["stages"]:
            told = ", ".join(f"{value} {name}" for name, value in stage["counts"].items() if value)
            print(f"| {stage['name']} | {stage['seconds']:.1f} | {told} |")
