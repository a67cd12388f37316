"""The interactive view: what a line asks for, what is painted, and the whole of it on a terminal."""

from __future__ import annotations

import asyncio
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import threading
import time
from contextlib import asynccontextmanager, nullcontext, suppress
from dataclasses import replace
from datetime import date
from fcntl import ioctl

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from textual.content import Content
from textual.events import Key
from textual.widgets import Input, OptionList, Static

from index.retrieval.query import Query
from slipway.bystander import Bystander
from slipway.view import painted
from slipway.view.app import SearchView
from slipway.view.asked import line_of, understood
from slipway.view.found import FoundList
from slipway.view.help import Help
from slipway.view.latest import Latest
from slipway.view.look import theme_of_terminal
from slipway.view.rows import Row, row_of_entry
from slipway.view.run import run_view
from slipway.view.sheet import links_of, sheet_of
from tests.slipway.houses import ROOT
from tests.slipway.shelves import DAY, HOSTILE_TITLE, opened, shelf

# --- the line ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("line", "query"),
    [
        ("", Query()),
        ("   ", Query()),
        ("skills", Query(text="skills", prefix=True)),
        ("skills ", Query(text="skills")),
        ("skills of agents", Query(text="skills of agents", prefix=True)),
        ("skills tag:agents", Query(text="skills", tags=("agents",))),
        ("tag:a tag:b x", Query(text="x", tags=("a", "b"), prefix=True)),
        ("kind:note kind:post", Query(kinds=("note", "post"))),
        ('source:"Lab notes" x ', Query(text="x", sources=("Lab notes",))),
        ('x source:"Lab no', Query(text="x", sources=("Lab no",))),
        ("lang:zh 推理", Query(text="推理", langs=("zh",), prefix=True)),
        ("topic:t1 ", Query(topic="t1")),
        ("since:2026-01 until:2026-01", Query(since=date(2026, 1, 1), until=date(2026, 1, 31))),
        ("since:7d", Query(since=date(2026, 2, 13))),
        ("tag:", Query()),
        ("http://x.org/a", Query(text="http://x.org/a", prefix=True)),
        ("C++: what", Query(text="C++: what", prefix=True)),
        ("Tag:agents", Query(text="Tag:agents", prefix=True)),
        ("(tag:agents)", Query(text="(tag:agents)", prefix=True)),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_line_asks_for(line, query):
    asked = understood(line, "hybrid", 10, DAY)
    assert asked.query == query
    assert asked.faults == ()


@pytest.mark.parametrize(
    ("line", "fault"),
    [("kind:nte", "kind:nte is none of note, post, item"), ("x since:2026-13", "no day"), ("until:soon y", "no day")],
)
def test_what_cannot_be_made_out_is_left_aside_and_told(line, fault):
    asked = understood(line, "lexical", 10, DAY)
    assert fault in asked.faults[0]
    assert (asked.query.kinds, asked.query.since, asked.query.until) == ((), None, None)


words = st.lists(st.text("abc推理-", min_size=1, max_size=5), max_size=3)
names = st.text("abc 推/-", min_size=1, max_size=6).map(str.strip).filter(bool)


@given(
    text=words.map(" ".join),
    tags=st.lists(names, max_size=2).map(tuple),
    sources=st.lists(names, max_size=2).map(tuple),
    kinds=st.lists(st.sampled_from(["note", "post", "item"]), unique=True, max_size=2).map(tuple),
    since=st.none() | st.dates(date(1980, 1, 1), date(2050, 1, 1)),
)
def test_the_line_of_a_query_asks_for_that_query(text, tags, sources, kinds, since):
    query = Query(text=text, tags=tags, sources=sources, kinds=kinds, since=since)
    assert replace(understood(line_of(query), "hybrid", 10, DAY).query, prefix=False) == query


@given(st.text(max_size=60))
def test_no_line_is_too_strange(line):
    understood(line, "hybrid", 10, DAY)


# --- the thread ----------------------------------------------------------------------------------------------------


def test_what_is_overtaken_is_never_begun():
    done, go_on, began = [], threading.Event(), threading.Event()

    def work(request):
        began.set()
        go_on.wait(10)
        done.append(request)

    latest = Latest("test", work, lambda: done.append("end"))
    latest.start()
    latest.ask(0)
    assert began.wait(10)
    for request in range(1, 50):
        latest.ask(request)
    go_on.set()
    while len(done) < 2:
        time.sleep(0.001)
    latest.close(10)
    assert done == [0, 49, "end"]


def test_leaving_does_not_wait_for_work_that_hangs():
    hangs, began = threading.Event(), threading.Event()
    latest = Latest("test", lambda request: (began.set(), hangs.wait(30)), lambda: None)
    latest.start()
    latest.ask(1)
    assert began.wait(10)
    latest.close(0.01)
    hangs.set()


# --- paint ---------------------------------------------------------------------------------------------------------

ROW = Row(id="a", kind="note", title="A", path="a.md", url="", created="2026-02-20", source="Lab", tags=())
MARKUP = [
    "[red]red[/red]",
    "[@click=app.quit]press[/]",
    "[link=https://evil.example]x[/link]",
    "[b]",
    "[/]",
    "\\[red]",
    "$primary [$accent]",
]


@pytest.mark.parametrize("title", MARKUP)
def test_markup_in_texts_is_shown_as_it_stands(title):
    row = replace(ROW, title=title, source=title, tags=(title,), terms=("red",))
    line = painted.line_of_row(row, 80)
    assert line.plain.split("\n")[0] == title
    assert title in painted.head(row).plain
    assert not any("@click" in str(span.style) or "link" in str(span.style) for span in line.spans)


def test_markup_would_have_been_obeyed():
    """The control of the test above: read as markup these texts lose what they say."""
    assert Content.from_markup(MARKUP[0]).plain == "red"
    assert any("@click" in str(span.style) for span in Content.from_markup(MARKUP[1]).spans)


@pytest.mark.parametrize("text", ["\x1b]0;owned\x07a", "\x1b[2Ja", "\x9b31ma", "a\u202e", "a\U000e0041", "\ra\x00"])
def test_escapes_are_not_painted(text):
    row = replace(ROW, title=text, source=text, tags=(text,), path=text)
    for content in (painted.line_of_row(row, 80), painted.head(row), Content(painted.inert_lines(text))):
        assert not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e\U000e0041]", content.plain)
        assert "owned" not in content.plain


