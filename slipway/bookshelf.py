"""What the user has read elsewhere: the libraries that ``[promote] library`` names, as seeds of their interests."""

from __future__ import annotations

from collections.abc import Iterator

from index.kin.neighbours import embed_documents
from index.taste.seeds import Subject
from index.texts.documents import Document
from notes.citing.bibliography import Bibliography, Reference, read_bibliography
from notes.errors import ParseError
from slipway.app import App

__all__ = ["read_libraries", "read_papers"]


def read_libraries(app: App) -> Iterator[tuple[str, Bibliography | ParseError]]:
    """Each library's file with what it holds, or why it could not be read."""
    for path in app.config.promote.library:
        try:
            yield str(path), read_bibliography(path)
        except ParseError as error:
            yield str(path), error


def read_papers(app: App) -> tuple[Subject, ...]:
    """The papers of all libraries, each work once. A library that cannot be read is warned of and left out."""
    found: dict[str, Reference] = {}
    for path, library in read_libraries(app):
        if isinstance(library, ParseError):
            app.reporter.warn(f"library {path}: {library.message}")
            continue
        for paper in library.references:
            found.setdefault(_identity(paper), paper)
    papers = [found[name] for name in sorted(found)]
    documents = [_document(paper, f"library-{number}") for number, paper in enumerate(papers, start=1)]
    vectors = embed_documents(app.cache, app.embedder, documents, app.reporter.progress("library"))
    return tuple(
        Subject(document=document, vector=vector, authors=paper.authors)
        for paper, document, vector in zip(papers, documents, vectors, strict=True)
        if vector.any()
    )


def _identity(paper: Reference) -> str:
    return paper.arxiv_id or paper.doi or f"{paper.title.casefold()} {paper.year or ''}"


def _document(paper: Reference, name: str) -> Document:
    return Document(
        id=name,
        kind="item",
        title=paper.title,
        sections=(("", paper.abstract),),
        url=paper.url,
        created=paper.added,
        lang=paper.lang,
        tags=paper.keywords,
    )
