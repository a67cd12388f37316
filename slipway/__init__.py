"""Slipway: what the world published last night, as notes you keep."""

from __future__ import annotations

__version__ = "0.1.0"
