"""The words that tell what a sentence does in an article, in English and in (simplified) Chinese.

Chinese cues are matched after :func:`notes.fold.to_simplified`, so that one list serves both scripts.
"""

from __future__ import annotations

import re

from notes.fold import to_simplified
from notes.model import Role

__all__ = ["count", "is_about_others", "opens_in_the_air"]

_PROBLEM = re.compile(
    r"\b(?:however|yet|unfortunately|despite|although|while (?:promising|effective|powerful))\b"
    r"|\b(?:challenges|challenging|(?:an?|the|open|key|major|main|central) (?:\w+ ){0,2}challenge"
    r"|bottlenecks?|suffer(?:s|ing)? from|struggl(?:e|es|ing)|hinder(?:s|ed)?|hamper(?:s|ed)?"
    r"|prone to|fail(?:s|ing)? to|lack(?:s|ing)?\b(?! of doubt)|under-?explored|unexplored"
    r"|overlook(?:s|ed)?|unclear|costly"
    r"|expensive|prohibitive(?:ly)?|inefficien(?:t|cy)|difficult(?:y|ies)?|limited by|open (?:problem|question)"
    r"|poorly understood|existing (?:methods|approaches|work|works|benchmarks|models|techniques)"
    r"|current (?:methods|approaches|work|benchmarks|models|systems))\b"
    r"|然而|但是|可是|尽管|挑战|瓶颈|难题|困难|难以|问题在于|问题是|缺乏|受限|成本(?:极|很|过)?高"
    r"|代价|障碍|不可避免|隐患|面临|令人头痛|一直是.{0,15}问题"
    r"|(?:针对|由于).{0,40}(?:问题|不足)|为了?解决",
    re.IGNORECASE,
)
_APPROACH = re.compile(
    r"\bwe (?:\w+ly )?(?:then |also |further |first |therefore |thus )?"
    r"(?:propose|introduce|present|develop|design|describe|build|construct|create|formulate|devise"
    r"|release|train|leverage|explore"
    r"|study|investigate|examine|evaluate|share|conduct|analy[sz]e|formali[sz]e|establish|argue|provide|offer"
    r"|address|tackle|consider)\b"
    r"|\bwe(?:['’]re| are) (?:now |also |excited to |happy to )?(?:shar|releas|introduc|launch"
    r"|announc|publish|open-sourc)(?:e|ing)?\b"
    r"|\b(?:this|the|our) (?:\w+ ){0,2}(?:paper|work|study|article|report|thesis|survey|post)\b[^.]{0,40}?"
    r"\b(?:proposes|introduces|presents|develops|describes|investigates|explores|examines|addresses"
    r"|studies|reviews|surveys"
    r"|provides|offers|analy[sz]es|aims)\b"
    r"|\b(?:is|are) (?:proposed|introduced|presented|developed)\b"
    r"|\b(?:a|an|our) (?:\w[\w-]* ){0,5}(?:framework|method|approach|algorithm|architecture|pipeline"
    r"|paradigm|technique) "
    r"(?:that|which|for|to)\b"
    r"|\b(?:introducing|announcing|meet) [A-Z]|\bcombin(?:es|ing)\b|\bintegrat(?:es|ing)\b"
    r"|提出|引入|介绍了|设计了|构建|建构|开发了|采用|推出|发布了|核心思想|核心创新|创新在于|方法是"
    r"|通过.{2,30}(?:实现|学习|训练)"
    r"|建立了|利用.{2,40}(?:建立|分析|设计|研究)|本文|本研究|我们(?:研究|分析|探讨|训练)|解决的是",
    re.IGNORECASE,
)
_RESULT = re.compile(
    r"\b(?:results?|experiments?|evaluations?|findings|analys[ei]s|simulations?) (?:\w+ ){0,8}?"
    r"(?:show|shows|showed|demonstrate|demonstrates|demonstrated|indicate|indicates|reveal|reveals"
    r"|confirm|confirms|suggest|suggests)\b"
    r"|\bwe (?:\w+ly )?(?:also |further )?(?:find|found|show|demonstrate|observe|achieve|obtain|report|discover)\b"
    r"|\b(?:achiev(?:e|es|ed|ing)|attain(?:s|ed|ing)?|outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|exceed(?:s|ed|ing)?"
    r"|reduc(?:es|ed|ing)|improv(?:es|ed|ing)|yields?|yielding|speeds? up|boost(?:s|ed|ing)?|cuts"
    r"|state-of-the-art|sota)\b"
    r"|\b(?:significant|substantial|consistent)(?:ly)? (?:improve|gain|better|outperform|reduc)\w*"
    r"|(?:结果|实验|仿真|研究|分析)(?:\w{0,4})(?:表明|显示|证明|发现|证实)|达到|优于|超越|超过|刷新"
    r"|提升了?|提高了?|降低了?|减少了?|缩短了?|实现了"
    r"|接近|结论是|媲美|效果(?:良好|显著|惊人)|有效性|成功率|准确率|最佳(?:结果|纪录|记录|性能)",
    re.IGNORECASE,
)
_LIMITATION = re.compile(
    r"\blimitations?\b|\bshortcomings?\b|\bcaveats?\b|\bfuture work\b|\bremain(?:s"
    r"|ing)? (?:\w+ ){0,2}(?:limited|difficult|open|unsolved"
    r"|a challenge|challenging|unclear|far|below|elusive|an open)"
    r"|\bdo(?:es)? not (?:yet )?(?:generali[sz]e|scale|transfer|hold)\b|\bwe caution\b|\bcautio(?:n"
    r"|us)\b|\bat the (?:cost|expense) of\b"
    r"|\b(?:still|even the best|even state-of-the-art|even (?:the )?(?:most|frontier|leading)\b.{0,40}?) (?:\w+ ){0,6}?"
    r"(?:fails?|struggles?|lags?|falls? short|far from|below)\b"
    r"|\bfalls? short\b|\blags? (?:far )?behind\b|\btrade-?offs?\b|\bonly (?:evaluated|tested"
    r"|valid)\b|\bdrops? (?:to|by|sharply)\b|\bdegrad(?:es|ed|ation)\b"
    r"|局限|不足(?!以)|有待|尚未|尚不|仍(?:然|旧)?(?:存在|不|未|有|难|需)|未来(?:工作|研究)|隐忧|短板"
    r"|下降趋势|代价是|只在.{2,20}(?:评估|测试|验证)|同质化",
    re.IGNORECASE,
)
_CUES = {
    Role.LIMITATION: _LIMITATION,
    Role.RESULT: _RESULT,
    Role.APPROACH: _APPROACH,
    Role.PROBLEM: _PROBLEM,
}

