"""The warm server: the very words of the cold way, fresh, and not to be held up by anybody."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import re
import signal
import socket
import struct
import subprocess
import sys
import termios
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from slipway.entry import _named_config, is_served
from slipway.warm.asked import announced, read
from slipway.warm.captured import GoCold, Output, Unreadable
from slipway.warm.client import _exit_code, _NoAnswerError
from slipway.warm.place import config_of, is_private, name_of
from slipway.warm.protocol import HEADER, MAGIC, MAX_ANSWER, MAX_REQUEST, WORLD, frame, request
from tests.slipway.houses import House
from tests.slipway.warm_servers import PATIENT, Warm, warm_house

pytestmark = pytest.mark.skipif(os.name != "posix", reason="Unix sockets")


@pytest.fixture(scope="module")
def house(tmp_path_factory) -> House:
    house = House.build(tmp_path_factory.mktemp("house"))
    house.night()
    return house


@pytest.fixture(scope="module")
def warm(house):
    """The house with its server."""
    with warm_house(house) as warm, warm.served():
        yield warm


@pytest.fixture
def unserved(house):
    """The house without a server."""
    with warm_house(house) as warm:
        (warm.runtime / "slipway").mkdir(mode=0o700)
        yield warm


def told(out: bytes) -> bytes:
    """What was written, without the time it took."""
    return re.sub(rb'"took_ms": [\d.]+', b'"took_ms": 0', out)


SERVED = [
    ["search", "skills"],
    ["search", "reinforcement", "learning", "--explain"],
    ["search", "遞歸", "--json"],
    ["search", "递归", "--mode", "lexical", "-n", "2"],
    ["search", "skills", "--mode", "semantic", "--json", "-n", "3"],
    ["search", "skills", "--kind", "note", "--since", "2026-01-01"],
    ["search", "zzzzqqqq", "--mode", "lexical"],
    ["search", ""],
    ["search"],
    ["search", "x", "--mode", "nonsense"],
    ["search", "x", "--kidn", "note"],
    ["search", "x", "-n", "0"],
    ["search", "x", "--since", "yesterday-ish"],
    ["search", "--help"],
    ["search", "a\udcffb"],
    ["search", 'AND OR NEAR("'],
    ["--date", "2026-02-19", "search", "skills", "--json"],
    ["-q", "search", "skills"],
    ["related", "nothing-like-this"],
    ["related", "20260220"],
    ["related"],
]


@pytest.mark.parametrize("args", SERVED, ids=lambda args: ascii(" ".join(args)))
def test_the_server_says_the_very_same(warm, args):
    cold, served = warm.run(*args, cold=True), warm.run(*args)
    assert not served.was_cold, served.err
    assert (served.code, told(served.out), served.err) == (cold.code, told(cold.out), cold.err)


def test_related_notes_are_the_same(warm):
    note = warm.house.note("skillrl-agents").stem
    for args in (["related", note], ["related", note, "--json"]):
        cold, served = warm.run(*args, cold=True), warm.run(*args)
        assert (served.code, served.out, served.err) == (cold.code, cold.out, cold.err)
        assert cold.out


@pytest.mark.parametrize(
    "env",
    [
        {"COLUMNS": "40"},
        {"NO_COLOR": "1"},
        {"LANG": "C"},
        {"PYTHONIOENCODING": "ascii:backslashreplace"},
        {"PYTHONIOENCODING": "gb18030"},
    ],
    ids=str,
)
def test_the_clients_surroundings_are_its_own(warm, env):
    for args in (["search", "遞歸"], ["search", "--help"], ["search", "--nonsense", "遞歸"]):
        cold, served = warm.run(*args, cold=True, **env), warm.run(*args, **env)
        assert not served.was_cold, served.err
        assert (served.code, served.out, served.err) == (cold.code, cold.out, cold.err)


def on_a_terminal(warm: Warm, args: list[str], **env: str) -> bytes:
    """What a terminal of 24 lines and 80 columns is sent."""
    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 80, 0, 0))
    with subprocess.Popen(
        [sys.executable, "-c", PATIENT, *args],
        cwd=warm.house.root,
        env=warm.environment() | env,
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    ):
        os.close(theirs)
        said = b""
        with suppress(OSError):  # the other end was closed: on Linux that is an error
            while some := os.read(ours, 4096):
                said += some
    os.close(ours)
    return said


@pytest.mark.parametrize(
    "args", [["search", "skills", "-n", "2"], ["search", "--nonsense"], ["related", "zzz"]], ids=" ".join
)
def test_a_terminal_is_written_to_as_one(warm, args):
    cold = on_a_terminal(warm, args, SLIPWAY_NO_SERVER="1", TERM="xterm")
    assert on_a_terminal(warm, args, SLIPWAY_DEBUG="1", TERM="xterm") == cold
    assert cold


def test_folder_and_configuration_are_the_clients(warm, tmp_path):
    config = str(warm.house.root / "slipway.toml")
    below = warm.house.root / "vault"
    for cwd, args, env in [
        (below, [], {}),
        (tmp_path, ["--config", config], {}),
        (tmp_path, [f"--config={config}"], {}),
        (warm.house.root.parent, ["--config", f"{warm.house.root.name}/slipway.toml"], {}),
        (tmp_path, [], {"SLIPWAY_CONFIG": config}),
    ]:
        served = warm.run(*args, "search", "skills", "--mode", "lexical", cwd=cwd, **env)
        assert served.code == 0, served.err
        assert not served.was_cold, served.err
    missing = warm.run("search", "skills", cwd=tmp_path)
    assert missing.code == 2
    assert b"slipway init" in missing.err


@pytest.mark.parametrize(
    ("args", "served"),
    [
        (["search", "x"], True),
        (["related", "x", "--json"], True),
        (["--config", "a", "--date=2026-01-01", "-q", "search", "x", "-n", "5"], True),
        (["search", "x", "-n5"], True),
        (["search", "--stdin"], False),
        (["search", "x", "-i"], False),
        (["search", "x", "-in5"], False),
        (["search", "--like", "-"], False),
        (["search", "--interactive"], False),
        (["show", "x"], False),
        (["run"], False),
        (["--version"], False),
        (["--config"], False),
        (["--config", "search"], False),
        (["-h", "search", "x"], False),
        ([], False),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_which_command_lines_go_to_a_server(args, served):
    assert is_served(args) is served


@pytest.mark.parametrize(
    ("args", "named"),
    [
        (["search", "--config", "x"], None),
        (["--config", "a", "search"], "a"),
        (["--config=a", "--config", "b", "search"], "b"),
        (["--date", "--config", "search", "x"], None),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_the_configuration_that_is_named(args, named):
    assert _named_config(args) == named


def test_the_configuration_that_is_found_is_the_one_that_the_command_finds(tmp_path, monkeypatch):
    from slipway.config import find_config

    below = tmp_path / "a" / "b"
    below.mkdir(parents=True)
    (tmp_path / "slipway.toml").touch()
    (tmp_path / "linked.toml").symlink_to(tmp_path / "slipway.toml")
    monkeypatch.chdir(below)
    monkeypatch.delenv("SLIPWAY_CONFIG", raising=False)
    for named in (None, "../../slipway.toml", "../../linked.toml", str(tmp_path / "a" / ".." / "slipway.toml")):
        assert config_of(named) == str(find_config(named, cwd=below))
    for nothing in ("nothing.toml", "~nobody-of-this-name/x", "nul\0byte", "a" * 5000):
        assert config_of(nothing) is None


def fruit(house: House) -> None:
    """A note of the user's own, and the index of it."""
    house.vault.mkdir(exist_ok=True)
    (house.vault / "new.md").write_text("# Fruit\n\nA pomegranate is red.\n", encoding="utf-8")
    house.run("index")


