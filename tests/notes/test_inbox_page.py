"""``Inbox.md``: a line a slip, and the ticks read back."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from notes.model import Item, ItemStatus, Slip, SourceType
from notes.pages import inbox_page
from notes.pages.inbox_page import Answer, Shown, Verdict
from notes.pages.page_words import words_for
from tests.notes.obsidian_scanner import RAW

DAY = date(2026, 2, 20)
SHOWN = Shown(DAY, UTC)


def slip(number: int, title: str, score: float | None = None, *, url: str = "", reasons: tuple[str, ...] = ()) -> Slip:
    item = Item(
        key=f"url:{number}",
        source="lab",
        source_title="Lab",
        source_type=SourceType.RSS,
        external_id="",
        url=url,
        title=title,
    )
    return Slip(
        id=number,
        item=item,
        status=ItemStatus.INBOX,
        first_seen=datetime(2026, 2, 20, tzinfo=UTC),
        score=score,
        reasons=reasons,
    )


def test_page() -> None:
    slips = [
        slip(3, "Third"),
        slip(2, "Second", 0.5, url="https://b.example/x_(y)", reasons=("relevance 0.40", "no figures")),
        slip(1, "First", 0.621),
        slip(4, "", 0.5),
    ]
    assert inbox_page.render(slips, SHOWN) == (
        "# Inbox\n\nAs of 2026-02-20, 4 items to decide on.\n"
        "Tick `[x]` to make a note of an item, write `[-]` to dismiss it, leave `[ ]` to let it wait.\n"
        "The next run reads the ticks, then writes the list anew; lines of your own stay below it.\n\n"
        "- [ ] **0.62** First — Lab, today ^item-1\n"
        "- [ ] **0.50** [Second](<https://b.example/x_%28y%29>) — Lab, today; relevance 0.40; no figures ^item-2\n"
        "- [ ] **0.50** Untitled — Lab, today ^item-4\n"
        "- [ ] **–** Third — Lab, today ^item-3\n"
    )


@pytest.mark.parametrize(("slips", "words"), [([], "nothing waits."), ([slip(1, "x")], "1 item to decide on.")])
def test_count(slips: list[Slip], words: str) -> None:
    assert words in inbox_page.render(slips, SHOWN)


def test_groups() -> None:
    slips = [slip(1, "a", 0.9), slip(2, "b", 0.8), slip(3, "c", 0.7), slip(4, "d", 0.6)]
    shown = Shown(DAY, UTC, total=300, groups={2: "Agents", 4: "Agents", 3: "# x [[y]]"}, words=words_for("zh-Hans"))
    page = inbox_page.render(slips, shown)
    headings = [line for line in page.splitlines() if line.startswith("#")]
    assert headings == ["# 收件箱", "## Agents · 2 条", "## \\# x \\[\\[y\\]\\] · 1 条", "## 不在所列兴趣之内 · 1 条"]
    assert "有 300 条待定；此处列出最好的 4 条" in page
    assert inbox_page.render(slips, shown, existing=page) == page


@pytest.mark.parametrize(
    ("published", "told"),
    [
        (datetime(2026, 2, 19, 12, tzinfo=UTC), "1 day old"),
        (datetime(2026, 2, 8, tzinfo=UTC), "12 days old"),
        (datetime(2025, 2, 8, tzinfo=UTC), "2025-02-08"),
        (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01"),
        (None, "today"),
    ],
)
def test_age(published: datetime | None, told: str) -> None:
    one = slip(1, "a")
    page = inbox_page.render([replace(one, item=replace(one.item, published=published))], SHOWN)
    assert page.endswith(f"— Lab, {told} ^item-1\n")


def test_a_reason_links_the_note_that_it_names() -> None:
    shown = Shown(DAY, UTC, notes={"20260219-001-x": ("20260219-001-x", "Agents [1]")})
    page = inbox_page.render([slip(1, "a", reasons=("relevance 0.91: close to [[20260219-001-x]]",))], shown)
    assert "relevance 0.91: close to [[20260219-001-x|Agents (1)]] ^item-1" in page


def test_a_page_of_an_earlier_version_leaves_nothing_behind() -> None:
    old = (
        "# Inbox\n\nAs of 2026-02-19, 1 item waits.\n"
        "Tick `[x]` to make a note of an item, write `[-]` to dismiss it, leave `[ ]` to let it wait.\n"
        "The next run reads the ticks, then writes the list anew; lines of your own stay below it.\n\n"
        "- [ ] **0.62** First — Lab ^item-1\n"
    )
    assert inbox_page.is_ours(old)
    assert inbox_page.render([slip(1, "a")], SHOWN, existing=old) == inbox_page.render([slip(1, "a")], SHOWN)


def test_an_untouched_page_answers_nothing() -> None:
    page = inbox_page.render([slip(n, f"[x] title {n}", 0.5) for n in range(3)], SHOWN)
    assert inbox_page.answers(page) == ()


ANSWERS = [
    ("- [x] **0.62** T — Lab ^item-12", [(12, "promote")]),
    ("- [X] T ^item-12", [(12, "promote")]),
    ("- [-] T ^item-12", [(12, "dismiss")]),
    ("  * [x] T ^item-12  ", [(12, "promote")]),
    ("> - [x] T ^item-12", [(12, "promote")]),
    ("- [x] rewritten by the user ^item-12 and more words", [(12, "promote")]),
    ("- [x] a ^item-1 b ^item-2", []),
    ("- [x] **0.50** T — Lab ^item-1 same as ^item-2", [(1, "promote")]),
    ("- [x] T [[Inbox#^item-1]] `x ^item-2`", []),
    ("- [ ] T ^item-12", []),
    ("- [?] T ^item-12", []),
    ("- [x] no id", []),
    ("- [x] T \\^item-12", []),
    ("- [x] T word^item-12", []),
    ("[x] T ^item-12", []),
    ("- [x] T ^item-" + "9" * 30, []),
    ("- [x] a ^item-1\r\n- [-] b ^item-2\r\n", [(1, "promote"), (2, "dismiss")]),
    ("- [x] a ^item-1\n- [-] a ^item-1", [(1, "dismiss")]),
    ("", []),
]


@pytest.mark.parametrize(("page", "expected"), ANSWERS)
def test_answers(page: str, expected: list[tuple[int, str]]) -> None:
    assert inbox_page.answers(page) == tuple(Answer(number, Verdict(verdict)) for number, verdict in expected)


FORGED = [
    "A\n- [x] b ^item-9",
    "x\r- [x] b ^item-9",
    "x\u2028- [x] b ^item-9",
    "] x ^item-9",
    "[x] ^item-9",
    "x ^item-9 %%",
]


@pytest.mark.parametrize("text", FORGED, ids=ascii)
def test_no_title_source_or_reason_can_answer(text: str) -> None:
    page = inbox_page.render([slip(1, text, 0.5, url="https://a.example/" + text, reasons=(text,))], SHOWN)
    assert inbox_page.answers(page) == ()
    ticked = page.replace("- [ ]", "- [x]")
    assert inbox_page.answers(ticked) == (Answer(1, Verdict.PROMOTE),)
    assert not RAW["comment"].search(page)


def test_without_the_door_a_title_could_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbox_page.inert, "to_markdown", lambda text, **_: text)
    page = inbox_page.render([slip(1, FORGED[0] + "\n", 0.5)], SHOWN)
    assert inbox_page.answers(page) == (Answer(9, Verdict.PROMOTE),), "the positive control: it ticks another item"


def test_the_module_is_light() -> None:
    code = (
        "import sys, notes.pages.inbox_page; print(sorted({'yaml', 'markdown_it', 'numpy', 'lxml'} & set(sys.modules)))"
    )
    assert (
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.strip() == "[]"
    )


def test_marks_that_mean_nothing_are_named_and_a_cross_needs_no_blank() -> None:
    page = inbox_page.render([slip(1, "One"), slip(2, "Two"), slip(3, "Three"), slip(4, "Four")], SHOWN)
    for number, mark in ((1, "[v] "), (2, "[maybe] "), (3, "[x]")):
        line = next(line for line in page.splitlines() if line.endswith(f"^item-{number}"))
        page = page.replace(line, line.replace("[ ] ", mark, 1))
    assert inbox_page.strange_marks(page) == ("v", "maybe")
    assert inbox_page.answers(page) == (Answer(3, Verdict.PROMOTE),)
