"""How a sentence that names another work stands to it: builds on it, is measured on it, compares with it, disagrees, names it.

A relation is read from the words beside the name, in the sentence as the source has it, so that whoever checks a post can read
it again. A name leads to a note only where the note brought it into the world (:func:`introduced_name`), for a name that
everybody says (CLIP, GPT-4o) stands in the titles of works that are about it too.
"""

from __future__ import annotations

import re

from notes.links.linking import names_in
from notes.links.mentions import has_name
from notes.model import RelationKind, VaultNote
from notes.quantities.names import KNOWN_NAME
from notes.text.fold import fold
from notes.text.sentences import split
from publish.sources.evidence import source_text
from publish.sources.readable import readable
from publish.sources.works import head_of, short_name

__all__ = ["introduced_name", "is_acronym", "naming", "relation"]

_LEAST_SHARED = 2  # words of two names of one family
_WE = r"(?:we|our|this (?:paper|work|report|study|article|survey)|the (?:paper|authors))"
_BRING = (
    r"(?:introduc|propos|present|releas|develop|design|establish|creat|construct|curat|open-sourc|unveil|launch|contribut"
    r"|describ|report|train|provid)\w*"
)
_KIND = (
    r"(?:framework|method|approach|models?|benchmark|dataset|data set|system|suite|family|series|pipeline|algorithm"
    r"|architecture|agent|engine|corpus|environment|library|toolkit|experiment|paradigm|strategy|module)"
)
# N is the name. What a text brings into the world it says with one of these.
_NAMED = (
    r"\b(?:called|named|dubbed|termed|coined|namely|denoted(?: as)?|introducing|announcing)\s+N\b"
    rf"|\b{_KIND}(?:,|:| \()?\s?N(?=[,.:)]|\s(?:is|that|which)\b)|\bour (?:\w+ ){{0,3}}N\b"
    r"|(?:^|[.] )N(?: \([^)]*\))?,? (?:is|an?|introduces|provides|consists|comprises|features|offers|supports|leverages"
    r"|unifies|combines|enables|employs|contains|includes|covers|adopts|trains)\b"
    r"|\bN \([a-z][a-z-]+ [a-z]|\bN, (?:an?|the first|our)\b|(?:名为|称为|称作|即) ?N"
)
_INTRODUCES = re.compile(
    rf"\b{_WE}\b[^.;]{{0,30}}?\b{_BRING}\b[^.;]{{0,90}}?\bN\b|{_NAMED}"
    r"|(?:提出|介绍|发布|推出|开源|构建|设计)[^。；]{0,24}N",
    re.IGNORECASE,
)
# What stands to N in some way does not bring it: "we propose O, which builds on N".
_TO_ANOTHER = (
    r"(?:on|over|to|from|with|by|than|which|that|using|outperforming|surpassing|extending|adapting"
    r"|variant|version|like|as)"
)
_BRINGS = re.compile(
    rf"\b{_WE}\b[^.;]{{0,30}}?\b{_BRING},? (?:(?!{_TO_ANOTHER}\b)[^\s.;]+ ){{0,8}}?N\b|{_NAMED}"
    r"|(?:提出|介绍|发布|推出|开源|构建|设计)(?:了)?[^，。；]{0,8}N",
    re.IGNORECASE,
)
_BROUGHT = re.compile(rf"\b{_WE}\b[^.;]{{0,40}}?\b{_BRING}", re.IGNORECASE)
_REPORT = re.compile(r"\s(?:technical|system) report$", re.IGNORECASE)
_HOW = re.compile(
    r"-(?:based|driven|powered|assisted|generated|enhanced|guided|aware|free|level|style|as|augmented|centric|native)(?:-|$)"
)
_ACRONYM = re.compile(r"[A-Z]{2,7}s?|\w{1,4}|[A-Z]{1,4}Net|[A-Z][A-Za-z]?[A-Z](?:-[A-Z]{1,4})+")
_COMPOUND = re.compile(r"[A-Z][a-z]+(?:-[A-Za-z][a-z]+)+")  # Sparse-to-Dense says how, not which
_ADDRESS = re.compile(r"https?://\S+|(?<!\S)\S+\.(?:com|org|io|ai|net)/\S+")  # from its first letter: else quadratic
_FIELD = re.compile(r"[A-Z]{2,5}s?|[A-Z]{2,6}s|.*-based")  # LMMs, RL-based: kinds of works, none of them
_YARDSTICK = (
    r"\b(?:benchmark(?:s|ing)?|data ?sets?|test ?(?:bed|suite)s?|leaderboard|arena|corpus|evaluation suite)\b"
    r"|基准|评测|数据集"
)
_YARDSTICK_TITLE = re.compile(rf"{_YARDSTICK}|bench\b|\b(?:evaluating|benchmarking|measuring|probing)\b", re.IGNORECASE)
_YARDSTICK_TEXT = re.compile(
    rf"\bN\b(?: \([^)]*\))?(?:,| is)? (?:an?|the)\b[^.,;]{{0,60}}?(?:{_YARDSTICK})", re.IGNORECASE
)
_FIRST_NOUN = re.compile(r"\s(?:for|of|on|with|via|in|from|to|towards?)\s", re.IGNORECASE)
# Names side by side stand in the relation of the first. Below all is small but N (the name), M (others), O (the work's own).
# What a version is made of is given back to no other: "1-1-1-1" would be read in as many ways as it has subsets.
_NAME = r"(?:N|M)(?:[ -](?:v?\d[a-zA-Z\d_.-]*+|dev|verified|pro|kontext))*+(?:\s?\([^()]{0,12}\))?"
_LISTED = re.compile(rf"{_NAME}(?:(?:\s?,\s?(?:and |or )?|\s?/\s?|\s(?:and|or|&)\s|、|和|与)(?:the |our )?{_NAME})+")
_OWN = re.compile(
    rf"\b(?:{_WE}|us|ours|O)\b|\bthe (?:proposed|resulting|fine-tuned|trained)\b"
    r"|^(?:\w+, |in (?:addition|particular), )?(?:it|they|its|this|experiments?|extensive|experimental|comprehensive|empirical\w*"
    r"|evaluat\w+|results|benchmark\w*|when|on|across|buil[td]\w*|with|for instance|compared|unlike|contrary"
    r"|based|using|through|by|appl\w+|experiments?|training|trained|extending|extends)\b|本文|我们|该"
)
# Whoever does it there is somebody else.
_OTHERS = re.compile(
    r"\b(?:existing|prior|previous|recent|current|traditional|conventional|many|most|other|proprietary) (?:\S+ ){0,3}?"
    r"(?:works?|methods?|approaches|models|systems|studies|benchmarks|efforts|agents|paradigms)\b"
)
_DOES_TO_OTHERS = re.compile(rf"\b(?:{_WE}|O|outperform\w*|surpass\w*|exceed\w*|over|than|to|with|into|on)\b")
_NEAR = r"[^.;,:()MN]"
_SUCH = rf"(?:{_NEAR}{{0,60}}?[,:]?\s?\(?(?:such as|like|including|eg,?|ie,?|namely|specifically)\s(?:the )?)?"
_THE = rf"(?:{_NEAR}{{0,40}}?(?:, |\s))?"
_DISAGREES = re.compile(
    r"\b(?:contrary to|in contradiction (?:to|with)|contradict(?:s|ing)?|refut(?:e|es|ing)|disput(?:e|es|ing)|overturn(?:s|ing)?"
    r"|(?:is|are) (?:at odds|in conflict|inconsistent) with|disagrees? with"
    r"|(?:fail(?:s|ed)? to|cannot|could not|(?:was|were|are) unable to|do(?:es)? not) (?:replicate|reproduce)"
    r"|challeng(?:e|es|ing) the (?:claim|finding|result|conclusion|view)s? (?:of|in|by|from)"
    rf"|call(?:s|ing)? into question)\s{_THE}{_SUCH}N\b"
    r"|\bN\b[^.;,]{0,30}\b(?:does not hold|is refuted|could not be (?:reproduced|replicated)|fails? to replicate)"
    r"|(?:与|和) ?N[^，。；]{0,12}(?:相反|相左|矛盾|不符|不一致)|(?:反驳|推翻|质疑|否定|未能复现|无法复现)[^，。；]{0,10}N"
)
_BUILDS = re.compile(
    r"\b(?:buil(?:d|ds|t|ding) (?:directly )?(?:up)?on(?: top of)?|built atop|extend(?:s|ing)?|initiali[sz]ed (?:from|with)"
    r"|fine-?tun(?:e|es|ed|ing)(?: (?:from|on top of))?|adapt(?:s|ing)?|derived from|based (?:up)?on|starting from"
    r"|distill(?:ed|ing)? from|(?:upgraded|extended|improved|enhanced|next) version of|successors? (?:to|of)|follow-up to"
    r"|leap forward from|post-?train(?:ed|ing)? (?:from|on top of)|variant of)"
    rf"\s{_THE}{_SUCH}N\b(?!'s? (?:data|outputs?))"
    r"|(?:基于|建立在|沿用|扩展|改进自|微调|继承)[^，。；]{0,10}N|N[^，。；]{0,4}(?:的基础上|的升级|的后续)"
)
_APPLIED = re.compile(
    r"\b(?:appl(?:y|ied|ying) (?:\S+ ){0,3}?to|generali[sz]es? (?:well )?to|instantiat(?:ed|e|ing) (?:on|with|in)|plugged into"
    r"|(?:integrat|incorporat)(?:e|es|ed|ing) (?:\S+ ){0,3}?into"
    r"|(?:experiments|experimenting|tested|evaluated|validated|implemented) (?:on|with))"
    rf"\s{_THE}{_SUCH}N\b|应用于[^，。；]{{0,10}}N"
)
_COMPARES = re.compile(
    r"\b(?:outperform\w*|surpass\w*|exceed\w*|beat\w*|(?:better|faster|higher|lower|smaller|cheaper|more \w+) than|superior to"
    r"|compar(?:ed|able|ing) (?:\S+ ){0,2}?(?:to|with|against)|(?:gains?|improvements?|speed-?ups?|advantage) over"
    r"|versus|vs\.?|relative to|improv(?:es|ed|ing) (?:up)?on|on par with|match(?:es|ing)?|rival(?:s|ing)?|unlike|in contrast to"
    r"|competitive with)\s(?:(?!\b(?:on|across|in|when|while|using|with|at)\b)[^.;MN]){0,90}?N\b(?!-?(?:based|style))"
    r"|(?:优于|超过|超越|胜过|高于|相比|对比|媲美|比)[^，。；]{0,12}N"
)
_MEASURED = re.compile(
    r"\b(?:on|across|including|like|such as|over|benchmarks?|evaluations?|in|eg)\b[^.;]{0,120}?\bN\b|^N\b|\(N\b"
    r"|\bN(?: benchmark|\s?\(?[+\d])|(?:在|于)[^，。；]{0,30}N"
)
_SCORES = re.compile(
    r"\d|\b(?:outperform\w*|surpass\w*|achiev\w*|state-of-the-art|sota|superior\w*|improv\w*|gains?|results?"
    r"|perform\w*|evaluat(?:ed|es?|ing)|evaluations? (?:on|across)"
    r"|experiments?|stud(?:y|ies)|validat\w*|boost\w*|scor\w*|strengths?|competitive|test\w*)\b|达到|取得|优于|超过|实验|评测"
)

