"""What documents are about is read once for each text, and is the same with and without the cache."""

from __future__ import annotations

from index.storage.cache import IndexCache
from index.taste import subjects
from index.taste.subjects import subjects_of
from index.texts.documents import Document


def document(name, text, lang="en"):
    return Document(id=name, kind="note", title="World models", sections=(("", text),), lang=lang)


def test_a_text_is_read_once(tmp_path, monkeypatch):
    documents = [document("a", "One text."), document("b", "One text."), document("c", "Another text.")]
    read = []
    plain = subjects.subjects
    monkeypatch.setattr(subjects, "subjects", lambda *given: read.append(given) or plain(*given))
    with IndexCache(tmp_path / "index.db") as cache:
        first = subjects_of(cache, documents)
        assert subjects_of(cache, documents) == first
    assert len(read) == 2
    with IndexCache(tmp_path / "other.db") as cache:
        assert subjects_of(cache, documents) == first
    assert first["a"] == first["b"] == {"worldmodel": ("world models", True), "world": ("world", True)}


def test_another_way_of_reading_reads_anew(tmp_path, monkeypatch):
    with IndexCache(tmp_path / "index.db") as cache:
        subjects_of(cache, [document("a", "One text.")])
        monkeypatch.setattr(subjects, "subjects", lambda *_: {"other": ("other", False)})
        assert "worldmodel" in subjects_of(cache, [document("a", "One text.")])["a"]
        monkeypatch.setattr(subjects, "VERSION", subjects.VERSION + 1)
        assert subjects_of(cache, [document("a", "One text.")]) == {"a": {"other": ("other", False)}}