def test_a_changed_vault_is_seen(tmp_path):
    house = House.build(tmp_path / "house")
    with warm_house(house) as warm, warm.served():
        asked = ["search", "pomegranate", "--mode", "lexical"]
        early = warm.run(*asked)
        assert b"no search index yet" in early.err
        assert early.code == 2
        fruit(house)
        assert b"Fruit" in warm.run(*asked).out
        (house.vault / "new.md").unlink()
        house.run("index")
        assert b"Fruit" not in warm.run(*asked).out
        assert not warm.run(*asked).was_cold


def test_a_changed_configuration_is_seen(tmp_path):
    house = House.build(tmp_path / "house")
    fruit(house)
    config = house.root / "slipway.toml"
    kept = config.read_text(encoding="utf-8")
    with warm_house(house) as warm, warm.served():
        asked = ["search", "pomegranate", "--mode", "lexical"]
        right = warm.run(*asked)
        config.write_text("vualt = 1\n" + kept, encoding="utf-8")
        broken = warm.run(*asked)
        assert (broken.code, broken.err) == ((cold := warm.run(*asked, cold=True)).code, cold.err)
        assert b"did you mean 'vault'?" in broken.err
        config.write_text(kept, encoding="utf-8")
        assert warm.run(*asked) == right
        assert b"Fruit" in right.out


