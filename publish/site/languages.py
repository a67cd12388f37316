"""Which pieces of a text are in another language than their page, so that each gets its ``lang``.

Screen readers change voice by it, and browsers pick the Chinese, Taiwanese or Japanese shape of a character.
"""

from __future__ import annotations

import re

from notes.text.language import cjk_share, detect

__all__ = ["base", "carried", "pieces"]

_EAST_ASIAN = frozenset(("zh", "ja", "ko"))
_CJK = r"\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_WIDE = rf"{_CJK}\u3000-\u303f\uff01-\uff5e"
_CJK_RUN = re.compile(rf"([{_CJK}](?:[{_WIDE}·—…\s]*[{_WIDE}])?)")
_SENTENCE = re.compile(r"(?<=[。！？；：」』”])(?![」』”])|(?<=[.!?:;])(?=\s)|(?=[「『“])")
_ENDED = re.compile(r"[.!?。！？」』”]\s*$")
_LATIN_WORD = re.compile(r"[A-Za-z]{2,}")
_WORDS_OF_A_SENTENCE = 4
# Fewer characters may hold none that only one of the two scripts uses.
_CHARACTERS_THAT_TELL = 16


def base(lang: str) -> str:
    """The primary subtag: ``zh`` of ``zh-Hant``."""
    return lang.partition("-")[0].lower()


def pieces(text: str, lang: str) -> list[tuple[str, str]]:
    """``text`` cut where the language changes; with each piece its language tag, '' for that of the page, ``lang``."""
    if base(lang) not in _EAST_ASIAN:
        return _merged([(piece, _script(piece)) for piece in _CJK_RUN.split(text)])
    return _merged([(piece, _other(piece, lang)) for piece in _SENTENCE.split(text)])


def carried(found: list[tuple[str, str]], lang: str) -> tuple[list[tuple[str, str]], str]:
    """:func:`pieces` that follow an unfinished sentence in ``lang`` ('' for none), and the language left open at their end.

    Bold words and formulas cut a sentence into texts too short to tell their language.
    """
    marked = []
    for piece, own in found:
        tag = own or (lang if cjk_share(piece) == 0 else "")
        marked.append((piece, tag))
        lang = "" if _ENDED.search(piece) else tag
    return marked, lang


def _script(piece: str) -> str:
    found = detect(piece) if _CJK_RUN.match(piece) else ""
    return "" if found == "und" else found


def _other(piece: str, lang: str) -> str:
    found = detect(piece)
    if cjk_share(piece) == 0:
        is_sentence = len(_LATIN_WORD.findall(piece)) >= _WORDS_OF_A_SENTENCE
    else:
        is_sentence = len(piece) >= _CHARACTERS_THAT_TELL and base(found) in _EAST_ASIAN
    return found if is_sentence and found not in ("und", lang) else ""


def _merged(found: list[tuple[str, str]]) -> list[tuple[str, str]]:
    merged: list[tuple[str, str]] = []
    for piece, lang in found:
        if merged and (not piece.strip() or merged[-1][1] == lang):
            merged[-1] = (merged[-1][0] + piece, merged[-1][1])
        elif piece:
            merged.append((piece, lang))
    return merged
