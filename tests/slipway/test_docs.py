"""The documentation keeps step: every command, setting and page that exists is documented, and every link leads somewhere."""

from __future__ import annotations

import re
import tomllib
from dataclasses import fields

import pytest

from slipway import config
from slipway.cli.group import COMMANDS
from tests.slipway.houses import ROOT

PAGES = [
    ROOT / "README.md",
    ROOT / "CHANGELOG.md",
    *sorted((ROOT / "docs").glob("*.md")),
    ROOT / "examples" / "README.md",
]


def test_every_command_is_in_the_readme_or_the_guide():
    text = "\n".join(page.read_text() for page in PAGES)
    assert [name for name in COMMANDS if f"slipway {name}" not in text] == []


@pytest.mark.parametrize(
    "settings",
    [
        config.ModelChoice,
        config.FetchSettings,
        config.PromoteSettings,
        config.WriteSettings,
        config.SiteConfig,
        config.SourceConfig,
    ],
    ids=lambda kind: kind.__name__,
)
def test_every_setting_is_documented(settings):
    text = (ROOT / "docs" / "configuration.md").read_text()
    assert [one.name for one in fields(settings) if f"`{one.name}`" not in text] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_between_pages_leads_somewhere(page):
    targets = re.findall(r"\]\((?!https?:)([^)#]+)", page.read_text())
    assert [target for target in targets if not (page.parent / target).exists()] == []


def test_the_readme_names_what_make_knows():
    makefile = (ROOT / "Makefile").read_text()
    for word in re.findall(r"^make (\w+)", (ROOT / "README.md").read_text(), re.MULTILINE):
        assert re.search(rf"^{word}:", makefile, re.MULTILINE), word


def test_everything_needed_is_locked():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    locked = {line.partition("==")[0] for line in (ROOT / "requirements.lock").read_text().splitlines() if "==" in line}
    wanted = [*project["dependencies"], *project["optional-dependencies"]["dev"]]
    names = {re.match(r"[A-Za-z0-9_.-]+", need).group().lower().replace("_", "-") for need in wanted}
    assert names - {name.lower().replace("_", "-") for name in locked} == set()
    assert all(re.search(r">=\d", need) for need in project["dependencies"])
