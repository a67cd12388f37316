"""The door for what a model wrote: an answer is taken whole or not at all, a sentence as plain text or not at all.

JSON that is broken is not repaired: whoever guesses what was meant invents. Taken off are only the two wrappings that models put
round an answer by habit, where they are complete: a block of reasoning before it, a code fence round it.

What a sentence *says* is the checker's to judge (:mod:`publish.checking.checker`), as it is of every writer's.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from notes.markup.inert import one_line
from notes.model import Role
from notes.text import sentences
from notes.text.language import cjk_share, detect, is_chinese
from publish.post.assignment import Part, Told
from publish.sources.addressed import is_report, is_title
from publish.writers.instructions import longest
from publish.writers.prompt import Prompt

__all__ = ["MAX_CHARACTERS", "Answer", "Door", "Unreadable", "fault", "read_answer"]

MAX_CHARACTERS = 40_000
_MOST_SENTENCES = 60
_MOST_NOTES = 40
_LEAST_REPEATED = 12  # characters: fewer are a name or a term

_REASONING = re.compile(r"\A\s*<think(?:ing)?>.*?</think(?:ing)?>", re.DOTALL | re.IGNORECASE)
_FENCE = re.compile(r"\A```(?:json)?[ \t]*\n(.*)\n```\Z", re.DOTALL | re.IGNORECASE)
_MARKUP = re.compile(
    r"https?:|www\.|\bmailto:|<[A-Za-z/!?]|&#?\w{1,32};|\[\[|\]\]|\]\(|!\[|\*\*|__|``|`|~~|\$\$|\{\{|\}\}|\{%|%\}|<%|%>|%%|::|^\s*(?:#{1,6}\s|[-*+>]\s)"
    r"|\|\s*-|[\[\]]\s*n\d+|\bn\d+\s*\]"
)
_ADDRESS = re.compile(r"(?<![\w@.-])(?:[a-z0-9-]+\.)+[a-z]{2,24}(?:/\S*)?(?![\w-])", re.IGNORECASE)
_QUOTED = re.compile(r"“[^”]*”|「[^」]*」|『[^』]*』|\"[^\"]*\"")
# A digest that says "we" speaks for itself, which is never what was meant.
_OWN_VOICE = re.compile(r"\b(?:[Ww]e|[Oo]urs?)\b(?!-)|我们|我們|本文|本研究|本论文|本論文|\b[Tt]his paper\b")
_NAME = re.compile(r"(?<![A-Za-z0-9])(?=[\w.-]*[A-Z0-9])[A-Za-z0-9][A-Za-z0-9.-]*")
_CHINESE_AT_LEAST = 0.25
_CHINESE_AT_MOST = 0.3

Door = Callable[[str, Prompt], str]
"""Gives the reason why a sentence may not come in, or an empty string."""


class Unreadable(Exception):  # noqa: N818 - a verdict on the answer, caught where it is asked for again
    """The answer is none; the reason is in our own words."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The sentences that came in, and the reasons why others did not."""

    told: tuple[Told, ...]
    refused: tuple[str, ...] = ()


def read_answer(content: str, prompt: Prompt, door: Door | None = None) -> Answer:
    """The sentences of an answer, with the ids of their notes. Raises Unreadable."""
    told: list[Told] = []
    refused: list[str] = []
    for entry in _entries(content):
        names, text = _names(entry), _text(entry)
        strange = [name for name in names if name not in prompt.names]
        role = _role(entry.get("role"))
        if strange or not names:
            refused.append("a note that it was not given" if strange else "no note")
            continue
        ids = tuple(dict.fromkeys(prompt.names[name] for name in names))
        for one in (text.rstrip(" .。"),) if prompt.part is Part.TITLE else sentences.split(text):
            reason = (door or fault)(one, prompt)
            if reason:
                refused.append(reason)
            else:
                told.append(Told(one_line(one), ids, role))
    return Answer(tuple(told[: prompt.most]), tuple(refused))


def fault(text: str, prompt: Prompt) -> str:
    """Why a sentence may not come in; empty when it may."""
    plain = unicodedata.normalize("NFC", " ".join(text.split()))
    if plain != one_line(text):
        return "invisible characters"
    # The other rules read what a sentence may hold, and are not made for forty thousand characters.
    if len(plain) > longest(prompt.part, prompt.language):
        return "too long"
    rules = {
        "empty": not plain,
        "markup or a link": _MARKUP.search(plain) or not _knows_addresses(plain, prompt),
        "another language": not _is_in(prompt.language, plain),
        "the voice of the authors": _OWN_VOICE.search(_QUOTED.sub(" ", plain)),
        "it speaks to somebody instead of reporting": not _reports(plain, prompt.part),
        "it repeats what it was told to do": _repeats(plain, prompt),
    }
    return next((reason for reason, holds in rules.items() if holds), "")


def _knows_addresses(text: str, prompt: Prompt) -> bool:
    """Whether all that looks like an address stands in the brief: Booking.com may be what a work is about."""
    return all(found in prompt.brief for found in _ADDRESS.findall(text))


def _repeats(text: str, prompt: Prompt) -> bool:
    """Whether a sentence is one of ours: what a model was told is no news, though no rule of the checker forbids it."""
    instructions = " ".join(f"{prompt.system} {prompt.user.replace(prompt.brief, ' ')}".split()).casefold()
    said = text.strip(" .:;。：；").casefold()
    return len(said) >= _LEAST_REPEATED and said in instructions


def _reports(text: str, part: Part) -> bool:
    return is_title(text) if part is Part.TITLE else is_report(text)


def _entries(content: str) -> list[Mapping[str, Any]]:
    if len(content) > MAX_CHARACTERS:
        raise Unreadable(f"it is longer than {MAX_CHARACTERS} characters")
    stripped = _REASONING.sub("", content, count=1).strip()
    fenced = _FENCE.match(stripped)
    try:
        document = json.loads(fenced[1] if fenced else stripped, parse_constant=_no_constant)
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is no JSON ({error.msg.lower()}, line {error.lineno} column {error.colno})") from None
    except (ValueError, RecursionError):
        raise Unreadable("it is no JSON that can be read") from None
    entries = document.get("sentences") if isinstance(document, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise Unreadable('it holds no list "sentences" of objects')
    if len(entries) > _MOST_SENTENCES:
        raise Unreadable(f"it holds more than {_MOST_SENTENCES} sentences")
    return entries


def _no_constant(name: str) -> None:
    raise ValueError(name)


def _text(entry: Mapping[str, Any]) -> str:
    text = entry.get("text")
    if not isinstance(text, str):
        raise Unreadable('a sentence has no "text"')
    return text


def _names(entry: Mapping[str, Any]) -> list[str]:
    names = entry.get("notes")
    if not isinstance(names, list) or len(names) > _MOST_NOTES or not all(isinstance(name, str) for name in names):
        raise Unreadable('the "notes" of a sentence are no list of ids')
    return names


def _role(given: object) -> Role | None:
    return next((role for role in Role if role.value == given), None)


def _is_in(language: str, text: str) -> bool:
    """Whether a sentence is in the reader's language, and in its script; a name alone is in any."""
    if not is_chinese(language):
        return cjk_share(text) <= _CHINESE_AT_MOST
    # Names stay Latin, and some sentences are names for the most part.
    share = max(cjk_share(text), cjk_share(_NAME.sub(" ", text)))
    # What shows neither script is called simplified; beside one traditional character it is not.
    shown = detect(f"{text}國") if language == "zh-Hant" else detect(text)
    return share >= _CHINESE_AT_LEAST and shown == language
