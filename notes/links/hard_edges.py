"""Edges that rest on a fact: one work told twice, an address or a paper cited, a wikilink, a system mentioned by name.

A reason is the sentence in which the other note is cited, where the text has one.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from itertools import islice, permutations

from notes.identity import arxiv_id, canonical_url
from notes.links.edges import Edge, Linkable, strongest
from notes.links.mentions import called, has_name, sentence_citing, sentence_naming, sentence_with
from notes.model import LinkKind

__all__ = ["Holders", "hard_edges", "names_in", "shared_addresses"]

Holders = Callable[[str], Collection[str] | None]
"""Gives the ids of the notes whose texts may hold a word, or None when that cannot be said."""

_Titled = tuple[Linkable, tuple[str, ...]]
# A proper name of a system, model or benchmark: Latin letters with an inner capital, a digit or a hyphen
# (SkillRL, STEP3-VL-10B, mHC).
_NAME = re.compile(r"(?<![A-Za-z0-9])[A-Za-z][A-Za-z0-9]*(?:[-.][A-Za-z0-9]+)*(?![A-Za-z0-9])")
# A name that more titles than these hold tells the field, not the work.
_COMMON_NAME = 4
# So does one that more texts than these hold, or than this share of them in a larger vault.
_COMMON_IN_TEXTS, _COMMON_SHARE = 12, 0.01
# An address that more notes than these point to is a portal, not a source.
_COMMON_ADDRESS = 8

# Spelled like names of systems, but they name fields, methods everybody uses, houses and places of publication.
_NO_WORK = frozenset(
    (
        "ai agi llm llms vlm vlms mllm mllms slm slms lrm lrms rl rlhf rlvr sft dpo ppo cot moe rag gui ocr kv gpu gpus cpu cpus "
        "tpu tpus api apis nlp asr tts vla vqa qa sota arxiv github gitlab youtube huggingface openai deepmind deepseek chatgpt "
        "iclr icml neurips acl emnlp cvpr aaai kdd stepfun xai nvidia ios macos javascript typescript pytorch"
    ).split()
)


def names_in(text: str) -> tuple[str, ...]:
    """Names of systems, models and benchmarks in a text, each once, in order of appearance."""
    return tuple(dict.fromkeys(found for found in _NAME.findall(text) if _is_name(found)))


def hard_edges(
    notes: Sequence[Linkable], *, touching: Collection[str] | None = None, holders: Holders | None = None
) -> tuple[Edge, ...]:
    """The same work told twice, wikilinks, citations and mentions by name, over all pairs that share something hard.

    With ``touching`` only pairs with an end in it; ``holders`` spares reading every text for a name.
    """
    ordered = sorted(notes, key=lambda one: one.id)
    wanted = frozenset(note.id for note in notes) if touching is None else frozenset(touching)
    titled = [(note, names_in(note.title)) for note in ordered]
    owners = _rare_names(titled)
    edges = (
        *_wikilinks(ordered, wanted),
        *_citations(ordered, wanted),
        *_namesakes(owners, wanted),
        *_mentions(ordered, owners, wanted, holders or (lambda _: None)),
    )
    return tuple(strongest(edges).values())


def shared_addresses(notes: Sequence[Linkable]) -> dict[str, dict[str, str]]:
    """For each note, the others that point to the same address somewhere in the world, and the rarest such address."""
    pointing: defaultdict[str, list[str]] = defaultdict(list)
    for note in sorted(notes, key=lambda one: one.id):
        for reference in sorted({*map(_canonical, note.references)} - {""}):
            pointing[reference].append(note.id)
    shared: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for reference, ids in sorted(pointing.items(), key=lambda told: (len(told[1]), told[0])):
        if 1 < len(ids) <= _COMMON_ADDRESS:
            for one, other in permutations(ids, 2):
                shared[one].setdefault(other, reference)
    return dict(shared)


@lru_cache(maxsize=200_000)  # the same few sites are pointed to over and over
def _canonical(address: str) -> str:
    return canonical_url(address)


def _is_name(word: str) -> bool:
    return len(word) >= 3 and word[1:] != word[1:].lower() and word.casefold() not in _NO_WORK


def _rare_names(titled: Sequence[_Titled]) -> dict[str, tuple[Linkable, ...]]:
    """Names in titles that few titles hold, with the notes whose titles hold them."""
    owners: defaultdict[str, list[Linkable]] = defaultdict(list)
    for note, names in titled:
        for name in names:
            owners[name].append(note)
    return {name: tuple(held) for name, held in sorted(owners.items()) if len(held) <= _COMMON_NAME}


def _wikilinks(notes: Sequence[Linkable], wanted: Collection[str]) -> Iterator[Edge]:
    by_id = {note.id: note for note in notes}
    for note in notes:
        for target in note.wikilinks:
            other = by_id.get(target)
            if other is not None and target != note.id and (note.id in wanted or target in wanted):
                why = sentence_naming(note.text, called((other.title, *other.names)))
                yield Edge.between(note.id, target, LinkKind.WIKILINK, 1.0, _quoted(why) or "linked by you")


def _citations(notes: Sequence[Linkable], wanted: Collection[str]) -> Iterator[Edge]:
    owner: dict[str, Linkable] = {}
    for note in notes:
        for address in note.addresses:
            owner.setdefault(_canonical(address), note)
    owner.pop("", None)
    for note in notes:
        for reference in note.references:
            cited = owner.get(_canonical(reference))
            if cited is not None and cited.id != note.id and (note.id in wanted or cited.id in wanted):
                yield Edge.between(note.id, cited.id, LinkKind.CITES, 1.0, _citing(note, cited, reference))


def _citing(note: Linkable, cited: Linkable, reference: str) -> str:
    """The sentence that cites, found by the paper's number, the address or the title; else what is cited."""
    short = _short(reference)
    number = short.removeprefix("arXiv:")
    words = (number, number.removeprefix("doi.org/").removesuffix("/"))
    sentence = next(filter(None, (sentence_citing(note.text, word) for word in words)), "")
    sentence = sentence or sentence_naming(note.text, called((cited.title, *cited.names)))
    return _quoted(sentence) or f"cites {short}"


