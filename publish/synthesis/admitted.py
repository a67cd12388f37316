"""Sentences that speak against: findings that disappoint, limits that authors admit, problems that they call open.

They are known by their words: a verdict beside a word of finding, or a word of lack. A sentence that praises its own work in
the same words is none, and where the words leave it open the sentence is not taken: a post can do without it.
"""

from __future__ import annotations

import re

__all__ = ["disappoints", "is_called_open", "is_limit", "is_open_problem"]


def _any(*english: str, chinese: str) -> re.Pattern[str]:
    """Any of these, the English ones as whole words."""
    return re.compile(rf"\b(?:{'|'.join(english)})\b|{chinese}", re.IGNORECASE)


_FINDS = _any(
    r"finds?|found|show(?:s|ed)?|reveal(?:s|ed)?|observed?|demonstrates?|indicates?|suggests?|uncovers?|exposes?",
    r"highlights?|confirms?|results|experiments|findings|we evaluate|even|surprisingly|notably|however|yet",
    chinese="发现|發現|结果|結果|表明|显示|顯示|然而|但",
)
_FAILS = _any(
    r"fail(?:s|ed|ing)?|struggl(?:e|es|ed|ing)|degrad(?:e|es|ed|ing)|worse than|underperform(?:s|ed|ing)?",
    r"drops? (?:sharply|significantly|by|from|to|below|on|in|when)",
    r"declin(?:e|es|ed) (?:sharply|significantly|by|from|to|as|when)",
    r"fall(?:s|ing)? (?:short|behind|far)|lags? (?:far )?behind|inconsistent(?:ly)?|brittle|unreliable|can ?not",
    r"far (?:from|below) (?:human|perfect|reliable|optimal|saturated)|overestimat\w+",
    r"remains? (?:an? )?(?:\w+ )?(?:limited|challeng\w+|difficult|unsolved|elusive|unclear|poor|low|insufficient|bottleneck)",
    r"no (?:significant|consistent|clear|measurable) (?:\w+ )?(?:gain|improvement|benefit|advantage|effect|difference)s?",
    r"do(?:es)? not (?:\w+ )?(?:improve|help|transfer|generali[sz]e|scale|lead|guarantee|translate|reliably|consistently)",
    r"limited (?:ability|gains?|benefits?|generali[sz]ation|success|robustness)",
    r"(?:reach|achiev|attain|scor|accurac|solv|succe)\w* (?:[\w-]+ ){0,5}?(?:only|just|merely|at best|below|less than|under)"
    r" (?:\w+ ){0,3}\d+(?:\.\d+)?(?= ?\\?%| percent)",
    chinese="不如|(?:明显|明顯|显著|顯著)下降|失败|失敗|难以|難以|不足|落后于|落後於|(?<!不)[仅僅]有?\\d|仍然?(?:不|无法|無法)",
)
_LACKS = _any(
    r"(?:main|key|one|major|important|further|current) limitations?|limitations? (?:is|are|include|remain)",
    r"(?:is|are) limited to|remains? (?:limited|open|unclear|untested|unexplored|to be seen)",
    r"(?:left|leave|leaving) (?:\w+ ){0,3}(?:for|to) future|future work",
    r"not (?:yet )?(?:been )?(?:evaluated|tested|validated|addressed|explored)",
    r"cannot (?:exclude|rule out|handle|guarantee|replace)|caution(?:s|ed)? (?:that|against)|caveats?",
    r"shortcomings?|drawbacks?|only (?:evaluated|tested|validated|applies|applicable|covers?|considers?)",
    r"requires? (?:substantial|significant|costly|expensive|careful)|at the (?:cost|expense) of",
    r"still (?:requires?|relies|depends|lacks?|struggles?)",
    chinese="局限(?:在于|在於|性)|尚未|(?<!不)[仅僅]在|有待|未来工作|未來工作|代价|代價|仍依[赖賴]",
)
_OPEN = _any(
    r"open (?:problems?|questions?|challenges?)|poorly understood|understudied|under-?explored|unresolved",
    r"remains? (?:an? )?(?:(?:largely|poorly|relatively|still) )?(?:\w+ )?"
    r"(?:open|unclear|unsolved|challeng\w+|unexplored|elusive|difficult|limited|bottleneck|problem|unanswered)",
    r"(?:is|are) (?:still |currently )?(?:lacking|missing|absent|scarce)",
    r"there (?:is|are|remains) (?:still )?(?:no|limited|little|few)",
    r"lacks?|suffers? from|struggles? (?:to|with)|fails? to|hinder(?:s|ed|ing)?",
    r"bottlenecks?(?! (?:MLP|layer|block|adapter|router|module|feature)s?)",
    chinese="尚未|难题|難題|瓶颈|瓶頸|缺乏|困难|困難|难以|難以|亟待|未解",
)
_CALLED_OPEN = _any(
    r"open (?:problems?|questions?|challenges?)|remains? (?:\w+ )?(?:open|unsolved|unanswered|unresolved)|unresolved",
    chinese="尚未|悬而未决|懸而未決|亟待|未解|有待|开放问题|開放問題",
)
_COSTS = _any(
    r"expensive|costly|slow(?:er)?|not|only|but|however|although|though|still|limited|unclear|narrow|until|unless|needs?",
    chinese="[昂贵貴]|[较較]慢|[仅僅只]|但|尚|仍|未",
)
_PRAISES = _any(
    r"(?:bridg|clos)(?:e|es|ing) (?:the|this|that) (?:\w+ )?gap|not only|outperform\w*|state-of-the-art|sota|surpass\w*",
    r"without (?:compromising|sacrificing|degrad\w+|additional|any)|superior|pav(?:e|es|ing) the way|open-?sourc\w*",
    r"releas(?:e|es|ed|ing)|to (?:foster|facilitate|advance)|support(?:s|ing)?|contribut\w+|offers? an?|enabl(?:e|es|ing)",
    r"(?:address|mitigat|alleviat|overcom|tackl|resolv|reduc|eliminat|avoid|prevent)\w*",
    r"provid(?:e|es|ing) an?|improv(?:es|ed|ing) (?:over|upon|on|by)|effective(?:ly|ness)?|promising",
    r"(?:minimi[sz]|maximi[sz])(?:es|ed|ing)|ensur(?:e|es|ing)|motivat(?:e|es|ed|ing)",
    r"(?<!not )(?:produc|yield|bring|deliver)\w* (?:dramatic|substantial|significant|consistent|large) (?:\w+ )?"
    r"(?:gain|improvement)s",
    r"achiev(?:e|es|ing) (?:competitive|strong|consistent|an? \d+)|strengths and limitations",
    chinese="优于|優於|超越|解决了|解決了|有效|开源|開源|不[仅僅但]",
)