# What is wrong with a benchmark is no result on it.
_FAULTS = re.compile(
    r"\b(?:limit(?:ed|ations?)|overlook\w*|hinder\w*|suffer\w*|ambigu\w*|shortcomings?|lack(?:s|ing)?|struggle\w*)\b|不足|缺陷"
)


def introduced_name(note: VaultNote) -> str:
    """The name that a note brought into the world: alone before the colon of its title, and said so in its text; else empty."""
    title = readable(note.title)
    head = _REPORT.sub("", head_of(title))
    name = short_name(note.title)
    if not name or name != head or not names_in(name) or _HOW.search(name) or _COMPOUND.fullmatch(name):
        return ""
    text = source_text(note)
    if has_name(text, name):
        return name if _INTRODUCES.search(_placed(text, name)) else ""
    # An abstract may speak of "our model" where its title alone names it.
    return name if name != title.strip() and _BROUGHT.search(text) else ""


def is_acronym(name: str) -> bool:
    """Whether capitals alone, or very few letters, make the name (WISE, V2V, ADNet, CoT-RAG): many works go by one of those."""
    return _ACRONYM.fullmatch(name) is not None


def naming(note: VaultNote, name: str) -> tuple[str, ...]:
    """The sentences of a note that hold a name as it stands; none where the note brings a work of that name itself."""
    text = _ADDRESS.sub(" ", source_text(note))
    if has_name(note.title, name) or not has_name(text, name):
        return ()
    if _BRINGS.search(_placed(text, name)) or _spelled_out(text, name):
        return ()
    return tuple(one for one in split(source_text(note)) if has_name(_ADDRESS.sub(" ", one), name))


