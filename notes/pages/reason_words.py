"""Why a slip was judged as it was, in the words of a page: reasons are kept in English and told in the user's language.

What a reason quotes (a title, the name of an interest) came from outside or from the configuration: it is escaped, and only
the id in ``close to [[id]]`` and ``repeats [[id]]``, which Slipway wrote itself, becomes a link.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from notes.markup import inert
from notes.pages.page_words import PageWords

__all__ = ["named_note", "subject_of", "told", "told_of_link"]

_PART: Final = re.compile(r"(?P<name>[a-z][a-z ]{2,20}) (?P<value>[01]\.\d\d)(?:: (?P<why>.*))?", re.DOTALL)
_NOTE: Final = re.compile(r"(?P<what>close to|repeats) \[\[(?P<id>[^\[\]|#\n]{1,255})\]\]")
_INTEREST: Final = re.compile(r"interest (?P<name>[^;]+)")
_SHARE: Final = re.compile(r"waits: (?P<name>.+) has had its share tonight")

_PART_NAMES: Final = {
    "relevance": ("相关", "相關"),
    "connection": ("联系", "聯繫"),
    "novelty": ("新意", "新意"),
    "substance": ("内容", "內容"),
    "source": ("来源", "來源"),
}
# Pattern, simplified, traditional; ``{0}`` is what the first group holds, escaped.
_CLAUSES: Final = tuple(
    (re.compile(pattern), simplified, traditional)
    for pattern, simplified, traditional in (
        (r"close to (.+)", "接近 {0}", "接近 {0}"),
        (r"repeats (.+)", "重复 {0}", "重複 {0}"),
        (r"tells of (.+)", "讲述 {0}", "講述 {0}"),
        (r"interest (.+)", "兴趣 {0}", "興趣 {0}"),
        (r"cited by or citing (\d+)", "引用或被引用 {0} 处", "引用或被引用 {0} 處"),
        (r"(\d+) near", "{0} 篇相近", "{0} 篇相近"),
        (r"(\d+) figures?", "{0} 个数据", "{0} 個數據"),
        (r"code", "有代码", "有程式碼"),
        (r"data", "有数据集", "有資料集"),
        (r"carried by (\d+) sources", "{0} 个来源刊出", "{0} 個來源刊出"),
        (r"source weight ([\d.]+)", "来源权重 {0}", "來源權重 {0}"),
        (
            r"(\d+) notes are about it, (\d+) by their title",
            "{0} 篇笔记谈及，{1} 篇见于标题",
            "{0} 篇筆記談及，{1} 篇見於標題",
        ),
        (r"chosen by you", "由您选定", "由您選定"),
        (r"your answers raise (.+) by (0\.\d\d)", "您的答复为 {0} 加 {1}", "您的答覆為 {0} 加 {1}"),
        (r"your answers lower (.+) by (0\.\d\d)", "您的答复为 {0} 减 {1}", "您的答覆為 {0} 減 {1}"),
        (
            r"your answers raise (.+) by (0\.\d\d): you kept (\d+) of (\d+) like it",
            "您的答复为 {0} 加 {1}：此类 {3} 条您留了 {2} 条",
            "您的答覆為 {0} 加 {1}：此類 {3} 則您留了 {2} 則",
        ),
        (
            r"your answers lower (.+) by (0\.\d\d): you kept (\d+) of (\d+) like it",
            "您的答复为 {0} 减 {1}：此类 {3} 条您留了 {2} 条",
            "您的答覆為 {0} 減 {1}：此類 {3} 則您留了 {2} 則",
        ),
        (r"(\d+) authors? of what you kept", "{0} 位作者您曾留用", "{0} 位作者您曾留用"),
        (r"exploration: few answers on (.+) yet", "探索：对 {0} 的答复还少", "探索：對 {0} 的答覆還少"),
        (r"exploration: uncertain, below ([\d.]+)", "探索：尚无把握，低于 {0}", "探索：尚無把握，低於 {0}"),
        (
            r"chance: about (\d+) in ten that scored (\d\.\d\d) are kept, by (\d+) answers",
            "把握：据 {2} 次答复，得分 {1} 者十条约留 {0} 条",
            "把握：據 {2} 次答覆，得分 {1} 者十則約留 {0} 則",
        ),
        (
            r"chance: fewer than one in ten that scored (\d\.\d\d) are kept, by (\d+) answers",
            "把握：据 {1} 次答复，得分 {0} 者十条留不到一条",
            "把握：據 {1} 次答覆，得分 {0} 者十則留不到一則",
        ),
        (r"waits: score below ([\d.]+)", "等候：分数低于 {0}", "等候：分數低於 {0}"),
        (r"waits: connects to nothing yet", "等候：尚无联系", "等候：尚無聯繫"),
        (r"waits: older than (\d+) days", "等候：早于 {0} 天", "等候：早於 {0} 天"),
        (r"waits: withdrawn by its authors", "等候：作者已撤回", "等候：作者已撤回"),
        (r"waits: its feed has had its share tonight", "等候：此源当晚份额已满", "等候：此源當晚份額已滿"),
        (r"waits: (.+) has had its share tonight", "等候：{0} 当晚份额已满", "等候：{0} 當晚份額已滿"),
        (
            r"unscored: the model could not read it; tried again next night",
            "未评分：模型读不了，下一晚再试",
            "未評分：模型讀不了，下一晚再試",
        ),
        (r"waits: the night's places were taken", "等候：当晚名额已满", "等候：當晚名額已滿"),
    )
)

_OF_LINKS: Final = (
    (re.compile(r"shared terms: (.+)"), "共有词：{0}", "共有詞：{0}"),
    (re.compile(r"the same work: (.+)"), "同一作品：{0}", "同一作品：{0}"),
    (re.compile(r"both point to (.+)"), "都指向 {0}", "都指向 {0}"),
    (re.compile(r"close in meaning"), "意思相近", "意思相近"),
)


def told_of_link(why: str, words: PageWords) -> str:
    """Why a link is offered, as Markdown; a sentence that is quoted stays as its note has it."""
    for pattern, *forms in _OF_LINKS:
        match = pattern.fullmatch(why)
        if match is not None and words.lang != "en":
            return forms[words.lang == "zh-Hant"].format(*map(inert.to_markdown, match.groups()))
    return inert.to_markdown(why)


def told(reason: str, words: PageWords, notes: Mapping[str, tuple[str, str]]) -> str:
    """A reason as Markdown in the language of ``words``.

    ``notes`` gives link target and title by note id; a note that is not among them is named without a link.
    """
    part = _PART.fullmatch(reason)
    if part is None:
        return _clauses(reason, words, notes)
    name = _part_name(part["name"], words)
    if not part["why"]:
        return f"{name} {part['value']}"
    listed = part["name"] == "substance"  # its parts are Slipway's own words, commas between them
    pieces = part["why"].split(", ") if listed else [part["why"]]
    why = words.comma.join(_clauses(piece, words, notes) for piece in pieces)
    return f"{name} {part['value']}{words.colon}{why}"


def named_note(reason: str) -> str:
    """The id of the note that a reason names by a link of Slipway's own; empty when there is none."""
    part = _PART.fullmatch(reason)
    match = _NOTE.match(part["why"]) if part and part["why"] else None
    return match["id"] if match else ""


