"""Requests and completions: what each endpoint minds, and what comes back from it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.errors import WriterError
from publish.writers.chat import Completion, Format, Manner, Refusal, Sampling, adapted, completion_of, request
from publish.writers.prompt import prompt_for
from tests.publish.model_desk import assignment

PROMPT = prompt_for(assignment(), audience="", size=4_000)


def body(manner: Manner, **sampling: Any) -> dict[str, Any]:
    assert PROMPT is not None
    return request(PROMPT, PROMPT.messages, Sampling("m", **sampling), manner)


def test_the_first_request_asks_for_a_strict_schema():
    asked = body(Manner())
    assert asked["response_format"]["json_schema"]["strict"] is True
    assert asked["response_format"]["json_schema"]["schema"]["additionalProperties"] is False
    assert {name: asked[name] for name in ("model", "max_tokens", "temperature", "seed", "stream")} == {
        "model": "m",
        "max_tokens": 2_000,
        "temperature": 0.0,
        "seed": 7,
        "stream": False,
    }
    assert "reasoning_effort" not in asked
    assert body(Manner(), effort="low")["reasoning_effort"] == "low"


def test_what_an_endpoint_minds_is_left_out():
    bare = body(
        Manner(Format.PLAIN, "max_completion_tokens", has_temperature=False, has_seed=False, has_effort=False),
        effort="low",
    )
    assert set(bare) == {"model", "messages", "stream", "max_completion_tokens"}
    assert body(Manner(Format.OBJECT))["response_format"] == {"type": "json_object"}


@pytest.mark.parametrize(
    ("words", "change"),
    [
        (
            "max_tokens 'max_tokens' is not supported. Use 'max_completion_tokens' instead.",
            {"limit": "max_completion_tokens"},
        ),
        ("temperature Unsupported value", {"has_temperature": False}),
        ("reasoning_effort is not known", {"has_effort": False}),
        ("seed: extra fields not permitted", {"has_seed": False}),
        ("response_format.type: must be text or json_object", {"format": Format.OBJECT}),
        ("something else entirely", {"format": Format.OBJECT}),
        ("", {"format": Format.OBJECT}),
    ],
)
def test_what_it_minds_it_is_not_sent_again(words, change):
    other = adapted(Manner(), words)
    assert other is not None
    (changed,) = change.items()
    assert getattr(other, changed[0]) == changed[1]
    assert other != Manner()


def test_a_long_prompt_is_no_matter_of_manners():
    assert adapted(Manner(), "maximum context length is 4096 tokens") is None
    assert adapted(Manner(), "the request exceeds the available context size") is None


@given(
    st.lists(
        st.sampled_from(["max_completion_tokens", "temperature", "seed", "reasoning", "json_schema", "?"]), min_size=9
    )
)
def test_whatever_it_minds_there_is_an_end(words):
    manner: Manner | None = Manner()
    steps = 0
    for word in words * 3:
        if manner is None:
            break
        manner, steps = adapted(manner, word), steps + 1
    assert steps <= 7


def choice(message: object, finish: str = "stop", **more: object) -> dict[str, object]:
    return {"choices": [{"message": message, "finish_reason": finish}], **more}


def test_text_and_usage_are_read():
    usage = {"prompt_tokens": 3, "completion_tokens": 5, "total_tokens": 8}
    assert completion_of(choice({"content": "x"}, usage=usage)) == Completion("x", 3, 5)
    assert completion_of(choice({"content": [{"type": "text", "text": "x"}, {"type": "image"}, 7]})) == Completion("x")


@pytest.mark.parametrize(
    ("document", "why"),
    [
        (choice({"content": "half"}, "length"), "cut off"),
        (choice({"content": "x"}, "content_filter"), "declined"),
        (choice({"content": None, "refusal": "no"}), "declined"),
        (choice({"content": None, "tool_calls": [{}]}, "tool_calls"), "tool"),
        (choice({"content": "", "reasoning": "hm"}), "thought"),
        (choice({"content": "  "}), "no text"),
        (choice(None), "no text"),
    ],
)
def test_what_is_no_text_is_a_refusal_with_its_usage(document, why):
    with pytest.raises(Refusal, match=why) as caught:
        completion_of(document | {"usage": {"prompt_tokens": 3}})
    assert caught.value.completion.prompt_tokens == 3


@pytest.mark.parametrize(
    ("document", "status"),
    [
        ({"choices": {}}, None),
        ({"choices": []}, None),
        ({"choices": [None]}, None),
        (None, None),
        ("text", None),
        ({"error": {"message": "overloaded", "code": 503}}, 503),
        ({"error": {"message": "overloaded", "code": "rate_limit"}}, None),
        ({"error": "no", "code": 10**9}, None),
    ],
)
def test_what_is_no_completion_is_the_endpoints_trouble(document, status):
    with pytest.raises(WriterError, match="without a completion") as caught:
        completion_of(document)
    assert caught.value.status == status


LEAVES = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9)
NAMES = ["choices", "message", "content", "finish_reason", "usage", "prompt_tokens", "type", "text", "refusal"]
DOCUMENTS = st.recursive(
    LEAVES, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=5)
)


@given(DOCUMENTS)
def test_whatever_comes_is_a_completion_or_a_refusal(document):
    try:
        found = completion_of(document)
    except Refusal as refusal:
        found = refusal.completion
    except WriterError:
        return
    assert isinstance(found.content, str)
    assert found.prompt_tokens is None or found.prompt_tokens >= 0
