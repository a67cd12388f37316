"""Which names of a sentence are benchmarks, and which may be systems that were measured on them."""

from __future__ import annotations

import re
from bisect import bisect_left, insort
from collections.abc import Collection, Iterable, Iterator, Sequence

from notes.quantities.names import KNOWN_NAME, Name, does_something, ends_phrase, names_of_title, proper_names

__all__ = ["LISTED", "is_benchmark_name", "known_benchmarks", "measured_names", "with_part"]

_MODEL_FAMILY = re.compile(
    r"(?:LLa(?:MA|VA)|Llama|Qwen|GPT|Gemini|Gemma|Claude|DeepSeek|Mi[sx]tral|FLUX|SD(?:XL|3)|Phi-"
    r"|InternVL|RoBERTa|De[Bi]?T|ResNet|T5|CLIP"
    r"|OPT|GLM|ChatGLM|Kimi|MiniMax|YOLO|DiT|Wan\d|Hunyuan|Open-Sora|CogVideo|o[134]-|STEP\d|DINO"
    r"|BLIP|SAM\d?$)|.*[A-Z]s$"
    r"|(?!ImageNet|ModelNet|ShapeNet|ScanNet|WordNet|ConceptNet)[\w-]*(?:Net|[Ff]ormer|Mamba|GAN|BERT|CNN)(?:\+\+|-?\d*)$"
)
_BENCHMARK_SHAPE = re.compile(r"\w[\w-]*?(?:Bench|bench|QA|Eval|World|Arena|Gym)(?:[-+]?\w*)?")
_BENCHMARK_WORD = re.compile(
    r"\s?(?:\((?:[A-Z][\w-]*)\)\s?)?(?:\w+ ){0,2}?(?:benchmarks?|datasets?|test sets?|leaderboard"
    r"|suite|challenge|tasks?)\b"
    r"|\s?[\u4e00-\u9fff]{0,8}?(?:基准|基準|数据集|數據集|資料集|测试集|測試集|测试|測試|评测|評測"
    r"|榜单|榜單|任务上|任務上)"
)
_LONGEST_ON = 60  # characters before a name in which its "on" stands
_ON = re.compile(
    r"(?:\b(?:on|across|benchmarks?(?: such as| like|:)?)(?: the)?(?: (?:popular|widely-used"
    r"|challenging|standard|public|held-out|full))?|在)\s?[\"“「《]?$",
    re.IGNORECASE,
)
# "On SIM, CC and NSS metrics": these are no benchmarks.
_OF_METRICS = re.compile(r"(?:(?:, | and |, and )[\w-]+){0,5} (?:metrics?|scores?)\b")
_PARTICIPLE = re.compile(r", \w+ing\b")
_ACRONYM = re.compile(r"[A-Z]{2,6}s?")
LISTED = re.compile(r"(?: ?\([^()]{1,40}\))?(?:,? and |, |、| ?(?:和|与|與) ?)(?:the )?")
"""What stands between two names that are told together."""

_TELLS_BENCHMARK = re.compile(
    r"\b(?:bench|benchmark|data ?set|corpus|leaderboard)|基准|基準|数据集|數據集", re.IGNORECASE
)
_DATA_SET = re.compile(
    r"\b(?:the|on|and|in|of) (?:\w+ )?(?P<name>[A-Z][\w'-]*(?: (?:[A-Z0-9][\w'.-]*|of(?= [A-Z]))){0,4})"
    r"(?= (?:\([\w-]+\) )?(?:benchmark|data ?set|corpus|test set|leaderboard)\b(?!s))"
)
_COMMON = re.compile(
    r"English|Chinese|French|German|Japanese|Korean|Arabic|Hindi|Spanish|Portuguese|Italian|Russian|Indian|Vietnamese|Turkish|Polish"
    r"|Bengali|Urdu|Persian|African|American|European|Our|We|The|This|Public|Private|Internal|External|Full|Entire|Original|New|Standard"
    r"|Large|Open|Real|Synthetic|Clinical|Medical|First|Multi\w*|High\w*|Existing|Each|Both|LLMs?|VLMs?|AI|QA|RAG|NLP|GUI|OCR|CT|MRI"
)
_FRONTED = re.compile(r" (?:it|they|we|the|this|models?|agents?|systems?|all|both|even)\b")
_PART_NAME = re.compile(r"(?: [A-Z][a-z]+){1,2}(?=[,.;)]| and\b| --|$)")


def _written(sentence: str, names: Sequence[str]) -> list[Name]:
    """Where one of ``names`` stands in the sentence as a whole, the first letter's case aside; in reading order."""
    found: list[Name] = []
    for name in names:
        pattern = rf"(?<![\w-]){re.escape(name)}(?![A-Za-z0-9-])"
        for match in re.finditer(pattern, sentence) if name and name in sentence else ():
            one = Name(match.group(), match.start(), match.end())
            if _is_apart(one, found):
                insort(found, one, key=lambda other: other.start)
    return found


