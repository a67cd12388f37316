"""Arrange: which notes belong together and which topics they form, stored as it differs."""

from __future__ import annotations

from slipway.app import App
from slipway.library import Library
from slipway.stages.grouping import group
from slipway.stages.links import link_notes

__all__ = ["arrange"]


def arrange(app: App, library: Library) -> dict[str, int]:
    """Choose the links among all notes and find their topics."""
    links = link_notes(app, tuple(library.notes.values()))
    topics = group(app, library, links)
    return {"links": len(links) // 2, "topics": len(topics)}