def subject_of(reasons: Iterable[str]) -> str:
    """The interest or topic that reasons name as what the slip is about; empty when they name none."""
    parts = [part for part in map(_PART.fullmatch, reasons) if part and part["name"] == "relevance" and part["why"]]
    found = [match for match in (_INTEREST.match(part["why"]) for part in parts) if match]
    found += [match for match in map(_SHARE.fullmatch, reasons) if match and match["name"] != "its feed"]
    return found[0]["name"].strip() if found else ""


def _part_name(name: str, words: PageWords) -> str:
    known = _PART_NAMES.get(name)
    return name if known is None or words.lang == "en" else known[words.lang == "zh-Hant"]


def _clauses(text: str, words: PageWords, notes: Mapping[str, tuple[str, str]]) -> str:
    clauses = text.split("; ")
    return words.semicolon.join(_clause(clause, words, notes) for clause in clauses)


def _clause(text: str, words: PageWords, notes: Mapping[str, tuple[str, str]]) -> str:
    note = _NOTE.fullmatch(text)
    if note is not None and note["id"] in notes:
        return _worded(f"{note['what']} x", words, [inert.wikilink(*notes[note["id"]])])
    if note is not None:
        return _worded(f"{note['what']} x", words, [inert.to_markdown(note["id"])])
    return _worded(text, words, None)


def _worded(text: str, words: PageWords, filled: list[str] | None) -> str:
    """A clause in the page's language; ``filled`` is Markdown that stands for what the clause quotes."""
    for pattern, *forms in _CLAUSES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        quoted = filled or [inert.to_markdown(group, links=False) for group in match.groups()]
        if words.lang != "en":
            return forms[words.lang == "zh-Hant"].format(*quoted)
        if filled:
            return text.removesuffix("x") + filled[0]
    return inert.to_markdown(text, links=False)
