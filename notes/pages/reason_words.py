"""Why a slip was judged as it was, in the words of a page: reasons are kept in English and told in the user's language.

What a reason quotes (the name of an interest, a term) came from outside or from the configuration: it is escaped, and only the
id in ``close to [[id]]``, ``repeats [[id]]`` and ``tells of [[id]]``, which Slipway wrote itself, becomes a link. A work is
named by its id, never by its title, which could pass for more reasons; the page shows the title.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Final

from notes.markup import inert
from notes.pages.page_words import PageWords

__all__ = ["link_reason", "named_note", "subject_of", "told", "told_of_link", "told_work"]

_PART: Final = re.compile(r"(?P<name>[a-z][a-z ]{2,20}) (?P<value>[01]\.\d\d)(?:: (?P<why>.*))?", re.DOTALL)
_NOTE: Final = re.compile(r"(?P<what>close to|repeats|tells of) \[\[(?P<id>[^\[\]|#\n]{1,255})\]\]")
_LIKE: Final = re.compile(
    r"(?P<before>your answers (?:raise|lower) )what is like \[\[(?P<id>[^\[\]|#\n]{1,255})\]\]"
    r"(?P<after> by 0\.\d\d(?:: you kept \d+ of \d+ (?:like it|in all))?)"
)
_LIBRARY: Final = "your library: "
_WAITING: Final = re.compile(r"tells of (?P<id>item-\d{1,18})")
_INTEREST: Final = re.compile(r"interest (?P<name>[^;]+)")
_SHARE: Final = re.compile(r"waits: (?P<name>.+) has had its share tonight")

_PART_NAMES: Final = {
    "relevance": ("相关", "相關"),
    "connection": ("联系", "關聯"),
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
        *(
            (
                rf"your answers {verb} (.+?) by (0\.\d\d){counted}",
                f"您的答复为 {{0}} {simplified}{counts}",
                f"您的答覆為 {{0}} {traditional}{counts_too}",
            )
            for verb, simplified, traditional in (("raise", "加 {1}", "加 {1}"), ("lower", "减 {1}", "減 {1}"))
            for counted, counts, counts_too in (
                ("", "", ""),
                (r": you kept (\d+) of (\d+) like it", "：此类 {3} 条您留了 {2} 条", "：此類 {3} 則您留了 {2} 則"),
                (r": you kept (\d+) of (\d+) in all", "：共 {3} 条您留了 {2} 条", "：共 {3} 則您留了 {2} 則"),
            )
        ),
        (r"(your library: .+)", "{0}", "{0}"),
        (r"your notes", "您的笔记", "您的筆記"),
        (r"(\d+) authors? of what you kept", "{0} 位作者您曾留用", "{0} 位作者您曾留用"),
        (r"exploration: few answers on (.+) yet", "探索：对 {0} 的答复还少", "探索：對 {0} 的答覆還少"),
        (r"exploration: uncertain, below ([\d.]+)", "探索：尚无把握，低于 {0}", "探索：尚無把握，低於 {0}"),
        *(
            (
                rf"chance: {share} in ten that scored (\d\.\d\d) are kept, by (\d+) answers{stood}",
                f"把握：据 {{{by}}} 次答复{and_stood.format(by + 1)}，得分 {{{by - 1}}} 者十条{kept}",
                f"把握：據 {{{by}}} 次答覆{and_stood_too.format(by + 1)}，得分 {{{by - 1}}} 者十則{kept_too}",
            )
            for share, by, kept, kept_too in (
                (r"about (\d+)", 2, "约留 {0} 条", "約留 {0} 則"),
                ("fewer than one", 1, "留不到一条", "留不到一則"),
            )
            for stood, and_stood, and_stood_too in (
                ("", "", ""),
                (r" and (\d+) notes that stood", "和 {{{}}} 篇未动的笔记", "和 {{{}}} 篇未動的筆記"),
            )
        ),
        (r"waits: score below ([\d.]+)", "等候：分数低于 {0}", "等候：分數低於 {0}"),
        (r"waits: connects to nothing yet", "等候：尚无联系", "等候：尚無關聯"),
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

_SENTENCE: Final = re.compile(r"“(.+)”", re.DOTALL)
_OF_LINKS: Final = (
    (re.compile(r"shared terms: (.+)"), "共有词：{0}", "共有詞：{0}"),
    (re.compile(r"the same work: (.+)"), "同一作品：{0}", "同一作品：{0}"),
    (re.compile(r"both point to (.+)"), "都指向 {0}", "都指向 {0}"),
    (re.compile(r"both about (.+)"), "都谈 {0}", "都談 {0}"),
    (re.compile(r"cites (.+)"), "引用 {0}", "引用 {0}"),
    (re.compile(r"mentions (.+)"), "提到 {0}", "提到 {0}"),
    (re.compile(r"linked by you"), "您所链接", "您所連結"),
    (re.compile(r"close in meaning"), "意思相近", "意思相近"),
)


def told_of_link(why: str, words: PageWords) -> str:
    """Why a link is offered, as Markdown; a sentence that is quoted stays as its note has it."""
    return inert.to_markdown(link_reason(why, words.lang))


def link_reason(why: str, lang: str) -> str:
    """Why there is a link, as plain text in ``en``, ``zh-Hans`` or ``zh-Hant``."""
    for pattern, *forms in _OF_LINKS if lang.startswith("zh") else ():
        if match := pattern.fullmatch(why):
            quoted = (
                group.replace(", ", "、") if why.startswith("shared terms") else group for group in match.groups()
            )
            return forms[lang == "zh-Hant"].format(*quoted)
    # The sentence stays as its note has it; only the marks around it are the page's.
    quoted_whole = _SENTENCE.fullmatch(why) if lang == "zh-Hant" else None
    return f"「{quoted_whole[1]}」" if quoted_whole else why


def told(reason: str, words: PageWords, notes: Mapping[str, tuple[str, str]]) -> str:
    """A reason as Markdown in the language of ``words``.

    ``notes`` gives link target and title by note id, and by ``item-N`` those of an item, whose target is empty while it is no
    note; what is not among them is named without a link.
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


