"""What a text points to in the world: addresses, and the arXiv ids and DOIs that it names, as addresses."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator
from typing import Final

from notes.identity import arxiv_id, canonical_url, doi

__all__ = ["found_in", "unique"]

_ADDRESS: Final = re.compile(r"(?<![A-Za-z0-9])https?://[^\s<>\"'`{}|\[\]，。；、！？）】」』]+", re.IGNORECASE)
_ARXIV: Final = re.compile(r"(?<![A-Za-z0-9/.])arxiv\s{0,3}:\s{0,3}[\w.\-]+(?:/\d+)?(?:v\d+)?", re.IGNORECASE)
_DOI: Final = re.compile(r"(?<![A-Za-z0-9./=_%-])10\.\d{4,9}(?:\.\d+)*/[^\s\"'`{}|\[\]，。；、）】」』]+")
_ESCAPED: Final = re.compile(r"\\(?=[!-/:-@\[-`{-~])")
_MOST: Final = 500
_LONGEST: Final = 2048


def found_in(text: str) -> Iterator[str]:
    """The addresses in one block of Markdown, in its own spelling or plain; ids as ``https://arxiv.org/abs/…``, ``https://doi.org/…``."""
    if "://" in text:
        for match in _ADDRESS.finditer(text):
            yield _trimmed(match[0])
    if "arxiv" in text or "arXiv" in text or "ARXIV" in text:
        for match in _ARXIV.finditer(text):
            if found := arxiv_id(match[0]):
                yield f"https://arxiv.org/abs/{found[0]}"
    if "10." in text:
        for match in _DOI.finditer(text):
            if name := doi(match[0]):
                yield f"https://doi.org/{name}"


def unique(addresses: Iterable[str]) -> tuple[str, ...]:
    """Each work and page once, as it was first written; at most 500."""
    kept: dict[str, str] = {}
    for address in addresses:
        if len(kept) >= _MOST:
            break
        if len(address) <= _LONGEST and (name := canonical_url(address)):
            kept.setdefault(name, address)
    return tuple(kept.values())


def _trimmed(address: str) -> str:
    """Without the escapes of Markdown and what only ends the sentence or the link."""
    address = html.unescape(_ESCAPED.sub("", address)).rstrip(".,;:!?*_~")
    while address.endswith(")") and address.count(")") > address.count("("):
        address = address[:-1].rstrip(".,;:!?*_~")
    return address
