"""Every format says what the release says, in the same bytes each time."""

import hashlib
import io
import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import Any

import networkx as nx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from graph.export import lines as lines_module
from graph.export import rdf as rdf_module
from graph.export.errors import NoSuchScope, NotOfThisScope
from graph.export.formats import FORMATS, Format, format_named
from graph.export.lines import triples
from graph.export.model import Scope, silent
from graph.export.results import QueryRefused
from graph.network.exchange import to_networkx
from graph.network.reading import read_network
from graph.network.subgraph import subgraph
from graph.release import DataDirectory, Release, ReleaseDamaged, content_id
from graph.terms import DEFAULT_BASE, Iris
from ontology.namespaces import KG, RDF, RDFS
from tests.examples import examples
from tests.graph.export.conftest import SMALL
from tests.graph.export.reading import merged, read, read_by_rdflib, written

IRIS = Iris()
SOURCE = "towards-latin-america-cell-gene-therapy"
NOVARTIS = IRIS.thing("agent", "novartis").value
QUERY = "CONSTRUCT { ?s a ?c ; rdfs:label ?l } WHERE { ?s a ?c ; rdfs:label ?l } LIMIT 500"
DATASETS = [f for f in FORMATS if f.kind == "dataset"]
GRAPHS = [f for f in FORMATS if f.kind == "graph"]
NETWORKS = [f for f in FORMATS if f.kind == "network"]
SCOPES = (
    Scope(),
    Scope("source", SMALL),
    Scope("graph", "derived"),
    Scope("entity", NOVARTIS, 1),
    Scope("query", "CONSTRUCT WHERE { ?s a kg:Organisation ; rdfs:label ?l }"),
)


def named(name: str) -> Format:
    found = format_named(name)
    assert found is not None
    return found


@cache
def statements(release: Release) -> tuple[Quad, ...]:
    """What the file of a release says."""
    return tuple(release.quads())


@cache
def said(release: Release, scope: Scope) -> frozenset[Quad]:
    """What N-Quads say of a scope."""
    return frozenset(merged(read(written(release, named("nquads"), scope), "nquads")))


def ids(value: Format | Scope) -> str:
    return value.name if isinstance(value, Format) else value.what


@pytest.mark.parametrize("format_", DATASETS, ids=ids)
def test_what_is_imported_again_has_the_same_id(shipped: Release, format_: Format) -> None:
    body = written(shipped, format_, Scope())
    assert content_id(read(body, format_.name))[0] == shipped.id


@pytest.mark.parametrize("format_", DATASETS, ids=ids)
def test_what_rdflib_imports_has_the_same_statements(shipped: Release, format_: Format) -> None:
    scope = Scope("source", SMALL)
    body = written(shipped, format_, scope)
    graph = IRIS.graph(SMALL)
    quads = [quad for quad in statements(shipped) if quad.graph_name == graph]
    assert len(quads) > 30
    assert content_id(read_by_rdflib(body, format_.name)) == content_id(quads)


def test_the_bytes_of_a_release_as_nquads_have_its_id(shipped: Release) -> None:
    assert hashlib.sha256(written(shipped, named("nquads"), Scope())).hexdigest() == shipped.id


@pytest.mark.parametrize("format_", GRAPHS, ids=ids)
def test_a_graph_is_the_merge(shipped: Release, format_: Format) -> None:
    found = read(written(shipped, format_, Scope()), format_.name)
    assert len(found) == len(set(found)) == shipped.manifest["counts"]["triples"]
    assert set(found) == merged(list(statements(shipped)))


@pytest.mark.parametrize("format_", GRAPHS, ids=ids)
def test_rdflib_reads_the_same_graph(shipped: Release, format_: Format) -> None:
    body = written(shipped, format_, Scope("source", SMALL))
    expected = merged([q for q in statements(shipped) if q.graph_name == IRIS.graph(SMALL)])
    assert merged(read_by_rdflib(body, format_.name)) == expected


@pytest.mark.parametrize("format_", [*DATASETS, *GRAPHS], ids=ids)
@pytest.mark.parametrize("scope", SCOPES[1:], ids=ids)
def test_all_formats_of_a_part_say_the_same(
    shipped: Release, small: Release, scope: Scope, format_: Format
) -> None:
    release = small if scope.what == "query" else shipped  # a query takes a store in memory
    found = merged(read(written(release, format_, scope), format_.name))
    assert len(found) > 20
    assert found == said(release, scope)


def test_a_source_is_its_graph_and_so_named(shipped: Release) -> None:
    for format_ in DATASETS:
        found = read(written(shipped, format_, Scope("source", SOURCE)), format_.name)
        assert {quad.graph_name for quad in found} == {IRIS.graph(SOURCE)}
        assert len(found) == shipped.manifest["counts"]["graphs"][IRIS.graph(SOURCE).value]


