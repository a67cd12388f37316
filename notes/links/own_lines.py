"""Lines that Slipway itself wrote into a note's list of related ones, by their form: ``title — why``.

Taken for the writer's words they would be quoted as the reason of the very link that they tell of, and a link would prove itself.
"""

from __future__ import annotations

import re
from typing import Final

__all__ = ["without_own_lines"]

_WHY: Final = re.compile(
    r"[^\n]+ — (?:shared terms: [^\n]+|the same work: [^\n]+|both point to \S+|both about \S+|cites \S+|mentions \S+"
    r"|close in meaning|linked by you|“[^\n]+”|共有[词詞]：[^\n]+|同一作品：[^\n]+|都(?:指向|[谈談]) \S+|(?:引用|提到) \S+"
    r"|您所(?:链接|連結)|意思相近)"
)


def without_own_lines(text: str) -> str:
    """The plain text of a section less Slipway's lines; a blank line stands between blocks, as in a VaultSection."""
    if " — " not in text:
        return text
    return "\n\n".join(block for block in text.split("\n\n") if not _WHY.fullmatch(block.strip()))
