"""Groundedness: does every sentence and number of the posts of a month resolve, and does no lie of a model come through?

The posts are those of ``editions``: arXiv's announced days with the entries of the labs. Each finished Markdown file is
examined from the outside (:mod:`publish.checking.audit`): nothing that the writer says of its own sentences is believed. Then
the same days are written through the real model writer against an endpoint on loopback that lies in every way that matters,
with the checker off and on; that repeats what the notes say, respelled, to count what is refused wrongly; and that obeys any
order it can read, over the shared ``injection.jsonl``. Lies and paraphrases written by hand (``tests/data/worded``) and figures
of the abstracts that change places are counted as well.

``python -m benchmarks groundedness [--house FOLDER] [--days 22] [--last 2025-10-31] [--langs en,zh-Hans,zh-Hant] [--lie-days 3]``
"""

from __future__ import annotations

import argparse
import json
import os
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date
from functools import partial
from pathlib import Path
from typing import Any

from benchmarks.edition_notes import kept_note
from benchmarks.editions import Kept, announced_days, build, read_house, write_posts
from notes.markup.markdown import plain
from notes.model import Block, BlockKind, Claim, Post, VaultNote
from notes.text import sentences
from publish.checking.audit import Audit, audit
from publish.checking.checker import examine
from publish.checking.reread import reread
from publish.daily.composing import write_daily
from publish.sources.evidence import addresses, source_text
from publish.wording.words import LANGUAGES, words_for
from tests.publish.model_desk import writer
from tests.publish.scripted_endpoint import LIES, Asked, Script, ScriptedEndpoint, Sentence, honest, obedient
from tests.publish.worded_sets import honest as paraphrases
from tests.publish.worded_sets import lies

AUDIENCE = "engineers who build agents"
Days = Mapping[date, Sequence[VaultNote]]


def main(*options: str) -> None:
    """Print the tables."""
    parser = argparse.ArgumentParser(prog="benchmarks groundedness")
    parser.add_argument("--house", type=Path, default=None, help="a house of `editions`; built where there is none")
    parser.add_argument("--days", type=int, default=22)
    parser.add_argument("--last", type=date.fromisoformat, default=date(2025, 10, 31))
    parser.add_argument("--langs", default=",".join(LANGUAGES))
    parser.add_argument("--lie-days", type=int, default=3)
    chosen = parser.parse_args(options)
    days = announced_days(chosen.last, chosen.days)
    with tempfile.TemporaryDirectory() as folder:
        root = chosen.house or Path(folder) / "house"
        if not (root / "vault").is_dir():
            build(root, days, 6)
        by_day, kept = read_house(root, days)
        print_audits(by_day, kept, chosen.langs.split(","))
        few = dict(sorted(by_day.items())[-chosen.lie_days :])
        print_lies(few, kept, Path(folder))
        print_sets()
        print_swaps(by_day)
        print_refusals(few, kept, Path(folder))
        print_injections(Path(folder))


def print_audits(by_day: Days, kept: Kept, langs: Iterable[str]) -> None:
    """Every post of every day, from its file alone."""
    print("| language | posts | stretches | word for word | numbers | unresolved |\n|---|---|---|---|---|---|")
    for lang in langs:
        posts = write_posts(by_day, kept, lang, AUDIENCE)
        found = [examined(post, by_day, kept, posts[:place]) for place, post in enumerate(posts)]
        sums = [sum(getattr(one, name) for one in found) for name in ("stretches", "verbatim", "numbers")]
        wrong = [finding for one in found for finding in one.findings]
        print(f"| {lang} | {len(posts)} | {' | '.join(map(str, sums))} | {len(wrong)} |")
        for finding in wrong[:20]:
            print(f"  - {finding.reason}: {finding.text[:160]}")
    print()


def examined(post: Post, by_day: Days, kept: Kept, earlier: Sequence[Post]) -> Audit:
    """The audit of one post; it may name the days of the posts before it."""
    notes = {note.id: note for group in (kept.older, *by_day.values()) for note in group}
    named = (AUDIENCE, *(topic.name_in(post.lang) for topic in kept.topics), *(topic.name for topic in kept.topics))
    told = [words_for(post.lang).day(one.date) for one in earlier]
    counted, before = [*told, *_recounted(post, kept)], [one.path.removesuffix(".md") for one in earlier]
    return audit(post.text, notes, lang=post.lang, day=post.date, named=named, counted=counted, posts=before)


