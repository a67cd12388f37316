"""Requests and completions of the chat protocol, and how they differ between those who speak it. Pure.

One form is asked for first (``json_schema``, ``max_tokens``, ``temperature``, ``seed``); an endpoint that minds one of these
says so with 400 or 422, mostly by name, and is asked again without: Ollama and vLLM know JSON schemas, older llama.cpp knows
``json_object``, hosted reasoning models take ``max_completion_tokens`` and no temperature.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from notes.errors import WriterError
from publish.writers.prompt import Prompt

__all__ = ["Completion", "Format", "Manner", "Refusal", "Sampling", "adapted", "completion_of", "request"]

_MOST_TOKENS = 10_000_000
# No other manner makes a prompt shorter.
_TOO_LONG = ("context length", "context window", "context size", "context_length", "too long", "exceed")


class Format(StrEnum):
    """How an endpoint is held to JSON."""

    SCHEMA = "schema"
    OBJECT = "object"
    PLAIN = "plain"


_WEAKER = {Format.SCHEMA: Format.OBJECT, Format.OBJECT: Format.PLAIN}


@dataclass(frozen=True, slots=True)
class Sampling:
    """What decides an answer beside the prompt; ``effort`` is that of reasoning models, empty to leave it to them."""

    model: str
    temperature: float = 0.0
    seed: int = 7
    answer_tokens: int = 2_000
    effort: str = ""


@dataclass(frozen=True, slots=True)
class Manner:
    """What an endpoint takes."""

    format: Format = Format.SCHEMA
    limit: str = "max_tokens"
    has_temperature: bool = True
    has_seed: bool = True
    has_effort: bool = True


@dataclass(frozen=True, slots=True)
class Completion:
    """What came back: the text, and the tokens as the endpoint counted them, where it did."""

    content: str
    prompt_tokens: int | None = None
    answer_tokens: int | None = None


class Refusal(Exception):  # noqa: N818 - an answer of the model, which is kept like any other
    """The model gave no text to read; the reason is in our own words."""

    def __init__(self, reason: str, completion: Completion) -> None:
        super().__init__(reason)
        self.completion = completion


def request(
    prompt: Prompt, messages: Sequence[Mapping[str, str]], sampling: Sampling, manner: Manner
) -> dict[str, Any]:
    """The body of a request."""
    body: dict[str, Any] = {
        "model": sampling.model,
        "messages": [dict(message) for message in messages],
        "stream": False,
        manner.limit: sampling.answer_tokens,
    }
    if manner.has_temperature:
        body["temperature"] = sampling.temperature
    if manner.has_seed:
        body["seed"] = sampling.seed
    if manner.has_effort and sampling.effort:
        body["reasoning_effort"] = sampling.effort
    if manner.format is Format.SCHEMA:
        named = {"name": "sentences", "strict": True, "schema": prompt.schema}
        body["response_format"] = {"type": "json_schema", "json_schema": named}
    elif manner.format is Format.OBJECT:
        body["response_format"] = {"type": "json_object"}
    return body


def adapted(manner: Manner, named: str) -> Manner | None:
    """The manner to try after a refusal in which ``named`` are the endpoint's words; None when nothing is left to try."""
    words = named.casefold()
    if any(size in words for size in _TOO_LONG):
        return None
    minded: tuple[tuple[str, bool, dict[str, Any]], ...] = (
        ("max_completion_tokens", manner.limit == "max_tokens", {"limit": "max_completion_tokens"}),
        ("temperature", manner.has_temperature, {"has_temperature": False}),
        ("reasoning", manner.has_effort, {"has_effort": False}),
        ("seed", manner.has_seed, {"has_seed": False}),
    )
    change = next((change for word, is_new, change in minded if is_new and word in words), None)
    if change is None and manner.format in _WEAKER:
        change = {"format": _WEAKER[manner.format]}
    return replace(manner, **change) if change else None


def completion_of(document: object) -> Completion:
    """The completion in an answer. Raises Refusal when the model gave no text to read, WriterError when it was not the model."""
    answer = document if isinstance(document, dict) else {}
    prompt_tokens, answer_tokens = _usage(answer.get("usage"))
    choices = answer.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices and isinstance(choices[0], dict) else None
    if choice is None:
        raise _no_completion(answer)
    message = choice.get("message")
    told = message if isinstance(message, dict) else {}
    found = Completion(_content(told.get("content")), prompt_tokens, answer_tokens)
    if reason := _refused(choice, told, found.content):
        raise Refusal(reason, found)
    return found


def _no_completion(answer: Mapping[str, Any]) -> WriterError:
    """Routers answer 200 with an error in it, and the status of whom they asked as its code: weather, not the model's word."""
    error = answer.get("error")
    code = error.get("code") if isinstance(error, dict) else None
    status = code if isinstance(code, int) and 100 <= code <= 599 else None
    told = f" (an error, {status})" if status else " (an error)" if error else ""
    return WriterError(f"the endpoint answered without a completion{told}", hint="is it a chat API?", status=status)


def _refused(choice: Mapping[str, Any], message: Mapping[str, Any], content: str) -> str:
    if choice.get("finish_reason") == "length":
        return "it was cut off at the limit of tokens (`answer_tokens`)"
    if choice.get("finish_reason") == "content_filter" or message.get("refusal"):
        return "the model declined"
    if content.strip():
        return ""
    if message.get("tool_calls") or message.get("function_call"):
        return "the model called a tool instead of answering"
    thought = message.get("reasoning_content") or message.get("reasoning")
    return "the model thought and said nothing" if thought else "it holds no text"


def _content(given: object) -> str:
    """Text, or parts of text, as both are in use."""
    if isinstance(given, str):
        return given
    parts = given if isinstance(given, list) else []
    texts = (
        part.get("text") for part in parts if isinstance(part, dict) and part.get("type") in ("text", "output_text")
    )
    return "".join(text for text in texts if isinstance(text, str))


def _usage(given: object) -> tuple[int | None, int | None]:
    usage = given if isinstance(given, dict) else {}
    return _tokens(usage.get("prompt_tokens")), _tokens(usage.get("completion_tokens"))


def _tokens(given: object) -> int | None:
    is_count = isinstance(given, int) and not isinstance(given, bool) and 0 <= given <= _MOST_TOKENS
    return given if is_count and isinstance(given, int) else None
