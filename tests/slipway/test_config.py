"""slipway.toml: every fault at once, each with its place; found from the working folder upwards."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from notes.clock import SystemClock
from notes.errors import ConfigError, VaultError
from slipway.app import App
from slipway.cli import main
from slipway.config import find_config, load_config, parse_config
from slipway.console import Console
from slipway.stages.fetch import spec_of
from slipway.starter import starter_config


def faults(text: str) -> tuple[str, ...]:
    with pytest.raises(ConfigError) as caught:
        parse_config(tomllib.loads(text), Path("/x/slipway.toml"))
    return caught.value.faults


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("vualt = 'v'", "vualt: unknown key; did you mean 'vault'?"),
        ("[promote]\nbudgt = 3", "promote.budgt: unknown key; did you mean 'budget'?"),
        ("[promote]\nthreshold = 2", "promote.threshold: 2 is not between 0 and 1"),
        ("[promote]\nper_topc = 3", "promote.per_topc: unknown key; did you mean 'per_topic'?"),
        ("[promote]\nexplore = 0.7", "promote.explore: 0.7 is not between 0 and 0.5"),
        ("[promote]\nlibrary = 3", "promote.library: must be a list of strings, not 3"),
        (
            "[promote]\nlibrary = ['~nobody-has-this-name/a.bib']",
            "promote.library: '~nobody-has-this-name/a.bib' is no path that can be",
        ),
        ("[tags]\nsynonym = {}", "tags.synonym: unknown key; did you mean 'synonyms'?"),
        (
            "[tags]\nsynonyms = { llms = 1 }",
            "tags.synonyms: must be a table of strings, [tags.synonyms], not {'llms': 1}",
        ),
        (
            "[tags]\nsynonyms = { llms = 'large models' }",
            "tags.synonyms.llms: 'large models' is no tag of Obsidian's; letters, digits, - _ and / only",
        ),
        ("[promote]\nbudget = 2.5", "promote.budget: must be a whole number, not 2.5"),
        ("[promote]\nbudget = true", "promote.budget: must be a whole number, not True"),
        (
            "timezone = 'Mars/Olympus'",
            "timezone: 'Mars/Olympus' is no IANA time zone; write for example 'Asia/Hong_Kong'",
        ),
        ("night = '25:00'", "night: must be a time such as '03:00', not '25:00'"),
        ("language = 'zh-hans'", "language: 'zh-hans' is none of en, zh-Hans, zh-Hant; did you mean 'zh-Hans'?"),
        ("vault = 3", "vault: must be a string, not 3"),
        ("site = 'x'", "site: must be a table, [site], not 'x'"),
        ("[site]\nurl = 'example.org'", "site.url: must be an absolute http or https address, not 'example.org'"),
        ("sources = 3", "sources: must be tables, [[sources]], not 3"),
        ("[[sources]]\nkey = 'a'", "sources[a].url: missing; a source of kind 'rss' needs it"),
        ("[[sources]]\nkey = 'a'\nkind = 'file'", "sources[a].path: missing; a source of kind 'file' needs it"),
        ("[[sources]]\nurl = 'https://e.org/f'", "sources[1].key: missing; it has no default"),
        (
            "[[sources]]\nkey = 'a'\nurl = 'https://e.org/f'\ntags = 'x'",
            "sources[a].tags: must be a list of strings, not 'x'",
        ),
        (
            "[[sources]]\nkey = 'a'\nurl = 'https://e.org/f'\nallow = ['localhost']",
            "sources[a].allow: 'localhost' does not appear to be an IPv4 or IPv6 network; "
            "give a range such as 192.168.1.0/24, or one of loopback, private, fake-ip",
        ),
        ("[[interests]]\ntext = 'x'", "interests[1].name: missing; it has no default"),
    ],
)
def test_each_fault_names_its_place_and_remedy(text, fault):
    assert faults(text) == (fault,)


FEED = "[[sources]]\nkey = 'a'\nurl = 'https://e.org/f'\n"
PAPERS = "[[sources]]\nkey = 'a'\nkind = 'arxiv'\n"
SEARCH = "[[sources]]\nkey = 'a'\nkind = 'websearch'\nurl = 'https://e.org/search'\n"


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (PAPERS, "sources[a]: a source of kind 'arxiv' needs either query or categories"),
        (
            PAPERS + "query = 'cat:cs.CL'\ncategories = ['cs.CL']",
            "sources[a]: a source of kind 'arxiv' needs either query or categories",
        ),
        (
            PAPERS + "categories = ['cs CL']",
            "sources[a].categories: 'cs CL' is not a category of arXiv, such as 'cs.CL'",
        ),
        (
            PAPERS + "categories = ['cs.CL']\nannounce = ['newest']",
            "sources[a].announce: 'newest' is none of new, cross, replace, replace-cross",
        ),
        (SEARCH, "sources[a].queries: missing; a source of kind 'websearch' needs it"),
        (
            SEARCH + "queries = ['x']\napi = 'searx'",
            "sources[a].api: 'searx' is none of searxng, openai; did you mean 'searxng'?",
        ),
        (
            FEED + "categories = ['cs.CL']",
            "sources[a].categories: belongs to sources of kind arxiv, not rss",
        ),
        (
            PAPERS + "query = 'x'\nfull_text = true",
            "sources[a].full_text: belongs to sources of kind rss or websearch, not arxiv",
        ),
        (FEED + "full_text = 'yes'", "sources[a].full_text: must be true or false, not 'yes'"),
        (FEED + "interval_hours = -1", "sources[a].interval_hours: -1 is not between 0 and 744"),
        ("[fetch]\ninterval_hours = 1000", "fetch.interval_hours: 1000 is not between 0 and 744"),
        (
            "[fetch]\nproxy = 'environ'",
            "fetch.proxy: no address of an HTTP proxy; give http://host:port or https://host:port",
        ),
    ],
)
def test_a_kind_is_held_to_its_own_keys(text, fault):
    assert faults(text) == (fault,)


def test_a_secret_in_the_place_of_its_name_is_not_repeated():
    (fault,) = faults(SEARCH + "queries = ['x']\napi_key_env = 'sk-123-secret'")
    assert "api_key_env" in fault
    assert "secret" not in fault


def test_a_source_has_its_own_interval_or_that_of_all():
    text = FEED + FEED.replace("'a'", "'b'") + "interval_hours = 0.5\n[fetch]\ninterval_hours = 6\n"
    config = parse_config(tomllib.loads(text), Path("/x/slipway.toml"))
    assert [source.interval_hours for source in config.sources] == [None, 0.5]
    assert [spec_of(source, config.fetch).interval_s for source in config.sources] == [6 * 3600, 1800]


DATABASE = "database: must be sqlite:///PATH or postgresql://user@host/name"
ADDRESS = "site.url: must be an absolute http or https address, not "


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (r'vault = "a\u0000b"', "vault: must be a string without NUL, not 'a\\x00b'"),
        ("vault = '~nouser/x'", "vault: must be a path that can be, not '~nouser/x'"),
        (
            "[[sources]]\nkey = 'a'\nkind = 'file'\npath = '~nouser/x'",
            "sources[a].path: must be a path that can be, not '~nouser/x'",
        ),
        ("[site]\nurl = 'http://[::1'", f"{ADDRESS}'http://[::1'"),
        ("[site]\nurl = 'https://e.org:99999/'", f"{ADDRESS}'https://e.org:99999/'"),
        ("[site]\nurl = 'https://e.org:port/'", f"{ADDRESS}'https://e.org:port/'"),
        ("[site]\nurl = 'https://e.org:0/'", f"{ADDRESS}'https://e.org:0/'"),
        ("[site]\nurl = 'https://:80/'", f"{ADDRESS}'https://:80/'"),
        (
            "[[sources]]\nkey = 'a'\nurl = 'http://[::1'",
            "sources[a].url: must be an absolute http or https address, not 'http://[::1'",
        ),
        ("database = 'nonsense'", DATABASE),
        ("database = ''", DATABASE),
        ("database = 'mysql://me:secret@host/x'", DATABASE),
        ("database = 'sqlite://'", DATABASE),
        ("database = 'sqlite:///'", DATABASE),
        ("database = 'postgresql://'", DATABASE),
        ("[model]\nname = ''", "model.name: must be a name such as 'bundled', not ''"),
        ("[model]\nname = '  '", "model.name: must be a name such as 'bundled', not '  '"),
        (r"[model]" + "\n" + r'languages = ["\u0000"]', "model.languages: must be a list of strings, not ['\\x00']"),
        ("[model]\nprecision = 'half'", "model.precision: 'half' is none of auto, full"),
        ("[model]\nprecison = 'full'", "model.precison: unknown key; did you mean 'precision'?"),
        ("[model]\nreembed_minutes = -1", "model.reembed_minutes: -1 is not between 0 and 1440"),
        ("[model]\nreembed_minutes = 1.5", "model.reembed_minutes: must be a whole number, not 1.5"),
        ("[model]\nreranker = ['x']", "model.reranker: must be a string, not ['x']"),
        ("site_dir = 'vault'", "site_dir: /x/vault and the vault /x/vault must lie side by side, neither in the other"),
        (
            "vault = '.'",
            "site_dir: /x/site and the vault /x must lie side by side, neither in the other",
        ),
        (
            "vault = 'www/notes'\nsite_dir = 'www'",
            "site_dir: /x/www and the vault /x/www/notes must lie side by side, neither in the other",
        ),
        (f"night.{'.'.join('a' * 2_000)} = 1", "night: must be a string, not {'a': {'a': {...}}}"),
        (f"promote.budget = 0x{'f' * 5_000}", "promote.budget: such a int is not between 0 and 10000"),
        ("sources = [{key = {a = 1}}]", "sources[1].key: must be a string, not {'a': 1}"),
    ],
    ids=lambda value: ascii(value)[:40],
)
def test_what_the_machine_would_choke_on_is_a_fault(tmp_path, monkeypatch, capsys, text, fault):
    assert fault in faults(text)
    (tmp_path / "slipway.toml").write_text(text)
    assert_told(tmp_path, monkeypatch, capsys, fault.split(":")[0])


def assert_told(folder, monkeypatch, capsys, words):
    """``doctor`` and ``run`` say the words and leave with the code of a wrong configuration."""
    monkeypatch.chdir(folder)
    for command in ("doctor", "run"):
        with pytest.raises(SystemExit) as left:
            main([command])
        assert left.value.code == 2
        captured = capsys.readouterr()
        assert words in captured.out + captured.err


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (f"x = {'[' * 2_000}{']' * 2_000}", "nested too deeply"),
        (f"[promote]\nbudget = {'9' * 5_000}", "not valid TOML"),
    ],
    ids=["deep", "long"],
)
def test_what_toml_itself_chokes_on_is_a_fault(tmp_path, monkeypatch, capsys, text, told):
    (tmp_path / "slipway.toml").write_text(text)
    with pytest.raises(ConfigError, match=told) as caught:
        load_config(tmp_path / "slipway.toml")
    assert caught.value.hint
    assert_told(tmp_path, monkeypatch, capsys, told)


@pytest.mark.parametrize(
    "address",
    ["sqlite:///x.db", "sqlite:////var/x.db", "postgres://h/x", "postgresql://u:p[@h/x", "postgresql+psycopg://h/x"],
)
def test_databases_that_can_be(address):
    assert parse_config({"database": address}, Path("/x/slipway.toml")).database == address


@pytest.mark.parametrize("state", ["vault/.slipway", "site/.slipway", "."])
def test_the_state_may_lie_anywhere(state):
    assert parse_config({"state": state}, Path("/x/slipway.toml")).state == Path("/x", state)


@pytest.mark.parametrize("key", ["vault", "state"])
@pytest.mark.parametrize("place", ["taken", "taken/below"])
def test_a_folder_that_cannot_be_made_is_told(tmp_path, key, place):
    (tmp_path / "taken").write_text("mine")
    config = parse_config({key: place}, tmp_path / "slipway.toml")
    with App(config, SystemClock(config.zone), Console(quiet=True)) as app:
        for opened in {"vault": ["vault"], "state": ["store", "cache"]}[key]:
            with pytest.raises(VaultError if key == "vault" else ConfigError, match="taken") as told:
                getattr(app, opened)
            assert key in told.value.hint
    assert (tmp_path / "taken").read_text() == "mine"


def test_all_faults_come_at_once():
    assert (
        len(
            faults(
                "vualt = 1\nnight = 'x'\n[promote]\nbudget = -1\n[[sources]]\nkey='a'\nkind='arxv'\nurl='https://e.org'"
            )
        )
        == 4
    )


def test_two_sources_of_one_key():
    text = "[[sources]]\nkey='a'\nurl='https://e.org/1'\n[[sources]]\nkey='a'\nurl='https://e.org/2'"
    assert faults(text) == ("sources: two sources have the key 'a'",)


def test_paths_are_relative_to_the_file(tmp_path):
    config = parse_config({"vault": "../v", "state": "s"}, tmp_path / "sub" / "slipway.toml")
    assert config.vault == (tmp_path / "v").resolve()
    assert config.database == f"sqlite:///{(tmp_path / 'sub' / 's').resolve() / 'slipway.db'}"
    assert config.cache == config.state / "cache"
    assert config.lock.parent == config.state


def test_languages_of_post_and_synthesis_follow_the_language():
    write = parse_config({"language": "zh-Hant"}, Path("/x/slipway.toml")).write
    assert (write.language, write.post_language, write.synthesis_language) == ("zh-Hant",) * 3


def test_found_upwards_named_or_by_environment(tmp_path):
    (tmp_path / "slipway.toml").write_text("")
    deep = tmp_path / "a" / "b"
    deep.mkdir(parents=True)
    assert find_config(None, cwd=deep, environ={}) == tmp_path / "slipway.toml"
    other = tmp_path / "other.toml"
    other.write_text("")
    assert find_config(None, cwd=deep, environ={"SLIPWAY_CONFIG": str(other)}) == other
    assert find_config(str(other), cwd=deep, environ={"SLIPWAY_CONFIG": "no"}) == other
    for missing in ("missing.toml", "~nouser/slipway.toml", "x" * 5_000, "a\0b"):
        with pytest.raises(ConfigError, match="no such configuration file"):
            find_config(missing, cwd=deep, environ={})


def test_none_found(tmp_path):
    with pytest.raises(ConfigError) as caught:
        find_config(None, cwd=tmp_path, environ={})
    assert "slipway init" in caught.value.hint


@pytest.mark.parametrize(
    ("raw", "message"),
    [(b"vault = ", "not valid TOML"), (b"\xff\xfe", "cannot be read")],
    ids=["broken", "no text"],
)
def test_unreadable_files(tmp_path, raw, message):
    path = tmp_path / "slipway.toml"
    path.write_bytes(raw)
    with pytest.raises(ConfigError, match=message):
        load_config(path)


def test_a_byte_order_mark_is_no_fault(tmp_path):
    path = tmp_path / "slipway.toml"
    path.write_bytes(b"\xef\xbb\xbfvault = 'v'")
    assert load_config(path).vault == tmp_path / "v"


def test_the_starter_configuration_is_valid(tmp_path):
    raw = tomllib.loads(starter_config(language="zh-Hant", zone="Asia/Hong_Kong"))
    config = parse_config(raw, tmp_path / "slipway.toml")
    assert config.write.post_language == "zh-Hant"
    assert config.zone.key == "Asia/Hong_Kong"
    assert len(config.sources) >= 10


def test_what_promotion_and_tags_are_told():
    text = """
    [promote]
    per_topic = 3
    explore = 0.2
    library = ["papers.bib", "/abs/zotero.json"]
    [tags.synonyms]
    "LLMs" = "llm"
    "大模型" = "llm"
    """
    config = parse_config(tomllib.loads(text), Path("/x/slipway.toml"))
    assert (config.promote.per_topic, config.promote.explore) == (3, 0.2)
    assert config.promote.library == (Path("/x/papers.bib"), Path("/abs/zotero.json"))
    assert config.tags.synonyms == {"LLMs": "llm", "大模型": "llm"}
    plain = parse_config({}, Path("/x/slipway.toml"))
    assert (plain.promote.per_topic, plain.promote.explore, plain.promote.library) == (10, 0.15, ())
    assert plain.tags.synonyms == {}


def test_a_single_library_needs_no_brackets(tmp_path):
    path = tmp_path / "slipway.toml"
    path.write_text('[promote]\nlibrary = "/abs/papers.bib"\n', encoding="utf-8")
    assert load_config(path).promote.library == (Path("/abs/papers.bib"),)


def test_what_the_model_is_told():
    text = "[model]\nprecision = 'full'\nreembed_minutes = 0\nreranker = ' a/b '"
    model = parse_config(tomllib.loads(text), Path("/x/slipway.toml")).model
    assert (model.precision, model.reembed_minutes, model.reranker) == ("full", 0, "a/b")
    plain = parse_config({}, Path("/x/slipway.toml")).model
    assert (plain.precision, plain.reembed_minutes, plain.reranker) == ("auto", 60, "")


def test_what_the_starter_offers_in_comments_is_valid():
    """A key that a user uncomments must be one that is read."""
    text = starter_config(language="en", zone="UTC")
    offered = re.sub(r"(?m)^# (\w+ = |\[\w+\]$)", r"\1", text).replace('name = "bundled"', "", 1)
    config = parse_config(tomllib.loads(offered), Path("/x/slipway.toml"))
    assert config.model.reranker
    assert config.writer.endpoint
    assert not parse_config(tomllib.loads(text), Path("/x/slipway.toml")).writer.endpoint