def told_work(reasons: Iterable[str]) -> str:
    """The work that reasons say the slip tells of: a note's id, or ``item-N``; empty when they say so of none."""
    for part in map(_PART.fullmatch, reasons):
        if part and part["name"] == "relevance" and (part["why"] or "").startswith("tells of "):
            match = _NOTE.match(part["why"]) or _WAITING.match(part["why"])
            return match["id"] if match else ""
    return ""


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
    if (like := _LIKE.fullmatch(text)) is not None:
        named = inert.wikilink(*notes[like["id"]]) if like["id"] in notes else inert.to_markdown(like["id"])
        forms = {"en": f"what is like {named}", "zh-Hant": f"{named} 一類"}
        return _worded(like["before"] + "x" + like["after"], words, [forms.get(words.lang, f"{named} 一类")])
    waiting = _WAITING.fullmatch(text)
    target, title = notes.get(waiting["id"], ("", "")) if waiting else ("", "")
    if title:
        opening, closing = "「」" if words.lang == "zh-Hant" else "“”"
        shown = inert.wikilink(target, title) if target else opening + inert.to_markdown(title, links=False) + closing
        return _worded("tells of x", words, [shown])
    return _worded(text, words, None)


def _worded(text: str, words: PageWords, filled: list[str] | None) -> str:
    """A clause in the page's language; ``filled`` is Markdown that stands for what the clause quotes."""
    for pattern, *forms in _CLAUSES:
        match = pattern.fullmatch(text)
        if match is None:
            continue
        told = filled or []
        quoted = [*told, *(_quoted(group, words) for group in match.groups()[len(told) :])]
        if words.lang != "en":
            return forms[words.lang == "zh-Hant"].format(*quoted)
        if filled:
            return text[: match.start(1)] + filled[0] + text[match.end(1) :]
    return inert.to_markdown(text, links=False)


def _quoted(text: str, words: PageWords) -> str:
    """What a clause quotes; the beginning that Slipway gives the name of an interest of a library is told, too."""
    name = text.removeprefix(_LIBRARY)
    if name != text and words.lang != "en":
        shelf = "您的藏書" if words.lang == "zh-Hant" else "您的藏书"
        return shelf + words.colon + inert.to_markdown(name.replace(", ", "、"), links=False)
    return inert.to_markdown(text, links=False)
