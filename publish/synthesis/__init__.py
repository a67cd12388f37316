"""The trend synthesis: what a week, a month, a topic or a question brought as a whole."""

from __future__ import annotations

from publish.synthesis.composing import Synthesis, compose, write_synthesis
from publish.synthesis.occasion import Occasion, OccasionKind

__all__ = ["Occasion", "OccasionKind", "Synthesis", "compose", "write_synthesis"]
