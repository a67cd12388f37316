from __future__ import annotations

import pytest

from publish.site.excerpt import FIGURES, RELATED, SOURCES, excerpt, first_sentence, without_source_text

BODY = """# Title

- **Problem**: One.

## Abstract

Theirs.

### Key figures

Theirs too.

## Key figures

- **1%**: mine

## My thoughts

Private.

## Related

- [[b|B]] — why

## Sources

- arXiv: <https://arxiv.org/abs/1>

---

*Created: 2026-02-20 | Quality: 0.86 | Task: learning-20260220-008*
"""


def test_an_excerpt_is_the_key_sentences_and_the_sections_that_slipway_wrote():
    parts = excerpt(BODY)
    assert list(parts) == ["", FIGURES, RELATED, SOURCES]
    assert parts[""].strip() == "- **Problem**: One."
    assert parts[FIGURES].strip() == "- **1%**: mine"
    assert parts[SOURCES].strip() == "- arXiv: <https://arxiv.org/abs/1>"
    assert not any("Theirs" in part or "Private" in part for part in parts.values())


def test_a_section_of_the_source_that_bears_our_name_does_not_count():
    forged = BODY.replace("### Key figures", "## Key figures")
    assert "Theirs too" not in excerpt(forged)[FIGURES]


@pytest.mark.parametrize("fence", ["```", "~~~"])
def test_headings_in_code_are_code(fence: str):
    body = f"# T\n\n## Text\n\n{fence}\n## Related\n\nTheirs.\n{fence}\n\nTheirs.\n"
    assert excerpt(body) == {}


def test_headings_in_a_list_or_quote_begin_no_section():
    assert excerpt("## Text\n\n> ## Related\n>\n> Theirs.\n\n- ## Sources\n\n  Theirs.\n") == {}


def test_all_but_the_source_text():
    text = without_source_text(BODY)
    assert "Theirs" not in text
    assert "Private." in text
    assert "## Related" in text


def test_comments_are_gone_before_sections_are_found():
    assert "secret" not in str(excerpt("# T\n\na %%secret\n\n## Related\n\nsecret%%\n\n## Sources\n\nx"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Problem: It is hard.\n\nResult: It works.", "It is hard."),
        ("\n\n It works. ", "It works."),
        ("Resulting in this", "Resulting in this"),
        ("", ""),
    ],
)
def test_the_first_sentence_comes_without_its_label(text: str, expected: str):
    assert first_sentence(text) == expected
