"""Titles as they are compared: without markup and the site's dressing, and with what tells two of a series apart.

"[Paper] Diffusion models | Example Lab" and "Diffusion models" are one title where Example Lab is the site; "Weekly
links 12" and "Weekly links 13", "Part I" and "Part II", "2024 in review" and "2025 in review" are two, however alike,
and so are "X" and "Correction: X".
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property

from notes.text.fold import fold

__all__ = ["Agreement", "Title", "tokens"]

MAX_TOKENS = 60
MAX_CHARACTERS = 600
LEAST_WEIGHT, TELLING_WEIGHT, SERIES_WEIGHT = 2.0, 4.0, 6.0  # words; a Chinese character counts for half of one
_HAN = "\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af"
_TOKEN = re.compile(rf"[{_HAN}]|(?:(?![{_HAN}])[^\W_])+")
_ASCII_TOKENS = bytes(byte if chr(byte) in "0123456789abcdefghijklmnopqrstuvwxyz" else 32 for byte in range(256))
_APOSTROPHES = str.maketrans("", "", "'’")
_IS_HAN = re.compile(f"[{_HAN}]")
_BETWEEN_HAN = re.compile(f"(?<=[{_HAN}]) (?=[{_HAN}])")
# TeX in titles: arXiv writes $\text{R}^2$ec where others write R^2ec or R2ec.
_TEX_STYLE = re.compile(
    r"\\?\b(?:text(?:it|bf|tt|sc|rm|sf|normal|superscript|subscript)?|math(?:bf|bb|cal|frak|it|rm|sf|tt|scr)"
    r"|boldsymbol|operatorname|emph|bm)(?=\s*\{)|\\(?:bf|it|rm|tt|sf|sc|em)\b|\\[,;:! ]"
)
_TEX_MARK = re.compile(r"[${}^\\_]")
_TEX = re.compile(r"[$\\^{]")

# What a reader, an aggregator or a site puts before and after a title.
_LABEL = (
    r"(?:(?:show|ask|tell|launch) hn|paper|papers|new paper|video|podcast|news|blog|blog post|article|link|update|updated"
    r"|pdf|slides|code|preprint|open access|fwd?|rt @\w+|via|read|watch"
    r"|论文|新闻|视频|播客|博客|文章|转载|转|译|翻译|译文|分享|更新|推荐|资讯|快讯|原创|独家|重磅)"
)
# Only words that say nothing of the work: before "[Retracted]" and "[Berlin]" stand other works.
_FLAIR = rf"(?:{_LABEL}|[rdpn]|discussion|research|project)"  # the last as Reddit's readers write them
_PREFIX = re.compile(rf"\s*(?:[\[【「〖<(（]\s*{_FLAIR}\s*[\]】」〗>)）]\s*|{_LABEL}\s*[:：|]\s*)")
_BRACKETED_SUFFIX = re.compile(r"\s*[\[【(（](?:pdf|video|audio|paper|slides|code|(?:19|20)\d\d)[\]】)）]\s*$")
_SITE_SUFFIX = re.compile(
    r"(?:\s+[|·•»–—-]\s+|\s*(?:[|｜»]|::|——)\s*|(?<=[\u3400-\u9fff])\s*[_-]\s*)([^|｜·•»–—]{2,40})$"
)
_OF_SITES = frozenset("the www blog blogs news rss feed com org net".split())
_MAY_BRACKET, _MAY_SUFFIX = frozenset("]】)）"), re.compile("[|·•»–—｜:_-]")  # without which the two need no search
_PART_WORDS = frozenset(
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen"
    " eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred"
    " first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth last final"
    " i ii iii iv v vi vii viii ix x xi xii xiii xiv xv xvi xvii xviii xix xx"
    " b c d e f g h j k l m n o p q r s t u w y z"
    " am pm afternoon noon not no"
    " pro lite mini max plus ultra nano turbo small medium large xl senior junior east west north south"
    " january february march april may june july august september october november december"
    " jan feb mar apr jun jul aug sep sept oct nov dec"
    " monday tuesday wednesday thursday friday saturday sunday"
    " spring summer autumn fall winter alpha beta gamma preview rc"
    " morning evening".split()
)
# Under such a title something else appears each week; two sites may well use it on the same day.
_SERIES = re.compile(
    r"\b(?:weekly|daily|monthly|nightly|yearly|links|round-?up|digest|newsletters?|bulletin|open thread|issue|episode|ep"
    r"|this (?:week|month)|change ?log|release notes|released?|what'?s new|reading list|recap|week in review"
    r"|year in review|no longer maintained|hiring|jobs?|webinar|office hours|untitled)\b"
    r"|周刊|周报|日报|月报|早报|晚报|周记|月记|月刊|期刊|双周|每日|每周|每月|一周(?:热点|精选|回顾|新闻|资讯|要闻|观察)|本周|今日|年终|年度|更新日志|发布说明|招聘|直播"
)
# One of these is in each of them that is in English.
_OF_SERIES = frozenset(
    "weekly daily monthly nightly yearly links round roundup digest newsletter newsletters bulletin open issue episode ep"
    " this change changelog release released whats reading recap week year no hiring job jobs webinar office untitled".split()
)
_VERSION = re.compile(r"v\d+")
_PART_HAN = frozenset("〇零一二两三四五六七八九十百千上中下前后甲乙丙丁戊己庚辛壬癸春夏秋冬早晚")
_APART_HAN = _PART_HAN | frozenset("男女东西南北左右壹贰叁肆伍陆柒捌玖拾未不")  # too frequent in names of sites
# What speaks about a work is another work.
_ABOUT = re.compile(
    r"(?<![a-z])(?:corrections?|corrigend(?:um|a)|errat(?:um|a)|retract(?:ed|ions?)|(?:book )?reviews?|comment(?:s|ary)?"
    r"|reply|replies|response|rebuttal|re|why|thoughts|opinion|explained)(?![a-z])|解读|更正|勘误|订正|撤稿|撤回|书评|评论|述评|短评|点评|回应|答复|辟谣"
)
# Alone these make no title of a work: any project may have released the same version.
_RELEASE_WORDS = frozenset(
    "v ver version release releases released initial new latest stable nightly build notes changelog change log update"
    " updates patch hotfix pre dev bug fixes fix bugfix maintenance the a and of is".split()
) | frozenset("版本发布更新日志说明首个初次正式第期号修复")


def tokens(text: str) -> list[str]:
    """The words of a folded text; each Chinese character is a word of its own."""
    if text.isascii():
        return text.encode().translate(_ASCII_TOKENS, b"'").decode().split()
    return _TOKEN.findall(text.translate(_APOSTROPHES))


def _without_tex(title: str) -> str:
    if not _TEX.search(title):
        return title
    return _TEX_MARK.sub("", _TEX_STYLE.sub("", title))


@dataclass(frozen=True, slots=True)
class Agreement:
    """``share`` is that of common words in [0, 1]; ``parted`` says that others number parts, issues or versions."""

    share: float
    one_holds_the_other: bool
    parted: bool


@dataclass(frozen=True)
class Title:
    """A title's words; ``front`` and ``back`` say how many at either end are no part of the title proper."""

    words: tuple[str, ...]
    front: int = 0
    back: int = 0
    is_series: bool = False

    @classmethod
    def of(cls, title: str, sites: Iterable[str] = ()) -> Title:
        """The title as it is written; ``sites`` are names of the site, its host for one, which it may end with."""
        folded = fold(_without_tex(title[:MAX_CHARACTERS]))
        words = tuple(tokens(folded)[:MAX_TOKENS])
        front, rest = _dressed_front(folded)
        back = _dressed_back(rest, sites)
        is_series = _is_series(folded, words)
        if _weight(words[front : len(words) - back]) < LEAST_WEIGHT:
            return cls(words, is_series=is_series)
        return cls(words, front, back, is_series)

    @cached_property
    def whole(self) -> str:
        """All of it without blanks: ``Model Citizens`` and ``ModelCitizens`` are one."""
        return "".join(self.words)

    @cached_property
    def core(self) -> tuple[str, ...]:
        """The words of the title proper."""
        return self.words[self.front : len(self.words) - self.back]

    @cached_property
    def forms(self) -> frozenset[str]:
        """Whole, and without what stands before, after or around it."""
        if not (self.front or self.back):
            return frozenset({self.whole}) - {""}
        end = len(self.words) - self.back
        parts = (self.words, self.words[self.front :], self.words[:end], self.words[self.front : end])
        return frozenset("".join(part) for part in parts) - {""}

    @property
    def is_telling(self) -> bool:
        """Whether hardly two works bear it: no series, and four words or eight Chinese characters of its own."""
        return not self.is_series and _weight(self.core) >= TELLING_WEIGHT

    @property
    def is_name(self) -> bool:
        """Whether it is worth a look what else bears it: two words or four Chinese characters, more for a series."""
        return _weight(self.core) >= (SERIES_WEIGHT if self.is_series else LEAST_WEIGHT)

    @cached_property
    def is_bare(self) -> bool:
        """Whether it says no more than a number, a date or that there is a release."""
        return bool(self.core) and all(_tells_parts(word) or word in _RELEASE_WORDS for word in self.core)

    @cached_property
    def about(self) -> frozenset[str]:
        """The words by which it speaks about another work: a correction, a reply, a review."""
        return frozenset(_ABOUT.findall(_spaced(self.words)))

    def is_same(self, other: Title) -> bool:
        """Whether one is the other, with or without what a site puts around it."""
        if not self.words or not other.words:
            return False
        return self.whole == other.whole or self.whole in other.forms or other.whole in self.forms

    def agreement(self, other: Title) -> Agreement:
        """How far two titles that are not the same agree; symmetric."""
        ours, theirs = Counter(self.core), Counter(other.core)
        only_ours, only_theirs = ours - theirs, theirs - ours
        share = 2 * (ours & theirs).total() / max(1, ours.total() + theirs.total())
        parts = any(map(_tells_apart, only_ours)), any(map(_tells_apart, only_theirs))
        # A number in one of two unlike titles tells nothing: "Five things about GPT-5". A version always does.
        is_next = any(map(_VERSION.fullmatch, only_ours + only_theirs))
        parted = is_next or self.about != other.about or (any(parts) if share >= 0.5 else all(parts))
        return Agreement(share, not (only_ours and only_theirs), parted)

    def only(self, other: Title) -> tuple[str, ...]:
        """The words of the title proper that the other one lacks."""
        return tuple(Counter(self.core) - Counter(other.core))


