"""Whose repository an address of code is: an article often links to somebody else's."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from notes.identity import canonical_url
from notes.markup import inert
from notes.model import VaultNote
from notes.text.fold import fold
from publish.sources.evidence import addresses
from publish.sources.works import names_of

__all__ = ["codes_of"]

_CODE = re.compile(
    r"https?://(?:www\.)?(?:github\.com|gitlab\.com|codeberg\.org|bitbucket\.org|gitee\.com|huggingface\.co|modelscope\.cn)"
    r"/[\w.-]+/[\w./-]*\w"
)
_SHORTEST_NAME = 4  # that may stand for a part of a repository's
_NO_LETTER = re.compile(r"[\W_]+")

Work = Sequence[VaultNote]


def codes_of(works: Sequence[Work]) -> Mapping[str, str]:
    """The address of its repository for each work that has one, by the id of the work's first note.

    A repository belongs to the works whose own address it is or whose name it bears; one that nobody owns so, to those that
    point to it.
    """
    pointing = [(work, _codes(work)) for work in works]
    owned = {code for work, codes in pointing for code in codes if _owns(work, code)}
    found: dict[str, str] = {}
    for work, codes in pointing:
        own = next((code for code in codes if code not in owned or _owns(work, code)), "")
        if own:
            found[work[0].id] = own
    return found


def _codes(work: Work) -> list[str]:
    found = (_CODE.match(address) for note in work for address in addresses(note))
    return list(dict.fromkeys(code for match in found if match and (code := inert.url(match[0]))))


def _owns(work: Work, code: str) -> bool:
    """Whether the repository is the address of a note of the work, or bears its name."""
    if any(canonical_url(note.url) == canonical_url(code) for note in work if note.url):
        return True
    repository = _letters(code.rstrip("/").split("/")[4])
    return any(_bears(repository, _letters(name)) for name in names_of(work))


def _bears(repository: str, name: str) -> bool:
    shorter, longer = sorted((repository, name), key=len)
    return repository == name or (len(shorter) >= _SHORTEST_NAME and longer.startswith(shorter))


def _letters(name: str) -> str:
    return _NO_LETTER.sub("", fold(name))
