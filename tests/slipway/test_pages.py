"""The vault's pages over nights: suggestions taken and declined, Today, changes of language, names that are not Slipway's."""

from __future__ import annotations

import json
import re
import shutil
from datetime import UTC, date, datetime
from pathlib import Path
from types import SimpleNamespace

import pytest
from click.testing import CliRunner

from notes.clock import FixedClock
from notes.errors import UsageError
from notes.markup import insertion, obsidian
from notes.model import Item, ItemStatus, Slip, SourceType, Topic, VaultNote
from notes.pages import suggestions_page, topic_page
from notes.pages.reading_list import open_tasks
from notes.pages.suggestions_page import LinkOffer, short_id
from notes.topics import TopicChange, TopicEvent
from slipway.app import App
from slipway.cli.group import slipway
from slipway.config import load_config
from slipway.console import Console
from slipway.desk import Sheet
from slipway.explaining import explain
from slipway.finding import find_note
from slipway.relating import related
from slipway.stages import pages
from slipway.stages.fetch import fetch
from slipway.stages.promote import promote
from slipway.stages.starter_pages import lay_starter_pages
from slipway.stages.sync import INBOX, sync
from slipway.stages.today import lay_today
from slipway.stages.write import write
from slipway.starter import worded_files
from slipway.suggesting import SUGGESTIONS, Suggestion, _is_told_by_the_other, answer_by_id, suggestions
from tests.slipway.houses import WORKS, House

PAGES = ("Inbox.md", "Suggestions.md", "Today.md")


def opened(house: House, day: str = "2026-02-20") -> App:
    config = load_config(house.root / "slipway.toml")
    return App(config, FixedClock(date.fromisoformat(day), config.zone), Console(quiet=True))


def night(house: House, day: str = "2026-02-20") -> list[str]:
    """A night up to the posts, in this process; returns what it warned of."""
    with opened(house, day) as app:
        stages = (fetch(app), promote(app), write(app))
    return [warning for stage in stages for warning in stage.warnings]


@pytest.fixture(scope="module")
def lived_in(tmp_path_factory) -> House:
    """A house after one night in which the user then wrote a note of their own, and edited one of Slipway's."""
    house = House.build(tmp_path_factory.mktemp("house"))
    night(house)
    mine = house.vault / "mine" / "技能.md"
    mine.parent.mkdir()
    mine.write_bytes(
        "\ufeff---\r\ntags: [skills]\r\n---\r\n# Skills of agents\r\n\r\nAgents learn skills by reinforcement learning "
        "and keep a memory of skills on long tasks.\r\n\r\n## 相关\r\n\r\n* [[nowhere]]\r\n\r\n## Log\r\n\r\nx\r\n".encode()
    )
    note = house.note("memory-for-long")
    note.write_text(note.read_text().replace("## Related", "## Gone").replace("[[2026", "[2026") + "\nmy own words\n")
    night(house)
    return house


@pytest.fixture
def house(lived_in, tmp_path) -> House:
    copy = tmp_path / "house"
    shutil.copytree(lived_in.root, copy)
    return House(copy)


def offers(house: House) -> dict[str, str]:
    """The lines of the suggestions page, by block id."""
    found = re.findall(r"(?m)^- \[ \] (.*) \^(link-\w+)$", (house.vault / "Suggestions.md").read_text())
    return {name: text for text, name in found}


def tick(house: House, name: str, mark: str) -> None:
    page = house.vault / "Suggestions.md"
    page.write_text(re.sub(rf"(?m)^- \[ \](.*\^{name})$", rf"- [{mark}]\1", page.read_text()))


def suggest(house: House, *args: str, fails: bool = False) -> str:
    """``slipway suggest`` in this process; its output."""
    done = CliRunner().invoke(
        slipway, ["--config", str(house.root / "slipway.toml"), "--date", "2026-02-20", "suggest", *args]
    )
    assert fails == isinstance(done.exception, UsageError | SystemExit), done.output
    return done.stdout


