"""In what order outcomes are stored, what of a night is stored when it is killed, and what of addresses is told."""

from __future__ import annotations

from datetime import date

import pytest

from ingest.sources import Fetched, FetchState, SourceOutcome
from notes.clock import FixedClock
from notes.errors import FetchError
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.stages import fetch as stage
from tests.slipway.boxes import item
from tests.slipway.houses import House

SOURCES = "".join(
    f'[[sources]]\nkey = "{key}"\nurl = "https://{key}.example/feed"\n' for key in ("slow", "lab", "blog")
)


@pytest.fixture
def app(tmp_path):
    config = load_config(House.build(tmp_path, sources=SOURCES).root / "slipway.toml")
    with App(config, FixedClock(date(2026, 2, 20), config.zone), Console(quiet=True)) as opened:
        yield opened


def arriving(*keys: str, then: BaseException | None = None):
    """A fetch whose outcomes come in this order, each with the same story; then it ends, or is killed."""

    def asks(specs, _states, **_):
        by_key = {spec.key: spec for spec in specs}
        for key in keys:
            story = item(source=key, guid=key)
            yield SourceOutcome(by_key[key], Fetched((story,), FetchState(), False, (), ""), None, 0.0)
        if then is not None:
            raise then

    return asks


def stored(app: App) -> list[str]:
    """The sources whose sightings are stored, in the order of their storing."""
    return [seen.source for slip in app.store.slips() for seen in slip.sightings]


@pytest.mark.parametrize("order", [("slow", "lab", "blog"), ("blog", "lab", "slow"), ("lab", "slow", "blog")])
def test_what_is_stored_does_not_depend_on_the_race(app, order):
    stage.fetch(app, asks=arriving(*order))
    assert stored(app) == ["slow", "lab", "blog"]


@pytest.mark.parametrize("limit", ["PATIENCE_S", "ITEMS_WAITING"])
def test_a_slow_source_keeps_its_place_for_a_while_only(app, monkeypatch, limit):
    monkeypatch.setattr(stage, limit, 0)
    stage.fetch(app, asks=arriving("blog", "lab", "slow"))
    assert stored(app) == ["blog", "lab", "slow"]


@pytest.mark.parametrize(("patience", "kept"), [(0.0, ["blog", "lab"]), (60.0, [])], ids=["passed by", "waited for"])
def test_a_killed_night_keeps_what_had_its_turn(app, monkeypatch, patience, kept):
    monkeypatch.setattr(stage, "SECONDS_AT_MOST", 0.0)
    monkeypatch.setattr(stage, "PATIENCE_S", patience)
    with pytest.raises(KeyboardInterrupt):
        stage.fetch(app, asks=arriving("blog", "lab", then=KeyboardInterrupt()))
    assert stored(app) == kept


def silence(specs, _states, **_):
    for spec in specs:
        yield SourceOutcome(spec, None, FetchError("no answer"), 0.0)


@pytest.mark.parametrize(
    ("other", "counted"),
    [('url = "https://lab.example/feed"', 0), ('kind = "file"\npath = "feed.xml"', 1)],
    ids=["two hosts", "a host and a file"],
)
def test_only_several_hosts_tell_that_the_network_is_down(tmp_path, other, counted):
    sources = f'[[sources]]\nkey = "a"\nurl = "https://a.example/feed"\n[[sources]]\nkey = "b"\n{other}\n'
    config = load_config(House.build(tmp_path, sources=sources).root / "slipway.toml")
    with App(config, FixedClock(date(2026, 2, 20), config.zone), Console(quiet=True)) as app:
        stage.fetch(app, asks=silence)
        assert {record.failures for record in app.store.source_records().values()} == {counted}


def test_the_key_of_a_private_feed_is_told_nowhere(tmp_path):
    sources = '[[sources]]\nkey = "a"\nurl = "https://a.example/feed?token=TOPSECRET"\n'
    config = load_config(House.build(tmp_path, sources=sources).root / "slipway.toml")

    def asks(specs, _states, **_):
        yield SourceOutcome(specs[0], None, FetchError(f"{specs[0].url} took too long"), 0.0)

    with App(config, FixedClock(date(2026, 2, 20), config.zone), Console(quiet=True)) as app:
        (told,) = stage.fetch(app, asks=asks).warnings
        remembered = app.store.source_records()["a"].last_error
    assert "took too long" in told
    assert "TOPSECRET" not in told + remembered
