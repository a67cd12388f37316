from __future__ import annotations

import json
from pathlib import Path

import pytest

from notes.errors import PublishError
from publish.site import files as site_files
from publish.site.files import MANIFEST, write

PAGES = {"index.html": b"home", "posts/a/index.html": b"a", "posts/b/index.html": b"b", "tags/強化/index.html": b"t"}


def held(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and path.name != MANIFEST
    }


def test_the_folder_holds_the_pages(tmp_path: Path):
    report = write(tmp_path / "site", PAGES)
    assert held(tmp_path / "site") == PAGES
    assert (report.written, report.unchanged, report.removed, report.kept) == (tuple(sorted(PAGES)), (), (), ())


def test_a_second_time_nothing_is_touched(tmp_path: Path):
    write(tmp_path, PAGES)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()}
    report = write(tmp_path, PAGES)
    assert report.unchanged == tuple(sorted(PAGES))
    assert report.written == report.removed == ()
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*") if path.is_file()} == before


def test_only_what_changed_is_written_and_what_is_gone_is_removed_with_its_folder(tmp_path: Path):
    write(tmp_path, PAGES)
    report = write(tmp_path, {"index.html": b"new", "posts/a/index.html": b"a"})
    assert (report.written, report.unchanged) == (("index.html",), ("posts/a/index.html",))
    assert report.removed == ("posts/b/index.html", "tags/強化/index.html")
    assert not (tmp_path / "tags").exists()
    assert (tmp_path / "posts" / "a").is_dir()


def test_files_of_others_are_neither_removed_nor_overwritten(tmp_path: Path):
    (tmp_path / "CNAME").write_text("notes.example.org")
    (tmp_path / "index.html").write_text("mine")
    report = write(tmp_path, PAGES)
    assert report.kept == ("index.html",)
    write(tmp_path, {})
    assert held(tmp_path) == {"CNAME": b"notes.example.org", "index.html": b"mine"}


def test_a_file_that_already_is_what_it_should_be_becomes_ours(tmp_path: Path):
    (tmp_path / "index.html").write_bytes(b"home")
    assert write(tmp_path, PAGES).kept == ()
    assert "index.html" in write(tmp_path, {}).removed


def test_a_file_that_the_user_removed_comes_back(tmp_path: Path):
    write(tmp_path, PAGES)
    (tmp_path / "posts/a/index.html").unlink()
    assert write(tmp_path, PAGES).written == ("posts/a/index.html",)
    (tmp_path / "posts/a/index.html").unlink()
    assert "posts/a/index.html" not in write(tmp_path, {}).removed


@pytest.mark.parametrize("after", range(5))
def test_killed_anywhere_the_next_run_ends_in_the_same_state(tmp_path: Path, monkeypatch, after: int):
    write(tmp_path, {"index.html": b"old", "old/index.html": b"old"})
    calls = 0
    put = site_files._put

    def dying(root: Path, path: str, content: bytes) -> bool:
        nonlocal calls
        calls += 1
        if calls > after:
            raise KeyboardInterrupt
        return put(root, path, content)

    monkeypatch.setattr(site_files, "_put", dying)
    with pytest.raises(KeyboardInterrupt):
        write(tmp_path, PAGES)
    monkeypatch.undo()
    report = write(tmp_path, PAGES)
    assert report.kept == ()
    assert held(tmp_path) == PAGES


@pytest.mark.parametrize("path", ["../out.html", "posts/../../out.html", "/tmp/out.html"])
def test_no_path_leaves_the_site(tmp_path: Path, path: str):
    with pytest.raises(PublishError, match="outside"):
        write(tmp_path / "site", {path: b"x"})
    assert not (tmp_path / "out.html").exists()


def test_no_link_leads_out_of_the_site(tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "posts").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PublishError, match="outside"):
        write(tmp_path / "site", PAGES)
    assert list((tmp_path / "elsewhere").iterdir()) == []


def test_a_link_in_the_place_of_a_page_is_kept(tmp_path: Path):
    (tmp_path / "mine.html").write_bytes(b"home")
    (tmp_path / "index.html").symlink_to(tmp_path / "mine.html")
    assert write(tmp_path, PAGES).kept == ("index.html",)


def test_a_manifest_that_names_files_elsewhere_removes_nothing(tmp_path: Path):
    (tmp_path / "precious").write_text("x")
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / MANIFEST).write_text(json.dumps({"version": 1, "files": ["../precious"]}))
    with pytest.raises(PublishError, match="outside"):
        write(tmp_path / "site", {})
    assert (tmp_path / "precious").exists()


@pytest.mark.parametrize("content", ["", "{", "[]", '{"files": 3}', "\x00"])
def test_a_damaged_manifest_is_an_error_with_a_remedy(tmp_path: Path, content: str):
    (tmp_path / MANIFEST).write_text(content)
    with pytest.raises(PublishError) as caught:
        write(tmp_path, PAGES)
    assert "empty the folder" in caught.value.hint


def test_a_folder_that_cannot_be_written_is_an_error(tmp_path: Path):
    (tmp_path / "site").write_text("a file")
    with pytest.raises(PublishError, match="cannot be written"):
        write(tmp_path / "site", PAGES)


def test_no_temporary_file_stays(tmp_path: Path):
    write(tmp_path, PAGES)
    assert {path.name for path in tmp_path.iterdir()} == {MANIFEST, "index.html", "posts", "tags"}