def in_vault(house: House) -> dict[str, bytes]:
    return {str(path.relative_to(house.vault)): path.read_bytes() for path in house.vault.rglob("*.md")}


def mine(house: House) -> Path:
    return house.vault / "mine" / "技能.md"


def of_mine(house: House) -> str:
    return next(name for name, text in offers(house).items() if text.startswith("[[技能"))


def test_what_is_offered_stands_on_the_page_by_note(house):
    page = (house.vault / "Suggestions.md").read_text()
    assert "## Skills of agents · " in page
    assert offers(house)
    listed = json.loads(suggest(house, "--json"))["suggestions"]
    assert {one["id"] for one in listed} == offers(house).keys()
    assert set(offers(house)) <= set(re.findall(r"link-\w+", suggest(house)))


def test_a_tick_inserts_the_link_and_changes_no_other_byte(house):
    name, before = of_mine(house), mine(house).read_bytes()
    line = re.search(r"→ (.*)", offers(house)[name])[1]
    tick(house, name, "x")
    night(house)
    after = mine(house).read_bytes()
    added = f"\r\n* {line}".encode()
    assert after == before.replace(b"* [[nowhere]]", b"* [[nowhere]]" + added)
    assert name not in offers(house)
    night(house)
    assert mine(house).read_bytes() == after
    night(house, "2026-02-21")
    assert mine(house).read_bytes() == after, "the note stays the user's"


def test_a_declined_link_never_comes_back(house):
    name, before = of_mine(house), mine(house).read_bytes()
    tick(house, name, "-")
    night(house)
    house.write_feed([*WORKS, ("More skills", "https://blog.example.org/more", "Agents learn skills and memory.")])
    night(house, "2026-02-21")
    assert name not in offers(house)
    assert name not in suggest(house)
    assert mine(house).read_bytes() == before


def test_apply_and_dismiss_by_id(house):
    first, *rest = offers(house)
    files = in_vault(house)
    done = json.loads(suggest(house, "--json", "--apply", first))
    changed = {name for name, raw in in_vault(house).items() if files.get(name) != raw}
    assert done["links"] == 1
    assert len(done["changed"]) == 1
    assert changed == set(done["changed"])
    suggest(house, "--dismiss", *rest)
    assert json.loads(suggest(house, "--json"))["suggestions"] == []


@pytest.mark.parametrize(
    "args",
    [("--apply", "link-0000000000"), ("more",), ("--apply", "link-1", "--dismiss", "link-1"), ("--apply", "link-")],
    ids=" ".join,
)
def test_what_is_not_clear_is_refused(house, args):
    before = in_vault(house)
    suggest(house, *args, fails=True)
    assert in_vault(house) == before


@pytest.mark.parametrize("when", ["before", "while"])
def test_a_note_that_changes_meanwhile_is_not_written(house, when, monkeypatch):
    """The user edits the note after the vault was read: before the link is placed, or just before it is written."""
    app = opened(house)
    name, text = of_mine(house), "my newest words\n"
    place = insertion.place
    with app:
        reading = sync(app)
        if when == "before":
            mine(house).write_text(text)
        else:
            monkeypatch.setattr(
                insertion, "place", lambda *args, **more: (mine(house).write_text(text), place(*args, **more))[1]
            )
        with pytest.raises(Exception, match="changed this moment"):
            answer_by_id(app, reading.files, reading.desk, {name: True})
        assert mine(house).read_text() == text
        assert any(one.id == name for one in suggestions(app, reading.files, reading.desk)), "it is still offered"


def test_without_the_comparison_it_would_be_lost(house, monkeypatch):
    """The positive control."""
    from notes.files import vault

    app, text = opened(house), "my newest words\n"
    place = insertion.place
    with app:
        reading = sync(app)
        monkeypatch.setattr(
            insertion, "place", lambda *args, **more: (mine(house).write_text(text), place(*args, **more))[1]
        )
        monkeypatch.setattr(
            type(reading.desk),
            "amend",
            lambda self, path, made, expected_sha: (
                house.vault.joinpath(path).write_text(made),
                vault.ReplaceOutcome.REPLACED,
            )[1],
        )
        answer_by_id(app, reading.files, reading.desk, {of_mine(house): True})
    assert mine(house).read_text() != text


