"""The documentation keeps step: every command, setting and page that exists is documented, and every link leads somewhere."""

from __future__ import annotations

import importlib
import re
import tomllib
from dataclasses import fields

import click
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
        config.WriterSettings,
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


def _anchors(page):
    headings = re.findall(r"^#+ (.+)$", page.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_heading_finds_it(page):
    links = re.findall(r"\]\((?!https?:)([^)#]*)#([^)]+)\)", page.read_text())
    assert [
        (path, anchor) for path, anchor in links if anchor not in _anchors(page.parent / path if path else page)
    ] == []


def _shown_commands():
    """Each `slipway NAME …` that a page shows, in a block or a line, with its options."""
    text = "\n".join(page.read_text() for page in PAGES)
    for shown in re.findall(r"(?:^|[`(| ])slipway ([a-z]+ [^`\n#|<>]*)", text, re.MULTILINE):
        name, *words = shown.split()
        if name in COMMANDS:
            yield name, tuple(re.match(r"--[a-z-]+", word)[0] for word in words if re.match(r"--[a-z]", word))


def _options(command):
    """The options of a command and of those below it."""
    own = {name for one in command.params for name in (*one.opts, *one.secondary_opts)} | {"--help"}
    below = command.commands.values() if isinstance(command, click.Group) else ()
    return own.union(*map(_options, below))


@pytest.mark.parametrize("name", sorted(COMMANDS))
def test_every_option_that_is_shown_exists(name):
    module = importlib.import_module(COMMANDS[name][0])
    commands = (one for one in vars(module).values() if isinstance(one, click.Command) and one.name == name)
    known = _options(next(commands)) | {"--config", "--date", "--quiet", "--version"}
    shown = {option for command, options in _shown_commands() if command == name for option in options}
    assert shown - known == set()


def test_every_measurement_has_its_command_in_the_benchmarks():
    text = (ROOT / "docs" / "benchmarks.md").read_text()
    names = re.findall(r'^    "(\w+)",$', (ROOT / "benchmarks" / "__main__.py").read_text(), re.MULTILINE)
    assert "groundedness" in names
    assert [name for name in names if f"python -m benchmarks {name}" not in text] == []


def test_every_package_of_the_index_and_of_publish_is_in_the_design():
    text = (ROOT / "docs" / "design.md").read_text()
    packages = sorted(
        f"{layer}.{place.parent.name}"
        for layer in ("index", "publish")
        for place in (ROOT / layer).glob("*/__init__.py")
    )
    assert "publish.charts" in packages
    assert [name for name in packages if f"`{name}`" not in text] == []


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
