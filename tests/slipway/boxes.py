"""Items to put into the box, and the whole content of a database to compare."""

from __future__ import annotations

from datetime import UTC, date, datetime

from sqlalchemy import select

from notes.identity import content_hash
from notes.model import Block, BlockKind, Item, SourceType
from slipway.store.store import Store
from slipway.store.tables import Base

NOW = datetime(2026, 2, 20, 23, 59, tzinfo=UTC)
LATER = datetime(2026, 2, 21, 23, 59, tzinfo=UTC)
DAY, NEXT_DAY = date(2026, 2, 20), date(2026, 2, 21)


def item(key="url:example.org/a", *, source="lab", guid="a", title="A title", text="A text.", **more) -> Item:
    """An item of a feed."""
    given = {
        "source_title": source.title(),
        "source_type": SourceType.RSS,
        "url": f"https://{key.partition(':')[2]}",
        "blocks": (Block(BlockKind.PARAGRAPH, text),),
        "content_hash": content_hash(title, text),
    }
    return Item(key=key, source=source, external_id=guid, title=title, **(given | more))


def paper(number="2602.01234", version=1, *, source="arxiv", title="A paper", **more) -> Item:
    """An arXiv record."""
    given = {
        "guid": f"oai:arXiv.org:{number}v{version}",
        "source_type": SourceType.ARXIV,
        "url": f"https://arxiv.org/abs/{number}v{version}",
        "arxiv_id": number,
        "arxiv_version": version,
        "text": f"The abstract, version {version}.",
    }
    return item(f"arxiv:{number}", source=source, title=title, **(given | more))


def record(store: Store, *items: Item, now=NOW, **more):
    """Record a fetch of one source."""
    given = {"etag": '"1"', "last_modified": "", "body_sha256": ""}
    source = items[0].source if items else "lab"
    return store.record_fetch(source, "rss", f"https://{source}.example/", items=items, now=now, **(given | more))


def content(store: Store) -> dict[str, list[tuple]]:
    """Every row of every table."""
    with store._engine.connect() as connection:
        return {
            table.name: [tuple(row) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in Base.metadata.sorted_tables
        }
