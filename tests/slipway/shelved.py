"""A house with a small vault in two languages, indexed, to search in."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from notes.model import Topic
from slipway.store.store import Store
from tests.slipway.houses import House

SOURCES = """
[[sources]]
key = "jqzx"
url = "https://example.org/feed"
title = "机器之心"
"""

NOTE = """---
id: {id}
title: {title!r}
created: {created}
tags: [{tags}]
source: {source!r}
lang: {lang}
---

{text}
"""

NOTES = {
    "notes/skills.md": (
        "n-skills",
        "Skills of agents",
        "2026-02-20",
        "ml/rl, agents",
        "Lab notes",
        "en",
        "Agents learn skills by reinforcement learning. "
        "A library of skills grows with every task that an agent has solved.\n\n"
        "## Limits\n\nNobody knows when a library of skills should stop growing. " + "It is long. " * 60,
    ),
    "notes/memory.md": (
        "n-memory",
        "Memory for long tasks",
        "2026-01-15",
        "agents",
        "Lab notes",
        "en",
        "Agents forget skills on long tasks. A memory of 128k tokens helps reinforcement.",
    ),
    "notes/rl-zh.md": (
        "n-rl-zh",
        "可验证奖励的强化学习",
        "2026-02-10",
        "强化学习",
        "机器之心",
        "zh-Hans",
        "用可验证奖励的强化学习训练语言模型，减少幻觉。",
    ),
    "notes/context-zh.md": (
        "n-context-zh",
        "遞歸語言模型讓智能體管理上下文",
        "2026-02-18",
        "強化學習, École",
        "TechNews 科技新報",
        "zh-Hant",
        "智能體在長任務中會填滿上下文視窗。",
    ),
    "notes/-dash.md": (
        "n-dash",
        "A bread recipe",
        "2025-12-24",
        "Cooking",
        "Kitchen Diary",
        "en",
        "Flour, water, salt and time.",
    ),
}


def shelved(root: Path, *, model: str = "hashing") -> House:
    """The house, with one topic and its vault indexed."""
    house = House.build(root, sources=SOURCES, model=model)
    for path, (name, title, created, tags, source, lang, text) in NOTES.items():
        place = house.vault / path
        place.parent.mkdir(parents=True, exist_ok=True)
        filled = NOTE.format(id=name, title=title, created=created, tags=tags, source=source, lang=lang, text=text)
        place.write_text(filled, encoding="utf-8")
    # What a hostile feed or a careless hand may call a file.
    (house.vault / "line\nend.md").write_text("# Odd name\n\nA zebra with a line end in its name.\n", encoding="utf-8")
    (house.vault / "evil.md").write_text(
        '---\ntitle: "\\e]0;owned\\a\\e[2J zebra \\u202egnp"\ntags: [evil]\n---\n\nA zebra \x1b[31m of \x9b2J evil.\n',
        encoding="utf-8",
    )
    with Store.open(f"sqlite:///{root / '.slipway' / 'slipway.db'}") as store:
        day = date(2026, 2, 20)
        topic = Topic(
            id="topic-agents",
            name="Agents and skills",
            terms=("agents",),
            note_ids=("n-skills", "n-memory"),
            medoid="n-skills",
            first_seen=day,
            last_seen=day,
        )
        store.replace_topics([topic])
    house.run("index")
    return house
