"""``slipway related``: from what is stored where that is enough, and without torch where it is not."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from notes.model import Link, LinkKind
from slipway.store.store import Store
from tests.slipway.boxes import item, record
from tests.slipway.houses import ROOT, House
from tests.slipway.shelved import shelved

pytestmark = pytest.mark.slow  # the bundled model embeds the vault

HEAVY = ("torch", "sentence_transformers", "sklearn")


def loaded(house: House, *args: str, watched: tuple[str, ...] = HEAVY) -> tuple[list[str], str]:
    """What of the watched modules ``slipway ARGS`` loads, and what it prints."""
    script = (
        "import sys\nfrom slipway.cli import main\n"
        f"try:\n    main({list(args)!r})\nexcept SystemExit as leave:\n    assert leave.code == 0, leave.code\n"
        f"print('LOADED', *[name for name in {watched!r} if name in sys.modules])\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=house.root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "SLIPWAY_NO_SERVER": "1"},
    )
    assert done.returncode == 0, done.stderr
    *said, last = done.stdout.splitlines()
    return last.split()[1:], "\n".join(said) + done.stderr


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> House:
    """A house with the bundled model, indexed: the night has loaded torch, the day need not."""
    house = shelved(tmp_path_factory.mktemp("related"), model="bundled")
    with Store.open(f"sqlite:///{house.root / '.slipway' / 'slipway.db'}") as store:
        record(store, item(title="A library of skills for agents", text="Agents reuse skills on long tasks."))
    return house


def test_a_note_without_links_is_held_against_the_others_without_torch(house):
    heavy, said = loaded(house, "related", "n-skills")
    assert heavy == []
    assert said.splitlines()[1].strip() == "n-memory"


def test_so_is_an_item_that_has_never_been_embedded(house):
    heavy, said = loaded(house, "related", "item-1")
    assert heavy == []
    assert "n-skills" in said
    assert "shared terms" in said


def test_nothing_is_kept_of_what_was_embedded_on_the_way(house):
    before = {path: path.read_bytes() for path in (house.root / ".slipway" / "cache").rglob("*.db")}
    loaded(house, "related", "item-1")
    assert {path: path.read_bytes() for path in before} == before


def test_a_note_that_is_newer_than_the_index_is_read_here_and_now(house):
    fresh = house.vault / "notes" / "fresh.md"
    fresh.write_text("---\nid: n-fresh\nlang: en\n---\n\n# Growing skills\n\nA library of skills of agents grows.\n")
    heavy, said = loaded(house, "related", "n-fresh")
    assert heavy == []
    assert said.splitlines()[1].strip() == "n-skills"
    fresh.unlink()


def test_stored_links_are_enough_where_no_more_are_asked_for(house):
    with Store.open(f"sqlite:///{house.root / '.slipway' / 'slipway.db'}") as store:
        links = [Link("n-skills", "n-memory", LinkKind.SIMILAR, 0.5, "shared terms: skills")]
        store.replace_links([*links, Link("n-memory", "n-skills", LinkKind.SIMILAR, 0.5, "shared terms: skills")])
    heavy, said = loaded(
        house, "related", "n-skills", "-n", "1", watched=(*HEAVY, "numpy", "sqlalchemy", "scipy", "faiss")
    )
    assert heavy == []
    assert "shared terms: skills" in said