# --- strange clients ------------------------------------------------------------------------------------------------


def say(warm: Warm, message: bytes, *, hang_up: bool = False) -> bytes:
    """What the server answers to these bytes."""
    with socket.socket(socket.AF_UNIX) as talk:
        talk.settimeout(30)
        talk.connect(str(warm.socket))
        with suppress(BrokenPipeError, ConnectionResetError):
            talk.sendall(message)
            if hang_up:
                talk.shutdown(socket.SHUT_WR)
            heard = b""
            while some := talk.recv(4096):
                heard += some
            return heard
        return b""


def answers(warm: Warm) -> None:
    """The server answers the next one."""
    served = warm.run("search", "skills", "--mode", "lexical", "-n", "1")
    assert served.code == 0
    assert not served.was_cold, served.err


@pytest.mark.parametrize(
    "message",
    [
        b"",
        b"GET / HTTP/1.1\r\nHost: x\r\n\r\n",
        bytes(range(256)) * 300,
        MAGIC,
        MAGIC + (1 << 30).to_bytes(4, "big"),
        MAGIC + b"\xff\xff\xff\xff" + b"x" * 100_000,
        MAGIC + (100).to_bytes(4, "big") + b"half",
        MAGIC + (0).to_bytes(4, "big"),
        request([]),
        request(["a"] * 12),
        request(
            ["", "", "/", *[""] * len(WORLD), "80", "24", "utf-8", "strict", "", "no such", "strict", "", "99999999"]
        ),
        request(["x"]) + request(["y"]),
    ],
    ids=lambda message: ascii(message[:24]),
)
def test_what_is_no_request_is_answered_with_nothing_and_harms_nobody(warm, message):
    heard = say(warm, message, hang_up=True)
    assert b"X" not in heard[:1]
    answers(warm)


def test_many_who_say_nothing_are_not_waited_for(warm):
    with ExitStack() as idle:
        talks = [idle.enter_context(socket.socket(socket.AF_UNIX)) for _ in range(200)]
        for talk in talks:
            talk.connect(str(warm.socket))
            with suppress(OSError):  # it may have been dropped for another already
                talk.send(MAGIC[:3])
        answers(warm)
        for talk in talks:
            talk.settimeout(10)
            with suppress(ConnectionResetError):
                assert talk.recv(10) == b""


def test_who_drips_is_dropped(warm):
    with socket.socket(socket.AF_UNIX) as talk:
        talk.connect(str(warm.socket))
        started = time.monotonic()
        with pytest.raises(OSError):
            for byte in (MAGIC + (1000).to_bytes(4, "big") + b"x" * 1000)[:500]:
                talk.send(bytes([byte]))
                time.sleep(0.02)
        assert time.monotonic() - started < 9
    answers(warm)


def test_who_does_not_take_the_answer_holds_up_nobody(warm):
    with ExitStack() as talks:
        for _ in range(5):
            talk = talks.enter_context(socket.socket(socket.AF_UNIX))
            talk.connect(str(warm.socket))
            talk.sendall(request(fields(warm, "search", "skills", "--json", "-n", "1000")))
        answers(warm)
    answers(warm)


