"""What a worker answers: values of known kinds arrive as they were, and nothing else is made, called or changed."""

from __future__ import annotations

import io
import json
import os
import pickle
import struct
import sys
import time
import tracemalloc
from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ingest.articles.extraction import Article, extract
from ingest.feeds.discovered_page import PageLink, Sight, look_at
from ingest.feeds.document import ParsedFeed, parse
from ingest.files.local_document import read_local
from ingest.sources import Day, Hints, Hour
from ingest.workers import answers
from ingest.workers.answers import MAX_ANSWER, Answer, given_by, packed, unpacked
from ingest.workers.kinds import KINDS, MOST
from ingest.workers.parser import Parser, ParserLimits
from ingest.workers.workbench import read_frame
from notes.errors import FetchError, ParseError, RefusedError, SourceError
from notes.model import Block, BlockKind, Item, ItemStatus, PaperVersion, SourceType
from notes.text.likeness import bands, kinship, sketch, sketch_of
from notes.text.sketch_form import MAX_LENGTH, is_sketch

ITEM = Item(
    key="url:example.org/a",
    source="s",
    source_title="S",
    source_type=SourceType.RSS,
    external_id="a",
    url="https://example.org/a",
    title="Ünï 中文 😀\0\x1f\u2028",
    authors=("A", "B"),
    blocks=(Block(BlockKind.CODE, "x\0", 2), Block(BlockKind.PARAGRAPH, "")),
    published=datetime(2026, 2, 20, tzinfo=UTC),
    updated=datetime(2026, 2, 20, 8, tzinfo=UTC),
    versions=(PaperVersion(1, None, "c"),),
)
BARE = replace(ITEM, authors=(), blocks=(), published=None, versions=())
FEED = ParsedFeed(
    (ITEM, BARE, ITEM),
    "F",
    ("w",),
    Hints(ttl_s=60, max_age_s=1.5, skip_days=frozenset({6, 0})),
    (sketch("One title", "A text of a few words."), ""),
)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        pytest.param(None, "", id="nothing"),
        pytest.param((1, (2.5, "x", True), ()), "", id="plain values"),
        pytest.param(FEED, "ParsedFeed", id="items"),
        pytest.param(ParsedFeed((), "", ()), "ParsedFeed", id="no items"),
        pytest.param(Article((), "t", published=ITEM.published), "Article | None", id="an article"),
        pytest.param(None, "Article | None", id="no article"),
        pytest.param(Sight("", "", (PageLink("u", "t", "rss", True, False),)), "Sight", id="a page with links"),
        pytest.param(Hints(), "Hints", id="hints"),
    ],
)
def test_values_arrive_as_they_were(value: object, kind: str) -> None:
    assert unpacked(packed(Answer(value, is_worn=True), kind), "it", kind) == Answer(value, is_worn=True)


TEXTS = st.text()
MOMENTS = st.none() | st.datetimes(datetime(1001, 1, 1), datetime(8999, 1, 1), timezones=st.just(UTC))
SECONDS = st.none() | st.floats(allow_nan=False, allow_infinity=False)
SKETCHES = st.lists(st.builds(sketch, TEXTS, TEXTS), max_size=3).map(tuple)
PLAIN = {
    "str": TEXTS,
    "int": st.integers(-MOST, MOST),
    "bool": st.booleans(),
    "float | None": SECONDS,
    "datetime | None": MOMENTS,
    "tuple[str, ...]": st.lists(TEXTS, max_size=3).map(tuple),
    "frozenset[Hour]": st.frozensets(st.sampled_from(get_args(Hour))),
    "frozenset[Day]": st.frozensets(st.sampled_from(get_args(Day))),
    "BlockKind": st.sampled_from(BlockKind),
    "SourceType": st.sampled_from(SourceType),
}
CLASSES: tuple[Any, ...] = (Article, Block, Hints, Item, PageLink, PaperVersion, ParsedFeed, Sight)
OF_NAME = {kind.__name__: kind for kind in CLASSES}


