"""In which language a text is written, told by its script and by the characters only one script uses."""

from __future__ import annotations

import re
from functools import cache
from itertools import compress
from operator import not_

from notes.text.hanzi import IN_BOTH, PAIRS

__all__ = ["cjk_share", "detect", "is_chinese"]

_HAN = r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
_KANA = r"\u3041-\u3096\u30a1-\u30fa\uff66-\uff9d"
_HANGUL = r"\u1100-\u11ff\uac00-\ud7a3"
_HAN_CHARACTER = re.compile(f"[{_HAN}々]")
_KANA_CHARACTER = re.compile(f"[{_KANA}]")
_HANGUL_CHARACTER = re.compile(f"[{_HANGUL}]")
_LATIN_WORD = re.compile(r"[A-Za-z\u00c0-\u024f](?:[A-Za-z0-9\u00c0-\u024f'’.-]*[A-Za-z0-9\u00c0-\u024f])?")
# The look-behind keeps a long run without blanks linear.
_ADDRESS = re.compile(r"https?://\S+|(?<![\w.+-])[\w.+-]{1,64}@[\w.-]+")

# The same words in ASCII, where whole texts can be translated at once: lower case, and blanks for what stands in none.
_IN_WORDS = bytes(
    ord(chr(code).lower()) if chr(code).isalnum() or chr(code) in "'.-" else 32 for code in range(128)
) + bytes(128)

# A Chinese word is a little under two characters long.
_WORDS_PER_HAN = 0.6
# Chinese quotes の now and then; Japanese prose is at least a third kana, Japanese headlines a tenth.
_JAPANESE_KANA_SHARE = 0.1

# And every letter alone: what is made here of a text has all words that are bare letters in it, and perhaps more.
_LETTERS = bytes(ord(chr(code).lower()) if chr(code).isalpha() else 32 for code in range(128)) + bytes(128)

_ENGLISH_WORDS = """
the of and to in is are was for with that this by on as from at it we be or an our which can have has not its
their these how what when you your they will more than new using via without beyond does about into
"""
_ENGLISH = frozenset(_ENGLISH_WORDS.split())
_OTHER_LATIN_WORDS = """
der die das und ist nicht mit für ein eine zu den von auf im le la les des du et est une pour dans que qui sur
avec el los las una y del por para con se como o os um uma não em il di che per non della sono een het van en op
te voor zijn niet och att det är som av på og ikke til ve bir bu için nie się na jest
"""
_OTHER_LATIN = frozenset(_OTHER_LATIN_WORDS.split())
_OFTEN_ENGLISH = (" the ", " of ", " and ", " to ", " in ", " is ")  # none begins with another, nor ends with one
_ENGLISH_ASCII, _OTHER_ASCII = (frozenset(word.encode() for word in known) for known in (_ENGLISH, _OTHER_LATIN))


@cache
def _telling() -> tuple[frozenset[str], frozenset[str]]:
    """The characters that only simplified and only traditional texts use."""
    traditional, simplified = frozenset(PAIRS[::2]), frozenset(PAIRS[1::2])
    return simplified - traditional - set(IN_BOTH), traditional - set(IN_BOTH)


def cjk_share(text: str) -> float:
    """The share, 0 to 1, of Chinese, Japanese and Korean characters among the letters of ``text``."""
    if text.isascii():
        return 0.0
    letters = sum(character.isalpha() for character in text)
    return _east_asian(text) / letters if letters else 0.0


def _east_asian(text: str) -> int:
    found = (len(script.findall(text)) for script in (_HAN_CHARACTER, _KANA_CHARACTER, _HANGUL_CHARACTER))
    return min(sum(found), sum(character.isalpha() for character in text))


def is_chinese(lang: str) -> bool:
    """Whether the tag ``lang`` stands for Chinese of either script (``zh``, ``zh-Hans``, ``zh-TW``...)."""
    return lang.casefold().replace("_", "-").split("-")[0] == "zh"


def detect(text: str) -> str:
    """The language of ``text``: ``en``, ``zh-Hans``, ``zh-Hant``, ``ja``, ``ko``, or ``und`` for any other or none.

    Chinese prose full of English names is Chinese, English prose that quotes a Chinese name is English: words are
    counted, not letters. Chinese that shows no character of one script only is called ``zh-Hans``.
    """
    prose = _ADDRESS.sub(" ", text) if "@" in text or (":" in text and "://" in text) else text
    if prose.isascii():
        return _ascii_language(prose)
    han, kana, hangul = _counts(prose)
    words = _LATIN_WORD.findall(prose)
    if han + kana + hangul and (han + kana + hangul) * _WORDS_PER_HAN >= len(words):
        return _east_asian_language(prose, han, kana, hangul)
    return _latin_language(prose, words)


def _counts(prose: str) -> tuple[int, int, int]:
    """How many characters are Han, kana and Hangul."""
    han, kana, hangul = (len(script.findall(prose)) for script in (_HAN_CHARACTER, _KANA_CHARACTER, _HANGUL_CHARACTER))
    return han, kana, hangul


def _east_asian_language(prose: str, han: int, kana: int, hangul: int) -> str:
    if hangul > han + kana:
        return "ko"
    if kana > (han + kana) * _JAPANESE_KANA_SHARE:
        return "ja"
    return _chinese_script(prose)


def _chinese_script(prose: str) -> str:
    simplified, traditional = _telling()
    score = sum((character in traditional) - (character in simplified) for character in prose)
    return "zh-Hant" if score > 0 else "zh-Hans"


def _ascii_language(prose: str) -> str:
    """What :func:`_latin_language` says of ASCII, where each letter stands in a word."""
    letters = prose.encode().translate(_LETTERS).split()
    if not letters:
        return "und"
    if _is_plainly_english(prose, letters):
        return "en"
    found = prose.encode().translate(_IN_WORDS).split()
    are_bare = list(map(bytes.isalpha, found))
    words = [*compress(found, are_bare)]
    words += [word.rstrip(b"'.-").lstrip(b"0123456789'.-") for word in compress(found, map(not_, are_bare))]
    english, other = (sum(map(known.__contains__, words)) for known in (_ENGLISH_ASCII, _OTHER_ASCII))
    return _latin(english, other)


def _is_plainly_english(prose: str, letters: list[bytes]) -> bool:
    """Whether no counting is needed: most texts are English, and have hardly a word of another language."""
    others = sum(map(letters.count, _OTHER_ASCII.intersection(letters)))
    return others <= 1 or others <= sum(map(prose.count, _OFTEN_ENGLISH))


def _latin_language(prose: str, words: list[str]) -> str:
    if not words or sum(map(len, words)) * 2 < sum(map(str.isalpha, prose)):
        return "und"
    lowered = [word.lower() for word in words]
    english = sum(map(_ENGLISH.__contains__, lowered))
    other = sum(map(_OTHER_LATIN.__contains__, lowered))
    other += sum(not word.isascii() and word not in _OTHER_LATIN for word in lowered)
    return _latin(english, other)


def _latin(english: int, other: int) -> str:
    # One foreign word is a name in an English title: Poincaré, Schrödinger.
    return "und" if other > max(english, 1) else "en"