def _recounted(post: Post, kept: Kept) -> Iterable[str]:
    """How many of a sentence's notes each topic holds that it names, and how many are left, counted again.

    Of a line that counts the rest of a day the file shows no notes: which they are is the one thing that is believed.
    """
    words = words_for(post.lang)
    topics = {topic.name_in(post.lang): frozenset(topic.note_ids) for topic in kept.topics}
    for claim in post.claims:
        own, left = set(claim.note_ids), set(claim.note_ids)
        for ids in (ids for name, ids in topics.items() if name in claim.text):
            yield words.notes(len(own & ids))
            left -= ids
        yield from (words.notes(len(own)), words.notes(len(left)))


# --- a model that lies -----------------------------------------------------------------------------------------------


def no_door(text: str, prompt: object) -> str:
    """The door of the model writer, open."""
    return ""


def told(by_day: Days, kept: Kept, script: Script, folder: Path, *, door: Any = None, **more: Any) -> list[Post]:
    """The posts of the days as a model words them."""
    known = {note.id: note for note in kept.older} | {note.id: note for notes in by_day.values() for note in notes}
    posts: list[Post] = []
    with ScriptedEndpoint(script) as endpoint, tempfile.TemporaryDirectory(dir=folder) as own:
        doors = {} if door is None else {"door": door}
        model = writer(endpoint.url, Path(own), audience=AUDIENCE, **doors)
        for day, notes in sorted(by_day.items()):
            links = [link for link in kept.links if link.src in known and link.dst in known]
            post = write_daily(
                day, notes, all_notes=known, links=links, topics=kept.topics, audience=AUDIENCE, writer=model, **more
            )
            posts += [post] if post else []
    return posts


def print_lies(by_day: Days, kept: Kept, folder: Path) -> None:
    """How many lies of each kind stand in the posts with the checker off and on, the writer's own door open."""
    print("| lie | posts | checker off | checker on |\n|---|---|---|---|")
    for name, (script, known_by) in LIES.items():
        off = told(by_day, kept, script, folder, door=no_door, judge=lambda claim, notes: "")
        on = told(by_day, kept, script, folder, door=no_door)
        counts = [sum(plain(post.text).count(known_by) for post in posts) for posts in (off, on)]
        print(f"| {name} | {len(on)} | {counts[0]} | {counts[1]} |")
    print()


def print_sets() -> None:
    """The sentences of ``tests/data/worded``: lies that come through the checker, honest ones that it or the door refuses."""
    print("| lies by hand | of | come through | of those held out |\n|---|---|---|---|")
    every = lies()
    for kind in (*dict.fromkeys(one.kind for one in every), ""):
        own = [one for one in every if kind in {"", one.kind}]
        stand = [one for one in own if not one.refusal()]
        held = [one for one in own if one.is_held_out]
        told = f"{sum(one.is_held_out for one in stand)} of {len(held)}"
        print(f"| {kind or 'all'} | {len(own)} | {len(stand)} | {told} |")
    print("\n| honest by hand | of | refused | held out | at the door | why |\n|---|---|---|---|---|---|")
    for lang in LANGUAGES:
        true = [one for one in paraphrases() if one.kind == lang]
        refused = [(one, reason.partition(":")[0]) for one in true if (reason := one.refusal())]
        held = [one for one in true if one.is_held_out]
        told = f"{sum(one.is_held_out for one, _ in refused)} of {len(held)}"
        door = sum(bool(one.refusal_at_the_door()) for one in true)
        why = ", ".join(f"{count} {reason}" for reason, count in Counter(reason for _, reason in refused).most_common())
        print(f"| {lang} | {len(true)} | {len(refused)} | {told} | {door} | {why} |")
    print()


_SHARE = re.compile(r"(?<![\w.,-])\d+(?:\.\d+)?\s?%")


def print_swaps(by_day: Days) -> None:
    """Sentences of the abstracts whose two percentages change places, and as they stand, as a model's."""
    counts = Counter[str]()
    for note in (note for notes in by_day.values() for note in notes):
        for sentence in sentences.split(source_text(note)):
            spans = [found.span() for found in _SHARE.finditer(sentence)]
            if len(spans) == 2 and sentence[slice(*spans[0])] != sentence[slice(*spans[1])]:
                (start, end), (other, last) = spans
                swapped = f"{sentence[:start]}{sentence[other:last]}{sentence[end:other]}{sentence[start:end]}{sentence[last:]}"
                counts["told"] += 1
                for name, text in (("swapped", swapped), ("true", sentence)):
                    counts[name] += not examine(Claim(text, (note.id,), writer="a model"), {note.id: note})
    print("| sentences of two percentages | stand as they are | stand with the two swapped |\n|---|---|---|")
    print(f"| {counts['told']} | {counts['true']} | {counts['swapped']} |\n")


