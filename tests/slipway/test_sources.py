"""``slipway source`` as the user knows it: finding, adding, trying, importing and exporting sources, in a house of its own."""

from __future__ import annotations

import io
import os
import re
import sqlite3
import subprocess
import sys
import tomllib
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from xml.dom import minidom

import pytest

from ingest.feeds.places import FoundFeed
from slipway.cli import main
from slipway.cli.source_edit import add_command
from slipway.sources.adding import main_feeds, readable_key
from tests.serving import Reply, ScriptedServer, redirect
from tests.slipway.houses import WORKS, House, feed

PAGE = """<html><head><title>My lab</title>
<link rel="alternate" type="application/rss+xml" title="My lab (RSS)" href="/rss.xml">
<link rel="alternate" type="application/atom+xml" title="My lab (Atom)" href="/atom.xml">
<link rel="alternate" type="application/rss+xml" title="My lab » Comments" href="/comments/feed"></head></html>"""


@pytest.fixture
def server():
    with ScriptedServer(
        {"/": Reply(PAGE.encode(), content_type="text/html"), "/rss.xml": Reply(feed().encode())}
    ) as running:
        yield running


@dataclass(frozen=True)
class Room(House):
    """A house whose commands run in this process, where everything heavy is imported once."""

    def run(self, *args: str, code: int | None = 0, env=None, stdin: str = "", timeout: float = 0):
        out, err = io.TextIOWrapper(io.BytesIO(), "utf-8"), io.TextIOWrapper(io.BytesIO(), "utf-8")
        given = io.TextIOWrapper(io.BytesIO(stdin.encode()), "utf-8")
        with pytest.MonkeyPatch.context() as patch, pytest.raises(SystemExit) as left:
            patch.chdir(self.root)
            for name, stream in (("stdin", given), ("stdout", out), ("stderr", err)):
                patch.setattr(sys, name, stream)
            main(args)
        out.flush()
        err.flush()
        done = subprocess.CompletedProcess(
            args, int(left.value.code or 0), out.buffer.getvalue().decode(), err.buffer.getvalue().decode()
        )
        assert code is None or done.returncode == code, f"exit {done.returncode}\n{done.stdout}\n{done.stderr}"
        return done


@pytest.fixture
def house(tmp_path) -> Room:
    return Room.build(tmp_path / "house")


def config(house: House) -> bytes:
    return (house.root / "slipway.toml").read_bytes()


def sources(house: House) -> list[dict[str, object]]:
    return tomllib.loads(config(house).decode())["sources"]


def add(house: House, url: str, *args: str, **kwargs):
    return house.run("source", "add", url, "--allow", "loopback", *args, **kwargs)


# --- add ---


def test_a_page_becomes_a_source_and_every_other_byte_stays(house, server):
    before = config(house)
    done = add(house, server.url("/"))
    assert f"also found (--choose 2): My lab (Atom) — {server.url('/atom.xml')}" in done.stderr
    assert "Lab notes — " in done.stdout
    assert "5 items, 2026-02-18 to 2026-02-18" in done.stdout
    assert "as 'lab-notes'" in done.stdout
    table = f'\n[[sources]]\nkey = "lab-notes"\nurl = "{server.url("/rss.xml")}"\n'
    table += 'title = "Lab notes"\nallow = ["loopback"]\n'
    written = table.encode()
    assert config(house) == before.rstrip(b"\n") + b"\n" + written + b"\n" or config(house) == before + written
    assert house.json("source", "list")["sources"][1]["key"] == "lab-notes"
    assert "lab-notes: " not in house.run("fetch", "--date", "2026-02-20").stderr


def test_a_source_that_is_known_is_told_and_not_doubled(house, server):
    add(house, server.url("/"))
    before = config(house)
    for again in (server.url("/"), server.url("/rss.xml"), server.url("/rss.xml?utm_source=x")):
        server.routes["/rss.xml"] = Reply(feed().encode())
        done = add(house, again)
        assert "is a source already: 'lab-notes'" in done.stdout
    assert config(house) == before


