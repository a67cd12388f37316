"""slipway.toml with a source more or less: the change, and every other byte as the user left it."""

from __future__ import annotations

import os
import threading
import tomllib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.errors import ConfigError, LockedError, UsageError
from slipway.settings.file import SourcesFile, editing, table_text

NEW = {"key": "new", "url": "https://new.org/feed", "tags": ("a", "b")}
BLOCK = '[[sources]]\nkey = "new"\nurl = "https://new.org/feed"\ntags = ["a", "b"]\n'

A = '[[sources]]\nkey = "a"\nurl = "https://a.org/feed"\n'
B = '[[sources]]\nkey = "b"\nurl = "https://b.org/feed"\n'


@pytest.fixture
def made(tmp_path):
    def make(text: str) -> SourcesFile:
        path = tmp_path / "slipway.toml"
        path.write_bytes(text.encode())
        return SourcesFile.read(path)

    return make


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", f"\n{BLOCK}"),
        ('vault = "v"', f'vault = "v"\n\n{BLOCK}'),
        (A, f"{A}\n{BLOCK}"),
        (A.rstrip("\n"), f"{A}\n{BLOCK}"),
        (f"{A}\n# the end\n", f"{A}\n{BLOCK}\n# the end\n"),
        (f"{A}# the end\n", f"{A}\n{BLOCK}\n# the end\n"),
        (f"{A}\n\n[site]\ntitle = 'x'\n", f"{A}\n{BLOCK}\n\n[site]\ntitle = 'x'\n"),
        (f"{A}[site]\ntitle = 'x'\n\n{B}", f"{A}[site]\ntitle = 'x'\n\n{B}\n{BLOCK}"),
        (
            f"  [[ sources ]]  # mine\n  key = 'a'\n  url = 'https://a.org/'\n{B}",
            f"  [[ sources ]]  # mine\n  key = 'a'\n  url = 'https://a.org/'\n{B}\n{BLOCK}",
        ),
        (
            "[[\"sources\"]]\nkey = 'a'\nurl = 'https://a.org/'\n",
            f"[[\"sources\"]]\nkey = 'a'\nurl = 'https://a.org/'\n\n{BLOCK}",
        ),
        (f"\ufeff{A}", f"\ufeff{A}\n{BLOCK}"),
        (
            "[[interests]]\nname = 'x'\ntext = '''\n[[sources]]\nkey = \"no\"\n'''\n",
            f"[[interests]]\nname = 'x'\ntext = '''\n[[sources]]\nkey = \"no\"\n'''\n\n{BLOCK}",
        ),
        (
            "[[sources]]\nkey = 'a'\nurl = 'https://a.org/'\ntags = [\n  'x', # ]\n  'y',\n]\n\n[site]\n",
            f"[[sources]]\nkey = 'a'\nurl = 'https://a.org/'\ntags = [\n  'x', # ]\n  'y',\n]\n\n{BLOCK}\n[site]\n",
        ),
    ],
)
def test_a_table_goes_in_after_the_last_source(made, before, after):
    assert made(before).with_sources([NEW]) == after


def test_line_ends_are_those_of_the_file(made):
    before = f"# hello\n\n{A}\n# end\n".replace("\n", "\r\n")
    after = made(before).with_sources([NEW])
    assert after.replace("\r\n", "").count("\n") == 0
    assert after == f"# hello\n\n{A}\n{BLOCK}\n# end\n".replace("\n", "\r\n")


@pytest.mark.parametrize(
    ("before", "key", "after"),
    [
        (A, "a", ""),
        (A + B, "a", B),
        (A + B, "b", A),
        (f"# one\n{A}\n# two\n{B}\n# three\n", "b", f"# one\n{A}\n# two\n\n# three\n"),
        (f"vault = 'v'\n\n{A}\n[site]\ntitle = 'x'\n", "a", "vault = 'v'\n\n[site]\ntitle = 'x'\n"),
        ("[[sources]]\n\nkey = 'a' # x\n# inside\nurl = 'https://a.org/'\n# below\n" + B, "a", "# below\n" + B),
        ("[[sources]]\nkey = 'a'\nurl = 'https://a.org/'\ntags = [\n 'x',\n]\n" + B, "a", B),
    ],
)
def test_a_table_goes_out_with_its_values_and_no_comment_beside_it(made, before, key, after):
    assert made(before).without_source(key) == after


KEYS = st.lists(st.sampled_from("abcdefgh"), max_size=5, unique=True)
BETWEEN = st.sampled_from(
    ["", "\n", "# note\n", "\n\n# a\n# b\n\n", "[site]\ntitle = 'x'\n", "[[interests]]\nname = '[[sources]]'\n", "\t\n"]
)
VALUES = st.dictionaries(
    st.sampled_from(["title", "url", "tags", "weight", "full_text"]),
    st.one_of(
        st.text(st.characters(codec="utf-8", exclude_characters="\0")),
        st.lists(st.text(st.characters(codec="utf-8"))).map(tuple),
        st.booleans(),
        st.floats(0, 10, width=16),
    ),
)


