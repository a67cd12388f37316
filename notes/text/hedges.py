"""What takes a figure back: a denial, a doubt, a retraction, a condition, a report of others, a bound.

"It is false that A reaches 95%" holds the clause "A reaches 95%" word for word, and the clause says the opposite of its
sentence. Whoever takes a figure out of its sentence asks here first. The lists are wide on purpose: a figure that is
passed over can be read in its note, one that its source denies is believed. What only looks like a denial ("not only",
"no additional cost", 不仅, 无需) is taken out before the rest is read; a sentence of more than 2,000 characters is never read
and counts as hedged.
"""

from __future__ import annotations

import re

from notes.text.fold import fold

__all__ = ["bound", "is_hedged"]

_LONGEST = 2000
_SPACE = re.compile(r"\s+")
_DIGITS = r"\s?[~$≈约]?\s?(?:\d|百分之|[零一二三四五六七八九十百千万两]+(?:成|倍|分之))"
_HARMLESS = re.compile(
    r"(?<![a-z])(?:"
    r"not (?:only|just|merely|simply|solely)|if any|no-(?=[a-z])|(?:no|not) (?:more|less|fewer|greater|later) than"
    r"|no (?:additional|extra|further|added|external|prior|manual|human|labell?ed) (?:[a-z-]+ ){0,2}?(?:cost"
    r"|overhead|data|training"
    r"|parameter|supervision|annotation|label|comput|latency|inference|fine-?tuning|model|module|knowledge|hardware)[a-z]*"
    r"|(?:with|need|needs|requires?|requiring|needing|incurs?|introduces?|uses?) no"
    r"|(?:(?:do|does|did) not|don['’]t|doesn['’]t|not) (?:need|rely|requir)[a-z]*"
    r"|false[- ](?:positiv|negativ|alarm|accept|reject|discover|detect)[a-z]*|false memor(?:y|ies)|true[/ -]+(?:or[ -])?false"
    r"|(?:incorrect|wrong|erroneous|invalid) (?:answer|prediction|decision|label|choice|response|output"
    r"|classification|code|sample"
    r"|reasoning)s?|claim (?:verification|detection|extraction|decomposition|check-?worthiness)"
    r"|a few|few-? ?shot|as few as|few (?:sample|step|example|label|parameter|minute|second|hour)s?"
    r"|(?:failure|failed) (?:detection|mode|prediction|rate|case)s?|if and only if|what-if|if-then|if-else"
    r"|expected calibration|may 20\d\d"
    r"|chains?[- ]of[- ]thoughts?)(?![a-z])"
    r"|不(?:仅|但|只|单|断|同|少|论|管|需|必|依赖|再依赖|额外|牺牲|影响|损失|均衡|平衡|完整|确定性|一致性|规则|稳定|冻结|良|久|局限|限于|菲|容忽视|可或缺"
    r"|可见光|可逆|可区分|可微|匹配|对称|连续|相关|相交|安全|适定|透明|公平|动产|锈钢|对齐|低于|少于)"
    rf"|(?<![达得做够及])不(?:足|到|超过|高于|大于|多于|满){_DIGITS}"
    r"|没有额外|没有(?:变差|下降|退化|降低|损失)(?![到至])|未见(?:提升|下降|退化|降低)(?![到至])|并不矛盾|不如(?=[^，,；;。\d百分]{1,20}(?:[，,；;。]|$))"
    r"|未(?:标注|标记|配对|对齐|剪枝|经微调|经训练)|是否开源|若干|可能性|误(?:差|报率|检率|码率|识率)"
    r"|错误(?:率|检测|纠正|分析|类型|修正|定位|传播|累积)|假(?:新闻|阳性|阴性|设检验)|预(?:测|训练|处理)|(?:标签|数据|语法|拼写)纠错"
)

