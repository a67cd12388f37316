"""A sentence of a source as a post tells it: without an opening that leans on what went before, and in the third person.

``To address this gap, we propose X, which …`` becomes ``The authors propose X, which …``. Nothing else changes: every other
word, number and name stands as it stood, so that whoever has the source's sentence can make the post's from it again
(:func:`is_retold`). A paper speaks of itself as "we" and "this paper"; in a post that would be the post. What others write in
the first person is left as it is, to be shown in quotation marks.
"""

from __future__ import annotations

import re
from itertools import product

__all__ = ["is_retold", "points_back", "retold", "speaks_of_itself", "without_opening"]

_ADVERBS = (
    r"furthermore|moreover|additionally|in addition|besides|further|notably|importantly|crucially|remarkably|interestingly"
    r"|surprisingly|impressively|specifically|in particular|concretely|next|then|finally|lastly|first(?:ly)?|second(?:ly)?"
    r"|third(?:ly)?|especially|overall|thus|therefore|hence|consequently|accordingly|as a result|in summary|in conclusion"
    r"|ultimately|meanwhile|alongside|correspondingly|more specifically|more importantly|most importantly|equally important"
    r"|also|however|nevertheless|nonetheless|instead|similarly|likewise|conversely|in response|in doing so|in turn|here"
    r"|in contrast|by contrast|for comparison|in comparison"
    r"|for this purpose|with this in mind|at the same time|on the other hand|that said|to summari[sz]e|beyond this|in practice"
)
_PLACES = (
    r"(?:in|with|through|throughout) (?:this|the present|our) (?:paper|work|study|article|report|survey|thesis|letter"
    r"|tutorial|position paper|technical report|review|post)"
)
_MEANS = (
    r"to (?:this end|do so|do this|achieve this|that end)|towards? (?:this|that) (?:end|goal|aim)"
    r"|(?:in order )?to (?:address|tackle|overcome|solve|mitigate|bridge|fill|close|resolve|alleviate|remedy|achieve|meet|enable"
    r"|facilitate|support|power|realize|reali[sz]e|accomplish|combat|handle|counter|answer|explore|investigate|study|remedy"
    r"|reduce|avoid|circumvent|cope with|deal with|respond to|rectify|narrow|capture|validate|verify|demonstrate|test"
    r"|quantify|measure) "
    r"(?:(?:both )?(?:this|these|those|that|such|the aforementioned|the above|it|them)\b[^,.;:]{0,70}"
    r"|the (?:challenge|problem|issue|limitation|gap|question|shortcoming)s?(?=,))"
    r"|(?:motivated|inspired|guided|driven|informed|encouraged) by (?:this|these|those|such|our)\b[^,.;:]{0,50}"
    r"|(?:addressing|building (?:up)?on|based on|using|leveraging|given|recognizing|following|exploiting|with"
    r"|beyond|despite|considering|against)"
    r" (?:this|these|those|such|that|it)\b[^,.;:]{0,50}"
)
_OPENING = re.compile(rf"(?:and |but |so )?(?:{_ADVERBS}|{_PLACES}|{_MEANS}),\s+", re.IGNORECASE)
_BARE_PLACE = re.compile(rf"{_PLACES}\s+(?=we\b)", re.IGNORECASE)
_BARE_CONTRAST = re.compile(r"(?:Yet|But|And|So)\s+(?=[a-z])(?!that\b|called\b|far\b|as\b)")
_CHINESE_OPENING = re.compile(
    r"(?:(?:为此|為此|因此|所以|此外|另外|同时|同時|最后|最後|首先|其次|再次|具体而言|具體而言|具体来说|具體來說|总之|總之|综上所述|綜上所述"
    r"|在此基础上|在此基礎上|基于此|基於此|对此|對此|值得注意的是|更重要的是|更关键的是|更關鍵的是|然而|不过|不過|结果|結果|另一方面"
    r"|在?本文中|在?本(?:研究|论文|論文|工作)中|[针針][对對](?:这|這|此|上述|以上|该|該)[^，,。；]{0,24})[，,]\s*)"
    # A conjunction alone, which no comma follows; not the first half of a word (但凡, 而且, 并行).
    r"|(?:然[后後]|[随隨][后後]|接[着著])[，,]?|最[后後](?=[通利进進给給对對用将將以]|[采採]用|[结結]合)"
    r"|同[时時](?![性刻期段间間])|但是?(?![丁凡愿願求])|而(?![且今立后後言已])|(?:并|並)且?(?![行发發联聯列非购購网網不存置排入肩未无無])|且(?!慢|不说)"
)
# The headings of a structured abstract, and 结果表明 behind them: the post has its own.
_LABEL = re.compile(
    r"^(?:[结結]果(?:表明|[显顯]示|[发發][现現]|[证證][实實明])[，,：:]\s*|(?:目的|方法|[结結]果|[结結][论論]|背景)(?:\s*[:：]\s*|\s+)|目的(?=探[讨討]|研究|[观觀]察|分析|了解|[评評][价價估]|比[较較]|建立)"
    r"|方法(?=\d|[对對]|通[过過]|[选選]取|[采採]用|回[顾顧]|收集|[将將]|[应應]用)|[结結]果(?=\d|患者|[^，,。:：]{1,8}[组組](?!合|成|织|織|件|装|裝)))"
)
# Of a list whose "First" is not told, or lost it as an opening.
_ORDINAL = re.compile(r"(?:second|third|fourth)(?:ly)?,\s+", re.IGNORECASE)
_MOST_OPENINGS = 3
_LEAST_WORDS = 4
_PLAIN_WORD = re.compile(r"[a-z]+(?:[-'’][a-z]+)*(?![\w-])")
_FIRST = re.compile(r"\b(?:[Ww]e|[Oo]urselves|[Oo]urs|[Oo]ur|us)\b(?!['’.]\w)")
_THIRD = {"we": "they", "our": "their", "us": "them", "ours": "theirs", "ourselves": "themselves"}
_FIRST_THIRD = {"we": "the authors", "our": "the authors’", "us": "the authors", "ours": "the authors’"}
_ITSELF = re.compile(
    r"\b([Tt])his (?=(?:paper|work|study|article|survey|thesis|report|review|technical report|position paper)\b)"
)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|「[^」]*」|『[^』]*』")
# 文本, 样本, 成本 and their like are no "this".
_NO_THIS = "基日根文样樣标標成版脚腳剧劇原资資书書课課蓝藍副译譯读讀刻范範孤亏虧股人体體"
_THIS_TEXT = re.compile(
    rf"(?<![{_NO_THIS}])本(文(?![化字件本档檔])|研究|[论論]文|算法|方法|系[统統]|模型|[课課][题題]|[设設][计計]|[实實][验驗]|[试試][验驗])"
)
_HAN = re.compile(r"[\u3400-\u9fff]")
_TRADITIONAL_ONLY = re.compile(r"[們為這個與對時來說從實現學習過類據應該並將無種數問題論構機]")
_BACK = re.compile(
    r"\b(?:(?:[Tt]his|[Tt]hese|[Ss]uch)(?! (?:as|that|paper|work|study|article|survey|thesis|report|review)\b)"
    r"|[Tt]hose(?! (?:of|with|from|who|in|using|trained|on|by|for|that)\b)"
    r"|[Tt]he (?:former|latter|above|aforementioned|same))(?P<thing>(?: [\w-]+){0,3})"
    r"|\bsimilar (?:challenges|problems|issues|limitations|difficulties)\b(?! (?:to|as)\b)"
    r"|\b[Tt]he field(?= (?:has|is|remains|still|now)\b)"
    r"|^(?:It|They|Its|Their|He|She|Both|Each)\b|^(?:[\w-]+ ){1,3}them\b"
    r"|^The (?:first|second|third|other) (?:is|was|one|of)\b|^(?:We|The authors) \w+ (?:its|it|their)\b"
)
_CHINESE_BACK = re.compile(
    r".{0,10}(?:[这這][些种種个個一两兩类類]|[该該](?![文研论論])|上述|此[类類种種外]|前者|后者|後者"
    r"|其(?![他次中实實]))|[它他她]"
)
_OF_WORK = re.compile(
    r"this (?:[\w-]+ ){0,2}(?:framework|method|approach|model|system|paradigm|architecture|design|strategy|technique|pipeline"
    r"|algorithm|mechanism|recipe|training)\b",
    re.IGNORECASE,
)
_CHINESE_HEAD, _LEAST_NOUN, _STEM = 12, 4, 5
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]ur|[Oo]urs|us|I|[Mm]y)\b|我[们們]|(?<!文)本(?:文|研究|论文|論文)")


