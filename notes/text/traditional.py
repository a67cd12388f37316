"""Short Chinese texts, such as names of topics, from the simplified into the traditional script.

One simplified character may stand for several traditional ones (发: 發 or 髮). Each is given the one that is usual in writing
about science and technology, and words in which another is meant are put right first.
"""

from __future__ import annotations

from functools import cache

from notes.text.hanzi import IN_BOTH, PAIRS

__all__ = ["to_traditional"]

# Characters of IN_BOTH are left as they are unless they stand here, with the one that is usual.
_USUAL = (
    "后後发發里裡复復历歷汇匯钟鐘净淨几幾准準范範系系表表划劃冲衝台臺余餘云雲致致征徵游遊种種药藥干乾丰豐采採尽盡当當获獲脏臟签簽纤纖适適郁鬱辟闢据據极極确確术術万萬叶葉机機与與愿願须須御禦价價杰傑众眾为為"
    "产產线線绿綠绝絕说說画畫启啟录錄于於证證钻鑽着著炼煉锈鏽鉴鑑厂廠广廣床床群群峰峰呆呆痴痴秘秘污污泄泄"
    # Of two traditional forms the one that is printed, not the older one.
    "亘亙胜勝即即厕廁恶惡啮齧坝壩涂塗埙壎坛壇墙牆奖獎袅裊娴嫻岁歲荫蔭教教旗旗既既查查棋棋柜櫃壳殼牦犛溯溯淀澱璇璇真真灶灶竖豎"
    "粽粽绣繡绷繃缰韁累累膻羶腊臘馆館蕴蘊苹蘋蝎蠍蚝蠔蜡蠟赝贗逾逾酝醞厘釐钥鑰钩鉤镰鐮镇鎮镌鐫飧飧糊糊鳄鱷党黨"
)
_WORDS_AND_THEIRS = """
控制 控制 制造 製造 制备 製備 制作 製作 研制 研製 复制 複製 制品 製品 制药 製藥 制冷 製冷
绘制 繪製 系统 系統 关系 關係 联系 聯繫 干预 干預 干扰 干擾 干涉 干涉 若干 若干 主干 主幹
骨干 骨幹 树干 樹幹 躯干 軀幹 干部 幹部 干细胞 幹細胞 头发 頭髮 毛发 毛髮 皇后 皇后 里程 里程
公里 公里 复杂 複雜 复合 複合 复数 複數 重复 重複 复方 複方 词汇 詞彙 字汇 字彙 日历 日曆
面条 麵條 面粉 麵粉 批准 批准 注册 註冊 标注 標註 注释 註釋 托管 託管 委托 委託 征服 征服
长征 長征 战斗 戰鬥 斗争 鬥爭 谷物 穀物 稻谷 稻穀 周期 週期 回归 迴歸 回路 迴路 标志 標誌
日志 日誌 杂志 雜誌 咨询 諮詢 松弛 鬆弛 宽松 寬鬆 卷烟 捲菸 台风 颱風 只能 只能 余弦 餘弦
钟表 鐘錶 准则 準則 游泳 游泳 上游 上游 下游 下游 中游 中游 表征 表徵 特征 特徵
"""
_WORDS = dict(zip(*[iter(_WORDS_AND_THEIRS.split())] * 2, strict=True))


@cache
def _table() -> dict[int, str]:
    found: dict[int, str] = {}
    for traditional, simplified in zip(PAIRS[::2], PAIRS[1::2], strict=True):
        if simplified not in IN_BOTH:
            found.setdefault(ord(simplified), traditional)
    usual = dict(zip(_USUAL[::2], _USUAL[1::2], strict=True))
    return found | {ord(character): traditional for character, traditional in usual.items()}


def to_traditional(text: str) -> str:
    """``text`` with its simplified Chinese characters replaced by traditional ones; as long as ``text``."""
    table, written, at = _table(), [], 0
    while at < len(text):
        word = next((text[at : at + size] for size in (3, 2) if text[at : at + size] in _WORDS), "")
        written.append(_WORDS[word] if word else text[at].translate(table))
        at += len(word) or 1
    return "".join(written)
