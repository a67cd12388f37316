"""What concerns the readers: by words of the sources alone."""

from __future__ import annotations

import pytest

from notes.model import Role
from publish.sources.concerns import places_in, speaking_of
from publish.sources.extract import Quote
from publish.wording.forms import Concern


def quotes(*texts: str) -> list[Quote]:
    return [Quote(text, Role.CONTEXT, "n", "und") for text in texts]


@pytest.mark.parametrize(
    ("audience", "places"),
    [
        ("香港的研究者", ("香港",)),
        ("researchers in Hong Kong", ("hong kong",)),
        ("researchers", ()),
        ("研究者", ()),
    ],
)
def test_the_place_in_the_name_of_an_audience(audience, places):
    assert places_in(audience) == places


@pytest.mark.parametrize(
    ("concern", "text"),
    [
        (Concern.PLACE, "對重視國際排名的香港學界，如何守住原創性仍是未解的問題。"),
        (Concern.COMPUTE, "手機和邊緣裝置難以負擔。"),
        (Concern.COMPUTE, "It runs on a Raspberry Pi 4 with 4 GB of memory."),
        (Concern.DEPLOYMENT, "幻覺是醫療、法律、金融等高風險場景應用 AI 的最大障礙。"),
        (Concern.WRITING, "AI 寫作工具令論文多了五成。"),
        (Concern.EDUCATION, "The tool was tried in classrooms."),
    ],
)
def test_a_sentence_speaks_of_a_concern(concern, text):
    plain = "The method reaches 58% on a benchmark."
    found = speaking_of(concern, quotes(plain, text), ("香港",))
    assert found is not None
    assert found.text == text
    assert speaking_of(concern, quotes(plain), ("香港",)) is None


def test_without_a_place_nothing_names_it():
    assert speaking_of(Concern.PLACE, quotes("香港學界如何守住原創性。"), ()) is None