def retold(sentence: str, *, paper: bool, follows: bool = False, named: bool = False) -> str:
    """A sentence as a post tells it; ``paper`` lets the first person be its authors.

    With ``follows`` the sentence before it in the source stands right before it in the post, so that its opening is kept; with
    ``named`` the authors were just spoken of, and are "they".
    """
    bare = _LABEL.sub("", sentence)
    text = without_opening(bare) if not follows or _ORDINAL.match(bare) else bare
    return _of_authors(text, named=named) if paper else _of_this_text(text)


def is_retold(text: str, sentence: str) -> bool:
    """Whether ``text`` is what :func:`retold` makes of ``sentence``."""
    ways = product((True, False), repeat=3)
    return any(text == retold(sentence, paper=paper, follows=follows, named=named) for paper, follows, named in ways)


def points_back(sentence: str, *, of_work: bool = False) -> bool:
    """Whether a sentence, without its opening, speaks of something that only another sentence names ("this gap", 这一方法).

    With ``of_work`` the work itself has been introduced, so that "this framework" is no longer open.
    """
    text = without_opening(sentence)
    if _HAN.search(text[:_CHINESE_HEAD]):
        return _CHINESE_BACK.match(text) is not None
    open_ends = (found for found in _BACK.finditer(text) if not (of_work and _OF_WORK.match(found[0])))
    return any(_has_no_antecedent(text, found) for found in open_ends)