def measured_names(
    sentence: str, *, title: str = "", known: Collection[str] = ()
) -> tuple[tuple[Name, ...], tuple[Name, ...]]:
    """The names of ``sentence`` in reading order: the benchmarks, and those that may be systems.

    The names that ``title`` gives its work are among them though they look like words; ``known`` are the names that the
    text calls data sets elsewhere.
    """
    own = _written(sentence, names_of_title(title)) if title else []
    ours = frozenset(own)
    sets = frozenset(_apart(_data_sets(sentence), own))
    told_of = sorted([*own, *sets], key=lambda name: name.start)
    specific = sorted([*told_of, *_apart(proper_names(sentence), told_of)], key=lambda name: name.start)
    benchmarks: list[Name] = []
    for name in specific:
        told = name in sets or (name.text in known and name not in ours)
        if told or _is_listed(sentence, benchmarks, name) or _is_benchmark(sentence, name):
            benchmarks.append(name)
    # The plural of an acronym (LVLMs) is a class of systems.
    measured_with = {name.text for name in own} if _TELLS_BENCHMARK.search(title) else set()
    taken = frozenset(benchmarks)
    systems = (
        name
        for name in specific
        if name not in taken and name.text not in measured_with and not re.search(r"[A-Z]s$", name.text)
    )
    return tuple(benchmarks), tuple(systems)


def known_benchmarks(sentences: Iterable[str]) -> frozenset[str]:
    """The names that one of ``sentences`` calls a benchmark or a data set in so many words."""
    names = ((sentence, name) for sentence in sentences for name in measured_names(sentence)[0])
    return frozenset(name.text for sentence, name in names if _BENCHMARK_WORD.match(sentence, name.end))


def _data_sets(sentence: str) -> Iterator[Name]:
    """Names of plain words that are followed by what they name: the Indian Driving Dataset, the Prostate dataset."""
    for match in _DATA_SET.finditer(sentence):
        words = match["name"].split()
        if not _COMMON.fullmatch(words[0]) and not (len(words) == 1 and words[0].isupper()):
            yield Name(match["name"], match.start("name"), match.end("name"))


def _apart(names: Iterable[Name], others: Sequence[Name]) -> list[Name]:
    """Those of ``names`` that overlap none of ``others``, which stand in reading order and overlap none of themselves."""
    return [name for name in names if _is_apart(name, others)]


def _is_apart(name: Name, others: Sequence[Name]) -> bool:
    place = bisect_left(others, name.end, key=lambda other: other.start)
    return place == 0 or others[place - 1].end <= name.start


def is_benchmark_name(name: str, *, title: str) -> bool:
    """Whether the work called ``name`` is a benchmark, as its name or its title tells."""
    known = KNOWN_NAME.fullmatch(name) or _BENCHMARK_SHAPE.fullmatch(name)
    return bool(known or _TELLS_BENCHMARK.search(title))


def _is_listed(sentence: str, found: list[Name], name: Name) -> bool:
    if not found or _MODEL_FAMILY.match(name.text):
        return False
    joint = LISTED.fullmatch(sentence, found[-1].end, name.start)
    # "on A and B show" lists, "on A, and B reaches" begins anew.
    if joint is None or (joint.group().startswith((",", "，")) and does_something(sentence, name)):
        # "on A, B, and C, reaching 5%" goes on with what was reached.
        return joint is not None and _PARTICIPLE.match(sentence, name.end) is not None
    return True


def _is_benchmark(sentence: str, name: Name) -> bool:
    if KNOWN_NAME.fullmatch(name.text) or _BENCHMARK_SHAPE.fullmatch(name.text):
        return True
    if _MODEL_FAMILY.match(name.text):
        return False
    followed = _BENCHMARK_WORD.match(sentence, name.end)
    if followed and not does_something(sentence, name):
        # "Several COD benchmarks" belong to a field, "the CBC benchmark" is one.
        return not (followed.group().endswith("s") and _ACRONYM.fullmatch(name.text))
    if _OF_METRICS.match(sentence, name.end):
        return False
    return bool(_ON.search(sentence[max(0, name.start - _LONGEST_ON) : name.start])) and bool(
        ends_phrase(sentence, name.end) or _FRONTED.match(sentence, name.end) or _PART_NAME.match(sentence, name.end)
    )


def with_part(sentence: str, name: Name) -> str:
    """The benchmark's name with the part of it that was measured: TAU2 Retail."""
    part = _PART_NAME.match(sentence, name.end)
    return sentence[name.start : part.end()] if part else name.text
