"""What a sentence in another's words may hold: only names, figures, comparisons, quotes and addresses of the notes it names.

An extractive sentence is a sentence of its source; one that a model worded is anything at all, so it is asked for more than its
numbers (:mod:`publish.checking.checker`). Each rule is a module: disguises (``worded_letters``); names in Latin, in small letters
and in Chinese (``worded_names``, ``worded_strangers``, ``worded_chinese``), days and months (``worded_dates``); the unit and the
benchmark of a figure (``worded_figures``), whose it is (``worded_owners``), whether two changed places (``worded_places``), which
way it goes (``worded_directions``); and whether anything of the sentence, and the cause that it gives a figure, stands in them at
all (``worded_ground``). Comparisons, quotation marks and addresses are held here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from notes.model import VaultNote
from notes.text.language import cjk_share
from publish.checking.worded_chinese import strange_chinese_name
from publish.checking.worded_dates import strange_date
from publish.checking.worded_directions import tells_otherwise
from publish.checking.worded_figures import measures_otherwise
from publish.checking.worded_ground import borrows_a_figure, rests_on_nothing
from publish.checking.worded_letters import disguise
from publish.checking.worded_names import bare, holds, names, stands, strange_name, texts
from publish.checking.worded_owners import belongs_to_another, scores_less
from publish.checking.worded_places import swaps_figures
from publish.checking.worded_strangers import strange_word
from publish.sources.evidence import addresses, contains

__all__ = ["strays"]

# As long as no name is: each letter of a text without blanks would be read to its end.
_ONE = r"[A-Za-z][\w-]{0,100}(?:\.\d[\w-]{0,100}){0,4}"
_BEGUN = r"(?<![A-Za-z])"
_DENIES = (
    r"(?:(?:does|do|did|can|could|is|are|was|were|has|have)(?:\snot|n['’]t)\s|(?:cannot|never|fails?\sto|failed\sto)\s)"
)
_BEATS = (
    r"(?:outperform(?:s|ed|ing)?|surpass(?:es|ed|ing)?|beat(?:s|ing)?|exceed(?:s|ed|ing)?|overtakes?|overtook"
    r"|(?:is|are|was|were|performs?|works?|does|scores?|ranks?)\s(?:[\w.%×]+\s){0,3}?(?:better|higher|faster|stronger|superior|ahead)"
    r"\s?(?:than|to|of)?)"
)
_TRAILS = (
    r"(?:trail(?:s|ed|ing)?|lag(?:s|ged|ging)?(?:\sbehind)?|underperform(?:s|ed|ing)?|loses\sto|lost\sto|falls\sbehind"
    r"|(?:is|are|was|were)\s(?:outperformed|surpassed|beaten|exceeded|overtaken)\sby"
    r"|(?:is|are|was|were|performs?|works?|does|scores?|ranks?)\s(?:[\w.%×]+\s){0,3}?(?:worse|lower|slower|weaker|inferior|behind)\s?(?:than|to)?)"
)
_BETWEEN = r"(?:(?:\w+ly|also|even|still|thus|far|always|the)\s){0,2}"
_OVER = re.compile(
    rf"{_BEGUN}(?P<one>{_ONE})\s+{_BETWEEN}(?P<not>{_DENIES})?{_BETWEEN}(?:(?P<beats>{_BEATS})|(?P<trails>{_TRAILS}))\s(?:the\s)?(?P<other>{_ONE})"
    rf"|{_BEGUN}(?P<eine>{_ONE})\s?(?P<nicht>没有|沒有|未能|并未|並未|不曾)?\s?(?:明显|明顯|显著|顯著|大幅)?"
    rf"(?:(?P<vor>超越|超过|超過|优于|優於|胜过|勝過|击败|擊敗|领先|領先)|(?P<nach>不如|落后于|落後於|劣于|劣於|不及|逊于|遜於))了?\s?(?P<andere>{_ONE})"
    rf"|prefer\w*\s(?P<lieber>{_ONE})\s(?:to|over)\s(?P<als>{_ONE})|{_BEGUN}(?P<wer>{_ONE})\s?(?:在[^，。；]{{1,20}}?[上中])?\s?比\s?(?P<wen>{_ONE})\s?(?:模型|方法)?(?:(?P<mehr>高|快|好|强|強|优|優|领先|領先)|(?P<weniger>低|慢|差|弱))"
    rf"|chose\s(?P<lieb>{_ONE})\sover\s(?P<statt>{_ONE})",
    re.IGNORECASE,
)
_BASELINE = re.compile(
    r"\s?(?:\b[Bb]ase(?:line)? models?\b|\b[Bb]aselines?\b|基座模型|基础模型|基礎模型|基线(?:模型)?|基線(?:模型)?)\s?"
)
_SIDES = (("one", "other"), ("eine", "andere"), ("lieber", "als"), ("lieb", "statt"), ("wer", "wen"))
_LEFT_BEHIND = re.compile(
    rf"(?<!not )(?<!n['’]t )(?:outperform(?:s|ed|ing)|surpass(?:es|ed|ing)|beat(?:s|ing)|exceed(?:s|ed|ing)"
    rf"|(?:better|higher|faster|stronger|superior)\s(?:than|to))\s(?:the\s)?(?P<other>{_ONE})"
    rf"|(?<!未能)(?<!没有)(?<!沒有)(?:超越|超过|超過|优于|優於|胜过|勝過|击败|擊敗)了?\s?(?P<hinten>{_ONE})",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    {"it", "they", "which", "that", "this", "and", "method", "model", "approach", "the", "all", "by", "than", "on"}
)
_MARKED = re.compile(
    r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"|‘([^‘’]{8,})’|«([^«»]+)»|(?<!\w)'([^'\n]{8,}?)'(?!\w)"
)
# Fewer are a term, which may be a translation.
_SAYS = re.compile(
    r"(?:[称稱][之其]?[为為]?|[说說](?:是|道)?|写道|寫道|表示|指出|形容[为為]?)[：:，,]?\s?$"
    r"|\b(?:call|say|said|dub|writ|wrote|speak|describ|term)\w*(?: (?:it|this|them|of|as|that|a|an|the)){0,3}[:,]?\s$",
    re.IGNORECASE,
)
_FEW_WORDS, _FEW_CHARACTERS = 3, 6
_ADDRESS = re.compile(
    r"(?:https?://|www\.)[^\s()<>\[\]，。；、]+"
    r"|(?<![\w@.-])(?:[a-z0-9-]+\.)+(?:com|org|net|io|ai|dev|app|example|cn|de|uk|eu|info|me|co|xyz|site|top)(?![\w.-]*\w@)(?:/[^\s()<>\[\]，。；、]*)?",
    re.IGNORECASE,
)


def strays(text: str, named: Sequence[VaultNote]) -> str:
    """Why a sentence worded by a model goes beyond its notes; empty when it does not. ``text`` is without its tallies."""
    return (
        disguise(text, named)
        or _points_away(text, named)
        or _puts_in_mouths(text, named)
        or _names_strangers(text, named)
        or measures_otherwise(text, _bearing(text, named))
        or belongs_to_another(text, named)
        or swaps_figures(text, named)
        or tells_otherwise(text, named)
        or _turns_round(text, named)
        or borrows_a_figure(text, named)
        or rests_on_nothing(text, named)
    )


def _points_away(text: str, named: Sequence[VaultNote]) -> str:
    known = [one.casefold() for note in named for one in (*addresses(note), *note.references, *texts(note))]
    for found in _ADDRESS.findall(text):
        address = found.rstrip(".,;:!?").casefold()
        if not any(address in one for one in known):
            return f"an address that stands in none of its notes: {found}"
    return ""


def _puts_in_mouths(text: str, named: Sequence[VaultNote]) -> str:
    for found in _MARKED.finditer(text):
        quote = "".join(found.groups(""))
        few = len(quote) < _FEW_CHARACTERS if cjk_share(quote) > 0.5 else len(quote.split()) < _FEW_WORDS
        few = few and not _SAYS.search(text, 0, found.start())
        if not few and not any(contains(note, quote.strip(" .,;:。，；")) for note in named):
            return f"not word for word in its notes: {quote}"
    return ""


def _names_strangers(text: str, named: Sequence[VaultNote]) -> str:
    rest = _ADDRESS.sub(" ", text)
    name = strange_name(rest, named) or strange_chinese_name(rest, named) or strange_word(rest, named)
    if name:
        return f"a name that stands in none of its notes: {name}"
    date = strange_date(rest, named)
    return f"a date that stands in none of its notes: {date}" if date else ""


def _bearing(text: str, named: Sequence[VaultNote]) -> list[VaultNote]:
    """The notes that hold one of the names of the sentence; all, where it has none."""
    told = list(names(text))
    bearing = [note for note in named if any(stands(name, holds(note)) for name in told)]
    # Names that stand in none are told in another script.
    return bearing or list(named)


def _turns_round(text: str, named: Sequence[VaultNote]) -> str:
    told = set(_compared([text]))
    if not told:
        return ""
    evidence = [one for note in named for one in texts(note)]
    stand = set(_compared(evidence))
    based = [_BASELINE.sub(" Baseline0 ", one) for one in evidence]
    behind = {bare(found["other"] or found["hinten"]) for one in based for found in _LEFT_BEHIND.finditer(one)}
    for one, other in told - stand:
        if scores_less(one, other, named):
            return f"its notes give {one} less than {other}"
        # "…, outperforming GRPO": whoever is ahead, GRPO is not.
        if (other, one) in stand or (one in behind and other not in behind):
            return f"its notes say that {other} is ahead of {one}"
    return ""


def _compared(compared: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Who is said to be ahead of whom; a denial says the contrary."""
    for text in compared:
        for match in _OVER.finditer(_BASELINE.sub(" Baseline0 ", text)):
            one, other = next((match[one], match[other]) for one, other in _SIDES if match[one])
            if {one.lower(), other.lower()} & _NO_NAMES:
                continue
            behind = bool(match["trails"] or match["nach"] or match["weniger"]) != bool(match["not"] or match["nicht"])
            yield (bare(other), bare(one)) if behind else (bare(one), bare(other))
