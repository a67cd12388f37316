"""The option that names one of the languages that Slipway writes."""

from __future__ import annotations

import click

from slipway.settings.values import LANGUAGES

__all__ = ["LanguageName"]

_SPELLINGS = {lang.casefold(): lang for lang in LANGUAGES} | {
    "english": "en",
    "zh-cn": "zh-Hans",
    "zh-sg": "zh-Hans",
    "简体": "zh-Hans",
    "簡體": "zh-Hans",
    "zh-tw": "zh-Hant",
    "zh-hk": "zh-Hant",
    "zh-mo": "zh-Hant",
    "繁體": "zh-Hant",
    "繁体": "zh-Hant",
    "正體": "zh-Hant",
}

_NO_SCRIPT = ("zh", "chinese", "中文", "汉语", "漢語")


class LanguageName(click.Choice[str]):
    """One of the languages that Slipway writes; what a locale or a reader calls it (``zh_TW``, 繁體) will do."""

    def __init__(self) -> None:
        super().__init__(LANGUAGES)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> str:
        """The language as ``slipway.toml`` spells it; bare ``zh`` is refused, since it names no script."""
        said = str(value).partition(".")[0].replace("_", "-")
        if said.casefold() in _NO_SCRIPT:
            self.fail("Chinese is written in one of two scripts: zh-Hans (简体) or zh-Hant (繁體)", param, ctx)
        return super().convert(_SPELLINGS.get(said.casefold(), said), param, ctx)
