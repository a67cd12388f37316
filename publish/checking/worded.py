"""What a sentence in another's words may hold: only names, figures, comparisons, quotes and addresses of the notes it names.

An extractive sentence is a sentence of its source; one that a model worded is anything at all, so it is asked for more than its
numbers (:mod:`publish.checking.checker`): every name of a system, a benchmark or an organisation occurs in its notes
(:mod:`publish.checking.worded_names`); every figure stands there in the same unit, in a note that holds a name told with it,
and is no other benchmark's (:mod:`publish.checking.worded_figures`); a comparison runs the same way round; quotation marks hold
words of the notes even where they are few; an address in the text is one of theirs; and something of the sentence stands in
them at all (:mod:`publish.checking.worded_ground`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from notes.model import VaultNote
from notes.text.language import cjk_share
from publish.checking.worded_figures import measures_otherwise, tells_otherwise
from publish.checking.worded_ground import rests_on_nothing
from publish.checking.worded_letters import disguise
from publish.checking.worded_names import bare, holds, names, stands, strange_name, texts
from publish.sources.evidence import addresses, contains

__all__ = ["strays"]

_ONE = r"[A-Za-z][\w-]*(?:\.\d[\w-]*)*"
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
    rf"(?P<one>{_ONE})\s+{_BETWEEN}(?P<not>{_DENIES})?{_BETWEEN}(?:(?P<beats>{_BEATS})|(?P<trails>{_TRAILS}))\s(?:the\s)?(?P<other>{_ONE})"
    rf"|(?P<eine>{_ONE})\s?(?P<nicht>没有|沒有|未能|并未|並未|不曾)?\s?(?:明显|明顯|显著|顯著|大幅)?"
    rf"(?:(?P<vor>超越|超过|超過|优于|優於|胜过|勝過|击败|擊敗|领先|領先)|(?P<nach>不如|落后于|落後於|劣于|劣於|不及|逊于|遜於))了?\s?(?P<andere>{_ONE})",
    re.IGNORECASE,
)
_LEFT_BEHIND = re.compile(
    rf"(?:outperforming|surpassing|beating|exceeding|(?:better|higher|faster|stronger|superior)\s(?:than|to))\s(?:the\s)?(?P<other>{_ONE})",
    re.IGNORECASE,
)
_NO_NAMES = frozenset(
    {"it", "they", "which", "that", "this", "and", "method", "model", "approach", "the", "all", "by", "than", "on"}
)
_MARKED = re.compile(r"“([^“”]+)”|「([^「」]+)」|『([^『』]+)』|\"([^\"]+)\"|‘([^‘’]{8,})’|«([^«»]+)»")
# Fewer are a term, which may be a translation.
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
        or tells_otherwise(text, named)
        or _turns_round(text, named)
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
    for groups in _MARKED.findall(text):
        quote = "".join(groups)
        few = len(quote) < _FEW_CHARACTERS if cjk_share(quote) > 0.5 else len(quote.split()) < _FEW_WORDS
        if not few and not any(contains(note, quote.strip(" .,;:。，；")) for note in named):
            return f"not word for word in its notes: {quote}"
    return ""


def _names_strangers(text: str, named: Sequence[VaultNote]) -> str:
    name = strange_name(_ADDRESS.sub(" ", text), named)
    return f"a name that stands in none of its notes: {name}" if name else ""


def _bearing(text: str, named: Sequence[VaultNote]) -> list[VaultNote]:
    """The notes that hold one of the names of the sentence; all, where it has none."""
    told = list(names(text))
    return [note for note in named if not told or any(stands(name, holds(note)) for name in told)]


def _turns_round(text: str, named: Sequence[VaultNote]) -> str:
    told = set(_compared([text]))
    if not told:
        return ""
    evidence = [one for note in named for one in texts(note)]
    stand = set(_compared(evidence))
    behind = {bare(found["other"]) for one in evidence for found in _LEFT_BEHIND.finditer(one)}
    for one, other in told - stand:
        # "…, outperforming GRPO": whoever is ahead, GRPO is not.
        if (other, one) in stand or (one in behind and other not in behind):
            return f"its notes say that {other} is ahead of {one}"
    return ""


def _compared(compared: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Who is said to be ahead of whom; a denial says the contrary."""
    for text in compared:
        for match in _OVER.finditer(text):
            one, other = (match["one"], match["other"]) if match["one"] else (match["eine"], match["andere"])
            if {one.lower(), other.lower()} & _NO_NAMES:
                continue
            behind = bool(match["trails"] or match["nach"]) != bool(match["not"] or match["nicht"])
            yield (bare(other), bare(one)) if behind else (bare(one), bare(other))