@pytest.mark.parametrize(
    ("text", "terms", "marked"),
    [
        ("Skills of agents", ("skills",), ["Skills"]),
        ("LLM and LLMs", ("LLM",), ["LLM"]),
        ("大模型推理与推理", ("推理",), ["推理", "推理"]),
        ("LLM推理", ("LLM", "推理"), ["LLM", "推理"]),
        ("a+b (c)", ("a+b", "(c)"), ["a+b", "(c)"]),
        ("nothing", ("", " "), []),
        ("nothing", (), []),
        ("推理模型", ("推理", "推理模型"), ["推理模型"]),
    ],
)
def test_terms_stand_out(text, terms, marked):
    content = painted.marked(text, terms)
    assert content.plain == text
    assert [text[span.start : span.end] for span in content.spans] == marked


@pytest.mark.parametrize(
    "title", ["大语言模型推理：从思维链到强化学习的综述" * 3, "word " * 60, "🙂" * 90, "e\u0301" * 200, "x" * 99]
)
def test_titles_take_two_lines_of_cells(title):
    line = painted.line_of_row(replace(ROW, title=title), 20)
    shown = line.plain.split("\n")[0]
    assert shown.endswith("…")
    assert cell_len(shown) <= 41
    assert line[: len(shown)].get_height({}, 20) <= 2


# --- the preview ---------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return shelf(tmp_path_factory.mktemp("shelf") / "house")


@pytest.fixture(scope="module")
def bystander(house):
    with opened(house) as app:
        looking = Bystander(app.config)
        yield looking
        looking.close()


