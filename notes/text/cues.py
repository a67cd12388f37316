"""The words that tell what a sentence does in an article, in English and in (simplified) Chinese.

Chinese cues are matched after :func:`notes.text.fold.to_simplified`, so that one list serves both scripts.
"""

from __future__ import annotations

import re

from notes.model import Role
from notes.text.fold import to_simplified

__all__ = [
    "OPENING",
    "count",
    "is_about_others",
    "is_main_limitation",
    "is_recipe",
    "is_thesis",
    "leans_on",
    "opens_in_the_air",
    "tells_this_method",
    "work_pronoun",
]

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
    r"|valid)\b|\bonly\b[^.;]{1,60}?\b(?:is|are|was|were|has been|have been) (?:tested|tried|evaluated|studied|examined"
    r"|measured|considered|verified)\b"
    r"|\b(?:was|were|has|have) not (?:yet )?(?:been )?(?:tested|tried|evaluated|studied|examined|measured|considered"
    r"|verified|validated)\b|\bdrops? (?:to|by|sharply)\b|\bdegrad(?:es|ed|ation)\b"
    r"|局限|不足(?!以)|有待|尚未|尚不|仍(?:然|旧)?(?:存在|不|未|有|难|需)|未来(?:工作|研究)|隐忧|短板"
    r"|下降趋势|代价是|[只仅]在.{2,20}(?:评估|测试|验证)|[只仅]测(?:过|试)"
    r"|(?:未经|未(?:在.{1,20})?|没有?(?:在.{1,20})?)(?:测试|评估|测过)|同质化",
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
_MAIN_LIMITATION = re.compile(
    r"\b(?:main|chief|biggest|primary|greatest|most important)"
    r" (?:open )?(?:limitations?|caveats?|weakness(?:es)?|drawbacks?|shortcomings?|limits?)\b"
    r"|(?:主要|最大|根本)的?(?:局限性?|限制|不足|缺点|短板)",
    re.IGNORECASE,
)
# What a work sets out to show tells its idea less than what it does.
_THESIS = re.compile(
    r"\b(?:sets? out|aims?|wants?|tries|seeks?|hopes?|attempts?) to (?:show|prove|demonstrate|argue)\b"
    r"|(?<!\bwe )\bargues? (?:that|for)\b|(?:想要?|试图|希望|旨在|意在)(?:证明|说明|表明|论证)",
    re.IGNORECASE,
)
_TRAINS = re.compile(
    r"\b(?:(?:pre|post)-?)?train(?:s|ed|ing)?\b|\bfine-?tun(?:es?|ed|ing)\b|\bdistill?(?:s|ed|ing|ation)?\b"
    r"|\breinforcement learning\b|\d:\d+ (?:\w+ ){0,2}(?:attention|layers?|pattern|ratio|mix)"
    r"|训练|微调|强化学习|蒸馏",
    re.IGNORECASE,
)
_NUMBERED = re.compile(
    r"(?<![A-Za-z\d.-])\d[\d.,]*[kKMBT%]?(?![A-Za-z\d])"
    r"|\b(?:one|two|three|four|five|six)[- ](?:stages?|steps?|phases?|rounds?|epochs?)\b"
    r"|[一二两三四五六七八九十百千](?:步|阶段|轮|个|次|种|项|万|亿)",
    re.IGNORECASE,
)
_COMES_OUT = re.compile(
    r"\b(?:reach|achiev|attain|obtain|improv|outperform|surpass|exceed|beat|match|gain|boost|rais|lift|increas|reduc"
    r"|sav|cut|scor|solv|accura|correct|success|better|faster|fewer|less|cheaper|lower|higher|best|win|show|find|found"
    r"|result|outcome|lead|perform|yield|generali[sz]|drop|degrad|remain|only|times|demonstrat|superior|effective|validat|evaluat"
    r"|experiment|compar|quality|not\b)\w*"
    r"|达|提升|提高|超|优于|降低|减少|缩短|节省|节约|相当|接近|胜|准确|成功率|得分|结果|更|最(?!后|终)|表明|显示|证明|发现",
    re.IGNORECASE,
)
_THING = r"(?:model|method|approach|framework|system|agent|algorithm|pipeline|architecture|technique|tool)"
_WORK_PRONOUN = re.compile(
    r"(?:(?:moreover|furthermore|in addition|additionally|overall|notably|specifically|in particular|as a result"
    r"|in total|also|finally),? |(?P<front>(?:on|in|across|for|at|with|under|over|after)"
    r" (?!example|instance|contrast|turn|this|that|addition|first|all\b)[^,.;:]{1,60}?,? "
    r"|[在于][^,，。；;:：]{1,40}[,，]?\s?)|(?:此外|另外|同时|最终|最后|结果|值得注意的是)[,，]?)?"
    r"(?P<subject>it(?![\w'’])(?! (?:is|was|has been|remains|becomes|appears|seems|turns out|follows)\b[^,.;]{0,40}?"
    r"\b(?:that|to|how|whether|why)\b)|its(?![\w'’])|它(?!们)"
    rf"|(?:the|this) (?:proposed |resulting |final |trained |full |new )?{_THING}(?![\w'’])"
    r"|(?:该|此|这[个一款种套]?)(?:模型|方法|框架|系统|算法|架构|智能体|方案|工具|技术))",
    re.IGNORECASE,
)
# Openings that lean on what was said, though what follows them is whole.
_LEANING = re.compile(
    r"(?:to (?:this end|do so|do this|address (?:this|these)[^,]{0,30})|here|in response|thus|therefore|finally|first(?:ly)?"
    r"|second(?:ly)?|in addition|with this|in doing so|accordingly|as a result|instead|notably|为此|為此|最后|最後|对此|對此)"
    r"[,，] ?(?=(?:we|our|the|an?|results|experiments|[A-Z\u4e00-\u9fff])\b|[\u4e00-\u9fff])",
    re.IGNORECASE,
)
_THIS_METHOD = re.compile(
    r"(?:this|the (?:proposed|resulting)|our) (?:[\w-]+ ){0,3}(?:method|framework|approach|model|system|benchmark|dataset)\b",
    re.IGNORECASE,
)

