"""BibTeX that says what the note says, whoever reads it, and that no title can break out of."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.citing import bibtex_writer
from notes.citing.authors import Name
from notes.citing.bibtex_writer import bibtex, entry, tex
from notes.citing.citation import Citation
from notes.identity import doi
from notes.text.visible import one_line

PAPER = Citation(
    key="chen2026skillrl",
    note_id="20260220-001-skillrl",
    title="SkillRL: Evolving Agents via Recursive Skills",
    names=(Name("Chen", "Wei"), Name("Qwen Team", literal=True)),
    others=True,
    issued=(2026, 2, 18),
    accessed=date(2026, 2, 20),
    url="https://arxiv.org/abs/2602.08234",
    arxiv_id="2602.08234",
    category="cs.LG",
    tags=("arxiv/cs/LG", "agents_of_x"),
)

WHOLE = r"""@misc{chen2026skillrl,
  author = {Chen, Wei and {Qwen Team} and others},
  title = {{SkillRL}: Evolving Agents via Recursive Skills},
  year = {2026},
  month = feb,
  eprint = {2602.08234},
  archivePrefix = {arXiv},
  primaryClass = {cs.LG},
  url = {https://arxiv.org/abs/2602.08234},
  urldate = {2026-02-20},
  keywords = {arxiv/cs/LG, agents\_of\_x},
}
"""


def test_an_entry():
    assert entry(PAPER) == WHOLE
    assert bibtex([PAPER, PAPER]) == f"{WHOLE}\n{WHOLE}"
    assert bibtex([]) == ""


def test_an_article():
    told = entry(replace(PAPER, is_article=True, container="Tea & Co", doi="10.1234/a_b%c", names=(), issued=()))
    assert told.startswith("@article{")
    assert r"journal = {Tea \& Co}" in told
    # biblatex and the styles of BibTeX take addresses and DOIs as they stand.
    assert "doi = {10.1234/a_b%c}" in told
    assert "author" not in told
    assert "year" not in told


DOIS = {
    "signs": ("10.1234/a_b%c#d&e", "10.1234/a_b%c#d&e"),
    "a page with braces": ("10.1002/x<1:},title={e>3.0;2-o", "10.1002/x<1:%7D,title=%7Be>3.0;2-o"),
    "a backslash": ("10.1002/x<1:\\>3.0;2-o", "10.1002/x<1:%5C>3.0;2-o"),
    "what looks like an escape": ("10.1002/x<1:%7b>3.0;2-o", "10.1002/x<1:%257b>3.0;2-o"),
}


@pytest.mark.parametrize(("told", "wanted"), DOIS.values(), ids=DOIS.keys())
def test_a_doi_stays_in_its_field_and_is_read_back(told, wanted):
    ((_, _, fields), following) = read_back(bibtex([replace(PAPER, doi=told), PAPER]))
    assert fields["doi"] == wanted
    assert following[1] == PAPER.key
    assert doi(fields["doi"]) == told


TEXTS = {
    "the ten": (
        r"# $ % & _ { } ~ ^ \ ",
        r"\# \$ \% \& \_ {\textbraceleft} {\textbraceright} {\textasciitilde} {\textasciicircum} {\textbackslash}",
    ),
    "letters stay": ("Schütze 李雷 α", "Schütze 李雷 α"),
    "an entry": ("@misc{x,", r"{@}misc{\textbraceleft}x,"),
    "lines": ("a\n\nb\tc\x1b[2J", "a b c [2J"),
    "a formula": (r"$O(n\log n)$ is 5% more", r"$O(n\log n)$ is 5\% more"),
    "money": ("$5 and $6", r"\$5 and \$6"),
    "money and a formula": ("$5 and $x^2$", r"\$5 and $x^2$"),
    "a formula that does something": (r"$\input{x}$", r"\${\textbackslash}input{\textbraceleft}x{\textbraceright}\$"),
    "a formula whose braces TeX alone balances": (r"$\{x$", r"\${\textbackslash}{\textbraceleft}x\$"),
    "a formula with written braces": (r"$\{x\}$", r"$\{x\}$"),
}


@pytest.mark.parametrize(("text", "wanted"), TEXTS.values(), ids=TEXTS.keys())
def test_tex(text, wanted):
    assert tex(text) == wanted


TITLES = {
    "a coined word": ("DeepSeek-R1: Incentivizing", "{DeepSeek-R1}: Incentivizing"),
    "acronyms": ("Using LLMs for GUI work", "Using {LLMs} for {GUI} work"),
    "compounds in title case": ("Long-Context Trust-Region Memory", "Long-Context Trust-Region Memory"),
    "a compound with a name": ("LAM-based navigation", "{LAM-based} navigation"),
    "names in sentence case": ("What Muon did to training of models", "What {Muon} did to training of models"),
    "a sentence after a colon": ("On tea: Making it for more people", "On tea: Making it for more people"),
    "numbers": ("GPT-4 and 11B in 2026", "{GPT-4} and {11B} in 2026"),
    "a formula": ("Attention in $O(n^2)$ steps", "Attention in {$O(n^2)$} steps"),
    "chinese": ("智能體 GPT", "智能體 {GPT}"),
}


@pytest.mark.parametrize(("title", "wanted"), TITLES.values(), ids=TITLES.keys())
def test_names_in_titles_keep_their_capitals(title, wanted):
    assert f"  title = {{{wanted}}},\n" in entry(replace(PAPER, title=title))


AUTHORS = {
    "chinese": (Name("李", "雷"), "李, 雷"),
    "suffix": (Name("King", "Martin", "Jr."), "King, Jr., Martin"),
    "a team with and": (Name("Cats and Dogs Lab", literal=True), "{Cats and Dogs Lab}"),
    "a comma within": (Name("a, b", "c"), "{a, b}, c"),
    "and within": (Name("a", "b and c"), "a, {b and c}"),
    "braces": (Name("}, evil = {", literal=True), r"{{\textbraceright}, evil = {\textbraceleft}}"),
}


@pytest.mark.parametrize(("name", "wanted"), AUTHORS.values(), ids=AUTHORS.keys())
def test_authors(name, wanted):
    assert f"  author = {{{wanted}}},\n" in entry(replace(PAPER, names=(name,), others=False))


# --- what a reader reads back --------------------------------------------------------------------------------------

HOSTILE = st.text(
    st.one_of(
        st.sampled_from("{}\\%@$#&_~^\",=\n\r\t()[]<>*`'|"),
        st.sampled_from("abzAZ09 李é\u200b\x1b\ud800"),
        st.characters(),
    )
).filter(one_line)  # a citation's texts are never empty
PAYLOADS = [
    "}, title = {x",
    "}\n@misc{evil, title={x}}",
    "@article{x,",
    "\\}",
    "{\\",
    "$\\{x$",
    "$\\}x\\{$",
    "a % b } c",
    '" # x # "',
    "@comment{",
    "@string{x = {y}}",
    "{" * 50,
    "}" * 50,
    "\\input{/etc/passwd}",
    "\\write18{x}",
]


def read_back(text: str) -> list[tuple[str, str, dict[str, str]]]:
    """The entries as BibTeX itself reads them (Patashnik, BibTeXing, 1988): type, key, fields. A brace counts, whatever is before it."""
    found = []
    position = 0
    while (at := text.find("@", position)) >= 0:
        head = re.compile(r"@(\w+)\s*\{([^,\s{}\"#%'()=]+),\s*").match(text, at)
        assert head, text[at : at + 40]
        fields, position = {}, head.end()
        while text[position] != "}":
            name = re.compile(r"(\w+) = ").match(text, position)
            assert name, text[position : position + 40]
            fields[name[1]], position = value(text, name.end())
            assert text[position : position + 2] == ",\n"
            position = re.compile(r"\s*").match(text, position + 1).end()
        found.append((head[1], head[2], fields))
        position += 1
    return found


def value(text: str, start: int) -> tuple[str, int]:
    if text[start] != "{":
        word = re.compile(r"\w+").match(text, start)
        return word[0], word.end()
    depth = 0
    for position in range(start, len(text)):
        depth += (text[position] == "{") - (text[position] == "}")
        if depth == 0:
            return text[start + 1 : position], position + 1
    raise AssertionError("a brace stays open")


SHOWN = {
    "textbraceleft": "{",
    "textbraceright": "}",
    "textbackslash": "\\",
    "textasciitilde": "~",
    "textasciicircum": "^",
}


def as_shown(written: str) -> str:
    """What LaTeX would print of a text: commands as their signs, grouping braces as nothing, a formula as it stands."""
    pieces = re.split(r"(?<!\\)(\$(?:[^$\\]|\\.)*\$)", written)
    return "".join(piece if number % 2 else _plain(piece) for number, piece in enumerate(pieces))


def _plain(written: str) -> str:
    return re.sub(
        r"\{\\(text\w+)\}|\\([#$%&_])|[{}]",
        lambda match: SHOWN[match[1]] if match[1] else match[2] or "",
        written,
    )


@pytest.mark.parametrize("title", PAYLOADS)
def test_no_title_breaks_out(title):
    (kind, key, fields), (_, following, _) = read_back(bibtex([replace(PAPER, title=title), PAPER]))
    assert (kind, key, following) == ("misc", PAPER.key, PAPER.key)
    assert list(fields) == [name for _, _, known in read_back(WHOLE) for name in known]
    assert as_shown(fields["title"]) == one_line(title)


def test_without_the_escapes_a_title_would_break_out(monkeypatch):
    """The positive control of the test above."""
    monkeypatch.setattr(bibtex_writer, "_SPECIAL", {})
    with pytest.raises(AssertionError):
        test_no_title_breaks_out(PAYLOADS[0])


SHARED = os.environ.get("SLIPWAY_DATA", "")


@pytest.mark.data
@pytest.mark.skipif(not SHARED, reason="SLIPWAY_DATA is not set")
def test_every_hostile_text_that_we_know_stays_text():
    folder = Path(SHARED) / "security"
    rows = [
        line
        for name in ("obsidian", "terminal", "xss")
        for line in (folder / f"{name}.jsonl").read_text("utf-8").splitlines()
    ]
    payloads = [json.loads(row)["payload"] for row in rows] + json.loads((folder / "naughty.json").read_text("utf-8"))
    texts = [text for text in payloads if one_line(text)]
    assert len(texts) > 500
    told = [
        replace(PAPER, key=f"k{n}", title=text, container=text, names=(Name(text, literal=True),))
        for n, text in enumerate(texts)
    ]
    found = read_back(bibtex(told))
    assert [as_shown(fields["title"]) for _, _, fields in found] == [one_line(text) for text in texts]
    assert [as_shown(fields["howpublished"]) for _, _, fields in found] == [one_line(text) for text in texts]
    assert not set(bibtex(told)) & set(map(chr, [*range(10), *range(11, 32), *range(127, 160), 0x202E]))


@given(HOSTILE, HOSTILE, HOSTILE, HOSTILE)
@settings(max_examples=300, deadline=None)
def test_what_bibtex_reads_is_what_the_note_says(title, family, given, tag):
    names = (Name(one_line(family), one_line(given)), Name(one_line(family), literal=True))
    told = replace(
        PAPER, title=title, names=names, others=False, tags=(one_line(tag),), container=one_line(given), is_article=True
    )
    ((_, key, fields),) = read_back(bibtex([told]))
    assert key == PAPER.key
    assert as_shown(fields["title"]) == one_line(title)
    assert as_shown(fields.get("journal", "")) == one_line(given)
    assert as_shown(fields.get("keywords", "")) == one_line(tag.replace(",", " "))
    assert len(re.split(r"(?i) and (?![^{]*\})", fields["author"])) >= 1
    assert set(re.sub(r"[^\x00-\x1f\x7f-\x9f]", "", bibtex([told]))) <= {"\n"}


@given(st.lists(HOSTILE, min_size=1, max_size=4))
@settings(max_examples=150, deadline=None)
def test_what_bibtexparser_reads_is_what_was_written(titles):
    bibtexparser = pytest.importorskip("bibtexparser")
    told = [replace(PAPER, title=title, key=f"k{number}") for number, title in enumerate(titles)]
    library = bibtexparser.parse_string(bibtex(told))
    assert library.failed_blocks == []
    assert [one.key for one in library.entries] == [one.key for one in told]
    assert [one["title"] for one in library.entries] == [fields["title"] for _, _, fields in read_back(bibtex(told))]
    assert [one["eprint"] for one in library.entries] == [PAPER.arxiv_id] * len(told)


@given(HOSTILE, HOSTILE)
@settings(max_examples=150, deadline=None)
def test_what_pybtex_reads_is_what_was_written(title, family):
    database = pytest.importorskip("pybtex.database", reason="no pybtex: BibTeX is read back by the other two")
    names = (Name("Chen", "Wei"), Name(one_line(family), literal=True))
    told = bibtex([replace(PAPER, title=title, names=names, others=False)])
    found = database.parse_string(told, "bibtex").entries
    assert list(found) == [PAPER.key]
    # It makes one blank of several, and we write none double.
    assert found[PAPER.key].fields["title"] == read_back(told)[0][2]["title"]
    people = found[PAPER.key].persons["author"]
    assert [as_shown("".join(one.last_names)) for one in people] == ["Chen", one_line(family)]
