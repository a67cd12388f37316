"""Tags over nights: the user's vocabulary, proposals and the user's word on them; and sheets only where something changed."""

from __future__ import annotations

from datetime import date

import pytest
import yaml

from notes.clock import FixedClock
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.stages import papers
from slipway.stages.judge import promote_by_hand
from slipway.stages.promote import gather, promote
from slipway.stages.sync import sync
from slipway.tagging import proposals
from tests.slipway.boxes import content, item, record
from tests.slipway.houses import House

DAY = date(2026, 2, 20)
WORLD = [f"World models, part {name}" for name in ("one", "two", "three", "four")]


class Nights:
    """A house in which nights are spent, in this process."""

    def __init__(self, root) -> None:
        self.house = House.build(root, works=[])
        self.said = 0

    def settings(self, text: str) -> None:
        path = self.house.root / "slipway.toml"
        path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")

    def app(self) -> App:
        config = load_config(self.house.root / "slipway.toml")
        return App(config, FixedClock(DAY, config.zone), Console(quiet=True))

    def own(self, name: str, *tags: str, title: str = "", text: str = "Mine.") -> None:
        path = self.house.vault / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"---\ntags: [{', '.join(tags)}]\n---\n\n# {title or name}\n\n{text}\n", encoding="utf-8")

    def promoted(self, *titles: str, text: str = "Nothing is said here.", **more) -> None:
        """A night after these items came and the user chose them."""
        with self.app() as app:
            self.said += len(titles)
            items = [
                item(
                    f"url:example.org/{self.said}-{at}",
                    guid=f"{self.said}-{at}",
                    title=title,
                    text=text,
                    lang="en",
                    **more,
                )
                for at, title in enumerate(titles)
            ]
            record(app.store, *items)
            promote_by_hand(app, [slip.id for slip in app.store.slips() if slip.item.title in titles])
            promote(app)

    def night(self) -> dict[str, int]:
        with self.app() as app:
            return dict(promote(app).counts)

    def tags(self, part: str) -> list[str]:
        _, head, _ = self.house.note(part).read_text(encoding="utf-8").split("---\n", 2)
        return yaml.safe_load(head)["tags"] or []

    def proposed(self) -> dict[str, int]:
        with self.app() as app:
            return {one.name: len(one.note_ids) for one in proposals(app, gather(app, sync(app)))}

    def say(self, name: str, verdict: str) -> None:
        with self.app() as app:
            app.store.answer_offers({f"tag:{name}": ("tag", verdict)}, app.clock.now())


@pytest.fixture
def nights(tmp_path):
    return Nights(tmp_path / "house")


def test_a_tag_of_the_users_is_given_where_a_note_is_about_it(nights):
    nights.own("mine", "ml/rl", "Gardening", "todo")
    nights.promoted("RL for long tasks", "Gardens", "A todo list")
    assert nights.tags("rl-for") == ["ml/rl"]
    assert nights.tags("gardens") == []
    assert nights.tags("todo") == []


def test_a_tag_that_the_user_adds_to_a_note_of_slipways_is_the_users(nights):
    nights.promoted("Robots that dance", "Robots that sing")
    assert nights.tags("dance") == []
    path = nights.house.note("dance")
    path.write_text(path.read_text(encoding="utf-8").replace("tags: []", "tags: [robots]"), encoding="utf-8")
    nights.night()
    assert nights.tags("dance") == ["robots"]
    assert nights.tags("sing") == ["robots"]


def test_tags_of_the_source_take_the_users_spelling_and_the_synonyms(nights):
    nights.settings('\n[tags]\nsynonyms = {"llms" = "llm"}\n')
    nights.own("mine", "World_Models")
    nights.promoted("A paper", tags=("world-models", "LLMs", "news"))
    assert nights.tags("a-paper") == ["World_Models", "llm", "news"]


