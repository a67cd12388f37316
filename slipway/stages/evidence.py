"""Evidence: what is known of the slips that are to be judged tonight, and of no others."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from index.kin.neighbours import Neighbour
from ingest.reading.entries import is_withdrawn
from notes.judging.promotion import days_between
from notes.judging.quality import Evidence, Fellow, Near
from notes.model import Slip, SourceType
from notes.quantities import figures
from notes.text.language import cjk_share
from slipway.app import App
from slipway.library import Library, day_of
from slipway.stages.relevance import Relevance, Told
from slipway.stages.shelf import NOTHING, Citations, Shelf

__all__ = ["feed_of", "gather_evidence"]

KIN = 0.5  # how much a slip of the same feed counts: a feed that resembles itself proves nothing
RELEVANT = 0.4  # a fellow as relevant as this counts in full
CHINESE_WEIGHT = 1.5  # what a Chinese character says beyond a Latin letter, so that it counts as 2.5 in all
_CODE = ("github.com/", "gitlab.com/", "huggingface.co/", "codeberg.org/")
_DATA = ("huggingface.co/datasets", "zenodo.org/", "kaggle.com/", "figshare.com/", "osf.io/")


def gather_evidence(
    app: App, shelf: Shelf, relevance: Relevance, newcomers: Sequence[str], stirred: Sequence[str]
) -> list[Evidence]:
    """Evidence for the newcomers, for the waiting slips that they touch, and for those ``stirred`` otherwise.

    Slips that the model cannot read have no relevance; they touch nothing.
    """
    lost = shelf.unread(newcomers)
    fresh = [name for name in newcomers if name not in lost]
    near, cited = shelf.near(fresh), shelf.cited(fresh)
    touched = {*_touched(shelf, near, cited, app.config.promote.closeness), *stirred}
    waiting = sorted(touched - set(newcomers))
    near |= shelf.near(waiting)
    cited |= shelf.cited(waiting)
    lost |= shelf.unread(waiting)
    told = relevance.of([name for name in (*fresh, *waiting) if name not in lost], near, cited)
    return [
        _evidence(app, shelf.library, name, near.get(name, ()), cited.get(name, NOTHING), told)
        for name in (*newcomers, *waiting)
    ]


def _touched(
    shelf: Shelf, near: Mapping[str, Sequence[Neighbour]], cited: Mapping[str, Citations], bar: float
) -> set[str]:
    """The slips that waited already and that a newcomer is close to, cites or is cited by."""
    close = {one.id for found in near.values() for one in found if one.closeness >= bar}
    return (close | {other for found in cited.values() for other in found.works}) & shelf.library.inbox.keys()


def _evidence(
    app: App,
    library: Library,
    name: str,
    near: Sequence[Neighbour],
    cited: Citations,
    judged: Mapping[str, Told],
) -> Evidence:
    slip = library.inbox[name].slip
    assert slip is not None
    told = judged.get(name)
    weights = {source.key: source.weight for source in app.config.sources}
    text = slip.item.text
    return Evidence(
        slip=slip.id,
        key=slip.item.key,
        relevance=told.value if told else None,
        relevance_why=told.why if told else "",
        topic=told.topic if told else "",
        topic_answers=told.answers if told else 0,
        interests=told.interests if told else (),
        notes=tuple(Near(one.id, one.closeness) for one in near if one.id in library.notes),
        fellows=_fellows(slip, library, near, judged),
        feed=feed_of(slip),
        cited=cited.works,
        cited_share=cited.share,
        length=len(text) * (1 + CHINESE_WEIGHT * cjk_share(text)),
        figures=len(figures.find(text)),
        code=_points_to(slip, _CODE),
        data=_points_to(slip, _DATA),
        sources=len({sighting.source for sighting in slip.sightings}),
        weight=weights.get(slip.item.source, 1.0),
        age=days_between(day_of(slip, app.config.zone), app.clock.today()),
        withdrawn=is_withdrawn(slip.item),
    )


def feed_of(slip: Slip) -> str:
    """The feed whose share of the night the slip takes; papers of arXiv share no author."""
    return "" if slip.item.source_type is SourceType.ARXIV else slip.item.source


def _fellows(slip: Slip, library: Library, near: Sequence[Neighbour], judged: Mapping[str, Told]) -> tuple[Fellow, ...]:
    """The waiting slips nearby, each as close as it is relevant itself: what resembles the unwanted is not connected by that."""
    found = []
    for one in near:
        other = library.inbox[one.id].slip if one.id in library.inbox else None
        if other is not None:
            told = judged.get(one.id)
            relevance = told.value if told else other.parts.get("relevance", 0.0)
            weight = min(1.0, relevance / RELEVANT)
            is_kin = bool(feed_of(slip)) and feed_of(slip) == feed_of(other)
            found.append(Fellow(one.id, one.closeness * weight * (KIN if is_kin else 1.0), feed_of(other), is_kin))
    return tuple(found)


def _points_to(slip: Slip, hosts: Sequence[str]) -> bool:
    places = (*slip.item.references, slip.item.comment)
    return any(host in place.casefold() for place in places for host in hosts)
