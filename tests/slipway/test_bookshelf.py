"""The libraries that slipway.toml names: read once a night, each work once, and looked at by the doctor."""

from __future__ import annotations

import pytest

from slipway.bookshelf import read_papers
from slipway.doctor import _libraries
from tests.slipway.nights import Box

ENTRIES = (
    "@article{a, title={Skills of agents}, doi={10.1000/A}, author={Li, Lei}}\n@article{b, title={Bread}, year=2020}\n"
)


@pytest.fixture
def box(tmp_path):
    (tmp_path / "one.bib").write_text(ENTRIES)
    (tmp_path / "two.bib").write_text(
        "@article{c, title={Skills of agents, again}, doi={10.1000/a}}\n@article{d, title={Lifts}}\n"
    )
    (tmp_path / "broken.bib").write_bytes(b"\0")
    return Box(tmp_path, 'library = ["one.bib", "two.bib"]')


def test_each_work_is_read_once(box):
    with box.app() as app:
        papers = read_papers(app)
        assert sorted(paper.document.title for paper in papers) == ["Bread", "Lifts", "Skills of agents"]
        assert [paper.document.id for paper in papers] == ["library-1", "library-2", "library-3"]
        assert [paper.document.title for paper in read_papers(app)] == [paper.document.title for paper in papers]
        assert all(paper.vector.any() for paper in papers)
    assert box.reporter.warnings == []


def test_the_doctor_tells_what_is_wrong_with_a_library(box):
    box.promote = 'library = ["one.bib", "broken.bib", "gone.bib"]'
    with box.app() as app:
        fine, broken, gone = _libraries(app)
    assert (fine.ok, fine.told.endswith("one.bib: 2 works")) == (True, True)
    assert (broken.ok, gone.ok) == (False, False)
    assert "NUL" in broken.told
    assert "gone.bib" in gone.told
    assert gone.remedy
    assert not broken.fatal
