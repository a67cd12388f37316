"""What to do about an address that the guard refuses: each refusal has its own remedy, and some have none."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

__all__ = ["MISTYPED", "NO_NAME", "NO_PORT", "NO_SECRETS", "NO_WEB", "way_to", "way_to_name"]

MISTYPED: Final = "check the address for a slip of the keyboard"
NO_NAME: Final = "write the name, or the address in full, such as 127.0.0.1"
NO_PORT: Final = "no setting opens it: a source answers on port 80, 443, or one from 1024 on that is no database's"
NO_SECRETS: Final = "give the address without them"
NO_WEB: Final = "write for example https://example.org/feed"

_WORDS = {"loopback": "loopback", "private": "private", "benchmarking, or a proxy's made-up answer": "fake-ip"}
_NOBODY = {"no address", "an address of one network link only", "this network", "multicast", "reserved"}
_NO_SUCH_ZONE = {"invalid", "alt", "onion", "arpa"}
_THIS_MACHINE = {"localhost", "localdomain", "localdomain4", "localdomain6"}


def way_to(address: str, why: str) -> str:
    """What opens an IP address that was refused for this reason; nothing opens one that is nobody's own."""
    if why in _NOBODY:
        return "no source can be there; check the address"
    return _opened_by(_WORDS.get(why, address))


def way_to_name(labels: Sequence[str]) -> str:
    """What helps with a name that the net does not know; ``labels`` are its parts, at least one."""
    if labels[-1] in _NO_SUCH_ZONE:
        return f"no address of the web ends in .{labels[-1]}; {MISTYPED}"
    if labels[-1] in _THIS_MACHINE:
        return _opened_by("loopback")
    whole = "write the whole name, such as example.org; " if len(labels) == 1 else ""
    return f"{whole}{_opened_by('private')}"


def _opened_by(word: str) -> str:
    return (
        f'a source of your own network needs allow = ["{word}"] in its table, or `--allow {word}` on the command line'
    )