def _is_series(folded: str, words: tuple[str, ...]) -> bool:
    # An apostrophe parts two words for the pattern and none for us; and of a long title not all words are there.
    may_be = "'" in folded or not folded.isascii() or len(words) == MAX_TOKENS or not _OF_SERIES.isdisjoint(words)
    return may_be and _SERIES.search(folded) is not None


def _dressed_front(folded: str) -> tuple[int, str]:
    """How many words of labels stand before the title, and the rest."""
    rest = folded
    while found := _PREFIX.match(rest):
        rest = rest[found.end() :]
    return len(tokens(folded[: len(folded) - len(rest)])) if rest is not folded else 0, rest


def _dressed_back(rest: str, sites: Iterable[str]) -> int:
    """How many words at the end name the site or the medium; never those that tell parts of a series apart."""
    end = len(rest)
    if rest.rstrip()[-1:] in _MAY_BRACKET and (found := _BRACKETED_SUFFIX.search(rest)):
        end = found.start()
    may_end = _MAY_SUFFIX.search(rest, 0, end)
    if may_end and (found := _SITE_SUFFIX.search(rest[:end])) and _is_site(found[1], sites):
        end = found.start()
    return len(tokens(rest[end:])) if end < len(rest) else 0


def _is_site(suffix: str, sites: Iterable[str]) -> bool:
    """Whether the words after a title name the site, not a part of its subject: "State of AI - Asia"."""
    words = tokens(suffix)
    if any(map(_tells_parts, words)) or _ABOUT.search(_spaced(words)):
        return False
    name = "".join(word for word in words if word not in _OF_SITES)
    return len(name) > 1 and any(_resemble(name, known) for site in sites for known in _site_names(site))


def _site_names(site: str) -> Iterator[str]:
    """What a site's title or host may be called: whole, and each label of a host."""
    words = [word for word in tokens(fold(site)) if word not in _OF_SITES]
    yield "".join(words)
    if "." in site and " " not in site:
        yield from (label for label in site.casefold().split(".")[:-1] if label not in _OF_SITES)


def _resemble(name: str, known: str) -> bool:
    shorter, longer = sorted((name, known), key=len)
    return shorter in longer and 2 * len(shorter) >= len(longer)


def _spaced(words: Iterable[str]) -> str:
    """The words with blanks between them, Chinese characters without."""
    return _BETWEEN_HAN.sub("", " ".join(words))


def _weight(words: tuple[str, ...]) -> float:
    return len(words) if "".join(words).isascii() else sum(0.5 if _IS_HAN.match(word) else 1.0 for word in words)


def _tells_apart(word: str) -> bool:
    return word in _APART_HAN or _tells_parts(word)


def _tells_parts(word: str) -> bool:
    return word in _PART_WORDS or word in _PART_HAN or any(character.isdigit() for character in word)
