"""Actions as lines of the reading list: what is to be done, in the synthesis' language, and nothing that came from outside alive."""

from __future__ import annotations

from datetime import date

import pytest

from notes.model import Post, PostKind
from notes.pages.reading_list import update
from publish.synthesis.actions import Action, Term, Verb
from publish.wording.words import LANGUAGES
from slipway.stages.action_tasks import _task


def line(action: Action, lang: str = "en", title: str = "Research trends") -> str:
    post = Post(
        id="20260220-013-x",
        kind=PostKind.SYNTHESIS,
        date=date(2026, 2, 20),
        title=title,
        lang=lang,
        path="trends/2026-W08.md",
        note_ids=(),
        claims=(),
        text="",
    )
    return update("", [_task(action, "learning-20260220-901", post, action.note_id)]).rstrip("\n")


def action(verb: Verb, term: Term = Term.WEEK, subject: str = "", title: str = "SkillRL") -> Action:
    return Action(term, verb, "20260220-001-skillrl", title, subject)


LINES = [
    (action(Verb.READ), "en", "- [ ] Read closely: [[20260220-001-skillrl|SkillRL]] — This week; "),
    (action(Verb.REPRODUCE), "zh-Hans", "- [ ] 复现：[[20260220-001-skillrl|SkillRL]] — 本周; "),
    (
        action(Verb.COMPARE, Term.MONTH, "ALFWorld"),
        "zh-Hant",
        "- [ ] 在 ALFWorld 上對照：[[20260220-001-skillrl|SkillRL]] — 本月; ",
    ),
    (
        action(Verb.FOLLOW, Term.QUARTER, "强化学习"),
        "zh-Hans",
        "- [ ] 跟进强化学习，可从此读起：[[20260220-001-skillrl|SkillRL]] — 本季度; ",
    ),
]


@pytest.mark.parametrize(("asked", "lang", "begins"), LINES, ids=[str(row[0].verb) for row in LINES])
def test_what_is_to_be_done_is_said_before_the_note(asked, lang, begins):
    written = line(asked, lang)
    assert written.startswith(begins)
    assert "[[trends/2026-W08|Research trends]] (learning-20260220-901)" in written


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize(
    "hostile",
    [
        "x\n- [x] y",
        "[[evil]]",
        "<script>alert(1)</script>",
        "(learning-20260220-001)",
        "`= this.file`",
        "![](http://e.example/x)",
    ],
)
def test_no_subject_or_title_comes_alive(hostile, lang):
    written = line(action(Verb.FOLLOW, subject=hostile, title=hostile), lang, title=hostile)
    assert "\n" not in written
    assert "[[evil]]" not in written
    assert "<script" not in written
    assert "`=" not in written
    assert "![](" not in written
    assert update(written + "\n", []) == written + "\n"
    assert written.rpartition("(learning-")[2].startswith("20260220-901)")


def test_without_the_door_they_would(monkeypatch):
    """The positive control."""
    monkeypatch.setattr("slipway.stages.action_tasks.inert.to_markdown", lambda text, **_: text)
    assert "<script" in line(action(Verb.FOLLOW, subject="<script>alert(1)</script>"))


def test_an_action_is_known_again_by_what_it_asks():
    assert action(Verb.READ).key == "read:20260220-001-skillrl"
    assert action(Verb.FOLLOW, subject="Agents").key == "follow:Agents"
