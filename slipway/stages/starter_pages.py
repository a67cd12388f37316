"""The starter's pages in the language of the house: ``Home.md`` and the labels of the bases, while nobody has touched them.

They are the user's from the first day on, so nothing is remembered of them: one is renewed only while its bytes are those that
Slipway ships in another language.
"""

from __future__ import annotations

from notes.errors import VaultError
from slipway.app import App
from slipway.config import LANGUAGES
from slipway.desk import Fate
from slipway.stages.sync import Reading
from slipway.starter import starter_folder, worded_files

__all__ = ["lay_starter_pages"]


def lay_starter_pages(app: App, reading: Reading) -> dict[str, Fate]:
    """Renew those that are in another language than the house's; returns what became of them, of the others nothing."""
    if app.config.vault == starter_folder():
        return {}  # the vault of a checkout is the form itself, and tracked
    wanted = worded_files(app.config.write.language)
    fates: dict[str, Fate] = {}
    for name, text in wanted.items():
        standing = _standing(app, name)
        if standing is None or standing == text.encode():
            continue
        if standing in {worded_files(lang)[name].encode() for lang in LANGUAGES}:
            fates[name] = reading.desk.renew(name, text, standing)
    return fates


def _standing(app: App, name: str) -> bytes | None:
    try:
        return app.vault.read(name)
    except VaultError:
        return None  # the user has deleted it, and it stays so
