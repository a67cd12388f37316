"""Links: which notes belong together, looked at anew only where a note is new or another than it was.

The links that stand are the state: a run asks for new ones only on behalf of notes whose evidence (text, names, references,
wikilinks, folder, and the settings of linking) is not what the store remembers. So a run on an unchanged vault changes nothing,
and words that grow more or less common as the vault grows move no link between two notes that nobody touched.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from hashlib import sha256
from typing import TYPE_CHECKING

from index.kin.neighbours import embed_documents
from index.kin.relatives import Kin, Relative
from index.words.lexicon import Lexicon
from index.words.shared_terms import SharedTerms
from notes.links.edges import Edge, Linkable
from notes.links.linking import choose_links, hard_edges
from notes.links.mentions import sentence_naming
from notes.model import Link, LinkKind
from slipway.app import App
from slipway.library import Holding

if TYPE_CHECKING:
    from index.models.embedder import Embedder, Vectors

__all__ = ["Kinship", "link_notes"]

VERSION = 2
"""Of the way in which links are chosen; a change there lets every note be looked at again."""

_CANDIDATES = 20
_KIN = 0.1  # of one name and farther apart: namesakes, such as two things called SAM
_LENIENT = 0.85  # a link that stands is let go only when its closeness falls to so much of the bar


def link_notes(app: App, holdings: Sequence[Holding]) -> tuple[Link, ...]:
    """Choose the links of all notes, store them as they differ, and return them."""
    declined = _declined(app)
    evidence = {holding.id: _evidence(app, holding, declined) for holding in holdings}
    before = app.store.links()
    touched = _touched(evidence, app.store.arranged(), before)
    if touched:
        links = _chosen(app, holdings, before, touched, declined)
    else:
        links = tuple(link for link in before if link.src in evidence and link.dst in evidence)
    app.store.arrange(links, evidence)
    return links


def _declined(app: App) -> dict[str, frozenset[str]]:
    """For each note those that the user did not want linked with it, whichever of the two was asked about."""
    declined: defaultdict[str, set[str]] = defaultdict(set)
    for name, verdict in app.store.offers().items():
        src, arrow, dst = name.removeprefix("link:").partition("→")
        if name.startswith("link:") and arrow and verdict == "declined":
            declined[src].add(dst)
            declined[dst].add(src)
    return {name: frozenset(others) for name, others in declined.items()}


def _touched(evidence: Mapping[str, str], known: Mapping[str, str], before: Sequence[Link]) -> frozenset[str]:
    """Notes that are new or have changed, and those whose last link went with a deleted note."""
    changed = {name for name, told in evidence.items() if known.get(name) != told}
    had = {link.src for link in before} & evidence.keys()
    has = {link.src for link in before if link.dst in evidence}
    return frozenset(changed | (had - has))


def _chosen(
    app: App,
    holdings: Sequence[Holding],
    before: Sequence[Link],
    touched: frozenset[str],
    declined: Mapping[str, Collection[str]],
) -> tuple[Link, ...]:
    kin = Kinship(app, holdings)
    ids = {holding.id for holding in holdings}
    stood = {(link.src, link.dst): link for link in before if link.src < link.dst and {link.src, link.dst} <= ids}
    partners: defaultdict[str, set[str]] = defaultdict(set)
    for src, dst in stood:
        partners[src].add(dst)
        partners[dst].add(src)
    bar = app.config.promote.closeness
    edges = kin.edges(sorted(touched), bar=bar, also=partners)
    # What the user wrote stands, whatever was said before; what was declined takes no place of another.
    found = [edge for edge in edges if edge.kind is LinkKind.WIKILINK or edge.b not in declined.get(edge.a, ())]
    standing = [edge for edge in found if (edge.a, edge.b) in stood]
    standing += [_edge(link) for pair, link in stood.items() if not touched & set(pair)]
    links = choose_links(
        [edge for edge in found if (edge.a, edge.b) not in stood],
        per_note=app.config.promote.links_per_note,
        standing=standing,
        touched=touched,
    )
    return kin.explained(links)


def _edge(link: Link) -> Edge:
    return Edge.between(link.src, link.dst, link.kind, link.score, link.why)


def _evidence(app: App, holding: Holding, declined: Mapping[str, Collection[str]]) -> str:
    """The hash of all that a note's links can rest on."""
    linkable, document, settings = holding.linkable, holding.document, app.config.promote
    told = [
        VERSION,
        app.embedder.name,
        settings.closeness,
        settings.links_per_note,
        document.text_hash,
        document.lang,
        [] if document.source_type else document.path.split("/")[:-1],
        linkable.work,
        sorted(linkable.addresses),
        sorted(linkable.references),
        sorted(linkable.names),
        sorted(linkable.wikilinks),
        sorted(declined.get(holding.id, ())),
    ]
    return sha256(json.dumps(told).encode()).hexdigest()


