"""Every fixed word of the vault's own pages, in English, simplified and traditional Chinese.

Templates hold places (``{day}``) that are filled with what is safe already. A page may have been written in another
language than today's, so :mod:`notes.pages.page_forms` recognises a line in all of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

__all__ = ["ENGLISH", "EVERY_LANGUAGE", "PageWords", "words_for"]


@dataclass(frozen=True, slots=True, kw_only=True)
class PageWords:
    """The words of one language. Counts come as ``one`` and ``many``, with the place ``{n}``."""

    lang: str
    untitled: str
    comma: str
    semicolon: str
    colon: str
    dash: str
    day_form: str
    span: str
    sentence_end: str
    more: str
    heading_count: str
    others: str
    exploration: str
    today: str
    age: tuple[str, str]
    items: tuple[str, str]
    notes: tuple[str, str]
    links: tuple[str, str]
    tags: tuple[str, str]
    inbox_title: str
    inbox_count: str
    inbox_nothing: str
    inbox_best: str
    inbox_tick: str
    inbox_then: str
    suggestions_title: str
    suggestions_count: str
    suggestions_nothing: str
    suggestions_best: str
    suggestions_tick: str
    suggestions_then: str
    suggestions_tags: str
    reading_title: str
    reading_about: str
    today_title: str
    today_about: str
    today_quiet: str
    today_last: str
    today_posts: str
    today_topics: str
    today_notes: str
    today_waits: str
    today_offers: str
    today_reading: str
    today_of: str
    today_learning: str
    today_learnt: str
    topic: str
    topic_terms: str
    topic_field: str
    topic_asleep: str
    topic_ended: str
    topic_merged: str
    topic_new: str
    topic_notes: str
    topic_timeline: str
    topic_near: str
    related: str

    def day(self, day: date) -> str:
        """A day as this language writes it."""
        return self.day_form.format(y=f"{day.year:04d}", m=day.month, d=day.day, iso=day.isoformat())

    def count(self, forms: tuple[str, str], number: int) -> str:
        """``1 note``, ``2 notes``."""
        return forms[number != 1].format(n=number)

    def days(self, first: date, last: date) -> str:
        """A stretch of days, or the day that it is."""
        return self.day(first) if first == last else self.span.format(start=self.day(first), end=self.day(last))

    def since(self, day: date, today: date) -> str:
        """How old something is; the day itself once that is two months ago, or still to come."""
        days = (today - day).days
        if not 0 <= days <= 60:
            return self.day(day)
        return self.count(self.age, days) if days else self.today

    def heading(self, name: str, counted: str) -> str:
        """A heading of the second level with its count: by this form it is known for Slipway's."""
        return self.heading_count.format(name=name, count=counted)