def test_a_note_that_can_take_no_link_says_so_and_the_tick_stays(house):
    mine(house).write_text(
        "# Skills of agents\n\nAgents learn skills by reinforcement learning, with memory.\n\n```\nnever closed\n"
    )
    night(house)
    name, before = of_mine(house), mine(house).read_bytes()
    tick(house, name, "x")
    assert any("no safe place for a link" in warning for warning in night(house))
    assert mine(house).read_bytes() == before
    assert re.search(rf"(?m)^- \[x\] .*\^{name}$", (house.vault / "Suggestions.md").read_text())


@pytest.mark.parametrize(("mark", "verdict"), [("x", "accepted"), ("-", "declined")])
def test_the_word_on_a_tag_is_kept(house, mark, verdict):
    page = house.vault / "Suggestions.md"
    page.write_text(
        page.read_text() + f"- [{mark}] **skills of agents** ^tag-skills\n- [{mark}] **技能** ^{short_id('tag:技能')}\n"
    )
    with opened(house) as app:
        app.store.remember_laid(SUGGESTIONS, suggestions_page.record(page.read_text()))
    night(house)
    with opened(house) as app:
        told = app.store.offers()
    assert told == {"tag:skills": verdict, "tag:技能": verdict}
    assert "^tag-" not in page.read_text()


@pytest.mark.parametrize("folder", ["templates", "Templates"])
def test_a_template_is_no_note(house, folder):
    shutil.copytree(Path(__file__).resolve().parents[2] / "vault" / "templates", house.vault / folder)
    form = house.vault / folder / "Skills.md"
    form.write_text(
        "# {{title}}\n\nAgents learn skills by reinforcement learning and keep a memory of skills on long tasks.\n"
    )
    before = in_vault(house)
    night(house)
    assert in_vault(house) == before
    with opened(house) as app:
        assert not any(folder in link.src or folder in link.dst or "Skills" in link.dst for link in app.store.links())


def test_lines_of_the_users_own_on_the_suggestions_page_stay(house):
    page = house.vault / "Suggestions.md"
    page.write_text(page.read_text() + "\n## Mine\n\n- [ ] ask Ann\n")
    night(house, "2026-02-21")
    assert page.read_text().endswith("\n## Mine\n\n- [ ] ask Ann\n")


def test_a_change_of_language_leaves_one_page(house):
    config = house.root / "slipway.toml"
    config.write_text(config.read_text().replace('language = "en"', 'language = "zh-Hans"'))
    night(house)
    for name in PAGES:
        text = (house.vault / name).read_text()
        assert "As of" not in text, name
        assert "2026年2月20日" in text, name
    assert (house.vault / "Inbox.md").read_text().startswith("# 收件箱")
    before = in_vault(house)
    night(house)
    assert in_vault(house) == before


def make_bilingual(house: House) -> None:
    """A starter vault in English, of which the user has edited one page and deleted another; a topic that lives no more."""
    for name, text in worded_files("en").items():
        (house.vault / name).write_text(text, encoding="utf-8")
    (house.vault / "Posts.base").write_text("views: []\n", encoding="utf-8")
    (house.vault / "Notes.base").unlink()
    with opened(house) as app:
        for name in ("ended", "edited"):
            day = {"first_seen": date(2026, 1, 1), "last_seen": date(2026, 1, 2)}
            topic = Topic(id=name, name=name, terms=("skills",), note_ids=(), medoid="", **day)
            sync(app).desk.lay([Sheet(f"topic-{name}", f"topics/{name}.md", topic_page.render(topic, {}) + NOTES)])
    page = house.vault / "topics" / "edited.md"
    page.write_text(page.read_text() + "my own line\n")


NOTES = "\n## Notes\n\n1. [[gone]] — Notes\n"


