"""Names in a sentence, and the name of the work that a text is about.

A name is told by its shape (mixed case, capitals with digits) or by being known; what it names, by the words around it
(:mod:`notes.quantities.benchmark_names`).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

__all__ = [
    "KNOWN_NAME",
    "SHAPE",
    "Name",
    "antecedents",
    "does_something",
    "ends_phrase",
    "names_of_title",
    "place_in_head",
    "proper_names",
]

# Names that are benchmarks without looking like one, or that would be taken for systems.
_KNOWN = (
    r"(?:ALFWorld|WebShop|SPOT|SimpleQA|BabyVision|ScreenSpot(?:-(?:V2|v2|Pro))?|MMLU(?:-Pro|-Redux)?|MMMU(?:-Pro)?|GSM-?8[Kk]"
    r"|MATH(?:-?500|-Vision)?|MathVista|MathVision|"
    r"AIME(?:\s?(?:20)?2\d|'2\d)?|AMC(?:\s?(?:20)?2\d)?|HMMT(?:\s?(?:20)?2\d)?|OlympiadBench"
    r"|HumanEval\+?|MBPP\+?|LiveCodeBench(?: v\d)?|"
    r"SWE-?[Bb]ench(?:[- ](?:Verified|Lite|Multimodal|Pro|Live))?|GPQA(?:[- ]Diamond)?"
    r"|Humanity's Last Exam|HLE|BrowseComp(?:-\w+)?|GAIA|"
    r"TruthfulQA|HellaSwag|WinoGrande|ARC(?:-(?:AGI|C|Challenge|Easy)(?:-[12])?)?"
    r"|BIG-?[Bb]ench(?:[- ](?:Hard|Extra Hard))?|BBH|BoolQ|SQuAD|HotpotQA|NaturalQuestions|"
    r"TriviaQA|PopQA|MuSiQue|2WikiMultihopQA|StrategyQA|CommonsenseQA|DROP|RULER|LongBench(?:[- ]v2)?"
    r"|InfiniteBench|LongMemEval|LoCoMo|"
    r"ImageNet(?:-\w+)?|CIFAR-?10{1,2}|COCO|LVIS|ADE20K|Cityscapes|KITTI|nuScenes|Waymo|ScanNet"
    r"|LIBERO(?:-\w+)?|CALVIN|RLBench|Meta-?World|MetaWorld|"
    r"SimplerEnv|RoboCasa|BEHAVIOR-1K|Habitat|AI2-THOR|OSWorld|WebArena|VisualWebArena|AndroidWorld"
    r"|Mind2Web|WebVoyager|AgentBench|ToolBench|BFCL|"
    r"tau-bench|τ-bench|τ²-Bench|Terminal-Bench(?: \d\.\d)?|MLE-[Bb]ench|PaperBench|CORE-Bench"
    r"|MiniF2F(?:-test)?|PutnamBench|ProofNet|"
    r"AlpacaEval(?: 2(?:\.0)?)?|MT-[Bb]ench|Arena-Hard|IFEval|Chatbot Arena|LMArena|VBench|GenEval"
    r"|DPG-Bench|MJHQ(?:-30K)?|VideoMME|Video-MME|MVBench|"
    r"EgoSchema|ChartQA|DocVQA|TextVQA|VQAv2|OCRBench|InfoVQA|OK-VQA|POPE|MMBench|MME|SEED-Bench"
    r"|ScienceQA|MedQA|PubMedQA|MedMCQA|MIMIC-(?:CXR|III|IV)|"
    r"CheXpert|LibriSpeech|VoxCeleb|FLEURS|WMT\s?\d\d|FLORES(?:-\d+)?|GLUE|SuperGLUE|C-Eval|CMMLU"
    r"|BEIR|MTEB|MS MARCO|TREC|MovieLens|Spider|BIRD|"
    r"WikiText(?:-\d+)?|LAMBADA|PG-?19|D4RL|Atari(?: 100k)?|MuJoCo|Procgen|DMControl|GenEval|T2I-CompBench)"
)
SHAPE = r"[A-Za-z\u0370-\u03ff][A-Za-z0-9_]*(?:\.\d+)*(?:[-+@'’][A-Za-z0-9]+(?:\.\d+)*)*\+{0,2}"
# Families of models that are named like words, with what tells the model: Gemini 2.5 Pro.
_FAMILY = (
    r"(?:Claude|Gemini|Grok|Llama|Gemma|Mistral|Qwen|Kimi|DeepSeek)(?:[- ]?\d+(?:\.\d+)?(?![\d.]|\s?\\?%))?"
    r"(?:[- ](?:Sonnet|Opus|Haiku|Pro|Flash|Large|Ultra|Nano|Turbo|Mini|Thinking|Instruct|V\d(?:\.\d)?|R1|\d+B)\b)*"
)
_TOKEN = re.compile(
    rf"(?<![A-Za-z0-9@/.\\-])(?:{_KNOWN}(?![A-Za-z0-9+]|-[A-Za-z0-9])|{_FAMILY}(?![A-Za-z0-9+]|[-.][A-Za-z0-9])|{SHAPE})"
)
_KNOWN_OF_ALL = re.compile(rf"{_FAMILY}|{_KNOWN}(?:[-+](?:[A-Z\d]|v\d)?[\w.]*)*")
KNOWN_NAME = re.compile(rf"{_KNOWN}(?:[-+](?:[A-Z\d]|v\d)?[\w.]*)*")
"""A name that is known to be a benchmark's."""

