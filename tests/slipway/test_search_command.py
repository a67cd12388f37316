"""``slipway search`` as a stranger and a script use it: pipes, standard input, odd words, odd names, and what is like a text."""

from __future__ import annotations

import io
import json
import os
import pty
import subprocess
import sys

import pytest

from slipway.cli.query_lines import LONGEST_LINE
from tests.slipway.houses import ROOT
from tests.slipway.inside import Inside
from tests.slipway.shelved import shelved
from tests.slipway.shelves import shelf


@pytest.fixture(scope="module")
def house(tmp_path_factory):
    return shelved(tmp_path_factory.mktemp("searching"))


@pytest.fixture
def inside(house, capsys) -> Inside:
    return Inside(house, capsys)


LEXICAL = ("search", "--mode", "lexical")
CONTROLS = {*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), *"\u202a\u202e\u2066"} - {"\n"}


def lines(inside: Inside, monkeypatch, given: bytes, *args: str, code: int = 0):
    """``search --stdin`` over the bytes: the documents and what was said beside them."""
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(given)))
    said = inside.run(*LEXICAL, "--stdin", *args, code=code)
    return [json.loads(line) for line in said.stdout.splitlines()], said.stderr


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        '"skills',
        'skills" OR title:x',
        "skills NEAR(agents, 2)",
        "skills*",
        "(skills",
        "skills AND NOT agents",
        "body:skills",
        "ski\x1b[2Jlls skills",
        "skills \ud800",
        "skills \0 \n",
        "ｓｋｉｌｌｓ",
        "skills 🙂",
        "'; DROP TABLE documents; -- skills",
        "%s %n skills {}",
    ],
    ids=ascii,
)
def test_no_query_is_syntax(inside, query):
    assert inside.json(*LEXICAL, query)["results"][0]["id"] in {"n-skills", "n-memory"}


@pytest.mark.parametrize("query", ["", " ", "\n", "\u200b"], ids=ascii)
def test_an_empty_query_is_asked_back(inside, query):
    if query.strip() == "\u200b":
        assert "no letter, no digit" in inside.run(*LEXICAL, query).stderr
    else:
        assert "what are you looking for" in inside.run(*LEXICAL, query, code=2).stderr


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("skils", "skills"), ("reinforcemnt", "reinforcement"), ("可验正奖励", "可验证奖励")],
    ids=ascii,
)
def test_a_word_that_stands_nowhere_is_told_with_the_nearest(inside, typed, meant):
    told = f"no text has {typed!r}; did you mean {meant!r}?"
    plain = inside.run("search", typed)
    assert told in plain.stderr
    assert "did you mean" not in plain.stdout
    assert told in inside.json("search", typed)["warnings"]
    assert "did you mean" not in inside.run("search", "--paths", typed).stdout
    assert told in inside.run("export", "--json", "--query", f"{typed} agents 强化学习").stderr


def test_a_program_with_many_queries_is_told_no_slips(inside, monkeypatch):
    (document,), beside = lines(inside, monkeypatch, b"skils\n")
    assert "did you mean" not in "".join(document["warnings"]) + beside


def test_words_that_begin_with_a_dash_stand_behind_two(inside):
    assert inside.json("search", "--mode", "lexical", "--json", "-n", "1", "--", "--skills", "-x")["results"]