def test_an_unchanged_vault_changes_nothing(nights):
    nights.own("mine", "robots", "skills", title="Robots and skills")
    nights.promoted(*WORLD, "Robots with skills")
    with nights.app() as app:
        before = content(app.store)
    files = nights.house.files("vault")
    counts = nights.night()
    with nights.app() as app:
        assert content(app.store) == before
    assert nights.house.files("vault") == files
    assert counts["notes unchanged"] == 5


def test_a_new_note_changes_no_tags_of_the_old_ones(nights):
    nights.own("mine", "robots", title="Robots")
    nights.promoted("Robots with skills", "Grasping")
    before = {name: nights.tags(name) for name in ("robots", "grasping")}
    nights.promoted("Robots that see", "Robots that hear")
    assert {name: nights.tags(name) for name in ("robots-with", "grasping")} == {
        "robots-with": before["robots"],
        "grasping": before["grasping"],
    }


# The user's word


def test_a_shared_phrase_is_proposed_and_used_only_after_the_users_word(nights):
    nights.promoted(*WORLD[:3])
    assert nights.proposed() == {}
    nights.promoted(WORLD[3])
    assert nights.proposed() == {"world-models": 4}
    assert nights.tags("part-one") == []
    nights.say("world-models", "accepted")
    assert nights.proposed() == {}
    nights.promoted("World models again")
    assert nights.tags("part-one") == nights.tags("again") == ["world-models"]


def test_a_declined_proposal_does_not_come_back(nights):
    nights.promoted(*WORLD)
    nights.say("world-models", "declined")
    nights.promoted("World models again")
    assert nights.proposed() == {}
    assert nights.tags("again") == []


def test_a_word_taken_back_takes_the_tag_from_untouched_notes_only(nights):
    nights.promoted(*WORLD)
    nights.say("world-models", "accepted")
    nights.night()
    path = nights.house.note("part-one")
    mine = path.read_text(encoding="utf-8").replace("world-models", "dreams") + "\nmine\n"
    path.write_text(mine, encoding="utf-8")
    nights.say("world-models", "declined")
    nights.night()
    assert nights.tags("part-two") == []
    assert path.read_text(encoding="utf-8") == mine


# Sheets


def sheets(nights) -> list[str]:
    with nights.app() as app:
        return [sheet.path for sheet in papers.note_sheets(app, gather(app, sync(app)))]


def test_only_what_changed_is_rendered(nights):
    nights.promoted("Robots that dance", "Bread")
    assert sheets(nights) == []
    nights.own("mine", "bread")
    assert len(sheets(nights)) == 2  # the vocabulary has changed: any note may bear the tag
    nights.night()
    assert sheets(nights) == []


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE items SET title = 'Another title' WHERE title = 'Bread'",
        "UPDATE files SET inputs = '' WHERE id LIKE '%bread%'",
        "UPDATE files SET inputs = 'x' || inputs WHERE id LIKE '%bread%'",
        "UPDATE files SET planned_sha = 'x' WHERE id LIKE '%bread%'",
    ],
    ids=["another text", "inputs unknown", "inputs of another file", "a killed run"],
)
def test_what_is_in_doubt_is_rendered_again(nights, change):
    nights.promoted("Robots that dance", "Bread")
    with nights.app() as app, app.store._writing() as connection:
        connection.exec_driver_sql(change)
    assert "bread.md" in {path.rpartition("-")[2] for path in sheets(nights)}


def test_code_that_writes_otherwise_renders_all_notes_again(nights, monkeypatch):
    nights.promoted("Robots that dance", "Bread")
    monkeypatch.setattr(papers, "_code", lambda: "another")
    assert len(sheets(nights)) == 2


def test_a_killed_run_ends_where_one_that_was_not_would(nights, monkeypatch):
    """Killed after the files, before their inputs are remembered: they are rendered again, found as they are, and settled."""
    monkeypatch.setattr(papers.Papers, "settle", lambda *_: None)
    nights.promoted("Robots that dance", "Bread")
    monkeypatch.undo()
    files = nights.house.files("vault")
    assert len(sheets(nights)) == 2
    nights.night()
    assert nights.house.files("vault") == files
    assert sheets(nights) == []
