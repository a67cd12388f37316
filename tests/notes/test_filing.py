"""Files are created, replaced and taken away by one rule: no byte of the user's is lost, whenever they save."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import stat
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import combinations
from pathlib import Path

import pytest

from notes.errors import VaultError
from notes.files import filing, renaming
from notes.files.settled import RemoveOutcome, ReplaceOutcome, sha256
from notes.files.vault import Vault, VaultExistsError

ROOT = Path(__file__).resolve().parents[2]
CHANGES = ("os.rename", "os.link", "os.remove", "slipway.rename")


class Watch:
    """Calls back before each change below a folder; one for the process, since an audit hook is for ever."""

    def __init__(self) -> None:
        self.root = ""
        self.then: Callable[[str, int], None] | None = None
        sys.addaudithook(self._hook)

    def _hook(self, event: str, args: tuple[object, ...]) -> None:
        if self.then is None or event not in CHANGES or not str(args[0]).startswith(self.root):
            return
        then, self.then = self.then, None
        self.seen += 1
        try:
            then(event, self.seen)
        finally:
            self.then = then

    @contextmanager
    def calling(self, root: Path, then: Callable[[str, int], None]) -> Iterator[None]:
        self.root, self.then, self.seen = str(root), then, 0
        try:
            yield
        finally:
            self.then = None


watch = Watch()


@pytest.fixture
def vault(tmp_path: Path) -> Vault:
    root = tmp_path / "vault"
    root.mkdir()
    return Vault(root)


@pytest.fixture(params=["exchange", "no exchange", "no hard links"])
def system(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """What the file system can."""
    if request.param != "exchange":
        monkeypatch.setattr(renaming, "_system_call", lambda: None)
    elif renaming._system_call() is None:
        pytest.skip("this system cannot exchange files")
    if request.param == "no hard links":
        monkeypatch.setattr(os, "link", _refused)
    return str(request.param)


def _refused(*_: object) -> None:
    raise OSError(errno.EPERM, "Operation not permitted")


def put(vault: Vault, path: str, text: str = "x") -> Path:
    place = vault.root / path
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(text.encode())
    return place


def leftovers(vault: Vault) -> list[Path]:
    return list(vault.root.rglob(".slipway-*"))


def everything(vault: Vault) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in vault.root.rglob("*") if path.is_file()}


# --- creating ---


@pytest.mark.usefixtures("system")
def test_create(vault: Vault) -> None:
    assert vault.create("notes/2026/x.md", "中文\n") == sha256("中文\n") == sha256("中文\n".encode())
    assert vault.read("notes/2026/x.md") == "中文\n".encode()
    assert leftovers(vault) == []


@pytest.mark.usefixtures("system")
def test_create_never_opens_a_file_that_is_there(vault: Vault) -> None:
    put(vault, "x.md", "mine")
    with pytest.raises(VaultExistsError, match=r"x\.md is there already"):
        vault.create("x.md", "theirs")
    assert vault.read("x.md") == b"mine"
    assert leftovers(vault) == []


def test_create_tells_what_the_file_system_refuses(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(VaultError, match="No space left"):
        vault.create("x.md", "text")
    assert list(vault.root.iterdir()) == []


def test_create_fsyncs_the_file_before_it_is_seen_and_the_folder_after(
    vault: Vault, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[str] = []
    fsync, link = os.fsync, os.link

    def note_fsync(descriptor: int) -> None:
        events.append("folder" if stat.S_ISDIR(os.fstat(descriptor).st_mode) else "file")
        fsync(descriptor)

    def note_link(*args: Path) -> None:
        events.append("link")
        link(*args)

    monkeypatch.setattr(os, "fsync", note_fsync)
    monkeypatch.setattr(os, "link", note_link)
    vault.create("x.md", "text")
    assert events == ["file", "link", "folder"]


# --- replacing ---


def test_replace(vault: Vault) -> None:
    place = put(vault, "x.md", "old")
    place.chmod(0o640)
    assert vault.replace("x.md", "new", expected_sha=sha256("old")) is ReplaceOutcome.REPLACED
    assert vault.read("x.md") == b"new"
    assert stat.S_IMODE(place.stat().st_mode) == 0o640
    assert leftovers(vault) == []


OUTCOMES = [
    ("the same text", "old", "old", sha256("old"), ReplaceOutcome.UNCHANGED),
    ("written by a killed run", "new", "new", sha256("old"), ReplaceOutcome.UNCHANGED),
    ("edited by the user", "mine", "new", sha256("old"), ReplaceOutcome.CHANGED_BY_USER),
    ("a line end changed by the user", "old\r\n", "new", sha256("old\n"), ReplaceOutcome.CHANGED_BY_USER),
    ("nothing is known of it", "old", "new", "", ReplaceOutcome.CHANGED_BY_USER),
]


@pytest.mark.parametrize(
    ("now", "text", "expected", "outcome"), [row[1:] for row in OUTCOMES], ids=[row[0] for row in OUTCOMES]
)
def test_replace_steps_back(vault: Vault, now: str, text: str, expected: str, outcome: ReplaceOutcome) -> None:
    place = put(vault, "x.md", now)
    before = place.stat()
    assert vault.replace("x.md", text, expected_sha=expected) is outcome
    assert vault.read("x.md") == now.encode()
    assert (place.stat().st_ino, place.stat().st_mtime_ns) == (before.st_ino, before.st_mtime_ns)


def test_replace_of_a_file_that_is_gone(vault: Vault) -> None:
    assert vault.replace("x.md", "new", expected_sha=sha256("old")) is ReplaceOutcome.GONE
    assert vault.files() == ()


def test_replace_tells_what_the_file_system_refuses(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    put(vault, "x.md", "old")
    monkeypatch.setattr(Path, "rename", _refused)
    with pytest.raises(VaultError, match="Operation not permitted"):
        vault.replace("x.md", "new", expected_sha=sha256("old"))
    assert everything(vault) == {"x.md": b"old"}


def in_place(place: Path, text: bytes) -> None:
    """As Obsidian saves."""
    place.write_bytes(text)


def by_rename(place: Path, text: bytes) -> None:
    """As vim saves."""
    other = place.with_name("4913")
    other.write_bytes(text)
    other.replace(place)


def by_unlink(place: Path, text: bytes) -> None:
    """As some synchronisations save."""
    place.unlink(missing_ok=True)
    place.write_bytes(text)


SAVES = [in_place, by_rename, by_unlink]


@pytest.mark.parametrize("save", SAVES)
@pytest.mark.parametrize("at", range(1, 6))
def test_an_edit_at_any_moment_of_an_exchange_stands(
    vault: Vault, at: int, save: Callable[[Path, bytes], None]
) -> None:
    """Saved before any of its steps: what the user wrote last is in the file, whatever becomes of ours."""
    place = put(vault, "x.md", "old")
    edited: list[int] = []

    def edit(_event: str, number: int) -> None:
        if number == at:
            edited.append(number)
            save(place, b"mine")

    with watch.calling(vault.root, edit):
        outcome = vault.replace("x.md", "new", expected_sha=sha256("old"))
    assert everything(vault) == {"x.md": b"mine" if edited else b"new"}
    assert edited or outcome is ReplaceOutcome.REPLACED
    assert leftovers(vault) == []


def test_without_the_look_after_the_exchange_that_edit_is_lost(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "is_settled", lambda *_: True)
    with pytest.raises(AssertionError):
        test_an_edit_at_any_moment_of_an_exchange_stands(vault, 2, in_place)


def test_an_edit_while_the_new_text_is_written_is_seen(
    vault: Vault, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    place = put(vault, "x.md", "old")
    write = filing._write_exclusively

    def edit_meanwhile(bench: Path, raw: bytes) -> None:
        place.write_text("mine")
        write(bench, raw)

    monkeypatch.setattr(filing, "_write_exclusively", edit_meanwhile)
    assert vault.replace("x.md", "new", expected_sha=sha256("old")) is ReplaceOutcome.CHANGED_BY_USER
    assert everything(vault) == {"x.md": b"mine"}


def test_two_edits_in_one_exchange_are_both_kept(vault: Vault) -> None:
    """The second stands, the first beside it: neither is ours to throw away."""
    place = put(vault, "x.md", "old")

    def edit(event: str, number: int) -> None:
        if event == "slipway.rename" and number <= 3:
            place.write_bytes(b"edit %d" % number)

    with watch.calling(vault.root, edit):
        outcome = vault.replace("x.md", "new", expected_sha=sha256("old"))
    assert outcome is ReplaceOutcome.CHANGED_BY_USER
    assert everything(vault) == {"x.md": b"edit 3", "x (kept by Slipway 1).md": b"edit 2"}


@pytest.mark.parametrize("save", SAVES)
@pytest.mark.parametrize("moments", [m for n in range(1, 5) for m in combinations(range(1, 9), n)], ids=str)
def test_of_edits_at_any_moments_of_one_exchange_the_last_stands(
    vault: Vault, moments: tuple[int, ...], save: Callable[[Path, bytes], None]
) -> None:
    """Three edits in one exchange: 9,000 nights found that the second could take the place of the third."""
    place = put(vault, "x.md", "old")
    edited: list[bytes] = []

    def edit(_event: str, number: int) -> None:
        if number in moments and place.exists():
            edited.append(b"edit %d" % number)
            save(place, edited[-1])

    with watch.calling(vault.root, edit):
        vault.replace("x.md", "new", expected_sha=sha256("old"))
    assert everything(vault)["x.md"] == (edited[-1] if edited else b"new")
    assert leftovers(vault) == []


def test_without_knowing_which_edit_is_the_older_it_would_stand(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "_makes_room", lambda *_: False)
    with pytest.raises(AssertionError):
        test_of_edits_at_any_moments_of_one_exchange_the_last_stands(vault, (2, 3), in_place)


class Killed(BaseException):
    """What a kill is to the code that it meets."""


@pytest.mark.parametrize("killed_at", [2, 3, 4])
def test_killed_among_two_edits_the_newer_stands_too(vault: Vault, killed_at: int) -> None:
    """The interleaving that 8,000 nights found: what went back after the exchange was the older."""
    place = put(vault, "x.md", "old")

    def edit(event: str, number: int) -> None:
        if event == "slipway.rename" and number <= 3:
            place.write_bytes(b"edit %d" % number)
        if event == "slipway.rename" and number == killed_at:
            raise Killed

    with watch.calling(vault.root, edit), contextlib.suppress(Killed):
        vault.replace("x.md", "new", expected_sha=sha256("old"))
    vault.clean()
    assert everything(vault)["x.md"] == (b"edit 2" if killed_at == 2 else b"edit 3")
    assert leftovers(vault) == []


@pytest.mark.parametrize("killed_at", range(1, 10))
@pytest.mark.parametrize("moments", [m for n in range(1, 4) for m in combinations(range(1, 9), n)], ids=str)
def test_killed_at_any_moment_among_edits_the_last_stands(
    vault: Vault, moments: tuple[int, ...], killed_at: int
) -> None:
    place = put(vault, "x.md", "old")
    edited: list[bytes] = []

    def edit(_event: str, number: int) -> None:
        if number in moments and place.exists():
            edited.append(b"edit %d" % number)
            place.write_bytes(edited[-1])
        if number == killed_at:
            raise Killed

    with watch.calling(vault.root, edit), contextlib.suppress(Killed):
        vault.replace("x.md", "new", expected_sha=sha256("old"))
    vault.clean()
    assert everything(vault)["x.md"] == edited[-1] if edited else everything(vault)["x.md"] in {b"old", b"new"}
    assert leftovers(vault) == []


def test_without_the_mark_of_the_older_edit_it_would_stand(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(filing, "_mark", lambda *_: None)
    with pytest.raises(AssertionError):
        test_killed_at_any_moment_among_edits_the_last_stands(vault, (2, 3), 4)


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells who has a file open")
def test_a_file_that_somebody_has_open_for_writing_is_left_alone(vault: Vault) -> None:
    """Its bytes are still ours, but the writer is about to change them, wherever the file goes."""
    place = put(vault, "x.md", "old")
    with place.open("r+b") as file:
        assert vault.replace("x.md", "new", expected_sha=sha256("old")) is ReplaceOutcome.CHANGED_BY_USER
        assert vault.remove("x.md", expected_sha=sha256("old")) is RemoveOutcome.CHANGED_BY_USER
        file.write(b"mine")
    assert everything(vault) == {"x.md": b"mine"}
    with place.open("rb"):
        assert vault.replace("x.md", "new", expected_sha=sha256("mine")) is ReplaceOutcome.REPLACED


def test_a_racing_writer_loses_nothing(vault: Vault) -> None:
    """A thread saves as fast as it can while we replace what we last read: its last word stands, or ours upon it."""
    place = put(vault, "x.md", "0")
    stop, said = threading.Event(), [b"0"]

    def write() -> None:
        number = 0
        while not stop.is_set():
            number += 1
            said.append(b"user %d" % number)
            by_rename(place, said[-1])

    thread = threading.Thread(target=write)
    thread.start()
    try:
        for number in range(300):
            before = place.read_bytes()
            count = len(said)
            outcome = vault.replace("x.md", f"ours {number}", expected_sha=sha256(before))
            if outcome is ReplaceOutcome.REPLACED:
                # What we took away is exactly what we had read: nothing that was said since.
                assert before in said[: count + 1] or before.startswith(b"ours")
    finally:
        stop.set()
        thread.join()
    assert place.read_bytes() == said[-1] or place.read_bytes().startswith(b"ours")
    kept = {path.read_bytes() for path in vault.root.glob("*kept by*")}
    assert kept <= set(said)
    assert leftovers(vault) == []


def test_replace_where_files_cannot_change_places(vault: Vault, system: str) -> None:
    put(vault, "x.md", "old")
    assert vault.replace("x.md", "new", expected_sha=sha256("old")) is ReplaceOutcome.REPLACED
    assert everything(vault) == {"x.md": b"new"}


# --- taking away ---


@pytest.mark.usefixtures("system")
def test_remove(vault: Vault) -> None:
    put(vault, "a/x.md", "old")
    assert vault.remove("a/x.md", expected_sha=sha256("other")) is RemoveOutcome.CHANGED_BY_USER
    assert vault.remove("a/x.md", expected_sha="") is RemoveOutcome.CHANGED_BY_USER
    assert everything(vault) == {"x.md": b"old"}
    assert vault.remove("a/x.md", expected_sha=sha256("old")) is RemoveOutcome.REMOVED
    assert vault.remove("a/x.md", expected_sha=sha256("old")) is RemoveOutcome.GONE
    assert everything(vault) == {}
    assert leftovers(vault) == []


@pytest.mark.usefixtures("system")
@pytest.mark.parametrize("save", SAVES)
def test_an_edit_just_before_a_removal_stands(vault: Vault, save: Callable[[Path, bytes], None]) -> None:
    place = put(vault, "x.md", "old")

    def edit(event: str, _number: int) -> None:
        if event == "os.rename":
            save(place, b"mine")

    with watch.calling(vault.root, edit):
        assert vault.remove("x.md", expected_sha=sha256("old")) is RemoveOutcome.CHANGED_BY_USER
    assert everything(vault) == {"x.md": b"mine"}


def test_a_file_made_while_an_edited_one_was_away_stands_too(vault: Vault) -> None:
    place = put(vault, "x.md", "old")

    def edit(event: str, number: int) -> None:
        if number == 1:
            place.write_bytes(b"mine")
        elif event == "os.link":
            place.write_bytes(b"newer")

    with watch.calling(vault.root, edit):
        assert vault.remove("x.md", expected_sha=sha256("old")) is RemoveOutcome.CHANGED_BY_USER
    assert everything(vault) == {"x.md": b"newer", "x (kept by Slipway 1).md": b"mine"}


# --- after a kill ---

KILLED = """
import os, signal, sys
from itertools import combinations
from pathlib import Path
from notes.files.settled import sha256
from notes.files.vault import Vault
at, what, meanwhile, root = int(sys.argv[1]), sys.argv[2], sys.argv[3], Path(sys.argv[4])
seen = 0
def strike(event, args):
    global seen
    if event in {events!r} and str(args[0]).startswith(str(root)):
        seen += 1
        if seen == 2 and meanwhile == "edited":
            seen = 1000
            (root / "x.md").write_bytes(b"mine")
            seen = 2
        if seen == at:
            os.kill(os.getpid(), signal.SIGKILL)
