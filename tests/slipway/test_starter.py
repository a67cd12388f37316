"""``slipway init``: a vault of its own, or one that is there already; languages by the names that people give them."""

from __future__ import annotations

import errno
import tomllib
from pathlib import Path

import pytest

from notes.errors import UsageError
from notes.text.fold import to_simplified
from slipway import starter
from slipway.config import load_config
from slipway.starter import make_starter, starter_config
from tests.slipway.houses import House


def _vault(folder: Path) -> Path:
    (folder / ".obsidian").mkdir(parents=True)
    (folder / ".obsidian" / "app.json").write_text('{"promptDelete": false}')
    (folder / "Home.md").write_text("我的首頁")
    return folder


def test_a_vault_that_is_there_keeps_its_files_and_settings(tmp_path: Path) -> None:
    vault = _vault(tmp_path / '我的 "庫"')
    made = make_starter(tmp_path / "house", language="zh-Hant", zone="Asia/Taipei", vault=vault)
    assert load_config(tmp_path / "house" / "slipway.toml").vault == vault
    assert (vault / "Home.md").read_text() == "我的首頁"
    assert [path.name for path in (vault / ".obsidian").iterdir()] == ["app.json"]
    assert (vault / ".obsidian" / "app.json").read_text() == '{"promptDelete": false}'
    assert (vault / "Notes.base") in made
    assert not (tmp_path / "house" / "vault").exists()


def test_whatever_a_vault_is_called_the_configuration_names_it(tmp_path: Path) -> None:
    vault = tmp_path / 'a\nb\x7f"\\@TIMEZONE@\u2028'
    make_starter(tmp_path / "house", language="en", zone="UTC", vault=vault)
    assert load_config(tmp_path / "house" / "slipway.toml").vault == vault


def test_a_vault_whose_name_is_no_text_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no name"):
        make_starter(tmp_path / "house", language="en", zone="UTC", vault=tmp_path / "\udcff")
    assert not (tmp_path / "house").exists()


@pytest.mark.parametrize("named", ["circle", "~nobody-has-this-name/vault"])
def test_a_vault_that_leads_nowhere_is_no_crash(tmp_path: Path, named: str) -> None:
    (tmp_path / "circle").symlink_to("circle")
    done = House(tmp_path).run("init", "house", "--vault", named, "--timezone", "UTC", code=2)
    assert "Traceback" not in done.stderr
    assert "another folder" in done.stderr


def test_where_the_vault_takes_nothing_another_can_be_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    closed, create = tmp_path / "closed", starter.create_file

    def refusing(place: Path, raw: bytes) -> None:
        if place.is_relative_to(closed):
            raise OSError(errno.EROFS, "Read-only file system")
        create(place, raw)

    monkeypatch.setattr(starter, "create_file", refusing)
    with pytest.raises(UsageError, match="cannot be written"):
        make_starter(tmp_path / "house", language="en", zone="UTC", vault=closed)
    make_starter(tmp_path / "house", language="en", zone="UTC", vault=tmp_path / "open")
    assert load_config(tmp_path / "house" / "slipway.toml").vault == tmp_path / "open"


def test_a_new_vault_in_another_place_is_made_whole(tmp_path: Path) -> None:
    make_starter(tmp_path / "house", language="en", zone="UTC", vault=tmp_path / "new")
    assert (tmp_path / "new" / ".obsidian" / "app.json").is_file()


@pytest.mark.parametrize("inside", ["", "deep/er"], ids=["the vault itself", "a folder in it"])
def test_no_house_is_made_in_a_vault(tmp_path: Path, inside: str) -> None:
    vault = _vault(tmp_path / "v")
    with pytest.raises(UsageError, match="is an Obsidian vault already") as caught:
        make_starter(vault / inside, language="en", zone="UTC")
    assert f"--vault {vault}" in caught.value.hint
    assert not (vault / "slipway.toml").exists()
    with pytest.raises(UsageError):
        make_starter(tmp_path / "plain", language="en", zone="UTC", vault=tmp_path / "plain")


def test_the_interests_are_in_the_script_of_the_house() -> None:
    names = {
        lang: [one["name"] for one in tomllib.loads(starter_config(language=lang, zone="UTC"))["interests"]]
        for lang in ("en", "zh-Hans", "zh-Hant")
    }
    assert names["en"] == names["zh-Hans"]
    assert names["zh-Hant"] != names["zh-Hans"]
    assert [to_simplified(name) for name in names["zh-Hant"]] == names["zh-Hans"]


@pytest.mark.parametrize(
    ("said", "meant"),
    [("zh-TW", "zh-Hant"), ("zh_HK.UTF-8", "zh-Hant"), ("繁體", "zh-Hant"), ("zh-cn", "zh-Hans"), ("EN", "en")],
)
def test_a_language_goes_by_what_it_is_called(tmp_path: Path, said: str, meant: str) -> None:
    house = House(tmp_path)
    house.run("init", "--language", said, "--timezone", "UTC")
    assert f'language = "{meant}"' in (tmp_path / "slipway.toml").read_text()


@pytest.mark.parametrize("said", ["zh", "中文"])
def test_chinese_without_a_script_is_asked_for_one(said: str, tmp_path: Path) -> None:
    done = House(tmp_path).run("init", "--language", said, code=2)
    assert "one of two scripts" in done.stderr
    assert "zh-Hant" in done.stderr
