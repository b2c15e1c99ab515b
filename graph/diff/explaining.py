"""What explains a computed difference: which of the others it rests on.

A computed node names its premises (`kg:premise`, `kg:about`, `prov:used`, `prov:wasDerivedFrom`),
itself or by the activity that made it; an edge is described by a node. Where no premise differs,
what the premises and the edge name may: a source of another date, a place that lies elsewhere, an
organisation that counts to another group. Trials of forecasts rest on all figures. What is left is
explained by the program.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from graph.diff.causes import Difference, Sides, order_of
from graph.diff.model import Change
from graph.diff.scope import Scope
from graph.diff.statements import About, Statement
from ontology.namespaces import DCT, KG, PROV, RDF

_PREMISES = tuple(term.value for term in (KG.premise, PROV.used, PROV.wasDerivedFrom, KG.about))
_MAKERS = (PROV.wasGeneratedBy.value, PROV.wasInformedBy.value)
_ENDS = (RDF.subject.value, RDF.object.value)
_EDGE = (RDF.subject.value, RDF.predicate.value, RDF.object.value)
_FIGURES = {f"<{term.value}>" for term in (KG.MarketFigure, KG.GrowthRate, KG.MarketShare)}
# What nearly every thing leads to says nothing of why one of them differs.
_SHARED = (RDF.type.value, DCT.type.value, DCT.source.value)


class Explaining:
    """Finds the change that explains a computed difference, among those that are not computed."""

    def __init__(self, scope: Scope, sides: Sides, changes: Sequence[Change]) -> None:
        self._scope = scope
        self._sides = sides
        self._of = _by_node(changes)
        self._figures = [change for change in changes if self._is_of_figures(change)]
        self._described: defaultdict[tuple[str, ...], set[str]] = defaultdict(set)
        for about in (sides.before, sides.after):
            for node, edge in _edges(about):
                self._described[edge].add(node)

    def explain(self, difference: Difference) -> Change | None:
        """The change that it follows from; None where only the program can have changed."""
        nodes = self._nodes(difference)
        premises = self._values(nodes, _PREMISES)
        for things in (
            premises,
            self._values(nodes, _ENDS) | {difference.node} | _things(difference),
            self._values(nodes | premises, (DCT.source.value,)),
            self._next_to(premises),
        ):
            if found := self._first(things):
                return found
        if self._scope.name(difference.graph) == "forecasts" and self._figures:
            return min(self._figures, key=_rank)
        return None

    def superseding(self, difference: Difference) -> Change | None:
        """The change by which what a source says became history, or ceased to be: an edition.

        None where that is not among the changes.
        """
        prefix = f"{self._scope.iris.base}source/"
        sources = self._values(self._nodes(difference), (DCT.source.value,))
        slugs = {source.removeprefix(prefix) for source in sources if source.startswith(prefix)}
        later = {self._scope.replacing(slug) for slug in slugs} - {None}
        return self._first(sorted(f"{prefix}{slug}" for slug in later))

    def _nodes(self, difference: Difference) -> set[str]:
        """The nodes that describe what differs: itself, what made it, and those of an edge."""
        nodes = {difference.node}
        for term in (*difference.before, *difference.after):
            edge = (f"<{difference.node}>", f"<{difference.predicate}>", term)
            nodes |= self._described.get(edge, set())
        return nodes | self._values(nodes, _MAKERS)

    def _values(self, nodes: Iterable[str], predicates: Sequence[str]) -> set[str]:
        return {
            thing
            for about in (self._sides.before, self._sides.after)
            for node in nodes
            for predicate in predicates
            for thing in about.things(node, predicate)
        }

    def _next_to(self, things: Iterable[str]) -> set[str]:
        found = set()
        for about in (self._sides.before, self._sides.after):
            for thing in things:
                for one in about.of(thing):
                    if one.thing and one.predicate not in _SHARED:
                        found.add(one.thing)
        return found

    def _first(self, things: Iterable[str]) -> Change | None:
        found = [change for thing in things for change in self._of.get(thing, ())]
        return min(found, key=_rank, default=None)

    def _is_of_figures(self, change: Change) -> bool:
        nodes = {change.thing, *(one.node for one in change.properties)}
        typed = any(
            one.object in _FIGURES
            for about in (self._sides.before, self._sides.after)
            for node in nodes
            for one in about.values(node, RDF.type.value)
        )
        group = KG.dataGroup.value
        return typed or any(one.property == group for one in change.properties)


def _by_node(changes: Sequence[Change]) -> Mapping[str, list[Change]]:
    found = defaultdict[str, list[Change]](list)
    for change in changes:
        for node in {change.thing, *(one.node for one in change.properties)}:
            found[node].append(change)
    return found


def _edges(about: About) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Every edge that a node describes, as terms."""
    parts = defaultdict[str, dict[str, Statement]](dict)
    for one in about.all():
        if one.predicate in _EDGE:
            parts[one.subject][one.predicate] = one
    for node, found in parts.items():
        if len(found) == len(_EDGE):
            yield node, tuple(found[name].object for name in _EDGE)


def _things(difference: Difference) -> set[str]:
    if difference.predicate in _SHARED:
        return set()
    terms = (*difference.before, *difference.after)
    return {term[1:-1] for term in terms if term.startswith("<")}


def _rank(change: Change) -> tuple[int, str, str]:
    return order_of(change.cause), change.thing, change.graph
