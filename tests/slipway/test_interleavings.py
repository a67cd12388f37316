"""Users edit while Slipway runs: whatever the order, no byte of theirs is lost or changed.

A night here is the real promote stage over a real store and a real folder; its owner acts before it and, through Python's audit
hook, at any rename, link or removal inside it. ``SLIPWAY_INTERLEAVINGS=10000`` runs that many nights instead of the few of the suite.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule, run_state_machine_as_test

from notes.clock import FixedClock
from notes.errors import VaultError
from slipway.app import App
from slipway.config import load_config
from slipway.desk import Desk
from tests.slipway import boxes
from tests.slipway.houses import House
from tests.slipway.vault_owner import Owner

NIGHTS = int(os.environ.get("SLIPWAY_INTERLEAVINGS", "40"))
A_LIFE = 8  # nights of one vault
EVENTS = {"os.rename", "os.link", "os.remove", "slipway.rename"}
WORDS = (
    "skills of agents",
    "memory of agents for long tasks",
    "reinforcement learning with skills",
    "a bread recipe",
    "智能體 記憶 強化學習",
    "agents and their memory",
)

deeds = st.tuples(
    st.sampled_from(["create", "copy", "edit", "edit", "edit", "move", "delete", "restore", "tick", "tick", "line"]),
    st.integers(0, 60),
    st.integers(0, 60),
)


class Killed(BaseException):
    """The run ends here."""


class Watch:
    """Calls back at each change that a run makes below a folder. One for the process: an audit hook is for ever."""

    def __init__(self) -> None:
        self.root = ""
        self.seen = 0
        self.at: Callable[[int, str], None] | None = None
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[object, ...]) -> None:
        if self.at is None or event not in EVENTS:
            return
        paths = [os.fspath(path) for path in args if isinstance(path, (str, os.PathLike))]
        inside = [path for path in paths if path.startswith(self.root)]
        if not inside:
            return
        self.seen += 1
        strike, self.at = self.at, None
        try:
            strike(self.seen, _about(self.root, inside))
        finally:
            self.at = strike


def _about(root: str, paths: list[str]) -> str:
    """The file of the vault that a change is about, also while it lies on the bench."""
    parts = Path(paths[-1]).relative_to(root).parts
    own = [part for part in parts if not part.startswith(".slipway-")]
    return "/".join(own) if own and own[-1].endswith(".md") else ""


class Quiet:
    """A reporter that says nothing."""

    def progress(self, label):
        return lambda done, total: None

    def warn(self, message):
        pass


watch = Watch()
told = {"nights": 0, "deeds before": 0, "deeds during": 0, "killed": 0, "changes": 0, "files of the owner": 0}


@pytest.fixture(scope="session")
def lived_in():
    """A house after one night, on a memory disk where there is one."""
    fast = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=fast if fast.is_dir() else None, prefix="slipway-") as folder:
        root = Path(folder) / "first"
        House.build(root)
        with _app(root, date(2026, 2, 20)) as app:
            _send(app, 0, 8)
            _promote(app)
        yield root


def _app(root: Path, day: date) -> App:
    config = load_config(root / "slipway.toml")
    return App(config, FixedClock(day, config.zone), Quiet())


def _send(app: App, first: int, count: int) -> None:
    for number in range(first, first + count):
        title, text = WORDS[number % 6], f"{WORDS[(number * 5) % 6]} {WORDS[number % 6]} learning agents {number}"
        one = boxes.item(f"url:example.org/{number}", guid=str(number), title=f"{title} {number}", text=text)
        boxes.record(app.store, one, now=app.clock.now())


def _promote(app: App) -> None:
    from slipway.stages.promote import promote

    promote(app)


def _life(template: Path) -> type[RuleBasedStateMachine]:
    class Life(RuleBasedStateMachine):
        """One vault, its owner, and the nights."""

        @initialize()
        def begin(self) -> None:
            self.root = Path(tempfile.mkdtemp(dir=template.parent))
            shutil.copytree(template, self.root, dirs_exist_ok=True)
            self.owner = Owner(self.root / "vault")
            self.day, self.sent = date(2026, 2, 21), 8

        @rule(
            new=st.sampled_from([0, 0, 0, 1, 2]),
            before=st.lists(deeds, min_size=1, max_size=5),
            during=st.lists(st.tuples(st.integers(1, 24), deeds), min_size=1, max_size=5),
            killed_at=st.sampled_from([None] * 15 + [1, 2, 4, 7, 11]),
            next_day=st.booleans(),
        )
        def night(self, new, before, during, killed_at, next_day) -> None:
            for deed in before:
                self.owner.act(*deed)
            self.day += timedelta(days=next_day)
            told["nights"] += 1
            told["deeds before"] += len(before)
            with _app(self.root, self.day) as app:
                _send(app, self.sent, new)
                self.sent += new
                if self._run(app, during, killed_at):
                    return
            with _app(self.root, self.day) as app:
                told["killed"] += 1
                self._run(app, [], None)

        def _run(self, app: App, during, killed_at) -> bool:
            """One run; True when it came to its end."""
            watch.root, watch.seen, watch.at = str(self.root / "vault"), 0, self._at(during, killed_at)
            try:
                _promote(app)
            except Killed:
                return False
            except VaultError as error:
                # An owner who deletes everything is taken for an unmounted disk.
                if "is the disk mounted" not in str(error):
                    raise
            finally:
                watch.at = None
            told["changes"] += watch.seen
            told["files of the owner"] += len(self.owner.mine)
            self.owner.check()
            return True

        def _at(self, during, killed_at):
            def strike(number: int, about: str) -> None:
                for at, deed in during:
                    if at == number:
                        told["deeds during"] += 1
                        self.owner.act(*deed, about)
                if number == killed_at:
                    raise Killed

            return strike

        def teardown(self) -> None:
            shutil.rmtree(self.root, ignore_errors=True)

    return Life


def _live(template: Path, nights: int) -> None:
    lives = settings(
        max_examples=max(1, nights // A_LIFE),
        stateful_step_count=A_LIFE,
        deadline=None,
        derandomize=NIGHTS < 1000,
        # A night takes too long to look for the shortest way to a failure, unless asked to.
        phases=[Phase.generate] if "SLIPWAY_SHRINK" not in os.environ else list(Phase),
        database=None,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )
    run_state_machine_as_test(_life(template), settings=lives)


@pytest.mark.slow
def test_no_byte_of_the_users_is_lost_or_changed(lived_in):
    told.update(dict.fromkeys(told, 0))
    while told["nights"] < NIGHTS:
        _live(lived_in, NIGHTS - told["nights"])
        print(told, flush=True)
    assert told["deeds during"] > 0
    assert told["killed"] > 0


def test_without_the_rule_the_owner_would_notice(lived_in, tmp_path, monkeypatch):
    """The positive control: the same night with a desk that takes every file for its own."""
    root = tmp_path / "house"
    shutil.copytree(lived_in, root)
    owner = Owner(root / "vault")
    note = next(path for path in sorted((root / "vault" / "notes").rglob("*.md")) if "skills" in path.name)
    files = owner.files()
    owner.act("edit", files.index(note.relative_to(root / "vault").as_posix()), 0)
    with _app(root, date(2026, 2, 21)) as app:
        _send(app, 8, 6)
        _promote(app)
        owner.check()
        monkeypatch.setattr(Desk, "_is_ours", lambda *_: True)
        _send(app, 14, 6)
        _promote(app)
    with pytest.raises(AssertionError, match="was changed"):
        owner.check()