# "We surface infrastructure bottlenecks and offer guidance" tells none of them.
_ONLY_LISTS = re.compile(
    r"\b(?:surfac|distill|outlin|summari[sz]|catalogu?|review|discuss|map)(?:e|es|ed|ing|s)?\b[^.;]{0,60}"
    r"\b(?:bottlenecks|(?:open )?(?:problems|questions|challenges))\b",
    re.IGNORECASE,
)


def disappoints(sentence: str) -> bool:
    """Whether it reports a finding against what one would hope for."""
    found = _FINDS.search(sentence)
    # The verdict follows the finding: what is named before it is what was looked at.
    return found is not None and bool(_FAILS.search(sentence, found.end())) and not _PRAISES.search(sentence)


def is_limit(sentence: str, *, by_place: bool = False) -> bool:
    """Whether it admits what the work does not do or has not shown; ``by_place`` where its place says so already."""
    cues = (_LACKS, _FAILS, _OPEN, _COSTS) if by_place else (_LACKS,)
    return any(cue.search(sentence) for cue in cues) and not _PRAISES.search(sentence)


def is_called_open(sentence: str) -> bool:
    """Whether it says of something that it is open, and not only that something is lacking."""
    return _CALLED_OPEN.search(sentence) is not None


def is_open_problem(sentence: str) -> bool:
    """Whether it names what nobody has solved."""
    return bool(_OPEN.search(sentence)) and not _PRAISES.search(sentence) and not _ONLY_LISTS.search(sentence)