_DENIED = (
    r"not|never|neither|nor|none|nobody|nowhere|nothing|cannot|no|unable|incapable|inability|hardly|scarcely|barely"
    r"|(?:ca|wo|do|does|did|is|are|was|were|has|have|had|could|would|should|ai)nt|rarely|seldom|few"
    r"|little (?:evidence|chance|hope)"
    r"|fail(?:s|ed|ing|ure|ures)?|(?:fall|falls|fell|fallen|falling|stop|stops|stopped) (?:\w+ )?(?:short|below|behind)"
    r"|short of|shy of|far (?:from|below|short)|a far cry|anything but|all but|everything but|in vain|to no avail"
    r"|without success"
    r"|unsuccessful(?:ly)?|refus(?:e|es|ed)|impossib\w+|unattainab\w+|unachievab\w+|unreachab\w+|(?:out of"
    r"|beyond) reach|zero chance"
    r"|miss(?:es|ed) (?:the|its|our|a)|without (?:ever |actually |even )?(?:reach|achiev|attain|exceed|surpass|scor|hit)\w*"
    r"|(?:nearly|almost|practically|virtually) (?:reach|achiev|attain|hit|match)\w*|(?:come|comes|came"
    r"|coming) close to (?:a|reach\w*|achiev\w*|attain\w*|hit\w*|\d\S*)"
    r"|(?:prevent|stop|keep|kept|bar|barr|prohibit|preclud|discourag)\w* (?:\S+ ){1,5}?from|too \w+ to|insufficient(?:ly)?"
    r"|lack(?:s|ed|ing)?|yet to|devoid|absence of evidence|opposite|instead(?! of)"
)
_DOUBTED = (
    r"doubt\w*|dubious\w*|question(?:s|ed)? (?:whether|if|the (?:claim|figure|result|number))|questionabl[ey]|s[ck]eptic\w*"
    r"|suspect(?:s|ed)?|distrust\w*|disbeli\w*|implausibl[ey]|disput\w*|den(?:y|ies|ied|ying|ial)|refut\w*"
    r"|disprov\w*|debunk\w*"
    r"|discredit\w*|disagree\w*|contrary to|belie[sd]|contradict\w*|reject(?:s|ed|ing)?|rul(?:e|es|ed) out|false(?:ly|hood)?"
    r"|untrue|untruth\w*|incorrect(?:ly)?|wrong(?:ly)?|mistak\w*|erroneous(?:ly)?|bogus|fabricat\w*|made[- ]up"
    r"|hoax(?:es)?|lies?"
    r"|(?:a|the) (?:joke|misprint|typo|fantasy|fiction|mirage|dream)|myths?|mis(?:print|report|stat|quot|attribut"
    r"|calculat)\w*"
    r"|misread|misled|misleading\w*|misconceptions?|exaggerat\w*|overstat\w*|overclaim\w*|inflated|unfounded|unsupported"
    r"|unsubstantiated|unverified|unconfirmed|unproven|irreproducib\w*|baseless|groundless|nonsens\w*|absurd\w*|ridiculous\w*"
    r"|invalid\w*|so-called|unlikely|improbabl[ey]|far-fetched|unrealistic\w*|in error|by mistake|pretend\w*|laughabl[ey]"
    r"|fake(?:d)? (?:claim|figure|number|result|score)s?|(?:is|was|are) fake|hallucinated (?:claim|figure|number"
    r"|result|score)s?"
    r"|whether|unknown|unclear|uncertain(?!ty)|debatabl[ey]|remains? open|wonder(?:s|ed|ing)?|incredibl[ey]|untenabl[ey]"
)
_RETRACTED = (
    r"retract\w*|withdr(?:aw|ew)\w*|recant\w*|rescind\w*|revok\w*|disavow\w*|tak(?:e|es|en|ing) back|took back|errat(?:um|a)"
    r"|corrigend(?:um|a)|we correct|corrections?|(?:is|was|be|been) corrected|correct(?:ed)? (?:to|value|figure"
    r"|number|score|result|version)s?|(?:real|true|actual) (?:value|figure|number|score|result)s?|actually"
    r"|in (?:reality|truth|fact)|no longer|formerly|(?:originally|initially|previously|once|first|wrongly|earlier) "
    r"(?:said|stated|reported|claimed|announced|published|believed|thought|given|printed)|supersed\w*|obsolete|outdated"
    r"|deprecated|(?:earlier|previous|prior|first|initial|old|original|former|draft|superseded|preprint) "
    r"(?:version|draft|preprint|statement|announcement|report|claim|posting|abstract)s?|apolog(?:y|i[sz]e)s?|regret(?:s|ted)?"
    r"|used to (?:reach|achieve|score|report|claim|think|believe)|until (?:it|we|they)"
)
_SUPPOSED = (
    r"if|unless|suppos\w*|assum(?:e|es|ed|ing) (?:that|a|an|the|perfect|ideal)|imagin(?:e|ing) (?:that|a|an|if"
    r"|the)|hypothe(?:tic|si)\w*"
    r"|would|would['’]ve|could|might|may|should|ought to|were to|had (?:it|we|they) been|in (?:theory|principle)"
    r"|on paper|ideally"
    r"|theoretically (?:reach|achiev|could|can|possible|up)\w*|perhaps|possibl[ey]|presumabl[ey]|probabl[ey]|conceivabl[ey]"
    r"|potentially|seemingly|apparently|ostensibly|provided that|wish(?:es|ed|ful)?|hop(?:e|es|ed|ing|eful|efully)"
    r"|dream(?:s|ed)? of|aim(?:s|ed|ing)? (?:to|for|at)|plan(?:s|ned)? to|intend(?:s|ed)? to|(?:goal|target|aim"
    r"|ambition) (?:of|is|was|to)"
    r"|promis(?:es|ed) (?:to|that)|will (?:\w+ )?(?:reach|achieve|attain|exceed|surpass|score|hit)|expect(?:s|ed"
    r"|ation|ations|ing)?"
    r"|(?:is|are|was|were) (?:predicted|projected|forecast|bound|meant|said|thought|believed|rumou?red|reported|claimed|held)"
    r"|bet(?:s|ting)? that|as (?:though|if)|need(?:s|ed)? to (?:reach|achieve)|threshold of|whoever|whatever"
    r"|one day|some ?day"
    r"|remains to be|tr(?:y|ies|ied|ying) to|attempt(?:s|ed|ing)? to|struggl\w* to (?:even )?(?:reach|achiev"
    r"|attain|exceed)\w*|only (?:when|with|on paper|by)|except"
)
_OF_OTHERS = (
    r"alleg\w*|reportedly|purport\w*|rumou?r\w*|hearsay|gossip|self-proclaimed|claim(?:s|ed|ing)?|assert(?:s|ed|ion|ions)?"
    r"|boast\w*|brag\w*|advertis(?:e|es|ed|ing)|touted|marketing|insist(?:s|ed)?|contend(?:s|ed)?|maintains? that"
    r"|say|says|said"
    r"|saying that|told (?:us|that)|believ(?:e|es|ed|ing)|beliefs? that|thought|(?:others?|people|critics|rivals"
    r"|they|some|many|vendors?|authors"
    r"|reviewers?|media|press|blogs?|everyone|who|one) (?:think|thinks|argue|argues|argued|state|stated|suggest"
    r"|suggested|write|wrote)"
    r"|(?<!we )reports? that|it (?:is|was|has been) (?:\w+ )?(?:stated|argued|suggested|reported)"
    r"|according to (?:others|critics|rumou?rs?|vendors?|its|their|some|a|an|one|earlier|previous|blogs?|media"
    r"|press|the (?:vendor|press|media|authors?))"
    r"|in the (?:words|opinion) of|(?:statement|suggestion|notion|idea|impression) that"
)
_ENGLISH = re.compile(
    rf"[a-z]n['’‘`]t(?![a-z])|(?<![a-z])(?:{_DENIED}|{_DOUBTED}|{_RETRACTED}|{_SUPPOSED}|{_OF_OTHERS})(?![a-z])"
)
_PASSED_OVER = re.compile(rf"(?<![a-z])(?:rather than|instead of|as opposed to|in place of)[^,;:]{{0,60}}?{_DIGITS}")
_CHINESE = re.compile(
    r"不|没|未|勿|别说|休想|岂|何曾|哪(?:能|里|有|会)|怎(?:能|会|么)|(?:并|绝|远|决|而|实|皆|均)非|非也|莫非|非真|毫无|拒绝|妄"
    r"|无(?:法|一|从|望|缘|任何|人能|力|稽|中生有)|难(?:以|于|达|能|到|及|上)|远(?:低于|逊|落后)|差得远|相去甚远|还差|仅差|距离?.{0,12}(?:还有|尚有|甚远)"
    r"|低估|高估|夸大|夸张|否(?:认|定|决)|反驳|驳斥|驳回|推翻|辟谣|质疑|怀疑|存疑|疑问|可疑|值得商榷|争议|失实|虚(?:假|构|报)|捏造|编造|伪造|杜撰|谎|骗|造假|谬"
    r"|错(?:误|的)|误(?:以为|传|写|导|称|认为|植|读|报)|有误|笔误|假(?:的|话|如|若|定|设|使|想|象|消息)|撤(?:回|销|稿|下)|收回.{0,8}(?:说法|声明|言论|结论|论断"
    r"|论文)|更正|勘误|纠正|改口|作废|废止|失效"
    r"|旧版|早期版本|初版|原先|先前(?:的)?(?:说法|声明|版本|报告)|此前(?:的)?(?:说法|声明|版本)|正确(?:的)?(?:值|数值|数字|结果|应为)|实(?:际上|则)|其实|事实上|应为"
    r"|如果|要是|倘|若|除非|即使|即便(?!宜)|哪怕|只要|只有.{0,20}才|的话|理论上|理想(?:情况|状态|条件)|原则上|想象|设想|本(?:可|应|该)|原(?:本)?可"
    r"|可能|或许|也许|兴许|恐怕|大概|似乎|好像|看似|貌似|估计会|预计|预期|有望|希望|力争|争取|目标(?:是|为)|计划|打算|旨在达|试图|企图|将(?:会|能|可|达到)|是否"
    r"|据[说称传闻悉]|有人|传[言闻说]|谣|声称|宣称|号称|自称|所谓(?![「『“\"])|坊间|外界|他人|别人|他们(?:说|称|认为)|人们(?:说|认为|以为)|批评者|宣传|吹嘘|鼓吹|标榜|以为|才怪"
)
_QUESTION = re.compile(r"[?]|吗|[么呢][。!]?$")