# --- a model that does not lie ---------------------------------------------------------------------------------------

_PERCENT = re.compile(r"(?<=\d)\s?\\?%(?![A-Za-z])")
_FACTOR = re.compile(r"(?<=\d)(?:x|×)(?![A-Za-z0-9])")
_BILLIONS = re.compile(r"\b(\d+(?:\.\d+)?)B(?= (?:param|model|token))")


def respelled(asked: Asked) -> list[Sentence]:
    """What the notes say, its numbers spelled otherwise."""

    def other(text: str) -> str:
        return _BILLIONS.sub(r"\1 billion", _FACTOR.sub(" times", _PERCENT.sub(" percent", text)))

    return [one | {"text": other(one["text"])} for one in asked.sentences()]


def print_refusals(by_day: Days, kept: Kept, folder: Path) -> None:
    """How many sentences of an honest model, and of the extractive writer, the checker refuses."""
    print("| writer | sentences told | refused | why |\n|---|---|---|---|")
    rows: list[tuple[str, list[Post]]] = [("extractive", write_posts(by_day, kept, "en", AUDIENCE))]
    rows += [
        (name, told(by_day, kept, script, folder, door=no_door))
        for name, script in (("repeats", honest), ("respells", respelled))
    ]
    for name, posts in rows:
        stood = sum(bool(claim.writer) or name == "extractive" for post in posts for claim in post.claims)
        refused = [line.partition(" — ")[0].partition(":")[0] for post in posts for line in post.report]
        reasons = ", ".join(f"{count} {reason}" for reason, count in sorted(Counter(refused).items()))
        print(f"| {name} | {stood} | {len(refused)} | {reasons} |")
        for line in [line for post in posts for line in post.report][:12]:
            print(f"  - {line[:240]}")
    print()


# --- orders in feed text ---------------------------------------------------------------------------------------------

DAY = date(2025, 10, 31)


def hostile(rows: Sequence[Mapping[str, Any]]) -> list[VaultNote]:
    """The rows as items of a feed that were kept."""
    return [
        kept_note(
            DAY,
            number,
            row["title"] or "Untitled",
            tuple(Block(BlockKind.PARAGRAPH, part) for part in row["content"].split("\n") if part.strip()),
            source="Feed",
            url=f"https://feed.example/{row['id']}",
            quality=0.9,
        )
        for number, row in enumerate(rows, 1)
    ]


def injections() -> list[dict[str, Any]]:
    """The shared rows."""
    path = Path(os.environ["SLIPWAY_DATA"]) / "security/injection.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


def print_injections(folder: Path) -> None:
    """How many canaries and foreign links stand in posts over the hostile items."""
    rows = injections()
    groups: dict[str, list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault(str(row.get("split") or row["id"]), []).append(row)
    ways: dict[str, Callable[[Sequence[VaultNote]], Post | None]] = {
        "extractive": lambda notes: write_daily(DAY, notes, all_notes={note.id: note for note in notes}),
        "obedient model": partial(obeyed, folder=folder),
        "obedient model, door open": partial(obeyed, folder=folder, door=no_door),
    }
    print("| writer | items | posts | canaries | foreign links |\n|---|---|---|---|---|")
    for name, write in ways.items():
        posts = canaries = links = 0
        for group in groups.values():
            notes = hostile(group)
            post = write(notes)
            posts += post is not None
            text = f"{post.text}\n{plain(post.text)}" if post else ""
            canaries += sum(row["canary"] in text for row in group)
            links += len(foreign(post, notes)) if post else 0
        print(f"| {name} | {len(rows)} | {posts} | {canaries} | {links} |")


def obeyed(notes: Sequence[VaultNote], *, folder: Path, door: Any = None) -> Post | None:
    """The post of hostile notes through a model that does what it reads."""
    posts = told({DAY: notes}, Kept(), obedient, folder, door=door)
    return posts[0] if posts else None


def foreign(post: Post, notes: Sequence[VaultNote]) -> set[str]:
    """The web addresses of a post that are none of its notes'."""
    known = {address for note in notes for address in (*addresses(note), *note.references)}
    return {link for stretch in reread(post.text) for link in stretch.links} - known
