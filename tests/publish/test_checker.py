"""Nothing invented: what the checker lets stand, and what it does not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from notes.model import Claim, Post, PostKind, Tally, TallyKind
from publish.checking.checker import check, examine
from publish.wording.words import LANGUAGES, words_for
from tests.publish.newsroom import DAY, GRPO, RLFR, SKILLRL, SKILLRL_PRESS, STEP3, VAULT

S, P, R = SKILLRL.id, SKILLRL_PRESS.id, RLFR.id
RESULT = "On ALFWorld, SkillRL achieves a success rate of 89.9%, well above the best earlier agent."


@pytest.mark.parametrize(
    "claim",
    [
        pytest.param(Claim(RESULT, (S,), (RESULT,)), id="a sentence of the note"),
        pytest.param(Claim("SkillRL 在 ALFWorld 上達到百分之八十九點九。", (S,)), id="the number in another script"),
        pytest.param(Claim("RLFR cuts hallucinations by 58 percent.", (R,)), id="percent in words"),
        pytest.param(Claim("RLFR 的推理成本降低了 90 倍。", (R,)), id="one ninetieth is ninety times"),
        pytest.param(Claim("SkillRL 和 RLFR 分別達到 89.9% 和 58%。", (S, R)), id="numbers of two notes"),
        pytest.param(Claim("STEP3-VL-10B is a name.", (STEP3.id,)), id="a name with digits"),
        pytest.param(
            Claim("The note says “On ALFWorld, SkillRL achieves a success rate of 89.9%”.", (S,)), id="marked quote"
        ),
        pytest.param(Claim("See “SkillRL: Recursive Skill-Augmented…”.", (S,)), id="a title cut short"),
        pytest.param(Claim("一篇談「技能」的文章。", (S,)), id="a term in quotation marks"),
    ],
)
def test_claim_that_stands(claim):
    assert examine(claim, VAULT) == ""


@pytest.mark.parametrize(
    ("claim", "reason"),
    [
        pytest.param(Claim("SkillRL is good.", ()), "names no note", id="no note"),
        pytest.param(
            Claim("SkillRL is good.", (S, "20260220-999-evil")), "does not exist", id="a note that is not there"
        ),
        pytest.param(Claim("SkillRL reaches 98.9% on ALFWorld.", (S,)), "stands in none", id="another number"),
        pytest.param(
            Claim("SkillRL reaches 58% on ALFWorld.", (S,)), "stands in none", id="the number of another note"
        ),
        pytest.param(Claim("SkillRL 提升了九成。", (S,)), "stands in none", id="a number in characters"),
        pytest.param(
            Claim("SkillRL has quality 0.91.", (S,)), "stands in none", id="what Slipway itself wrote is no evidence"
        ),
        pytest.param(
            Claim(RESULT.replace("well", "far"), (S,), (RESULT.replace("well", "far"),)),
            "word for word",
            id="altered quote",
        ),
        pytest.param(
            Claim("「SkillRL 的成功率遠遠超越所有人類專家」", (P,)),
            "word for word",
            id="altered words in quotation marks",
        ),
        pytest.param(
            Claim('It says "this is the best method that ever was".', (S,)),
            "word for word",
            id="straight quotation marks",
        ),
        pytest.param(Claim(RESULT, (R,), (RESULT,)), "word for word", id="quoted from the wrong note"),
    ],
)
def test_claim_that_falls(claim, reason):
    assert reason in examine(claim, VAULT)


def count(number: int, *ids: str, lang: str = "en", kind: TallyKind = TallyKind.NOTES) -> Claim:
    words = words_for(lang)
    text = words.notes(number) if kind is TallyKind.NOTES else words.source_count(number)
    return Claim(f"{text}.", ids, tallies=(Tally(text, kind, ids),))


@pytest.mark.parametrize("lang", LANGUAGES)
def test_counts_are_counted_again(lang):
    assert examine(count(2, S, P, lang=lang), VAULT) == ""
    assert "counted again" in examine(count(3, S, P, lang=lang), VAULT)
    assert "counted again" in examine(count(3, S, P, P, lang=lang), VAULT), "a note counts once"
    assert examine(
        count(2, S, P, R, lang=lang, kind=TallyKind.SOURCES), VAULT
    ) == "comes out otherwise when counted again: " + (words_for(lang).source_count(2))
    assert examine(count(3, S, P, R, lang=lang, kind=TallyKind.SOURCES), VAULT) == ""


def test_a_count_without_its_tally_is_an_invented_number():
    assert "stands in none" in examine(Claim("2 notes.", (S, P)), VAULT)


@pytest.mark.parametrize(
    "tally",
    [
        pytest.param(Tally("2%", TallyKind.NOTES, (S, P)), id="a percentage behind a count"),
        pytest.param(Tally("2", TallyKind.NOTES, (S, P)), id="a bare number"),
        pytest.param(Tally("2 notes", TallyKind.NOTES, (S, R)), id="counts a note that the sentence does not name"),
        pytest.param(Tally("18 February 2026", TallyKind.DAY, ()), id="a day of nothing"),
        pytest.param(Tally("19 February 2026", TallyKind.DAY, (S,)), id="a day of another"),
        pytest.param(Tally("a week", TallyKind.SPAN, (S, P)), id="a span without ends"),
        pytest.param(Tally("week 9 of 2026", TallyKind.WEEK, (S, P), end=DAY), id="another week"),
        pytest.param(
            Tally("week 7 of 2026", TallyKind.WEEK, (S, P), end=date(2026, 2, 12)),
            id="a week before the notes were made",
        ),
        pytest.param(Tally("week 8 of 2026", TallyKind.WEEK, (S, P)), id="a week without an end"),
        pytest.param(
            Tally("14 February 2026 to 19 February 2026", TallyKind.SPAN, (S, P), date(2026, 2, 14), date(2026, 2, 19)),
            id="a span that leaves notes out",
        ),
    ],
)
def test_a_tally_is_no_loophole(tally):
    assert "counted again" in examine(Claim(f"{tally.text} here", (S, P), tallies=(tally,)), VAULT)


def test_a_tally_must_stand_in_its_sentence():
    claim = Claim("Some notes.", (S, P), tallies=(Tally("2 notes", TallyKind.NOTES, (S, P)),))
    assert "does not hold" in examine(claim, VAULT)


def test_a_tally_excuses_only_its_own_words():
    claim = Claim("2 notes, 2% better.", (S, P), tallies=(Tally("2 notes", TallyKind.NOTES, (S, P)),))
    assert "stands in none" in examine(claim, VAULT)


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("kind", ["day", "span", "week"])
def test_dates_of_the_notes_stand(lang, kind):
    words = words_for(lang)
    tally = {
        "day": Tally(words.day(DAY), TallyKind.DAY, (S, P)),
        "span": Tally(words.span(date(2026, 2, 14), DAY), TallyKind.SPAN, (S, P), date(2026, 2, 14), DAY),
        "week": Tally(words.week(DAY), TallyKind.WEEK, (S, P, GRPO.id), end=DAY),
    }[kind]
    assert examine(Claim(f"{tally.text}:", (S, P, GRPO.id), tallies=(tally,)), VAULT) == ""


def test_check_sorts_the_claims_of_a_post():
    good, bad = Claim(RESULT, (S,), (RESULT,)), Claim("SkillRL reaches 12%.", (S,))
    post = Post(
        id="post-x",
        kind=PostKind.DAILY,
        date=DAY,
        title="x",
        lang="en",
        path="x.md",
        note_ids=(S,),
        claims=(good, bad),
        text="",
    )
    report = check(post, VAULT)
    assert report.kept == (good,)
    assert [claim for claim, _ in report.dropped] == [bad]
    assert check(replace(post, claims=()), VAULT).dropped == ()


def test_a_claim_over_thousands_of_notes_splits_only_those_that_may_bear_it(monkeypatch):
    """The number or quote is looked for first: splitting every note of a month took seconds a claim."""
    from publish.checking import checker

    notes = {f"n{at}": replace(GRPO if at else SKILLRL, id=f"n{at}") for at in range(2000)}
    text = words_for("en").notes(len(notes))
    tally = Tally(text, TallyKind.NOTES, tuple(notes))
    calls: list[str] = []
    checker._sentences.cache_clear()
    split = checker.sentences.split
    monkeypatch.setattr(checker.sentences, "split", lambda given: calls.append(given) or split(given))
    assert examine(Claim(f"{text}.", tuple(notes), tallies=(tally,)), notes) == ""
    assert calls == []
    assert examine(Claim(f"“{RESULT}”", tuple(notes), (RESULT,)), notes) == ""
    assert len(calls) == 1
