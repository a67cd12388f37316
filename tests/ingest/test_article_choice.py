"""Which text is kept: the feed's, or the page's."""

from __future__ import annotations

import pytest

from ingest.articles import choice as article_choice
from ingest.articles.choice import better, objection
from notes.model import Block, BlockKind
from tests.ingest.pages import FEED, FEED_ZH, PARAGRAPHS, TEXT_ZH, WALLS


def paragraphs(*texts: str) -> tuple[Block, ...]:
    return tuple(Block(BlockKind.PARAGRAPH, text) for text in texts)


ARTICLE = paragraphs(*PARAGRAPHS)
TITLE = "Agents that keep their skills: a library of skills"
OTHER = paragraphs(
    "The bread is baked at 230 degrees for forty minutes in an iron pot, until the crust is dark and sounds hollow under the knuckles.",
    "Flour, water, salt and time are all that is needed; the sourdough does the rest while the baker sleeps, and the kitchen stays warm.",
)
TEASERS = tuple(Block(BlockKind.LIST_ITEM, f"Agents keep skills, part {n} of the household library") for n in range(30))

BETTER = {
    "an excerpt against the article": (paragraphs(FEED), ARTICLE, TITLE),
    "nothing but a title": ((), ARTICLE, "Recursive skill agents keep a library for household tasks"),
    "an excerpt in Chinese": (paragraphs(FEED_ZH), paragraphs(*TEXT_ZH), "语言模型管理自己的上下文"),
    "a word of cookies below the story": (
        paragraphs(FEED),
        (*ARTICLE, *paragraphs("This site uses cookies.", "More about the lab", "Contact")),
        TITLE,
    ),
    "a story about paywalls, at length": (
        paragraphs("Newspapers ask readers to subscribe"),
        paragraphs(
            *(
                "Newspapers ask readers to subscribe now to continue reading, and readers leave them for others."
                for _ in range(40)
            )
        ),
        "Newspapers ask readers",
    ),
    "lists within a story": (paragraphs(FEED), (*ARTICLE, *TEASERS[:8]), TITLE),
}
KEPT = {
    "nothing": (paragraphs(FEED), (), "no article"),
    "a line": (paragraphs(FEED), paragraphs(FEED), "no article"),
    "the feed's own text": (ARTICLE, ARTICLE, "no more"),
    "a cut of the feed's text": (ARTICLE, ARTICLE[:2], "no more"),
    "another story": (paragraphs(FEED), OTHER, "another story"),
    "another story in Chinese": (paragraphs(FEED_ZH), paragraphs("今天天气很好，" * 30), "another story"),
    "a list of links": (paragraphs(FEED), TEASERS, "list of links"),
    "a story cut off at a wall": (
        paragraphs(FEED),
        paragraphs(PARAGRAPHS[0], PARAGRAPHS[1], "Subscribe to continue reading this story."),
        "asks for login",
    ),
}


@pytest.mark.parametrize(("feed", "article", "title"), BETTER.values(), ids=BETTER)
def test_the_page_is_better(feed, article, title):
    assert objection(feed, article, title) == ""
    assert better(feed, article, title)


@pytest.mark.parametrize(("feed", "article", "why"), KEPT.values(), ids=KEPT)
def test_the_feed_is_kept(feed, article, why):
    assert why in objection(feed, article, TITLE)
    assert not better(feed, article, TITLE)


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
def test_a_wall_is_no_article(wall):
    assert "asks for login" in objection(paragraphs(FEED), paragraphs(wall), TITLE)
    assert "asks for login" in objection((), paragraphs(*wall.split(". ")), "")


@pytest.mark.parametrize("wall", WALLS.values(), ids=WALLS)
def test_without_the_words_of_walls_they_would_pass(wall, monkeypatch):
    """The positive control: what keeps a wall out is the rule about walls, not its length."""
    monkeypatch.setattr(article_choice, "_is_wall", lambda *_: False)
    assert better((), paragraphs(wall), "")


def test_without_the_comparison_another_story_would_pass(monkeypatch):
    monkeypatch.setattr(article_choice, "_tells_the_same", lambda *_: True)
    assert better(paragraphs(FEED), OTHER, TITLE)
