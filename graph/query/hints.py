"""Hints: names of our own in a query that the store does not know.

A misspelt property matches nothing, and SPARQL has no error for that: an answer without rows then
looks like a fact. So terms in the namespaces of the service are looked up, and an answer says
which of them the store has nothing on.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Protocol

from pyoxigraph import NamedNode, Store

from graph.problems import candidates, shown
from graph.query.checks import Admitted
from graph.query.iris import Resolver
from graph.query.tokens import Token
from ontology.namespaces import RDFS

_MOST_HINTS = 5
MOST_NAMES = 50_000
"""Labelled things that are looked through for near names."""


class Terms(Protocol):
    """Where names are looked up."""

    def has(self, node: NamedNode) -> bool:
        """Whether a statement has it, or a graph is called so."""

    def labelled(self) -> Iterable[str]:
        """The IRIs of things with a label, up to MOST_NAMES."""


@dataclass(frozen=True, slots=True)
class TermsOfStore:
    """The names of a store."""

    store: Store

    def has(self, node: NamedNode) -> bool:
        """Whether a statement has it, or a graph is called so."""
        patterns = ((node, None, None), (None, node, None), (None, None, node))
        return self.store.contains_named_graph(node) or any(
            next(self.store.quads_for_pattern(*pattern), None) for pattern in patterns
        )

    def labelled(self) -> Iterator[str]:
        """The IRIs of things with a label, up to MOST_NAMES."""
        found = islice(self.store.quads_for_pattern(None, RDFS.label, None, None), MOST_NAMES)
        return (quad.subject.value for quad in found if isinstance(quad.subject, NamedNode))


def unknown_terms(
    terms: Terms, query: Admitted, resolver: Resolver, ours: Sequence[str]
) -> Iterator[str]:
    """Yield a hint for each IRI of `ours` (namespaces) in the query that no statement has."""
    outline = query.outline
    graphs = {t.offset for t in (*outline.default_graphs, *outline.named_graphs)}
    tokens = {
        token.text: token
        for token in query.tokens[len(outline.prologue) :]
        if token.kind in ("iri", "name") and token.offset not in graphs
    }
    plain = {written: _plain(token, query, resolver) for written, token in tokens.items()}
    rest = [token for written, token in tokens.items() if plain[written] is None]
    found = zip((t.text for t in rest), resolver.graphs(rest) if rest else (), strict=False)
    iris = plain | dict(found)
    unknown = (
        (written, iri)
        for written, iri in iris.items()
        if iri and iri.startswith(tuple(ours)) and not terms.has(NamedNode(iri))
    )
    for written, iri in islice(unknown, _MOST_HINTS):
        yield f"nothing here is called {shown(written)}. {_near(terms, written, iri)}".rstrip()


def _plain(token: Token, query: Admitted, resolver: Resolver) -> str | None:
    """The IRI of a token that needs no resolving: it saves the engine's help, half the cost."""
    if "\\" in token.text:
        return None
    if token.kind == "iri":
        iri = token.text[1:-1]
        return iri if iri.startswith(("http://", "https://")) else None
    prefix, _, local = token.text.partition(":")
    if prefix in query.outline.prefixes or prefix not in resolver.prefixes:
        return None
    return resolver.prefixes[prefix] + local


def _near(terms: Terms, written: str, iri: str) -> str:
    """Near names that are really there, in the namespace of an IRI, spelt as it was written.

    None for an address with a query, such as that of a list of links: no thing is called so, and to
    look through all names for each would make every description dear.
    """
    if "?" in iri:
        return ""
    namespace = iri[: max(iri.rfind("/"), iri.rfind("#")) + 1]
    labelled = terms.labelled()
    names = {n.removeprefix(namespace) for n in labelled if n.startswith(namespace)}
    local = iri.removeprefix(namespace)
    before, found, after = written.rpartition(local) if local else ("", "", "")
    if not found:
        return candidates(local, names)
    return candidates(written, (f"{before}{name}{after}" for name in names))