def fields(warm: Warm, *words: str, **changed: str) -> list[str]:
    """A request as a client of this house makes it."""
    from slipway.warm.protocol import stamp

    config = str(warm.house.root / "slipway.toml")
    world = [os.environ.get(name, "") for name in WORLD]
    plain = ["utf-8", "strict", ""]
    made = [stamp(), config, str(warm.house.root), *world, "80", "24", *plain, *plain, "0", *words]
    for place, value in changed.items():
        made[int(place[1:])] = value
    return made


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"_0": "0.0.1 elsewhere"}, b"another Slipway"),
        ({"_1": "/another/slipway.toml"}, b"another configuration"),
        ({"_3": "/another/home"}, b"HOME"),
        ({"_2": "/no/such/folder"}, b"FileNotFoundError"),
        ({"_8": "no-such-encoding"}, b"LookupError"),
    ],
    ids=["version", "configuration", "home", "folder", "encoding"],
)
def test_what_is_not_for_this_server_is_sent_home(warm, changed, why):
    right = say(warm, request(fields(warm, "search", "skills", "--mode", "lexical")))
    assert right.startswith(frame(b"A") + b"O")
    heard = say(warm, request(fields(warm, "search", "skills", "--mode", "lexical", **changed)))
    assert heard.startswith(frame(b"A") + b"C")
    assert why in heard
    answers(warm)


def test_a_command_that_reads_standard_input_is_sent_home(warm):
    assert say(warm, request(fields(warm, "search", "--stdin"))).startswith(frame(b"A") + b"C")
    lines = warm.run("search", "--stdin", "--mode", "lexical", stdin=b"skills\n")
    assert json.loads(lines.out)["query"] == "skills"


def test_other_commands_are_not_run_by_the_server_for_the_asking(warm):
    assert b"only searches" in say(warm, request(fields(warm, "index")))


@pytest.mark.parametrize(
    "ask",
    [lambda f: f.read(), lambda f: f.isatty(), lambda f: f.buffer, next, iter],
    ids=["read", "isatty", "buffer", "next", "iter"],
)
def test_standard_input_is_out_of_reach(ask: Callable[[Unreadable], object]):
    with pytest.raises(GoCold):
        ask(Unreadable())


