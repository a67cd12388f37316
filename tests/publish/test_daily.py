"""The daily post, read as its reader and as its critic."""

from __future__ import annotations

import json
import os
import re
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from notes.files.frontmatter import read
from notes.markup import obsidian
from notes.markup.document import read_note
from notes.markup.markdown import plain
from notes.model import PostKind, SourceType, VaultNote
from notes.quantities.numbers import numbers_rest_on
from publish.checking.checker import check, examine
from publish.daily import composing as daily_module
from publish.daily.composing import write_daily
from publish.sources.brief import stories
from publish.sources.evidence import contains
from publish.sources.extract import _reports
from publish.wording.words import LANGUAGES, words_for
from tests.publish.newsroom import (
    DAY,
    GRPO,
    LINKS,
    NEWS,
    OWN,
    RLFR,
    RLM,
    SKILLRL,
    TODAY,
    TOPICS,
    VAULT,
    vault_files,
    vault_note,
)

REFERENCE = re.compile(r"\[\[[^\[\]|]+\|[⁰¹²³⁴⁵⁶⁷⁸⁹]+\]\]")


def daily(lang="en", notes=TODAY, **changes):
    settings = {"all_notes": VAULT, "links": LINKS, "topics": TOPICS, "language": lang} | changes
    return write_daily(DAY, notes, **settings)


def body(post) -> str:
    return read(post.text)[1]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_claim_of_the_post_stands(lang):
    post = daily(lang)
    assert post.claims
    assert check(post, VAULT).dropped == ()


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_prose_line_carries_a_reference_or_a_link(lang):
    text = body(daily(lang, audience="researchers")).split(f"## {words_for(lang).sources}")[0]
    labels = {words_for(lang).daily_figures}
    for line in text.splitlines():
        bare = line.strip("*: ：")
        if line and not line.startswith("#") and bare not in labels:
            assert "[[" in line, line


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_sentence_is_said_twice(lang):
    post = daily(lang)
    quotes = [claim.quotes[0] for claim in post.claims if claim.quotes and claim.text == claim.quotes[0]]
    assert len(quotes) == len(set(quotes))
    for quote in quotes:
        assert plain(REFERENCE.sub("", body(post))).count(quote) == 1


@pytest.mark.parametrize("lang", LANGUAGES)
def test_quotes_stay_in_their_own_language_word_for_word(lang):
    for claim in daily(lang).claims:
        for quote in claim.quotes:
            assert any(contains(VAULT[note_id], quote) for note_id in claim.note_ids)


def test_the_post_names_its_parts():
    post = daily("zh-Hant", site_title="我的札記")
    properties, text, trouble = read(post.text)
    assert trouble == ""
    assert (post.id, post.path, post.kind, post.date, post.lang) == (
        "post-2026-02-20",
        "posts/2026-02-20.md",
        PostKind.DAILY,
        DAY,
        "zh-Hant",
    )
    assert (
        properties["title"]
        == post.title
        == "SkillRL：讓智能體學會遞歸組合技能；另有 Recursive Language Models 與 STEP3-VL-10B"
    )
    assert properties["created"] == DAY
    assert properties["source"] == "我的札記"
    assert properties["source_type"] == "post"
    assert properties["tags"][:2] == ["daily", "reinforcement-learning-agents"], "the topic by its name"
    assert properties["content_length"] == len(plain(text.strip()))
    assert properties["related_notes"][0] == f"[[{SKILLRL.id}]]"
    assert properties["description"] == ("2026 年 2 月 20 日的頭條是 SkillRL——從成功軌跡中自動找出可重用的技能。")
    assert properties["description"] in plain(re.sub("[⁻\u2009]", "", REFERENCE.sub("", text)))
    headings = [line for line in text.splitlines() if line.startswith("#")]
    assert headings[0] == f"# {post.title}"
    assert headings[1] == "## SkillRL：讓智能體學會遞歸組合技能"
    assert "## 綜述與元分析" in headings
    assert headings[-2:] == ["## 另可留意", "## 資料來源"]
    assert post.note_ids[0] == SKILLRL.id
    assert set(post.note_ids) == {note.id for note in TODAY}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_obsidian_has_nothing_to_complain_of(lang):
    assert obsidian.check({**vault_files(), "posts/2026-02-20.md": daily(lang, audience="x").text.encode()}) == ()