# A gain over something is no bound; 最近 and 节约 are words of their own.
_QUALIFIER = (
    r"(?<![a-z])(?:up to|(?:no |not )?(?:more|less|fewer|higher|lower|greater|larger|smaller) than"
    r"|at (?:the )?(?:least|most|best)"
    r"|as (?:much|many|high|low|few|little|large) as|(?:well |just )?(?<!improvement )(?<!improvements )(?<!gain )(?<!gains )"
    r"(?<!advantage )(?:over|above|under|below)|exceeding|upwards of|short of|shy of|(?:an? )?m(?:ax|in)imum of|capped at"
    r"|nearly|almost|close to|approaching|about|around|roughly|approximately)(?![a-z])"
    r"|(?<![-=])(?:[<>]=?|[≤≥⩽⩾≈~～＜＞])|\\(?:[lg]eq?(?:slant)?|[lg]t|approx|sim)(?![a-z])"
    r"|不足|(?<![达達得做])不到|不[满滿]|[未没沒]到|[不未][超][过過]|不[高低多少][于於]|[至最][多少高低](?:可?[达達]到?|可)?|[高低大小多少][于於]"
    r"|高[达達]|超[过過]?|逾|[将將接]近|(?<![最附])近|大[约約概]|(?<![节節契合制])[约約]|几乎|幾乎"
)
_BOUND = re.compile(rf"(?P<bound>{_QUALIFIER})(?:\s(?:an?|the))?[\s~$+]*$", re.IGNORECASE)
_BOUND_INSIDE = re.compile(rf"[\s$]*(?P<bound>{_QUALIFIER})", re.IGNORECASE)


def is_hedged(sentence: str) -> bool:
    """Whether ``sentence`` holds a denial, a doubt, a retraction, a condition or a report of others, or asks.

    Any of them may govern any figure of it, so the sentence is to be shown whole or not at all. English and both Chinese scripts.
    """
    if len(sentence) > _LONGEST:
        return True
    told = _HARMLESS.sub(" / ", _SPACE.sub(" ", fold(sentence)))
    return any(rule.search(told) for rule in (_ENGLISH, _CHINESE, _PASSED_OVER, _QUESTION))


def bound(text_before: str, figure_text: str) -> str:
    """The qualifier right before a figure, or at its beginning, as written ("up to", "<", 不足, "at least"); empty when none."""
    found = _BOUND.search(text_before[-40:]) or _BOUND_INSIDE.match(figure_text)
    return found["bound"] if found else ""