def test_the_sheet_of_a_passage_holds_the_whole_text_around_it(bystander):
    part = next(part for part in bystander.parts("long-survey") if "needle" in part.text)
    row = replace(row_of_entry(bystander.find("long-survey")), start=part.start, end=part.end)
    sheet = sheet_of(bystander, row)
    assert sheet.passage == part.text
    assert sheet.heading == "Part 17"
    text = "".join(text for _, text in (*sheet.before, *sheet.after) if not text.startswith("…"))
    assert text.replace("\n", "") in bystander.text("long-survey").replace("\n", "").replace(
        part.text.replace("\n", ""), ""
    )
    assert [heading for heading, _ in sheet.before if heading][-1] == "Part 16"
    assert sheet.before[0][1].endswith("characters above …")
    assert sheet.after[-1][1].endswith("characters below …")


def test_the_indexed_text_is_put_together_from_its_passages(bystander):
    text = bystander.text("long-survey")
    for part in bystander.parts("long-survey"):
        assert text[part.start : part.end] == part.text


def test_a_row_that_is_gone_says_so(bystander):
    assert "slipway index" in sheet_of(bystander, replace(ROW, id="gone")).trouble


@pytest.mark.parametrize(
    ("note", "told"),
    [
        ("memory-note", "→ A long survey of skills  mentions: it [red]names[/red] the survey"),
        ("long-survey", "← Memory for long tasks  mentions: it [red]names[/red] the survey"),
        ("zh-note", ""),
    ],
)
def test_links_go_both_ways_and_say_why(bystander, note, told):
    sheet = links_of(bystander, sheet_of(bystander, row_of_entry(bystander.find(note))))
    assert painted.relatives(sheet).plain == told


def test_links_that_cannot_be_read_are_told(tmp_path):
    bare = shelf(tmp_path / "house", {"a.md": "agents\n"})
    (bare.root / ".slipway/slipway.db").unlink()
    with opened(bare) as app:
        looking = Bystander(app.config)
        sheet = links_of(looking, sheet_of(looking, row_of_entry(looking.find("a"))))
        looking.close()
    assert "the links cannot be read" in sheet.trouble
    assert not (bare.root / ".slipway/slipway.db").exists()


# --- the whole -----------------------------------------------------------------------------------------------------


@asynccontextmanager
async def running(house, text="", size=(120, 40), **kwargs):
    with opened(house) as app:
        view = SearchView(app, Query(text=text, n=20), **kwargs)
        async with view.run_test(size=size) as pilot:
            yield view, pilot


async def until(pilot, true, seconds=120):
    for _ in range(int(seconds / 0.05)):
        await pilot.pause(0.05)
        if true():
            return
    raise AssertionError(str(pilot.app.query_one("#status", Static).content))


def shown(view, name):
    return str(view.query_one(f"#{name}", Static).content)


def titles(view):
    hits = view.query_one(OptionList)
    return [str(hits.get_option_at_index(place).prompt).split("\n")[0] for place in range(hits.option_count)]


def play(house, text, script, **kwargs):
    async def run():
        async with running(house, text, **kwargs) as (view, pilot):
            await script(view, pilot)
            return view.return_value

    return asyncio.run(run())


def test_the_newest_stand_there_before_anything_is_asked(house):
    async def script(view, pilot):
        await until(pilot, lambda: len(titles(view)) == 4)
        assert titles(view)[0] == "Memory for long tasks"
        await until(pilot, lambda: "Agents forget" in shown(view, "after"))
        assert "the newest" in shown(view, "status")

    play(house, "", script)


def test_results_follow_what_is_typed(house):
    async def script(view, pilot):
        for key in "mutual":
            await pilot.press(key)
        await until(pilot, lambda: titles(view)[:1] == ["A long survey of skills"] and " ms" in shown(view, "status"))
        await until(pilot, lambda: "needle" in shown(view, "passage"))
        assert shown(view, "heading") == "Part 17"
        await until(pilot, lambda: view.query_one("#preview").scroll_y > 0)
        view.query_one(Input).value = "推理 kind:note"
        await until(pilot, lambda: titles(view)[:1] == ["大语言模型推理的综述"])

    play(house, "", script)


