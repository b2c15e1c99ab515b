"""SHACL over the statements, each result led back to the row that made it.

Each source is validated by itself beside the shared registers: two sources may tell one event
differently, and no shape may forbid that.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.resources import files
from typing import Any

import pyshacl
from pyoxigraph import Quad, RdfFormat, Store, Triple, serialize
from rdflib import SH, Graph, URIRef
from rdflib.term import Node

from graph.conforming import Conforming
from graph.problems import Problem
from graph.sources.landscape import Landscape, Source
from graph.sources.manifest import FILE
from graph.sources.records import Record
from graph.terms import DEFAULT_BASE, Iris
from ontology.namespaces import KG, RDF

_SOURCE_SHAPES = ("shapes.ttl", "shapes-tables.ttl")
_DERIVED_SHAPES = ("shapes-derived.ttl",)
_ONTOLOGY = "therascape.ttl"
_COMPUTED = ("derived", "audit")
#: What decides a verdict besides statements and shapes: a part of what it is kept under.
_OPTIONS: Mapping[str, Any] = {"inference": "none", "meta_shacl": False}
_PREMISE = URIRef(KG.premise.value)
#: The row behind an IRI; behind that of a report stands its source.toml.
Rows = Mapping[str, Record | Source]


def violations(landscape: Landscape, quads: Iterable[Quad], iris: Iris) -> Iterator[Problem]:
    """Every SHACL violation as a problem at a row."""
    store = Store()
    store.bulk_extend(quads)
    sources = {source.slug: source for source in landscape.sources}
    registered = _register_rows(landscape, iris)

    def rows(slugs: Iterable[str]) -> Rows:
        found = dict(registered)
        for slug in slugs:
            found |= _source_rows(sources[slug], iris)
        return found

    return misfits(store, sources, iris, rows)


def misfits(
    store: Store,
    slugs: Iterable[str],
    iris: Iris,
    rows: Callable[[Iterable[str]], Rows] = lambda _: {},
    progress: Callable[[int, int], None] = lambda *_: None,
) -> Iterator[Problem]:
    """Every SHACL violation in the graphs of some sources, and in what is registered, doubted and
    computed; a problem at one of the `rows` of the sources that it may come from, or at its node.

    `progress` is told of how many statements the verdict is known, and of how many it will be.
    """
    slugs = [*slugs]
    done, total = 0, len(store)
    reference, quality = _triples(store, iris, "reference"), _triples(store, iris, "quality")
    found: set[Problem] = set()
    for together in _looked_at_together(store, slugs, iris):
        own = b"".join(_triples(store, iris, slug) for slug in together)
        found.update(_report(reference + own, _SOURCE_SHAPES, iris, rows(together)))
        done += own.count(b"\n")
        progress(done, total)
    of_all = rows(slugs)
    found.update(_report(reference + quality, _SOURCE_SHAPES, iris, of_all))
    progress(done + (reference + quality).count(b"\n"), total)
    # Of what an edge or a finding rests on, its shape asks for the class alone.
    computed = b"".join(_triples(store, iris, name) for name in _COMPUTED)
    found.update(_report(computed + _classes(store, iris), _DERIVED_SHAPES, iris, of_all))
    yield from sorted(found, key=str)


def _looked_at_together(store: Store, slugs: Iterable[str], iris: Iris) -> list[list[str]]:
    """Sources that may tell one thing differently, each alone; all others at once.

    An event or a segment may be told by several sources, and no shape may forbid that they differ.
    A page of figures tells none: looking at each alone would only look at the registers each time.
    """
    alone: list[list[str]] = []
    others: list[str] = []
    for slug in slugs:
        told = store.quads_for_pattern(None, KG.states, None, iris.graph(slug))
        if next(told, None) is not None:
            alone.append([slug])
        else:
            others.append(slug)
    return [*alone, others] if others else alone


@cache
def _text(name: str, base: str) -> str:
    """A file of the ontology; the code lists that it names follow the base of the deployment."""
    text = (files("ontology") / name).read_text("utf-8")
    return text.replace(f"{DEFAULT_BASE}id/", f"{base}id/")


@cache
def _graph(names: tuple[str, ...], base: str) -> Graph:
    graph = Graph()
    for name in names:
        graph.parse(data=_text(name, base), format="turtle")
    return graph


def _triples(store: Store, iris: Iris, name: str) -> bytes:
    dumped = store.dump(format=RdfFormat.N_TRIPLES, from_graph=iris.graph(name))
    assert dumped is not None
    return dumped


def _classes(store: Store, iris: Iris) -> bytes:
    """The classes of everything but forecasts, on which nothing rests."""
    typed = store.quads_for_pattern(None, RDF.type, None, None)
    left_out = iris.graph("forecasts")
    triples = (
        Triple(quad.subject, quad.predicate, quad.object)
        for quad in typed
        if quad.graph_name != left_out
    )
    return serialize(triples, format=RdfFormat.N_TRIPLES) or b""


def _report(triples: bytes, shapes: tuple[str, ...], iris: Iris, rows: Rows) -> Iterator[Problem]:
    known = Conforming()
    texts = (_text(name, iris.base) for name in (*shapes, _ONTOLOGY))
    digest = known.digest(triples, *texts, repr(_OPTIONS))
    if digest in known:
        return
    data = Graph()
    data.parse(data=triples, format="nt")
    conforms, results, _ = pyshacl.validate(
        data,
        shacl_graph=_graph(shapes, iris.base),
        ont_graph=_graph((_ONTOLOGY,), iris.base),
        inplace=True,  # the graph is ours: no copy of it
        **_OPTIONS,
    )
    if conforms:
        known.add(digest)
        return
    assert isinstance(results, Graph)
    for result in results.objects(None, SH.result):  # not their details, which are results too
        yield _problem(results, result, data, rows)


def _problem(results: Graph, result: Node, data: Graph, rows: Rows) -> Problem:
    focus = results.value(result, SH.focusNode)
    value = results.value(result, SH.value)
    path = results.value(result, SH.resultPath)
    remedy = " ".join(sorted(str(text) for text in results.objects(result, SH.resultMessage)))
    message = f"{focus} does not fit its shape" + (f": {value}" if value is not None else "")
    premises = sorted(map(str, data.objects(focus, _PREMISE)))
    for node in (str(focus), str(focus).split("#", maxsplit=1)[0], *premises):
        match rows.get(node):
            case Record() as record:
                return record.problem(_column(record, path), message, remedy)
            case Source() as source:
                return Problem(f"{source.name}/{FILE}", None, _local(path), message, remedy)
    return Problem("graph", None, _local(path), message, remedy)


def _column(record: Record, path: Node | None) -> str | None:
    """The column that states the property, else the property's own name."""
    for column in record.table.columns.values():
        if column.predicate == str(path):
            return column.name
    return _local(path)


def _local(path: Node | None) -> str | None:
    return str(path).rsplit("#", 1)[-1].rsplit("/", 1)[-1] if isinstance(path, URIRef) else None


def _register_rows(landscape: Landscape, iris: Iris) -> dict[str, Record | Source]:
    return {
        iris.thing(record.table.kind, record.key).value: record
        for record in landscape.registers
        if record.table.role == "register"
    }


def _source_rows(source: Source, iris: Iris) -> dict[str, Record | Source]:
    """The row behind each IRI of a source: claims, further mentions, things, sections."""
    rows: dict[str, Record | Source] = {iris.source(source.slug).value: source}
    for record in source.records:
        if record.id:
            rows[iris.thing("claim", record.id).value] = record
        if record.table.role == "register":
            rows[iris.section(source.slug, record.key).value] = record
        elif record.subject.kind != "claim":
            rows[iris.thing(record.subject.kind, record.subject.slug).value] = record
    for claim, mentions in source.further_mentions().items():
        rows |= {iris.mention(claim, n).value: row for n, row in enumerate(mentions, 2)}
    return rows
