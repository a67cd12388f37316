"""``Suggestions.md``: offers, and the answers read back."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from notes.markup import markdown, obsidian
from notes.pages import suggestions_page
from notes.pages.page_words import words_for
from notes.pages.suggestions_page import LinkOffer, TagOffer, answers, render, short_id, tag_of

DAY = date(2026, 2, 20)
EN = words_for("en")
LINK = LinkOffer(
    "link:mine→20260220-001-a", ("mine/Agents", "My agents"), ("20260220-001-a", "A [1]"), "shared terms: x", 0.9
)
TAG = TagOffer("tag:世界模型", "世界模型", (("a", "A"), ("b", "B")), "2 notes are about it")


def page(*links: LinkOffer, tags: tuple[TagOffer, ...] = (), existing: str = "", **more) -> str:
    return render(links, tags, day=DAY, words=EN, existing=existing, **more)


def test_page() -> None:
    assert page(LINK, tags=(TAG,)) == (
        "# Suggestions\n\nAs of 2026-02-20, 1 link, 1 tag to take or to decline.\n"
        "Tick `[x]` to take an offer, write `[-]` to decline it for good, leave `[ ]` to think about it.\n"
        "The next run adds the links that you took to the end of each note's list of related notes and changes nothing "
        "else there; lines of your own stay below.\n\n"
        "## My agents · 1 link\n\n"
        f"- [ ] [[mine/Agents|My agents]] → [[20260220-001-a|A (1)]] — shared terms: x ^{short_id(LINK.id)}\n\n"
        "## New tags · 1 tag\n\n"
        "- [ ] **世界模型**: [[a|A]], [[b|B]] — 2 notes are about it ^tag-x-e4b896e7958ce6a8a1e59e8b\n"
    )


def test_nothing_to_offer() -> None:
    assert "there is nothing to offer" in page()


def test_more_than_the_page_holds() -> None:
    assert "300 links to take or to decline; the closest 1 stand here" in page(LINK, total=300)


def test_the_line_of_a_note_is_the_link_and_why() -> None:
    assert LINK.line(EN) == "[[20260220-001-a|A (1)]] — shared terms: x"
    assert LINK.line(words_for("zh-Hans")) == "[[20260220-001-a|A (1)]] — 共有词：x"


@pytest.mark.parametrize(("mark", "taken"), [("x", True), ("X", True), ("-", False)])
def test_answers(mark: str, taken: bool) -> None:
    ticked = page(LINK, tags=(TAG,)).replace("- [ ]", f"- [{mark}]")
    assert answers(ticked) == {short_id(LINK.id): taken, short_id(TAG.id): taken}
    assert answers(page(LINK)) == {}


def test_what_could_not_be_carried_out_stays_ticked() -> None:
    ticked = page(LINK).replace("- [ ]", "- [x]")
    assert page(LINK, existing=ticked) == ticked
    assert "- [ ]" in page(LINK, existing=page(LINK).replace("- [ ]", "- [-]"))


@given(
    st.one_of(
        st.text(min_size=1, max_size=20).filter(obsidian.is_tag),
        st.sampled_from(["x", "x-a", "a-b", "x-", "-a", "a--b", "A", "a/b"]),
    )
)
def test_a_tag_is_known_by_its_block_id(name: str) -> None:
    offer = TagOffer(f"tag:{name}", name, (), "")
    short = short_id(offer.id)
    assert tag_of(short) == name
    assert answers(f"- [x] y ^{short}") == {short: True}


@pytest.mark.parametrize("name", ["link-0123456789", "tag-x-zz", "tag-x-ff", "item-1"])
def test_what_is_no_tag(name: str) -> None:
    assert tag_of(name) == ""


FORGED = ["A\n- [x] b ^{id}", "x ^{id}", "]] ^{id} [[", "[x] ^{id} %%", "{{title}} <% x %> `= 1` #tag"]


@pytest.mark.parametrize("text", FORGED)
def test_no_title_or_reason_can_answer_or_act(text: str) -> None:
    forged = text.replace("{id}", short_id(LINK.id))
    offer = LinkOffer("link:z", ("z", forged), ("y", forged), forged)
    tag = TagOffer("tag:t", forged, (("w", forged),), forged)
    made = page(offer, tags=(tag,))
    assert answers(made) == {}
    assert set(answers(made.replace("- [ ]", "- [x]"))) == {short_id(offer.id), "tag-t"}
    assert set(markdown.wikilinks(made)) == {"z", "y", "w"}
    assert not markdown.inline_tags(made)
    assert (
        not set("%{<`")
        & set(made.replace("`[x]`", "").replace("`[-]`", "").replace("`[ ]`", "").replace("< %", "")) - {"{", "%", "<"}
        or "<%" not in made
    )


def test_without_the_door_a_reason_could_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(suggestions_page.inert, "to_markdown", lambda text, **_: text)
    forged = LinkOffer("link:z", ("z", "Z"), ("y", "Y"), FORGED[0].replace("{id}", short_id(LINK.id)) + "\n")
    assert answers(page(forged)), "the positive control: it ticks another offer"