def relation(sentence: str, name: str, *, own: str = "", to: VaultNote) -> RelationKind:
    """How the work called ``own`` stands by this sentence of its text to the one of the note ``to``, which goes by ``name``."""
    told = _told(sentence, name, own)
    if not _OWN.search(told) or _by_others(told):
        return RelationKind.NAMES
    if _DISAGREES.search(told):
        return RelationKind.DISAGREES
    if _is_yardstick(name, to):
        if _COMPARES.search(told):
            return RelationKind.COMPARES
        measured = _MEASURED.search(told) and _SCORES.search(told) and not _FAULTS.search(told)
        return RelationKind.MEASURED if measured else RelationKind.NAMES
    rules = ((RelationKind.BUILDS, _BUILDS), (RelationKind.COMPARES, _COMPARES), (RelationKind.APPLIED, _APPLIED))
    return next((kind for kind, rule in rules if rule.search(told)), RelationKind.NAMES)


def _is_yardstick(name: str, note: VaultNote) -> bool:
    """Whether a note brought something on which others are measured."""
    said = _FIRST_NOUN.split(readable(note.title).removeprefix(name))[0]
    if KNOWN_NAME.fullmatch(name) or _YARDSTICK_TITLE.search(f"{name} {said}"):
        return True
    return _YARDSTICK_TEXT.search(_placed(source_text(note), name)) is not None