def test_a_graph_may_be_named_by_its_iri(shipped: Release) -> None:
    by_name = written(shipped, named("nquads"), Scope("graph", "derived"))
    assert by_name
    assert written(shipped, named("nquads"), Scope("graph", IRIS.graph("derived").value)) == by_name


def test_a_neighbourhood_has_what_is_said_of_each_thing_in_it(shipped: Release) -> None:
    found = set(read(written(shipped, named("nquads"), Scope("entity", NOVARTIS, 1)), "nquads"))
    network = read_network(shipped)
    around = subgraph(network, {"node": NOVARTIS, "hops": 1, "most": 5000})
    near = {node["id"] for node in around["nodes"]}
    assert len(near) > 10
    expected = {
        quad
        for quad in statements(shipped)
        if isinstance(quad.subject, NamedNode) and quad.subject.value.partition("#")[0] in near
    }
    assert expected <= found
    labels = found - expected
    pointed = {quad.object for quad in expected}
    assert labels
    assert all(q.predicate == RDFS.label and q.subject in pointed for q in labels)


def test_no_hops_are_the_thing_itself(shipped: Release) -> None:
    part = json.loads(written(shipped, named("node-link"), Scope("entity", NOVARTIS, 0)))
    assert [node["id"] for node in part["nodes"]] == [NOVARTIS]
    assert all(edge["source"] == edge["target"] for edge in part["edges"])


@pytest.mark.parametrize("hops", [1, 2])
def test_a_network_around_a_thing_is_that_of_the_service(shipped: Release, hops: int) -> None:
    scope = Scope("entity", NOVARTIS, hops)
    whole = subgraph(read_network(shipped), {"node": NOVARTIS, "hops": hops, "most": 5000})
    assert (whole["graph"]["nodes_left_out"], whole["graph"]["edges_left_out"]) == (0, 0)
    expected = to_networkx(whole)
    node_link = json.loads(written(shipped, named("node-link"), scope))
    found: Any = nx.node_link_graph(node_link, edges="edges")
    assert found.nodes(data=True) == expected.nodes(data=True)
    assert set(found.edges(keys=True)) == set(expected.edges(keys=True))
    graphml: Any = nx.read_graphml(io.BytesIO(written(shipped, named("graphml"), scope)))
    nodes: Any = expected.nodes(data=True)
    assert dict(graphml.nodes(data=True)) == dict(nodes)
    assert sorted((a, b, d["kind"]) for a, b, d in graphml.edges(data=True)) == sorted(
        expected.edges(keys=True)
    )
    assert graphml.graph["release"] == shipped.id


def test_a_network_of_a_source_has_the_labels_of_the_registers(shipped: Release) -> None:
    part = json.loads(written(shipped, named("node-link"), Scope("source", SOURCE)))
    labels = {node["id"]: node["label"] for node in part["nodes"]}
    assert labels[NOVARTIS] == "Novartis"
    assert len(part["edges"]) > 500


@pytest.mark.parametrize("scope", SCOPES, ids=ids)
def test_progress_ends_with_all_of_it(small: Release, scope: Scope) -> None:
    if scope.what == "graph":
        scope = Scope("graph", "reference")  # that of what is derived is not in this one
    told: list[tuple[int, int]] = []
    named("turtle").write(
        small, scope, io.BytesIO(), lambda done, total: told.append((done, total))
    )
    if scope.what != "query":
        assert told == sorted(told)
        assert told[-1][0] == told[-1][1] == small.manifest["bytes"]


def test_small_blocks_and_files_change_nothing(
    small: Release, monkeypatch: pytest.MonkeyPatch
) -> None:
    scope = Scope("graph", "reference")
    formats = (*DATASETS, *GRAPHS, *NETWORKS)
    before = [written(small, format_, scope) for format_ in formats]
    monkeypatch.setattr(lines_module, "_BLOCK", 777)
    monkeypatch.setattr(rdf_module, "_HELD", 5000)
    assert [written(small, format_, scope) for format_ in formats] == before


_PROGRAM = """
import hashlib, io, sys
from pathlib import Path
from graph.export.formats import FORMATS
from graph.export.model import Scope, silent
from graph.release import DataDirectory
release = DataDirectory(Path(sys.argv[1])).current()
digest = hashlib.sha256()
for format_ in FORMATS:
    for scope in (Scope("source", sys.argv[2]), Scope("entity", sys.argv[3], 1),
                  Scope("query", sys.argv[4])):
        if scope.what in format_.scopes:
            file = io.BytesIO()
            format_.write(release, scope, file, silent)
            if format_.kind != "table":
                digest.update(file.getvalue())
print(digest.hexdigest())
"""


