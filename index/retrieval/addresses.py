"""A query that is an address and nothing else: the documents that have it come first, whatever its words would find."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from string import ascii_lowercase, ascii_uppercase
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from index.retrieval.fusion import Fused
from index.retrieval.hits import Halves
from index.retrieval.shelf import Found, Shelf

if TYPE_CHECKING:
    from index.retrieval.query import Query

__all__ = ["at_address", "led"]

_ADDRESS = re.compile(r"https?://\S{3,2000}", re.IGNORECASE)
_LESS = 1e-6  # by how much the rest stays below
_SMALL = str.maketrans(ascii_uppercase, ascii_lowercase)  # SQLite's lower() leaves the other capitals
_LEAST_TAIL = 3  # bytes of an address by which documents are looked through


def at_address(shelf: Shelf, query: Query) -> list[Found]:
    """The documents of the address that is all of ``query``, by id, each with its first passage; none for another query.

    Two addresses of one page are one (``…?utm_source=x``), as are those of one paper at arXiv, of any version.
    """
    said = query.text.strip()
    if query.like or _ADDRESS.fullmatch(said) is None:
        return []
    wanted = _page(said)
    tails = _tails(said) if wanted else []
    if not tails:
        return []
    where, values = query.conditions()
    held = " OR ".join(["instr(lower(d.url), ?) > 0"] * len(tails))
    statement = (
        "SELECT d.id, d.url, (SELECT p.id FROM passages p WHERE p.document_id = d.id ORDER BY p.position LIMIT 1)"  # noqa: S608 - conditions of ours
        f" FROM documents d WHERE ({held}){where} ORDER BY d.id"
    )
    rows = shelf.connection.execute(statement, (*tails, *values))
    return [Found(name, passage, 0.0) for name, url, passage in rows if passage is not None and _page(url) == wanted]


def led(halves: Halves, scores: Mapping[str, Fused], first: Sequence[Found]) -> tuple[Halves, Mapping[str, Fused]]:
    """What was found with ``first`` before it all; the others keep their order, and scores below."""
    if not first:
        return halves, scores
    top, names = max([1.0, *(one.score for one in scores.values())]), {one.document for one in first}
    ordered = {
        name: one._replace(score=top if name in names else min(one.score, top - _LESS))
        for name, one in ({name: Fused(top) for name in names} | dict(scores)).items()
    }
    known = {one.document for one in halves.lexical}
    return replace(halves, lexical=(*halves.lexical, *(one for one in first if one.document not in known))), ordered


def _page(address: str) -> str:
    from notes.identity import arxiv_id, canonical_url

    paper = arxiv_id(address)
    return f"arxiv:{paper[0]}" if paper else canonical_url(address)


def _tails(address: str) -> list[str]:
    """One of these any spelling of the address holds, in small letters: the paper's id, else its path's last part, else its host.

    A path stands in its own letters (``/文章``) or in escapes.
    """
    from notes.identity import arxiv_id, canonical_url

    if paper := arxiv_id(address):
        return [paper[0]]
    written, normal = _end(address), _end(canonical_url(address))
    tails = dict.fromkeys(one.translate(_SMALL) for one in (written, normal, unquote(normal)))
    return [one for one in tails if len(one.encode(errors="replace")) >= _LEAST_TAIL]


def _end(address: str) -> str:
    parts = urlsplit(address)
    return parts.path.rstrip("/").rpartition("/")[2] or parts.netloc.removeprefix("www.")
