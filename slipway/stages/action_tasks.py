"""What syntheses ask for, as tasks of the reading list: each once, whatever synthesis asks for it again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence

from notes.markup import inert
from notes.markup.obsidian import Targets
from notes.model import Post
from notes.pages.reading_list import Priority, Task
from publish.post.phrase import fill, outside, plain
from publish.synthesis import Synthesis
from publish.synthesis.actions import Action, Term, Verb
from publish.wording.words import Words, words_for
from slipway.app import App
from slipway.desk import Fate
from slipway.stages.pages import page_sheet
from slipway.stages.reading_tasks import reading_text
from slipway.stages.sync import READING_LIST, Reading
from slipway.store.records import NoteRecord

__all__ = ["lay_actions"]

_MOST = 15  # of the syntheses begun on one day: those of a week are written again each night
_FIRST = 901  # behind the numbers of the day's notes, which are the tasks of these
_PRIORITIES = {Term.WEEK: Priority.HIGH, Term.MONTH: Priority.MEDIUM, Term.QUARTER: Priority.NORMAL}


def lay_actions(
    app: App, reading: Reading, syntheses: Sequence[Synthesis]
) -> tuple[dict[str, Fate], int, tuple[str, ...]]:
    """Add what was not asked for before to the page; returns its fate, how many lines were added, and a word where none could."""
    fresh = list(_fresh(app, reading, syntheses))
    tasks = [task for _, task in fresh]
    text = reading_text(app, reading.files.get(READING_LIST), tasks)
    if text is None:
        foreign = "Reading list.md is a page of your own: what the synthesis asks for is not shown there"
        return {}, 0, (foreign,) if tasks else ()
    fates = reading.desk.lay([page_sheet(reading, READING_LIST, text)])
    if fates[READING_LIST] is Fate.KEPT:
        return fates, 0, ()  # changed this moment: the next run adds them
    app.store.settle_files({name: ("Reading list.md", task.id) for names, task in fresh for name in names})
    return fates, len(tasks), ()


def _fresh(app: App, reading: Reading, syntheses: Sequence[Synthesis]) -> Iterator[tuple[tuple[str, str], Task]]:
    """Actions that were not given yet, each with the names under which it and its number are remembered."""
    if not any(made.actions for made in syntheses):
        return
    given, records = set(app.store.file_records()), app.store.notes()
    targets = Targets(file.path for file in reading.files.values())
    for made in syntheses:
        day = made.post.id.split("-")[0]
        numbers = _Numbers(given, day)
        for action in made.actions:
            name, number = f"action:{action.key}", numbers.next()
            known = {name, _note_task(action, records)}
            if action.note_id not in reading.files or known & given or number is None:
                continue
            task = f"learning-{day}-{number}"
            names = (name, f"action-task:{task}")
            given.update(names)
            yield names, _task(action, task, made.post, targets.of(reading.files[action.note_id]))


class _Numbers:
    """The numbers that tasks of a day's syntheses may still have."""

    def __init__(self, given: Collection[str], day: str) -> None:
        self._given = given
        self._prefix = f"action-task:learning-{day}-"

    def next(self) -> int | None:
        free = (number for number in range(_FIRST, _FIRST + _MOST) if f"{self._prefix}{number}" not in self._given)
        return next(free, None)


def _note_task(action: Action, records: Mapping[str, NoteRecord]) -> str:
    """The task by which a note is on the list already, since it was among the best of its night."""
    record = records.get(action.note_id)
    if action.verb is not Verb.READ or record is None:
        return ""
    return f"task:learning-{record.created:%Y%m%d}-{record.number:03d}"


def _task(action: Action, name: str, post: Post, target: str) -> Task:
    words = words_for(post.lang)
    return Task(
        id=name,
        note_id=target,
        title=action.title,
        reasons=(_term(action.term, words), inert.wikilink(post.path.removesuffix(".md"), post.title)),
        priority=_PRIORITIES[action.term],
        lead=_lead(action, words),
    )


def _term(term: Term, words: Words) -> str:
    return {Term.WEEK: words.this_week, Term.MONTH: words.this_month, Term.QUARTER: words.this_quarter}[term]


def _lead(action: Action, words: Words) -> str:
    """What is to be done, as Markdown."""
    templates = {
        Verb.READ: words.task_read,
        Verb.REPRODUCE: words.task_reproduce,
        Verb.COMPARE: words.task_compare,
        Verb.EXAMINE: words.task_examine,
        Verb.FOLLOW: words.task_follow,
    }
    said = plain(fill(templates[action.verb], subject=outside(action.subject)))
    return inert.to_markdown(said, links=False) + words.colon
