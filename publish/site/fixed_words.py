"""Every fixed word of the site, in English, simplified and traditional Chinese."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from notes.model import Role
from publish.wording.words import words_for

__all__ = ["SiteWords", "site_words_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteWords:
    """The words of one language; ``lang`` is ``en``, ``zh-Hans`` or ``zh-Hant``.

    Forms with ``{n}`` are filled by the methods.
    """

    lang: str
    skip: str
    home: str
    posts: str
    trends: str
    notes: str
    topics: str
    tags: str
    feed: str
    post: str
    trend: str
    note: str
    latest_posts: str
    latest_notes: str
    all_posts: str
    all_trends: str
    all_notes: str
    all_topics: str
    past_topics: str
    all_tags: str
    empty: str
    contents: str
    newer: str
    older: str
    read_original: str
    excerpt: str
    published: str
    key_figures: str
    related: str
    sources: str
    told_in: str
    table: str
    not_found: str
    not_found_text: str
    made_with: str
    roles: dict[str, str]
    count_one: str
    count_many: str
    newest_form: str
    comma: str

    def day(self, day: date) -> str:
        """A day as the posts write it."""
        return words_for(self.lang).day(day)

    def month(self, day: date) -> str:
        """The month of a day, with its year, as the posts write it."""
        return words_for(self.lang).month(day)

    def count(self, number: int) -> str:
        """``number`` articles (posts and notes alike)."""
        return (self.count_one if number == 1 else self.count_many).format(n=f"{number:,}")

    def newest(self, shown: int, number: int) -> str:
        """That a list shows the newest ``shown`` of ``number``."""
        return self.newest_form.format(shown=f"{shown:,}", n=f"{number:,}")


_EN = SiteWords(
    lang="en",
    skip="Skip to the text",
    home="Home",
    posts="Posts",
    trends="Trends",
    notes="Notes",
    topics="Topics",
    tags="Tags",
    feed="Feed",
    post="Daily post",
    trend="Trends",
    note="Note",
    latest_posts="Earlier",
    latest_notes="New notes",
    all_posts="All posts",
    all_trends="All trend reports",
    all_notes="All notes",
    all_topics="All topics",
    past_topics="Topics that have ended",
    all_tags="All tags",
    empty="Nothing has been published yet.",
    contents="On this page",
    newer="Newer",
    older="Older",
    read_original="Read the original",
    excerpt="This is an excerpt from a reading note. The full text is with its publisher.",
    published="Published",
    key_figures="Key figures",
    related="Related notes",
    sources="Sources",
    told_in="Mentioned in",
    table="Table, scrolls sideways",
    not_found="Page not found",
    not_found_text="There is no page at this address. It may have been renamed or taken down.",
    made_with="Made with Slipway",
    roles={role.value: role.value.capitalize() for role in Role},
    count_one="{n} article",
    count_many="{n} articles",
    newest_form="The newest {shown} of {n}.",
    comma=", ",
)
_HANS = SiteWords(
    lang="zh-Hans",
    skip="跳到正文",
    home="首页",
    posts="文章",
    trends="趋势",
    notes="笔记",
    topics="主题",
    tags="标签",
    feed="订阅",
    post="每日文章",
    trend="趋势综述",
    note="笔记",
    latest_posts="往期文章",
    latest_notes="新笔记",
    all_posts="全部文章",
    all_trends="全部趋势综述",
    all_notes="全部笔记",
    all_topics="全部主题",
    past_topics="已结束的主题",
    all_tags="全部标签",
    empty="还没有发布任何内容。",
    contents="本页目录",
    newer="较新",
    older="较早",
    read_original="阅读原文",
    excerpt="本页是阅读笔记的摘录，全文请到原处阅读。",
    published="发表于",
    key_figures="关键数字",
    related="相关笔记",
    sources="来源",
    told_in="提及本文的文章",
    table="表格，可左右滚动",
    not_found="找不到页面",
    not_found_text="这个地址没有页面，可能已经改名或撤下。",
    made_with="由 Slipway 生成",
    roles={"problem": "问题", "approach": "方法", "result": "结果", "limitation": "局限", "context": "背景"},
    count_one="{n} 篇",
    count_many="{n} 篇",
    newest_form="共 {n} 篇，这里列出最新的 {shown} 篇。",
    comma="、",
)
_HANT = SiteWords(
    lang="zh-Hant",
    skip="跳到正文",
    home="首頁",
    posts="文章",
    trends="趨勢",
    notes="筆記",
    topics="主題",
    tags="標籤",
    feed="訂閱",
    post="每日文章",
    trend="趨勢綜述",
    note="筆記",
    latest_posts="往期文章",
    latest_notes="新筆記",
    all_posts="全部文章",
    all_trends="全部趨勢綜述",
    all_notes="全部筆記",
    all_topics="全部主題",
    past_topics="已結束的主題",
    all_tags="全部標籤",
    empty="還沒有發布任何內容。",
    contents="本頁目錄",
    newer="較新",
    older="較早",
    read_original="閱讀原文",
    excerpt="本頁是閱讀筆記的摘錄，全文請到原處閱讀。",
    published="發表於",
    key_figures="關鍵數字",
    related="相關筆記",
    sources="來源",
    told_in="提及本文的文章",
    table="表格，可左右捲動",
    not_found="找不到頁面",
    not_found_text="這個地址沒有頁面，可能已經改名或撤下。",
    made_with="由 Slipway 產生",
    roles={"problem": "問題", "approach": "方法", "result": "結果", "limitation": "局限", "context": "背景"},
    count_one="{n} 篇",
    count_many="{n} 篇",
    newest_form="共 {n} 篇，這裏列出最新的 {shown} 篇。",
    comma="、",
)
_TRADITIONAL = ("hant", "tw", "hk", "mo")


def site_words_for(lang: str) -> SiteWords:
    """The words for a language tag: Chinese by script or region, anything else English."""
    subtags = lang.lower().replace("_", "-").split("-")
    if subtags[0] != "zh":
        return _EN
    return _HANT if any(subtag in _TRADITIONAL for subtag in subtags) else _HANS