def test_a_word_that_is_still_typed_finds_by_its_beginning(house):
    async def script(view, pilot):
        await pilot.press("tab", "tab")
        for key in "hierarch":
            await pilot.press(key)
        await until(pilot, lambda: titles(view) == ["A long survey of skills"])

    play(house, "", script)


def test_while_the_model_loads_the_words_answer_and_the_latest_query_is_the_one_answered(house, monkeypatch):
    from index.models.hashing import HashingEmbedder

    loaded = threading.Event()
    encode = HashingEmbedder.encode_query
    monkeypatch.setattr(HashingEmbedder, "encode_query", lambda self, text: loaded.wait(30) and encode(self, text))

    async def script(view, pilot):
        await until(pilot, lambda: "by words; the model is loading" in shown(view, "status"))
        assert "long" in titles(view)[0]
        view.query_one(Input).value = "推理"
        await until(pilot, lambda: titles(view)[:1] == ["大语言模型推理的综述"])
        await pilot.press("tab")
        await until(pilot, lambda: shown(view, "status") == "semantic · the model is loading …")
        loaded.set()
        await until(pilot, lambda: " ms" in shown(view, "status") and len(titles(view)) > 0)

    play(house, "mutual", script)


def test_filters_and_their_faults(house):
    async def script(view, pilot):
        await until(pilot, lambda: " ms" in shown(view, "status"))
        view.query_one(Input).value = "agents kind:nte"
        await until(pilot, lambda: "none of note, post, item" in shown(view, "faults"))
        view.query_one(Input).value = "agents tag:nowhere"
        await until(pilot, lambda: "tag:nowhere is left aside: no document has the tag" in shown(view, "faults"))
        await until(pilot, lambda: len(titles(view)) > 1 and " ms" in shown(view, "status"))
        view.query_one(Input).value = "agents tag:agents/skills"
        await until(pilot, lambda: titles(view) == ["A long survey of skills"])
        assert shown(view, "faults") == ""

    play(house, "agents", script)


@pytest.mark.parametrize("words", ["推理", ""], ids=["words", "the-newest"])
@pytest.mark.parametrize("wrong", ["tag:agnts", "source:nope", "lang:fr", "topic:none", "since:2026-", "kind:po"])
def test_a_wrong_filter_is_left_aside_and_the_rest_of_the_line_is_answered(house, words, wrong):
    async def script(view, pilot):
        await until(pilot, lambda: HOSTILE_TITLE in titles(view) and " ms" in shown(view, "status"))
        view.query_one(Input).value = f"{words} lang:ZH {wrong}"
        await until(pilot, lambda: titles(view) == ["大语言模型推理的综述"])
        assert wrong in shown(view, "faults")
        view.query_one(Input).value = f"{words} lang:ZH"
        await until(pilot, lambda: shown(view, "faults") == "")

    play(house, "hostile", script)


def test_what_cannot_be_answered_leaves_no_older_answer_in_the_list(house):
    async def script(view, pilot):
        await until(pilot, lambda: len(titles(view)) > 1 and " ms" in shown(view, "status"))
        view.query_one(Input).value = "agents since:2026-03 until:2026-01"
        await until(pilot, lambda: "no day lies from" in shown(view, "status"))
        assert titles(view) == []

    play(house, "agents", script)


def test_keys_that_come_together_act_in_their_order(house):
    async def script(view, pilot):
        await pilot.pause()
        for key, character in [("a", "a"), ("b", "b"), ("c", "c"), ("backspace", "\x7f"), ("d", "d"), ("home", None)]:
            view.post_message(Key(key, character))
        for key, character in [("x", "x"), ("right", None), ("delete", None), ("y", "y")]:
            view.post_message(Key(key, character))
        await until(pilot, lambda: view.query_one(Input).value == "xayd")

    play(house, "", script)


