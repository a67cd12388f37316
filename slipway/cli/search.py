"""``slipway search``: by meaning and by words."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import click

from notes.errors import UsageError
from slipway.cli.group import Session, parse_day, pass_session
from slipway.cli.options import as_json, limit_option
from slipway.console import emit, emit_json, style

if TYPE_CHECKING:
    from index.retrieval.search import Hit, Query, Reply

__all__ = ["reply_document", "search_command"]

MODES = ("hybrid", "semantic", "lexical")
KINDS = ("note", "post", "item")


@click.command("search")
@click.argument("words", nargs=-1, metavar="QUERY")
@limit_option(10, "How many results.")
@click.option("--mode", type=click.Choice(MODES), default="hybrid", show_default=True, help="How to rank.")
@click.option("--kind", "kinds", type=click.Choice(KINDS), multiple=True, help="Only this kind (may be repeated).")
@click.option("--tag", default="", help="Only with this tag or a tag below it.")
@click.option("--source", default="", help="Only from this source.")
@click.option("--since", callback=parse_day, metavar="DAY", help="Only from this day on.")
@click.option("--until", callback=parse_day, metavar="DAY", help="Only up to this day.")
@click.option("--explain", is_flag=True, help="Show the rank in each half of the search.")
@click.option("--stdin", "from_stdin", is_flag=True, help="One query a line in, one JSON document a line out.")
@as_json
@pass_session
def search_command(
    session: Session, /, words: tuple[str, ...], explain: bool, from_stdin: bool, as_json: bool, **filters: Any
) -> None:
    """Search notes, posts and inbox by meaning and by words, in Chinese or English."""
    from slipway.searching import open_search

    text = " ".join(words)
    if not text.strip() and not from_stdin:
        raise click.UsageError("Missing QUERY: what are you looking for?")
    with session.app() as app:
        find = open_search(app)
        if from_stdin:
            _answer_lines(find, filters)
            return
        reply = find(_query(text, filters))
    for warning in reply.warnings:
        click.echo(f"{style('note:', fg='yellow')} {warning}", err=True)
    if as_json:
        emit_json(reply_document(reply))
    else:
        _print_reply(reply, explain=explain)


def reply_document(reply: Reply) -> dict[str, object]:
    """The document of ``search --json``."""
    return {
        "query": reply.query,
        "mode": reply.mode,
        "model": reply.model,
        "took_ms": reply.took_ms,
        "results": [_hit_document(hit) for hit in reply.results],
    }


def _hit_document(hit: Hit) -> dict[str, object]:
    return {
        "rank": hit.rank,
        "id": hit.id,
        "kind": hit.kind,
        "title": hit.title,
        "path": hit.path,
        "url": hit.url,
        "score": hit.score,
        "passage": hit.passage,
        "heading": hit.heading,
        "start": hit.start,
        "end": hit.end,
        "created": hit.created or None,
        "source": hit.source,
        "tags": list(hit.tags),
        "lang": hit.lang,
        "ranks": {"lexical": hit.ranks.lexical, "semantic": hit.ranks.semantic},
    }


def _query(text: str, filters: dict[str, Any]) -> Query:
    from index.retrieval.search import Query

    return Query(
        text=text,
        mode=filters["mode"],
        n=filters["limit"],
        kinds=filters["kinds"],
        tag=filters["tag"],
        source=filters["source"],
        since=filters["since"],
        until=filters["until"],
    )


def _answer_lines(find: Callable[[Query], Reply], filters: dict[str, Any]) -> None:
    """JSON lines: each line a plain query or ``{"id", "query"}``; each answer on one line with the same id."""
    import json

    from slipway.console import json_text

    for number, line in enumerate(sys.stdin, start=1):
        asked = line.strip()
        if not asked:
            continue
        name: object = None
        if asked.startswith("{"):
            try:
                given = json.loads(asked)
                asked, name = str(given["query"]), given.get("id")
            except (ValueError, KeyError):
                raise UsageError(
                    f'standard input, line {number}: not {{"id", "query"}}', hint="one JSON object a line"
                ) from None
        document = reply_document(find(_query(asked, filters)))
        emit(json_text(document if name is None else {"id": name} | document, indent=None))


def _print_reply(reply: Reply, *, explain: bool) -> None:
    from notes.markup.inert import terminal

    if not reply.results:
        emit("nothing found")
    for hit in reply.results:
        emit(f"{hit.rank:>2}. {style(terminal(hit.title), bold=True)}")
        about = [hit.kind, hit.created, terminal(hit.source), hit.path or terminal(hit.url)]
        emit(style(f"    {' · '.join(filter(None, about))}", dim=True))
        emit(f"    {terminal(_shorten(hit.passage))}")
        if explain:
            ranks = f"lexical rank {hit.ranks.lexical or '—'}, semantic rank {hit.ranks.semantic or '—'}"
            emit(style(f"    score {hit.score:.4f}: {ranks}", dim=True))


def _shorten(passage: str, limit: int = 240) -> str:
    line = " ".join(passage.split())
    return line if len(line) <= limit else line[: limit - 1].rstrip() + "…"
