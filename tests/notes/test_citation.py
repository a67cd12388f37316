"""Notes as citations, and citation keys that stay what they are."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.citing.authors import Name
from notes.citing.citation import citation, citation_keys, is_citable
from notes.markup.document import read_note


def note(path="a.md", body="text", **properties):
    """A note as it is read from a file with these properties."""
    import yaml

    front = yaml.safe_dump(properties, allow_unicode=True, sort_keys=False) if properties else ""
    return read_note(path, f"---\n{front}---\n{body}\n".encode("utf-8", "surrogatepass"), mtime_ns=0)


def paper(arxiv_id="2602.08234", title="SkillRL: Recursive Skills", authors=("Wei Chen",), **more):
    stem = more.pop("id", f"20260220-001-{arxiv_id[-5:]}")
    return note(
        f"notes/2026/{stem}.md",
        id=stem,
        title=title,
        authors=list(authors),
        arxiv_id=arxiv_id,
        url=f"https://arxiv.org/abs/{arxiv_id}",
        created=date(2026, 2, 20),
        published=date(2026, 2, 18),
        source="arXiv",
        source_type="arxiv",
        tags=["arxiv/cs/LG", "agents"],
        **more,
    )


def key(one):
    return citation_keys([one])[one.id]


KEYS = {
    "a name of its own": (paper(), "chen2026skillrl"),
    "the first words that say something": (
        note(title="Why Language Models Hallucinate", authors=["Adam Kalai"], arxiv_id="2509.04664"),
        "kalai2025languagemodelshallucinate",
    ),
    "a coined word": (
        note(title="STEP3-VL-10B Technical Report", authors=["StepFun"], arxiv_id="2601.09668"),
        "stepfun2026step3vl10b",
    ),
    "chinese author and title": (
        note(title="遞歸語言模型讓智能體管理上下文", authors=["李雷"], doi="10.1234/abc", published=date(2026, 1, 2)),
        "li2026diguiyuyan",
    ),
    "no author: the source": (
        note(title="TrasMuon: x", source="arXiv", arxiv_id="2602.13498"),
        "arxiv2026trasmuon",
    ),
    "nobody": (note(title="On tea", doi="10.1234/tea"), "anonndtea"),
    "a formula": (
        note(title=r"Radial Attention: $O(n\log n)$ Sparse", authors=["Xingyang Li"], arxiv_id="2506.19852"),
        "li2025radialattention",
    ),
    "a title without letters": (note(title="???", authors=["A. Li"], doi="10.1234/x"), "li" + "nd" + "note"),
    "pinned by its owner": (note(title="x", citekey="Chen:2026/own"), "Chen:2026/own"),
    "pinned with Pandoc's sign": (note(title="x", citation_key="@chen2026"), "chen2026"),
}


@pytest.mark.parametrize(("one", "wanted"), KEYS.values(), ids=KEYS.keys())
def test_keys(one, wanted):
    assert key(one) == wanted


@pytest.mark.parametrize("pinned", ["a b", "x}", "", "é", "x" * 101, "-x", "a,b", "{", "%"])
def test_a_pinned_key_that_is_none_is_passed_over(pinned):
    assert re.fullmatch(r"[a-z0-9-]+", key(note(title="Tea", citekey=pinned)))


def test_a_post_ends_with_signs_of_its_id():
    one = note("one.md", title="This week in tea", source="Tea blog", published=date(2026, 2, 1))
    other = note("two.md", title="This week in tea", source="Tea blog", published=date(2026, 2, 8))
    assert re.fullmatch(r"teablog2026weektea-[a-z0-9]{3}", key(one))
    assert citation_keys([one, other]) == {"one": key(one), "two": key(other)}
    assert key(one) != key(other)


def test_of_two_papers_with_one_key_the_first_made_keeps_it():
    first = paper("2602.00001", id="20260220-001-a")
    second = paper("2602.00002", id="20260221-001-b")
    keys = citation_keys([second, first])
    assert keys[first.id] == key(first) == "chen2026skillrl"
    assert re.fullmatch(r"chen2026skillrl-[a-z0-9]{3}", keys[second.id])


TITLES = st.sampled_from(["SkillRL: x", "Tea", "This week", "遞歸語言模型", "Language models of tea", "???", "week 12"])
NOTES = st.lists(
    st.tuples(TITLES, st.sampled_from(["Wei Chen", "李雷", ""]), st.booleans(), st.integers(1, 28)), max_size=12
)


def made(number, title, author, is_paper, day):
    more = {"doi": f"10.1234/{number}"} if is_paper else {}
    stem = f"202602{day:02d}-{number:03d}-x"
    return note(f"{stem}.md", id=stem, title=title, authors=[author], created=date(2026, 2, day), **more)


@given(NOTES)
@settings(max_examples=100, deadline=None)
def test_keys_are_distinct_and_fit_for_tex(several):
    notes = [made(number, *one) for number, one in enumerate(several)]
    keys = citation_keys(notes)
    assert keys.keys() == {one.id for one in notes}
    assert len({found.casefold() for found in keys.values()}) == len(notes)
    assert all(re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)?", found) for found in keys.values())


@given(NOTES, st.integers(0, 12), st.randoms())
@settings(max_examples=100, deadline=None)
def test_no_key_changes_when_notes_come(several, known, order):
    notes = sorted((made(number, *one) for number, one in enumerate(several)), key=lambda one: (one.created, one.id))
    before = citation_keys(notes[:known])
    order.shuffle(notes)
    after = citation_keys(notes)
    assert {name: after[name] for name in before} == before


@given(NOTES, st.sets(st.integers(0, 11)))
@settings(max_examples=100, deadline=None)
def test_the_key_of_a_post_comes_from_the_post_alone(several, gone):
    notes = [made(number, title, author, False, day) for number, (title, author, _, day) in enumerate(several)]
    left = [one for number, one in enumerate(notes) if number not in gone]
    assert citation_keys(left).items() <= citation_keys(notes).items()


def test_what_a_note_says():
    one = citation(paper(doi="10.1234/AbC", abstract="unused"), "k")
    assert (one.title, one.names, one.others) == ("SkillRL: Recursive Skills", (Name("Chen", "Wei"),), False)
    assert (one.issued, one.accessed) == ((2026, 2, 18), date(2026, 2, 20))
    assert (one.arxiv_id, one.category, one.doi) == ("2602.08234", "cs.LG", "10.1234/abc")
    assert (one.url, one.container) == ("https://arxiv.org/abs/2602.08234", "")
    assert one.tags == ("arxiv/cs/LG", "agents")


ISSUED = {
    "published": ({"published": date(2026, 2, 18)}, (2026, 2, 18)),
    "date": ({"date": date(2025, 3, 1)}, (2025, 3, 1)),
    "a year": ({"year": 1931}, (1931,)),
    "year and month": ({"date": "2025-07"}, (2025, 7)),
    "of the arXiv id": ({"arxiv_id": "2509.04664"}, (2025, 9)),
    "a post younger than its paper": ({"arxiv_id": "2509.04664", "published": date(2026, 2, 1)}, (2025, 9)),
    "announced a month after": ({"arxiv_id": "2509.04664", "published": date(2025, 10, 1)}, (2025, 10, 1)),
    "an old arXiv id tells none": ({"arxiv_id": "hep-th/9901001"}, ()),
    "made only": ({"created": date(2026, 2, 18)}, ()),
    "no date": ({"published": "soon", "year": "MMXXVI"}, ()),
}


@pytest.mark.parametrize(("properties", "issued"), ISSUED.values(), ids=ISSUED.keys())
def test_when_it_was_issued(properties, issued):
    assert citation(note(title="x", **properties), "k").issued == issued


def test_written_by_hand():
    one = note(
        title="The Art of Tea",
        author="Okakura, Kakuzō",
        year=1906,
        journal="Tea Studies",
        DOI="https://doi.org/10.1234/TEA",
        url="javascript:alert(1)",
        body="# x\n\n## Abstract\n\nTea is a *religion*.\n",
    )
    told = citation(one, "k")
    assert (told.container, told.is_article, told.doi, told.url) == ("Tea Studies", True, "10.1234/tea", "")
    assert told.abstract == "Tea is a religion."
    assert told.accessed is None


def test_the_paper_of_an_address():
    told = citation(note(title="x", url="https://www.arxiv.org/pdf/2601.09668v2"), "k")
    assert told.arxiv_id == "2601.09668"
    assert citation(note(title="x", url="https://e.org/?u=https://arxiv.org/abs/2601.09668"), "k").arxiv_id == ""
    assert citation(note(title="x", url="https://doi.org/10.48550/arXiv.2601.09668"), "k").doi == ""


@pytest.mark.parametrize(
    ("properties", "citable"),
    [
        ({}, False),
        ({"tags": ["diary"]}, False),
        ({"url": "https://e.org/a"}, True),
        ({"url": "javascript:alert(1)"}, False),
        ({"authors": ["Ada Lovelace"]}, True),
        ({"source": "Tea blog"}, True),
        ({"doi": "10.1234/tea"}, True),
        ({"arxiv_id": "2601.09668"}, True),
    ],
    ids=str,
)
def test_what_is_worth_citing(properties, citable):
    assert is_citable(note(**properties)) is citable


@settings(deadline=None)
@given(st.dictionaries(st.sampled_from(["title", "authors", "doi", "year", "date", "citekey", "url"]), st.text()))
def test_no_frontmatter_raises(properties):
    one = note(**properties)
    told = citation(one, key(one))
    assert told.title
    assert "\n" not in told.title
