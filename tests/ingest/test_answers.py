"""What a worker answers: values of known kinds arrive as they were, and nothing else is made or called."""

from __future__ import annotations

import os
import pickle
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from ingest.sources import Hints
from ingest.workers.answers import Answer, packed, unpacked
from ingest.workers.parser import Parser, ParserLimits
from notes.errors import FetchError, ParseError
from notes.model import Block, BlockKind, Item, PaperVersion, SourceType

ITEM = Item(
    key="url:example.org/a",
    source="s",
    source_title="S",
    source_type=SourceType.RSS,
    external_id="a",
    url="https://example.org/a",
    title="\ud800 Ünï 中文",
    blocks=(Block(BlockKind.CODE, "x\0", 2), Block(BlockKind.PARAGRAPH, "")),
    published=datetime(2026, 2, 20, tzinfo=UTC),
    updated=datetime(2026, 2, 20, tzinfo=timezone(timedelta(hours=8))),
    versions=(PaperVersion(1, None, "c"),),
)


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(None, id="nothing"),
        pytest.param((ITEM, ITEM), id="items"),
        pytest.param({"a": [1, 2.5, b"x", frozenset({"y"})]}, id="plain values"),
        pytest.param(Hints(), id="a dataclass of ingest"),
    ],
)
def test_values_arrive_as_they_were(value: object) -> None:
    arrived = unpacked(packed(Answer(value, is_worn=True)), "it")
    assert arrived == Answer(value, is_worn=True)


def test_an_error_arrives_with_all_it_says() -> None:
    error = FetchError("no", hint="try", status=503, retry_after=4.0)
    arrived = unpacked(packed(Answer(None, error, is_spent=True)), "it")
    assert arrived.is_spent
    assert isinstance(arrived.error, FetchError)
    assert (str(arrived.error), arrived.error.hint, arrived.error.status) == ("no", "try", 503)


@dataclass
class Elsewhere:
    """A dataclass that is not the package's."""

    value: int = 0


class Calls:
    """Pickles as a call of ``function``, as who wants to do harm would write it."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def evil(place: Path) -> Calls:
    return Calls(os.mkdir, str(place))


@pytest.mark.parametrize(
    "value",
    [
        pytest.param(Calls(eval, "1"), id="a builtin"),
        pytest.param(Calls(getattr, ITEM, "title"), id="getattr"),
        pytest.param(Elsewhere(), id="a class of somebody else"),
        pytest.param(os.path.join, id="a function"),
        pytest.param(Parser, id="a class of ours that is no value"),
        pytest.param(packed, id="a function of ours"),
    ],
)
def test_what_is_no_value_of_ours_is_the_documents_error(value: object) -> None:
    arrived = unpacked(pickle.dumps((value, None, False, False)), "feed.xml")
    assert isinstance(arrived.error, ParseError)
    assert str(arrived.error).startswith("feed.xml ")
    assert arrived.is_worn


def test_nothing_that_an_answer_names_is_called(tmp_path: Path) -> None:
    sent = pickle.dumps((evil(tmp_path / "made"), None, False, False))
    assert unpacked(sent, "it").error is not None
    assert not (tmp_path / "made").exists()
    # The control: an unguarded reader does as it is told.
    pickle.loads(sent)
    assert (tmp_path / "made").exists()


def test_no_class_can_be_changed() -> None:
    # GLOBAL Answer; NONE, {"count": "changed"}, TUPLE2: the state of slots; BUILD: sets it on the class itself.
    change = b"cingest.workers.answers\nAnswer\nN}\x8c\x05count\x8c\x07changeds\x86b"
    sent = b"\x80\x04(" + change + b"N\x89\x89t."
    assert unpacked(sent, "it").error is not None
    assert "count" not in Answer.__dict__
    try:
        # The control: an unguarded reader changes it.
        pickle.loads(sent)
        assert Answer.__dict__["count"] == "changed"
    finally:
        del Answer.count


@pytest.mark.parametrize("sent", [b"", b"\x80", b"ready", pickle.dumps(1), pickle.dumps((1, 2))])
def test_bytes_that_are_no_answer_are_an_error(sent: bytes) -> None:
    assert isinstance(unpacked(sent, "it").error, ParseError)


def test_a_worker_that_answers_with_anything_else_is_replaced() -> None:
    with Parser(ParserLimits(workers=1)) as parser:
        first = parser.call(os.getpid, what="start")
        with pytest.raises(ParseError):
            parser.call(Path, "/", what="a path")
        assert isinstance(first, int)
        assert parser.call(os.getpid, what="again")
