"""How ``slipway explain`` shows the sentences of a post: each with its notes, their passages, and who worded it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from slipway.cli.counting import counted
from slipway.console import style

__all__ = ["sentences_told"]

_MOST_NOTES = 3
_BEARS = {"quote": "says", "number": "figure", "title": "title", "words": "nearest"}
_FROM_FILE = "(the database does not hold this post's sentences: what follows is read from the file's own references)"


def sentences_told(document: Mapping[str, Any]) -> Iterator[str]:
    """The sentences of an explained post, one below the other, and what was refused; nothing for what is no post."""
    if "sentences" not in document:
        return
    if document["sentences_from"] == "file" and document["sentences"]:
        yield ""
        yield _FROM_FILE
    for place, sentence in enumerate(document["sentences"], 1):
        yield ""
        yield from _sentence(place, sentence)
    if document["report"]:
        yield ""
        yield style(f"refused while it was written: {len(document['report'])}", bold=True)
        yield from (f"  {_plain(line)}" for line in document["report"])


def _sentence(place: int, sentence: Mapping[str, Any]) -> Iterator[str]:
    marks = [f"worded by {_plain(sentence['writer'])}"] if sentence["writer"] else []
    marks += [] if sentence["in_file"] else ["no longer in the file"]
    yield f"{place:>3}  {_plain(sentence['text'])}" + (f"  ({', '.join(marks)})" if marks else "")
    bearing = [note for note in sentence["notes"] if note["passages"]]
    for note in bearing[:_MOST_NOTES]:
        yield f"     {_plain(note['id'])}"
        for passage in note["passages"]:
            yield f"       {_BEARS[passage['bears']]:<8}{_plain(passage['text'])}"
    yield from _others(sentence["notes"], len(bearing))


def _others(notes: list[Mapping[str, Any]], bearing: int) -> Iterator[str]:
    """The notes that are only counted or named, and those that are gone."""
    gone = [note["id"] for note in notes if note["title"] is None]
    named = len(notes) - bearing - len(gone)
    shown = min(bearing, _MOST_NOTES)
    if bearing > shown:
        yield f"       and passages of {counted(bearing - shown, 'more notes')} (--json)"
    if named:
        yield f"       {'counts or names' if not shown else 'and names'} {counted(named, 'notes')} without a passage"
    yield from (f"     {_plain(note_id)}  (no longer in the vault)" for note_id in gone)


def _plain(text: str) -> str:
    from notes.markup.terminal import terminal

    return terminal(text)
