"""The store's full texts: which slips wait for the article behind their link, and what came of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime
from typing import Any, cast

from sqlalchemy import Connection, Row, select, update

from notes.model import Block, ItemStatus, blocks_text
from notes.text.likeness import sketch
from slipway.store.band_rows import insert_bands
from slipway.store.database import Database
from slipway.store.records import ArticleState, DueArticle, FullText
from slipway.store.slips import slips_where
from slipway.store.tables import ASKED_FOR_IN_FULL, ItemRow

__all__ = ["ArticleStore"]

_MAX_REASON = 200
_OPEN = (ItemStatus.INBOX.value, ItemStatus.PROMOTED.value)


class ArticleStore(Database):
    """Articles that sources ask for in full."""

    def articles_due(self, limit: int) -> tuple[DueArticle, ...]:
        """Slips in the inbox, or promoted, whose article is to be fetched: the least tried first, then the oldest.

        Those that were refused come last, so that they keep none of the others waiting.
        """
        refused = ItemRow.full_text.startswith("refused")
        # Not by the index of the status, which most of those that wait share: of two, SQLite takes whichever was made last.
        is_open = (ItemRow.status + "").in_(_OPEN)
        due = ASKED_FOR_IN_FULL & (refused | ItemRow.full_text.startswith("due")) & is_open
        first = select(ItemRow.id, ItemRow.full_text, ItemRow.full_text_tries).where(due)
        with self._reading() as connection:
            rows = connection.execute(first.order_by(refused, ItemRow.full_text_tries, ItemRow.id).limit(limit)).all()
            slips = {slip.id: slip for slip in slips_where(connection, ItemRow.id.in_([row.id for row in rows]))}
        return tuple(DueArticle(slips[row.id], row.full_text_tries, _state(row.full_text).tried_on) for row in rows)

    def article_state(self, item_id: int) -> ArticleState:
        """What became of the article behind a slip."""
        with self._reading() as connection:
            written = connection.scalar(select(ItemRow.full_text).where(ItemRow.id == item_id))
        return _state(written or "")

    def record_article(
        self,
        item_id: int,
        *,
        state: FullText | ArticleState,
        blocks: tuple[Block, ...] | None = None,
        references: tuple[str, ...] = (),
        lang: str = "",
        authors: tuple[str, ...] = (),
        published: datetime | None = None,
    ) -> bool:
        """Record an attempt at the article behind a slip; returns whether the stored text changed.

        ``state`` is ``due`` for another attempt some other night. Attempts on one day (``tried_on``, where it is given)
        count once, and a refusal is none. ``blocks`` take the place of the text only while the slip
        waits or is promoted, ``references`` join the stored ones, ``lang`` goes with the blocks; ``authors`` and
        ``published`` fill what the feed left open. ``content_hash`` stays that of the feed's text: when the feed sends
        it again that is no change, and the same story in another feed is still known by it.
        """
        with self._writing() as connection:
            row = connection.execute(select(ItemRow).where(ItemRow.id == item_id)).first()
            if row is None:
                return False
            changes = _attempted(row, state if isinstance(state, ArticleState) else ArticleState(state))
            text = {} if blocks is None or row.status not in _OPEN else {"blocks": blocks}
            if text:
                text |= _article(row, references, lang, authors, published)
                text |= _first_sketch(connection, row, text["blocks"])
            connection.execute(update(ItemRow).where(ItemRow.id == item_id).values(changes | text))
        return bool(text) and text["blocks"] != row.blocks


def _attempted(row: Row[Any], attempt: ArticleState) -> dict[str, Any]:
    before, day = _state(row.full_text).tried_on, attempt.tried_on
    counts = attempt.state != "refused" and (day is None or day != before)
    written = _written(replace(attempt, tried_on={"due": day, "refused": before}.get(attempt.state)))
    return {"full_text": written, "full_text_tries": row.full_text_tries + counts}


def _written(article: ArticleState) -> str:
    """As one word, a day and a reason: ``due 2026-02-20: answered 500``. What is done is that word alone."""
    head = f"{article.state} {article.tried_on or ''}".strip()
    reason = "" if article.state == "done" else " ".join(article.reason.split())[:_MAX_REASON]
    return f"{head}: {reason}" if reason else head


def _state(written: str) -> ArticleState:
    head, _, reason = written.partition(": ")
    state, _, day = head.partition(" ")
    return ArticleState(cast("FullText", state), reason, date.fromisoformat(day) if day else None)


def _article(
    row: Row[Any], references: tuple[str, ...], lang: str, authors: tuple[str, ...], published: datetime | None
) -> dict[str, Any]:
    """What comes with an article's text."""
    return {
        "references": tuple(dict.fromkeys((*row._mapping["references"], *references))),  # noqa: SLF001 - its public name
        "lang": lang or row.lang,
        "authors": row.authors or authors,
        "published": row.published or published,
        "scored_on": None,
    }


def _first_sketch(connection: Connection, row: Row[Any], blocks: tuple[Block, ...]) -> dict[str, Any]:
    """A sketch where the feed's text told too little for one."""
    drawn = "" if row.sketch else sketch(row.title, blocks_text(blocks))
    if drawn:
        insert_bands(connection, [(row.id, drawn)])
    return {"sketch": drawn} if drawn else {}
