"""Changed include and exclude rules, applied to what is stored: slips leave the inbox, and come back to it."""

from __future__ import annotations

import hashlib
import json
from collections import Counter

from notes.rules import kept_out
from slipway.app import App
from slipway.settings.values import SourceConfig

__all__ = ["reconsider_changed"]


def reconsider_changed(app: App) -> Counter[str]:
    """Judge the slips of each source whose rules are not those of last time; returns what changed sides.

    Rules are compared by a hash, so that a night on which nobody edited any costs one short query.
    """
    judged_by = app.store.judged_by()
    counts: Counter[str] = Counter()
    for source in app.config.sources:
        rules = _fingerprint(source)
        if rules != judged_by.get(source.key, ""):
            counts.update(_reconsider(app, source, rules))
    return counts


def _reconsider(app: App, source: SourceConfig, rules: str) -> dict[str, int]:
    done = app.store.reconsider(source.key, lambda item: kept_out(item, source.include, source.exclude), rules=rules)
    told = {"put out by rules": len(done.excluded), "let back in by rules": len(done.lifted)}
    return {name: count for name, count in told.items() if count}


def _fingerprint(source: SourceConfig) -> str:
    """What stands for the rules of a source; empty where it has none."""
    if not (source.include or source.exclude):
        return ""
    written = json.dumps([source.include, source.exclude])
    # The version of how rules are read: raise it, and all are applied anew.
    return f"1:{hashlib.sha256(written.encode('utf-8', 'surrogatepass')).hexdigest()[:32]}"