def test_a_query_of_a_megabyte_is_cut_with_a_word(inside):
    reply = inside.json(*LEXICAL, "skills " * 20_000)
    assert reply["results"][0]["id"] in {"n-skills", "n-memory"}
    assert len(reply["query"]) == 10_000
    assert "cut to its first 10,000 characters" in reply["warnings"][-1]


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["skills", "--stdin"], "QUERY and --stdin"),
        (["skills", "--like", "x.md"], "QUERY and --like"),
        (["--json", "--paths", "skills"], "--json and --paths do not go together"),
        (["--open", "1", "-i", "skills"], "--open and -i do not go together"),
        (["--paths", "--stdin"], "--paths and --stdin do not go together"),
        (["-n", "0", "skills"], "0 is not in the range"),
        (["--open", "9", "skills"], "there is no result 9"),
        (["--open", "1", "zebra", "--mode", "fast"], "'fast' is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options_that_do_not_go_together(inside, args, said):
    assert said in inside.run("search", *([] if "--mode" in args else ["--mode", "lexical"]), *args, code=2).stderr


def test_the_view_wants_a_terminal(inside):
    assert "needs a terminal" in inside.run("search", "-i", "skills", "--tag", "agents", code=2).stderr


# --- what is shown -------------------------------------------------------------------------------------------------


def test_a_hit_tells_the_topic_the_terms_and_the_warnings(inside):
    reply = inside.json(*LEXICAL, "library of skills", "--explain")
    assert {"query", "mode", "model", "took_ms", "results", "warnings"} == set(reply)
    hit = reply["results"][0]
    assert {"topic", "terms", "explanation"} < set(hit)
    assert hit["topic"] == "topic-agents"
    assert {"library", "skills"} <= {term.lower() for term in hit["terms"]}
    assert hit["explanation"]


def test_hostile_titles_and_passages_are_shown_and_not_obeyed(inside):
    for form in ([], ["--explain"], ["--json"]):
        said = inside.run(*LEXICAL, "zebra", *form)
        assert "zebra" in said.stdout
        assert not set(said.stdout + said.stderr) & CONTROLS, form


def terminal(house, *args: str, width: int = 60, **env: str) -> str:
    """What ``slipway ARGS`` writes to a terminal of this width."""
    ours, theirs = pty.openpty()
    plain = {name: value for name, value in os.environ.items() if name != "NO_COLOR"}
    done = subprocess.Popen(
        [sys.executable, "-m", "slipway", *args],
        cwd=house.root,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
        env=plain | {"PYTHONPATH": str(ROOT), "COLUMNS": str(width), "TERM": "xterm-256color"} | env,
    )
    os.close(theirs)
    said = b""
    try:
        while piece := os.read(ours, 65_536):
            said += piece
    except OSError:  # the other end is closed
        pass
    done.wait()
    os.close(ours)
    return said.decode()


def test_on_a_terminal_the_words_are_bright_and_lines_fit(house):
    from slipway.cells import cells
    from slipway.cli.hits import _marked
    from tests.slipway.test_hits import CHINESE

    shown = terminal(house, *LEXICAL, "skills")
    assert "\x1b[33m\x1b[1mskills\x1b[0m" in shown
    assert "\x1b" not in terminal(house, *LEXICAL, "skills", NO_COLOR="1")
    plain = terminal(house, *LEXICAL, "skills 上下文", NO_COLOR="1").splitlines()
    assert all(cells(line) <= 60 for line in plain if "notes/" not in line)
    assert _marked(CHINESE, 0, 5, [], 0) == CHINESE[:5]


def test_a_broken_pipe_is_silent(house):
    queries = "skills\n" * 300
    for command in (f"{sys.executable} -m slipway search --mode lexical --stdin | head -c 5",):
        done = subprocess.run(
            ["bash", "-c", command],
            cwd=house.root,
            input=queries,
            capture_output=True,
            text=True,
            env=os.environ | {"PYTHONPATH": str(ROOT)},
        )
        assert done.stderr == ""


# --- paths ---------------------------------------------------------------------------------------------------------


def test_paths_leave_out_what_a_model_guessed_that_does_not_know_the_language(inside, monkeypatch):
    from index.models.hashing import HashingEmbedder

    every = inside.run("search", "-n", "30", "幻觉", "--paths")
    monkeypatch.setattr(HashingEmbedder, "knows", lambda self, lang: lang == "en")
    listed = inside.run("search", "-n", "30", "幻觉")
    told = inside.run("search", "-n", "30", "幻觉", "--paths")
    assert "is a guess" in listed.stderr
    assert " 2. " in listed.stdout
    assert [line.rpartition("/")[2] for line in told.stdout.splitlines()] == ["rl-zh.md"]
    assert "left out in which no word of the query stands" in told.stderr
    assert len(every.stdout.splitlines()) > 1  # of a model that knows it, all are given


def test_paths_for_a_pipe(inside, house, monkeypatch, tmp_path):
    monkeypatch.chdir(house.root)
    assert inside.run(*LEXICAL, "flour", "--paths").stdout == "vault/notes/-dash.md\n"
    monkeypatch.chdir(house.vault / "notes")
    assert inside.run(*LEXICAL, "flour", "--paths").stdout == "./-dash.md\n"
    monkeypatch.chdir(tmp_path)
    assert inside.run(*LEXICAL, "flour", "--paths").stdout == f"{house.vault}/notes/-dash.md\n"


def test_a_name_with_a_line_end_is_given_only_with_nul(inside, house, monkeypatch):
    monkeypatch.chdir(house.root)
    told = inside.run(*LEXICAL, "zebra", "--paths")
    assert told.stdout == "vault/evil.md\n"
    assert "`-0` gives it" in told.stderr
    assert set(inside.run(*LEXICAL, "zebra", "-0").stdout.split("\0")) == {"vault/evil.md", "vault/line\nend.md", ""}


def test_a_name_with_an_escape_goes_into_a_pipe_as_it_is(tmp_path):
    """click would take the escape out, and the name would be that of no file."""
    house = shelf(tmp_path / "house", {"a\x1b[2Jb.md": "---\ntitle: Odd\n---\nagents\n"})
    for args in (("search", "agents", "--paths"), ("search", "agents", "-0"), ("open", "--print", "Odd")):
        assert "a\x1b[2Jb.md" in house.run(*args).stdout


def test_what_xargs_makes_of_it(house):
    command = f"{sys.executable} -m slipway search --mode lexical zebra -0 | xargs -0 cat | grep -c zebra"
    done = subprocess.run(
        ["bash", "-c", command],
        cwd=house.root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.strip() == "3"


def test_a_file_that_is_gone_is_left_out_with_a_word(tmp_path, capsys):
    house = shelved(tmp_path)
    (house.vault / "notes/-dash.md").unlink()
    told = Inside(house, capsys).run(*LEXICAL, "flour", "--paths")
    assert told.stdout == ""
    assert "gone since the index was made" in told.stderr


def test_the_nth_hit_is_opened(house):
    done = house.run(*LEXICAL, "zebra", "--open", "1", env={"VISUAL": "echo opened", "EDITOR": "false"})
    assert done.stdout.startswith(f"opened {house.vault}/")


# --- what is like a text -------------------------------------------------------------------------------------------


def ids(reply) -> list[str]:
    return [hit["id"] for hit in reply["results"]]


def test_like_a_file_of_the_vault_which_is_not_found_itself(inside, house, monkeypatch):
    monkeypatch.chdir(house.root)
    for name in (
        "vault/notes/skills.md",
        str(house.vault / "notes/skills.md"),
        "n-skills",
        "notes/skills.md",
        "Skills of agents",
    ):
        reply = inside.json(*LEXICAL, "--like", name)
        assert ids(reply)[0] == "n-memory", name
        assert "n-skills" not in ids(reply)
        assert reply["query"] == "Skills of agents"


def test_like_a_file_from_elsewhere(inside, tmp_path):
    draft = tmp_path / "draft.txt"
    draft.write_bytes("\ufeff强化学习 的 奖励，可验证".encode())
    reply = inside.json(*LEXICAL, "--like", str(draft))
    assert ids(reply)[0] == "n-rl-zh"
    assert reply["query"] == str(draft)


def test_like_standard_input(inside, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(b"A bread of flour, salt and water")))
    assert ids(inside.json(*LEXICAL, "--like", "-", "--tag", "cooking")) == ["n-dash"]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "there is no text in it"),
        (b"---\ntitle:\n---\n\n", "there is no text in it"),
        (None, "no such file"),
        ("folder", "Is a directory"),
        (b"x" * (16 * 1024 * 1024 + 1), "longer than"),
    ],
    ids=["empty", "frontmatter", "missing", "folder", "long"],
)
def test_like_what_is_no_text(inside, tmp_path, content, said):
    place = tmp_path / "x.md"
    if content == "folder":
        place.mkdir()
    elif content is not None:
        place.write_bytes(content)
    assert said in inside.run(*LEXICAL, "--like", str(place), code=2).stderr