@st.composite
def files(draw):
    keys = draw(KEYS)
    parts = [draw(st.sampled_from(["", "vault = 'v'\n"]))]
    site = False
    for key in keys:
        between = draw(BETWEEN)
        parts.append("" if "[site]" in between and site else between)
        site = site or "[site]" in between
        parts.append(f"[[sources]]\nkey = '{key}'\nurl = 'https://{key}.org/'{draw(st.sampled_from(['', ' # c']))}\n")
    parts.append("" if site else draw(BETWEEN))
    text = "".join(parts)
    return keys, text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))


@given(files(), VALUES)
def test_what_is_added_can_be_read_and_taking_it_out_gives_the_file_back(tmp_path_factory, made, values):
    keys, text = made
    file = SourcesFile(tmp_path_factory.getbasetemp() / "slipway.toml", text)
    table = {"key": "new"} | values
    added = file.with_sources([table])
    plain = {name: list(value) if isinstance(value, tuple) else value for name, value in table.items()}
    assert tomllib.loads(added)["sources"][-1] == plain
    back = SourcesFile(file.path, added).without_source("new")
    end = "\r\n" if "\r\n" in text else "\n"
    # Two things may stay: the end that the last line had not, and the blank line before a comment that clung to a table.
    assert back in (text, text + end) or back.replace(end, "") == text.replace(end, "")
    for key in keys:
        assert [
            one["key"] for one in tomllib.loads(SourcesFile(file.path, text).without_source(key)).get("sources", [])
        ] == [other for other in keys if other != key]


@pytest.mark.parametrize(
    "text",
    ['sources = [{key = "a", url = "https://a.org/"}]\n', 'sources = []\n[site]\ntitle = "x"\n'],
    ids=["an inline array", "an empty array"],
)
def test_a_file_that_is_written_otherwise_is_left_alone_and_the_lines_to_add_are_told(made, text):
    file = made(text)
    with pytest.raises(ConfigError) as caught:
        file.with_sources([NEW])
    assert BLOCK.strip() in caught.value.hint
    assert file.path.read_text() == text


def test_an_inline_source_is_not_taken_out(made):
    with pytest.raises(ConfigError, match="cannot be told apart"):
        made('sources = [{key = "a", url = "https://a.org/"}]\n').without_source("a")


def test_a_file_that_changed_meanwhile_is_not_replaced(made):
    file = made(A)
    text = file.with_sources([NEW])
    file.path.write_text(A + "# the user's own line\n")
    with pytest.raises(UsageError, match="changed in this moment"):
        file.replace(text)
    assert file.path.read_text() == A + "# the user's own line\n"
    assert [path.name for path in file.path.parent.iterdir()] == ["slipway.toml"]


def test_a_text_that_is_no_configuration_is_not_written(made):
    file = made(A)
    with pytest.raises(ConfigError, match="nonsense"):
        file.replace(file.with_sources([{"key": "x", "nonsense": "y"}]))
    assert file.path.read_text() == A


def test_rights_and_links_stay(made, tmp_path):
    file = made(A)
    file.path.chmod(0o600)
    link = tmp_path / "elsewhere" / "slipway.toml"
    link.parent.mkdir()
    link.symlink_to(file.path)
    through = SourcesFile.read(link)
    through.replace(through.with_sources([NEW]))
    assert link.is_symlink()
    assert file.path.read_text() == f"{A}\n{BLOCK}"
    assert file.path.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(
    os.name == "nt" or not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may write anywhere"
)
def test_a_folder_that_cannot_be_written_is_told(made, tmp_path):
    file = made(A)
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(ConfigError, match="cannot be written"):
            file.replace(file.with_sources([NEW]))
    finally:
        tmp_path.chmod(0o700)


def test_two_commands_wait_for_each_other(made, tmp_path):
    path = made(A).path
    added = []

    def add(key: str) -> None:
        with editing(path, tmp_path / "state") as file:
            file.replace(file.with_sources([{"key": key, "url": f"https://{key}.org/"}]))
            added.append(key)

    threads = [threading.Thread(target=add, args=(f"k{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(one["key"] for one in tomllib.loads(path.read_text())["sources"]) == [
        "a",
        *(f"k{n}" for n in range(8)),
    ]


def test_a_lock_that_is_never_let_go_is_told(made, tmp_path, monkeypatch):
    path = made(A).path
    monkeypatch.setattr("slipway.settings.file._WAIT_S", 0.05)
    with editing(path, tmp_path / "state"), pytest.raises(LockedError), editing(path, tmp_path / "state"):
        pass


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ('say "hi"\\', r'"say \"hi\"\\"'),
        ("two\nlines\t\r\x00\x7f", r'"two\nlines\t\r\u0000\u007f"'),
        ("中文 🎈", '"中文 🎈"'),
        (True, "true"),
        (0, "0"),
        (1.25, "1.25"),
        (("a", "b"), '["a", "b"]'),
    ],
    ids=str,
)
def test_values(value, written):
    assert table_text({"key": value}) == f"[[sources]]\nkey = {written}\n"


def test_ten_thousand_sources(made):
    file = made(A)
    text = file.with_sources([{"key": f"k{n}", "url": f"https://a{n}.org/"} for n in range(10_000)])
    assert len(tomllib.loads(text)["sources"]) == 10_001
    assert SourcesFile(file.path, text).without_source("k9999").count("[[sources]]") == 10_000
