"""Publish: the static site, made from the vault alone."""

from __future__ import annotations

from publish.site.building import SiteSettings, build
from publish.site.building import write as write_site
from slipway.app import App, StageResult

__all__ = ["publish"]


def publish(app: App) -> StageResult:
    """Build every page and write those that differ from what stands there."""
    site = app.config.site
    settings = SiteSettings(
        title=site.title,
        url=site.url,
        author=site.author,
        description=site.description,
        language=app.config.write.language,
    )
    report = write_site(app.config.site_dir, build(app.vault.notes(), settings))
    counts = {"written": len(report.written), "unchanged": len(report.unchanged), "removed": len(report.removed)}
    return StageResult(counts)
