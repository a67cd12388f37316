"""The lines of a mail by which one leaves its list, or sees it elsewhere: their links speak for the reader.

A text that is about leaving is none of them: the words must be a call, in a link or in a short line.
"""

from __future__ import annotations

import re
from typing import Any

__all__ = ["drop_leaving", "is_leaving"]

_LINE = 400
_MAIL = r"(?:this |these |our |all |the |future |my |your )"
_CALL = (
    r"(?:unsubscribe\b(?! rates?\b)"
    rf"|opt[\s-]?out (?:of|from) (?:receiving|{_MAIL}(?:e-?mails?|list|newsletters?|mailings?|messages?))|opt[\s-]?out here"
    r"|(?:manage|update|change|edit) (?:your |my )?(?:e-?mail |newsletter |subscription )?(?:preferences|subscriptions?)"
    r"|e-?mail preferences"
    r"|view (?:it |this |e-?mail |message |newsletter |the )*(?:online|in (?:your |a )?(?:web )?browser|on the web)"
    r"|having trouble (?:viewing|reading)"
    r"|退订|退訂|取消(?:订阅|訂閱)|管理(?:订阅|訂閱)|(?:在|用)?(?:浏览器|瀏覽器)(?:中|裡|里)?(?:查看|打开|打開|閱讀|阅读)"
    r"|不想再收到|停止接收)"
)
_BEFORE = (
    r"\W*(?:(?:please|to|or|click(?: here)?|here|you (?:can|may)(?: also)?|want|wish|if you .{0,100}?|no longer .{0,80}?"
    r"|don.t want .{0,80}?|not interested\?|you are receiving .{0,150}?|you received .{0,150}?"
    r"|(?:如|若|您|你|想|要|请|請|点|點|随时).{0,30}?)[\s,:.?，：]*){0,3}"
)
_BEGINS = re.compile(_BEFORE + _CALL, re.IGNORECASE)
_AFTER = (
    r"(?:\s*(?:here|now|instantly|safely|at any time|with one click|in one click|link|center|centre|"
    rf"(?:from|to) {_MAIL}.{{0,40}}|[|·•/].{{0,60}}|(?:请|請)?(?:点|點)击.{{0,8}}|此?(?:邮|郵)件|列表))*\W*"
)
# Some call in two languages.
_IS_CALL = re.compile(rf"{_BEFORE}{_CALL}(?:\W{{1,5}}{_CALL})?{_AFTER}", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://|mailto:|\S@\S", re.IGNORECASE)
_WORD_OF_LEAVING = r"(?:list-?)?(?:unsubscribe|unsub|opt[_-]?out|email-?preferences|manage-?preferences)"
# /unsubscribe, /unsub?u=1, ?action=unsubscribe; not /unsubscribe-buttons-are-hidden
_LEAVING_ADDRESS = re.compile(rf"[/?&=#.:]{_WORD_OF_LEAVING}(?:\.\w{{2,5}})?(?:[/?&=#]|$)", re.IGNORECASE)
_TELLS_NOTHING = re.compile(
    r"\W*(?:\w?|(?:click )?here|(?:this )?link|opt[\s-]?out|leave|(?:点击|點擊|点|點)?(?:这里|這裡|此处|此處|此))\W*",
    re.IGNORECASE,
)
_FOOTER = re.compile(
    r"receiv|subscri|e-?mail|newsletter|sent to|mailing|preferences|browser|©|copyright|all rights|trouble"
    r"|收到|邮件|郵件|订阅|訂閱|退订|退訂|浏览|瀏覽",
    re.IGNORECASE,
)
# Between the links of a footer stand bars and "or".
_LITTLE = 40


def is_leaving(paragraph: str) -> bool:
    """Whether a paragraph of plain text is such a line: it calls for leaving and says where, or does nothing else."""
    if len(paragraph) >= _LINE:
        return False
    is_call = _BEGINS.match(paragraph) is not None and _ADDRESS.search(paragraph) is not None
    return is_call or _IS_CALL.fullmatch(paragraph) is not None


def drop_leaving(root: Any) -> None:
    """Takes such links out of a page, and the short lines of the footer that they stand in."""
    anchors = []
    for anchor in root.xpath("//a[@href]"):
        if _is_call(anchor):
            anchors.append(anchor)
        elif _speaks_for_the_reader(anchor.get("href")):
            # Its words are the letter's.
            del anchor.attrib["href"]
    lines = [_line_of(anchor) for anchor in anchors]
    told = sum(len(line.text_content()) for line in dict.fromkeys(lines))
    # A mail of one line would go with it.
    for element in lines if 2 * told < len(root.text_content()) else anchors:
        if element.getparent() is not None:
            element.drop_tree()


def _is_call(anchor: Any) -> bool:
    text = " ".join(anchor.text_content()[:200].split())
    if _LEAVING_ADDRESS.search(anchor.get("href")[:2_000]) and _TELLS_NOTHING.fullmatch(text):
        return True
    return _IS_CALL.fullmatch(text) is not None


def _speaks_for_the_reader(address: str) -> bool:
    found = _LEAVING_ADDRESS.search(address[:2_000])
    return found is not None and bool(address[found.end() :] or "?" in address)


def _line_of(anchor: Any) -> Any:
    """The paragraph or cell that the anchor stands in, where that is a line of a footer; else itself."""
    line = next(anchor.iterancestors("p", "td", "li", "div", "center", "footer"), None)
    if line is None:
        return anchor
    words = " ".join(line.text_content()[: _LINE + 1].split())
    besides = len(words) - sum(len(one.text_content()) for one in line.iter("a"))
    return line if len(words) <= _LINE and (besides <= _LITTLE or _FOOTER.search(words)) else anchor
