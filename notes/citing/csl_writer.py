"""Citations as CSL-JSON 1.0.2, the form that Zotero, Pandoc and citeproc read (citation-style-language/schema)."""

from __future__ import annotations

from typing import Any, Final

from notes.citing.authors import Name
from notes.citing.citation import Citation

__all__ = ["csl_item"]

_TYPES: Final = {"arxiv": "article", "rss": "post-weblog", "web": "webpage"}


def csl_item(citation: Citation) -> dict[str, Any]:
    """One item: an object of the schema's ``csl-data.json``, without the fields of which nothing is known."""
    item: dict[str, Any] = {
        "id": citation.key,
        "citation-key": citation.key,
        "type": _type(citation),
        "title": citation.title,
        "author": [_name(name) for name in citation.names],
        "issued": {"date-parts": [list(citation.issued)]} if citation.issued else None,
        "accessed": _accessed(citation),
        "container-title": citation.container,
        "publisher": "arXiv" if citation.arxiv_id and not citation.is_article else "",
        "number": f"arXiv:{citation.arxiv_id}" if citation.arxiv_id else "",
        "DOI": citation.doi,
        "URL": citation.url,
        "abstract": citation.abstract,
        "keyword": ", ".join(citation.tags),
        "language": citation.lang,
    }
    return {name: value for name, value in item.items() if value}


def _type(citation: Citation) -> str:
    if citation.is_article:
        return "article-journal"
    if citation.arxiv_id:
        return "article"
    return _TYPES.get(citation.source_type) or ("webpage" if citation.url else "document")


def _accessed(citation: Citation) -> dict[str, Any] | None:
    day = citation.accessed
    return {"date-parts": [[day.year, day.month, day.day]]} if day and citation.url else None


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.family}
    parts = {"family": name.family, "given": name.given, "suffix": name.suffix}
    return {part: value for part, value in parts.items() if value}