@pytest.mark.parametrize("raw", [b"\xff\xfe\x00skills", b"\x00" * 100 + b"skills", b"\x80" * 99 + b" skills"], ids=repr)
def test_like_bytes_that_are_hardly_text(inside, tmp_path, raw):
    (tmp_path / "raw").write_bytes(raw)
    assert "Traceback" not in inside.run(*LEXICAL, "--like", str(tmp_path / "raw"), code=0).stderr


def test_like_marks_without_a_word(inside, tmp_path):
    (tmp_path / "marks.txt").write_text("!!! ??? 🙂")
    assert "no letter, no digit" in inside.run(*LEXICAL, "--like", str(tmp_path / "marks.txt")).stderr


def test_a_name_near_a_note(inside):
    assert "did you mean 'n-skills'" in inside.run(*LEXICAL, "--like", "Skils of agents", code=2).stderr


# --- standard input ------------------------------------------------------------------------------------------------


def test_a_document_for_each_line_in_its_order(inside, monkeypatch):
    given = (
        b'\xef\xbb\xbfskills\r\n\r\n   \n{"id": 7, "query": "flour"}\n{"id": null, "query": "zebra", "n": 1}\n'
        b'{"id": ["a", {"b": 1}], "query": "reinforcement", "tags": ["ml"], "since": "2026-02"}\nmemory \x00 last'
    )
    documents, said = lines(inside, monkeypatch, given)
    assert said == ""
    assert [document.get("id") for document in documents] == [None, 7, None, ["a", {"b": 1}], None]
    assert [len(document["results"]) for document in documents][1:4] == [1, 1, 1]
    assert documents[0]["query"] == "skills"
    assert documents[4]["query"] == "memory   last"
    assert ids(documents[3]) == ["n-skills"]


