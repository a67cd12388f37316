from __future__ import annotations

import csv
import json
import time
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from notes.citing import bibliography, bibliography_json, bibtex, zotero
from notes.citing.bibliography import Bibliography, Reference, parse_bibliography, read_bibliography
from notes.citing.bibtex import plain
from notes.errors import ParseError

ATTENTION = Reference(
    key="vaswani2017",
    title="Attention Is All You Need",
    abstract="The dominant sequence transduction models are based on complex recurrent networks.",
    authors=("Ashish Vaswani", "Łukasz Kaiser"),
    year=2017,
    added=date(2024, 5, 6),
    keywords=("transformers", "attention"),
    arxiv_id="1706.03762",
    doi="10.48550/arxiv.1706.03762",
    url="https://arxiv.org/abs/1706.03762",
    lang="en",
)

BIBTEX = r"""
@comment{jabref-meta: databaseType:bibtex;}
@inproceedings{vaswani2017,
  title = {{Attention} Is All You Need},
  author = {Vaswani, Ashish and Kaiser, {\L}ukasz},
  year = 2017, month = jun,
  abstract = {The dominant sequence transduction models are based on
    complex recurrent networks.},
  keywords = {transformers, attention},
  eprint = {1706.03762}, archiveprefix = {arXiv}, doi = {10.48550/arXiv.1706.03762},
  url = {https://arxiv.org/abs/1706.03762}, timestamp = {2024-05-06 12:00:00 +0200},
}
"""
CSL = json.dumps(
    [
        {
            "id": "vaswani2017",
            "type": "paper-conference",
            "title": "Attention Is All You Need",
            "abstract": "<jats:p>The dominant sequence transduction models are based on complex recurrent networks.</jats:p>",
            "author": [{"family": "Vaswani", "given": "Ashish"}, {"literal": "Łukasz Kaiser"}],
            "issued": {"date-parts": [[2017, 6, 12]]},
            "accessed": {"date-parts": [["2024", 5, 6]]},
            "keyword": "transformers, attention",
            "DOI": "10.48550/arXiv.1706.03762",
            "URL": "https://arxiv.org/abs/1706.03762",
        }
    ]
)
BETTER = json.dumps(
    {
        "config": {"id": "36a3b0b5"},
        "items": [
            {"itemType": "attachment", "title": "Full Text PDF", "path": "/home/a/b.pdf"},
            {
                "itemType": "preprint",
                "citationKey": "vaswani2017",
                "title": "Attention Is All You Need",
                "abstractNote": "The dominant sequence transduction models are based on complex recurrent networks.",
                "creators": [
                    {"firstName": "Ashish", "lastName": "Vaswani", "creatorType": "author"},
                    {"name": "Łukasz Kaiser", "creatorType": "author"},
                    {"firstName": "An", "lastName": "Editor", "creatorType": "editor"},
                ],
                "date": "2017-06-12",
                "dateAdded": "2024-05-06T10:00:00Z",
                "tags": [{"tag": "transformers", "type": 1}, {"tag": "attention"}],
                "archiveID": "arXiv:1706.03762",
                "DOI": "10.48550/arXiv.1706.03762",
                "url": "https://arxiv.org/abs/1706.03762",
            },
        ],
    }
)
CSV = (
    '"Key","Item Type","Publication Year","Author","Title","DOI","Url","Abstract Note","Date Added","Manual Tags",'
    '"Automatic Tags","Extra"\r\n'
    '"vaswani2017","preprint","2017","Vaswani, Ashish; Kaiser, Łukasz","Attention Is All You Need",'
    '"10.48550/arXiv.1706.03762","https://arxiv.org/abs/1706.03762","The dominant sequence transduction models\r\nare based '
    'on complex recurrent networks.","2024-05-06 10:00:00","transformers","attention","arXiv:1706.03762 [cs]"\r\n'
    '"N1","note","","","A note of mine","","","","","","",""\r\n'
)
RDF = """<?xml version="1.0"?>
<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:z="http://www.zotero.org/namespaces/export#"
 xmlns:dcterms="http://purl.org/dc/terms/" xmlns:bib="http://purl.org/net/biblio#" xmlns:foaf="http://xmlns.com/foaf/0.1/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
 <bib:Journal><dc:title>A container, no work</dc:title></bib:Journal>
 <z:Attachment rdf:about="#item_2"><z:itemType>attachment</z:itemType><dc:title>PDF</dc:title></z:Attachment>
 <bib:Article rdf:about="vaswani2017"><z:itemType>preprint</z:itemType>
  <bib:authors><rdf:Seq>
   <rdf:li><foaf:Person><foaf:surname>Vaswani</foaf:surname><foaf:givenName>Ashish</foaf:givenName></foaf:Person></rdf:li>
   <rdf:li><foaf:Person><foaf:surname>Kaiser</foaf:surname><foaf:givenName>Łukasz</foaf:givenName></foaf:Person></rdf:li>
  </rdf:Seq></bib:authors>
  <dc:subject>transformers</dc:subject>
  <dc:subject><z:AutomaticTag><rdf:value>attention</rdf:value></z:AutomaticTag></dc:subject>
  <dc:title>Attention Is All You Need</dc:title>
  <dcterms:abstract>The dominant sequence transduction models are based on complex recurrent networks.</dcterms:abstract>
  <dc:date>2017-06-12</dc:date><dcterms:dateSubmitted>2024-05-06 10:00:00</dcterms:dateSubmitted>
  <dc:identifier>DOI 10.48550/arXiv.1706.03762</dc:identifier>
  <dc:identifier><dcterms:URI><rdf:value>https://arxiv.org/abs/1706.03762</rdf:value></dcterms:URI></dc:identifier>
 </bib:Article>
</rdf:RDF>"""

