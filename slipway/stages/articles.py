"""Full text: the linked articles of the items whose sources ask for them, each stored as it comes.

A night that is cut short goes on where it stopped; a page that gives no answer is asked for on three nights, then given up.
What the guard refuses costs no request: it stays due as long as a slip may wait in the inbox, and is fetched when the settings
allow it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Generator, Sequence
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from notes.model import Item, SourceType
from slipway.app import App
from slipway.store.records import ArticleState, DueArticle, FullText

if TYPE_CHECKING:
    from ingest.articles.linked import LinkOutcome

__all__ = ["fetch_articles"]

# So many, and so long, in one night; the oldest first.
ARTICLES_A_NIGHT = 500
BUDGET_S = 900.0
ATTEMPTS = 3
# Between the starts of two requests to one host.
PAUSE_S = 2.0
# Named in the warning on refusals; the others are counted.
_HOSTS_NAMED = 3
_ADDRESS = re.compile(r"['\"]?https?://[^\s'\"]+['\"]?")


def fetch_articles(app: App) -> tuple[Counter[str], tuple[str, ...]]:
    """Fetch what is due; returns counts by name, and warnings: one for each host in trouble, one for all refusals."""
    due = app.store.articles_due(ARTICLES_A_NIGHT)
    papers = [one for one in due if _is_paper(one.slip.item)]
    for paper in papers:
        # The abstract is the record, and arXiv's pages are not ours to load one by one.
        app.store.record_article(paper.slip.id, state=ArticleState("kept", "a paper's abstract is the record"))
    wanted = [one for one in due if not _is_paper(one.slip.item)]
    counts: Counter[str] = Counter()
    troubles: Counter[str] = Counter()
    refused: Counter[str] = Counter()
    with closing(_outcomes(app, wanted)) as outcomes:
        for one, outcome in outcomes:
            counts[_store(app, one, outcome)] += 1
            if outcome.is_failure:
                (refused if outcome.is_refusal else troubles)[_told(outcome.link.url, outcome.trouble)] += 1
    told = tuple(f"full text of {trouble} ({count})" for trouble, count in sorted(troubles.items()))
    return counts, told + _refusals(refused)


def _is_paper(item: Item) -> bool:
    return bool(item.arxiv_id) or item.source_type is SourceType.ARXIV


def _outcomes(app: App, due: Sequence[DueArticle]) -> Generator[tuple[DueArticle, LinkOutcome]]:
    if not due:
        return
    from ingest.articles.linked import MAX_ARTICLE_BYTES, Link, fetch_linked
    from ingest.web.client import HttpClient
    from ingest.workers.parser import Parser
    from slipway.stages.fetch import limits_of

    by_id = {one.slip.id: one for one in due}
    limits = limits_of(app.config.fetch)
    # The next night is the retry.
    limits = replace(limits, retries=0, max_bytes=min(limits.max_bytes, MAX_ARTICLE_BYTES))
    report = app.reporter.progress("articles")
    with Parser() as parser:
        outcomes = fetch_linked(
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
            yield by_id[outcome.link.id], outcome


def _store(app: App, due: DueArticle, outcome: LinkOutcome) -> str:
    """Record what becomes of the item; returns under which name it counts."""
    from ingest.articles.choice import objection

    item, article = due.slip.item, outcome.article
    if outcome.is_failure:
        state = _after_failure(app, due, outcome)
        reason = _what(outcome.trouble).removeprefix("refused: " if state == "refused" else "")
        app.store.record_article(due.slip.id, state=ArticleState(state, reason, app.clock.today()))
        return "articles refused" if outcome.is_refusal else "articles failed"
    kept = outcome.trouble if article is None else objection(item.blocks, article.blocks, item.title)
    if article is None or kept:
        app.store.record_article(due.slip.id, state=ArticleState("kept", kept))
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


def _after_failure(app: App, due: DueArticle, outcome: LinkOutcome) -> FullText:
    if outcome.is_refusal:
        waits = timedelta(days=app.config.promote.expire_days)
        return "refused" if app.clock.now() - due.slip.first_seen <= waits else "failed"
    tries = due.tries + (due.tried_on != app.clock.today())
    return "failed" if outcome.is_final or tries >= ATTEMPTS else "due"


def _told(url: str, trouble: str) -> str:
    """The trouble by its host, so that a site in trouble is one warning and not a hundred."""
    return f"{url.partition('://')[2].partition('/')[0]}: {_what(trouble)}"


def _what(trouble: str) -> str:
    """The trouble without the address that it began with."""
    return " ".join(_ADDRESS.sub("", trouble).split()).removeprefix(": ")


def _refusals(refused: Counter[str]) -> tuple[str, ...]:
    """One warning for all that was refused tonight: the hosts with the most articles, and how to open them."""
    if not refused:
        return ()
    ranked = sorted(refused.items(), key=lambda one: (-one[1], one[0]))
    named = "; ".join(f"{told} ({count})" for told, count in ranked[:_HOSTS_NAMED])
    others = len(ranked) - _HOSTS_NAMED
    more = f"; and {others} more hosts ({sum(count for _, count in ranked[_HOSTS_NAMED:])})" if others > 0 else ""
    return (f"full text of {named}{more}; they stay due: `allow` under [fetch] opens such addresses",)