@pytest.mark.parametrize(
    ("line", "error"),
    [
        (b"{broken", "not JSON"),
        (b"[" * 100_000 + b"{", None),
        (b'{"a":' * 50_000, "nested too deeply"),
        (b'{"id": 1}', "no query"),
        (b'{"id": 1, "query": 3}', "no query"),
        (b'{"id": 1, "query": " "}', "no query"),
        (b'{"id": 1, "query": "x", "mode": "fast"}', 'mode: "fast" is none of'),
        (b'{"id": 1, "query": "x", "n": 0}', "n: 0 is no whole number"),
        (b'{"id": 1, "query": "x", "n": true}', "n: true is no whole number"),
        (b'{"id": 1, "query": "x", "n": "5"}', 'n: "5" is no whole number'),
        (b'{"id": 1, "query": "x", "kind": "notes"}', 'kind: "notes" is none of'),
        (b'{"id": 1, "query": "x", "tag": 3}', "tag: must be a text"),
        (b'{"id": 1, "query": "x", "since": {}}', "since: must be a text"),
        (b'{"id": 1, "query": "zzzz", "tag": "agnets"}', "no document has the tag"),
        (b'{"id": 1, "query": "x", "until": "soon"}', "'soon' is no day"),
        (b"caf\xe9", "not UTF-8"),
        ("skills\n".encode("utf-16"), "not UTF-8"),
        (b"x" * (LONGEST_LINE + 1), "more than 1,000,000 bytes"),
        (b"y" * (3 * LONGEST_LINE), "more than 1,000,000 bytes"),
    ],
    ids=lambda value: repr(value)[:40],
)
def test_a_bad_line_does_not_end_the_others(inside, monkeypatch, line, error):
    documents, said = lines(inside, monkeypatch, b"skills\n" + line + b"\nflour\n", code=1 if error else 0)
    assert documents[0]["results"]
    assert documents[-1]["results"][0]["id"] == "n-dash"
    if error:
        bad = next(document for document in documents if "error" in document)
        assert error in bad["error"]
        assert bad["line"] == 2
        assert bad.get("id") == (1 if b'"id": 1' in line else None)
        assert "could not be answered" in said


@pytest.mark.parametrize("size", [LONGEST_LINE - 1, LONGEST_LINE], ids=["shorter", "longest"])
def test_the_longest_line_is_still_read(inside, monkeypatch, size):
    (document, flour), _ = lines(inside, monkeypatch, b"s" * size + b"\nflour\n")
    assert len(document["query"]) == 10_000
    assert ids(flour) == ["n-dash"]


@pytest.mark.parametrize("args", [["--stdin"], ["--like", "-"]], ids=" ".join)
def test_standard_input_that_is_closed(house, args):
    command = f"{sys.executable} -m slipway search {' '.join(args)} <&-"
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", command], cwd=house.root, capture_output=True, text=True, env=environment)
    assert done.returncode == 2
    assert "standard input is closed" in done.stderr


HALF = os.fsdecode(b"\xff")


@pytest.mark.parametrize("option", ["--tag", "--source", "--lang", "--topic"])
def test_a_name_that_is_no_text_is_a_name_that_nothing_bears(inside, option):
    assert "no document" in inside.run(*LEXICAL, "skills", option, HALF, code=2).stderr


