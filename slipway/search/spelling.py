"""What a person means by the name of a tag, a source, a topic or a language; a name that nothing bears names the nearest."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from typing import NoReturn

from notes.errors import UsageError
from notes.markup.terminal import terminal
from notes.text.fold import fold
from notes.text.slug import slugify
from slipway.search.shelf_names import ShelfNames, folded_tag

__all__ = ["lang_meant", "source_meant", "tag_meant", "topic_meant"]

_SHOWN = 5
_CLOSE_ENOUGH = 0.75  # of four letters one may be another, of three none
_TOLD = 80  # characters of what was typed, in a message
_LANGS = {
    "english": "en",
    "chinese": "zh",
    "中文": "zh",
    "zh-cn": "zh-hans",
    "zh-sg": "zh-hans",
    "简体": "zh-hans",
    "zh-tw": "zh-hant",
    "zh-hk": "zh-hant",
    "繁体": "zh-hant",
}


def tag_meant(names: ShelfNames, said: str) -> str:
    """The tag as documents spell it, the commonest spelling of several; UsageError when none has it or one below it."""
    if said.removeprefix("#").strip("/") in names.tags:
        return said
    wanted = folded_tag(said)
    spellings = [tag for tag in names.tags if folded_tag(tag) == wanted]
    if not spellings:
        _unknown("has the tag", said, wanted, {folded_tag(tag): tag for tag in names.tags}, names.tags)
    return min(spellings, key=lambda tag: (-names.tags[tag], tag))


def source_meant(names: ShelfNames, said: str) -> tuple[str, ...]:
    """What documents of the source are marked with: a name, that of a key in slipway.toml, or the only one that holds it."""
    wanted = fold(said.strip())
    found = [source for source in names.sources if fold(source) == wanted]
    for key in names.source_keys:
        if fold(key) == wanted:
            found += [title for title in names.titles_of(key) if title in names.sources]
    found = found or _only(source for source in names.sources if wanted and wanted in fold(source))
    if not found:
        known = {fold(key): key for key in names.source_keys} | {fold(source): source for source in names.sources}
        _unknown("is from", said, wanted, known, names.sources)
    return tuple(dict.fromkeys(found))


def lang_meant(names: ShelfNames, said: str) -> tuple[str, ...]:
    """The languages of documents that are ``said`` or a variant of it: ``zh`` is also ``zh-Hant``."""
    wanted = fold(said.strip())
    wanted = _LANGS.get(wanted, wanted)
    found = [lang for lang in names.langs if fold(lang) == wanted or fold(lang).startswith(f"{wanted}-")]
    if not found:
        _unknown("is in", said, wanted, {fold(lang): lang for lang in names.langs}, names.langs)
    return tuple(found)


def topic_meant(names: ShelfNames, said: str) -> str:
    """The id of the topic: by id, by name, or the only one that has it in its name."""
    wanted, slug = fold(said.strip()), slugify(fold(said)).removeprefix("topic-")
    by_name = {fold(name): topic for topic, name in names.topics.items()}
    for topic in names.topics:
        if topic in (said, slug, f"topic-{slug}") or topic.removeprefix("topic-") == slug:
            return topic
    part = _only({topic for name, topic in by_name.items() if wanted and wanted in name})
    found = by_name.get(wanted) or (part[0] if part else "")
    return found or _unknown("is of the topic", said, wanted, _called(names), dict.fromkeys(names.topics.values(), 0))


def _called(names: ShelfNames) -> Mapping[str, str]:
    """What each topic may be called, mistyped: its name, its id, and the words of the name."""
    known: dict[str, str] = {}
    for topic, name in names.topics.items():
        for spelling in (fold(name), topic, *fold(name).split()):
            known.setdefault(spelling, name)
    return known


def _only(found: Iterable[str]) -> list[str]:
    every = list(found)
    return every if len(every) == 1 else []


def _unknown(what: str, said: str, wanted: str, known: Mapping[str, str], numbers: Mapping[str, int]) -> NoReturn:
    """Raise UsageError with the name most like it, else with the commonest ones."""
    near = difflib.get_close_matches(wanted[:_TOLD], known, n=1, cutoff=_CLOSE_ENOUGH)
    commonest = sorted(numbers, key=lambda name: (-numbers[name], name))
    some = ", ".join(terminal(name) for name in commonest[:_SHOWN])
    some += f" … and {len(commonest) - _SHOWN:,} more" if len(commonest) > _SHOWN else ""
    more = f"there are {some}" if some else "there are none yet; `slipway run` does the night"
    hint = f"did you mean {terminal(known[near[0]])!r}?" if near else more
    raise UsageError(f"no document {what} {said[:_TOLD]!r}", hint=hint)