ENGLISH: Final = PageWords(
    lang="en",
    untitled="Untitled",
    comma=", ",
    semicolon="; ",
    colon=": ",
    dash=" — ",
    day_form="{iso}",
    span="{start} to {end}",
    sentence_end=".",
    more="and {count} more",
    heading_count="## {name} · {count}",
    others="Of no interest that you named",
    exploration="exploration",
    today="today",
    age=("{n} day old", "{n} days old"),
    items=("{n} item", "{n} items"),
    notes=("{n} note", "{n} notes"),
    links=("{n} link", "{n} links"),
    tags=("{n} tag", "{n} tags"),
    inbox_title="# Inbox",
    inbox_count="As of {day}, {count} to decide on.",
    inbox_nothing="As of {day}, nothing waits.",
    inbox_best="As of {day}, {count} to decide on; the best {shown} stand here, `slipway inbox list` has all.",
    inbox_tick="Tick `[x]` to make a note of an item, write `[-]` to dismiss it, leave `[ ]` to let it wait.",
    inbox_then="The next run reads the ticks, then writes the list anew; lines of your own stay below it.",
    suggestions_title="# Suggestions",
    suggestions_count="As of {day}, {count} to take or to decline.",
    suggestions_nothing="As of {day}, there is nothing to offer.",
    suggestions_best="As of {day}, {count} to take or to decline; the closest {shown} stand here, `slipway suggest` has all.",
    suggestions_tick="Tick `[x]` to take an offer, write `[-]` to decline it for good, leave `[ ]` to think about it.",
    suggestions_then="The next run adds the links that you took to the end of each note's list of related notes and changes "
    "nothing else there; lines of your own stay below.",
    suggestions_tags="New tags",
    reading_title="# Reading list",
    reading_about="What deserves to be read whole, ⏫ first, 🔼 next. Slipway adds lines at the end and changes none: tick, "
    "move and annotate as you like.",
    today_title="Today",
    today_about="As of {day}. Written anew every night; `Home.md` shows it.",
    today_quiet="A quiet day: no new notes.",
    today_last="The last ones came on {day}.",
    today_posts="Posts",
    today_topics="Topics that grew",
    today_notes="New notes",
    today_waits="{count} to decide on",
    today_offers="{count} offered",
    today_reading="{count} to read",
    today_of="{new} new, {count} in all",
    today_learning="{given} of {least} answers until Slipway learns from you",
    today_learnt="learnt from {given} answers",
    topic="Topic",
    topic_terms="**Terms**: {terms}",
    topic_field="**Field**: {field}",
    topic_asleep="Asleep: nothing new since {day}.",
    topic_ended="Ended on {day}.",
    topic_merged="Ended on {day}; its notes are now in {topic}.",
    topic_new="New",
    topic_notes="Notes",
    topic_timeline="Timeline",
    topic_near="Neighbouring topics",
    related="Related",
)

_SIMPLIFIED: Final = PageWords(
    lang="zh-Hans",
    untitled="无题",
    comma="，",
    semicolon="；",
    colon="：",
    dash=" — ",
    day_form="{y}年{m}月{d}日",
    span="{start}至{end}",
    sentence_end="。",
    more="另有 {count}",
    heading_count="## {name} · {count}",
    others="不在所列兴趣之内",
    exploration="探索",
    today="今天",
    age=("{n} 天前", "{n} 天前"),
    items=("{n} 条", "{n} 条"),
    notes=("{n} 篇笔记", "{n} 篇笔记"),
    links=("{n} 条链接", "{n} 条链接"),
    tags=("{n} 个标签", "{n} 个标签"),
    inbox_title="# 收件箱",
    inbox_count="截至{day}，有 {count}待定。",
    inbox_nothing="截至{day}，没有待定的条目。",
    inbox_best="截至{day}，有 {count}待定；此处列出最好的 {shown} 条，`slipway inbox list` 可见全部。",
    inbox_tick="勾选 `[x]` 收为笔记，写 `[-]` 弃去，留 `[ ]` 则继续等候。",
    inbox_then="下次运行先读这些记号，再重写此页；您自己写的行保留在下方。",
    suggestions_title="# 建议",
    suggestions_count="截至{day}，有 {count}可采纳。",
    suggestions_nothing="截至{day}，没有建议。",
    suggestions_best="截至{day}，有 {count}可采纳；此处列出最近的 {shown} 条，`slipway suggest` 可见全部。",
    suggestions_tick="勾选 `[x]` 采纳，写 `[-]` 永远谢绝，留 `[ ]` 则再想想。",
    suggestions_then="下次运行把采纳的链接加到该笔记相关列表的末尾，别处一字不动；您自己写的行保留在下方。",
    suggestions_tags="新标签",
    reading_title="# 阅读清单",
    reading_about="值得通读的笔记，⏫ 先读，🔼 次之。Slipway 只在末尾添行，从不改动已有的行：勾选、移动、批注都随您。",
    today_title="今日",
    today_about="截至{day}。每晚重写；`Home.md` 会显示此页。",
    today_quiet="今天没有新笔记。",
    today_last="上一批在{day}。",
    today_posts="文章",
    today_topics="有新进展的主题",
    today_notes="新笔记",
    today_waits="{count}待定",
    today_offers="{count}可采纳",
    today_reading="{count}待读",
    today_of="新增 {new} 篇，共 {count}",
    today_learning="已答复 {given} 条，满 {least} 条后 Slipway 开始学习",
    today_learnt="已从 {given} 条答复中学习",
    topic="主题",
    topic_terms="**关键词**：{terms}",
    topic_field="**领域**：{field}",
    topic_asleep="沉寂中：{day}以来没有新内容。",
    topic_ended="已于{day}结束。",
    topic_merged="已于{day}并入{topic}。",
    topic_new="最新",
    topic_notes="笔记",
    topic_timeline="时间线",
    topic_near="相邻主题",
    related="相关",
)

