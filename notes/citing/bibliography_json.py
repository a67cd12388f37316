"""CSL-JSON (the exchange format of citation processors) and Better BibTeX JSON (Zotero's items as they are) as values.

CSL-JSON: https://docs.citationstyles.org/en/stable/specification.html#appendix-iv-variables
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

from notes.citing.bibliography import Bibliography, Reference, reference
from notes.errors import ParseError

__all__ = ["parse"]

_SEPARATOR = re.compile(r"[;,]")
_NOT_WORKS = frozenset({"attachment", "note", "annotation"})


def parse(text: str, name: str) -> Bibliography:
    """The works of a JSON file: a list of CSL items, or an object whose ``items`` are CSL's or Zotero's."""
    entries = _entries(_loaded(text, name), name)
    found: list[Reference] = []
    faults: list[str] = []
    for number, entry in enumerate(entries, start=1):
        try:
            if one := _reference(entry):
                found.append(one)
        except (ValueError, TypeError) as error:
            faults.append(f"{name}: item {number} {error}")
    if not found:
        raise ParseError(faults[0] if faults else f"{name}:1: holds no items", hint="export the library again")
    return Bibliography(tuple(found), tuple(faults))


def _loaded(text: str, name: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise ParseError(f"{name}:{error.lineno}: not JSON: {error.msg}", hint="export the library again") from error
    except (RecursionError, ValueError) as error:
        # Ten thousand nested lists, or a number of a million digits.
        raise ParseError(f"{name}:1: nested too deep or a number too long", hint="export the library again") from error


def _entries(loaded: Any, name: str) -> list[Any]:
    entries = loaded.get("items") if isinstance(loaded, dict) else loaded
    if not isinstance(entries, list):
        raise ParseError(f"{name}:1: neither CSL-JSON nor Better BibTeX JSON", hint="a list of items is expected")
    return entries


def _reference(entry: Any) -> Reference | None:
    if not isinstance(entry, dict):
        raise ValueError("is no object")  # noqa: TRY004 - one kind of trouble for all that an entry can be
    if "itemType" in entry:
        return None if _text(entry, "itemType") in _NOT_WORKS else _from_zotero(entry)
    return _from_csl(entry)


def _from_csl(entry: Mapping[str, Any]) -> Reference:
    return reference(
        key=_text(entry, "citation-key") or _text(entry, "id"),
        title=_text(entry, "title"),
        abstract=_text(entry, "abstract"),
        authors=_names(entry.get("author"), "given", "family"),
        issued=_csl_date(entry.get("issued")),
        added=_csl_date(entry.get("accessed")),
        keywords=_SEPARATOR.split(_text(entry, "keyword")),
        places=[_text(entry, one) for one in ("DOI", "number", "archive_location", "note", "container-title")],
        url=_text(entry, "URL"),
    )


def _from_zotero(entry: Mapping[str, Any]) -> Reference:
    tags = entry.get("tags")
    told = [one.get("tag", "") if isinstance(one, dict) else one for one in tags] if isinstance(tags, list) else []
    return reference(
        key=_text(entry, "citationKey") or _text(entry, "citekey") or _text(entry, "key"),
        title=_text(entry, "title"),
        abstract=_text(entry, "abstractNote"),
        authors=_names(entry.get("creators"), "firstName", "lastName"),
        issued=_text(entry, "date"),
        added=_text(entry, "dateAdded"),
        keywords=[one for one in told if isinstance(one, str)],
        places=[_text(entry, one) for one in ("DOI", "archiveID", "reportNumber", "number", "extra")],
        url=_text(entry, "url"),
    )


def _names(people: Any, given: str, family: str) -> Iterator[str]:
    for one in people if isinstance(people, list) else ():
        if isinstance(one, dict) and one.get("creatorType", "author") == "author":
            whole = " ".join(filter(None, (_text(one, given), _text(one, family))))
            yield whole or _text(one, "literal") or _text(one, "name")


def _csl_date(value: Any) -> str:
    """``{"date-parts": [[2023, 10, 9]]}`` as 2023-10-9; other forms as the text they hold."""
    if not isinstance(value, dict):
        return value if isinstance(value, str) else ""
    parts = value.get("date-parts")
    if isinstance(parts, list) and parts and isinstance(parts[0], list):
        return "-".join(str(part) for part in parts[0][:3] if isinstance(part, int | str))
    return _text(value, "raw") or _text(value, "literal")


def _text(entry: Mapping[str, Any], key: str) -> str:
    value = entry.get(key, "")
    return value if isinstance(value, str) else str(value) if isinstance(value, int) else ""
