"""What the user dismissed, or deleted from the vault, never comes back, under whatever address it is sent again."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from notes.identity import item_key
from notes.model import ItemStatus
from slipway.store.records import Decision
from slipway.store.store import Store
from slipway.store.words import DISMISS
from tests.slipway.boxes import DAY, LATER, NOW, item, paper, record

TEXT = (
    "We give agents a library of skills and let them choose among these by reinforcement learning; on eleven household tasks "
    "of rising difficulty they choose what they need in nine of ten cases, with and without a teacher, over three seeds each."
)
POST = item("url:blog.example.org/skills", source="blog", guid="1", title="A library of skills for agents", text=TEXT)
PAPER = paper("2602.08234", title="SkillRL: a library of skills", text=TEXT, doi="10.48550/arxiv.2602.08234")
JOURNAL = replace(POST, doi="10.1000/skills.7")

BRIEF = "新的量化方法把键值缓存压到2比特，在手机上解码速度提高2.3倍，困惑度只增加0.08。长上下文任务上表现稳定。"
CHINESE = item(
    "url:z.example.org/1?sid=1", source="mirror", guid="https://z.example.org/1?sid=1", title="端侧模型量化到2比特", text=BRIEF,
    published=NOW - timedelta(days=2),
)  # fmt: skip


def at(address, *, title=POST.title, text=TEXT, **more):
    """The post as another feed sends it, at another address."""
    key = item_key(arxiv_id="", url=address, guid=address, source="mirror", title=title, text=text)
    return item(key, source="mirror", guid=address, title=title, text=text, url=address, **more)


AGAIN = [
    pytest.param(POST, POST, id="the same entry"),
    pytest.param(POST, at("http://blog.example.org/skills"), id="http for https"),
    pytest.param(POST, at("https://www.blog.example.org/skills/"), id="www and a slash"),
    pytest.param(POST, at("https://blog.example.org/skills?utm_source=x&fbclid=1#top"), id="tracking and a fragment"),
    pytest.param(POST, replace(POST, external_id="2"), id="a new guid"),
    pytest.param(POST, at("https://mirror.example.com/2026/02/abc"), id="word for word at a mirror"),
    pytest.param(
        POST, at("https://mirror.example.com/b", text=TEXT.replace("eleven", "11") + " Read more."), id="a little edited"
    ),
    pytest.param(JOURNAL, at("https://doi.org/10.1000/SKILLS.7", text="Behind a wall.", doi="10.1000/skills.7"), id="by its DOI"),
    pytest.param(PAPER, paper("2602.08234", version=2, text="Quite another abstract."), id="a later version"),
    pytest.param(
        PAPER,
        paper("2602.08234", source="alphaxiv", guid="z", url="http://arxiv.org/pdf/2602.08234v3.pdf"),
        id="the PDF, from another feed",
    ),
    pytest.param(CHINESE, at("https://z.example.org/1?sid=2", title=CHINESE.title, text=BRIEF), id="short, undated"),
    pytest.param(
        replace(CHINESE, source="blog"), at("https://z.example.org/1?sid=2", title=CHINESE.title, text=BRIEF),
        id="short, undated, from another source",
    ),
]  # fmt: skip


def dismissed(store, slip):
    store.set_status([slip.id], ItemStatus.DISMISSED, DAY, verdict=DISMISS, now=NOW)


def deleted(store, slip):
    store.decide([Decision(slip.id, ItemStatus.PROMOTED, 0.9, (), "n-1", "notes/n-1.md", 1)], DAY)
    store.mark_gone(["n-1"], NOW)


@pytest.fixture
def store(tmp_path):
    with Store.open(f"sqlite:///{tmp_path / 'slipway.db'}") as opened:
        yield opened


@pytest.mark.parametrize("fate", [dismissed, deleted], ids=["dismissed", "deleted"])
@pytest.mark.parametrize(("first", "again"), AGAIN)
def test_it_stays_away(store, fate, first, again):
    record(store, first)
    (slip,) = store.slips()
    fate(store, slip)
    status = store.slip(slip.id).status
    assert record(store, again, now=LATER).new == 0
    (same,) = store.slips()
    assert (same.id, same.status, same.note_id) == (slip.id, status, store.slip(slip.id).note_id)
    assert store.slips(ItemStatus.INBOX) == ()


def test_control_another_story_does_come(store):
    record(store, POST)
    dismissed(store, store.slips()[0])
    other = at("https://blog.example.org/bread", title="Bread in a cold oven", text="Flour, water, salt, a night.")
    assert record(store, other, now=LATER).new == 1
