"""How well a reader of one language reads another."""

from __future__ import annotations

from notes.text.language import is_chinese

__all__ = ["nearness"]


def nearness(lang: str, reader: str) -> int:
    """0 for the reader's own language, 1 for the other script of Chinese, 2 for English, 3 for the rest."""
    if lang == reader:
        return 0
    if is_chinese(lang) and is_chinese(reader):
        return 1
    return 2 if lang == "en" else 3
