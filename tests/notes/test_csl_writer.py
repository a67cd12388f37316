"""CSL-JSON with the fields and types of the schema, and nothing else."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest

from notes.citing.authors import Name
from notes.citing.citation import Citation
from notes.citing.csl_writer import csl_item

POST = Citation(
    key="teablog2026tea-x7k",
    note_id="a",
    title="On tea",
    names=(Name("李", "雷"), Name("King", "Martin", "Jr."), Name("Qwen Team", literal=True)),
    issued=(2026, 2),
    accessed=date(2026, 2, 20),
    container="Tea blog",
    source_type="rss",
    url="https://tea.example.org/a",
    doi="10.1234/tea",
    abstract="Tea is told.",
    tags=("tea", "blog"),
    lang="en",
)


def test_an_item():
    assert csl_item(POST) == {
        "id": "teablog2026tea-x7k",
        "citation-key": "teablog2026tea-x7k",
        "type": "post-weblog",
        "title": "On tea",
        "author": [
            {"family": "李", "given": "雷"},
            {"family": "King", "given": "Martin", "suffix": "Jr."},
            {"literal": "Qwen Team"},
        ],
        "issued": {"date-parts": [[2026, 2]]},
        "accessed": {"date-parts": [[2026, 2, 20]]},
        "container-title": "Tea blog",
        "DOI": "10.1234/tea",
        "URL": "https://tea.example.org/a",
        "abstract": "Tea is told.",
        "keyword": "tea, blog",
        "language": "en",
    }


TYPES = {
    "preprint": ({"arxiv_id": "2602.08234", "source_type": "arxiv"}, "article"),
    "article": ({"is_article": True, "arxiv_id": "2602.08234"}, "article-journal"),
    "page": ({"source_type": "web"}, "webpage"),
    "page by its address": ({"source_type": ""}, "webpage"),
    "document": ({"source_type": "", "url": ""}, "document"),
}


@pytest.mark.parametrize(("fields", "kind"), TYPES.values(), ids=TYPES.keys())
def test_types(fields, kind):
    assert csl_item(replace(POST, **fields))["type"] == kind


def test_a_preprint_names_arxiv():
    item = csl_item(replace(POST, arxiv_id="2602.08234", container=""))
    assert (item["publisher"], item["number"]) == ("arXiv", "arXiv:2602.08234")
    assert "container-title" not in item


def test_what_is_not_known_is_left_out():
    assert csl_item(Citation(key="k", note_id="a", title="x")) == {
        "id": "k",
        "citation-key": "k",
        "type": "document",
        "title": "x",
    }
    assert json.loads(json.dumps(csl_item(POST))) == csl_item(POST)
