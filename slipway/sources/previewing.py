"""What include and exclude rules would do to the stored items of a source; nothing is changed."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

from notes.errors import ConfigError, UsageError
from notes.model import ItemStatus
from notes.rules import kept_out, rule_faults

if TYPE_CHECKING:
    from notes.model import Slip
    from slipway.app import App
    from slipway.settings.values import SourceConfig

__all__ = ["Changed", "Preview", "preview"]


@dataclass(frozen=True, slots=True)
class Changed:
    """An item that would change places; ``why`` names the rule that keeps it out, empty when it would come back.

    ``carried_by`` names the other sources that keep it in the inbox all the same.
    """

    id: int
    title: str
    url: str
    why: str
    carried_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Preview:
    """Of ``total`` items that wait or are kept out: those that rules would ``put_out`` and ``let_in``.

    Those that ``stay`` are kept out by the rules, and in the inbox by another source that carries them without objection.
    """

    key: str
    include: tuple[str, ...]
    exclude: tuple[str, ...]
    total: int
    put_out: tuple[Changed, ...]
    let_in: tuple[Changed, ...]
    stay: tuple[Changed, ...]

    def document(self) -> dict[str, Any]:
        """As ``source rules --json`` gives it."""
        return asdict(self)


def preview(app: App, source: SourceConfig, include: tuple[str, ...], exclude: tuple[str, ...]) -> Preview:
    """What the source's rules and these together would do. Raises UsageError on a rule that cannot be read."""
    if faults := rule_faults((*include, *exclude)):
        raise UsageError(faults[0], hint="docs/configuration.md tells how a rule is written")
    wanted, unwanted = (*source.include, *include), (*source.exclude, *exclude)
    slips = app.store.slips_of_source(source.key)
    try:
        judged = [(slip, kept_out(slip.item, wanted, unwanted)) for slip in slips]
    except ConfigError as error:
        raise UsageError(f"{source.key}: {error.message}", hint=error.hint) from error
    waiting = {slip.id: _changed(slip, why) for slip, why in judged if why and slip.status is not ItemStatus.EXCLUDED}
    elsewhere = app.store.carried_elsewhere(source.key, waiting)
    return Preview(
        source.key,
        wanted,
        unwanted,
        len(slips),
        put_out=tuple(one for one in waiting.values() if one.id not in elsewhere),
        let_in=tuple(_changed(slip, "") for slip, why in judged if not why and slip.status is ItemStatus.EXCLUDED),
        stay=tuple(replace(waiting[item_id], carried_by=carriers) for item_id, carriers in sorted(elsewhere.items())),
    )


def _changed(slip: Slip, why: str) -> Changed:
    return Changed(slip.id, slip.item.title, slip.item.url, why)
