"""Direct edges derived from facts by named rules, each with its premises.

A rule is a query in a file of its own here. Its first lines say what it derives:

    # rule: launched-there
    # edge: activeIn
    # evidence: launched          (a concept of the scheme `evidence`; or the query binds ?evidence)
    # Launching something in a place is a tie to that place.

and it selects ?subject, ?object and one or more premises (?premise, ?premise2 …): the facts that
together suffice for the edge. A rule sees what one source claims and what is registered: never two
sources mixed, so no edge stands that neither supports, and never what another rule derives.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from itertools import chain

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, QuerySolutions, Store

from graph.errors import GraphError
from graph.terms import SHARED_GRAPHS, Iris
from ontology.namespaces import DCT, KG, RDF, RDFS
from ontology.vocabulary import contract, expand, prefixes

_HEAD = re.compile(r"# (rule|edge|evidence): (\S+)")


class RuleError(GraphError):
    """A rule file without a name, an edge or an evidence, or whose query selects no premise."""


@dataclass(frozen=True, slots=True)
class Rule:
    """A named rule. `evidence` is a concept slug, None where the query binds ?evidence."""

    name: str
    edge: NamedNode
    evidence: str | None
    comment: str
    query: str


@cache
def rules() -> tuple[Rule, ...]:
    """Every rule, by name."""
    folder = files("graph.rules")
    found = [
        _rule(entry.name, entry.read_text("utf-8"))
        for entry in folder.iterdir()
        if entry.name.endswith(".rq")
    ]
    return tuple(sorted(found, key=lambda rule: rule.name))


def _rule(file: str, text: str) -> Rule:
    head = dict(_HEAD.findall(text))
    lines = [line for line in text.splitlines() if line.startswith("# ")]
    comment = " ".join(line[2:] for line in lines if not _HEAD.match(line))
    if head.get("rule") != file.removesuffix(".rq") or "edge" not in head or not comment:
        raise RuleError(f"graph/rules/{file}: begin with # rule: <file name>, # edge:, and a text")
    if ("evidence" in head) == ("?evidence" in text):
        raise RuleError(f"graph/rules/{file}: name # evidence: or bind ?evidence, not both")
    return Rule(head["rule"], NamedNode(expand(head["edge"])), head.get("evidence"), comment, text)


def derive(quads: Iterable[Quad], iris: Iris) -> Iterator[Quad]:
    """Every derived edge with its derived statements, for each source of the quads by itself."""
    by_graph = defaultdict[NamedNode, list[Quad]](list)
    for quad in quads:
        assert isinstance(quad.graph_name, NamedNode)
        by_graph[quad.graph_name].append(quad)
    shared = [by_graph.pop(iris.graph(name), []) for name in sorted(SHARED_GRAPHS)]
    store = Store()
    store.bulk_extend(Quad(quad.subject, quad.predicate, quad.object) for quad in chain(*shared))
    for source, claimed in by_graph.items() or ((iris.graph("derived"), ()),):
        store.extend(claimed)
        yield from derive_beside(store, source, iris)
        store.remove_graph(source)


def derive_beside(store: Store, source: NamedNode, iris: Iris) -> Iterator[Quad]:
    """The same for the one source in a store: the graph `source` has what it claims, the default
    graph what is registered, and there is nothing else.
    """
    graph = iris.graph("derived")
    for rule in rules():
        node = iris.thing("rule", rule.name)
        yield Quad(node, RDF.type, KG.Rule, graph)
        yield Quad(node, RDFS.label, Literal(rule.name), graph)
        yield Quad(node, RDFS.comment, Literal(rule.comment, language="en"), graph)
        yield Quad(node, KG.derives, rule.edge, graph)
        yield from _apply(rule, node, store, source, iris)


def _apply(
    rule: Rule, node: NamedNode, store: Store, source: NamedNode, iris: Iris
) -> Iterator[Quad]:
    graph = iris.graph("derived")
    solutions = store.query(
        rule.query,
        prefixes={"": iris.base, **prefixes()},
        base_iri=iris.base,
        default_graph=[DefaultGraph(), source],
    )
    assert isinstance(solutions, QuerySolutions)
    names = [variable.value for variable in solutions.variables]
    premise_names = [name for name in names if name.startswith("premise")]
    if not premise_names:
        raise RuleError(f"graph/rules/{rule.name}.rq: select at least ?premise")
    edge_name = contract(rule.edge.value)
    for solution in solutions:
        subject, object_ = solution["subject"], solution["object"]
        premises = sorted({solution[n].value for n in premise_names if solution[n]})
        evidence = solution["evidence"] if rule.evidence is None else None
        kind = evidence or iris.thing("concept", str(rule.evidence))
        assert isinstance(subject, NamedNode)
        assert isinstance(object_, NamedNode)
        assert isinstance(kind, NamedNode)
        parts = (subject.value, edge_name, object_.value, kind.value, *premises)
        derived = iris.statement(rule.name, parts)
        if not _says(
            store, subject, rule.edge, object_
        ):  # what is claimed or registered is not derived a second time
            yield Quad(subject, rule.edge, object_, graph)
        yield Quad(derived, RDF.type, KG.DerivedStatement, graph)
        yield Quad(derived, RDFS.label, Literal(_label(store, subject, rule, object_)), graph)
        yield Quad(derived, RDF.subject, subject, graph)
        yield Quad(derived, RDF.predicate, rule.edge, graph)
        yield Quad(derived, RDF.object, object_, graph)
        yield Quad(derived, KG.rule, node, graph)
        yield Quad(derived, KG.evidence, kind, graph)
        for premise in map(NamedNode, premises):
            yield Quad(derived, KG.premise, premise, graph)
            for quad in store.quads_for_pattern(premise, DCT.source, None):
                yield Quad(derived, DCT.source, quad.object, graph)
            for implied in _implied(store, premise, {subject, object_, kind}):
                yield Quad(derived, KG.impliedProperty, implied, graph)


def _implied(store: Store, premise: NamedNode, ends: set[NamedNode]) -> set[NamedNode]:
    """The properties that lead from a premise to an end or the evidence and are only implied."""
    implied = set()
    for mention in store.quads_for_pattern(premise, KG.mention, None):
        assert isinstance(mention.object, NamedNode)
        for quad in store.quads_for_pattern(mention.object, KG.impliedProperty, None):
            assert isinstance(quad.object, NamedNode)
            if any(_says(store, premise, quad.object, end) for end in ends):
                implied.add(quad.object)
    return implied


def _says(store: Store, subject: NamedNode, predicate: NamedNode, object_: NamedNode) -> bool:
    return next(store.quads_for_pattern(subject, predicate, object_), None) is not None


def _label(store: Store, subject: NamedNode, rule: Rule, object_: NamedNode) -> str:
    return f"{_name(store, subject)}, {_name(store, rule.edge)}, {_name(store, object_)}"


def _name(store: Store, node: NamedNode) -> str:
    found = store.quads_for_pattern(node, RDFS.label, None)
    labels = sorted(quad.object.value for quad in found if isinstance(quad.object, Literal))
    return labels[0] if labels else node.value.rsplit("#")[-1].rsplit("/")[-1]