def test_too_long_an_answer_is_not_kept():
    output = Output()
    with pytest.raises(GoCold):
        for _ in range(MAX_ANSWER // (1 << 20) + 1):
            output.add(b"O", bytes(1 << 20))


@given(st.lists(st.text(st.characters(exclude_characters="\0")), min_size=0, max_size=20))
def test_arguments_arrive_as_they_are(words):
    words = [os.fsdecode(os.fsencode(word)) for word in words if not re.search("[\ud800-\udfff]", word)]
    plain = ["utf-8", "strict", ""]
    message = request(["s", "c", "/", *["w"] * len(WORLD), "80", "24", *plain, *plain, "1", "NO_COLOR=a=b", *words])
    assert announced(message) == len(message)
    asked = read(message)
    assert list(asked.words) == words
    assert asked.shown == {"NO_COLOR": "a=b"}


def test_sizes_are_limited_before_anything_is_taken():
    from slipway.warm.asked import StrangeRequestError

    assert announced(MAGIC[:4]) is None
    assert announced(MAGIC + MAX_REQUEST.to_bytes(4, "big")) == HEADER + MAX_REQUEST
    for wrong in (MAGIC + (MAX_REQUEST + 1).to_bytes(4, "big"), b"x", b"slipwax1"):
        with pytest.raises(StrangeRequestError):
            announced(wrong)


# --- strange servers ------------------------------------------------------------------------------------------------


def pretending(warm: Warm, act: Callable[[socket.socket], None]) -> socket.socket:
    """Something that listens where the server would, and treats each caller so."""
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(str(warm.socket))
    listener.listen(5)

    def serve() -> None:
        with suppress(OSError):
            while True:
                talk, _ = listener.accept()
                with talk, suppress(OSError):
                    act(talk)

    threading.Thread(target=serve, daemon=True).start()
    return listener


def drip(talk: socket.socket) -> None:
    talk.recv(100_000)
    for byte in frame(b"A")[:4] + b"\0" * 20:
        talk.send(bytes([byte]))
        time.sleep(0.2)


@pytest.mark.parametrize(
    "act",
    [
        lambda talk: None,
        lambda talk: talk.recv(100_000) and None,
        lambda talk: talk.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n") or talk.recv(100_000),
        lambda talk: talk.sendall(frame(b"A")) or talk.recv(100_000),
        lambda talk: talk.recv(100_000) and talk.sendall(frame(b"A") + frame(b"O", b"forged") + b"X\0\0\0\x09"),
        lambda talk: talk.recv(100_000) and talk.sendall(frame(b"A") + frame(b"O", b"forged") + frame(b"X", b"1e3")),
        lambda talk: talk.recv(100_000) and talk.sendall(frame(b"A") + frame(b"Z", b"forged") + frame(b"X", b"0")),
        lambda talk: talk.recv(100_000) and talk.sendall(frame(b"A") + b"O\xff\xff\xff\xff" + b"y" * 1000),
        lambda talk: talk.recv(100_000) and talk.sendall(frame(b"A") + frame(b"O", b"forged") + frame(b"C", b"\xff\x1b[2J")),
        lambda talk: time.sleep(3),
        drip,
    ],
    ids=["hangs up", "reads, hangs up", "HTTP", "begins, ends", "half", "code", "kind", "4 GB", "cold", "silent", "drips"],
)  # fmt: skip
def test_a_strange_server_is_as_none(unserved, act):
    with pretending(unserved, act):
        cold = unserved.run("search", "skills", "--mode", "lexical", hurried=True)
    assert cold.code == 0, cold.err
    assert b"SkillRL" in cold.out
    assert b"forged" not in cold.out
    assert cold.was_cold


def test_a_dead_and_a_stopped_server_are_as_none(house):
    with warm_house(house) as warm:
        with warm.served() as server:
            server.send_signal(signal.SIGSTOP)
            stopped = warm.run("search", "skills", "--mode", "lexical", hurried=True)
            server.send_signal(signal.SIGCONT)
            assert stopped.was_cold
            assert b"SkillRL" in stopped.out
            answers(warm)
            server.kill()
            server.wait()
            dead = warm.run("search", "skills", "--mode", "lexical")
            assert dead.was_cold
            assert b"SkillRL" in dead.out
        with warm.served():
            answers(warm)  # what the dead one left is replaced
        assert not warm.socket.exists()


def forge(talk: socket.socket) -> None:
    talk.recv(100_000)
    talk.sendall(frame(b"A") + frame(b"O", b"forged") + frame(b"X", b"0"))


def test_a_folder_that_others_may_enter_is_not_believed(unserved):
    folder = unserved.socket.parent
    with pretending(unserved, forge):
        assert unserved.run("search", "skills").out == b"forged"
        folder.chmod(0o755)
        assert b"forged" not in unserved.run("search", "skills").out
    assert not is_private(str(folder))
    folder.chmod(0o700)
    link = folder.with_name("link")
    link.symlink_to(folder)
    assert is_private(str(folder))
    assert not is_private(str(link))


def test_without_a_private_folder_there_is_no_socket(tmp_path, monkeypatch):
    from notes.errors import SlipwayError
    from slipway.warm import listening

    (tmp_path / "open").mkdir(mode=0o755)
    long = str(tmp_path / ("x" * 90))
    monkeypatch.setattr(listening, "folders", lambda: [str(tmp_path / "open"), "/proc/none", long])
    with pytest.raises(SlipwayError, match="nobody else may enter"), listening.bound(tmp_path / "slipway.toml"):
        pass
    assert list(tmp_path.iterdir()) == [tmp_path / "open"]


def test_a_second_server_says_so(warm):
    second = warm.start()
    _, said = second.communicate(timeout=300)
    assert second.returncode == 1
    assert re.search(r"answered already, by process \d+", said)
    answers(warm)


def test_a_server_of_older_code_answers_no_more(house, tmp_path):
    from slipway.warm.keeping import Code

    module = tmp_path / "notes.py"
    module.touch()
    code = Code()
    assert not code.changed()
    loaded = type(sys)("notes.made_up")
    loaded.__file__ = str(module)
    sys.modules["notes.made_up"] = loaded
    try:
        assert not code.changed()
        module.write_text("new = 1")
        assert code.changed()
    finally:
        del sys.modules["notes.made_up"]


@pytest.mark.parametrize("kind", [b"X"], ids=["exit code"])
@pytest.mark.parametrize("payload", [b"-1", b"256", b"", b"x"])
def test_exit_codes_are_those_of_a_process(kind, payload):
    with pytest.raises((ValueError, _NoAnswerError)):
        _exit_code([(kind, payload)])


def test_names_differ():
    assert name_of("/a/slipway.toml") != name_of("/b/slipway.toml")
    assert len(name_of("/a" * 500)) == 16
