"""Damaged documents without end: seeded mutations of the shared feeds, read as a night reads its sources.

Each run is a real one, :func:`ingest.fetch.fetch_all` over real files with real worker processes; among the damaged documents
stands a sound feed, again and again, whose items must all arrive.
"""

from __future__ import annotations

import os
import random
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from ingest.feeds import document as feeds
from ingest.feeds import quickfeed
from ingest.fetch import fetch_all
from ingest.reading import html
from ingest.reading.encoding import decode
from ingest.reading.entries import build_items
from ingest.sources import SourceOutcome, SourceSpec
from ingest.web.client import Limits
from ingest.workers.parser import Parses
from notes.errors import SourceError

NOW = datetime(2026, 2, 20, 12, tzinfo=UTC)
SPEC = SourceSpec(key="feed", kind="rss", url="https://example.org/feed.xml")
# How often a folder's documents are drawn: those of the specifications are many, small and alike.
FOLDERS = {"feeds/spec": 1, "feeds/wild": 6, "feeds/ai-labs": 6, "security/hostile_feeds": 6}
MAX_DOCUMENT = 60_000
AT_ONCE = 100
# One in so many documents is the sound one.
SOUND = 20

TOKENS = [
    *(
        b"<",
        b">",
        b"&",
        b'"',
        b"'",
        b"/",
        b"]]>",
        b"<!--",
        b"-->",
        b"<![CDATA[",
        b"<?",
        b"?>",
        b"<!DOCTYPE x [",
        b"\x00",
    ),
    *(
        b"&#x",
        b"&#55296;",
        b"&#x110000;",
        b"&#99999999999;",
        b"&nbsp;",
        b"&amp;amp;",
        b"\xff",
        b"\xfe\xff",
        b"\xef\xbb\xbf",
    ),
    *(
        b"\xc0\x80",
        b"\xed\xa0\x80",
        b"\x1b[31m",
        b"\xe2\x80\xae",
        b"item",
        b"<item>",
        b"</item>",
        b"<entry>",
        b"</channel>",
    ),
    *(
        b"<title>",
        b"<author>a@b.c (",
        b"<guid isPermaLink='maybe'>",
        b"<pubDate>1771234567</pubDate>",
        b"xml:base='//x/'",
    ),
    *(
        b" type='xhtml'",
        b" type='application/octet-stream'",
        b" mode='base64'",
        b" xmlns='http://www.w3.org/2005/Atom'",
    ),
    *(
        b" xmlns:dc='urn:x'",
        b"<media:group>",
        b"<psc:chapter start='x'/>",
        b"<gml:pos>1</gml:pos>",
        b"<content:encoded>",
    ),
    *(
        b"encoding='punycode'",
        b"encoding='utf-16'",
        b"<rdf:RDF>",
        b"\\",
        b"%s%n",
        b"../../",
        b"javascript:alert(1)",
        b"{{x}}",
    ),
]
ENCODINGS = ("utf-16", "utf-8-sig", "gb18030", "big5", "euc-jp", "latin-1", "utf-32", "shift_jis")


def documents(root: Path) -> list[bytes]:
    """The shared documents that are not too long to be damaged by the thousand, each as often as it is to be drawn."""
    found: list[bytes] = []
    for folder, weight in FOLDERS.items():
        paths = [path for path in sorted((root / folder).rglob("*")) if path.is_file()]
        bodies = (path.read_bytes() for path in paths if path.stat().st_size <= MAX_DOCUMENT)
        found += weight * list(dict.fromkeys(body for body in bodies if body))
    return found


def mutant(corpus: Sequence[bytes], seed: int) -> bytes:
    """A document of the corpus with one to six kinds of damage; the same for the same seed."""
    chance = random.Random(seed)
    body = bytearray(chance.choice(corpus))
    for _ in range(chance.choice((1, 1, 2, 3, 6))):
        if not body:
            break
        chance.choice(DAMAGES)(body, chance, corpus)
        del body[8 * MAX_DOCUMENT :]
    return bytes(body)


