"""Names in a sentence of another's words: of systems, benchmarks, organisations, titles, people; in Latin and in Chinese."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import pairwise

from notes.model import VaultNote
from notes.text.fold import fold, to_simplified
from notes.text.keyphrases import STOPWORDS
from publish.sources.evidence import witness

__all__ = ["bare", "holds", "names", "stands", "strange_name", "texts"]

# A word with a capital, or letters with digits: GRPO, STEP3-VL-10B, iPhone, ScreenSpot-V2.
_TOKEN = re.compile(
    r"(?<![A-Za-z0-9])[A-Za-z\u00c0-\u024f][A-Za-z0-9\u00c0-\u024f]*(?:[-–.'’+/][A-Za-z0-9\u00c0-\u024f]+)*"
)
_BEGINS = re.compile(r"(?:^|[.!?:;。！？：；“「『\"(（]\s*)$")
_PLAIN_WORD = re.compile(
    r"[A-Z][a-z]+(?:ing|ings|ed|ly|tion|tions|sion|sions|ment|ments|ness|ers|ors|ists|able|ive|al|ical|ous|ful|less|ity|ies|ance"
    r"|ence|ures)"
)
_OPENERS = frozenset(
    """
    a ablations academic according accuracies accuracy across adding additional agents algorithms alignment all
    allowing although analysis another any applications approach as assistants attention audio authors availability
    average baseline because benchmark benchmarks besides best better beyond big bigger both brain building but by
    cameras careful cars cells chains challenges cheap cheaper chips choices classes clear closed cloud code
    combined companies compared compute context contrary costs current customers data deep deployment depth
    designers despite details developers devices direct doctors documents domain driven drivers each earlier early
    editors effects efficiency else energy engineers enough environments error errors even every evidence examples
    experiments experts exploration facts failures fast faster feedback few fields figures files finally fine firms
    first five for forms four frames free from frontier full further future games gaps general generally given goals
    good graphs ground groups half hardware he hence here hidden high higher homes hospitals household however human
    humans hybrid ideal ideas if images important in industry inference inner inputs instead it items its it’s jobs
    joint judges just key keys known labels laboratories labs language languages large larger last latency later
    latest law layers learners learning less lessons limits lists little local long longer loops low lower machine
    machines main many maps market materials matters media medical memories memory method methods metrics mid middle
    minds mixed model models modern modules more most much multi names natural near nearly neither networks neural
    new next no noise non none nor not notably nothing now numbers object objects of off offline often old on once
    one online only open or other others otherwise our out outcomes outputs over overall pages pairs papers part
    parts paths patients people performance phones physical pieces plain planners plans policies policy pools poor
    posts power practice precision previous prices prior privacy private problem problems programs progress prompts
    proofs providers public pure put quality queries question questions quick random range rare rates rather raw
    readers real reasons recall recent recipes regular research researchers result results rewards rich right risk
    robots roles rounds rules safety same samples scale schools science scientists scores search second security
    self sequences sets several shared sharp she shops short signals simple since single six skills slow small
    smaller so software solvers some source space sparse speech speed stable stages standard state states steps
    still stores straight strong stronger students studies study success such supervised sure surveys symbols
    synthetic system systems take target task tasks teachers teams technical techniques test tests text that the
    their them then theory there these they thing things third this those though three through thus ties time to
    together token tokens tool tools top topics traces tracking traditional true trust truth two types uncertainty
    under universities unlike unsupervised until up use user users using values various verified version very video
    videos views vision visual voice was weak wearable web weights what when where whether which while who whole why
    wide wider wireless with within without word words work workers works writers year years yet you young
    """.split()
)
"""Words that open a sentence with a capital and are no names."""
# Organisations by their Chinese names, with what may not follow: a name that a model adds is as false as a Latin one.
_CALLED = {
    "谷歌": "google", "微软": "microsoft", "英伟达": "nvidia", "苹果": "apple", "亚马逊": "amazon", "阿里巴巴": "alibaba",
    "阿里(?!山|巴巴)": "alibaba", "腾讯": "tencent", "(?<!几)百度(?![的以高左])": "baidu", "字节跳动": "bytedance",
    "华为": "huawei",
    "智谱": "zhipu", "深度求索": "deepseek", "月之暗面": "moonshot", "商汤": "sensetime", "清华": "tsinghua",
    "北大(?!西|方|型|幅|量)": "peking", "北京大学": "peking", "斯坦福": "stanford", "麻省理工": "mit", "哈佛": "harvard",
    "牛津": "oxford", "剑桥": "cambridge", "康奈尔": "cornell", "卡内基梅隆": "carnegie", "普林斯顿": "princeton",
    "耶鲁": "yale", "伯克利": "berkeley", "复旦": "fudan", "上海交通大学": "jiao", "上海交大": "jiao", "浙江大学": "zhejiang",
    "中国科学院": "academy", "中科院": "academy", "香港大学": "hong", "香港中文大学": "hong", "香港科技大学": "hkust",
    "新加坡国立大学": "singapore", "南洋理工": "nanyang", "东京大学": "tokyo", "苏黎世联邦理工": "eth",
    "三星(?!级|期|堆)": "samsung", "索尼": "sony", "英特尔": "intel", "高通(?!量|过|滤|道)": "qualcomm",
    "脸书": "facebook",
    "(?<![加最])快手(?!段|法|机)": "kuaishou", "小米(?!粒|粥)": "xiaomi", "美团(?!队|体)": "meituan",
    "(?<!北)京东(?!南|北)": "jd",
    "阶跃星辰": "stepfun", "特斯拉": "tesla", "甲骨文": "oracle", "推特": "twitter", "维基百科": "wikipedia",
    "科大讯飞": "iflytek",
}  # fmt: skip
_ORGANISATION = re.compile(r"[\u4e00-\u9fff]{2}(?:大学|研究院|实验室|集团|科学院|理工学院)")
_SOME = re.compile(
    r".?[各所该某家等在的由与和及是大为从向多个名本其些国类或同一型究合习育学据言器能智]{1}(?:大学|研究院|实验室|集团|科学院|理工学院)"
)
_TITLE = re.compile(r"《([^《》]{2,60})》")
_PERSON = re.compile(
    r"(?:[王李张刘陈杨赵黄周吴徐孙胡朱郭何罗郑梁谢宋唐许韩冯邓曹彭曾肖蔡潘袁董苏吕魏蒋沈姚卢姜崔谭陆汪范廖贾韦邹熊孟秦阎薛侯雷龙史]"
    r"|欧阳|司马|诸葛)[\u4e00-\u9fff]{1,2}(?:等人|教授|博士(?!生)|院士)"
)
_COURTESY = re.compile(r"(?:等人|教授|博士|院士)$")


def strange_name(text: str, named: Sequence[VaultNote]) -> str:
    """The first name in the sentence that stands in none of the notes; empty when each does."""
    held = [holds(note) for note in named]
    for name in names(text):
        if not any(stands(name, words) for words in held):
            return name
    return next(_strange_in_chinese(to_simplified(text), named, frozenset().union(*held)), "")


def names(text: str) -> Iterator[str]:
    """What is a Latin name, for all that its spelling tells."""
    for token in _TOKEN.finditer(text):
        word = token.group()
        marked = any(letter.isdigit() for letter in word) or any(letter.isupper() for letter in word[1:])
        if marked or (word[0].isupper() and not (_BEGINS.search(text, 0, token.start()) and _is_word(word))):
            yield word


def _is_word(word: str) -> bool:
    """Whether a word with a capital at the head of a sentence is an ordinary one; of Skill-based its first part tells."""
    first = re.split(r"[-–'’/]", word)[0]
    return first.lower() in _OPENERS or first.lower() in STOPWORDS or _PLAIN_WORD.fullmatch(first) is not None


def _strange_in_chinese(text: str, named: Sequence[VaultNote], words: frozenset[str]) -> Iterator[str]:
    """``text`` is in simplified characters."""
    known = " ".join(fold(one) for note in named for one in texts(note))
    for chinese, latin in _CALLED.items():
        if (found := re.search(chinese, text)) and found.group() not in known and latin not in words:
            yield found.group()
    for found in _ORGANISATION.finditer(text):
        told = any(re.search(chinese, text[: found.end()]) for chinese in _CALLED)
        if not told and not _SOME.search(found.group()) and found.group() not in known:
            yield found.group()
    for title in _TITLE.findall(text):
        if fold(title) not in known:
            yield title
    for found in _PERSON.finditer(text):
        if _COURTESY.sub("", found.group()) not in known:
            yield found.group()


@lru_cache(maxsize=512)
def _words(text: str) -> frozenset[str]:
    """Every word of a text, bare, and each with the word that follows it: "Screen Spot" is ScreenSpot."""
    found = [token.group() for token in _TOKEN.finditer(text)]
    whole = [bare(word) for word in found]
    parts = [bare(part) for word in found for part in re.split(r"[-–'’/.+]", word)]
    return frozenset((*whole, *parts, *(one + other for one, other in pairwise(whole))))


def texts(note: VaultNote) -> tuple[str, ...]:
    """All in which a name may stand: what bears a number, and the authors."""
    return (*witness(note), *note.authors)


def holds(note: VaultNote) -> frozenset[str]:
    """The words of a note, bare."""
    return frozenset().union(*(_words(text) for text in texts(note)))


def stands(name: str, words: frozenset[str]) -> bool:
    """Whether a note holds the name: whole, without its plural or possessive, or in each of the parts that it is joined from."""
    single = bare(re.sub(r"['’]s$", "", name))
    if single in words or (single.endswith("s") and single[:-1] in words) or f"{single}s" in words:
        return True
    parts = [bare(part) for part in re.split(r"[-–/]", name) if part]
    return len(parts) > 1 and all(part in words or part in _OPENERS or part in STOPWORDS for part in parts)


def bare(word: str) -> str:
    """A name without what its spellings differ in: case, hyphens, spaces."""
    return re.sub(r"[\s\-–_.'’+/]+", "", fold(word))
