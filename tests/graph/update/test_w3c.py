"""The W3C's SPARQL 1.1 Update suites, where they lie beside the checkout."""

from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path
from urllib.parse import unquote, urlparse

import pytest
from pyoxigraph import (
    CanonicalizationAlgorithm,
    Dataset,
    Literal,
    NamedNode,
    Quad,
    QuerySolutions,
    RdfFormat,
    Store,
    parse,
)

from graph.delta import apply_delta
from graph.query import QuerySyntaxError, RemoteAccessRefused
from graph.update import Ownership, Update, evaluate_change
from graph.update.plan import plan

SUITES = Path(__file__).resolve().parents[4] / "shared" / "w3c" / "sparql" / "sparql11"
EVALUATION = (
    *("add", "basic-update", "clear", "copy", "delete", "delete-data", "delete-insert"),
    *("delete-where", "drop", "move", "update-silent"),
)
SYNTAX = ("delete", "delete-data", "delete-insert", "syntax-update-1", "syntax-update-2")
PREFIXES = """
    PREFIX mf: <http://www.w3.org/2001/sw/DataAccess/tests/test-manifest#>
    PREFIX ut: <http://www.w3.org/2009/sparql/tests/test-update#>
    PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
"""
#: LOAD is refused, SILENT or not: nothing is fetched.
LOADS = {"update-silent/load-silent", "update-silent/load-into-silent"}
SYNTAX_LOADS = {f"syntax-update-1/test_{number}" for number in (1, 2, 3, 4, 37)}

pytestmark = pytest.mark.skipif(
    not SUITES.is_dir(), reason="the W3C suites are not beside the checkout (../shared/w3c)"
)


@cache
def manifest(folder: str) -> Store:
    file = SUITES / folder / "manifest.ttl"
    store = Store()
    store.load(path=str(file), format=RdfFormat.TURTLE, base_iri=file.as_uri())
    return store


def rows(folder: str, query: str) -> Iterator[list[str]]:
    found = manifest(folder).query(PREFIXES + query)
    assert isinstance(found, QuerySolutions)
    for row in found:
        yield [term.value if isinstance(term, NamedNode | Literal) else "" for term in row]


def listed(folders: Iterable[str], kind: str) -> list[str]:
    """`folder/name` of each test of a kind, whose type ends so."""
    found = []
    for folder in folders:
        if (SUITES / folder).is_dir():
            query = "SELECT ?t ?k { [] mf:entries/rdf:rest*/rdf:first ?t . ?t a ?k }"
            names = (t.rpartition("#")[2] for t, k in rows(folder, query) if k.endswith(kind))
            found += [f"{folder}/{name}" for name in sorted(names)]
    return found


def one(test: str, select: str) -> list[list[str]]:
    """What is found for the test `?t`."""
    folder, name = test.split("/")
    wanted = f'{{ [] mf:entries/rdf:rest*/rdf:first ?t FILTER(STRENDS(STR(?t), "#{name}")) }}'
    return [*rows(folder, f"SELECT ?v ?w {{ {wanted} {select} }}")]


def request(iri: str) -> Update:
    return Update(file(iri).read_text(), base_iri=iri)


def file(iri: str) -> Path:
    return Path(unquote(urlparse(iri).path))


def dataset(test: str, part: str) -> list[Quad]:
    plain = one(test, f"?t {part}/ut:data ?v")
    named = one(test, f"?t {part}/ut:graphData [ ut:graph ?v ; rdfs:label ?w ]")
    found: list[Quad] = []
    for iri, graph in [*plain, *named]:
        name = NamedNode(graph) if graph else None
        data = file(iri).read_bytes()
        read = parse(data, RdfFormat.TURTLE, base_iri=iri, rename_blank_nodes=True)
        found += [Quad(quad.subject, quad.predicate, quad.object, name) for quad in read]
    return found


def filled(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def canonical(quads: Iterable[Quad]) -> Dataset:
    found = Dataset(quads)
    found.canonicalize(CanonicalizationAlgorithm.UNSTABLE)
    return found


def test_updates_do_what_the_suites_expect() -> None:
    names = listed(EVALUATION, "#UpdateEvaluationTest")
    assert len(names) == 94
    wrong, refused = [], set()
    for name in names:
        ((action, _),) = one(name, "?t mf:action/ut:request ?v")
        before = dataset(name, "mf:action")
        mine = Ownership.of({}, strict=True)
        try:
            effect = evaluate_change(filled(before), request(action), mine, {}, merged=False)
        except RemoteAccessRefused:
            refused.add(name)
            continue
        store = filled(before)
        apply_delta(store, effect.delta, merged=False)
        if canonical(store) != canonical(dataset(name, "mf:result")):
            wrong.append(name)
    assert not wrong
    assert refused == LOADS


def test_what_is_no_update_is_refused_with_its_place() -> None:
    names = listed(SYNTAX, "#NegativeSyntaxTest11") + listed(SYNTAX, "#NegativeUpdateSyntaxTest11")
    assert len(names) > 8
    for name in names:
        ((action, _),) = one(name, "?t mf:action ?v")
        with pytest.raises((QuerySyntaxError, RemoteAccessRefused)) as refused:
            plan(request(action), {})
        assert refused.value.line, name


def test_what_is_an_update_is_read() -> None:
    names = listed(SYNTAX, "#PositiveUpdateSyntaxTest11")
    assert len(names) > 40
    refused = set()
    for name in names:
        ((action, _),) = one(name, "?t mf:action ?v")
        try:
            plan(request(action), {})
        except RemoteAccessRefused:
            refused.add(name)
    assert refused == SYNTAX_LOADS