def _flip(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    for _ in range(chance.randint(1, 8)):
        body[chance.randrange(len(body))] = chance.randrange(256)


def _cut(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    at = chance.randrange(len(body))
    del body[at : at + chance.choice((1, 4, 30, 400))]


def _truncate(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    del body[chance.randrange(len(body)) :]


def _insert(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    at = chance.randrange(len(body) + 1)
    body[at:at] = chance.choice(TOKENS) * chance.choice((1, 1, 1, 2, 50, 2_000))


def _insert_at_tag(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    tags = [at for at, byte in enumerate(body) if byte in b"<>"]
    if tags:
        at = chance.choice(tags) + (1 if chance.random() < 0.2 else 0)
        body[at:at] = chance.choice(TOKENS)


def _repeat(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    at = chance.randrange(len(body))
    piece = bytes(body[at : at + chance.choice((5, 40, 300))])
    body[at:at] = piece * chance.choice((1, 2, 60))


def _repeat_element(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    start = body.find(b"<", chance.randrange(len(body)))
    end = body.find(b">", start)
    if start >= 0 and end >= 0:
        body[start:start] = bytes(body[start : end + 1]) * chance.choice((1, 3, 300))


def _drop_tag(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    start = body.find(chance.choice((b"<", b"</", b'"', b"]]>")), chance.randrange(len(body)))
    end = body.find(b">", start)
    if 0 <= start <= end:
        del body[start : end + 1]


def _splice(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    other = chance.choice(corpus)
    begin, at = chance.randrange(len(other)), chance.randrange(len(body))
    body[at : at + chance.choice((0, 100))] = other[begin : begin + chance.choice((50, 500, 5_000))]


def _swap(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    one, other = sorted((chance.randrange(len(body)), chance.randrange(len(body))))
    body[:] = body[:one] + body[other:] + body[one:other]


def _transcode(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    body[:] = body.decode("utf-8", "replace").encode(chance.choice(ENCODINGS), "replace")


def _rename(body: bytearray, chance: random.Random, corpus: Sequence[bytes]) -> None:
    names = (
        b"item",
        b"entry",
        b"title",
        b"link",
        b"description",
        b"content",
        b"author",
        b"pubDate",
        b"guid",
        b"category",
    )
    body[:] = body.replace(b"<" + chance.choice(names), b"<" + chance.choice(names))


Damage = Callable[[bytearray, random.Random, Sequence[bytes]], None]
DAMAGES: tuple[Damage, ...] = (
    *(_flip, _cut, _truncate, _insert, _insert_at_tag, _insert_at_tag, _repeat, _repeat_element, _drop_tag, _splice),
    *(_swap, _transcode, _rename),
)


@dataclass(slots=True)
class Tally:
    """What a campaign came to. ``wrong`` says what must not be; all else is as it should be."""

    documents: int = 0
    items: int = 0
    sound_feeds: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0
    compared: int = 0
    read_quickly: int = 0
    wrong: list[str] = field(default_factory=list)


def campaign(
    corpus: Sequence[bytes], seeds: range, sound: bytes, *, parser: Parses, folder: Path, compare: int = 5
) -> Tally:
    """Runs over a mutant for each seed, :data:`AT_ONCE` in a run; every ``compare``-th is read by both parsers too."""
    tally = Tally()
    wanted = parser.parse(sound, spec=SPEC, base_url="", now=NOW).items
    for first in range(seeds.start, seeds.stop, AT_ONCE):
        batch = range(first, min(first + AT_ONCE, seeds.stop))
        _run(corpus, batch, sound, folder, tally, parser=parser, keys=[item.key for item in wanted])
        for seed in batch[::compare]:
            body = mutant(corpus, seed)
            tally.compared += 1
            try:
                difference = parser.call(disagreement, body, what=str(seed))
            except SourceError as error:
                difference = str(error)
            tally.read_quickly += difference is not None
            if difference:
                tally.wrong.append(f"seed {seed}: {difference}")
    return tally


def _run(
    corpus: Sequence[bytes],
    seeds: range,
    sound: bytes,
    folder: Path,
    tally: Tally,
    *,
    parser: Parses,
    keys: list[str],
) -> None:
    """One night: all sources of it answer, each with items or an error."""
    specs = []
    for number, seed in enumerate(seeds):
        if number % SOUND == 0:
            specs.append(_source(folder, f"sound-{seed}", sound))
        specs.append(_source(folder, str(seed), mutant(corpus, seed)))
    try:
        outcomes = {
            one.spec.key: one for one in fetch_all(specs, {}, limits=Limits(), now=NOW, workers=4, parser=parser)
        }
    except Exception as error:  # noqa: BLE001  # whatever it is, it is the failure of a run
        tally.wrong.append(f"the run of {seeds} failed: {error!r}")
        return
    for spec in specs:
        _count(outcomes.get(spec.key), spec, tally, keys)


def _source(folder: Path, key: str, body: bytes) -> SourceSpec:
    path = folder / f"{key}.xml"
    path.write_bytes(body)
    return SourceSpec(key=key, kind="file", path=path)


def _count(outcome: SourceOutcome | None, spec: SourceSpec, tally: Tally, keys: list[str]) -> None:
    assert spec.path is not None
    spec.path.unlink()
    if outcome is None:
        tally.wrong.append(f"{spec.key}: no outcome")
        return
    items = outcome.fetched.items if outcome.fetched is not None else ()
    if spec.key.startswith("sound"):
        tally.sound_feeds += 1
        if [item.key for item in items] != keys:
            tally.wrong.append(f"{spec.key}: items lost: {outcome.error}")
        return
    tally.documents += 1
    tally.items += len(items)
    tally.slowest_s = max(tally.slowest_s, outcome.seconds)
    if outcome.error is not None:
        told = outcome.error.message
        tally.refused[
            "killed" if "took more than" in told or "parser died" in told else type(outcome.error).__name__
        ] += 1
    for item in items:
        if not item.key or not (item.title or item.text):
            tally.wrong.append(f"{spec.key}: an item without key or text")
        f"{item.title}{item.text}{item.url}{item.key}{item.external_id}{item.authors}".encode()


def disagreement(body: bytes) -> str | None:
    """How the fast parser's items differ from feedparser's; '' where they do not, None where it leaves the document."""
    text, _, _ = decode(body)
    base = SPEC.url
    plain = quickfeed.read(text, base)
    if plain is None or feeds._WEB_PAGE.match(text[:4096]):
        return None
    quick = build_items(plain[1], SPEC, feed_title=html.text(plain[0]), now=NOW)
    try:
        title, entries, _ = feeds._read_leniently(text, base)
    except SourceError as error:
        return f"feedparser refuses what is read quickly: {error.message}"
    lenient = build_items(entries, SPEC, feed_title=title, now=NOW)
    if (quick, html.text(plain[0])) == (lenient, title):
        return ""
    pairs = zip(quick[0], lenient[0], strict=False)
    return next((f"{one!r}\n  against\n{other!r}" for one, other in pairs if one != other), "other numbers or warnings")


def main(count: int, start: int = 0) -> Tally:
    """The whole campaign, with a line on standard error now and then."""
    import sys
    import tempfile

    from ingest.workers.parser import Parser

    root = Path(os.environ["SLIPWAY_DATA"])
    corpus = documents(root)
    sound = (root / "feeds/ai-labs/olshansk").joinpath("feed_anthropic_engineering.xml")
    whole = Tally()
    started = time.monotonic()
    with Parser() as parser, tempfile.TemporaryDirectory() as folder:
        for first in range(start, start + count, 2_000):
            seeds = range(first, min(first + 2_000, start + count))
            part = campaign(corpus, seeds, sound.read_bytes(), parser=parser, folder=Path(folder))
            _add(whole, part)
            print(
                f"{whole.documents:,} documents, {len(whole.wrong)} wrong, {time.monotonic() - started:.0f} s",
                file=sys.stderr,
            )
    return whole


def _add(whole: Tally, part: Tally) -> None:
    for name in ("documents", "items", "sound_feeds", "compared", "read_quickly"):
        setattr(whole, name, getattr(whole, name) + getattr(part, name))
    whole.refused.update(part.refused)
    whole.slowest_s = max(whole.slowest_s, part.slowest_s)
    whole.wrong += part.wrong