def _has_no_antecedent(text: str, found: re.Match[str]) -> bool:
    """Whether no word of the thing that is pointed at stands before."""
    before = text[: found.start()].lower()
    nouns = [word.lower()[:_STEM] for word in (found["thing"] or "").split() if len(word) >= _LEAST_NOUN]
    return not any(noun in before for noun in nouns)


def speaks_of_itself(sentence: str) -> bool:
    """Whether a sentence is in the first person."""
    return _FIRST_PERSON.search(_QUOTED.sub(" ", sentence)) is not None


def without_opening(sentence: str) -> str:
    """The sentence without what leans on another one; whole where the rest would be no sentence."""
    rest = sentence
    for _ in range(_MOST_OPENINGS):
        opening = (
            _OPENING.match(rest)
            or _BARE_PLACE.match(rest)
            or _BARE_CONTRAST.match(rest)
            or _CHINESE_OPENING.match(rest)
        )
        if opening is None:
            break
        rest = rest[opening.end() :]
    if rest == sentence or not _is_sentence(rest):
        return sentence
    return _raised(rest)


def _is_sentence(rest: str) -> bool:
    return bool(rest) and (len(rest.split()) >= _LEAST_WORDS or _HAN.search(rest) is not None)


def _raised(text: str) -> str:
    """With a capital first, unless a name begins it that is spelled otherwise (iGRPO, vLLM)."""
    return text[:1].upper() + text[1:] if _PLAIN_WORD.match(text) else text


def _of_authors(text: str, *, named: bool) -> str:
    if _HAN.search(text):
        return _of_this_text(_without_first_person(text))
    if any(_FIRST.search(quoted) for quoted in _QUOTED.findall(text)):
        return text
    text = _ITSELF.sub(lambda found: "The " if found[1] == "T" else "the ", text)
    told = named

    def third(found: re.Match[str]) -> str:
        nonlocal told
        word = found[0].lower()
        shown = _THIRD[word] if told or word == "ourselves" else _FIRST_THIRD[word]
        told = True
        opens = found.start() == 0 or text[: found.start()].endswith((". ", "? ", "! "))
        return shown[:1].upper() + shown[1:] if opens else shown

    return _FIRST.sub(third, text)


def _without_first_person(text: str) -> str:
    if any(_FIRST_PERSON.search(quoted) for quoted in _QUOTED.findall(text)):
        return text
    return text.replace("我们", "作者").replace("我們", "作者")


def _of_this_text(text: str) -> str:
    """本文 and 本研究 are the source's, never the post's."""
    if not _THIS_TEXT.search(text) or any(_THIS_TEXT.search(quoted) for quoted in _QUOTED.findall(text)):
        return text
    that = "該" if _TRADITIONAL_ONLY.search(text) else "该"
    return _THIS_TEXT.sub(lambda found: that + found[1], text)
