"""A box to judge in: a store with items, a hashing embedder and a clock that is set by hand, all in this process."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from notes.clock import FixedClock
from notes.model import ItemStatus, Slip
from slipway.app import App
from slipway.config import parse_config
from slipway.library import Library
from slipway.stages.judge import dismiss_by_hand, judge, promote_by_hand
from tests.slipway.boxes import item, record

DAY = date(2026, 2, 20)

CONFIG = """
database = "sqlite:///{folder}/slipway.db"
[model]
name = "hashing"
[promote]
{promote}
[[interests]]
name = "Agents"
text = "agents skills reinforcement learning memory"
[[interests]]
name = "Bread"
text = "bread flour yeast oven dough"
"""

PROMOTE = {"closeness": "0.1", "threshold": "0.4", "budget": "10", "per_feed": "0", "per_topic": "0", "explore": "0.0"}

WORDS = {
    "agents": "agents skills reinforcement learning memory tools planning reward policy tasks rollout trajectory",
    "bread": "bread flour yeast oven dough sourdough crust baking loaf salt hydration starter",
    "other": "parking notice lift floor street roof window garden fence gate",
}


class Quiet:
    """A reporter that keeps what it is told."""

    def __init__(self) -> None:
        self.warnings: list[str] = []

    def progress(self, label: str):
        return lambda done, total: None

    def warn(self, message: str) -> None:
        self.warnings.append(message)


@dataclass
class Box:
    """Nights over one database."""

    folder: Path
    promote: str = ""
    day: date = DAY
    embedder: object = None
    reporter: Quiet = field(default_factory=Quiet)

    def app(self) -> App:
        own = dict(line.split(" = ", 1) for line in self.promote.splitlines())
        promote = "\n".join(f"{name} = {value}" for name, value in (PROMOTE | own).items())
        text = CONFIG.format(folder=self.folder, promote=promote)
        config = parse_config(tomllib.loads(text), self.folder / "slipway.toml")
        app = App(config, FixedClock(self.day, config.zone), self.reporter)
        if self.embedder is not None:
            app.__dict__["embedder"] = self.embedder
        return app

    def arrive(self, kind: str, count: int, *, seed: int = 0, first: int = 0, **more) -> None:
        """New entries of a kind, each of other words."""
        with self.app() as app:
            entries = [entry(kind, first + number, seed) for number in range(count)]
            record(app.store, *entries, now=moment(self.day), **more)

    def night(self) -> dict[str, int]:
        """Judge, as the night does, without its files."""
        with self.app() as app:
            notes = frozenset(name for name, note in app.store.notes().items() if note.gone_at is None)
            return judge(app, Library.gather((), app.store.slips(), notes, app.config.zone))

    def answer(self, *, keep=(), away=()) -> None:
        with self.app() as app:
            if keep:
                promote_by_hand(app, keep)
            if away:
                dismiss_by_hand(app, away)

    def slips(self, status: ItemStatus | None = None) -> list[Slip]:
        with self.app() as app:
            return list(app.store.slips(status))

    def titled(self, part: str) -> list[Slip]:
        return [slip for slip in self.slips() if part in slip.item.title]

    def tomorrow(self, days: int = 1) -> None:
        self.day += timedelta(days=days)


def moment(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 6, tzinfo=UTC)


def entry(kind: str, number: int, seed: int = 0):
    dice = random.Random(f"{kind} {number} {seed}")
    words = WORDS[kind].split()
    text = " ".join(dice.choice(words) for _ in range(60)) + f". It reaches {dice.randint(10, 99)}%."
    title = f"{kind} {' '.join(dice.sample(words, 4))} {number}"
    address = f"url:{kind}.example.org/{seed}/{number}"
    return item(address, source=kind, guid=f"{seed}-{number}", title=title, text=text, lang="en", published=moment(DAY))