@pytest.mark.parametrize(
    ("width", "paths"), [(30, True), (40, False), (60, False), (60, True), (80, True), (120, True)]
)
def test_the_line_of_keys_tells_how_to_leave_at_every_width(house, width, paths):
    async def script(view, pilot):
        await until(pilot, lambda: "Esc leave" in shown(view, "keys"))
        keys = shown(view, "keys")
        assert cell_len(keys) <= width - 2
        assert "F1 help" in keys
        assert ("copy path" in keys) == (width > 100 or (not paths and width >= 80))

    play(house, "", script, size=(width, 30), paths=paths)


def test_markup_and_escapes_reach_the_screen_as_text(house):
    async def script(view, pilot):
        await until(pilot, lambda: HOSTILE_TITLE in titles(view))
        await until(pilot, lambda: "[bold]skills[/bold]" in shown(view, "passage"))
        picture = view.export_screenshot()
        assert "[red]bold[/red]" in picture.replace("&#160;", " ")
        assert not re.search("[\x1b\x07\u202e]", picture)
        await pilot.click("#hits", offset=(20, 1))
        await pilot.pause()
        assert view.is_running

    play(house, "hostile agents", script)


def test_keys(house, monkeypatch):
    copied = []
    monkeypatch.setattr(SearchView, "copy_to_clipboard", lambda self, text: copied.append(text))

    async def script(view, pilot):
        await until(pilot, lambda: len(titles(view)) > 1 and " ms" in shown(view, "status"))
        await pilot.press("down")
        assert view.query_one(OptionList).highlighted == 1
        await pilot.press("up", "tab")
        await until(pilot, lambda: shown(view, "status").startswith("semantic ·") and " ms" in shown(view, "status"))
        await pilot.press("tab", "tab", "ctrl+y")
        assert copied[-1].startswith(str(house.vault))
        await pilot.press("shift+tab", "y")
        assert len(copied) == 2
        await pilot.press("shift+tab")
        assert view.focused.id == "preview"
        await pilot.press("question_mark")
        assert isinstance(view.screen, Help)
        await pilot.press("escape", "f2")
        assert view.theme == "slipway-light"
        await pilot.press("shift+tab", "question_mark")
        assert view.query_one(Input).value == "agents?"
        await pilot.press("escape")
        assert not view.is_running

    play(house, "agents", script)


def test_paths_are_marked_and_chosen(house):
    async def script(view, pilot):
        await until(pilot, lambda: len(titles(view)) > 2 and " ms" in shown(view, "status"))
        await pilot.press("insert", "down", "ctrl+at")
        assert sum(title.startswith("✓") for title in titles(view)) == 2
        await pilot.press("insert", "insert", "enter")

    chosen = play(house, "agents", script, paths=True)
    assert len(chosen) == 2
    assert all((house.vault / path).is_file() for path in chosen)


def test_a_mark_between_two_lists_is_no_crash(house):
    """The new rows stand there a moment before the first of them is looked at."""

    async def script(view, pilot):
        await until(pilot, lambda: len(titles(view)) > 2 and " ms" in shown(view, "status"))
        await pilot.press("down")
        await until(pilot, lambda: view._shown == view.query_one(FoundList).rows[1])
        view._show_rows(view.query_one(FoundList).rows[:1])
        view.action_mark()  # before what is shown has followed
        assert list(view.query_one(FoundList).marked) == [view.query_one(FoundList).rows[0].id]

    play(house, "agents", script, paths=True)


def test_who_types_and_leaves_at_once_is_not_asked_after(house):
    """The pause after a key may end when the page is gone."""

    async def script(view, pilot):
        await until(pilot, lambda: len(titles(view)) > 2)
        await view.query_one(Input).remove()
        view._ask()

    play(house, "agents", script)


def test_a_path_is_printed_inert_on_a_terminal_and_as_it_is_elsewhere(house, monkeypatch, capsys):
    monkeypatch.setattr(SearchView, "run", lambda view: ("mine/\x1b[2Jwiped.md",))
    monkeypatch.setattr("slipway.view.run._terminal", nullcontext)
    with opened(house) as app:
        run_view(app, Query(), paths=True)
        assert capsys.readouterr().out.endswith("mine/\x1b[2Jwiped.md\n")
        monkeypatch.setattr(sys.stdout, "isatty", lambda: True)
        run_view(app, Query(), paths=True)
        assert capsys.readouterr().out.endswith("mine/wiped.md\n")