def _namesakes(owners: Mapping[str, Sequence[Linkable]], wanted: Collection[str]) -> Iterator[Edge]:
    """Notes whose titles lead with one rare name: one work told twice, or two works of which one speaks of the other."""
    for name, held in owners.items():
        for position, one in enumerate(held):
            for other in held[position + 1 :]:
                if one.id not in wanted and other.id not in wanted:
                    continue
                if not _leads(one.title, name) or not _leads(other.title, name):
                    continue
                if _same_work(one, other):
                    yield Edge.between(one.id, other.id, LinkKind.SAME_WORK, 1.0, f"the same work: {name}")
                else:
                    yield Edge.between(one.id, other.id, LinkKind.MENTIONS, 0.95, f"both about {name}")


def _same_work(one: Linkable, other: Linkable) -> bool:
    """Whether one name, with which both titles lead, stands for one work.

    Two papers with identifiers of their own are two works, whatever they are called; so are an article and a paper of the same
    name when the article points to other papers only.
    """
    ones, others = _papers(one), _papers(other)
    return not (ones and others and not ones & others)


def _papers(note: Linkable) -> set[str]:
    """The paper that a note is, else the papers that it points to."""
    if note.work:
        return {note.work}
    return {found[0] for reference in note.references if (found := arxiv_id(reference))}


def _leads(title: str, name: str) -> bool:
    """Whether a title introduces its own system by the name: the first one before the colon, and no other."""
    head = re.split(r"[:：—–]", title, maxsplit=1)[0]
    return names_in(head)[:1] == (name,)


def _mentions(
    notes: Sequence[Linkable], owners: Mapping[str, Sequence[Linkable]], wanted: Collection[str], holders: Holders
) -> Iterator[Edge]:
    """Texts that hold, in the same capitals, a name that another's title introduces and that few texts hold."""
    texts = {note.id: note for note in notes}
    speakers = _Speakers(texts, holders)
    leading = {name: led for name, held in owners.items() if (led := [one for one in held if _leads(one.title, name)])}
    said = {name for key in frozenset(wanted) & texts.keys() for name in names_in(texts[key].text)}
    for name, led in leading.items():
        anew = any(one.id in wanted for one in led)
        if not anew and name not in said:
            continue
        for key in speakers.of(name):
            for owner in led:
                if owner.id != key and (key in wanted or owner.id in wanted):
                    yield Edge.between(key, owner.id, LinkKind.MENTIONS, 0.9, _mentioning(texts[key], name))


class _Speakers:
    """The notes whose texts hold a name; none when those are so many that the name says nothing."""

    def __init__(self, texts: Mapping[str, Linkable], holders: Holders) -> None:
        self._texts, self._holders = texts, holders
        self._most = max(_COMMON_IN_TEXTS, int(_COMMON_SHARE * len(texts)))

    def of(self, name: str) -> tuple[str, ...]:
        suspects = self._holders(name)
        if suspects is None:
            saying: Iterable[str] = self._by_name.get(name, ())
        else:
            known = (key for key in sorted(suspects) if key in self._texts)
            saying = (key for key in known if has_name(self._texts[key].text, name))
        found = tuple(islice(saying, self._most + 1))
        return found if len(found) <= self._most else ()

    @cached_property
    def _by_name(self) -> Mapping[str, Sequence[str]]:
        """All texts read once, where nobody says which to read."""
        found: defaultdict[str, list[str]] = defaultdict(list)
        for key, note in self._texts.items():
            for name in names_in(note.text):
                found[name].append(key)
        return found


def _mentioning(note: Linkable, name: str) -> str:
    return _quoted(sentence_with(note.text, name)) or f"mentions {name}"


def _quoted(sentence: str) -> str:
    return f"“{sentence}”" if sentence else ""


def _short(url: str) -> str:
    found = arxiv_id(url)
    return f"arXiv:{found[0]}" if found else url.removeprefix("https://").removeprefix("http://")
