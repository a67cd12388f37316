"""How a file of the vault is created, replaced and taken away: the only module of Slipway that does any of it.

**Create** is exclusive: a file that exists is never opened for writing. **Replace** and **take out** hold for bytes, not for
names: they go through only when the file still holds what is expected. The look before is not enough, since its owner may save
at any moment after it; so the new file and the old one change places in one step of the system, and what came out is looked
at *then*. When it is not what was expected it goes back to where it was::

    write .slipway-work-…/new, fsync → rename to .slipway-work-…/NAME → exchange with NAME → look at what came out
        as expected: unlink it      otherwise: exchange again, the user's bytes stand where they stood

A run that is killed in between leaves the folder, whose name tells the two hashes that are Slipway's own; :func:`recover`
takes away what bears one of them and gives everything else back. What remains: on Linux a program that had found the file but
not yet opened it when the names changed; elsewhere also one that holds it open and writes after the look; where the system
cannot exchange (Windows, exFAT, some network shares) a save between the last look and the rename, some microseconds.
"""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from notes.files.attributes import copy_attributes
from notes.files.leftovers import SHA_LENGTH, TEMPORARY, bench_name, hashes_of, leftovers
from notes.files.renaming import move_new, swap
from notes.files.settled import RemoveOutcome, ReplaceOutcome, compare, is_settled, sha256

__all__ = ["create_file", "recover", "replace_file", "take_out"]

_FRESH: Final = "new"
_OLDER: Final = re.compile(r"\.older\.(?:(?P<age>\d+)\.)?(?P<sha>[0-9a-f]{32})")
_COPIES: Final = 100
_ROUNDS: Final = 16  # of exchanges; each takes another save of the user's within microseconds


def create_file(place: Path, raw: bytes) -> None:
    """Write a new file whole or not at all; FileExistsError when there is one, which is left as it is."""
    temporary = place.parent / f"{TEMPORARY}{secrets.token_hex(8)}"
    try:
        _write_exclusively(temporary, raw)
        _name(temporary, place, raw)
    finally:
        temporary.unlink(missing_ok=True)
    _sync_folder(place.parent)


def replace_file(place: Path, raw: bytes, expected_sha: str) -> ReplaceOutcome:
    """Put ``raw`` in the place of the file while its bytes have the SHA-256 ``expected_sha``; raises OSError.

    A file that holds ``raw`` already is UNCHANGED, whatever was expected: a run was killed after its exchange.
    """
    outcome = compare(place, raw, expected_sha)
    if outcome is not ReplaceOutcome.REPLACED:
        return outcome
    with _bench(place.parent, expected_sha, sha256(raw)) as bench:
        _write_exclusively(bench / _FRESH, raw)
        outcome = compare(place, raw, expected_sha)
        if outcome is ReplaceOutcome.REPLACED:
            copy_attributes(place, bench / _FRESH)
            outcome = _exchange(bench, place, (expected_sha, sha256(raw)))
    _sync_folder(place.parent)
    return outcome


def take_out(place: Path, expected_sha: str) -> RemoveOutcome:
    """Take the file away while its bytes have the SHA-256 ``expected_sha``; raises OSError."""
    outcome = compare(place, b"", expected_sha)
    if outcome is ReplaceOutcome.GONE:
        return RemoveOutcome.GONE
    if outcome is not ReplaceOutcome.REPLACED:
        return RemoveOutcome.CHANGED_BY_USER
    with _bench(place.parent, expected_sha, expected_sha) as bench:
        try:
            place.rename(bench / place.name)
        except FileNotFoundError:
            return RemoveOutcome.GONE
        removed = is_settled(bench / place.name, (expected_sha,))
        _give_back(bench / place.name, place, (expected_sha,))
    _sync_folder(place.parent)
    return RemoveOutcome.REMOVED if removed else RemoveOutcome.CHANGED_BY_USER


def recover(root: Path) -> tuple[Path, ...]:
    """Clear away what a killed run left below ``root``, and put back what of it is the user's; returns what was found.

    What cannot be cleared stays where it is: a folder that somebody else put on a bench, a file that is not ours to move.
    """
    left = sorted(leftovers(root))
    for path in left:
        with contextlib.suppress(OSError):
            if path.name.startswith(TEMPORARY):
                path.unlink(missing_ok=True)
            else:
                _clear(path)
    return tuple(left)


# --- the exchange --------------------------------------------------------------------------------------------------


def _exchange(bench: Path, place: Path, ours: tuple[str, str]) -> ReplaceOutcome:
    # From here on what lies under this name may be the user's: only what bears a hash of ours is ever unlinked.
    held = (bench / _FRESH).rename(bench / place.name)
    try:
        if not swap(held, place):
            held.replace(place)
            return ReplaceOutcome.REPLACED
    except FileNotFoundError:
        return ReplaceOutcome.GONE
    if is_settled(held, ours[:1]):
        held.unlink()
        return ReplaceOutcome.REPLACED
    known = _known_with(held, ())
    if not _swap_back(held, place):
        return ReplaceOutcome.GONE
    _give_back(held, place, ours, known)
    return ReplaceOutcome.CHANGED_BY_USER