def test_nothing_chosen(house):
    async def script(view, pilot):
        await pilot.press("ctrl+c")

    assert play(house, "agents", script, paths=True) == ()


@pytest.mark.parametrize("size", [(40, 12), (20, 5), (80, 24), (250, 70), (1, 1), (2, 5), (5, 2), (3, 9)], ids=str)
def test_every_size(house, size):
    async def script(view, pilot):
        await until(pilot, lambda: len(titles(view)) > 1)
        await pilot.resize_terminal(*size)
        await pilot.press("down", "pagedown", "f1")
        await pilot.press("escape")
        if size[1] >= 12:
            for name in ("query", "hits", "preview", "status"):
                region = view.query_one(f"#{name}").region
                assert region.height >= 1
                assert region.right <= size[0]
                assert region.bottom <= size[1]

    play(house, "agents", script, size=(100, 30))


def test_no_result_and_no_index(house, tmp_path):
    async def nothing(view, pilot):
        await until(pilot, lambda: "nothing found" in shown(view, "status"))
        assert titles(view) == []
        assert shown(view, "passage") == ""
        await pilot.press("enter", "ctrl+y", "ctrl+o", "insert", "down")

    async def script(view, pilot):
        # Vault and cache stand there, but nothing has ever run: or it is made anew, and told.
        await until(pilot, lambda: re.search("slipway index|made anew", shown(view, "status")))

    play(house, "kind:post", nothing)
    bare = shelf(tmp_path / "house", {"a.md": "agents\n"})
    for file in (bare.root / ".slipway").glob("**/*.*"):
        file.unlink()
    play(bare, "agents", script)


def test_a_deleted_cache_is_made_again(tmp_path):
    bare = shelf(tmp_path / "house", {"a.md": "agents\n"})
    shutil.rmtree(bare.root / ".slipway/cache")

    async def script(view, pilot):
        await until(pilot, lambda: " ms" in shown(view, "status"))
        assert "made anew" in shown(view, "status")
        assert titles(view) == ["a"]

    play(bare, "agents", script)


