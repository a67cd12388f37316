"""A model writer as tests want it: against an endpoint on loopback, with small limits, and without waiting."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from notes.model import VaultNote
from publish.post.assignment import Assignment, Part
from publish.sources.brief import Story, stories
from publish.writers.answers import Answers
from publish.writers.chat import Sampling
from publish.writers.endpoint import Endpoint
from publish.writers.model_writer import ModelWriter, Terms
from publish.writers.spending import Limits, Purse
from tests.publish.newsroom import LINKS, SKILLRL, SKILLRL_PRESS, TOPICS


def story_of(*notes: VaultNote, language: str = "en") -> Story:
    """The one work that the notes tell."""
    (story,) = stories(notes, LINKS, TOPICS, language=language)
    return story


SKILL = story_of(SKILLRL, SKILLRL_PRESS)


def assignment(*told: Story, part: Part = Part.STORY, **changes: Any) -> Assignment:
    return Assignment(part=part, stories=told or (SKILL,), **({"most": 8} | changes))


def writer(url: str, folder: Path, *, night: str = "2026-02-20", **changes: Any) -> ModelWriter:
    """A writer; ``changes`` go to whatever knows them by name."""
    changes = {"answer_seconds": 20.0, "model": "scripted", "sleep": lambda _: None} | changes

    def named(*names: str) -> dict[str, Any]:
        return {name: changes.pop(name) for name in names if name in changes}

    limits = Limits(**named("seconds", "answer_seconds", "tokens", "cost", "price_in", "price_out"))
    sampling = Sampling(**named("model", "temperature", "seed", "answer_tokens", "effort"))
    endpoint = Endpoint(url, **named("key", "proxy", "max_bytes"))
    terms = Terms(sampling=sampling, **named("audience", "size", "retries", "manner", "is_fixed"))
    purse = Purse(folder / "spent.json", night, limits)
    return ModelWriter(endpoint, terms, answers=Answers(folder / "answers"), purse=purse, **changes)
