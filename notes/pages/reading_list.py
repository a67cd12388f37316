"""``Reading list.md``: what deserves to be read whole. The page is the user's; Slipway only appends to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from notes.markup import inert
from notes.pages.page_forms import forms
from notes.pages.page_words import ENGLISH, PageWords

__all__ = ["Priority", "Task", "is_ours", "open_tasks", "update"]

_BOX: Final = re.compile(r"[ \t]*(?:>[ \t]*)*[-*+][ \t]+\[(?P<mark>[^\[\]]{0,5})\][ \t]")
_WIKILINK: Final = re.compile(r"!?\[\[.*?\]\]")
_TASK_ID: Final = re.compile(r"\((learning-\d{8}-\d{3,6})\)")
_LIKE_ID: Final = re.compile(r"\((?=learning-)")
_IS_OURS: Final = forms("reading_about")
_ABOUT_BEFORE: Final = "What deserves to be read whole. Slipway adds lines at the end and changes none"


class Priority(StrEnum):
    """How soon, by the signs of the Tasks plugin for Obsidian, which sorts by them; others see an arrow."""

    HIGH = "⏫"
    MEDIUM = "🔼"
    NORMAL = ""


@dataclass(frozen=True, slots=True)
class Task:
    """A note to be read: ``id`` is ``learning-YYYYMMDD-NNN``, ``note_id`` the link's target.

    ``title`` is plain text; ``reasons``, and ``lead`` before the link (what is to be done with it), are Markdown.
    """

    id: str
    note_id: str
    title: str
    reasons: tuple[str, ...] = ()
    priority: Priority = Priority.NORMAL
    lead: str = ""


def is_ours(page: str) -> bool:
    """Whether Slipway began the page or has written on it, and it is not a page of the same name of the user's own."""
    begun = any(_IS_OURS.fullmatch(line.strip()) or _ABOUT_BEFORE in line for line in page.splitlines())
    return begun or bool(_named(page))


def update(existing: str | None, tasks: Sequence[Task], *, words: PageWords = ENGLISH) -> str:
    """The page with the tasks that it does not name yet at its end, every byte before them as it was.

    ``existing`` is None when there is no page. A task whose line the user has deleted must not be passed again.
    The reasons are Markdown already (:func:`notes.pages.reason_words.told`).
    """
    page = f"{words.reading_title}\n\n{words.reading_about}\n\n" if existing is None else existing
    named = _named(page)
    missing = {task.id: task for task in tasks if task.id not in named}
    if not missing:
        return page
    end = "\r\n" if "\r\n" in page else "\n"
    gap = "" if not page or page.endswith("\n") else end
    return page + gap + "".join(_line(task, words) + end for task in missing.values())


def open_tasks(page: str) -> int:
    """How many tasks have a line whose box is empty."""
    open_lines = (
        line for line in re.split(r"\r\n|\r|\n", page) if (box := _BOX.match(line)) and not box["mark"].strip()
    )
    return len(_named("\n".join(open_lines)))


def _named(page: str) -> set[str]:
    """The tasks that the page has lines for: each stands last on its line, behind the link, whose title came from outside."""
    lines = (_WIKILINK.sub("", line) for line in re.split(r"\r\n|\r|\n", page) if _BOX.match(line))
    return {ids[-1] for ids in map(_TASK_ID.findall, lines) if ids}


def _line(task: Task, words: PageWords) -> str:
    reasons = _LIKE_ID.sub("( ", words.semicolon.join(task.reasons))
    told = inert.wikilink(task.note_id, task.title) + (f"{words.dash}{reasons}" if reasons else "")
    lead = _LIKE_ID.sub("( ", task.lead)
    return f"- [ ] {lead}{told} ({task.id})" + (f" {task.priority}" if task.priority else "")
