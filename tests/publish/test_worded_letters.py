"""Names, figures, quotes and addresses in disguise; the control of each is the same sentence under no writer's name."""

from __future__ import annotations

import pytest

from publish.checking.checker import examine
from tests.publish.test_worded import HAN, NOTES, SKILL, claim, note

SHOWN = "achieves a success rate of 89.9% on ALFWorld."
GREEK = note(
    "greek",
    "A λ-calculus for agents",
    "2602.07777",
    "We train µ-Agent with β = 2. CO2 falls by ½, by an order of magnitude.",
)
DISGUISED = {
    "a Greek letter": f"\u0396ephyrion {SHOWN}",
    "Cyrillic letters alone": f"\u0417\u0435\u0444\u0438\u0440 {SHOWN}",
    "full width": f"\uff3aephyrion {SHOWN}",
    "letters of mathematics": f"\U0001d5ed\U0001d5f2\U0001d5fd {SHOWN}",
    "a letter with a rare accent": f"\u1e90ephyrion {SHOWN}",
    "small capitals": f"\u1d22\u1d07\u1d18 {SHOWN}",
    "in a circle": f"\u24cfephyrion {SHOWN}",
    "Cherokee": f"\u13c3ephyrion {SHOWN}",
    "without its capital": f"zephyrion {SHOWN}",
    "superscript figures": "SkillRL achieves a success rate of \u2079\u2079% on ALFWorld.",
    "a fraction": "SkillRL solves \u215e of the tasks on ALFWorld.",
    "figures in circles": "SkillRL needs \u2468\u2468 samples on ALFWorld.",
    "a dozen": "SkillRL needs a dozen samples on ALFWorld.",
    "four times in a word": "SkillRL is quadrupling the success rate on ALFWorld.",
    "an order of magnitude": "SkillRL is an order of magnitude faster on ALFWorld.",
    "thousands": "SkillRL is trained on thousands of tasks.",
    "single angles": "The authors say \u2039this changes everything forever\u203a.",
    "low quotes": "The authors say \u201ethis changes everything forever\u201f.",
    "guillemets turned": "The authors say \u00bbthis changes everything forever\u00ab.",
    "heavy quotes": "The authors say \u275dthis changes everything forever\u275e.",
    "a quotation without end": "The authors say \u201cthis changes everything forever.",
    "a dot that is none": "The code is at evil\u2024com, says SkillRL.",
    "a dot of full width": "The code is at evil\uff0ecom, says SkillRL.",
    "a domain in Cyrillic": "The code is at evil.\u0440\u0444, says SkillRL.",
    "numbers for a host": "The code of SkillRL is at 10.10.2.2/x.",
    "slashes without a scheme": "The code is at hxxps//evil/x, says SkillRL.",
}
IN_CHINESE = {
    "Hangul": "\uc81c\ud53c\ub9ac\uc628 讓延遲降低 40%，速度提升三倍。",
    "full width": "Ｚｅｐｈ 讓延遲降低 40%，速度提升三倍。",
    "financial numerals": "RLM 讓延遲降低玖拾％，很多。",
    "tens": "RLM 讓延遲降低，速度提升數十倍。",
    "a numeral of its own": "RLM 讓延遲降低，速度提升廿倍。",
    "magnitudes": "RLM 讓速度提升一個數量級。",
    "doubled twice": "RLM 讓速度翻了兩番。",
    "angles": "作者表示〈這項成果將徹底改變整個世界的面貌〉，並指出延遲降低 40%。",
    "vertical marks": "作者表示﹁這項成果將徹底改變整個世界的面貌﹂，並指出延遲降低 40%。",
}


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in DISGUISED.items()])
def test_no_disguise_passes(text):
    assert examine(claim(text, SKILL.id), NOTES)
    assert examine(claim(text, SKILL.id, writer=""), NOTES) == "", "the control comes through"


@pytest.mark.parametrize("text", [pytest.param(text, id=name) for name, text in IN_CHINESE.items()])
def test_no_disguise_passes_in_chinese(text):
    assert examine(claim(text, HAN.id), NOTES)
    assert examine(claim(text, HAN.id, writer=""), NOTES) == "", "the control comes through"


@pytest.mark.parametrize(
    "text",
    [
        "The λ-calculus of µ-Agent uses β = 2.",
        "CO₂ falls by ½ — “an order of magnitude” — for µ-Agent’s runs.",
        "µ-Agent 使 CO₂ 下降一個數量級（β = 2）。",
        "The naïve method is ≥ 2 × better; µ-Agent’s “calculus” is …",
    ],
    ids=["letters", "signs", "in Chinese", "Latin-1"],
)
def test_what_the_notes_hold_stands(text):
    notes = NOTES | {GREEK.id: GREEK}
    assert "stands in none of its notes so" not in examine(claim(text, GREEK.id), notes)
    assert "another kind" not in examine(claim(text, GREEK.id), notes)