def values_of(annotation: str) -> st.SearchStrategy[Any]:
    """Any value of a field of that annotation."""
    if annotation in PLAIN:
        return PLAIN[annotation]
    if annotation.startswith("tuple["):
        return st.lists(values_of(annotation[6:-6]), max_size=3).map(tuple)
    kind = OF_NAME[annotation]
    its = {field.name: values_of(str(field.type)) for field in fields(kind)}
    return st.builds(kind, **its | ({"sketches": SKETCHES} if kind is ParsedFeed else {}))


@given(feed=values_of("ParsedFeed"), article=st.none() | values_of("Article"), sight=values_of("Sight"))
@settings(max_examples=60, deadline=None)
def test_whatever_the_values_are_they_arrive(feed: object, article: object, sight: object) -> None:
    for value, kind in ((feed, "ParsedFeed"), (article, "Article | None"), (sight, "Sight")):
        arrived = unpacked(packed(Answer(value), kind), "it", kind)
        assert arrived == Answer(value)
        # True is 1, and 1 is 1.0, but they are not written alike.
        assert packed(arrived, kind) == packed(Answer(value), kind)


def test_a_moment_of_no_calendar_is_none() -> None:
    east = timezone(timedelta(hours=8))
    moments = (datetime(1, 1, 1, tzinfo=UTC), datetime.max.replace(tzinfo=UTC), datetime(1000, 1, 1, tzinfo=east))
    versions = tuple(PaperVersion(number, moment) for number, moment in enumerate(moments))
    feed = ParsedFeed((replace(BARE, versions=versions),), "", ())
    (item,) = unpacked(packed(Answer(feed), "ParsedFeed"), "it", "ParsedFeed").value.items
    assert item.versions == (PaperVersion(0), PaperVersion(1), PaperVersion(2))


def test_a_moment_elsewhere_arrives_as_the_moment_that_it_is() -> None:
    elsewhere = datetime(2026, 2, 20, 16, tzinfo=timezone(timedelta(hours=8)))
    feed = ParsedFeed((replace(BARE, published=elsewhere),), "", ())
    (item,) = unpacked(packed(Answer(feed), "ParsedFeed"), "it", "ParsedFeed").value.items
    assert (item.published, item.published.tzinfo) == (datetime(2026, 2, 20, 8, tzinfo=UTC), UTC)


def test_a_moment_without_a_zone_is_no_answer() -> None:
    feed = ParsedFeed((replace(BARE, published=datetime(2026, 2, 20)),), "", ())
    with pytest.raises(ValueError, match="2026"):
        packed(Answer(feed), "ParsedFeed")


def test_halves_of_characters_arrive_whole() -> None:
    halved = ParsedFeed((replace(BARE, title="\ud83d\ude00 \ud800", authors=("\udfff",)),), "", ("\ud800",))
    (item,) = unpacked(packed(Answer(halved), "ParsedFeed"), "it", "ParsedFeed").value.items
    assert (item.title, item.authors) == ("😀 \ufffd", ("\ufffd",))
    arrived = unpacked(packed(Answer(None, ParseError("\ud800", hint="\ud800"))), "it")
    assert isinstance(arrived.error, ParseError)
    assert (str(arrived.error), arrived.error.hint) == ("\ufffd", "\ufffd")


def test_every_kind_is_known() -> None:
    assert set(OF_NAME) == set(KINDS)


@pytest.mark.parametrize(
    ("function", "kind"),
    [(parse, "ParsedFeed"), (read_local, "ParsedFeed"), (look_at, "Sight"), (extract, "Article | None"), (len, "")],
)
def test_what_a_function_gives_is_told_by_its_annotation(function: Any, kind: str) -> None:
    assert given_by(function) == kind


