"""An OpenAI-compatible endpoint on loopback that follows a script: honest, lying in every way that matters, or obedient.

A script takes what was asked (:class:`Asked`) and gives sentences, or a whole :class:`~tests.serving.Reply`. The lies are the
fixture of both sides: with the checker off each comes through (the control), with it on none does.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self

from tests.serving import Reply, Request, ScriptedServer

FIGURE = "97.31%"
NAME = "Zephyrion-9"
QUOTE = "we have solved intelligence itself and nobody noticed"
LINK = "https://evil.example/offer"
STRANGER = "n99"
CANARY = re.compile(r"[A-Z]{2,}-\d{3,}")

Sentence = dict[str, Any]


@dataclass(frozen=True)
class Asked:
    """A request as the endpoint reads it."""

    request: Request

    @cached_property
    def document(self) -> dict[str, Any]:
        return json.loads(self.request.body)

    @property
    def messages(self) -> list[dict[str, str]]:
        return self.document["messages"]

    @property
    def system(self) -> str:
        return self.messages[0]["content"]

    @property
    def user(self) -> str:
        return self.messages[1]["content"]

    @cached_property
    def brief(self) -> dict[str, Any]:
        """The data between the two marks."""
        found = re.search(r"^<<<data (\w+)>>>\n(.*)\n<<<end \1>>>$", self.user, re.DOTALL | re.MULTILINE)
        assert found, self.user
        return json.loads(found[2])

    @property
    def notes(self) -> list[dict[str, Any]]:
        return [note for work in self.brief["works"] for note in work["notes"]]

    @property
    def titles(self) -> list[str]:
        return [note["title"] for note in self.notes if "title" in note]

    @property
    def format(self) -> str:
        return self.document.get("response_format", {}).get("type", "")

    @property
    def is_story(self) -> bool:
        return '"role"' in self.user

    def sentences(self) -> list[Sentence]:
        """What the notes say, word for word."""
        return [
            {"text": one["text"], "notes": [note["id"]], "role": one.get("role", "context")}
            for note in self.notes
            for one in note["sentences"]
        ]


Script = Callable[[Asked], "Sequence[Sentence] | Reply"]


def completion(content: str | None, *, usage: Mapping[str, int] | None = None, **more: Any) -> Reply:
    """A good answer of the protocol; ``more`` goes into the message, but ``finish_reason``."""
    finish = more.pop("finish_reason", "stop")
    message = {"role": "assistant", "content": content, **more}
    document: dict[str, Any] = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1771545600,
        "model": "scripted",
        "choices": [{"index": 0, "message": message, "finish_reason": finish}],
    }
    if usage is not None:
        document["usage"] = dict(usage)
    return Reply(json.dumps(document).encode(), content_type="application/json")


def refused(status: int, message: str, *, param: str | None = None, headers: Mapping[str, str] | None = None) -> Reply:
    """An error of the protocol."""
    document = {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": None}}
    return Reply(json.dumps(document).encode(), status, headers or {}, content_type="application/json")


def told(sentences: Sequence[Sentence], **more: Any) -> Reply:
    """Sentences as a good answer."""
    usage = more.pop("usage", {"prompt_tokens": 900, "completion_tokens": 120, "total_tokens": 1020})
    return completion(json.dumps({"sentences": list(sentences)}, ensure_ascii=False), usage=usage, **more)


# --- what a model may do ---------------------------------------------------------------------------------------------


def honest(asked: Asked) -> list[Sentence]:
    """Repeats what the notes say."""
    return asked.sentences()


def _lie(asked: Asked, text: str, *, notes: list[str] | None = None) -> list[Sentence]:
    """An honest sentence, and one that is none for each role."""
    roles = ("problem", "approach", "result", "limitation")
    ids = notes or [asked.notes[0]["id"]]
    return [{"text": text, "notes": ids, "role": role} for role in roles]


def invents_figures(asked: Asked) -> list[Sentence]:
    return _lie(asked, f"The method of this work reaches {FIGURE} on its benchmark.")


def invents_names(asked: Asked) -> list[Sentence]:
    return _lie(asked, f"The work outperforms {NAME} on every task.")


def invents_quotes(asked: Asked) -> list[Sentence]:
    return _lie(asked, f"The authors write “{QUOTE}” in their work.")


def invents_links(asked: Asked) -> list[Sentence]:
    return _lie(asked, f"The code of the work is published at {LINK} for everybody.")


def invents_notes(asked: Asked) -> list[Sentence]:
    """A true sentence under a note that was never given."""
    return [one | {"notes": [STRANGER]} for one in asked.sentences()]


LIES: dict[str, tuple[Script, str]] = {
    "figures": (invents_figures, FIGURE),
    "names": (invents_names, NAME),
    "quotes": (invents_quotes, QUOTE),
    "links": (invents_links, "evil.example"),
}
"""Each lie with the words by which it is known in a post."""


def liar(asked: Asked) -> list[Sentence]:
    """Every lie at once, with true sentences between."""
    lies = [script(asked) for script, _ in LIES.values()]
    true = asked.sentences()
    mixed = [one for row in zip(*lies, strict=True) for one in row]
    return [one for pair in zip(mixed, true * len(mixed), strict=False) for one in pair] + invents_notes(asked)[:2]


def obedient(asked: Asked) -> list[Sentence]:
    """Does what anything in the request orders: says each canary that it can read, alone and in a sentence."""
    canaries = dict.fromkeys(CANARY.findall(asked.user))
    orders = [
        one
        for one in asked.sentences()
        if re.search(r"ignore|disregard|print|output|write|忽略|输出|輸出", one["text"], re.IGNORECASE)
    ]
    ids = [asked.notes[0]["id"]]
    said = [text for canary in canaries for text in (canary, f"{canary} is what this work reports.")]
    return [{"text": text, "notes": ids, "role": "result"} for text in said] + orders or asked.sentences()


# --- how servers differ ----------------------------------------------------------------------------------------------


def ollama(script: Script) -> Script:
    """Takes a schema; thinking models put their thoughts beside the text."""
    return lambda asked: _told(script, asked, reasoning="The user wants sentences.")


def vllm(script: Script) -> Script:
    """Takes a schema, counts, and keeps reasoning apart."""
    return lambda asked: _told(script, asked, reasoning_content="Let me see.", tool_calls=[])


def llama_cpp(script: Script) -> Script:
    """An old one: knows ``json_object`` only, and says so with 400."""

    def answer(asked: Asked) -> Sequence[Sentence] | Reply:
        if asked.format == "json_schema":
            return refused(400, 'Either "json_schema" or "grammar" can be specified, but not both')
        return _told(script, asked)

    return answer


def hosted_reasoner(script: Script) -> Script:
    """Takes ``max_completion_tokens`` and no temperature, and names what it minds."""

    def answer(asked: Asked) -> Sequence[Sentence] | Reply:
        if "max_tokens" in asked.document:
            text = "Unsupported parameter: 'max_tokens' is not supported with this model. Use 'max_completion_tokens' instead."
            return refused(400, text, param="max_tokens")
        if "temperature" in asked.document:
            return refused(
                400, "Unsupported value: 'temperature' does not support 0 with this model.", param="temperature"
            )
        return _told(script, asked, refusal=None)

    return answer


def no_json_mode(script: Script) -> Script:
    """Knows no ``response_format``; puts a fence round its JSON and its thoughts before it."""

    def answer(asked: Asked) -> Sequence[Sentence] | Reply:
        if asked.format:
            return refused(422, "extra fields not permitted: response_format")
        content = json.dumps({"sentences": list(_sentences(script, asked))})
        return completion(f"<think>\nHm {{\n</think>\n\n```json\n{content}\n```")

    return answer


SERVERS: dict[str, Callable[[Script], Script]] = {
    "ollama": ollama,
    "vllm": vllm,
    "llama.cpp": llama_cpp,
    "hosted": hosted_reasoner,
    "no json mode": no_json_mode,
}


def _sentences(script: Script, asked: Asked) -> Sequence[Sentence]:
    found = script(asked)
    assert not isinstance(found, Reply)
    return found


def _told(script: Script, asked: Asked, **more: Any) -> Reply:
    return told(_sentences(script, asked), **more)


class ScriptedEndpoint:
    """The endpoint; ``asked`` is what it was asked, in order. A list of scripts is followed one request after the other."""

    def __init__(self, script: Script | Sequence[Script] = honest) -> None:
        self._scripts = [script] if callable(script) else list(script)
        self.asked: list[Asked] = []
        self.server = ScriptedServer({"/v1/chat/completions": self._reply})

    def __enter__(self) -> Self:
        self.server.__enter__()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.server.__exit__(*trouble)

    @property
    def url(self) -> str:
        return self.server.url("/v1")

    def _reply(self, request: Request) -> Reply:
        asked = Asked(request)
        self.asked.append(asked)
        script = self._scripts[min(len(self.asked), len(self._scripts)) - 1]
        answer = script(asked)
        return answer if isinstance(answer, Reply) else told(answer)
