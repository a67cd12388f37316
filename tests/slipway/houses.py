"""A house to test in: a folder with its own configuration, feeds and vault, and the command line run in it for real."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from tests.slipway import forked

ROOT = Path(__file__).resolve().parent.parent.parent

CONFIG = """
timezone = "Asia/Hong_Kong"
language = "{language}"
{database}
[model]
name = "{model}"
[promote]
budget = 30
max_age_days = 400
closeness = 0.2
threshold = 0.3
[site]
title = "Night notes"
url = "https://notes.example.org/"
[[interests]]
name = "Agents"
text = "agents skills reinforcement learning memory 智能體 強化學習 上下文"
{sources}
"""

ENTRY = """<item><title>{title}</title><link>{link}</link><guid isPermaLink="false">{guid}</guid>
<pubDate>Wed, 18 Feb 2026 08:00:00 GMT</pubDate><description><![CDATA[{text}]]></description></item>"""

WORKS = [
    (
        "SkillRL: agents that learn skills",
        "https://arxiv.org/abs/2602.08234",
        "Agents fail on long household tasks because they learn from raw actions. SkillRL discovers reusable skills from good trajectories "
        "and composes them by reinforcement learning. On ALFWorld it reaches 89.9% success. The skill library still grows without bound.",
    ),
    (
        "Reading SkillRL",
        "https://blog.example.org/skillrl",
        "We read <a href='https://arxiv.org/pdf/2602.08234v1'>the paper</a> about skills of agents. Reinforcement learning over skills is the idea, "
        "and 89.9% on ALFWorld is the result. Memory of agents stays open.",
    ),
    (
        "Memory for long tasks",
        "https://blog.example.org/memory",
        "Agents forget what they did on long tasks. A memory of skills, trained by reinforcement learning, keeps 128k tokens useful. "
        "It saves 40% of the calls.",
    ),
    (
        "遞歸語言模型讓智能體管理上下文",
        "https://blog.example.org/rlm",
        "智能體在長任務中會填滿上下文視窗。遞歸語言模型讓模型透過強化學習管理自己的上下文。實驗顯示延遲降低 40%。",
    ),
    ("A bread recipe", "https://blog.example.org/bread", "Flour, water, salt and time. Bake at 230 degrees."),
]


def feed(works=WORKS, title="Lab notes") -> str:
    """An RSS document of the works."""
    items = "".join(
        ENTRY.format(title=name, link=link, guid=hashlib.sha256(link.encode()).hexdigest()[:12], text=text)
        for name, link, text in works
    )
    return f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>{title}</title><link>https://blog.example.org/</link>{items}</channel></rss>'


@dataclass(frozen=True)
class House:
    """A folder with slipway.toml in it."""

    root: Path

    @classmethod
    def build(
        cls, root: Path, *, works=WORKS, model="hashing", language="en", database="", sources: str | None = None
    ) -> House:
        root.mkdir(parents=True, exist_ok=True)
        house = cls(root)
        if sources is None:
            house.write_feed(works)
            sources = '[[sources]]\nkey = "lab"\nkind = "file"\npath = "feed.xml"\n'
        line = f'database = "{database}"' if database else ""
        (root / "slipway.toml").write_text(
            CONFIG.format(language=language, model=model, sources=sources, database=line), encoding="utf-8"
        )
        return house

    def write_feed(self, works=WORKS) -> None:
        (self.root / "feed.xml").write_text(feed(works), encoding="utf-8")

    @property
    def vault(self) -> Path:
        return self.root / "vault"

    def run(
        self,
        *args: str,
        code: int | None = 0,
        env: dict[str, str] | None = None,
        stdin: str = "",
        timeout: float = 300,
        cold: bool = False,
    ):
        """``slipway ARGS`` in this folder, in a process of its own; ``cold``, or with an ``env`` or ``stdin``, by a Python of its own."""
        whole = os.environ | {"PYTHONPATH": str(ROOT), "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"} | (env or {})
        if cold or env or stdin or os.name != "posix":
            done = subprocess.run(
                [sys.executable, "-m", "slipway", *args],
                cwd=self.root,
                capture_output=True,
                text=True,
                input=stdin,
                timeout=timeout,
                env=whole,
            )
        else:
            done = forked.run(args, self.root, whole, timeout=timeout)
        assert code is None or done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done

    def night(self, day: str = "2026-02-20", **kwargs):
        return self.run("run", "--date", day, **kwargs)

    def json(self, *args: str, **kwargs):
        return json.loads(self.run(*args, "--json", **kwargs).stdout)

    def files(self, *folders: str) -> dict[str, bytes]:
        """Every file below the folders, by path."""
        return {
            str(path.relative_to(self.root)): path.read_bytes()
            for folder in (folders or ("vault", "site"))
            for path in sorted((self.root / folder).rglob("*"))
            if path.is_file()
        }

    def notes(self) -> list[Path]:
        return sorted((self.vault / "notes").rglob("*.md"))

    def note(self, part: str) -> Path:
        """The one note whose name holds ``part``."""
        (found,) = [path for path in self.notes() if part in path.name]
        return found