def test_settings_are_written_as_they_were_given(house, server):
    add(
        house,
        server.url("/rss.xml"),
        *("--key", "lab2", "--title", 'The "lab"', "--tag", "ai", "--tag", "skills", "--weight", "0", "--lang", "en"),
        *("--full-text", "--include", "agents", "--exclude", "title:/bread|recipe/", "--interval", "6"),
    )
    assert sources(house)[1] == {
        "key": "lab2",
        "url": server.url("/rss.xml"),
        "title": 'The "lab"',
        "tags": ["ai", "skills"],
        "weight": 0,
        "lang": "en",
        "full_text": True,
        "include": ["agents"],
        "exclude": ["title:/bread|recipe/"],
        "interval_hours": 6,
        "allow": ["loopback"],
    }


def test_a_chinese_title_gives_a_key_in_ascii(house, server):
    server.routes["/rss.xml"] = Reply(feed(title="科学空间｜Scientific Spaces").encode())
    assert "as 'ke-xue-kong-jian'" in add(house, server.url("/rss.xml")).stdout
    server.routes["/b.xml"] = Reply(feed(title="科學空間").encode())
    assert "as 'ke-xue-kong-jian-2'" in add(house, server.url("/b.xml")).stdout


def test_several_feeds_are_listed_and_one_is_chosen(house, server):
    links = "".join(
        f'<link rel="alternate" type="application/rss+xml" title="{name}" href="/{name}.xml">'
        for name in ("News", "Papers")
    )
    server.routes |= {"/": Reply(links.encode(), content_type="text/html")}
    server.routes |= {f"/{name}.xml": Reply(feed(title=name).encode()) for name in ("News", "Papers")}
    done = add(house, server.url("/"), code=2)
    assert re.search(r"1\. News — .*\n.*2\. Papers — ", done.stderr)
    assert "--choose N" in done.stderr
    assert "only 2 feeds" in add(house, server.url("/"), "--choose", "3", code=2).stderr
    assert "as 'papers'" in add(house, server.url("/"), "--choose", "2").stdout
    done = add(house, server.url("/"), "--yes")
    assert "as 'news'" in done.stdout
    assert f"also found (--choose 2): Papers — {server.url('/Papers.xml')}" in done.stderr