@pytest.mark.parametrize("option", ["--tag", "--source", "--lang", "--topic", "--since", "--like"])
def test_what_is_typed_is_told_in_short(inside, option):
    typed = ["--like", f"{'x' * 50_000}/y"] if option == "--like" else ["skills", option, "x" * 50_000]
    assert len(inside.run("search", *typed, code=2).stderr) < 1000


def test_more_names_than_a_condition_holds_are_a_mistake_and_no_damage(inside, monkeypatch):
    given = json.dumps({"query": "skills", "tags": [f"t{number}" for number in range(5000)]}).encode()
    (told,), _ = lines(inside, monkeypatch, given, code=1)
    assert told["error"] == "--tag: 5,000 names"
    given = json.dumps({"query": "skills", "tags": ["agents"] * 5000, "kinds": ["note"] * 5000}).encode()
    (told,), _ = lines(inside, monkeypatch, given)
    assert told["results"]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "NaN", "Infinity", "[-Infinity]"])
def test_no_number_is_told_that_is_no_json(inside, monkeypatch, number):
    given = f'{{"query": "skills", "id": {number}}}\nskills\n'.encode()
    (bad, good), _ = lines(inside, monkeypatch, given, code=1)
    assert "is no number" in bad["error"]
    assert "id" not in bad
    assert good["results"]


@pytest.mark.parametrize("words", ["skills", "skills --json", "skills --paths", "skills --tag nope"])
@pytest.mark.parametrize("stream", [">&-", "2>&-", ">&- 2>&- <&-", ">/dev/full"])
def test_streams_that_are_closed_or_full_are_no_bug(house, words, stream):
    command = f'"{sys.executable}" -m slipway search --mode lexical {words} {stream}'
    env = {"PYTHONPATH": str(ROOT), "PATH": os.environ["PATH"], "SLIPWAY_NO_SERVER": "1"}
    done = subprocess.run(
        ["sh", "-c", command], cwd=house.root, capture_output=True, text=True, env=env, stdin=subprocess.DEVNULL
    )
    assert done.returncode == (2 if "nope" in words else 1 if "full" in stream else 0), done.stderr
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


def test_an_interrupt_while_modules_are_imported_is_told_in_a_word():
    program = "import slipway.entry as entry\ndef run(words): raise KeyboardInterrupt\nentry._run = run\nentry.main()"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, check=False)
    assert (done.returncode, done.stdout, done.stderr) == (130, b"", b"interrupted\n")


def test_a_key_that_nobody_knows_is_told_and_the_query_answered(inside, monkeypatch):
    (document,), said = lines(inside, monkeypatch, b'{"id": 1, "query": "flour", "sicne": "2026", "relevant": ["a"]}')
    assert ids(document) == ["n-dash"]
    assert document["warnings"] == [
        "the key 'sicne' is not read; did you mean 'since'?",
        "the key 'relevant' is not read",
    ]
    assert "did you mean 'since'?" in said


def test_each_line_is_written_at_once(house):
    """A script that asks and waits for the answer before it asks again."""
    asked = subprocess.Popen(
        [sys.executable, "-m", "slipway", *LEXICAL, "--stdin"],
        cwd=house.root,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    with asked:
        assert asked.stdin and asked.stdout
        for query, found in (("flour", "n-dash"), ("memory", "n-memory")):
            asked.stdin.write(f"{query}\n".encode())
            asked.stdin.flush()
            assert ids(json.loads(asked.stdout.readline()))[0] == found
        asked.stdin.close()


def test_thousands_of_queries(inside, monkeypatch):
    documents, said = lines(inside, monkeypatch, b"skills of agents\n" * 2_000, "-n", "1")
    assert len(documents) == 2_000
    assert said == ""


def test_a_plain_search_loads_nothing_heavy(house):
    script = (
        "import sys\nfrom slipway.cli import main\n"
        "try:\n    main(['search', 'skills', '--mode', 'lexical', '--tag', 'agents'])\n"
        "except SystemExit as leave:\n    assert leave.code == 0, leave.code\n"
        "heavy = {'sqlalchemy', 'torch', 'numpy', 'faiss', 'scipy', 'httpx', 'difflib', 'slipway.search.spelling'}\n"
        "print('LOADED', sorted(heavy & set(sys.modules)))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=house.root,
        capture_output=True,
        text=True,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
    )
    assert done.stdout.splitlines()[-1] == "LOADED []", done.stdout + done.stderr