def test_a_change_of_language_renews_what_nobody_touched_and_nothing_else(house):
    make_bilingual(house)
    edited = {name: (house.vault / name).read_bytes() for name in ("Posts.base", "topics/edited.md")}
    config = house.root / "slipway.toml"
    config.write_text(config.read_text().replace('language = "en"', 'language = "zh-Hans"'))
    night(house)
    wanted = worded_files("zh-Hans")
    for name in ("Home.md", "Inbox.base", "Topics.base"):
        assert (house.vault / name).read_text() == wanted[name]
    assert {name: (house.vault / name).read_bytes() for name in edited} == edited
    assert not (house.vault / "Notes.base").exists()
    ended = (house.vault / "topics" / "ended.md").read_text()
    assert "**关键词**：skills" in ended
    assert ended.endswith("## 笔记\n\n1. [[gone]] — Notes\n")
    before = in_vault(house)
    night(house)
    assert in_vault(house) == before


def test_the_page_of_a_topic_that_ended_says_so(house):
    make_bilingual(house)
    with opened(house) as app:
        days = {"first_seen": date(2026, 1, 1), "last_seen": date(2026, 1, 3)}
        heir = Topic(id="heir", name="The heir", terms=("skills",), note_ids=(), medoid="", **days)
        sync(app).desk.lay([Sheet("topic-heir", "topics/heir.md", topic_page.render(heir, {}) + NOTES)])
        day = date(2026, 2, 3)
        ends = [TopicEvent(day, name, TopicChange.MERGED, "heir") for name in ("ended", "edited")]
        app.store.replace_topics((), events=[*ends, TopicEvent(day, "heir", TopicChange.ENDED)])
    edited = (house.vault / "topics" / "edited.md").read_bytes()
    night(house)
    ended = (house.vault / "topics" / "ended.md").read_text()
    assert "\nended: 2026-02-03\n---\n" in ended
    assert "\n\nEnded on 2026-02-03; its notes are now in [[topics/heir|The heir]].\n\n" in ended
    assert "\n\nEnded on 2026-02-03.\n\n" in (house.vault / "topics" / "heir.md").read_text()
    assert (house.vault / "topics" / "edited.md").read_bytes() == edited
    before = in_vault(house)
    night(house)
    assert in_vault(house) == before


def test_the_form_itself_is_never_renewed(house, monkeypatch):
    make_bilingual(house)
    config = house.root / "slipway.toml"
    config.write_text(config.read_text().replace('language = "en"', 'language = "zh-Hans"'))
    before = in_vault(house)["Home.md"]
    with opened(house) as app:
        monkeypatch.setattr("slipway.stages.starter_pages.starter_folder", lambda: app.config.vault)
        assert lay_starter_pages(app, sync(app)) == {}
        assert in_vault(house)["Home.md"] == before
        monkeypatch.undo()
        assert set(lay_starter_pages(app, sync(app))) == {"Home.md", "Inbox.base", "Topics.base"}


def test_today_calls_a_topic_as_its_page_does(house):
    config = house.root / "slipway.toml"
    config.write_text(config.read_text().replace('language = "en"', 'language = "zh-Hans"'))
    with opened(house) as app:
        told = [name for name, note in app.store.notes().items() if note.item_id]
        kept = {"terms": (), "medoid": told[0], "first_seen": date(2026, 2, 20), "last_seen": date(2026, 2, 20)}
        names = (("en", "Agent skills"), ("zh-Hans", "智能体的技能"))
        topic = Topic(id="agent-skills", name="Agent skills", note_ids=tuple(told), names=names, **kept)
        app.store.replace_topics([topic])
        lay_today(app, sync(app), {})
    page = (house.vault / "Today.md").read_text()
    assert "[[topics/agent-skills|智能体的技能]]" in page
    assert "Agent skills" not in page


def test_today_does_not_link_to_a_topic_that_is_too_small_for_a_page(house):
    with opened(house) as app:
        told = min(name for name, note in app.store.notes().items() if note.item_id)
        kept = {"terms": (), "medoid": told, "first_seen": date(2026, 2, 20), "last_seen": date(2026, 2, 20)}
        app.store.replace_topics([Topic(id="lone", name="Lone", note_ids=(told,), **kept)])
        lay_today(app, sync(app), {})
    page = (house.vault / "Today.md").read_text()
    assert "- Lone — 1 new, 1 note in all" in page
    assert "topics/lone" not in page


