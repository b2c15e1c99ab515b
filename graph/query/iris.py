"""Relative and prefixed IRIs of a query in full, resolved by the engine as it does it itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

from pyoxigraph import NamedNode, QuerySolutions, Store

from graph.query.errors import QuerySyntaxError
from graph.query.tokens import Token

NOT_AN_IRI = "{} is no IRI, or a relative one with no BASE to resolve it"
_AT_ONCE = 100  # many more in one SELECT would be too many for the engine's stack


@dataclass(frozen=True, slots=True)
class Resolver:
    """The declarations of one query: its prologue, and what is declared outside of it."""

    prologue: tuple[Token, ...]
    base_iri: str | None
    prefixes: Mapping[str, str]

    def graphs(self, tokens: Iterable[Token]) -> list[str]:
        """Return the IRI of each token in full.

        Raises QuerySyntaxError for one that is no IRI. If the prologue itself is malformed, there
        are none: the engine will refuse the query.
        """
        if self._resolve([]) is None:
            return []
        remaining = iter(tokens)
        found: list[str] = []
        while batch := list(islice(remaining, _AT_ONCE)):
            iris = self._resolve([token.text for token in batch])
            if iris is None:
                raise self._culprit(batch)
            found += iris
        return found

    def is_iri(self, token: Token) -> bool:
        """Whether the IRI can be resolved, given a prologue that is in order."""
        return self._resolve([token.text]) is not None or self._resolve([]) is None

    def namespaces(self, names: Iterable[str]) -> dict[str, str]:
        """Return the namespace of each prefix that the prologue declares."""
        found = ((name, self._resolve([f"{name}:"])) for name in sorted(names))
        return {name: iris[0] for name, iris in found if iris}

    def _resolve(self, iris: Sequence[str]) -> list[str] | None:
        before = " ".join(token.text for token in self.prologue)
        columns = "".join(f" ({iri} AS ?g{number})" for number, iri in enumerate(iris))
        try:
            found = Store().query(
                f"{before} SELECT (1 AS ?one) {columns} {{}}",
                base_iri=self.base_iri,
                prefixes=dict(self.prefixes),
            )
        except SyntaxError:
            return None
        assert isinstance(found, QuerySolutions)
        return [str(term.value) for term in next(found) if isinstance(term, NamedNode)]

    def _culprit(self, tokens: Sequence[Token]) -> QuerySyntaxError:
        wrong = next((t for t in tokens if self._resolve([t.text]) is None), tokens[0])
        return QuerySyntaxError(wrong.line, wrong.column, NOT_AN_IRI.format(wrong.text))
