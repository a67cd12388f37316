"""Chinese with full-width punctuation, as it is set: many an abstract of a data base has ``模型(MRP),建立了……问题.`` instead.

Only a mark that touches a Chinese character changes, and brackets and quotation marks in pairs; numbers, addresses, formulas
and English stay as they are. A sentence that ended with ``.`` and went on without a space is then seen to end.
"""

from __future__ import annotations

import re

__all__ = ["full_width"]

_HAN = r"\u3400-\u9fff\uf900-\ufaff"
_CLOSING = r"）」』”’》〉】〕％"
_ANY_HAN = re.compile(rf"[{_HAN}]")
_FULL = str.maketrans({",": "，", ";": "；", ":": "：", "?": "？", "!": "！", ".": "。"})
# Behind a Chinese character, or before one: never inside of a number, an address or a formula.
_COMMA = re.compile(
    rf"(?<=[^\s&#\w]);(?=[A-Za-z])|(?<=[{_HAN}{_CLOSING}])[?!](?![/\d]) ?|(?<=[{_HAN}{_CLOSING}])[,;:](?!/) ?"
    rf"|(?<=[%℃°])[,;](?=[^\s\w])|(?<=[%℃°])[,;](?=[\u2150-\u2188])|[,;:?!] ?(?=[{_HAN}《「“])"
)
# A full stop behind Chinese; behind a word, a number or a bracket only where Chinese follows or the line ends.
_STOP = re.compile(
    rf"(?<=[{_HAN}{_CLOSING}])\.(?![\w.]{0, 64}@)(?!\.)(?:[ \t]+(?=[{_HAN}]))?|(?<=[)\]%℃°′″])\.(?=[{_HAN}])"
    rf"|(?:(?<=[a-zμ]{{2}})(?<!etc)(?<!vs)(?<!al)|(?<=[/\d ][A-Za-zμ]))\.(?=[{_HAN}])|(?<=[A-Za-z\d%)\]℃°′″])\.(?=\s*$)"
)
_BRACKETS = re.compile(
    rf"(?<=[%{_HAN}{_CLOSING}]) ?\((?P<after>[^()\n]{{1,80}})\)|\((?P<before>[^()\n]{{1,80}})\)(?=[{_HAN}，。；：、])"
    rf"|\((?P<own>[^()\n{_HAN}]*[{_HAN}][^()\n]*)\)"
)
_CODE = re.compile(r"\w[._]\w*$")
_LONGEST_CODE = 80
_ARGUMENTS = re.compile(r"[\d,. ]+")
_LOOSE = re.compile(r"（[ \t]+|(?<![ \t])[ \t]+(?=[，。；：、！？）])")
_QUOTED = re.compile(
    rf'"(?P<own>[^"\n]{{0,60}}[{_HAN}][^"\n]{{0,60}})"|(?<=[{_HAN}])"(?P<between>[^"\n]{{1,40}})"(?=[{_HAN}，。；：、])'
)
_TITLED = re.compile(rf"<([{_HAN}][^<>\n]{{0,30}}[{_HAN}])>")
_DASH = re.compile(rf"(?<=[{_HAN}])(?: +——\s*|\s*—— +)(?=[{_HAN}])|(?<=[{_HAN}])\s*--\s*(?=[{_HAN}A-Z])")
_LINES = re.compile(r"[^\n]+")
_ADDRESS = re.compile(r"\w://|\$|\\\\|`")


def full_width(text: str) -> str:
    """The text with the punctuation of Chinese wherever it stands beside Chinese; nothing else changes."""
    if not _ANY_HAN.search(text):
        return text
    return _LINES.sub(lambda line: _of_line(line[0]), text)


def _of_line(line: str) -> str:
    if not _ANY_HAN.search(line) or _ADDRESS.search(line):
        return line
    line = _TITLED.sub(r"《\1》", _STOP.sub("。", line.replace("％", "%")))
    line = _QUOTED.sub(
        lambda found: f"“{found['own'] or found['between']}”", _DASH.sub("——", _BRACKETS.sub(_rounded, line))
    )
    # Once more: a bracket or a quotation mark that has only now become Chinese ends what stands before a full stop.
    line = _STOP.sub("。", line)
    return _LOOSE.sub(lambda found: found[0].strip(), _COMMA.sub(_widened, line))


def _rounded(found: re.Match[str]) -> str:
    before = found.string[max(0, found.start() - _LONGEST_CODE) : found.start()]
    if _CODE.search(before) or (before[-1:].isascii() and _ARGUMENTS.fullmatch(found[0][1:-1].strip())):
        return found[0]
    return f"（{found['after'] or found['before'] or found['own']}）"


def _widened(found: re.Match[str]) -> str:
    return found[0].strip().translate(_FULL)