def test_today_tells_the_night(house):
    page = (house.vault / "Today.md").read_text()
    assert "## New notes · 4 notes" in page
    assert "[[posts/2026-02-20|" in page
    assert f"[[Suggestions]]: {len(offers(house))} link" in page
    night(house, "2026-02-21")
    assert "A quiet day: no new notes. The last ones came on 2026-02-20." in (house.vault / "Today.md").read_text()
    house.write_feed([*WORKS, ("More skills", "https://blog.example.org/more", "Agents learn skills and memory.")])
    night(house, "2026-02-22")
    page = (house.vault / "Today.md").read_text()
    assert "More skills" in page
    night(house, "2026-02-21")
    assert (house.vault / "Today.md").read_text() == page, "a day made up for takes nothing back"


def test_obsidian_has_no_complaint(house):
    shutil.copy(Path(__file__).resolve().parents[2] / "vault" / "Home.md", house.vault / "Home.md")
    complaints = [one for one in obsidian.check(in_vault(house)) if "nowhere" not in one and ".base" not in one]
    assert not complaints


@pytest.mark.parametrize("kind", ["own", "dangling", "outside", "folder"])
def test_a_name_that_is_not_slipways_ends_no_night(tmp_path, kind):
    house = House.build(tmp_path / "house")
    pages = [house.vault / name for name in (*PAGES, "Reading list.md")]
    own, outside = "# Mine\n\n- [x] call the dentist\n", tmp_path / "outside.md"
    outside.write_text(own)
    house.vault.mkdir()
    for page in pages:
        if kind == "own":
            page.write_text(own)
        elif kind == "folder":
            page.mkdir()
        else:
            page.symlink_to(tmp_path / "nowhere.md" if kind == "dangling" else outside)
    warned = "\n".join(night(house))
    assert all(f"{page.name} is a page of your own" in warned for page in pages), warned
    assert house.notes()
    for page in pages:
        assert kind != "own" or page.read_text() == own
        assert page.is_dir() == (kind == "folder")
        assert page.is_symlink() == (kind in ("dangling", "outside"))
    assert not (tmp_path / "nowhere.md").exists()
    assert outside.read_text() == own


OWN = [
    "- ask Ann about [[#^item-5]] before Friday",
    "- [[Inbox#^item-1|the bread one]]: bake it",
    "- see [[Suggestions#^link-0123456789]]",
    "- [x] my own task ^tag-buy-milk",
    "- [x] a task of mine ^link-0123456789",
    "text ^tag-todo",
    "As of 2026-02-20, I have read none of these.",
    "## Groceries · 3 items",
    "## Mine · 3 links",
]


@pytest.mark.parametrize("known", [True, False], ids=["laid is known", "by form"])
def test_a_night_keeps_the_users_lines_and_takes_none_for_an_answer(house, known):
    if not known:
        with opened(house) as app, app.store._writing() as connection:
            connection.exec_driver_sql("DELETE FROM meta WHERE name LIKE 'laid:%'")
    for name in ("Inbox.md", "Suggestions.md"):
        page = house.vault / name
        page.write_text(page.read_text() + "\n" + "\n".join(OWN) + "\n")
    for day in ("2026-02-20", "2026-02-21"):
        night(house, day)
        for name in ("Inbox.md", "Suggestions.md"):
            assert (house.vault / name).read_text().endswith("\n\n" + "\n".join(OWN) + "\n")
    with opened(house) as app:
        assert app.store.offers() == {}


def test_what_was_laid_is_remembered_for_some_nights(house):
    with opened(house) as app:
        for number in range(30):
            app.store.remember_laid(INBOX, f"{number:012x}")
            app.store.remember_laid(INBOX, f"{number:012x}")
        assert app.store.laid_pages(INBOX) == tuple(f"{number:012x}" for number in range(16, 30))
        assert app.store.laid_pages("page:none") == ()