def _swap_back(held: Path, place: Path) -> bool:
    try:
        return swap(held, place)
    except FileNotFoundError:
        # What we had just put there is gone; what came out of there is the user's and goes back in any case.
        move_new(held, place)
        return False


def _give_back(held: Path, place: Path, ours: tuple[str, ...], known: tuple[str, ...] = ()) -> None:
    """Unlink what lies on the bench if it is ours; otherwise back with it to its place, or beside it.

    ``known`` are the hashes of edits of the user's, oldest first: one that is none of them was saved after them. Of two edits the
    newer stands; each time one comes out that was saved meanwhile, it goes back.
    """
    for _ in range(_ROUNDS):
        if is_settled(held, ours):
            held.unlink()
            return
        try:
            _move_to_free_place(held, place)
        except FileExistsError:
            known = _known_with(held, known)
            if not _makes_room(place, held, ours, known) or not swap(held, place):
                break
        else:
            return
    _set_aside(held, place)


def _known_with(held: Path, known: tuple[str, ...]) -> tuple[str, ...]:
    """``known`` with what is about to go back, marked on the bench: after a kill the marks tell which edit is the older."""
    with contextlib.suppress(OSError):
        sha = sha256(held.read_bytes())[:SHA_LENGTH]
        if sha not in known:
            _mark(held.parent, len(known), sha)
            return (*known, sha)
    return known


def _mark(bench: Path, age: int, sha: str) -> None:
    (bench / f".older.{age}.{sha}").touch()


def _makes_room(place: Path, held: Path, ours: tuple[str, ...], known: tuple[str, ...]) -> bool:
    """Whether what stands there is our own text, from a run that was killed, or an edit known to be older than what is held."""
    before = known[: known.index(sha)] if (sha := sha256(held.read_bytes())[:SHA_LENGTH]) in known else ()
    return is_settled(place, (*ours, *before))


def _set_aside(held: Path, place: Path) -> None:
    for number in range(1, _COPIES):
        mark = f" (kept by Slipway {number}){place.suffix}"
        stem = place.stem.encode()[: 255 - len(mark.encode())].decode(errors="ignore")
        with contextlib.suppress(FileExistsError):
            _move_to_free_place(held, place.with_name(stem + mark))
            return


def _move_to_free_place(source: Path, place: Path) -> None:
    """Move the file itself, not its bytes, to where none is: a program that has it open goes on writing into it."""
    if not source.exists():
        return
    try:
        os.link(source, place)
        source.unlink()
    except FileExistsError:
        raise
    except OSError:
        if not move_new(source, place):
            if place.exists():
                raise FileExistsError(str(place)) from None
            source.rename(place)


# --- the bench -----------------------------------------------------------------------------------------------------


@contextlib.contextmanager
def _bench(folder: Path, expected_sha: str, sha: str) -> Iterator[Path]:
    """A folder beside the file, on the same file system, with the hashes of what is Slipway's in its name."""
    bench = folder / bench_name(expected_sha, sha)
    bench.mkdir(mode=0o700)
    try:
        yield bench
    finally:
        _clear(bench)


def _clear(bench: Path) -> None:
    """Empty and remove a bench: what is not ours on it goes back to where it came from."""
    if not _is_folder(bench / _FRESH):
        (bench / _FRESH).unlink(missing_ok=True)
    lying = sorted(path for path in bench.iterdir() if not _is_folder(path))
    marks = sorted((int(m["age"] or 0), m["sha"]) for path in lying if (m := _OLDER.fullmatch(path.name)))
    for held in lying:
        if not _OLDER.fullmatch(held.name):
            _give_back(held, bench.parent / held.name, hashes_of(bench), tuple(sha for _, sha in marks))
    for mark in bench.iterdir():
        if _OLDER.fullmatch(mark.name):
            mark.unlink()
    with contextlib.suppress(OSError):
        bench.rmdir()


def _is_folder(path: Path) -> bool:
    """Slipway never puts a folder on a bench: one that lies there is somebody else's."""
    return path.is_dir() and not path.is_symlink()


def _write_exclusively(place: Path, raw: bytes) -> None:
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
    descriptor = os.open(place, flags, 0o666)
    with os.fdopen(descriptor, "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())


def _name(temporary: Path, place: Path, raw: bytes) -> None:
    try:
        os.link(temporary, place)
    except FileExistsError:
        raise
    except OSError:
        # exFAT, some network shares and Android have no hard links.
        if not move_new(temporary, place):
            _write_exclusively(place, raw)


def _sync_folder(folder: Path) -> None:
    if os.name == "nt":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