def test_an_error_arrives_with_all_it_says() -> None:
    error = FetchError("no", hint="try", status=503, retry_after=4.0)
    arrived = unpacked(packed(Answer(None, error, is_spent=True)), "it")
    assert arrived.is_spent
    assert isinstance(arrived.error, FetchError)
    assert vars(arrived.error) == vars(error)


def test_an_error_of_another_kind_arrives_as_the_nearest_one() -> None:
    arrived = unpacked(packed(Answer(None, RefusedError("no", hint="h", place="p"))), "it")
    assert type(arrived.error) is SourceError
    assert (arrived.error.message, arrived.error.hint) == ("no", "h")


def is_refused(sent: bytes, kind: str = "ParsedFeed") -> bool:
    arrived = unpacked(sent, "feed.xml", kind)
    fault = isinstance(arrived.error, ParseError) and str(arrived.error).startswith("feed.xml cannot be read")
    return fault and arrived.is_worn and arrived.value is None


class Calls:
    """Pickles as a call of ``function``, as who wants to do harm would write it."""

    def __init__(self, function: Any, *arguments: Any) -> None:
        self.call = function, arguments

    def __reduce__(self) -> Any:
        return self.call


def test_nothing_that_an_answer_names_is_called(tmp_path: Path) -> None:
    sent = pickle.dumps((Calls(os.mkdir, str(tmp_path / "made")), None, False, False))
    assert is_refused(sent)
    assert not (tmp_path / "made").exists()
    # The control: an unguarded reader does as it is told.
    pickle.loads(sent)
    assert (tmp_path / "made").exists()


def named(word: str) -> bytes:
    return b"\x8c" + bytes([len(word)]) + word.encode()


def test_no_enumeration_can_be_changed() -> None:
    # ItemStatus("inbox"), BUILD with {"_value_": "dismissed"}: sets it on the one member that there is.
    member = named("notes.model") + named("ItemStatus") + b"\x93" + named("inbox") + b"\x85R"
    sent = b"\x80\x04(" + member + b"}(" + named("_value_") + named("dismissed") + b"ub" + b"N\x89\x89t."
    assert is_refused(sent)
    assert str(ItemStatus.INBOX._value_) == "inbox"
    try:
        # The control: a reader of pickles changes it for the whole process.
        pickle.loads(sent)
        assert str(ItemStatus.INBOX._value_) == "dismissed"
    finally:
        ItemStatus.INBOX._value_ = "inbox"


def pickled_nest(depth: int) -> bytes:
    """A tuple of twice a tuple of twice …, as a key: hashing it takes 2^depth steps."""
    return b"\x80\x04K\x01q\x00" + depth * b"h\x00\x86q\x00" + b"0}h\x00K\x01s."


TAIL = b",null,false,false]"
NOT_READ = {
    "nothing": b"",
    "a pickle": pickle.dumps((None, None, False, False)),
    "a key that takes for ever to hash": pickled_nest(200),
    "a memo of two gigabytes": b"\x80\x04Nr" + struct.pack("<I", 0x07FFFFFF) + b".",
    "no JSON": b"ready",
    "no bytes of text": b"\xff\xfe[",
    "text behind": b"[[]" + TAIL + b"1",
    "a number": b"1",
    "too few parts": b"[[],null]",
    "a dictionary": b'{"value": 1}',
    "a dictionary within": b'[[{"items":1,"items":2}]' + TAIL,
    "deep where nobody looks": b'[{"x":' + 50_000 * b"[" + 50_000 * b"]" + b"}" + TAIL,
    "not a number": b"[[NaN]" + TAIL,
    "infinity": b"[[1e999]" + TAIL,
    "a large number": b"[[" + 5000 * b"9" + b"]" + TAIL,
    "deep": 100_000 * b"[",
    "deep and whole": 50_000 * b"[" + 50_000 * b"]",
    "deep dictionaries": 100_000 * b'{"a":',
    "an error that is none": b"[[],7,false,false]",
    "an empty error": b"[[],[],false,false]",
    "an error of another class": b'[[],["OSError","m","h"],false,false]',
    "an error that names a list": b'[[],[["ParseError"],"m","h"],false,false]',
    "an error without words": b'[[],["ParseError",1,null],false,false]',
    "an error with a wrong status": b'[[],["FetchError","m","h","503",null],false,false]',
    "an error with too much": b'[[],["ParseError","m","h",503,1],false,false]',
}


