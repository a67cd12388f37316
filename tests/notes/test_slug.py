from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.text.slug import MAX_ID_BYTES, arxiv_tag, is_note_id, note_id, slugify, tag

DAY = date(2026, 2, 20)

SLUGS = {
    "english": ("SkillRL: Recursive RL", "skillrl-recursive-rl"),
    "simplified": ("2026年LLM研究趋势", "2026-nian-llm-yan-jiu-qu-shi"),
    "traditional as simplified": ("強化學習", "qiang-hua-xue-xi"),
    "accents": ("Schrödinger’s Sperlì", "schrodingers-sperli"),
    "latex": (r"$\mathcal{O}(n^2)$ \textbf{bold} $\beta$-VAE $\to$ x", "o-n-2-bold-beta-vae-x"),
    "greek": ("β-VAE", "beta-vae"),
    "full width": ("ＧＰＴ－４", "gpt-4"),
    "emoji only": ("🎉", "note"),
    "another alphabet": ("Большие", "note"),
    "empty": ("", "note"),
    "a name Windows keeps": ("CON", "con-note"),
    "path tricks": ("../../etc/passwd", "etc-passwd"),
}


@pytest.mark.parametrize(("title", "slug"), SLUGS.values(), ids=SLUGS.keys())
def test_slugs_are_ascii_words(title, slug):
    assert slugify(title, 80) == slug


@pytest.mark.parametrize(
    ("title", "size", "slug"),
    [
        ("alpha beta gamma", 10, "alpha-beta"),
        ("alpha beta gamma", 12, "alpha-beta"),
        ("alpha beta gamma", 16, "alpha-beta-gamma"),
        ("incomprehensibilities", 8, "incompre"),
    ],
    ids=["at a hyphen", "never within a word", "whole", "but for one long word"],
)
def test_slugs_are_cut_at_a_hyphen(title, size, slug):
    assert slugify(title, size) == slug


@given(st.text(), st.integers(4, 80))
def test_slugs_are_short_and_safe(title, size):
    slug = slugify(title, size)
    assert 0 < len(slug.encode()) <= size
    assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
    assert not slug.startswith("-")
    assert not slug.endswith("-")


@given(st.text(), st.integers(1, 99999))
def test_note_ids_are_note_ids(title, number):
    made = note_id(DAY, number, title)
    assert is_note_id(made)
    assert len(made.encode()) <= MAX_ID_BYTES


def test_note_id_of_the_design():
    title = "SkillRL: Recursive Skill-Augmented RL"
    assert note_id(DAY, 8, title) == "20260220-008-skillrl-recursive-skill-augmented-rl"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "20260220",
        "20260220-08-x",
        "20261340-001-x",
        "20260220-001-X",
        "20260220-001-a--b",
        "a" * 81,
        "20260220-001-x\n",
    ],
)
def test_what_is_no_note_id(text):
    assert not is_note_id(text)


def test_a_note_id_is_not_longer_than_a_note_id_may_be():
    assert not is_note_id("20260220-001-" + "a" * 70)


TAGS = {
    "spaces": ("Reinforcement Learning", "reinforcement-learning"),
    "dot": ("GPT-4.5", "gpt-4-5"),
    "digits only": ("2026", "n2026"),
    "digits and slash only": ("1/2", "n1/2"),
    "hash": ("#llm", "llm"),
    "levels": ("a//b/ /c", "a/b/c"),
    "chinese": ("强化学习", "强化学习"),
    "full width": ("ＲＬ", "rl"),
    "nothing left": ("!? 🎉", ""),
    "dataview": ("x:: y]]", "x-y"),
}


@pytest.mark.parametrize(("text", "expected"), TAGS.values(), ids=TAGS.keys())
def test_tags_obey_obsidian(text, expected):
    assert tag(text) == expected


@given(st.text())
def test_any_tag_obeys_obsidian(text):
    made = tag(text)
    assert all(
        character.isalnum() or character in "-_/" or character.isidentifier() or character.isprintable()
        for character in made
    )
    assert not any(character in made for character in " .#[]|^:,\"'")
    assert not made.replace("/", "").isdigit()


CATEGORIES = {
    "subject class": ("cs.LG", "arxiv/cs/LG"),
    "archive": ("quant-ph", "arxiv/quant-ph"),
    "long class": ("cond-mat.mes-hall", "arxiv/cond-mat/mes-hall"),
    "both names of a category kept twice": ("math.IT", "arxiv/cs/IT"),
    "spaces around": (" cs.CL ", "arxiv/cs/CL"),
    "no category": ("[[x]] y", ""),
    "empty": ("", ""),
}


@pytest.mark.parametrize(("category", "expected"), CATEGORIES.values(), ids=CATEGORIES.keys())
def test_arxiv_categories_become_tags(category, expected):
    assert arxiv_tag(category) == expected
