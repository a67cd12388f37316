"""A clause cut out of a list that "respectively" deals out is no true quote."""

from __future__ import annotations

import pytest

from notes.model import Claim
from publish.checking.checker import examine
from publish.sources.dealing import breaks_list
from tests.publish.newsroom import vault_note

PROVER = "Prover-V2 achieves 95.08% and 41.4% on the MiniF2F and ProofNet test sets respectively."
WITH_SIZE = "We propose a 3B model, which reaches 95%, 70.5% and 41% on A, B and C, respectively, at 2 dollars a run."
HAN = "模型在 MiniF2F 和 ProofNet 上分别达到 95.08% 和 41.4%，推理提速 3 倍。"


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        pytest.param("41.4% on the MiniF2F", PROVER, id="the second with the first name"),
        pytest.param("95.08% and 41.4% on the MiniF2F", PROVER, id="both with one name"),
        pytest.param("Prover-V2 achieves 95.08%", PROVER, id="the first alone"),
        pytest.param(
            "41.4% on the MiniF2F and ProofNet test sets respectively", PROVER, id="with the word, without the first"
        ),
        pytest.param("70.5% and 41% on A", WITH_SIZE, id="of three"),
        pytest.param("模型在 MiniF2F 和 ProofNet 上分别达到 95.08%", HAN, id="Chinese"),
    ],
)
def test_a_part_of_a_list_that_is_dealt_out(part, sentence):
    note = vault_note(7, "Prover", f"Proofs are hard. {sentence}")
    assert breaks_list(part, sentence)
    claim = Claim(f"Prover: “{part}”", (note.id,), (part,))
    assert "deals out" in examine(claim, {note.id: note})


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        pytest.param(PROVER, PROVER, id="the whole sentence"),
        pytest.param(
            "achieves 95.08% and 41.4% on the MiniF2F and ProofNet test sets respectively", PROVER, id="the whole list"
        ),
        pytest.param("We propose a 3B model", WITH_SIZE, id="a figure of no list"),
        pytest.param("at 2 dollars a run", WITH_SIZE, id="a figure after it"),
        pytest.param("推理提速 3 倍", HAN, id="a figure after it in Chinese"),
        pytest.param("在 MiniF2F 和 ProofNet 上分别达到 95.08% 和 41.4%", HAN, id="the whole list in Chinese"),
        pytest.param("reaches 95%", "It reaches 95% and 41% on A and B.", id="nothing is dealt out"),
    ],
)
def test_what_may_be_cut(part, sentence):
    note = vault_note(7, "Prover", f"Proofs are hard. {sentence}")
    assert not breaks_list(part, sentence)
    assert examine(Claim(f"Prover: “{part}”", (note.id,), (part,)), {note.id: note}) == ""


def test_a_part_that_stands_elsewhere_as_well_may_be_quoted():
    note = vault_note(7, "Prover", f"{PROVER} On ProofNet it is 41.4% on the MiniF2F scale.")
    part = "41.4% on the MiniF2F"
    assert examine(Claim(f"“{part}”", (note.id,), (part,)), {note.id: note}) == ""
