"""Folders and web searches in the house: from the configuration to the inbox, night after night."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date, timedelta

import pytest

from notes.clock import FixedClock
from slipway.app import App
from slipway.config import load_config
from slipway.console import Console
from slipway.night import run_night
from tests.ingest.pages import ARTICLE, PARAGRAPHS
from tests.serving import Reply, ScriptedServer

DAY = date(2026, 2, 20)
FOLDER = '[[sources]]\nkey = "clips"\nkind = "file"\npath = "clippings"\ntags = ["clip"]\n'
SEARCH = '[[sources]]\nkey = "web"\nkind = "websearch"\nurl = "{url}"\nqueries = ["agent skills"]\ninterval_hours = 0\nallow = ["loopback"]\n'
MAIL = "From: Jane Doe <j@example.org>\nSubject: Letter {0}\nMessage-ID: <{0}@example.org>\n\nAgents keep letter number {0} in mind.\n"


def night(root, sources, number=0):
    """The fetch of one night: its row of the ledger, and the titles in the inbox."""
    (root / "slipway.toml").write_text(f'[model]\nname = "hashing"\n{sources}', encoding="utf-8")
    config = load_config(root / "slipway.toml")
    with App(config, FixedClock(DAY + timedelta(days=number), config.zone), Console(quiet=True)) as app:
        run = run_night(app, ("fetch",))
        return run, {slip.item.title: slip for slip in app.store.slips()}


def test_a_folder_from_night_to_night(tmp_path):
    folder = tmp_path / "clippings"
    folder.mkdir()
    (folder / "1.eml").write_text(MAIL.format("one"))
    (folder / "page.html").write_text(ARTICLE)
    (folder / "broken.json").write_text("{")
    run, slips = night(tmp_path, FOLDER)
    assert (run.exit_code, sorted(slips)) == (0, ["Agents that keep their skills", "Letter one"])
    assert len(run.warnings) == 1
    assert "broken.json" in run.warnings[0]
    assert slips["Letter one"].item.tags == ("clip",)
    run, _ = night(tmp_path, FOLDER, 1)
    assert (run.warnings, run.stages[0].counts["unchanged"]) == ((), 1)
    (folder / "2.eml").write_text(MAIL.format("two"))
    run, slips = night(tmp_path, FOLDER, 2)
    assert run.stages[0].counts["new"] == 1
    assert len(slips) == 3


def test_a_web_search_whose_pages_are_read_in_full(tmp_path):
    with ScriptedServer() as server:
        found = {"url": server.url("/story"), "title": "Agents that keep their skills", "content": PARAGRAPHS[0][:120]}
        server.routes |= {
            "/search": Reply(json.dumps({"results": [found]}).encode(), content_type="application/json"),
            "/story": Reply(ARTICLE.encode(), content_type="text/html"),
        }
        sources = '[fetch]\nallow = ["loopback"]\n' + SEARCH.format(url=server.url("/search")) + "full_text = true\n"
        run, slips = night(tmp_path, sources)
        assert (run.exit_code, run.warnings) == (0, ())
        (slip,) = slips.values()
        assert (slip.item.source_type.value, slip.item.url) == ("web", server.url("/story"))
        assert PARAGRAPHS[2] in slip.item.text
        run, again = night(tmp_path, sources, 1)
        assert run.stages[0].counts["unchanged"] == 1
        assert again == slips
        assert server.count("/story") == 1


@pytest.mark.parametrize("broken", [True, False])
def test_an_endpoint_in_trouble_is_that_sources_trouble(tmp_path, broken):
    (tmp_path / "clippings").mkdir()
    (tmp_path / "clippings" / "1.eml").write_text(MAIL.format("one"))
    with ScriptedServer() as server:
        server.routes["/search"] = (
            Reply(status=404) if broken else Reply(b'{"results": []}', content_type="application/json")
        )
        run, slips = night(tmp_path, FOLDER + SEARCH.format(url=server.url("/search")))
    assert list(slips) == ["Letter one"]
    assert run.exit_code == 0
    assert ("web: " in "".join(run.warnings)) is broken


def test_the_key_is_in_no_row_of_the_database(tmp_path, monkeypatch):
    key = "sk-secret-4711"
    monkeypatch.setenv("SEARCH_KEY", key)
    with ScriptedServer() as server:
        server.routes["/v1/chat/completions"] = Reply(f"wrong key {key}".encode(), status=401)
        source = SEARCH.format(url=server.url("/v1")) + 'api = "openai"\nmodel = "m"\napi_key_env = "SEARCH_KEY"\n'
        run, _ = night(tmp_path, source)
        assert server.requests[0].headers["authorization"] == f"Bearer {key}"
    assert run.exit_code == 1
    kept = [path for path in tmp_path.rglob("*") if path.is_file() and key.encode() in path.read_bytes()]
    assert kept == []
    assert key not in repr(replace(run))
