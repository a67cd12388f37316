"""The evidence of a note is its source's text, whoever wrote the note."""

from __future__ import annotations

from notes.markup.document import read_note
from notes.model import SourceType
from publish.sources.evidence import addresses, carriers, contains, source_text, witness
from tests.publish.newsroom import OWN, SKILLRL, also_in, vault_note


def test_text_of_a_note_of_slipway_is_the_source_alone():
    text = source_text(SKILLRL)
    assert text.startswith("Agents trained by reinforcement learning")
    assert "Key figures" not in text
    assert "Quality" not in text
    assert "github.com" not in text


def test_subheadings_of_an_article_belong_to_it():
    note = vault_note(1, "Article", "One is told here.\n\nTwo is told there.", kind=SourceType.WEB)
    headed = read_note(note.path, _headed(note.body).encode(), mtime_ns=0)
    assert "Two is told there." in source_text(headed)
    assert "Created" not in source_text(headed)


def test_text_of_a_note_of_the_user_is_its_body():
    assert source_text(OWN) == "Agents need memory more than tools."


def test_a_note_whose_text_section_was_taken_out_still_has_its_body():
    raw = "---\nsource_type: arxiv\n---\n\n# T\n\nA line of mine.\n\n## Sources\n\n- elsewhere 77%\n"
    note = read_note("n.md", raw.encode(), mtime_ns=0)
    assert source_text(note) == "A line of mine."


def test_contains_minds_words_not_line_breaks():
    assert contains(SKILLRL, "which makes tasks of fifty\nand more steps  difficult to learn")
    assert contains(SKILLRL, "SkillRL: Recursive Skill-Augmented")
    assert not contains(SKILLRL, "which makes tasks of sixty")
    assert not contains(SKILLRL, "arXiv")


def test_names_of_source_and_addresses_are_witness():
    assert "arXiv" in witness(SKILLRL)
    assert addresses(SKILLRL) == ("https://arxiv.org/abs/2602.08234", "https://github.com/skill-rl/skillrl")
    assert addresses(OWN) == ()


def _headed(body: str) -> str:
    return "---\nsource_type: web\n---\n" + body.replace("Two is told", "### Part\n\nTwo is told")


def test_carriers_are_read_from_the_sources_section_of_notes_of_slipway():
    carried = also_in(
        SKILLRL, "Lab notes: <https://x.example/1>", "A: b “c”: “Title (1)” <https://x.example/2>", "36\\*氪"
    )
    assert carriers([carried, SKILLRL]) == ("arXiv", "Lab notes", "A: b “c”", "36*氪")
    assert "36*氪" in witness(carried)
    assert carriers([OWN]) == ()
    told = vault_note(1, "Talk", "- Also in Nature (2026-02-20)", source="Lab blog")
    assert carriers([told]) == ("Lab blog",), "the words of a source count nothing"
