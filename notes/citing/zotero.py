"""Zotero's exports as CSV and as RDF, as values.

RDF is read as the XML tree that Zotero writes (its "Zotero RDF" translator), not as a graph.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from notes.citing.bibliography import MAX_BYTES, Bibliography, Reference, reference
from notes.errors import ParseError

__all__ = ["parse_csv", "parse_rdf"]

_BIB = "{http://purl.org/net/biblio#}"
_DC = "{http://purl.org/dc/elements/1.1/}"
_DCTERMS = "{http://purl.org/dc/terms/}"
_FOAF = "{http://xmlns.com/foaf/0.1/}"
_RDF = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}"
_Z = "{http://www.zotero.org/namespaces/export#}"
_NOT_WORKS = frozenset({"attachment", "note", "annotation"})


def parse_csv(text: str, name: str) -> Bibliography:
    """The works of Zotero's CSV export; ParseError when the columns are not Zotero's or a row cannot be read."""
    with _fields_of_any_length():
        return _parse_csv(text, name)


@contextmanager
def _fields_of_any_length() -> Iterator[None]:
    """Notes and abstracts go beyond the module's own limit of 131,072 characters, and the file's size is bounded."""
    limit = csv.field_size_limit(MAX_BYTES)
    try:
        yield
    finally:
        csv.field_size_limit(limit)


def _parse_csv(text: str, name: str) -> Bibliography:
    # The file's own line ends stand inside quoted fields, so that the lines are given with them.
    rows = csv.DictReader(text.splitlines(keepends=True), strict=True)
    found: list[Reference] = []
    faults: list[str] = []
    try:
        if not {"Title", "Item Type"} <= set(rows.fieldnames or ()):
            raise ParseError(f"{name}:1: not Zotero's columns", hint="export the library from Zotero as CSV")
        for row in rows:
            if row["Item Type"] not in _NOT_WORKS:
                _take(lambda row=row: _from_row(row), found, faults, f"{name}:{rows.line_num}:")
    except csv.Error as error:
        raise ParseError(f"{name}:{rows.line_num + 1}: not CSV: {error}", hint="export the library again") from error
    return _bibliography(found, faults, name)


def parse_rdf(text: str, name: str) -> Bibliography:
    """The works of Zotero's RDF export; no entity is resolved and nothing is fetched."""
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(text.encode(), parser)
    except etree.XMLSyntaxError as error:
        raise ParseError(f"{name}:{error.lineno}: not XML: {error.msg}", hint="export the library again") from error
    found: list[Reference] = []
    faults: list[str] = []
    for node in root.iterchildren(tag=etree.Element):
        kind = _child(node, f"{_Z}itemType")
        if kind and kind not in _NOT_WORKS:
            _take(lambda node=node: _from_node(node), found, faults, f"{name}:{node.sourceline}:")
    return _bibliography(found, faults, name)


def _take(read: Any, found: list[Reference], faults: list[str], place: str) -> None:
    try:
        found.append(read())
    except (ValueError, TypeError) as error:
        faults.append(f"{place} entry {error}")


def _bibliography(found: list[Reference], faults: list[str], name: str) -> Bibliography:
    if not found:
        raise ParseError(faults[0] if faults else f"{name}:1: holds no entry", hint="export the library again")
    return Bibliography(tuple(found), tuple(faults))


def _from_row(row: Mapping[str, str | None]) -> Reference:
    def told(column: str) -> str:
        return row.get(column) or ""

    return reference(
        key=told("Key"),
        title=told("Title"),
        abstract=told("Abstract Note"),
        authors=told("Author").split(";"),
        issued=told("Publication Year") or told("Date"),
        added=told("Date Added"),
        keywords=f"{told('Manual Tags')};{told('Automatic Tags')}".split(";"),
        places=(told("DOI"), told("Number"), told("Extra"), told("Archive Location"), told("Publication Title")),
        url=told("Url"),
    )


def _from_node(node: Any) -> Reference:
    identifiers = [_whole(one) for one in node.iterchildren(f"{_DC}identifier")]
    address = node.find(f"{_DC}identifier/{_DCTERMS}URI/{_RDF}value")
    return reference(
        key=node.get(f"{_RDF}about", ""),
        title=_child(node, f"{_DC}title"),
        abstract=_child(node, f"{_DCTERMS}abstract"),
        authors=_people(node),
        issued=_child(node, f"{_DC}date"),
        added=_child(node, f"{_DCTERMS}dateSubmitted"),
        keywords=[_whole(one) for one in node.iterchildren(f"{_DC}subject")],
        places=(*identifiers, _child(node, f"{_DC}description"), _child(node, f"{_BIB}number")),
        url="" if address is None else _whole(address),
    )


def _people(node: Any) -> Iterator[str]:
    for person in node.iterfind(f"{_BIB}authors/{_RDF}Seq/{_RDF}li/{_FOAF}Person"):
        given = _child(person, f"{_FOAF}givenName") or _child(person, f"{_FOAF}givenname")
        yield f"{given} {_child(person, f'{_FOAF}surname')}"


def _child(node: Any, tag: str) -> str:
    found = node.find(tag)
    return "" if found is None else _whole(found)


def _whole(node: Any) -> str:
    return " ".join("".join(node.itertext()).split())