@pytest.mark.parametrize("of", ["small", pytest.param("shipped", marks=pytest.mark.exhaustive)])
def test_the_bytes_do_not_depend_on_the_hash_seed(of: str, request: pytest.FixtureRequest) -> None:
    release: Release = request.getfixturevalue(of)
    found = set()
    for seed in ("0", "1", "4242"):
        done = subprocess.run(
            [
                sys.executable,
                "-c",
                _PROGRAM,
                *(str(release.path.parents[1]), SMALL, NOVARTIS, QUERY),
            ],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        found.add(done.stdout)
    assert len(found) == 1


@pytest.mark.parametrize(
    ("scope", "near"),
    [
        (Scope("source", SMALL[:-1]), SMALL),
        (Scope("source", "reference"), "There "),
        (Scope("graph", "referenc"), "reference"),
        (Scope("graph", 'x> <y" \n'), "There are "),
        (Scope("entity", IRIS.thing("agent", "nobody").value), "Give the IRI"),
        (Scope("entity", "'\"><script>\x00\n"), "Give the IRI"),
    ],
)
def test_what_is_not_there_is_refused_with_near_names(
    small: Release, scope: Scope, near: str
) -> None:
    for format_ in (named("nquads"), named("trig"), named("rdfxml"), named("graphml")):
        with pytest.raises(NoSuchScope, match=near) as told:
            written(small, format_, scope)
        assert "\n" not in str(told.value)
        assert "\x00" not in str(told.value)


@pytest.mark.parametrize("hops", [-1, 4])
def test_hops_have_a_limit(shipped: Release, hops: int) -> None:
    with pytest.raises(NotOfThisScope, match="0 to 3"):
        written(shipped, named("turtle"), Scope("entity", NOVARTIS, hops))


@pytest.mark.parametrize(
    "query",
    [
        "CONSTRUCT WHERE { SERVICE <http://127.0.0.1:9/> { ?s ?p ?o } }",
        "INSERT DATA { <a:a> <a:a> <a:a> }",
        "LOAD <file:///etc/passwd>",
        "CONSTRUCT { ?s ?p",
        "CONSTRUCT { ?s ?p ?o } FROM <file:///etc/passwd> WHERE { ?s ?p ?o " + "{" * 20_000,
    ],
)
def test_a_query_is_admitted_as_any_other(small: Release, query: str) -> None:
    for format_ in (named("nquads"), named("node-link")):
        with pytest.raises(QueryRefused) as refused:
            written(small, format_, Scope("query", query))
        assert refused.value.query == query


def test_rows_are_no_graph(small: Release) -> None:
    for query in ("SELECT * { ?s ?p ?o } LIMIT 1", "ASK {}"):
        with pytest.raises(NotOfThisScope, match="CONSTRUCT"):
            written(small, named("turtle"), Scope("query", query))


def test_a_damaged_release_is_not_exported(small: Release, tmp_path: Path) -> None:
    data = DataDirectory(tmp_path)
    release = data.publish(small.quads(), small.details)
    body = release.nquads.read_bytes()
    release.nquads.write_bytes(body.replace(b"Novartis", b"Novartiz", 1))
    for format_ in (named("nquads"), named("turtle"), named("trig")):
        with pytest.raises(ReleaseDamaged):
            written(release, format_, Scope())


_TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
_IRI = st.sampled_from(["a:a", "a:a#b", "http://x/a<", "http://x/é", f"{DEFAULT_BASE}id/agent/a"])
_NODE = _IRI.map(lambda iri: NamedNode(iri.rstrip("<")))
_OBJECT = (
    _NODE
    | _TEXT.map(Literal)
    | st.sampled_from([Literal("a", language="en"), Literal("> <a:a> ."), Literal('" <a:a> .')])
)
_QUAD = st.builds(Quad, _NODE, st.sampled_from([KG.about, RDF.type, RDFS.label]), _OBJECT, _NODE)


@settings(max_examples=examples(60), suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(_QUAD, max_size=12))
def test_any_statements_survive(
    tmp_path_factory: pytest.TempPathFactory, quads: list[Quad]
) -> None:
    data = DataDirectory(tmp_path_factory.mktemp("any"))
    release = data.publish(quads, {"base": DEFAULT_BASE})
    for format_ in (*DATASETS, *GRAPHS):
        try:
            body = written(release, format_, Scope())
        except NotOfThisScope:
            assert format_.name == "rdfxml"
            continue
        found = read(body, format_.name)
        if format_.kind == "dataset":
            assert content_id(found)[0] == release.id
        else:
            assert len(found) == release.manifest["counts"]["triples"]
            assert merged(found) == merged(list(release.quads()))
    for format_ in NETWORKS:
        format_.write(release, Scope(), io.BytesIO(), silent)


def test_neighbours_are_merged_across_blocks() -> None:
    lists = [[b"<a:a> <a:b> <a:c> <g:1> ."], [b"<a:a> <a:b> <a:c> <g:2> ."]]
    assert list(triples(lists)) == [[b"<a:a> <a:b> <a:c> ."], []]