class Kinship:
    """What can be said of pairs of the holdings; vectors and words are read once.

    With ``vectors`` (the rows of the holdings) and the ``embedder`` that made them none are made and kept.
    """

    def __init__(
        self,
        app: App,
        holdings: Sequence[Holding],
        *,
        embedder: Embedder | None = None,
        vectors: Vectors | None = None,
    ) -> None:
        documents = [holding.document for holding in holdings]
        self._documents = documents
        self._row_of = {document.id: row for row, document in enumerate(documents)}
        self._linkables: dict[str, Linkable] = {holding.id: holding.linkable for holding in holdings}
        embedder = embedder or app.embedder
        if vectors is None:
            vectors = embed_documents(app.cache, embedder, documents, app.reporter.progress("embed"))
        self._lexicon = Lexicon.of(documents, app.cache)
        self._kin = Kin(documents, self._linkables, vectors, embedder, self._lexicon)
        self._terms = SharedTerms(self._lexicon.rarity)
        self._reasons: dict[frozenset[str], Relative] = {}

    def relatives(
        self, of: Sequence[str], *, k: int = _CANDIDATES, also: Mapping[str, Collection[str]] | None = None
    ) -> dict[str, tuple[Relative, ...]]:
        """The ``k`` best relatives of each note, and the ids that ``also`` names; see :class:`index.kin.relatives.Kin`."""
        found = self._kin.relatives(of, k=k, also=also)
        self._reasons |= {frozenset((name, one.id)): one for name, relatives in found.items() for one in relatives}
        return found

    def edges(self, of: Sequence[str], *, bar: float, also: Mapping[str, Collection[str]]) -> tuple[Edge, ...]:
        """The candidates for links of the notes ``of``; reasons of likenesses are left for :meth:`explained`."""
        linkables = list(self._linkables.values())
        firm = hard_edges(linkables, touching=frozenset(of), holders=self._holders)
        named = [edge for edge in firm if edge.kind is LinkKind.MENTIONS]
        asked = {name: set(also.get(name, ())) for name in of}
        for edge in named:
            for name, other in ((edge.a, edge.b), (edge.b, edge.a)):
                if name in asked:
                    asked[name].add(other)
        relatives = self.relatives(of, also=asked)
        return (*self._among_kin(firm, relatives), *self._likenesses(relatives, bar, also))

    def explained(self, links: Sequence[Link]) -> tuple[Link, ...]:
        """The links, each with its reason; both directions say the same."""
        return tuple(link if link.why else replace(link, why=self._why(link)) for link in links)

    def _among_kin(self, firm: Sequence[Edge], relatives: Mapping[str, Sequence[Relative]]) -> Iterator[Edge]:
        """The firm edges, less mentions of a name between texts that have nothing else in common."""
        close = {
            frozenset((name, one.id)) for name, found in relatives.items() for one in found if one.closeness >= _KIN
        }
        for edge in firm:
            if edge.kind is not LinkKind.MENTIONS or frozenset((edge.a, edge.b)) in close:
                yield edge

    def _likenesses(
        self, found: Mapping[str, Sequence[Relative]], bar: float, also: Mapping[str, Collection[str]]
    ) -> Iterator[Edge]:
        for name, relatives in found.items():
            partners = also.get(name, ())
            near = [one for one in relatives if one.closeness >= (bar * _LENIENT if one.id in partners else bar)]
            kept = {one.id for one in self._kin.diverse(near)}
            for one in near:
                if one.id in kept or one.id in partners:
                    kind = LinkKind.MENTIONS if one.mention else LinkKind.SIMILAR
                    yield Edge.between(name, one.id, kind, one.score, "")

    def _holders(self, word: str) -> Collection[str]:
        """The notes that may hold a word: all, for one so common that the lexicon does not keep it."""
        rows = self._lexicon.holding(word)
        return self._row_of.keys() if rows is None else [self._documents[row].id for row in rows.tolist()]

    def _why(self, link: Link) -> str:
        one, other = sorted((link.src, link.dst))
        reason = self._reasons.get(frozenset((one, other)))
        if reason is not None and reason.mention:
            for name in (one, other):
                sentence = sentence_naming(self._linkables[name].text, (reason.mention,))
                if sentence:
                    return f"“{sentence}”"
        shared = self._terms.of(self._documents[self._row_of[one]], self._documents[self._row_of[other]])
        if shared:
            return f"shared terms: {', '.join(shared)}"
        return f"both point to {reason.address}" if reason is not None and reason.address else "close in meaning"
