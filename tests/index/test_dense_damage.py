"""Whatever happens to the files, the answer is right or an error says what is wrong; the next publication mends it."""

from __future__ import annotations

import json
import os
import shutil
import signal
import sqlite3
import subprocess
import sys
import textwrap
import threading
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from index.dense import files, header
from index.dense.header import HEADER, VERSION, model_folder
from index.dense.publishing import Published, publish
from index.dense.reader import open_dense
from notes.errors import IndexCacheError
from tests.index.dense_vault import MODEL, DenseVault, clustered, unit

QUERY = unit(np.random.default_rng(9), 1, 32)[0]
EXACT_UP_TO = 300
"""So that some hundred rows have a faiss index."""


def answer(folder: Path) -> list[int] | str:
    """The ids found, or the error's message."""
    try:
        with open_dense(folder, MODEL) as reader:
            return reader.nearest(QUERY, 5)[0].tolist()
    except IndexCacheError as error:
        return error.message if error.hint else "no remedy"


@pytest.fixture(scope="module")
def pristine(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, list[int]]:
    """A cache and its published files: two segments, dead rows, and a faiss index."""
    base = tmp_path_factory.mktemp("pristine")
    vault = DenseVault(base / "index.db", dim=32)
    rng = np.random.default_rng(4)
    ids = vault.add_many(clustered(rng, 400, 32), "base")
    publish(vault.connection, MODEL, base / "dense", 1, exact_up_to=EXACT_UP_TO)
    vault.add_many(clustered(rng, 10, 32), "more")
    for key in ids[3:9]:
        vault.remove(key)
    publish(vault.connection, MODEL, base / "dense", 2, exact_up_to=EXACT_UP_TO)
    right = answer(base / "dense")
    assert right == vault.nearest(QUERY, 5)[0]
    vault.connection.close()
    return base / "index.db", base / "dense", right


class Copy:
    """The same to be damaged, with stamps that fit; whole again after :meth:`restore`."""

    def __init__(self, pristine: tuple[Path, Path, list[int]], base: Path) -> None:
        place, self._dense, self.right = pristine
        shutil.copy(place, base / "index.db")
        self.folder = base / "dense"
        self.connection = sqlite3.connect(base / "index.db", isolation_level=None)
        self.restore()

    def restore(self) -> list[Path]:
        """The paths of its files."""
        shutil.rmtree(self.folder, ignore_errors=True)
        shutil.copytree(self._dense, self.folder)
        self.publish(2)
        return names(self.folder)

    def publish(self, generation: int = 3) -> Published:
        return publish(self.connection, MODEL, self.folder, generation, exact_up_to=EXACT_UP_TO)

    def answer(self) -> list[int] | str:
        return answer(self.folder)

    def mended(self) -> bool:
        self.publish()
        return self.answer() == self.right


@pytest.fixture
def copy(pristine, tmp_path) -> Iterator[Copy]:
    made = Copy(pristine, tmp_path)
    yield made
    made.connection.close()


def names(folder: Path) -> list[Path]:
    return sorted(one for one in model_folder(folder, MODEL).iterdir() if one.suffix in (".bin", ".json"))


def write_over(place: Path, content: bytes) -> None:
    place.chmod(0o644)
    place.write_bytes(content)


def test_there_is_one_file_of_every_kind(copy):
    kinds = [one.name.split("-")[0] for one in names(copy.folder)]
    assert kinds == ["codes", "dead", "header.json", "segment", "segment"]


def test_a_copy_is_hashed_and_trusted(pristine, tmp_path, monkeypatch):
    _, dense, right = pristine
    shutil.copytree(dense, tmp_path / "dense")
    hashed, real = [], files._digest
    monkeypatch.setattr(files, "_digest", lambda descriptor: hashed.append(descriptor) or real(descriptor))
    assert answer(tmp_path / "dense") == right
    assert len(hashed) == 4


def test_a_publication_after_a_copy_renews_the_stamps(copy, monkeypatch):
    monkeypatch.delattr(files, "_digest")  # whoever hashes now falls
    assert copy.answer() == copy.right


