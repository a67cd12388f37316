"""Posts laid: into the vault, into the database, their tasks on the reading list, and the page of the day that names them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from notes.model import Post
from publish.synthesis import Synthesis
from slipway.app import App
from slipway.desk import Fate, Sheet, tally
from slipway.stages.action_tasks import lay_actions
from slipway.stages.sync import Reading
from slipway.stages.today import lay_today

__all__ = ["Laid", "lay_posts"]

_OURS = frozenset({Fate.CREATED, Fate.REPLACED, Fate.UNCHANGED})


@dataclass(frozen=True, slots=True)
class Laid:
    """What became of each post, counts for the ledger, and warnings."""

    fates: Mapping[str, Fate]
    counts: dict[str, int]
    warnings: tuple[str, ...]


def lay_posts(app: App, reading: Reading, posts: Sequence[Post], syntheses: Sequence[Synthesis]) -> Laid:
    """Lay posts and syntheses; what a synthesis asks for becomes tasks unless its file is the user's, or deleted."""
    every = [*posts, *(made.post for made in syntheses)]
    fates = reading.desk.lay([Sheet(post.id, post.path, post.text) for post in every])
    for post in every:
        app.store.record_post(post)
    standing = [made for made in syntheses if fates[made.post.id] in _OURS]
    lists, tasks, told = lay_actions(app, reading, standing)
    pages, warnings = lay_today(app, reading, fates)
    counts = {"posts": len(every)} | {f"posts {name}": n for name, n in tally(fates).items()}
    counts |= {f"pages {name}": n for name, n in tally({**lists, **pages}).items()}
    refused = sum(len(post.report) for post in every)
    counts |= {name: n for name, n in (("tasks", tasks), ("sentences refused", refused)) if n}
    return Laid(fates, counts, (*told, *warnings))
