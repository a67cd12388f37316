"""Where one text names another note: its title, its file's name or an alias in running words, Chinese too."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from notes.links.common_words import COMMON_WORDS
from notes.markup.inert import shortened
from notes.text.fold import fold
from notes.text.keyphrases import STOPWORDS
from notes.text.sentences import split

__all__ = [
    "CITED_AT_MOST",
    "called",
    "forms",
    "has_name",
    "is_one_word",
    "names_it",
    "sentence_citing",
    "sentence_naming",
    "sentence_with",
    "smooth",
]

CITED_AT_MOST = 200
"""Characters of the sentence that is given as a reason."""

_CJK = r"\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af\uf900-\ufaff"
_BETWEEN = re.compile(r"[\s_\-–—·]+")
# An emoji or a mark before a title sorts the file (🧑卢曼, » Daily notes); nobody writes it in a sentence.
_ORNAMENT = re.compile(r"^[^\w(\[（【《「]+|[^\w)\]）】》」.+#]+$")
_FIRST_LATIN = re.compile(r"[a-z0-9\u00c0-\u024f]")
_NO_NAME = re.compile(r"[\d\W]*|(?:19|20)\d\d(?:\W?\d\d?){0,2}(?:\s+notes?)?")
_LEAST_LATIN, _LEAST_CJK = 3, 2
_ONE_CJK_WORD = 2  # characters
_LEAD = 60  # characters before a name that stay when its sentence has to be cut


def forms(names: Iterable[str]) -> tuple[str, ...]:
    """The forms in which names may stand in a text, see :func:`smooth`; without the too short, days and numbers."""
    found = (_ORNAMENT.sub("", smooth(name)) for name in names)
    return tuple(dict.fromkeys(form for form in found if _is_form(form)))


def called(names: Iterable[str]) -> tuple[str, ...]:
    """The :func:`forms` of which one in a text is a mention; not the common words, which are said without meaning a note."""
    return tuple(form for form in forms(names) if form not in COMMON_WORDS)


def smooth(text: str) -> str:
    """``text`` as names are looked for in it: folded, with one blank for each run of blanks, hyphens and underscores."""
    return _BETWEEN.sub(" ", fold(text)).strip()


def names_it(text: str, form: str) -> bool:
    """Whether ``text`` (see :func:`smooth`) has ``form`` as words of its own; an English plural is the same name."""
    return form in text and _pattern(form).search(text) is not None


def sentence_naming(text: str, forms: Iterable[str]) -> str:
    """The first sentence of ``text`` that holds one of ``forms``, cut to :data:`CITED_AT_MOST`; empty when none does."""
    wanted = tuple(forms)
    if not wanted or not any(form in smooth(text) for form in wanted):
        return ""
    for sentence in split(text):
        plain = smooth(sentence)
        form = next((form for form in wanted if names_it(plain, form)), "")
        if form:
            return _cut(sentence, form)
    return ""


def has_name(text: str, name: str) -> bool:
    """Whether ``text`` has the name of a system as it stands and whole: ``STEP3`` is not in ``STEP3-VL-10B``, nor mHC in MHC."""
    return name in text and _name_pattern(name).search(text) is not None


def sentence_with(text: str, name: str) -> str:
    """The first sentence that holds ``name`` (see :func:`has_name`), cut to :data:`CITED_AT_MOST`; empty when none does."""
    if not name or not has_name(text, name):
        return ""
    return next((_cut(sentence, name) for sentence in split(text) if has_name(sentence, name)), "")


def sentence_citing(text: str, address: str) -> str:
    """The first sentence with an address or a paper's number, and not with a longer one; empty when none has it.

    A version, ``.pdf``, ``.git``, a fragment and the marks of campaigns lead to the same thing.
    """
    if not address or address not in text:
        return ""
    whole = _address_pattern(address)
    return next((_cut(sentence, address) for sentence in split(text) if whole.search(sentence)), "")


def is_one_word(form: str) -> bool:
    """Whether a form is one word of either language, which a text may say without meaning the note of that name."""
    return form.isalpha() and (len(form) <= _ONE_CJK_WORD or not re.search(f"[{_CJK}]", form))


def _is_form(form: str) -> bool:
    if _NO_NAME.fullmatch(form) or form in STOPWORDS:
        return False
    return len(form) >= (_LEAST_CJK if re.search(f"[{_CJK}]", form) else _LEAST_LATIN)


def _pattern(form: str) -> re.Pattern[str]:
    before = r"(?<![a-z0-9\u00c0-\u024f])" if _FIRST_LATIN.match(form) else ""
    after = r"(?:e?s)?(?![a-z0-9\u00c0-\u024f])" if _FIRST_LATIN.match(form[-1]) else ""
    return re.compile(before + re.escape(form) + after)


@lru_cache(maxsize=4096)
def _name_pattern(name: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![A-Za-z0-9])(?<![A-Za-z0-9][-.]){re.escape(name)}(?![A-Za-z0-9]|[-.][A-Za-z0-9])")


@lru_cache(maxsize=4096)
def _address_pattern(address: str) -> re.Pattern[str]:
    before = r"(?:(?<![A-Za-z0-9.-])|(?<=www\.))"
    same = r"(?:(?<=\d)v\d+)?(?:\.pdf|\.git)?/?"
    after = r"(?![A-Za-z0-9_~%@+&=-]|[./:][A-Za-z0-9_~%@-]|\?(?!utm_)[A-Za-z0-9_])"
    return re.compile(f"{before}{re.escape(address.rstrip('/'))}{same}{after}")


def _cut(sentence: str, name: str) -> str:
    """The sentence, from a little before the name when it is too long."""
    if len(sentence) <= CITED_AT_MOST:
        return sentence
    # Folding may change lengths; near enough for where to begin.
    place = max(0, sentence.casefold().find(name.split(" ", maxsplit=1)[0]))
    start = max(0, min(place - _LEAD, len(sentence) - CITED_AT_MOST))
    if start:
        blank = sentence.find(" ", start, start + _LEAD // 2)
        start = blank + 1 if blank >= 0 else start
    return ("… " if start else "") + shortened(sentence[start:], CITED_AT_MOST - 2)