@pytest.mark.parametrize("kind", ["ParsedFeed", "Article | None", ""])
@pytest.mark.parametrize("sent", NOT_READ.values(), ids=NOT_READ)
def test_bytes_that_are_no_answer_are_an_error(sent: bytes, kind: str) -> None:
    assert is_refused(sent, kind)


@pytest.mark.parametrize("kind", ["ParsedFeed", "Article | None"])
def test_a_name_for_a_class_is_no_value_of_it(kind: str) -> None:
    assert is_refused(b'["Item"' + TAIL, kind)


def test_the_nest_is_harmful_where_pickles_are_read() -> None:
    """The control: the nest is read, and its hash worked out, in the time of 2^12 steps."""
    (key,) = pickle.loads(pickled_nest(12))
    assert isinstance(key, tuple)


SOUND = json.loads(packed(Answer(FEED), "ParsedFeed"))


def changed(field: str, *, to: Any) -> bytes:
    """The answer of three items with another value for one field of the second, which has none of most."""
    sent = json.loads(json.dumps(SOUND))
    sent[0]["items"][1][field] = to
    return json.dumps(sent).encode()


CODE = {"kind": "code", "text": "t", "level": 0}
WRONG = {
    "a number for a text": ("title", 1),
    "nothing for a text": ("title", None),
    "a list for a text": ("title", ["a"]),
    "a status of no such name": ("source_type", "promoted"),
    "a list for a member": ("source_type", ["rss"]),
    "true for a number": ("arxiv_version", True),
    "half a number": ("arxiv_version", 1.5),
    "a large number": ("arxiv_version", 2**64),
    "a number that is no word": ("arxiv_version", MOST + 1),
    "a small number": ("arxiv_version", -MOST - 1),
    "a time without a zone": ("published", "2026-02-20T00:00:00"),
    "a time elsewhere": ("published", "2026-02-20T00:00:00+08:00"),
    "a time before all others": ("published", "0001-01-01T00:00:00+00:00"),
    "a number for a time": ("published", 1771000000),
    "no time": ("published", "yesterday"),
    "a text for texts": ("authors", "abc"),
    "numbers for texts": ("authors", [1]),
    "blocks that are none": ("blocks", [[]]),
    "a block of no kind": ("blocks", [CODE | {"kind": "aside"}]),
    "a block without a text": ("blocks", [{"kind": "code"}]),
    "a block at a large level": ("blocks", [CODE, CODE | {"level": MOST + 1}]),
    "a version of a large number": ("versions", [{"version": MOST + 1}]),
    "a version before all times": ("versions", [{"version": 1, "date": "0001-01-01T00:00:00Z"}]),
}


@pytest.mark.parametrize(("field", "value"), WRONG.values(), ids=WRONG)
def test_a_field_of_another_type_is_refused(field: str, value: Any) -> None:
    assert is_refused(changed(field, to=value))


NUMBERS_AND_MOMENTS = [
    (kind, field.name, str(field.type))
    for kind in CLASSES
    for field in fields(kind)
    if str(field.type) in {"int", "datetime | None"}
]