# Acronyms and names that every second abstract holds: fields, methods and makers, no systems under test.
_GENERIC_NAMES = """
ai ml dl rl nlp cv llm llms slm slms vlm vlms mllm mllms lmm lmms mllm's vla vlas agi gui guis gpu gpus cpu cpus
tpu tpus ram vram api apis rag moe moes cot kv rlhf rlvr sft dpo ppo grpo gan gans cnn cnns rnn rnns lstm gnn
gnns mlp vit vits bert transformer transformers sota qa vqa ocr asr tts iot ide ides sql json pdf html url http
https arxiv github huggingface openai google deepmind meta nvidia anthropic microsoft ieee acm usa us uk eu un
phd ct mri ecg eeg pde pdes ode odes fl dp mcts lora qlora snr psnr ssim fid bleu rouge auc auroc map miou iou
mae rmse mse flops fps kg kgs rgb rgb-d lidar uav uavs ev evs covid-19 python java javascript c++ pytorch
tensorflow cuda linux ios android 2d 3d 4d f1 f1-score top-1 top-5 pass ood iid id ablation dna rna ehr ehrs icu
hci stem fp16 fp8 int8 int4 bf16 w4a4 w8a8 kv-cache h100 h100s a100 a100s rtx h200 b200 non-english english
chinese i.i.d post-training pre-training in-context chain-of-thought llm-based ai-generated llm-generated
ai-driven rl-based llm-as-a-judge t2i t2v i2v kl elo token tokens sdk cli biorxiv medrxiv
ner icl ssrn pubmed wikipedia reddit youtube twitter kaggle iclr icml neurips cvpr acl emnlp aaai ijcai eccv iccv
"""
_GENERIC = frozenset(_GENERIC_NAMES.split())
_DOES = re.compile(
    r"(?:['’]s (?:[\w-]+ ){1,6}?)?(?:"
    r"(?:\s?\([^()]{1,40}\))?,?\s?(?:(?:\w+ly|also|still|even|can|could|only|alone|itself|then|further|now) ){0,2}"
    r"(?:achiev|reach|attain|obtain|outperform|surpass|exceed|improv|reduc|increas|decreas|deliver"
    r"|yield|boost|cut|scor|solv|gain|rank|set|match|lift|push|bring|hit|climb|drop|"
    r"retain|preserv|maintain|accelerat|lower|rais|sav|enabl|complet|succeed|record|beat|show"
    r"|demonstrat|provid|produc|generat|support|"
    r"report|pass|is|has|was|gets|runs|uses|requires|needs|comprises|contains|covers|includes|consists|spans"
    r"|lead|perform|compress|converg|operat|detect|identif|predict|answer|correct|narrow|clos|experienc|exhibit|incur|cost|tak|correlat"
    r"|retriev|localiz|recover|segment|classif|recogni[sz]|maintain|remain|averag|fail|struggl|trail|lag|fall|adds?\b)\w*\b"
    r"|\s?(?:在|将|將|把|使|可|能|达|達|取得|实现|實現|超|提升|降低|减少|減少|刷新|的|仅|僅|平均|以|於|对|對|只|约|約))",
)
_ENDS_PHRASE = re.compile(
    r"\s?(?:[,.;:()，。；、）]|$|(?:and|or|with|at|by|while|after|using|under|without|in|for|上|中|--)(?![a-z]))"
)
_OWNS = re.compile(r"['’]s$")
_ARTICLE = re.compile(r"(?:The|A|An) ")
_TITLE_PAIR = re.compile(r"(?=\b([A-Z][a-z]+ [A-Z][a-z]+)\b)")
_LEAD_WORDS = 4
_IN_HEAD = 60
_INTRODUCES = re.compile(
    r"\b(?:we|this (?:paper|work|study|report|article)|authors|researchers|team|introduc\w+|propos\w+|present\w*)\b"
    r"|本文|我们|我們|作者|团队|團隊|提出|推出|介绍|介紹|发布|發布",
    re.IGNORECASE,
)
_ANNOUNCES = re.compile(
    r"\b(?:[Ww]e|[Pp]aper|[Ww]ork|[Rr]eport|[Aa]uthors) (?:\w+ )?(?:propose|introduce|present|develop|release)s? (?:the )?"
    rf"({SHAPE})"
)
_OTHER_SUBJECT = re.compile(
    r"(?:The|A|An|Another|One|This|Each) (?:[\w-]+ ){0,3}(?:baselines?|benchmarks?|data ?sets?|corpus|teacher|judge)\b"
    r"|.{0,8}(?:基线|基線|基准|基準|数据集|數據集|资料集|資料集)(?![上中])"
)


@dataclass(frozen=True, slots=True)
class Name:
    """A name and where it stands in its sentence."""

    text: str
    start: int
    end: int


