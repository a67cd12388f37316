"""``Reading list.md``: what deserves to be read whole. The page is the user's; Slipway only appends to it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from . import inert

__all__ = ["Task", "update"]

_HEADER: Final = """\
# Reading list

What deserves to be read whole. Slipway adds lines at the end and changes none: tick, move and annotate as you like.

"""
_TASK_ID: Final = re.compile(r"\blearning-\d{8}-\d{3}\b")


@dataclass(frozen=True, slots=True)
class Task:
    """A note to be read: ``id`` is ``learning-YYYYMMDD-NNN``, ``note_id`` the link's target, the rest plain text."""

    id: str
    note_id: str
    title: str
    reason: str = ""


def update(existing: str | None, tasks: Sequence[Task]) -> str:
    """The page with the tasks that it does not name yet at its end, every byte before them as it was.

    ``existing`` is None when there is no page. A task whose line the user has deleted must not be passed again.
    """
    page = _HEADER if existing is None else existing
    named = set(_TASK_ID.findall(page))
    missing = {task.id: task for task in tasks if task.id not in named}
    if not missing:
        return page
    end = "\r\n" if "\r\n" in page else "\n"
    gap = "" if not page or page.endswith("\n") else end
    return page + gap + "".join(_line(task) + end for task in missing.values())


def _line(task: Task) -> str:
    reason = inert.to_markdown(task.reason)
    return f"- [ ] {inert.wikilink(task.note_id, task.title)}" + (f" — {reason}" if reason else "") + f" ({task.id})"
