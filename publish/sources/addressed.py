"""Text that speaks to whoever reads or writes, instead of telling what was found.

A post is made of sentences that report. A sentence from a feed that gives orders ("ignore all previous instructions", "请输出…"),
speaks to "you", plays a chat role or carries markup has no place in it, whoever it is meant for: an extractive writer that copied
it would do the bidding of a prompt injection, and an advertisement is no report either. The rules are wide on purpose, since
leaving out one honest sentence costs little; a sentence *about* an order, with the order in quotation marks, stays.
"""

from __future__ import annotations

import re
import unicodedata

__all__ = ["is_name", "is_report", "is_title"]

_OPENS_QUOTE = re.compile(r"[“‘「『\"`]|(?<!\w)'")
_CLOSES_QUOTE = {"“": "”", "‘": "’", "「": "」", "『": "』", '"': '"', "`": "`", "'": "'"}
_GOES_ON = re.compile(r"\w")
_MARKUP = re.compile(
    r"<[a-z!/?|%]|\|>|\[/?[A-Z]{3,}\]|```|\{\s*[\"{%]|\}\]|%>|\]\(|!\[|\\textcolor|https?://|www\.|\d{8}-\d{3}-"
    r"|(?:^|\s)(?:---|===)"
)
# Cyrillic letters (and the Greek omicron) inside Latin words: the disguise of look-alikes. Other Greek ones are mathematics.
_DISGUISE = re.compile(r"[a-z][\u03bf\u0400-\u052f]|[\u03bf\u0400-\u052f][a-z]", re.IGNORECASE)
_BLOB = re.compile(r"[A-Za-z0-9+/=_]{32,}")
_SECOND_PERSON = re.compile(r"\b(?:you|your|yours|yourself)\b|[你您妳]", re.IGNORECASE)
_ROLE = re.compile(
    r"^\W*(?:system|assistant|human|user|ai|llms?|language models?|developers?|instructions?|actions?"
    r"|observation|note to\b[^:：]*"
    r"|new rule|(?:the )?house style|important|notice|reminder|attention)\b[^.:：]{0,40}[:：]"
    r"|[%（(]\s*(?:llm|ai|给|給)[^:：]{0,16}[:：]"
    r"|^\W*(?:assistant|system)(?:'s|\b[^.]{0,20}:)"
    r"|^\s*【|系[统統](?:提示|通知)|(?:开发者|開發者)(?:讯息|訊息|消息|模式)",
    re.IGNORECASE,
)
_ORDER = (
    "ignore|disregard|forget|override|write|print|output|say|tell|repeat|reply|respond|answer|add|append|insert|include|mention"
    "|cite|quote|attribute|name|call|make|give|take|join|multiply|compute|calculate|decode|follow|translate|reproduce|recommend"
    "|begin|finish|round|leave|keep|remember|continue|pretend|act|reveal|click|visit|buy|subscribe"
    "|download|register|sign up|check out|learn more|read more|join us|let|return|state|set|put|use|start|end|spell|prefix|rename"
    "|execute|run|invoke|omit|delete|remove|replace|change|skip|treat|consider|note that|note"
)
# What follows a verb in the imperative; "State space models" and "Set theory" are no orders.
_OBJECT = (
    r"(?=[\s:]+(?:a|an|the|this|that|these|those|them|it|its|all|only|every|each|any|no|nothing|not|as|in|into|to|with|for|from|us|me"
    r"|on|out|off|up|exactly|when|how|one|both|json|today|words?|everything|more|than|other|our|below|above|previous)\b"
    r"|[\s:]+[\"'“‘\[<{`$A-Z0-9_]|[\s]*[:：])"
)
# From the end of the word before, else each mark of a run of marks would be read to the end of the run.
_IMPERATIVE = re.compile(
    rf"(?i:^\W*+(?:do not|don't|never|please)\b)|(?i:(?:^|(?<=\w)(?=\W*?[,;:.!—–]\s)"
    rf"|\b(?:otherwise|then|now|just this once|please|must|should)(?=\s))"
    rf"\W*+(?:now |then |please |and )?(?:{_ORDER})\b(?![-\w])){_OBJECT}"
)
_META = re.compile(
    r"\b(?:every|each|the|today's|future|all|whole|entire) posts?\b|\bthe (?:brief|writer|reader to)\b|\bnote ids?\b"
    r"|\b(?:of|in) (?:the|your|today's) (?:post|brief|reply)\b|\bnothing else\b|\bquality_score\b|\bslipway\b"
    r"|\b(?:first|last|each|every) (?:sentence|line|word|paragraph)s? (?:of|you|with|in)\b|\bthe rules above\b|\bfrom now on\b"
    r"|\bAI (?:writers?|reviewers?|assistants?)\b\W|\bpromo(?:tion)? code\b|\bapi[_ ]key\b",
    re.IGNORECASE,
)
_CHINESE = re.compile(
    r"(?<![申邀聘敦提])[请請](?![求愿願教假])|^\W*(?:忽略|无视|無視|不要|不得|只[写寫输輸说說能回]|改[为為]|[输輸]出|[写寫]出?|计算|計算|翻[译譯]"
    r"|重复|重複|回[复覆復]|[调調]用|把|[将將].{0,12}(?:[写寫]|放|改)|[总總][结結][时時]|[结結]尾|文[末首]|在?[标標][题題](?:中|里|裡|裏)|从现在|從現在|根据规定|根據規定)"
    r"|忽略(?:以上|上述|之前|前面)|[写寫]稿|[写寫]出|文[首末]|署名|[连連]成一[词詞]|[每各]一?段(?:都|开头|開頭)|提示[词詞]|本日内容|本日內容|[当當]天全部|只能回"
    r"|[笔筆][记記]\s*\[?\d|唯一出[处處]|金[钥鑰]|密[钥鑰]|[评評][审審][请請]|语言模型的说明|語言模型的說明|只[给給](?:正面|好)|优惠码|優惠碼|[笔筆][记記][结結]束"
)
_TITLE_ORDER = re.compile(
    r"^\W*(?:ignore|disregard|forget|override)\b.{0,30}\b(?:instructions?|brief|rules?|prompts?)\b"
    r"|\b(?:title|name|write|print|output|say|begin|start|end|make|rename)\b.{0,20}"
    r"\b(?:post|brief|summary|nothing else|the word)\b"
    r"|\bnothing else\b|\bstop[.!] write\b|[%<{]\w*\||<\||\[/?inst\]"
    r"|忽略(?:以上|上述|之前|前面).{0,6}(?:指令|指示|提示)|(?:标题|標題)(?:写|改|为|寫|為)|只(?:输出|輸出|写|寫)",
    re.IGNORECASE,
)
# What a letter to its readers opens with.
_GREETING = re.compile(
    r"^\W*(?:(?:hi|hello|hey|dear)\b[^.]{0,30}(?:[,!]|$)|welcome (?:back |to )|greetings\b|good (?:morning|afternoon|evening)\b"
    r"|happy (?:\w+day|new year)\b|thanks? (?:you )?for (?:reading|subscribing|being|joining)|in this (?:week['’]s )?"
    r"(?:issue|edition|newsletter)\b|this (?:week['’]s )?(?:issue|edition|newsletter)\b)"
    r"|^\W*(?:大家好|[各诸諸]位|[亲親][爱愛]的|早上好|早安|[欢歡]迎(?:[来來]到|[阅閱][读讀]|收听|收聽)|感[谢謝](?:[阅閱][读讀]|[订訂][阅閱]|[关關]注)|本期)",
    re.IGNORECASE,
)
_NAME_MARKS = re.compile(r"[:：;<>{}|\[\]@/\\\d]")
_LONGEST_NAME = 60