sys.addaudithook(strike)
vault = Vault(root)
if what == "replace":
    vault.replace("x.md", "new", expected_sha=sha256("old"))
elif what == "remove":
    vault.remove("x.md", expected_sha=sha256("old"))
else:
    vault.create("x.md", "new")
print(seen)
"""
ENDS = {
    ("replace", "untouched"): ({b"old"}, {b"new"}),
    ("replace", "edited"): ({b"mine"}, {b"old"}),
    ("remove", "untouched"): ({b"old"}, set()),
    ("remove", "edited"): ({b"mine"}, {b"old"}, set()),
    ("create", "untouched"): (set(), {b"new"}),
}


@pytest.mark.skipif(os.name == "nt", reason="Windows has no SIGKILL")
@pytest.mark.parametrize(("what", "meanwhile"), ENDS, ids=" ".join)
def test_killed_at_any_step_the_next_run_finds_one_whole_file(tmp_path: Path, what: str, meanwhile: str) -> None:
    """The old text or the new one, never half of it, never none; and what the user saved meanwhile, always."""
    script = KILLED.replace("{events!r}", repr((*CHANGES, "os.mkdir", "os.rmdir")))
    for at in range(1, 12):
        root = tmp_path / str(at)
        root.mkdir()
        if what != "create":
            (root / "x.md").write_bytes(b"old")
        done = subprocess.run(
            [sys.executable, "-c", script, str(at), what, meanwhile, str(root)],
            env=os.environ | {"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
        )
        vault = Vault(root)
        vault.clean()
        assert set(everything(vault).values()) in ENDS[what, meanwhile], f"killed at {at}"
        assert leftovers(vault) == []
        assert vault.clean() == ()
        if done.returncode != -signal.SIGKILL:
            assert done.returncode == 0, done.stderr
            return
    pytest.fail("never came to its end")


def test_clean_gives_back_what_is_the_users(vault: Vault) -> None:
    ours = f"{sha256('old')[:32]}.{sha256('new')[:32]}"
    put(vault, f"a/.slipway-work-{ours}.00000001/x.md", "old")
    put(vault, f"b/.slipway-work-{ours}.00000002/x.md", "mine")
    put(vault, "b/x.md", "new")
    put(vault, f"c/.slipway-work-{ours}.00000003/x.md", "mine")
    put(vault, f"d/.slipway-work-{ours}.00000004/x.md", "mine")
    put(vault, "d/x.md", "newer")
    put(vault, f"e/.slipway-work-{ours}.00000005/new", "hal")
    assert len(vault.clean()) == 5
    assert leftovers(vault) == []
    assert {path.relative_to(vault.root).as_posix(): path.read_text() for path in vault.root.rglob("*.md")} == {
        "b/x.md": "mine",
        "c/x.md": "mine",
        "d/x.md": "newer",
        "d/x (kept by Slipway 1).md": "mine",
    }


def test_a_kept_copy_of_the_longest_name_has_a_name(vault: Vault) -> None:
    name = "深" * 84 + ".md"
    ours = f"{sha256('old')[:32]}.{sha256('new')[:32]}"
    put(vault, f".slipway-work-{ours}.00000001/{name}", "mine")
    put(vault, name, "newer")
    vault.clean()
    assert set(everything(vault).values()) == {b"mine", b"newer"}
    assert vault.replace(name, "x", expected_sha=sha256("newer")) is ReplaceOutcome.REPLACED


def test_clean_removes_what_a_killed_run_left(vault: Vault) -> None:
    put(vault, "notes/.slipway-tmp-0123456789abcdef", "half")
    put(vault, "notes/x.md")
    assert vault.clean() == ("notes/.slipway-tmp-0123456789abcdef",)
    assert vault.clean() == ()
    assert [found.path for found in vault.files()] == ["notes/x.md"]


def test_only_what_bears_a_whole_name_of_ours_is_cleared(vault: Vault) -> None:
    theirs = (
        ".slipway-tmp-notes.md",
        ".slipway-tmp-0123",
        ".slipway-tmp-0123456789abcdef.md",
        ".slipway-work-aa.bb.cc/new",
        f".slipway-work-{'a' * 32}.{'b' * 32}.zzzzzzzz/x.md",
    )
    for path in theirs:
        put(vault, path, "mine")
    assert vault.clean() == ()
    assert {path.relative_to(vault.root).as_posix() for path in vault.root.rglob("*") if path.is_file()} == set(theirs)


def test_a_folder_on_a_bench_is_somebody_elses_and_stops_nothing(vault: Vault) -> None:
    bench = f".slipway-work-{'a' * 32}.{'b' * 32}.00000001"
    put(vault, f"{bench}/new/x.md", "mine")
    put(vault, f"{bench}/sub/x.md", "mine")
    put(vault, f"{bench}/y.md", "mine")
    put(vault, "z/.slipway-tmp-0123456789abcdef", "half")
    assert vault.clean() == (bench, "z/.slipway-tmp-0123456789abcdef")
    assert {path.relative_to(vault.root).as_posix() for path in vault.root.rglob("*") if path.is_file()} == {
        f"{bench}/new/x.md",
        f"{bench}/sub/x.md",
        "y.md",
    }


def test_windows_has_no_folders_to_sync(vault: Vault, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        opened: list[tuple[object, ...]] = []
        patch.setattr(os, "open", lambda *arguments: opened.append(arguments))
        root = vault.root
        patch.setattr(os, "name", "nt")
        filing._sync_folder(root)
        assert not opened
