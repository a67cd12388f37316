"""Every fixed word of the posts, in English, simplified and traditional Chinese.

A writer holds no word of its own: it asks :func:`words_for` and fills the places of a template (``{names}``) with values
of the notes. Templates are trusted text, values never are: :mod:`publish.post.phrase` keeps them apart until the page is written.
"""

from __future__ import annotations

from publish.wording.english import ENGLISH
from publish.wording.forms import Words
from publish.wording.simplified import SIMPLIFIED
from publish.wording.traditional import TRADITIONAL

__all__ = ["LANGUAGES", "Words", "words_for"]

LANGUAGES: tuple[str, ...] = (ENGLISH.lang, SIMPLIFIED.lang, TRADITIONAL.lang)
_BY_LANG = {words.lang: words for words in (ENGLISH, SIMPLIFIED, TRADITIONAL)}
_TRADITIONAL_PLACES = frozenset({"hant", "tw", "hk", "mo"})


def words_for(lang: str) -> Words:
    """The words of a language: a Chinese tag of a place reads in the script of that place, what is unknown in English."""
    if lang in _BY_LANG:
        return _BY_LANG[lang]
    parts = lang.casefold().replace("_", "-").split("-")
    if parts[0] == "zh":
        return TRADITIONAL if _TRADITIONAL_PLACES.intersection(parts) else SIMPLIFIED
    return ENGLISH
