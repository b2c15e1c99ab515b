"""Whether a database has a name at all, and what it has that is spelt nearly so."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from pyoxigraph import NamedNode

from graph.query.hints import MOST_NAMES
from graph.remote.database import Asked, Database
from graph.remote.results import iris
from graph.remote.wire import Bounds
from ontology.namespaces import RDFS

_ANYWHERE = "ASK { { <%s> ?p ?o } UNION { ?s <%s> ?o } UNION { ?s ?p <%s> } }"
_LABELLED = "SELECT DISTINCT ?s { ?s %s ?label } LIMIT %d"
_MOST_KEPT = 20_000
_MOST_LABELLED = 32 * 1024 * 1024  # bytes


class TermsOfDatabase:
    """The names of one release: what is known of them is kept. It is used from several threads."""

    def __init__(self, database: Database, everything: str, graphs: Iterable[str]) -> None:
        self._database = database
        self._everything = everything
        self._graphs = frozenset(graphs)
        self._known: dict[str, bool] = {}
        self._labelled: list[str] | None = None

    def within(self, left: Callable[[], Bounds]) -> "TermsWithin":
        """The same names, for one request: `left` is what each question may take."""
        return TermsWithin(self, left)

    def has(self, node: NamedNode, bounds: Bounds) -> bool:
        """Whether a statement has it. Raises what `Database.ask` does."""
        iri = node.value
        if iri in self._graphs:
            return True
        if iri not in self._known:
            if len(self._known) >= _MOST_KEPT:
                self._known.clear()
            asked = Asked(_ANYWHERE % (iri, iri, iri), [self._everything])
            self._known[iri] = self._database.ask(asked, bounds)
        return self._known[iri]

    def labelled(self, bounds: Bounds) -> Iterable[str]:
        """The IRIs of things with a label, up to MOST_NAMES. Raises what `Database.rows` does."""
        if self._labelled is None:  # several may ask at first, so that nobody waits for others
            query = _LABELLED % (RDFS.label, MOST_NAMES)
            asked = Asked(query, [self._everything])
            self._labelled, _ = self._database.rows(
                asked, lambda parts: iris(parts, _MOST_LABELLED), bounds
            )
        return self._labelled


@dataclass(frozen=True, slots=True)
class TermsWithin:
    """The names of a release, as long as a request may look for them."""

    terms: TermsOfDatabase
    left: Callable[[], Bounds]

    def has(self, node: NamedNode) -> bool:
        """Whether a statement has it. Raises what `Database.ask` does."""
        return self.terms.has(node, self.left())

    def labelled(self) -> Iterable[str]:
        """The IRIs of things with a label, up to MOST_NAMES. Raises what `Database.rows` does."""
        return self.terms.labelled(self.left())
