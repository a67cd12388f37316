"""Names of authors as feeds and notes write them, taken apart as bibliographies want them: family, given, suffix.

What cannot be told apart safely (a team, a handle, a name of one word) stays whole, as a literal.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from notes.text.fold import to_simplified
from notes.text.slug import slugify
from notes.text.visible import one_line

__all__ = ["Name", "ascii_word", "family_key", "parse_name", "parse_names"]

_MAX_LENGTH: Final = 200
_LONGEST_KEY: Final = 24
_ET_AL: Final = re.compile(r"(?:(?:\A|[\s,]+)(?:et\.?\s+al\.?|and others|others)|\s*等人?)\Z", re.IGNORECASE)
_SUFFIX: Final = re.compile(r"(?:Jr|Sr)\.?|II|III|IV", re.IGNORECASE)
_PARTICLES: Final = frozenset(
    "von van der den de del della di da dal dos das du do la le les el al bin ibn ben ter ten zu zur af av y".split()
)
# The words by which a team calls itself one; AI in capitals only, since Ai is a family name.
_TEAM: Final = re.compile(
    r"\b(?:(?i:teams?|group|collaboration|consortium|labs?|laborator(?:y|ies)|universit\w+|institut\w*|foundation|research"
    r"|inc|ltd|llc|gmbh|corp(?:oration)?|company|project|community|contributors|authors|editors|editorial|staff|news|blog|network"
    r"|association|agency|cent(?:er|re)|committee|department|newsletter|podcast|society|school|academy)|AI)\b"
)
_HAN_NAME: Final = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]{2,4}")
_HANGUL_NAME: Final = re.compile(r"[\uac00-\ud7a3]{2,4}")
_COMPOUND: Final = frozenset(
    "欧阳 司马 上官 诸葛 东方 皇甫 尉迟 公孙 慕容 令狐 长孙 宇文 司徒 司空 夏侯 端木 轩辕 南宫 西门 申屠 鲜于".split()
    + "闻人 呼延 太史 澹台 完颜 拓跋 赫连 万俟".split()
)
# What the characters read as in a family name, where the common reading is another.
_READINGS: Final = {
    "单": "shan", "解": "xie", "仇": "qiu", "区": "ou", "盖": "ge", "翟": "zhai", "朴": "piao", "乐": "yue", "缪": "miao",
    "曾": "zeng", "查": "zha", "种": "chong", "召": "shao", "折": "she", "黑": "he", "秘": "bi", "逄": "pang",
    "万俟": "moqi", "尉迟": "yuchi", "澹台": "tantai", "长孙": "zhangsun",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Name:
    """An author. ``literal`` says that ``family`` holds the whole name, which is not to be taken apart."""

    family: str
    given: str = ""
    suffix: str = ""
    literal: bool = False


def parse_names(texts: Iterable[str]) -> tuple[tuple[Name, ...], bool]:
    """The authors of a note's property in their order, and whether there were more (``et al.``).

    A text may hold one author or several; wikilinks are read as what they show.
    """
    parts = [part for text in texts for part in _several(_plain(text))]
    named = [_ET_AL.sub("", part) for part in parts]
    names = map(parse_name, filter(None, named))
    return tuple(dict.fromkeys(name for name in names if name.family)), named != parts


def _plain(text: str) -> str:
    shown = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]|]*)\]\]", r"\1", one_line(text[:_MAX_LENGTH]))
    return re.sub(r"\s*[(（][^()（）]*[)）]\s*", " ", shown).strip() or shown


def _several(text: str) -> Iterator[str]:
    """The names in a text that may be a list; ``Doe, Jane`` is one name, and so is a team with ``and`` in it."""
    if _TEAM.search(text):
        yield text
        return
    for part in re.split(r"\s*[;；、]\s*|\s+and\s+|\s+&\s+", text):
        commas = re.split(r"\s*[,，]\s*", part)
        is_list = len(commas) > 1 and all(" " in one or _HAN_NAME.fullmatch(one) for one in commas)
        yield from filter(None, commas if is_list else [part.strip()])


def parse_name(text: str) -> Name:
    """One name taken apart: Chinese and Korean by the family name in front, others by the last word or the comma."""
    text = one_line(text)
    if _TEAM.search(text) or re.search(r"[\d@/{}\\]", text):
        return Name(text, literal=True)
    if _HAN_NAME.fullmatch(text) or _HANGUL_NAME.fullmatch(text):
        cut = 2 if to_simplified(text[:2]) in _COMPOUND and len(text) > 2 else 1
        return Name(text[:cut], text[cut:])
    if re.fullmatch(r"[\u3400-\u9fff\uac00-\ud7a3]{1,3} [\u3400-\u9fff\uac00-\ud7a3]{1,3}", text):
        family, given = text.split()
        return Name(family, given)
    if text.count(",") in (1, 2):
        return _inverted(text)
    return _western(text.split())


def _inverted(text: str) -> Name:
    """``Family, Given``, ``Family, Jr., Given`` or ``Given Family, Jr.``."""
    parts = [part.strip() for part in text.split(",")]
    if len(parts) == 2 and _SUFFIX.fullmatch(parts[1]):
        name = _western(parts[0].split())
        return Name(name.family, name.given, parts[1])
    if not all(parts):
        return Name(" ".join(filter(None, parts)), literal=True)
    suffix = parts[1] if len(parts) == 3 else ""
    return Name(parts[0], parts[-1], suffix)


def _western(words: list[str]) -> Name:
    suffix = words.pop() if len(words) > 2 and _SUFFIX.fullmatch(words[-1]) else ""
    if len(words) < 2 or not any(char.isalpha() for char in words[-1]):
        return Name(" ".join([*words, suffix]).strip(), literal=True)
    # A particle in lower case opens the family name: Jan van der Berg.
    last = len(words) - 1
    start = next((place for place in range(1, last) if words[place] in _PARTICLES), last)
    return Name(" ".join(words[start:]), " ".join(words[:start]), suffix)


def family_key(name: Name) -> str:
    """The family name, or the team's, as lower-case ASCII letters and digits: Chinese by the reading of the surname."""
    han = to_simplified(name.family)
    return _READINGS.get(han) or ascii_word(_without_particles(name), _LONGEST_KEY)


def _without_particles(name: Name) -> str:
    words = name.family.split()
    kept = [word for word in words if word not in _PARTICLES] or words
    return " ".join(kept[:2] if name.literal else kept)


def ascii_word(text: str, most: int) -> str:
    """``text`` as at most ``most`` lower-case ASCII letters and digits, as its slug has them; empty when it has none."""
    slug = slugify(text, most)
    # What a slug is of nothing: an id needs one, a key does not.
    return "" if slug == "note" and "note" not in text.casefold() else slug.replace("-", "")