@pytest.mark.parametrize(
    ("path", "args", "said", "code"),
    [
        ("/nothing", [], "answered 404", 1),
        ("/plain", [], "no feed was found", 1),
        ("/rss.xml", ["--key", "lab"], "is the key of another source", 2),
        ("/rss.xml", ["--exclude", "/(/"], "no regular expression", 2),
        ("/rss.xml", ["--interval", "nought"], "'nought' is no number; write one from 0 to 744", 2),
        ("/rss.xml", ["--interval", "745"], "--interval", 2),
        ("/rss.xml", ["--lang", "klingon"], "'klingon' is no language's tag, such as 'en', 'zh-Hans'", 2),
        ("/rss.xml", ["--weight", "11"], "--weight", 2),
        ("/broken.xml", [], "cannot be read", 1),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else str(value),
)
def test_what_cannot_be_added_is_told_and_changes_nothing(house, server, path, args, said, code):
    server.routes |= {
        "/plain": Reply(b"<p>hello</p>", content_type="text/html"),
        "/broken.xml": [Reply(feed().encode()), Reply(b"", status=500)],
    }
    (house.root / "slipway.toml").write_bytes(config(house) + b"\n[fetch]\nretries = 0\n")
    if path == "/plain":
        del server.routes["/rss.xml"]
    before = config(house)
    done = add(house, server.url(path), *args, code=code)
    assert said in done.stderr or path == "/broken.xml"
    assert "Traceback" not in done.stderr
    assert "remedy:" in done.stderr or "Usage" in done.stderr or path == "/broken.xml"
    assert config(house) == before


def test_an_address_of_ones_own_network_needs_a_word(house, server):
    done = house.run("source", "add", server.url("/"), code=1)
    assert "loopback" in done.stderr
    assert "--allow" in done.stderr
    assert server.connections == 0


def test_what_is_opened_for_the_page_is_not_opened_for_the_feed_it_names(house, server):
    with ScriptedServer({"/feed": Reply(feed().encode())}) as other:
        head = f'<link rel="alternate" type="application/rss+xml" title="x" href="{other.url("/feed")}">'
        server.routes["/"] = Reply(head.encode(), content_type="text/html")
        done = add(house, server.url("/"), code=1)
        assert "refused" in done.stderr
        assert other.connections == 0
    assert len(sources(house)) == 1


def test_a_list_of_arxiv_becomes_an_arxiv_source(house, monkeypatch):
    """Without the network: what would be asked is told by the table that cannot be written."""
    done = house.run("source", "add", "arxiv.org/list/cs.CL/recent", "--full-text", code=2)
    assert "full_text: belongs to sources of kind" in done.stderr


def test_a_file_with_an_inline_list_is_left_alone(house, server):
    text = config(house).decode()
    start = text.index("[[sources]]")
    place = house.root / "slipway.toml"
    place.write_text('sources = [{key = "lab", kind = "file", path = "feed.xml"}]\n' + text[:start], encoding="utf-8")
    before = config(house)
    done = add(house, server.url("/"), code=2)
    assert "add this to it yourself" in done.stderr
    assert config(house) == before


@pytest.mark.parametrize(
    ("ranges", "said"),
    [
        (("lopback",), "did you mean 'loopback'?"),
        (("loopback,private",), "repeat --allow"),
        (("127.0.0.1/99",), "127.0.0.1/99"),
    ],
    ids=str,
)
@pytest.mark.parametrize("command", [("add", "example.org"), ("test", "example.org"), ("import", "feed.xml")], ids=str)
def test_a_mistyped_range_is_told_with_the_words_there_are(house, command, ranges, said):
    told = house.run("source", *command, *(part for one in ranges for part in ("--allow", one)), code=2).stderr
    assert said in told
    assert "loopback, private, fake-ip" in told


def test_ranges_are_written_as_they_were_given_also_where_the_configuration_opens_them(house, server):
    (house.root / "slipway.toml").write_bytes(config(house) + b'\n[fetch]\nallow = ["loopback"]\n')
    house.run("source", "add", server.url("/rss.xml"), "--allow", "private", "--allow", "fake-ip", "--allow", "private")
    assert sources(house)[1]["allow"] == ["private", "fake-ip"]


@pytest.mark.parametrize(
    ("typed", "remedy"),
    [
        ("http://127.0.0.1:9/feed --allow loopback", "a source answers on port 80, 443"),
        ("http://127.0.0.1/feed", "--allow loopback"),
        ("http://192.168.1.5/feed", "--allow private"),
        ("http://100.64.0.7/feed", "--allow 100.64.0.7"),
        ("http://224.0.0.1/feed", "no source can be there"),
        ("http://2130706433/feed", "write the name"),
        ("https://me:secret@example.org/feed", "without them"),
        ("notaurl", "write the whole name, such as example.org"),
        ("dead.invalid", "ends in .invalid"),
        ("localhost:1200/feed", "--allow loopback"),
    ],
)
def test_each_refusal_has_its_own_remedy(house, typed, remedy):
    told = house.run("source", "add", *typed.split(), code=1).stderr
    assert remedy in told.partition("remedy:")[2]
    assert "needs" not in told or "--allow" in remedy or typed == "notaurl"
    assert "secret" not in told


def test_words_are_no_address(house):
    assert "is no address of the web" in house.run("source", "add", "hello world", code=2).stderr


def test_without_a_scheme_http_is_tried_after_https(house, server):
    add(house, server.url("/rss.xml").removeprefix("http://"))
    assert sources(house)[1]["url"] == server.url("/rss.xml")
    assert sources(house)[1]["allow"] == ["loopback"]


def test_https_to_a_server_that_has_none_is_told_to_be_http(house, server):
    told = add(house, server.url("/rss.xml").replace("http:", "https:"), code=1).stderr
    assert "write http://" in told
    assert "next time" not in told


def test_a_server_that_is_away_is_not_tried_again_next_time(house):
    with ScriptedServer({"/rss.xml": Reply(feed().encode())}) as server:
        address = server.url("/rss.xml")
        add(house, address, "--key", "web")
    (house.root / "slipway.toml").write_bytes(config(house) + b"\n[fetch]\nretries = 0\n")
    for command in (("add", address, "--allow", "loopback"), ("test", "web")):
        told = house.run("source", *command, code=1).stderr
        assert "check how the address is written" in told
        assert "next time" not in told


@pytest.mark.parametrize(("key", "near"), [("bad key!", "'bad-key'"), ("a/b", "'a-b'"), ("!", "make a key")])
def test_a_key_that_cannot_be_is_told_with_the_nearest(house, server, key, near):
    assert near in add(house, server.url("/"), "--key", key, code=2).stderr
    assert server.connections == 0


def test_a_key_may_be_chinese(house, server):
    add(house, server.url("/"), "--key", "科学-1.b_c")
    assert sources(house)[1]["key"] == "科学-1.b_c"


@pytest.mark.parametrize("typed", ["./clippings", "{root}/clippings", "file://{root}/clippings"])
def test_a_folder_is_a_source_too(house, typed):
    folder = house.root / "clippings"
    folder.mkdir()
    (folder / "a.html").write_text("<title>A page</title><p>Agents that learn skills from what they did.</p>", "utf-8")
    post = "<item><title>A post</title><link>https://somebody.example/1</link></item>"
    feed = f"<rss version='2.0'><channel><title>Somebody</title>{post}</channel></rss>"
    (folder / "a-feed.xml").write_text(feed, "utf-8")
    typed = typed.format(root=house.root)
    assert house.json("source", "test", typed)["count"] == 2
    house.run("source", "add", typed, "--tag", "own")
    assert sources(house)[1] == {"key": "clippings", "kind": "file", "path": str(folder), "tags": ["own"]}
    assert "is a source already: 'clippings'" in house.run("source", "add", typed).stdout
    assert "is not there" in house.run("source", "add", "../nothing", code=2).stderr


def test_a_page_for_a_feed_is_told_the_command_that_finds_the_feed(house, server):
    table = f'\n[[sources]]\nkey = "page"\nurl = "{server.url("/")}"\nallow = ["loopback"]\n'
    (house.root / "slipway.toml").write_bytes(config(house) + table.encode())
    assert "`slipway source add`" in house.run("source", "test", "page", code=1).stderr
    assert "`slipway source add`" in house.run("fetch", "--date", "2026-02-20", code=None).stderr


def test_an_empty_feed_is_added_with_a_warning(house, server):
    server.routes["/rss.xml"] = Reply(b"<rss version='2.0'><channel><title>Quiet</title></channel></rss>")
    done = add(house, server.url("/rss.xml"))
    assert "there is no entry in it" in done.stderr
    assert "0 items" in done.stdout
    assert "it is asked at the next run" in done.stdout
    assert "next due" not in done.stdout


# --- test, list ---


def test_what_would_come_in_is_shown_and_nothing_is_stored(house, server):
    done = house.run("source", "test", server.url("/"), "--allow", "loopback")
    assert "SkillRL: agents that learn skills" in done.stdout
    assert f"Lab notes — {server.url('/rss.xml')}" in done.stdout
    assert "next due " in done.stdout
    told = house.json("source", "test", server.url("/"), "--allow", "loopback")
    assert list(told) == [
        *("key", "kind", "title", "url", "moved_to", "count", "kept_out", "languages"),
        *("next_due", "due_reason", "warnings", "entries"),
    ]
    assert told["count"] == len(WORKS)
    assert told["entries"][0] == {
        "title": WORKS[0][0],
        "url": WORKS[0][1],
        "published": "2026-02-18T08:00:00+00:00",
        "lang": "en",
        "kept_out": None,
    }
    assert not (house.root / ".slipway" / "slipway.db").exists()


def test_a_configured_source_is_tried_with_its_rules(house):
    (house.root / "slipway.toml").write_bytes(config(house).rstrip() + b'\nexclude = ["bread"]\n')
    told = house.json("source", "test", "lab")
    assert (told["count"], told["kept_out"]) == (5, 1)
    assert [entry["kept_out"] for entry in told["entries"] if entry["kept_out"]] == ["exclude: bread"]
    assert "(kept out by exclude: bread)" in house.run("source", "test", "lab").stdout


def test_a_source_that_has_moved_for_good_is_told(house, server):
    add(house, server.url("/rss.xml"), "--key", "web")
    server.routes |= {"/new.xml": Reply(feed().encode()), "/rss.xml": redirect("/new.xml", status=301)}
    assert house.json("source", "test", "web")["moved_to"] == server.url("/new.xml")
    assert f"it has moved for good to {server.url('/new.xml')}" in house.run("source", "test", "web").stdout


def test_a_source_that_does_not_work_is_an_error(house):
    (house.root / "feed.xml").unlink()
    done = house.run("source", "test", "lab", code=1)
    assert "error:" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["tets", "lab"], "Did you mean 'test'?"),
        (["xyz"], "`slipway source --help` lists them"),
        (["test", "lba"], "did you mean 'lab'?"),
        (["remove", "lba"], "did you mean 'lab'?"),
        (["remove", "lab", "lba", "xyz"], "no source has the key 'lba' or 'xyz'"),
        (["enable", "lba"], "did you mean 'lab'?"),
        (["enable", "lba", "xyz"], "no source has the key 'lba' or 'xyz'"),
        (["rules", "lba"], "did you mean 'lab'?"),
        (["rules", "lab", "--exclude", "/(/"], "no regular expression"),
        (["add", "ftp://example.org/"], "no address of the web"),
        (["import", "nothing.opml"], "nothing.opml"),
        (["import", "feed.xml"], "no OPML"),
        (["export", "feed.xml"], "is there already"),
        (["export", "no/such/folder.opml"], "cannot be written"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_mistakes_are_answered(house, args, said):
    done = house.run("source", *args, code=2)
    assert said in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""


def test_the_list_in_both_forms(house):
    (row,) = house.json("source", "list")["sources"]
    assert list(row)[:9] == ["key", "kind", "place", "title", "tags", "weight", "failures", "last_error", "last_ok"]
    assert {"next_due", "due_reason", "disabled", "moved_to", "last_tried"} <= set(row)
    assert row["last_ok"] is None
    assert "never ok" in house.run("source", "list").stdout
    house.run("fetch", "--date", "2026-02-20")
    (row,) = house.json("source", "list")["sources"]
    assert row["last_ok"].endswith("+00:00")
    hour = int(row["last_ok"][11:13])
    assert f"{(hour + 8) % 24:02}:{row['last_ok'][14:16]}" in house.run("source", "list").stdout  # Hong Kong's clock


def test_the_list_tells_what_the_last_fetch_was_warned_of(house, server):
    whole = feed().encode()
    add(house, server.url("/rss.xml"), "--key", "web")
    server.routes["/rss.xml"] = Reply(whole[: whole.rindex(b"<item>")])
    house.run("fetch", "--date", "2026-02-20")
    warning = "the document breaks off before its end"
    listed = house.run("source", "list").stdout
    assert re.search(rf"^web .* ok 2026-02-20 .* warned of: .*{warning}", listed, re.MULTILINE)
    rows = {row["key"]: row["warnings"] for row in house.json("source", "list")["sources"]}
    assert rows["lab"] == []
    assert any(warning in one for one in rows["web"])
    server.routes["/rss.xml"] = Reply(whole)
    house.run("fetch", "--date", "2026-02-21", "--now")
    assert "warned of" not in house.run("source", "list").stdout


# --- remove, enable ---


def test_a_source_that_is_removed_leaves_its_items(house, server):
    add(house, server.url("/"), "--key", "web")
    before = config(house)
    house.run("fetch", "--date", "2026-02-20")
    done = house.run("source", "remove", "lab")
    assert "its items and notes stay" in done.stdout
    assert [source["key"] for source in sources(house)] == ["web"]
    assert before.replace(b'[[sources]]\nkey = "lab"\nkind = "file"\npath = "feed.xml"\n', b"") == config(house)
    assert len(house.json("inbox", "list", "--all")["items"]) == len(WORKS)


def test_a_source_that_was_given_up_is_asked_again(house):
    house.run("fetch", "--date", "2026-02-20")
    with closing(sqlite3.connect(house.root / ".slipway" / "slipway.db")) as database, database:
        database.execute("UPDATE sources SET disabled = 'gone (410) on two nights', failures = 2, last_error = 'gone'")
    assert "gone (410)" in house.run("source", "list").stdout
    assert "is asked at the next run" in house.run("source", "enable", "lab").stdout
    (row,) = house.json("source", "list")["sources"]
    assert (row["disabled"], row["failures"], row["next_due"]) == (None, 0, None)


def test_several_sources_are_removed_and_enabled_at_once(house, server):
    add(house, server.url("/"), "--key", "web")
    house.run("fetch", "--date", "2026-02-20")
    assert "no source was given up or fails" in house.run("source", "enable", "--all").stdout
    with closing(sqlite3.connect(house.root / ".slipway" / "slipway.db")) as database, database:
        database.execute("UPDATE sources SET disabled = 'gone (410) on two nights'")
    assert "which source?" in house.run("source", "enable", code=2).stderr
    assert len(house.run("source", "enable", "--all").stdout.splitlines()) == 2
    assert [row["disabled"] for row in house.json("source", "list")["sources"]] == [None, None]
    house.run("source", "remove", "lab", "wbe", code=2)
    assert len(sources(house)) == 2
    assert len(house.run("source", "remove", "lab", "web").stdout.splitlines()) == 2
    assert b"[[sources]]" not in config(house)


def test_a_source_with_a_new_address_has_no_old_error(house):
    house.run("fetch", "--date", "2026-02-20")
    with closing(sqlite3.connect(house.root / ".slipway" / "slipway.db")) as database, database:
        database.execute("UPDATE sources SET failures = 2, last_error = 'no answer'")
    assert "no answer" in house.run("source", "list").stdout
    (house.root / "feed.xml").rename(house.root / "new.xml")
    (house.root / "slipway.toml").write_bytes(config(house).replace(b"feed.xml", b"new.xml"))
    listed = house.run("source", "list").stdout
    assert "due now" in listed
    assert "no answer" not in listed


# --- OPML ---

OPML = """<?xml version="1.0"?><opml version="1.1"><body>
<outline text="Tech"><outline text="机器学习">
  <outline text="A & B" xmlUrl="https://a.org/feed"/><outline text="A again" xmlUrl="http://www.a.org/feed/"/></outline>
  <outline text="科学空间" xmlUrl="https://kexue.fm/feed" category="math"/></outline>
<outline text="CL" xmlUrl="https://rss.arxiv.org/rss/cs.CL"/></body></opml>"""


def test_a_list_is_imported_with_its_folders_as_tags(house):
    (house.root / "list.opml").write_text(OPML, encoding="utf-8")
    before = config(house)
    done = house.run("source", "import", "list.opml", "--dry-run", "--tag", "new")
    assert done.stdout.splitlines()[-1] == "would be added: 3; known already or twice in the list: 1 (A again)"
    assert config(house) == before
    done = house.run("source", "import", "list.opml", "--tag", "new")
    assert done.stdout.endswith("\nadded: 3; known already or twice in the list: 1 (A again)\n")
    assert [line.split()[0] for line in done.stdout.splitlines()[:-1]] == ["a-b", "ke-xue-kong-jian", "cl"]
    assert config(house).startswith(before.rstrip())
    assert sources(house)[1:] == [
        {"key": "a-b", "url": "https://a.org/feed", "title": "A & B", "tags": ["tech/机器学习", "new"]},
        {
            "key": "ke-xue-kong-jian",
            "url": "https://kexue.fm/feed",
            "title": "科学空间",
            "tags": ["tech", "math", "new"],
        },
        {"key": "cl", "kind": "arxiv", "categories": ["cs.CL"], "title": "CL", "tags": ["new"]},
    ]
    again = house.run("source", "import", "list.opml").stdout
    assert again == "added: 0; known already or twice in the list: 4 (A & B, A again, 科学空间, CL)\n"


def test_import_export_import_changes_nothing(house, tmp_path):
    (house.root / "list.opml").write_text(OPML, encoding="utf-8")
    house.run("source", "import", "list.opml")
    done = house.run("source", "export", "out.opml")
    assert "3 feeds in out.opml" in done.stdout
    assert done.stderr == "1 source is no feed and was left out\n"
    document = (house.root / "out.opml").read_bytes()
    minidom.parseString(document)
    other = Room.build(tmp_path / "other", sources="")
    other.run("source", "import", str(house.root / "out.opml"))
    assert [{**one} for one in sources(other)] == sources(house)[1:]
    assert other.run("source", "export").stdout.encode() == document


def test_a_list_of_a_bridge_is_opened_where_it_has_to_be(house):
    outlines = ("http://127.0.0.1:1200/a", "https://example.org/feed", "")
    feeds = "".join(f'<outline type="rss" text="x" xmlUrl="{url}"/>' for url in outlines)
    document = f'<opml><body>{feeds}<outline type="rss" text="y"/></body></opml>'
    (house.root / "list.opml").write_text(document, encoding="utf-8")
    done = house.run("source", "import", "list.opml", "--allow", "loopback")
    assert "feeds without an address of the web left out: 2 (x, y)" in done.stderr
    assert "refused" not in done.stderr
    assert [one.get("allow") for one in sources(house)[1:]] == [["loopback"], None]
    assert "opened to loopback: 1, those on your own network" in done.stdout


@pytest.mark.parametrize("options", [(), ("--dry-run",)], ids=str)
def test_a_list_of_what_will_be_refused_is_told_so(house, options):
    outlines = [f"http://127.0.0.1:1200/{n}" for n in range(7)] + ["http://10.0.0.9/feed", "https://example.org/feed"]
    feeds = "".join(f'<outline type="rss" text="n {n}" xmlUrl="{url}"/>' for n, url in enumerate(outlines))
    (house.root / "list.opml").write_text(f"<opml><body>{feeds}</body></opml>", encoding="utf-8")
    told = house.run("source", "import", "list.opml", *options).stderr
    assert "warning: n-0, n-1, n-2, n-3, n-4 and 2 more will be refused: loopback\n" in told
    assert 'allow = ["loopback"]' in told
    assert "warning: n-7 will be refused: private\n" in told
    assert "n-8" not in told


def test_what_a_list_cannot_carry_is_told_and_titles_are_the_feeds_own(house, server):
    add(house, server.url("/rss.xml"), "--key", "web", "--weight", "2", "--exclude", "bread")
    text = config(house).decode().replace('title = "Lab notes"\n', "")
    (house.root / "slipway.toml").write_text(text, encoding="utf-8")
    assert 'text="web"' in house.run("source", "export").stdout
    house.run("fetch", "--date", "2026-02-20")
    done = house.run("source", "export")
    assert 'text="Lab notes"' in done.stdout
    assert "OPML does not carry all settings: weight of 1, exclude of 1, allow of 1" in done.stderr


@pytest.mark.data
def test_the_shared_lists_are_imported_whole(tmp_path):
    data = os.environ.get("SLIPWAY_DATA")
    if not data:
        pytest.skip("SLIPWAY_DATA is not set: the shared lists are not imported")
    house = Room.build(tmp_path / "house", sources="")
    for path in sorted(Path(data, "opml").rglob("*.opml")):
        house.run("source", "import", str(path))
    assert len(sources(house)) > 1_000
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", str(source["key"])) for source in sources(house))
    first = house.run("source", "export").stdout
    again = Room.build(tmp_path / "again", sources="")
    again.run("source", "import", "-", stdin=first)
    assert again.run("source", "export").stdout == first


# --- rules ---


def test_rules_are_tried_on_what_is_stored_without_a_change(house):
    house.run("fetch", "--date", "2026-02-20")
    waiting = [item["title"] for item in house.json("inbox", "list")["items"]]
    seen = house.json("source", "rules", "lab", "--exclude", "title:bread", "--exclude", "智能体")
    assert seen["total"] == len(WORKS)
    assert [(one["title"], one["why"]) for one in seen["put_out"]] == [
        ("遞歸語言模型讓智能體管理上下文", "exclude: 智能体"),
        ("A bread recipe", "exclude: title:bread"),
    ]
    assert seen["let_in"] == []
    told = house.run("source", "rules", "lab", "--include", "agents").stdout
    assert "would be kept out: A bread recipe  (include: no rule matches)" in told
    assert [item["title"] for item in house.json("inbox", "list")["items"]] == waiting


def test_a_preview_knows_what_another_source_keeps_in_the_inbox(tmp_path):
    tables = [f'[[sources]]\nkey = "{key}"\nkind = "file"\npath = "{key}.xml"\n' for key in ("lab", "copy")]
    house = Room.build(tmp_path / "house", sources="".join(tables))
    (house.root / "lab.xml").write_text(feed(), encoding="utf-8")
    (house.root / "copy.xml").write_text(feed(WORKS[-1:]), encoding="utf-8")
    house.run("fetch", "--date", "2026-02-20")
    told = house.run("source", "rules", "lab", "--exclude", "bread", "--exclude", "智能体").stdout.splitlines()
    assert "stays: A bread recipe  (exclude: bread; also carried by copy)" in told
    assert told[-1].endswith(": 1 out, 0 back in; 1 against the rules but in the inbox by another source")
    text = config(house).decode()
    (house.root / "slipway.toml").write_text(text.replace('"lab.xml"', '"lab.xml"\nexclude = ["bread"]'), "utf-8")
    house.run("fetch", "--date", "2026-02-21")
    assert "A bread recipe" in {item["title"] for item in house.json("inbox", "list")["items"]}
    seen = house.json("source", "rules", "lab")
    assert (seen["put_out"], seen["let_in"]) == ([], [])
    assert [(one["title"], one["carried_by"]) for one in seen["stay"]] == [("A bread recipe", ["copy"])]
    # Where both mind, nobody keeps it.
    assert house.json("source", "rules", "copy", "--exclude", "bread")["stay"] == []
    assert len(house.json("source", "rules", "copy", "--exclude", "bread")["put_out"]) == 1


def test_rules_hold_at_the_fetch_and_items_come_back_when_they_go(house):
    plain = config(house)
    (house.root / "slipway.toml").write_bytes(plain.rstrip() + b'\nexclude = ["bread"]\n')
    house.run("fetch", "--date", "2026-02-20")
    titles = {item["title"]: item["status"] for item in house.json("inbox", "list", "--all")["items"]}
    assert titles["A bread recipe"] == "excluded"
    (house.root / "slipway.toml").write_bytes(plain)
    seen = house.json("source", "rules", "lab")
    assert [one["title"] for one in seen["let_in"]] == ["A bread recipe"]
    for _ in range(2):
        house.run("fetch", "--date", "2026-02-21")
        assert {item["status"] for item in house.json("inbox", "list", "--all")["items"]} == {"inbox"}
    (house.root / "slipway.toml").write_bytes(plain.rstrip() + b'\ninclude = ["agents"]\n')
    house.run("fetch", "--date", "2026-02-22")
    waiting = {item["title"] for item in house.json("inbox", "list")["items"]}
    assert "A bread recipe" not in waiting
    assert "Memory for long tasks" in waiting


# --- small decisions ---


@pytest.mark.parametrize(
    ("title", "url", "taken", "key"),
    [
        ("Simon Willison's Weblog", "https://simonwillison.net/atom/everything/", (), "simon-willisons-weblog"),
        ("DIYGod - 写代码是热爱，写到世界充满爱!", "https://diygod.me/atom.xml", (), "diygod"),
        ("阮一峰的网络日志", "http://feeds.feedburner.com/ruanyifeng", (), "ruan-yi-feng-de-wang-luo-ri-zhi"),
        ("🎈🎈", "https://www.blog.example.org/feed", (), "blog-example"),
        ("", "https://lilianweng.github.io/index.xml", (), "lilianweng-github"),
        ("RSS", "https://example.org/rss", (), "example"),
        ("News", "https://example.org/rss", ("news", "news-2"), "news-3"),
        ("CON", "https://example.org/rss", (), "con-note"),
        ("x" * 100, "https://example.org/rss", (), "x" * 40),
        ("", "https://[::1]/feed", (), "1"),
    ],
)
def test_keys(title, url, taken, key):
    assert readable_key(title, url, taken) == key


def found(title: str, kind: str = "rss", *, comments: bool = False) -> FoundFeed:
    return FoundFeed(f"https://example.org/{title}/{kind}", title, kind, comments=comments)


@pytest.mark.parametrize(
    ("feeds", "kept"),
    [
        ([found("A")], [0]),
        ([found("A RSS"), found("A Atom", "atom")], [0]),
        ([found("A (RSS 2.0)"), found("A", "json"), found("B")], [0, 2]),
        ([found("A"), found("A")], [0, 1]),
        ([found("A"), found("A comments", comments=True)], [0]),
        ([found("A comments", comments=True)], [0]),
    ],
    ids=str,
)
def test_what_the_user_has_to_choose_from(feeds, kept):
    assert main_feeds(tuple(feeds)) == tuple(feeds[n] for n in kept)


def test_every_option_of_add_is_a_setting():
    from slipway.settings.values import SourceConfig

    names = {param.name for param in add_command.params} - {"url", "key", "yes", "choose"}
    assert names == {name for name in names if hasattr(SourceConfig("k", "rss"), {"tags": "tags"}.get(name, name))}


def test_a_rule_that_cannot_be_read_is_a_fault_that_names_its_place(house):
    lines = b'\ninclude = ["agents", "title:"]\nexclude = [\'/(/\', "/(?=a)/"]\n'
    (house.root / "slipway.toml").write_bytes(config(house).rstrip() + lines)
    told = house.run("source", "list", code=2).stderr
    assert "3 fault(s)" in told
    assert "sources[lab].include: the rule 'title:' names nothing to look for" in told
    assert "sources[lab].exclude: the rule '/(/' is no regular expression: missing )" in told
    assert "no look-around" in told