def test_truncated_at_twenty_places(copy):
    for at in range(5):
        whole = copy.restore()[at].read_bytes()
        for cut in sorted({len(whole) * step // 20 for step in range(20)} | {len(whole) - 1}):
            place = copy.restore()[at]
            raw = place.read_bytes()
            # Stamps have more digits now and then: a header may be shorter than it was.
            write_over(place, raw[: min(cut, len(raw) - 1)])
            message = copy.answer()
            assert isinstance(message, str), (place.name, cut)
            assert "torn" in message
        assert copy.mended()


def test_bytes_appended(copy):
    for at in range(5):
        place = copy.restore()[at]
        write_over(place, place.read_bytes() + b"\0")
        assert "torn" in copy.answer()
        assert copy.mended()


@pytest.mark.parametrize("disguise", [False, True], ids=["plain", "mtime-put-back"])
def test_flipped_anywhere(copy, disguise):
    rng = np.random.default_rng(11)
    for at in range(5):
        for _ in range(10):
            place = copy.restore()[at]
            flip(place, rng, disguise=disguise)
            assert isinstance(copy.answer(), str), place.name
        assert copy.mended()


def flip(place: Path, rng: np.random.Generator, *, disguise: bool) -> None:
    content, times = bytearray(place.read_bytes()), place.stat()
    content[rng.integers(len(content))] ^= 1 << int(rng.integers(8))
    write_over(place, bytes(content))
    if disguise:
        os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))


def test_without_ctime_in_the_stamp_a_disguised_change_would_pass(copy, monkeypatch):
    """The positive control of the one above: with the time of modification alone, the change is not seen."""
    monkeypatch.setattr(files, "_stamp", lambda found: (found.st_mtime_ns, 0, 0))
    monkeypatch.setattr(files.MappedFile, "check", lambda self: None)
    places = copy.restore()
    place = max(places, key=lambda one: one.stat().st_size)
    times = place.stat()
    write_over(place, bytes(times.st_size))
    os.utime(place, ns=(times.st_atime_ns, times.st_mtime_ns))
    found = copy.answer()
    assert found != copy.right
    assert not isinstance(found, str)


def test_without_the_tick_a_quick_write_could_keep_its_stamp(copy, monkeypatch):
    """When the header stands, the clock of the file system has moved on past every stamp in it."""
    newest = max(record.stamp[1] for record in open_dense(copy.folder, MODEL).header.files)
    assert (model_folder(copy.folder, MODEL) / HEADER).stat().st_ctime_ns > newest


def test_swapped_files(copy):
    one, other = (place for place in names(copy.folder) if place.name.startswith("segment"))
    first, second = one.read_bytes(), other.read_bytes()
    write_over(one, second)
    write_over(other, first)
    assert "torn" in copy.answer()
    assert copy.mended()


def test_swapped_files_of_one_size(tmp_path):
    vault = DenseVault(dim=32)
    rng = np.random.default_rng(1)
    homes = []
    for model in (MODEL, "other"):
        vault.connection.execute("DELETE FROM passages")
        vault.add_many(unit(rng, 20, 32), model, model=model)
        publish(vault.connection, model, tmp_path, 1)
        homes.append(model_folder(tmp_path, model))
    segments = [next(home.glob("segment-*")) for home in homes]
    write_over(segments[0], segments[1].read_bytes())
    assert "torn" in answer(tmp_path)


def test_a_whole_folder_of_another_model(copy):
    folder, connection = copy.folder, copy.connection
    connection.execute("UPDATE vectors SET model = 'other'")
    publish(connection, "other", folder, 1)
    home = model_folder(folder, MODEL)
    shutil.rmtree(home)
    shutil.copytree(model_folder(folder, "other"), home)
    assert "foreign" in answer(folder)
    connection.execute("UPDATE vectors SET model = ?", (MODEL,))
    assert copy.mended()


def header_with(**changes: object):
    from index.dense import header

    def change(raw: bytes) -> bytes:
        fields = json.loads(raw)
        fields.pop("checksum")
        fields |= changes
        return json.dumps({**fields, "checksum": header._checksum(fields)}).encode()

    return change


@pytest.mark.parametrize(
    ("change", "word"),
    [
        pytest.param(lambda raw: b"", "torn", id="empty"),
        pytest.param(lambda raw: b"[]", "torn", id="no-object"),
        pytest.param(lambda raw: b"[" * 200_000, "torn", id="deep"),
        pytest.param(lambda raw: b" " * (1 << 20) + raw, "torn", id="huge"),
        pytest.param(lambda raw: b'{"magic": "another"}', "foreign", id="foreign"),
        pytest.param(header_with(version=VERSION - 1), "old", id="old"),
        pytest.param(header_with(model="other"), "foreign", id="other-model"),
        pytest.param(header_with(segments=7), "foreign", id="no-segments"),
        pytest.param(header_with(dim=-1), "foreign", id="negative"),
        pytest.param(header_with(dim="8"), "foreign", id="text"),
        pytest.param(header_with(more=1), "foreign", id="more"),
        pytest.param(header_with(dim=33), "torn", id="another-dim"),
        pytest.param(lambda raw: raw.replace(b'"count": 4', b'"count": 5', 1), "torn", id="one-digit"),
        pytest.param(lambda raw: raw.replace(b"segment-", b"../../s-", 1), "torn", id="path"),
    ],
)
def test_headers_that_are_not_ours(copy, change, word):
    folder, right = copy.folder, copy.right
    place = model_folder(folder, MODEL) / HEADER
    place.write_bytes(change(place.read_bytes()))
    message = answer(folder)
    assert isinstance(message, str)
    assert word in message
    published = copy.publish()
    assert word in published.repaired
    assert answer(folder) == right


