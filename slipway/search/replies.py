"""What a search found, as the document of ``search --json`` and as the paths of ``search --paths``."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.retrieval.search import Hit, Reply

__all__ = ["Places", "places", "reply_document"]


def reply_document(reply: Reply) -> dict[str, object]:
    """The document of ``search --json``."""
    return {
        "query": reply.query,
        "mode": reply.mode,
        "model": reply.model,
        "took_ms": reply.took_ms,
        "results": [_hit_document(hit) for hit in reply.results],
        "warnings": list(reply.warnings),
    }


def _hit_document(hit: Hit) -> dict[str, object]:
    return {
        "rank": hit.rank,
        "id": hit.id,
        "kind": hit.kind,
        "title": hit.title,
        "path": hit.path,
        "url": hit.url,
        "score": hit.score,
        "passage": hit.passage,
        "heading": hit.heading,
        "start": hit.start,
        "end": hit.end,
        "created": hit.created or None,
        "source": hit.source,
        "tags": list(hit.tags),
        "lang": hit.lang,
        "ranks": {"lexical": hit.ranks.lexical, "semantic": hit.ranks.semantic},
        "topic": hit.topic,
        "terms": list(hit.terms),
        "explanation": list(hit.explanation),
    }


@dataclass(frozen=True, slots=True)
class Places:
    """The files of hits as a shell can open them, and the hits that were left out: without a file, gone, not a line."""

    paths: tuple[str, ...]
    fileless: int
    gone: tuple[str, ...]
    broken: tuple[str, ...]


def places(hits: Sequence[Hit], vault: Path, cwd: Path, *, one_a_line: bool) -> Places:
    """Where the hits' files are: from ``cwd`` down where they lie below it, absolute elsewhere.

    No path begins with a dash, which programs would take for an option. With ``one_a_line`` a name that holds a line end is
    left out.
    """
    paths, gone, broken = [], [], []
    found = [hit.path for hit in hits if hit.path]
    for path in found:
        file = vault / path
        if one_a_line and "\n" in path:
            broken.append(path)
        elif not file.is_file():
            gone.append(path)
        else:
            paths.append(_shown(file, cwd))
    return Places(tuple(paths), len(hits) - len(found), tuple(gone), tuple(broken))


def _shown(file: Path, cwd: Path) -> str:
    try:
        shown = str(file.relative_to(cwd))
    except ValueError:
        return str(file)
    return f"./{shown}" if shown.startswith("-") else shown
