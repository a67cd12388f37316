"""What belongs with a note or an item, and why: a note's links and what ranks next, or the notes that an item is close to."""

from __future__ import annotations

from typing import Any

from notes.model import ItemStatus, Link, LinkKind, Slip
from slipway.app import App
from slipway.finding import find_note, find_slip
from slipway.kinship import kin, light_vectors

__all__ = ["link_documents", "related", "why_told"]


def related(app: App, name: str, limit: int) -> dict[str, Any]:
    """The document of ``related --json``; raises UsageError for a name that nothing has."""
    slip = find_slip(app, name)
    if slip is not None and not slip.note_id:
        return {"id": f"item-{slip.id}", "results": _near(app, slip, limit)}
    note_id = slip.note_id if slip is not None else find_note(app, name).id
    return {"id": note_id, "results": link_documents(app, kin(app, note_id, limit), limit)}


def link_documents(app: App, links: tuple[Link, ...], limit: int, *, incoming: bool = False) -> list[dict[str, Any]]:
    """Links as ``related --json`` gives them, those to files that are gone left out; the other end of each is named."""
    there = app.vault.select({link.src if incoming else link.dst for link in links})
    ends = [(link, there.get(link.src if incoming else link.dst)) for link in links]
    found = [(link, file) for link, file in ends if file is not None][:limit]
    return [
        {
            "rank": rank,
            "id": file.id,
            "title": file.title,
            "path": file.path,
            "score": link.score,
            "kind": link.kind.value,
            "why": link.why,
        }
        for rank, (link, file) in enumerate(found, start=1)
    ]


def why_told(kind: str, why: str) -> str:
    """Why a link is there, for a person: the reason, after what kind it is where the reason does not tell."""
    kind = kind.replace("-", " ")
    return why if kind in why or (kind == "similar" and why) else f"{kind}: {why}" if why else kind


def _near(app: App, slip: Slip, limit: int) -> list[dict[str, Any]]:
    """The notes near an item: it has no links yet, so it is held against the notes as it would be when it is judged."""
    from index.kin.neighbours import neighbours
    from slipway.desk import Desk
    from slipway.library import Library, item_id, slip_document

    files = {file.id: file for file in app.vault.notes()}
    ours = Desk(app.vault, app.store, files).untouched()
    notes = Library.gather(files.values(), app.store.slips(ItemStatus.PROMOTED), ours, app.config.zone).notes
    name = item_id(slip)
    documents = [slip_document(slip, name, app.config.zone), *(holding.document for holding in notes.values())]
    reader, vectors = light_vectors(app, documents, [name])
    near = [one for one in neighbours(documents, vectors, reader, of=[name], k=limit)[name] if one.id in files]
    return [
        {
            "rank": rank,
            "id": one.id,
            "title": files[one.id].title,
            "path": files[one.id].path,
            "score": one.closeness,
            "kind": LinkKind.SIMILAR.value,
            "why": f"shared terms: {', '.join(one.shared)}" if one.shared else "",
        }
        for rank, one in enumerate(near, start=1)
    ]
