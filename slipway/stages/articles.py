"""Full text: the linked articles of the items whose sources ask for them, each stored as it comes.

A night that is cut short goes on where it stopped; a page that gives no answer is asked for on three nights, then given up.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from notes.model import Item, SourceType
from slipway.app import App
from slipway.records import DueArticle

if TYPE_CHECKING:
    from ingest.articles.linked import LinkOutcome

__all__ = ["fetch_articles"]

# So many, and so long, in one night; the oldest first.
ARTICLES_A_NIGHT = 500
BUDGET_S = 900.0
ATTEMPTS = 3
# Between the starts of two requests to one host.
PAUSE_S = 2.0
_ADDRESS = re.compile(r"https?://\S+")


def fetch_articles(app: App) -> tuple[Counter[str], tuple[str, ...]]:
    """Fetch what is due; returns counts by name, and warnings, one for each host in trouble."""
    due = app.store.articles_due(ARTICLES_A_NIGHT)
    papers = [one for one in due if _is_paper(one.slip.item)]
    for paper in papers:
        # The abstract is the record, and arXiv's pages are not ours to load one by one.
        app.store.record_article(paper.slip.id, state="kept")
    wanted = [one for one in due if not _is_paper(one.slip.item)]
    counts, troubles = _fetch(app, wanted) if wanted else (Counter[str](), Counter[str]())
    return counts, tuple(f"full text of {trouble} ({count})" for trouble, count in sorted(troubles.items()))


def _is_paper(item: Item) -> bool:
    return bool(item.arxiv_id) or item.source_type is SourceType.ARXIV


def _fetch(app: App, due: Sequence[DueArticle]) -> tuple[Counter[str], Counter[str]]:
    from ingest.articles.linked import MAX_ARTICLE_BYTES, Link, fetch_linked
    from ingest.web.client import HttpClient
    from ingest.workers.parser import Parser
    from slipway.stages.fetch import limits_of

    by_id = {one.slip.id: one for one in due}
    limits = limits_of(app.config.fetch)
    # The next night is the retry.
    limits = replace(limits, retries=0, max_bytes=min(limits.max_bytes, MAX_ARTICLE_BYTES))
    counts: Counter[str] = Counter()
    troubles: Counter[str] = Counter()
    report = app.reporter.progress("articles")
    with Parser() as parser:
        outcomes: Iterable[LinkOutcome] = fetch_linked(
            [Link(one.slip.id, one.slip.item.url) for one in due],
            client=HttpClient(limits),
            parser=parser,
            now=app.clock.now(),
            workers=app.config.fetch.workers,
            budget_s=BUDGET_S,
            pause_s=PAUSE_S,
        )
        for done, outcome in enumerate(outcomes, start=1):
            report(done, len(due))
            counts[_store(app, by_id[outcome.link.id], outcome)] += 1
            if outcome.is_failure:
                troubles[_told(outcome.link.url, outcome.trouble)] += 1
    return counts, troubles


def _store(app: App, due: DueArticle, outcome: LinkOutcome) -> str:
    """Record what becomes of the item; returns under which name it counts."""
    from ingest.articles.choice import better

    item, article = due.slip.item, outcome.article
    if outcome.is_failure:
        is_final = outcome.is_final or due.tries + 1 >= ATTEMPTS
        app.store.record_article(due.slip.id, state="failed" if is_final else "due")
        return "articles failed"
    if article is None or not better(item.blocks, article.blocks, item.title):
        app.store.record_article(due.slip.id, state="kept")
        return "articles kept from feed"
    app.store.record_article(
        due.slip.id,
        state="done",
        blocks=article.blocks,
        references=article.references,
        lang=article.lang if article.lang != "und" else "",
        authors=article.authors,
        published=article.published,
    )
    return "articles"


def _told(url: str, trouble: str) -> str:
    """The trouble by its host, so that a site in trouble is one warning and not a hundred."""
    what = " ".join(_ADDRESS.sub("", trouble).split())
    return f"{url.partition('://')[2].partition('/')[0]}: {what}"
