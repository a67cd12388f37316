"""Which text an item keeps: what its feed gave, or what was extracted from the page that it links to.

The feed's text stays where the page has nothing better: no more text, a wall (login, payment, cookies, scripts), another
story, or a list of links. In doubt the feed is believed: what it sent was meant for readers.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from notes.model import Block, BlockKind

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["better", "objection"]

Blocks = tuple[Block, ...]

# A Chinese character tells about as much as this many Latin letters.
_LETTERS_PER_HAN = 2.5
# Less than a short paragraph is no article.
_LEAST = 200
# A page replaces the feed's text only when it says so much more.
_MORE = 1.1
# A wall is a short page: beyond this length its words stand in an article.
_WALL = 2_500
_LINE = 400
# Of the telling words of the feed's text, so many must stand in the article of the same story.
_SHARED = 0.4
_ENOUGH_WORDS = 8
# Items of a list that are shorter than this are titles of other pages.
_SHORT_ITEM = 120
_LISTED = 0.6

_HAN_RANGE = r"\u3400-\u4dbf\u4e00-\u9fff"
_HAN = re.compile(f"[{_HAN_RANGE}]")
_WORD = re.compile(rf"[{_HAN_RANGE}]+|[^\W_{_HAN_RANGE}]{{4,}}")
_COMMON = frozenset(
    "about above after again also because been before being between both could does doing down during each even every from"
    " further have having here into itself just like made make many more most much must only other over same should since"
    " some such than that their them then there these they this those through under until very want well were what when"
    " where which while will with within without would your yours".split()
)
_WALL_WORDS = re.compile(
    # scripts and robots
    r"(?:enable|turn on|activate|requires?) javascript|javascript (?:is|seems to be|has been) (?:disabled|not enabled|required)"
    r"|(?:verify(?:ing)?|confirm|prove|checking)(?: that)? (?:if )?you(?:'re| are)(?: a)? (?:not a (?:ro)?bot|human)"
    r"|checking your browser|unusual traffic|complete the captcha|just a moment\.\.\.|attention required"
    r"|请(?:启用|开启|打开)\s*javascript|請(?:啟用|開啟|打開)\s*javascript|(?:需要|必须|必須)(?:启用|啟用|开启|開啟)\s*javascript"
    r"|(?:安全|人机|人機|身份)验证|人機驗證|安全驗證|访问(?:过于|太)频繁|訪問(?:過於|太)頻繁|完成(?:验证|驗證)后?"
    # payment and login
    r"|subscribe (?:now )?to (?:continue|read|unlock|keep)|(?:already|become) a (?:subscriber|member)|subscribers? only"
    r"|(?:log|sign) ?in to (?:continue|read|view|your)|(?:create|register for) (?:a|your) free account|free trial|unlock this"
    r"|this (?:article|content|post|story) is (?:only )?(?:for|reserved|available|exclusive)|to continue reading"
    r"|you(?:'ve| have) reached your (?:limit|free)|start your (?:free )?subscription|purchase a subscription"
    r"|(?:登录|登入|登錄|注册|註冊|订阅|訂閱|付费|付費|购买|購買)(?:后|後|以|即可|才能|会员|會員)?(?:阅读|閱讀|查看|继续|繼續|观看|觀看|解锁|解鎖)"
    r"|(?:会员|會員|付费|付費|订阅|訂閱)(?:专享|專享|内容|內容|可见|可見|用户|用戶)|阅读全文请|(?:请|請)(?:先)?(?:登录|登入|登錄)|扫码(?:登录|关注)"
    # cookies
    r"|(?:we|this (?:site|website)) (?:and our partners )?uses? cookies|accept (?:all )?cookies"
    r"|cookie (?:policy|settings|preferences|consent)"
    r"|manage (?:your )?(?:consent|preferences)|使用\s*cookie|接受(?:所有|全部)?\s*cookie"
    # what is not there
    r"|page (?:not found|does(?:n't| not) exist|(?:you .{1,30} )?(?:could|can)(?:not|n't) be found|isn't available)"
    r"|404 (?:error|not found)|error 40[34]"
    r"|access (?:denied|to this page has been)|403 forbidden|no longer available|under maintenance"
    r"|(?:页面|頁面|网页|網頁|内容|內容|文章)(?:不存在|已删除|已刪除|未找到|找不到|走丢|无法访问|無法訪問|已被)|找不到(?:页面|頁面|网页|網頁)|您访问的"
    r"|(?:访问|訪問|请求|請求)(?:请求|請求)?(?:被拒|被拦截|被攔截|已被阻断)|(?:系统|系統|服务|服務|网站|網站|正在)(?:升级|升級)?(?:维护|維護)",
    re.IGNORECASE,
)


def better(feed: Blocks, article: Blocks, title: str = "") -> bool:
    """Whether the article is to replace what the feed gave; ``title`` is the item's."""
    return not objection(feed, article, title)


def objection(feed: Blocks, article: Blocks, title: str = "") -> str:
    """Why the feed's text stays, in a few words; '' where the article is better."""
    weight = _weight(article)
    if weight < _LEAST:
        return "the page holds no article"
    if _is_wall(article, weight):
        return "the page asks for login, payment, cookies or scripts, or is not there"
    if _is_link_list(article, weight):
        return "the page is a list of links"
    if not _tells_the_same(feed, article, title):
        return "the page tells another story"
    if weight < _MORE * _weight(feed):
        return "the page says no more than the feed"
    return ""


def _weight(blocks: Iterable[Block]) -> float:
    """How much is told, in Latin letters."""
    return sum(len(block.text) + (_LETTERS_PER_HAN - 1) * len(_HAN.findall(block.text)) for block in blocks)


def _is_wall(article: Blocks, weight: float) -> bool:
    if weight >= _WALL:
        return False
    # One word of cookies below a true story makes no wall; one at its beginning does, and one where it is cut off.
    is_walled = [bool(_WALL_WORDS.search(block.text)) for block in article]
    is_cut_off = any(hit and len(block.text) < _LINE for hit, block in zip(is_walled[-2:], article[-2:], strict=True))
    walled = _weight(block for hit, block in zip(is_walled, article, strict=True) if hit)
    return any(is_walled[:2]) or is_cut_off or walled * 3 > weight


def _is_link_list(article: Blocks, weight: float) -> bool:
    listed = [b for b in article if b.kind is BlockKind.LIST_ITEM and len(b.text) < _SHORT_ITEM]
    return len(listed) > 5 and _weight(listed) > _LISTED * weight


def _tells_the_same(feed: Blocks, article: Blocks, title: str) -> bool:
    """Whether the words of the feed's text, or those of the title where it has none, stand in the article."""
    told = _words(block.text for block in feed)
    if len(told) < _ENOUGH_WORDS:
        told = told | _words([title])
    if len(told) < _ENOUGH_WORDS / 2:
        return True
    return len(told & _words(block.text for block in article)) >= _SHARED * len(told)


def _words(texts: Iterable[str]) -> set[str]:
    """The telling words of a text; of Chinese its pairs of characters."""
    words: set[str] = set()
    for text in texts:
        for run in _WORD.findall(text.lower()):
            if _HAN.match(run):
                words.update(run[i : i + 2] for i in range(len(run) - 1))
            elif run not in _COMMON:
                words.add(run)
    return words