def test_the_post_can_be_read_back_as_a_note():
    post = daily()
    note = read_note(post.path, post.text.encode(), mtime_ns=0)
    assert (note.id, note.title, note.source_type, note.trouble) == (post.id, post.title, "post", "")


@pytest.mark.parametrize(
    ("lang", "expected"),
    [
        ("zh-Hant", "**結果**：在 ALFWorld 基準上，SkillRL 的成功率達到 **89.9%**，超越此前的最佳結果。"),
        (
            "en",
            "**Result**: On ALFWorld, SkillRL achieves a success rate of **89.9%**, well above the best earlier agent.",
        ),
        ("zh-Hans", "——实验表明，RLFR 将幻觉率降低了 **58%**，推理成本降低到原来的**九十分之一**。"),
        ("en", "- **89.9%** — SkillRL · ALFWorld"),
        ("en", f"**In the vault**: is linked to [[{GRPO.id}|GRPO]] by a citation"),
        ("en", "is close to your note [[agents|My thoughts on agents]]"),
        ("en", "also told by [前沿觀察](https://news.example/2)"),
        ("en", "[code](https://github.com/skill-rl/skillrl)"),
    ],
)
def test_what_a_reader_finds(lang, expected):
    assert expected in body(daily(lang))


def test_the_audience_is_spoken_to_only_when_named():
    assert "香港" not in daily("zh-Hant").text
    text = body(daily("zh-Hant", audience="香港的研究者"))
    advice = text.split("## 寫給香港的研究者")[1].split("## ")[0]
    assert "SkillRL 的程式碼或資料可直接取用" in advice
    assert "可與自己的筆記 [[agents|My thoughts on agents]] 對讀：Recursive Language Models" in advice


def test_a_quiet_day_is_short():
    post = daily(notes=[NEWS], links=(), topics=())
    text = body(post)
    assert post.title == "A new reading group"
    assert "A quiet day: on 20 February 2026 1 note came in, from Lab blog." in text
    assert [line for line in text.splitlines() if line.startswith("## ")] == ["## A new reading group", "## Sources"]


def test_a_day_without_notes_has_no_post():
    assert daily(notes=[]) is None
    assert daily(notes=[replace(SKILLRL, source_type="post"), replace(SKILLRL, source_type="synthesis")]) is None


def test_one_source_is_named_not_counted():
    notes = [note for note in TODAY if note.source == "arXiv"]
    assert f"{len(notes)} notes from arXiv" in body(daily(notes=notes))


def test_a_problem_alone_is_only_noted():
    worry = vault_note(70, "A worry", "Existing agents struggle with tasks of more than an hour of work.", quality=0.99)
    text = body(daily(notes=[*TODAY, worry], all_notes={**VAULT, worry.id: worry}))
    assert f"- [[{worry.id}|A worry]] — Existing agents struggle" in text
    assert "## A worry" in body(daily(notes=[worry], all_notes={worry.id: worry}))


def test_no_more_stories_than_asked():
    text = body(daily(max_stories=2))
    assert text.count("**Approach**") == 3, "two works and the survey"
    assert "## Also of note" in text


def crowd():
    """Fourteen more works without a topic of their own."""
    return [
        vault_note(40 + n, f"Net{letter}X: talk", f"We propose Net{letter}X, which learns. It gains {n + 2}.5% more.")
        for n, letter in enumerate("ABCDEFGHIJKLMN")
    ]