@pytest.mark.parametrize(("kind", "field", "type_"), NUMBERS_AND_MOMENTS)
def test_every_number_and_every_moment_is_held_to_its_bounds(kind: Any, field: str, type_: str) -> None:
    far = {"int": MOST + 1}.get(type_, datetime(9999, 1, 1, tzinfo=UTC))
    near = {"int": 1}.get(type_, datetime(2026, 1, 1, tzinfo=UTC))
    of = {Block: lambda one: replace(BARE, blocks=(one,)), PaperVersion: lambda one: replace(BARE, versions=(one,))}
    first: dict[Any, Any] = {
        Hints: Hints(),
        Block: Block(BlockKind.CODE, ""),
        PaperVersion: PaperVersion(1),
        Item: BARE,
        Article: Article((), ""),
    }
    for value, is_well in ((far, False), (near, True)):
        one = replace(first[kind], **{field: value})
        if kind is Article:
            sent, its = one, "Article | None"
        else:
            entry = of.get(kind, lambda it: it)(one) if kind is not Hints else BARE
            sent, its = ParsedFeed((entry,), "", (), one if kind is Hints else Hints()), "ParsedFeed"
        assert is_refused(answers._ENCODER.encode((sent, None, False, False)), its) is not is_well


@pytest.mark.parametrize(("field", "most"), [("skip_hours", 23), ("skip_days", 6)])
def test_hours_and_days_are_those_that_there_are(field: str, most: int) -> None:
    assert not is_refused(hinted(field, range(most + 1)))
    for number in (-1, most + 1, True, 1.0, 10**30):
        assert is_refused(hinted(field, [number]))


def test_numbers_that_share_a_hash_are_refused_at_the_first() -> None:
    alike = [number * sys.hash_info.modulus for number in range(10, 8_010)]
    sent = hinted("skip_hours", alike)
    begun = time.process_time()
    assert is_refused(sent)
    refused = time.process_time()
    # The control: each is held against all before it, in C, where nothing stops it; of three million it takes hours.
    assert len(frozenset(alike)) == len(alike)
    assert time.process_time() - refused > 10 * (refused - begun)


def hinted(field: str, numbers: Iterable[Any]) -> bytes:
    return json.dumps([SOUND[0] | {"hints": {field: list(numbers)}}, *SOUND[1:]]).encode()


def test_a_field_of_its_own_type_is_read() -> None:
    """The control."""
    arrived = unpacked(changed("title", to="b"), "it", "ParsedFeed").value
    assert [item.title for item in arrived.items] == [ITEM.title, "b", ITEM.title]


DRAWN = sketch_of(replace(ITEM, title="Two words", blocks=(Block(BlockKind.PARAGRAPH, 40 * "some words more "),)))
NO_SKETCH = {
    "numbers that are none": "2|a|b|c|d|e|f|g|h",
    "half a hash": "2|0,0,0|1|AAA=|||1||",
    "no base64": "2|0,0,0|1|A|||1||",
    "fewer places than words": "2|0,0,0|1||AAAA|two words|1|3|",
    "no place for its only word": "2|0,0,0|1|||word|1||",
    "a word that no database keeps": "2|0,0,0|1|||two \0 words|1|1,2,3|",
    "of another version": "1" + DRAWN[1:],
    "of more places than a title has": f"2|0,0,0|1|||{' '.join(9_000 * 'a')}|1|{','.join(9_000 * '1')}|",
}


@pytest.mark.parametrize("drawn", NO_SKETCH.values(), ids=NO_SKETCH)
def test_a_sketch_that_cannot_be_compared_is_refused(drawn: str) -> None:
    assert is_refused(packed(Answer(replace(FEED, sketches=(DRAWN, drawn))), "ParsedFeed"))


def test_a_broken_sketch_raises_where_it_is_compared() -> None:
    """The control; and one of our own arrives."""
    assert not is_refused(packed(Answer(replace(FEED, sketches=(DRAWN, ""))), "ParsedFeed"))
    with pytest.raises(ValueError, match="invalid literal"):
        bands(NO_SKETCH["numbers that are none"])
    with pytest.raises(ValueError, match="zip"):
        kinship(NO_SKETCH["fewer places than words"].replace("AAAA", ""), DRAWN)
    with pytest.raises(ValueError, match="invalid literal"):
        kinship(NO_SKETCH["no place for its only word"], NO_SKETCH["no place for its only word"])
    stored = NO_SKETCH["a word that no database keeps"].replace("\0", "")
    with pytest.raises(ValueError, match="zip"):
        kinship(stored, stored)


