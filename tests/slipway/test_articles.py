"""Full text in the house: what is stored, what is kept, and what the nights make of trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, timedelta

import pytest

from notes.clock import FixedClock
from slipway.app import App
from slipway.cli.explain import told
from slipway.config import load_config
from slipway.console import Console
from slipway.explaining import explain
from slipway.night import run_night
from slipway.stages import articles
from slipway.stages.articles import fetch_articles
from slipway.store.records import ArticleState
from tests.ingest.pages import ARTICLE, FEED, PARAGRAPHS, WALLS, page
from tests.serving import Reply, ScriptedServer
from tests.slipway.boxes import item, paper, record

DAY = date(2026, 2, 20)
CONFIG = """
[model]
name = "hashing"
[fetch]
allow = ["127.0.0.0/8"]
interval_hours = 0
{sources}
"""
SOURCE = """
[[sources]]
key = "lab"
url = "{url}"
full_text = {full_text}
"""
PAGE = Reply(ARTICLE.encode(), content_type="text/html; charset=utf-8")


@pytest.fixture
def server():
    with ScriptedServer() as running:
        yield running


@pytest.fixture(autouse=True)
def _without_pauses(monkeypatch):
    monkeypatch.setattr(articles, "PAUSE_S", 0.0)


def house(folder, sources="", *, nights=0):
    """An app on the folder, so many nights later."""
    file = folder / "slipway.toml"
    file.write_text(CONFIG.format(sources=sources), encoding="utf-8")
    config = load_config(file)
    return App(config, FixedClock(DAY + timedelta(days=nights), config.zone), Console(quiet=True))


WORDS = " ".join(PARAGRAPHS).split()


def due(app, server, *paths):
    """Items of one feed, each with an excerpt of its own from the same article."""
    entries = [
        item(
            f"url:x.org{path}", guid=path, url=server.url(path), title=f"Part {n}", text=" ".join(WORDS[18 * n :][:18])
        )
        for n, path in enumerate(paths)
    ]
    record(app.store, *entries, full_text=True)


def states(app):
    from sqlalchemy import text

    with app.store._engine.connect() as connection:
        written = connection.scalars(text("SELECT full_text FROM items ORDER BY id"))
        return [state.partition(":")[0].partition(" ")[0] for state in written]


def test_the_article_takes_the_place_of_the_excerpt(tmp_path, server):
    server.routes["/a"] = PAGE
    with house(tmp_path) as app:
        due(app, server, "/a")
        assert fetch_articles(app) == ({"articles": 1}, ())
        stored = app.store.slip(1).item
        assert stored.blocks[0].text == PARAGRAPHS[0]
        assert (stored.authors, stored.lang) == (("Jane Doe",), "en")
        assert "https://arxiv.org/abs/2602.08234" in stored.references
        assert states(app) == ["done"]
        assert fetch_articles(app) == ({}, ())
    assert len(server.requests) == 1


KEPT = {
    "a wall": Reply(page(f"<p>{WALLS['payment']}</p>").encode(), content_type="text/html"),
    "another story": Reply(
        page(f"<p>{'The bread is baked at 230 degrees for forty minutes. ' * 20}</p>").encode(),
        content_type="text/html",
    ),
    "a pdf": Reply(b"%PDF-1.7", content_type="application/pdf"),
    "nothing": Reply(b"", content_type="text/html"),
    "no more than the feed": Reply(page(f"<p>{FEED}</p>").encode(), content_type="text/html"),
}


@pytest.mark.parametrize("reply", KEPT.values(), ids=KEPT)
def test_what_the_feed_gave_is_kept(tmp_path, server, reply):
    server.routes["/a"] = reply
    with house(tmp_path) as app:
        due(app, server, "/a")
        before = app.store.slip(1).item
        assert fetch_articles(app) == ({"articles kept from feed": 1}, ())
        assert app.store.slip(1).item == before
        assert states(app) == ["kept"]
        assert app.store.article_state(1).reason.startswith(("the page ", "the address is no web page"))


def test_with_the_choice_off_the_wall_would_be_the_text(tmp_path, server, monkeypatch):
    """The positive control."""
    from ingest.articles import choice as article_choice

    monkeypatch.setattr(article_choice, "objection", lambda *_: "")
    server.routes["/a"] = KEPT["a wall"]
    with house(tmp_path) as app:
        due(app, server, "/a")
        assert fetch_articles(app)[0] == {"articles": 1}
        assert "Subscribe to continue" in app.store.slip(1).item.text


def test_papers_are_never_fetched(tmp_path, server):
    with house(tmp_path) as app:
        record(app.store, replace(paper(), url=server.url("/a")), full_text=True)
        record(
            app.store,
            item("arxiv:2602.09999", guid="b", url=server.url("/b"), arxiv_id="2602.09999", title="B"),
            full_text=True,
        )
        assert fetch_articles(app) == ({}, ())
        assert set(states(app)) <= {"kept", ""}
    assert server.requests == []


def test_three_nights_then_given_up(tmp_path, server):
    server.routes["/a"] = Reply(status=500)
    for night, state in enumerate(("due", "due", "failed", "failed")):
        with house(tmp_path, nights=night) as app:
            if night == 0:
                due(app, server, "/a")
            counts, warnings = fetch_articles(app)
            assert states(app) == [state]
            if night < 3:
                assert counts == {"articles failed": 1}
                assert warnings == (f"full text of 127.0.0.1:{server.port}: answered 500 (1)",)
    assert len(server.requests) == 3


def test_attempts_on_one_day_count_once(tmp_path, server):
    server.routes["/a"] = Reply(status=500)
    with house(tmp_path) as app:
        due(app, server, "/a")
        for _ in range(5):
            fetch_articles(app)
        assert states(app) == ["due"]
        assert app.store.article_state(1) == ArticleState("due", "answered 500", DAY)
    with house(tmp_path, nights=1) as app:
        fetch_articles(app)
        fetch_articles(app)
        assert states(app) == ["due"]
    with house(tmp_path, nights=2) as app:
        fetch_articles(app)
        assert states(app) == ["failed"]
        assert app.store.article_state(1).reason == "answered 500"


def refusing(app):
    app.config = replace(app.config, fetch=replace(app.config.fetch, allow=()))


def test_what_is_refused_stays_due_until_it_is_allowed(tmp_path, server):
    server.routes |= {"/a": PAGE, "/b": PAGE}
    for night in range(5):
        with house(tmp_path, nights=night) as app:
            refusing(app)
            if night == 0:
                due(app, server, "/a", "/b")
            counts, (warning,) = fetch_articles(app)
            assert counts == {"articles refused": 2}
            assert warning.startswith(f"full text of 127.0.0.1:{server.port}: refused: loopback (2); they stay due")
            assert "'" not in warning
            assert [one.tries for one in app.store.articles_due(9)] == [0, 0]
            assert app.store.article_state(1) == ArticleState("refused", "loopback")
    assert server.requests == []
    with house(tmp_path, nights=5) as app:
        assert fetch_articles(app) == ({"articles": 2}, ())
        assert states(app) == ["done", "done"]


def test_refusals_end_when_no_slip_would_wait_longer(tmp_path, server):
    with house(tmp_path) as app:
        due(app, server, "/a")
    for night, state in ((30, "refused"), (31, "failed")):
        with house(tmp_path, nights=night) as app:
            refusing(app)
            fetch_articles(app)
            assert states(app) == [state]
    with house(tmp_path, nights=31) as app:
        assert app.store.article_state(1).reason == "refused: loopback"


def test_all_refusals_of_a_night_are_one_warning(tmp_path):
    with house(tmp_path) as app:
        refusing(app)
        entries = [
            item(f"url:{n}", guid=str(n), url=f"http://10.0.0.{n % 5 + 1}/{n}", title=f"Part {n}", text=f"Word {n}")
            for n in range(6)
        ]
        record(app.store, *entries, full_text=True)
        counts, warnings = fetch_articles(app)
        assert counts == {"articles refused": 6}
        assert warnings == (
            "full text of 10.0.0.1: refused: private (2); 10.0.0.2: refused: private (1); 10.0.0.3: refused: private (1);"
            " and 2 more hosts (2); they stay due: `allow` under [fetch] opens such addresses",
        )


TOLD = {
    "done": (PAGE, "done", "the linked article"),
    "kept": (
        Reply(b"", content_type="text/html"),
        "kept: the page holds no article",
        "kept the feed's: the page holds no article",
    ),
    "failed": (
        Reply(status=410),
        "failed: answered 410",
        "kept the feed's; the linked article could not be had: answered 410",
    ),
    "due": (Reply(status=500), "due: answered 500", "the linked article is still due: answered 500"),
}


@pytest.mark.parametrize(("reply", "state", "line"), TOLD.values(), ids=TOLD)
def test_explain_tells_what_became_of_it(tmp_path, server, reply, state, line):
    server.routes["/a"] = reply
    with house(tmp_path) as app:
        due(app, server, "/a")
        assert explain(app, "1")["full_text"] == {"state": "due"}
        fetch_articles(app)
        document = explain(app, "1")
        assert ": ".join(document["full_text"].values()) == state
        assert ("text", line) in list(told(document, UTC, 30))


def test_explain_tells_of_a_refusal_and_of_no_article_where_none_is_asked_for(tmp_path, server):
    with house(tmp_path) as app:
        refusing(app)
        due(app, server, "/a")
        record(app.store, item("url:y.org", guid="y", title="Else", text="Else"))
        fetch_articles(app)
        assert explain(app, "1")["full_text"] == {"state": "refused", "reason": "loopback"}
        line = "the linked article is still due, and was refused so far: loopback"
        assert ("text", line) in list(told(explain(app, "1"), UTC, 30))
        assert explain(app, "2")["full_text"] is None
        assert not any(about == "text" for about, _ in told(explain(app, "2"), UTC, 30))


def test_a_page_that_is_gone_is_asked_for_once(tmp_path, server):
    with house(tmp_path) as app:
        due(app, server, "/gone")
        fetch_articles(app)
        assert states(app) == ["failed"]


def test_a_site_in_trouble_is_one_warning(tmp_path, server):
    with house(tmp_path) as app:
        due(app, server, *(f"/{n}" for n in range(5)))
        counts, warnings = fetch_articles(app)
        assert counts == {"articles failed": 5}
        assert warnings == (f"full text of 127.0.0.1:{server.port}: answered 404 (5)",)


def test_what_is_cut_short_goes_on(tmp_path, server, monkeypatch):
    paths = [f"/{n}" for n in range(6)]
    server.routes |= dict.fromkeys(paths, PAGE)
    with house(tmp_path) as app:
        due(app, server, *paths)
        honest, stored = app.store.record_article, []

        def killed_at_the_third(item_id, **more):
            if len(stored) == 2:
                raise KeyboardInterrupt
            stored.append(item_id)
            return honest(item_id, **more)

        monkeypatch.setattr(app.store, "record_article", killed_at_the_third)
        with pytest.raises(KeyboardInterrupt):
            fetch_articles(app)
    with house(tmp_path) as app:
        assert sorted(states(app)) == ["done"] * 2 + ["due"] * 4
        assert fetch_articles(app)[0] == {"articles": 4}


def test_the_night_has_so_much_time(tmp_path, server, monkeypatch):
    server.routes |= {"/1": PAGE, "/2": PAGE}
    monkeypatch.setattr(articles, "BUDGET_S", 0.0)
    with house(tmp_path) as app:
        due(app, server, "/1", "/2")
        assert fetch_articles(app) == ({}, ())
        assert states(app) == ["due", "due"]


def feed(server):
    entry = f"<item><title>Agents that keep their skills</title><link>{server.url('/a')}</link><description>{FEED}</description></item>"
    return Reply(f"<rss version='2.0'><channel><title>Lab</title>{entry}</channel></rss>".encode())


@pytest.mark.parametrize("asks", [True, False])
def test_a_night_fetches_for_the_sources_that_ask(tmp_path, server, asks):
    server.routes |= {"/feed.xml": feed(server), "/a": PAGE}
    with house(tmp_path, SOURCE.format(url=server.url("/feed.xml"), full_text=str(asks).lower())) as app:
        run = run_night(app, ("fetch",))
        assert (run.exit_code, run.warnings) == (0, ())
        assert run.stages[0].counts.get("articles", 0) == int(asks)
        assert (PARAGRAPHS[2] in app.store.slip(1).item.text) is asks
    with house(tmp_path, SOURCE.format(url=server.url("/feed.xml"), full_text=str(asks).lower()), nights=1) as app:
        run_night(app, ("fetch",))
        assert (PARAGRAPHS[2] in app.store.slip(1).item.text) is asks
    assert server.count("/a") == int(asks)


def test_a_link_is_not_allowed_what_its_source_is(tmp_path, server):
    """The source may reach loopback, the article that it links to may not."""
    server.routes |= {"/feed.xml": feed(server), "/a": PAGE}
    source = SOURCE.format(url=server.url("/feed.xml"), full_text="true") + 'allow = ["127.0.0.0/8"]\n'
    with house(tmp_path, source) as app:
        app.config = replace(app.config, fetch=replace(app.config.fetch, allow=()))
        run = run_night(app, ("fetch",))
        assert run.stages[0].counts["articles refused"] == 1
        assert app.store.slip(1).item.text == FEED
    assert server.count("/a") == 0
