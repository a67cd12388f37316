"""Judge: score the slips that wait and decide which become notes. One transaction holds all decisions of a night."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from index.documents import Document
from index.neighbours import Neighbour, embed_documents, neighbours, similarity_to
from ingest.reading.entries import is_withdrawn
from notes import figures, slug
from notes.language import cjk_share
from notes.linking import Edge, hard_edges
from notes.model import ItemStatus, LinkKind, Slip, SourceType
from notes.promotion import Evidence, Near, Rules, Verdict, choose, days_between
from slipway.app import App
from slipway.library import Holding, Library, day_of
from slipway.store.records import Decision

if TYPE_CHECKING:
    from index.embedder import Vectors

__all__ = ["dismiss_by_hand", "judge", "promote_by_hand"]

FELLOWS = 12
KIN = 0.5
SECOND_HAND = 0.9  # how much of a work's relevance passes to those who tell of it
CHINESE_WEIGHT = 1.5  # what a Chinese character says beyond a Latin letter, so that it counts as 2.5 in all


def judge(app: App, library: Library) -> dict[str, int]:
    """Score the newcomers and the waiting slips that they touch, promote the best within the budget, expire the stale.

    A slip that waits is looked at again only when something new connects to it: so a quiet day stays quiet, and a second run
    of the same night finds nothing to decide.
    """
    today = app.clock.today()
    expired = app.store.expire(app.clock.now() - timedelta(days=app.config.promote.expire_days), today)
    newcomers = [name for name, holding in library.inbox.items() if _is_new(holding)]
    if not newcomers:
        return {"scored": 0, "promoted": 0, "expired": expired}
    verdicts = choose(_gather(app, library, newcomers), _rules(app))
    slips = {holding.slip.id: holding.slip for holding in library.inbox.values() if holding.slip is not None}
    app.store.decide(_decisions(app, verdicts, slips), today)
    promoted = sum(verdict.promote for verdict in verdicts)
    return {"scored": len(verdicts), "promoted": promoted, "expired": expired}


def promote_by_hand(app: App, ids: Sequence[int]) -> tuple[str, ...]:
    """Make notes of these slips because the user said so; returns the new note ids. The score stays what it was."""
    slips = sorted(app.store.slips(ids=tuple(ids)), key=lambda slip: slip.id)
    number = app.store.next_number(app.clock.today())
    decisions = [_promotion(app, slip, slip.score, _chosen(slip.reasons), number + n) for n, slip in enumerate(slips)]
    app.store.decide(decisions, app.clock.today(), verdict="promote", now=app.clock.now())
    return tuple(decision.note_id for decision in decisions)


def _chosen(reasons: Sequence[str]) -> tuple[str, ...]:
    return (*(reason for reason in reasons if not reason.startswith("waits: ")), "chosen by you")


def dismiss_by_hand(app: App, ids: Sequence[int]) -> None:
    """Put these slips away for good."""
    day, now = app.clock.today(), app.clock.now()
    app.store.set_status(ids, ItemStatus.DISMISSED, day, verdict="dismiss", now=now)


def _rules(app: App) -> Rules:
    settings, today = app.config.promote, app.clock.today()
    used = sum(record.created == today and record.item_id is not None for record in app.store.notes().values())
    return Rules(
        settings.threshold, settings.closeness, max(0, settings.budget - used), settings.max_age_days, settings.per_feed
    )


def _is_new(holding: Holding) -> bool:
    return holding.slip is not None and holding.slip.score is None


def _gather(app: App, library: Library, newcomers: Sequence[str]) -> list[Evidence]:
    """What is known of the newcomers and of the waiting slips that they touch."""
    holdings = library.holdings()
    documents = [holding.document for holding in holdings]
    vectors = embed_documents(app.cache, app.embedder, documents, app.reporter.progress("embed"))
    near = neighbours(documents, vectors, app.embedder, of=newcomers, k=FELLOWS)
    cited = _cited(hard_edges([holding.linkable for holding in holdings]))
    touched = _touched(library, newcomers, near, cited, app.config.promote.closeness)
    near |= neighbours(documents, vectors, app.embedder, of=touched, k=FELLOWS) if touched else {}
    closeness = _interests(app, documents, vectors)
    relevance = {holding.id: max((one.closeness for one in closeness[holding.id]), default=0.0) for holding in holdings}
    relevance |= dict.fromkeys(library.notes, 1.0)
    titles = {holding.id: holding.document.title for holding in holdings}
    return [
        _evidence(
            app,
            library,
            library.inbox[name],
            near=near.get(name, ()),
            interests=closeness[name],
            cited=cited.get(name, ()),
            told=_told(cited.get(name, ()), relevance, titles),
            has_library=bool(library.notes or app.config.interests),
        )
        for name in (*newcomers, *touched)
    ]


def _touched(
    library: Library,
    newcomers: Sequence[str],
    near: Mapping[str, Sequence[Neighbour]],
    cited: Mapping[str, Sequence[str]],
    bar: float,
) -> list[str]:
    """The slips that waited already and that a newcomer is close to, cites or is cited by."""
    close = {one.id for name in newcomers for one in near.get(name, ()) if one.closeness >= bar}
    bound = {other for name in newcomers for other in cited.get(name, ())}
    return sorted(((close | bound) & library.inbox.keys()) - set(newcomers))


def _interests(app: App, documents: Sequence[Document], vectors: Vectors) -> dict[str, tuple[Near, ...]]:
    """For each document, how close it is to each stated interest."""
    stated = app.config.interests
    if not stated:
        return {document.id: () for document in documents}
    measured = similarity_to([interest.wording for interest in stated], documents, vectors, app.embedder)
    return {
        name: tuple(Near(interest.name, value) for interest, value in zip(stated, values, strict=True))
        for name, values in measured.items()
    }


def _evidence(
    app: App,
    library: Library,
    holding: Holding,
    *,
    near: Sequence[Neighbour],
    interests: tuple[Near, ...],
    cited: tuple[str, ...],
    told: Near | None,
    has_library: bool,
) -> Evidence:
    slip = holding.slip
    assert slip is not None
    weights = {source.key: source.weight for source in app.config.sources}
    text = slip.item.text
    return Evidence(
        slip=slip.id,
        key=slip.item.key,
        interests=interests,
        notes=tuple(Near(one.id, one.closeness) for one in near if not one.id.startswith("item-")),
        fellows=tuple(_fellow(slip, library, one) for one in near if one.id in library.inbox),
        feed="" if slip.item.source_type is SourceType.ARXIV else slip.item.source,
        cited=cited,
        told=told,
        length=len(text) * (1 + CHINESE_WEIGHT * cjk_share(text)),
        figures=len(figures.find(text)),
        code=_has_code(slip),
        sources=len({sighting.source for sighting in slip.sightings}),
        weight=weights.get(slip.item.source, 1.0),
        age=days_between(day_of(slip, app.config.zone), app.clock.today()),
        library=has_library,
        withdrawn=is_withdrawn(slip.item),
    )


def _fellow(slip: Slip, library: Library, near: Neighbour) -> Near:
    """A waiting slip nearby; one of the same feed counts half, since a feed that resembles itself proves nothing."""
    other = library.inbox[near.id].slip
    kin = other is not None and other.item.source == slip.item.source and slip.item.source_type is not SourceType.ARXIV
    return Near(near.id, near.closeness * KIN if kin else near.closeness)


def _cited(edges: Sequence[Edge]) -> dict[str, tuple[str, ...]]:
    """For each end of a citation or a shared work, the other ends."""
    ends: dict[str, list[str]] = {}
    for edge in edges:
        if edge.kind in (LinkKind.SAME_WORK, LinkKind.CITES):
            ends.setdefault(edge.a, []).append(edge.b)
            ends.setdefault(edge.b, []).append(edge.a)
    return {name: tuple(sorted(others)) for name, others in ends.items()}


def _told(cited: Sequence[str], relevance: Mapping[str, float], titles: Mapping[str, str]) -> Near | None:
    """The most relevant of the works that a slip tells of, a little less relevant for being told second-hand."""
    best = max(cited, key=lambda name: (relevance[name], name), default=None)
    return None if best is None else Near(titles[best], SECOND_HAND * relevance[best])


def _has_code(slip: Slip) -> bool:
    places = (*slip.item.references, slip.item.comment)
    return any(
        host in place.casefold() for place in places for host in ("github.com/", "gitlab.com/", "huggingface.co/")
    )


def _decisions(app: App, verdicts: Sequence[Verdict], slips: Mapping[int, Slip]) -> list[Decision]:
    """Decisions for all verdicts; notes are numbered best first."""
    number = app.store.next_number(app.clock.today())
    promoted = sorted((one for one in verdicts if one.promote), key=lambda one: (-one.score, one.key))
    numbers = {verdict.slip: number + place for place, verdict in enumerate(promoted)}
    return [
        _promotion(app, slips[one.slip], one.score, one.reasons, numbers[one.slip])
        if one.promote
        else Decision(item_id=one.slip, status=ItemStatus.INBOX, score=one.score, reasons=one.reasons)
        for one in verdicts
    ]


def _promotion(app: App, slip: Slip, score: float | None, reasons: tuple[str, ...], number: int) -> Decision:
    today = app.clock.today()
    note_id = slug.note_id(today, number, slip.item.title)
    return Decision(
        item_id=slip.id,
        status=ItemStatus.PROMOTED,
        score=score,
        reasons=reasons,
        note_id=note_id,
        path=f"notes/{today:%Y}/{note_id}.md",
        number=number,
    )