def test_the_longest_sketch_of_our_own_is_nowhere_near_too_long() -> None:
    # Of one such letter the title makes three, and of each word of the text there is a hash.
    drawn = sketch(1_000 * "\ufb03", "".join(map(chr, range(0x4E00, 0x5E00))))
    assert is_sketch(drawn)
    assert 3_000 < len(drawn) < MAX_LENGTH / 3


def test_a_value_of_another_kind_than_was_asked_for_is_refused() -> None:
    assert is_refused(packed(Answer(Sight("", "")), "Sight"))
    assert is_refused(packed(Answer(None)))
    assert is_refused(packed(Answer(None), "Article | None"))
    assert is_refused(packed(Answer(FEED), "ParsedFeed"), "Article | None")


@given(st.data())
@settings(max_examples=150, deadline=None)
def test_a_damaged_answer_is_an_error_or_a_feed(data: st.DataObject) -> None:
    sent = bytearray(packed(Answer(FEED), "ParsedFeed"))
    for _ in range(data.draw(st.integers(1, 3))):
        at = data.draw(st.integers(0, len(sent) - 1))
        sent[at : at + data.draw(st.integers(0, 9))] = data.draw(st.binary(max_size=4))
    arrived = unpacked(bytes(sent), "it", "ParsedFeed")
    assert isinstance(arrived.error, SourceError) or isinstance(arrived.value, ParsedFeed)


@pytest.mark.parametrize("length", range(0, len(packed(Answer(FEED), "ParsedFeed")), 7))
def test_an_answer_that_breaks_off_is_an_error(length: int) -> None:
    assert is_refused(packed(Answer(FEED), "ParsedFeed")[:length])


@pytest.mark.parametrize("part", [b"[],", b'"ab",', b"1.5,"])
def test_an_answer_of_many_small_parts_is_refused_unread(part: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    sent = b"[[" + 30_000 * part + b"0]" + TAIL
    peaks = []
    for most in (1_000, 8_000_000):
        monkeypatch.setattr(answers, "MAX_PARTS", most)
        tracemalloc.start()
        assert is_refused(sent, "") is (most == 1_000)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[0] < len(sent) < 4 * len(sent) < peaks[1]


def test_an_answer_that_is_too_large_is_the_documents_error(monkeypatch: pytest.MonkeyPatch) -> None:
    sent = packed(Answer(FEED), "ParsedFeed")
    assert not is_refused(sent)
    monkeypatch.setattr(answers, "MAX_PARTS", 10)
    assert is_refused(sent)
    with pytest.raises(ParseError, match="more than can be kept"):
        packed(Answer(FEED), "ParsedFeed")


def test_a_frame_longer_than_may_be_is_not_read() -> None:
    head = struct.pack("<Q", 2**62)
    stream = io.BytesIO(head + b"[1]")
    assert read_frame(stream, MAX_ANSWER) == b""
    assert stream.tell() == len(head)
    # The control: reading as much as is announced sets it aside first.
    with io.BufferedReader(io.FileIO(os.devnull)) as pipe, pytest.raises((MemoryError, OverflowError)):
        pipe.read(2**62)


def frame_of_no_end() -> None:
    """Writes to every pipe that the head of an answer of four exabytes is to come."""
    for descriptor in range(3, 20):
        try:
            os.write(descriptor, struct.pack("<Q", 2**62))
        except OSError:
            continue


def test_a_worker_that_answers_with_anything_else_is_replaced() -> None:
    with Parser(ParserLimits(workers=1)) as parser:
        first = parser.call(os.getpid, what="start")
        with pytest.raises(ParseError, match="a path cannot be read: TypeError"):
            parser.call(Path, "/", what="a path")
        with pytest.raises(ParseError, match="an answer that is none"):
            parser.call(frame_of_no_end, what="x")
        assert parser.call(os.getpid, what="again") != first
