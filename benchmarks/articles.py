"""Full text: how much of an article is found in the dress of a site, how much of the dress comes with it, and how fast.

``python -m benchmarks articles --readers ours readability justext newspaper``; the others are measured where they are installed.
Needs ``SLIPWAY_DATA``.

The articles are the entries of the shared wild feeds that bring their whole text (``feeds/wild``, ``feeds/ai-labs``): what their
markup says is the truth. Each is put into three dresses of a site, and its first words are what a feed would have given.
"""

from __future__ import annotations

import argparse
import logging
import os
import statistics
import time
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from ingest.articles.choice import _words, better
from ingest.articles.extraction import extract
from ingest.reading import html
from notes.model import Block, BlockKind, blocks_text

NOW = datetime(2026, 2, 20, tzinfo=UTC)
URL = "https://site.example.org/2026/02/story"
LEAST = 1_000
EXCERPT = 250

LINKS = "".join(f'<li><a href="/section/{n}">Section number {n} of this site</a></li>' for n in range(15))
TEASERS = "".join(
    f'<div class="teaser"><h3><a href="/other/{n}">Another headline, number {n}</a></h3><p>A few words that are to make you'
    f" read the other story, which has nothing to do with this one, and then some more of them ({n}).</p></div>"
    for n in range(6)
)
COMMENTS = "".join(
    f'<li class="comment"><p>Reader {n} says that this is quite right, or quite wrong, and goes on about it.</p></li>'
    for n in range(5)
)
FOOTER = '<p>© 2026 The Site. All rights reserved.</p><p><a href="/privacy">Privacy</a> <a href="/terms">Terms of use</a></p>'
HEAD = '<!doctype html><html><head><meta charset="utf-8"><title>{title} | The Site</title></head><body>'
DRESSES = {
    "semantic": HEAD
    + f"<header><nav><ul>{LINKS}</ul></nav></header><main><article><h1>{{title}}</h1>{{body}}</article></main>"
    f"<aside>{TEASERS}</aside><section id=comments><ol>{COMMENTS}</ol></section><footer>{FOOTER}</footer></body></html>",
    "divs": HEAD + f'<div id="menu"><ul>{LINKS}</ul></div><div id="wrap"><div class="post"><h1>{{title}}</h1>'
    f'<div class="entry-content">{{body}}</div></div><div class="sidebar">{TEASERS}</div></div>'
    f'<div id="comments"><ol>{COMMENTS}</ol></div><div id="footer">{FOOTER}</div></body></html>',
    "nameless": HEAD
    + f"<div><ul>{LINKS}</ul></div><div><div><h1>{{title}}</h1><div>{{body}}</div></div><div>{TEASERS}</div></div>"
    f"<div>{FOOTER}</div></body></html>",
}


def articles(root: Path) -> Iterator[tuple[str, str]]:
    """Title and markup of each entry that brings a whole text."""
    import feedparser

    seen = set()
    for path in sorted([*(root / "feeds/wild").rglob("*"), *(root / "feeds/ai-labs").rglob("*.xml")]):
        if not path.is_file() or path.stat().st_size > 3_000_000:
            continue
        for entry in feedparser.parse(path.read_bytes()).entries[:5]:
            parts = [entry.get("summary", ""), *(part.get("value", "") for part in entry.get("content", ()))]
            body = max(parts, key=len)
            if len(blocks_text(html.blocks(body)[0])) >= LEAST and body not in seen:
                seen.add(body)
                yield html.text(entry.get("title", "")), body


def ours(page: str) -> str:
    found = extract(page.encode("utf-8", "replace"), URL, "text/html; charset=utf-8", NOW)
    return blocks_text(found.blocks) if found else ""


def by_readability(page: str) -> str:
    from readability import Document

    return blocks_text(html.blocks(Document(page).summary())[0])


def by_justext(page: str) -> str:
    import justext

    found = justext.justext(page.encode("utf-8", "replace"), justext.get_stoplist("English"))
    return "\n".join(paragraph.text for paragraph in found if not paragraph.is_boilerplate)


def by_newspaper(page: str) -> str:
    import newspaper

    article = newspaper.Article(URL, fetch_images=False)
    article.download(input_html=page)
    article.parse()
    return str(article.text)


READERS: dict[str, Callable[[str], str]] = {
    "ours": ours,
    "readability": by_readability,
    "justext": by_justext,
    "newspaper": by_newspaper,
}


def measure(reader: Callable[[str], str], truths: list[tuple[str, str]], dress: str) -> dict[str, float]:
    recalls, precisions, seconds = [], [], []
    for title, body in truths:
        page = DRESSES[dress].format(title=html.text(title).replace("<", "&lt;"), body=body)
        started = time.perf_counter()
        try:
            got = _bag(reader(page))
        except Exception:  # noqa: BLE001 - others raise
            got = Counter()
        seconds.append(time.perf_counter() - started)
        truth = _bag(blocks_text(html.blocks(body)[0]))
        shared = (truth & got).total()
        recalls.append(shared / max(truth.total(), 1))
        precisions.append(shared / max(got.total(), 1))
    return {
        "recall": statistics.mean(recalls),
        "precision": statistics.mean(precisions),
        "median ms": 1000 * statistics.median(seconds),
        "worst ms": 1000 * max(seconds),
    }


def chosen(truths: list[tuple[str, str]]) -> tuple[int, int]:
    """How often the page is taken over the excerpt of its own story, and over that of another one."""
    own = others = 0
    for number, (title, body) in enumerate(truths):
        found = extract(DRESSES["divs"].format(title=title, body=body).encode("utf-8", "replace"), URL, "", NOW)
        if found is None:
            continue
        other_title, other = truths[(number + 7) % len(truths)]
        own += better(_excerpt(body), found.blocks, title)
        others += better(_excerpt(other), found.blocks, other_title)
    return own, others


def _excerpt(body: str) -> tuple[Block, ...]:
    return (Block(BlockKind.PARAGRAPH, blocks_text(html.blocks(body)[0])[:EXCERPT]),)


def _bag(text: str) -> Counter[str]:
    words = Counter(text.lower().split())
    return words if len(words) * 12 > len(text) else Counter(_words([text]))


def main(*options: str) -> None:
    given = argparse.ArgumentParser(prog="benchmarks articles")
    given.add_argument("--readers", nargs="+", default=["ours"], choices=READERS)
    readers = given.parse_args(options).readers
    root = os.environ.get("SLIPWAY_DATA")
    if not root:
        print("SLIPWAY_DATA is not set: no articles to dress")
        return
    warnings.simplefilter("ignore")
    logging.disable(logging.CRITICAL)
    truths = list(articles(Path(root)))
    print(f"{len(truths)} articles of {LEAST:,} characters and more")
    print(f"{'reader':12} {'dress':10} {'recall':>7} {'precision':>9} {'median ms':>9} {'worst ms':>9}")
    for reader in readers:
        for dress in DRESSES:
            got = measure(READERS[reader], truths, dress)
            figures = f"{got['recall']:7.3f} {got['precision']:9.3f} {got['median ms']:9.1f} {got['worst ms']:9.1f}"
            print(f"{reader:12} {dress:10} {figures}", flush=True)
    own, others = chosen(truths)
    print(f"page taken over its own excerpt: {own}/{len(truths)}; over that of another story: {others}/{len(truths)}")
