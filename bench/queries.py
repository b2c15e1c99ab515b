"""How long a build and a start take, and our queries beside rdflib's, the same answers checked."""

import json
import subprocess
import sys
from pathlib import Path

from rdflib import Graph
from rich.table import Table

from bench.measure import console, machine, median_ms, shipped
from graph.build import build
from graph.query import EmbeddedEngine, Formats, Request
from graph.release import DataDirectory, Release
from ontology.vocabulary import prefixes

QUERIES = {
    "point: the label of one thing": (
        "SELECT ?l { <https://w3id.org/therascape/id/agent/iovance-biotherapeutics> rdfs:label ?l }"
    ),
    "join: players by place, with section": (
        "SELECT ?o ?p ?s { ?d rdf:predicate kg:activeIn ; rdf:subject ?o ; rdf:object ?p ;"
        " kg:premise ?f . ?f kg:statedIn ?s }"
    ),
    "aggregate: facts by class": (
        "SELECT ?c (COUNT(DISTINCT ?f) AS ?n) { ?f a ?c ; kg:mention ?m } GROUP BY ?c"
    ),
    "path: players in a region, rolled up": (
        "SELECT DISTINCT ?o ?r { ?o kg:activeIn/kg:placeWithin* ?r }"
    ),
}


def start(data: Path) -> None:
    """One whole command: start, open the release, answer, end."""
    command = [sys.executable, "-m", "service", "query", "--data", str(data), "ASK {}"]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    if done.stdout.strip() != "true":
        raise SystemExit(f"therascape query answered {done.stdout!r}")


def query_table(release: Release) -> Table:
    """Each query on our engine and on rdflib, the same answers checked first."""
    engine = EmbeddedEngine.over(release)
    graph = Graph()
    lines = release.nquads.read_text("utf-8").split("\n")[:-1]
    triples = (line.rsplit(" ", 2)[0] for line in lines)  # without their graphs: the merge
    graph.parse(data="".join(f"{triple} .\n" for triple in triples), format="nt")
    table = Table("query", "rows", "Therascape, ms", "rdflib, ms", "rdflib / Therascape")
    for name, query in QUERIES.items():
        request = Request(query, Formats("application/sparql-results+json", None))
        rows = len(json.loads(engine.evaluate(request).body)["results"]["bindings"])
        theirs = list(graph.query(query, initNs=prefixes()))
        if rows != len(theirs):
            raise SystemExit(f"{name}: {rows} rows here and {len(theirs)} from rdflib")
        ours_ms = median_ms(lambda request=request: engine.evaluate(request))  # type: ignore[misc]
        peer_ms = median_ms(lambda query=query: list(graph.query(query, initNs=prefixes())))  # type: ignore[misc]
        table.add_row(
            name, str(rows), f"{ours_ms:.2f}", f"{peer_ms:.2f}", f"{peer_ms / ours_ms:.0f}"
        )
    return table


def run() -> None:
    """Print the figures."""
    machine()
    with shipped() as (data, release):
        console.print(
            f"build of the shipped seeds: {median_ms(lambda: build(DataDirectory(data))):.0f} ms"
        )
        console.print(f"therascape query, start to end: {median_ms(lambda: start(data)):.0f} ms")
        console.print(query_table(release))