# In characters; what is longer is no sentence and only costs time.
_LONGEST = 2000
_OF_OTHERS = re.compile(
    r"\b(?:existing|current|previous|prior|conventional|traditional|recent|prevailing|most|many|these"
    r"|such) (?:\w+[- ]){0,3}?"
    r"(?:methods?|approaches|works?|models?|techniques|systems?|benchmarks?|studies|frameworks"
    r"|solutions|algorithms|datasets?|LLMs)\b"
    r"|\baddress(?:es|ing)? (?:this|these|the)\b|现有|传统|已有|以往|目前的",
    re.IGNORECASE,
)
_IN_THE_AIR = re.compile(
    r"(?:(?:and|but|so|or|then|also|thus|hence|however|moreover|furthermore|additionally|instead"
    r"|as such|here|there|in turn|still"
    r"|consequently|therefore|accordingly|rather|for (?:this|that) reason|because of this|in this way|in doing so"
    r"|for (?:example|instance)|similarly|likewise|conversely|nevertheless|nonetheless|in contrast"
    r"|by contrast|on the other hand"
    r"|specifically|notably|importantly|crucially|in particular|as a result|in addition),? )*"
    r"(?:(?:this|that)(?! (?:paper|work|study|article|report|survey|thesis|post|review|tutorial|essay"
    r"|blog|technical report)\b)"
    r"|these|those|it|its|they|them|their|he|his|she|her|such|the (?:former|latter|same|above"
    r"|resulting|second|third|other)"
    r"|both(?! \w+ and\b)|each|neither|the (?:proposed|presented) \w+|one (?:such|is)|another|others"
    r"|some of (?:them|these)"
    r"|to (?:this end|do so|do this)|doing so|with this|in this case|as a result|first(?:ly)?"
    r"|second(?:ly)?|third(?:ly)?|finally|lastly"
    r"|for (?:example|instance)|in other words|that is|see|figure|table|here)\b"
    r"|(?:而且|但是|但|而|并且|并|同时|因此|所以|此外|另外|其中|于是|不过|然而|然后|更关键的是"
    r"|更重要的是|具体(?:而言|来说)|也就是说|换句话说|例如|比如)?[,，、]?"
    r"(?:这|它|他|她|该|此|其(?!他|次|中)|那|上述|以上|前者|后者|两者|二者|第[一二三四五六][,，]|首先"
    r"|其次|再次|最后|例如|比如|至于|除了上述|同样|也)",
    re.IGNORECASE,
)


def count(sentence: str, role: Role) -> int:
    """How many cues of ``role`` stand in ``sentence``."""
    cues = _CUES.get(role) if len(sentence) <= _LONGEST else None
    return len(cues.findall(sentence if sentence.isascii() else to_simplified(sentence))) if cues else 0


def is_about_others(sentence: str) -> bool:
    """Whether ``sentence`` speaks of the work of others: what falls short there is the problem, not a limitation."""
    return _OF_OTHERS.search(to_simplified(sentence)) is not None


def opens_in_the_air(sentence: str) -> bool:
    """Whether ``sentence`` opens by pointing at what was said before it (These..., It..., 这些..., 它...)."""
    return _IN_THE_AIR.match(to_simplified(sentence.lstrip("「『“\"'‘(（*_ "))) is not None