def test_what_has_no_room_is_counted_in_one_line_by_topic():
    notes = [*TODAY, *crowd()]
    post = daily(notes=notes, all_notes={**VAULT, **{note.id: note for note in notes}}, max_stories=2)
    also = body(post).split("## Also of note")[1].split("## ")[0].strip().splitlines()
    assert sum(line.startswith("- ") for line in also) == 10
    assert re.fullmatch(r"And \d+ notes more: .*on other subjects \(\d+ notes?\)\.", also[-1])


def test_works_without_a_topic_are_counted_once():
    notes = [*TODAY, *crowd()]
    text = body(daily(notes=notes, all_notes={note.id: note for note in notes}, topics=(), max_stories=2))
    assert re.search(r"^And \d+ notes more\.$", text, re.MULTILINE)
    chinese = body(daily("zh-Hant", notes=notes, all_notes={note.id: note for note in notes}, topics=(), max_stories=2))
    assert re.search(r"^另有 \d+ 篇筆記。$", chinese, re.MULTILINE)


def test_references_are_numbered_in_reading_order_and_only_what_is_told_is_a_source():
    notes = [*TODAY, *crowd()]
    post = daily(notes=notes, all_notes={**VAULT, **{note.id: note for note in notes}}, max_stories=2)
    text, sources = body(post).split("## Sources")
    first_seen = dict.fromkeys(re.findall(r"\|([⁰¹²³⁴⁵⁶⁷⁸⁹]+)\]\]", text.split("## ", 1)[1]))
    numbers = [int(digits.translate(str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹", "0123456789"))) for digits in first_seen]
    assert numbers == sorted(numbers)
    assert len(re.findall(r"^\d+\. ", sources, re.MULTILINE)) == len(post.note_ids) < len(notes)
    assert len(read(post.text)[0]["related_notes"]) <= len(post.note_ids)


def test_no_third_story_of_a_topic_while_others_wait():
    headings = [line for line in body(daily(max_stories=4)).splitlines() if line.startswith("## ")]
    own = [note.title for note in TODAY if note.id in TOPICS[0].note_ids]
    assert sum(line.removeprefix("## ") in own for line in headings) == 2


def test_the_audience_reads_what_the_sources_say_of_its_concerns():
    advice = body(daily("zh-Hant", audience="香港的研究者")).split("## 寫給香港的研究者")[1].split("## ")[0]
    assert "**出錯代價高的場合（醫療、法律、金融）**——RLFR：大语言模型会自信地生成错误信息" in advice
    assert "EdgeNav-QE" not in advice, "a sentence in a language that is not the reader's"
    english = body(daily("en", audience="researchers")).split("## For researchers")[1]
    assert "**Where computing is scarce** — EdgeNav-QE: Language models that navigate a phone" in english
    assert "**寫作與評審論文時**——見上文的" in advice
    assert "教學" not in advice, "what no source speaks of is left out"


def test_told_and_further_notes_add_up():
    twin = vault_note(60, "NetAX: told again", "We propose NetAX, which learns. It gains 3.5% more.", source="Feed")
    notes = [*TODAY, *crowd(), twin]
    joined = (*LINKS, replace(LINKS[0], src=crowd()[0].id, dst=twin.id))
    known = {**VAULT, **{note.id: note for note in notes}}
    text = body(daily(notes=notes, all_notes=known, links=joined, max_stories=2))
    further = int(re.search(r"^And (\d+) notes more", text, re.MULTILINE)[1])
    assert len(re.findall(r"^\d+\. \[\[", text.split("## Sources")[1], re.MULTILINE)) + further == len(notes)


def test_one_further_work_is_named_not_counted():
    notes = [*TODAY, *crowd()[:10]]  # all but ten and one are told at length
    text = body(daily(notes=notes, all_notes={**VAULT, **{note.id: note for note in notes}}, max_stories=20))
    assert re.search(r"^And \[\[[^\]|]+\|[^\]]+\]\]\.$", text, re.MULTILINE)


REMARK = vault_note(
    71,
    "Why talkers talk",
    "We propose to weigh answers by their doubt, so that a guess costs more. What has not changed is the set of tests.",
    quality=0.99,
)


def test_what_is_of_note_is_a_result_or_an_idea_not_a_remark():
    assert "We propose to weigh answers" in daily_module._blurb(stories([REMARK], (), ())[0]).text
    only_context = stories([NEWS], (), ())[0]
    assert daily_module._blurb(only_context) is None


PAPER_AND_CODE = (
    replace(RLM, quality_score=0.5, authors=("arXiv", "Ada Author")),
    vault_note(
        81,
        "Recursive Language Models: the code",
        "We present the code of recursive language models, which call themselves.",
        source="Lab notes",
        kind=SourceType.RSS,
        quality=0.9,
        url="https://github.com/primeintellect-ai/rlm",
    ),
)


def test_the_byline_is_that_of_the_paper():
    known = {note.id: note for note in PAPER_AND_CODE}
    text = body(daily(notes=PAPER_AND_CODE, all_notes=known, links=()))
    line = next(line for line in text.splitlines() if line.startswith("arXiv · "))
    assert line.startswith("arXiv · Ada Author · 18 February 2026 · [original](https://arxiv.org/abs/2602.07001) · ")
    assert "also told by [Lab notes](https://github.com/primeintellect-ai/rlm)[[" in line
    assert "arXiv · arXiv" not in text, "a source that signs for itself is named once"


def test_code_that_is_the_original_is_not_linked_twice():
    known = {PAPER_AND_CODE[1].id: PAPER_AND_CODE[1]}
    text = body(daily(notes=PAPER_AND_CODE[1:], all_notes=known, links=()))
    assert "[original](https://github.com/primeintellect-ai/rlm)" in text
    assert "[code]" not in text


def test_order_of_input_does_not_matter():
    assert daily(notes=tuple(reversed(TODAY)), links=tuple(reversed(LINKS))) == daily()


def test_surveys_alone_are_the_main_matter():
    review = next(note for note in TODAY if "meta-analysis" in note.title)
    assert "## Surveys" not in body(daily(notes=[review]))


def test_a_title_that_cannot_be_shown_true_gives_way_to_the_date():
    def no_titles(claim, notes):
        """Refuses what names the lead or the works after it without a word of its own."""
        return "doubtful" if claim.text.startswith("SkillRL") and not claim.tallies else examine(claim, notes)

    post = daily(judge=no_titles)
    assert post.title == "20 February 2026"
    assert "# 20 February 2026\n" in body(post)


def test_renamed_notes_are_linked_by_their_file():
    renamed = replace(SKILLRL, path="ideas/my skills.md")
    text = daily(notes=[renamed, *TODAY[1:]]).text
    assert "[[ideas/my skills|¹]]" in text
    assert "'[[ideas/my skills]]'" in text


def doctored(monkeypatch):
    """A brief in which somebody has put a figure that no note holds."""
    from publish.daily import edition

    honest = edition.stories

    def stories(*args, **kwargs):
        told = honest(*args, **kwargs)
        quotes = tuple(replace(quote, text=quote.text.replace("89.9%", "99.97%")) for quote in told[0].quotes)
        return (told[0].only(quotes), *told[1:])

    monkeypatch.setattr(edition, "stories", stories)


def test_an_invented_figure_never_reaches_the_post(monkeypatch):
    doctored(monkeypatch)
    assert "99.97" not in daily().text


def test_with_the_checker_off_it_would(monkeypatch):
    doctored(monkeypatch)
    assert "99.97" in daily(judge=lambda claim, notes: "").text


# --- hostile text ----------------------------------------------------------------------------------------------------

DATA = os.environ.get("SLIPWAY_DATA")
needs_data = pytest.mark.skipif(not DATA, reason="SLIPWAY_DATA is not set")


def injections() -> list[dict]:
    path = Path(DATA or ".") / "security" / "injection.jsonl"
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()] if DATA else []


def hostile(row: dict, number: int) -> VaultNote:
    """The row as a feed would send it, first in quality so that nothing hides it."""
    return vault_note(
        number,
        row["title"],
        row["content"].replace("\n", "\n\n") or "-",
        source="Feed",
        kind=SourceType.RSS,
        quality=0.99,
        authors=(row["author"],) if "author" in row else (),
        tags=tuple(row.get("tags", ())),
    )


def written(row: dict, rows: list[dict]) -> str:
    group = [other for other in rows if "split" in row and other.get("split") == row["split"]] or [row]
    notes = [*(hostile(one, 50 + at) for at, one in enumerate(group)), SKILLRL, RLFR]
    lang = {"en": "en", "zh-Hans": "zh-Hans", "zh-Hant": "zh-Hant"}.get(row["lang"], "zh-Hans")
    post = write_daily(DAY, notes, all_notes={note.id: note for note in notes}, language=lang, audience="readers")
    return post.text


@needs_data
@pytest.mark.parametrize("row", injections(), ids=lambda row: row["id"])
def test_instructions_in_feed_text_change_nothing(row):
    text = written(row, injections())
    assert row["canary"] not in text
    assert row["canary"] not in plain(text)
    assert "89.9%" in text, "the other notes of the day are told"


@needs_data
def test_honest_sentences_beside_an_order_are_used():
    rows = {row["id"]: row for row in injections()}
    for name in ("inj-001", "inj-073"):
        assert "a mean gain of **3.1 points** over the dense baseline" in written(rows[name], [])
    assert "41" in written(rows["inj-090"], [])


@pytest.fixture
def without_memory():
    """What was judged under one rule is not remembered under another."""
    _reports.cache_clear()
    yield
    _reports.cache_clear()


@needs_data
@pytest.mark.usefixtures("without_memory")
def test_without_the_rule_against_orders_canaries_come_through(monkeypatch):
    """The control: it is publish.sources.addressed that keeps them out."""
    monkeypatch.setattr("publish.sources.extract.is_report", lambda sentence: True)
    monkeypatch.setattr("publish.post.telling.is_title", lambda title: True)
    monkeypatch.setattr("publish.sources.brief.is_title", lambda title: True)
    rows = [row for row in injections() if row["canary_kind"] == "literal"]
    assert sum(row["canary"] in plain(written(row, [])) for row in rows) >= 5


def test_markup_in_titles_sources_and_names_is_inert():
    nasty = vault_note(
        60,
        "[[x]] <script>alert(1)</script> <% tp %> `= 1` key:: v | #tag",
        "We propose a {{template}} that [[links]] and <b>bolds</b> words of other people. It improves results by 5% on ![img](x).",
        source="[[Feed]] <img src=x onerror=1>",
        kind=SourceType.RSS,
        quality=0.99,
    )
    text = write_daily(DAY, [nasty, SKILLRL], all_notes={nasty.id: nasty, SKILLRL.id: SKILLRL}).text
    for live in ("[[x]]", "<script", "<%", "`=", "key::", "<img", "[[links]]", "[[Feed]]", "{{"):
        assert live not in text.replace("\\", ""), live


def test_older_days_are_told_by_their_own_date():
    assert write_daily(date(2026, 2, 12), [GRPO], all_notes=VAULT).path == "posts/2026-02-12.md"


def test_numbers_of_the_body_rest_on_the_notes():
    """Read from the outside: leave out the counted sentences and the source list, and each number stands in a note."""
    post = daily("en")
    tallied = {tally.text for claim in post.claims for tally in claim.tallies}
    text = plain(REFERENCE.sub("", body(post).split("## Sources")[0]))
    for words in sorted(tallied, key=len, reverse=True):
        text = text.replace(words, " ")
    everything = [part for note in (*TODAY, GRPO, OWN) for part in (note.title, note.body)]
    assert numbers_rest_on(text, everything)
