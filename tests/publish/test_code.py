"""A repository belongs to the work that it is of, not to all who link to it."""

from __future__ import annotations

import pytest

from publish.sources.code import codes_of
from tests.publish.newsroom import PRESS, vault_note

REPOSITORY = "https://github.com/USD-AI-ResearchLab/ai-care"


def note(number: int, title: str, *, url: str = "", references: tuple[str, ...] = (), arxiv_id: str = ""):
    return vault_note(number, title, "Text.", kind=PRESS, url=url, references=references, arxiv_id=arxiv_id)


OWNER = note(1, "Carbon next to accuracy", url=REPOSITORY)
NAMED = note(2, "AI-CARE: a metric", references=(REPOSITORY,), arxiv_id="2602.16042")
POINTING = note(3, "Our contribution to a global standard", references=(REPOSITORY,))
FAMILY = note(4, "BitNet Distillation", references=("https://github.com/microsoft/BitNet",))
SHORT = note(5, "RLX: x", references=("https://github.com/x/rl",))
NOTHING = note(6, "No code: here")


@pytest.mark.parametrize(
    ("works", "owners"),
    [
        ([OWNER, POINTING], [OWNER]),
        ([NAMED, POINTING], [NAMED]),
        ([OWNER, NAMED, POINTING], [OWNER, NAMED]),
        ([POINTING, NOTHING], [POINTING]),
        ([FAMILY], [FAMILY]),
        ([SHORT, NOTHING], [SHORT]),
    ],
    ids=["by address", "by name", "by both", "nobody's is the pointing one's", "a family's", "a short name"],
)
def test_whose_code(works, owners):
    assert set(codes_of([[work] for work in works])) == {work.id for work in owners}