@pytest.mark.parametrize("name", ["../../secret", "segment-0000000000000000.bin/../x", "/etc/passwd", "header.json"])
def test_a_header_may_name_only_our_files(copy, name):
    folder = copy.folder
    place = model_folder(folder, MODEL) / HEADER
    segments = json.loads(place.read_bytes())["segments"]
    segments[0]["file"]["name"] = name
    place.write_bytes(header_with(segments=segments)(place.read_bytes()))
    assert "names the file" in answer(folder)


@pytest.mark.parametrize("kind", ["segment", "dead", "codes", "header"])
@pytest.mark.parametrize("what", ["gone", "folder", "fifo", "link"])
def test_files_that_are_no_files(copy, kind, what):
    folder = copy.folder
    place = next(one for one in names(folder) if one.name.startswith(kind))
    if what == "link":
        shutil.move(place, folder / "elsewhere")
        place.symlink_to(folder / "elsewhere")
    else:
        place.unlink()
        if what == "folder":
            place.mkdir()
        elif what == "fifo":
            os.mkfifo(place)
    if (kind, what) == ("header", "gone"):
        assert open_dense(folder, MODEL) is None
    else:
        assert isinstance(answer(folder), str)
    if what == "folder":
        place.rmdir()
    assert copy.mended()


def test_a_file_shortened_under_an_open_reader_is_told(copy):
    folder, right = copy.folder, copy.right
    with open_dense(folder, MODEL) as reader:
        assert reader.nearest(QUERY, 5)[0].tolist() == right
        place = max(names(folder), key=lambda one: one.stat().st_size)
        place.chmod(0o644)
        os.truncate(place, 8)
        with pytest.raises(IndexCacheError, match="changed while in use"):
            reader.nearest(QUERY, 5)


def test_without_that_look_the_process_would_be_killed(copy):
    """The positive control: SIGBUS, in a process of its own."""
    folder = copy.folder
    code = f"""
        import os, sys
        from pathlib import Path
        import numpy as np
        from index.dense import files, header
        from index.dense.reader import open_dense
        files.MappedFile.check = lambda self: None
        reader = open_dense(Path({str(folder)!r}), {MODEL!r})
        for place in Path({str(model_folder(folder, MODEL))!r}).glob("segment-*"):
            place.chmod(0o644)
            os.truncate(place, 8)
        reader.nearest(np.ones(32, dtype="f4"), 5)
    """
    done = subprocess.run([sys.executable, "-c", textwrap.dedent(code)], env=python_env(), capture_output=True)
    assert done.returncode == -signal.SIGBUS, done.stderr


def test_an_open_reader_outlives_publications(copy):
    folder, right, connection = copy.folder, copy.right, copy.connection
    with open_dense(folder, MODEL) as reader:
        connection.execute("DELETE FROM passages WHERE id % 2 = 0")
        copy.publish()
        assert reader.stale()
        assert reader.nearest(QUERY, 5)[0].tolist() == right
    assert answer(folder) != right


def test_a_closed_reader_says_so(copy):
    reader = open_dense(copy.folder, MODEL)
    reader.close()
    reader.close()
    with pytest.raises(IndexCacheError, match="closed"):
        reader.nearest(QUERY, 5)


def test_readers_beside_publications_see_one_state_or_the_other(tmp_path):
    """Each generation holds one passage more, so that a reader's answer must fit its generation."""
    vault = DenseVault(tmp_path / "index.db", dim=32)
    rng = np.random.default_rng(3)
    vault.add_many(unit(rng, 50, 32), "base")
    publish(vault.connection, MODEL, tmp_path / "dense", 50)
    faults: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            try:
                with open_dense(tmp_path / "dense", MODEL) as reader:
                    found = reader.nearest(QUERY, 1000)[0]
                    if not len(found) == reader.generation == reader.count:
                        faults.append((len(found), reader.generation))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a fault
                faults.append(error)

    readers = [threading.Thread(target=read) for _ in range(2)]
    for reader in readers:
        reader.start()
    for generation in range(51, 81):
        vault.add(unit(rng, 1, 32)[0], f"new {generation}")
        publish(vault.connection, MODEL, tmp_path / "dense", generation)
    done.set()
    for reader in readers:
        reader.join()
    assert not faults