OPENING = re.compile(
    r"(?:in (?:this|the present) (?:paper|work|study|article|report|post)|in our (?:paper|work|study)"
    r"|specifically|in particular|notably"
    r"|importantly|crucially|moreover|furthermore|additionally|in addition|however|therefore|thus"
    r"|hence|consequently|overall"
    r"|in summary|in conclusion|to summari[sz]e|finally|also|as a result),\s+(?=(?-i:[A-Z])|[\d\"“])"
    r"|(?:在?本文中?|(?:在)?本(?:研究|论文|論文|工作)中|具体(?:而言|来说)|具體(?:而言|來說)|此外|另外"
    r"|因此|所以|总之|總之|综上所述|綜上所述|最后|最後|同时|同時"
    r"|值得注意的是|更重要的是|更关键的是|更關鍵的是|然而|不过|不過)[,，]\s*",
    re.IGNORECASE,
)
"""What may stand ahead of a sentence that is whole without it."""


def count(sentence: str, role: Role) -> int:
    """How many cues of ``role`` stand in ``sentence``."""
    cues = _CUES.get(role) if len(sentence) <= _LONGEST else None
    return len(cues.findall(sentence if sentence.isascii() else to_simplified(sentence))) if cues else 0


def is_about_others(sentence: str) -> bool:
    """Whether ``sentence`` speaks of the work of others: what falls short there is the problem, not a limitation."""
    return _OF_OTHERS.search(to_simplified(sentence)) is not None


def opens_in_the_air(sentence: str) -> bool:
    """Whether ``sentence`` opens by pointing at what was said before it (These..., On X it..., 这些..., 它...)."""
    if _IN_THE_AIR.match(to_simplified(sentence.lstrip("「『“\"'‘(（*_ "))):
        return True
    pronoun = _WORK_PRONOUN.match(to_simplified(sentence))
    return pronoun is not None and pronoun["front"] is not None and not pronoun["subject"].lower().startswith("the ")


def work_pronoun(sentence: str) -> tuple[int, int] | None:
    """Where ``sentence`` opens with a word that can stand for the work it tells of: it, the model, 它, 該方法.

    An adverb or a place may stand ahead ("On WebArena it ..."). An "it" that stands for nothing is none.
    """
    match = _WORK_PRONOUN.match(to_simplified(sentence))
    return match.span("subject") if match else None


def is_recipe(sentence: str) -> bool:
    """Whether ``sentence`` tells in numbers how something is trained or built, and nothing that came of it."""
    if len(sentence) > _LONGEST:
        return False
    plain = to_simplified(sentence)
    return bool(_TRAINS.search(plain) and _NUMBERED.search(plain)) and not _COMES_OUT.search(plain)


def is_thesis(sentence: str) -> bool:
    """Whether ``sentence`` tells what a work wants to show rather than what it does."""
    return _THESIS.search(to_simplified(sentence)) is not None


def is_main_limitation(sentence: str) -> bool:
    """Whether ``sentence`` calls a limitation the main one."""
    return _MAIN_LIMITATION.search(to_simplified(sentence)) is not None


def leans_on(sentence: str) -> int:
    """How long an opening ("To this end, ") is that leans on what was said, though what follows it is whole; or 0."""
    opening = _LEANING.match(sentence)
    return opening.end() if opening else 0


def tells_this_method(sentence: str) -> bool:
    """Whether ``sentence`` opens with "This new framework" or the like."""
    return _THIS_METHOD.match(sentence) is not None