@lru_cache(maxsize=4096)
def proper_names(text: str) -> tuple[Name, ...]:
    """What looks like the name of a thing in ``text``, in reading order; no fields (NLP), parts (GPU) or makers."""
    found = (_unowned(Name(match.group(), match.start(), match.end())) for match in _TOKEN.finditer(text))
    proper = (name for name in found if is_proper(name.text) or _KNOWN_OF_ALL.fullmatch(name.text))
    return tuple(name for name in proper if name.text.lower() not in _GENERIC)


def _unowned(name: Name) -> Name:
    """The name without the 's of what it owns."""
    bare = _OWNS.sub("", name.text)
    return Name(bare, name.start, name.start + len(bare))


@lru_cache(maxsize=2048)
def names_of_title(title: str) -> tuple[str, ...]:
    """What a work may call itself: its title's words before the colon, the names in them, else those in the title.

    "Step 3.5 Flash: Open ..." gives ``Step 3.5 Flash``; a long lead gives only what looks like a name, and so does a
    title without a colon, which adds the pairs of its capitalised words ("Thinking States"): they count where a text
    writes them so.
    """
    lead, colon, _ = title.replace("：", ":").partition(":")
    lead = _ARTICLE.sub("", lead.strip())
    names = [name.text.removesuffix("-a") for name in (*proper_names(lead), *proper_names(title))]
    if colon and lead and len(lead.split()) <= _LEAD_WORDS and lead.lower() not in _GENERIC:
        names.insert(0, lead)
    if not colon:
        names += [match.group(1) for match in _TITLE_PAIR.finditer(title)]
        if 1 < len(lead.split()) <= _LEAD_WORDS - 1 and not lead.endswith(("?", ".", "？", "。")):
            names.insert(0, lead)
    names += [name.replace("α", "alpha") for name in names if "α" in name]
    return tuple(dict.fromkeys(names))


def place_in_head(own: Sequence[str], head: str) -> int:
    """Where a sentence's opening names the work, ahead of any comma; -1 where it does not."""
    found = (re.search(rf"(?<![\w-]){re.escape(name)}(?![A-Za-z0-9-])", head) for name in own if name in head)
    place = min((match.start() for match in found if match), default=-1)
    return place if place < 4 or not any(mark in head[:place] for mark in ",，、") else -1


def antecedents(sentences: Sequence[str], *, title: str) -> tuple[str, ...]:
    """For each of a text's ``sentences`` the name of the work that an "it" at its head stands for; ``""`` if none does.

    An earlier sentence must have the work's own name as its subject or introduce it, and since then no other name
    and no baseline may have opened a sentence.
    """
    own = names_of_title(title)
    told, found = "", []
    for sentence in sentences:
        found.append(told)
        told = _spoken_of(sentence, own, told)
    return tuple(found)


def _spoken_of(sentence: str, own: Sequence[str], told: str) -> str:
    places = ((place_in_head((name,), sentence[:_IN_HEAD]), name) for name in own)
    place, named = min((each for each in places if each[0] >= 0), key=lambda each: each[0], default=(-1, ""))
    if _opens_with_another(sentence, named if 0 <= place < 4 else told):
        return ""
    return named or _introduced(sentence, own) or ("" if _OTHER_SUBJECT.match(sentence) else told)


def _introduced(sentence: str, own: Sequence[str]) -> str:
    """The name of the work that "we propose NAME" tells, which may be written otherwise than in the title."""
    if not _INTRODUCES.search(sentence):
        return ""
    announced = (match.group(1) for match in _ANNOUNCES.finditer(sentence))
    new = (name for name in announced if is_proper(name) and name.lower() not in _GENERIC)
    return next((name for name in own if name in sentence), "") or next(new, "")


def _opens_with_another(sentence: str, own: str) -> bool:
    opening = _TOKEN.match(sentence)
    if not opening or (own and 0 <= sentence.find(own) < 4):
        return False
    name = Name(opening.group(), 0, opening.end())
    is_name = is_proper(name.text) and not re.search(r"[A-Z]s$", name.text)
    return is_name and (name.text.lower() not in _GENERIC or does_something(sentence, name))


def is_proper(token: str) -> bool:
    """Whether ``token`` looks like the name of a thing: inner capitals, or a capital and a digit."""
    if token.islower():
        return False
    if token[0].isupper() and any(character.isdigit() for character in token):
        return True
    # Title-Case compounds and "Pareto-optimal" are words.
    head, *rest = token.split("-")
    if rest and all(part[:1].islower() or part.istitle() for part in rest):
        return sum(character.isupper() for character in head) > 1
    return len(token) > 1 and any(character.isupper() for character in token[1:])


def does_something(sentence: str, name: Name) -> bool:
    """Whether a verb of achieving follows ``name``: it is the subject of what is told."""
    return _DOES.match(sentence, name.end) is not None


def ends_phrase(sentence: str, position: int) -> bool:
    """Whether the noun phrase that reaches to ``position`` ends there."""
    return _ENDS_PHRASE.match(sentence, position) is not None