# Step by step a copy is published by a child whose n-th call of any of these is the last thing it does.
KILLED = """
import faiss, os, shutil, signal, sqlite3, sys
from pathlib import Path
from index.dense import publishing
database, model, folder, base, exact_up_to = sys.argv[1:]
def count(name, owner, last):
    real = getattr(owner, name)
    def counted(*args, **kwargs):
        last[0] -= 1
        if not last[0]:
            os.kill(os.getpid(), signal.SIGKILL)
        return real(*args, **kwargs)
    setattr(owner, name, counted)
for step in range(1, 200):
    run = Path(base) / f"run{step}"
    shutil.copytree(folder, run)
    child = os.fork()
    if not child:
        last = [step]
        for name in ("fsync", "open", "fchmod", "utime", "scandir"):
            count(name, os, last)
        for name in ("replace", "unlink"):
            count(name, Path, last)
        connection = sqlite3.connect(database, isolation_level=None)
        publishing.publish(connection, model, run, 3, exact_up_to=int(exact_up_to))
        os._exit(0)
    status = os.waitpid(child, 0)[1]
    if not status:
        print(step)
        break
    assert os.WIFSIGNALED(status), status
"""


def python_env() -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def test_killed_at_every_step(copy, tmp_path):
    copy.connection.execute("DELETE FROM passages WHERE id IN (SELECT id FROM passages ORDER BY id LIMIT 20)")
    late = [(MODEL, f"late{at}", row.tobytes()) for at, row in enumerate(unit(np.random.default_rng(7), 40, 32))]
    late.append((MODEL, "late", QUERY.tobytes()))
    copy.connection.executemany("INSERT INTO vectors VALUES (?, ?, ?)", late)
    copy.connection.executemany("INSERT INTO passages (vector_hash) VALUES (?)", [(row[1],) for row in late])
    shutil.copytree(copy.folder, tmp_path / "before")
    copy.publish()
    new = copy.answer()
    assert new != copy.right
    words = [str(tmp_path / "index.db"), MODEL, str(tmp_path / "before"), str(tmp_path), str(EXACT_UP_TO)]
    done = subprocess.run([sys.executable, "-c", KILLED, *words], env=python_env(), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    seen = set()
    for step in range(1, int(done.stdout) + 1):
        run = tmp_path / f"run{step}"
        found = answer(run)
        assert found in (copy.right, new), (step, found)
        seen.add(str(found))
        publish(copy.connection, MODEL, run, 3, exact_up_to=EXACT_UP_TO)
        assert answer(run) == new
        left = {one.name for one in model_folder(run, MODEL).iterdir()} - {HEADER, ".lock"}
        with open_dense(run, MODEL) as reader:
            assert left == {one.name for one in reader.header.files}
    assert step > 15
    assert len(seen) == 2


LIES = [
    pytest.param({"segments": []}, id="no-segments"),
    pytest.param({"count": 5}, id="fewer-rows"),
    pytest.param({"count": 10**6}, id="more-rows"),
    pytest.param({"dead": None}, id="nobody-dead"),
    pytest.param({"coded": 7}, id="half-a-segment-coded"),
    pytest.param({"codes": None}, id="coded-by-nothing"),
    pytest.param({"recall": "x"}, id="recall-is-a-word"),
    pytest.param({"recall": 1.5}, id="recall-above-one"),
    pytest.param({"recall": float("nan")}, id="recall-is-no-number"),
    pytest.param({"kind": 7}, id="kind-is-a-number"),
    pytest.param({"dim": 0}, id="no-dimensions"),
    pytest.param({"depth": True, "dim": "x"}, id="dimension-is-a-word"),
]


@pytest.mark.parametrize("lie", LIES)
def test_a_header_that_lies_under_a_right_checksum(copy, lie):
    place = model_folder(copy.folder, MODEL) / HEADER
    fields = {name: told for name, told in json.loads(place.read_bytes()).items() if name != "checksum"} | lie
    write_over(place, json.dumps({**fields, "checksum": header._checksum(fields)}).encode())
    assert isinstance(copy.answer(), str)
    assert copy.mended()


def test_a_disk_that_is_full_keeps_what_stands_and_nothing_half_written(copy, monkeypatch):
    def full(descriptor: int) -> None:
        raise OSError(28, "No space left on device")

    before = sorted(model_folder(copy.folder, MODEL).iterdir())
    write_over(next(one for one in before if one.name.startswith("segment")), b"torn")
    monkeypatch.setattr(files.os, "fsync", full)
    with pytest.raises(IndexCacheError, match="No space left"):
        copy.publish()
    assert sorted(model_folder(copy.folder, MODEL).iterdir()) == before
    monkeypatch.undo()
    assert copy.mended()