def test_words_put_into_a_line_outlive_the_night(house):
    page, name = house.vault / "Suggestions.md", of_mine(house)
    page.write_text(page.read_text().replace(f" ^{name}", f" as Ann said ^{name}"))
    edited = next(line for line in page.read_text().split("\n") if "as Ann said" in line)
    for day in ("2026-02-20", "2026-02-21", "2026-02-22"):
        night(house, day)
        assert page.read_text().count(edited) == 1
        assert page.read_text().count(name) == 2


def test_pages_are_found_by_name(house):
    with opened(house) as app:
        assert [find_note(app, name).path for name in ("Inbox", "today", "Inbox.md")] == [
            "Inbox.md",
            "Today.md",
            "Inbox.md",
        ]
        assert explain(app, "Today")["path"] == "Today.md"
        assert related(app, "Inbox", 5)["results"] == []


def test_a_mark_that_means_nothing_is_warned_of_and_today_tells_the_answers(house):
    page = house.vault / "Inbox.md"
    text = page.read_text()
    if "- [ ] " in text:
        page.write_text(text.replace("- [ ] ", "- [v] ", 1))
        assert "Inbox.md: 1 mark was not understood: [v]; [x] promotes, [-] dismisses" in night(house)
    night(house)
    today = (house.vault / "Today.md").read_text()
    assert re.search(r"^- \d+ of 20 answers until Slipway learns from you$", today, re.MULTILINE)
    tasks = open_tasks((house.vault / "Reading list.md").read_text())
    assert f"[[Reading list]]: {tasks} note" in today
    night(house, "2026-02-21")
    assert f"[[Reading list]]: {tasks} note" in (house.vault / "Today.md").read_text(), "still open the day after"


def test_what_tells_of_a_work_belongs_under_its_interest(house):
    def slip(number, *reasons):
        item = Item(
            key=f"k{number}",
            source="s",
            source_title="S",
            source_type=SourceType.RSS,
            external_id="",
            url="",
            title="T",
        )
        return Slip(
            id=number, item=item, status=ItemStatus.INBOX, first_seen=datetime(2026, 2, 20, tzinfo=UTC), reasons=reasons
        )

    work, post, other = (
        slip(901, "relevance 0.90: interest Agents"),
        slip(902, "relevance 0.81: tells of item-901"),
        slip(903),
    )
    holding = SimpleNamespace(slip=work)
    with opened(house) as app:
        groups = pages._groups(app, SimpleNamespace(inbox={"item-901": holding}, notes={}), [work, post, other])
    assert groups == {901: "Agents", 902: "Agents"}


def test_a_pair_of_the_users_notes_is_offered_once():
    def offer(note, other):
        return Suggestion(note, note, other, LinkOffer(f"link:{note}→{other}", (note, note), (other, other), "", 0.5))

    files = {
        n: VaultNote(id=n, path=n, title=n, sha256="x", size=1, mtime_ns=0, created=d)
        for n, d in (("old", date(2025, 1, 1)), ("new", date(2026, 1, 1)))
    }
    there, back = offer("new", "old"), offer("old", "new")
    found = {("new", "old"): there, ("old", "new"): back}
    assert [_is_told_by_the_other(one, found, files, {}) for one in (there, back)] == [False, True]
    assert not _is_told_by_the_other(back, {("old", "new"): back}, files, {})
    assert _is_told_by_the_other(back, {("old", "new"): back}, files, {"link:new→old": "declined"})


def test_a_topic_page_that_was_moved_is_no_note_of_its_topic(house):
    page = min((house.vault / "topics").glob("*.md"))
    moved = house.vault / "themes" / page.name
    moved.parent.mkdir()
    page.rename(moved)
    night(house)
    after = house.files("vault")
    with opened(house) as app:
        assert all(not name.startswith("topic-") for topic in app.store.topics() for name in topic.note_ids)
    night(house)
    assert house.files("vault") == after
    assert moved.exists()
    assert not page.exists()
