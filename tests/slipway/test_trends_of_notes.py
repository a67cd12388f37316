"""What trends count besides the feeds: the user's own notes, once and on their days, and a year of what was kept."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from notes.model import Topic
from notes.trends import TrendKind
from slipway.stages.fetch import fetch
from slipway.stages.promote import promote
from slipway.trending import trends_of
from tests.slipway.houses import House
from tests.slipway.shelves import opened

TODAY = date(2026, 2, 20)
ENTRY = """<item><title>{title}</title><link>https://blog.example.org/{at}</link><guid isPermaLink="false">{at}</guid>
<pubDate>{day:%a, %d %b %Y} 04:00:00 GMT</pubDate><description>{text}</description></item>"""


OWN = """---
id: own-{at}
created: {day}
---
# World models, part {at}

What I think of world models, part {at}.
"""


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    """The same with notes that the user wrote, a page, a post, and notes of other days; most items have become notes."""
    house = House.build(tmp_path_factory.mktemp("written"))
    entries = [
        ENTRY.format(title=f"Notes of part {at}", at=at, day=TODAY - timedelta(days=at), text=f"What is part {at}.")
        for at in range(10)
    ]
    head = '<?xml version="1.0"?><rss version="2.0"><channel><title>Lab</title><link>https://blog.example.org/</link>'
    (house.root / "feed.xml").write_text(f"{head}{''.join(entries)}</channel></rss>", encoding="utf-8")
    for back in (0, 7, 55, 56, 365, 366):
        path = house.vault / "mine" / f"{back}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(OWN.format(at=back, day=TODAY - timedelta(days=back)), encoding="utf-8")
    (house.vault / "mine" / "tomorrow.md").write_text(
        OWN.format(at="tomorrow", day=TODAY + timedelta(days=1)), encoding="utf-8"
    )
    (house.vault / "mine" / "undated.md").write_text("# No day\n\nWorld models.\n", encoding="utf-8")
    post = OWN.format(at="post", day=TODAY).replace("created", "source_type: post\ncreated")
    (house.vault / "mine" / "post.md").write_text(post, encoding="utf-8")
    page = OWN.format(at="page", day=TODAY)
    (house.vault / "topics").mkdir()
    (house.vault / "topics" / "one.md").write_text(page, encoding="utf-8")
    with opened(house) as app:
        fetch(app)
        promote(app)
        assert len(app.store.notes()) > 5
    return house


def told(house, files=None, notes=()):
    """The trend of a topic of these notes; ``files`` says which of the vault's have been read."""
    with opened(house) as app:
        topic = Topic(
            id="t", name="T", terms=("t",), note_ids=tuple(notes), medoid="", first_seen=TODAY, last_seen=TODAY
        )
        app.store.replace_topics([topic])
        given = None if files is None else files(app.vault.notes())
        (trend,) = (one for one in trends_of(app, today=TODAY, files=given) if one.kind is TrendKind.TOPIC)
    return trend


@pytest.mark.parametrize(
    ("files", "volumes"),
    [
        pytest.param(None, [1, 0, 0, 0, 0, 0, 4, 8], id="read here"),
        pytest.param(lambda notes: notes, [1, 0, 0, 0, 0, 0, 4, 8], id="read before"),
        pytest.param(iter, [1, 0, 0, 0, 0, 0, 4, 8], id="one after another"),
        pytest.param(lambda notes: (), [0, 0, 0, 0, 0, 0, 3, 7], id="none there"),
        pytest.param(
            lambda notes: [one for one in notes if one.id == "own-7"], [0, 0, 0, 0, 0, 0, 4, 7], id="one of them"
        ),
    ],
)
def test_notes_of_the_user_are_counted_once_on_their_days(written, files, volumes):
    assert [period.volume for period in told(written, files).periods] == volumes


def test_items_and_notes_of_the_user_are_told_as_evidence(written):
    with opened(written) as app:
        (latest,) = (name for name in app.store.notes() if name.endswith("part-0"))
    assert told(written, notes=["own-0", latest, "own-56"]).notes == ("own-0", latest)


@pytest.mark.parametrize("name", ["own-56", "own-365", "own-366", "own-tomorrow", "undated", "post"])
def test_what_was_kept_counts_for_a_year(written, name):
    """The order of what rises looks at a year of notes: one that tells of a topic on its last day still moves it."""
    moved = told(written, notes=["own-0", name]).momentum != told(written, notes=["own-0"]).momentum
    assert moved == (name in ("own-56", "own-365"))