FORMATS = {"papers.bib": BIBTEX, "csl.json": CSL, "better.json": BETTER, "zotero.csv": CSV, "zotero.rdf": RDF}


@pytest.mark.parametrize("name", FORMATS)
def test_each_format_gives_the_same_work(name):
    assert parse_bibliography(FORMATS[name].encode(), name) == Bibliography((ATTENTION,))


@pytest.mark.parametrize("name", FORMATS)
def test_a_byte_order_mark_is_no_matter(name):
    assert parse_bibliography(b"\xef\xbb\xbf" + FORMATS[name].encode(), name).references == (ATTENTION,)


@pytest.mark.parametrize(
    ("tex", "text"),
    [
        (r"Schr{\"o}dinger", "Schrödinger"),
        (r"G{\"{o}}del", "Gödel"),
        (r"H\'el\`ene", "Hélène"),
        (r"{\'\i}nd{\i}ce", "índice"),
        (r"\c{c}a va, \v{S}koda", "ça va, Škoda"),
        (r"Stra{\ss}e, {\O}rsted, {\AA}", "Straße, Ørsted, Å"),
        (r"R\&D at 5\% \#1", "R&D at 5% #1"),
        (r"\emph{in vivo} and \textbf{{BERT}}", "in vivo and BERT"),
        ("pages~1--2", "pages 1--2"),
        (r"the $\alpha_1$ rate", r"the $\alpha_1$ rate"),
        ("大模型综述", "大模型综述"),
    ],
)
def test_tex_becomes_text(tex, text):
    assert plain(tex) == text


def test_a_chinese_library():
    found = parse_bibliography("@article{李2024, title={大语言模型的强化学习综述}, author={李, 明}}".encode(), "a.bib")
    (work,) = found.references
    assert (work.title, work.lang, work.authors) == ("大语言模型的强化学习综述", "zh-Hans", ("明 李",))


FAULTY = {
    "twice.bib": (
        "@article{a,title={One}}\n@article{a,title={Two}}\n",
        ["One"],
        "twice.bib:2: Duplicate entry key 'a'",
    ),
    "untitled.bib": ("@article{a,title={One}}\n@misc{b,year=2001}\n", ["One"], "untitled.bib:2: b has no title"),
    "untitled.json": ('[{"title": "One"}, {"id": 7}, 5]', ["One"], "untitled.json: item 2 has no title"),
    "untitled.csv": ("Item Type,Title\nbook,One\nbook,\n", ["One"], "untitled.csv:3: entry has no title"),
}


@pytest.mark.parametrize("name", FAULTY)
def test_an_entry_that_cannot_be_read_costs_only_itself(name):
    text, titles, fault = FAULTY[name]
    found = parse_bibliography(text.encode(), name)
    assert [one.title for one in found.references] == titles
    assert found.faults[0] == fault


ODD = {
    "kind.json": '[{"title": "One", "itemType": ["q"]}]',
    "kinds.json": '{"items": [{"title": "One", "itemType": {"a": 1}, "tags": [[1]], "creators": [{"creatorType": []}]}]}',
    "issued.json": '[{"title": "One", "issued": {"date-parts": [[[1], null]]}, "author": [7, {"family": []}]}]',
    "half.json": r'[{"title": "\ud800 One", "abstract": "x \udfff y", "keyword": "\ud800", "DOI": "10.1234/a\ud800", "id": "\udc00"}]',
    "notes.csv": f'Item Type,Title,Notes\nbook,One,"{"n" * 200_000}"\n',
}


@pytest.mark.parametrize("name", ODD)
def test_what_is_odd_in_an_entry_does_not_cost_the_library(name):
    limit = csv.field_size_limit()
    found = parse_bibliography(ODD[name].encode(), name)
    assert [one.title.removeprefix("\ufffd ") for one in found.references] == ["One"]
    assert found.faults == ()
    assert str(found).encode(), "no half of a character is left"
    assert csv.field_size_limit() == limit, "the limit of others stays"