_TRADITIONAL: Final = PageWords(
    lang="zh-Hant",
    untitled="無題",
    comma="，",
    semicolon="；",
    colon="：",
    dash=" — ",
    day_form="{y} 年 {m} 月 {d} 日",
    span="{start}至 {end}",
    sentence_end="。",
    more="另有 {count}",
    heading_count="## {name} · {count}",
    others="不在所列興趣之內",
    exploration="探索",
    today="今天",
    age=("{n} 天前", "{n} 天前"),
    items=("{n} 則", "{n} 則"),
    notes=("{n} 篇筆記", "{n} 篇筆記"),
    links=("{n} 條連結", "{n} 條連結"),
    tags=("{n} 個標籤", "{n} 個標籤"),
    inbox_title="# 收件匣",
    inbox_count="截至 {day}，有 {count}待定。",
    inbox_nothing="截至 {day}，沒有待定的項目。",
    inbox_best="截至 {day}，有 {count}待定；此處列出最好的 {shown} 則，`slipway inbox list` 可見全部。",
    inbox_tick="勾選 `[x]` 收為筆記，寫 `[-]` 棄去，留 `[ ]` 則繼續等候。",
    inbox_then="下次執行先讀這些記號，再重寫此頁；您自己寫的行保留在下方。",
    suggestions_title="# 建議",
    suggestions_count="截至 {day}，有 {count}可採納。",
    suggestions_nothing="截至 {day}，沒有建議。",
    suggestions_best="截至 {day}，有 {count}可採納；此處列出最近的 {shown} 條，`slipway suggest` 可見全部。",
    suggestions_tick="勾選 `[x]` 採納，寫 `[-]` 永遠謝絕，留 `[ ]` 則再想想。",
    suggestions_then="下次執行把採納的連結加到該筆記相關列表的末尾，別處一字不動；您自己寫的行保留在下方。",
    suggestions_tags="新標籤",
    reading_title="# 閱讀清單",
    reading_about="值得通讀的筆記，⏫ 先讀，🔼 次之。Slipway 只在末尾添行，從不改動已有的行：勾選、移動、批註都隨您。",
    today_title="今日",
    today_about="截至 {day}。每晚重寫；`Home.md` 會顯示此頁。",
    today_quiet="今天沒有新筆記。",
    today_last="上一批在 {day}。",
    today_posts="文章",
    today_topics="有新進展的主題",
    today_notes="新筆記",
    today_waits="{count}待定",
    today_offers="{count}可採納",
    today_reading="{count}待讀",
    today_of="新增 {new} 篇，共 {count}",
    today_learning="已答覆 {given} 則，滿 {least} 則後 Slipway 開始學習",
    today_learnt="已從 {given} 則答覆中學習",
    topic="主題",
    topic_terms="**關鍵詞**：{terms}",
    topic_field="**領域**：{field}",
    topic_asleep="沉寂中：{day}以來沒有新內容。",
    topic_ended="已於 {day}結束。",
    topic_merged="已於 {day}併入{topic}。",
    topic_new="最新",
    topic_notes="筆記",
    topic_timeline="時間線",
    topic_near="相鄰主題",
    related="相關",
)

EVERY_LANGUAGE: Final = (ENGLISH, _SIMPLIFIED, _TRADITIONAL)
_BY_LANG: Final = {words.lang: words for words in EVERY_LANGUAGE}


def words_for(lang: str) -> PageWords:
    """The words of ``en``, ``zh-Hans`` or ``zh-Hant``; English for any other language."""
    return _BY_LANG.get(lang, ENGLISH)