def test_a_damaged_index_is_told_in_the_status_line(tmp_path):
    damaged = shelf(tmp_path / "house", {"a.md": "agents and skills\n"})
    file = damaged.root / ".slipway/cache/index.db"
    torn = bytearray(file.read_bytes())
    torn[len(torn) // 2 :] = b"\xff" * (len(torn) - len(torn) // 2)
    file.write_bytes(torn)

    async def script(view, pilot):
        # It still stands there when the model has answered as well.
        await until(pilot, lambda: " ms" in shown(view, "status"))
        assert "made anew" in shown(view, "status")

    play(damaged, "agents", script)


def test_a_bug_behind_the_scenes_is_loud(house, monkeypatch):
    from slipway.view import backstage

    def broken(*_):
        raise ZeroDivisionError("a bug")

    monkeypatch.setattr(backstage, "row_of_hit", broken)

    async def script(view, pilot):
        while view.is_running:
            await pilot.pause(0.05)

    with pytest.raises(ZeroDivisionError):
        play(house, "agents", script)


@pytest.mark.parametrize(
    ("told", "theme"),
    [("15;0", "slipway-dark"), ("0;15", "slipway-light"), ("0;default;15", "slipway-light"), ("", "slipway-dark")],
)
def test_the_terminal_says_whether_it_is_light(monkeypatch, told, theme):
    monkeypatch.setenv("COLORFGBG", told)
    assert theme_of_terminal().name == theme


# --- on a real terminal --------------------------------------------------------------------------------------------


class Terminal:
    """A terminal of our own with ``slipway search -i`` in it; ``seen`` is all that was drawn."""

    def __init__(self, house, *args, env=None, stdout=None):
        self.master, slave = pty.openpty()
        ioctl(slave, termios.TIOCSWINSZ, struct.pack("HHHH", 30, 100, 0, 0))
        self.before = termios.tcgetattr(slave)
        self.slave = slave
        self.seen = b""
        self.process = subprocess.Popen(
            [sys.executable, "-m", "slipway", "search", "-i", *args],
            cwd=house.root,
            stdin=slave,
            stdout=slave if stdout is None else stdout,
            stderr=slave,
            start_new_session=True,
            preexec_fn=lambda: ioctl(0, termios.TIOCSCTTY, 0),  # noqa: PLW1509 - one system call
            env={**os.environ, "PYTHONPATH": str(ROOT), "TERM": "xterm-256color", **(env or {})},
        )

    def until(self, wanted, seconds=300):
        end = time.monotonic() + seconds
        while wanted not in self.seen:
            assert time.monotonic() < end, self.seen[-3000:]
            self.read()
        return self

    def read(self):
        if select.select([self.master], [], [], 0.1)[0]:
            with suppress(OSError):  # the other end is closed
                self.seen += os.read(self.master, 65536)

    def type(self, keys):
        os.write(self.master, keys)
        return self

    def leave(self):
        while self.process.poll() is None:
            self.read()
        assert termios.tcgetattr(self.slave) == self.before
        return self.process.returncode

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.wait()
        os.close(self.slave)
        os.close(self.master)


def test_on_a_terminal_a_note_is_opened_in_the_editor_and_the_view_comes_back(house, tmp_path):
    editor = tmp_path / "editor"
    editor.write_text(f'#!/bin/sh\necho "EDITING $1"\ntest -t 1 && test -t 0 && echo "$1" > {tmp_path}/opened\n')
    editor.chmod(0o755)
    with Terminal(house, "mutual", "information", env={"EDITOR": str(editor), "VISUAL": ""}) as terminal:
        terminal.until(b" ms").until(b"Part 17").type(b"\r").until(b"EDITING").until(b"closed")
        assert terminal.type(b"\x1b").leave() == 0
    assert (tmp_path / "opened").read_text().strip() == str(house.vault / "mine/long.md")
    assert b"\x1b[?1049l" in terminal.seen


def test_on_a_terminal_no_escape_of_a_note_is_obeyed(house):
    with Terminal(house, "hostile", "agents") as terminal:
        terminal.until(b"wiped").until(b"[red]bold[/red]")
        assert terminal.type(b"\x03").leave() == 0
    assert b"\x1b]0;owned" not in terminal.seen
    assert b"\x1b[2Jwiped" not in terminal.seen


def test_paths_go_into_the_pipe_and_the_view_onto_the_terminal(house):
    out, into = os.pipe()
    with Terminal(house, "--paths", "mutual", "information", stdout=into) as terminal:
        os.close(into)
        terminal.until(b"A long survey").until(b" ms").type(b"\r")
        assert terminal.leave() == 0
    with os.fdopen(out, "rb") as pipe:
        assert pipe.read().decode().strip() == str(house.vault / "mine/long.md")


def test_no_colour(house):
    with Terminal(house, "mutual", env={"NO_COLOR": "1", "COLORTERM": "truecolor"}) as terminal:
        terminal.until(b"A long survey")
        assert terminal.type(b"\x1b").leave() == 0
    colours = set(re.findall(rb"[34]8;2;(\d+);(\d+);(\d+)", terminal.seen))
    assert colours
    assert all(len(set(colour)) == 1 for colour in colours)


@pytest.mark.parametrize(
    ("args", "said"),
    [(("-i", "x"), "standard output is none"), (("-i", "--paths", "x"), "needs a terminal")],
    ids=["stdout", "no terminal at all"],
)
def test_without_a_terminal_it_says_so(house, args, said):
    done = subprocess.run(
        [sys.executable, "-m", "slipway", "search", *args],
        cwd=house.root,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        start_new_session=True,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert done.returncode == 2
    assert said in done.stderr
    assert done.stdout == ""