@pytest.mark.parametrize("error", [TypeError, ValueError])
@pytest.mark.parametrize(
    ("name", "reader"),
    [("a.json", bibliography_json), ("a.bib", bibtex), ("a.csv", zotero), ("a.rdf", zotero)],
)
def test_whatever_an_entry_raises_is_a_fault_of_that_entry(name, reader, error, monkeypatch):
    def failing(**texts):
        raise error("cannot be read")

    monkeypatch.setattr(reader, "reference", failing)
    with pytest.raises(ParseError, match="cannot be read"):
        parse_bibliography(FORMATS[next(one for one in FORMATS if one.endswith(name[1:]))].encode(), name)


BILLION = '<!DOCTYPE a [<!ENTITY b "ha">' + "".join(
    f'<!ENTITY {chr(99 + n)} "{f"&{chr(98 + n)};" * 10}">' for n in range(9)
)
BROKEN = {
    "unclosed.bib": (b"\n@article{a, title={x" + b"{" * 100_000, "unclosed.bib:2: "),
    "empty.bib": (b"", "empty.bib:1: holds no BibTeX entry"),
    "ats.bib": (b"@" * 100_000, "ats.bib:1: holds no BibTeX entry"),
    "cut.json": (b'[{"title":\n "a"', "cut.json:2: not JSON"),
    "deep.json": (b"[" * 200_000, "deep.json:1: nested too deep"),
    "number.json": (b'[{"title": ' + b"9" * 50_000 + b"}]", "number.json:1: nested too deep or a number too long"),
    "other.json": (b'{"a": 1}', "other.json:1: neither CSL-JSON"),
    "columns.csv": (b"a,b\n1,2\n", "columns.csv:1: not Zotero's columns"),
    "quote.csv": (b'Item Type,Title\nbook,"a" b\n', "quote.csv:2: not CSV"),
    "cut.rdf": (b"<rdf>\n<a>", "cut.rdf:2: not XML"),
    "deep.rdf": (b"<a>" * 100_000, "deep.rdf:1: not XML"),
    "entities.rdf": (BILLION.encode() + b"]><a>&k;</a>", "entities.rdf:1: "),
    "utf16.csv": ("Item Type,Title\n".encode("utf-16"), "utf16.csv:1: "),
    "latin.bib": (b"@article{a,\ntitle={\xe9}}", "latin.bib:2: not UTF-8"),
    "what.docx": (b"PK", "what.docx: no known library format"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_what_is_no_library_is_refused_with_its_place(name):
    raw, place = BROKEN[name]
    with pytest.raises(ParseError) as refused:
        parse_bibliography(raw, name)
    assert refused.value.message.startswith(place)
    assert refused.value.hint


HEAVY = {
    "braces.bib": b"@article{a, title={" + b"{" * 50_000 + b"x" + b"}" * 50_000 + b"}}",
    "commands.bib": b"@article{a, title={x " + rb"\textbf{" * 50_000 + b"}" * 50_000 + b"}}",
    "accents.bib": b"@article{a, title={x " + rb"\'" * 200_000 + b"}}",
    "spaces.bib": b"@article{a, title={x}, author={" + b" and" * 100_000 + b" " * 100_000 + b"}}",
    "cycle.bib": b"@string{a = b}\n@string{b = a}\n@article{k, title = a # b}",
    "bomb.bib": b'@string{a0 = "x"}'
    + b"".join(b"@string{a%d = a%d # a%d}\n" % (n, n - 1, n - 1) for n in range(1, 60))
    + b"@article{k, title=a59}",
    "tags.json": b'[{"title": "x", "abstract": "' + b"<a" * 200_000 + b'"}]',
    "many.bib": b"".join(b"@article{k%d, title={T}, abstract={%s}}\n" % (n, b"word " * 60) for n in range(3000)),
}


@pytest.mark.parametrize("name", HEAVY)
def test_a_hostile_library_is_survived_in_time_that_grows_with_its_size(name):
    started = time.process_time()
    found = parse_bibliography(HEAVY[name], name)
    assert found.references
    assert max(len(one.title) for one in found.references) < 500_000
    assert time.process_time() - started < 20


@settings(max_examples=60, deadline=None)
@given(
    st.sampled_from(sorted(FORMATS)),
    st.lists(st.tuples(st.integers(0, 10_000), st.binary(max_size=3)), max_size=6),
)
def test_mutated_files_give_works_or_one_kind_of_error(name, cuts):
    raw = FORMATS[name].encode()
    for at, put in cuts:
        raw = raw[: at % len(raw)] + put + raw[at % len(raw) + 1 :]
    try:
        found = parse_bibliography(raw, name).references
    except ParseError as error:
        told, found = error.message, ()
    else:
        told = name
    assert told.startswith(name)
    assert all(one.title and "\n" not in one.title for one in found)


def test_a_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    path = tmp_path / "papers.bib"
    path.write_text(BIBTEX, "utf-8")
    assert read_bibliography(path).references == (ATTENTION,)
    with pytest.raises(ParseError, match="cannot be read"):
        read_bibliography(tmp_path / "none.bib")
    monkeypatch.setattr(bibliography, "MAX_BYTES", 100)
    with pytest.raises(ParseError, match="larger than"):
        read_bibliography(path)