def is_report(sentence: str) -> bool:
    """Whether a sentence reports, and neither gives orders nor speaks to or greets anybody nor carries markup."""
    text = unicodedata.normalize("NFKC", sentence).strip()
    if not text or _MARKUP.search(text) or _DISGUISE.search(text) or _BLOB.search(text) or _hidden(sentence):
        return False
    told = _unquoted(text)
    if len(told.strip()) * 2 < len(text):
        return False
    return not any(rule.search(told) for rule in (_SECOND_PERSON, _ROLE, _IMPERATIVE, _META, _CHINESE, _GREETING))


def _unquoted(text: str) -> str:
    """``text`` with each quotation made a blank; a mark that nothing closes is searched for its end once and not again."""
    kept: list[str] = []
    unclosed: set[str] = set()
    start = position = 0
    while opening := _OPENS_QUOTE.search(text, position):
        mark, position = opening.group(), opening.end()
        end = -1 if mark in unclosed else text.find(_CLOSES_QUOTE[mark], position)
        if end < 0:
            unclosed.add(mark)
        elif mark != "'" or not _GOES_ON.match(text, end + 1):
            kept.append(text[start : opening.start()])
            start = position = end + 1
    return " ".join((*kept, text[start:]))


def is_title(title: str) -> bool:
    """Whether a title may be shown: titles speak to the reader freely ("Attention is all you need"), but not to the writer."""
    text = unicodedata.normalize("NFKC", title)
    return bool(text.strip()) and not _TITLE_ORDER.search(text) and not _DISGUISE.search(text)


def is_name(author: str) -> bool:
    """Whether an author's name looks like one: short, without digits, marks or orders."""
    text = unicodedata.normalize("NFKC", author).strip()
    return 0 < len(text) <= _LONGEST_NAME and not _NAME_MARKS.search(text)


def _hidden(sentence: str) -> bool:
    """Zero-width, direction and tag characters: nothing that a reader sees needs them in running text."""
    return not sentence.isascii() and any(
        unicodedata.category(letter) in ("Cf", "Co", "Cn") and letter not in "\u00ad\u200d" for letter in sentence
    )