def _told(sentence: str, name: str, own: str) -> str:
    """The sentence in small letters with N for the name and those in a row with it, M for other names, O for the work's own."""
    text = _placed(sentence, name).replace("e.g.", "eg").replace("i.e.", "ie")
    if own:
        text = re.sub(rf"(?<![\w-]){re.escape(own)}(?:'s|[- ]\d+(?:\.\d+)?[BM])?(?!\w)", "\0O", text)
    for other in sorted(names_in(text), key=len, reverse=True):
        if other not in {"N", "O"} and not _FIELD.fullmatch(other):
            mark = "\0O" if _is_own(other, own) else "\0M"
            text = re.sub(rf"(?<![\w-]){re.escape(other)}(?![\w-])", mark, text)
    text = re.sub(r"\bN\b", "\0N", text).lower()
    text = re.sub(r"\0([nmo])", lambda found: found[1].upper(), text)
    return _LISTED.sub(lambda found: "N" if re.search(r"\bN\b", found[0]) else "M", text)


def _is_own(name: str, own: str) -> bool:
    """Whether a name is one of the work's own: Nemotron-Nano-9B-v2 of "NVIDIA Nemotron Nano 2"."""
    words = {word for word in re.split(r"[\s-]+", fold(own)) if word}
    return len(words & set(re.split(r"[\s-]+", fold(name)))) >= _LEAST_SHARED


def _placed(text: str, name: str) -> str:
    return re.sub(rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-.]){re.escape(name)}(?![A-Za-z0-9]|[-.][A-Za-z0-9])", "N", text)


def _by_others(told: str) -> bool:
    """Whether others are the subject of what is done with N: "Existing methods build on N"."""
    before = told[: match.start()] if (match := re.search(r"\bN\b", told)) else told
    found = _OTHERS.search(before)
    return found is not None and not _DOES_TO_OTHERS.search(before[: found.start()])


def _spelled_out(text: str, name: str) -> bool:
    """Whether the text spells the letters out before the brackets that hold the name: "problem solving (GPS)"."""
    found = re.search(rf"(?<![\w-])((?:[\w-]+ ){{1,8}})\(\s?{re.escape(name)}\s?\)", text)
    return found is not None and fold(name[0]) in {word[0] for word in fold(found[1]).split() if word}
