"""BERT's normaliser and pre-tokenizer for the characters of everyday text, without the ``tokenizers`` library.

Only the ranges below are handled, each of whose characters a test holds against the library; a text with any other
character is left to the library, whose tables of Unicode may be newer than Python's.
"""

from __future__ import annotations

__all__ = ["EVERYDAY", "bert_words"]

EVERYDAY: tuple[tuple[int, int], ...] = (
    (0x20, 0x7E),  # ASCII
    (0xA1, 0xAC),
    (0xAE, 0x17F),  # Latin-1 without its controls and the soft hyphen, Latin Extended-A
    (0x391, 0x3A1),
    (0x3A3, 0x3A9),
    (0x3B1, 0x3C9),  # Greek
    (0x410, 0x44F),  # Cyrillic
    (0x2010, 0x2027),
    (0x2030, 0x203A),  # general punctuation without the controls of direction
    (0x3001, 0x3011),  # punctuation of Chinese and Japanese
    (0x3041, 0x3096),
    (0x30A1, 0x30FA),  # kana
    (0x3400, 0x4DBF),
    (0x4E00, 0x9FFF),  # Chinese characters
    (0xFF01, 0xFF5E),  # full-width forms
)

_WHITESPACE = " \t\n\r\u00a0\u3000"


def bert_words(text: str, *, lower: bool, strip: bool) -> list[str] | None:
    """The words and punctuation marks of ``text``, or None when it holds a character that is not everyday.

    ``lower`` lowers the letters, ``strip`` takes their accents.
    """
    if text.isascii() and text.isprintable():
        return _ascii_words(text.lower() if lower else text)
    words: list[str] = []
    for chunk in _split(text):
        open_word = False
        for character in chunk:
            number = ord(character)
            if not any(first <= number <= last for first, last in EVERYDAY):
                return None
            if _is_chinese(number):
                words.append(character)
                open_word = False
                continue
            for letter in _letters(character, lower, strip):
                if _is_punctuation(letter):
                    words.append(letter)
                    open_word = False
                elif open_word:
                    words[-1] += letter
                else:
                    words.append(letter)
                    open_word = True
    return words


def _ascii_words(text: str) -> list[str]:
    words: list[str] = []
    for chunk in text.split():
        if chunk.isalnum():
            words.append(chunk)
            continue
        open_word = False
        for character in chunk:
            if open_word and character.isalnum():
                words[-1] += character
            else:
                words.append(character)
            open_word = character.isalnum()
    return words


def _split(text: str) -> list[str]:
    for character in _WHITESPACE[1:]:
        text = text.replace(character, " ")
    return text.split(" ")


def _letters(character: str, lower: bool, strip: bool) -> str:
    from unicodedata import category, normalize

    letters = character
    if strip:
        letters = "".join(part for part in normalize("NFD", letters) if category(part) != "Mn")
    return "".join(letter.lower() for letter in letters) if lower else letters


def _is_punctuation(character: str) -> bool:
    from unicodedata import category

    if character.isascii():
        return not character.isalnum()
    return category(character).startswith("P")


def _is_chinese(number: int) -> bool:
    return 0x4E00 <= number <= 0x9FFF or 0x3400 <= number <= 0x4DBF
