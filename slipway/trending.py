"""Topics over the weeks, in the form of ``trends --json``."""

from __future__ import annotations

from typing import Any

from slipway.app import App

__all__ = ["trends"]


def trends(app: App, weeks: int) -> dict[str, Any]:
    """The topics of the vault's notes, those first that gained most against what they gained before."""
    from index.themes.trends import topic_trends

    records = app.store.notes()
    created = {name: record.created for name, record in records.items() if record.gone_at is None}
    found = topic_trends(app.store.topics(), created, today=app.clock.today(), weeks=weeks)
    return {"as_of": app.clock.today().isoformat(), "trends": [one.document() for one in found]}
