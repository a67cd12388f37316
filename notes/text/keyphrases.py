"""Candidate phrases of a text: what topics are named by and what two notes may share.

No segmenter and no model: English phrases are the runs between function words, Chinese ones the
stretches between function characters and the stretches that come again.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from functools import lru_cache

from notes.text.fold import to_simplified

__all__ = ["STOPWORDS", "han_parts", "han_stretches", "phrases"]

_STOPWORDS = """
a about above across after again against all almost along already also although always am among an and another
any anything are around as at away back be became because become becomes been before behind being below best
better between beyond both but by came can cannot come could did do does doing done down due during each either
else enough especially etc even ever every everything far few first for found four from full further furthermore
gave get gets getting give given gives go goes going good got great had has have having he hence her here hers
him his how however i if in indeed inside instead into is isn it its itself just keep kept kind know known large
largely last latter least less let like likely little long lot made mainly make makes making many may maybe me
mean means meanwhile might more moreover most mostly much must my namely near nearly need needed needs neither
never nevertheless new next no none nor not nothing now of off often on once one ones only onto or other others
otherwise our ours ourselves out outside over overall own part particular particularly per perhaps possible put
quite rather really recent recently respectively s said same say second see seem seems seen set several shall
she should show showed shown shows since six small so some something sometimes soon still such t take taken
takes ten than that the their them themselves then there thereby therefore these they thing things third this
those though three through throughout thus to today together too toward towards two under unless until up upon
us use used useful user uses using usually various very via was way ways we well went were what whatever when
where whereas whether which while who whole whom whose why will with within without would yes yet you your yours
able abstract according achieve achieved achieves achieving additional additionally address addresses addressing
aim aims allow allowing allows analysis analyze apply applied approach approaches arxiv article based baseline
baselines build building builds called capabilities capable case cases challenge challenges challenging code
combine combines common commonly compare compared comparing comparison complex comprehensive conduct consider
considered consist consistent consistently consists contrast contribution contributions crucial current
currently data demonstrate demonstrated demonstrates demonstrating design designed despite develop developed
developing diverse e.g effective effectively effectiveness efficient enable enables enabling enhance enhanced
enhances ensure evaluate evaluated evaluating evaluation evidence example examples existing experiment
experimental experiments explore exploring extensive fail fails finally find finding findings finds five focus
focuses framework fundamental gain gains general generate generated gap github good high higher highlight
highlights https http i.e impact important importantly improve improved improvement improvements improves
improving include includes including increase increasing increasingly information insights introduce introduced
introduces introducing investigate issue issues key lack lead leading leads leverage leverages leveraging limit
limited limitation limitations low lower main major method methods methodology metric metrics model models
multiple novel number obtain obtained offer offers outperform outperforming outperforms paper papers perform
performance performs potential present presented presents previous primary prior problem problems promising
propose proposed proposes provide provided provides providing question questions range rate real-world recent
reduce reduced reduces reducing related release rely relies remain remains report require required requires
research result resulting results reveal reveals robust significant significantly simple simultaneously solution
solutions specific specifically standard state-of-the-art strong study studies substantial substantially suggest
suggests superior support surpass surpasses survey system systems tackle task tasks technique techniques term
terms test tested tests time times traditional typically understand understanding unified unlike varying version
wide widely work works www yield yields
"""
STOPWORDS = frozenset(_STOPWORDS.split())
"""English words, lower case, that no phrase begins or ends with: function words and the small change of abstracts."""

# Words that carry nothing alone but are half of a term: language model, transfer learning, information retrieval.
_HALVES = """
analysis approach code data design evaluation framework generation information learning model models network
networks problem research system systems task tasks test time training understanding user users language state
states
"""
_ONLY_IN_PHRASES = frozenset(_HALVES.split())
_BREAKS = STOPWORDS - _ONLY_IN_PHRASES
_TOKEN = re.compile(
    r"https?://\S+|[A-Za-z\u00c0-\u024f][A-Za-z\u00c0-\u024f\d.+'’-]*|\d[\w.]*|[^\w\s-]+|[\u3400-\u9fff]+"
)
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff]+")
_MAX_HAN = 6
# Characters that seldom stand inside a term; those that often do (上下文, 对齐, 后训练) are left out.
_FUNCTION_CHARACTERS = (
    "的了是在和与及或而但并也都就还又才只很更太这那此该其它他她们我你您某每各之以为于由从把被将让给跟若则因着吗呢吧啊些个"
    "至且虽已曾再便均等"
)
_FUNCTION_WORDS = (
    "通过|透过|基于|利用|采用|使用|进行|实现|提出|研究|方法|结果|表明|显示|分析|问题|局限性?|论文|本文|具有"
    "|以及|目前|可以|能够|针对|同时|其中|主要|提供|存在"
    "|影响|不同|相关|重要|发现|认为|需要|成为|作为|包括|首先|其次|最后|例如|因此|所以|然而|如果|通常"
    "|现有|新的|一种|有效|提高|提升|降低|对于|关于|根据"
    "|按照|随着|方面|情况|进一步|不仅|不能|没有|无法|是否|从而|许多|很多|作用|较好|较高|显著|几乎"
    "|达到|意味|对此|使得|当前|虽然|尤其|特别|非常|完全"
    # What asks is no term, nor is half of it: 为何产生幻觉 holds 产生幻觉, while 几何 is one.
    "|[如为任有因]何|(?<!几)何(?:以|时|处|种)|什么|怎么|怎样|哪些|哪种|多少"
    "|之间|分别|一定|良好|明显|正确(?![率性])"
)
_TERMS_WITH_FUNCTION_CHARACTERS = (
    "行为|因果|因子|因素|基因|自由|被动|个性化|个体|个人"
    "|并发症|合并|并行|并联|并购|目的地|的士|太阳|太湖|太极|太空|太平"
)
_BOUNDARY = re.compile(f"(?P<term>{_TERMS_WITH_FUNCTION_CHARACTERS})|{_FUNCTION_WORDS}|[{_FUNCTION_CHARACTERS}]")


def phrases(text: str, lang: str) -> tuple[str, ...]:
    """The candidate phrases of ``text`` in reading order, one for each occurrence (count them for a term frequency).

    English: one to three words between stopwords, lower case except for names (``GPT-4o``, ``RLVR``). Any other
    ``lang``: these, and after them stretches of two to six Chinese characters in the text's own script.
    """
    latin = tuple(_latin_phrases(text))
    return latin if lang == "en" else latin + tuple(_han_phrases(text))


def han_parts(text: str) -> Iterator[str]:
    """Each stretch of two to six Chinese characters that may be a term, whether or not it comes again."""
    return (part for stretch in han_stretches(text) for part in _parts(stretch))


def han_stretches(text: str) -> Iterator[str]:
    """The Chinese between marks, function characters and function words, two characters long or more."""
    return (stretch for run in _HAN_RUN.findall(text) for stretch in _stretches(run))


def _latin_phrases(text: str) -> Iterator[str]:
    run: list[str] = []
    for token in [*_TOKEN.findall(text), "."]:
        word, ends = _word(token)
        if word:
            run.append(word)
        if ends and run:
            yield from _grams(run)
            run = []


@lru_cache(maxsize=65_536)  # half of the time of reading phrases; the words of texts are few
def _word(token: str) -> tuple[str, bool]:
    """The word that a token gives to a phrase, empty for none, and whether the phrase ends with it."""
    word = _normal(token.rstrip(".'’-+"))
    inside = bool(word) and word.lower() not in _BREAKS
    return (word if inside else "", not inside or token.endswith("."))


def _normal(token: str) -> str:
    """The word as it is counted: names as they are, other words lower case, empty for what is no word."""
    if not token or not token[0].isalpha() or _HAN_RUN.match(token) or token.startswith("http"):
        return ""
    word = re.sub(r"['’]s$", "", token)
    # Capitals after a hyphen are a title's (Hand-Written); any other inner capital or digit makes a name.
    inner = re.sub(r"(?<=-)[A-Z](?=[a-z])", "", word[1:])
    return word if re.search(r"[A-Z\d]", inner) else word.lower()


def _grams(run: list[str]) -> Iterator[str]:
    """The terms of up to three words of a run; no word comes twice in one."""
    for first, second, third in zip(run, [*run[1:], ""], [*run[2:], "", ""], strict=False):
        alone, heads = _uses(first)
        if alone:
            yield first
        if second and second != first and (heads or second == "series"):
            yield f"{first} {second}"
            if third and third not in (first, second):
                yield f"{first} {second} {third}"


@lru_cache(maxsize=65_536)
def _uses(word: str) -> tuple[bool, bool]:
    """Whether a word is a term alone, and whether a longer one begins with it."""
    alone = len(word) > 2 and word.lower() not in _ONLY_IN_PHRASES
    return alone or (word.isupper() and len(word) == 2), word.lower() not in {"state", "states", "user", "time"}


def _han_phrases(text: str) -> Iterator[str]:
    """Whole short stretches between function characters, and parts of the longer ones that come at least twice."""
    stretches = list(han_stretches(text))
    repeated = _repeated(stretches)
    for stretch in stretches:
        parts = _parts(stretch)
        yield from (part for part in parts if part in repeated or part == stretch)


def _stretches(run: str) -> Iterator[str]:
    """What lies between function words and characters, two characters long or more."""
    marked = _BOUNDARY.sub(lambda found: found["term"] or "|" * len(found.group()), to_simplified(run))
    for stretch in re.finditer(r"[^|]{2,}", marked):
        yield run[stretch.start() : stretch.end()]


def _parts(stretch: str) -> list[str]:
    return [
        stretch[start : start + length]
        for start in range(len(stretch) - 1)
        for length in range(2, min(_MAX_HAN, len(stretch) - start) + 1)
    ]


def _repeated(stretches: list[str]) -> frozenset[str]:
    """The parts that come at least twice and not only inside one longer part."""
    counts = Counter(part for stretch in stretches for part in _parts(stretch))
    swallowed = {
        inner
        for part, count in counts.items()
        if count > 1
        for inner in (part[:-1], part[1:])
        if counts.get(inner) == count
    }
    return frozenset(part for part, count in counts.items() if count > 1 and part not in swallowed)
